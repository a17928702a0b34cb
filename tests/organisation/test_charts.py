"""What is covered and what stands empty, in numbers that agree with the lists."""

from desktop_app.organisation import actions, charts
from desktop_app.organisation.model import OrgNode, Seat

TODAY = "2026-11-22"


def bar(chart, name):
    return next(one for one in chart.bars if one.name == name)


def test_coverage_counts_heads_groups_teams_and_centres(db, actor, town):
    branch = actions.found_node(db, actor, OrgNode(line="党组织", level=3, kind="党支部", name="桂花苑党支部"))
    group = OrgNode(line="党组织", level=4, kind="党小组", name="3栋党小组", building_id=town.b3, parent_id=branch.id)
    actions.found_node(db, actor, group)
    found = charts.coverage(db, TODAY)
    assert bar(found, "网格（小区）党支部有负责人").words == "没有 1"
    assert bar(found, "楼栋建有楼栋党小组").words == "有 1，没有 2"
    assert bar(found, "楼栋有党员中心户").words == "没有 3"
    actions.appoint(db, actor, Seat(node_id=branch.id, role="书记", name="王东"))
    assert bar(charts.coverage(db, TODAY), "网格（小区）党支部有负责人").words == "有 1"


def test_a_team_shows_which_seats_are_empty_and_the_seats_in_how_many_buildings(db, actor, town):
    team = OrgNode(line="自治", level=4, kind="楼栋服务小组", name="7栋服务小组", building_id=town.b7)
    node = actions.found_node(db, actor, team)
    actions.appoint(db, actor, Seat(node_id=node.id, role="楼栋长", name="李梅"))
    first, *_, last = charts.teams(db, TODAY).bars
    assert (first.words, last.opens) == ("空缺 8", town.b7)
    assert last.words == "有人 1，空缺 7"
    assert last.end.startswith("1/8　缺楼栋党小组长、卫生委员")
    seats = charts.empty_seats(db, TODAY)
    assert bar(seats, "楼栋长").words == "空缺 2，有人 1"
    assert bar(seats, "卫生委员").end == "3 栋空缺"
    assert seats.bars[-1].name == "楼栋长", "the scarcest first"
