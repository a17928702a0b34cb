"""The exchange by USB stick: lost, late, twice, out of order, damaged, of somebody else, and also over the network."""

import errno
import os
from pathlib import Path

import pytest

from central_server import bundles, devices, history, regrouping
from central_server import fuse as server_fuse
from central_server.bundles import BundleError
from central_server.keys import server_keys
from desktop_app.shared.errors import AppError, CorruptError, FuseError
from desktop_app.store.problems import speaking
from desktop_app.sync import bundle, conflicts, outbox, rebase, state, stick
from desktop_app.sync.carried import ROWS
from desktop_app.sync.status import RowState, row_state, status
from tests.sync.desks import SCOPE, Desk, clone, lost
from tests.sync.sticks import Stick


@pytest.fixture
def usb(tmp_path, server) -> Stick:
    return Stick(tmp_path / "usb", server)


def settle(*desks: Desk) -> None:
    for _ in range(2):
        for desk in desks:
            desk.sync()


def in_flight(desk: Desk) -> int:
    with desk.db.applying() as tx:
        return len(outbox.in_flight(tx))


def cut_off(desk: Desk) -> None:
    desk.line.before = lost


# ------------------------------------------------------------------------------------------------------------ it works


def test_what_two_desks_without_a_network_carry_to_the_server_and_back_makes_them_equal(first, second, usb):
    for desk in (first, second):
        cut_off(desk)
    person = first.add("王小明", phones="13900000001")
    usb.carry(first)
    report = usb.carry(second)
    assert second.person(person).phones == "13900000001"
    assert report.pulled >= 1
    second.edit(person, note="乙")
    usb.carry(second)
    usb.carry(first)
    assert first.person(person).note == "乙"
    assert first.replica() == second.replica()
    assert [desk.state().digest for desk in (first, second)] == [first.state().digest] * 2


def test_a_stick_sync_and_one_over_the_network_come_to_the_same_end(first, second, usb):
    person = first.add("王小明", note="甲")
    usb.carry(first)
    second.sync()
    second.edit(person, note="乙")
    second.sync()
    first.sync()
    assert first.person(person).note == "乙"
    assert first.replica() == second.replica()


def test_the_records_show_where_they_are_while_the_stick_is_under_way(first, usb):
    person = first.add("王小明")
    up = usb.export(first)
    assert row_state(first.db, "person", person) is RowState.SENDING
    usb.import_(first, usb.answer(up))
    assert row_state(first.db, "person", person) is RowState.SYNCED
    assert status(first.db).days_without == 0
    assert status(first.db).waiting == 0


def test_many_changes_go_in_several_batches_of_one_file(first, second, usb):
    settle(first, second)
    with first.db.applying() as tx:
        tx.set_setting(ROWS, "3")
    people = [first.add(f"居民{number}") for number in range(10)]
    told = []
    done = usb.exported(first, progress=lambda one, total: told.append((one, total)))
    assert (done.batches, done.rows, done.waiting) == (4, 10, 0)
    assert told == [(3, 10), (6, 10), (9, 10), (10, 10)]
    report = usb.import_(first, usb.answer(Path(done.file)))
    assert (report.pushed, report.problems) == (10, [])
    settle(second, first)
    assert set(people) <= second.people().keys()
    assert first.replica() == second.replica()


def test_an_export_with_nothing_to_say_still_brings_home_what_is_new(first, second, usb):
    settle(first, second)
    person = second.add("王小明")
    second.sync()
    usb.carry(first)
    assert first.person(person).name == "王小明"


def test_what_is_edited_while_the_stick_is_under_way_goes_with_the_next_one(first, second, usb):
    settle(first, second)
    person = first.add("王小明", note="甲")
    up = usb.export(first)
    first.edit(person, note="乙")
    later = usb.exported(first)
    assert (later.batches, later.waiting) == (1, 1)
    usb.import_(first, usb.answer(up))
    usb.carry(first)
    second.sync()
    assert second.person(person).note == "乙"
    assert conflicts.count_open(first.db) == 0


# ----------------------------------------------------------------------------------------- lost, twice, out of order


def test_a_file_that_was_lost_costs_nothing_because_the_next_one_has_its_batches_again(first, second, usb):
    people = [first.add("王小明")]
    usb.export(first)
    people.append(first.add("李小红"))
    done = usb.exported(first)
    assert done.batches == 2
    usb.import_(first, usb.answer(Path(done.file)))
    second.sync()
    assert set(people) <= second.people().keys()
    assert in_flight(first) == 0


