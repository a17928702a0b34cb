"""The exchange by USB stick: the same frozen batches go out in a file, the answers to them come back in another.

    export   freeze what is pending into batches, one behind the other, and write them all, sealed to the server
    import   settle batch after batch, then store page after page, as if the answers had come over the network

After an export the desk stays as it is.  If the network comes back first, the same batches go that way, and whichever
answer comes second is old news.  A file that is lost costs nothing: the next one holds its batches again.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from desktop_app.accounts.rights import reads
from desktop_app.shared.errors import AppError, CorruptError, FuseError
from desktop_app.store.database import Database
from desktop_app.store.keys import SecretStore
from desktop_app.sync import blanking, carried_contents, diary, enrol, fuse, outbox, rebase, state, stick, units
from desktop_app.sync.alone import alone
from desktop_app.sync.carried import AGAIN, RENEW, ROWS, SURE, SYNC, Import, Offline, Tell
from desktop_app.sync.client import Client, public_key
from desktop_app.sync.diary import SyncReport
from desktop_app.sync.failures import spoken
from desktop_app.sync.outbox import Outbox
from desktop_app.sync.sealing import CRYPTO
from desktop_app.sync.wire import CODEC
from sync_protocol import bundle, codec
from sync_protocol.bundle import Header, Request, Way
from sync_protocol.messages import Pull
from sync_protocol.refusals import Refused
from sync_protocol.shapes import BadMessage

KEYS: Final = "sync_bundle_keys"
"""Setting: [slot, public key] of the keys that the last files asked to be answered under; the private halves are
secrets."""
KEYS_KEPT: Final = 5
# --------------------------------------------------------------------------------------------------------------- export


@dataclass(frozen=True, slots=True)
class Exported:
    """What a file took along; `waiting`: changes that did not fit, or belong to a batch that is on its way already."""

    file: str
    rows: int
    batches: int
    bytes: int
    waiting: int


@reads("sync.run")
def export(
    db: Database, secrets: SecretStore, path: Path, *, sure: bool = False, progress: Tell = lambda _done, _total: None
) -> Exported:
    """Writes everything that waits into a file for the server; also when nothing waits, to ask for what is new.

    FuseError: so many deletions that a person must confirm them (`sure`).  Stopped at any moment, it leaves no file.
    """
    with alone(db):
        now = state.read(db)
        client = enrol.client_for(now, secrets, Offline())
        keys = units.server_keys(db)
        if keys is None:
            raise AppError(
                "本机还不知道服务器的公钥，文件没有写。数据都在本机。", next_step="请先联网同步一次，再导出到U盘。"
            )
        sure = sure or bool(db.setting(SURE))
        if not sure:
            fuse.must_let_push(db)
        boxes = _freeze(db, sure=sure, progress=progress)
        data = _sealed(db, secrets, client, keys[1], boxes)
        stick.write(path, data)
    waiting = db.scalar("SELECT count(*) FROM sync_dirty WHERE txn>=0")
    return Exported(str(path), sum(box.count for box in boxes), len(boxes), len(data), waiting)


def _freeze(db: Database, *, sure: bool, progress: Tell) -> list[Outbox]:
    """All that waits, in as many batches as it takes, behind those that are under way."""
    limits = units.limits(db)
    rows = int(db.setting(ROWS) or limits.rows)
    while True:
        with db.applying("导出打包") as tx:
            boxes = outbox.in_flight(tx)
            fresh = outbox.freeze_next(tx, rows, limits.bytes, sure=sure) if len(boxes) < bundle.MOST_BATCHES else None
            if fresh is None:
                tx.set_setting(SURE, None)
                tx.set_setting(ROWS, None)
                return boxes
        done = sum(box.count for box in [*boxes, fresh])
        progress(done, done + db.scalar("SELECT count(*) FROM sync_dirty WHERE txn>=0"))


def _sealed(db: Database, secrets: SecretStore, client: Client, seal_key: bytes, boxes: Sequence[Outbox]) -> bytes:
    """The file: a request for each batch, contents of attachments, and a request for a new identity.

    The last one is for the case that the server has to ask for it.
    """
    contents = carried_contents.requests(db, secrets, client, Offline())
    with db.applying("导出打包") as tx:
        now = state.read(tx)
        last, following = now.nonces
        following = following or state.new_nonce()
        pull = Pull(now.place, (last, following), units.limits(db).page)
        asked = CODEC.dumps(pull.to_wire())
        requests = [_request(client, SYNC, codec.join(asked, box.body)) for box in boxes]
        requests = requests or [_request(client, SYNC, codec.join(asked, b""))]
        renewal = _request(client, RENEW, CODEC.dumps({"key": public_key(enrol.waiting_key(secrets))}))
        if db.setting(rebase.RENEW):
            renewal.headers[bundle.WHEN] = bundle.ALWAYS
        state.save(tx, nonce=f"{last}:{following}", counter=client.counter)
    header = Header(Way.UP, now.scope, now.device, db.clock.ms(), _new_key(db, secrets))
    return bundle.seal(CRYPTO, header, seal_key, client.key, bundle.pack([*requests, *contents, renewal]))


def _request(client: Client, path: str, body: bytes) -> Request:
    return Request(path, client.signed(path, body), body)


# ---------------------------------------------------------------------------------------------- keys of files under way


def _new_key(db: Database, secrets: SecretStore) -> str:
    """A key that one file is answered under; the private half stays here, with those of a few files before."""
    private, public = CRYPTO.pair()
    kept = _kept(db)
    slot = (kept[-1][0] + 1) % KEYS_KEPT if kept else 0
    secrets.put(_secret(slot), private)
    with db.applying("导出打包") as tx:
        fresh = [*[one for one in kept if one[0] != slot], (slot, public.hex())]
        tx.set_setting(KEYS, orjson.dumps(fresh).decode())
    return public.hex()


def _kept(db: Database) -> list[tuple[int, str]]:
    return [(slot, public) for slot, public in orjson.loads(db.setting(KEYS) or "[]")]


def _secret(slot: int) -> str:
    return f"bundle-key-{slot}"


def _private(db: Database, secrets: SecretStore, public: str) -> bytes:
    found = [slot for slot, known in _kept(db) if known == public]
    return (secrets.get(_secret(found[0])) or b"") if found else b""


# --------------------------------------------------------------------------------------------------------------- import


@reads("sync.run")
def import_(
    db: Database,
    secrets: SecretStore,
    path: Path,
    *,
    sure: bool = False,
    progress: Tell = lambda _done, _total: None,
) -> SyncReport:
    """Takes in what the server answered; raises AppError for a file that is not for this desk, or damaged.

    What was taken in stays, also when it is stopped halfway or the file ends in a refusal: the rest comes with the
    next import of the same file.  FuseError: so many deletions that a person must confirm them (`sure`).
    """
    data = stick.read(path)
    with alone(db):
        content = _opened(db, secrets, data, path.name)
        started = time.monotonic()
        work = Import(db, secrets, progress)
        work.sure = sure
        try:
            answers = bundle.unpack_answers(content)
            work.take(answers)
            work.report.contents = carried_contents.take(db, secrets, answers, Offline())
        except Refused as refusal:
            raise spoken(refusal) from refusal
        except FuseError as error:
            diary.note_failure(db, error, None, work.report, started)
            raise
        except (codec.Unreadable, BadMessage) as error:
            raise _damaged(path.name) from error
        if work.arrived:
            diary.note_success(db, work.report, started, "stick")
        blanking.wipe_log(db)
        return work.report


def _opened(db: Database, secrets: SecretStore, data: bytes, name: str) -> bytes:
    try:
        header, at = bundle.read_header(data)
    except codec.Unreadable as error:
        raise CorruptError(
            f"“{name}”不是邻里工作站的交换文件，或没有拷贝完整。{stick.SAFE}", next_step="请核对文件，或重新拷贝。"
        ) from error
    keys = _must_be_ours(db, header, name)
    if not _private(db, secrets, data[at : at + bundle.KEY].hex()):
        raise AppError(
            f"“{name}”答复的是一个很早的导出，本机已经打不开。{stick.SAFE}", next_step=f"不需要它了，{AGAIN}"
        )
    try:
        return bundle.unseal(CRYPTO, data, lambda _, public: _private(db, secrets, public.hex()), keys[0])
    except codec.Unreadable as error:
        raise _damaged(name) from error


def _must_be_ours(db: Database, header: Header, name: str) -> tuple[bytes, bytes]:
    """Says in words what else a file is than an answer to this desk; returns the server's keys."""
    now, keys = state.read(db), units.server_keys(db)
    if header.way is Way.UP:
        raise AppError(f"“{name}”是要带到服务器去的，不是带回来的。{stick.SAFE}", next_step="请选服务器写出的文件。")
    if header.way is Way.STARTER:
        raise AppError(f"“{name}”是新电脑的启动文件，不能导入。{stick.SAFE}", next_step="请在新电脑上新建数据时使用。")
    if not now.device or keys is None or (header.scope, header.device) != (now.scope, now.device):
        raise AppError(
            f"“{name}”是给另一台电脑的，或给本机以前的身份。没有导入。{stick.SAFE}",
            next_step=f"请核对文件；如果本机换过身份，{AGAIN}",
        )
    return keys


def _damaged(name: str) -> CorruptError:
    return CorruptError(
        f"“{name}”已损坏、被改动过，或不是本机接入的服务器写的。没有导入。{stick.SAFE}",
        next_step="请从服务器重新拷贝一次；仍不行请告诉管理员。",
    )
