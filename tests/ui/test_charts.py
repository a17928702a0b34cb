"""Charts in the window: read line by line, opened by Return, saved as a picture, a workbook and a paper."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.printing.preview import page_count
from desktop_app.shared.chart import Bar, Chart, Part
from desktop_app.spreadsheets.workbook import read
from tests.ui.conftest import rest, settle
from ui.main_window import MainWindow
from ui.pages.organisation import OrganisationPage
from ui.shell.theme import Theme
from ui.widgets.bar_chart import BarChart


@pytest.fixture
def page(town: App, window: MainWindow, qtbot: QtBot) -> OrganisationPage:
    assert town.db is not None
    window.open_page("organisation", "charts")
    settle(qtbot, window.background)
    found = window.tabs.page("page:organisation")
    assert isinstance(found, OrganisationPage)
    rest(found, qtbot)
    return found


def test_every_line_says_in_words_what_its_bar_shows(theme: Theme, qtbot: QtBot) -> None:
    chart = BarChart(theme)
    qtbot.addWidget(chart)
    chart.show_chart(Chart("到会", (Bar("物业", (Part("出席", 3), Part("缺席", 1)), opens="x"),), head="单位"))
    model = chart.model()
    assert [model.index(0, at).data() for at in range(3)] == ["物业", "出席 3，缺席 1", "3／4　75%"]
    assert chart.accessibleName() == "图表：到会，1 行"
    with qtbot.waitSignal(chart.asked) as asked:
        qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert asked.args == ["x"]


def test_parts_differ_without_their_colours(theme: Theme, qtbot: QtBot) -> None:
    """The first part is painted full, the second faint: in grey they are told apart."""
    chart = BarChart(theme)
    qtbot.addWidget(chart)
    chart.show_chart(Chart("到会", (Bar("物业", (Part("出席", 1, "good"), Part("缺席", 1, "bad"))),)))
    grey = chart.picture().convertToFormat(QImage.Format.Format_Grayscale8)
    y = theme.row_height * 3 * 2 + 14
    first, second = (grey.pixelColor(round(1000 * at) * 2, y).lightness() for at in (0.3, 0.6))
    assert second - first > 60


def test_a_chart_is_chosen_opened_and_saved_three_ways(page: OrganisationPage, tmp_path: Path, qtbot: QtBot) -> None:
    pane = page.charts
    pane.choose(1)
    rest(page, qtbot)
    (bar,) = pane.bars.chart.bars
    assert bar.name == "桂花苑3栋"
    for kind in ("png", "xlsx", "pdf"):
        pane.export_to(tmp_path / f"图.{kind}")
        rest(page, qtbot)
    assert QImage(str(tmp_path / "图.png")).width() == 2000
    (sheet,) = read(tmp_path / "图.xlsx").sheets
    assert sheet.rows[1][0] == "桂花苑3栋"
    assert page_count((tmp_path / "图.pdf").read_bytes()) == 1
    qtbot.keyClick(pane.bars, Qt.Key.Key_Return)
    assert "building:" in page.window().tabs.keys[-1]


def test_where_nothing_can_be_drawn_the_page_says_what_to_do(window: MainWindow, app: App, qtbot: QtBot) -> None:
    assert app.db is not None
    window.open_page("meetings", "charts")
    settle(qtbot, window.background)
    found = window.tabs.page("page:meetings")
    rest(found, qtbot)
    assert not found.charts.bars.chart.bars
    assert not found.charts._print.isEnabled()
