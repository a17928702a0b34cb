"""Several processes of the server on one database: to the desks they are one."""

import os
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import orjson
import pytest

from central_server import devices, history
from central_server.exchange import wall_clock
from sync_protocol import codec, signing, versions
from sync_protocol.digests import body_hash
from tests.postgres import Cluster
from tests.server.conftest import Speaker, person, read
from tests.server.http import Answer
from tests.storages import PostgresDisk

UNITS = (420299001001, 420299001002)
PROCESSES, DESKS, PUSHES, ROWS = 3, 8, 12, 5


class Fleet:
    """Processes behind one address book; each request goes to the next of them, or to a given one."""

    def __init__(self, ports: list[int], disk: PostgresDisk) -> None:
        self.ports, self._storage, self._turn = ports, disk.open(), count()

    def code(self, scope: int) -> str:
        with self._storage.writing() as session:
            history.open_unit(session, scope, f"社区 {scope}", wall_clock())
            return devices.make_code(session, scope, wall_clock())

    def post(self, path: str, body: bytes, headers: dict[str, str] | None = None, port: int | None = None) -> Answer:
        given = {signing.HEADER_PROTOCOL: str(versions.CURRENT), signing.HEADER_HASH: body_hash(body)}
        url = f"http://127.0.0.1:{port or self.ports[next(self._turn) % len(self.ports)]}{path}"
        try:
            answer = urllib.request.urlopen(urllib.request.Request(url, body, {**given, **(headers or {})}))
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with answer:
            return Answer(answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read())

    def rows(self, sql: str, *params: object) -> list[tuple[object, ...]]:
        with self._storage.reading() as session:
            return session.rows(sql, *params)

    def close(self) -> None:
        self._storage.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def processes(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[list[int], PostgresDisk]]:
    """Three processes, started at the same moment on an empty database; they take the address from the environment."""
    disk = PostgresDisk(cluster)
    environment = {**os.environ, "LINLI_CENTRAL_DATABASE": disk.url}
    started = []
    for at, port in enumerate([free_port() for _ in range(PROCESSES)]):
        folder = str(tmp_path_factory.mktemp(f"central{at}"))
        command = [sys.executable, "-m", "central_server", "serve", "--data", folder, "--port", str(port)]
        started.append((port, Path(folder), subprocess.Popen(command, stderr=subprocess.PIPE, env=environment)))
    for _, _, process in started:
        assert any(b"running on" in line for line in iter(process.stderr.readline, b""))
        threading.Thread(target=process.stderr.read, daemon=True).start()  # or the pipe would fill up
    yield [port for port, _, _ in started], disk
    for _, folder, process in started:
        process.terminate()
        assert process.wait(20) in (0, -15)
        process.stderr.close()
        assert not (folder / "central.db").exists()
    disk.leave()


@pytest.fixture
def fleet(processes: tuple[list[int], PostgresDisk]) -> Iterator[Fleet]:
    made = Fleet(*processes)
    yield made
    made.close()


def at_once(work: Callable[[int], object], times: int) -> list:
    """Calls it in as many threads, which set out at the same moment."""
    gate = threading.Barrier(times)

    def run(at: int) -> object:
        gate.wait()
        return work(at)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def work_and_listen(desk: Speaker) -> dict[str, int]:
    """Pushes new records and edits one that all know, and pulls all the while; the number it knows for each record."""
    known: dict[str, int] = {}
    for turn in range(PUSHES):
        made = [person(f"d{desk.device}-{turn}-{row}", name="王小明") for row in range(ROWS)]
        shared = person("everybodys", "u", desk.place.cur, ts=turn, note=f"{desk.device}-{turn}")
        take(known, [*made, shared], *desk.sync(*made, shared, limit=7))
    return known


def take(known: dict[str, int], made: list, ack, page) -> None:
    if ack:
        known.update({change.id: seq for change, seq in zip(made, ack.numbers, strict=True)})
    for row in [*(ack.truth if ack else []), *page.rows]:
        assert known.get(row.id, 0) <= row.seq
        known[row.id] = row.seq


def test_eight_desks_at_three_processes_miss_no_number_and_see_none_twice(fleet):
    """Two communities of four desks each; every desk ends with exactly what the server has (G10)."""
    desks = [Speaker(fleet, f"{at}号机", UNITS[at % 2]) for at in range(DESKS)]
    known = at_once(lambda at: work_and_listen(desks[at]), DESKS)
    for at, desk in enumerate(desks):
        while True:
            _, page = desk.sync()
            take(known[at], [], None, page)
            if not page.more:
                break
    for scope in UNITS:
        everything = dict(fleet.rows("select id,sync_seq from record where scope_id=?", scope))
        people = fleet.rows("select 1 from record where scope_id=? and tbl='person'", scope)
        assert len(people) == DESKS // 2 * PUSHES * ROWS + 1
        assert len(set(everything.values())) == len(everything)
        assert max(everything.values()) == fleet.rows("select next_seq-1 from scope_head where scope_id=?", scope)[0][0]
        for desk, seen in zip(desks, known, strict=True):
            if desk.scope == scope:
                assert seen == everything


def test_a_batch_sent_to_all_processes_at_once_counts_once_and_gets_one_answer(fleet):
    """Its desk heard nothing and tried again while the first attempt was still at work."""
    desk = Speaker(fleet, "急性子", 420299001005)
    for turn in range(6):
        body, following = desk.freeze(person(f"{desk.device}-{turn}", name="王小明")), f"n{turn}"
        answers = at_once(lambda _, body=body, following=following: desk.send(body, following=following), 6)
        codes = [answer.json()["code"] for answer in answers if answer.status_code != 200]
        acks = {codec.split(answer.content, 2)[0] for answer in answers if answer.status_code == 200}
        assert set(codes) <= {"STALE"}  # overtaken by an attempt with a higher counter
        assert len(acks) == 1
        ack, page = read(desk.send(body, following=following))  # and once more, when all is quiet
        assert {codec.split(desk.send(body, following=following).content, 2)[0]} == acks
        desk.number, desk.prev, desk.nonce = desk.number + 1, body_hash(body), following
        desk.place = desk.place.__class__(page.epoch, page.to, (page.to, page.mark), (ack.last, ack.mark))
    assert fleet.rows("select count(*) from record where id like ?", f"{desk.device}-%") == [(6,)]


def test_a_code_lets_in_one_desk_however_many_come_with_it_at_once(fleet):
    code = fleet.code(UNITS[0])

    def enrol(at: int) -> int:
        body = orjson.dumps({"code": code, "key": f"{at:064x}", "name": f"{at}号机"})
        return fleet.post("/v1/enrol", body).status_code

    assert sorted(at_once(enrol, 6)) == [200, 403, 403, 403, 403, 403]


def test_desks_that_join_at_once_get_different_numbers(fleet):
    scope = 420299001009
    codes = [fleet.code(scope) for _ in range(6)]

    def enrol(at: int) -> object:
        body = orjson.dumps({"code": codes[at], "key": f"{at:064x}", "name": f"{at}号机"})
        return fleet.post("/v1/enrol", body).json()["ordinal"]

    assert sorted(at_once(enrol, 6)) == [1, 2, 3, 4, 5, 6]
