"""党员中心户: the list with filters and sorting, what is covered twice or not at all, and one household in full."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.organisation import queries
from desktop_app.organisation.centres import CentreLine, CoverageDoubts
from desktop_app.organisation.model import PartyCentreHousehold
from desktop_app.places.queries import estates
from desktop_app.profiles.town import LINES
from desktop_app.residents.queries import counts
from desktop_app.shared.dates import natural_key
from desktop_app.shared.pinyin import sort_key
from desktop_app.shared.text import mask
from desktop_app.store.database import Database
from ui.pages.face_pane import FacePane
from ui.pages.organisation_asks import CentreAsks
from ui.shell.commands import Command
from ui.shell.parts import button, clear, label, with_card
from ui.shell.row_marks import RowMarks
from ui.shell.state_line import StateLine
from ui.widgets.empty_state import EmptyState
from ui.widgets.facts import Facts
from ui.widgets.filter_bar import Chosen, Filter, FilterBar
from ui.widgets.flow import Flow
from ui.widgets.inline_form import InlineForm
from ui.widgets.line_table import LineTable
from ui.widgets.record_form import scrolled
from ui.widgets.record_model import CENTRE, Column
from ui.widgets.secret import Secret

if TYPE_CHECKING:
    from ui.pages.organisation import OrganisationPage

_ORDERS: dict[str, Callable[[CentreLine], Any]] = {
    "plaque": lambda line: (not line.plaque_no, natural_key(line.plaque_no)),
    "host": lambda line: sort_key(line.host_name),
    "branch": lambda line: (natural_key(line.branch), line.host_name),
    "span": lambda line: (line.estate, natural_key(line.span)),
    "homes": lambda line: line.households,
    "from": lambda line: line.from_on or "",
}
_MOST_DOUBTS = 6
_BAR = 24  # what the scroll bar and the margins take


@dataclass(frozen=True, slots=True)
class CentreFacts:
    """Everything the pane shows."""

    lines: tuple[CentreLine, ...]
    doubts: CoverageDoubts
    homes: int
    estates: tuple[tuple[str, str], ...]
    branches: tuple[tuple[str, str], ...]


def centre_facts(db: Database, on: str, chosen: Chosen) -> CentreFacts:
    """One visit to the store; runs on the reader thread."""
    lines = queries.centre_households(
        db,
        on,
        text=chosen.text,
        node_id=chosen.one("branch") or None,
        estate_id=chosen.one("estate") or None,
        ended=bool(chosen.one("state")),
    )
    nodes = [row.node for row in queries.tree(db, LINES[0], on)]
    return CentreFacts(
        tuple(lines),
        queries.coverage_doubts(db, on),
        counts(db)["households"],
        tuple((one.id, one.name) for one in estates(db)),
        tuple((node.id, node.name) for node in nodes if node.level <= 3),  # noqa: PLR2004 branches end at the estate
    )


class CentresPane(FacePane):
    """The list at the left, the household or its form at the right."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {
            "party_centre_household",
            "org_node",
            "household",
            "building",
            "estate",
        }
    )

    def __init__(self, page: "OrganisationPage") -> None:
        super().__init__(page)
        self.page: OrganisationPage = page
        self._asks = CentreAsks(page.desk)
        self._facts: CentreFacts | None = None
        self._order, self._up = "plaque", True
        self._point = ""
        filters = (
            Filter("branch", self.tr("党支部"), several=False),
            Filter("estate", self.tr("小区"), several=False),
            Filter("state", self.tr("已摘牌"), (("ended", self.tr("也看已摘牌的")),), several=False),
        )
        self.bar = FilterBar(filters, self.tr("姓名、楼栋、编号"), page.desk.theme, self)
        self.bar.changed.connect(lambda _chosen: self.refresh())
        self.table = self._make_table()
        self.form = InlineForm(page.desk, self)
        self.detail = CentreCard(self)
        self._words = label("", wrap=True)
        self._doubts = QVBoxLayout()
        self._empty = EmptyState(self)
        self._arrange()

    def _make_table(self) -> LineTable:
        table = LineTable(
            (
                RowMarks(self.page.desk, "party_centre_household", self).column(),
                Column("plaque", self.tr("牌匾编号"), 92, lambda line: line.plaque_no, "plaque"),
                Column("host", self.tr("户主"), 76, lambda line: line.host_name, "host"),
                Column("span", self.tr("联系楼栋"), 158, lambda line: f"{line.estate}　{line.span}".strip(), "span"),
                Column("homes", self.tr("户数"), 56, lambda line: str(line.households), "homes", CENTRE),
                Column("branch", self.tr("党支部"), 132, lambda line: line.branch, "branch"),
                Column("phone", self.tr("电话"), 112, lambda line: mask("phone", line.phones.split(" ")[0])),
                Column("from", self.tr("挂牌"), 92, _since, "from"),
            ),
            self.tr("党员中心户"),
            self,
            several=True,
            stretch="span",
        )
        table.sort_asked.connect(self._sort)
        table.chosen.connect(self._show_line)
        table.asked.connect(lambda _line: self.change())
        return table

    def _arrange(self) -> None:
        theme = self.page.desk.theme
        self.bar.actions_row.addWidget(
            button(self.tr("新增"), self.add, tone="primary", icon=theme.icon("plus", "on_accent"))
        )
        left = QVBoxLayout()
        left.setSpacing(8)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        left.addWidget(self._stack, 1)
        summary = QFrame(self)
        summary.setObjectName("card")
        inner = QVBoxLayout(summary)
        inner.setContentsMargins(14, 8, 14, 10)
        inner.setSpacing(4)
        inner.addWidget(self._words)
        inner.addLayout(self._doubts)
        left.addWidget(summary)
        side = QVBoxLayout(with_card(self, self.bar, left, (5, 2)))
        side.setContentsMargins(14, 10, 10, 12)
        side.addWidget(self.detail, 1)
        side.addWidget(self.form, 1)
        self.form.opened.connect(self._flip)
        self.form.closed.connect(self._flip)

    def _flip(self) -> None:
        self.detail.setVisible(not self.form.is_open)
        if not self.form.is_open:
            self.table.setFocus()

    def first_focus(self) -> QWidget | None:
        return self.table

    def commands(self) -> tuple[Command, ...]:
        group = self.tr("党员中心户")
        return (
            Command(self.tr("新增党员中心户"), self.add, "Ctrl+N", "plus", group, "organisation.change"),
            Command(self.tr("修改选中的中心户"), self.change, "E", "edit", group, "organisation.change"),
            Command(self.tr("选中的中心户摘牌"), self.end, "Delete", "", group, "organisation.change"),
            Command(self.tr("打印选中的标牌"), self.print_plaques, "Ctrl+P", "printer", group, "papers.change"),
            Command(self.tr("查找中心户"), self.bar.search.setFocus, "Ctrl+F", "search", group),
        )

    # ------------------------------------------------------------------------------------------ show

    def refresh(self) -> None:
        db, on, chosen = self.page.desk.app.db, self.page.desk.app.clock.today().isoformat(), self.bar.chosen
        self.page.read(lambda: centre_facts(db, on, chosen), self._show, key="centres")

    def _show(self, facts: CentreFacts) -> None:
        self._facts = facts
        self.bar.chips["branch"].set_choices(facts.branches)
        self.bar.chips["estate"].set_choices(facts.estates)
        self.table.set_row_height(self.page.desk.theme.row_height)
        self._show_sorted()
        self._show_words(facts)
        self._stack.setCurrentIndex(0 if facts.lines else 1)
        self.bar.show_count(self.tr("共 {n} 户").format(n=len(facts.lines)))
        if self.bar.chosen.is_empty:
            words = self.tr("还没有党员中心户。选一位党员，写上联系哪几栋，就能挂牌。")
            self._empty.show_words(words, self.tr("新增中心户"), "Ctrl+N", self.add)
        else:
            self._empty.show_words(self.tr("没有符合条件的中心户。"), self.tr("清除条件"), "", self.bar.clear)

    def _show_sorted(self) -> None:
        lines = sorted(self._facts.lines if self._facts else (), key=_ORDERS[self._order], reverse=not self._up)
        self.table.show_lines(lines, point=self._point)
        self._point = ""

    def _sort(self, order: str, up: bool) -> None:
        self._order, self._up = order, up
        self._show_sorted()

    def _show_words(self, facts: CentreFacts) -> None:
        covered = sum(line.households for line in facts.lines if not line.to_on)
        doubts = facts.doubts
        words = [self.tr("联系到 {n} 户，全社区 {all} 户").format(n=f"{covered:,}", all=f"{facts.homes:,}")]
        counts = (
            (self.tr("两家同时联系的 {n} 处"), doubts.overlaps),
            (self.tr("还没有人联系的 {n} 处"), doubts.gaps),
            (self.tr("编号重复的 {n} 个"), doubts.plaques),
        )
        words += [text.format(n=len(found)) for text, found in counts if found]
        self._words.setText("　·　".join(words))
        clear(self._doubts)
        for title, found in (
            (self.tr("重叠"), doubts.overlaps),
            (self.tr("空白"), doubts.gaps),
            (self.tr("同号"), doubts.plaques),
        ):
            if found:
                more = self.tr(" 等 {n} 处").format(n=len(found)) if len(found) > _MOST_DOUBTS else ""
                line = label(f"{title}：{'；'.join(found[:_MOST_DOUBTS])}{more}", "muted", wrap=True)
                line.setToolTip("\n".join(found))
                self._doubts.addWidget(line)

    def _show_line(self, line: CentreLine | None) -> None:
        self.detail.show_line(line)

    # ------------------------------------------------------------------------------------------ verbs

    def add(self) -> None:
        """A new centre household."""
        self.form.begin(self._asks.add(self._remember))

    def _remember(self, centre_id: str) -> None:
        self._point = centre_id

    def change(self) -> None:
        """Change the household under the cursor."""
        if self.table.current is not None:
            self.form.begin(self._asks.change(self.table.current))

    def end(self) -> None:
        """Take the plaque of the household under the cursor down."""
        if self.table.current is not None and not self.table.current.to_on:
            self.form.begin(self._asks.end(self.table.current))

    def print_plaques(self) -> None:
        """The plaques of the selected households, in the print centre."""
        self.page.desk.print_form("centre_plaque", [line.id for line in self.table.selected])


