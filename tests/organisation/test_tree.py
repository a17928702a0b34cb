"""The paired trees, posts, teams and members."""

import pytest

from desktop_app.organisation import actions, queries
from desktop_app.organisation.model import OrgNode, PartyCentreHousehold, PartyMember, Seat
from desktop_app.organisation.rules import NeedsReasonError
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError

TODAY = "2026-11-22"
PARTY, SELF = "党组织", "自治"


def found(db, actor, line, level, name, parent=None, **more):
    kind = "组织"
    return actions.found_node(
        db, actor, OrgNode(line=line, level=level, kind=kind, name=name, parent_id=parent and parent.id, **more)
    )


@pytest.fixture
def nodes(db, actor, town):
    """Both lines from the community down to 3栋, and a party group of 10栋 in name alone."""
    party = found(db, actor, PARTY, 2, "江山社区党委")
    branch = found(db, actor, PARTY, 3, "桂花苑党支部", party, estate_id=town.estate)
    group = found(db, actor, PARTY, 4, "3栋党小组", branch, building_id=town.b3, estate_id=town.estate)
    found(db, actor, PARTY, 4, "10栋党小组", branch)
    council = found(db, actor, SELF, 2, "江山社区居委会")
    board = found(db, actor, SELF, 3, "桂花苑共建委员会", council, estate_id=town.estate)
    team = found(db, actor, SELF, 4, "3栋服务小组", board, building_id=town.b3, estate_id=town.estate)
    return {"party": party, "branch": branch, "group": group, "council": council, "board": board, "team": team}


def appoint(db, actor, node, role, name, **more):
    reason = more.pop("reason", "")
    return actions.appoint(db, actor, Seat(node_id=node.id, role=role, name=name, **more), reason=reason)


# ------------------------------------------------------------------------------------------------------------ the tree


def test_a_tree_is_drawn_parents_first_in_natural_order(db, actor, nodes):
    appoint(db, actor, nodes["branch"], "委员", "李梅")
    appoint(db, actor, nodes["branch"], "书记", "王东")
    rows = queries.tree(db, PARTY, TODAY)
    assert [(row.depth, row.node.name) for row in rows] == [
        (0, "江山社区党委"),
        (1, "桂花苑党支部"),
        (2, "3栋党小组"),
        (2, "10栋党小组"),
    ]
    assert [row.head for row in rows] == ["", "王东", "", ""]


def test_a_ring_of_nodes_is_drawn_once_and_nothing_is_lost(db, actor, nodes):
    """Two desks that move nodes below one another make a ring."""
    with db.transaction(actor, "同步") as tx:
        tx.change(OrgNode, nodes["party"].id, parent_id=nodes["branch"].id)
    names = [row.node.name for row in queries.tree(db, PARTY, TODAY)]
    assert names == ["江山社区党委", "桂花苑党支部", "3栋党小组", "10栋党小组"]
    assert len(queries.node_path(db, nodes["branch"].id)) == 2


def test_a_node_whose_parent_was_closed_stands_at_the_top(db, actor, nodes):
    with db.transaction(actor, "同步") as tx:
        tx.change(OrgNode, nodes["party"].id, to_on="2026-01-01")
    assert (queries.tree(db, PARTY, TODAY)[0].node.name, queries.tree(db, PARTY, TODAY)[0].depth) == ("桂花苑党支部", 0)


def test_a_past_day_shows_the_tree_of_that_day(db, actor, nodes):
    found(db, actor, PARTY, 4, "7栋党小组", nodes["branch"], from_on="2026-11-01")
    assert "7栋党小组" in [row.node.name for row in queries.tree(db, PARTY, TODAY)]
    assert "7栋党小组" not in [row.node.name for row in queries.tree(db, PARTY, "2026-10-31")]


def test_every_building_has_one_path_in_each_line(db, actor, nodes, town):
    def path(building, line):
        return [node.name for node in queries.path_of_building(db, building, line, TODAY)]

    assert path(town.b3, PARTY) == ["江山社区党委", "桂花苑党支部", "3栋党小组"]
    assert path(town.b7, PARTY) == ["江山社区党委", "桂花苑党支部"]
    assert path(town.b3, SELF) == ["江山社区居委会", "桂花苑共建委员会", "3栋服务小组"]
    assert path("gone", SELF) == []


def test_the_lines_are_paired_level_by_level(db, actor, nodes):
    for one, other in (("branch", "board"), ("group", "team"), ("party", "council")):
        assert queries.counterpart(db, nodes[one], TODAY).id == nodes[other].id
        assert queries.counterpart(db, nodes[other], TODAY).id == nodes[one].id


