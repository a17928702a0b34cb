"""The change journal: nothing goes around it, whichever way it was written."""

import json
import traceback

import pytest

from desktop_app.residents.model import Person, PersonEvent
from desktop_app.shared.clock import FixedClock
from desktop_app.shared.errors import AppError
from desktop_app.shared.ids import new_id
from desktop_app.store.base import record_classes
from desktop_app.store.database import Database

INSERT = "INSERT INTO person(id,name,phones,source) VALUES(?,?,'','手工')"


def changes(db: Database, name: str = "王小明"):
    """(op, earlier values, what, why, who) of everything that happened to a person, oldest first."""
    rows = db.rows(
        "SELECT c.op,c.before,a.what,a.why,a.actor_name FROM journal_change c JOIN journal_action a ON a.no=c.action "
        "JOIN person p ON p.local_no=c.row WHERE c.tbl=7 AND p.name=? ORDER BY c.no",
        (name,),
    )
    return [(op, json.loads(before) if before else None, *rest) for op, before, *rest in rows]


def dirty(db: Database):
    """(op, changed columns) of every row that waits to be pushed, but for those a new store begins with."""
    columns = db.tables["person"].columns
    return [
        (op, [name for bit, name in enumerate(columns) if mask >> bit & 1])
        for op, mask in db.rows("SELECT op,mask FROM sync_dirty WHERE tbl=7 ORDER BY local_no")
    ]


@pytest.fixture
def person(db: Database, actor) -> Person:
    """王小明, who was recorded and pushed long ago."""
    with db.transaction(actor, "登记居民") as tx:
        added = tx.add(Person(name="王小明", phones="13900000001"))
    with db.applying() as tx:
        tx.execute("DELETE FROM sync_dirty")
    return added


def add_record(tx):
    tx.add(Person(name="王小明"))


def add_bulk(tx):
    tx.insert(Person, [{"id": new_id(), "name": "王小明", "phones": "", "source": "导入"}])


def add_raw(tx):
    tx.execute(INSERT, (new_id(), "王小明"))


def add_many_raw(tx):
    tx.executemany(INSERT, [(new_id(), "王小明")])


@pytest.mark.parametrize("write", [add_record, add_bulk, add_raw, add_many_raw])
def test_every_way_to_add_is_noted_with_who_and_why(db, actor, write):
    with db.transaction(actor, "登记居民", why="新搬来") as tx:
        write(tx)
    assert changes(db) == [("i", None, "登记居民", "新搬来", "张三")]
    assert dirty(db) == [("i", list(db.tables["person"].columns))]


def change_record(tx, person):
    tx.change(Person, person.id, phones="13900000002")


def change_in_session(tx, person):
    tx.need(Person, person.id).phones = "13900000002"


def change_raw(tx, person):
    tx.execute("UPDATE person SET phones='13900000002' WHERE id=?", (person.id,))


def change_by_upsert(tx, person):
    tx.execute(
        "INSERT INTO person(id,name,phones,source) VALUES(?,'王小明','13900000002','手工') "
        "ON CONFLICT(id) DO UPDATE SET phones=excluded.phones",
        (person.id,),
    )


@pytest.mark.parametrize("write", [change_record, change_in_session, change_raw, change_by_upsert])
def test_every_way_to_change_keeps_the_earlier_value_and_marks_that_column_alone(db, actor, person, write):
    with db.transaction(actor, "改电话") as tx:
        write(tx, person)
    assert changes(db)[-1] == ("u", {"phones": "13900000001"}, "改电话", None, "张三")
    assert dirty(db) == [("u", ["phones"])]


def test_writing_the_same_value_again_is_no_change(db, actor, person):
    before = db.scalar("SELECT count(*) FROM journal_action")
    with db.transaction(actor, "改电话") as tx:
        tx.change(Person, person.id, phones="13900000001")
        tx.execute("UPDATE person SET name=name")
    assert dirty(db) == []
    assert db.scalar("SELECT count(*) FROM journal_action") == before


