"""Deletions, wrong clocks, restored servers, cloned desks, other versions of the program."""

import orjson
import pytest

from desktop_app.shared.errors import AppError
from desktop_app.sync import conflicts, refused, replay
from desktop_app.sync.status import RowState, row_state, status
from sync_protocol import enrolment
from tests.sync.desks import Desk, clone

YEAR = 365


def settle(*desks: Desk) -> None:
    for _ in range(2):
        for desk in desks:
            desk.sync()


# ------------------------------------------------------------------------------------------------------------ deletions


@pytest.mark.parametrize("deleter_first", [True, False])
def test_an_edit_beats_a_deletion_that_did_not_see_it_and_a_person_is_told(first, second, deleter_first):
    person = first.add("王小明", note="甲")
    settle(first, second)
    first.delete(person)
    second.edit(person, note="乙")
    settle(*(first, second) if deleter_first else (second, first))
    for desk in (first, second):
        assert desk.person(person).note == "乙"
        (clash,) = conflicts.open_conflicts(desk.db)
        assert "删除" in clash.words
    assert first.replica() == second.replica()


def test_a_deletion_that_saw_everything_deletes_everywhere(first, second):
    person = first.add("王小明")
    settle(first, second)
    second.delete(person)
    settle(second, first)
    assert first.person(person) is None
    assert conflicts.count_open(first.db) == 0


def test_a_record_deleted_on_both_desks_is_no_conflict(first, second):
    person = first.add("王小明")
    settle(first, second)
    first.delete(person)
    second.delete(person)
    settle(first, second)
    assert first.person(person) is None
    assert conflicts.count_open(first.db) == 0
    assert first.replica() == second.replica()


def test_the_same_value_on_both_desks_is_no_conflict(first, second):
    person = first.add("王小明", note="甲")
    settle(first, second)
    first.edit(person, note="乙")
    second.edit(person, note="乙")
    settle(first, second)
    assert conflicts.count_open(first.db) == 0
    assert first.replica() == second.replica()


# --------------------------------------------------------------------------------------------------------------- clocks


@pytest.mark.parametrize("days", [YEAR, -YEAR])
def test_a_clock_one_year_off_neither_blocks_sync_nor_wins_over_an_edit_that_saw_it(first, second, days):
    second.clock.move(days=days)
    person = second.add("王小明", note="错钟")
    settle(second, first)
    first.edit(person, note="对钟")
    settle(first, second)
    assert second.person(person).note == "对钟"
    assert conflicts.count_open(first.db) == 0
    second.edit(person, note="错钟再改")
    settle(second, first)
    assert first.person(person).note == "错钟再改"


def test_a_clock_that_was_set_right_leaves_no_stamp_from_the_future(first, server):
    first.clock.move(days=YEAR)
    first.add("王小明")
    first.sync()
    first.clock.move(days=-YEAR)
    first.sync()
    assert first.db.scalar("SELECT floor FROM sync_ctx") <= (first.clock.ms() + 6 * 60_000) << 16
    assert server.rows("select max(sync_ts) from record")[0][0] <= (server.clock.ms() + 6 * 60_000) << 16


# ------------------------------------------------------------------------------------------- restored, cloned, revoked


def test_a_server_restored_from_an_older_backup_gets_everything_back_without_a_conflict(first, second, server):
    old = first.add("王小明", note="甲")
    settle(first, second)
    copy = server.keep_copy()
    new = first.add("李小红")
    first.edit(old, note="乙")
    gone = second.add("赵小刚")
    settle(first, second)
    second.delete(gone)
    settle(first, second)
    server.restore(copy)
    settle(first, second)
    for desk in (first, second):
        assert (desk.person(old).note, desk.person(new).name, desk.person(gone)) == ("乙", "李小红", None)
        assert conflicts.count_open(desk.db) == 0
    assert first.replica() == second.replica()


def test_a_new_empty_server_is_filled_by_the_desks(first, second, server):
    empty = server.keep_copy()
    person = first.add("王小明")
    settle(first, second)
    server.restore(empty)
    for desk in (first, second):
        desk.sync()
    assert second.person(person).name == "王小明"
    assert server.rows("select count(*) from record where tbl='person'") == [(1,)]


def test_a_clone_is_told_apart_at_its_first_sync_and_both_keep_their_work(first, server, tmp_path):
    first.add("王小明")
    first.sync()
    twin = clone(first, tmp_path / "twin", server)
    mine, theirs = first.add("李小红"), twin.add("赵小刚")
    first.sync()
    assert twin.sync().identities == 1
    first.sync()
    assert first.state().device != twin.state().device
    assert first.person(theirs).name == "赵小刚"
    assert twin.person(mine).name == "李小红"
    twin.app.close()


def test_a_clone_made_in_the_middle_of_an_exchange_is_told_apart(first, server, tmp_path):
    """Both hold the same frozen batch and the same nonce: the batch counts once, then their ways part."""
    first.sync()
    person = first.add("王小明")
    twins = []
    first.line.before = lambda *_: twins or twins.append(clone(first, tmp_path / "twin", server))
    first.sync()
    (twin,) = twins
    for desk in (twin, first, twin):
        desk.sync()
    assert first.state().device != twin.state().device
    assert twin.person(person).name == "王小明"
    assert server.rows("select count(*) from record where tbl='person'") == [(1,)]
    twin.app.close()


