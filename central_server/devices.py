"""Who may speak: enrolment codes, the keys of desks, new identities, revocation."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any, Final

from central_server import history
from central_server.storage import Session
from central_server.tree import Tree
from sync_protocol import enrolment, signing
from sync_protocol.enrolment import EnrolRequest, Identity
from sync_protocol.refusals import Refused

LOWEST_ID: Final = 1 << 20
HIGHEST_ID: Final = 1 << 31
"""Device ids are drawn at random, so that a server restored from a backup never gives one out twice."""
MOST_RENEWALS: Final = 30
RENEWALS_MS: Final = 3_600_000
"""New identities within an hour under one name: a restored server, a few twins and lost answers need far fewer."""
_COLUMNS: Final = (
    "scope_id,id,ordinal,name,public_key,parent,seen_at,revoked_at,counter,nonce,batch_no,batch_hash,ack,purged,"
    "expires_at"
)
_SUCCESSOR: Final = "(select u.successor from unit u where u.id=device.scope_id)"


@dataclass(frozen=True, slots=True)
class Device:
    """A desk as the server knows it.  `batch_no`, `batch_hash` and `ack` belong to its last batch.

    `purged` is up to which number its last exchange knew old tombstones to be forgotten; `successor` is the unit its
    own was merged into; `expires_at` is set while a key is in force that this server made (UTC ms).
    """

    scope: int
    id: int
    ordinal: int
    name: str
    key: str
    parent: int
    seen_at: int
    revoked_at: int | None
    counter: int
    nonce: str
    batch_no: int
    batch_hash: str
    ack: bytes | None
    purged: int = 0
    expires_at: int | None = None
    successor: int | None = None


# ------------------------------------------------------------------------------------------------------------ enrolment


def make_code(session: Session, scope: int, now: int) -> str:
    """A single-use code for one desk of a scope; only its hash is kept."""
    session.run("delete from enrol_code where expires_at<?", now)
    while True:
        code = "".join(secrets.choice(enrolment.CODE_ALPHABET) for _ in range(enrolment.CODE_LENGTH))
        added = session.run(
            "insert into enrol_code(label,hash,scope_id,expires_at,tries,used_by) values(?,?,?,?,0,null) "
            "on conflict(label) do nothing",
            code[: enrolment.CODE_LABEL],
            _code_hash(code),
            scope,
            now + enrolment.CODE_MINUTES * 60_000,
        )
        if added:  # else another code of the same label is open
            return code


def enrol(session: Session, request: EnrolRequest, now: int) -> Identity | None:
    """Lets a desk in; None for a code that is wrong, used, expired or tried too often.

    The same code with the same key again gives the same device: the first answer may have been lost on the way.
    """
    label = request.code[: enrolment.CODE_LABEL]
    found = session.lock("select hash,scope_id,expires_at,tries,used_by from enrol_code where label=?", label)
    if not found or found[0][2] < now or found[0][3] >= enrolment.CODE_TRIES:
        return None
    known, scope, _, _, used_by = found[0]
    if not hmac.compare_digest(known, _code_hash(request.code)):
        session.run("update enrol_code set tries=tries+1 where label=?", label)
        return None
    if used_by is not None:
        device = find(session, scope, used_by)
        return identity(session, device, now) if device and device.key == request.key else None
    _must_fit(session, request, scope)
    device = _add(session, scope, request.name, request.key, now=now)
    session.run("update enrol_code set used_by=? where label=?", device.id, label)
    return identity(session, device, now)


def _must_fit(session: Session, request: EnrolRequest, scope: int) -> None:
    """Refuses a desk that has the data of another unit, before the code is used up: an honest mix-up costs nothing."""
    unit = Tree(session).unit(scope)
    if unit is not None and not enrolment.fits(request.unit, scope, unit.kind):
        raise Refused("OTHER_UNIT", {"scope": scope, "unit": unit.name})


def renew(session: Session, device: Device, key: str, now: int) -> Identity:
    """A new identity, for a desk that shares its own with a twin or whose past the server has lost.

    A desk of a unit that was merged into another becomes one of that; one that asked before, and lost the answer, gets
    what it asked for then, and hears of the merger when it speaks as that.
    """
    unit = Tree(session).living(device.scope) if device.successor is not None else None
    scope = unit.id if unit else device.scope
    sql = "select id from device where scope_id=? and parent=? and public_key=? and revoked_at is null"
    for place in dict.fromkeys((device.scope, scope)):
        twice = session.row(sql, place, device.id, key)  # the first answer was lost, or is still on its way
        if twice and (known := find(session, place, twice[0])):
            return identity(session, known, now)
    _check_pace(session, scope, device.name, now)
    return identity(session, _add(session, scope, device.name, key, parent=device.id, now=now), now)


def retire(session: Session, device: Device, now: int) -> None:
    """The key of a desk that has changed it opens nothing any more.

    Whoever has it may only ask again for the identity that took its place, with the key of that: `asks_again`.
    """
    sql = "update device set expires_at=? where scope_id=? and id=? and expires_at is null"  # a starter ends by itself
    session.run(sql, now - 1, device.scope, device.id)


def asks_again(session: Session, device: Device, key: str) -> bool:
    """Whether an identity with this key came from a device, and is not shut out: its answer may have been lost."""
    sql = "select 1 from device where parent=? and public_key=? and revoked_at is null"
    return session.row(sql, device.id, key) is not None


def _check_pace(session: Session, scope: int, name: str, now: int) -> None:
    """Refuses with BUSY a desk that takes one identity after the other: something is wrong with it or its file."""
    sql = "select count(*),min(enrolled_at) from device where scope_id=? and name=? and parent<>0 and enrolled_at>?"
    ((count, first),) = session.rows(sql, scope, name, now - RENEWALS_MS)
    if count >= MOST_RENEWALS:
        raise Refused("BUSY", retry_after=max(1, (first + RENEWALS_MS - now) // 1000))


def add_starter(session: Session, scope: int, name: str, key: str, now: int, expires_at: int) -> Identity:
    """A desk that is set up from a file; until then this server knows its key, so it does not stay in force."""
    device = _add(session, scope, name, key, now=now)
    session.run("update device set expires_at=? where scope_id=? and id=?", expires_at, scope, device.id)
    return identity(session, device, now)


def _code_hash(code: str) -> str:
    return hashlib.blake2b(code.encode(), digest_size=32, person=b"enrol-code").hexdigest()


def _add(session: Session, scope: int, name: str, key: str, *, now: int, parent: int = 0) -> Device:
    history.lock_head(session, scope)  # two desks that join at once get two numbers
    number = _fresh_id(session, scope)
    ((ordinal,),) = session.rows("select coalesce(max(ordinal),0)+1 from device where scope_id=?", scope)
    session.run(
        "insert into device(scope_id,id,ordinal,name,public_key,parent,enrolled_at,seen_at,counter,nonce,batch_no,"
        "batch_hash) values(?,?,?,?,?,?,?,?,0,'',0,'')",
        scope,
        number,
        ordinal,
        name,
        key,
        parent,
        now,
        now,
    )
    return Device(scope, number, ordinal, name, key, parent, now, None, 0, "", 0, "", None)


def _fresh_id(session: Session, scope: int) -> int:
    while True:
        number = LOWEST_ID + secrets.randbelow(HIGHEST_ID - LOWEST_ID)
        if session.row("select 1 from device where scope_id=? and id=?", scope, number) is None:
            return number


def identity(session: Session, device: Device, now: int) -> Identity:
    """Who a desk is, as it is told."""
    tree = Tree(session)
    unit = tree.unit(device.scope)
    name, kind = (unit.name, unit.kind) if unit else ("", enrolment.UNIT_KINDS[0])
    units = tree.nameable(device.scope)
    sql = "select id,name from device where scope_id=? order by enrolled_at desc,id limit ?"
    desks = tuple(enrolment.Desk(*row) for row in session.rows(sql, device.scope, enrolment.MOST_DESKS))
    return Identity(device.id, device.ordinal, device.scope, name, device.name, now, kind, units, desks=desks)


def unit_name(session: Session, scope: int) -> str:
    """The name of a unit; empty if there is none."""
    found = session.row("select name from unit where id=?", scope)
    return str(found[0]) if found else ""


# ------------------------------------------------------------------------------------------------------------- requests


_FIND: Final = f"select {_COLUMNS},{_SUCCESSOR} from device where scope_id=? and id=?"


def find(session: Session, scope: int, number: int) -> Device | None:
    """A device, revoked or not."""
    found = session.row(_FIND, scope, number)
    return Device(*found) if found else None


def lock(session: Session, scope: int, number: int) -> Device | None:
    """A device, held until the end of the transaction: its requests come one after the other, also at two servers."""
    found = session.lock(_FIND, scope, number)
    return Device(*found[0]) if found else None


def listed(session: Session, scope: int | None = None) -> list[Device]:
    """All devices (of one scope), by scope and name."""
    sql = f"select {_COLUMNS} from device"
    order = " order by scope_id,name,enrolled_at"
    found = session.rows(sql + order) if scope is None else session.rows(sql + " where scope_id=?" + order, scope)
    return [Device(*row) for row in found]


def authentic(device: Device | None, text: bytes, signature: bytes) -> Device:
    """The device, if it is one and signed the text; refuses otherwise."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if device is None:
        raise Refused("UNKNOWN_DEVICE")
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(device.key)).verify(signature, text)
    except InvalidSignature as error:
        raise Refused("BAD_SIGNATURE") from error
    if device.revoked_at is not None:
        raise Refused("REVOKED")
    return device


