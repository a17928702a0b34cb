"""The one conversation: a desk shows who it is and how far it has come, hands over a batch and takes a page."""

import logging
import random
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, TypeVar

from central_server import attachments, devices, erasing, history, purging, repairing, syncing, units
from central_server.blobs import Blobs, grant
from central_server.devices import Device
from central_server.erasing import Erased, ErasedList
from central_server.feeds import TRIES, Feeds, MoreHeads
from central_server.keys import server_keys
from central_server.leases import Leases
from central_server.storage import ContendedError, Session, Storage, UnavailableError
from central_server.syncing import Done, Said
from central_server.wire import CODEC
from sync_protocol import blobs as blob_limits
from sync_protocol import codec, messages, short, signing, versions
from sync_protocol.digests import body_hash
from sync_protocol.enrolment import EnrolRequest, Identity, public_key
from sync_protocol.messages import Batch, Place, Pull
from sync_protocol.refusals import Refused
from sync_protocol.repair import Sums, Wanted
from sync_protocol.shapes import BadMessage, member, words

WRONG_CODES_A_MINUTE: Final = 30
"""More wrong enrolment codes than this within a minute, from all sides, and everybody waits."""
MINUTE_MS: Final = 60_000
RETRY_S: Final = (0.01, 0.02, 0.05, 0.1, 0.2)
"""A transaction that gave in to another one is begun anew after at most so long, so often."""
RETRY_AFTER_S: Final = 5
T = TypeVar("T")
log = logging.getLogger("central_server")


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came in; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back.  `facts` is for the log: numbers and codes, never content."""

    status: int
    body: bytes
    content_type: str = signing.CONTENT_TYPE
    facts: Mapping[str, Any] = field(default_factory=dict)
    short: bool = False
    """Whether the desk asked in the short form."""


def wall_clock() -> int:
    """UTC milliseconds."""
    return time.time_ns() // 1_000_000


class Central:
    """The server without its HTTP shell.  `answer` may be called from any thread."""

    def __init__(
        self,
        storage: Storage,
        now: Callable[[], int] = wall_clock,
        *,
        folder: Path | None = None,
        blobs: Blobs | None = None,
    ) -> None:
        """`folder` is where that is kept which must outlive a restored database; that of the file, if it is one."""
        self.storage = storage
        self.now = now
        path: Path | None = getattr(storage, "path", None)
        folder = folder or (path.parent if path else None)
        self.blobs = blobs
        self.keys = server_keys(folder) if folder else None
        self.erased = ErasedList(folder)
        self.leases = Leases(folder)
        for unit in self.leases.check(storage):
            log.warning("the database was set back: unit %s begins a new epoch", unit)
        if (again := erasing.reconcile(storage, self.erased, now())).entries:
            log.warning("erased again after the database was set back: %s records", len(again.entries))
            self._forget_contents(again)
        self._lives = history.Lives()
        self._wrong_codes: deque[int] = deque(maxlen=WRONG_CODES_A_MINUTE)

    def answer(self, request: Request) -> Reply:
        """The reply to a request.  Refusals and garbage are answered as such; any other exception is a bug."""
        try:
            return self.uncontended(lambda: self._answer(request))
        except Refused as refusal:
            return refused(refusal)
        except (codec.Unreadable, BadMessage):
            return refused(Refused("BAD_REQUEST"))

    def uncontended(self, work: Callable[[], T]) -> T:
        """A request may be begun anew: whatever it does is in one transaction, and a batch counts once."""
        for wait in RETRY_S:
            try:
                return work()
            except ContendedError:
                time.sleep(random.uniform(0, wait))  # noqa: S311 - spreads the contenders, guards nothing
            except UnavailableError as error:
                log.warning("the storage does not answer: %s", type(error.__cause__).__name__)
                break
        raise Refused("BUSY", retry_after=RETRY_AFTER_S)

    def _answer(self, request: Request) -> Reply:
        verbs: dict[str, Callable[[Request], Reply]] = {
            "/v1/enrol": self._enrol,
            "/v1/hello": self._hello,
            "/v1/renew": self._renew,
            "/v1/sync": self._sync,
            "/v1/repair": self._repair,
            "/v1/fetch": self._fetch,
            "/v1/units": self._units,
            **dict.fromkeys(attachments.PATHS, self._contents),
        }
        verb = verbs.get(request.path)
        if verb is None or request.method != "POST":
            raise Refused("NOT_FOUND")
        checked(request)
        return verb(request)

    # -------------------------------------------------------------------------------------------------- who is there

    def _enrol(self, request: Request) -> Reply:
        now = self.now()
        if len(self._wrong_codes) == WRONG_CODES_A_MINUTE and now - self._wrong_codes[0] < MINUTE_MS:
            raise Refused("BUSY", retry_after=60)
        asked = EnrolRequest.from_wire(_json(request.body))
        with self.storage.writing() as session:
            identity = devices.enrol(session, asked, now)
        if identity is None:
            self._wrong_codes.append(now)
            raise Refused("BAD_CODE")
        return _json_reply(self.told(identity), {"scope": identity.scope, "device": identity.device})

    def _hello(self, request: Request) -> Reply:
        with self._speaking(*self.verified(request)) as (session, device):
            identity = devices.identity(session, device, self.now())
        protocol = {"oldest": versions.OLDEST, "current": versions.CURRENT}
        return _json_reply({**self.told(identity), "protocol": protocol}, _facts(device))

    def _renew(self, request: Request) -> Reply:
        said = _json(request.body)
        key = public_key(member(said, "key"))
        device, counter = self.verified(request, again=key)
        identity = self.renewed(device, counter, key, replaces=said.get("replaces") is True)
        return _json_reply(self.told(identity), {**_facts(device), "renewed": identity.device})

    def renewed(self, device: Device, counter: int | None, key: str, *, replaces: bool = False) -> Identity:
        """A new identity for a desk, in the place of the one that asks if it says so; without a counter, on a stick.

        Who changes a key does not change units: a desk goes to another one only after it heard SCOPE_GONE.
        """
        with self._speaking(device, counter) as (session, present):
            if replaces and present.successor is not None:
                raise Refused("SCOPE_GONE", devices.successor(session, present))
            identity = devices.renew(session, present, key, self.now())
            if replaces:
                devices.retire(session, present, self.now())
            return identity

    def told(self, identity: Identity) -> dict[str, Any]:
        """An identity as it travels, with the public keys of this server, and how much it wants at once."""
        public = self.keys.public if self.keys else {"sign": "", "seal": ""}
        limits = {"rows": messages.BATCH_ROWS, "bytes": messages.BATCH_BYTES, "page": messages.PAGE_ROWS}
        if self.blobs is not None:
            limits |= {"blob": blob_limits.MAX_SIZE, "part": blob_limits.PART}
        return replace(identity, sign_key=public["sign"], seal_key=public["seal"], limits=limits).to_wire()

    def verified(self, request: Request, *, again: str = "") -> tuple[Device, int]:
        """The device that signed a request, and the request's counter.

        One whose time is over may still ask for the identity that has the key `again` and came from it: nobody else
        has that key, and the answer may have been lost however long ago.
        """
        scope, number, counter, signature = devices.signer(request.headers)
        name = signing.device_name(scope, number)
        text = signing.signed_text(request.method, request.path, name, counter, request.body)
        with self.storage.reading() as session:
            known = devices.find(session, scope, number)
            late = bool(again and known and devices.asks_again(session, known, again))
        device = devices.authentic(known, text, signature)
        if device.expires_at is not None and device.expires_at < self.now() and not late:
            raise Refused("REVOKED")
        return device, counter

    @contextmanager
    def _speaking(self, device: Device, counter: int | None) -> Iterator[tuple[Session, Device]]:
        """A transaction in the name of a device; its counter, if any, is taken in it, and the device read anew."""
        with self.storage.writing() as session:
            present = devices.lock(session, device.scope, device.id) or device
            if counter is None:
                devices.seen(session, present, self.now())
            else:
                devices.take_counter(session, present, counter, self.now())
            yield session, present

    # ---------------------------------------------------------------------------------------------------------- sync

    def _sync(self, request: Request) -> Reply:
        asked, push = codec.split(request.body, 2)
        brief = short.HEADER in request.headers
        pull = short.pull_from_wire(_json(asked)) if brief else Pull.from_wire(_json(asked))
        known, counter = self.verified(request)  # before the batch is unpacked: a stranger costs nothing
        batch = batch_in(push) if push else None
        done = self.exchanged(known, counter, Said(pull, batch, body_hash(push)))
        up = len(batch.changes) if batch else 0
        facts = {**_facts(known), "up": up, "down": len(done.page.rows), "head": done.page.head, **done.facts}
        page = CODEC.pack_brief(short.page_to_wire(done.page)) if brief else CODEC.pack(done.page.to_wire())
        return Reply(200, codec.join(done.ack, page), facts=facts, short=brief)

    def exchanged(self, known: Device, counter: int | None, said: Said) -> Done:
        """One exchange, with what follows its commit; without a counter, one that came on a stick."""
        try:
            done = self._with_heads(known, counter, said)
        except Refused as refusal:
            self._note_loss(known, [said.pull.place, *([said.batch.place] if said.batch else [])], refusal)
            raise
        self.leases.note(known.scope, done.page.head)
        if done.erased.entries:
            self._forget(done.erased)
        return done

    def _with_heads(self, known: Device, counter: int | None, said: Said) -> Done:
        """One transaction; anew with more heads locked if the batch concerns other units."""
        heads = frozenset((known.scope,))
        for _ in range(TRIES):
            try:
                with self._speaking(known, counter) as (session, device):
                    feeds = Feeds(session, self.now(), device=device.id, units=heads)
                    return syncing.exchange(feeds, device, said, self.erased, carried=counter is None)
            except MoreHeads as more:
                heads |= more.units
        raise ContendedError("too many units at once")

    def _note_loss(self, device: Device, places: Sequence[Place], refusal: Refused) -> None:
        """A desk proved what this database has lost: the unit begins a new epoch, so that all desks look for more.

        But not for ever: past some epochs an hour the desk alone is told, and goes back to the last mark in common.
        """
        if refusal.code != "HISTORY":
            return
        with self.storage.writing() as session:
            head = history.lock_head(session, device.scope)
            lost = any(history.lacks(session, device.scope, head, place) for place in places)
            if lost and self._lives.may_begin(device.scope, self.now()):
                refusal.info["epoch"] = history.begin_anew(session, device.scope, head.epoch)

    def _forget(self, erased: Erased) -> None:
        """What follows the commit of an erasure."""
        erasing.finish(self.storage, self.erased, erased)
        self._forget_contents(erased)

    def _forget_contents(self, erased: Erased) -> None:
        if self.blobs is not None and erased.keys:
            self.blobs.forget(self.storage, erased.blobs, erased.keys)

    def sweep(self) -> int:
        """Deletes the contents of attachments that nothing has named for long; returns how many."""
        return self.blobs.sweep(self.storage, self.now() / 1000) if self.blobs else 0

    def purge(self) -> int:
        """Forgets old tombstones and marks in every unit; returns how many tombstones."""
        count = sum(rows for rows, _ in purging.purge(self.storage, self.now()).values())
        erasing.wipe(self.storage, self.now())
        return count

    def _contents(self, request: Request) -> Reply:
        device, counter = self.verified(request)
        body, facts = self.contents(device, counter, request)
        return Reply(200, body, facts={**_facts(device), **facts})

    def contents(self, known: Device, counter: int | None, request: Request) -> tuple[bytes, dict[str, Any]]:
        """What is asked and told about the contents of attachments; without a counter, on a stick."""
        if self.blobs is None:
            raise Refused("NOT_FOUND")
        talk = attachments.heard(request.path, request.body)
        with self._speaking(known, counter) as (session, device):
            granted = [grant(session, device.scope, one) for one in talk.named]
        return talk.answer(self.blobs, device.id, granted)

    # -------------------------------------------------------------------------------------------------------- repair

    def _repair(self, request: Request) -> Reply:
        sums = Sums.from_wire(_json(request.body))
        device = self._heard(request)
        try:
            with self.storage.reading() as session:
                versions = repairing.compare(session, device.scope, sums)
        except Refused as refusal:
            self._note_loss(device, [sums.place] if sums.place else [], refusal)
            raise
        return Reply(200, CODEC.pack(versions.to_wire()), facts={**_facts(device), "down": len(versions.rows)})

    def _fetch(self, request: Request) -> Reply:
        wanted = Wanted.from_wire(_json(request.body))
        device = self._heard(request)
        with self.storage.reading() as session:
            message = repairing.fetch(session, device.scope, wanted)
        return Reply(200, CODEC.pack(message), facts={**_facts(device), "down": len(wanted.keys)})

    def _units(self, request: Request) -> Reply:
        text = words(member(_json(request.body), "text"), units.LONGEST_NAME)
        device = self._heard(request)
        with self.storage.reading() as session:
            found = units.look_up(session, text)
        return _json_reply({"units": [[unit.id, unit.name, unit.kind] for unit in found]}, _facts(device))

    def _heard(self, request: Request) -> Device:
        """The desk that sent a request which only reads; its counter is taken."""
        with self._speaking(*self.verified(request)) as (session, device):
            if device.successor is not None:
                raise Refused("SCOPE_GONE", devices.successor(session, device))
            return device

    def close(self) -> None:
        """Writes down how far the units have come."""
        self.leases.close()


def refused(refusal: Refused) -> Reply:
    """A refusal as a reply."""
    return Reply(refusal.status, CODEC.dumps(refusal.body()), "application/json", {"code": refusal.code})


def _json(body: bytes) -> Any:
    try:
        return CODEC.loads(body)
    except ValueError as error:
        raise BadMessage("not JSON") from error


def _json_reply(message: object, facts: Mapping[str, Any]) -> Reply:
    return Reply(200, CODEC.dumps(message), "application/json", facts)


def batch_in(push: bytes) -> Batch:
    """The batch in a request; a desk halves one that cannot be read, until it finds the record at fault."""
    try:
        batch = Batch.from_wire(CODEC.unpack(push, codec.PUSH_CAP))
    except (codec.Unreadable, BadMessage) as error:
        raise Refused("BAD_REQUEST", {"part": "batch"}) from error
    if len(batch.changes) > messages.BATCH_ROWS:
        raise Refused("TOO_LARGE")
    # a deletion has no content (R11): what it said would be judged by nobody, and stand there when it is taken back
    batch.changes[:] = [one._replace(values={}) if one.op == "d" else one for one in batch.changes]
    return batch


def _facts(device: Device) -> dict[str, Any]:
    return {"scope": device.scope, "device": device.id}


def checked(request: Request) -> None:
    """Refuses what speaks another version of the protocol, or was damaged on its way."""
    if not {signing.HEADER_PROTOCOL, signing.HEADER_HASH} & request.headers.keys():
        raise Refused("DAMAGED")  # a gateway that takes away headers is no matter of versions
    spoken = request.headers.get(signing.HEADER_PROTOCOL, "")
    if not spoken.isdecimal() or not versions.understood(int(spoken[:6])):
        raise Refused("UPGRADE", {"oldest": versions.OLDEST, "current": versions.CURRENT})
    if request.headers.get(signing.HEADER_HASH) != body_hash(request.body):
        raise Refused("DAMAGED")
