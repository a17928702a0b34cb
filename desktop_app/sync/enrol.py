"""How this desk becomes known to a server, and how it keeps the key that proves who it is."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Final

from desktop_app.accounts.rights import reads
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database
from desktop_app.store.keys import SecretStore
from desktop_app.sync import merge, rebase, state, units
from desktop_app.sync.client import Client, HttpTransport, Transport, new_key, public_key, tidy_url
from desktop_app.sync.failures import spoken
from desktop_app.sync.trust import Trust, is_private_enough
from sync_protocol.enrolment import CODE_ALPHABET, UNIT_KINDS, EnrolRequest, Identity, fits, is_code, tidy_code
from sync_protocol.refusals import Refused

MOST_ASKED: Final = 20
"""Earlier identities a server that does not know the present one is asked about, the latest first."""
WAITING_KEY = "sync-key-next"
"""Secret: the key of an identity that is being asked for; a lost answer is asked for again with the same key."""


@reads("sync.enrol")
def enrol(
    db: Database,
    secrets: SecretStore,
    *,
    server_url: str,
    code: str,
    name: str,
    transport: Transport | None = None,
    trust: Trust = Trust(),  # noqa: B008 - it cannot be changed
    insecure_http: bool = False,
) -> Identity:
    """Makes this desk known to a server with a code from its administrator; `name` is what people call this computer.

    Nothing is sent but the code, a public key and the name.  What was recorded before goes up with the first sync.
    Without `insecure_http` nobody may be able to overhear the connection; `trust` pins the server's certificate.
    """
    url, tidy = _address(server_url, insecure_http=insecure_http), tidy_code(code)
    check_code(tidy)
    key = waiting_key(secrets)
    way = transport or HttpTransport.trusting(url, trust)
    try:
        identity = Client(way).enrol(EnrolRequest(tidy, public_key(key), name.strip()[:80], _whose(db)))
    except Refused as refusal:
        raise _other_unit(refusal) if refusal.code == "OTHER_UNIT" else spoken(refusal) from refusal
    _must_fit(db, identity)
    keep_key(secrets, identity, key)
    with db.applying("接入服务器") as tx:
        rebase.rekey(tx, identity)
        state.save(
            tx, scope=identity.scope, server_url=url, trust=trust.to_store(), last_error=None, last_error_at=None
        )
    return identity


def check_code(typed: str) -> None:
    """AppError for what cannot be a code, before anybody is asked anything about the server."""
    tidy = tidy_code(typed)
    if strange := sorted(set(tidy) - set(CODE_ALPHABET)):
        raise AppError(
            f"接入码里没有“{'、'.join(strange)}”：为免看错，不用 I、L、O、0、1。",
            field="code",
            next_step="请照管理员给的接入码核对这几个字。",
        )
    if not is_code(tidy):
        raise AppError(
            f"接入码是 10 位字母和数字，现在是 {len(tidy)} 位。",
            field="code",
            next_step="请照管理员给的接入码重新输入。",
        )


def _address(typed: str, *, insecure_http: bool) -> str:
    url = tidy_url(typed)
    if not insecure_http and not is_private_enough(url):
        raise AppError(
            "这个地址没有加密（http://），居民资料会在网络上被人看到，没有接入。",
            field="server_url",
            next_step="请用 https:// 开头的地址；确实只在专网内使用，可用 linli enrol --insecure-http 接入。",
        )
    return url


def _must_fit(db: Database, identity: Identity) -> None:
    """Data of one unit never goes to another by a mix-up of codes; an older server has used the code up by now."""
    before = state.read(db).scope
    if not (before == identity.scope if before else fits(_community(db), identity.scope, identity.kind)):
        raise AppError(
            f"这个接入码属于{identity.unit}，而本机的数据属于另一个社区。没有接入，数据没有变化。",
            field="code",
            next_step="请向本社区的管理员要接入码；要换社区请新建一份数据。",
        )


def _whose(db: Database) -> int:
    """The unit whose data is here; 0 where nobody has said so."""
    return state.read(db).scope or _community(db)


def _other_unit(refusal: Refused) -> AppError:
    unit = str(refusal.info.get("unit") or "别的单位")
    return AppError(
        f"这个接入码属于{unit}，而本机的数据属于另一个社区。没有接入，数据没有变化；接入码没有用掉，{unit}仍可使用。",
        field="code",
        next_step="请向本社区的管理员要接入码；要换社区请新建一份数据。",
    )


@reads("sync.enrol")
def trust_anew(db: Database, trust: Trust) -> None:
    """The server has another certificate from now on; a person has compared it."""
    with db.applying("登记证书") as tx:
        state.save(tx, trust=trust.to_store())


@reads("sync.enrol")
def rotate(db: Database, secrets: SecretStore, transport: Transport | None = None) -> Identity:
    """Gives this desk a new key and with it a new identity; the server knows that it is the same desk.

    Call it after a sync: what is in flight under the earlier identity is sent again under the new one.
    """
    client = client_for(state.read(db), secrets, transport)
    key = waiting_key(secrets)
    try:
        identity = client.renew(public_key(key), replaces=True)
    except Refused as refusal:
        raise spoken(refusal) from refusal
    must_stay(db, identity)
    keep_key(secrets, identity, key)
    with db.applying("换新密钥") as tx:
        earlier = state.read(tx)
        rebase.rekey(tx, identity)
    secrets.put(key_name(earlier.scope, earlier.device), b"")
    return identity


def must_stay(db: Database, identity: Identity, refusal: Refused | None = None) -> None:
    """AppError where a renewal would take this desk to another unit than its own, or the one that was merged into.

    Only communities are merged, and only SCOPE_GONE says into which: whatever else names another unit is a mistake, or
    a lie, and would have everything here offered to strangers.
    """
    told = refusal.info.get("scope") if refusal and refusal.code == "SCOPE_GONE" else None
    own, community = state.read(db).scope, UNIT_KINDS[0]
    if identity.scope == own:
        return
    if identity.scope == told and identity.kind == community and units.keeps_residents(db):
        return
    with db.applying("核对") as tx:
        tx.set_setting(merge.JOINING, None)
    raise AppError(
        f"服务器要把本机改到另一个单位（{identity.unit or identity.scope}），没有照办。数据没有变化，也没有送出。",
        next_step="请把这句话告诉服务器管理员，核对本机属于哪个单位。",
    )


def rotate_if_due(db: Database, secrets: SecretStore, transport: Transport | None = None) -> None:
    """After the first sync of a desk whose key others may know; what fails now is done after the next."""
    if db.setting(rebase.RENEW):
        with suppress(AppError):
            rotate(db, secrets, transport)


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


def needs_identity(code: str, secrets: SecretStore) -> bool:
    """Whether a refusal is answered by asking for an identity: REVOKED too, if the answer to that never came."""
    asked = code == "REVOKED" and bool(secrets.get(WAITING_KEY))
    return asked or code in ("HISTORY", "CLONE", "SCOPE_GONE", "UNKNOWN_DEVICE")


def another(db: Database, secrets: SecretStore, client: Client, refusal: Refused) -> tuple[Identity, Refused]:
    """Asks for another identity, with the key that waits for one, and says why; raises where nobody would be heard.

    A server restored to before it gave this desk its identity may still know one the desk had earlier.
    """
    public = public_key(waiting_key(secrets))
    if refusal.code != "UNKNOWN_DEVICE":
        return _renewed(client, public, refusal)
    for device in units.earlier(db)[: -MOST_ASKED - 1 : -1]:
        if key := secrets.get(key_name(client.scope, device)):
            with _unless_heard():
                return _renewed(replace(client, device=device, key=key, counter=0), public, refusal)
    raise refusal


def _renewed(client: Client, public: str, refusal: Refused) -> tuple[Identity, Refused]:
    """A new identity; one of another unit only together with SCOPE_GONE, which a merged unit says to any question."""
    identity = client.renew(public)
    if identity.scope != client.scope and refusal.code != "SCOPE_GONE":
        try:
            client.fetch(())
        except Refused as told:
            if told.code != "SCOPE_GONE":
                raise
            refusal = told
    return identity, refusal


@contextmanager
def _unless_heard() -> Iterator[None]:
    """Goes on after a refusal that says no more than that an identity is none, or none any more."""
    try:
        yield
    except Refused as refusal:
        if refusal.code not in ("UNKNOWN_DEVICE", "BAD_SIGNATURE", "REVOKED"):
            raise


def keep_key(secrets: SecretStore, identity: Identity, key: bytes) -> None:
    """Keeps the key of an identity under its own name, and makes room for the next."""
    secrets.put(key_name(identity.scope, identity.device), key)
    secrets.put(WAITING_KEY, b"")


def key_name(scope: int, device: int) -> str:
    """Name of the secret that belongs to an identity."""
    return f"sync-key-{scope}-{device}"


def keep_counter(db: Database, client: Client) -> None:
    """Remembers how far a client has counted that spoke beside the exchange."""
    if client.counter > state.read(db).counter:
        with db.applying("联系服务器") as tx:
            state.save(tx, counter=max(state.read(tx).counter, client.counter))


def client_for(now: state.State, secrets: SecretStore, transport: Transport | None = None) -> Client:
    """The client of this desk; an AppError when it was never enrolled or its key is gone."""
    if not now.enrolled or now.server_url is None:
        raise AppError(
            "这台电脑还没有接入服务器，数据只保存在本机。", next_step="请向管理员要一个接入码，在“同步”里接入。"
        )
    if not now.server_url and transport is None:
        raise AppError(
            "这台电脑只用U盘与服务器交换，还没有服务器地址。数据都在本机。",
            next_step="请用“导出到U盘”；要联网同步，请向管理员要一个接入码，在“同步”里接入。",
        )
    key = secrets.get(key_name(now.scope, now.device))
    if not key:
        raise AppError(
            "钥匙串里没有这台电脑的同步密钥，没有同步。本机的数据都在，没有丢失。",
            next_step="请向管理员要一个新的接入码，重新接入。",
        )
    way = transport or HttpTransport.trusting(now.server_url, Trust.stored(now.trust))
    return Client(way, now.scope, now.device, key, now.counter)
