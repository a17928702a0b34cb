"""楼栋: the buildings at the left, the room chart in the middle, the room under the cursor at the right."""

from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from desktop_app.places.queries import BuildingLine, buildings
from ui.pages.building_dialog import BuildingDialog
from ui.pages.buildings_chart import THEMES, BuildingFacts, building_facts, chart_of, looks
from ui.pages.page import Page
from ui.pages.place_verbs import edit_building
from ui.pages.room_pane import RoomPane
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.parts import button, label, row
from ui.shell.row_marks import RowMarks
from ui.shell.state_line import StateLine
from ui.widgets.empty_state import EmptyState
from ui.widgets.line_table import LineTable
from ui.widgets.record_model import RIGHT, Column
from ui.widgets.room_chart import Legend, RoomChart
from ui.widgets.segments import Segments

_LIST, _PANE = 236, 268


class BuildingsPage(Page):
    """Arrows move in the chart, `2-602` jumps, Return opens the room, Insert registers somebody there."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {
            "estate",
            "building",
            "room",
            "residence",
            "household",
            "person",
            "person_tag",
            "party_centre_household",
            "visit",
            "campaign_item",
            "appeal",
            "appeal_event",
        }
    )

    def __init__(self, desk: Desk, only: str = "") -> None:
        """With `only`, the page of one building, without the list."""
        super().__init__(desk)
        self._only = only
        self._facts: BuildingFacts | None = None
        self._theme = THEMES[0]
        self._unit: str | None = None
        self._wanted = ""
        self._heading = label(self.title(), "title")
        self._under = label("", "muted")
        columns = (
            RowMarks(desk, "building", self).column(),
            Column("building", self.tr("楼栋"), 128, lambda line: line.label),
            Column("persons", self.tr("人"), 50, lambda line: str(line.persons or ""), align=RIGHT),
        )
        self.list = LineTable(columns, self.tr("楼栋列表"), self, stretch="building")
        self.chart = RoomChart(desk.theme, self)
        self.legend = Legend(desk.theme, self)
        self.themes = Segments(
            (
                self.tr("居住"),
                self.tr("党员"),
                self.tr("独居"),
                self.tr("关怀"),
                self.tr("走访"),
                self.tr("诉求"),
            ),
            self.tr("图层"),
            self,
        )
        self.units = QHBoxLayout()
        self._units: Segments | None = None
        self.pane = RoomPane(desk, self)
        self.standing = StateLine(desk, "building", self)
        self.empty = EmptyState(self)
        self._connect()
        self._arrange()
        self._dress()

    def _connect(self) -> None:
        self.list.chosen.connect(self._pick)
        self.list.asked.connect(lambda _line: self.chart.setFocus())
        self.themes.chosen.connect(self._paint_theme)
        self.chart.pointed.connect(self.pane.show_room)
        self.chart.opened.connect(lambda room: self.desk.open_record("room", room))
        self.chart.add_asked.connect(lambda room: self.desk.open_record("person-form", f"in:{room}"))
        self.desk.theme.changed.connect(self._dress)

    def _arrange(self) -> None:
        icon = self.desk.theme.icon
        head = row(
            self._heading,
            self._under,
            1,
            button(self.tr("新建楼栋"), self.add, tone="primary", icon=icon("plus", "on_accent")),
            button(self.tr("修改"), self.edit, icon=icon("edit", "accent_text")),
            button(self.tr("补房号"), self.generate, icon=icon("grid", "accent_text")),
            button(self.tr("打印楼栋图"), self.print_chart, icon=icon("printer", "accent_text")),
        )
        tools = row(self.themes, 1)
        tools.insertLayout(1, self.units)
        middle = QWidget(self)
        centre = QVBoxLayout(middle)
        centre.setContentsMargins(0, 0, 0, 0)
        centre.setSpacing(8)
        centre.addLayout(tools)
        centre.addWidget(self.chart, 1)
        centre.addWidget(self.legend)
        self._split = QSplitter(Qt.Orientation.Horizontal, self)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(9)
        for part in (self.list, middle, self.pane):
            self._split.addWidget(part)
        self._split.setStretchFactor(1, 1)
        self.list.setVisible(not self._only)
        self.chart.setObjectName("chart")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 10)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.standing)
        layout.addWidget(self._split, 1)
        layout.addWidget(self.empty, 1)
        self.empty.hide()

    def _dress(self) -> None:
        scale = self.desk.theme.font_px / 14
        self.list.set_row_height(self.desk.theme.row_height)
        self.list.scale_columns(scale)
        self.list.setMinimumWidth(round(_LIST * scale))
        self.list.setMaximumWidth(round(_LIST * scale * 2))
        self.pane.setMinimumWidth(round(_PANE * scale))

    # --------------------------------------------------------------------------------------------------------- page

    def title(self) -> str:
        return self._facts.line.label if self._only and self._facts else self.tr("楼栋")

    def icon(self) -> str:
        return "building"

    def first_focus(self) -> QWidget:
        return self.chart

    def commands(self) -> tuple[Command, ...]:
        here = self.tr("楼栋")
        names = tuple(one.text() for one in self.themes.buttons)
        layers = tuple(
            Command(
                self.tr("图层：{name}").format(name=name), partial(self.themes.choose, at), f"Alt+{at + 1}", group=here
            )
            for at, name in enumerate(names)
        )
        return (
            Command(self.tr("新建楼栋"), self.add, "Ctrl+N", "plus", here, "places.change"),
            Command(self.tr("打印楼栋图"), self.print_chart, "Ctrl+P", "printer", here, "papers.change"),
            Command(self.tr("到楼栋列表"), self.list.setFocus, "Ctrl+F", "building", here),
            Command(self.tr("走访这一户"), self.pane.visit, "V", "pin", here, "visits.change"),
            Command(self.tr("给这一户登记诉求"), self.pane.appeal, "S", "phone", here, "appeals.change"),
            *layers,
        )

    def refresh(self, _changed: frozenset[str], /) -> None:
        db, only = self.desk.app.db, self._only or None
        self.read(lambda: buildings(db, building_id=only), self._show_list, key="list")

    def show_this(self, what: object, /) -> None:
        """The identifier of a building."""
        if isinstance(what, str):
            self._wanted = what
            self.refresh(frozenset())

    # ------------------------------------------------------------------------------------------------------ showing

    def _show_list(self, lines: list[BuildingLine]) -> None:
        point, self._wanted = self._wanted, ""
        self._split.setVisible(bool(lines))
        self.empty.setVisible(not lines)
        if not lines:
            words = self.tr("还没有楼栋。填单元、层数和每层户数，整栋房号一次生成。")
            self.empty.show_words(words, self.tr("新建楼栋"), "Ctrl+N", self.add)
        self.list.show_lines(lines, point=point)
        self._ask()

    def _pick(self, line: BuildingLine | None) -> None:
        if line is not None and (self._facts is None or self._facts.line.id != line.id):
            self._unit = None
            self._ask()

    def _ask(self) -> None:
        line = self.list.current
        if line is not None:
            self.read(lambda: building_facts(self.desk.app.db, line.id), self._show, key="chart")

    def _show(self, facts: BuildingFacts | None) -> None:
        if facts is None:
            return
        new = self._facts is None or self._facts.line.id != facts.line.id
        self._facts = facts
        self.title_changed.emit()
        line = facts.line
        grid = f"　{line.grid}" if line.grid else ""
        self._heading.setText(line.label)
        self.standing.show_record(line.id)
        self._under.setText(
            self.tr("{rooms} 间 · {households} 户 · {persons} 人{grid}").format(
                rooms=line.rooms, households=line.households, persons=line.persons, grid=grid
            )
        )
        if new:
            self._show_units()
        self._paint()

    def _show_units(self) -> None:
        if self._units is not None:
            self._units.deleteLater()
            self._units = None
        units = [unit for unit in self._facts.chart.units if unit] if self._facts else []
        if len(units) > 1:
            words = (self.tr("全部单元"), *(self.tr("{unit}单元").format(unit=unit) for unit in units))
            self._units = Segments(words, self.tr("单元"), self)
            self._units.chosen.connect(lambda at: self._choose_unit(units[at - 1] if at else None))
            self.units.addWidget(self._units)

    def _choose_unit(self, unit: str | None) -> None:
        self._unit = unit
        self._paint()

    def _paint_theme(self, at: int) -> None:
        self._theme = THEMES[at]
        self._paint()

    def _paint(self) -> None:
        if self._facts is None:
            return
        shown = looks(self, self._theme)
        self.legend.show_looks(tuple(shown.values()))
        self.chart.show_chart(chart_of(self._facts, self._theme, self._unit), shown)
        room = self.chart.current_room()
        self.pane.show_room(room.room_id if room else "")

    # -------------------------------------------------------------------------------------------------------- verbs

    def add(self) -> None:
        dialog = BuildingDialog(self.desk, None, self)
        dialog.made.connect(self.show_this)
        dialog.open()

    def edit(self) -> None:
        """Correct what is registered of the building that is shown."""
        shown = self._facts.line.id if self._facts is not None else self._only
        if dialog := edit_building(self.desk, shown, self):
            dialog.open()

    def go_on_with(self, _draft: str, /) -> None:
        self.edit()

    def generate(self) -> None:
        """Add rooms to the building that is shown; rooms that exist are left as they are."""
        if self._facts is not None:
            BuildingDialog(self.desk, self._facts.line, self).open()

    def print_chart(self) -> None:
        if self._facts is not None:
            self.desk.print_form("room_chart", [self._facts.line.id])
