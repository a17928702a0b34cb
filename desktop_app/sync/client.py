"""The only door to the network.  Signs what goes out, checks what comes back, turns every failure into Chinese words.

Bodies are never logged: they hold personal data.
"""

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, Self, TypeVar
from urllib.parse import urlsplit

import urllib3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from urllib3.util import SKIP_HEADER

from desktop_app.shared.errors import AppError, NetworkError
from desktop_app.sync.trust import Trust
from desktop_app.sync.wire import CODEC
from sync_protocol import codec, signing, versions
from sync_protocol.blobs import Held, Named, Part, held_from_wire
from sync_protocol.digests import body_hash
from sync_protocol.enrolment import EnrolRequest, Identity, Unit
from sync_protocol.messages import Ack, Page, Pull, Row, rows_from_wire
from sync_protocol.refusals import KEPT, Refused
from sync_protocol.repair import Sums, Versions, Wanted
from sync_protocol.shapes import BadMessage, listed, member, whole

T = TypeVar("T")
CONNECT_S: Final = 10.0
READ_S: Final = 60.0
MOST_S: Final = 600.0
"""Seconds to connect, between two bytes, for a whole answer."""
CHUNK: Final = 256 << 10
OK: Final = 200
_UNSAID: Final = {"user-agent": SKIP_HEADER, "accept-encoding": SKIP_HEADER}
"""What urllib3 would say of itself, 50 bytes in each request."""
COUNTER_TRIES: Final = 3
PASSING: Final = ("BUSY", "SERVER_ERROR", "DAMAGED", "STALE")
"""Refusals that have to do with the moment, not with this desk."""


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

    url: str
    _pool: urllib3.PoolManager = field(default_factory=lambda: _make_pool(Trust()))
    trust: Trust = field(default_factory=Trust)

    @classmethod
    def trusting(cls, url: str, trust: Trust) -> Self:
        """A transport to a server that has to prove itself as told."""
        return cls(url, _make_pool(trust), trust)

    def post(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        try:
            response, content = self._answered(path, headers, body)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise unreachable(error, self.trust) from error
        return Answer(response.status, {name.lower(): value for name, value in response.headers.items()}, content)

    def _answered(self, path: str, headers: Mapping[str, str], body: bytes) -> tuple[urllib3.BaseHTTPResponse, bytes]:
        """Once more on a new connection if the one that was kept had been closed by the other end.

        If the request was taken all the same, the second is STALE, and the third, with a new counter, changes nothing.
        """
        pool = self._pool.connection_from_url(self.url)
        opened = pool.num_connections
        try:
            return self._asked(path, headers, body)
        except urllib3.exceptions.ProtocolError:
            if not 0 < opened == pool.num_connections:
                raise
            return self._asked(path, headers, body)

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
    """What came back, up to the size of a page, and no longer than patience lasts: a drip of bytes is no answer."""
    parts, size, started = [], 0, time.monotonic()
    while part := response.read1(CHUNK):
        parts.append(part)
        size += len(part)
        if size > codec.PAGE_CAP:
            response.close()
            raise not_ours()
        if time.monotonic() - started > MOST_S:
            response.close()
            raise urllib3.exceptions.ReadTimeoutError(None, None, "Timeout")  # type: ignore[arg-type]
    response.release_conn()
    return b"".join(parts)


def _make_pool(trust: Trust) -> urllib3.PoolManager:
    timeout = urllib3.Timeout(connect=CONNECT_S, read=READ_S)
    return urllib3.PoolManager(timeout=timeout, **trust.for_pool())


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


def unreachable(error: Exception, trust: Trust = Trust()) -> NetworkError:  # noqa: B008 - it cannot be changed
    """Words for a connection that did not come about or broke."""
    words = f"{type(error).__name__} {error}"
    if trust.pinned and ("CERTIFICATE_VERIFY_FAILED" in words or "ingerprint" in words):
        return NetworkError(
            f"服务器出示的证书不是接入时约定的那一张，可能有人冒充服务器，没有上报。{KEPT}",
            next_step="请向管理员核对：确实换了证书，运行 linli trust 登记新的；否则不要继续。",
        )
    if "CertificateError" in words or "CERTIFICATE_VERIFY_FAILED" in words or "SSLError" in words:
        return NetworkError(
            f"服务器的安全证书不受信任，为防泄露没有上报。{KEPT}",
            next_step="请检查电脑的日期和时间；仍不行请联系管理员安装单位的证书。",
        )
    if "NameResolutionError" in words:
        return NetworkError(f"找不到服务器（地址无法解析）。{KEPT}", next_step="请检查网络和服务器地址。")
    if "Timeout" in words:
        return NetworkError(f"服务器没有及时回应。{KEPT}", next_step="可以照常工作，请稍后再同步。")
    return NetworkError(f"连不上服务器。{KEPT}", next_step="可以照常登记和打印，请检查网络后再同步。")


def not_ours() -> NetworkError:
    """Words for an answer that is not from our server."""
    return NetworkError(
        f"回应的不是邻里工作站的服务器（可能是上网认证页面，或地址填错）。{KEPT}",
        next_step="请先在浏览器里登录网络，或核对服务器地址，然后再同步。",
    )


def spoken(refusal: Refused) -> AppError:
    """A refusal as an error for the person; what has to do with the moment only is a matter of the network."""
    wait = f"约 {refusal.retry_after} 秒后再试。" if refusal.retry_after else None
    if refusal.code in PASSING:
        return NetworkError(refusal.message, next_step=wait)
    return AppError(refusal.message, field="code" if refusal.code == "BAD_CODE" else None, next_step=wait)


def new_key() -> bytes:
    """A private Ed25519 key, 32 raw bytes."""
    return secrets.token_bytes(32)


def public_key(key: bytes) -> str:
    """The public half in hex."""
    return Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw().hex()


@dataclass(slots=True)
class Client:
    """Speaks for one device.  `counter` is the last one used; it only ever grows."""

    transport: Transport
    scope: int = 0
    device: int = 0
    key: bytes = b""
    counter: int = 0

    def sync(self, pull: Pull, push: bytes = b"") -> tuple[Ack | None, Page]:
        """Hands over a batch, if there is one, and takes a page."""
        answer = self._signed("/v1/sync", codec.join(CODEC.dumps(pull.to_wire()), push), signing.CONTENT_TYPE)
        try:
            ack, page = codec.split(answer.body, 2)
            taken = Ack.from_wire(CODEC.unpack(ack, codec.PAGE_CAP)) if push else None
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

    def renew(self, public: str) -> Identity:
        """Asks for a new identity with a new key."""
        return _identity(self._signed("/v1/renew", CODEC.dumps({"key": public}), "application/json"))

    def enrol(self, request: EnrolRequest) -> Identity:
        """Asks to be let in."""
        body = CODEC.dumps(request.to_wire())
        return _identity(_checked(self.transport.post("/v1/enrol", _headers(body, "application/json"), body)))

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
        return CODEC.loads(self._signed(path, body, "application/json").body)

    def _signed(self, path: str, body: bytes, content_type: str) -> Answer:
        """A signed request; if the server has seen its counter, it goes again with a higher one."""
        for _ in range(COUNTER_TRIES):
            try:
                return _checked(self.transport.post(path, self.signed(path, body, content_type), body))
            except Refused as refusal:
                seen = refusal.info.get("counter")
                if refusal.code != "STALE" or not isinstance(seen, int):
                    raise
                self.counter = max(self.counter, seen)
        raise Refused("STALE")

    def signed(self, path: str, body: bytes, content_type: str = signing.CONTENT_TYPE) -> dict[str, str]:
        """The headers of a request, with the next counter and the signature over it."""
        self.counter += 1
        name = signing.device_name(self.scope, self.device)
        text = signing.signed_text("POST", path, name, self.counter, body)
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
    if answer.headers.get(signing.HEADER_HASH) != body_hash(answer.body):
        raise not_ours()
    if answer.status != OK:
        try:
            raise Refused.from_body(CODEC.loads(answer.body))
        except ValueError as error:
            raise not_ours() from error
    return answer


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