def test_a_revoked_desk_is_refused_with_words_and_keeps_its_data(first, server):
    from central_server import devices

    first.sync()
    person = first.add("王小明")
    with server.storage.writing() as session:
        devices.revoke(session, first.state().scope, first.state().device, server.clock.ms())
    with pytest.raises(AppError, match="停用"):
        first.sync()
    assert first.person(person) is not None
    assert status(first.db).waiting == 1


def test_a_desk_can_be_enrolled_again_and_loses_nothing(first, second, server):
    from central_server import devices

    person = first.add("王小明")
    first.sync()
    first.edit(person, note="还没上报")
    with server.storage.writing() as session:
        devices.revoke(session, first.state().scope, first.state().device, server.clock.ms())
    first.enrol("一号机（重装）")
    settle(first, second)
    assert second.person(person).note == "还没上报"
    assert conflicts.count_open(first.db) == 0


# ---------------------------------------------------------------------------------------------- other program versions


def push_from_elsewhere(second: Desk, table: str, record_id: str, values: dict) -> None:
    """What a desk with a newer program would push."""
    from desktop_app.sync import state
    from desktop_app.sync.enrol import client_for
    from desktop_app.sync.wire import CODEC
    from sync_protocol.messages import Batch, Change, Pull

    now = second.state()
    change = Change(table, record_id, "i", 0, {}, second.clock.ms() << 16, None, values)
    batch = Batch(now.scope, now.device, now.batch_no + 1, now.prev, now.place, [change])
    client = client_for(now, second.app.secrets, second.line)
    client.sync(Pull(now.place, (now.nonces[0], state.new_nonce())), CODEC.pack(batch.to_wire()))


def test_an_unknown_table_is_parked_and_offered_again_after_a_restore(first, second, server):
    settle(first, second)
    copy = server.keep_copy()
    push_from_elsewhere(second, "spaceship", "s1", {"name": "一号", "crew": 3})
    first.sync()
    assert first.db.rows("SELECT tbl,pk FROM sync_parked") == [("spaceship", "s1")]
    server.restore(copy)
    first.sync()
    assert server.rows("select tbl,id,fields from record where tbl='spaceship'") == [
        ("spaceship", "s1", '{"name":"一号","crew":3}')
    ]


def test_an_unknown_field_is_kept_and_travels_on(first, second, server):
    settle(first, second)
    values = {"name": "王小明", "phones": "", "source": "手工", "shoe_size": 42}
    push_from_elsewhere(second, "person", "p1", values)
    first.sync()
    assert first.person("p1").name == "王小明"
    assert orjson.loads(first.db.scalar("SELECT sync_ext FROM person WHERE id='p1'")) == {"shoe_size": 42}
    first.edit("p1", note="甲")
    first.sync()
    fields = orjson.loads(server.rows("select fields from record where id='p1'")[0][0])
    assert (fields["shoe_size"], fields["note"]) == (42, "甲")


def test_after_an_upgrade_a_waiting_field_finds_its_column(first, second):
    settle(first, second)
    push_from_elsewhere(second, "person", "p1", {"name": "王小明", "phones": "", "source": ""})
    first.sync()
    with first.db.applying() as tx:
        tx.execute("""UPDATE person SET sync_ext='{"occupation":"木工","shoe_size":42}' WHERE id='p1'""")
        tx.set_setting(replay.SEEN, "an older program")
    first.sync()
    assert first.person("p1").occupation == "木工"
    assert first.db.scalar("SELECT sync_ext FROM person WHERE id='p1'") == '{"shoe_size":42}'


# --------------------------------------------------------------------------------------------- records at fault


def test_a_record_the_server_does_not_take_stops_no_other_and_is_shown(first, second):
    bad, good = first.add_too_long("王小明", "长" * 200_000), first.add("李小红")
    report = first.sync()
    second.sync()
    assert second.person(good).name == "李小红"
    assert second.person(bad) is None
    assert first.person(bad) is not None
    (words,) = report.problems
    assert "没有接受（内容太长：“备注”有 200,000 字，一条记录最多约 87,000 字）" in words
    assert "缩短后会再次上报" in words
    assert [one.words for one in refused.listed(first.db)] == [refused.reason(first.db, "person", bad)]
    assert row_state(first.db, "person", bad) is RowState.REFUSED
    first.edit(bad, note="短")
    first.sync()
    second.sync()
    assert second.person(bad).note == "短"
    assert row_state(first.db, "person", bad) is RowState.SYNCED


def test_a_record_bigger_than_a_batch_may_be_is_set_aside_and_the_others_go_on(first, second):
    bad, good = first.add_too_long("王小明", "长" * 3_000_000), first.add("李小红")
    report = first.sync()
    assert any("“备注”有 3,000,000 字" in words for words in report.problems)
    assert row_state(first.db, "person", bad) is RowState.REFUSED
    later = first.add("张小华")
    first.sync()
    second.sync()
    assert {good, later} <= second.people().keys()
    assert bad not in second.people()


def test_a_replica_that_went_wrong_is_found_by_the_digest_and_repaired(first, second):
    person = first.add("王小明")
    settle(first, second)
    with second.db.applying(purge=True) as tx:
        tx.execute("DELETE FROM person WHERE id=?", (person,))
    second.sync(recount=True)
    assert second.person(person).name == "王小明"
    assert first.replica() == second.replica()


def test_a_wrong_code_is_refused_at_the_field_where_it_was_typed(make_desk, server):
    desk = make_desk("三号机", enrolled=False)
    server.code = lambda: "A" * enrolment.CODE_LENGTH
    with pytest.raises(AppError, match="接入码") as caught:
        desk.enrol()
    assert caught.value.field == "code"
    assert not desk.state().enrolled
