"""A real run of many desks against a real server: they were cut off for a day and all come back within seconds.

Light desks (no store) in a few processes; real messages, real signatures, real HTTP, the product's own client.  Each
pushes a day's work (150 rows) and takes what its colleagues did.  Afterwards every community is read anew and every
value compared: nothing may be lost, nobody may be refused twice.

fleet.py [--desks 500] [--communities 100] [--within 10] [--servers 1] [--postgres | --database URL]
"""

import argparse
import contextlib
import io
import json
import multiprocessing
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent / "scoreboard"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import dataset
import run
from contestants import Linli
from light import LightDesk
from programs import Program, cpu_seconds, family, free_port, memory_mb
from proofs import Cluster, changed, inserted

from desktop_app.shared.errors import NetworkError
from desktop_app.sync.client import HttpTransport
from sync_protocol.messages import Change
from sync_protocol.refusals import Refused

FIRST: Final = 420299100001
BEFORE: Final = 50
"""Rows of each desk from before the outage; some of them are changed during it."""
NEW, EDITED = 105, 45
PROCESSES: Final = 4
GIVE_UP_S: Final = 600.0
Row = dict[str, str]


@dataclass(slots=True)
class Diary:
    """What one desk lived through.  Times in seconds; `moments` are those of its requests."""

    scope: int
    began: float = 0.0
    ended: float = 0.0
    took: list[float] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    refusals: int = 0
    broken: int = 0
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One desk of the fleet: where it belongs, and how it gets in."""

    scope: int
    url: str
    code: str
    seed: int


def day(seed: int) -> tuple[list[Row], list[Row], list[Row]]:
    """What a desk recorded before, what it added during the outage, and what it changed."""
    rows = dataset.rows(BEFORE + NEW, seed)
    return rows[:BEFORE], rows[BEFORE:], dataset.edits(rows[:BEFORE], EDITED, seed)


# -------------------------------------------------------------------------------------------------------- in a process


def live(jobs: list[Job], within: float, ready: Barrier, results: Any) -> None:
    """All desks of one process: enrolled and up to date first, then cut off, then back at once."""
    desks = [LightDesk.enrolled(HttpTransport(job.url), job.code, f"desk{job.seed}") for job in jobs]
    for job, desk in zip(jobs, desks, strict=True):
        before, new, edits = day(job.seed)
        _through(desk, job.url, Diary(job.scope), [inserted(row) for row in before])
        desk.freeze([inserted(row) for row in new] + [changed(row, desk.place.cur) for row in edits])
    ready.wait()
    diaries = [Diary(job.scope) for job in jobs]
    threads = [
        threading.Thread(target=_return, args=(desk, job.url, diary, within * random.random()))
        for desk, job, diary in zip(desks, jobs, diaries, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put([asdict(diary) for diary in diaries])


def _return(desk: LightDesk, url: str, diary: Diary, wait: float) -> None:
    time.sleep(wait)
    diary.began = time.time()
    try:
        _through(desk, url, diary, [])
    except Exception as error:  # noqa: BLE001 - told in the report
        diary.failed = f"{type(error).__name__}: {error}"
    diary.ended = time.time()


def _through(desk: LightDesk, url: str, diary: Diary, changes: list[Change]) -> None:
    """Pushes what is frozen and pulls to the head, waiting when it is told to."""
    if changes:
        desk.freeze(changes)
    until = time.monotonic() + GIVE_UP_S
    more = True
    while more and time.monotonic() < until:
        diary.moments.append(time.time())
        started = time.perf_counter()
        try:
            _, page = desk.exchange()
        except Refused as refusal:
            if refusal.code != "BUSY":
                raise
            diary.refusals += 1
            time.sleep(refusal.retry_after or 1)
            desk.client.transport = HttpTransport(url)  # every sync of the product begins with a new connection
            continue
        except NetworkError:
            diary.broken += 1
            time.sleep(1)
            continue
        diary.took.append(time.perf_counter() - started)
        more = page.more
    if more:
        raise TimeoutError("it never came to its end")


# ----------------------------------------------------------------------------------------------------------- around it


def codes(ours: Linli, scopes: list[int]) -> list[str]:
    """One code for each desk, by the administrator's own command.

    Of two codes that begin alike the later one takes the place of the earlier, which then needs another.
    """
    found = [_code(ours, scope) for scope in scopes]
    while dead := [at for at, code in enumerate(found) if any(code[:4] == later[:4] for later in found[at + 1 :])]:
        del found[dead[0]]
        scopes.append(scopes.pop(dead[0]))
        found.append(_code(ours, scopes[-1]))
    return found


def _code(ours: Linli, scope: int) -> str:
    from central_server.cli import main as central

    said = io.StringIO()
    storage = [str(word) for word in ours.storage()]
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
        central(["enrol-code", *storage, "--scope", str(scope), "--name", f"第{scope - FIRST + 1}社区"])
    return said.getvalue().split()[-1]


def lost(ours: Linli, jobs: list[Job]) -> int:
    """Values that a new desk of each community does not get."""
    wanted: dict[int, dict[str, Row]] = {}
    for job in jobs:
        before, new, edits = day(job.seed)
        mine = {row["id"]: dict(row) for row in [*before, *new]}
        for row in edits:
            mine[row["id"]] |= row
        wanted.setdefault(job.scope, {}).update(mine)
    missing = 0
    readers = list(wanted)
    for code, scope in zip(codes(ours, readers), readers, strict=True):
        rows = wanted[scope]
        there = _read(LightDesk.enrolled(HttpTransport(ours.url), code, f"reader{scope}"))
        for record, row in rows.items():
            values = there.get(record, {})
            missing += sum(values.get(name) != value for name, value in row.items() if name != "id")
    return missing


def _read(desk: LightDesk) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    more = True
    while more:
        _, page = desk.exchange()
        found |= {row.id: row.values for row in page.rows if not row.deleted}
        more = page.more
    return found


def play(ours: Linli, args: argparse.Namespace, postgres: int) -> int:
    """One run; 0 when nothing was lost and nobody was refused twice."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(ours)
        servers = [ours.server, *(stack.enter_context(_another(ours)) for _ in range(args.servers - 1))]
        urls = [ours.url, *(f"http://127.0.0.1:{server.port}" for server in servers[1:])]  # type: ignore[attr-defined]
        scopes = [FIRST + at % args.communities for at in range(args.desks)]
        given = codes(ours, scopes)
        jobs = [
            Job(scope, urls[at % len(urls)], code, 1000 + at)
            for at, (scope, code) in enumerate(zip(scopes, given, strict=True))
        ]
        watched = [server.pid for server in servers] + (family(postgres) if postgres else [])
        diaries, cpu = _storm(jobs, args.within, watched, postgres)
        missing = lost(ours, jobs)
        peak = max(memory_mb(server.pid) for server in servers)
    _report(diaries, cpu, missing, peak)
    return 1 if missing or any(one.refusals > 1 or one.failed for one in diaries) else 0


