"""What not even the opened store shows: content under a key of its own, which lies with the secrets of few desks.

The key is random.  It travels between desks wrapped with a passphrase (Argon2id, RFC 9106; AES-256-GCM) in an ordinary
record, so that the server and whoever reads the file with SQL have ciphertext alone.  Whom a record is about is an
HMAC: nobody can try residents against it without the key.  Without passphrase and desk the content is lost for good.
"""

import base64
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs, reads
from desktop_app.privacy.model import SealedRecord, SealKey
from desktop_app.residents.merging import entries
from desktop_app.shared.errors import AppError, CorruptError, LockedError
from desktop_app.shared.ids import new_id
from desktop_app.store import keys
from desktop_app.store.database import Database, Transaction
from desktop_app.store.keys import SecretStore

LEAST: Final = 12
"""Characters a passphrase has at least (choice): it protects against whoever has the server's copy, with time."""
_NONCE: Final = 12


# ------------------------------------------------------------------------------------------------------------- the key


@needs("privacy.erase")
def set_passphrase(db: Database, actor: Actor, secrets: SecretStore, passphrase: str) -> SealKey:
    """Makes the key of sealed records of this community, once; every desk gets it with this passphrase."""
    if current(db) is not None:
        raise AppError(
            "密封口令已经设过，没有再设。",
            field="passphrase",
            next_step="在这台电脑上使用请先解锁：linli sealed unlock。",
        )
    made, key = _wrapped(db, actor, _strong(passphrase))
    with db.transaction(actor, "设定密封口令") as tx:
        tx.add(made)
    secrets.put(_name(made.id), key)
    return made


@needs("privacy.erase")
def change_passphrase(db: Database, actor: Actor, secrets: SecretStore, passphrase: str) -> SealKey:
    """Wraps the key with another passphrase; at a desk that has the key, so that a forgotten one can be replaced too.

    The key stays the same: what is sealed opens as before, and so does a copy somebody kept of the old wrapping.
    """
    held = current(db)
    if held is None:
        raise AppError("本社区还没有设定密封口令。", next_step="请先设定：linli sealed set-passphrase。")
    kdf, wrapped = _wrap(key_of(secrets, held.id), held.id, _strong(passphrase))
    with db.transaction(actor, "更换密封口令") as tx:
        return tx.change(SealKey, held.id, kdf=kdf, wrapped=wrapped)


def _wrapped(db: Database, actor: Actor, passphrase: str) -> tuple[SealKey, bytes]:
    key, id_ = os.urandom(32), new_id()
    kdf, wrapped = _wrap(key, id_, passphrase)
    return SealKey(id=id_, kdf=kdf, wrapped=wrapped, made_at=db.clock.ms(), made_name=actor.name), key


def _wrap(key: bytes, id_: str, passphrase: str) -> tuple[str, str]:
    """How the wrapping key is made, and the wrapped key, as their columns keep them."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE)
    kdf = {"kdf": "argon2id", **keys.ARGON2, "salt": base64.b64encode(os.urandom(16)).decode()}
    sealed = nonce + AESGCM(keys.derive(passphrase, kdf)).encrypt(nonce, key, id_.encode())
    return json.dumps(kdf), base64.b64encode(sealed).decode()


def _strong(passphrase: str) -> str:
    if len(passphrase) < LEAST:
        raise AppError(
            f"密封口令至少要 {LEAST} 个字，什么也没有改。", field="passphrase", next_step="请换一个长一些的口令。"
        )
    return passphrase


@needs("restricted.read")
def unlock(db: Database, actor: Actor, secrets: SecretStore, passphrase: str) -> SealKey:
    """Brings the key of a passphrase to this desk; LockedError for one that opens none.

    Where two desks set a passphrase apart there are two keys: each is brought with its own passphrase.
    """
    if current(db) is None:
        raise AppError("本社区还没有设定密封口令。", next_step="请由书记设定：linli sealed set-passphrase。")
    opened = [(one, key) for one in missing(db, secrets) or _all(db) if (key := _unwrapped(one, passphrase))]
    if not opened:
        raise LockedError("密封口令不对，没有解锁。", field="passphrase", next_step="请向设定口令的人核对。")
    for one, key in opened:
        secrets.put(_name(one.id), key)
    with db.transaction(actor, "在本机解锁密封记录") as tx:
        tx.keep()
    return opened[0][0]


def _unwrapped(held: SealKey, passphrase: str) -> bytes:
    """The key; empty for a wrong passphrase."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    blob = base64.b64decode(held.wrapped)
    try:
        kek = keys.derive(passphrase, json.loads(held.kdf))
        return AESGCM(kek).decrypt(blob[:_NONCE], blob[_NONCE:], held.id.encode())
    except InvalidTag:
        return b""


def _all(db: Database) -> list[SealKey]:
    ids = db.rows("SELECT id FROM seal_key WHERE sync_del=0 ORDER BY id")
    return [held for (id_,) in ids if (held := db.get(SealKey, id_))]


def missing(db: Database, secrets: SecretStore) -> list[SealKey]:
    """Keys of this community that this desk does not have: what they seal it can carry, and neither find nor open."""
    return [held for held in _all(db) if secrets.get(_name(held.id)) is None]


