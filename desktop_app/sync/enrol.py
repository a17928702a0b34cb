"""How this desk becomes known to a server, and how it keeps the key that proves who it is."""

from dataclasses import dataclass

from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database
from desktop_app.store.keys import SecretStore
from desktop_app.sync import rebase, state
from desktop_app.sync.client import Client, HttpTransport, Transport, new_key, public_key, spoken, tidy_url
from sync_protocol.enrolment import EnrolRequest, Identity, is_code, tidy_code
from sync_protocol.refusals import Refused

WAITING_KEY = "sync-key-next"
"""Secret: the key of an identity that is being asked for; a lost answer is asked for again with the same key."""


def enrol(
    db: Database,
    secrets: SecretStore,
    *,
    server_url: str,
    code: str,
    name: str,
    transport: Transport | None = None,
) -> Identity:
    """Makes this desk known to a server with a code from its administrator; `name` is what people call this computer.

    Nothing is sent but the code, a public key and the name.  What was recorded before goes up with the first sync.
    """
    url, tidy = tidy_url(server_url), tidy_code(code)
    if not is_code(tidy):
        raise AppError("接入码应是 10 位字母和数字。", field="code", next_step="请照管理员给的接入码重新输入。")
    before = state.read(db)
    key = waiting_key(secrets)
    try:
        identity = Client(transport or HttpTransport(url)).enrol(EnrolRequest(tidy, public_key(key), name.strip()[:80]))
    except Refused as refusal:
        raise spoken(refusal) from refusal
    if (before.scope or _community(db)) not in (0, identity.scope):
        raise AppError(
            f"这个接入码属于{identity.unit}，而本机的数据属于另一个社区。没有接入，数据没有变化。",
            field="code",
            next_step="请向本社区的管理员要接入码；要换社区请新建一份数据。",
        )
    keep_key(secrets, identity, key)
    with db.applying("接入服务器") as tx:
        rebase.rekey(tx, identity)
        state.save(tx, scope=identity.scope, server_url=url, last_error=None, last_error_at=None)
    return identity


@dataclass(frozen=True, slots=True)
class Connection:
    """Desk and server understand each other; `clock_ahead_ms`: how far this clock is before the server's."""

    identity: Identity
    clock_ahead_ms: int


def check(db: Database, secrets: SecretStore, transport: Transport | None = None) -> Connection:
    """Asks the server who it takes this desk for.  Raises AppError like a sync; changes nothing."""
    client = client_for(state.read(db), secrets, transport)
    try:
        identity = client.hello()
    except Refused as refusal:
        raise spoken(refusal) from refusal
    return Connection(identity, db.clock.ms() - identity.now)


def _community(db: Database) -> int:
    """The area code of the community this desk was set up for; 0 where it has none."""
    code = db.scalar("SELECT code FROM area WHERE id=?", (db.setting("community"),))
    return int(code) if code and code.isdecimal() else 0


def waiting_key(secrets: SecretStore) -> bytes:
    """The key for an identity that is being asked for: made once, used until the answer is here."""
    found = secrets.get(WAITING_KEY)
    if found:
        return found
    key = new_key()
    secrets.put(WAITING_KEY, key)
    return key


def keep_key(secrets: SecretStore, identity: Identity, key: bytes) -> None:
    """Keeps the key of an identity under its own name, and makes room for the next."""
    secrets.put(key_name(identity.scope, identity.device), key)
    secrets.put(WAITING_KEY, b"")


def key_name(scope: int, device: int) -> str:
    """Name of the secret that belongs to an identity."""
    return f"sync-key-{scope}-{device}"


def client_for(now: state.State, secrets: SecretStore, transport: Transport | None = None) -> Client:
    """The client of this desk; an AppError when it was never enrolled or its key is gone."""
    if not now.enrolled or now.server_url is None:
        raise AppError(
            "这台电脑还没有接入服务器，数据只保存在本机。", next_step="请向管理员要一个接入码，在“同步”里接入。"
        )
    key = secrets.get(key_name(now.scope, now.device))
    if not key:
        raise AppError(
            "钥匙串里没有这台电脑的同步密钥，没有同步。本机的数据都在，没有丢失。",
            next_step="请向管理员要一个新的接入码，重新接入。",
        )
    return Client(transport or HttpTransport(now.server_url), now.scope, now.device, key, now.counter)
