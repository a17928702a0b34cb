"""What seeded worlds of faults have found at the desk: two things that seldom meet, met."""

import orjson
import pytest
from sqlalchemy import select

from central_server import devices, purging, regrouping
from desktop_app.meetings import sharing
from desktop_app.meetings.model import Attendance, Meeting
from desktop_app.residents import moving
from desktop_app.residents.model import Person, PersonTag
from desktop_app.shared.errors import CancelledError, NetworkError
from desktop_app.store.conflict import Conflict
from desktop_app.store.requests import Erasure
from desktop_app.sync import engine, enrol, erasing, merge, numbering, outbox, parked, refused, repairing, replay, state
from desktop_app.sync import units as organisation
from desktop_app.sync.status import status
from sync_protocol.messages import Gone, Row
from tests.sync.conftest import NEIGHBOUR
from tests.sync.desks import SCOPE, lost
from tests.sync.scripted import STREET
from tests.sync.test_units import call, equal_to_server, settle
from tests.sync.test_vanishing import CONTENT, everything_written

FUTURE = '{"ts":1,"dev":7,"by":null,"del":0,"home":0,"v":{"f":"甲"},"offer":1}'
"""A record of a table this build does not know, waiting to be offered."""


def test_a_desk_that_hands_something_over_to_a_merged_unit_joins_the_successor_in_the_same_sync(ours, theirs, district):
    settle(ours, theirs)
    regrouping.merge(district.storage, NEIGHBOUR, SCOPE, district.clock.ms())
    new = theirs.add("赵小刚")
    theirs.sync()
    assert theirs.state().scope == SCOPE
    assert theirs.person(new).name == "赵小刚"


def test_a_desk_away_for_years_whose_unit_was_merged_meanwhile_finds_its_way(ours, theirs, make, district):
    """TOO_OLD first, then SCOPE_GONE: one must not hide the other for ever."""
    second = make(NEIGHBOUR, "江北二号机")
    kept, gone = theirs.add("李小红"), theirs.add("赵小刚")
    settle(theirs, second)
    theirs.delete(gone)
    settle(theirs)
    district.clock.move(days=401)
    settle(theirs)
    purging.purge(district.storage, district.clock.ms())
    settle(theirs)
    regrouping.merge(district.storage, NEIGHBOUR, SCOPE, district.clock.ms())
    second.edit(kept, note="两年没同步")
    settle(second, ours)
    assert second.state().scope == SCOPE
    assert second.person(gone) is None
    assert ours.person(kept).note == "两年没同步"
    assert equal_to_server(second, district)


def test_an_edit_made_before_joining_never_makes_half_a_record_in_the_successor(ours, theirs, district):
    """The server was restored to before the record, and the merger done again."""
    copy = district.keep_copy()
    person = theirs.add("李小红", phones="13900000001")
    settle(theirs)
    regrouping.merge(district.storage, NEIGHBOUR, SCOPE, district.clock.ms())
    district.restore(copy)
    regrouping.merge(district.storage, NEIGHBOUR, SCOPE, district.clock.ms())
    theirs.edit(person, note="后来写的")
    settle(theirs, ours)
    for desk in (ours, theirs):
        found = desk.person(person)
        assert (found.name, found.phones, found.note) == ("李小红", "13900000001", "后来写的")


def test_an_edit_made_while_the_desk_joins_never_makes_half_a_record_in_the_successor(
    ours, theirs, district, monkeypatch
):
    """The same, but somebody types between the new identity and the first page of the successor."""
    copy = district.keep_copy()
    person = theirs.add("李小红", phones="13900000001")
    settle(theirs)
    regrouping.merge(district.storage, NEIGHBOUR, SCOPE, district.clock.ms())
    district.restore(copy)
    regrouping.merge(district.storage, NEIGHBOUR, SCOPE, district.clock.ms())
    prepare = engine.Sync._prepare

    def type_on(sync):
        if theirs.db.setting(merge.JOINED) and theirs.person(person).note != "后来写的":
            theirs.edit(person, note="后来写的")
        return prepare(sync)

    monkeypatch.setattr(engine.Sync, "_prepare", type_on)
    settle(theirs, ours)
    for desk in (ours, theirs):
        found = desk.person(person)
        assert (found.name, found.phones, found.note) == ("李小红", "13900000001", "后来写的")


