"""What the store alone costs: the same 10,000 residents by plain SQL into the encrypted table, without any sync.

store_floor.py      rows in fives of 2,000 as pages come; no protocol, no journal, no Python object for a row

A page is encrypted (AES-256) and signed (HMAC-SHA256) whenever it is written, and checked whenever it is read; this is
the part of a push or a pull that no better conversation makes cheaper.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import dataset
import population

from desktop_app.store import search
from desktop_app.store.database import Database

ROWS: Final = 10_000
PAGE: Final = 2_000
CHANGED: Final = 1_000
NUMBERED: Final = "UPDATE person SET sync_seq=?,sync_ts=?,sync_dev=?,sync_by=? WHERE id=?"
Row = tuple[Any, ...]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, population.empty(Path(folder) / "desk") as app:
        db, rows = app.db, dataset.rows(ROWS, seed=2)
        with db.applying() as tx:
            sql = "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='person'"
            for (name,) in tx.rows(sql):
                tx.execute(f"DROP TRIGGER {name}")
        names = [*rows[0], "sync_seq", "sync_ts", "sync_dev", "sync_del", "scope"]
        into = f"INSERT INTO person({','.join(names)}) VALUES({','.join('?' * len(names))})"
        search.keys_of({"name": ["王小明"]}, 0)  # the tables of readings are read once in the life of a program
        _told("pull new: inserting the rows", lambda: _insert(db, into, rows))
        _told("pull new: the words they are found by", lambda: _index(db))
        _told("push new: reading the rows, noting their numbers", lambda: _number(db))
        edits = dataset.edits(rows, CHANGED, seed=3)
        _told("push changed: reading and numbering 1,000 of them", lambda: _renumber(db, [row["id"] for row in edits]))


def _told(what: str, work: Callable[[], None]) -> None:
    wall, spent = time.perf_counter(), time.process_time()
    work()
    ms, cpu = (time.perf_counter() - wall) * 1000, (time.process_time() - spent) * 1000
    print(f"{what:52} {ms:7.1f} ms, CPU {cpu:7.1f} ms")


def _insert(db: Database, into: str, rows: list[dict[str, str]]) -> None:
    for start in range(0, ROWS, PAGE):
        some = rows[start : start + PAGE]
        with db.applying() as tx:
            tx.executemany(into, [(*row.values(), start + at, 1 << 60, 1 << 20, 0, 0) for at, row in enumerate(some)])


def _index(db: Database) -> None:
    for first in range(0, ROWS, PAGE):
        sql = "SELECT name,used_name,pinyin,id_no FROM person WHERE local_no>? AND local_no<=? ORDER BY local_no"
        cells = db.rows(sql, (first, first + PAGE))
        words = dict(zip(("name", "used_name", "pinyin", "id_no"), zip(*cells, strict=True), strict=True))
        with _raw(db) as raw:
            search.add_keys(raw, search.keys_of(words, first))
            raw.execute(
                "INSERT INTO search_phone(rowid,phones) SELECT local_no,phones FROM person "
                "WHERE local_no>? AND local_no<=? AND phones<>''",
                (first, first + PAGE),
            )


@contextmanager
def _raw(db: Database) -> Iterator[Any]:
    with db.applying() as tx:
        yield tx


def _number(db: Database) -> None:
    for start in range(0, ROWS, PAGE):
        found = db.rows("SELECT id,* FROM person WHERE local_no>? AND local_no<=?", (start, start + PAGE))
        with db.applying() as tx:
            tx.executemany(NUMBERED, [(start + no, 1 << 61, 1 << 21, None, row[0]) for no, row in enumerate(found)])


def _renumber(db: Database, ids: list[str]) -> None:
    found: list[Row] = []
    for one in ids:
        found += db.rows("SELECT * FROM person WHERE id=?", (one,))
    with db.applying() as tx:
        tx.executemany(NUMBERED, [(ROWS + no, 1 << 62, 1 << 21, None, one) for no, one in enumerate(ids)])


if __name__ == "__main__":
    main()
