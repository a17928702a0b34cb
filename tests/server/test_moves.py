"""Records that move to another community, alone or with their whole community."""

import orjson
import pytest

from central_server import history, regrouping
from sync_protocol.behaviours import MOVABLE
from sync_protocol.messages import Gone
from sync_protocol.refusals import Refused
from tests.server.conftest import Station
from tests.server.town import STREET, A, B, C, Desk, build, check, stored


@pytest.fixture
def town(station: Station):
    build(station)
    made: dict[tuple[int, int], Desk] = {}

    def desk(unit: int, number: int = 0) -> Desk:
        if (unit, number) not in made:
            made[unit, number] = Desk(station, unit, f"{number}号机")
        return made[unit, number]

    desk.station = station
    yield desk
    check(station)


def settle(town, desk, record="p1"):
    """A resident with what belongs to the person."""
    desk.push(
        desk.new("person", record, name="王小明", phones="1", note="n"),
        desk.new("person_tag", f"t-{record}", person_id=record, tag="低保"),
        desk.new("person_event", f"e-{record}", person_id=record, kind="迁入"),
        desk.new("attachment", f"x-{record}", owner_table="person_event", owner_id=f"e-{record}"),
    )


def transfer(desk, to, record="p1", table="person", name="tr1"):
    """The order of a desk, or for what no desk may order, the list of an administrator."""
    if table not in {*MOVABLE, "person_tag"}:
        regrouping.split(desk.station.storage, desk.scope, to, [(table, record)], desk.station.clock.ms)
        desk.pull()
        return
    desk.push(desk.new("transfer", name, tbl=table, row_id=record, to_scope=to, reason="搬家"))


FAMILY = (("person", "p1"), ("person_tag", "t-p1"), ("person_event", "e-p1"), ("attachment", "x-p1"))


def test_a_resident_moves_with_all_that_belongs_to_the_person(town):
    old, new = town(A), town(B)
    settle(town, old)
    transfer(old, B)
    new.pull()
    assert old.refused == []
    for key in FAMILY:
        assert (old.gone(*key), old.rows[key].home, old.rows[key].values) == (Gone.MOVED, B, {})
        assert (new.gone(*key), new.rows[key].home) == (Gone.ALIVE, 0)
    assert new.values("person", "p1") == {"name": "王小明", "phones": "1", "note": "n"}
    assert new.row("transfer", "tr1") is None


@pytest.mark.parametrize("to", [A, STREET, 999, 0, "", "x"])
def test_only_an_open_community_can_be_moved_to(town, to):
    settle(town, town(A))
    transfer(town(A), to)
    assert town(A).refused == ["AUDIENCE"]
    assert town(A).values("person", "p1")


def test_what_is_not_ones_own_cannot_be_moved(town):
    settle(town, town(A))
    transfer(town(B), C)
    assert town(B).refused == ["NOT_YOURS"]
    transfer(town(B), B)
    assert town(A).values("person", "p1")


def test_what_follows_moves_with_it_and_never_alone(town):
    settle(town, town(A))
    transfer(town(A), B, "t-p1", "person_tag")
    assert town(A).refused == ["BAD_VALUE"]


def test_two_desks_that_say_the_same_move_it_once(town):
    settle(town, town(A))
    town(A, 1).pull()
    transfer(town(A), B)
    transfer(town(A, 1), B, name="tr2")
    assert town(A, 1).refused == []
    transfer(town(A), C, name="tr3")
    assert town(A).refused == ["NOT_YOURS"]


def test_an_order_that_is_said_once_more_does_not_send_away_who_came_back(town):
    """A desk says again what it does not know to have been heard."""
    settle(town, town(A))
    transfer(town(A), B)
    town(B).pull()
    transfer(town(B), A, name="tr2")
    transfer(town(A), B)
    assert town(A).refused == []
    assert town(A).values("person", "p1")