@pytest.mark.parametrize("field", ["note", "a_field_to_come"])
def test_what_only_this_desk_still_has_of_a_record_reaches_the_unit_it_was_merged_into(ours, theirs, district, field):
    """An older program made the record, and the server was restored to before the field was ever named."""
    person = theirs.add("李小红", phones="13900000001")
    with theirs.db.applying() as tx:
        table = tx.db.tables["person"]
        tx.execute("UPDATE sync_dirty SET mask=mask&~? WHERE tbl=?", (1 << table.columns.index("note"), table.no))
    settle(theirs)
    copy = district.keep_copy()
    if field == "note":
        theirs.edit(person, note="只有本机有")
    else:  # a newer program wrote it, this one keeps it
        with theirs.db.applying() as tx:
            tx.execute("UPDATE person SET sync_ext=? WHERE id=?", ('{"a_field_to_come":"只有本机有"}', person))
    settle(theirs)
    district.restore(copy)
    regrouping.merge(district.storage, NEIGHBOUR, SCOPE, district.clock.ms())
    settle(theirs, ours)
    (fields,) = {fields for (fields,) in district.rows("select fields from record where id=? and sync_del=0", person)}
    assert orjson.loads(fields)[field] == "只有本机有"
    assert ours.person(person).phones == theirs.person(person).phones == "13900000001"
    assert ours.replica() == theirs.replica()
    assert status(theirs.db).waiting == 0
    assert equal_to_server(theirs, district)
    assert district.rows("select 1 from record where tbl='conflict'") == []


def test_a_desk_that_has_no_mark_in_common_with_a_restored_server_lets_go_of_what_nobody_shares_with_it(
    ours, street, district
):
    """Without a mark a record has no number, so no digest tells that it is here."""
    kept, lost = call(ours), call(ours)
    sharing.share(ours.db, ours.app.actor, kept, [STREET])
    settle(ours, street)
    copy = district.keep_copy()
    sharing.share(ours.db, ours.app.actor, lost, [STREET])
    settle(ours, street)
    district.restore(copy)
    with street.db.applying() as tx:
        tx.execute("DELETE FROM sync_marks")
    settle(street)
    assert street.db.get(Meeting, lost) is None
    assert street.db.get(Meeting, kept).title == "联席会"
    settle(ours, street)
    assert street.db.get(Meeting, lost).title == "联席会"
    assert equal_to_server(street, district)


def test_a_server_that_goes_back_twice_in_one_day_is_compared_with_twice(ours, street, district):
    """What was shared is gone until its own unit shares it again: both times."""
    for _ in range(2):
        settle(ours, street)
        copy = district.keep_copy()
        meeting = call(ours)
        sharing.share(ours.db, ours.app.actor, meeting, [STREET])
        settle(ours, street)
        assert street.db.get(Meeting, meeting).title == "联席会"
        district.restore(copy)
        settle(street)
        assert street.db.get(Meeting, meeting) is None
        assert equal_to_server(street, district)


def test_a_record_that_left_and_is_here_again_after_a_restore_is_whole_again(ours, theirs, district):
    person = ours.add("王小明", note="甲")
    settle(ours)
    copy = district.keep_copy()
    regrouping.split(district.storage, SCOPE, NEIGHBOUR, [("person", person)], district.clock.ms())
    settle(ours)
    assert ours.person(person) is None
    district.restore(copy)
    settle(ours)
    assert (ours.person(person).name, ours.person(person).note) == ("王小明", "甲")
    assert equal_to_server(ours, district)


def test_a_tombstone_of_a_table_this_build_does_not_know_is_not_offered_as_a_deletion(told):
    for record, gone, home in (("m", Gone.MOVED, NEIGHBOUR), ("d", Gone.DELETED, 0), ("g", Gone.ALIVE, STREET)):
        with told.db.applying() as tx:
            parked.park(tx, Row("future", record, 5, 1, 7, None, gone, {}, home))
    with told.db.applying() as tx:
        parked.offer_again(tx, 0)
        assert [(one.id, one.op) for one in parked.offered(tx)] == [("d", "d")]


