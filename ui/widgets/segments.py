"""The few faces of one page side by side above it: Left and Right move, Alt+1, Alt+2 … choose."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QWidget

from ui.shell.commands import Command
from ui.shell.parts import button


class Segments(QWidget):
    """Chips of which one is pressed; each may stand for a widget of a stack."""

    chosen = Signal(int)

    def __init__(self, words: Sequence[str], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._words = tuple(words)
        self.buttons: list[QPushButton] = []
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for at, text in enumerate(words):
            made = button(text, tone="chip")
            made.setCheckable(True)
            self._group.addButton(made, at)
            self.buttons.append(made)
            layout.addWidget(made)
        self.buttons[0].setChecked(True)
        self._group.idClicked.connect(self.chosen)

    def turn(self, stack: QStackedWidget) -> None:
        """Let the chips turn a stack, page by page in the same order."""
        self.chosen.connect(stack.setCurrentIndex)

    def choose(self, at: int) -> None:
        """As if it had been clicked."""
        self.buttons[at].setChecked(True)
        self.chosen.emit(at)

    @property
    def current(self) -> int:
        return self._group.checkedId()

    def show_count(self, at: int, count: int) -> None:
        """A number beside the words of one chip; 0 takes it away."""
        words = f"{self._words[at]}　{count}" if count else self._words[at]
        self.buttons[at].setText(words)

    def commands(self, group: str) -> tuple[Command, ...]:
        """One command for each chip."""
        return tuple(
            Command(words, partial(self.choose, at), f"Alt+{at + 1}", group=group)
            for at, words in enumerate(self._words)
        )