def test_a_late_edit_of_what_nobody_changed_meanwhile_is_taken_in_the_new_home(town):
    old, late, new = town(A), town(A, 1), town(B)
    settle(town, old)
    late.pull()
    transfer(old, B)
    late.push(late.edit("person", "p1", phones="2"))
    assert late.gone("person", "p1") == Gone.MOVED
    assert late.refused == []
    new.pull()
    assert new.values("person", "p1") == {"name": "王小明", "phones": "2", "note": "n"}
    assert new.conflicts() == []


def test_a_late_edit_that_did_not_see_an_earlier_one_clashes_in_the_new_home(town):
    old, late, new = town(A), town(A, 1), town(B)
    settle(town, old)
    late.pull()
    old.push(old.edit("person", "p1", ts=20, phones="2"))
    transfer(old, B)
    new.pull()
    new.push(new.edit("person", "p1", ts=30, note="new"))
    late.push(late.edit("person", "p1", ts=10, phones="3", note="late"))
    new.pull()
    assert new.values("person", "p1") == {"name": "王小明", "phones": "2", "note": "new"}
    assert {(one["win_value"], one["lose_value"]) for one in new.conflicts()} == {('"2"', '"3"'), ('"new"', '"late"')}
    late.pull()
    assert late.conflicts() == []


def test_a_late_deletion_and_a_late_new_record_go_after_it(town):
    old, late, new = town(A), town(A, 1), town(B)
    settle(town, old)
    late.pull()
    transfer(old, B)
    late.push(
        late.drop("person_tag", "t-p1"),
        late.new("person_event", "e2", person_id="p1", kind="走访"),
        late.new("attachment", "x2", owner_table="person_event", owner_id="e2"),
    )
    new.pull()
    assert new.gone("person_tag", "t-p1") == Gone.DELETED
    assert new.values("person_event", "e2") == {"person_id": "p1", "kind": "走访"}
    assert new.values("attachment", "x2")
    assert (late.gone("person_event", "e2"), late.rows["person_event", "e2"].home) == (Gone.MOVED, B)


def test_events_are_not_rewritten_by_late_edits_either(town):
    old, late, new = town(A), town(A, 1), town(B)
    settle(town, old)
    late.pull()
    transfer(old, B)
    late.push(late.edit("person_event", "e-p1", kind="死亡"))
    new.pull()
    assert new.values("person_event", "e-p1")["kind"] == "迁入"


def test_an_edit_made_in_sight_of_the_move_is_refused(town):
    old = town(A)
    settle(town, old)
    transfer(old, B)
    old.push(old.edit("person", "p1", phones="9"))
    assert old.refused == ["ELSEWHERE"]


def test_a_resident_who_comes_back_is_known_to_the_old_desks(town):
    old, late, new = town(A), town(A, 1), town(B)
    settle(town, old)
    late.pull()
    transfer(old, B)
    new.pull()
    new.push(new.edit("person", "p1", note="B"))
    transfer(new, A, name="tr2")
    old.pull()
    assert old.values("person", "p1") == {"name": "王小明", "phones": "1", "note": "B"}
    late.push(late.edit("person", "p1", phones="7"))
    assert late.conflicts() == []
    late.push(late.edit("person", "p1", note="seen"))
    assert late.conflicts() == []
    assert new.gone("person", "p1") == Gone.MOVED


def test_a_late_edit_follows_the_whole_trail(town):
    old, late, middle, last = town(A), town(A, 1), town(B), town(C)
    settle(town, old)
    late.pull()
    transfer(old, B)
    middle.pull()
    transfer(middle, C, name="tr2")
    late.push(late.edit("person", "p1", phones="5"), late.new("person_tag", "t2", person_id="p1"))
    last.pull()
    assert last.values("person", "p1")["phones"] == "5"
    assert last.values("person_tag", "t2")
    assert last.conflicts() == []