def test_a_record_of_another_unit_this_build_does_not_know_is_never_offered_as_one_of_this_unit(told):
    with told.db.applying() as tx:
        for record, home in (("mine", 0), ("theirs", STREET)):
            parked.park(tx, Row("future", record, 5, 1, 7, None, Gone.ALIVE, {}, home))
            parked.missed(tx, "future", record, keep=True)
        assert [one.id for one in parked.offered(tx)] == ["mine"]


def test_a_record_nobody_has_pushed_yet_may_move_away(told):
    """A twin of this desk pushed it: every field is pending, so none is blanked."""
    told.script.people("p0")
    told.sync()
    with told.db.transaction(told.app.actor, "登记居民") as tx:
        tx.add(Person(id="p1", name="王小明"))
    with told.db.applying() as tx:
        merge.apply(tx, [Row("person", "p1", 99, 1, 7, None, Gone.MOVED, {}, NEIGHBOUR)], 0)
    assert told.value("SELECT name FROM person WHERE id='p1'") == "王小明"
    assert status(told.db).waiting == 1


@pytest.mark.parametrize("deleted_first", [True, False])
def test_what_the_server_does_not_take_of_a_record_that_is_deleted_can_still_be_read(told, deleted_first):
    told.script.people("p1")
    told.sync()
    told.script.judge = lambda _change: "TOO_LARGE"
    told.edit("p1", note=CONTENT)
    if not deleted_first:
        told.sync()
    told.script.tell("person", "p1", Gone.DELETED)
    told.sync()
    assert [(one.code, one.values) for one in refused.listed(told.db)] == [("TOO_LARGE", {"note": CONTENT})]
    assert status(told.db).waiting == 0


@pytest.mark.parametrize("erased_first", [True, False])
def test_what_was_written_about_an_erased_person_and_deleted_before_anybody_heard_of_it_is_wiped(told, erased_first):
    told.script.people("p1")
    told.sync()
    with told.db.transaction(told.app.actor, "打标签") as tx:
        tag = tx.add(PersonTag(person_id="p1", tag=CONTENT)).id
    if erased_first:
        told.script.tell("person", "p1", Gone.ERASED)
        with told.db.applying() as tx:
            merge.apply(tx, [row for row in told.script.rows if row.gone], 0)
    with told.db.transaction(told.app.actor, "删标签") as tx:
        tx.bury(PersonTag, tag)
    if not erased_first:
        told.script.tell("person", "p1", Gone.ERASED)
    told.sync()
    assert CONTENT not in everything_written(told.db)


def test_a_value_that_waited_for_its_column_is_there_before_anybody_writes_over_it(first):
    """It is put in its place when the program starts, not only when it syncs: people see what they write over."""
    person = first.add("王小明")
    first.sync()
    with first.db.applying() as tx:
        tx.execute('UPDATE person SET sync_ext=\'{"note":"甲"}\' WHERE id=?', (person,))
        tx.set_setting(replay.SEEN, None)
    first.reopen()
    assert first.person(person).note == "甲"


def test_what_the_server_did_not_take_about_somebody_who_is_erased_later_goes_as_well(ours, make):
    second = make(SCOPE, "江山二号机")
    person = ours.add("王小明")
    settle(ours, second)
    with ours.db.transaction(ours.app.actor, "打标签") as tx:
        tag = tx.add(PersonTag(person_id=person, tag="甲")).id
        sql = "UPDATE person_tag SET tag=? WHERE id=?"
        tx.execute(sql, (CONTENT * 100_000, tag))  # as an earlier program let through
    settle(ours)
    assert [one.code for one in refused.listed(ours.db)] == ["TOO_LARGE"]
    erasing.erase(second.db, second.app.actor, person, "本人书面申请")
    settle(second, ours)
    assert refused.listed(ours.db) == []
    assert CONTENT not in everything_written(ours.db)


