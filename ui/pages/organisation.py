"""党建组织: the two lines with their five levels, party-centre households, and who answers for which building."""

from collections.abc import Mapping
from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout

from desktop_app.organisation import charts
from ui.pages.chart_pane import ChartPane, Shown
from ui.pages.organisation_bodies import BodiesPane
from ui.pages.organisation_centres import CentresPane
from ui.pages.organisation_contacts import ContactsPane
from ui.pages.organisation_tree import TreePane
from ui.pages.page import Page
from ui.pages.page_of_faces import Face, PageOfFaces
from ui.shell.commands import Command
from ui.widgets.elided import ElidedLabel


class OrganisationCharts(ChartPane):
    """How far the organisation reaches, and where it is thin."""

    def __init__(self, page: Page) -> None:
        def building(identifier: str) -> None:
            page.desk.open_record("building", identifier)

        shown = (
            Shown(page.tr("组织覆盖"), charts.coverage),
            Shown(page.tr("各楼栋的服务小组"), charts.teams, building, page.tr("还没有楼栋。先在“楼栋”里登记。")),
            Shown(page.tr("空缺的席位"), charts.empty_seats),
        )
        super().__init__(page, page.tr("组织图表"), shown)


class OrganisationPage(PageOfFaces):
    """Five faces."""

    tree = Face(TreePane)
    centres = Face(CentresPane)
    contacts = Face(ContactsPane)
    bodies = Face(BodiesPane)
    charts = Face(OrganisationCharts)
    opens: ClassVar[Mapping[str, int]] = {"centres": 1, "contacts": 2, "bodies": 3, "charts": 4}
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

    def words(self) -> tuple[str, ...]:
        return (self.tr("双线组织"), self.tr("党员中心户"), self.tr("包联责任"), self.tr("议事体"), self.tr("图表"))

    def fill_head(self, head: QHBoxLayout) -> None:
        self._headline = ElidedLabel("muted", self)
        self.tree.headline.connect(self._headline.show_words)
        self.faces.chosen.connect(lambda at: self._headline.setVisible(at == 0))
        head.addStretch(1)
        head.addWidget(self._headline, 100)  # all there is; nothing when hidden

    def title(self) -> str:
        return self.tr("党建组织")

    def icon(self) -> str:
        return "flag"

    def commands(self) -> tuple[Command, ...]:
        return (
            *self.faces.commands(self.title()),
            Command(self.tr("打组织架构图"), self.print_chart, "", "printer", self.title()),
            *self.pane.commands(),
        )

    def print_chart(self) -> None:
        """The paired trees drawn for the wall."""
        self.desk.print_form("org_chart", [self.desk.app.community.id])

    def show_this(self, what: object, /) -> None:
        """A kind of `opens`, or a building's identifier: its contact chain."""
        if what in self.opens:
            super().show_this(what)
        elif isinstance(what, str):
            super().show_this(f"contacts:{what}")
