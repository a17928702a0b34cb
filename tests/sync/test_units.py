"""Several units on one server: who receives what, who moves where, what is erased, what a merged community keeps."""

import pytest

from central_server import moves
from central_server.feeds import transaction
from central_server.tree import Tree
from desktop_app.health import examine
from desktop_app.meetings import actions as meetings
from desktop_app.meetings import sharing
from desktop_app.meetings.model import Meeting
from desktop_app.places.model import Room
from desktop_app.residents import actions as residents
from desktop_app.residents import moving
from desktop_app.residents.actions import Home
from desktop_app.residents.model import Person, PersonTag
from desktop_app.shared.errors import AppError
from desktop_app.sync import conflicts, erasing, refused
from desktop_app.sync import units as organisation
from sync_protocol.messages import Gone
from tests.sync.conftest import NEIGHBOUR, OTHER_STREET, STREET
from tests.sync.desks import SCOPE, Desk, Server


def settle(*desks: Desk) -> None:
    for _ in range(3):
        for desk in desks:
            desk.sync()


def equal_to_server(desk: Desk, server: Server) -> bool:
    unit = desk.state().scope
    ((digest,),) = server.rows("select digest from scope_head where scope_id=?", unit)
    return desk.state().digest == digest


def house(desk: Desk, name: str) -> str:
    """A resident with a home and a tag."""
    with desk.db.transaction(desk.app.actor, "建房") as tx:
        room = tx.add(Room(building_id="b", no="101", seq=1, kind="住宅", use="自住"))
    person = residents.register(desk.db, desk.app.actor, Person(name=name, note="甲"), Home(room.id)).id
    residents.tag(desk.db, desk.app.actor, [person], "志愿者")
    return person


# ------------------------------------------------------------------------------------------------------------ transfers


def test_a_resident_who_moves_takes_what_is_about_the_person_along_and_leaves_nothing_behind(ours, theirs, district):
    person = house(ours, "王小明")
    settle(ours, theirs)
    to = organisation.community(ours.db, str(NEIGHBOUR), "江北社区")
    moved = moving.move_out(ours.db, ours.app.actor, person, to, "2026-11-20", "买了房")
    assert dict(moved.along) == {"居民标签": 1, "人员变动": 2}
    assert moving.leaving_for(ours.db, person) == "江北社区"
    settle(ours, theirs)
    assert ours.person(person) is None
    assert ours.db.scalar("SELECT name FROM person WHERE id=?", (person,)) == ""
    assert ours.db.scalar("SELECT to_on FROM residence WHERE person_id=?", (person,)) == "2026-11-20"
    assert theirs.person(person).name == "王小明"
    assert theirs.person(person).scope == 0
    assert theirs.db.scalar("SELECT tag FROM person_tag WHERE person_id=? AND sync_del=0", (person,)) == "志愿者"
    assert moving.leaving_for(ours.db, person) == ""
    assert not [one for one in examine(ours.app) if one.code.startswith("orphan.") and "居民" in one.words]
    for desk in (ours, theirs):
        assert equal_to_server(desk, district)


def test_a_late_edit_at_the_old_desk_reaches_the_new_one(make, ours, theirs, district):
    late = make(SCOPE, "江山二号机")
    person = house(ours, "王小明")
    settle(ours, theirs, late)
    moving.move_out(
        ours.db, ours.app.actor, person, organisation.community(ours.db, str(NEIGHBOUR), "江北社区"), "2026-11-20"
    )
    settle(ours)
    late.edit(person, phones="13900000001")
    with late.db.transaction(late.app.actor, "打标签") as tx:
        tx.add(PersonTag(person_id=person, tag="独居老人"))
    settle(late, theirs, ours)
    assert theirs.person(person).phones == "13900000001"
    tags = {tag for (tag,) in theirs.db.rows("SELECT tag FROM person_tag WHERE person_id=? AND sync_del=0", (person,))}
    assert tags == {"志愿者", "独居老人"}
    assert late.db.rows("SELECT name,phones,sync_del FROM person WHERE id=?", (person,)) == [("", "", 4)]
    for desk in (ours, theirs, late):
        assert equal_to_server(desk, district)
        assert conflicts.count_open(desk.db) == 0


