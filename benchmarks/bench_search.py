"""The search box on 200,000 encrypted residents, keystroke by keystroke, against the same SQL on plain SQLite."""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import population
import sqlcipher3

from desktop_app.app import App
from desktop_app.residents.search import find
from desktop_app.shared.pinyin import readings
from desktop_app.store.database import Database

PERSONS = 200_000
PEOPLE = 40
GOAL_MS, GOAL_RATIO = 5.0, 5.0
ROUNDS = 3
Call = tuple[str, Any, int]
"""A statement, its parameters, and how many rows were fetched of it."""


class Listening:
    """Stands before a connection and notes what is run on it."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.calls: list[Call] = []

    def execute(self, sql: str, params: Any = ()) -> "Fetched":
        return Fetched(self, self.connection.execute(sql, params), sql, params)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)


class Fetched:
    """A cursor that counts the rows taken from it."""

    def __init__(self, owner: Listening, cursor: Any, sql: str, params: Any) -> None:
        self.cursor, self.calls = cursor, owner.calls
        self.at = len(self.calls)
        self.calls.append((sql, params, 0))

    def _took(self, rows: list[Any]) -> list[Any]:
        sql, params, before = self.calls[self.at]
        self.calls[self.at] = sql, params, before + len(rows)
        return rows

    def fetchall(self) -> list[Any]:
        return self._took(self.cursor.fetchall())

    def fetchmany(self, size: int) -> list[Any]:
        return self._took(self.cursor.fetchmany(size))

    def fetchone(self) -> Any:
        rows = self._took(self.cursor.fetchmany(1))
        return rows[0] if rows else None


def typed(app: App, rnd: random.Random) -> Iterator[tuple[str, str]]:
    """(kind, what stands in the box) for every keystroke of what people look for."""
    last = app.db.scalar("SELECT max(local_no) FROM person")
    for _ in range(PEOPLE):
        name, id_no, phones, estate, building, unit, room = app.db.rows(
            "SELECT p.name,p.id_no,p.phones,e.name,b.no,r.unit,r.no FROM person p JOIN residence s ON s.person_id=p.id "
            "JOIN room r ON r.id=s.room_id JOIN building b ON b.id=r.building_id JOIN estate e ON e.id=b.estate_id "
            "WHERE p.local_no=?",
            (rnd.randint(1, last),),
        )[0]
        full, initials = readings(name)[0]
        start = rnd.randrange(6)
        words = {
            "name": name,
            "initials": initials,
            "pinyin": full,
            "ID tail": id_no[-rnd.choice((4, 6)) :],
            "phone": phones[start : start + 6],
            "room": f"{building}-{unit}-{room}",
            "address": estate,
            "two words": rnd.choice(
                (f"{name} {room}", f"{initials} {building}-{unit}-{room}", f"{estate[:2]} {name}", f"{initials[0]} 1",
                 f"{name[0]} {id_no[-4:]}", f"{initials} {id_no[-4:]}", f"{initials} {phones[-4:]}")
            ),
        }  # fmt: skip
        for kind, word in words.items():
            for end in range(1, len(word) + 1):
                yield kind, word[:end]


def plain_copy(app: App, path: Path) -> Any:
    """The same tables and indexes in an unencrypted file."""
    with sqlcipher3.dbapi2.connect(str(path)) as made:
        made.execute("PRAGMA journal_mode=WAL")
    connection = app.db.reader()
    connection.execute("PRAGMA query_only=OFF")
    connection.execute("ATTACH ? AS bare KEY ''", (str(path),))
    connection.execute("SELECT sqlcipher_export('bare')")
    connection.execute("DETACH bare")
    connection.execute("PRAGMA query_only=ON")
    bare = sqlcipher3.dbapi2.connect(str(path), isolation_level=None, cached_statements=256)
    bare.execute("PRAGMA cache_size=-64000")
    return bare


def run_again(bare: Any, calls: Sequence[Call]) -> None:
    for sql, params, rows in calls:
        bare.execute(sql, params).fetchmany(max(rows, 1))


def listen(db: Database, queries: Sequence[str]) -> list[list[Call]]:
    """The statements behind each keystroke."""
    listening = Listening(db.reader())
    db._local.connection = listening  # noqa: SLF001 to hear what is really run
    noted = []
    for query in queries:
        listening.calls = []
        find(db, query)
        noted.append(listening.calls)
    db._local.connection = listening.connection  # noqa: SLF001
    return noted


def best_ms(action: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, population.make(Path(folder) / "desk", PERSONS) as app:
        keystrokes = list(dict.fromkeys(typed(app, random.Random(2))))
        bare = plain_copy(app, Path(folder) / "bare.db")
        noted = listen(app.db, [query for _, query in keystrokes])
        ours, raw = [], []
        for (_, query), calls in zip(keystrokes, noted, strict=True):
            ours.append(best_ms(lambda query=query: find(app.db, query)))  # type: ignore[misc]
            raw.append(best_ms(lambda calls=calls: run_again(bare, calls)))  # type: ignore[misc]
        bare.close()
    return report(keystrokes, ours, raw)


def report(keystrokes: Sequence[tuple[str, str]], ours: Sequence[float], raw: Sequence[float]) -> int:
    for kind in dict.fromkeys(kind for kind, _ in keystrokes):
        mine = [ms for (one, _), ms in zip(keystrokes, ours, strict=True) if one == kind]
        print(f"  {kind:10} {len(mine):4} keystrokes  p50 {statistics.median(mine):6.2f}  p95 {p95(mine):6.2f} ms")
    slowest = sorted(zip(ours, keystrokes, strict=True), reverse=True)[:3]
    print("  slowest   ", ", ".join(f"{query!a} {ms:.1f} ms" for ms, (_, query) in slowest))
    ratio = p95(ours) / p95(raw)
    print(f"search: p95 {p95(ours):.2f} ms a keystroke of {len(ours)} on {PERSONS:,} residents (goal {GOAL_MS:g} ms)")
    print(f"search: {ratio:.2f} times the same SQL on plain SQLite, p95 {p95(raw):.2f} ms (goal {GOAL_RATIO:g} times)")
    return int(p95(ours) > GOAL_MS or ratio > GOAL_RATIO)


if __name__ == "__main__":
    sys.exit(main())
