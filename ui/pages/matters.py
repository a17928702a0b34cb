"""议事: the board by stage, the list, and what each quarter asks for."""

import re
from collections.abc import Mapping
from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout

from desktop_app.matters import charts
from desktop_app.matters.counting import MatterFigures, figures
from ui.pages.chart_pane import ChartPane, Shown
from ui.pages.matters_board import Board
from ui.pages.matters_list import MattersPane
from ui.pages.matters_quarter import QuarterPane
from ui.pages.page import Page
from ui.pages.page_of_faces import Face, PageOfFaces
from ui.shell.commands import Command
from ui.widgets.elided import ElidedLabel

_BOARD, _LIST, _QUARTER, _CHARTS = range(4)
_QUARTERS = re.compile(r"\d{4}Q[1-4]")


class MatterCharts(ChartPane):
    """How far the open ones are, where they stand, how the closed ones were judged."""

    def __init__(self, page: Page) -> None:
        def matter(identifier: str) -> None:
            page.desk.open_record("matter", identifier)

        shown = (
            Shown(page.tr("办理进度"), charts.progress, matter, page.tr("没有在办的议题。")),
            Shown(page.tr("在办议题在哪一步"), charts.stages),
            Shown(page.tr("结案议题的评价"), charts.judged, None, page.tr("还没有结案的议题。")),
        )
        super().__init__(page, page.tr("议题图表"), shown)


class MattersPage(PageOfFaces):
    """Four faces."""

    board = Face(Board)
    list = Face(MattersPane)
    quarter = Face(QuarterPane)
    charts = Face(MatterCharts)
    tables: ClassVar[frozenset[str]] = Board.tables | QuarterPane.tables
    opens: ClassVar[Mapping[str, int]] = {"quarter": _QUARTER, "charts": _CHARTS}

    def words(self) -> tuple[str, ...]:
        return (self.tr("看板"), self.tr("议题"), self.tr("四个一"), self.tr("图表"))

    def fill_head(self, head: QHBoxLayout) -> None:
        self._headline = ElidedLabel("muted", self)
        head.addWidget(self._headline, 1)

    def title(self) -> str:
        return self.tr("议事")

    def icon(self) -> str:
        return "people"

    def commands(self) -> tuple[Command, ...]:
        new = () if self.faces.current == _LIST else (self._new(),)
        return (*new, *super().commands())

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
        elif isinstance(what, str) and _QUARTERS.fullmatch(what):
            self.faces.choose(_QUARTER)
        elif what in self.opens:
            super().show_this(what)
        elif isinstance(what, str):
            self.list.point_at(what)
            self.faces.choose(_LIST)

    def refresh(self, changed: frozenset[str], /) -> None:
        super().refresh(changed)
        db = self.desk.app.db
        if not changed or changed & Board.tables:
            self.read(lambda: figures(db), self._show, key="figures")

    def _show(self, told: MatterFigures) -> None:
        words = self.tr("共 {all} 件　在办 {open}　逾期 {late}　结案 {closed}　满意 {good}／{rated}").format(
            all=told.proposed,
            open=told.open,
            late=told.late,
            closed=told.closed,
            good=told.satisfied,
            rated=told.rated,
        )
        self._headline.show_words(words)
        self.faces.show_count(_BOARD, told.late)
