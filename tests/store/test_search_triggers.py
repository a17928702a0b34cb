"""The search index follows every write, whichever way it was made, and forgets what is no longer so."""

import pytest

from desktop_app.residents.model import Person
from desktop_app.shared.ids import new_id
from desktop_app.store import search
from desktop_app.store.database import Database
from desktop_app.store.search_keys import KeyKind

WANG = {"name": "王小明", "id_no": "420299195003051234", "phones": "13900000001 07195550000"}


def by_key(db: Database, kind: KeyKind, begins: str) -> set[str]:
    rows = db.rows(
        "SELECT p.id FROM search_key k JOIN person p USING(local_no) WHERE kind=? AND key>=? AND key<?",
        (kind.value, begins, begins + "\U0010ffff"),
    )
    return {row[0] for row in rows}


def by_phone(db: Database, digits: str) -> set[str]:
    """Who has these digits in a phone, as far as the index of three-digit pieces can say."""
    pieces = " AND ".join(f'"{digits[start : start + 3]}"' for start in range(len(digits) - 2))
    sql = "SELECT p.id FROM search_phone s JOIN person p ON p.local_no=s.rowid WHERE search_phone MATCH ?"
    return {row[0] for row in db.rows(sql, (pieces,))}


def found_everywhere(db: Database) -> list[set[str]]:
    """Who is found by 王小明's name, inner name, initials, pinyin, tail of the identity number, piece of a phone."""
    return [
        by_key(db, KeyKind.NAME, "王小"),
        by_key(db, KeyKind.INNER_NAME, "小明"),
        by_key(db, KeyKind.INITIALS, "wxm"),
        by_key(db, KeyKind.PINYIN, "wangxiaom"),
        by_key(db, KeyKind.ID_TAIL, "1234"[::-1]),
        by_phone(db, "000001"),
        by_phone(db, "719555"),
    ]


def add_record(tx, id_no):
    tx.add(Person(id=id_no, **WANG))


def add_bulk(tx, id_no):
    tx.insert(Person, [{"id": id_no, "source": "导入", **WANG}])


def add_raw(tx, id_no):
    tx.execute(
        "INSERT INTO person(id,name,id_no,phones,source) VALUES(:id,:name,:id_no,:phones,'手工')", WANG | {"id": id_no}
    )


@pytest.mark.parametrize("write", [add_record, add_bulk, add_raw])
def test_a_person_is_found_however_they_were_added(db, actor, write):
    person = new_id()
    with db.transaction(actor, "登记居民") as tx:
        write(tx, person)
    assert found_everywhere(db) == [{person}] * 7


def test_a_person_that_was_pulled_is_found(db):
    person = new_id()
    with db.applying() as tx:
        add_raw(tx, person)
    assert found_everywhere(db) == [{person}] * 7


NOW = {"name": "欧阳莉", "id_no": "42029919500305987X", "phones": "13700000002"}


@pytest.mark.parametrize("raw", [False, True])
def test_after_a_change_a_person_is_found_by_what_is_so_now_alone(db, actor, raw):
    person = new_id()
    with db.transaction(actor, "登记居民") as tx:
        add_record(tx, person)
    with db.transaction(actor, "更正") as tx:
        if raw:
            tx.execute("UPDATE person SET name=:name,id_no=:id_no,phones=:phones", NOW)
        else:
            tx.change(Person, person, **NOW)
    assert found_everywhere(db) == [set()] * 7
    assert by_key(db, KeyKind.PINYIN, "ouyang") == {person}
    assert by_key(db, KeyKind.ID_TAIL, "X789") == {person}
    assert by_phone(db, "137000") == {person}


def test_an_action_that_failed_leaves_no_word_in_the_index(db, actor):
    with pytest.raises(ZeroDivisionError), db.transaction(actor, "登记居民") as tx:
        add_record(tx, new_id())
        raise ZeroDivisionError
    assert db.scalar("SELECT count(*) FROM search_key") == 0


def test_losing_one_of_two_phones_leaves_the_other(db, actor):
    person = new_id()
    with db.transaction(actor, "登记居民") as tx:
        add_record(tx, person)
    with db.transaction(actor, "更正") as tx:
        tx.change(Person, person, phones="07195550000")
    assert by_phone(db, "000001") == set()
    assert by_phone(db, "719555") == {person}


def test_what_two_persons_share_stays_when_one_of_them_changes(db, actor):
    one, two = new_id(), new_id()
    with db.transaction(actor, "登记居民") as tx:
        add_record(tx, one)
        add_record(tx, two)
    with db.transaction(actor, "更正") as tx:
        tx.change(Person, one, name="欧阳莉")
    assert by_key(db, KeyKind.INITIALS, "wxm") == {two}


def test_an_index_built_anew_is_the_same(db, actor):
    with db.transaction(actor, "登记居民") as tx:
        for name in ("王小明", "单雄信", "曾国藩", "欧阳莉", "㛃"):
            tx.add(Person(name=name, used_name="阿宝", phones="13900000001"))
        tx.change(Person, tx.scalar("SELECT id FROM person LIMIT 1"), name="王大明", used_name=None)
    before = db.rows("SELECT * FROM search_key")
    with db.transaction(actor, "重建") as tx:
        search.rebuild(tx._raw)
    assert db.rows("SELECT * FROM search_key") == before
    assert len(by_phone(db, "139000")) == 5
