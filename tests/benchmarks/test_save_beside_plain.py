"""What `bench_encryption.py` holds a save against: the same correction, done plainly."""

import importlib
import sqlite3
from pathlib import Path

import pytest

from desktop_app.app import App
from desktop_app.residents.model import Person

ROOM = Path(__file__).resolve().parent.parent.parent / "benchmarks"


def test_both_savers_of_the_benchmark_correct_the_same(app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(ROOM))
    bench = importlib.import_module("bench_encryption")
    with app.db.transaction(app.actor, "登记居民") as tx:
        who = tx.add(Person(name="王小明", phones="13900000001")).id
    engine = bench.plain_engine(app, tmp_path / "plain.db")
    for save in bench.savers(app, engine, [who]):
        save(0)
    engine.dispose()
    plain = sqlite3.connect(tmp_path / "plain.db")
    found = plain.execute("SELECT phones,occupation FROM person").fetchall()
    plain.close()
    assert found == app.db.rows("SELECT phones,occupation FROM person") == [("13900000000", "职业0")]