def _another(ours: Linli) -> Program:
    """One more server process on the same database."""
    first, ours.port = ours.port, free_port()
    command, env = ours.server_command()
    server = Program(command, ours.folder / f"server{ours.port}.log", env)
    server.wait_for_port(ours.port)
    server.port = ours.port  # type: ignore[attr-defined]
    ours.port = first
    return server


def _storm(jobs: list[Job], within: float, watched: list[int], postgres: int) -> tuple[list[Diary], float]:
    context = multiprocessing.get_context("spawn")
    ready, results = context.Barrier(PROCESSES + 1), context.Queue()
    workers = [
        context.Process(target=live, args=(jobs[at::PROCESSES], within, ready, results)) for at in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    ready.wait(GIVE_UP_S)
    before = {pid: cpu_seconds(pid) for pid in watched}
    found = [Diary(**one) for _ in workers for one in results.get()]
    for worker in workers:
        worker.join()
    pids = {*watched, *(family(postgres) if postgres else [])}
    return found, sum(cpu_seconds(pid) - before.get(pid, 0.0) for pid in pids)


def _report(diaries: list[Diary], cpu: float, missing: int, peak_mb: float) -> None:
    began, ended = min(one.began for one in diaries), max(one.ended for one in diaries)
    took = [seconds for one in diaries for seconds in one.took]
    waited = [one.ended - one.began for one in diaries]
    seconds = Counter(int(moment - began) for one in diaries for moment in one.moments)
    refusals = [one.refusals for one in diaries]
    print(f"{len(diaries)} desks, {len(took)} exchanges answered, all drained after {ended - began:.1f} s")
    print(f"requests: {max(seconds.values())} in the busiest second; p50 {_ms(took, 50)}, p99 {_ms(took, 99)}")
    print(f"a desk from its first try to its end: p50 {_ms(waited, 50)}, p99 {_ms(waited, 99)}")
    print(f"refused: {sum(refusals)} in all, at most {max(refusals)} times one desk (goal: 1)")
    print(f"connections broken: {sum(one.broken for one in diaries)}")
    print(f"server: {cpu / len(diaries) * 1000:.1f} ms of CPU for a desk, {peak_mb:.0f} MB at its peak")
    print(f"values lost: {missing} of {len(diaries) * (BEFORE + NEW) * len(dataset.FIELDS)} (goal: 0)")
    for words, count in Counter(one.failed for one in diaries if one.failed).most_common(3):
        print(f"failed, {count} desks: {words}")
    print(json.dumps({"cpu_ms": round(cpu / len(diaries) * 1000, 2), "drained_s": round(ended - began, 1)}))


def _ms(seconds: list[float], percent: int) -> str:
    cut = statistics.quantiles(seconds, n=100)[percent - 1] if len(seconds) > 1 else seconds[0]
    return f"{cut * 1000:.0f} ms"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--desks", type=int, default=500)
    parser.add_argument("--communities", type=int, default=100)
    parser.add_argument("--within", type=float, default=10.0, help="seconds within which they all come back")
    parser.add_argument("--servers", type=int, default=1, help="server processes on one database")
    parser.add_argument("--database", default="", help="postgresql://… instead of a SQLite file")
    parser.add_argument("--postgres", action="store_true", help="start a PostgreSQL of its own")
    args = parser.parse_args()
    run.enter_namespace()
    with contextlib.ExitStack() as stack:
        ours = Linli(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        postgres = 0
        if args.postgres:
            cluster = stack.enter_context(Cluster())
            args.database, postgres = cluster.url, cluster.pid
        ours.database = args.database
        return play(ours, args, postgres)


if __name__ == "__main__":
    sys.exit(main())
