"""共建: units and their agreements, the lists and who took what, part-time members, venues, activities."""

from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.pages.list_pane import ListPane
from ui.pages.page import Page
from ui.pages.partners_lists import ItemsPane
from ui.pages.partners_members import MembersPane
from ui.pages.partners_together import ActivitiesPane, BookingsPane
from ui.pages.partners_units import UnitsPane
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.widgets.segments import Segments


class PartnersPage(Page):
    """Five faces; each asks the store when it is first shown and when its tables changed."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {
            "partner_unit",
            "part_time_member",
            "agreement",
            "agreement_item",
            "list_item",
            "claim",
            "claim_event",
            "venue",
            "booking",
            "activity",
            "sign_in",
            "unit_review",
        }
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        words = (self.tr("单位"), self.tr("清单"), self.tr("兼职委员"), self.tr("场地"), self.tr("活动"))
        self.faces = Segments(words, self.tr("看哪一面"), self)
        self.units = UnitsPane(self)
        self.items = ItemsPane(self)
        self.members = MembersPane(self)
        self.bookings = BookingsPane(self)
        self.activities = ActivitiesPane(self)
        self.panes: tuple[ListPane, ...] = (self.units, self.items, self.members, self.bookings, self.activities)
        self._stale: set[ListPane] = set(self.panes)
        self._stack = QStackedWidget(self)
        for pane in self.panes:
            pane.build_verbs()
            self._stack.addWidget(pane)
        self.faces.chosen.connect(self._turn)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(self.faces)
        head.addStretch(1)
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)

    def title(self) -> str:
        return self.tr("共建")

    def icon(self) -> str:
        return "star"

    @property
    def pane(self) -> ListPane:
        """The face that is shown."""
        return self.panes[self._stack.currentIndex()]

    def first_focus(self) -> QWidget | None:
        return self.pane.first_focus()

    def commands(self) -> tuple[Command, ...]:
        return (*self.faces.commands(self.title()), *self.pane.commands())

    def refresh(self, changed: frozenset[str], /) -> None:
        self._stale |= {pane for pane in self.panes if not changed or changed & pane.tables}
        self._freshen()

    def show_this(self, what: object, /) -> None:
        """`agreement`, `claim`, `activity` and an identifier, as `partners.doings.due` gives them."""
        kind, _, record_id = str(what).partition(":")
        at = {"agreement": 0, "claim": 1, "item": 1, "member": 2, "booking": 3, "activity": 4}.get(kind, 0)
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
