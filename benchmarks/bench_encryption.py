"""Saving one resident with journal and search index, durably, against a bare row in plain SQLite; for information."""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import population
import sqlcipher3

from desktop_app.residents.model import Person

PERSONS = 20_000
SAVES = 200


def median_ms(action: Callable[[int], object]) -> float:
    times = []
    for at in range(SAVES):
        start = time.perf_counter()
        action(at)
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def main() -> int:
    rnd = random.Random(3)
    people = []
    for _ in range(2 * SAVES):
        number, born = population.id_number(rnd)
        people.append((population.name(rnd), born, number, f"1390000{rnd.randrange(10_000):04d}"))
    with tempfile.TemporaryDirectory() as folder, population.make(Path(folder) / "desk", PERSONS) as app:
        bare = sqlcipher3.dbapi2.connect(str(Path(folder) / "bare.db"), isolation_level=None)
        bare.execute("PRAGMA journal_mode=WAL")
        bare.execute("PRAGMA synchronous=FULL")
        bare.execute("CREATE TABLE person(id INTEGER PRIMARY KEY,name TEXT,birth TEXT,id_no TEXT,phones TEXT)")

        def save(at: int) -> None:
            name, born, number, phone = people[at]
            with app.db.transaction(app.actor, "登记居民") as tx:
                tx.add(Person(name=name, birth=born, id_no=number, phones=phone))

        def insert(at: int) -> None:
            bare.execute("INSERT INTO person(name,birth,id_no,phones) VALUES(?,?,?,?)", people[SAVES + at])

        ours, plain = median_ms(save), median_ms(insert)
        bare.close()
    print(
        f"encryption: saving one resident with journal, search index and encryption {ours:.2f} ms, "
        f"{ours / plain:.1f} times a bare row in plain SQLite ({plain:.2f} ms), medians of {SAVES} (no goal)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
