"""The real application on a fresh data folder, and a client that signs like a desk."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central_server import devices, history
from central_server.app import make_app
from central_server.exchange import Central
from sync_protocol import codec, signing, versions
from sync_protocol.digests import body_hash
from sync_protocol.messages import Ack, Batch, Change, Page, Place, Pull
from sync_protocol.refusals import Refused
from tests import storages
from tests.server.http import Http
from tests.storages import Disk

SCOPE = 420299001001
NAME = "红旗桥社区"
CODEC = codec.make(orjson, zstandard)


class Clock:
    """UTC milliseconds that stand still until they are moved."""

    def __init__(self) -> None:
        self.ms = 1_780_000_000_000

    def __call__(self) -> int:
        return self.ms


class Station:
    """A server under test."""

    def __init__(self, disk: Disk) -> None:
        self.clock = Clock()
        self.storage = disk.open()
        self.http = Http(make_app(Central(self.storage, now=self.clock)))
        with self.storage.writing() as session:
            history.open_unit(session, SCOPE, NAME, self.clock.ms)

    def code(self, scope: int = SCOPE) -> str:
        with self.storage.writing() as session:
            return devices.make_code(session, scope, self.clock.ms)

    def post(self, path: str, body: bytes, headers: dict[str, str] | None = None):
        given = {
            signing.HEADER_PROTOCOL: str(versions.CURRENT),
            signing.HEADER_HASH: body_hash(body),
            **(headers or {}),
        }
        return self.http.post(path, content=body, headers=given)

    def rows(self, sql: str, *params: object):
        with self.storage.reading() as session:
            return session.rows(sql, *params)


class Speaker:
    """The least that a desk has to do to talk to the server: a second implementation, without any store."""

    def __init__(self, station: Station, name: str = "一号机", scope: int = SCOPE) -> None:
        self.station, self.key = station, Ed25519PrivateKey.generate()
        public = self.key.public_key().public_bytes_raw().hex()
        self.enrolment = orjson.dumps({"code": station.code(scope), "key": public, "name": name})
        self.identity: dict[str, Any] = self.enrol().json()
        self.device, self.scope = self.identity["device"], self.identity["scope"]
        self.counter, self.number, self.prev, self.nonce = 0, 0, "", ""
        self.place = Place()

    def enrol(self):
        return self.station.post("/v1/enrol", self.enrolment)

    def signed(self, path: str, body: bytes, counter: int | None = None):
        if counter is None:
            self.counter += 1
        number = self.counter if counter is None else counter
        name = signing.device_name(self.scope, self.device)
        signature = self.key.sign(signing.signed_text("POST", path, name, number, body))
        headers = {
            signing.HEADER_DEVICE: name,
            signing.HEADER_COUNTER: str(number),
            signing.HEADER_SIGNATURE: signature.hex(),
        }
        return self.station.post(path, body, headers)

    def freeze(self, *changes: Change) -> bytes:
        return CODEC.pack(
            Batch(self.scope, self.device, self.number + 1, self.prev, self.place, list(changes)).to_wire()
        )

    def send(self, body: bytes = b"", *, following: str = "", limit: int = 2000):
        """One exchange, nothing remembered."""
        pull = Pull(self.place, (self.nonce, following or f"n{self.counter + 1}-{self.device}"), limit)
        return self.signed("/v1/sync", codec.join(CODEC.dumps(pull.to_wire()), body))

    def sync(self, *changes: Change, limit: int = 2000) -> tuple[Ack | None, Page]:
        """One exchange, as a desk does it."""
        body = self.freeze(*changes) if changes else b""
        following = f"n{self.counter + 1}-{self.device}"
        ack, page = read(self.send(body, following=following, limit=limit))
        self.nonce = following
        push = self.place.push
        if ack:
            self.number, self.prev = self.number + 1, body_hash(body)
            push = (ack.last, ack.mark) if ack.last else push
        self.place = Place(page.epoch, page.to, (page.to, page.mark), push)
        return ack, page


def read(response) -> tuple[Ack | None, Page]:
    """Ack and page of an answer; raises Refused for a refusal."""
    if response.status_code != 200:
        raise Refused.from_body(response.json())
    assert response.headers[signing.HEADER_HASH] == body_hash(response.content)
    ack, page = codec.split(response.content, 2)
    taken = Ack.from_wire(CODEC.unpack(ack, codec.PAGE_CAP)) if ack else None
    return taken, Page.from_wire(CODEC.unpack(page, codec.PAGE_CAP))


def person(record_id: str, op: str = "i", base: int = 0, ts: int = 0, **values: object) -> Change:
    """A change of a person."""
    return Change("person", record_id, op, base, {}, ts, "clerk1", dict(values))


@pytest.fixture(params=storages.ENGINES)
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    """Where the server keeps its data; every test that needs a server runs on every engine."""
    made = storages.disk(request.param, tmp_path / "central", request)
    yield made
    made.leave()


@pytest.fixture
def station(disk: Disk, caplog: pytest.LogCaptureFixture) -> Iterator[Station]:
    caplog.set_level(logging.INFO, "central_server")
    made = Station(disk)
    yield made
    made.http.live()  # its end closes the storage


@pytest.fixture
def desk(station: Station) -> Speaker:
    return Speaker(station)


@pytest.fixture
def other(station: Station) -> Speaker:
    return Speaker(station, "二号机")


def logged(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """The lines of the server's log."""
    return [record.facts for record in caplog.records if record.name == "central_server" and hasattr(record, "facts")]
