"""The inbox of clashes by keyboard: keep, swap, both, a third value; one or many; every kind; settled ones; export."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.points.model import PointsAccount, PointsEntry
from desktop_app.spreadsheets import workbook
from desktop_app.store.conflict import Conflict
from desktop_app.sync import conflicts
from tests.ui.conftest import rest
from ui.main_window import MainWindow
from ui.pages.syncing import SyncingPage
from ui.pages.syncing_values import differing

MINUTE = 60_000 << 16
Clash = Callable[..., str]


@pytest.fixture
def people(town: App) -> list[str]:
    """Residents with a telephone."""
    return [row[0] for row in town.db.rows("SELECT id FROM person WHERE phones<>'' ORDER BY id LIMIT 6")]


@pytest.fixture
def clash(town: App) -> Clash:
    """Makes a clash about a field; the record has the first value."""
    made = iter(range(1, 1000))

    def make(person: str, field: str, shown: object, other: object, kind: str = "field", table: str = "person") -> str:
        at = next(made)
        with town.db.transaction(town.actor, "准备") as tx:
            if kind == "field":
                tx.execute(f"UPDATE person SET {field}=? WHERE id=?", (shown, person))
            return tx.add(
                Conflict(
                    tbl=table,
                    row_id=person,
                    field=field,
                    kind=kind,
                    win_value=json.dumps(shown),
                    lose_value=json.dumps(other),
                    win_by=town.actor.id,
                    win_dev=1,
                    lose_dev=2,
                    win_ts=at * MINUTE,
                    lose_ts=(at + 1) * MINUTE,
                )
            ).id

    return make


@pytest.fixture
def show(window: MainWindow, qtbot: QtBot) -> Callable[[], SyncingPage]:
    """Opens the page once the clashes are there."""

    def made() -> SyncingPage:
        window.open_page("syncing")
        page = window.tabs.page("page:syncing")
        assert isinstance(page, SyncingPage)
        rest(page, qtbot)
        page.inbox.table.setFocus()
        return page

    return made


def value(page: SyncingPage, person: str, field: str) -> object:
    return page.desk.app.db.scalar(f"SELECT {field} FROM person WHERE id=?", (person,))


def press(qtbot: QtBot, page: SyncingPage, key: Qt.Key) -> None:
    qtbot.keyClick(page.inbox.table, key)
    rest(page, qtbot)


def test_the_key_3_keeps_both_numbers(people, clash, show, qtbot):
    clash(people[0], "phones", "13800005678", "13900001111")
    page = show()
    assert "138****5678 139****1111" in page.inbox.detail.both.text()
    press(qtbot, page, Qt.Key.Key_3)
    assert value(page, people[0], "phones") == "13800005678 13900001111"
    assert page.inbox.table.lines == []
    assert [(one.chosen, one.settled_by) for one in page.settled.table.lines] == [("合并成一个值", "李静")]


def test_the_key_4_asks_for_a_third_value_and_return_takes_it(people, clash, show, qtbot):
    clash(people[0], "note", "周二上门", "周三上门")
    page = show()
    press(qtbot, page, Qt.Key.Key_4)
    field = page.inbox.detail.form.form.input("note")
    assert field.hasFocus()
    assert field.toPlainText() == "周二上门\n周三上门"
    qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(field, "1 and 2")
    qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    rest(page, qtbot)
    assert value(page, people[0], "note") == "1 and 2"
    assert page.inbox.empty.isVisible()


def test_a_third_value_that_is_not_sound_is_told_at_its_field(people, clash, show, qtbot):
    clash(people[0], "birth", "1950-01-01", "1951-01-01")
    page = show()
    press(qtbot, page, Qt.Key.Key_4)
    form = page.inbox.detail.form
    form.form.input("birth").setText("20260230")
    form.save()
    rest(page, qtbot)
    assert "不是日历上有的日期" in form.form.fault("birth")
    assert value(page, people[0], "birth") == "1950-01-01"
    qtbot.keyClick(form.form.input("birth"), Qt.Key.Key_Escape)
    assert not form.is_open
    assert page.inbox.detail.own.isVisible()


def test_choosing_holds_for_every_selected_clash_and_is_one_step_to_take_back(people, clash, show, qtbot):
    for person in people[:3]:
        clash(person, "employer", "甲厂", "乙厂")
    page = show()
    qtbot.keyClick(page.inbox.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert "选中了 3 条" in page.inbox._hint.text()
    said: list[object] = []
    page.desk.said.connect(lambda words, undo: said.extend((words, undo)))
    press(qtbot, page, Qt.Key.Key_2)
    assert {value(page, person, "employer") for person in people[:3]} == {"乙厂"}
    assert said[0] == "3 条已确认"
    said[1]()
    rest(page, qtbot)
    assert {value(page, person, "employer") for person in people[:3]} == {"甲厂"}
    assert len(page.inbox.table.lines) == 3


def test_when_the_last_one_is_settled_the_keys_stay_in_the_page_for_taking_it_back(people, clash, show, qtbot):
    clash(people[0], "employer", "甲厂", "乙厂")
    page = show()
    press(qtbot, page, Qt.Key.Key_2)
    assert page.inbox.table.lines == []
    assert page.window().focusWidget() is page.faces.buttons[0]


def test_points_used_twice_open_at_the_passbook_where_both_entries_stand(people, clash, show, town, qtbot):
    with town.db.transaction(town.actor, "准备") as tx:
        who = {"name": "王小明", "kind": "党员积分", "unit": "分"}
        payer, community = (tx.add(PointsAccount(**who)).id for _ in range(2))
        entry = tx.add(
            PointsEntry(
                kind="支出",
                from_account_id=payer,
                to_account_id=community,
                amount=60,
                at=1,
                on="2026-11-22",
                by_name="李静",
                voucher_no="积2026-1-0007",
            )
        ).id
    clash(entry, "", None, None, kind="overdraft", table="points_entry")
    page = show()
    asked: list[tuple[str, object]] = []
    page.desk.page_asked.connect(lambda key, what: asked.append((key, what)))
    assert "积2026-1-0007" in page.inbox.detail.clash.words
    press(qtbot, page, Qt.Key.Key_Return)
    assert asked == [("points", f"points_account:{payer}")]


def test_what_changed_since_stays_open_and_is_told(people, clash, show, qtbot):
    for person in people[:2]:
        clash(person, "employer", "甲厂", "乙厂")
    page = show()
    with page.desk.app.db.transaction(page.desk.app.actor, "修改") as tx:
        tx.execute("UPDATE person SET employer='丙厂' WHERE id=?", (people[0],))
    qtbot.keyClick(page.inbox.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    said: list[str] = []
    page.desk.said.connect(lambda words, _undo: said.append(words))
    press(qtbot, page, Qt.Key.Key_2)
    assert said[0].startswith("1 条已确认；居民的工作单位后来又改过")
    assert value(page, people[0], "employer") == "丙厂"
    assert [one.record_id for one in page.inbox.table.lines] == [people[0]]


def test_looking_at_a_whole_number_is_kept_in_the_log_of_looks(people, clash, show, qtbot):
    clash(people[0], "phones", "13800005678", "13900001111")
    page = show()
    page.inbox.detail.second.secret.eye.setFocus()
    qtbot.keyClick(page.inbox.detail.second.secret.eye, Qt.Key.Key_Space)
    rest(page, qtbot)
    assert page.inbox.detail.second.secret.text.text() == "13900001111"
    words = page.desk.app.db.rows("SELECT what FROM journal_action ORDER BY no DESC LIMIT 1")[0][0]
    assert words.startswith("查看完整联系电话：居民")


def test_the_list_can_be_narrowed_and_sorted(people, clash, show, qtbot):
    clash(people[0], "employer", "甲厂", "乙厂")
    clash(people[1], "note", "甲", "乙")
    clash(people[2], "", None, None, kind="delete_edit")
    page = show()
    page.inbox.bar.chips["kind"].choose(["delete_edit"])
    page.inbox.bar.chips["kind"].changed.emit()
    assert [one.kind for one in page.inbox.table.lines] == ["delete_edit"]
    page.inbox.bar.clear()
    qtbot.keyClick(page.inbox.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    page.inbox.bar.search.setText("备注")
    qtbot.waitUntil(lambda: [one.field_zh for one in page.inbox.table.lines] == ["备注"])
    page.inbox.bar.clear()
    page.inbox.table.horizontalHeader().sectionClicked.emit(1)
    assert [one.field_zh for one in page.inbox.table.lines] == ["", "备注", "工作单位"]


@pytest.mark.parametrize("kind", ["state", "overdraft", "moved", "dup_identity", "quarantine", "undelete", "newer_one"])
def test_every_kind_of_clash_can_be_read_and_settled_and_none_crashes(people, clash, show, qtbot, kind):
    clash(people[0], "" if kind == "undelete" else "phones", "1", {"note": "x", "phones": "13900001111"}, kind=kind)
    clash("ab" * 16, "state", "办结", "转派", kind=kind, table="appeal")
    page = show()
    for line in page.inbox.table.lines:
        page.inbox.table.point_at(page.inbox.table.lines.index(line))
        assert page.inbox.detail._words.text()
        assert page.inbox.detail.first.verb.text().endswith("（1）")
        assert not page.inbox.detail.own.isVisible()
        assert page.inbox.detail.open_button.isVisible() == (line.table == "person")
    qtbot.keyClick(page.inbox.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    press(qtbot, page, Qt.Key.Key_1)
    assert page.inbox.table.lines == []


def test_a_step_done_twice_names_who_took_it_at_either_desk(people, town, show):
    said = [{"kind": "办结", "by_name": name, "text": "办完了"} for name in ("李静", "任海燕")]
    with town.db.transaction(town.actor, "准备") as tx:
        won, lost = (json.dumps(one) for one in said)
        tx.add(Conflict(tbl="appeal_event", row_id="ab" * 16, field="", kind="state", win_value=won, lose_value=lost))
    (line,) = show().inbox.table.lines
    assert (line.ours.by, line.theirs.by) == ("李静", "任海燕")


def test_deleting_after_all_is_the_second_choice_of_a_deletion_that_lost(people, clash, show, qtbot):
    clash(people[0], "", None, None, kind="delete_edit")
    page = show()
    assert page.inbox.detail.second.verb.text() == "删除记录（2）"
    press(qtbot, page, Qt.Key.Key_2)
    assert value(page, people[0], "sync_del") == 1


def test_what_was_there_before_both_is_shown_when_the_server_told(people, clash, show):
    one = clash(people[0], "phones", "13800005678", "13900001111")
    page = show()
    assert not page.inbox.detail.base.isVisible()
    with page.desk.app.db.transaction(page.desk.app.actor, "准备") as tx:
        tx.change(Conflict, one, base_value='"13700000000"')
    shown = show()
    assert shown.inbox.detail.base.isVisible()
    assert shown.inbox.detail.base_secret.text.text() == "137****0000"


def test_return_opens_the_record_the_clash_is_about(people, clash, show, qtbot, window):
    clash(people[0], "note", "甲", "乙")
    page = show()
    qtbot.keyClick(page.inbox.table, Qt.Key.Key_Return)
    assert window.tabs.page(f"person:{people[0]}") is not None


def test_what_was_settled_is_listed_and_can_be_asked_again(people, clash, show, qtbot):
    one = clash(people[0], "employer", "甲厂", "乙厂")
    page = show()
    press(qtbot, page, Qt.Key.Key_2)
    page.faces.choose(2)
    assert [(line.chosen, line.settled_by) for line in page.settled.table.lines] == [("改用另一个值", "李静")]
    assert page.settled.detail.first.verb.isHidden()
    page.settled.again.setFocus()
    qtbot.keyClick(page.settled.again, Qt.Key.Key_Space)
    rest(page, qtbot)
    (again,) = conflicts.open_conflicts(page.desk.app.db)
    assert (again.id, again.shown.value, again.other.value) == (one, "乙厂", "甲厂")


def test_the_list_is_exported_with_masked_numbers(people, clash, show, qtbot, tmp_path: Path):
    clash(people[0], "phones", "13800005678", "13900001111")
    page = show()
    page.inbox.export_to(tmp_path / "冲突.xlsx")
    rest(page, qtbot)
    cells = workbook.read(tmp_path / "冲突.xlsx").sheets[0].rows[1]
    assert "138****5678" in cells
    assert "13800005678" not in cells
    assert "待确认" in cells


def test_a_record_asked_for_from_its_page_comes_under_the_cursor(people, clash, show, qtbot, window):
    clash(people[0], "note", "甲", "乙")
    clash(people[1], "note", "甲", "乙")
    page = show()
    for person in people[:2]:
        window.open_page("syncing", ("person", person))
        rest(page, qtbot)
        assert page.inbox.table.current.record_id == person


def test_only_what_differs_in_a_longer_text_is_marked():
    assert differing("每周二上门，腿脚不便", "每周三上门，腿脚不便") == "每周<u><b>二</b></u>上门，腿脚不便"
    assert differing("<b>甲乙丙丁戊己", "庚辛壬癸子丑寅卯") == "&lt;b&gt;甲乙丙丁戊己"


def test_selecting_with_shift_and_the_newer_button_take_the_newer_of_each(people, clash, show, qtbot):
    for person in people[:3]:
        clash(person, "employer", "旧", "新")
    page = show()
    rows = QItemSelectionModel.SelectionFlag.Rows | QItemSelectionModel.SelectionFlag.Select
    for at in (0, 1):
        page.inbox.table.selectionModel().select(page.inbox.table.records.index(at, 0), rows)
    qtbot.keyClick(page.inbox.table, Qt.Key.Key_N)
    rest(page, qtbot)
    assert sorted(str(value(page, person, "employer")) for person in people[:3]) == ["新", "新", "旧"]
