"""会议: what was and will be met about, what was decided and is not done yet; a new meeting in one form."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.meetings import actions, charts, queries
from desktop_app.meetings.calendar import DueType
from desktop_app.meetings.queries import MeetingLine, OpenResolution
from desktop_app.shared.chart import Chart
from desktop_app.store.database import Database
from desktop_app.sync import units
from ui.pages.chart_pane import ChartPane, Shown
from ui.pages.meetings_due import DuePane
from ui.pages.meetings_giving import ORDERS, ask_where, export_to
from ui.pages.meetings_new import NewMeeting
from ui.pages.page import Page
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.doing import do
from ui.shell.parts import button, label, row, with_card
from ui.shell.row_marks import RowMarks
from ui.widgets.empty_state import EmptyState
from ui.widgets.filter_bar import Chosen, Filter, FilterBar
from ui.widgets.inline_form import InlineForm
from ui.widgets.late_stack import LateStack
from ui.widgets.line_table import LineTable
from ui.widgets.record_model import Column
from ui.widgets.segments import Segments


@dataclass(frozen=True, slots=True)
class MeetingsFacts:
    """Everything the page shows."""

    lines: tuple[MeetingLine, ...]
    open: tuple[OpenResolution, ...]
    homes: Mapping[int, str]
    """The names of the units whose meetings are shared with this one."""


def meetings_facts(db: Database, on: str, chosen: Chosen) -> MeetingsFacts:
    """One visit to the store; runs on the reader thread."""
    state = chosen.one("state")
    lines = queries.meetings(
        db, text=chosen.text, kind=chosen.one("kind") or None, signed=None if not state else state == "signed"
    )
    homes = {home: units.home_name(db, home) for home in {line.home for line in lines} if home}
    return MeetingsFacts(tuple(lines), tuple(queries.open_resolutions(db, on)), homes)


class MeetingsPage(Page):
    """The list; Return opens a meeting in its own tab."""

    tables: ClassVar[frozenset[str]] = frozenset({"meeting", "attendance", "resolution", "org_node"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._homes: Mapping[int, str] = {}
        self._order: tuple[str, bool] = ("", True)
        self._lines: tuple[MeetingLine, ...] = ()
        self._stale: set[int] = set()
        self.build(self._parts())

    def _parts(self) -> Iterator[None]:
        self.faces = Segments((self.tr("会议"), self.tr("该开的会"), self.tr("图表")), self.tr("看哪一面"), self)
        self._pages = LateStack[QWidget](
            (self._make_list, partial(DuePane, self, self._call_type), self._make_charts), self
        )
        self._pages.turn(0)
        self.faces.chosen.connect(self._turn)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(self.faces)
        head.addStretch(1)
        layout.addLayout(head)
        layout.addWidget(self._pages, 1)
        yield
        self._fill_side()
        yield
        self.form = InlineForm(self.desk, self._side)
        self._side_body.addWidget(self.form, 1)
        self.form.opened.connect(self._due_part.hide)
        self.form.closed.connect(self._due_part.show)
        self._empty = EmptyState(self._stack)
        self._stack.addWidget(self._empty)
        self._new = NewMeeting(self.desk)

    @property
    def types(self) -> DuePane:
        """Which kinds of meeting are due."""
        pane = self._pages.face(1)
        assert isinstance(pane, DuePane)  # noqa: S101 what `_parts` names
        return pane

    @property
    def charts(self) -> ChartPane:
        """Who came, who did not."""
        pane = self._pages.face(2)
        assert isinstance(pane, ChartPane)  # noqa: S101 what `_parts` names
        return pane

    def _make_bar(self, parent: QWidget) -> FilterBar:
        kinds = tuple((one.code, one.name) for one in self.desk.codes("meeting_types").offered())
        states = (("open", self.tr("还没签字")), ("signed", self.tr("已签字")))
        filters = (
            Filter("kind", self.tr("类型"), kinds, several=False),
            Filter("state", self.tr("状态"), states, several=False),
        )
        bar = FilterBar(filters, self.tr("会议名称、编号"), self.desk.theme, parent)
        bar.changed.connect(lambda _chosen: self.refresh(frozenset()))
        icon = self.desk.theme.icon("plus", "on_accent")
        bar.actions_row.addWidget(button(self.tr("开新会议"), self.begin, tone="primary", icon=icon))
        return bar

    def _make_list(self) -> QWidget:
        """The list, and room for what stands beside it."""
        first = QWidget(self._pages)
        self.bar = self._make_bar(first)
        self._stack = QStackedWidget(first)
        self.table = self._make_table()
        self._stack.addWidget(self.table)
        self._side = with_card(first, self.bar, self._stack, (7, 4))
        return first

    def _make_charts(self) -> ChartPane:
        nothing = self.tr("今年还没有开过会。开会签到以后，这里看得出谁常来、谁常缺。")
        shown = (
            Shown(self.tr("今年各单位到会"), _this_year(charts.attendance_by_unit), None, nothing),
            Shown(self.tr("今年各类会议到会"), _this_year(charts.attendance_by_type), None, nothing),
        )
        return ChartPane(self, self.tr("会议图表"), shown)

    def _make_table(self) -> LineTable:
        table = LineTable(
            (
                RowMarks(self.desk, "meeting", self).column(),
                Column("starts", self.tr("时间"), 138, lambda line: line.starts_at or self.tr("时间未定"), "starts"),
                Column("title", self.tr("会议"), 220, self._title_of, "title"),
                Column("kind", self.tr("类型"), 110, lambda line: line.kind, "kind"),
                Column("there", self.tr("到会"), 74, lambda line: f"{line.present}/{line.due}", "there"),
                Column("open", self.tr("议定事项"), 92, _resolutions, "open"),
                Column("state", self.tr("状态"), 70, self._state),
                Column("no", self.tr("编号"), 120, lambda line: line.no, "no"),
            ),
            self.tr("会议"),
            self,
            stretch="title",
        )
        table.asked.connect(lambda line: self.desk.open_record("meeting", line.id))
        table.sort_asked.connect(self._sort)
        return table

    def _make_due(self) -> LineTable:
        table = LineTable(
            (
                RowMarks(self.desk, "resolution", self).column(),
                Column("due", self.tr("期限"), 100, self._late),
                Column("text", self.tr("议定事项"), 190, lambda line: line.text),
                Column("owner", self.tr("谁来办"), 76, lambda line: line.owner or self.tr("没有定")),
            ),
            self.tr("还没办完的议定事项"),
            self,
            stretch="text",
        )
        table.asked.connect(lambda line: self.desk.open_record("meeting", line.meeting_id))
        return table

    def _fill_side(self) -> None:
        """What was resolved and is not done yet."""
        side, self.due = self._side, self._make_due()
        self._side_body = inner = QVBoxLayout(side)
        inner.setContentsMargins(14, 10, 12, 12)
        inner.setSpacing(8)
        self._due_part = QWidget(side)
        due = QVBoxLayout(self._due_part)
        due.setContentsMargins(0, 0, 0, 0)
        due.setSpacing(8)
        self._due_title = label(self.tr("议定了还没办完"), "section")
        self._due_words = label("", "muted", wrap=True)
        self._finish = button(self.tr("办完了"), self.finish)
        self._go = button(self.tr("看这次会议"), lambda: self.table_open(self.due.current))
        for part in (self._due_title, self._due_words):
            due.addWidget(part)
        due.addWidget(self.due, 1)
        due.addLayout(row(self._finish, self._go, 1, gap=6))
        due.addStretch()  # keeps the words at the top when the list is hidden
        inner.addWidget(self._due_part, 1)

    def title(self) -> str:
        return self.tr("会议")

    def icon(self) -> str:
        return "meeting"

    def first_focus(self) -> QWidget | None:
        at = self.faces.current
        return (self.types, self.charts)[at - 1].first_focus() if at else self.table

    def _turn(self, at: int) -> None:
        self._pages.turn(at)
        self.install_commands()
        self._freshen()
        focus = self.first_focus()
        if focus is not None:
            focus.setFocus()

    def commands(self) -> tuple[Command, ...]:
        group = self.title()
        if self.faces.current:
            pane = self.types if self.faces.current == 1 else self.charts
            return (*self.faces.commands(group), *pane.commands())
        return (
            *self.faces.commands(group),
            Command(self.tr("开新会议"), self.begin, "Ctrl+N", "plus", group, "meetings.change"),
            Command(self.tr("导出这张表（Excel、PDF）"), self.export, "Ctrl+E", "export", group),
            Command(self.tr("查找会议"), self.bar.search.setFocus, "Ctrl+F", "search", group),
            Command(self.tr("议定事项办完了"), self.finish, "J", "check", group, "meetings.change"),
        )

    def show_this(self, what: object) -> None:
        if what == "new":
            self.begin()
        elif what == "charts":
            self.faces.choose(2)
        elif isinstance(what, str):  # `due`, or a line of the types that are due
            self.types.point_at(what)
            self._stale.add(1)
            self.faces.choose(1)

    # ------------------------------------------------------------------------------------------ show

    def refresh(self, _changed: frozenset[str], /) -> None:
        db, on, chosen = self.desk.app.db, self.desk.app.clock.today().isoformat(), self.bar.chosen
        self.read(lambda: meetings_facts(db, on, chosen), self._show, key="meetings")
        self._stale = {1, 2}
        self._freshen()

    def _freshen(self) -> None:
        """The other faces ask when they are turned to."""
        at = self.faces.current
        if at in self._stale:
            self._stale.discard(at)
            (self.types, self.charts)[at - 1].refresh()

    def _show(self, facts: MeetingsFacts) -> None:
        height = self.desk.theme.row_height
        for table in (self.table, self.due):
            table.set_row_height(height)
        self._homes = facts.homes
        self._lines = facts.lines
        self._show_sorted()
        self.due.show_lines(facts.open)
        self.bar.show_count(self.tr("共 {n} 次").format(n=len(facts.lines)))
        late = sum(line.overdue for line in facts.open)
        words = self.tr("{n} 件，其中 {late} 件过了期限").format(n=len(facts.open), late=late)
        never = not facts.lines and self.bar.chosen.is_empty
        done = self.tr("会上议定的事会列在这里。") if never else self.tr("会上议定的都办完了。")
        self._due_words.setText(words if facts.open else done)
        for part in (self.due, self._finish, self._go):
            part.setVisible(bool(facts.open))
        self._stack.setCurrentIndex(0 if facts.lines else 1)
        if self.bar.chosen.is_empty:
            sentence = self.tr("还没有开过会。选一种会议，名单和要素会自动备好。")
            self._empty.show_words(sentence, self.tr("开新会议"), "Ctrl+N", self.begin)
        else:
            self._empty.show_words(self.tr("没有符合条件的会议。"), self.tr("清除条件"), "", self.bar.clear)

    def _sort(self, order: str, up: bool) -> None:
        self._order = (order, up)
        self._show_sorted()

    def _show_sorted(self) -> None:
        order, up = self._order
        key = ORDERS.get(order)
        self.table.show_lines(sorted(self._lines, key=key, reverse=not up) if key else self._lines)

    def export(self) -> None:
        """The list as it is shown, as a workbook or a paper."""
        path = ask_where(self)
        if path is not None:
            export_to(self, path, self.table.lines)

    def _title_of(self, line: MeetingLine) -> str:
        """A meeting that another unit called says so."""
        whose = self._homes.get(line.home, "")
        return self.tr("{title}（{unit}召集）").format(title=line.title, unit=whose) if whose else line.title

    def _state(self, line: MeetingLine) -> str:
        if line.signed:
            return self.tr("已签字")
        today = self.desk.app.clock.today().isoformat()
        return self.tr("待开") if line.starts_at[:10] > today else self.tr("记录中")

    def _late(self, line: OpenResolution) -> str:
        if line.late is None:
            return line.due_on or self.tr("没有期限")
        if line.late > 0:
            return self.tr("过期 {n} 天").format(n=line.late)
        return self.tr("今天") if line.late == 0 else line.due_on or ""

    # ------------------------------------------------------------------------------------------ verbs

    def begin(self) -> None:
        """A new meeting; it opens in its own tab."""
        self.faces.choose(0)
        self.form.begin(self._new.ask(self.bar.chosen.one("kind"), self._open))

    def _call_type(self, line: DueType) -> None:
        """A meeting of a type that is due, of the branch whose turn it is."""
        self.faces.choose(0)
        self.form.begin(self._new.ask(line.kind, self._open, line.node_id))

    def _open(self, meeting_id: str) -> None:
        self.desk.open_record("meeting", meeting_id)

    def table_open(self, line: OpenResolution | None) -> None:
        """Open the meeting that decided something."""
        if line is not None:
            self._open(line.meeting_id)

    def finish(self) -> None:
        """The resolution under the cursor has been carried out."""
        line, app = self.due.current, self.desk.app
        if line is not None:
            do(
                self.desk,
                self,
                lambda: actions.finish_resolution(app.db, app.actor, line.id),
                lambda _done: self.tr("已办完：{text}").format(text=line.text),
            )


def _this_year(ask: Callable[[Database, str, str], Chart]) -> Callable[[Database, str], Chart]:
    """A chart of the year up to a day."""
    return lambda db, on: ask(db, f"{on[:4]}-01-01", on)


def _resolutions(line: MeetingLine) -> str:
    if not line.resolutions:
        return ""
    return f"{line.resolutions} 项" + (f"，{line.open} 未完" if line.open else "")
