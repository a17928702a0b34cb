"""What stands where there is nothing yet: one sentence, one action, one key."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.shell.commands import native
from ui.shell.parts import button, label, row


class EmptyState(QWidget):
    """`show_words` again at any time: the sentence depends on whether a filter is on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run: Callable[[], object] | None = None
        self._words = label("", "muted", wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._action = button("", self._act, tone="primary")
        self._key = label("", "key")
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addWidget(self._words)
        layout.addSpacing(8)
        layout.addLayout(row(1, self._action, self._key, 1))
        layout.addStretch(3)
        self.show_words("")

    def show_words(self, words: str, action: str = "", keys: str = "", run: Callable[[], object] | None = None) -> None:
        """One sentence; if there is something to do about it, one verb and its key."""
        self._run = run
        self._words.setText(words)
        self._action.setText(action)
        if run is None and self._action.hasFocus():
            self.setFocus()  # the keys stay here, not in whatever comes next
        self._action.setVisible(run is not None)
        self._key.setText(native(keys))
        self._key.setVisible(bool(keys))

    @property
    def place(self) -> QWidget:
        """Where the keyboard goes while this is shown."""
        return self if self._run is None else self._action

    @property
    def words(self) -> str:
        return self._words.text()

    def _act(self) -> None:
        if self._run is not None:
            self._run()