def test_who_wrote_in_a_record_that_is_long_forgotten_is_told_what_became_of_it_and_what_to_do(first, second, server):
    """Everything is being read from the start, its end was never heard of: it is in no other unit."""
    person = first.add("王小明", note="旧")
    settle(first, second)
    first.delete(person)
    first.sync()
    with second.db.applying() as tx:
        state.begin_anew(tx)
    second.edit(person, note="迟到")
    pass_years(server, first, second)
    first.add("赵小刚")
    first.sync()
    purging.purge(server.storage, server.clock.ms())
    report = second.sync()
    (one,) = refused.listed(second.db)
    assert (one.code, one.values) == (refused.FORGOTTEN, {"name": "王小明", "note": "迟到"})
    (words,) = report.problems
    assert "已删除或转走" in words
    assert "重新登记" in words
    assert "别的单位" not in words
    assert second.person(person) is None
    assert server.rows("select 1 from record where id=?", person) == []
    assert status(second.db).waiting == 0
    assert equal_to_server(second, server)


def test_an_edit_meets_a_tombstone_whose_content_is_forgotten(first, second, make, server):
    """A third desk, away as long, deleted the record too: there is a tombstone again, but nothing to bring back."""
    third = make(SCOPE, "江山三号机")
    person = first.add("王小明", note="旧")
    settle(first, second, third)
    first.delete(person)
    first.sync()
    second.edit(person, note="迟到")
    third.delete(person)
    pass_years(server, first, second, third)
    first.add("赵小刚")
    first.sync()
    purging.purge(server.storage, server.clock.ms())
    with third.db.applying() as tx:
        state.begin_anew(tx)
    settle(third, second, first)
    assert [(one.code, one.values["note"]) for one in refused.listed(second.db)] == [(refused.FORGOTTEN, "迟到")]
    assert second.person(person) is None
    assert first.person(person) is None
    assert [fields for (fields,) in server.rows("select fields from record where id=?", person)] in ([], ["{}"])
    assert equal_to_server(second, server)


def test_an_erasure_ordered_at_a_desk_whose_unit_was_merged_meanwhile_is_carried_out(ours, theirs, district):
    person = theirs.add("赵小刚", note=CONTENT)
    settle(ours, theirs)
    with theirs.db.transaction(theirs.app.actor, "打标签") as tx:
        tx.add(PersonTag(person_id=person, tag=CONTENT))
    theirs.sync()
    regrouping.merge(district.storage, NEIGHBOUR, SCOPE, district.clock.ms())
    settle(ours)
    assert ours.person(person).note == CONTENT
    erasing.erase(theirs.db, theirs.app.actor, person, "本人书面申请")
    settle(theirs, ours, theirs, ours)
    assert ours.person(person) is None
    assert not [fields for (fields,) in district.rows("select fields from record") if CONTENT in str(fields)]
    assert CONTENT not in everything_written(ours.db) + everything_written(theirs.db)
    assert equal_to_server(ours, district)


@pytest.mark.parametrize("code", [refused.WITHDRAWN, "TOO_LARGE"])
def test_nobody_is_told_to_mend_a_record_that_is_not_here_any_more(code):
    assert "修改后" not in refused.sentence("person", code, apart=True)
    assert "“未被接受”" in refused.sentence("person", code, apart=True)


# ------------------------------------------------------------------------------- restored, and nobody notices for years


def pass_years(server, *desks):
    """So long that what was deleted before is forgotten."""
    for clock in (server.clock, *(desk.clock for desk in desks)):
        clock.move(days=401)


@pytest.fixture
def lost_unnoticed(first, second, server):
    """The server took a record and lost it in a restore; the only desk that could have noticed was away for years."""
    first.add("王小明")
    settle(first, second)
    copy = server.keep_copy()
    lost = first.add("李小红", note="已上报")
    first.sync()
    server.restore(copy)
    for number in range(3):
        second.add(f"居民{number}")
    second.sync()
    pass_years(server, first, second)
    second.add("赵小刚")
    second.sync()
    purging.purge(server.storage, server.clock.ms())
    return lost


def test_what_a_restored_server_lost_is_offered_again_however_long_its_desk_was_away(
    first, second, lost_unnoticed, server
):
    """The server has forgotten deletions since; but this was never deleted, and the desk's marks say so."""
    settle(first, second)
    assert second.person(lost_unnoticed).note == "已上报"
    assert first.replica() == second.replica()
    assert server.rows("select sync_del from record where id=?", lost_unnoticed) == [(0,)]


