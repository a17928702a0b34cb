"""The pane beside a list that shows one resident at a glance: who, where, with whom, and who answers for the house."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop_app.organisation.contacts import ContactLine, contact_chain
from desktop_app.residents.queries import ResidentDetail, detail
from desktop_app.shared.text import mask
from desktop_app.store.database import Database
from ui.pages.wording import contact_words, masked_phones, tag_tone
from ui.shell.desk import Desk
from ui.shell.parts import button, clear, label, mark, row
from ui.widgets.facts import Facts
from ui.widgets.flow import Flow
from ui.widgets.record_form import scrolled


@dataclass(frozen=True, slots=True)
class Glance:
    """A resident with the people who answer for the building."""

    detail: ResidentDetail
    chain: tuple[ContactLine, ...]


def glance(db: Database, person_id: str) -> Glance | None:
    """Runs on the reader thread."""
    found = detail(db, person_id)
    if found is None:
        return None
    on = db.clock.today().isoformat()
    chain = contact_chain(db, found.place.building_id, on) if found.place else []
    return Glance(found, tuple(chain))


class ResidentPreview(QFrame):
    """Hidden until Space is pressed in the list."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pane")
        self._desk = desk
        self._id: str | None = None
        self._name = label("", "title")
        self._tags = Flow()
        self._facts = Facts(self)
        self._members = QVBoxLayout()
        self._members.setSpacing(2)
        self._chain = Facts(self)
        self._members_head = label(self.tr("同户的人"), "section")
        self._chain_head = label(self.tr("谁负责这里"), "section")
        self._arrange()
        self.hide()

    def _arrange(self) -> None:
        content = QWidget(self)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(14, 12, 10, 12)
        layout.setSpacing(10)
        layout.addWidget(self._name)
        layout.addWidget(self._tags)
        layout.addWidget(self._facts)
        layout.addWidget(self._members_head)
        layout.addLayout(self._members)
        layout.addWidget(self._chain_head)
        layout.addWidget(self._chain)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(content), 1)
        icon = self._desk.theme.icon
        verbs = row(
            button(self.tr("打开"), self._open, tone="primary"),
            button(self.tr("修改"), self._edit, icon=icon("edit", "accent_text")),
            button(self.tr("服务卡"), self._card, icon=icon("printer", "accent_text")),
            1,
        )
        verbs.setContentsMargins(14, 8, 10, 10)
        whole.addLayout(verbs)

    def show_person(self, person_id: str | None) -> None:
        """Ask for a person; None empties the pane."""
        self._id = person_id
        if person_id is None:
            self._name.setText("")
            return
        db = self._desk.app.db
        self._desk.background.read(lambda: glance(db, person_id), self._show, owner=self, key="glance")

    def _show(self, found: Glance | None) -> None:
        if found is None:
            return
        shown, person = found.detail, found.detail.person
        age = self.tr("{n}岁").format(n=shown.age) if shown.age is not None else ""
        self._name.setText(person.name)
        self._tags.show_widgets(
            [mark(one.tag, tag_tone(self._desk.codes("tags"), one.tag)) for one in shown.tags if one.to_on is None]
        )
        self._facts.show_facts(
            [
                (self.tr("性别年龄"), "　".join(part for part in (person.sex, age, person.birth) if part)),
                (self.tr("证件"), mask("id_no", person.id_no or "")),
                (self.tr("电话"), masked_phones(person)),
                (self.tr("住址"), shown.place.full if shown.place else self.tr("没有登记住处")),
                (self.tr("政治面貌"), person.political),
                (self.tr("单位"), person.employer),
                (self.tr("备注"), person.note),
            ]
        )
        self._show_members(shown)
        self._chain_head.setVisible(bool(found.chain))
        self._chain.show_facts([(one.slot_title, contact_words(one, title=False)) for one in found.chain])

    def _show_members(self, shown: ResidentDetail) -> None:
        clear(self._members)
        others = [one for one in shown.members if one.person_id != shown.person.id]
        self._members_head.setVisible(bool(others))
        for one in others:
            words = "　".join(part for part in (one.name, one.relation, one.birth) if part)
            made = button(words, partial(self._desk.open_record, "person", one.person_id), tone="link")
            self._members.addWidget(made, alignment=Qt.AlignmentFlag.AlignLeft)

    def _open(self) -> None:
        if self._id:
            self._desk.open_record("person", self._id)

    def _edit(self) -> None:
        if self._id:
            self._desk.open_record("person-form", self._id)

    def _card(self) -> None:
        if self._id:
            self._desk.print_form("service_card", [self._id])
