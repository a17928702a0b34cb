"""The two trees side by side, with who stands at the head and what is missing; the node under the cursor in full."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QResizeEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QBoxLayout, QHeaderView, QTreeView, QVBoxLayout, QWidget

from desktop_app.organisation import queries
from desktop_app.organisation.queries import TreeRow
from desktop_app.profiles.town import LINES
from desktop_app.store.database import Database
from ui.pages.face_pane import FacePane
from ui.pages.organisation_node import NodePane
from ui.shell.commands import Command
from ui.shell.parts import label
from ui.shell.row_marks import RowMarks, Standings, standings
from ui.widgets.empty_state import EmptyState
from ui.widgets.marks import Mark

if TYPE_CHECKING:
    from ui.pages.organisation import OrganisationPage

_Index = QModelIndex | QPersistentModelIndex
_ID = Qt.ItemDataRole.UserRole
_SIDE_BY_SIDE = 1000
_HEAD_WIDTH = 92


@dataclass(frozen=True, slots=True)
class TwoLines:
    """Everything the trees show: rows by line, what is missing by node, how full the teams are by building."""

    rows: dict[str, list[TreeRow]]
    missing: dict[str, str]
    teams: dict[str, str]
    headline: str
    standings: Standings


def two_lines(db: Database, on: str) -> TwoLines:
    """One visit to the store; runs on the reader thread."""
    covered, standing = queries.group_coverage(db, on)
    words = [queries.headline(db, on), f"有党小组的楼栋 {covered}/{standing}" if standing else ""]
    rows = {line: queries.tree(db, line, on) for line in LINES}
    nodes = [row.node.id for line in rows.values() for row in line]
    return TwoLines(
        rows,
        {gap.node_id: gap.missing for gap in queries.vacancies(db, on) if gap.node_id},
        {building.id: board.count for building, board in queries.building_teams(db, on)},
        "　".join(part for part in words if part),
        standings(db, "org_node", nodes),
    )


class LineTree(QTreeView):
    """One line; Return opens what can be done with a node."""

    pointed = Signal(str)
    opened = Signal()

    def __init__(self, name: str, pane: QWidget) -> None:
        super().__init__(pane)
        self.setAccessibleName(name)
        self.items = QStandardItemModel(self)
        self._names: dict[str, QStandardItem] = {}
        self.setModel(self.items)
        self.setUniformRowHeights(True)
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.setIndentation(16)
        self.setAllColumnsShowFocus(True)

    @property
    def nodes(self) -> list[str]:
        """Identifiers of the nodes that are shown."""
        return list(self._names)

    def show_rows(self, rows: Sequence[TreeRow], lines: TwoLines, pane: "TreePane") -> None:
        """Draw the tree anew, unfolded."""
        self.items.clear()
        self._names.clear()
        self.items.setHorizontalHeaderLabels([self.tr("组织"), self.tr("负责人")])
        above: list[QStandardItem] = []
        for row in rows:
            del above[row.depth :]
            cells = self._cells(row, lines, pane)
            (above[-1] if above else self.items.invisibleRootItem()).appendRow(cells)
            above.append(cells[0])
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(1, round(_HEAD_WIDTH * pane.page.desk.theme.font_px / 14))
        self.expandAll()

    def _cells(self, row: TreeRow, lines: TwoLines, pane: "TreePane") -> list[QStandardItem]:
        node, theme = row.node, pane.page.desk.theme
        team = lines.teams.get(node.building_id or "", "")
        name = QStandardItem(f"{node.name}　{team}" if team else node.name)
        name.setData(node.id, _ID)
        name.setSizeHint(QSize(0, theme.row_height))
        name.setToolTip(f"{node.kind}　{node.name}")
        self._names[node.id] = name
        missing = lines.missing.get(node.id, "")
        head = QStandardItem(self.tr("缺{role}").format(role=missing) if missing else row.head)
        head.setToolTip(head.text())
        if missing:
            head.setForeground(theme.colour("warn"))
        return [name, head]

    def mark_rows(self, marks: Mapping[str, Mark | None]) -> None:
        """An icon, a tool tip and words for the screen reader on what is not simply synced."""
        for node_id, name in self._names.items():
            mark = marks.get(node_id)
            name.setIcon(mark.icon if mark else QIcon())
            plain = name.toolTip().partition("\n")[0]
            name.setToolTip(f"{plain}\n{mark.told}" if mark else plain)
            name.setAccessibleText(f"{name.text()}，{mark.told}" if mark else name.text())

    def point_at(self, node_id: str) -> bool:
        """Put the cursor on a node."""
        found = self.items.match(
            self.items.index(0, 0), _ID, node_id, 1, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
        )
        if found:
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(found[0], flags)
            self.scrollTo(found[0])
        return bool(found)

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        super().currentChanged(current, previous)
        node_id = current.sibling(current.row(), 0).data(_ID)
        if isinstance(node_id, str):
            self.pointed.emit(node_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.opened.emit()
        else:
            super().keyPressEvent(event)


class TreePane(FacePane):
    """Two trees and a node."""

    headline = Signal(str)
    tables: ClassVar[frozenset[str]] = frozenset(
        {
            "org_node",
            "seat",
            "party_centre_household",
            "building",
            "estate",
            "person",
        }
    )

    def __init__(self, page: "OrganisationPage") -> None:
        super().__init__(page)
        self.page: OrganisationPage = page
        self._lines = QWidget(self)
        self.trees = {line: LineTree(self.tr("{line}这条线").format(line=line), self._lines) for line in LINES}
        self.node = NodePane(page, self)
        self.marks = RowMarks(page.desk, "org_node", self)
        self.marks.forgotten(self._ask_marks)
        self._empty = EmptyState(self)
        self._shown = ""
        self._arrange()
        for line, tree in self.trees.items():
            tree.pointed.connect(self._point)
            tree.opened.connect(self.node.appoint)
            tree.setObjectName(line)
        self.node.asked.connect(self.point_at)

    def _arrange(self) -> None:
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._both.setSpacing(10)
        titles = (self.tr("党组织　一条线"), self.tr("自治　一条线"))
        for line, words in zip(LINES, titles, strict=True):
            side = QVBoxLayout()
            side.setSpacing(4)
            side.addWidget(label(words, "section"))
            side.addWidget(self.trees[line], 1)
            self._both.addLayout(side, 1)
        self._both.setContentsMargins(0, 0, 0, 0)
        self._lines.setLayout(self._both)
        layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._lines, 3)
        layout.addWidget(self._empty, 3)
        layout.addWidget(self.node, 2)
        self._empty.hide()

    def first_focus(self) -> QWidget | None:
        return self.trees[LINES[0]]

    def commands(self) -> tuple[Command, ...]:
        return self.node.commands()

    def refresh(self) -> None:
        db, on = self.page.desk.app.db, self.page.desk.app.clock.today().isoformat()
        self.page.read(lambda: two_lines(db, on), self._show, key="trees")

    def _ask_marks(self) -> None:
        """Somebody committed or synced; asked only while somebody looks."""
        db, nodes = self.page.desk.app.db, [one for tree in self.trees.values() for one in tree.nodes]
        if self.isVisible():
            self.page.read(lambda: standings(db, "org_node", nodes), self._show_marks, key="marks")

    def _show_marks(self, found: Standings) -> None:
        marks = {node_id: self.marks.mark(*one) for node_id, one in found.items()}
        for tree in self.trees.values():
            tree.mark_rows(marks)

    def _show(self, lines: TwoLines) -> None:
        bare = not any(lines.rows.values())
        self._empty.setVisible(bare)
        self._lines.setVisible(not bare)
        self._empty.show_words(
            self.tr("还没有登记组织。先建社区党组织和居委会，再往下建网格、小区、楼栋。"),
            self.tr("建第一个组织"),
            "Ctrl+N",
            self.node.found_first,
        )
        self.headline.emit(lines.headline)
        wanted = self._shown
        for line, tree in self.trees.items():
            tree.blockSignals(True)
            tree.show_rows(lines.rows[line], lines, self)
            tree.blockSignals(False)
        self._show_marks(lines.standings)
        if not wanted or not self.point_at(wanted):
            first = next((rows[0].node.id for rows in lines.rows.values() if rows), "")
            if first:
                self.point_at(first)
            else:
                self.node.show_node("")

    def point_at(self, node_id: str) -> bool:
        """Put the cursor on a node of whichever line has it."""
        return any(tree.point_at(node_id) for tree in self.trees.values())

    def _point(self, node_id: str) -> None:
        self._shown = node_id
        for tree in self.trees.values():
            if tree is not self.sender():
                tree.selectionModel().clearSelection()
        self.node.show_node(node_id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < _SIDE_BY_SIDE * self.page.desk.theme.font_px / 14
        directions = QBoxLayout.Direction
        self._both.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)