def test_a_resident_may_come_back(ours, theirs, district):
    person = house(ours, "王小明")
    settle(ours, theirs)
    moving.move_out(
        ours.db, ours.app.actor, person, organisation.community(ours.db, str(NEIGHBOUR), "江北社区"), "2026-11-20"
    )
    settle(ours, theirs)
    theirs.edit(person, note="乙")
    moving.move_out(theirs.db, theirs.app.actor, person, organisation.community(theirs.db, str(SCOPE)), "2026-11-21")
    settle(theirs, ours)
    assert ours.person(person).note == "乙"
    assert theirs.person(person) is None
    for desk in (ours, theirs):
        assert equal_to_server(desk, district)


def test_nobody_moves_twice_to_a_street_or_before_birth(ours):
    person = house(ours, "王小明")
    ours.sync()
    to = organisation.community(ours.db, str(NEIGHBOUR), "江北社区")
    with pytest.raises(AppError, match="不是社区"):
        moving.move_out(ours.db, ours.app.actor, person, organisation.called(ours.db, "红旗街道"), "2026-11-20")
    moving.move_out(ours.db, ours.app.actor, person, to, "2026-11-20")
    with pytest.raises(AppError, match="已经登记转到江北社区"):
        moving.move_out(ours.db, ours.app.actor, person, to, "2026-11-20")


# -------------------------------------------------------------------------------------------------------------- sharing


def call(desk: Desk) -> str:
    meeting = meetings.call_meeting(desk.db, desk.app.actor, Meeting(kind="议事会", title="联席会"))
    meetings.add_agenda_item(desk.db, desk.app.actor, meeting.id, "加装电梯")
    return meeting.id


def test_a_shared_meeting_arrives_with_its_agenda_and_is_answered_and_a_resident_never_leaves(ours, street, district):
    person, meeting = house(ours, "王小明"), call(ours)
    settle(ours, street)
    assert street.db.get(Meeting, meeting) is None
    sharing.share(ours.db, ours.app.actor, meeting, [STREET])
    settle(ours, street)
    assert street.db.get(Meeting, meeting).scope == SCOPE
    assert street.db.scalar("SELECT title FROM agenda_item WHERE meeting_id=?", (meeting,)) == "加装电梯"
    meetings.add_resolution(street.db, street.app.actor, meeting, "街道协调")
    settle(street, ours)
    assert ours.db.scalar("SELECT text FROM resolution WHERE meeting_id=?", (meeting,)) == "街道协调"
    assert street.db.scalar("SELECT count(*) FROM person") == 0
    assert ours.person(person) is not None
    with pytest.raises(AppError, match="别的单位共享来的"):
        sharing.share(street.db, street.app.actor, meeting, [OTHER_STREET])
    for desk in (ours, street):
        assert equal_to_server(desk, district)


def test_what_is_taken_back_leaves_the_other_unit_and_comes_again_if_shared_again(ours, street, district):
    meeting = call(ours)
    settle(ours)
    sharing.share(ours.db, ours.app.actor, meeting, [STREET])
    settle(ours, street)
    sharing.unshare(ours.db, ours.app.actor, meeting)
    settle(ours, street)
    assert street.db.get(Meeting, meeting) is None
    assert street.db.rows("SELECT title FROM meeting UNION ALL SELECT title FROM agenda_item") == [("",), ("",)]
    sharing.share(ours.db, ours.app.actor, meeting, [STREET])
    settle(ours, street)
    assert street.db.get(Meeting, meeting).title == "联席会"
    assert equal_to_server(street, district)


def test_a_meeting_that_may_not_be_shared_stays_here_with_the_reason(ours, make, district):
    meeting = call(ours)
    settle(ours)
    sharing.share(ours.db, ours.app.actor, meeting, [OTHER_STREET])
    report = ours.sync()
    assert "共享" in report.problems[0]
    assert "共享" in refused.reason(ours.db, "meeting", meeting)
    sharing.unshare(ours.db, ours.app.actor, meeting)
    ours.sync()
    assert refused.reason(ours.db, "meeting", meeting) == ""


def test_a_street_sees_the_organisation_below_it_but_cannot_change_it(ours, street, district):
    settle(ours, street)
    rows = street.db.rows("SELECT id,name FROM area WHERE scope=?", (SCOPE,))
    ((area, name),) = rows
    with street.db.transaction(street.app.actor, "改名") as tx:
        tx.execute("UPDATE area SET name='街道改的' WHERE id=?", (area,))
    report = street.sync()
    settle(ours, street)
    assert "不能改" in report.problems[0]
    assert street.db.scalar("SELECT name FROM area WHERE id=?", (area,)) == name
    assert ours.db.scalar("SELECT name FROM area WHERE id=?", (area,)) == name