def _since(line: CentreLine) -> str:
    return f"{line.to_on} 摘牌" if line.to_on else line.from_on or ""


class CentreCard(QWidget):
    """One household in words, and what can be done."""

    def __init__(self, pane: CentresPane) -> None:
        super().__init__(pane)
        self._pane = pane
        theme = pane.page.desk.theme
        self._title = label("", "title", wrap=True)
        self._standing = StateLine(pane.page.desk, "party_centre_household", self)
        self._facts = Facts(self)
        self._verbs = (
            button(self.tr("打标牌"), pane.print_plaques, tone="primary", icon=theme.icon("printer", "on_accent")),
            button(self.tr("修改"), pane.change),
            button(self.tr("摘牌"), pane.end, tone="danger"),
        )
        content = QWidget(self)
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(12)
        inner.addWidget(self._title)
        inner.addWidget(self._standing)
        inner.addWidget(self._facts)
        verbs = Flow(content)
        verbs.show_widgets(self._verbs)
        inner.addWidget(verbs)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self._content, self._area = content, scrolled(content)
        whole.addWidget(self._area)
        content.installEventFilter(self)
        self.show_line(None)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """The card is never narrower than a telephone in it, also one that is shown whole: the list scrolls instead."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._area.setMinimumWidth(self._content.minimumSizeHint().width() + _BAR)
        return False

    def show_line(self, line: CentreLine | None) -> None:
        """Show a household, or nothing."""
        self._standing.show_record(line.id if line is not None else "")
        for part in (*self._verbs, self._title, self._facts):
            part.setVisible(line is not None)
        if line is None:
            return
        self._title.setText(line.host_name)
        phone = Secret(self.tr("电话"), self._pane.page.desk.theme)
        phone.show_secret(mask("phone", line.phones), lambda: line.phones)
        phone.revealed.connect(lambda: self._pane.page.desk.note_look(PartyCentreHousehold, line.id, "电话"))
        self._facts.show_facts(
            [
                (self.tr("牌匾编号"), line.plaque_no),
                (self.tr("党支部"), line.branch),
                (self.tr("住址"), f"{line.estate} {line.room}".strip()),
                (self.tr("联系楼栋"), f"{line.span}（{line.households} 户）"),
                (self.tr("电话"), phone if line.phones else None),
                (self.tr("服务内容"), line.services),
                (self.tr("挂牌"), line.from_on),
                (self.tr("摘牌"), line.to_on),
            ]
        )
