"""The board of the day is shown again without being made again: whoever stands on a line stays there."""

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from desktop_app.app import App
from ui.pages.home_due import DueBoard
from ui.shell.desk import Desk
from ui.widgets.elided import ElidedButton


def test_the_board_says_other_things_on_the_same_lines(qtbot: QtBot, app: App, make_desk: Callable[[App], Desk]):
    board = DueBoard(make_desk(app))
    qtbot.addWidget(board)
    board.show()
    pressed: list[str] = []

    def say(*told: str) -> list[str]:
        board.forget()
        for words in told:
            board.add_line("", words, "过期 1 天", lambda words=words: pressed.append(words), tone="warn")  # type: ignore[misc]
        board.settle()
        return [one.toolTip() for one in board.findChildren(ElidedButton) if one.isVisible()]

    assert say("一", "二", "三") == ["一", "二", "三"]
    buttons = board.findChildren(ElidedButton)
    buttons[0].setFocus()
    assert say("四") == ["四"], "what is no longer due is put away"
    assert board.findChildren(ElidedButton) == buttons
    assert not board.is_empty
    buttons[0].click()
    assert pressed == ["四"], "and it opens what it says"
    assert say() == []
    assert board.is_empty
