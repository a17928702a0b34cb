"""What encryption, journal and search index cost on saving a resident, and encryption on looking one up.

Saving: the action that corrects two fields of a resident, against the same correction through SQLAlchemy on the plain
SQLite of Python: the same columns, indexes and rules, one transaction, `synchronous=FULL`, but no key and no triggers.
Looking up: the search box, against the very same code on an unencrypted copy of the store.
"""

import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import bench_search
import population
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from desktop_app.app import App
from desktop_app.profiles.desk import code_of
from desktop_app.residents import actions, rules
from desktop_app.residents.model import Person
from desktop_app.residents.search import find

PERSONS = 20_000
SAVES = 1_000
ROUNDS = 5
GOAL_SAVE, GOAL_SEARCH = 2.0, 1.5
CHECKED = ("name", "id_no", "id_type", "sex", "birth", "phones")
Save = Callable[[int], object]


def changes(at: int) -> dict[str, str]:
    """Another occupation and another telephone, which the search index has to follow."""
    return {"occupation": f"职业{at}", "phones": f"1390000{at % 10_000:04d}"}


def plain_engine(app: App, path: Path) -> Engine:
    """The persons in a plain SQLite file, as durable and with as much cache as the store."""
    with sqlite3.connect(path) as made:
        made.execute("PRAGMA journal_mode=WAL")
        for (sql,) in app.db.rows(
            "SELECT sql FROM sqlite_master WHERE tbl_name='person' AND type IN ('table','index')"
        ):
            made.execute(sql or "SELECT 1")
        rows = app.db.rows("SELECT * FROM person")
        made.executemany(f"INSERT INTO person VALUES({','.join('?' * len(rows[0]))})", rows)
    made.close()

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA cache_size=-64000")
        return connection

    engine = create_engine("sqlite://", poolclass=QueuePool, pool_size=1, max_overflow=0, creator=connect)
    event.listen(engine, "begin", lambda bound: bound.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def savers(app: App, engine: Engine, ids: Sequence[str]) -> tuple[Save, Save]:
    """The action, and the same done plainly."""
    actor, today, paper = app.actor, app.clock.today(), partial(code_of, app.db, "id_types")

    def ours(at: int) -> None:
        actions.correct(app.db, actor, ids[at], changes(at))

    def plainly(at: int) -> None:
        with Session(engine, expire_on_commit=False, autoflush=False) as session, session.begin():
            person = session.get(Person, ids[at])
            if person is None:
                raise SystemExit("the plain copy is not whole")
            new = changes(at)
            rules.must_be_sound({name: getattr(person, name) for name in CHECKED} | new, today, paper=paper)
            for name, value in new.items():
                setattr(person, name, value)

    return ours, plainly


def in_turn(ours: Save, plainly: Save) -> tuple[float, float]:
    """Median ms of both, one after the other, so that what else the machine does meets both alike."""
    times: tuple[list[float], list[float]] = ([], [])
    for at in range(SAVES):
        for save, taken in zip((ours, plainly), times, strict=True):
            start = time.perf_counter()
            save(at)
            taken.append(time.perf_counter() - start)
    return statistics.median(times[0]) * 1000, statistics.median(times[1]) * 1000


def search_ms(app: App, keystrokes: Sequence[str], connections: Sequence[Any]) -> list[float]:
    """p95 ms a keystroke on each connection, the best of several rounds of each keystroke."""
    best = [[1e9] * len(keystrokes) for _ in connections]
    for _ in range(ROUNDS):
        for at, query in enumerate(keystrokes):
            for times, connection in zip(best, connections, strict=True):
                app.db._local.connection = connection  # noqa: SLF001 the same code on either
                start = time.perf_counter()
                find(app.db, query)
                times[at] = min(times[at], time.perf_counter() - start)
    return [bench_search.p95(times) * 1000 for times in best]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, population.make(Path(folder) / "desk", PERSONS) as app:
        keystrokes = list(dict.fromkeys(query for _, query in bench_search.typed(app, random.Random(2))))
        encrypted, bare = app.db.reader(), bench_search.plain_copy(app, Path(folder) / "bare.db")
        looked, looked_bare = search_ms(app, keystrokes, (encrypted, bare))
        app.db._local.connection = encrypted  # noqa: SLF001
        bare.close()
        ids = [str(id_) for (id_,) in app.db.rows("SELECT id FROM person ORDER BY id LIMIT ?", (SAVES,))]
        engine = plain_engine(app, Path(folder) / "plain.db")
        saved, saved_plain = in_turn(*savers(app, engine, ids))
        engine.dispose()
    save, search = saved / saved_plain, looked / looked_bare
    print(
        f"encryption: correcting two fields of a resident with encryption, journal and search index {saved:.2f} ms, "
        f"{save:.2f} times the same through SQLAlchemy on plain SQLite ({saved_plain:.2f} ms), medians of {SAVES} in "
        f"turn (goal {GOAL_SAVE:g} times)"
    )
    print(
        f"encryption: a keystroke in the search box p95 {looked:.2f} ms on {PERSONS:,} residents, {search:.2f} times "
        f"the same code on an unencrypted copy ({looked_bare:.2f} ms) (goal {GOAL_SEARCH:g} times)"
    )
    return int(save > GOAL_SAVE or search > GOAL_SEARCH)


if __name__ == "__main__":
    sys.exit(main())
