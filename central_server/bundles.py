"""The other way to talk to a desk: it hands over its requests in a file and takes the answers home in another.

    up       requests as they would have come over the network, sealed to this server, signed by the desk
    down     an answer to each of them, then pages up to the head, sealed to a key made for this file alone
    starter  an identity and all pages of a unit, under a passcode: a new desk is set up from it without a network

A request may come both ways, late, or twice.  A batch counts once (its number and hash say so); the counter of requests
and the nonce are not asked for, because the desk may have gone on over the network since it made the file.
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Final, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from central_server import attachments, devices, history, mailbox
from central_server.devices import Device
from central_server.exchange import Central, batch_in, checked
from central_server.exchange import Request as Asked
from central_server.keys import ServerKeys
from central_server.sealing import CRYPTO
from central_server.storage import Session
from central_server.syncing import Said
from central_server.wire import CODEC
from sync_protocol import bundle, codec, enrolment
from sync_protocol.bundle import Answer, Header, Request, Way
from sync_protocol.digests import body_hash
from sync_protocol.messages import PAGE_ROWS, Pull
from sync_protocol.refusals import Refused
from sync_protocol.shapes import BadMessage, member

MOST_DOWN: Final = 64 << 20
"""About so many bytes of pages go into one answer; what is left goes into the next."""
MOST_STARTER: Final = 256 << 20
DAY_MS: Final = 86_400_000
SYNC: Final = "/v1/sync"
RENEW: Final = "/v1/renew"
T = TypeVar("T")


class BundleError(Exception):
    """A file that cannot be answered; the text is Chinese and says what to do."""


def answer(central: Central, keys: ServerKeys, data: bytes) -> bytes:
    """The file that goes back to the desk.  BundleError for one that is damaged or of somebody else."""
    header = _header(data)
    device = _sender(central, header)
    try:
        content = bundle.unseal(CRYPTO, data, _opener(keys), bytes.fromhex(device.key))
        requests = bundle.unpack_requests(content)
        reply_to = bytes.fromhex(enrolment.public_key(header.reply_to))
    except ValueError as error:
        raise BundleError("文件已损坏或被改动过，没有接收任何内容。请在那台电脑上重新导出一次。") from error
    answers = [*_Hearing(central, device).answers(requests)]
    back = Header(Way.DOWN, header.scope, header.device, central.now())
    return bundle.seal(CRYPTO, back, reply_to, keys.sign, bundle.pack(answers))


def _header(data: bytes) -> Header:
    try:
        header, _ = bundle.read_header(data)
    except codec.Unreadable as error:
        raise BundleError("这不是邻里工作站从U盘导出的文件，或者没有拷贝完整。请核对文件，或重新拷贝。") from error
    if header.way is not Way.UP:
        raise BundleError("这是服务器发出的文件，不是电脑导出的。请把它带回那台电脑“从U盘导入”。")
    return header


def _sender(central: Central, header: Header) -> Device:
    with central.storage.reading() as session:
        device = devices.find(session, header.scope, header.device)
    if device is None:
        raise BundleError("服务器不认识导出这个文件的电脑。请为它发一个接入码或启动文件，重新接入。")
    if device.revoked_at is not None:
        raise BundleError(f"“{device.name}”已被停用，没有接收它的文件。")
    if device.expires_at is not None and device.expires_at < central.now():
        raise BundleError(f"“{device.name}”的启动文件已经过期，没有接收它的文件。请重新发一个启动文件。")
    return device


def _opener(keys: ServerKeys) -> Callable[[Header, bytes], bytes]:
    def private(_: Header, sealed_to: bytes) -> bytes:
        if sealed_to.hex() != keys.public["seal"]:
            raise BundleError("这个文件是给另一台服务器的，没有接收。请在那台电脑上核对服务器，再导出一次。")
        return keys.seal

    return private


class _Hearing:
    """The requests of one file, answered one after the other until one is refused."""

    def __init__(self, central: Central, device: Device) -> None:
        self._central, self._device = central, device
        self._refused = ""
        self._after = 0

    def answers(self, requests: Sequence[Request]) -> Iterator[Answer]:
        """An answer to each request, then the pages."""
        syncs = [request for request in requests if request.path == SYNC][: bundle.MOST_BATCHES]
        for at, request in enumerate(syncs):
            if not self._refused:
                yield self._attempt(request, partial(self._sync, request, first=at == 0))
        if syncs and not self._refused:
            yield from self._pages()
        if not self._refused:
            yield from self._contents([one for one in requests if one.path in attachments.PATHS])
        for request in requests:
            if request.path == RENEW and self._needs_identity(request):
                yield self._attempt(request, partial(self._renew, request))

    def _needs_identity(self, request: Request) -> bool:
        return self._refused in bundle.NEEDS_IDENTITY or request.headers.get(bundle.WHEN) == bundle.ALWAYS

    def _attempt(self, request: Request, work: Callable[[], Answer]) -> Answer:
        try:
            return self._central.uncontended(work)
        except Refused as refusal:
            return self._refusal(request, refusal)
        except (codec.Unreadable, BadMessage):
            return self._refusal(request, Refused("BAD_REQUEST"))

    def _refusal(self, request: Request, refusal: Refused) -> Answer:
        if refusal.code != "LATE":  # the desk has the answer to it, or takes a new identity: what follows may be new
            self._refused = self._refused or refusal.code
        return Answer(refusal.status, _headers(request), CODEC.dumps(refusal.body()))

    def _verified(self, request: Request) -> Asked:
        asked = Asked("POST", request.path, request.headers, request.body)
        checked(asked)
        known, _ = self._central.verified(asked)
        if (known.scope, known.id) != (self._device.scope, self._device.id):
            raise Refused("BAD_SIGNATURE")
        return asked

    def _sync(self, request: Request, *, first: bool) -> Answer:
        asked, push = codec.split(self._verified(request).body, 2)
        pull = Pull.from_wire(_json(asked))
        batch = batch_in(push) if push else None
        if first:
            self._after = pull.place.cur
            self._forget_acks(batch.number if batch else 0)
        done = self._central.exchanged(self._device, None, Said(pull, batch, body_hash(push)))
        self._after = max(self._after, done.after)
        return Answer(200, _headers(request), codec.join(done.ack, b""))

    def _contents(self, requests: Sequence[Request]) -> Iterator[Answer]:
        """Contents of attachments, in and out: one that is not taken stands in no other's way."""
        left = bundle.MOST_CONTENTS
        for request in requests:
            if left <= 0:
                return
            try:
                told = self._central.uncontended(partial(self._content, request))
            except Refused as refusal:
                told = Answer(refusal.status, _headers(request), CODEC.dumps(refusal.body()))
            except (codec.Unreadable, BadMessage):
                continue
            left -= len(told.body)
            yield told

    def _content(self, request: Request) -> Answer:
        body, _ = self._central.contents(self._device, None, self._verified(request))
        return Answer(200, _headers(request), body)

    def _forget_acks(self, before: int) -> None:
        with self._central.storage.writing() as session:
            devices.forget_acks(session, self._device, before)

    def _renew(self, request: Request) -> Answer:
        key = enrolment.public_key(member(_json(self._verified(request).body), "key"))
        identity = self._central.renewed(self._device, None, key)
        return Answer(200, _headers(request) | {bundle.PUBLIC: key}, CODEC.dumps(self._central.told(identity)))

    def _pages(self) -> Iterator[Answer]:
        with self._central.storage.reading() as session:
            present = devices.find(session, self._device.scope, self._device.id)
            gone = devices.successor(session, present) if present and present.successor is not None else None
        if gone is not None:
            yield self._refusal(Request(SYNC, {}, b""), Refused("SCOPE_GONE", gone))
            return
        for page, to in _pages(self._central, self._device.scope, self._after, MOST_DOWN):
            self._after = to
            yield page
        with self._central.storage.writing() as session:
            devices.note_told(session, self._device, self._after)


