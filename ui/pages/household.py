"""One household: its members, who answers for it, its bells and pairs, and everything that was done for it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from desktop_app.care.queries import BellLine, PairLine, bells, pairs
from desktop_app.organisation.chains import Chain, chains_for
from desktop_app.overview.queries import TABLES as LIFE
from desktop_app.places.queries import Place, place
from desktop_app.residents.model import Household
from desktop_app.residents.queries import Member, members
from desktop_app.store.database import Database
from ui.pages.chain_card import ChainCard
from ui.pages.page import Page
from ui.pages.place_verbs import edit_household
from ui.pages.timeline_pane import TimelinePane
from ui.pages.visit_words import visit_words
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.parts import Card, button, clear, label, row
from ui.shell.state_line import StateLine
from ui.widgets.facts import Facts
from ui.widgets.record_form import scrolled


@dataclass(frozen=True, slots=True)
class HouseholdFacts:
    """Everything the page shows but the time line."""

    household: Household
    place: Place | None
    members: tuple[Member, ...]
    chains: tuple[Chain, ...]
    bells: tuple[BellLine, ...]
    pairs: tuple[PairLine, ...]
    visit: str


def household_facts(
    db: Database, household_id: str, may: Callable[[str], bool] = lambda _right: True
) -> HouseholdFacts | None:
    """Runs on the reader thread."""
    household = db.get(Household, household_id)
    if household is None:
        return None
    on = db.clock.today().isoformat()
    return HouseholdFacts(
        household,
        place(db, household.room_id),
        members(db, household),
        tuple(chains_for(db, household_id, on)),
        tuple(bells(db, household_id=household_id)) if may("care.read") else (),
        tuple(pairs(db, household_id=household_id)) if may("care.read") else (),
        visit_words(db, [household_id]) if may("visits.read") else "",
    )


class HouseholdPage(Page):
    """Letters are verbs here: E 修改, V 走访, S 诉求, P 服务卡, L 时间线."""

    tables: ClassVar[frozenset[str]] = (
        frozenset({"household", "household_member", "person", "room", "contact_assignment"}) | LIFE
    )

    def __init__(self, desk: Desk, household_id: str) -> None:
        super().__init__(desk)
        self.household_id = household_id
        self._facts: HouseholdFacts | None = None
        self.build(self._parts())

    def _parts(self) -> Iterator[None]:
        desk = self.desk
        self._name = label("", "title")
        self._under = label("", "muted")
        self._standing = StateLine(desk, "household", self)
        self._about = Facts(self, columns=2)
        self._people, self._care = QVBoxLayout(), QVBoxLayout()
        self._chain = ChainCard(desk, self, columns=2)
        self.tabs = QTabWidget(self)
        self._edit = button(self.tr("修改 E"), self.edit, icon=desk.theme.icon("edit", "accent_text"))
        self._arrange()
        yield
        self.life = TimelinePane(desk, "household", self.tabs)
        self.tabs.addTab(self.life, self.tr("时间线"))

    def _arrange(self) -> None:
        icon = self.desk.theme.icon
        visit = button(self.tr("走访 V"), self.visit, icon=icon("pin", "accent_text"))
        appeal = button(self.tr("诉求 S"), self.appeal, icon=icon("phone", "accent_text"))
        card = button(self.tr("服务卡 P"), self.card, tone="primary", icon=icon("printer", "on_accent"))
        self.desk.offer("residents.change", self._edit)
        self.desk.offer("visits.change", visit)
        self.desk.offer("appeals.change", appeal)
        self._verbs = (self._edit, visit, appeal, card)
        basic = QWidget(self)
        inner = QVBoxLayout(basic)
        inner.setContentsMargins(0, 10, 0, 10)
        inner.setSpacing(10)
        self._care_card = _card(self.tr("关爱"), self._care)
        self._chain_card = Card(self.tr("谁负责这里"))
        self._chain_card.body.addWidget(self._chain)
        about = Card(self.tr("这一户"))
        about.body.addWidget(self._about)
        for part in (about, _card(self.tr("成员"), self._people), self._care_card, self._chain_card):
            inner.addWidget(part)
        inner.addStretch(1)
        self.tabs.addTab(scrolled(basic), self.tr("基本"))
        self.tabs.setAccessibleName(self.tr("户的资料"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 12, 18, 12)
        layout.setSpacing(8)
        layout.addLayout(row(self._name, self._under, 1, *self._verbs))
        layout.addWidget(self._standing)
        layout.addWidget(self.tabs, 1)

    def title(self) -> str:
        facts = self._facts
        if facts is None:
            return self.tr("户")
        head = next((one.name for one in facts.members if one.is_head), "")
        return self.tr("{name} 户").format(name=head or (facts.place.short if facts.place else ""))

    def icon(self) -> str:
        return "house"

    def first_focus(self) -> QWidget:
        return self._edit

    def commands(self) -> tuple[Command, ...]:
        here = self.tr("这一户")
        return (
            Command(self.tr("改户编号、类型"), self.edit, "E", "edit", here, "residents.change"),
            Command(self.tr("走访这一户"), self.visit, "V", "pin", here, "visits.change"),
            Command(self.tr("登记诉求"), self.appeal, "S", "phone", here, "appeals.change"),
            Command(self.tr("打印服务卡"), self.card, "P", "printer", here, "papers.change"),
            Command(self.tr("看时间线"), lambda: self.tabs.setCurrentWidget(self.life), "L", "clock", here),
            Command(self.tr("在楼栋图里看"), self.show_chart, "G", "building", here, "places.read"),
        )

    def refresh(self, _changed: frozenset[str], /) -> None:
        db, household_id = self.desk.app.db, self.household_id
        if self._facts is None:
            self._show(
                household_facts(db, household_id, self.desk.may)
            )  # one record by id, so that the tab opens filled
        else:
            self.read(lambda: household_facts(db, household_id, self.desk.may), self._show, key="facts")

    def _show(self, facts: HouseholdFacts | None) -> None:
        self._facts = facts
        for part in (self.tabs, *self._verbs):
            part.setVisible(facts is not None)
        if facts is None:
            self._name.setText(self.tr("这一户的记录已经不在了，可能刚被合并、清除或撤销。"))
            return
        self.title_changed.emit()
        self.in_turns(self._show_parts(facts))

    def _show_parts(self, facts: HouseholdFacts) -> Iterator[None]:
        home = facts.household
        self._name.setText(self.title())
        self._under.setText(facts.place.full if facts.place else self.tr("没有登记住处"))
        self._about.show_facts(
            [
                (self.tr("户编号"), home.household_no),
                (self.tr("户口簿号"), home.hukou_no),
                (self.tr("类型"), home.kind),
                (self.tr("状态"), home.status),
                (self.tr("起"), home.from_on),
                (self.tr("止"), home.to_on),
                (self.tr("走访"), facts.visit),
                (self.tr("备注"), home.note),
            ]
        )
        self._show_people(facts)
        yield
        self._show_care(facts)
        self._chain_card.setVisible(bool(facts.chains))
        self._chain.show_chains(facts.chains, facts.place.building_id if facts.place else "")
        self._standing.show_record(self.household_id)
        self.life.show_subject(self.household_id)

    def _show_people(self, facts: HouseholdFacts) -> None:
        clear(self._people)
        for one in facts.members:
            words = "　".join(part for part in (one.relation, one.sex, one.birth) if part)
            opened = button(one.name, partial(self.desk.open_record, "person", one.person_id), tone="link")
            self._people.addLayout(row(opened, label(words, "muted"), 1))
        if not facts.members:
            self._people.addWidget(label(self.tr("这一户现在没有成员。"), "muted"))

    def _show_care(self, facts: HouseholdFacts) -> None:
        clear(self._care)
        self._care_card.setVisible(bool(facts.bells or facts.pairs))
        lines = [(f"door_bell:{one.id}", self.tr("爱心门铃"), f"{one.kind}　{one.word}") for one in facts.bells]
        lines += [
            (f"care_pair:{one.id}", self.tr("结对"), f"{one.helper} 包保 {one.name}　{one.days} 天一次")
            for one in facts.pairs
        ]
        for key, words, told in lines:
            opened = button(words, partial(self.desk.open_page, "care", key), tone="link")
            self._care.addLayout(row(opened, label(told, "muted"), 1))

    # ------------------------------------------------------------------------------------------------------------ verbs

    def edit(self) -> None:
        """Number, kind, status."""
        household = self.desk.app.db.get(Household, self.household_id)
        if household is not None:
            edit_household(self.desk, household, self).open()

    def go_on_with(self, _draft: str, /) -> None:
        self.edit()

    def visit(self) -> None:
        """A visit to this home."""
        self.desk.open_record("visit-form", f"household:{self.household_id}")

    def appeal(self) -> None:
        """What this home brings up."""
        self.desk.open_record("appeal-form", f"household:{self.household_id}")

    def card(self) -> None:
        """The service card of this home."""
        self.desk.print_form("service_card", [self.household_id])

    def show_chart(self) -> None:
        """The building with this home in it."""
        if self._facts is not None and self._facts.place is not None:
            self.desk.open_page("buildings", self._facts.place.building_id)


def _card(title: str, lines: QVBoxLayout) -> Card:
    made = Card(title)
    made.body.addLayout(lines)
    return made
