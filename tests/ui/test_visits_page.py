"""The visits page: who is due, a visit entered from the keyboard, and the line on the first page."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.attachments import queries as attachments
from desktop_app.sync.status import RowState
from desktop_app.visits import actions, queries
from desktop_app.visits.model import Visit
from tests.attachments.pictures import jpeg
from tests.ui.conftest import rest
from ui.main_window import MainWindow
from ui.pages.visits import VisitsPage


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


def test_a_visit_the_server_did_not_take_is_marked_in_the_list(visited: VisitsPage, town: App) -> None:
    marks = next(column.marks for column in visited.done.records.columns if column.key == "sync")
    assert marks.mark(RowState.REFUSED, "内容太长").told.endswith("内容太长")
