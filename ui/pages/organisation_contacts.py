"""包联责任: a building in one click, everybody who answers for it, the gaps, and giving a post to somebody."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.organisation import queries
from desktop_app.organisation.chains import gaps
from desktop_app.organisation.contacts import ContactLine, assignment_of, contact_chain
from desktop_app.organisation.sheet import GAP_HEADERS, write_gaps
from desktop_app.places.queries import BuildingLine, buildings, grid_of
from desktop_app.privacy.exporting import Export, give_out
from desktop_app.profiles.town import ContactScheme, ContactSlot, TownProfile
from desktop_app.shared.text import mask
from desktop_app.store.database import Database
from ui.pages.face_pane import FacePane
from ui.pages.organisation_asks import ContactAsks
from ui.shell.commands import Command
from ui.shell.parts import button, label, row
from ui.shell.row_marks import RowMarks
from ui.widgets.empty_state import EmptyState
from ui.widgets.inline_form import InlineForm
from ui.widgets.inputs import ChoiceBox, LineEdit
from ui.widgets.line_table import LineTable
from ui.widgets.record_model import Column

if TYPE_CHECKING:
    from ui.pages.organisation import OrganisationPage

_CARD = ""
"""The choice of a scheme that means: the slots the service card shows."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A building in the list; `gaps` empty slots, -1 while they are being counted."""

    building: BuildingLine
    gaps: int = -1

    @property
    def id(self) -> str:
        return self.building.id


@dataclass(frozen=True, slots=True)
class Post:
    """One line of a chain with the scheme and the slot behind it."""

    scheme: ContactScheme
    slot: ContactSlot
    line: ContactLine
    at: int

    @property
    def id(self) -> str:
        return f"{self.scheme.code}/{self.slot.code}/{self.at}"


def chain_of(db: Database, town: TownProfile, building_id: str, on: str, scheme: str) -> list[Post]:
    """The chain of a building with its slots; runs on the reader thread."""
    chosen = town.scheme(scheme) if scheme else None
    wanted = [(chosen, slot) for slot in chosen.slots] if chosen else list(town.card_slots)
    found = contact_chain(db, building_id, on, scheme or None)
    posts: list[Post] = []
    for one, slot in wanted:
        mine = [line for line in found if line.slot == slot.code]
        posts += [Post(one, slot, line, at) for at, line in enumerate(mine)]
    return posts


