"""A page of several lists, one of which is shown; each asks the store when it is first shown and when it changed."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.pages.list_pane import ListPane
from ui.pages.page import Page
from ui.shell.commands import Command
from ui.widgets.segments import Segments


class PageOfFaces(Page):
    """A page makes its panes and hands them to `arrange`; `opens` says which of them shows a kind of record."""

    opens: ClassVar[Mapping[str, int]] = {}
    """Kind of `show_this` → face; any other kind is shown by the first."""

    def arrange(self, words: Sequence[str], *panes: ListPane) -> None:
        """The chips with `words` above, and below them the panes in the same order; called once."""
        self.faces = Segments(words, self.tr("看哪一面"), self)
        self.panes = panes
        self._stale = set(panes)
        self._stack = QStackedWidget(self)
        for pane in panes:
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
        """A kind of `opens`, perhaps with `:` and an identifier to point at."""
        kind, _, record_id = str(what).partition(":")
        at = self.opens.get(kind, 0)
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
