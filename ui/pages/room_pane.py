"""One room: who lives there, the households, who answers for it. A pane beside the chart, and a page of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from PySide6.QtWidgets import QFrame, QTabWidget, QVBoxLayout, QWidget

from desktop_app.organisation.chains import Chain, chains_for
from desktop_app.overview.queries import TABLES as LIFE
from desktop_app.places.model import Room
from desktop_app.places.queries import Place, place
from desktop_app.residents.model import Household
from desktop_app.residents.queries import Member, ResidentFilter, ResidentLine, households_in, ids, lines
from desktop_app.store.database import Database
from ui.pages.chain_card import ChainCard
from ui.pages.page import Page
from ui.pages.place_verbs import edit_room
from ui.pages.timeline_pane import TimelinePane
from ui.pages.visit_words import visit_words
from ui.pages.wording import tag_tone
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.parts import button, clear, label, mark, row
from ui.shell.state_line import StateLine
from ui.widgets.facts import Facts
from ui.widgets.flow import Flow
from ui.widgets.record_form import scrolled


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """Everything there is to show of a room."""

    place: Place
    room: Room
    households: tuple[tuple[Household, tuple[Member, ...]], ...]
    people: tuple[ResidentLine, ...]
    chains: tuple[Chain, ...]
    visit: str = ""
    """When somebody was last met here, and how late the next visit is."""


def room_facts(db: Database, room_id: str) -> RoomFacts | None:
    """Runs on the reader thread."""
    where, room = place(db, room_id), db.get(Room, room_id)
    if where is None or room is None:
        return None
    people = lines(db, ids(db, ResidentFilter(room_id=room_id)))
    chains = chains_for(db, room_id, db.clock.today().isoformat())
    homes = tuple(households_in(db, room_id))
    return RoomFacts(where, room, homes, tuple(people), tuple(chains), visit_words(db, [home.id for home, _ in homes]))


class RoomView(QWidget):
    """The facts of a room; each person opens."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._name = label("", "title", wrap=True)
        self._standing = StateLine(desk, "room", self)
        self._facts = Facts(self)
        self._people = QVBoxLayout()
        self._people.setSpacing(2)
        self._chain_head = label(self.tr("谁负责这里"), "section")
        self._chain = ChainCard(desk, self, titles=False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 10, 12)
        layout.setSpacing(10)
        layout.addWidget(self._name)
        layout.addWidget(self._standing)
        layout.addWidget(self._facts)
        layout.addLayout(self._people)
        layout.addWidget(self._chain_head)
        layout.addWidget(self._chain)

    def show_facts(self, facts: RoomFacts | None) -> None:
        """None empties the view."""
        clear(self._people)
        self._chain_head.setVisible(facts is not None and bool(facts.chains))
        self._standing.show_record(facts.room.id if facts else "")
        if facts is None:
            self._name.setText(self.tr("没有选中的房屋"))
            self._facts.show_facts([])
            self._chain.show_chains([])
            return
        room = facts.room
        self._name.setText(facts.place.full)
        area = self.tr("{n} 平方米").format(n=f"{room.area_m2:g}") if room.area_m2 else ""
        self._facts.show_facts(
            [
                (self.tr("性质"), room.kind),
                (self.tr("用途"), room.use),
                (self.tr("面积"), area),
                (self.tr("隐患"), room.hazard),
                (self.tr("走访"), facts.visit),
            ]
        )
        self._show_people(facts)
        self._chain.show_chains(facts.chains, facts.place.building_id)

    def _show_people(self, facts: RoomFacts) -> None:
        by_id = {line.id: line for line in facts.people}
        for household, members in facts.households:
            words = self.tr("一户 {n} 人").format(n=len(members))
            number = f"　{household.household_no}" if household.household_no else ""
            opened = button(
                self.tr("看这一户"), partial(self._desk.open_record, "household", household.id), tone="link"
            )
            self._people.addLayout(row(label(words + number, "section"), opened, 1))
            for member in members:
                line = by_id.pop(member.person_id, None)
                self._person(member.person_id, member.name, member.relation or "", line)
        if by_id:
            self._people.addWidget(label(self.tr("也住在这里"), "section"))
        for line in by_id.values():
            self._person(line.id, line.name, line.relation, line)
        if not facts.households and not facts.people:
            self._people.addWidget(label(self.tr("这里还没有登记住人。按 Insert 登记一位。"), "muted", wrap=True))

    def _person(self, person_id: str, name: str, relation: str, line: ResidentLine | None) -> None:
        age = self.tr("{n}岁").format(n=line.age) if line and line.age is not None else ""
        words = "　".join(part for part in (relation, line.sex if line else "", age) if part)
        opened = button(name, partial(self._desk.open_record, "person", person_id), tone="link")
        line_of = row(opened, label(words, "muted", wrap=True), gap=4)
        line_of.setStretch(1, 1)
        self._people.addLayout(line_of)
        if line and line.tags:
            tags = Flow()
            tags.show_widgets([mark(tag, tag_tone(self._desk.codes("tags"), tag)) for tag in line.tags])
            self._people.addWidget(tags)


