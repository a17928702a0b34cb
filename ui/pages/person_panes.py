"""The panes of a resident's page: basic facts, the family, what happened, what was changed."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.organisation.chains import Chain
from desktop_app.residents import actions
from desktop_app.residents.model import Person, PersonTag
from desktop_app.residents.queries import Member, ResidentDetail
from desktop_app.shared.clock import local_text
from desktop_app.shared.text import mask
from desktop_app.store.history import Change, Entry
from ui.pages.chain_card import ChainCard
from ui.pages.place_verbs import edit_household, edit_relation
from ui.pages.privacy_look import look
from ui.pages.wording import masked_phones
from ui.shell.desk import Desk
from ui.shell.parts import Card, button, clear, label, row
from ui.widgets.facts import Facts
from ui.widgets.secret import Secret
from ui.widgets.timeline import Moment

_SHOWN = 40


class BasicPane(QWidget):
    """Facts in two columns; ID number and phone are masked until the eye is used."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._person = Facts(self, columns=2)
        self._home = Facts(self, columns=2)
        self._chain = ChainCard(desk, self, columns=2)
        self._chain_card = _card(self.tr("谁负责这里"), self._chain)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 10)
        layout.setSpacing(10)
        for part in (_card(self.tr("本人"), self._person), _card(self.tr("住处"), self._home), self._chain_card):
            layout.addWidget(part)

    def show_person(self, shown: ResidentDetail, chains: Sequence[Chain]) -> None:
        person = shown.person
        theme = self._desk.theme
        id_no, phones = Secret(self.tr("证件号码"), theme, self), Secret(self.tr("电话"), theme, self)
        number, call = mask("id_no", person.id_no or ""), masked_phones(person)
        id_no.show_secret(number, lambda: person.id_no or "", lambda then: self._look(person, "证件号码", then))
        phones.show_secret(call, lambda: person.phones, lambda then: self._look(person, "电话", then))
        self._person.show_facts(
            [
                (person.id_type or self.tr("证件号码"), id_no),
                (self.tr("电话"), phones),
                (self.tr("出生日期"), person.birth),
                (self.tr("民族"), person.ethnic),
                (self.tr("曾用名"), person.used_name),
                (self.tr("政治面貌"), person.political),
                (self.tr("文化程度"), person.education),
                (self.tr("婚姻状况"), person.marital),
                (self.tr("籍贯"), person.native_place),
                (self.tr("职业"), person.occupation),
                (self.tr("工作单位"), person.employer),
                (self.tr("备注"), person.note),
                (self.tr("资料来源"), person.source),
            ]
        )
        self._home.show_facts(
            [
                (self.tr("现住"), shown.place.full if shown.place else self.tr("没有登记住处")),
                (self.tr("住址（按原文）"), person.live_address),
                (self.tr("户籍地址"), person.hukou_address),
                (self.tr("户编号"), shown.household.household_no if shown.household else None),
                (self.tr("户口簿号"), shown.household.hukou_no if shown.household else None),
            ]
        )
        self._chain_card.setVisible(bool(chains))
        self._chain.show_chains(chains, shown.place.building_id if shown.place else "")

    def _look(self, person: Person, what: str, then: Callable[[], object]) -> None:
        look(self._desk, self, (person,), what, then)


class FamilyPane(QWidget):
    """The household's members, the head first; each opens, and may become the head."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._card = Card(self.tr("这一户"))
        self._lines = QVBoxLayout()
        self._card.body.addLayout(self._lines)
        self._tags = Card(self.tr("标签"))
        self._tag_lines = QVBoxLayout()
        self._tags.body.addLayout(self._tag_lines)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 10)
        layout.setSpacing(10)
        layout.addWidget(self._card)
        layout.addWidget(self._tags)

    def show_person(self, shown: ResidentDetail) -> None:
        clear(self._lines)
        for one in shown.members:
            self._lines.addLayout(self._member(shown, one))
        if shown.household is not None:
            household = shown.household
            edit = button(
                self.tr("改户编号、类型"), lambda: edit_household(self._desk, household, self).open(), tone="link"
            )
            opened = button(self.tr("看这一户"), lambda: self._desk.open_record("household", household.id), tone="link")
            self._lines.addLayout(row(edit, opened, 1))
        if not shown.members:
            self._lines.addWidget(label(self.tr("还没有登记在哪一户。按 M 登记住处。"), "muted"))
        clear(self._tag_lines)
        for tag in shown.tags:
            self._tag_lines.addLayout(self._tag(tag))
        if not shown.tags:
            self._tag_lines.addWidget(label(self.tr("还没有标签。按 B 打第一个。"), "muted"))

    def _member(self, shown: ResidentDetail, one: Member) -> "QVBoxLayout":
        words = "　".join(part for part in (one.relation, one.sex, one.birth) if part)
        opened = button(one.name, lambda: self._desk.open_record("person", one.person_id), tone="link")
        parts: list[QWidget | int] = [opened, label(words, "muted"), 1]
        if not one.is_head and shown.household is not None:
            household_id = shown.household.id
            parts.append(button(self.tr("改关系"), lambda: self._relate(household_id, one), tone="link"))
            parts.append(button(self.tr("设为户主"), lambda: self._make_head(household_id, one), tone="link"))
        holder = QVBoxLayout()
        holder.addLayout(row(*parts))
        return holder

    def _relate(self, household_id: str, one: Member) -> None:
        edit_relation(self._desk, household_id, one.person_id, one.relation or "", self).open()

    def _make_head(self, household_id: str, one: Member) -> None:
        app, desk = self._desk.app, self._desk
        desk.background.write(
            lambda: actions.change_head(app.db, app.actor, household_id, one.person_id),
            lambda _done: desk.say(self.tr("{name} 现在是户主").format(name=one.name)),
            owner=self,
        )

    def _tag(self, tag: PersonTag) -> "QVBoxLayout":
        when = " – ".join(part or "" for part in (tag.from_on, tag.to_on)) if tag.from_on or tag.to_on else ""
        words = "　".join(part for part in (tag.detail, when, tag.evidence) if part)
        parts: list[QWidget | int] = [label(tag.tag), label(words, "muted"), 1]
        if tag.to_on is None:
            parts.append(button(self.tr("结束"), lambda: self._end(tag), tone="link"))
        holder = QVBoxLayout()
        holder.addLayout(row(*parts))
        return holder

    def _end(self, tag: PersonTag) -> None:
        app, desk = self._desk.app, self._desk
        on = app.clock.today().isoformat()
        desk.background.write(
            lambda: actions.end_tag(app.db, app.actor, tag.id, on),
            lambda _done: desk.say(self.tr("已结束标签“{tag}”").format(tag=tag.tag)),
            owner=self,
        )


def history_moments(page: QObject, entries: Sequence[Entry]) -> list[Moment]:
    """Who changed what: 电话 100…5678 → 100…1111."""
    moments = []
    for entry in entries:
        detail = "；".join(_change(change) for change in entry.changes)
        why = page.tr("（{why}）").format(why=entry.why) if entry.why else ""
        moments.append(Moment(local_text(entry.at), f"{entry.what}{why}　{entry.who}", detail))
    return moments


def _change(change: Change) -> str:
    before, after = (str(value) if value else "（空）" for value in (change.before, change.after))
    return f"{change.label} {before[:_SHOWN]} → {after[:_SHOWN]}"


def _card(title: str, content: QWidget) -> Card:
    card = Card(title)
    card.body.addWidget(content, alignment=Qt.AlignmentFlag.AlignTop)
    return card