def test_an_answer_that_was_lost_is_given_again_for_every_batch(first, second, usb, server):
    with first.db.applying() as tx:
        tx.set_setting(ROWS, "1")
    people = [first.add("王小明"), first.add("李小红")]
    usb.answer(usb.export(first))
    before = server.rows("select count(*) from record")
    people.append(first.add("赵小刚"))
    report = usb.carry(first)
    assert (report.problems, report.identities, in_flight(first)) == ([], 0, 0)
    assert server.rows("select count(*) from record")[0][0] == before[0][0] + 1
    second.sync()
    assert set(people) <= second.people().keys()


def test_the_same_file_twice_at_the_server_and_the_same_answer_twice_at_the_desk_change_nothing(first, usb, server):
    person = first.add("王小明")
    up = usb.export(first)
    down, again = usb.answer(up), usb.answer(up)
    usb.import_(first, down)
    here, there = first.replica(), server.rows("select tbl,id,sync_seq from record order by 1,2")
    for file in (down, again, usb.answer(up)):
        assert usb.import_(first, file).problems == []
    assert first.replica() == here
    assert server.rows("select tbl,id,sync_seq from record order by 1,2") == there
    assert first.person(person).name == "王小明"


def test_answers_out_of_order_are_taken_as_far_as_they_follow_and_nothing_is_lost(first, second, usb):
    settle(first, second)
    person = first.add("王小明")
    down1 = usb.answer(usb.export(first))
    second.add("李小红")
    second.sync()
    other = first.add("赵小刚")
    down2 = usb.answer(usb.export(first))
    usb.import_(first, down2)
    usb.import_(first, down1)
    settle(second, first)
    assert {person, other} <= second.people().keys()
    assert first.replica() == second.replica()


def test_an_older_answer_settles_its_batches_but_its_pages_wait_for_the_newer_batch(first, second, usb):
    settle(first, second)
    first.add("王小明")
    down = usb.answer(usb.export(first))
    other = second.add("李小红")
    second.sync()
    first.add("赵小刚")
    usb.export(first)
    report = usb.import_(first, down)
    assert (report.pushed, in_flight(first)) == (1, 1)
    assert "路上" in report.problems[0]
    usb.carry(first)
    assert first.person(other).name == "李小红"
    settle(second, first)
    assert first.replica() == second.replica()


def test_an_old_file_that_arrives_after_newer_ones_is_answered_as_already_taken(first, second, usb):
    first.add("王小明")
    old = usb.export(first)
    for name in ("李小红", "赵小刚"):
        first.add(name)
        usb.carry(first)
    report = usb.import_(first, usb.answer(old))
    assert (report.problems, report.identities) == ([], 0)
    settle(second, first)
    assert first.replica() == second.replica()


# ------------------------------------------------------------------------------------------------ and over the network


def test_what_came_over_the_network_first_is_old_news_on_the_stick(first, second, usb):
    with first.db.applying() as tx:
        tx.set_setting(ROWS, "1")
    people = [first.add("王小明"), first.add("李小红"), first.add("赵小刚")]
    up = usb.export(first)
    assert first.sync().identities == 0
    report = usb.import_(first, usb.answer(up))
    assert (report.problems, report.identities) == ([], 0)
    settle(second, first)
    assert set(people) <= second.people().keys()
    assert first.replica() == second.replica()


def test_what_came_on_the_stick_first_is_old_news_over_the_network(first, second, usb):
    with first.db.applying() as tx:
        tx.set_setting(ROWS, "1")
    people = [first.add("王小明"), first.add("李小红"), first.add("赵小刚")]
    down = usb.answer(usb.export(first))
    report = first.sync()
    assert (report.identities, in_flight(first)) == (0, 0)
    assert report.pushed >= 3
    assert usb.import_(first, down).problems == []
    settle(second, first)
    assert set(people) <= second.people().keys()
    assert first.replica() == second.replica()


def test_a_network_that_goes_away_halfway_leaves_the_rest_to_the_stick(first, second, usb):
    first.sync()
    with first.db.applying() as tx:
        tx.set_setting(ROWS, "1")
    people = [first.add(f"居民{number}") for number in range(5)]
    up = usb.export(first)
    passed = []

    def twice(*_):
        passed.append(1)
        if len(passed) > 2:
            lost()

    first.line.before = twice
    with pytest.raises(AppError):
        first.sync()
    assert in_flight(first) == 3
    report = usb.import_(first, usb.answer(up))
    assert (report.problems, report.identities, in_flight(first)) == ([], 0, 0)
    first.line.heal()
    settle(first, second)
    assert set(people) <= second.people().keys()
    assert first.replica() == second.replica()


