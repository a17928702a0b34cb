"""A chip of the status bar: a shape, words, and sometimes something to click. The shape says it without colour too."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

SHAPES = {"online": "●", "offline": "○", "busy": "↻", "ask": "⚠", "failed": "✖", "paused": "‖", "": ""}


class StatusChip(QPushButton):
    """`show_state` sets shape and words; hidden while it has none."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.setProperty("tone", "link")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)
        self.hide()

    def show_state(self, shape: str, words: str) -> None:
        """`shape` is a key of SHAPES."""
        text = f"{SHAPES.get(shape, '')} {words}".strip()
        self.setText(text)
        self.setAccessibleName(f"{self._name}：{words}" if words else self._name)
        self.setVisible(bool(text))
