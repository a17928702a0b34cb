"""Two desks take notes in one meeting while apart, and both keep every line; so do matters and ballots."""

import pytest

from desktop_app.matters import actions as matters
from desktop_app.matters import queries as matter_queries
from desktop_app.matters.actions import Deed
from desktop_app.meetings import actions, balloting, noting, queries
from desktop_app.meetings.model import Meeting
from desktop_app.meetings.rules import RosterLine
from desktop_app.meetings.signature import changed_since
from desktop_app.places.actions import add_building, add_estate
from desktop_app.places.model import Building, Estate
from desktop_app.places.rules import BuildingPlan
from desktop_app.sync import conflicts
from tests.sync.desks import Desk


def settle(*desks: Desk) -> None:
    for _ in range(3):
        for desk in desks:
            desk.sync()


def note(desk: Desk, item, text: str, meeting_id: str) -> None:
    desk.clock.move(seconds=1)
    noting.keep(desk.db, desk.app.actor, meeting_id, item.id, text)


def said(desk: Desk, meeting_id: str, item_id: str) -> list[str]:
    file = queries.meeting_file(desk.db, meeting_id)
    assert file is not None
    return [line.text for line in noting.merged(file.notes, item_id)]


@pytest.fixture
def meeting(first: Desk, second: Desk) -> Meeting:
    new = Meeting(
        kind="other", title="停车座谈会", starts_at="2026-11-22 10:00", place="驿站", chair="王东", recorder="李梅"
    )
    made = actions.call_meeting(first.db, first.app.actor, new, [RosterLine("王东"), RosterLine("李梅")])
    actions.add_agenda_item(first.db, first.app.actor, made.id, "停车")
    actions.mark_all(first.db, first.app.actor, made.id)
    settle(first, second)
    return made


def item_of(desk: Desk, meeting: Meeting):
    file = queries.meeting_file(desk.db, meeting.id)
    assert file is not None
    return file.agenda[0]


def test_both_desks_keep_their_text_though_the_same_person_sits_at_both(first, second, meeting):
    item = item_of(first, meeting)
    note(first, item, "王东：车多。", meeting.id)
    note(second, item, "李梅：位少。", meeting.id)
    note(first, item, "王东：车多。\n王东：重划。", meeting.id)
    note(second, item, "李梅：位少，要重划。\n李梅：还有外来车。", meeting.id)
    settle(first, second)
    assert said(first, meeting.id, item.id) == said(second, meeting.id, item.id)
    assert sorted(said(first, meeting.id, item.id)) == [
        "李梅：位少，要重划。",
        "李梅：还有外来车。",
        "王东：车多。",
        "王东：重划。",
    ]
    assert conflicts.count_open(first.db) == conflicts.count_open(second.db) == 0
    assert noting.own_text(first.db, first.app.actor, meeting.id, item.id) == "王东：车多。\n王东：重划。"
    assert (
        noting.own_text(second.db, second.app.actor, meeting.id, item.id) == "李梅：位少，要重划。\n李梅：还有外来车。"
    )


def test_notes_that_reach_a_record_after_its_signature_are_kept_and_said(first, second, meeting):
    item = item_of(first, meeting)
    note(first, item, "王东：车多。", meeting.id)
    actions.change_meeting(first.db, first.app.actor, meeting.id, ends_at="2026-11-22 11:00")
    actions.sign(first.db, first.app.actor, meeting.id, "王东、李梅")
    note(second, item, "李梅：位少。", meeting.id)
    settle(first, second)
    for desk in (first, second):
        file = queries.meeting_file(desk.db, meeting.id)
        assert file is not None
        assert file.signed
        assert changed_since(file) == ("随记",)
        assert sorted(said(desk, meeting.id, item.id)) == ["李梅：位少。", "王东：车多。"]


def test_a_room_entered_at_both_desks_counts_once_and_the_clash_goes_to_the_inbox(first, second, meeting):
    estate = add_estate(first.db, first.app.actor, Estate(name="桂花苑"))
    building, _ = add_building(
        first.db, first.app.actor, Building(estate_id=estate.id, no="3"), BuildingPlan(units=1, floors=2, per_floor=2)
    )
    settle(first, second)
    item = item_of(first, meeting)
    for desk in (first, second):
        assert balloting.make_roll(desk.db, desk.app.actor, item.id, [building.id]) == 4
    room = first.db.scalar("SELECT room_id FROM owner_ballot ORDER BY seq")
    for desk, choice in ((first, "同意"), (second, "反对")):
        desk.clock.move(minutes=1)
        balloting.enter(desk.db, desk.app.actor, item.id, {room: choice})
    settle(first, second)
    assert first.db.scalar("SELECT count(*) FROM owner_ballot WHERE sync_del=0") == 4
    assert first.db.rows("SELECT choice FROM owner_ballot ORDER BY seq") == second.db.rows(
        "SELECT choice FROM owner_ballot ORDER BY seq"
    )
    assert conflicts.count_open(first.db) == conflicts.count_open(second.db) == 1


def test_a_matter_moved_on_at_two_desks_stands_the_same_at_both(first, second):
    made = matters.propose(first.db, first.app.actor, matters.blank(first.db, title="修单车棚", proposer="王小明"))
    settle(first, second)
    for desk, deed in ((first, Deed("推进")), (second, Deed("终止", text="提出人撤回"))):
        desk.clock.move(minutes=1)
        matters.act(desk.db, desk.app.actor, made.id, deed)
    settle(first, second)
    found = [matter_queries.detail(desk.db, made.id) for desk in (first, second)]
    assert found[0].state == found[1].state
    assert (found[0].state.step, found[0].state.phase) == (2, "在办")
    assert [line.kind for line in found[0].events if line.stale] == ["终止"]