# -------------------------------------------------------------------------------------------------------------- erasure


def test_an_erased_resident_is_gone_from_every_desk_and_from_the_server(make, ours, district):
    second = make(SCOPE, "江山二号机")
    person = house(ours, "王大锤")
    settle(ours, second)
    second.edit(person, note="二号机写的")
    second.sync()
    ours.sync()
    erasing.erase(ours.db, ours.app.actor, person, "本人书面申请")
    assert ours.person(person) is None
    settle(ours, second)
    for desk in (ours, second):
        left = repr([desk.db.rows(f'SELECT * FROM "{name}"') for name in (*desk.db.tables, "journal_action")])
        for word in ("王大锤", "二号机写的"):
            assert word not in left
        assert equal_to_server(desk, district)
    assert "王大锤" not in repr(district.rows("select fields from record"))


def test_a_desk_that_was_away_cannot_bring_an_erased_resident_back(make, ours, district):
    second = make(SCOPE, "江山二号机")
    person = house(ours, "王大锤")
    settle(ours, second)
    second.edit(person, note="还在写")
    erasing.erase(ours.db, ours.app.actor, person, "本人书面申请")
    settle(ours, second, ours)
    for desk in (ours, second):
        assert "还在写" not in repr(desk.db.rows("SELECT * FROM person UNION ALL SELECT * FROM person"))
    assert refused.listed(second.db) == []
    assert "还在写" not in repr(district.rows("select fields from record"))


def test_a_desk_without_a_server_erases_at_once(app):
    person = residents.register(app.db, app.actor, Person(name="王大锤")).id
    done = erasing.erase(app.db, app.actor, person, "本人书面申请")
    assert done.at_once
    assert "王大锤" not in repr(app.db.rows("SELECT * FROM person") + app.db.rows("SELECT * FROM journal_action"))


# --------------------------------------------------------------------------------------------------------------- merger


def merge_units(server: Server, gone: int, into: int) -> None:
    """As an administrator does."""
    with server.storage.writing() as session:
        keys = session.rows("select tbl,id from record where scope_id=? and home=?", gone, gone)
    transaction(
        server.storage,
        server.clock.ms(),
        [gone, into],
        lambda feeds: moves.carry_out(feeds, Tree(feeds.session), gone, into, [tuple(key) for key in keys]),
    )
    with server.storage.writing() as session:
        session.run("update unit set successor=?,closed_at=? where id=?", into, server.clock.ms(), gone)


def test_when_a_community_is_merged_into_another_its_desks_go_on_there_and_nothing_is_lost(ours, theirs, district):
    mine, hers = house(ours, "王小明"), house(theirs, "李小红")
    settle(ours, theirs)
    theirs.edit(hers, note="合并前没上报")
    new = theirs.add("赵小刚", note="合并前登记")
    merge_units(district, NEIGHBOUR, SCOPE)
    said = [words for _ in range(2) for words in theirs.sync().problems]
    assert any("已并入江山社区" in words for words in said)
    settle(theirs, ours)
    assert theirs.state().scope == SCOPE
    assert organisation.mine(theirs.db).name == "江山社区"
    for desk in (ours, theirs):
        assert {desk.person(one).name for one in (mine, hers, new)} == {"王小明", "李小红", "赵小刚"}
        assert desk.person(hers).note == "合并前没上报"
        assert conflicts.count_open(desk.db) == 0
        assert equal_to_server(desk, district)
    assert ours.replica() == theirs.replica()
    theirs.edit(mine, note="来自老江北")
    settle(theirs, ours)
    assert ours.person(mine).note == "来自老江北"


def test_a_merged_community_keeps_the_history_on_its_desks(ours, theirs, district):
    hers = house(theirs, "李小红")
    theirs.edit(hers, note="乙")
    settle(ours, theirs)
    merge_units(district, NEIGHBOUR, SCOPE)
    settle(theirs)
    befores = theirs.db.rows("SELECT before FROM journal_change WHERE op='u' AND tbl=7")
    assert any("甲" in (before or "") for (before,) in befores)


def test_two_desks_of_a_merged_community_that_both_waited_meet_in_the_new_one(make, ours, theirs, district):
    second = make(NEIGHBOUR, "江北二号机")
    hers = house(theirs, "李小红")
    settle(theirs, second)
    theirs.edit(hers, phones="13900000001")
    second.edit(hers, note="二号机写的")
    merge_units(district, NEIGHBOUR, SCOPE)
    settle(theirs, second, ours)
    for desk in (ours, theirs, second):
        assert (desk.person(hers).phones, desk.person(hers).note) == ("13900000001", "二号机写的")
        assert equal_to_server(desk, district)
    assert ours.replica() == theirs.replica() == second.replica()


