"""关爱: door bells with who can come, pairs and when somebody is to go, everybody who needs care."""

from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.pages.care_bells import BellsPane
from ui.pages.care_pairs import PairsPane
from ui.pages.care_people import CaredPane
from ui.pages.list_pane import ListPane
from ui.pages.page import Page
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.widgets.segments import Segments

_FACES = {"bells": 0, "door_bell": 0, "pairs": 1, "care_pair": 1, "people": 2}


class CarePage(Page):
    """Three faces; each asks the store when it is first shown and when its tables changed."""

    tables: ClassVar[frozenset[str]] = BellsPane.tables | PairsPane.tables | CaredPane.tables

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        words = (self.tr("门铃"), self.tr("结对"), self.tr("关爱对象"))
        self.faces = Segments(words, self.tr("看哪一面"), self)
        self.bells, self.pairs, self.people = BellsPane(self), PairsPane(self), CaredPane(self)
        self.panes: tuple[ListPane, ...] = (self.bells, self.pairs, self.people)
        self._stale: set[ListPane] = set(self.panes)
        self._stack = QStackedWidget(self)
        for pane in self.panes:
            pane.build_verbs()
            self._stack.addWidget(pane)
        self.faces.chosen.connect(self._turn)
        head = QHBoxLayout()
        head.addWidget(self.faces)
        head.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)

    def title(self) -> str:
        return self.tr("关爱")

    def icon(self) -> str:
        return "bell"

    @property
    def pane(self) -> ListPane:
        """The face that is shown."""
        return self.panes[self._stack.currentIndex()]

    def first_focus(self) -> QWidget:
        return self.pane.first_focus()

    def commands(self) -> tuple[Command, ...]:
        return (*self.faces.commands(self.title()), *self.pane.commands())

    def refresh(self, changed: frozenset[str], /) -> None:
        self._stale |= {pane for pane in self.panes if not changed or changed & pane.tables}
        self._freshen()

    def show_this(self, what: object, /) -> None:
        """`bells`, `pairs`, `people`, or `door_bell:…` and `care_pair:…` for one of them."""
        kind, _, record_id = str(what).partition(":")
        at = _FACES.get(kind, 0)
        self.panes[at].point_at(record_id)
        self._stale.add(self.panes[at])
        self.faces.choose(at)

    def _turn(self, at: int) -> None:
        self._stack.setCurrentIndex(at)
        self.install_commands()
        self._freshen()
        self.pane.first_focus().setFocus()

    def _freshen(self) -> None:
        if self.pane in self._stale:
            self._stale.discard(self.pane)
            self.pane.refresh()
