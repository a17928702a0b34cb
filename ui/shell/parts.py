from collections.abc import Callable, Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

GAP = 8
ICON = 18


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """Words; `role` is one of title, section, figure, muted, key, fault or empty."""
    made = QLabel(text)
    made.setObjectName(role)
    made.setWordWrap(wrap)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


def readable(text: str = "", role: str = "") -> QLabel:
    """Words that can be selected with the mouse and copied."""
    made = label(text, role, wrap=True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def mark(text: str, tone: str = "") -> QLabel:
    """A small coloured word: a tag, a state. Tones: party, warn, good, bad, quiet or empty."""
    made = label(text, "mark")
    made.setProperty("tone", tone)
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made


class Verb(QPushButton):
    """A button that stays away, whoever shows it, while it is not offered (see `Desk.offer`)."""

    def __init__(self, text: str, run: Callable[[], object] | None = None) -> None:
        super().__init__(text)
        self.run = run
        self.right = ""
        self.offered = True
        self._wanted = True

    def set_offered(self, *, offered: bool) -> None:
        """Whether the one who is signed in may do what it does."""
        if offered != self.offered:
            self.offered = offered
            super().setVisible(offered and self._wanted)

    def setVisible(self, visible: bool) -> None:
        self._wanted = visible
        super().setVisible(visible and self.offered)


def button(text: str, run: Callable[[], object] | None = None, *, tone: str = "", icon: QIcon | None = None) -> Verb:
    """A verb. Tones: primary, danger, link, chip or empty."""
    made = Verb(text, run)
    made.setProperty("tone", tone)
    made.setAutoDefault(False)
    if icon is not None:
        made.setIcon(icon)
        made.setIconSize(QSize(ICON, ICON))
    if run is not None:
        made.clicked.connect(lambda _checked=False: run())
    return made


def icon_button(icon: QIcon, name: str, run: Callable[[], object] | None = None) -> QToolButton:
    """An icon alone; `name` is what a screen reader says and what the tool tip shows."""
    made = QToolButton()
    made.setIcon(icon)
    made.setIconSize(QSize(ICON, ICON))
    made.setAccessibleName(name)
    made.setToolTip(name)
    made.setAutoRaise(True)
    if run is not None:
        made.clicked.connect(lambda _checked=False: run())
    return made


def row(*parts: QWidget | int, gap: int = GAP) -> QHBoxLayout:
    """Parts side by side; a number is a stretch."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(gap)
    _fill(layout, parts)
    return layout


def column(*parts: QWidget | QLayout | int, gap: int = GAP) -> QVBoxLayout:
    """Parts one below the other; a number is a stretch."""
    layout = QVBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(gap)
    for part in parts:
        if isinstance(part, int):
            layout.addStretch(part)
        elif isinstance(part, QLayout):
            layout.addLayout(part)
        else:
            layout.addWidget(part)
    return layout


def with_card(within: QWidget, bar: QWidget, listed: QWidget | QLayout, shares: tuple[int, int]) -> QFrame:
    """Arranges `within`: the bar, and below it what is listed with a card beside it; returns the card, still empty."""
    card = QFrame(within)
    card.setObjectName("card")
    below = QHBoxLayout()
    below.setSpacing(10)
    if isinstance(listed, QLayout):
        below.addLayout(listed, shares[0])
    else:
        below.addWidget(listed, shares[0])
    below.addWidget(card, shares[1])
    whole = column(bar, below)
    whole.setStretch(1, 1)
    within.setLayout(whole)
    return card


def _fill(layout: QHBoxLayout, parts: Iterable[QWidget | int]) -> None:
    for part in parts:
        if isinstance(part, int):
            layout.addStretch(part)
        else:
            layout.addWidget(part)


class Card(QFrame):
    """A white box with a heading and room for more."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(14, 10, 14, 12)
        self.body.setSpacing(GAP)
        self.head = QHBoxLayout()
        if title:
            self.title = label(title, "section")
            self.head.addWidget(self.title)
            self.head.addStretch(1)
            self.body.addLayout(self.head)


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and delete it."""
    for _ in range(layout.count()):
        item = layout.takeAt(0)
        widget, inner = item.widget(), item.layout()
        if widget:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        if inner:
            clear(inner)
