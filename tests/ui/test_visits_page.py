"""The visits page: who is due, a visit entered from the keyboard, and the line on the first page."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.attachments import queries as attachments
from desktop_app.sync import refused
from desktop_app.sync.status import RowState
from desktop_app.visits import actions, queries
from desktop_app.visits.model import Visit
from tests.attachments.pictures import jpeg
from tests.ui.conftest import rest
from ui.main_window import MainWindow
from ui.pages.syncing_reading import sync_facts
from ui.pages.timeline_pane import opener
from ui.pages.visit_form import VisitFormPage
from ui.pages.visits import VisitsPage
from ui.pages.whose import whose
from ui.widgets.inputs import TextBox


@pytest.fixture
def page(town: App, window: MainWindow, qtbot: QtBot) -> VisitsPage:
    """The page, with the homes of those who live alone."""
    window.open_page("visits")
    shown = window.tabs.page("page:visits")
    assert isinstance(shown, VisitsPage)
    rest(shown, qtbot)
    return shown


def test_those_who_are_due_stand_in_the_list_and_on_the_first_page(
    page: VisitsPage, town: App, window: MainWindow, qtbot: QtBot
) -> None:
    due = queries.due(town.db, "2026-11-22")
    assert due
    assert page.due.lines == due
    window.open_page("home")
    home = window.tabs.page("page:home")
    rest(home, qtbot)
    said = [button.accessibleName() or button.text() for button in home.findChildren(QPushButton)]
    assert any(words == f"该走访　{len(due)}" for words in said)


def test_a_visit_is_entered_without_the_mouse_and_the_home_is_no_longer_due(
    page: VisitsPage, town: App, qtbot: QtBot
) -> None:
    before = len(page.due.lines)
    first = page.due.lines[0]
    page.due.setFocus()
    qtbot.keyClick(page.due, Qt.Key.Key_Return)
    assert page.form.is_open
    page.form.form.input("findings").setFocus()
    page.form.form.suggest("findings", "一切平安")
    page.form.form.suggest("opinions", "修路灯\n加座椅")
    page.form.save()
    qtbot.waitUntil(lambda: len(page.due.lines) == before - 1)
    assert first.id not in {line.id for line in page.due.lines}
    (line,) = page.done.lines
    assert (line.name, line.findings, line.opinions_n) == (first.name, "一切平安", 2)


def test_a_day_to_come_is_refused_at_its_field_and_what_was_typed_stays(page: VisitsPage, qtbot: QtBot) -> None:
    page.record()
    page.form.form.suggest("findings", "写了很多")
    page.form.form.show_values({**page.form.form.values(), "on": "2026-12-24"})
    page.form.save()
    qtbot.waitUntil(page.form.verb.isEnabled)
    assert page.form.is_open
    assert page.form.form.value("findings") == "写了很多"


def test_more_words_than_fit_are_refused_at_their_field_with_the_limit_and_stay(
    page: VisitsPage, town: App, qtbot: QtBot
) -> None:
    words = "长" * 90_000
    page.record()
    page.form.form.suggest("purpose", "日常走访")
    page.form.form.suggest("findings", words)
    page.form.save()
    qtbot.waitUntil(lambda: bool(page.form.form.fault("findings")))
    assert "有 90,000 字，太长了" in page.form.form.fault("findings")
    assert "最多约 87,000 字" in page.form.form.fault("findings")
    assert page.form.form.value("findings") == words
    assert page.form.verb.isEnabled()
    assert town.db.scalar("SELECT count(*) FROM visit WHERE purpose='日常走访'") == 0


def test_in_a_low_window_the_form_scrolls_with_the_keyboard_and_no_field_is_squeezed(
    page: VisitsPage, window: MainWindow, qtbot: QtBot
) -> None:
    window.resize(1024, 460)
    qtbot.keyClick(page.due, Qt.Key.Key_V)
    qtbot.waitUntil(page.form.isVisible)
    fields = [page.form.form.input(name) for name in ("findings", "opinions", "purpose", "on", "next_due_on")]
    qtbot.waitUntil(lambda: all(one.height() > one.fontMetrics().lineSpacing() + 8 for one in fields))
    qtbot.waitUntil(fields[0].hasFocus)
    last = fields[-1]
    last.setFocus()
    qtbot.waitUntil(lambda: last.visibleRegion().boundingRect().height() == last.height())


def test_esc_gives_the_keyboard_back_to_the_list_that_is_shown(page: VisitsPage, qtbot: QtBot) -> None:
    page.faces.choose(1)
    page.record()
    qtbot.waitUntil(page.form.isVisible)
    qtbot.keyClick(page.form, Qt.Key.Key_Escape)
    assert not page.form.is_open
    assert page.first_focus().isVisible()
    assert page.first_focus().hasFocus()


@pytest.fixture
def visited(page: VisitsPage, town: App, qtbot: QtBot) -> VisitsPage:
    """The list of visits with two of them, the cursor on the first."""
    home = page.due.lines[0].id
    for findings in ("楼道堆物", "一切平安"):
        actions.record(town.db, town.actor, Visit(household_id=home, on="2026-11-21", findings=findings))
    rest(page, qtbot)
    page.faces.choose(1)
    return page


def test_photographs_of_a_visit_stand_beside_the_list_and_follow_the_cursor(
    visited: VisitsPage, town: App, qtbot: QtBot, tmp_path: Path
) -> None:
    photo = tmp_path / "楼道.jpg"
    photo.write_bytes(jpeg())
    qtbot.keyClick(visited.done, Qt.Key.Key_Return)
    assert visited.attached.isVisible()
    visited.attached.add(photo)
    rest(visited, qtbot)
    first, second = visited.done.lines
    assert [one.title for one in attachments.of(town.db, "visit", first.id)] == ["楼道"]
    assert visited.attached.list.count() == 1
    visited.done.point_at(1)
    rest(visited, qtbot)
    assert visited.attached.list.count() == 0
    assert attachments.of(town.db, "visit", second.id) == []


def test_the_files_of_a_visit_give_way_to_the_form_and_to_another_list(visited: VisitsPage, qtbot: QtBot) -> None:
    visited.toggle_files()
    visited.record()
    rest(visited, qtbot)
    assert (visited.form.isVisible(), visited.attached.isVisible()) == (True, False)
    visited.toggle_files()
    assert (visited.form.isVisible(), visited.attached.isVisible()) == (False, True)
    visited.faces.choose(0)
    assert not visited.attached.isVisible()


def test_a_visit_is_put_right_in_the_form_it_was_written_in_and_only_what_was_changed_is_saved(
    visited: VisitsPage, town: App, window: MainWindow, qtbot: QtBot
) -> None:
    first, second = visited.done.lines
    visited.done.point_at(1)
    qtbot.keyClick(visited.done, Qt.Key.Key_E)
    form = visited.form
    assert (form.form.value("findings"), form.form.value("on")) == (second.findings, "2026-11-21")
    assert (form.raised.isVisible(), form.person.isVisible(), form.is_typed) == (False, False, False)
    actions.correct(town.db, town.actor, second.id, goods="大米")  # a colleague, meanwhile
    typed = form.form.input("findings")
    assert isinstance(typed, TextBox)
    typed.setPlainText("楼道已清")
    form.save()
    qtbot.waitUntil(lambda: not form.is_open)
    rest(visited, qtbot)
    kept = town.db.get(Visit, second.id)
    assert kept is not None
    assert (kept.findings, kept.goods, visited.done.current.findings) == ("楼道已清", "大米", "楼道已清")
    assert town.db.scalar("SELECT count(*) FROM visit WHERE sync_del=0") == 2
    window.desk.undo_last()
    rest(visited, qtbot)
    assert [line.findings for line in visited.done.lines] == [first.findings, second.findings]


def test_a_correction_that_was_refused_says_so_at_its_field_and_one_that_was_left_is_gone_on_with(
    visited: VisitsPage, town: App, window: MainWindow, qtbot: QtBot
) -> None:
    line = visited.done.current
    visited.correct()
    visited.form.form.show_values({**visited.form.form.values(), "on": "2026-12-24"})
    visited.form.form.take_draft('{"on": "2026-12-25", "findings": "改到一半"}')
    visited.form.save()
    qtbot.waitUntil(visited.form.verb.isEnabled)
    assert "在今天之后" in visited.form.form.fault("on")
    qtbot.keyClick(visited.form, Qt.Key.Key_Escape)
    visited.record()  # another form takes its place, empty
    assert visited.form.form.value("findings") == ""
    window.desk.open_record("visit-form", f"visit:{line.id}")
    page = window.tabs.page(f"visit-form:visit:{line.id}")
    assert isinstance(page, VisitFormPage)
    assert page.form.form.value("findings") == "改到一半"
    actions.withdraw(town.db, town.actor, line.id, "登记重复")
    page.form.begin(whose(town.db, f"visit:{line.id}"))
    assert "已经撤销" in page.form.notice.words
    assert (page.form.verb.isEnabled(), page.form.form.value("findings")) == (False, "改到一半")


def test_a_visit_is_taken_back_with_a_reason_and_brought_again_by_an_undo(
    visited: VisitsPage, town: App, window: MainWindow, qtbot: QtBot
) -> None:
    first, second = visited.done.lines
    qtbot.keyClick(visited.done, Qt.Key.Key_X)
    assert first.name in visited.ask.title.text()
    visited.ask.save()
    assert visited.ask.form.fault("why")
    visited.ask.form.suggest("why", "登记重复")
    visited.ask.save()
    rest(visited, qtbot)
    assert [line.id for line in visited.done.lines] == [second.id]
    assert town.db.scalar("SELECT why FROM journal_action ORDER BY no DESC") == "登记重复"
    window.desk.undo_last()
    rest(visited, qtbot)
    assert [line.id for line in visited.done.lines] == [first.id, second.id]


def test_a_reason_half_typed_is_gone_on_with_about_the_same_visit(
    visited: VisitsPage, window: MainWindow, qtbot: QtBot
) -> None:
    first = visited.done.current
    visited.withdraw()
    visited.ask.form.suggest("why", "登记重")
    assert visited.unsaved() == visited.ask.title.text()
    visited.toggle_files()
    assert (visited.ask.isVisible(), visited.attached.isVisible()) == (False, True)
    (draft,) = [key for key in window.desk.drafts if key.startswith("visits/withdraw#")]
    visited.done.point_at(1)
    visited.faces.choose(0)
    window.everywhere.resume(draft)
    rest(visited, qtbot)
    assert visited.ask.form.value("why") == "登记重"
    assert visited.done.current.id == first.id
    assert (visited.ask.isVisible(), visited.attached.isVisible()) == (True, False)


def test_on_another_list_the_keys_lead_to_the_visits_and_touch_none_of_them(visited: VisitsPage, qtbot: QtBot) -> None:
    visited.faces.choose(0)
    for verb in (visited.correct, visited.withdraw):
        verb()
        assert (visited.faces.current, visited.form.is_open, visited.ask.is_open) == (1, False, False)
        visited.faces.choose(0)


def test_a_visit_of_long_ago_can_be_reached_from_a_time_line(
    visited: VisitsPage, window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.pages.visits._MOST", 1)
    last = visited.done.lines[1]
    assert opener(window.desk, "visit", last.id)
    rest(visited, qtbot)
    assert visited.done.current.id == last.id


def test_a_visit_the_server_did_not_take_is_marked_in_the_list(visited: VisitsPage, town: App) -> None:
    marks = next(column.marks for column in visited.done.records.columns if column.key == "sync")
    assert marks.mark(RowState.REFUSED, "内容太长").told.endswith("内容太长")


def test_what_the_server_refused_of_a_visit_opens_in_the_form_it_was_written_in(
    visited: VisitsPage, town: App, window: MainWindow
) -> None:
    line = visited.done.current
    with town.db.applying("准备") as tx:
        refused.note(tx, "visit", line.id, "TOO_LARGE")
    (one,) = sync_facts(town.db).refused
    assert one.opens is not None
    window.desk.open_record(*one.opens)
    page = window.tabs.page(":".join(one.opens))
    assert isinstance(page, VisitFormPage)
    assert page.form.form.value("findings") == line.findings
