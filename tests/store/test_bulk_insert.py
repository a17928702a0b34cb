"""Many records at once are captured and found exactly as if each had been added by itself."""

from contextlib import suppress

import pytest

from desktop_app.places.model import Room
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError, CancelledError
from desktop_app.shared.ids import named_id, new_id
from desktop_app.store import bulk
from desktop_app.store.bulk import LEAST
from desktop_app.store.database import Database
from desktop_app.store.writes import Writes, write

MANY = LEAST + 75
KEPT = (
    "SELECT tbl,local_no,mask,op,ts,by,fb FROM sync_dirty WHERE tbl=? ORDER BY local_no",
    "SELECT tbl,row,op,before FROM journal_change WHERE tbl=? ORDER BY no",
)


def people(count: int) -> list[dict[str, object]]:
    return [
        {"id": new_id(), "name": f"单小{chr(0x4E00 + at)}", "used_name": "阿宝" if at % 3 else None,
         "id_no": f"4202991950030{at:05d}", "phones": f"139{at:08d}" if at % 5 else "", "source": "导入"}
        for at in range(count)
    ]  # fmt: skip


def rooms(count: int) -> list[dict[str, object]]:
    """Half of them with derived identifiers, which say less where they are blank."""
    return [
        {"id": named_id("room", str(at)) if at % 2 else new_id(), "building_id": "b" * 32, "unit": None, "floor": at,
         "no": str(at), "seq": 1, "kind": "住宅", "use": "自住"}
        for at in range(count)
    ]  # fmt: skip


def kept(db: Database, table: int) -> list[object]:
    found = [db.rows(sql, (table,)) for sql in KEPT]
    trigrams = "SELECT rowid FROM search_phone WHERE search_phone MATCH '\"139\"' ORDER BY rowid"
    return [*found, db.rows("SELECT * FROM search_key"), db.rows(trigrams)]


@pytest.mark.parametrize(("cls", "table", "make"), [(Person, 7, people), (Room, 6, rooms)])
def test_what_a_bulk_insert_leaves_is_what_single_inserts_leave(db, actor, cls, table, make):
    rows = make(MANY)
    with pytest.raises(ZeroDivisionError), db.transaction(actor, "逐条") as tx:
        for row in rows:
            tx.insert(cls, [row])
        one_by_one = [tx.rows(sql, (cls.__table_no__,)) for sql in KEPT] + [tx.rows("SELECT * FROM search_key")]
        raise ZeroDivisionError
    with db.transaction(actor, "批量") as tx:
        tx.insert(cls, rows)
    together = kept(db, cls.__table_no__)
    assert [without_time(part) for part in together[:3]] == [without_time(part) for part in one_by_one]
    assert len(together[0]) == len(together[1]) == MANY
    assert len(together[3]) == sum(bool(row.get("phones")) for row in rows)


def without_time(rows):
    return [(*row[:4], *row[5:]) if len(row) == 7 else row for row in rows]


def test_capture_is_awake_again_after_a_bulk_insert(db, actor):
    with db.transaction(actor, "导入") as tx:
        tx.insert(Person, people(MANY))
        tx.add(Person(name="王小明"))
    assert db.scalar("SELECT count(*) FROM journal_change WHERE tbl=7") == MANY + 1
    assert db.scalar("SELECT applying FROM sync_ctx") == 0


@pytest.mark.parametrize("fails", [False, True])
def test_the_triggers_stand_again_after_very_many_rows(db, actor, monkeypatch, fails):
    monkeypatch.setattr(bulk, "_MANY", MANY)
    before = db.rows("SELECT name,sql FROM sqlite_master WHERE type='trigger' ORDER BY name")
    rows = people(MANY)
    if fails:
        rows[-1]["id"] = rows[0]["id"]
    with suppress(AppError), db.transaction(actor, "导入") as tx:
        tx.insert(Person, rows)
    with db.transaction(actor, "登记") as tx:
        tx.add(Person(name="龚㛃"))
    assert db.rows("SELECT name,sql FROM sqlite_master WHERE type='trigger' ORDER BY name") == before
    made = 1 if fails else MANY + 1
    assert db.scalar("SELECT count(*) FROM journal_change WHERE tbl=7") == made
    assert db.scalar("SELECT count(*) FROM sync_dirty WHERE tbl=7") == made
    assert db.rows("SELECT kind FROM search_key WHERE key='龚㛃'")