def test_pages_are_not_stored_over_batches_that_are_still_in_flight(first, second, usb):
    """R1, with several batches: a page must not hide what the next batch says."""
    person = first.add("王小明", phones="1", note="甲")
    settle(first, second)
    second.edit(person, note="乙")
    second.sync()
    with first.db.applying() as tx:
        tx.set_setting(ROWS, "1")
    first.add("李小红")
    first.edit(person, phones="2")
    usb.export(first)
    seen = []
    first.line.before = lambda *_: seen.append((first.person(person).phones, first.person(person).note))
    first.sync()
    assert seen[:2] == [("2", "甲"), ("2", "甲")]
    assert (first.person(person).phones, first.person(person).note) == ("2", "乙")
    second.sync()
    assert first.replica() == second.replica()


# -------------------------------------------------------------------------------------------------- damaged, not ours


def test_a_file_that_was_changed_or_cut_off_is_refused_on_both_sides_and_changes_nothing(first, usb, server):
    first.add("王小明")
    up = usb.export(first)
    down = usb.answer(up)
    whole, before = up.read_bytes(), first.replica()
    for spoiled in (whole[:-1], whole[:200], whole[:-100] + bytes([whole[-100] ^ 1]) + whole[-99:], b"PK\x03\x04", b""):
        with pytest.raises(BundleError, match=r"没有拷贝完整|已损坏"):
            bundles.answer(server.central, server.central.keys, spoiled)
    whole = down.read_bytes()
    for spoiled in (whole[:-1], whole[:200], whole[:-100] + bytes([whole[-100] ^ 1]) + whole[-99:], b"PK\x03\x04", b""):
        down.write_bytes(spoiled)
        with pytest.raises(CorruptError):
            usb.import_(first, down)
    assert first.replica() == before


def test_a_file_for_another_desk_another_server_or_the_other_way_is_named_as_such(first, second, usb, server, tmp_path):
    first.add("王小明")
    up = usb.export(first)
    down = usb.answer(up)
    with pytest.raises(AppError, match="另一台电脑"):
        usb.import_(second, down)
    with pytest.raises(AppError, match="要带到服务器去"):
        usb.import_(first, up)
    with pytest.raises(BundleError, match="不是电脑导出的"):
        usb.answer(down)
    with pytest.raises(BundleError, match="另一台服务器"):
        bundles.answer(server.central, server_keys(tmp_path / "elsewhere"), up.read_bytes())
    starter, _ = bundles.starter(server.central, SCOPE, "三号机")
    down.write_bytes(starter)
    with pytest.raises(AppError, match="启动文件"):
        usb.import_(first, down)


def test_an_answer_that_another_server_signed_is_not_believed(first, usb, server, tmp_path):
    first.add("王小明")
    up = usb.export(first)
    ours, theirs = server.central.keys, server_keys(tmp_path / "elsewhere")
    forged = type(ours)(theirs.sign, ours.seal)
    down = usb.new("forged")
    down.write_bytes(bundles.answer(server.central, forged, up.read_bytes()))
    with pytest.raises(CorruptError, match="不是本机接入的服务器"):
        usb.import_(first, down)


def test_a_file_nobody_can_read_on_the_way(first, usb):
    first.add("王小明", phones="13900000001")
    up = usb.export(first)
    down = usb.answer(up)
    for file in (up, down):
        assert "王小明".encode() not in file.read_bytes()
        assert b"13900000001" not in file.read_bytes()


def test_a_desk_that_was_shut_out_or_is_unknown_gets_no_answer(first, usb, server):
    up = usb.export(first)
    with server.storage.writing() as session:
        devices.revoke(session, first.state().scope, first.state().device, server.clock.ms())
    with pytest.raises(BundleError, match="停用"):
        usb.answer(up)
    with server.storage.writing() as session:
        session.run("delete from device where scope_id=?", SCOPE)
    with pytest.raises(BundleError, match="不认识"):
        usb.answer(up)


def test_the_answer_to_a_very_early_export_cannot_be_opened_any_more_and_says_so(first, usb):
    first.add("王小明")
    down = usb.answer(usb.export(first))
    for _ in range(bundle.KEYS_KEPT):
        usb.export(first)
    with pytest.raises(AppError, match="很早的导出"):
        usb.import_(first, down)
    usb.carry(first)
    assert in_flight(first) == 0