def test_what_stands_in_the_new_home_is_never_written_over(town):
    old, new = town(A), town(B)
    old.push(old.new("room", "r1", no="101", note="old", use="出租"))
    new.push(new.new("room", "r1", no="101", note="own"))
    transfer(old, B, "r1", "room")
    new.pull()
    assert new.values("room", "r1") == {"no": "101", "note": "own", "use": "出租"}
    assert [(one["kind"], one["win_value"], one["lose_value"]) for one in new.conflicts()] == [
        ("moved", '"own"', '"old"')
    ]
    old.push(old.edit("room", "r1", note="x")._replace(base=1))
    new.pull()
    assert new.values("room", "r1")["note"] == "own"
    assert [one["kind"] for one in old.conflicts()] == ["moved"]


def test_a_shared_record_that_moves_stays_with_its_guests(town):
    old, new, street = town(A), town(B), town(STREET)
    old.push(old.new("meeting", "m1", title="会", audience=str(STREET)), old.new("agenda_item", "i1", meeting_id="m1"))
    street.pull()
    transfer(old, B, "m1", "meeting")
    street.push(street.edit("meeting", "m1", title="大会"))
    new.pull()
    assert new.values("meeting", "m1")["title"] == "大会"
    assert street.rows["meeting", "m1"].home == street.rows["agenda_item", "i1"].home == B


def test_the_organisation_is_received_by_the_units_above_its_new_home(town):
    old, street, far = town(A), town(STREET), town(420299002)
    old.push(old.new("org_node", "n1", name="支部"))
    transfer(old, C, "n1", "org_node")
    street.pull()
    far.pull()
    assert street.gone("org_node", "n1") == Gone.WITHDRAWN
    assert far.values("org_node", "n1") == {"name": "支部"}


def test_guests_of_a_record_that_met_another_one_get_what_stands_in_the_new_home(town):
    """Its identifier derives from words: two communities had made the same grid, and the street had the first."""
    old, new, street = town(A), town(B), town(STREET)
    old.push(old.new("area", "g1", name="一网格"))
    new.push(new.new("area", "g1", name="第一网格"))
    street.pull()
    transfer(old, B, "g1", "area")
    street.pull()
    assert street.values("area", "g1") == new.values("area", "g1") == {"name": "第一网格"}
    assert street.rows["area", "g1"].home == B
    new.push(new.edit("area", "g1", name="甲网格"))
    street.pull()
    assert street.values("area", "g1") == {"name": "甲网格"}


# ------------------------------------------------------------------------------------------------------ split and merge


def test_a_community_is_split_along_a_list(town):
    old, new = town(A), town(B)
    for record in ("p1", "p2", "p3"):
        settle(town, old, record)
    moved, left = regrouping.split(
        town.station.storage,
        A,
        B,
        [("person", "p1"), ("person", "p3"), ("person", "nobody"), ("person_tag", "t-p2")],
        9,
    )
    assert (moved, left) == (2, [("person", "nobody"), ("person_tag", "t-p2")])
    old.pull()
    new.pull()
    assert {key[1] for key in new.rows if key[0] == "person"} == {"p1", "p3"}
    assert new.values("attachment", "x-p3")
    assert old.values("person", "p2")


def merge(town):
    regrouping.merge(town.station.storage, B, A, town.station.clock.ms)


def test_a_merged_community_lives_on_in_the_other(town):
    kept, gone, street = town(A), town(B), town(STREET)
    settle(town, kept, "p1")
    settle(town, gone, "p2")
    gone.push(gone.new("meeting", "m1", title="会", audience=str(STREET)), gone.new("org_node", "n1", name="支部"))
    street.push(street.new("meeting", "m2", title="街道会", audience=str(B)))
    gone.pull()
    merge(town)
    kept.pull()
    street.pull()
    for record in ("p1", "p2"):
        assert kept.values("person", record)
        assert kept.values("attachment", f"x-{record}")
    assert kept.values("meeting", "m2") == {"title": "街道会", "audience": str(B)}
    assert street.rows["meeting", "m1"].home == A
    assert {row[2] for row in stored(town.station).items() if row[0][0] == B and row[1][2] == 0} == set()


