"""Party-centre households: who may host one, what it looks after, its plaque (A1-4)."""

import pytest

from desktop_app.organisation import actions, queries
from desktop_app.organisation.model import PartyCentreHousehold
from desktop_app.organisation.rules import NeedsReasonError, parts_of
from desktop_app.shared.errors import AppError

TODAY = "2026-11-22"


def hang(db, actor, town, *, host=None, reason="", **more):
    """王东 hangs a plaque for 3栋1单元, unless told otherwise."""
    more = {"span": "3栋1单元", "estate_id": town.estate} | more
    centre = PartyCentreHousehold(host_id=host or town.member, host_name="", **more)
    return actions.add_centre_household(db, actor, centre, reason=reason)


def last_why(db):
    return db.scalar("SELECT why FROM journal_action ORDER BY no DESC")


def test_a_member_who_lives_there_gets_plaque_room_phones_and_day(db, actor, town):
    centre = hang(db, actor, town, span="3栋1单元")
    assert (centre.host_name, centre.plaque_no, centre.from_on) == ("王东", "江山-001", TODAY)
    assert (centre.room_id, centre.phones) == (town.rooms["3-1-101"], "13800000001 13800000002")
    assert [(part.building_id, part.units) for part in parts_of(centre.covers)] == [(town.b3, ("1",))]
    assert db.scalar("SELECT what FROM journal_action ORDER BY no DESC") == "党员中心户挂牌：王东"


def test_a_span_in_numbers_gets_its_words(db, actor, town):
    covers = f'[{{"building_id":"{town.b7}","no":"7"}},{{"building_id":"{town.b8}","no":"8"}}]'
    assert hang(db, actor, town, span=None, covers=covers).span == "7、8栋"


def test_a_host_who_is_no_member_needs_a_reason_that_stays_in_the_journal(db, actor, town):
    with pytest.raises(NeedsReasonError) as doubted:
        hang(db, actor, town, host=town.neighbour, span="7栋")
    assert doubted.value.doubts == ("李梅没有登记为党员",)
    assert doubted.value.field == "host_id"
    assert queries.centre_households(db, TODAY) == []
    hang(db, actor, town, host=town.neighbour, span="7栋", reason="组织关系正在转入")
    assert [line.host_name for line in queries.centre_households(db, TODAY)] == ["李梅"]
    assert last_why(db) == "组织关系正在转入"


def test_a_host_who_does_not_live_there_needs_a_reason(db, actor, town):
    with pytest.raises(NeedsReasonError, match="王东没有登记住在这里"):
        hang(db, actor, town, room_id=town.rooms["7-101"])


def test_a_host_lives_where_the_household_is_registered_too(db, actor, town):
    """王东 is a member of the household in 8-101, without a residence there."""
    assert hang(db, actor, town, room_id=town.rooms["8-101"]).room_id == town.rooms["8-101"]


def test_a_host_outside_the_register_needs_a_reason(db, actor, town):
    centre = PartyCentreHousehold(host_name="周兵", estate_id=town.estate, span="7栋")
    with pytest.raises(NeedsReasonError, match="没有选定户主周兵"):
        actions.add_centre_household(db, actor, centre)


def test_a_blank_reason_is_no_reason(db, actor, town):
    with pytest.raises(NeedsReasonError):
        hang(db, actor, town, host=town.neighbour, span="7栋", reason="  ")


def test_a_span_somebody_looks_after_already_needs_a_reason(db, actor, town):
    hang(db, actor, town, span="3栋1、2单元")
    with pytest.raises(NeedsReasonError, match="3栋1、2单元已由王东（江山-001）联系"):
        hang(db, actor, town, span="3栋")
    assert hang(db, actor, town, span="3栋3单元").plaque_no == "江山-002"


@pytest.mark.parametrize(("span", "words"), [("3栋、45栋", "楼栋名册里没有45栋"), ("南边那一片", "看不懂")])
def test_a_span_that_cannot_be_found_is_refused_at_its_field(db, actor, town, span, words):
    with pytest.raises(AppError, match=words) as refused:
        hang(db, actor, town, span=span)
    assert refused.value.field == "span"


def test_a_plaque_number_is_given_once(db, actor, town):
    hang(db, actor, town, span="3栋1单元", plaque_no="江山-001")
    with pytest.raises(AppError, match="已经给了王东") as refused:
        hang(db, actor, town, span="3栋2单元", plaque_no="江山-001")
    assert refused.value.field == "plaque_no"
    assert hang(db, actor, town, span="3栋2单元").plaque_no == "江山-002"