def test_a_record_this_build_does_not_know_is_offered_again_by_a_desk_that_was_away_for_years(first, second, server):
    first.add("王小明")
    settle(first, second)
    copy = server.keep_copy()
    second.add("李小红")
    with second.db.applying() as tx:
        tx.execute("INSERT INTO sync_parked(tbl,pk,seq,body) VALUES('future','x',0,?)", (FUTURE,))
    second.sync()
    server.restore(copy)
    first.add("赵小刚")
    first.sync()
    pass_years(server, first, second)
    first.add("钱小兰")
    first.sync()
    purging.purge(server.storage, server.clock.ms())
    settle(second, first)
    assert server.rows("select id from record where tbl='future'") == [("x",)]
    assert equal_to_server(second, server)


def test_what_a_broken_off_repair_brought_is_not_taken_for_deleted(first, second, server, monkeypatch):
    """It stands above all this desk has proved; the server lost it, and its maker, before the repair went on."""
    first.add("王小明")
    settle(first, second)
    first.add("钱小兰")
    first.sync()
    pass_years(server, first, second)
    first.add("李小红")
    first.sync()
    purging.purge(server.storage, server.clock.ms())
    copy = server.keep_copy()
    new = first.add("赵小刚")
    first.sync()
    with monkeypatch.context() as broken:
        broken.setattr(repairing, "_part", lambda *_, **__: lost())
        with pytest.raises(NetworkError):
            second.sync()
    server.restore(copy)
    second.sync()
    assert second.person(new).name == "赵小刚"
    assert server.rows("select sync_del from record where id=?", new) == [(0,)]


def test_a_server_that_goes_back_between_two_requests_of_a_repair_is_found_out(first, second, server):
    """Nothing is dropped because a database that has lost it does not list it."""
    first.add("王小明")
    settle(first, second)
    copy = server.keep_copy()
    new = second.add("李小红")
    second.sync()
    with second.db.applying() as tx:  # something differs, so that the desk asks for a repair
        tx.execute("UPDATE person SET sync_seq=1 WHERE id=?", (new,))

    def restore(path, _body):
        if path == "/v1/repair":
            second.line.heal()
            server.restore(copy)

    second.line.before = restore
    second.sync(recount=True)
    assert second.person(new).name == "李小红"
    assert server.rows("select sync_del from record where id=?", new) == [(0,)]


def test_what_was_added_to_a_meeting_that_is_taken_back_makes_no_half_record(ours, street, district):
    """It was on its way, and written in again, when the meeting was withdrawn: both are kept to be read."""
    meeting = call(ours)
    sharing.share(ours.db, ours.app.actor, meeting, [STREET])
    settle(ours, street)
    with street.db.transaction(street.app.actor, "签到") as tx:
        guest = tx.add(
            Attendance(meeting_id=meeting, seq=1, name="李四", capacity="列席", status="列席", voting=False)
        ).id
    street.line.after = lost
    street.line.before = lost
    with pytest.raises(NetworkError):
        street.sync()
    street.line.heal()
    sharing.unshare(ours.db, ours.app.actor, meeting)
    settle(ours)
    with street.db.transaction(street.app.actor, "改签到") as tx:
        tx.change(Attendance, guest, post="科员")
    settle(street, ours)
    assert district.rows("select scope_id from record where id=?", guest) == []
    (kept,) = refused.listed(street.db)
    assert (kept.code, kept.values["name"], kept.values["post"]) == ("NOT_YOURS", "李四", "科员")
    assert street.db.get(Attendance, guest) is None
    assert status(street.db).waiting == 0
    assert equal_to_server(street, district)


def test_what_is_about_somebody_goes_with_an_erasure_that_comes_when_the_deletion_is_forgotten(first, second, server):
    """The order to erase waited at its desk for years; the deletion did not, and somebody wrote beside it."""
    person = first.add("王小明")
    settle(first, second)
    with second.db.transaction(second.app.actor, "打标签") as tx:
        tx.add(PersonTag(person_id=person, tag=CONTENT))
    first.delete(person)
    first.sync()
    second.sync()
    with first.db.transaction(first.app.actor, "清除居民资料") as tx:
        tx.add(Erasure(tbl="person", row_id=person))
    pass_years(server, first, second)
    second.add("赵小刚")
    second.sync()
    purging.purge(server.storage, server.clock.ms())
    assert server.rows("select 1 from record where tbl='person' and id=?", person) == []
    settle(first, second)
    for desk in (first, second):
        assert CONTENT not in everything_written(desk.db)
    assert not any(CONTENT in fields for (fields,) in server.rows("select fields from record"))