def take_counter(session: Session, device: Device, counter: int, now: int) -> None:
    """Every request of a device has a higher counter than the one before, so that none can be sent twice by a third."""
    changed = session.run(
        "update device set counter=?,seen_at=? where scope_id=? and id=? and counter<? and revoked_at is null",
        counter,
        now,
        device.scope,
        device.id,
        counter,
    )
    if not changed:
        raise Refused("STALE", {"counter": device.counter})


def seen(session: Session, device: Device, now: int) -> None:
    """A device was heard of by a file; what it signed may be older than its last request, so no counter is compared."""
    if device.revoked_at is not None:
        raise Refused("REVOKED")
    session.run("update device set seen_at=? where scope_id=? and id=?", now, device.scope, device.id)


def check_nonce(device: Device, last: str, following: str) -> None:
    """Each exchange sets a nonce which only the desk that made it knows; a twin comes with another one (CLONE).

    A desk that lost our answer comes with the same pair again: then `following` is what we have already.
    """
    if device.nonce not in (last, following):
        raise Refused("CLONE")


def ratchet(session: Session, device: Device, following: str, purged: int, stands: int, told: int) -> None:
    """Ends an exchange: the nonce it set, what the desk knows to be forgotten, and where it may stand from now on.

    It stands at the number it came with, or at that of our answer, should it arrive: those two marks are never thinned.
    """
    sql = "update device set nonce=?,purged=?,stands=?,told=? where scope_id=? and id=?"
    session.run(sql, following, purged, stands, told, device.scope, device.id)