def test_a_desk_that_was_never_online_is_told_to_join_first(make_desk, usb):
    desk = make_desk("新机", enrolled=False)
    with pytest.raises(AppError, match="还没有接入"):
        usb.export(desk)
    assert list(usb.folder.iterdir()) == []


# --------------------------------------------------------------------------------------- restored, cloned, too old


def test_a_server_restored_from_a_backup_gets_everything_back_by_stick_alone(first, second, usb, server):
    first.add("王小明", note="甲")
    settle(first, second)
    copy = server.keep_copy()
    lost_there = first.add("李小红")
    settle(first, second)
    server.restore(copy)
    for desk in (first, second):
        cut_off(desk)
    report = usb.carry(first)
    assert report.identities == 1
    assert "备份恢复" in report.problems[0]
    for desk in (first, second, second, first, second):
        usb.carry(desk)
    assert second.person(lost_there).name == "李小红"
    assert first.replica() == second.replica()
    assert conflicts.count_open(first.db) == 0


def test_of_two_desks_from_one_disk_image_the_later_takes_a_new_identity_by_stick(first, usb, server, tmp_path):
    first.add("王小明")
    first.sync()
    twin = clone(first, tmp_path / "twin", server)
    mine, theirs = first.add("李小红"), twin.add("赵小刚")
    usb.carry(first)
    report = usb.carry(twin)
    assert report.identities == 1
    assert twin.state().device != first.state().device
    for desk in (twin, first):
        usb.carry(desk)
    assert {mine, theirs} <= first.people().keys()
    assert first.replica() == twin.replica()
    twin.app.close()


def test_the_same_refusal_imported_twice_gives_one_identity(first, usb, server, tmp_path):
    first.sync()
    twin = clone(first, tmp_path / "twin", server)
    first.add("李小红")
    twin.add("赵小刚")
    usb.carry(first)
    up = usb.export(twin)
    down, again = usb.answer(up), usb.answer(up)
    usb.import_(twin, down)
    assert server.rows("select count(*) from device")[0][0] == 2
    with pytest.raises(AppError, match="以前的身份"):
        usb.import_(twin, again)
    twin.app.close()


def test_a_desk_whose_answers_the_server_has_forgotten_takes_a_new_identity(first, second, usb, server):
    with first.db.applying() as tx:
        tx.set_setting(ROWS, "1")
    people = [first.add("王小明"), first.add("李小红")]
    usb.answer(usb.export(first))
    with server.storage.writing() as session:
        session.run("delete from carried where scope_id=?", SCOPE)
    report = usb.carry(first)
    assert "回执" in report.problems[0]
    assert report.identities == 0
    assert usb.carry(first).identities == 1
    usb.carry(first)
    settle(second, first)
    assert set(people) <= second.people().keys()
    assert first.replica() == second.replica()
    assert conflicts.count_open(first.db) == 0


def test_a_unit_that_was_merged_takes_the_batches_and_tells_the_desk_where_it_belongs(first, usb, server):
    person = first.add("王小明")
    first.sync()
    with server.storage.writing() as session:
        history.open_unit(session, SCOPE + 1, "江北社区", server.clock.ms())
    late = first.add("李小红")
    up = usb.export(first)
    regrouping.merge(server.storage, SCOPE, SCOPE + 1, server.clock.ms())
    report = usb.import_(first, usb.answer(up))
    assert first.state().scope == SCOPE + 1
    assert any("并入" in words for words in report.problems)
    usb.carry(first)
    assert {person, late} <= first.people().keys()
    assert first.people().keys() == {
        row[0] for row in server.rows("select id from record where scope_id=? and tbl='person'", SCOPE + 1)
    }


# ------------------------------------------------------------------------------------------------------- many deletions


def test_many_deletions_are_asked_about_before_an_export_and_before_an_import(first, second, usb):
    people = [first.add(f"居民{number}") for number in range(60)]
    settle(first, second)
    for person in people:
        first.delete(person)
    with pytest.raises(FuseError):
        usb.export(first)
    usb.import_(first, usb.answer(usb.export(first, sure=True)))
    down = usb.answer(usb.export(second))
    with pytest.raises(FuseError):
        usb.import_(second, down)
    assert second.people().keys() >= set(people)
    usb.import_(second, down, sure=True)
    assert not second.people().keys() & set(people)
    assert first.replica() == second.replica()


