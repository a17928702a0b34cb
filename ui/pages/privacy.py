"""个人信息: what people asked about their data, who allowed what, what was given out, what has expired."""

from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.pages.list_pane import ListPane
from ui.pages.page import Page
from ui.pages.privacy_approvals import ApprovalsPane
from ui.pages.privacy_register import RegisterPane
from ui.pages.privacy_requests import RequestsPane
from ui.pages.privacy_retention import RetentionPane
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.widgets.segments import Segments


class PrivacyPage(Page):
    """Four faces; each asks the store when it is first shown and when its tables changed."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"subject_request", "approval", "export_record", "person", "visit", "appeal", "sealed_record"}
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        words = (self.tr("申请"), self.tr("审批"), self.tr("导出登记"), self.tr("到期审查"))
        self.faces = Segments(words, self.tr("看哪一面"), self)
        self.requests = RequestsPane(self)
        self.approvals = ApprovalsPane(self)
        self.register = RegisterPane(self)
        self.retention = RetentionPane(self)
        self.panes: tuple[ListPane, ...] = (self.requests, self.approvals, self.register, self.retention)
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
        return self.tr("个人信息")

    def icon(self) -> str:
        return "lock"

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
        """A face by its number, or `request` or `approval` and an identifier: `approval:0192…`."""
        kind, _, record_id = str(what).partition(":")
        at = int(kind) if kind.isdecimal() else {"approval": 1}.get(kind, 0)
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
