"""The only door to the network.  Signs what goes out, checks what comes back, turns every failure into Chinese words.

Bodies are never logged: they hold personal data.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, ClassVar, Final, Protocol, TypeVar
from urllib.parse import urlsplit

import urllib3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from urllib3.util import SKIP_HEADER

from desktop_app.shared.clock import Clock
from desktop_app.shared.errors import AppError
from desktop_app.sync import lines, wholes
from desktop_app.sync.failures import DroppedError, NotOursError, not_ours, unreachable
from desktop_app.sync.patience import awaited
from desktop_app.sync.trust import Trust
from desktop_app.sync.wire import CODEC
from sync_protocol import codec, short, signing, versions
from sync_protocol.blobs import Held, Named, Part, held_from_wire
from sync_protocol.digests import body_hash
from sync_protocol.enrolment import EnrolRequest, Identity, Unit
from sync_protocol.messages import Ack, Page, Pull, Row, rows_from_wire
from sync_protocol.refusals import Refused
from sync_protocol.repair import Sums, Versions, Wanted
from sync_protocol.shapes import BadMessage, listed, member, whole

T = TypeVar("T")
CHUNK: Final = 256 << 10
KEPT_WAYS: Final = 8
CONNECTIONS: Final = 3
"""Kept to one server: a sync, whoever waits for news, contents."""
OK: Final = 200
_UNSAID: Final = {"user-agent": SKIP_HEADER, "accept-encoding": SKIP_HEADER}
"""What urllib3 would say of itself, 50 bytes in each request."""
COUNTER_TRIES: Final = 3
MOST_COUNTED: Final = 1 << 62
"""No true server has seen a counter that high; beyond it none would be left to say."""
IDLE_MS: Final = 60_000
"""A connection nobody spoke on for longer may be dead without a sign: a sleep, another network, a firewall."""
_NO_SHORT: Final = "no short form"
"""Learnt for as long as the program runs: the short form does not come through."""
MISUNDERSTOOD: Final = ("BAD_REQUEST", "DAMAGED", "UPGRADE", "UNKNOWN_DEVICE", "BAD_SIGNATURE")
"""What a server answers that does not know the short form, or to one that was damaged on its way."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport(Protocol):
    """Carries one request; raises NetworkError when there is no answer at all."""

    def post(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """One POST."""


@dataclass(frozen=True, slots=True)
class HttpTransport:
    """HTTP by urllib3.  No retries, no redirects: the engine knows what may be sent again; our server never moves."""

    takes_time: ClassVar[bool] = True
    """Another thread can work meanwhile: see `ahead`."""
    url: str
    _pool: urllib3.PoolManager = field(default_factory=lambda: _make_pool(Trust()))
    trust: Trust = field(default_factory=Trust)
    learnt: set[str] = field(default_factory=set, compare=False)
    clock: Clock = field(default_factory=Clock, compare=False)
    _answered: dict[str, int] = field(default_factory=dict, compare=False)
    """When the server last answered, in ticks, which go on while a computer sleeps."""

    @staticmethod
    def trusting(url: str, trust: Trust) -> "HttpTransport":
        """A transport to a server that has to prove itself as told; its connections are kept from sync to sync."""
        return _kept(url, trust)

    def post(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if self.clock.ticks() - self._answered.get(self.url, -IDLE_MS) >= IDLE_MS:
            self._pool.clear()
        pool = self._pool.connection_from_url(self.url)
        opened = pool.num_connections
        try:
            response, content = self._asked(path, headers, body)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            kept = isinstance(error, urllib3.exceptions.ProtocolError) and 0 < opened == pool.num_connections
            plain = unreachable(error, self.trust)
            raise (DroppedError(plain.message, next_step=plain.next_step) if kept else plain) from error
        self._answered[self.url] = self.clock.ticks()
        return Answer(response.status, {name.lower(): value for name, value in response.headers.items()}, content)

    def _asked(self, path: str, headers: Mapping[str, str], body: bytes) -> tuple[urllib3.BaseHTTPResponse, bytes]:
        response = self._pool.request(
            "POST",
            self.url + path,
            body=body,
            headers={**_UNSAID, **headers},
            retries=False,
            redirect=False,
            preload_content=False,
            decode_content=False,
        )
        return response, _content(response)


def _content(response: urllib3.BaseHTTPResponse) -> bytes:
    """What came back, up to the size of a page."""
    parts, size = [], 0
    while part := response.read1(CHUNK):
        parts.append(part)
        size += len(part)
        if size > codec.PAGE_CAP:
            response.close()
            raise not_ours()
    response.release_conn()
    return b"".join(parts)


@lru_cache(KEPT_WAYS)
def _kept(url: str, trust: Trust) -> HttpTransport:
    return HttpTransport(url, _make_pool(trust), trust)


def _make_pool(trust: Trust) -> urllib3.PoolManager:
    timeout = urllib3.Timeout(connect=lines.CONNECT_S, read=lines.READ_S)
    pool = urllib3.PoolManager(timeout=timeout, maxsize=CONNECTIONS, **trust.for_pool())
    pool.pool_classes_by_scheme = {"http": wholes.Pool, "https": wholes.SecurePool}
    return pool


def tidy_url(typed: str) -> str:
    """A server address as it was typed, or an AppError: `https://` is assumed, a trailing slash dropped."""
    text = typed.strip()
    text = (text if "://" in text else f"https://{text}").rstrip("/")
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise AppError(
            "服务器地址不对。",
            field="server_url",
            next_step="请照管理员给的地址填写，例如 https://sync.example.cn:8750 。",
        )
    return text


def new_key() -> bytes:
    """A private Ed25519 key, 32 raw bytes."""
    return secrets.token_bytes(32)


def public_key(key: bytes) -> str:
    """The public half in hex."""
    return Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw().hex()


@dataclass(slots=True)
class Client:
    """Speaks for one device.  `counter` is the last one used; it only ever grows.

    `mind` is called now and then while an answer is awaited that takes time, and raises to give it up.
    """

    transport: Transport
    scope: int = 0
    device: int = 0
    key: bytes = b""
    counter: int = 0
    mind: Callable[[], None] | None = None

    @property
    def takes_time(self) -> bool:
        """Whether a request leaves this computer, so that another thread may work while it is on its way."""
        return bool(getattr(self.transport, "takes_time", False))

    def sync(self, pull: Pull, push: bytes = b"") -> tuple[Ack | None, Page]:
        """Hands over a batch, if there is one, and takes a page; in few words where the server understands them.

        What it does not understand it has not taken, so that the same may be said again in the long form.
        """
        if short.OFFER in self._learnt and short.fits(pull):
            try:
                return self._sync(pull, push, brief=True)
            except NotOursError:  # something between us does not let it through
                self._learnt.clear()
            except Refused as error:
                if error.code not in MISUNDERSTOOD or "part" in error.info:
                    raise
                self._learnt.clear()
            self._learnt.add(_NO_SHORT)
        return self._sync(pull, push, brief=False)

    @property
    def _learnt(self) -> set[str]:
        """What the other end has told that it can do; it lasts as long as the transport."""
        learnt: set[str] = getattr(self.transport, "learnt", set())
        return learnt

    def _sync(self, pull: Pull, push: bytes, *, brief: bool) -> tuple[Ack | None, Page]:
        said = short.pull_to_wire(pull) if brief else pull.to_wire()
        answer = self._signed("/v1/sync", codec.join(CODEC.dumps(said), push), "" if brief else signing.CONTENT_TYPE)
        if short.OFFER in answer.headers and _NO_SHORT not in self._learnt:
            self._learnt.add(short.OFFER)
        try:
            ack, page = codec.split(answer.body, 2)
            taken = Ack.from_wire(CODEC.unpack(ack, codec.PAGE_CAP)) if push else None
            if brief:
                return taken, short.page_from_wire(CODEC.unpack_brief(page, codec.PAGE_CAP))
            return taken, Page.from_wire(CODEC.unpack(page, codec.PAGE_CAP))
        except (codec.Unreadable, BadMessage) as error:
            raise not_ours() from error

    def hello(self) -> Identity:
        """Who the server takes this desk for; also tells that all is well between the two."""
        return _identity(self._signed("/v1/hello", b"{}", "application/json"))

    def limits(self) -> tuple[Identity, Mapping[str, Any]]:
        """As `hello`, and how much the server wants at once."""
        message = self._json("/v1/hello", b"{}")
        found = message.get("limits") if isinstance(message, dict) else None
        return _understood(lambda: Identity.from_wire(message)), found if isinstance(found, dict) else {}

    def repair(self, sums: Sums) -> Versions:
        """What the server has where the sums differ."""
        answer = self._signed("/v1/repair", CODEC.dumps(sums.to_wire()), "application/json")
        return _understood(lambda: Versions.from_wire(CODEC.unpack(answer.body, codec.PAGE_CAP)))

    def fetch(self, keys: Sequence[tuple[str, str]]) -> list[Row]:
        """Some records, whole."""
        answer = self._signed("/v1/fetch", CODEC.dumps(Wanted(tuple(keys)).to_wire()), "application/json")
        return _understood(lambda: rows_from_wire(member(CODEC.unpack(answer.body, codec.PAGE_CAP), "groups")))

    def wait(self, cursor: int, seconds: int) -> int:
        """The head of this desk's unit, as soon as it is above `cursor` or after so many seconds."""
        body = CODEC.dumps({"cur": cursor, "seconds": seconds})
        return _understood(lambda: whole(member(self._json("/v1/wait", body), "head")))

    def units(self, text: str) -> list[Unit]:
        """Communities whose name or code matches."""
        body = CODEC.dumps({"text": text})
        return _understood(lambda: listed(member(self._json("/v1/units", body), "units"), Unit.from_wire))

    def renew(self, public: str, *, replaces: bool = False) -> Identity:
        """Asks for a new identity with a new key, in the place of this one or beside it."""
        said = {"key": public} | ({"replaces": True} if replaces else {})
        return _identity(self._signed("/v1/renew", CODEC.dumps(said), "application/json"))

    def enrol(self, request: EnrolRequest) -> Identity:
        """Asks to be let in."""
        body = CODEC.dumps(request.to_wire())
        headers = _headers(body, "application/json")
        try:
            answer = self.transport.post("/v1/enrol", headers, body)
        except DroppedError:  # the same code with the same key is answered again
            answer = self.transport.post("/v1/enrol", headers, body)
        return _identity(_checked(answer))

    def blobs(self, asked: Sequence[Named]) -> list[Held]:
        """How much of some contents the server has."""
        body = CODEC.dumps({"ask": [one.to_wire() for one in asked]})
        return _understood(lambda: held_from_wire(self._json("/v1/blobs", body), len(asked)))

    def put_blob(self, part: Part, data: bytes) -> Held:
        """Hands over some bytes of a content."""
        body = codec.join(CODEC.dumps(part.to_wire()), data)
        answer = self._signed("/v1/blob/put", body, signing.CONTENT_TYPE)
        return _understood(lambda: Held.from_wire(member(CODEC.loads(answer.body), "blob")))

    def get_blob(self, part: Part) -> tuple[int, bytes]:
        """Size of a content, and some of its bytes."""
        answer = self._signed("/v1/blob/get", CODEC.dumps(part.to_wire()), "application/json")

        def read() -> tuple[int, bytes]:
            told, data = codec.split(answer.body, 2)
            return whole(member(CODEC.loads(told), "size")), data

        return _understood(read)

    def _json(self, path: str, body: bytes) -> Any:
        answer = self._signed(path, body, "application/json")
        return _understood(lambda: CODEC.loads(answer.body))

    def _signed(self, path: str, body: bytes, content_type: str) -> Answer:
        """A signed request; if the server has seen its counter, it goes again with a higher one."""
        for attempt in range(COUNTER_TRIES):
            try:
                return _checked(self._posted(path, self.signed(path, body, content_type), body))
            except DroppedError:
                if attempt:
                    raise
            except Refused as refusal:
                seen = refusal.info.get("counter")
                if refusal.code != "STALE" or type(seen) is not int or seen >= MOST_COUNTED:
                    raise
                self.counter = max(self.counter, seen)
        raise Refused("STALE")

    def _posted(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        ask = partial(self.transport.post, path, headers, body)
        return awaited(ask, self.mind) if self.mind and self.takes_time else ask()

    def signed(self, path: str, body: bytes, content_type: str = signing.CONTENT_TYPE) -> dict[str, str]:
        """The headers of a request, with the next counter and the signature over it; without a type, the short form."""
        self.counter += 1
        name = signing.device_name(self.scope, self.device)
        text = signing.signed_text("POST", path, name, self.counter, body)
        if not content_type:
            signature = Ed25519PrivateKey.from_private_bytes(self.key).sign(text)
            return {short.HEADER: short.request_header(self.scope, self.device, self.counter, signature)}
        return {
            **_headers(body, content_type),
            signing.HEADER_DEVICE: name,
            signing.HEADER_COUNTER: str(self.counter),
            signing.HEADER_SIGNATURE: Ed25519PrivateKey.from_private_bytes(self.key).sign(text).hex(),
        }


def _headers(body: bytes, content_type: str) -> dict[str, str]:
    return {
        "content-type": content_type,
        signing.HEADER_PROTOCOL: str(versions.CURRENT),
        signing.HEADER_HASH: body_hash(body),
    }


def _checked(answer: Answer) -> Answer:
    """The answer, if it is our server's and whole; raises Refused or NetworkError otherwise."""
    brief = answer.headers.get(short.HEADER)
    if brief != short.answer_header(answer.body) if brief else not _is_whole(answer):
        raise not_ours()
    if answer.status != OK:
        try:
            raise Refused.from_body(CODEC.loads(answer.body))
        except ValueError as error:
            raise not_ours() from error
    return answer


def _is_whole(answer: Answer) -> bool:
    return answer.headers.get(signing.HEADER_HASH) == body_hash(answer.body)


def _understood(read: Callable[[], T]) -> T:
    """What an answer says; one of another shape is not from our server."""
    try:
        return read()
    except ValueError as error:
        raise not_ours() from error


def _identity(answer: Answer) -> Identity:
    try:
        message: Any = CODEC.loads(answer.body)
        return Identity.from_wire(message)
    except ValueError as error:
        raise not_ours() from error