def current(db: Database) -> SealKey | None:
    """The key new records are sealed with: of two that desks made apart, the first."""
    id_ = db.scalar("SELECT id FROM seal_key WHERE sync_del=0 ORDER BY id LIMIT 1")
    return db.get(SealKey, id_)


def is_unlocked(db: Database, secrets: SecretStore) -> bool:
    """Whether this desk has the key."""
    found = current(db)
    return found is not None and secrets.get(_name(found.id)) is not None


def key_of(secrets: SecretStore, key_id: str | None) -> bytes:
    """The key of that name.  LockedError where this desk does not have it."""
    found = secrets.get(_name(key_id)) if key_id else None
    if found is None:
        raise LockedError(
            "这台电脑没有密封记录的密钥，什么也没有做。",
            next_step="还没有设定的请先设定密封口令；设过的请用口令解锁：“个人信息”的“密封”，或 linli sealed unlock。",
        )
    return found


def _name(key_id: str) -> str:
    return f"seal-{key_id}"


# ------------------------------------------------------------------------------------------------------------- records


@dataclass(frozen=True, slots=True)
class SealedLine:
    """A sealed record from outside: nobody can tell whose it is; `at` in UTC ms."""

    id: str
    kind: str
    at: int
    by_name: str
    keep_until: str


@reads("privacy.read")
def records(db: Database) -> list[SealedLine]:
    """Every sealed record from outside, the newest first."""
    sql = "SELECT id,kind,at,by_name,coalesce(keep_until,'') FROM sealed_record WHERE sync_del=0 ORDER BY at DESC,id"
    return [SealedLine(*row) for row in db.rows(sql)]


def mark(key: bytes, subject: str) -> str:
    """What stands for a person in the file: nobody without the key can tell whom, or whether two are one."""
    return hmac.digest(_derived(key, "subject"), subject.encode(), "sha256").hex()


def seal(
    tx: Transaction, secrets: SecretStore, kind: str, subject: str, content: Mapping[str, Any], **more: Any
) -> SealedRecord:
    """Keeps something under seal, within the transaction of an action."""
    held = current(tx.db)
    key = key_of(secrets, held.id if held else None)
    id_ = new_id()
    return tx.add(
        SealedRecord(
            id=id_,
            kind=kind,
            subject=mark(key, subject),
            key_id=held.id if held else "",
            content=_encrypted(key, id_, content),
            at=tx.db.clock.ms(),
            by_name=tx.actor.name,
            **more,
        )
    )


def seal_anew(secrets: SecretStore, record: SealedRecord, content: Mapping[str, Any]) -> str:
    """The ciphertext of changed content, for the column of the same record."""
    return _encrypted(key_of(secrets, record.key_id), record.id, content)


def unseal(secrets: SecretStore, record: SealedRecord) -> dict[str, Any]:
    """The content of a record.  LockedError without the key, CorruptError for a record that is not what was written."""
    return _decrypted(key_of(secrets, record.key_id), record.id, record.content)


def _decrypted(key: bytes, id_: str, content: str) -> dict[str, Any]:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        blob = base64.b64decode(content, validate=True)
        text = AESGCM(_derived(key, "content")).decrypt(blob[:_NONCE], blob[_NONCE:], id_.encode())
    except (InvalidTag, ValueError) as error:
        raise CorruptError("这条密封记录被改动过，打不开。", next_step="请用备份核对，并报告负责人。") from error
    found: dict[str, Any] = json.loads(text)
    return found


def closed(secrets: SecretStore, record: SealedRecord, id_: str, words: str) -> str:
    """The ciphertext of something that stands beside a sealed record, in a record of its own with this identifier."""
    return _encrypted(key_of(secrets, record.key_id), id_, {"words": words})


def opened(secrets: SecretStore, record: SealedRecord, id_: str, ciphertext: str) -> str | None:
    """What `closed` was given; None for anything else, such as what was never closed."""
    try:
        found = _decrypted(key_of(secrets, record.key_id), id_, ciphertext)
    except CorruptError:
        return None
    return str(found.get("words", ""))


def _encrypted(key: bytes, id_: str, content: Mapping[str, Any]) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE)
    text = json.dumps(dict(content), ensure_ascii=False).encode()
    # the identifier is part of the seal: no record can stand in for another
    return base64.b64encode(nonce + AESGCM(_derived(key, "content")).encrypt(nonce, text, id_.encode())).decode()


def _derived(key: bytes, purpose: str) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt=None, info=f"linli sealed {purpose}".encode()).derive(key)


def about(db: Database, secrets: SecretStore, subject: str, kind: str = "") -> list[SealedRecord]:
    """The records about somebody, as far as this desk has their keys; [] without any key.

    What goes by an entry that was merged into this one since is found too: no key is needed to merge two entries.
    """
    people, found = entries(db.rows, subject), list[SealedRecord]()
    for (key_id,) in db.rows("SELECT id FROM seal_key WHERE sync_del=0"):
        key = secrets.get(_name(key_id))
        if key is None:
            continue
        ids = db.rows(
            "SELECT id FROM sealed_record WHERE subject IN (SELECT value FROM json_each(?)) AND key_id=? "
            "AND sync_del=0 AND (kind=? OR ?='')",
            (json.dumps([mark(key, who) for who in people]), key_id, kind, kind),
        )
        found += [record for (id_,) in ids if (record := db.get(SealedRecord, id_))]
    return found
