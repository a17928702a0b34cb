"""Where each of many records stands, asked at once."""

import pytest

from desktop_app.partners.model import Claim, ClaimEvent, ListItem
from desktop_app.residents.model import PersonTag
from desktop_app.shared.errors import NetworkError
from desktop_app.store.base import Record
from desktop_app.store.conflict import Conflict
from desktop_app.sync import refused
from desktop_app.sync.status import PARTS, RowState, refusals, row_state, row_states, status
from desktop_app.visits import actions as visits
from desktop_app.visits.model import Visit
from tests.sync.desks import Desk, lost


def states(desk: Desk, *people: str) -> list[RowState]:
    found = row_states(desk.db, "person", people)
    return [found[one] for one in people]


def keep(desk: Desk, record: Record) -> str:
    with desk.db.transaction(desk.app.actor, "登记") as tx:
        return tx.add(record).id


def test_before_a_desk_is_enrolled_everything_is_here_only(make_desk):
    desk = make_desk("一号机", enrolled=False)
    assert states(desk, desk.add("王小明"), desk.add("李德福")) == [RowState.LOCAL] * 2


def test_each_record_has_its_own_state_in_one_answer(first):
    synced, changed, disputed, set_aside = (first.add(name) for name in ("甲", "乙", "丙", "丁"))
    first.sync()
    first.edit(changed, note="x")
    with first.db.transaction(first.app.actor, "准备") as tx:
        tx.add(Conflict(tbl="person", row_id=disputed, field="note"))
    with first.db.applying("准备") as tx:
        refused.note(tx, "person", set_aside, "BAD_VALUE")
    assert states(first, synced, changed, disputed, set_aside) == [
        RowState.SYNCED,
        RowState.WAITING,
        RowState.CONFLICT,
        RowState.REFUSED,
    ]
    assert row_states(first.db, "person", ["nobody"]) == {}
    assert row_states(first.db, "person", []) == {}
    assert refusals(first.db, "person", [synced, set_aside]) == {set_aside: "内容不合规"}


def test_a_tag_that_waits_makes_its_resident_wait(first):
    person = first.add("王小明")
    first.sync()
    with first.db.transaction(first.app.actor, "打标签") as tx:
        tag = tx.add(PersonTag(person_id=person, tag="独居老人"))
    assert row_state(first.db, "person", person) is RowState.WAITING
    assert row_state(first.db, "person_tag", tag.id) is RowState.WAITING
    first.sync()
    assert row_state(first.db, "person", person) is RowState.SYNCED
    with first.db.applying("准备") as tx:
        refused.note(tx, "person_tag", tag.id, "TOO_LARGE")
    assert row_state(first.db, "person", person) is RowState.REFUSED
    assert refusals(first.db, "person", [person]) == {person: "内容太长"}


@pytest.fixture
def too_long(first):
    """A visit with more words than the server takes."""
    person = first.add("王小明")
    made = visits.record(first.db, first.app.actor, Visit(on="2026-01-01", person_id=person))
    with first.db.transaction(first.app.actor, "旧版本") as tx:  # today it is refused before it is saved
        tx.execute("UPDATE visit SET findings=? WHERE id=?", ("长" * 700_000, made.visit.id))
    first.sync()
    assert row_state(first.db, "visit", made.visit.id) is RowState.REFUSED
    return made.visit.id


def test_a_visit_the_server_refused_is_taken_when_it_was_put_right(first, second, too_long):
    visits.correct(first.db, first.app.actor, too_long, findings="身体还好")
    first.sync()
    second.sync()
    assert (row_state(first.db, "visit", too_long), refused.listed(first.db)) == (RowState.SYNCED, [])
    assert second.db.get(Visit, too_long).findings == "身体还好"


def test_a_visit_the_server_refused_and_that_was_taken_back_is_no_longer_refused(first, second, too_long):
    visits.withdraw(first.db, first.app.actor, too_long, "登记重复")
    first.sync()
    second.sync()
    assert (row_state(first.db, "visit", too_long), refused.listed(first.db)) == (RowState.SYNCED, [])
    assert (status(first.db).waiting, second.db.get(Visit, too_long)) == (0, None)


def test_what_waits_in_a_part_of_a_part_makes_the_record_wait(first):
    """Of an item of a list a claim, of that what was done about it: the list of items shows what waits."""
    item = keep(first, ListItem(list_type="需求", title="装扶手", from_on="2026-01-01"))
    claim = keep(first, Claim(item_id=item, taker="王小明", on="2026-01-01"))
    first.sync()
    assert row_state(first.db, "list_item", item) is RowState.SYNCED
    event = keep(first, ClaimEvent(claim_id=claim, kind="进展", at=1, on="2026-01-01", by_name="李四"))
    assert row_state(first.db, "list_item", item) is RowState.WAITING
    first.sync()
    assert row_state(first.db, "list_item", item) is RowState.SYNCED
    with first.db.applying("准备") as tx:
        refused.note(tx, "claim_event", event, "AUDIENCE")
    assert row_state(first.db, "list_item", item) is RowState.REFUSED
    assert refusals(first.db, "list_item", [item]) == {item: "共享的单位里有不能共享的"}


def test_what_is_on_its_way_says_so_until_the_answer_is_here(first):
    person = first.add("王小明")
    first.line.after = lost
    with pytest.raises(NetworkError):
        first.sync()
    assert states(first, person) == [RowState.SENDING]
    first.edit(person, note="x")
    assert states(first, person) == [RowState.WAITING]
    first.line.heal()
    first.sync()
    assert states(first, person) == [RowState.SYNCED]


def test_a_page_of_rows_is_looked_up_by_keys_however_much_waits(first):
    """The window asks for a hundred rows while it paints, so nothing may be scanned."""
    from desktop_app.sync.status import _states_sql

    alone = ("building", "party_centre_household", "care_pair", "campaign", "booking", "helper", "rule_book")
    for table in (*PARTS, *alone):
        plan = first.db.rows(f"EXPLAIN QUERY PLAN {_states_sql(first.db, table)}", {"ids": "[]"})
        scanned = [step[3] for step in plan if step[3].startswith("SCAN") and "json_each" not in step[3]]
        assert [one for one in scanned if one not in ("SCAN p", "SCAN part")] == [], table


def test_the_desk_is_online_or_not_by_what_came_of_asking_the_server(first):
    assert status(first.db).online is None
    first.sync()
    assert status(first.db).online is True
    answered = status(first.db).answered_at
    first.clock.move(minutes=40)
    first.line.before = lost
    with pytest.raises(NetworkError):
        first.sync()
    now = status(first.db)
    assert now.online is False
    assert now.answered_at == answered
    first.line.heal()
    first.sync()
    assert status(first.db).online is True
