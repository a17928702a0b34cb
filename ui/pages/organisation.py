"""党建组织: the two lines with their five levels, party-centre households, and who answers for which building."""

from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.organisation import charts
from ui.pages.chart_pane import ChartPane, Shown
from ui.pages.organisation_bodies import BodiesPane
from ui.pages.organisation_centres import CentresPane
from ui.pages.organisation_contacts import ContactsPane
from ui.pages.organisation_tree import TreePane
from ui.pages.page import Page
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.widgets.elided import ElidedLabel
from ui.widgets.segments import Segments

Pane = TreePane | CentresPane | ContactsPane | BodiesPane | ChartPane
_CHARTS = 4


class OrganisationPage(Page):
    """Five faces; each asks the store when it is first shown and when its tables changed."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {
            "org_node",
            "seat",
            "party_member",
            "party_centre_household",
            "contact_assignment",
            "building",
            "estate",
            "area",
            "building_grid",
            "household",
            "person",
        }
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.faces = Segments(
            (self.tr("双线组织"), self.tr("党员中心户"), self.tr("包联责任"), self.tr("议事体"), self.tr("图表")),
            self.tr("看哪一面"),
            self,
        )
        self.tree = TreePane(self)
        self.centres = CentresPane(self)
        self.contacts = ContactsPane(self)
        self.bodies = BodiesPane(self)
        self.bodies.build_verbs()
        self.charts = self._make_charts()
        self.panes: tuple[Pane, ...] = (self.tree, self.centres, self.contacts, self.bodies, self.charts)
        self._stale: set[Pane] = set(self.panes)
        self._stack = QStackedWidget(self)
        self._headline = ElidedLabel("muted", self)
        for pane in self.panes:
            self._stack.addWidget(pane)
        self.faces.chosen.connect(self._turn)
        self.tree.headline.connect(self._headline.show_words)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(self.faces)
        head.addSpacing(12)
        head.addStretch(1)
        head.addWidget(self._headline, 100)  # all there is; nothing when hidden
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)

    def _make_charts(self) -> ChartPane:
        def building(identifier: str) -> None:
            self.desk.open_record("building", identifier)

        shown = (
            Shown(self.tr("组织覆盖"), charts.coverage),
            Shown(self.tr("各楼栋的服务小组"), charts.teams, building, self.tr("还没有楼栋。先在“楼栋”里登记。")),
            Shown(self.tr("空缺的席位"), charts.empty_seats),
        )
        return ChartPane(self, self.tr("组织图表"), shown)

    def title(self) -> str:
        return self.tr("党建组织")

    def icon(self) -> str:
        return "flag"

    @property
    def pane(self) -> Pane:
        """The face that is shown."""
        return self.panes[self._stack.currentIndex()]

    def first_focus(self) -> QWidget | None:
        return self.pane.first_focus()

    def commands(self) -> tuple[Command, ...]:
        return (
            *self.faces.commands(self.title()),
            Command(self.tr("打组织架构图"), self.print_chart, "", "printer", self.title()),
            *self.pane.commands(),
        )

    def print_chart(self) -> None:
        """The paired trees drawn for the wall."""
        self.desk.print_form("org_chart", [self.desk.app.community.id])

    def refresh(self, changed: frozenset[str]) -> None:
        self._stale |= {pane for pane in self.panes[:_CHARTS] if not changed or changed & pane.tables}
        self._stale.add(self.charts)
        self._freshen()

    def show_this(self, what: object) -> None:
        """`centres`, `contacts`, `bodies`, `charts`, or a building's identifier: its contact chain."""
        if what == "centres":
            self.faces.choose(1)
        elif what == "bodies":
            self.faces.choose(3)
        elif what == "charts":
            self.faces.choose(_CHARTS)
        elif isinstance(what, str):
            self.faces.choose(2)
            if what != "contacts":
                self.contacts.point_at(what)

    def _turn(self, at: int) -> None:
        self._stack.setCurrentIndex(at)
        self._headline.setVisible(at == 0)
        self.install_commands()
        self._freshen()
        focus = self.first_focus()
        if focus is not None:
            focus.setFocus()

    def _freshen(self) -> None:
        if self.pane in self._stale:
            self._stale.discard(self.pane)
            self.pane.refresh()