def test_the_desks_of_a_merged_community_hand_over_what_they_have_and_go_on_in_the_other(town):
    kept, gone = town(A), town(B)
    settle(town, gone, "p2")
    merge(town)
    gone.push(
        gone.edit("person", "p2", phones="8"),
        gone.new("person", "p9", name="新"),
        gone.new("person_tag", "t9", person_id="p9"),
    )
    assert gone.refused == []
    with pytest.raises(Refused) as caught:
        gone.pull()
    assert (caught.value.code, caught.value.info) == ("SCOPE_GONE", {"scope": A, "name": "甲社区"})
    kept.pull()
    assert kept.values("person", "p2")["phones"] == "8"
    assert kept.values("person", "p9") == {"name": "新"}
    assert kept.values("person_tag", "t9") == {"person_id": "p9"}
    told = gone.signed("/v1/renew", orjson.dumps({"key": "ab" * 32})).json()
    assert (told["scope"], told["unit"]) == (A, "甲社区")


def test_what_is_first_written_in_a_merged_community_goes_to_the_other(town):
    """It had nothing when it was merged, so nothing tells of the merger but the unit itself."""
    kept, gone = town(A), town(B)
    gone.pull()
    merge(town)
    gone.push(gone.new("person", "p1", name="王小明"))
    assert gone.refused == []
    kept.pull()
    assert kept.values("person", "p1") == {"name": "王小明"}


def test_what_a_merged_community_shares_late_goes_to_the_other_and_to_whom_that_may_share_it_with(town):
    kept, gone, street = town(A), town(B), town(STREET)
    gone.pull()
    merge(town)
    gone.push(
        gone.new("meeting", "m1", title="联席会", audience=str(STREET)),
        gone.new("appeal", "a1", title="路灯不亮"),
    )
    assert gone.refused == []
    kept.pull()
    street.pull()
    assert kept.values("appeal", "a1") == {"title": "路灯不亮"}
    assert kept.values("meeting", "m1") == street.values("meeting", "m1")
    assert street.rows["meeting", "m1"].home == A
    assert street.row("appeal", "a1") is None


def test_what_the_desks_of_a_merged_community_have_ordered_is_done_where_it_is_now(town):
    kept, gone, third = town(A), town(B), town(C)
    settle(town, gone, "p1")
    settle(town, gone, "p2")
    merge(town)
    transfer(gone, C)
    gone.push(gone.new("erasure", "er1", tbl="person", row_id="p2"))
    assert gone.refused == []
    kept.pull()
    third.pull()
    for key in FAMILY:
        assert (kept.gone(*key), kept.rows[key].home) == (Gone.MOVED, C)
        assert third.gone(*key) == Gone.ALIVE
    assert {kept.gone(table, record.replace("p1", "p2")) for table, record in FAMILY} == {Gone.ERASED}


@pytest.mark.parametrize("first", ["moved", "merged"])
def test_nobody_orders_what_left_a_merged_community_and_the_desk_is_told(town, first):
    """Whether it went before the merger or after it, from the unit that has everything now."""
    gone, late, kept, third = town(B), town(B, 1), town(A), town(C)
    settle(town, gone)
    late.pull()
    if first == "moved":
        transfer(gone, C)
        merge(town)
    else:
        merge(town)
        kept.pull()
        transfer(kept, C, name="tr2")
    gone.push(gone.new("erasure", "er1", tbl="person", row_id="p1"))
    assert gone.refused == ["NOT_YOURS"]
    transfer(gone, A, name="tr3")
    assert gone.refused == ["NOT_YOURS"]
    third.pull()
    assert third.values("person", "p1")["name"] == "王小明"
    kept.pull()
    assert (kept.row("erasure", "er1"), kept.row("transfer", "tr3")) == (None, None)
    late.push(late.edit("person", "p1", phones="2"))
    third.pull()
    assert third.values("person", "p1")["phones"] == "2", "what was written about the person still follows"