def test_a_bulk_insert_that_fails_leaves_nothing_of_itself_and_capture_awake(db, actor):
    rows = people(MANY)
    rows[-1]["id"] = rows[0]["id"]
    with pytest.raises(AppError), db.transaction(actor, "导入") as tx:
        tx.insert(Person, rows)
    assert db.scalar("SELECT count(*) FROM person") == 0
    assert db.scalar("SELECT applying FROM sync_ctx") == 0


def test_who_stops_a_bulk_insert_and_goes_on_finds_nothing_of_it_and_is_noted_again(db, actor):
    def stop(_rows: int) -> None:
        raise CancelledError

    with db.transaction(actor, "导入") as tx:
        with pytest.raises(CancelledError):
            tx.insert(Person, people(MANY), stop)
        tx.add(Person(name="王小明"))
    assert db.rows("SELECT name FROM person") == [("王小明",)]
    assert db.scalar("SELECT count(*) FROM journal_change WHERE tbl=7") == 1


def test_nothing_can_be_deleted_during_a_bulk_insert(db, actor):
    rows = people(MANY)
    with db.transaction(actor, "导入") as tx:
        tx.insert(Person, rows)
    with pytest.raises(AppError), db.transaction(actor, "导入") as tx:
        tx.insert(Person, people(MANY), lambda _rows: tx.execute("DELETE FROM person"))
    assert db.scalar("SELECT count(*) FROM person") == MANY


def test_records_of_several_tables_stored_at_once_are_captured_and_found_like_single_ones(db, actor):
    both = {Person: people(MANY), Room: rooms(MANY)}
    with pytest.raises(ZeroDivisionError), db.transaction(actor, "逐条") as tx:
        for cls, values in both.items():
            for row in values:
                tx.insert(cls, [row])
        single = [tx.rows(sql, (table,)) for table in (6, 7) for sql in KEPT] + [tx.rows("SELECT * FROM search_key")]
        single += [tx.rows("SELECT * FROM person ORDER BY local_no"), tx.rows("SELECT * FROM room ORDER BY local_no")]
        raise ZeroDivisionError
    with db.transaction(actor, "批量") as tx:
        tx.insert_all(both)
    together = [db.rows(sql, (table,)) for table in (6, 7) for sql in KEPT] + [db.rows("SELECT * FROM search_key")]
    together += [db.rows("SELECT * FROM person ORDER BY local_no"), db.rows("SELECT * FROM room ORDER BY local_no")]
    assert [without_time(part) for part in together] == [without_time(part) for part in single]


@pytest.mark.parametrize("blank", [None, ""])
def test_blanks_and_empty_texts_are_stored_as_they_were_given(db, actor, blank):
    given = [None, "阿宝", "阿贵", *[blank] * MANY]
    columns = {
        "id": [new_id() for _ in given],
        "name": [f"王{chr(0x4E00 + at)}" for at in range(len(given))],
        "used_name": given,
        "phones": [""] * len(given),
        "source": ["导入"] * len(given),
        "note": [None] * len(given),
    }
    with db.transaction(actor, "导入") as tx:
        tx.insert_all({Person: columns})
    assert db.rows("SELECT used_name,phones,note FROM person ORDER BY local_no") == [(one, "", None) for one in given]


def test_how_far_it_is_never_falls_back_and_ends_with_every_record(db, actor):
    told: list[tuple[int, int]] = []
    writes = Writes(new={Person: people(MANY), Room: rooms(3)})
    with db.transaction(actor, "导入") as tx:
        write(tx, writes, lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1] == (MANY + 3, MANY + 3)


def test_the_log_moves_into_the_file_with_the_next_save_after_a_bulk_insert(db, actor):
    with db.transaction(actor, "导入") as tx:
        tx.insert(Person, people(MANY))
    with db.transaction(actor, "登记") as tx:
        assert tx.rows("PRAGMA wal_autocheckpoint") == [(1000,)]


def test_a_record_read_after_raw_sql_is_as_the_raw_sql_left_it(db, actor):
    with db.transaction(actor, "登记") as tx:
        person = tx.add(Person(name="王小明"))
        tx.execute("UPDATE person SET note='新' WHERE id=?", (person.id,))
        assert tx.need(Person, person.id).note == "新"
        tx.change(Person, person.id, name="王明")
    assert db.rows("SELECT name,note FROM person") == [("王明", "新")]