def _headers(request: Request) -> dict[str, str]:
    """What an answer is about."""
    found = {bundle.FOR: request.path}
    if request.path in attachments.PATHS:
        with suppress(codec.Unreadable, BadMessage):
            part = attachments.heard(request.path, request.body).part
            found |= {bundle.ABOUT: f"{part.named.record} {part.named.sha256} {part.offset}"} if part else {}
    if request.path == SYNC:
        try:
            _, push = codec.split(request.body, 2)
            found |= {bundle.BATCH: str(batch_in(push).number), bundle.HASH: body_hash(push)} if push else {}
        except (codec.Unreadable, Refused):
            pass
    return found


def _json(text: bytes) -> object:
    try:
        return CODEC.loads(text)
    except ValueError as error:
        raise BadMessage("not JSON") from error


def _pages(central: Central, unit: int, after: int, most: int) -> Iterator[tuple[Answer, int]]:
    """The pages after a number, each with that at which it ends, up to the head or as many as one file holds."""
    size = 0
    while size < most:
        with central.storage.reading() as session:
            head = history.read_head(session, unit)
            page = mailbox.page(session, unit, head, after, limit=PAGE_ROWS, now=central.now())
        body = codec.join(b"", CODEC.pack(page.to_wire()))
        yield Answer(200, {bundle.FOR: bundle.PAGE, bundle.AFTER: str(after)}, body), page.to
        size, after = size + len(body), page.to
        if not page.more:
            central.leases.note(unit, page.head)
            return


# -------------------------------------------------------------------------------------------------------------- starter


def starter(central: Central, unit: int, name: str, *, url: str = "", fingerprint: str = "") -> tuple[bytes, str]:
    """A file that a new desk of a unit is set up from, and its passcode, which is told once and kept nowhere.

    `url` and `fingerprint`: where and how the desk finds the server, should it ever have a network.  LookupError if
    there is no such unit.
    """
    now, key, passcode, salt = central.now(), secrets.token_bytes(32), _passcode(), secrets.token_hex(16)
    public = Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw().hex()
    expires = now + bundle.STARTER_DAYS * DAY_MS

    def add(session: Session) -> enrolment.Identity:
        if not devices.unit_name(session, unit):
            raise LookupError(unit)
        return devices.add_starter(session, unit, name, public, now, expires)

    identity = central.uncontended(lambda: _written(central, add))
    told = {"identity": central.told(identity), "key": key.hex(), "url": url, "fingerprint": fingerprint}
    first = Answer(200, {bundle.FOR: bundle.STARTER}, CODEC.dumps(told))
    content = bundle.pack([first, *(page for page, _ in _pages(central, unit, 0, MOST_STARTER))])
    header = Header(Way.STARTER, unit, identity.device, now, salt=salt)
    return bundle.lock(CRYPTO, header, bundle.passcode_key(Argon2id, passcode, salt), content), passcode


def _passcode() -> str:
    return "".join(secrets.choice(enrolment.CODE_ALPHABET) for _ in range(bundle.PASSCODE_LENGTH))


def _written(central: Central, work: Callable[[Session], T]) -> T:
    with central.storage.writing() as session:
        return work(session)