class ContactsPane(FacePane):
    """Buildings at the left, the chain in the middle, a form at the right when one is open."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {
            "contact_assignment",
            "seat",
            "org_node",
            "party_centre_household",
            "building",
            "building_grid",
            "area",
            "estate",
        }
    )

    def __init__(self, page: "OrganisationPage") -> None:
        super().__init__(page)
        self.page: OrganisationPage = page
        self._spots: list[Spot] = []
        self._gaps: dict[str, int] = {}
        self._point = ""
        self._plain = False
        theme = page.desk.theme
        self.search = LineEdit(self)
        self.search.setPlaceholderText(self.tr("楼栋或小区"))
        self.search.setAccessibleName(self.tr("查找楼栋"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self._show_spots())
        self.list = LineTable(
            (
                Column("label", self.tr("楼栋"), 150, lambda spot: spot.building.label),
                Column("gaps", self.tr("空缺"), 56, _gap_words),
            ),
            self.tr("楼栋"),
            self,
            stretch="label",
        )
        self.list.chosen.connect(lambda _spot: self._ask_chain())
        self.scheme = ChoiceBox([(_CARD, self.tr("服务卡上的人"))], self)
        self.scheme.setAccessibleName(self.tr("哪一种包联机制"))
        self.scheme.currentIndexChanged.connect(lambda _at: self._scheme_chosen())
        self._title = label("", "title")
        self._summary = label("", "muted")
        self.chain = self._chain_table()
        self.assign_button = button(
            self.tr("指定"), self.assign, tone="primary", icon=theme.icon("person", "on_accent")
        )
        self.end_button = button(self.tr("结束责任"), self.end)
        self.reveal = button(self.tr("看完整电话"), self._unmask)
        self._print = button(self.tr("打服务卡"), self.print_card, icon=theme.icon("printer"))
        self._gaps_out = button(self.tr("空缺表"), self.export_gaps, icon=theme.icon("export"))
        self.form = InlineForm(page.desk, self)
        self._asks = ContactAsks(page.desk)
        self._empty = EmptyState(self)
        self._arrange()

    def _chain_table(self) -> LineTable:
        table = LineTable(
            (
                RowMarks(self.page.desk, "contact_assignment", self, lambda post: str(post.line.assignment)).column(),
                Column("slot", self.tr("岗位"), 120, lambda post: post.slot.name),
                Column("name", self.tr("姓名"), 100, lambda post: post.line.name or self.tr("空缺")),
                Column("phone", self.tr("电话"), 130, self._phone),
                Column("title", self.tr("单位职务"), 150, lambda post: post.line.title),
                Column("target", self.tr("负责范围"), 120, lambda post: post.line.target),
            ),
            self.tr("这栋楼由谁负责"),
            self,
            stretch="title",
        )
        table.asked.connect(lambda _post: self.assign())
        table.chosen.connect(self._dress_verbs)
        return table

    def _phone(self, post: Post) -> str:
        return post.line.phone if self._plain else mask("phone", post.line.phone)

    def _arrange(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(6)
        left.addWidget(self.search)
        left.addWidget(self.list, 1)
        middle = QFrame(self)
        middle.setObjectName("card")
        inner = QVBoxLayout(middle)
        inner.setContentsMargins(14, 10, 14, 12)
        inner.setSpacing(8)
        inner.addLayout(row(self._title, self._summary, 1, self.scheme))
        inner.addWidget(self.chain, 1)
        inner.addLayout(row(self.assign_button, self.end_button, self.reveal, 1, self._gaps_out, self._print, gap=6))
        side = QFrame(self)
        side.setObjectName("card")
        box = QVBoxLayout(side)
        box.setContentsMargins(14, 10, 10, 12)
        box.addWidget(self.form)
        side.hide()
        self.form.opened.connect(side.show)
        self.form.closed.connect(side.hide)
        self.form.closed.connect(self.chain.setFocus)
        self._work = QWidget(self)
        layout = QHBoxLayout(self._work)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(left, 2)
        layout.addWidget(middle, 6)
        layout.addWidget(side, 3)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._work)
        whole.addWidget(self._empty)
        self._empty.hide()

    def first_focus(self) -> QWidget | None:
        return self.list

    def commands(self) -> tuple[Command, ...]:
        group = self.tr("包联责任")
        return (
            Command(self.tr("指定选中岗位的人"), self.assign, "N", "person", group, "organisation.change"),
            Command(self.tr("结束选中岗位的责任"), self.end, "Delete", "", group, "organisation.change"),
            Command(self.tr("打这栋楼的服务卡"), self.print_card, "Ctrl+P", "printer", group, "papers.change"),
            Command(self.tr("导出空缺表"), self.export_gaps, "Ctrl+E", "export", group, "organisation.read"),
            Command(self.tr("查找楼栋"), self.search.setFocus, "Ctrl+F", "search", group),
        )

    # ------------------------------------------------------------------------------------------ show

    @property
    def _today(self) -> str:
        return self.page.desk.app.clock.today().isoformat()

    def point_at(self, building_id: str) -> None:
        """Show the chain of a building, as another page asks."""
        self._point = building_id
        self.search.clear()
        self._show_spots()

    def refresh(self) -> None:
        app = self.page.desk.app
        self.page.read(lambda: (buildings(app.db), app.profile), self._show, key="spots")

    def _show(self, found: tuple[list[BuildingLine], TownProfile]) -> None:
        standing, town = found
        self._spots = [Spot(one) for one in standing]
        self._empty.setVisible(not standing)
        self._work.setVisible(bool(standing))
        words = self.tr("还没有登记楼栋，登记以后就能看每栋楼由谁负责。")
        self._empty.show_words(words, self.tr("去登记楼栋"), "", lambda: self.page.desk.open_page("buildings"))
        if self.scheme.count() == 1:
            self.scheme.blockSignals(True)
            for one in town.contact_schemes:
                self.scheme.addItem(one.name, one.code)
            self.scheme.blockSignals(False)
        self._show_spots()
        self._count_gaps()

    def _show_spots(self) -> None:
        text = self.search.text().strip()
        spots = [Spot(one.building, self._gaps.get(one.building.label, one.gaps)) for one in self._spots]
        self.list.set_row_height(self.page.desk.theme.row_height)
        self.chain.set_row_height(self.page.desk.theme.row_height)
        self.list.show_lines([one for one in spots if text in one.building.label], point=self._point)
        if spots:
            self._point = ""

    def _count_gaps(self) -> None:
        db, on, scheme = self.page.desk.app.db, self._today, self.scheme.code or None
        self.page.read(lambda: queries.contact_gaps(db, on, scheme), self._show_gaps, key="gaps")

    def _show_gaps(self, gaps: list[tuple[str, ContactLine]]) -> None:
        counted = Counter(place for place, _ in gaps)
        self._gaps = {spot.building.label: counted[spot.building.label] for spot in self._spots}
        self._show_spots()

    def _scheme_chosen(self) -> None:
        self._ask_chain()
        self._count_gaps()

    def _ask_chain(self) -> None:
        spot = self.list.current
        if spot is None:
            self._show_chain([])
            return
        app, on, scheme = self.page.desk.app, self._today, self.scheme.code
        self.page.read(lambda: chain_of(app.db, app.profile, spot.id, on, scheme), self._show_chain, key="chain")

    def _show_chain(self, posts: list[Post]) -> None:
        self._plain = False
        spot = self.list.current
        self._title.setText(spot.building.label if spot else "")
        empty = [post.slot.name for post in posts if not post.line.name]
        words = self.tr("还缺：{names}").format(names="、".join(empty)) if empty else self.tr("岗位齐全")
        self._summary.setText(words if posts else "")
        self.chain.show_lines(posts)

    def _dress_verbs(self, post: Post | None) -> None:
        named = post is not None and bool(post.line.name)
        self.assign_button.setEnabled(post is not None)
        self.assign_button.setText(self.tr("换人") if named and post and not post.slot.many else self.tr("指定"))
        self.end_button.setEnabled(named)
        self.reveal.setEnabled(not self._plain)

    def _unmask(self) -> None:
        self._plain = True
        self.reveal.setEnabled(False)
        self.chain.records.refetch()

    # ------------------------------------------------------------------------------------------ verbs

    def _target(self, slot: ContactSlot) -> str | None:
        """What the slot is held for, seen from the building: None where it is not known yet."""
        app, spot = self.page.desk.app, self.list.current
        found = {
            "community": app.community.id,
            "grid": grid_of(app.db, spot.id, self._today),
            "estate": spot.building.estate_id,
            "building": spot.id,
        }
        return found.get(slot.target)

    def assign(self) -> None:
        """Give the post under the cursor to somebody."""
        post = self.chain.current
        if post is None:
            return
        target = self._target(post.slot)
        if target is None:
            self.page.desk.say(self.tr("这栋楼还没有划入网格，先在“楼栋”里划好网格。"))
        else:
            self.form.begin(self._asks.assign(post.scheme, post.slot, post.line, target))

    def end(self) -> None:
        """End the assignment under the cursor."""
        post, app = self.chain.current, self.page.desk.app
        if post is None or not post.line.name:
            return
        target = self._target(post.slot) or ""
        found = assignment_of(app.db, post.scheme.code, post.slot.code, target, post.line.name)
        if found is None:
            words = self.tr("{name}来自组织任职或中心户，请在那里办理卸任或摘牌。")
            self.page.desk.say(words.format(name=post.line.name))
        else:
            self.form.begin(self._asks.end(found, post.slot))

    def print_card(self) -> None:
        """The service card of the building, in the print centre."""
        if self.list.current is not None:
            self.page.desk.print_form("service_card", [self.list.current.id])

    def export_gaps(self) -> None:
        """Every slot nobody holds, as a workbook: of the scheme that is chosen, else of all in use."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("导出空缺表"), f"{folder}/{self.tr('包联空缺')}.xlsx", "Excel (*.xlsx)"
        )
        if path:
            self.export_gaps_to(Path(path))

    def export_gaps_to(self, path: Path) -> None:
        """Write the gaps; the register of exports knows of it."""
        desk, on, scheme = self.page.desk, self._today, self.scheme.code
        app = desk.app

        def work() -> int:
            found = gaps(app.db, on, scheme)
            told = Export(self.tr("包联空缺"), GAP_HEADERS, len(found))
            give_out(app.db, app.actor, told, path, lambda draft: write_gaps(draft, found))
            return len(found)

        words = self.tr("空缺 {n} 处，已导出：{name}")
        self.page.write(work, lambda count: desk.say(words.format(n=count, name=path.name)))


def _gap_words(spot: Spot) -> str:
    return "" if spot.gaps < 0 else ("齐" if spot.gaps == 0 else f"缺{spot.gaps}")
