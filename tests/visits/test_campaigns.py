"""A campaign goes from door to door, round after round, and forgets nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.residents import actions as residents
from desktop_app.residents.queries import ResidentFilter
from desktop_app.shared.errors import AppError
from desktop_app.store import history
from desktop_app.visits import campaigns, knocking, queries, rules
from desktop_app.visits.knocking import Knocked
from desktop_app.visits.model import Campaign
from tests.visits.conftest import DAY

COUNTS = {"见面": "reached", "电话": "reached", "无人": "missed", "拒访": "missed", "空置": "nobody", "搬离": "nobody"}


@pytest.fixture
def campaign(db, actor, court, people):
    """Over the whole building, two teams, the empty flats too."""
    made = Campaign(name="冬季敲门行动", goods="爱心包", from_on="2026-11-20", to_on="2026-11-30")
    homes = campaigns.homes_in(db, [court.building.id], empty_rooms=True)
    assert knocking.make(db, actor, made, homes, ("一组", "二组")) == 8
    return made


def by_room(db, campaign, **narrow):
    return {line.stop.room: line for line in campaigns.items(db, campaign.id, **narrow)}


def enter(db, actor, campaign, **results):
    lines = by_room(db, campaign)
    told = [Knocked(lines[room.removeprefix("r")].id, result) for room, result in results.items()]
    return knocking.enter(db, actor, campaign.id, told)


def test_the_list_goes_from_door_to_door_and_is_shared_out_in_neighbouring_parts(db, campaign):
    lines = campaigns.items(db, campaign.id)
    assert [(line.team, line.stop.room) for line in sorted(lines, key=lambda line: line.stop.key)] == [
        ("一组", "101"), ("一组", "102"), ("一组", "201"), ("一组", "202"),
        ("二组", "301"), ("二组", "302"), ("二组", "401"), ("二组", "402"),
    ]  # fmt: skip
    assert [line.stop.room for line in campaigns.items(db, campaign.id, team="二组")] == ["301", "302", "401", "402"]
    first = by_room(db, campaign)["101"].stop
    assert (first.name, first.persons, first.tags, first.address) == ("王桂英", 1, ("独居老人",), "桂花苑10栋101室")


def test_homes_can_be_chosen_by_any_filter_of_residents(db, people, court):
    chosen = campaigns.homes_of_residents(db, ResidentFilter(tags=("独居老人",)))
    assert [home.room_id for home in chosen] == [court.room("101").id]
    assert len(campaigns.homes_of_residents(db, ResidentFilter(building_id=court.building.id))) == 4
    assert len(campaigns.homes_in(db, [court.building.id])) == 4


def test_a_campaign_over_nobody_or_without_a_name_is_not_begun(db, actor, court, people):
    with pytest.raises(AppError, match="没有选中任何住户"):
        knocking.make(db, actor, Campaign(name="空"), [])
    homes = campaigns.homes_in(db, [court.building.id])
    with pytest.raises(AppError, match="名称还没有填写"):
        knocking.make(db, actor, Campaign(name=" "), homes)
    with pytest.raises(AppError, match="结束日期在开始日期之前"):
        knocking.make(db, actor, Campaign(name="反", from_on=DAY, to_on="2026-11-01"), homes)
    assert db.scalar("SELECT count(*) FROM campaign") == 0


def test_a_whole_page_is_one_action_that_one_undo_takes_back(db, actor, campaign):
    assert enter(db, actor, campaign, r101="见面", r201="2", r202="拒访", r302="空房") == 4
    found = {room: line.result for room, line in by_room(db, campaign).items() if line.result}
    assert found == {"101": "见面", "201": "无人", "202": "拒访", "302": "空置"}
    assert by_room(db, campaign)["101"].visited_on == DAY
    history.undo(db, actor, history.last_action(db, actor)[0])
    assert not [line for line in by_room(db, campaign).values() if line.result]


def test_a_page_with_one_bad_line_is_not_kept_at_all_and_the_line_is_named(db, actor, campaign):
    lines = by_room(db, campaign)
    good, bad = Knocked(lines["101"].id, "见面"), Knocked(lines["102"].id, "见面", "2026-12-01")
    with pytest.raises(AppError, match=r"第 2 行.*在今天之后.*整页都没有保存"):
        knocking.enter(db, actor, campaign.id, [good, bad])
    with pytest.raises(AppError, match=r"第 1 行.*不能小于 0"):
        knocking.enter(db, actor, campaign.id, [Knocked(lines["101"].id, "见面", goods_qty=-1)])
    assert campaigns.coverage(db, campaign.id).waiting == 8


def test_the_coverage_leaves_out_homes_with_nobody_to_reach(db, actor, campaign):
    enter(db, actor, campaign, r101="见面", r102="空置", r201="电话", r202="无人", r301="搬离")
    told = campaigns.coverage(db, campaign.id)
    assert (told.homes, told.reached, told.missed, told.nobody, told.waiting) == (8, 2, 1, 2, 3)
    assert told.percent == 33


def test_goods_and_signatures_are_counted(db, actor, campaign):
    lines = by_room(db, campaign)
    knocking.enter(
        db, actor, campaign.id,
        [Knocked(lines["101"].id, "见面", goods_qty=2, signed=True), Knocked(lines["201"].id, "见面", goods_qty=1)],
    )  # fmt: skip
    told = campaigns.coverage(db, campaign.id)
    assert (told.goods, told.signed) == (3, 1)


def test_the_second_round_is_made_of_those_not_met_and_keeps_the_first(db, actor, campaign):
    enter(
        db, actor, campaign, r101="见面", r102="空置", r201="无人", r202="拒访", r301="空置", r302="空置", r402="空置"
    )
    assert knocking.next_round(db, actor, campaign.id) == 3
    second = by_room(db, campaign)
    assert sorted(second) == ["201", "202", "401"]
    assert {line.round for line in second.values()} == {2}
    assert {line.team for line in second.values()} == {"一组", "二组"}
    assert by_room(db, campaign, round_no=1)["201"].result == "无人"
    enter(db, actor, campaign, r201="见面")
    told = campaigns.coverage(db, campaign.id)
    assert (told.homes, told.reached, told.missed) == (8, 2, 1)
    with pytest.raises(AppError, match="不能直接改"):
        knocking.change(db, actor, campaign.id, round=9)


def test_there_is_no_round_when_everybody_was_met(db, actor, court, people):
    made = Campaign(name="一户")
    knocking.make(db, actor, made, campaigns.homes_in(db, [court.building.id])[:1])
    knocking.enter(db, actor, made.id, [Knocked(campaigns.items(db, made.id)[0].id, "见面")])
    with pytest.raises(AppError, match="没有需要再上门"):
        knocking.next_round(db, actor, made.id)


def test_a_home_that_moved_out_keeps_its_line_and_is_not_knocked_at_again(db, actor, campaign, people):
    enter(db, actor, campaign, r201="无人")
    residents.leave(db, actor, people["张立"].id, "搬离", DAY)
    line = by_room(db, campaign)["201"]
    assert (line.stop.name, line.result, line.moved_out) == ("张立", "无人", True)
    assert people["张立"].id
    knocking.next_round(db, actor, campaign.id)
    assert "201" not in by_room(db, campaign)
    assert by_room(db, campaign, round_no=1)["201"].result == "无人"


def test_a_campaign_that_ended_takes_no_results_until_it_is_opened_again(db, actor, campaign):
    knocking.change(db, actor, campaign.id, state="结束")
    with pytest.raises(AppError, match="已经结束"):
        enter(db, actor, campaign, r101="见面")
    knocking.change(db, actor, campaign.id, state="进行")
    assert enter(db, actor, campaign, r101="见面") == 1
    with pytest.raises(AppError, match="状态只能是"):
        knocking.change(db, actor, campaign.id, state="忘了")


def test_a_result_taken_back_waits_again_and_a_line_can_change_its_team(db, actor, campaign):
    enter(db, actor, campaign, r101="见面")
    item = by_room(db, campaign)["101"].id
    knocking.clear(db, actor, [item])
    knocking.assign(db, actor, [item], "三组")
    assert (by_room(db, campaign)["101"].result, by_room(db, campaign)["101"].team) == ("", "三组")


def test_a_door_that_opened_counts_as_a_visit(db, actor, court, campaign, people):
    enter(db, actor, campaign, r101="见面")
    assert queries.due_of(db, court.household(people["王桂英"]).id, DAY).last_on == DAY
    assert [line.name for line in queries.due(db, DAY)] == ["李大山"]


@given(st.lists(st.lists(st.sampled_from([*COUNTS, None]), min_size=1, max_size=4), max_size=30))
def test_every_home_is_counted_once_and_only_those_not_reached_are_tried_again(homes):
    told = rules.coverage(homes, COUNTS, 0, 0)
    assert told.reached + told.missed + told.nobody + told.waiting == told.homes == len(homes)
    assert min(told.waiting, told.reached) >= 0
    assert sum(rules.to_try_again(rounds, COUNTS) for rounds in homes) == told.missed + told.waiting


@given(st.lists(st.integers(), max_size=50), st.lists(st.text(min_size=1), max_size=5))
def test_teams_get_even_neighbouring_parts(homes, teams):
    shared = rules.shared_out(homes, teams)
    assert [home for home, _ in shared] == homes
    given_to = [team for _, team in shared]
    if teams and len(set(teams)) == len(teams):
        sizes = [given_to.count(team) for team in teams]
        assert max(sizes) - min(sizes) <= 1
        assert given_to == sorted(given_to, key=teams.index)