def test_the_number_of_a_plaque_taken_down_is_not_given_again(db, actor, town):
    first = hang(db, actor, town)
    actions.end_centre_household(db, actor, first.id, TODAY, "搬离")
    assert hang(db, actor, town).plaque_no == "江山-002"
    with pytest.raises(AppError, match="已经给了王东"):
        hang(db, actor, town, span="7栋", plaque_no="江山-001")


def test_two_enrolled_desks_never_give_the_same_plaque(db, actor, town):
    """Each desk counts for itself; its part stands in the number."""
    given = []
    for device in (2, 3):
        with db.transaction(actor, "登记设备") as tx:
            tx.execute("UPDATE sync_state SET ordinal=?", (device,))
            tx.execute("DELETE FROM number_series")
        given += [hang(db, actor, town, span=f"3栋{device}单元").plaque_no]
    assert given == ["江山-2-001", "江山-3-001"]


def test_two_plaques_that_came_to_be_equal_elsewhere_are_told(db, actor, town):
    """Two desks that worked before they were enrolled, or a list that was imported."""
    hang(db, actor, town, span="3栋1单元")
    second = hang(db, actor, town, span="3栋2单元")
    with db.transaction(actor, "导入") as tx:
        tx.change(PartyCentreHousehold, second.id, plaque_no="江山-001")
    assert queries.coverage_doubts(db, TODAY).plaques == ("江山-001：王东、王东",)


def test_a_change_asks_only_about_what_is_changed(db, actor, town):
    centre = hang(db, actor, town, host=town.neighbour, span="7栋", reason="组织关系正在转入")
    changed = actions.change_centre_household(db, actor, centre.id, services="代收快递")
    assert changed.services == "代收快递"
    moved = actions.change_centre_household(db, actor, centre.id, span="7、8栋")
    assert [part.no for part in parts_of(moved.covers)] == ["7", "8"]
    with pytest.raises(NeedsReasonError, match="李梅没有登记住在这里"):
        actions.change_centre_household(db, actor, centre.id, room_id=town.rooms["8-101"])


def test_a_plaque_is_not_taken_down_before_it_was_hung(db, actor, town):
    centre = hang(db, actor, town, from_on="2026-05")
    with pytest.raises(AppError, match="早于挂牌时间"):
        actions.end_centre_household(db, actor, centre.id, "2026-04-30")
    assert actions.end_centre_household(db, actor, centre.id, "2026-05-01").to_on == "2026-05-01"


def test_what_ended_is_gone_from_the_list_on_its_day_and_known_before_it(db, actor, town):
    centre = hang(db, actor, town, from_on="2026-01-01")
    actions.end_centre_household(db, actor, centre.id, TODAY)
    assert queries.centre_households(db, TODAY) == []
    assert len(queries.centre_households(db, "2026-11-21")) == 1
    assert queries.centre_households(db, "2025-12-31") == []
    assert [line.to_on for line in queries.centre_households(db, TODAY, ended=True)] == [TODAY]


def test_a_line_says_where_the_host_lives_and_how_many_households_it_has(db, actor, town):
    hang(db, actor, town, span="3栋1-2单元、7栋")
    (line,) = queries.centre_households(db, TODAY)
    assert (line.room, line.estate, line.span, line.households) == ("3-1-101", "桂花苑", "3栋1-2单元、7栋", 3)


@pytest.mark.parametrize(("text", "found"), [("王", 1), ("江山-001", 1), ("7栋", 0), ("", 1)])
def test_a_list_is_searched_by_name_plaque_and_span(db, actor, town, text, found):
    hang(db, actor, town)
    assert len(queries.centre_households(db, TODAY, text=text)) == found


def test_a_room_finds_the_centre_of_its_unit_before_that_of_the_building(db, actor, town):
    hang(db, actor, town, span="3栋")
    hang(db, actor, town, span="3栋2单元", reason="临时")
    found = {key: queries.centre_for_room(db, room, TODAY) for key, room in town.rooms.items()}
    assert {key: line.span for key, line in found.items() if line} == {
        "3-1-101": "3栋",
        "3-2-101": "3栋2单元",
        "3-3-101": "3栋",
    }


def test_what_nobody_or_two_look_after_is_named(db, actor, town):
    hang(db, actor, town, span="3栋1、2单元")
    hang(db, actor, town, span="3栋2单元、7栋", reason="临时")
    doubts = queries.coverage_doubts(db, TODAY)
    assert doubts.overlaps == ("桂花苑3栋2单元：王东（江山-001）、王东（江山-002）",)
    assert doubts.gaps == ("桂花苑3栋3单元", "桂花苑8栋")
