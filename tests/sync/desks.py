"""Desks and a server for the tests of sync: real stores, the real server, no sockets."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from central_server import devices, history
from central_server.exchange import Central, Request
from desktop_app import app as desktop
from desktop_app.residents.model import Person
from desktop_app.shared.clock import FixedClock
from desktop_app.shared.errors import NetworkError
from desktop_app.store.database import Database
from desktop_app.sync import engine, enrol, state
from desktop_app.sync.client import Answer
from sync_protocol import signing
from sync_protocol.digests import body_hash
from tests.storages import Disk

SCOPE = 420299001001
NAME = "江山社区"


class Server:
    """A server with one community; `answer` is what the network carries requests to."""

    def __init__(self, disk: Disk, clock: FixedClock) -> None:
        self.disk, self.clock = disk, clock
        self.open()
        with self.storage.writing() as session:
            history.open_unit(session, SCOPE, NAME, clock.ms())

    def open(self) -> None:
        self.storage = self.disk.open()
        self.central = Central(self.storage, now=self.clock.ms)

    def code(self) -> str:
        with self.storage.writing() as session:
            return devices.make_code(session, SCOPE, self.clock.ms())

    def keep_copy(self) -> Any:
        return self.disk.copy()

    def restore(self, copy: Any) -> None:
        self.storage.close()
        self.disk.restore(copy)
        self.open()

    def rows(self, sql: str, *params: object):
        with self.storage.reading() as session:
            return session.rows(sql, *params)


class Line:
    """The network between one desk and the server.  `before` and `after` may raise, or change what passes."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.sent: list[tuple[str, Mapping[str, str], bytes]] = []
        self.before: Callable[[str, bytes], None] = lambda _path, _body: None
        self.after: Callable[[str, Answer], Answer] = lambda _path, answer: answer

    def post(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        self.sent.append((path, headers, body))
        self.before(path, body)
        return self.after(path, self.deliver(path, headers, body))

    def deliver(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        reply = self.server.central.answer(Request("POST", path, headers, body))
        return Answer(reply.status, {signing.HEADER_HASH: body_hash(reply.body)}, reply.body)

    def heal(self) -> None:
        self.before, self.after = (lambda _path, _body: None), (lambda _path, answer: answer)


def lost(*_: object) -> None:
    """The network drops what should pass."""
    raise NetworkError("连不上服务器。")


class Desk:
    """A desk: an opened store and its line to the server."""

    def __init__(self, home: Path, server: Server, clock: FixedClock) -> None:
        self.home, self.clock, self.line = home, clock, Line(server)
        self.app: desktop.App = desktop.open_app(home, clock=clock)

    @property
    def db(self) -> Database:
        return self.app.db

    def enrol(self, name: str = "一号机") -> None:
        enrol.enrol(
            self.db,
            self.app.secrets,
            server_url="https://central.test",
            code=self.line.server.code(),
            name=name,
            transport=self.line,
        )

    def sync(self, **options) -> engine.SyncReport:
        return engine.sync_now(self.db, self.app.secrets, transport=self.line, **options)

    def reopen(self) -> None:
        self.app.close()
        self.app = desktop.open_app(self.home, clock=self.clock)

    def state(self) -> state.State:
        return state.read(self.db)

    # ------------------------------------------------------------------------------------------ what people do here

    def add(self, name: str, **fields) -> str:
        with self.db.transaction(self.app.actor, "登记居民") as tx:
            return tx.add(Person(name=name, **fields)).id

    def add_too_long(self, name: str, note: str) -> str:
        """A resident with more words than fit, as an earlier program let through."""
        with self.db.transaction(self.app.actor, "登记居民") as tx:
            person = tx.add(Person(name=name)).id
            tx.execute("UPDATE person SET note=? WHERE id=?", (note, person))
        return person

    def edit(self, person_id: str, **fields) -> None:
        with self.db.transaction(self.app.actor, "修改居民") as tx:
            tx.change(Person, person_id, **fields)

    def delete(self, person_id: str) -> None:
        with self.db.transaction(self.app.actor, "撤销登记") as tx:
            tx.bury(Person, person_id)

    def person(self, person_id: str) -> Person | None:
        return self.db.get(Person, person_id)

    def people(self) -> dict[str, tuple]:
        """Every living person: id → content."""
        rows = self.db.rows("SELECT id,name,phones,note,live_address FROM person WHERE sync_del=0")
        return {row[0]: row[1:] for row in rows}

    def replica(self) -> dict[tuple[str, str], tuple]:
        """Every record of every table with its number, whether it is deleted and, if not, its content."""
        found = {}
        for name, table in self.db.tables.items():
            listed = ",".join(f'"{column}"' for column in table.columns)
            for row in self.db.rows(f'SELECT id,sync_seq,sync_del,{listed} FROM "{name}"'):
                found[name, row[0]] = row[1:3] if row[2] else row[1:]
        return found


def clone(desk: Desk, home: Path, server: Server) -> Desk:
    """A second computer made from the disk image of the first."""
    shutil.copytree(desk.home, home)
    return Desk(home, server, desk.clock)