def test_what_rests_on_a_number_of_a_lost_past_clashes_with_whoever_has_that_number_now(
    first, second, make_desk, server
):
    """R9: the number of the value that was seen came to somebody else's value after the restore."""
    person = first.add("王小明", note="初")
    third = make_desk("三号机")
    for desk in (first, second, third):
        desk.sync()
    copy = server.keep_copy()
    for at in range(9):  # so that the number is high enough
        second.edit(person, note=f"甲{at}")
        second.sync()
    first.sync()
    second.edit(person, phones="13900000001")
    second.sync()

    def type_on(*_: object) -> None:
        first.line.heal()
        first.edit(person, note="乙")

    first.line.before = type_on
    with pytest.raises(CancelledError):  # before that is pushed
        first.sync(cancelled=iter((False, True)).__next__)
    assert (first.person(person).note, first.person(person).phones) == ("乙", "13900000001")
    server.restore(copy)
    third.edit(person, note="丙")
    for desk in (third, first, third):
        desk.sync()
    (clash,) = third.db.select(select(Conflict).where(Conflict.row_id == person, Conflict.field == "note"))
    assert {clash.win_value, clash.lose_value} == {'"乙"', '"丙"'}


def test_what_a_guest_wrote_under_an_earlier_identity_survives_a_restore(ours, street, district):
    """Its own unit never heard of it, and the desk that wrote it is another device by now."""
    meeting = call(ours)
    sharing.share(ours.db, ours.app.actor, meeting, [STREET])
    settle(ours, street)
    copy = district.keep_copy()
    with street.db.transaction(street.app.actor, "改会议") as tx:
        tx.change(Meeting, meeting, lead="街道领导")
    street.sync()
    with district.storage.writing() as session:  # a twin has spoken
        session.run("update device set nonce='other' where id=?", street.state().device)
    street.sync()
    district.restore(copy)
    with district.storage.writing() as session:  # the backup does not know who the desk is now
        code = devices.make_code(session, STREET, district.clock.ms())
    enrol.enrol(
        street.db, street.app.secrets, server_url="https://central.test", code=code, name="街道", transport=street.line
    )
    settle(street, ours)
    assert ours.db.get(Meeting, meeting).lead == "街道领导"
    assert equal_to_server(street, district)


def test_what_a_guest_wrote_is_offered_again_though_the_restored_server_has_the_record_under_the_same_number(
    ours, street, district
):
    """The last number both know is that of the record itself: nothing differs, and no page brings it again."""
    meeting = call(ours)
    sharing.share(ours.db, ours.app.actor, meeting, [STREET])
    settle(ours, street)
    with ours.db.transaction(ours.app.actor, "改会议") as tx:
        tx.change(Meeting, meeting, place="会议室")
    settle(ours, street)
    (last,) = district.rows("select id,sync_seq from record where scope_id=? order by sync_seq desc limit 1", STREET)
    assert last == (meeting, street.state().cur)
    copy = district.keep_copy()
    with street.db.transaction(street.app.actor, "改会议") as tx:
        tx.change(Meeting, meeting, lead="街道领导")
    street.sync()
    district.restore(copy)
    settle(street, ours)
    assert ours.db.get(Meeting, meeting).lead == street.db.get(Meeting, meeting).lead == "街道领导"
    assert status(street.db).waiting == 0
    assert equal_to_server(street, district)


def test_what_was_refused_of_a_record_goes_when_that_is_erased(told):
    """It is kept to be read beside the reason; an erased resident leaves nothing to read."""
    told.script.people("p1")
    told.sync()
    told.script.judge = lambda _change: "NOT_YOURS"
    told.edit("p1", note=CONTENT)
    told.sync()
    assert [one.values for one in refused.listed(told.db)] == [{"note": CONTENT}]
    told.script.tell("person", "p1", Gone.ERASED)
    told.sync()
    assert refused.listed(told.db) == []
    assert CONTENT not in everything_written(told.db)


