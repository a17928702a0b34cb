"""The question before so many records are deleted: 接受 or 先不接受. Never a modal box; nothing happens meanwhile."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.shell.desk import announce
from ui.shell.parts import button, label, row


class FuseCard(QFrame):
    """Shown while the last exchange stopped to ask; 先不接受 puts it away until it is asked anew."""

    def __init__(self, accept: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.setProperty("tone", "warn")
        self._accept = accept
        self._declined = ""
        self._asked = ""
        self.words = label("", wrap=True)
        self.yes = button(self.tr("接受"), self.accept, tone="danger")
        self.no = button(self.tr("先不接受"), self.decline, tone="primary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.addWidget(self.words)
        layout.addLayout(row(self.no, self.yes, 1))
        self.hide()

    def show_question(self, words: str, *, again: bool = False) -> None:
        """Ask, unless it was declined already; empty words take the question back."""
        if again:
            self._declined = ""
        self._asked = words
        shown = bool(words) and words != self._declined
        self.words.setText(words)
        if shown and self.isHidden():
            announce(self, words)
        self.setVisible(shown)

    def accept(self) -> None:
        """Delete them."""
        self.hide()
        self._accept()

    def decline(self) -> None:
        """Leave everything as it is; the next exchange that is asked for will stop again."""
        self._declined = self._asked
        self.hide()
