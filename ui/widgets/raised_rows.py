"""What was raised at the door, one line each: the matter and its class; Return on the last line begins another."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.shell.parts import clear, row
from ui.widgets.inputs import ChoiceBox, LineEdit


@dataclass(frozen=True, slots=True)
class Raised:
    """One matter, in a line, and the code of its class."""

    title: str
    klass: str


class RaisedRows(QWidget):
    """Says `edited` after any change; empty lines count for nothing."""

    edited = Signal()
    left_by_return = Signal()  # Return on an empty last line: on to whatever comes next

    def __init__(self, classes: Sequence[tuple[str, str]], usual: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes, self._usual = list(classes), usual
        self.lines: list[tuple[LineEdit, ChoiceBox]] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self.show_raised(())

    def show_raised(self, raised: Sequence[Raised]) -> None:
        """Begin anew with these, and an empty line after them."""
        clear(self._layout)
        self.lines = []
        for one in (*raised, Raised("", self._usual)):
            self._add(one)

    @property
    def raised(self) -> tuple[Raised, ...]:
        """What was written, in order."""
        told = ((" ".join(line.text().split()), klass.code) for line, klass in self.lines)
        return tuple(Raised(title, klass) for title, klass in told if title)

    def _add(self, one: Raised) -> None:
        line, klass = LineEdit(self), ChoiceBox(self._classes, self)
        number = len(self.lines) + 1
        line.setAccessibleName(self.tr("提出的诉求 {n}").format(n=number))
        line.setPlaceholderText(self.tr("居民提出的诉求，一行一件，回车再加"))
        klass.setAccessibleName(self.tr("诉求 {n} 的分类").format(n=number))
        line.setText(one.title)
        klass.choose(one.klass)
        line.textChanged.connect(lambda _text: self.edited.emit())
        line.entered.connect(lambda: self._next(line))
        made = row(line, klass, gap=6)
        made.setStretch(0, 1)
        self._layout.addLayout(made)
        self.lines.append((line, klass))

    def _next(self, line: LineEdit) -> None:
        if not line.text().strip():
            self.left_by_return.emit()
            return
        at = next(at for at, (one, _) in enumerate(self.lines) if one is line)
        if at == len(self.lines) - 1:
            self._add(Raised("", self._usual))
        self.lines[at + 1][0].setFocus()
