"""Every page: listed, buildable, named for a screen reader, and with keys that do not collide."""

from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QThread, QUrl
from PySide6.QtGui import QAccessible, QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTabBar,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop_app.app import App
from desktop_app.residents.queries import ResidentFilter, ids, lines
from desktop_app.store.database import Database
from ui.finders import FINDERS
from ui.main_window import MainWindow
from ui.pages import PAGES, RECORDS, record_entry
from ui.pages.page import Page

from .conftest import settle

PAGES_FOLDER = Path(__file__).parents[2] / "ui" / "pages"
KEYS = [entry.key for entry in PAGES]
BASES = ("Page", "PageOfFaces")
"""What a page is built on."""
ACTED_ON = (QAbstractButton, QLineEdit, QTextEdit, QComboBox, QAbstractSpinBox)


def nameless(root: QWidget) -> list[str]:
    """Focusable widgets that a screen reader would announce without a name."""
    buddies = {label.buddy() for label in root.findChildren(QLabel) if label.buddy()}
    found = []
    for widget in root.findChildren(QWidget):
        if widget.focusPolicy() is Qt.FocusPolicy.NoFocus or not widget.isVisible() or widget in buddies:
            continue
        if isinstance(widget, QScrollArea) or isinstance(widget.parent(), QAbstractScrollArea):
            continue
        named = QAccessible.queryAccessibleInterface(widget)
        if not (named and named.text(QAccessible.Text.Name).strip()):
            found.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}")
    return found


def out_of_reach(window: MainWindow) -> list[str]:
    """Buttons and fields to be seen that neither Tab comes to nor a command with a key or in the palette does."""
    runs = [command.run for command in window.all_commands()]
    start = window.header.search
    walked, at = {start}, start.nextInFocusChain()
    while at not in walked:
        walked.add(at)
        at = at.nextInFocusChain()
    found = []
    for widget in window.findChildren(QWidget):
        if not isinstance(widget, ACTED_ON) or not widget.isVisible() or not widget.isEnabled():
            continue
        by_tab = widget in walked and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if not by_tab and getattr(widget, "run", None) not in runs and not is_part_of_another(widget):
            found.append(f"{type(widget).__name__} {widget.accessibleName() or getattr(widget, 'text', str)()}")
    return found


def is_part_of_another(widget: QWidget) -> bool:
    """Of an exclusive group the arrow keys choose one; the cross of a tab is Ctrl+W; a field has its picture inside."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return (group is not None and group.exclusive()) or isinstance(widget.parent(), (QTabBar, QLineEdit))


def test_every_page_stands_in_the_list_once_and_in_no_other_place():
    assert Counter(KEYS).most_common(1)[0][1] == 1
    sources = "".join(path.read_text(encoding="utf-8") for path in PAGES_FOLDER.glob("*.py"))
    listed = (PAGES_FOLDER / "__init__.py").read_text(encoding="utf-8")
    built = [line.split("(")[0].removeprefix("class ") for line in sources.splitlines() if line.startswith("class ")]
    pages = [name for name in built if name.endswith("Page") and name != "Page"]
    pages = [name for name in pages if any(f"class {name}({base})" in sources for base in BASES)]
    missing = [name for name in pages if f"import {name}" not in listed]
    assert missing == []


@pytest.mark.parametrize("key", KEYS)
def test_a_page_opens_with_a_title_and_an_icon_and_no_nameless_widget(window: MainWindow, qtbot: QtBot, key: str):
    window.open_page(key)
    settle(qtbot, window.background)
    tab = window.tabs.current
    assert tab is not None
    assert tab.key == f"page:{key}"
    assert tab.page.title()
    assert not window.notice.isVisible(), window.notice.words
    assert nameless(window) == []
    assert out_of_reach(window) == []


@pytest.mark.parametrize("key", KEYS)
def test_the_keys_of_a_page_are_used_once_and_leave_the_input_method_alone(window: MainWindow, qtbot: QtBot, key: str):
    window.open_page(key)
    commands = [command for command in window.all_commands() if command.keys]
    twice = [keys for keys, count in Counter(command.keys for command in commands).items() if count > 1]
    assert twice == []
    forbidden = {"Ctrl+Space", "Shift+Space", "Ctrl+Shift"}
    assert not [command.keys for command in commands if command.keys in forbidden or "Ctrl+Alt+" in command.keys]


@pytest.mark.parametrize("key", KEYS)
def test_a_page_can_be_asked_again_and_closed_while_it_is_asking(window: MainWindow, qtbot: QtBot, key: str):
    window.open_page(key)
    page = window.tabs.page(f"page:{key}")
    assert isinstance(page, Page)
    page.refresh(frozenset())
    window.tabs.close_current()
    settle(qtbot, window.background)


def first_person(window: MainWindow) -> str:
    assert window.desk is not None
    db = window.desk.app.db
    return lines(db, ids(db, ResidentFilter())[:1])[0].id


@pytest.mark.parametrize("kind", ["person", "person-form"])
def test_a_record_opens_without_nameless_widgets(window: MainWindow, qtbot: QtBot, kind: str):
    window.open_record(kind, first_person(window))
    settle(qtbot, window.background)
    assert window.tabs.current is not None
    assert window.tabs.current.page.title()
    assert nameless(window) == []


def test_a_record_that_is_gone_says_so_and_breaks_nothing(window: MainWindow, qtbot: QtBot):
    window.open_record("person", "0" * 32)
    settle(qtbot, window.background)
    assert window.tabs.current is not None


def test_every_kind_of_record_has_a_title_and_an_icon():
    assert all(entry.title and entry.icon and record_entry(entry.kind) is entry for entry in RECORDS)


def test_a_closed_page_is_gone(window: MainWindow, qtbot: QtBot):
    window.open_page("residents")
    settle(qtbot, window.background)
    page = window.tabs.page("page:residents")
    window.tabs.close_current()
    settle(qtbot, window.background)
    assert not isValid(page)


@pytest.mark.parametrize("key", ["home", "residents", "buildings"])
def test_lists_and_counts_are_asked_off_the_windows_thread(
    window: MainWindow, qtbot: QtBot, key: str, monkeypatch: pytest.MonkeyPatch
):
    asked: list[str] = []
    whole = Database.rows

    def rows(self: Database, sql: str, params: object = ()) -> list[tuple[object, ...]]:
        by_id = " IN (?" in sql or "WHERE r.id=?" in sql  # a page by ids, or one record
        if QThread.currentThread() is window.thread() and not by_id:
            asked.append(sql)
        return whole(self, sql, params)

    monkeypatch.setattr(Database, "rows", rows)
    window.open_page(key)
    tab = window.tabs.current
    assert tab is not None
    tab.page.refresh(frozenset())
    settle(qtbot, window.background)
    assert asked == []


def test_a_dropped_file_goes_to_the_import_page(window: MainWindow, qtbot: QtBot, tmp_path: Path):
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(tmp_path / "名册.xlsx"))])
    at, copy = QPointF(10, 10), Qt.DropAction.CopyAction
    event = QDropEvent(at, copy, dropped, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    window.dropEvent(event)
    assert window.tabs.current is not None
    assert window.tabs.current.key == "page:importing"
    settle(qtbot, window.background)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("3-2-602", "room"), ("3栋", "building"), ("桂花苑3栋", "building"), ("桂花苑3栋2单元602", "room")],
)
def test_the_search_box_knows_rooms_and_buildings(town: App, text: str, kind: str):
    found = [hit for finder in FINDERS for hit in finder(town.db, text)]
    assert found[0].kind == kind
    assert record_entry(kind) is not None
