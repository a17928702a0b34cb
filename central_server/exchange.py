"""The one conversation: a desk shows who it is and how far it has come, hands over a batch and takes a page."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from central_server import devices, history, mailbox
from central_server.devices import Device
from central_server.history import Head
from central_server.storage import Session, Storage
from central_server.wire import CODEC
from sync_protocol import codec, messages, signing, versions
from sync_protocol.digests import body_hash
from sync_protocol.enrolment import EnrolRequest, public_key
from sync_protocol.messages import Ack, Batch, Page, Pull
from sync_protocol.refusals import Refused
from sync_protocol.shapes import BadMessage, member

WRONG_CODES_A_MINUTE: Final = 30
"""More wrong enrolment codes than this within a minute, from all sides, and everybody waits."""
MINUTE_MS: Final = 60_000
MOST_ROWS: Final = 5000


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


def wall_clock() -> int:
    """UTC milliseconds."""
    return time.time_ns() // 1_000_000


class Central:
    """The server without its HTTP shell.  `answer` may be called from any thread."""

    def __init__(self, storage: Storage, now: Callable[[], int] = wall_clock) -> None:
        self.storage = storage
        self._now = now
        self._wrong_codes: deque[int] = deque(maxlen=WRONG_CODES_A_MINUTE)

    def answer(self, request: Request) -> Reply:
        """The reply to a request.  Refusals and garbage are answered as such; any other exception is a bug."""
        try:
            return self._answer(request)
        except Refused as refusal:
            return refused(refusal)
        except (codec.Unreadable, BadMessage):
            return refused(Refused("BAD_REQUEST"))

    def _answer(self, request: Request) -> Reply:
        verbs: dict[str, Callable[[Request], Reply]] = {
            "/v1/enrol": self._enrol,
            "/v1/hello": self._hello,
            "/v1/renew": self._renew,
            "/v1/sync": self._sync,
        }
        verb = verbs.get(request.path)
        if verb is None or request.method != "POST":
            raise Refused("NOT_FOUND")
        _check_version(request.headers)
        if request.headers.get(signing.HEADER_HASH) != body_hash(request.body):
            raise Refused("DAMAGED")
        return verb(request)

    # -------------------------------------------------------------------------------------------------- who is there

    def _enrol(self, request: Request) -> Reply:
        now = self._now()
        if len(self._wrong_codes) == WRONG_CODES_A_MINUTE and now - self._wrong_codes[0] < MINUTE_MS:
            raise Refused("BUSY", retry_after=60)
        asked = EnrolRequest.from_wire(_json(request.body))
        with self.storage.writing() as session:
            identity = devices.enrol(session, asked, now)
        if identity is None:
            self._wrong_codes.append(now)
            raise Refused("BAD_CODE")
        return _json_reply(identity.to_wire(), {"scope": identity.scope, "device": identity.device})

    def _hello(self, request: Request) -> Reply:
        with self._speaking(*self._verified(request)) as (session, device):
            identity = devices.identity(session, device, self._now())
        limits = {"rows": messages.BATCH_ROWS, "bytes": messages.BATCH_BYTES, "page": messages.PAGE_ROWS}
        protocol = {"oldest": versions.OLDEST, "current": versions.CURRENT}
        return _json_reply({**identity.to_wire(), "limits": limits, "protocol": protocol}, _facts(device))

    def _renew(self, request: Request) -> Reply:
        key = public_key(member(_json(request.body), "key"))
        with self._speaking(*self._verified(request)) as (session, device):
            identity = devices.renew(session, device, key, self._now())
        return _json_reply(identity.to_wire(), {**_facts(device), "renewed": identity.device})

    def _verified(self, request: Request) -> tuple[Device, int]:
        """The device that signed a request, and the request's counter."""
        scope, number, counter, signature = devices.signer(request.headers)
        name = signing.device_name(scope, number)
        text = signing.signed_text(request.method, request.path, name, counter, request.body)
        with self.storage.reading() as session:
            known = devices.find(session, scope, number)
        return devices.authentic(known, text, signature), counter

    @contextmanager
    def _speaking(self, device: Device, counter: int) -> Iterator[tuple[Session, Device]]:
        """A transaction in the name of a device; its counter is taken in it, and the device read anew."""
        with self.storage.writing() as session:
            present = devices.find(session, device.scope, device.id) or device
            devices.take_counter(session, present, counter, self._now())
            yield session, present

    # ---------------------------------------------------------------------------------------------------------- sync

    def _sync(self, request: Request) -> Reply:
        asked, push = codec.split(request.body, 2)
        pull = Pull.from_wire(_json(asked))
        known, counter = self._verified(request)  # before the batch is unpacked: a stranger costs nothing
        batch = _batch(push) if push else None
        with self._speaking(known, counter) as (session, device):
            if batch and (batch.scope, batch.device) != (device.scope, device.id):
                raise Refused("BAD_REQUEST")
            ack, page = self._exchange(session, device, pull, batch, body_hash(push))
        up = len(batch.changes) if batch else 0
        facts = {**_facts(device), "up": up, "down": len(page.rows), "head": page.head}
        return Reply(200, codec.join(ack, CODEC.pack(page.to_wire())), facts=facts)

    def _exchange(
        self, session: Session, device: Device, pull: Pull, batch: Batch | None, digest: str
    ) -> tuple[bytes, Page]:
        head = history.lock_head(session, device.scope)
        history.check_history(session, device.scope, head, pull.place)
        devices.ratchet(session, device, *pull.nonce)
        after, reply = pull.place.cur, b""
        if batch:
            reply, ack = self._take(session, head, device, batch, digest)
            head = history.lock_head(session, device.scope)
            if ack.contiguous and batch.place.cur == after:
                after = ack.last  # the desk has that already
        limit = max(1, min(pull.limit, MOST_ROWS))
        return reply, mailbox.page(session, device.scope, head, after, limit=limit, now=self._now())

    def _take(self, session: Session, head: Head, device: Device, batch: Batch, digest: str) -> tuple[bytes, Ack]:
        """Every batch counts exactly once: the same bytes again get the same answer."""
        if batch.number == device.batch_no and digest == device.batch_hash and device.ack is not None:
            stored = bytes(device.ack)
            return stored, Ack.from_wire(CODEC.unpack(stored, codec.PAGE_CAP))
        history.check_history(session, device.scope, head, batch.place)
        if (batch.number, batch.prev) != (device.batch_no + 1, device.batch_hash):
            raise Refused("CLONE")
        ack = mailbox.append(session, head, batch, self._now())
        packed = CODEC.pack(ack.to_wire())
        devices.remember_batch(session, device, batch.number, digest, packed)
        return packed, ack


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


def _batch(push: bytes) -> Batch:
    """The batch in a request; a desk halves one that cannot be read, until it finds the record at fault."""
    try:
        batch = Batch.from_wire(CODEC.unpack(push, codec.PUSH_CAP))
    except (codec.Unreadable, BadMessage) as error:
        raise Refused("BAD_REQUEST", {"part": "batch"}) from error
    if len(batch.changes) > MOST_ROWS:
        raise Refused("TOO_LARGE")
    return batch


def _facts(device: Device) -> dict[str, Any]:
    return {"scope": device.scope, "device": device.id}


def _check_version(headers: Mapping[str, str]) -> None:
    spoken = headers.get(signing.HEADER_PROTOCOL, "")
    if not spoken.isdecimal() or not versions.understood(int(spoken[:6])):
        raise Refused("UPGRADE", {"oldest": versions.OLDEST, "current": versions.CURRENT})