def test_deletions_the_server_stops_go_with_the_next_file_once_they_are_confirmed(first, second, usb, monkeypatch):
    person = first.add("王小明")
    settle(first, second)
    first.delete(person)
    up = usb.export(first)
    with monkeypatch.context() as patch:
        patch.setattr(server_fuse, "SOME", 0)
        down = usb.answer(up)
    with pytest.raises(FuseError):
        usb.import_(first, down)
    report = usb.import_(first, down, sure=True)
    assert "已确认" in report.problems[0]
    usb.carry(first)
    second.sync()
    assert second.person(person) is None


# ------------------------------------------------------------------------------------------------------------ the stick


def test_a_stick_that_is_full_or_gone_leaves_no_file_and_says_so(first, usb, monkeypatch):
    first.add("王小明")
    for number, words in ((errno.ENOSPC, "U盘满了"), (errno.EROFS, "写保护"), (errno.EIO, "找不到U盘")):

        def fails(path, data, number=number):
            path.write_bytes(data[: len(data) // 2])
            raise OSError(number, os.strerror(number))

        with monkeypatch.context() as patch, pytest.raises(AppError, match=words):
            patch.setattr(stick, "_write_through", fails)
            usb.export(first)
        assert list(usb.folder.iterdir()) == []
    with pytest.raises(AppError, match="找不到U盘"):
        bundle.export(first.db, first.app.secrets, usb.folder / "gone" / "x.linli")
    with pytest.raises(AppError, match="找不到U盘"):
        usb.import_(first, usb.folder / "nothing.linli")
    usb.carry(first)
    assert in_flight(first) == 0


def test_an_export_that_is_stopped_leaves_no_file_and_goes_on_next_time(first, usb):
    with first.db.applying() as tx:
        tx.set_setting(ROWS, "1")
    first.add("王小明")
    first.add("李小红")

    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        usb.export(first, progress=stop)
    assert list(usb.folder.iterdir()) == []
    usb.carry(first)
    assert (in_flight(first), status(first.db).waiting) == (0, 0)


def test_an_import_that_is_stopped_goes_on_next_time(first, second, usb):
    with first.db.applying() as tx:
        tx.set_setting(ROWS, "1")
    first.add("王小明")
    first.add("李小红")
    down = usb.answer(usb.export(first))

    def stop(done, _total):
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        usb.import_(first, down, progress=stop)
    assert in_flight(first) > 0
    report = usb.import_(first, down)
    assert (in_flight(first), report.problems) == (0, [])
    settle(second, first)
    assert first.replica() == second.replica()


def test_an_answer_that_does_not_hold_everything_says_so_and_the_next_goes_on(first, second, usb, monkeypatch):
    settle(first, second)
    for number in range(5):
        second.add(f"居民{number}")
        second.sync()
    with monkeypatch.context() as patch:
        patch.setattr(bundles, "MOST_DOWN", 1)
        patch.setattr(bundles, "PAGE_ROWS", 2)
        report = usb.carry(first)
    assert "没有装进" in report.problems[0]
    assert usb.carry(first).problems == []
    assert first.replica() == second.replica()


def test_words_for_the_disk_of_this_machine_are_not_those_of_a_stick(first):
    with pytest.raises(AppError, match="磁盘满了"), speaking():
        raise OSError(errno.ENOSPC, "full")
    assert first.db.setting(rebase.RENEW) is None


def test_a_desk_that_dies_while_it_takes_a_new_identity_takes_it_with_the_same_file(first, usb, server, tmp_path):
    first.sync()
    twin = clone(first, tmp_path / "twin", server)
    first.add("李小红")
    twin.add("赵小刚")
    usb.carry(first)
    down = usb.answer(usb.export(twin))

    def dies(*_):
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(rebase, "rekey", dies)
        usb.import_(twin, down)
    assert usb.import_(twin, down).identities == 1
    assert usb.carry(twin).problems == []
    assert twin.sync().identities == 0
    twin.app.close()


def test_an_answer_that_begins_behind_a_gap_is_not_taken_in(first, second, usb):
    """Its pages go on where another file ended that never arrived here: what lies between would be missing for ever."""
    first.add("王小明")
    settle(first)
    settle(second)
    first.add("李小红")
    settle(first)
    asked = usb.export(second)
    before = second.state()
    later = usb.answer(asked)
    with second.db.applying() as tx:  # as an older copy of the disk stands, with the keys of today
        state.save(tx, cur=0, mark_seq=0, mark="", push_seq=0, push_mark="")
    report = usb.import_(second, later)
    assert "缺了一段" in "".join(report.problems)
    assert (second.state().cur, report.pulled) == (0, 0)
    assert before.cur > 0
    settle(second)
    assert len(second.people()) == 2
