"""A new desk is set up from a file: an identity and everything its unit has, under a passcode that travels apart."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from desktop_app.shared.clock import Clock
from desktop_app.shared.errors import AppError, CorruptError
from desktop_app.store.database import Database
from desktop_app.store.keys import SecretStore
from desktop_app.sync import diary, enrol, rebase, state, stick
from desktop_app.sync.alone import alone
from desktop_app.sync.carried import Import, Tell
from desktop_app.sync.diary import SyncReport
from desktop_app.sync.sealing import CRYPTO
from desktop_app.sync.trust import pinned_to
from desktop_app.sync.wire import CODEC
from sync_protocol import bundle, codec
from sync_protocol.bundle import Answer, Way
from sync_protocol.enrolment import Identity, tidy_code
from sync_protocol.shapes import BadMessage, member, words

DAY_MS: Final = 86_400_000
UNTOUCHED: Final = "没有新建数据。"


@dataclass(frozen=True, slots=True)
class Starter:
    """What a starter says; `key` is the identity's private key, `url` may be empty."""

    identity: Identity
    key: bytes
    url: str
    fingerprint: str
    pages: list[Answer]

    @property
    def code(self) -> str:
        """The 12-digit area code of the unit; that of a street or district ends in zeros."""
        return str(self.identity.scope).ljust(12, "0")


def read(path: Path, passcode: str, clock: Clock) -> Starter:
    """Opens a starter; AppError in words if it is none, too old, damaged, or the passcode is another one's."""
    data, tidy = stick.read(path), tidy_code(passcode)
    try:
        header, _ = bundle.read_header(data)
    except codec.Unreadable as error:
        raise CorruptError(
            f"“{path.name}”不是启动文件，或没有拷贝完整。{UNTOUCHED}", next_step="请核对文件，或重新拷贝。"
        ) from error
    if header.way is not Way.STARTER:
        raise AppError(f"“{path.name}”不是启动文件。{UNTOUCHED}", next_step="请向管理员要这台电脑的启动文件。")
    if clock.ms() > header.made_at + bundle.STARTER_DAYS * DAY_MS:
        raise AppError(
            f"“{path.name}”已经过了 {bundle.STARTER_DAYS} 天的有效期。{UNTOUCHED}",
            next_step="请核对这台电脑的日期；日期没错，请向管理员要一个新的。",
        )
    if len(tidy) != bundle.PASSCODE_LENGTH:
        raise AppError(
            f"启动口令应是 {bundle.PASSCODE_LENGTH} 位字母和数字。{UNTOUCHED}",
            field="passcode",
            next_step="请重新输入。",
        )
    try:
        key = bundle.passcode_key(Argon2id, tidy, header.salt)
        return _understood(bundle.unpack_answers(bundle.unlock(CRYPTO, data, key)))
    except (codec.Unreadable, BadMessage) as error:
        raise AppError(
            f"启动口令不对，或“{path.name}”已损坏。{UNTOUCHED}",
            field="passcode",
            next_step="请核对口令；仍不行请重新拷贝文件。",
        ) from error


def _understood(answers: list[Answer]) -> Starter:
    if not answers:
        raise codec.Unreadable("nothing in it")
    try:
        told: Any = CODEC.loads(answers[0].body)
        key = bytes.fromhex(words(member(told, "key"), 64))
    except ValueError as error:
        raise codec.Unreadable("no identity") from error
    url, fingerprint = words(member(told, "url"), 400), words(member(told, "fingerprint"), 200)
    return Starter(Identity.from_wire(member(told, "identity")), key, url, fingerprint, answers[1:])


def apply(
    db: Database, secrets: SecretStore, told: Starter, *, progress: Tell = lambda _done, _total: None
) -> SyncReport:
    """Makes a fresh store that of a desk of the unit, with everything the unit had when the file was made.

    The server knows the key in the file, so the desk takes another one at its first contact.
    """
    trust = pinned_to(None, told.fingerprint)
    with alone(db):
        enrol.keep_key(secrets, told.identity, told.key)
        with db.applying("启动文件") as tx:
            rebase.rekey(tx, told.identity)
            state.save(tx, scope=told.identity.scope, server_url=told.url, trust=trust.to_store())
            tx.set_setting(rebase.RENEW, "1")
        work = Import(db, secrets, progress)
        work.sure = True  # nothing is here yet that could be deleted by mistake
        started = time.monotonic()
        work.take(told.pages)
        diary.note_success(db, work.report, started, "stick")
        return work.report
