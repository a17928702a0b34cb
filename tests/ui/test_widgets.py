"""The other widgets: room chart, search box, filters, preview, secrets, strips."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.shell.background import Background
from ui.shell.commands import Command, KeyTable, Shortcuts, matching
from ui.shell.problems import Problem
from ui.shell.theme import Theme
from ui.widgets.filter_bar import Chosen, Filter, FilterBar
from ui.widgets.flow import Flow
from ui.widgets.pdf_preview import PdfPreview, Pixels
from ui.widgets.room_chart import Chart, Column, Legend, Look, RoomCell, RoomChart
from ui.widgets.search_box import Found, FoundModel, SearchBox
from ui.widgets.secret import Secret
from ui.widgets.status_chip import StatusChip
from ui.widgets.strip import Strip
from ui.widgets.timeline import Moment, MomentModel, Timeline

LOOKS = {"home": Look("", "有人住", "surface"), "vacant": Look("空", "空置", "shade", "muted")}
FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


def chart() -> Chart:
    columns = (Column("1", 1), Column("1", 2), Column("", 0, gap=True), Column("2", 1), Column("2", 2))
    rooms = {}
    for row, floor in enumerate(("6", "5")):
        for at, column in enumerate(columns):
            if not column.gap:
                no = f"{floor}0{column.seq}"
                vacant = (row, at) == (0, 4)
                rooms[row, at] = RoomCell(
                    f"{column.unit}-{no}",
                    no,
                    "" if vacant else "王伟",
                    0 if vacant else 3,
                    "vacant" if vacant else "home",
                )
    return Chart(("6", "5"), columns, rooms)


@pytest.fixture
def room_chart(qtbot: QtBot, theme: Theme) -> RoomChart:
    made = RoomChart(theme)
    qtbot.addWidget(made)
    made.resize(700, 300)
    made.show()
    made.show_chart(chart(), LOOKS)
    return made


def test_the_room_chart_says_everything_it_draws(room_chart: RoomChart):
    model = room_chart.chart
    QAbstractItemModelTester(model, FATAL)
    assert model.data(model.index(0, 4)) == "2单元602 空置"
    assert model.data(model.index(0, 0)) == "1单元601 王伟 3人 有人住"


def test_typing_a_room_number_jumps_to_it(qtbot: QtBot, room_chart: RoomChart):
    qtbot.keyClicks(room_chart, "2-602")
    assert room_chart.current_room().room_id == "2-602"


def test_typing_a_number_without_a_unit_finds_the_first_of_them(qtbot: QtBot, room_chart: RoomChart):
    qtbot.keyClicks(room_chart, "502")
    assert room_chart.current_room().room_id == "1-502"


def test_arrows_move_and_return_opens_and_insert_adds(qtbot: QtBot, room_chart: RoomChart):
    room_chart.point_at("1-601")
    qtbot.keyClick(room_chart, Qt.Key.Key_Down)
    with qtbot.waitSignal(room_chart.opened) as opened:
        qtbot.keyClick(room_chart, Qt.Key.Key_Return)
    assert opened.args == ["1-501"]
    with qtbot.waitSignal(room_chart.add_asked) as added:
        qtbot.keyClick(room_chart, Qt.Key.Key_Insert)
    assert added.args == ["1-501"]


def test_the_cursor_stays_on_its_room_when_the_theme_changes(room_chart: RoomChart):
    room_chart.point_at("2-501")
    room_chart.show_chart(chart(), LOOKS)
    assert room_chart.current_room().room_id == "2-501"


def test_the_legend_can_be_heard(qtbot: QtBot, theme: Theme):
    legend = Legend(theme)
    qtbot.addWidget(legend)
    legend.show_looks(tuple(LOOKS.values()))
    assert legend.accessibleName() == "图例：有人住、空空置"


# ---------------------------------------------------------------------------------------------------------- search box


@pytest.fixture
def box(request: pytest.FixtureRequest, qtbot: QtBot, theme: Theme) -> SearchBox:
    window = QWidget()
    qtbot.addWidget(window)
    request.addfinalizer(window.close)  # noqa: PT021 it also keeps the window until then
    made = SearchBox(theme, window)
    QVBoxLayout(window).addWidget(made)
    made.host(window)
    window.resize(500, 400)
    window.show()
    window.activateWindow()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    return made


def test_typing_asks_once_after_a_pause(qtbot: QtBot, box: SearchBox):
    with qtbot.waitSignal(box.asked) as heard:
        qtbot.keyClicks(box, "wxm")
    assert heard.args == ["wxm"]


def test_arrows_choose_and_return_runs_the_chosen_line(qtbot: QtBot, box: SearchBox):
    ran: list[str] = []
    box.show_found([Found(name, "", lambda name=name: ran.append(name)) for name in ("甲", "乙", "丙")])
    assert box.results.isVisible()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert ran == ["乙"]
    assert not box.results.isVisible()
    assert box.text() == ""


def test_escape_puts_the_list_away(qtbot: QtBot, box: SearchBox):
    box.show_found([Found("甲", "", str)])
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert not box.results.isVisible()


def test_the_list_of_results_keeps_the_promises_of_qt(qtbot: QtBot):
    model = FoundModel()
    QAbstractItemModelTester(model, FATAL)
    model.show([Found("王小明", "3-2-501", str, "居民")])
    assert model.data(model.index(0, 0)) == "居民 王小明 3-2-501"
    model.show([])


# -------------------------------------------------------------------------------------------------------------- others


def test_a_filter_says_what_was_chosen_and_can_be_cleared(qtbot: QtBot, theme: Theme):
    bar = FilterBar((Filter("tag", "标签", (("低保", "低保"), ("残疾", "残疾"))),), "查找", theme)
    qtbot.addWidget(bar)
    bar.show()
    with qtbot.waitSignal(bar.changed) as heard:
        bar.choose(Chosen("王", {"tag": ("低保",)}))
    assert heard.args[0] == Chosen("王", {"tag": ("低保",)})
    assert bar.chips["tag"].text() == "标签：低保"
    with qtbot.waitSignal(bar.changed) as heard:
        bar.clear()
    assert heard.args[0].is_empty


def test_a_filter_of_one_choice_lets_the_older_go(qtbot: QtBot, theme: Theme):
    bar = FilterBar((Filter("age", "年龄", (("60", "60岁以上"), ("80", "80岁以上")), several=False),), "查找", theme)
    qtbot.addWidget(bar)
    first, second = bar.chips["age"].menu().actions()
    first.trigger()
    second.trigger()
    assert bar.chosen.one("age") == "80"
    assert not first.isChecked()


def test_a_secret_is_masked_until_somebody_looks_and_masked_again_afterwards(qtbot: QtBot, theme: Theme):
    secret = Secret("证件号码", theme)
    qtbot.addWidget(secret)
    secret.show_secret("420299********1234", lambda: "420299195001011234")
    assert secret.text.text() == "420299********1234"
    with qtbot.waitSignal(secret.revealed):
        secret.eye.click()
    assert secret.text.text() == "420299195001011234"
    secret.hide_again()
    assert secret.text.text() == "420299********1234"
    assert "证件号码" in secret.eye.accessibleName()


def test_the_preview_draws_a_page_off_the_windows_thread(qtbot: QtBot, theme: Theme, background: Background):
    preview = PdfPreview(theme, background)
    qtbot.addWidget(preview)
    preview.resize(500, 400)
    preview.show()
    asked: list[tuple[int, float]] = []

    def render(page: int, dpi: float) -> Pixels:
        asked.append((page, dpi))
        return Pixels(10, 20, 30, bytes(600))

    preview.show_pages([(200.0, 400.0)] * 3, render)
    qtbot.waitUntil(lambda: preview.paper.has_picture)
    qtbot.keyClick(preview, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: asked[-1][0] == 1)
    qtbot.keyClick(preview, Qt.Key.Key_End)
    qtbot.keyClick(preview, Qt.Key.Key_PageDown)
    assert preview.page == 2
    before = preview.zoom
    preview.zoom_step(1)
    assert preview.zoom > before


def test_the_time_line_keeps_the_promises_of_qt(qtbot: QtBot, theme: Theme):
    line = Timeline(theme, "时间线")
    qtbot.addWidget(line)
    QAbstractItemModelTester(line.moments, FATAL)
    line.show_moments([Moment("2026-01-05", "迁入", "自3-2-501"), Moment("1950", "出生")])
    line.show()
    assert MomentModel.data(line.moments, line.moments.index(0, 0)) == "2026-01-05 迁入 自3-2-501"
    line.grab()


def test_a_strip_shows_words_and_next_step_and_runs_its_verb(qtbot: QtBot, theme: Theme):
    strip = Strip(theme)
    qtbot.addWidget(strip)
    ran: list[bool] = []
    strip.show_problem(Problem("打印机没有响应。", "请检查电源。"), "重试", lambda: ran.append(True))
    assert strip.isVisible()
    assert strip.words == "打印机没有响应。 请检查电源。"
    strip._action.click()
    assert ran == [True]
    strip.dismiss()
    assert not strip.isVisible()


def test_a_chip_says_its_state_with_a_shape_too(qtbot: QtBot):
    chip = StatusChip("同步状态")
    qtbot.addWidget(chip)
    chip.show_state("offline", "离线可用")
    assert chip.text() == "○ 离线可用"
    assert chip.accessibleName() == "同步状态：离线可用"
    chip.show_state("", "")
    assert not chip.isVisible()


def test_small_widgets_wrap_to_the_next_line(qtbot: QtBot):
    flow = Flow()
    qtbot.addWidget(flow)
    flow.resize(120, 20)
    flow.show()
    parts = [QLabel("独居老人") for _ in range(4)]
    flow.show_widgets(parts)
    assert parts[-1].y() > parts[0].y()
    assert flow.height() >= parts[-1].geometry().bottom()


def test_the_palette_finds_commands_by_their_words_in_any_order():
    commands = [Command("打印服务卡", str), Command("打印楼栋图", str), Command("设置", str)]
    assert [one.text for one in matching(commands, "楼 打印")] == ["打印楼栋图"]
    assert len(matching(commands, "")) == 3


def test_the_key_list_narrows_while_typing(qtbot: QtBot):
    table = KeyTable([Command("打印", str, "Ctrl+P", group="居民"), Command("设置", str, "Ctrl+,")])
    QAbstractItemModelTester(table, FATAL)
    table.keep("打印")
    assert table.rowCount() == 1
    assert table.data(table.index(0, 2)) == "Ctrl+P"


def test_single_letters_rest_while_a_text_field_has_the_focus(qtbot: QtBot, box: SearchBox):
    ran: list[bool] = []
    Shortcuts(box.window(), window_wide=True).install([Command("修改", lambda: ran.append(True), "E")])
    qtbot.keyClick(box, Qt.Key.Key_E)
    assert ran == []
    assert box.text() == "e"


def test_the_legend_wraps_where_the_width_ends(qtbot: QtBot, theme: Theme):
    legend = Legend(theme)
    qtbot.addWidget(legend)
    legend.show_looks(tuple(LOOKS.values()) * 3)
    legend.resize(1200, 28)
    wide = legend.height()
    legend.show()
    legend.resize(150, legend.height())
    assert legend.height() > wide


def test_a_flow_that_stands_nowhere_yet_comes_up_as_no_window(qtbot: QtBot):
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.show()
    flow = Flow()
    flow.show_widgets([QLabel("低保")])
    assert not flow.isVisible(), "it would take the keyboard away from where somebody types"
    layout = QVBoxLayout(holder)
    layout.addWidget(flow)
    qtbot.waitUntil(flow.isVisible)
