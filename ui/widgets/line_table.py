"""A `RecordTable` over a short list that a query returned whole: a few hundred lines, each a frozen record.

The vector holds places in the list, so that everything a long table can do (columns, copying, menus, keys) stays the
same. Lines are told apart by `key(line)`; the cursor stays on the same one when the list is asked for again.
"""

from array import array
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from ui.widgets.record_model import Column, RecordModel
from ui.widgets.record_table import RecordTable

_BASE_PX = 14
_SHRINK = 0.7
_KEPT = 2
_NARROWEST = 20


def line_id(line: Any) -> str:
    """What most lines are told apart by."""
    return str(line.id)


class LineTable(RecordTable):
    """Says `chosen(line)` when the cursor moves (None for none) and `asked(line)` on Enter or double click."""

    chosen = Signal(object)
    asked = Signal(object)

    def __init__(
        self,
        columns: Sequence[Column],
        name: str,
        parent: QWidget | None = None,
        *,
        key: Callable[[Any], str] = line_id,
        several: bool = False,
        stretch: str = "",
    ) -> None:
        self._lines: list[Any] = []
        self._away: set[int] = set()
        self._key = key
        self._stretch = next((at for at, column in enumerate(columns) if column.key == stretch), len(columns) - 1)
        super().__init__(RecordModel(columns, self._fetch), name, parent)
        if not several:
            self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.pointed.connect(lambda number: self.chosen.emit(self.line(number)))
        self.opened.connect(lambda number: self.asked.emit(self.line(number)))

    def _fit(self) -> None:
        """Widths grow with the text; one column takes what is left, and the last ones give way where room is scarce."""
        header, factor = self.horizontalHeader(), self.fontInfo().pixelSize() / _BASE_PX
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(_NARROWEST)
        widths = [round(column.width * factor) for column in self.records.columns]
        least = round(widths[self._stretch] * _SHRINK)
        for at in self._away:
            header.setSectionHidden(at, False)
        self._away.clear()
        shown = [at for at in range(len(widths)) if not header.isSectionHidden(at)]
        room = self.viewport().width()
        for at in reversed(shown):
            if least + sum(widths[other] for other in shown if other != self._stretch) <= room:
                break
            if at != self._stretch and len(shown) > _KEPT:
                shown.remove(at)
                self._away.add(at)
                header.setSectionHidden(at, True)
        others = sum(widths[at] for at in shown if at != self._stretch)
        widths[self._stretch] = max(least, room - others)
        press = min(1.0, room / max(others + widths[self._stretch], 1))
        for at in shown:
            header.resizeSection(at, int(widths[at] * press))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._fit()

    def _fetch(self, numbers: Sequence[int]) -> list[Any]:
        return [self._lines[number - 1] for number in numbers]

    @property
    def lines(self) -> list[Any]:
        """The lines as they are shown."""
        return self._lines

    def line(self, number: int) -> Any:
        """The line with a number of the vector, counted from 1; None for 0."""
        return self._lines[number - 1] if 0 < number <= len(self._lines) else None

    @property
    def current(self) -> Any:
        """The line under the cursor, or None."""
        return self.line(self.current_no())

    @property
    def selected(self) -> list[Any]:
        """The selected lines, in the order they are shown."""
        return [self.line(number) for number in self.selected_nos()]

    def show_lines(self, lines: Sequence[Any], *, point: str = "") -> None:
        """Show another list; the cursor goes to the line with the key `point`, else stays on the line it is on."""
        now = self.current
        wanted = point or (self._key(now) if now is not None else "")
        self._lines = list(lines)
        self.show_ids(array("q", range(1, len(self._lines) + 1)), keep=False)
        at = next((at for at, line in enumerate(self._lines) if self._key(line) == wanted), 0)
        self.point_at(at)
        if not self._lines:
            self.chosen.emit(None)