def note_told(session: Session, device: Device, told: int) -> None:
    """A file for a device goes up to this number."""
    session.run("update device set told=? where scope_id=? and id=?", told, device.scope, device.id)


def successor(session: Session, device: Device) -> dict[str, Any]:
    """Where a desk belongs whose unit was merged into another: number and name."""
    unit = Tree(session).living(device.scope)
    return {"scope": unit.id, "name": unit.name} if unit else {}


def remember_batch(session: Session, device: Device, number: int, digest: str, ack: bytes) -> None:
    """Keeps the answer to a batch, in case it is asked for again."""
    session.run(
        "update device set batch_no=?,batch_hash=?,ack=? where scope_id=? and id=?",
        number,
        digest,
        ack,
        device.scope,
        device.id,
    )


def kept_ack(session: Session, device: Device, number: int, digest: str) -> bytes | None:
    """The answer a batch got, if it was taken and the answer is still there."""
    if number == device.batch_no:
        return device.ack if digest == device.batch_hash else None
    if number > device.batch_no:
        return None
    sql = "select ack from carried where scope_id=? and device=? and batch_no=? and batch_hash=?"
    found = session.row(sql, device.scope, device.id, number, digest)
    return bytes(found[0]) if found else None


def is_late(session: Session, device: Device, number: int) -> bool:
    """Whether a batch is so old that nobody knows any more what it was."""
    sql = "select 1 from carried where scope_id=? and device=? and batch_no=?"
    return number < device.batch_no and session.row(sql, device.scope, device.id, number) is None


def keep_ack(session: Session, device: Device, number: int, digest: str, ack: bytes) -> None:
    """Keeps the answer to a batch of several under way, until its desk has it (`forget_acks`)."""
    session.run(
        "insert into carried(scope_id,device,batch_no,batch_hash,ack) values(?,?,?,?,?) "
        "on conflict(scope_id,device,batch_no) do nothing",
        device.scope,
        device.id,
        number,
        digest,
        ack,
    )


def forget_acks(session: Session, device: Device, before: int) -> None:
    """A desk that sends a batch has the answers to all batches before its first."""
    sql = "delete from carried where scope_id=? and device=? and batch_no<?"
    session.run(sql, device.scope, device.id, before)


def revoke(session: Session, scope: int, number: int, now: int) -> list[Device]:
    """Shuts a device of a unit out, and every identity that came from it; returns those that were shut out now.

    The same number may be a device of another unit.  A later identity is of the same unit, or of one into which that
    was merged, and called the same.
    """
    devices = [device for unit in Tree(session).line(scope) for device in listed(session, unit)]
    family = {(device.id, device.name): device for device in devices if (device.scope, device.id) == (scope, number)}
    grown = True
    while grown:
        more = {(one.id, one.name): one for one in devices if (one.parent, one.name) in family and one.parent}
        grown = bool(more.keys() - family.keys())
        family |= more
    shut = [device for device in family.values() if device.revoked_at is None]
    for device in shut:
        session.run("update device set revoked_at=? where scope_id=? and id=?", now, device.scope, device.id)
    return shut


def signer(headers: Any) -> tuple[int, int, int, bytes]:
    """Scope, device, counter and signature in the headers of a request."""
    try:
        scope, device = signing.parse_device_name(headers[signing.HEADER_DEVICE])
        counter = int(headers[signing.HEADER_COUNTER])
        signature = bytes.fromhex(headers[signing.HEADER_SIGNATURE])
    except (KeyError, ValueError) as error:
        raise Refused("UNKNOWN_DEVICE") from error
    if not all(0 <= number < 1 << 63 for number in (scope, device, counter)):
        raise Refused("UNKNOWN_DEVICE")
    return scope, device, counter, signature