def test_a_change_from_and_to_nothing_is_seen(db, actor, person):
    with db.transaction(actor, "补性别") as tx:
        tx.change(Person, person.id, sex="男")
    with db.transaction(actor, "清性别") as tx:
        tx.change(Person, person.id, sex=None)
    assert [earlier for _, earlier, *_ in changes(db)[1:]] == [{"sex": None}, {"sex": "男"}]


def test_changes_before_a_push_are_one_row_with_all_columns(db, actor, person):
    with db.transaction(actor, "一") as tx:
        tx.change(Person, person.id, phones="13900000002")
    with db.transaction(actor, "二") as tx:
        tx.change(Person, person.id, sex="男")
        tx.change(Person, person.id, note="常不在家")
    assert dirty(db) == [("u", ["sex", "phones", "note"])]


def test_a_change_to_what_was_not_pushed_yet_stays_an_addition(db, actor):
    with db.transaction(actor, "登记居民") as tx:
        tx.add(Person(id="a" * 32, name="王小明"))
    with db.transaction(actor, "改电话") as tx:
        tx.change(Person, "a" * 32, phones="13900000002")
    assert dirty(db) == [("i", list(db.tables["person"].columns))]


def test_what_the_sync_engine_applies_is_not_pushed_back_but_kept_in_the_history(db, person):
    with db.applying() as tx:
        tx.execute("UPDATE person SET phones='13900000009' WHERE id=?", (person.id,))
    assert dirty(db) == []
    assert changes(db)[-1] == ("r", {"phones": "13900000001"}, "同步收到", None, "同步")


def test_capture_is_awake_again_after_the_sync_engine(db, actor, person):
    with pytest.raises(RuntimeError), db.applying() as tx:
        tx.execute("UPDATE person SET phones='13900000009'")
        raise RuntimeError
    with db.transaction(actor, "改电话") as tx:
        tx.change(Person, person.id, phones="13900000003")
    assert dirty(db) == [("u", ["phones"])]


def test_a_burial_leaves_a_tombstone_that_is_pushed(db, actor, person):
    with db.transaction(actor, "录错了") as tx:
        tx.bury(Person, person.id)
    assert db.get(Person, person.id) is None
    assert db.scalar("SELECT sync_del FROM person WHERE id=?", (person.id,)) == 1
    assert dirty(db) == [("d", [])]
    assert changes(db)[-1][0] == "d"


def test_what_is_buried_can_come_back_whole(db, actor, person):
    with db.transaction(actor, "录错了") as tx:
        tx.bury(Person, person.id)
    with db.transaction(actor, "撤销") as tx:
        tx.execute("UPDATE person SET sync_del=0 WHERE id=?", (person.id,))
    assert db.get(Person, person.id) is not None
    assert dirty(db) == [("i", list(db.tables["person"].columns))]


@pytest.mark.parametrize("sql", ["DELETE FROM person", "REPLACE INTO person SELECT * FROM person"])
def test_nothing_is_deleted_outright(db, actor, person, sql):
    with pytest.raises(AppError) as refused, db.transaction(actor, "删") as tx:
        tx.execute(sql)
    assert "没有变化" in refused.value.message
    assert db.get(Person, person.id) is not None


def test_a_purge_ordered_by_the_server_may_delete(db, person):
    with db.applying("删除", purge=True) as tx:
        tx.execute("DELETE FROM person WHERE id=?", (person.id,))
    assert db.scalar("SELECT count(*) FROM person") == 0


@pytest.mark.parametrize("table", sorted(record_classes()))
def test_no_synced_table_can_be_deleted_from(db, actor, table):
    """Every synced table has its four triggers, so that a new slice cannot forget them."""
    names = {row[0] for row in db.rows("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name=?", (table,))}
    assert {f"journal_{table}_{verb}" for verb in "iudx"} <= names


def test_an_event_is_never_rewritten(db, actor, person):
    with db.transaction(actor, "迁入") as tx:
        event = tx.add(PersonEvent(person_id=person.id, kind="迁入", on="2026-11-01"))
    with pytest.raises(AppError, match="只能追加"), db.transaction(actor, "改") as tx:
        tx.change(PersonEvent, event.id, on="2025-01-01")
    with pytest.raises(AppError, match="只能追加"), db.transaction(actor, "改") as tx:
        tx.execute("UPDATE person_event SET kind='迁出'")
    assert db.rows('SELECT kind,"on" FROM person_event') == [("迁入", "2026-11-01")]