def test_what_is_refused_while_somebody_orders_its_erasure_goes_at_once(told):
    """It was on its way, so it did not wait in the record when that was blanked."""
    told.script.judge = lambda change: "TOO_LARGE" if change.table == "person" else ""
    with told.db.transaction(told.app.actor, "登记居民") as tx:
        tx.add(Person(id="p1", name="王小明", note=CONTENT, source="手工"))
    with told.db.applying() as tx:
        outbox.freeze(tx)
    with told.db.transaction(told.app.actor, "清除") as tx:
        tx.add(Erasure(tbl="person", row_id="p1", reason="本人申请"))
        tx.execute("UPDATE person SET sync_del=1 WHERE id='p1'")
    told.sync()
    assert refused.listed(told.db) == []
    assert CONTENT not in everything_written(told.db)


def test_what_was_refused_and_deleted_beneath_somebody_goes_when_that_one_is_erased(told):
    """The deletion came while it was on its way: what it said stands beside the reason, not in the record."""
    told.script.people("p1")
    told.sync()
    told.script.judge = lambda change: "TOO_LARGE" if change.table == "person_tag" else ""
    with told.db.transaction(told.app.actor, "打标签") as tx:
        tag = tx.add(PersonTag(person_id="p1", tag=CONTENT)).id
    with told.db.applying() as tx:
        outbox.freeze(tx)
    with told.db.transaction(told.app.actor, "删标签") as tx:
        tx.bury(PersonTag, tag)
    told.sync()
    assert [one.values["tag"] for one in refused.listed(told.db)] == [CONTENT]
    told.script.tell("person", "p1", Gone.ERASED)
    told.sync()
    assert refused.listed(told.db) == []
    assert CONTENT not in everything_written(told.db)


def test_what_the_server_did_not_take_beneath_somebody_who_is_erased_is_offered_again_so_that_it_goes(told):
    told.script.people("p1")
    told.sync()
    told.script.judge = lambda change: "TOO_LARGE" if change.table == "person_tag" else ""
    with told.db.transaction(told.app.actor, "打标签") as tx:
        tx.add(PersonTag(person_id="p1", tag=CONTENT))
    told.sync()
    told.script.judge = lambda change: "ERASED" if change.table == "person_tag" else ""
    told.script.tell("person", "p1", Gone.ERASED)
    told.sync()
    assert [change.table for change in told.script.changes].count("person_tag") == 2
    assert CONTENT not in everything_written(told.db)


def test_a_resident_whom_a_restored_server_lost_on_the_way_is_shown_as_not_moved(ours, theirs, district):
    """Nobody has the content any more, neither the backup nor a desk: the order stays, refused, for a person to see."""
    settle(ours, theirs)
    copy = district.keep_copy()
    person = ours.add("王小明")
    ours.sync()
    to = organisation.community(ours.db, str(NEIGHBOUR), "江北社区")
    moving.move_out(ours.db, ours.app.actor, person, to, "2026-11-20", "买了房")
    ours.sync()
    district.restore(copy)
    settle(ours, theirs)
    told = {one.table: one for one in refused.listed(ours.db)}
    assert told["transfer"].code == refused.NOT_MOVED
    assert (told["transfer"].values["row_id"], told["transfer"].values["to_name"]) == (person, "江北社区")
    assert theirs.person(person) is None
    assert equal_to_server(ours, district)


@pytest.mark.parametrize("deleted", [True, False])
def test_a_deletion_that_is_numbered_beneath_what_has_moved_away_stays_of_this_unit(ours, deleted):
    """The server cannot tell whose it is either: it names no meeting.  What was written goes to the meeting's unit."""
    meeting = call(ours)
    with ours.db.transaction(ours.app.actor, "签到") as tx:
        guest = tx.add(
            Attendance(meeting_id=meeting, seq=1, name="李四", capacity="列席", status="列席", voting=False)
        ).id
    with ours.db.applying("会议移交") as tx:
        tx.execute("UPDATE meeting SET scope=? WHERE id=?", (NEIGHBOUR, meeting))
        tx.execute("UPDATE attendance SET sync_del=? WHERE id=?", (int(deleted), guest))
        numbering.note(tx, "attendance", tx.rows("SELECT 9,1,1,NULL,local_no FROM attendance WHERE id=?", (guest,)))
    assert ours.db.scalar("SELECT scope FROM attendance WHERE id=?", (guest,)) == (0 if deleted else NEIGHBOUR)
