"""One order in its tab: what was asked for, its line of events, the next steps with their letters."""

from functools import partial
from typing import ClassVar

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.orders import finding, queries
from desktop_app.orders.matching import Candidate
from desktop_app.orders.queries import OrderDetail
from desktop_app.store.database import Database
from ui.pages.orders_asks import KEYS, RIGHT, OrderAsks, candidate_words
from ui.pages.orders_list import moments
from ui.pages.page import Page
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.parts import Verb, button, label, row
from ui.shell.state_line import StateLine
from ui.widgets.attachments import AttachmentsPane
from ui.widgets.facts import Facts
from ui.widgets.flow import Flow
from ui.widgets.inline_form import InlineForm
from ui.widgets.record_form import scrolled
from ui.widgets.strip import Strip
from ui.widgets.timeline import Timeline

_PROPOSED = 5
Found = tuple[OrderDetail, list[Candidate]]


def order_facts(db: Database, order_id: str) -> Found | None:
    """One visit to the store; runs on the reader thread."""
    found = queries.detail(db, order_id)
    if found is None:
        return None
    asked = "派单" in found.allowed or "接单" in found.allowed
    return found, finding.candidates(db, found.order, most=_PROPOSED) if asked else []


class OrderPage(Page):
    """An order in its tab."""

    tables: ClassVar[frozenset[str]] = frozenset({"service_order", "order_event", "helper", "person", "attachment"})

    def __init__(self, desk: Desk, order_id: str) -> None:
        super().__init__(desk)
        self.order_id = order_id
        self.found: OrderDetail | None = None
        self._asks = OrderAsks(desk)
        self._title = label("", "title")
        self._state = label("", "section")
        self.standing = StateLine(desk, "service_order", self)
        self.notice = Strip(desk.theme, self)
        self._facts = Facts(self)
        self._proposed = label("", "muted", wrap=True)
        self.timeline = Timeline(desk.theme, self.tr("经过"), self)
        self.files = AttachmentsPane(desk, "service_order", self)
        self.form = InlineForm(desk, self)
        self._verbs: dict[str, Verb] = {}
        self._arrange()

    def _arrange(self) -> None:
        right = QVBoxLayout()
        right.addWidget(label(self.tr("经过"), "section"))
        right.addWidget(self.timeline, 3)
        right.addWidget(self.files, 2)
        body = QHBoxLayout()
        body.setSpacing(12)
        body.addWidget(self._card(), 4)
        body.addLayout(right, 5)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 8, 14, 12)
        layout.setSpacing(6)
        layout.addLayout(row(self._title, self._state, 1))
        layout.addWidget(self._steps())
        layout.addWidget(self.standing)
        layout.addWidget(self.notice)
        layout.addLayout(body, 1)

    def _steps(self) -> Flow:
        """A button for each step."""
        for kind, key in KEYS.items():
            made = button(f"{kind} {key}", partial(self.step, kind))
            self.desk.offer(RIGHT, made)
            self._verbs[kind] = made
        paper = button(self.tr("打印派单卡"), self.print_card, icon=self.desk.theme.icon("printer"))
        self.desk.offer("papers.change", paper)
        flow = Flow(self)
        flow.show_widgets([*self._verbs.values(), paper])
        return flow

    def _card(self) -> QFrame:
        """What was asked for and who could do it; the form takes its place while it is open."""
        card = QFrame(self)
        card.setObjectName("card")
        inner = QVBoxLayout(card)
        inner.setContentsMargins(14, 10, 10, 12)
        shown = QWidget(self)
        told = QVBoxLayout(shown)
        told.setContentsMargins(0, 0, 0, 0)
        told.addWidget(self._facts)
        told.addWidget(self._proposed)
        told.addStretch(1)
        self._read, self._form = scrolled(shown), scrolled(self.form)
        self._form.hide()
        inner.addWidget(self._read, 1)
        inner.addWidget(self._form, 1)
        self.form.opened.connect(self._flip)
        self.form.closed.connect(self._flip)
        return card

    def title(self) -> str:
        return self.found.order.no or self.found.order.title if self.found else self.tr("服务单")

    def icon(self) -> str:
        return "check"

    def first_focus(self) -> QWidget | None:
        return self.timeline

    def commands(self) -> tuple[Command, ...]:
        here = self.tr("服务单")
        steps = (Command(kind, partial(self.step, kind), key, "", here, RIGHT) for kind, key in KEYS.items())
        printing = Command(self.tr("打印派单卡"), self.print_card, "Ctrl+P", "printer", here, "papers.change")
        return (*steps, printing, *self.files.commands())

    def refresh(self, _changed: frozenset[str], /) -> None:
        db, order_id = self.desk.app.db, self.order_id
        self.read(lambda: order_facts(db, order_id), self._show, key="order")
        self.standing.show_record(order_id)
        self.files.show_record(order_id)

    def _show(self, found: Found | None) -> None:
        if found is None:
            self.notice.show_words(self.tr("这张服务单已经不在了，可以关上这一页。"), "warn", stays=True)
            return
        self.found, proposed = found
        line = self.found.line
        self._title.setText(f"{line.no}　{line.title}")
        self._state.setText(f"{line.phase}　{line.helper}".strip())
        self._facts.show_facts(self._told())
        names = "\n".join(f"{at}. {candidate_words(one)}" for at, one in enumerate(proposed, 1))
        self._proposed.setText(self.tr("推荐人选\n{names}").format(names=names) if names else "")
        self.timeline.show_moments(moments(self.found.events))
        for kind, made in self._verbs.items():
            made.setEnabled(kind in self.found.allowed)
        stale = self.tr("有一步没有生效：另一台电脑先办了。两次都留在经过里。") if self.found.state.stale else ""
        words = "　".join([*self.found.notes, *([stale] if stale else [])])
        if words:
            self.notice.show_words(words, "warn", stays=True)
        else:
            self.notice.hide()
            self._offer_draft()
        self.title_changed.emit()

    def _offer_draft(self) -> None:
        """What was being written when the page was left."""
        pending = self.form.pending()
        if pending is not None and self.found is not None and pending.name in self.found.allowed:
            words = self.tr("“{kind}”写到一半，没有保存，写过的内容都在。").format(kind=pending.name)
            self.notice.show_words(words, "", self.tr("接着写"), lambda: self.step(pending.name))

    def _told(self) -> list[tuple[str, str | QWidget | None]]:
        if self.found is None:
            return []
        line, state = self.found.line, self.found.state
        minutes = self.tr("{n} 分钟").format(n=line.minutes) if line.minutes else ""
        return [
            (self.tr("方式"), line.variant),
            (self.tr("专长"), line.colour),
            (self.tr("内容"), self.found.order.text),
            (self.tr("点单人"), "　".join(part for part in (line.requester, line.phone) if part)),
            (self.tr("地点"), line.place),
            (self.tr("点单日期"), line.received_on),
            (self.tr("约定时间"), line.want),
            (self.tr("接单人"), line.helper),
            (self.tr("完成"), "　".join(part for part in (line.finished_on, minutes) if part)),
            (self.tr("评价"), line.satisfaction),
            (self.tr("退回原因"), state.why if state.open else ""),
        ]

    def _flip(self) -> None:
        self._read.setVisible(not self.form.is_open)
        self._form.setVisible(self.form.is_open)

    def step(self, kind: str) -> None:
        """One step of the way."""
        ask = self._asks.step(kind, self.found) if self.found else None
        if ask is not None:
            self.form.begin(ask, kind=kind)

    def print_card(self) -> None:
        """The card for whoever serves."""
        self.desk.print_form("order_card", [self.order_id])