def test_the_headline_counts_every_level_in_the_words_of_the_town(db, actor, nodes, town):
    actions.add_centre_household(
        db, actor, PartyCentreHousehold(host_id=town.member, host_name="", span="3栋", estate_id=town.estate)
    )
    assert queries.headline(db, TODAY) == "社区党组织1个—网格（小区）党支部1个—楼栋党小组2个—党员中心户1户"
    with db.transaction(actor, "换规则") as tx:
        tx.set_setting("profile", "shishou")
    assert "社区大党委1个" in queries.headline(db, TODAY)
    assert [row.count for row in queries.level_counts(db, SELF, TODAY)] == [0, 1, 1, 1, 2]


# --------------------------------------------------------------------------------------------------------------- nodes


@pytest.mark.parametrize(
    ("more", "field"),
    [({"name": " "}, "name"), ({"level": 6}, "level"), ({"line": "团组织"}, "level"), ({"to_on": "2019"}, "to_on")],
)
def test_a_node_that_cannot_be_is_refused_at_its_field(db, actor, more, field):
    node = {"line": PARTY, "level": 2, "kind": "党委", "name": "江山社区党委", "from_on": "2020-01-01"} | more
    with pytest.raises(AppError) as refused:
        actions.found_node(db, actor, OrgNode(**node))
    assert refused.value.field == field


def test_a_parent_stands_higher_in_the_same_line(db, actor, nodes):
    with pytest.raises(AppError, match="不能作“7栋党小组”的上级"):
        found(db, actor, PARTY, 4, "7栋党小组", nodes["board"])
    with pytest.raises(AppError, match="不能作"):
        actions.move_node(db, actor, nodes["branch"].id, nodes["group"].id)


def test_two_nodes_of_one_name_below_one_parent_are_refused(db, actor, nodes):
    with pytest.raises(AppError, match="已经有“3栋党小组”了"):
        found(db, actor, PARTY, 4, "3栋党小组", nodes["branch"])


def test_a_new_name_is_kept_and_the_old_one_stays_in_the_journal(db, actor, nodes):
    assert actions.rename_node(db, actor, nodes["branch"].id, " 桂花苑联合党支部 ").name == "桂花苑联合党支部"
    assert db.scalar("SELECT before FROM journal_change ORDER BY no DESC") == '{"name":"桂花苑党支部"}'


def test_a_node_closes_with_its_posts_once_nothing_is_below_it(db, actor, nodes):
    with pytest.raises(AppError, match=r"下面还有.*2 个组织"):
        actions.close_node(db, actor, nodes["branch"].id, TODAY)
    seat = appoint(db, actor, nodes["group"], "党小组长", "王东", from_on="2025-01-01")
    actions.close_node(db, actor, nodes["group"].id, TODAY, "楼栋拆除")
    assert db.get(Seat, seat.id).to_on == TODAY
    assert queries.seats_of(db, nodes["group"].id, "2026-11-21")[0].name == "王东"
    assert db.row("SELECT what,why FROM journal_action ORDER BY no DESC") == ("撤销组织", "楼栋拆除")


# --------------------------------------------------------------------------------------------------------------- posts


def test_a_post_takes_name_and_phone_from_the_register(db, actor, nodes, town):
    seat = appoint(db, actor, nodes["branch"], "书记", "", person_id=town.member)
    assert (seat.name, seat.phone) == ("王东", "13800000001")


def test_the_same_person_is_not_appointed_twice_however_the_post_is_called(db, actor, nodes, town):
    appoint(db, actor, nodes["branch"], "书记", "", person_id=town.member)
    with pytest.raises(AppError, match="已经是"):
        appoint(db, actor, nodes["branch"], "党支部书记", "", person_id=town.member)


def test_a_second_head_needs_a_reason(db, actor, nodes):
    first = appoint(db, actor, nodes["branch"], "书记", "王东")
    with pytest.raises(NeedsReasonError, match="现由王东担任"):
        appoint(db, actor, nodes["branch"], "书记", "李梅")
    actions.end_seat(db, actor, first.id, TODAY, "调离")
    assert appoint(db, actor, nodes["branch"], "书记", "李梅", from_on=TODAY).name == "李梅"
    assert [seat.name for seat in queries.seats_of(db, nodes["branch"].id, TODAY)] == ["李梅"]


def test_a_post_without_a_name_is_refused(db, actor, nodes):
    with pytest.raises(AppError) as refused:
        appoint(db, actor, nodes["branch"], "书记", " ")
    assert refused.value.field == "name"


def test_cross_posts_are_counted_by_person(db, actor, nodes, town):
    appoint(db, actor, nodes["branch"], "书记", "", person_id=town.member)
    appoint(db, actor, nodes["board"], "共建委员会主任", "", person_id=town.member)
    appoint(db, actor, nodes["board"], "委员", "王东", phone="13900000009")
    (line,) = queries.cross_posts(db, TODAY)
    assert line.posts == ("书记（桂花苑党支部）", "共建委员会主任（桂花苑共建委员会）")