# ----------------------------------------------------------------------------------------------------- restored servers


def test_a_move_that_a_restored_server_forgot_is_carried_out_again(ours, theirs, district):
    person = house(ours, "王小明")
    settle(ours, theirs)
    copy = district.keep_copy()
    to = organisation.community(ours.db, str(NEIGHBOUR), "江北社区")
    moving.move_out(ours.db, ours.app.actor, person, to, "2026-11-20")
    settle(ours, theirs)
    theirs.edit(person, phones="13900000001")
    settle(theirs)
    district.restore(copy)
    settle(ours, theirs, ours)
    assert ours.person(person) is None
    assert (theirs.person(person).name, theirs.person(person).phones) == ("王小明", "13900000001")
    for desk in (ours, theirs):
        assert equal_to_server(desk, district)


def test_what_went_after_the_backup_has_no_number_and_is_known_to_have_gone(ours, theirs, district):
    """The restored server never had it: counted here, it would be dropped as if the server had forgotten it."""
    house(ours, "李小红")
    settle(ours, theirs)
    copy = district.keep_copy()
    erased, moved = house(ours, "王大锤"), house(ours, "王小明")
    settle(ours, theirs)
    erasing.erase(ours.db, ours.app.actor, erased, "本人书面申请")
    to = organisation.community(ours.db, str(NEIGHBOUR), "江北社区")
    moving.move_out(ours.db, ours.app.actor, moved, to, "2026-11-20")
    settle(ours, theirs)
    district.restore(copy)
    settle(ours, theirs)
    assert ours.sync(recount=True).dropped == 0
    gone = dict(ours.db.rows("SELECT id,sync_del FROM person WHERE sync_del>0"))
    assert gone == {erased: Gone.ERASED, moved: Gone.MOVED}
    assert theirs.person(moved).name == "王小明"
    for desk in (ours, theirs):
        assert equal_to_server(desk, district)


def test_a_shared_meeting_that_a_restored_server_forgot_is_shared_again_by_its_own_unit_alone(ours, street, district):
    meeting = call(ours)
    settle(ours, street)
    copy = district.keep_copy()
    sharing.share(ours.db, ours.app.actor, meeting, [STREET])
    settle(ours, street)
    meetings.add_resolution(street.db, street.app.actor, meeting, "街道协调")
    settle(street, ours)
    district.restore(copy)
    settle(street, ours, street)
    homes = district.rows("select distinct home from record where tbl in ('meeting','agenda_item','resolution')")
    assert homes == [(SCOPE,)]
    for desk in (ours, street):
        assert desk.db.get(Meeting, meeting).title == "联席会"
        assert desk.db.scalar("SELECT text FROM resolution WHERE meeting_id=? AND sync_del=0", (meeting,)) == "街道协调"
        assert equal_to_server(desk, district)


def test_what_only_a_desk_of_another_unit_has_written_survives_a_restore(ours, street, district):
    meeting = call(ours)
    sharing.share(ours.db, ours.app.actor, meeting, [STREET])
    settle(ours, street)
    copy = district.keep_copy()
    with street.db.transaction(street.app.actor, "改地点") as tx:
        tx.change(Meeting, meeting, place="街道三楼")
    street.sync()  # acknowledged, but nobody else has heard of it
    district.restore(copy)
    settle(street, ours)
    assert ours.db.get(Meeting, meeting).place == "街道三楼"
    assert ours.db.get(Meeting, meeting).title == "联席会"
    for desk in (ours, street):
        assert equal_to_server(desk, district)


def test_an_erased_resident_stays_erased_after_a_restore(make, ours, district):
    second = make(SCOPE, "江山二号机")
    person = house(ours, "王大锤")
    settle(ours, second)
    copy = district.keep_copy()
    erasing.erase(ours.db, ours.app.actor, person, "本人书面申请")
    settle(ours)
    district.restore(copy)
    settle(second, ours)
    for desk in (ours, second):
        assert "王大锤" not in repr(desk.db.rows("SELECT * FROM person"))
        assert equal_to_server(desk, district)
    assert "王大锤" not in repr(district.rows("select fields from record"))
