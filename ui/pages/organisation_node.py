"""One node of the organisation: where it stands, who holds its posts, what is missing, and what can be done with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.organisation import queries
from desktop_app.organisation.model import OrgNode, Seat
from desktop_app.organisation.rules import TeamBoard
from desktop_app.profiles.desk import town_of
from desktop_app.profiles.town import LINES
from desktop_app.shared.text import mask
from desktop_app.store.database import Database
from desktop_app.store.homes import may_change
from desktop_app.sync import units
from ui.pages.organisation_asks import NodeAsks
from ui.shell.commands import Command
from ui.shell.parts import button, clear, label, mark
from ui.shell.row_marks import RowMarks
from ui.shell.state_line import StateLine
from ui.widgets.in_parts import InParts
from ui.widgets.inline_form import InlineForm
from ui.widgets.line_table import LineTable
from ui.widgets.record_form import scrolled
from ui.widgets.record_model import Column

if TYPE_CHECKING:
    from ui.pages.organisation import OrganisationPage

_LOWEST = 5
_TEAM_COLUMNS = 2
_FEWEST, _MOST = 2, 7  # posts shown at once


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """A node with what belongs to it."""

    node: OrgNode
    path: tuple[OrgNode, ...]
    other: OrgNode | None
    seats: tuple[Seat, ...]
    head: str
    below: str
    team: TeamBoard | None
    home: str
    """The unit it belongs to, where it can only be seen here."""


def node_facts(db: Database, node_id: str, on: str) -> NodeFacts | None:
    """One visit to the store; runs on the reader thread."""
    node = db.get(OrgNode, node_id)
    if node is None:
        return None
    town = town_of(db)
    return NodeFacts(
        node,
        tuple(queries.node_path(db, node.id))[:-1],
        queries.counterpart(db, node, on),
        tuple(queries.seats_of(db, node.id, on)),
        town.level(node.line, node.level).head,
        town.level(node.line, node.level + 1).kind if node.level < _LOWEST else "",
        queries.building_team(db, node.building_id, on) if node.building_id else None,
        "" if may_change("org_node", node.scope) else units.home_name(db, node.scope),
    )


class NodePane(InParts, QFrame):
    """Shows a node; its forms open in its place."""

    asked = Signal(str)  # another node

    def __init__(self, page: "OrganisationPage", parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.page = page
        self.facts: NodeFacts | None = None
        self._asks = NodeAsks(page.desk)
        self.build(self._parts())

    def _parts(self) -> Iterator[None]:
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(14, 10, 10, 12)
        yield
        self._make_view()
        yield
        self.form = InlineForm(self.page.desk, self)
        self._body.addWidget(self.form, 1)
        self.form.opened.connect(self._flip)
        self.form.closed.connect(self._flip)
        self.page.place_forms(self)

    def _make_view(self) -> None:
        page = self.page
        self._name = label("", "title", wrap=True)
        self._marks = QHBoxLayout()
        self._standing = StateLine(page.desk, "org_node", self)
        self._path = label("", "muted", wrap=True)
        self._other = button("", self._go_other, tone="link")
        self._lack = label("", wrap=True)
        self.whose = label("", "muted", wrap=True)
        self._team = QGridLayout()
        self._team_title = label("", "section")
        self.seats = LineTable(
            (
                RowMarks(page.desk, "seat", self).column(),
                Column("role", self.tr("职务"), 108, lambda seat: self.page.desk.codes("roles").name(seat.role)),
                Column("name", self.tr("姓名"), 76, lambda seat: seat.name),
                Column("phone", self.tr("电话"), 112, lambda seat: mask("phone", seat.phone or "")),
                Column("from", self.tr("任职"), 90, lambda seat: seat.from_on or ""),
            ),
            self.tr("任职"),
            self,
            stretch="role",
        )
        self.seats.asked.connect(lambda _seat: self.change_seat())
        self._verbs = self._verb_row()
        self._arrange()
        self._view.hide()

    def _verb_row(self) -> QGridLayout:
        theme = self.page.desk.theme
        self.appoint_button = button(
            self.tr("任命"), self.appoint, tone="primary", icon=theme.icon("plus", "on_accent")
        )
        self.end_button = button(self.tr("卸任"), self.end_seat)
        verbs = (
            self.appoint_button,
            self.end_button,
            button(self.tr("建下级组织"), self.found_below),
            button(self.tr("更名"), self.rename),
            button(self.tr("撤销组织"), self.close_node, tone="danger"),
        )
        self.verb_buttons = verbs
        grid = QGridLayout()
        grid.setSpacing(6)
        for at, verb in enumerate(verbs):
            grid.addWidget(verb, at // 3, at % 3)
        return grid

    def _arrange(self) -> None:
        content = QWidget(self)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._path)
        layout.addWidget(self._name)
        layout.addLayout(self._marks)
        layout.addWidget(self._standing)
        layout.addWidget(self.whose)
        layout.addWidget(self._other)
        layout.addWidget(self._lack)
        layout.addWidget(self.seats)
        layout.addLayout(self._verbs)
        layout.addSpacing(6)
        layout.addWidget(self._team_title)
        layout.addLayout(self._team)
        self._view = scrolled(content)
        self._body.addWidget(self._view, 1)

    def _flip(self) -> None:
        self._view.setVisible(not self.form.is_open and self.facts is not None)
        if not self.form.is_open:
            self.seats.setFocus()

    def commands(self) -> tuple[Command, ...]:
        group = self.tr("党建组织")
        return (
            Command(self.tr("任命：在这个组织任职"), self.appoint, "N", "plus", group, "organisation.change"),
            Command(self.tr("修改选中的任职"), self.change_seat, "E", "edit", group, "organisation.change"),
            Command(self.tr("选中的人卸任"), self.end_seat, "Delete", "", group, "organisation.change"),
            Command(self.tr("建下级组织"), self.found_below, "Ctrl+N", "plus", group, "organisation.change"),
            Command(self.tr("组织更名"), self.rename, "F2", "edit", group, "organisation.change"),
        )

    # ------------------------------------------------------------------------------------------ show

    def show_node(self, node_id: str) -> None:
        """Ask for a node and show it; "" for none."""
        if not node_id:
            self.facts = None
            self._flip()
            return
        db, on = self.page.desk.app.db, self._today
        self.page.read(lambda: node_facts(db, node_id, on), self._show, key="node")

    @property
    def _today(self) -> str:
        return self.page.desk.app.clock.today().isoformat()

    def _show(self, facts: NodeFacts | None) -> None:
        if facts is None:
            self.show_node("")
            return
        if self.facts is None or self.facts.node.id != facts.node.id:
            self.form.close_form()
        self.facts = facts
        node = facts.node
        self._path.setText(" › ".join(above.name for above in facts.path))
        self._path.setVisible(bool(facts.path))
        self._name.setText(node.name)
        self._standing.show_record(node.id)
        self._show_marks(node)
        self._other.setVisible(facts.other is not None)
        if facts.other is not None:
            self._other.setText(self.tr("同级对应：{name}").format(name=facts.other.name))
        held = {self.page.desk.codes("roles").name(seat.role) for seat in facts.seats}
        gap = facts.head if facts.head and self.page.desk.codes("roles").name(facts.head) not in held else ""
        self._lack.setText(self.tr("还缺：{role}").format(role=gap) if gap else "")
        self._lack.setVisible(bool(gap))
        self._lack.setStyleSheet(f"color: {self.page.desk.theme.colours.warn}")
        self.seats.set_row_height(self.page.desk.theme.row_height)
        self.seats.show_lines(facts.seats)
        lines = min(max(len(facts.seats), _FEWEST), _MOST) + 1
        self.seats.setFixedHeight(lines * (self.page.desk.theme.row_height + 2) + 6)
        self._show_whose(facts)
        self._show_team(facts.team)
        self._flip_quietly()

    def _show_whose(self, facts: NodeFacts) -> None:
        """What belongs to a unit below can be seen, and is changed there."""
        words = self.tr("这是{unit}的组织，这里只能看；要改请联系那里。").format(unit=facts.home) if facts.home else ""
        self.whose.setText(words)
        self.whose.setVisible(bool(words))
        for verb in self.verb_buttons:
            verb.setEnabled(self.is_ours)
            verb.setToolTip(words)
        self.end_button.setEnabled(self.is_ours and bool(facts.seats))

    @property
    def is_ours(self) -> bool:
        """Whether what is shown may be changed here."""
        return self.facts is not None and not self.facts.home

    def _flip_quietly(self) -> None:
        self._view.setVisible(not self.form.is_open)

    def _show_marks(self, node: OrgNode) -> None:
        clear(self._marks)
        self._marks.setSpacing(6)
        self._marks.addWidget(mark(node.line, "party" if node.line == LINES[0] else ""))
        self._marks.addWidget(mark(self.tr("第{n}级 {kind}").format(n=node.level, kind=node.kind), "quiet"))
        if node.from_on:
            self._marks.addWidget(label(self.tr("{day} 成立").format(day=node.from_on), "muted"))
        self._marks.addStretch(1)

    def _show_team(self, team: TeamBoard | None) -> None:
        clear(self._team)
        self._team.setHorizontalSpacing(14)
        self._team.setVerticalSpacing(4)
        self._team_title.setVisible(team is not None)
        if team is None:
            return
        self._team_title.setText(f"{team.name}　{team.count}")
        for at, line in enumerate(team.lines):
            cell = QHBoxLayout()
            cell.addWidget(label(line.title, "muted"))
            cell.addStretch(1)
            cell.addWidget(label(line.name) if line.name else mark(self.tr("空缺"), "warn"))
            self._team.addLayout(cell, at // _TEAM_COLUMNS, at % _TEAM_COLUMNS)
        if team.doubled:
            words = self.tr("{names}一人担了不止一职，请看是否合适").format(names="、".join(team.doubled))
            below = (len(team.lines) + _TEAM_COLUMNS - 1) // _TEAM_COLUMNS
            self._team.addWidget(label(words, "muted", wrap=True), below, 0, 1, _TEAM_COLUMNS)
        for side in range(_TEAM_COLUMNS):
            self._team.setColumnStretch(side, 1)

    def _go_other(self) -> None:
        if self.facts is not None and self.facts.other is not None:
            self.asked.emit(self.facts.other.id)

    # ------------------------------------------------------------------------------------------ verbs

    def appoint(self) -> None:
        """Put somebody into a post here."""
        if self.facts is not None and self.is_ours:
            role = self.facts.head if self.facts.head and self._lack.isVisibleTo(self) else ""
            self.form.begin(self._asks.appoint(self.facts.node, role))

    def change_seat(self) -> None:
        """Put right what was entered of the post under the cursor."""
        if self.seats.current is not None and self.is_ours:
            self.form.begin(self._asks.change_seat(self.seats.current))

    def end_seat(self) -> None:
        """End the post under the cursor."""
        if self.seats.current is not None and self.is_ours:
            self.form.begin(self._asks.end_seat(self.seats.current))

    def found_first(self) -> None:
        """The first node of all."""
        self.form.begin(self._asks.found(None, self.asked.emit))

    def found_below(self) -> None:
        """A node below this one."""
        if self.facts is None:
            self.found_first()
        elif self.facts.node.level < _LOWEST and self.is_ours:
            self.form.begin(self._asks.found(self.facts.node, self.asked.emit))

    def rename(self) -> None:
        """Give the node another name."""
        if self.facts is not None and self.is_ours:
            self.form.begin(self._asks.rename(self.facts.node))

    def close_node(self) -> None:
        """Close the node on a day."""
        if self.facts is not None and self.is_ours:
            self.form.begin(self._asks.close_node(self.facts.node))
