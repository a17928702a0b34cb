"""点单: orders, small wishes, those who report in, duty; and the posts and helpers behind them."""

from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.pages.list_pane import ListPane
from ui.pages.orders_duty import DutyPane
from ui.pages.orders_helpers import HelpersPane
from ui.pages.orders_list import OrdersPane
from ui.pages.orders_posts import PostsPane
from ui.pages.orders_reporting import RegistrationsPane
from ui.pages.orders_wishes import WishesPane
from ui.pages.page import Page
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.widgets.segments import Segments

_FACES = {"order": 0, "wish": 1, "registration": 2, "shift": 3, "post": 4, "helper": 5}


class OrdersPage(Page):
    """Six faces; each asks the store when it is first shown and when its tables changed."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {
            "service_order",
            "order_event",
            "wish",
            "wish_event",
            "registration",
            "registration_claim",
            "post",
            "shift",
            "shift_event",
            "helper",
            "person",
            "attachment",
        }
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        words = (
            self.tr("点单"),
            self.tr("微心愿"),
            self.tr("报到"),
            self.tr("值守"),
            self.tr("岗位"),
            self.tr("志愿者"),
        )
        self.faces = Segments(words, self.tr("看哪一面"), self)
        self.orders = OrdersPane(self)
        self.wishes = WishesPane(self)
        self.registrations = RegistrationsPane(self)
        self.duty = DutyPane(self)
        self.posts = PostsPane(self)
        self.helpers = HelpersPane(self)
        self.panes: tuple[ListPane, ...] = (
            self.orders,
            self.wishes,
            self.registrations,
            self.duty,
            self.posts,
            self.helpers,
        )
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
        return self.tr("点单")

    def icon(self) -> str:
        return "check"

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
        """`order`, `wish`, `registration`, `shift`, `post` or `helper`, perhaps with `:` and an identifier."""
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
