"""The long table: pages, selection, copying, keys."""

import time
from array import array

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from ui.widgets.record_model import PAGE, PAGES_KEPT, Column, RecordModel
from ui.widgets.record_table import RecordTable

DISPLAY = Qt.ItemDataRole.DisplayRole
COLUMNS = (
    Column("no", "编号", 80, str, "no"),
    Column("name", "姓名", 100, lambda row: f"居民{row}", "name"),
    Column("note", "备注", 100, lambda _row: "无"),
)


class Store:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    def fetch(self, numbers):
        self.asked.append(list(numbers))
        return list(numbers)


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def table(qtbot: QtBot, store: Store, theme) -> RecordTable:
    made = RecordTable(RecordModel(COLUMNS, store.fetch), "居民列表")
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.set_row_height(28)
    made.show()
    return made


def test_the_model_keeps_the_promises_of_qt(qtbot: QtBot, store: Store):
    model = RecordModel(COLUMNS, store.fetch)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show(array("q", range(1, 251)))
    model.show(array("q", []))
    model.show(array("q", [7]))
    assert tester.model() is model


def test_cells_are_drawn_for_the_integer_role_that_qt_hands_over(store: Store):
    """Qt calls data() with plain integers; a comparison by identity would leave every cell blank."""
    model = RecordModel(COLUMNS, store.fetch)
    model.show(array("q", [5]))
    assert model.data(model.index(0, 1), 0) == "居民5"
    assert model.data(model.index(0, 1), DISPLAY) == "居民5"
    assert model.data(model.index(0, 1), 2) is None


def test_rows_come_in_pages_and_each_page_once(store: Store):
    model = RecordModel(COLUMNS, store.fetch)
    model.show(array("q", range(1, 1001)))
    for row in (0, 99, 100, 5):
        model.data(model.index(row, 0), DISPLAY)
    assert [len(page) for page in store.asked] == [PAGE, PAGE]


def test_old_pages_are_let_go(store: Store):
    model = RecordModel(COLUMNS, store.fetch)
    model.show(array("q", range(1, 100 * (PAGES_KEPT + 5) + 1)))
    for page in range(PAGES_KEPT + 5):
        model.data(model.index(page * PAGE, 0), DISPLAY)
    asked = len(store.asked)
    model.data(model.index(0, 0), DISPLAY)
    assert len(store.asked) == asked + 1


def test_a_row_that_vanished_meanwhile_is_blank_and_harms_nothing(store: Store):
    model = RecordModel(COLUMNS, lambda numbers: [None if number == 2 else number for number in numbers])
    model.show(array("q", [1, 2, 3]))
    assert [model.data(model.index(row, 1), DISPLAY) for row in range(3)] == ["居民1", "", "居民3"]


def test_selecting_two_hundred_thousand_rows_takes_no_time(qtbot: QtBot, table: RecordTable):
    table.show_ids(array("q", range(1, 200_001)))
    start = time.perf_counter()
    table.selectAll()
    table.viewport().repaint()
    table.horizontalHeader().repaint()
    assert time.perf_counter() - start < 1.0  # 6 to 16 s without FastHeader
    assert len(table.selected_nos()) == 200_000


def test_the_number_of_selected_rows_is_told(qtbot: QtBot, table: RecordTable):
    table.show_ids(array("q", range(1, 5001)))
    with qtbot.waitSignal(table.selection_counted) as heard:
        qtbot.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert heard.args == [5000]


def test_copying_brings_the_heads_and_the_visible_columns_in_their_order(qtbot: QtBot, table: RecordTable):
    table.show_ids(array("q", [3, 1, 2]))
    table.horizontalHeader().setSectionHidden(2, True)
    table.horizontalHeader().moveSection(1, 0)
    table.selectAll()
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "姓名\t编号\n居民3\t3\n居民1\t1\n居民2\t2"


def test_return_opens_and_space_peeks(qtbot: QtBot, table: RecordTable):
    table.show_ids(array("q", [30, 10]))
    table.point_at(1)
    with qtbot.waitSignal(table.opened) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == [10]
    with qtbot.waitSignal(table.peeked):
        qtbot.keyClick(table, Qt.Key.Key_Space)


def test_a_click_on_a_head_asks_the_store_to_sort_and_a_second_one_turns_it_round(qtbot: QtBot, table: RecordTable):
    asked: list[tuple[str, bool]] = []
    table.sort_asked.connect(lambda *sort: asked.append(sort))
    header = table.horizontalHeader()
    for section in (1, 1, 2):
        header.sectionClicked.emit(section)
    assert asked == [("name", True), ("name", False)]


def test_the_cursor_stays_on_its_record_when_the_order_changes(table: RecordTable):
    table.show_ids(array("q", [1, 2, 3]))
    table.point_at(1)
    table.show_ids(array("q", [3, 2, 1]))
    assert table.current_no() == 2


def test_columns_can_be_hidden_but_not_all(table: RecordTable):
    menu = table.column_menu()
    for action in menu.actions()[:3]:
        action.setChecked(False)
        menu.triggered.emit(action)
    assert table.horizontalHeader().hiddenSectionCount() == 2
    menu.triggered.emit(menu.actions()[-1])
    assert table.horizontalHeader().hiddenSectionCount() == 0


def test_a_commit_does_not_drop_the_selection_of_many(table: RecordTable):
    """A sync may end while thirty people are selected; they stay selected, wherever they stand now."""
    table.show_ids(array("q", range(1, 101)))
    table.point_at(10)
    table.setFocus()
    for _ in range(3):
        QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    chosen = set(table.selected_nos())
    table.show_ids(array("q", [200, *range(100, 0, -1)]))
    assert set(table.selected_nos()) == chosen == {11, 12, 13, 14}
    table.show_ids(array("q", [12, 13]))
    assert len(table.selected_nos()) <= 1
