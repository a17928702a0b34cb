"""A number that is shown masked; the eye shows it whole for half a minute, a gate before it may ask why first."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.shell.parts import icon_button, label
from ui.shell.theme import Theme

SHOWN_MS = 30_000
Gate = Callable[[Callable[[], None]], None]


class Secret(QWidget):
    """`show_secret(masked, whole)`; `revealed` is emitted at each look, so that the page can say so."""

    revealed = Signal()

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._theme = theme
        self._masked = ""
        self._whole: Callable[[], str] = str
        self._gate: Gate | None = None
        self.text = label()
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.eye = icon_button(theme.icon("eye", "accent_text"), "", self.toggle)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.hide_again)
        self.eye.setFixedSize(26, 24)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.text)
        layout.addWidget(self.eye)
        layout.addStretch(1)
        self.hide_again()

    def show_secret(self, masked: str, whole: Callable[[], str], gate: Gate | None = None) -> None:
        """`whole` is asked only when somebody looks; `gate(open)` calls `open` once the look is allowed and noted."""
        self._masked, self._whole, self._gate = masked, whole, gate
        self.hide_again()

    @property
    def is_open(self) -> bool:
        return self._timer.isActive()

    def toggle(self) -> None:
        if self.is_open:
            self.hide_again()
        elif self._gate is None:
            self._open()
        else:
            self._gate(self._open)

    def _open(self) -> None:
        self.text.setText(self._whole())
        self._timer.start()
        self._dress()
        self.revealed.emit()

    def hide_again(self) -> None:
        """Back to the mask."""
        self._timer.stop()
        self.text.setText(self._masked or "—")
        self._dress()

    def _dress(self) -> None:
        words = self.tr("遮住{name}") if self.is_open else self.tr("看完整的{name}（30秒）")
        self.eye.setAccessibleName(words.format(name=self._name))
        self.eye.setToolTip(self.eye.accessibleName())
        self.eye.setIcon(self._theme.icon("eye-off" if self.is_open else "eye", "accent_text"))
        self.eye.setVisible(bool(self._masked))
