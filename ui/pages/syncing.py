"""同步: how this desk stands with the server in words, exchanging now, and the inbox of values two people wrote."""

from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.pages.page import Page
from ui.pages.syncing_exchange import ExchangeCard
from ui.pages.syncing_inbox import InboxPane
from ui.pages.syncing_log import LogPane
from ui.pages.syncing_reading import SyncFacts, sync_facts
from ui.pages.syncing_refused import RefusedPane
from ui.pages.syncing_settled import SettledPane
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.widgets.record_form import scrolled
from ui.widgets.segments import Segments

_LEFT = 300
REFUSED, LOG = 1, 3
"""Faces of the page, from 0."""


class SyncingPage(Page):
    """State and exchanges at the left; at the right what waits, what was settled, and the log."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"conflict", "person", "household", "meeting", "building", "room", "staff", "org_node", "seat"}
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.facts: SyncFacts | None = None
        self._wanted: tuple[str, str] | None = None
        self.build(self._parts())

    def _parts(self) -> Iterator[None]:
        desk = self.desk
        self.exchange = ExchangeCard(self)
        names = (self.tr("待确认"), self.tr("未被接受"), self.tr("已处理"), self.tr("同步记录"))
        self.faces = Segments(names, self.tr("看哪一面"), self)
        self._stack = QStackedWidget(self)
        self.faces.chosen.connect(self._turn)
        self._arrange()
        desk.offer("sync.enrol", self.exchange.change_button, self.exchange.enrol_button)
        desk.offer("sync.run", self.exchange.sync_button)
        desk.offer("sync.accept", self.exchange.fuse.yes)
        desk.theme.changed.connect(self._dress)
        self._dress()
        yield
        self.inbox = InboxPane(self)
        self._stack.addWidget(self.inbox)
        yield
        self.refused = RefusedPane(self)
        self._stack.addWidget(self.refused)
        yield
        self.settled = SettledPane(self)
        self._stack.addWidget(self.settled)
        yield
        self.log = LogPane(self)
        self._stack.addWidget(self.log)

    def _arrange(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(8)
        top = QHBoxLayout()
        top.addWidget(self.faces)
        top.addStretch(1)
        right.addLayout(top)
        right.addWidget(self._stack, 1)
        holder = QWidget(self)
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.exchange)
        self._left = scrolled(holder, fill=True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(10)
        layout.addWidget(self._left, 2)
        layout.addLayout(right, 5)

    def _dress(self) -> None:
        self._left.setMinimumWidth(round(_LEFT * self.desk.theme.font_px / 14))

    def title(self) -> str:
        return self.tr("同步")

    def icon(self) -> str:
        return "sync"

    def first_focus(self) -> QWidget | None:
        if self.facts is not None and self.facts.clashes:
            return self.inbox.table
        if self.facts is not None and not self.facts.status.enrolled:
            return self.exchange.form.input("server_url")
        return self.exchange.sync_button

    def commands(self) -> tuple[Command, ...]:
        group = self.title()
        words = (self.tr("采用第一个值"), self.tr("采用第二个值"), self.tr("两个都保留"), self.tr("自己填一个值"))
        takes = [Command(text, partial(self._take, at), str(at), "check", group) for at, text in enumerate(words, 1)]
        return (
            *((*self.faces.commands(group), *takes) if self._settles else ()),
            Command(
                self.tr("采用较新的"), self.late(lambda: self.inbox.take_newer), "N", "check", group, "sync.settle"
            ),
            Command(self.tr("看这条记录"), self.open_record, "O", "forward", group),
            Command(self.tr("查找"), self._find, "Ctrl+F", "search", group),
            Command(self.tr("导出这张清单"), self.export, "Ctrl+E", "export", group),
            Command(self.tr("停下同步"), self.desk.exchanger.cancel, "", "close", group, "sync.run"),
            Command(self.tr("导出到U盘"), self.exchange.export, "", "export", group, "sync.run"),
            Command(self.tr("从U盘导入"), self.exchange.import_, "", "import", group, "sync.run"),
        )

    def show_this(self, what: object, /) -> None:
        """`asked` (the question before many deletions), `log`, `refused`, or a table and a record two people wrote."""
        if what == "log":
            self.faces.choose(LOG)
        elif what == "refused":
            self.faces.choose(REFUSED)
        elif isinstance(what, tuple):
            self.faces.choose(0)
            self._wanted = (str(what[0]), str(what[1]))
            self.refresh(frozenset())

    # ------------------------------------------------------------------------------------------ show

    def refresh(self, _changed: frozenset[str], /) -> None:
        self.read(lambda: sync_facts(self.desk.app.db, settles=self._settles), self._show, key="sync")

    @property
    def _settles(self) -> bool:
        """Whether whoever is signed in may choose between values; others see the exchanges alone."""
        return self.desk.may("sync.settle")

    def _show(self, facts: SyncFacts) -> None:
        first, self.facts = self.facts is None, facts
        self.exchange.show_facts(facts)
        self.inbox.show_clashes(facts.clashes)
        self.settled.show_clashes(facts.settled)
        self.refused.show_changes(facts.refused)
        self.log.show_exchanges(facts.exchanges)
        for at, count in enumerate((len(facts.clashes), len(facts.refused), len(facts.settled))):
            self.faces.show_count(at, count)
        self.faces.setVisible(self._settles)
        if not self._settles:
            self._stack.setCurrentIndex(LOG)
        if self._wanted is not None:
            self.inbox.point_at(*self._wanted)
            self._wanted = None
        focus = self.first_focus() if first else None
        if focus is not None and focus.isVisible():  # somebody may have turned to another face meanwhile
            self.take_keys(focus)

    # ------------------------------------------------------------------------------------------ verbs

    @property
    def pane(self) -> QWidget:
        """The face that is shown."""
        return self._stack.currentWidget()

    def _turn(self, at: int) -> None:
        self.whole()
        self._stack.setCurrentIndex(at)

    def _take(self, number: int) -> None:
        if self.pane is self.inbox:
            self.inbox.take_number(number)

    def open_record(self) -> None:
        """The record the cursor is on."""
        if self.pane is self.refused:
            self.refused.open_record()
        elif self.pane is not self.log:
            (self.inbox if self.pane is self.inbox else self.settled).detail.open_record()

    def export(self) -> None:
        """What the face shows, as a file."""
        for pane in (self.inbox, self.settled, self.log):
            if self.pane is pane:
                pane.export()

    def _find(self) -> None:
        if self.pane in (self.inbox, self.settled):
            (self.inbox if self.pane is self.inbox else self.settled).bar.search.setFocus()

    def pause_an_hour(self) -> None:
        """Nothing starts by itself for an hour."""
        self.desk.hold.for_an_hour()
        self._held()

    def pause_until_tomorrow(self) -> None:
        """Nothing starts by itself today."""
        self.desk.hold.until_tomorrow()
        self._held()

    def resume(self) -> None:
        """Exchanges start by themselves again."""
        self.desk.hold.end()
        self._held()

    def _held(self) -> None:
        self.desk.say(self.desk.hold.words or self.tr("自动同步已恢复"))
        self.desk.signals.tell(())
        self.refresh(frozenset())
