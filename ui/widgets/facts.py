"""Label and value pairs in columns, for reading; values can be selected and copied."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from ui.shell.parts import clear, label, readable

_LONG, _LABEL = 40, 6  # characters: a value that may wrap, the width of a label


class Facts(QWidget):
    """`show_facts([(label, text or widget)…])`; empty values are left out unless `keep_empty`."""

    def __init__(self, parent: QWidget | None = None, *, columns: int = 1, keep_empty: bool = False) -> None:
        super().__init__(parent)
        self._columns = columns
        self._keep = keep_empty
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        for side in range(columns):
            self._grid.setColumnStretch(side * 2 + 1, 1)

    def show_facts(self, facts: Sequence[tuple[str, str | QWidget | None]]) -> None:
        clear(self._grid)
        shown = [(name, value) for name, value in facts if value or self._keep]
        for at, (name, value) in enumerate(shown):
            line, side = divmod(at, self._columns)
            long = isinstance(value, str) and len(value) > _LONG
            where = Qt.AlignmentFlag.AlignTop if long else Qt.AlignmentFlag.AlignVCenter
            title = label(name, "muted")
            title.setMinimumWidth(title.fontMetrics().horizontalAdvance("政") * _LABEL)
            self._grid.addWidget(title, line, side * 2, where)
            made = value if isinstance(value, QWidget) else _value(value or "—", name)
            self._grid.addWidget(made, line, side * 2 + 1, where)


def _value(text: str, name: str) -> QLabel:
    made = readable(text)
    made.setAccessibleName(f"{name} {text}")
    return made