def test_what_is_ordered_and_is_so_already_is_no_fault_of_anybody(town):
    """Moved to where the record is, or to where the community itself has gone; erased twice; never heard of."""
    gone, third = town(B), town(C)
    for record in ("p1", "p2", "p3"):
        settle(town, gone, record)
    transfer(gone, C)
    gone.push(gone.new("erasure", "er1", tbl="person", row_id="p3"))
    merge(town)
    for number, (record, to) in enumerate({"p1": C, "p2": A}.items()):
        transfer(gone, to, record, name=f"again{number}")
        assert gone.refused == []
    for record in ("p3", "nobody"):
        gone.push(gone.new("erasure", f"er-{record}", tbl="person", row_id=record))
        assert gone.refused == []
    third.pull()
    assert third.gone("person", "p1") == Gone.ALIVE
    town(A).pull()
    assert town(A).gone("person", "p2") == Gone.ALIVE


@pytest.mark.parametrize("to", [STREET, 999, 0])
def test_a_merged_community_is_told_that_nobody_can_move_there(town, to):
    gone = town(B)
    settle(town, gone)
    merge(town)
    transfer(gone, to)
    assert gone.refused == ["AUDIENCE"]
    town(A).pull()
    assert town(A).values("person", "p1")


def test_a_unit_with_units_below_or_without_a_living_target_is_not_merged(town):
    station = town.station
    with station.storage.writing() as session:
        history.open_unit(session, 4202990010029, "小区站", 1, kind="department", parent=B)
    for unit, into in ((B, A), (A, A), (A, 999), (A, STREET), (999, A)):
        with pytest.raises(ValueError, match="单位"):
            regrouping.merge(station.storage, unit, into, 9)


def test_what_could_not_be_passed_on_is_kept_in_sight(town):
    old, late = town(A), town(A, 1)
    settle(town, old)
    late.pull()
    transfer(old, B)
    with town.station.storage.writing() as session:  # the new home has forgotten everything
        session.run("delete from record where scope_id=?", B)
        session.run("update scope_head set digest=0 where scope_id=?", B)
    late.push(late.edit("person", "p1", phones="2"))
    assert [(one["kind"], one["lose_value"]) for one in late.conflicts()] == [("moved", '"2"')]


def test_a_late_edit_of_a_field_whose_last_version_its_writer_saw_wins_whatever_the_clocks_say(town):
    """Another field was changed behind its back; of this one it saw all there was."""
    old, late, new = town(A), town(A, 1), town(B)
    settle(town, old)
    old.push(old.edit("person", "p1", ts=900, note="n2"))
    late.pull()
    old.push(old.edit("person", "p1", ts=901, name="王大明"))
    transfer(old, B)
    late.push(late.edit("person", "p1", ts=5, note="n3"))
    new.pull()
    assert new.values("person", "p1")["note"] == "n3"
    assert new.values("person", "p1")["name"] == "王大明"
    assert new.conflicts() == []


def test_a_late_new_record_never_writes_into_one_of_the_same_name_in_the_new_home(town):
    old, late, new = town(A), town(A, 1), town(B)
    settle(town, old)
    late.pull()
    new.push(new.new("person", "p9", name="赵小刚"), new.new("person_tag", "t9", person_id="p9", tag="残疾"))
    transfer(old, B)
    late.push(late.new("person_tag", "t9", person_id="p1", tag="志愿者"))
    assert late.refused == ["ELSEWHERE"]
    new.pull()
    assert new.values("person_tag", "t9") == {"person_id": "p9", "tag": "残疾"}
