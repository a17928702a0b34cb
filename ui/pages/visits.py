"""走访: who is due, and what was recorded; a visit is entered beside the list, without leaving the keyboard."""

from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.visits import actions, queries
from desktop_app.visits.actions import Recorded
from desktop_app.visits.model import Visit
from desktop_app.visits.queries import DueCounts, DueLine, VisitLine
from ui.pages.page import Page
from ui.pages.wording import choices
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.parts import button
from ui.widgets.elided import ElidedLabel
from ui.widgets.empty_state import EmptyState
from ui.widgets.inline_form import Answer, Ask, InlineForm
from ui.widgets.inputs import tidy_date
from ui.widgets.line_table import LineTable
from ui.widgets.record_form import Field, scrolled
from ui.widgets.record_model import Column
from ui.widgets.segments import Segments

_MOST = 500
_FORM_WIDTH, _FORM_LEAST = 380, 270


class VisitsPage(Page):
    """Two lists, and the form beside them."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"visit", "campaign_item", "person_tag", "household", "household_member", "person"}
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.faces = Segments((self.tr("该走访"), self.tr("走访记录")), self.tr("看哪一面"), self)
        self.due = LineTable(
            (
                Column("name", self.tr("户主"), 90, lambda line: line.name),
                Column("address", self.tr("住址"), 180, lambda line: line.address),
                Column("tags", self.tr("关怀"), 150, lambda line: "、".join(line.tags)),
                Column("last", self.tr("上次走访"), 100, lambda line: line.last_on or self.tr("从未走访")),
                Column("over", self.tr("逾期"), 80, self._over),
            ),
            self.tr("该走访的户"),
            self,
            stretch="address",
        )
        self.done = LineTable(
            (
                Column("on", self.tr("日期"), 100, lambda line: line.on),
                Column("name", self.tr("对象"), 90, lambda line: line.name),
                Column("address", self.tr("住址"), 160, lambda line: line.address),
                Column("result", self.tr("结果"), 64, lambda line: line.result),
                Column("workers", self.tr("走访人"), 100, lambda line: line.workers),
                Column("findings", self.tr("情况"), 220, lambda line: line.findings),
            ),
            self.tr("走访记录"),
            self,
            stretch="findings",
        )
        self.form = InlineForm(desk, self)
        self.form.closed.connect(lambda: self.first_focus().setFocus())
        self._empty = EmptyState(self)
        self._headline = ElidedLabel("muted", self)
        self._verb = button(self.tr("登记走访"), self.record, tone="primary", icon=desk.theme.icon("plus", "on_accent"))
        self._arrange()

    def _arrange(self) -> None:
        self._stack = QStackedWidget(self)
        for part in (self.due, self.done, self._empty):
            self._stack.addWidget(part)
        self.faces.chosen.connect(self._turn)
        self.due.asked.connect(lambda _line: self.record())
        body = QHBoxLayout()
        body.setSpacing(14)
        body.addWidget(self._stack, 3)
        body.addWidget(self._beside(), 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.faces)
        head.addWidget(self._headline, 1)
        head.addWidget(self._verb)
        layout.addLayout(head)
        layout.addLayout(body, 1)

    def _beside(self) -> QWidget:
        """The form, which scrolls where the window is low."""
        beside, factor = scrolled(self.form), self.desk.theme.font_px / 14
        beside.setMinimumWidth(round(_FORM_LEAST * factor))
        beside.setMaximumWidth(round(_FORM_WIDTH * factor))
        beside.hide()
        self.form.opened.connect(beside.show)
        self.form.closed.connect(beside.hide)
        return beside

    def title(self) -> str:
        return self.tr("走访")

    def icon(self) -> str:
        return "pin"

    def first_focus(self) -> QWidget:
        shown = self._stack.currentWidget()
        return self._verb if shown is self._empty else shown

    def commands(self) -> tuple[Command, ...]:
        here = self.title()
        return (Command(self.tr("登记走访"), self.record, "V", "plus", here), *self.faces.commands(here))

    def refresh(self, _changed: frozenset[str], /) -> None:
        db, on = self.desk.app.db, self.desk.app.clock.today().isoformat()

        def work() -> tuple[list[DueLine], DueCounts, list[VisitLine]]:
            return queries.due(db, on, most=_MOST), queries.due_counts(db, on), queries.visits(db, most=_MOST)

        self.read(work, self._show, key="visits")

    def _show(self, found: tuple[list[DueLine], DueCounts, list[VisitLine]]) -> None:
        due, counts, done = found
        for table in (self.due, self.done):
            table.set_row_height(self.desk.theme.row_height)
        self.due.show_lines(due)
        self.done.show_lines(done)
        self.faces.show_count(0, counts.homes)
        self._headline.show_words("　".join(f"{tag} {count}" for tag, count in counts.by_tag))
        self._turn(self.faces.current)

    def _turn(self, at: int) -> None:
        lists = (self.due, self.done)
        if lists[at].lines:
            self._stack.setCurrentIndex(at)
            return
        words = (
            (self.tr("今天没有到期的走访。"), self.tr("看居民"))
            if at == 0
            else (self.tr("还没有走访记录。在“该走访”里按 V 记第一次。"), self.tr("看居民"))
        )
        self._empty.show_words(words[0], words[1], "", lambda: self.desk.open_page("residents"))
        self._stack.setCurrentIndex(2)

    def _over(self, line: DueLine) -> str:
        if line.last_on is None:
            return ""
        return self.tr("{n} 天").format(n=line.days_over) if line.days_over else self.tr("今天")

    # ------------------------------------------------------------------------------------------- record

    def record(self) -> None:
        """Open the form for the home under the cursor, or for a resident to be chosen."""
        line: DueLine | None = self.due.current if self.faces.current == 0 else None
        title = self.tr("走访 {name}").format(name=line.name) if line else self.tr("登记走访")
        self.form.begin(
            Ask(
                title=title,
                verb=self.tr("保存走访"),
                words=line.address if line else "",
                fields=self._fields(),
                values={"on": self.desk.app.clock.today().isoformat(), "mode": "入户", "result": "见面"},
                person=line is None,
                work=lambda answer: self._keep(line, answer),
                said=self._said,
            )
        )

    def _fields(self) -> tuple[Field, ...]:
        return (
            Field("findings", self.tr("情况"), "long"),
            Field("opinions", self.tr("意见（一行一条）"), "long"),
            Field("purpose", self.tr("事由")),
            Field("result", self.tr("结果"), "choice", choices("visit_results"), required=True),
            Field("mode", self.tr("方式"), "choice", choices("visit_modes"), required=True),
            Field("on", self.tr("日期"), "date", required=True),
            Field("goods", self.tr("发放物品")),
            Field("next_due_on", self.tr("下次走访"), "date", hint=self.tr("空着按间隔算")),
        )

    def _keep(self, line: DueLine | None, answer: Answer) -> Recorded:
        app = self.desk.app
        visit = Visit(
            on=tidy_date(answer["on"]),
            mode=answer["mode"],
            result=answer["result"],
            household_id=line.id if line and line.subject == "household" else None,
            person_id=line.id if line and line.subject == "person" else answer.person_id,
            purpose=answer.get("purpose"),
            findings=answer.get("findings"),
            opinions=answer.get("opinions"),
            goods=answer.get("goods"),
            next_due_on=tidy_date(answer["next_due_on"]) or None,
        )
        return actions.record(app.db, app.actor, visit)

    def _said(self, kept: Recorded) -> str:
        return "　".join((self.tr("已登记 {on} 的走访").format(on=kept.visit.on), *kept.doubts))
