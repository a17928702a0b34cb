"""The board of the day has everything that is due, nothing that is not, and nothing one may not see."""

import re

import pytest

from desktop_app.care import actions as care
from desktop_app.care.model import CarePair, DoorBell, DoorBellEvent
from desktop_app.meetings.model import Meeting, Resolution
from desktop_app.organisation import actions as organisation
from desktop_app.organisation.model import OrgNode, Seat
from desktop_app.overview import due
from desktop_app.overview.due import SHOWN, SOURCES, board
from desktop_app.residents import actions as residents
from desktop_app.shared.resources import resource
from desktop_app.visits import actions as visits
from desktop_app.visits.model import Visit
from tests.care.conftest import DAY, grandmother, street  # noqa: F401 fixtures: a street, and who lives there alone
from tests.conftest import NOON

TODAY = NOON.date()


def keys(db, actor):
    return [group.key for group in board(db, actor, TODAY)]


def group(db, actor, key):
    return next((one for one in board(db, actor, TODAY) if one.key == key), None)


def test_on_an_empty_desk_nothing_is_due(db, actor):
    assert [key for key in keys(db, actor) if key not in {"quarter", "types"}] == []


def test_a_home_is_due_until_somebody_went(db, actor, grandmother):  # noqa: F811
    found = group(db, actor, "visits")
    assert (found.total, found.items[0].when, found.items[0].opens) == (1, "从未走访", "household")
    visits.record(db, actor, Visit(on=DAY, person_id=grandmother.id))
    assert group(db, actor, "visits") is None


def test_a_bell_is_due_for_its_test_and_gravest_when_nobody_answered(db, actor, grandmother):  # noqa: F811
    bell = care.hang(db, actor, DoorBell(person_id=grandmother.id, kind="门口按键", installed_on="2026-11-10")).bell
    assert group(db, actor, "bells") is None
    care.note(db, actor, DoorBellEvent(bell_id=bell.id, kind="报警", at="2026-11-22 01:00", by_name=""))
    found = group(db, actor, "bells")
    assert found.grave
    assert (found.items[0].when, found.items[0].opens_id) == ("11-22 01:00", bell.id)
    care.note(
        db, actor, DoorBellEvent(bell_id=bell.id, kind="到场", at="2026-11-22 02:00", by_name="", who_came="李静")
    )
    assert group(db, actor, "bells") is None


def test_a_decision_is_due_on_its_day_and_not_before(db, actor):
    with db.transaction(actor, "准备") as tx:
        meeting = tx.add(Meeting(kind="residents_council", title="议事会", starts_at="2026-11-01 15:00"))
        for text, on in (("修路灯", "2026-11-20"), ("换门禁", DAY), ("画车位", "2026-11-23"), ("没有期限", None)):
            tx.add(Resolution(meeting_id=meeting.id, seq=1, text=text, due_on=on, state="待办"))
    found = group(db, actor, "resolutions")
    assert [(item.words.split("　")[0], item.when) for item in found.items] == [
        ("修路灯", "过期 2 天"),
        ("换门禁", "今天"),
    ]


def test_a_meeting_of_today_is_told_and_one_of_tomorrow_is_not(db, actor):
    with db.transaction(actor, "准备") as tx:
        for title, at in (("今天的会", f"{DAY} 15:00"), ("明天的会", "2026-11-23 09:00")):
            tx.add(Meeting(kind="residents_council", title=title, starts_at=at))
    found = group(db, actor, "meetings")
    assert [item.when for item in found.items] == ["15:00"]


def test_a_pair_whose_helper_left_is_to_be_looked_at(db, actor, street, grandmother):  # noqa: F811
    helper = street.person("陈建国", "2", "101")
    care.pair(db, actor, CarePair(person_id=grandmother.id, helper_id=helper.id, helper_name=""))
    assert group(db, actor, "pairs") is None
    residents.leave(db, actor, helper.id, "迁出", "2026-11-20")
    assert "迁出" in group(db, actor, "pairs").items[0].words


@pytest.mark.parametrize(("to_on", "told"), [("2026-12-01", True), ("2027-06-01", False), ("2026-11-01", False)])
def test_a_term_of_office_is_told_a_month_before_its_end(db, actor, to_on, told):
    node = organisation.found_node(db, actor, OrgNode(line="自治", level=2, kind="社区居委会", name="居委会"))
    organisation.appoint(
        db, actor, Seat(node_id=node.id, role="主任", name="贺知秋", from_on="2021-12-01", to_on=to_on)
    )
    assert (group(db, actor, "terms") is not None) == told


def test_a_long_list_is_cut_and_says_how_many_more(db, actor, street):  # noqa: F811
    for at, no in enumerate(("101", "102", "201", "202", "301")):
        street.person(f"独居{at}", "1", no, "独居老人", birth="1940-01-01")
    found = group(db, actor, "visits")
    assert (found.total, len(found.items), found.more) == (5, SHOWN, 5 - SHOWN)


def test_what_one_may_not_see_is_not_asked(db, actor, monkeypatch, grandmother):  # noqa: F811
    monkeypatch.setattr(due, "may", lambda _db, _actor, right: right == "meetings.read")
    assert "visits" not in keys(db, actor)


def test_every_source_has_a_right_that_exists_and_a_key_of_its_own():
    known = set(re.findall(r'code = "([\w.]+)"', resource("codes", "rights.toml").read_text("utf-8")))
    assert {source.right for source in SOURCES} <= known
    assert len({source.key for source in SOURCES}) == len(SOURCES)