class RoomPane(QFrame):
    """Beside the chart: follows the cursor."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pane")
        self._desk = desk
        self._room_id = ""
        self.view = RoomView(desk, self)
        icon = desk.theme.icon
        verbs = row(
            button(self.tr("登记居民"), self._add, tone="primary", icon=icon("plus", "on_accent")),
            button(self.tr("修改"), self._edit, icon=icon("edit", "accent_text")),
            button(self.tr("服务卡"), self._card, icon=icon("printer", "accent_text")),
            1,
        )
        self._visit = button(self.tr("走访 V"), self.visit, icon=icon("pin", "accent_text"))
        self._appeal = button(self.tr("诉求 S"), self.appeal, icon=icon("phone", "accent_text"))
        desk.offer("visits.change", self._visit)
        desk.offer("appeals.change", self._appeal)
        verbs.setContentsMargins(14, 0, 10, 10)
        more = row(self._visit, self._appeal, 1)
        more.setContentsMargins(14, 8, 10, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scrolled(self.view), 1)
        layout.addLayout(more)
        layout.addLayout(verbs)

    def show_room(self, room_id: str) -> None:
        """Ask for a room; empty for none."""
        self._room_id = room_id
        if not room_id:
            self.view.show_facts(None)
            return
        db = self._desk.app.db
        self._desk.background.read(lambda: room_facts(db, room_id), self.view.show_facts, owner=self, key="room")

    def visit(self) -> None:
        """A visit to whoever lives here."""
        if self._room_id:
            self._desk.open_record("visit-form", f"room:{self._room_id}")

    def appeal(self) -> None:
        """What is brought up from here."""
        if self._room_id:
            self._desk.open_record("appeal-form", f"room:{self._room_id}")

    def _add(self) -> None:
        if self._room_id:
            self._desk.open_record("person-form", f"in:{self._room_id}")

    def _edit(self) -> None:
        if dialog := edit_room(self._desk, self._room_id, self):
            dialog.saved.connect(lambda: self.show_room(self._room_id))
            dialog.open()

    def _card(self) -> None:
        if self._room_id:
            self._desk.print_form("service_card", [self._room_id])


class RoomPage(Page):
    """A room in its own tab, as the search box opens it."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"room", "residence", "household", "household_member", "person", "contact_assignment"} | LIFE
    )

    def __init__(self, desk: Desk, room_id: str) -> None:
        super().__init__(desk)
        self._room_id = room_id
        self._facts: RoomFacts | None = None
        self.build(self._parts())

    def _parts(self) -> Iterator[None]:
        desk = self.desk
        icon = desk.theme.icon
        self._add_button = button(self.tr("登记居民"), self.add, tone="primary", icon=icon("plus", "on_accent"))
        verbs = row(
            self._add_button,
            button(self.tr("走访 V"), self.visit, icon=icon("pin", "accent_text")),
            button(self.tr("诉求 S"), self.appeal, icon=icon("phone", "accent_text")),
            button(self.tr("在楼栋图里看"), self.show_chart, icon=icon("building", "accent_text")),
            button(self.tr("修改房屋"), self.edit, icon=icon("edit", "accent_text")),
            button(self.tr("服务卡"), self.card, icon=icon("printer", "accent_text")),
            1,
        )
        verbs.setContentsMargins(14, 12, 10, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 0, 4, 0)
        layout.addLayout(verbs)
        self.tabs = QTabWidget(self)
        self.tabs.setAccessibleName(self.tr("房屋资料"))
        layout.addWidget(self.tabs, 1)
        self.view = RoomView(desk, self.tabs)
        self.tabs.addTab(scrolled(self.view), self.tr("基本"))
        yield
        self.life = TimelinePane(desk, "room", self.tabs)
        self.tabs.addTab(self.life, self.tr("时间线"))

    def title(self) -> str:
        return self._facts.place.short if self._facts else self.tr("房屋")

    def icon(self) -> str:
        return "house"

    def first_focus(self) -> QWidget:
        return self._add_button

    def commands(self) -> tuple[Command, ...]:
        here = self.tr("这间房")
        return (
            Command(self.tr("登记一位居民"), self.add, "Ins", "plus", here, "residents.change"),
            Command(self.tr("走访这一户"), self.visit, "V", "pin", here, "visits.change"),
            Command(self.tr("登记诉求"), self.appeal, "S", "phone", here, "appeals.change"),
            Command(self.tr("看时间线"), lambda: self.tabs.setCurrentWidget(self.life), "L", "clock", here),
            Command(self.tr("在楼栋图里看"), self.show_chart, "G", "building", here),
            Command(self.tr("打印服务卡"), self.card, "Ctrl+P", "printer", here, "papers.change"),
        )

    def refresh(self, _changed: frozenset[str], /) -> None:
        if self._facts is None:
            self._show(room_facts(self.desk.app.db, self._room_id))
        else:
            self.read(lambda: room_facts(self.desk.app.db, self._room_id), self._show, key="room")

    def _show(self, facts: RoomFacts | None) -> None:
        self._facts = facts
        self.view.show_facts(facts)
        self.life.show_subject(self._room_id)
        self.title_changed.emit()

    def add(self) -> None:
        self.desk.open_record("person-form", f"in:{self._room_id}")

    def visit(self) -> None:
        """A visit to whoever lives here."""
        self.desk.open_record("visit-form", f"room:{self._room_id}")

    def appeal(self) -> None:
        """What is brought up from here."""
        self.desk.open_record("appeal-form", f"room:{self._room_id}")

    def show_chart(self) -> None:
        if self._facts is not None:
            self.desk.open_page("buildings", self._facts.place.building_id)

    def edit(self) -> None:
        """Correct what is registered of the room."""
        if dialog := edit_room(self.desk, self._room_id, self):
            dialog.open()

    def go_on_with(self, _draft: str, /) -> None:
        self.edit()

    def card(self) -> None:
        self.desk.print_form("service_card", [self._room_id])
