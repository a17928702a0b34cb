"""The community writes its rules in the window; a mistake is told with its line and nothing typed is lost."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.practice import queries
from desktop_app.profiles.desk import town_of
from desktop_app.profiles.queries import forget
from tests.ui.conftest import rest
from ui.main_window import MainWindow
from ui.pages.practice import BookDialog, PracticePage

NAME = "profiles/general"


@pytest.fixture
def dialog(town: App, window: MainWindow, qtbot: QtBot) -> Iterator[BookDialog]:
    window.open_page("practice")
    page = window.tabs.page("page:practice")
    assert isinstance(page, PracticePage)
    page.books.point_at(NAME)
    rest(page, qtbot)
    assert page.books.table.current.name == NAME
    page.books.change()
    (made,) = page.books.findChildren(BookDialog)
    yield made
    forget()


def test_a_level_gets_another_name_from_today_on(dialog: BookDialog, town: App, qtbot: QtBot) -> None:
    dialog.text.setPlainText(dialog.text.toPlainText().replace('kind = "党员中心户"', 'kind = "党员先锋户"'))
    dialog.form.show_values({"from_on": "2026-11-22", "why": "街道通知"})
    with qtbot.waitSignal(dialog.saved):
        dialog.save()
    assert town_of(town.db).level("党组织", 5).kind == "党员先锋户"
    assert queries.versions(town.db, NAME)[0].why == "街道通知"


def test_what_cannot_be_read_is_told_and_the_text_stays(dialog: BookDialog, town: App, qtbot: QtBot) -> None:
    dialog.text.setPlainText("levels = [")
    dialog.form.show_values({"from_on": "2026-11-22", "why": "街道通知"})
    dialog.save()
    qtbot.waitUntil(dialog.verb.isEnabled)
    assert dialog.text.toPlainText() == "levels = ["
    assert "没有保存" in dialog.strip.words
    assert not queries.versions(town.db, NAME)
