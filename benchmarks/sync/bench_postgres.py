"""The server on PostgreSQL: CPU of a push, eight writers at once, one busy community and a hundred of them.

Everything is held against the least PostgreSQL can do for the same rows: one upsert in one transaction, no protocol, no
numbers, no marks.  The cluster stands in memory, so that what is measured is work and not this machine's disk.
"""

import multiprocessing
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent.parent)]

import dataset
import psycopg
from goals import Finding
from light import LightDesk
from programs import cpu_seconds

from central_server import devices, history, records
from central_server.exchange import Central, Request, wall_clock
from central_server.merge import Record
from central_server.storage import Storage
from central_server.storage.postgres import PostgresStorage
from central_server.storage.sqlite import SqliteStorage
from desktop_app.sync.client import Answer
from sync_protocol import signing
from sync_protocol.digests import body_hash
from sync_protocol.messages import Change
from sync_protocol.stamps import stamp
from tests.postgres import Cluster

SCOPE = 420299001001
DURABLE = "max_connections=100\nshared_buffers=256MB\n"
BATCH, BATCHES, NEW = 150, 40, 0.7
BIG = 2000
WRITERS, SECONDS, SMALL, UNITS = 8, 4.0, 5, 100
START_METHOD = "spawn"


@dataclass
class InProcess:
    """The network between a desk and a server in one process; counts the server's CPU."""

    central: Central
    cpu: float = 0.0

    def post(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        started = time.thread_time()
        reply = self.central.answer(Request("POST", path, headers, body))
        self.cpu += time.thread_time() - started
        return Answer(reply.status, {signing.HEADER_HASH: body_hash(reply.body)}, reply.body)


def enrolled(storage: Storage, line: InProcess, scope: int = SCOPE) -> LightDesk:
    with storage.writing() as session:
        history.open_unit(session, scope, f"社区{scope}", wall_clock())
        code = devices.make_code(session, scope, wall_clock())
    return LightDesk.enrolled(line, code, "desk")


def inserted(row: dict[str, str]) -> Change:
    values = {name: value for name, value in row.items() if name != "id"}
    return Change("person", row["id"], "i", 0, {}, stamp(wall_clock()), None, values)


def edited(row: dict[str, str], base: int) -> Change:
    values = {name: row[name] + "改" for name in dataset.EDITED}
    return Change("person", row["id"], "u", base, {}, stamp(wall_clock()), None, values)


@contextmanager
def postgres(cluster: Cluster) -> Iterator[tuple[str, PostgresStorage]]:
    """An empty database, and a storage on it."""
    name = cluster.create()
    storage = PostgresStorage(cluster.url(name), connections=2)
    yield cluster.url(name), storage
    storage.close()


def backend(storage: PostgresStorage) -> int:
    """The process that serves the storage's one connection; the pool hands out the same as long as nobody else asks."""
    with storage.reading() as session:
        ((pid,),) = session.rows("select pg_backend_pid()")
    return int(pid)


# -------------------------------------------------------------------------------------------------------- CPU of a push


def push_cpu(storage: Storage, pid: int = 0) -> tuple[float, float, float]:
    """Milliseconds of CPU for one batch: desk, server, database; 70 % of its rows are new."""
    line = InProcess(Central(storage))
    desk = enrolled(storage, line)
    fresh, rnd = int(BATCH * NEW), random.Random(1)
    rows = dataset.rows(BATCH + fresh * BATCHES, seed=8)
    desk.freeze([inserted(row) for row in rows[:BATCH]])
    desk.exchange()
    line.cpu, own, theirs = 0.0, 0.0, 0.0
    for at in range(BATCHES):
        known = BATCH + at * fresh
        old = rnd.sample(rows[:known], BATCH - fresh)
        changes = [inserted(row) for row in rows[known : known + fresh]] + [edited(row, desk.place.cur) for row in old]
        own_before, theirs_before = time.process_time(), cpu_seconds(pid) if pid else 0.0
        desk.freeze(changes)
        desk.exchange()
        own += time.process_time() - own_before
        theirs += (cpu_seconds(pid) if pid else 0.0) - theirs_before
    return tuple(part / BATCHES * 1000 for part in (own - line.cpu, line.cpu, theirs))


def record(row: dict[str, str], seq: int) -> Record:
    values = {name: value for name, value in row.items() if name != "id"}
    return Record("person", row["id"], values, seq, 1 << 58, 1 << 25, None, 0, None, SCOPE)


def raw_cpu(storage: PostgresStorage, pid: int, size: int) -> float:
    """Milliseconds of CPU for the same number of rows put in one statement and one transaction."""
    times = max(3, BATCH * BATCHES // size)
    rows = [record(row, at + 1) for at, row in enumerate(dataset.rows(size * times, seed=9))]
    before = time.process_time() + cpu_seconds(pid)
    for at in range(times):
        with storage.writing() as session:
            records.store(session, SCOPE, rows[at * size : (at + 1) * size])
    return (time.process_time() + cpu_seconds(pid) - before) / times * 1000


def copied_cpu(url: str, size: int) -> float:
    """The rows that stand in `record` by COPY into an empty table with the same keys: what no upsert can beat."""
    with psycopg.connect(url, autocommit=True) as connection:
        with connection.cursor().copy("copy (select * from record) to stdout") as source:
            lines = b"".join(bytes(piece) for piece in source).splitlines(keepends=True)
        connection.execute("create table bare(like record including all)")
        pid, times = connection.info.backend_pid, len(lines) // size
        before = time.process_time() + cpu_seconds(pid)
        for at in range(times):
            with connection.cursor().copy("copy bare from stdin") as target:
                target.write(b"".join(lines[at * size : (at + 1) * size]))
        spent = time.process_time() + cpu_seconds(pid) - before
    return spent / times * 1000


def costs(cluster: Cluster) -> list[Finding]:
    with tempfile.TemporaryDirectory() as folder:
        lite = SqliteStorage(Path(folder) / "central.db")
        small = push_cpu(lite)
        lite.close()
    with postgres(cluster) as (url, storage):
        pid = backend(storage)
        raw, big, copied = raw_cpu(storage, pid, BATCH), raw_cpu(storage, pid, BIG), copied_cpu(url, BATCH)
    with postgres(cluster) as (_, storage):
        push = push_cpu(storage, backend(storage))
    words = "desk {:.1f} + server {:.1f} + database {:.1f} ms"
    return [
        Finding(
            "G18", f"CPU of a push of {BATCH} rows, PostgreSQL", sum(push), 12, unit=" ms", note=words.format(*push)
        ),
        Finding("", f"that over SQLite ({sum(small):.1f} ms)", sum(push) / sum(small), 3, note=words.format(*small)),
        Finding("", f"that over the bare upsert ({raw:.1f} ms)", sum(push) / raw, 6, note="protocol, merge, marks"),
        Finding("", f"the bare upsert over COPY ({copied:.1f} ms)", raw / copied, 4, note=f"of {BATCH} rows"),
        Finding("", f"the bare upsert, {BIG} rows: CPU for one", big / BIG, 0.03, unit=" ms"),
    ]


# ------------------------------------------------------------------------------------------------------- many at once


def write(url: str, scopes: list[int], bare: bool, gate: Any, made: Any) -> None:
    """One process of the server with desks that push small batches as fast as it answers; or the bare upsert."""
    storage = PostgresStorage(url, connections=1)
    central = Central(storage)
    desks = [] if bare else [enrolled(storage, InProcess(central), scope) for scope in scopes]
    done: list[tuple[int, str, int]] = []
    pushes, rnd = 0, random.Random(scopes[0])
    pattern = dataset.rows(1, seed=1)[0]
    gate.wait()
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        rows = [{**pattern, "id": secrets.token_hex(16)} for _ in range(SMALL)]
        if bare:
            with storage.writing() as session:
                scope = rnd.choice(scopes)
                records.store(session, scope, [record(row, secrets.randbits(60)) for row in rows])
        else:
            desk = rnd.choice(desks)
            desk.freeze([inserted(row) for row in rows])
            ack, _ = desk.exchange()
            done += [(desk.client.scope, row["id"], seq) for row, seq in zip(rows, ack.numbers, strict=True)]
        pushes += 1
    storage.close()
    made.put((pushes, done))


def listen(desk: LightDesk, seen: dict[str, int]) -> None:
    """Pulls once, and notes what came."""
    _, page = desk.exchange()
    for row in page.rows:
        if row.seq <= seen.get(row.id, 0):
            raise RuntimeError("a number came twice")
        seen[row.id] = row.seq


def at_once(cluster: Cluster, units: int, *, bare: bool = False, watch: bool = False) -> tuple[float, int, int]:
    """Pushes a second by eight processes; rows they made; rows the one who listened all the time has missed."""
    context = multiprocessing.get_context(START_METHOD)
    gate, made = context.Barrier(WRITERS + 1), context.Queue()
    scopes = [SCOPE + at for at in range(units)]
    seen: dict[str, int] = {}
    with postgres(cluster) as (url, storage):
        listener = enrolled(storage, InProcess(Central(storage)))
        shares = [scopes[at::WRITERS] or scopes for at in range(WRITERS)]
        writers = [context.Process(target=write, args=(url, share, bare, gate, made)) for share in shares]
        for writer in writers:
            writer.start()
        gate.wait()
        until = time.monotonic() + SECONDS
        while watch and time.monotonic() < until:
            listen(listener, seen)
        results = [made.get() for _ in writers]
        for writer in writers:
            writer.join()
        while watch and listener.place.cur < storage_head(storage):
            listen(listener, seen)
    pushes, rows = sum(count for count, _ in results), [row for _, done in results for row in done]
    missed = sum(seen.get(pk) != seq for scope, pk, seq in rows if scope == SCOPE) if watch else 0
    return pushes / SECONDS, len(rows), missed


def storage_head(storage: PostgresStorage) -> int:
    with storage.reading() as session:
        ((head,),) = session.rows("select next_seq-1 from scope_head where scope_id=?", SCOPE)
    return int(head)


def crowds(cluster: Cluster) -> list[Finding]:
    _, rows, missed = at_once(cluster, 1, watch=True)
    hot, _, _ = at_once(cluster, 1)
    many, _, _ = at_once(cluster, UNITS)
    bare, _, _ = at_once(cluster, UNITS, bare=True)
    words = f"pushes of {SMALL} rows, {WRITERS} processes; the bare upsert {bare:.0f} a second"
    others = f"one after the other, and each takes home what the {WRITERS - 1} others made"
    return [
        Finding("G10", f"rows missed of {rows} made by {WRITERS} writers while one listens", missed, 0),
        Finding(
            "", f"{UNITS} communities: {many:.0f} a second, over the bare upsert", many / bare, 0.1, True, note=words
        ),
        Finding("", f"one community: {hot:.0f} a second, over {UNITS} of them", hot / many, 0.15, True, note=others),
    ]


def main() -> int:
    with Cluster(DURABLE) as cluster:
        found = costs(cluster) + crowds(cluster)
    for finding in found:
        print(finding.line())
    return int(any(finding.hit is False for finding in found))


if __name__ == "__main__":
    sys.exit(main())
