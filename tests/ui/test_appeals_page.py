"""The appeals page: what is late stands out, narrowing and sorting, the sentence of a period, the list as a paper."""

from collections.abc import Callable
from pathlib import Path
from unittest.mock import MagicMock

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.appeals import actions, intake, rules
from desktop_app.appeals.deeds import Deed
from desktop_app.appeals.model import Appeal
from desktop_app.appeals.queries import AppealFilter
from tests.ui.conftest import rest, settle
from ui.main_window import MainWindow
from ui.pages.appeals import AppealsPage
from ui.pages.appeals_sentence import SentenceDialog
from ui.pages.paper_dialog import PaperDialog
from ui.pages.printing import PrintingPage

Take = Callable[..., Appeal]


@pytest.fixture
def take(town: App) -> Take:
    """Takes an appeal in and accepts it."""

    def taken(title: str, **fields: object) -> Appeal:
        return intake.register(town.db, town.actor, intake.blank(town.db, title=title, **fields), accept=True)

    return taken


@pytest.fixture
def page(town: App, take: Take, window: MainWindow, qtbot: QtBot) -> AppealsPage:
    """Three appeals: one overdue, one of today, one closed."""
    take("电梯异响", received_on="2026-10-01", klass="电梯")
    take("路灯不亮", klass="公共设施", channel="来电")
    done = take("办完的", received_on="2026-11-02")
    told = (Deed("办结", outcome=rules.ANSWERED, text="好了"), Deed("评价", satisfaction="满意"))
    actions.act(town.db, town.actor, done.id, *told)
    window.open_page("appeals")
    shown = window.tabs.page("page:appeals")
    assert isinstance(shown, AppealsPage)
    rest(shown, qtbot)
    return shown


def titles(page: AppealsPage) -> list[str]:
    return [page.table.records.row(at).title for at in range(page.table.records.rowCount())]


def test_the_latest_stand_first_and_what_is_late_is_said_in_words_and_colour(page: AppealsPage) -> None:
    assert titles(page) == ["路灯不亮", "办完的", "电梯异响"]
    due = next(at for at, column in enumerate(page.table.records.columns) if column.key == "due")
    assert page.table.records.text(2, due).startswith("逾期 ")
    assert page.table.records.tone(2, due) == "bad"
    assert page.table.records.tone(1, due) == ""
    assert page.overdue.text() == "逾期 1 件"


def test_one_press_leaves_the_overdue_alone_and_another_takes_the_filter_away(page: AppealsPage, qtbot: QtBot) -> None:
    page.overdue.click()
    rest(page, qtbot)
    assert titles(page) == ["电梯异响"]
    page.filter.clear()
    rest(page, qtbot)
    assert len(titles(page)) == 3


def test_words_and_chips_narrow_together(page: AppealsPage, qtbot: QtBot) -> None:
    page.show_this(AppealFilter(channel="2"))
    page.filter.search.setText("路灯")
    rest(page, qtbot)
    assert titles(page) == ["路灯不亮"]
    page.filter.search.setText("没有这样的")
    rest(page, qtbot)
    assert page.empty.isVisible()
    assert "没有符合" in page.empty.words


def test_a_click_on_a_head_sorts_and_return_opens_the_record(
    page: AppealsPage, window: MainWindow, qtbot: QtBot
) -> None:
    page.table.sort_asked.emit("title", True)
    rest(page, qtbot)
    assert titles(page) == sorted(titles(page))
    page.table.point_at(0)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    settle(qtbot, window.background)
    tab = window.tabs.current
    assert tab is not None
    assert tab.key.startswith("appeal:")


def test_the_ledger_of_what_is_shown_goes_to_the_print_centre_as_one_paper(
    page: AppealsPage, window: MainWindow, qtbot: QtBot
) -> None:
    page.print_ledger()
    settle(qtbot, window.background)
    paper = window.tabs.page("page:printing")
    assert isinstance(paper, PrintingPage)
    rest(paper, qtbot)
    assert paper.forms.current.id == "appeal_ledger"
    qtbot.waitUntil(lambda: paper._drawn is not None)
    assert paper._drawn is not None
    assert len(paper._drawn.subjects) == 3


def test_the_list_goes_out_by_a_child_process_in_its_order(
    page: AppealsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[list[str], str]] = []

    def start(_title: str, words: list[str], input_text: str = "") -> MagicMock:
        started.append((words, input_text))
        return MagicMock()

    monkeypatch.setattr(page.desk.background, "start_job", start)
    page.export_to(tmp_path / "台账.xlsx")
    ((words, numbers),) = started
    assert words[:2] == ["appeal", "export"]
    assert "--numbers" in words
    assert [int(number) for number in numbers.split()] == list(page.table.records.ids)


def test_the_sentence_of_a_period_is_checked_copied_and_follows_the_dates(
    page: AppealsPage, window: MainWindow, qtbot: QtBot
) -> None:
    page.tell()
    (dialog,) = window.findChildren(SentenceDialog)
    settle(qtbot, window.background)
    assert "接到群众反映诉求3件，已回应解决1件，正在跟踪办理2件" in dialog.words.text()
    assert dialog._check.text() == "核对：3 = 1 + 2 + 0，相符。"
    dialog.since.setText("20261101")
    dialog._typed()
    settle(qtbot, window.background)
    assert dialog.period.code == "own"
    assert "2026年11月1日至2026年11月22日，接到群众反映诉求2件" in dialog.words.text()
    dialog.copy()
    assert QGuiApplication.clipboard().text() == dialog.words.text()
    dialog.until.setText("2026-13-40")
    dialog._typed()
    settle(qtbot, window.background)
    assert dialog.strip.isVisible()
    assert not dialog._copy.isEnabled()
    dialog.close()


def test_without_any_appeal_the_page_says_how_to_begin(window: MainWindow, qtbot: QtBot) -> None:
    window.open_page("appeals")
    shown = window.tabs.page("page:appeals")
    assert isinstance(shown, AppealsPage)
    rest(shown, qtbot)
    assert "Ctrl+N" in shown.empty.words
    assert shown.first_focus().isVisible()
    assert not window.findChildren(QDialog)


def test_the_sentence_is_shown_as_a_paper_before_it_is_printed(
    page: AppealsPage, window: MainWindow, qtbot: QtBot
) -> None:
    page.tell()
    (dialog,) = window.findChildren(SentenceDialog)
    settle(qtbot, window.background)
    dialog.print_now()
    settle(qtbot, window.background)
    (paper,) = dialog.findChildren(PaperDialog)
    assert paper.preview.isVisible()
    paper.close()
    dialog.close()