# --------------------------------------------------------------------------------------------------------------- teams


def test_a_building_team_is_filled_from_both_lines_and_the_centre_household(db, actor, nodes, town):
    appoint(db, actor, nodes["group"], "党小组长", "王东")
    appoint(db, actor, nodes["team"], "楼栋长", "李梅")
    appoint(db, actor, nodes["team"], "卫生委员", "赵刚")
    actions.add_centre_household(
        db, actor, PartyCentreHousehold(host_id=town.member, host_name="", span="3栋1单元", estate_id=town.estate)
    )
    board = queries.building_team(db, town.b3, TODAY)
    assert board.count == "4/8"
    assert board.vacant == ("治安委员", "文体委员", "物业房管员", "网格管理员")
    assert {one.label: team.count for one, team in queries.building_teams(db, TODAY)} == {
        "桂花苑3栋": "4/8",
        "桂花苑7栋": "0/8",
        "桂花苑8栋": "0/8",
    }


def test_vacancies_name_headless_nodes_bare_buildings_and_empty_seats(db, actor, nodes):
    appoint(db, actor, nodes["party"], "书记", "王东")
    missing = {(one.place, one.missing.split(" ")[0]) for one in queries.vacancies(db, TODAY)}
    assert ("江山社区党委", "书记") not in missing
    assert ("桂花苑党支部", "书记") in missing
    assert ("桂花苑7栋", "楼栋党小组") in missing
    assert ("桂花苑3栋", "楼栋党小组") not in missing
    assert ("桂花苑3栋", "两长五员一户") in missing
    assert queries.group_coverage(db, TODAY) == (1, 3)


# ------------------------------------------------------------------------------------------------------------- members


def test_members_are_those_registered_and_those_the_register_calls_so(db, actor, nodes, town):
    with db.transaction(actor, "登记居民") as tx:
        tx.add(Person(name="赵刚", political="中共预备党员"))
        tx.add(Person(name="钱英", political="民革党员"))
        tx.add(Person(name="孙平", political="中共党员", deceased_on="2026-01-01"))
    lines = queries.party_members(db, TODAY)
    assert {(line.name, line.registered, line.room) for line in lines} == {
        ("王东", True, "3-1-101"),
        ("赵刚", False, ""),
    }
    assert [line.name for line in queries.party_members(db, TODAY, text="赵")] == ["赵刚"]


def test_registering_a_member_tells_the_register_of_residents(db, actor, nodes, town):
    record = PartyMember(person_id=town.neighbour, node_id=nodes["branch"].id, kind="预备党员", joined_on="2026-07-01")
    member = actions.register_party_member(db, actor, record)
    assert (member.kind, db.get(Person, town.neighbour).political) == ("预备", "中共预备党员")
    actions.change_party_member(db, actor, member.id, kind="正式", full_on="2027-07-01")
    assert db.get(Person, town.neighbour).political == "中共党员"
    assert [line.name for line in queries.party_members(db, TODAY, node_id=nodes["branch"].id)] == ["李梅"]


def test_a_member_is_registered_once_at_a_time(db, actor, town):
    with pytest.raises(AppError, match="王东的党员信息已经登记过"):
        actions.register_party_member(db, actor, PartyMember(person_id=town.member))
    key = db.scalar("SELECT id FROM party_member")
    actions.end_party_member(db, actor, key, TODAY, "转出")
    assert actions.register_party_member(db, actor, PartyMember(person_id=town.member)).id != key


def test_nobody_becomes_full_before_joining(db, actor, town):
    record = PartyMember(person_id=town.neighbour, joined_on="2026-07-01", full_on="2025-07-01")
    with pytest.raises(AppError, match="早于入党日期"):
        actions.register_party_member(db, actor, record)


def test_nobody_is_appointed_to_what_was_closed_nor_on_a_day_that_is_none(db, actor):
    node = found(db, actor, SELF, 5, "妇女小组")
    actions.close_node(db, actor, node.id, TODAY)
    with pytest.raises(AppError, match="撤销，没有任命"):
        actions.appoint(db, actor, Seat(node_id=node.id, role="组长", name="王东"))
    earlier = actions.appoint(db, actor, Seat(node_id=node.id, role="组长", name="王东", from_on="2020", to_on="2021"))
    with pytest.raises(AppError, match="不是日历上有的日期"):
        actions.end_seat(db, actor, earlier.id, "昨天")
    with pytest.raises(AppError, match="职务还没有填写"):
        actions.change_seat(db, actor, earlier.id, role=" ")
