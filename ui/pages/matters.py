"""议事: the board by stage, the list, and what each quarter asks for."""

import re
from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.matters import charts
from desktop_app.matters.counting import BoardColumn, MatterFigures, board, figures
from ui.pages.chart_pane import ChartPane, Shown
from ui.pages.matters_board import Board
from ui.pages.matters_list import MattersPane
from ui.pages.matters_quarter import QuarterPane
from ui.pages.page import Page
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.widgets.elided import ElidedLabel
from ui.widgets.segments import Segments

_BOARD, _LIST, _QUARTER, _CHARTS = range(4)
_QUARTERS = re.compile(r"\d{4}Q[1-4]")
_QUARTERLY = frozenset({"campaign", "meeting", "matter_event", "resolution", "activity", "quarter_item"})


class MattersPage(Page):
    """Four faces."""

    tables: ClassVar[frozenset[str]] = frozenset({"matter"}) | _QUARTERLY

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        words = (self.tr("看板"), self.tr("议题"), self.tr("四个一"), self.tr("图表"))
        self.faces = Segments(words, self.tr("看哪一面"), self)
        self.board = Board(self)
        self.list = MattersPane(self)
        self.list.build_verbs()
        self.quarter = QuarterPane(self)
        self.charts = self._make_charts()
        self._headline = ElidedLabel("muted", self)
        self._stack = QStackedWidget(self)
        for part in self._parts:
            self._stack.addWidget(part)
        self.faces.chosen.connect(self._turn)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.faces)
        head.addWidget(self._headline, 1)
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)

    def title(self) -> str:
        return self.tr("议事")

    def icon(self) -> str:
        return "people"

    def first_focus(self) -> QWidget:
        return self._parts[self._stack.currentIndex()].first_focus()

    @property
    def _parts(self) -> tuple[Board, MattersPane, QuarterPane, ChartPane]:
        return self.board, self.list, self.quarter, self.charts

    def _make_charts(self) -> ChartPane:
        def matter(identifier: str) -> None:
            self.desk.open_record("matter", identifier)

        shown = (
            Shown(self.tr("办理进度"), charts.progress, matter, self.tr("没有在办的议题。")),
            Shown(self.tr("在办议题在哪一步"), charts.stages),
            Shown(self.tr("结案议题的评价"), charts.judged, None, self.tr("还没有结案的议题。")),
        )
        return ChartPane(self, self.tr("议题图表"), shown)

    def commands(self) -> tuple[Command, ...]:
        at = self._stack.currentIndex()
        part = self._parts[at]
        own = () if isinstance(part, Board) else part.commands()
        new = () if at == _LIST else (self._new(),)
        return (*self.faces.commands(self.title()), *new, *own)

    def _new(self) -> Command:
        return Command(self.tr("提出议题"), self.new, "Ctrl+N", "plus", self.title(), "matters.change")

    def new(self) -> None:
        """A proposal, beside the list."""
        self.faces.choose(_LIST)
        self.list.new()

    def show_this(self, what: object, /) -> None:
        """`new`, `quarter`, `charts`, a quarter (2026Q4), or the identifier of a matter."""
        if what == "new":
            self.new()
        elif what == "quarter" or (isinstance(what, str) and _QUARTERS.fullmatch(what)):
            self.faces.choose(_QUARTER)
        elif what == "charts":
            self.faces.choose(_CHARTS)
        elif isinstance(what, str):
            self.list.point_at(what)
            self.faces.choose(_LIST)

    def refresh(self, changed: frozenset[str], /) -> None:
        db = self.desk.app.db
        if not changed or changed & {"matter", "matter_event"}:
            self.read(lambda: (board(db), figures(db)), self._show, key="board")
            self.list.refresh()
            self.charts.refresh()
        if not changed or changed & _QUARTERLY:
            self.quarter.refresh()

    def _show(self, found: tuple[list[BoardColumn], MatterFigures]) -> None:
        columns, told = found
        self.board.show_columns(columns)
        self._headline.show_words(
            self.tr("共 {all} 件　在办 {open}　逾期 {late}　结案 {closed}　满意 {good}／{rated}").format(
                all=told.proposed,
                open=told.open,
                late=told.late,
                closed=told.closed,
                good=told.satisfied,
                rated=told.rated,
            )
        )
        self.faces.show_count(_BOARD, told.late)

    def _turn(self, at: int) -> None:
        self._stack.setCurrentIndex(at)
        self.install_commands()
        self.first_focus().setFocus()