def test_an_action_that_fails_leaves_neither_record_nor_journal(db, actor, person):
    counts = (
        "SELECT (SELECT count(*) FROM person),(SELECT count(*) FROM journal_action),"
        "(SELECT count(*) FROM journal_change),(SELECT count(*) FROM sync_dirty),(SELECT max(floor) FROM sync_ctx)"
    )
    before = db.row(counts)
    with pytest.raises(ZeroDivisionError), db.transaction(actor, "登记居民") as tx:
        tx.add(Person(name="李四"))
        tx.change(Person, person.id, name="王大明")
        tx.execute("UPDATE person SET note='x'")
        raise ZeroDivisionError
    assert db.row(counts) == before
    assert db.get(Person, person.id).name == "王小明"


def test_listeners_hear_what_a_committed_action_touched_and_nothing_else(db, actor, person):
    heard = []
    db.changed.append(heard.append)
    with pytest.raises(ZeroDivisionError), db.transaction(actor, "登记居民") as tx:
        tx.add(Person(name="李四"))
        raise ZeroDivisionError
    with db.transaction(actor, "看看") as tx:
        tx.rows("SELECT 1")
    with db.transaction(actor, "迁入") as tx:
        tx.change(Person, person.id, sex="男")
        tx.add(PersonEvent(person_id=person.id, kind="迁入", on="2026-11-01"))
    assert heard == [frozenset({"person", "person_event"})]


def test_stamps_grow_though_the_clock_goes_back_a_year(db, actor, person, clock: FixedClock):
    stamps = []
    for days in (0, -365, 1, 400):
        clock.move(days=days)
        with db.transaction(actor, "改") as tx:
            tx.change(Person, person.id, note=str(days))
        stamps.append(db.scalar("SELECT ts FROM sync_dirty WHERE tbl=7"))
    assert stamps == sorted(set(stamps))
    assert stamps[-1] >> 16 == clock.ms(), "once the clock is right again, the stamps are its own"


def test_stamps_never_fall_behind_what_came_from_another_desk(db, actor, person, clock: FixedClock):
    seen = (clock.ms() + 60_000) << 16
    with db.applying() as tx:
        tx.execute("UPDATE sync_ctx SET floor=max(floor,?)", (seen,))
    with db.transaction(actor, "改") as tx:
        tx.change(Person, person.id, note="后来")
    assert db.scalar("SELECT ts FROM sync_dirty WHERE tbl=7") > seen


def test_numbers_of_a_series_have_no_gap_and_no_twin(db, actor):
    with db.transaction(actor, "编号") as tx:
        assert [tx.take_number("纪要"), tx.take_number("纪要"), tx.take_number("证明")] == [1, 2, 1]
    with pytest.raises(ZeroDivisionError), db.transaction(actor, "编号") as tx:
        tx.take_number("纪要")
        raise ZeroDivisionError
    with db.transaction(actor, "编号") as tx:
        assert tx.take_number("纪要") == 3


def test_a_record_that_is_gone_is_said_so_in_words(db, actor, person):
    with db.transaction(actor, "录错了") as tx:
        tx.bury(Person, person.id)
    with pytest.raises(AppError, match="居民记录已经不在了"), db.transaction(actor, "改") as tx:
        tx.change(Person, person.id, name="王大明")


def test_reading_sees_nothing_of_an_unfinished_action(db, actor, person):
    with db.transaction(actor, "改") as tx:
        tx.change(Person, person.id, name="王大明")
        assert db.get(Person, person.id).name == "王小明"
        assert tx.get(Person, person.id).name == "王大明"
    assert db.get(Person, person.id).name == "王大明"


def test_what_the_database_refuses_is_told_without_what_it_was_about(db, actor, person):
    """Errors go to the log with their causes; a number of somebody must not go along."""
    with pytest.raises(AppError) as refused, db.transaction(actor, "登记居民") as tx:
        tx.add(Person(id=person.id, name="李四", phones=f"139{77:08}"))
    told = "".join(traceback.format_exception(refused.value))
    assert "UNIQUE" in told
    assert "13900000077" not in told
