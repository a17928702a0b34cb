"""Fields and Chinese input: events as a real input method sends them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.widgets.inputs import ChoiceBox, DateEdit, LineEdit, NumberEdit, tidy_date

RETURN = Qt.Key.Key_Return


def compose(widget, text: str) -> None:
    QApplication.sendEvent(widget, QInputMethodEvent(text, []))


def commit(widget, text: str) -> None:
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


@pytest.fixture
def edit(qtbot: QtBot) -> LineEdit:
    made = LineEdit()
    qtbot.addWidget(made)
    made.show()
    made.setFocus()
    return made


def test_return_while_composing_does_not_submit(qtbot: QtBot, edit: LineEdit):
    compose(edit, "zhang")
    with qtbot.assertNotEmitted(edit.entered):
        qtbot.keyClick(edit, RETURN)
    assert edit.text() == ""


def test_return_in_the_same_tick_as_the_commit_does_not_submit(qtbot: QtBot, edit: LineEdit):
    compose(edit, "zhang")
    commit(edit, "张")
    with qtbot.assertNotEmitted(edit.entered):
        edit.keyPressEvent(_return())
    assert edit.text() == "张"


def _return():
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    return QKeyEvent(QEvent.Type.KeyPress, RETURN, Qt.KeyboardModifier.NoModifier)


def test_return_after_the_commit_submits(qtbot: QtBot, edit: LineEdit):
    compose(edit, "zhang")
    commit(edit, "张")
    qtbot.waitUntil(lambda: not edit.composing)
    with qtbot.waitSignal(edit.entered, timeout=500):
        qtbot.keyClick(edit, RETURN)


def test_control_return_is_left_to_the_form(qtbot: QtBot, edit: LineEdit):
    with qtbot.assertNotEmitted(edit.entered):
        qtbot.keyClick(edit, RETURN, Qt.KeyboardModifier.ControlModifier)


def test_full_width_digits_become_plain_ones(qtbot: QtBot):
    edit = NumberEdit()
    qtbot.addWidget(edit)
    commit(edit, "４２０２９９")
    assert edit.text() == "420299"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("20260105", "2026-01-05"),
        ("2026.1.5", "2026-01-05"),
        ("2026年1月5日", "2026-01-05"),
        ("２０２６-1-5", "2026-01-05"),
        ("1950", "1950"),
        ("1950-3", "1950-03"),
        ("不清楚", "不清楚"),
        ("", ""),
    ],
)
def test_dates_are_taken_as_people_type_them(typed: str, kept: str):
    assert tidy_date(typed) == kept


def test_a_date_is_tidied_on_leaving_the_field(qtbot: QtBot):
    edit = DateEdit()
    qtbot.addWidget(edit)
    edit.setText("20260105")
    edit.left.emit()
    assert edit.text() == "2026-01-05"


def test_a_code_the_list_does_not_know_is_kept(qtbot: QtBot):
    box = ChoiceBox([("1", "男"), ("2", "女")])
    qtbot.addWidget(box)
    box.choose("9")
    assert box.code == "9"


def test_a_pasted_line_end_becomes_a_space(edit: LineEdit):
    """Qt keeps it in the text without showing it, and it would be saved."""
    QApplication.clipboard().setText("张\n三\t丰")
    edit.paste()
    assert edit.text() == "张 三 丰"
