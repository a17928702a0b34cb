"""What is longer than one record may be is refused where it was typed, and names the field."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.meetings.model import AgendaItem
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError
from desktop_app.store import lengths
from desktop_app.store.base import SYNC_COLUMNS
from sync_protocol.messages import ROW_BYTES

LONG = "长" * 90_000


def test_a_new_record_that_is_too_long_is_refused_at_its_longest_field(db, actor):
    with pytest.raises(AppError) as told, db.transaction(actor, "登记") as tx:
        tx.add(Person(name="王小明", employer="供销社", note=LONG))
    assert told.value.field == "note"
    assert "“备注”有 90,000 字，太长了：一条居民记录所有文字合计最多约 87,000 字。没有保存" in told.value.message
    assert "至少缩短" in told.value.next_step
    assert db.scalar("SELECT count(*) FROM person") == 0


def test_many_fields_together_may_be_too_long(db, actor):
    with pytest.raises(AppError, match="“讨论记录”有 50,000 字"), db.transaction(actor, "登记") as tx:
        tx.add_all([AgendaItem(meeting_id="m", seq=1, title="长" * 49_000, discussion="长" * 50_000)])


def test_a_change_that_makes_a_record_too_long_is_refused_and_nothing_of_it_is_saved(db, actor):
    with db.transaction(actor, "登记") as tx:
        person = tx.add(Person(name="王小明", note="短"))
    with pytest.raises(AppError, match="“备注”有 90,000 字"), db.transaction(actor, "修改") as tx:
        tx.change(Person, person.id, name="王大明", note=LONG)
    assert (db.get(Person, person.id).name, db.get(Person, person.id).note) == ("王小明", "短")


def test_what_is_too_long_already_can_still_be_shortened_and_changed_elsewhere(db, actor):
    with db.transaction(actor, "登记") as tx:
        person = tx.add(Person(name="王小明"))
        tx.execute("UPDATE person SET note=? WHERE id=?", (LONG, person.id))
    with db.transaction(actor, "修改") as tx:
        tx.change(Person, person.id, sex="男")
        tx.change(Person, person.id, note=LONG[:-1])
    with pytest.raises(AppError, match="“备注”有 90,000 字"), db.transaction(actor, "修改") as tx:
        tx.change(Person, person.id, note=LONG)
    assert lengths.longest_stored(db, "person", person.id) == "“备注”有 89,999 字"
    with db.transaction(actor, "修改") as tx:
        tx.change(Person, person.id, note="短")
    assert lengths.longest_stored(db, "person", person.id) == ""


@pytest.mark.parametrize("count", [300, 5_000])
def test_of_many_new_records_one_that_is_too_long_is_refused(db, actor, count):
    people = [{"id": f"{at:032}", "name": "王小明", "note": LONG if at == 150 else None} for at in range(count)]
    with pytest.raises(AppError, match="“备注”有 90,000 字"), db.transaction(actor, "导入") as tx:
        tx.insert(Person, people)
    assert db.scalar("SELECT count(*) FROM person") == 0


@given(st.text(alphabet='a长\n\x01"\U0001f3e0', min_size=1, max_size=8), st.integers(-40, 40))
def test_the_desk_measures_as_the_server_does(pattern, about):
    """What passes here is never TOO_LARGE there, and what is refused here would be."""
    person = Person(name="王小明")
    empty = len(orjson.dumps(_said(person)))
    times = (ROW_BYTES - empty) // (len(orjson.dumps(pattern)) - 2)
    person.note = pattern * times + "a" * max(0, about)
    if about < 0:
        person.note = person.note[:about]
    too_large = len(orjson.dumps(_said(person))) > ROW_BYTES
    refused = False
    try:
        lengths.must_fit(person)
    except AppError:
        refused = True
    assert refused is too_large


def _said(person: Person) -> dict[str, object]:
    columns = [column.name for column in Person.__table__.columns if column.name not in SYNC_COLUMNS]
    return {name: getattr(person, name) for name in columns}
