"""Register a resident, or correct one.

The ID number proposes sex and birth date, visibly, and overwrites nothing that was typed.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from typing import Any, ClassVar

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from desktop_app.privacy.actions import NeedsApprovalError, must_be_allowed
from desktop_app.profiles.desk import code_of
from desktop_app.residents import actions, duplicates, queries, rules
from desktop_app.residents.actions import Home
from desktop_app.residents.model import Person
from desktop_app.residents.queries import Hit
from desktop_app.residents.rules import Finding
from desktop_app.shared import identity
from desktop_app.shared.dates import iso_date
from desktop_app.shared.text import clean_name, mask
from desktop_app.store.database import Database
from ui.pages.page import Page
from ui.pages.room_picker import RoomPicker
from ui.pages.wording import choices
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.parts import Card, button, label, row
from ui.shell.problems import Problem
from ui.widgets.record_form import Field, RecordForm, scrolled
from ui.widgets.strip import Strip

NEW = "new"
_IN_ROOM = "in:"
_DEFAULTS = {"ethnic": "汉族", "source": "手工"}
_HOME_DEFAULTS = {"relation": "户主"}


def person_fields(page: QWidget, desk: Desk) -> tuple[Field, ...]:
    """The fields of a person, in the order of the paper form."""
    return (
        Field("name", page.tr("姓名"), required=True),
        Field("id_type", page.tr("证件类型"), "choice", choices(desk, "id_types")),
        Field("id_no", page.tr("证件号码"), "number", hint=page.tr("18位，末位可以是X")),
        Field("sex", page.tr("性别"), "choice", choices(desk, "sex")),
        Field("birth", page.tr("出生日期"), "date"),
        Field("phones", page.tr("电话"), "number", hint=page.tr("几个号码用空格隔开，常用的在前")),
        Field("ethnic", page.tr("民族"), "choice", choices(desk, "ethnic")),
        Field("political", page.tr("政治面貌"), "choice", choices(desk, "political")),
        Field("education", page.tr("文化程度"), "choice", choices(desk, "education")),
        Field("marital", page.tr("婚姻状况"), "choice", choices(desk, "marital")),
        Field("occupation", page.tr("职业")),
        Field("employer", page.tr("工作单位")),
        Field("native_place", page.tr("籍贯")),
        Field("used_name", page.tr("曾用名")),
        Field("hukou_address", page.tr("户籍地址"), wide=True),
        Field("note", page.tr("备注"), "long", wide=True),
    )


def cleaned(values: dict[str, str]) -> dict[str, str | None]:
    """Values as the store keeps them: names without blanks, dates in ISO, nothing for an empty field."""
    made: dict[str, str | None] = {name: value or None for name, value in values.items()}
    if "name" in made:
        made["name"] = clean_name(made["name"] or "")
    if made.get("birth"):
        made["birth"] = iso_date(made["birth"]) or made["birth"]
    if "phones" in made:
        made["phones"] = " ".join((made["phones"] or "").replace("，", " ").replace(",", " ").split())
    return made


def same_people(db: Database, name: str, id_no: str, birth: str, room_id: str | None, besides: str | None) -> list[Hit]:
    """Who is on the register already with this number, or with a name that sounds alike and this birth date or room."""
    found = queries.same_number(db, identity.normalise_id(id_no), besides) if id_no else []
    return found or duplicates.while_typing(db, name, birth or None, room_id, besides)


class PersonFormPage(Page):
    """`record_id` is `new`, `in:<room>` for a new resident of that room, or the identifier of a person to correct."""

    tables: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, desk: Desk, record_id: str) -> None:
        super().__init__(desk)
        self._person_id = "" if record_id == NEW or record_id.startswith(_IN_ROOM) else record_id
        self._room_id = record_id.removeprefix(_IN_ROOM) if record_id.startswith(_IN_ROOM) else ""
        self._key = record_id
        self._saving = False
        self.build(self._parts())

    def _parts(self) -> Iterator[None]:
        """The name can be typed at once; the other fields and the home follow."""
        desk = self.desk
        self.strip = Strip(desk.theme, self)
        self.twin = Strip(desk.theme, self)
        self._person = desk.app.db.get(Person, self._person_id) if self._person_id else None
        self._heading = label(self.title(), "title")
        self._save_button = button(
            self.tr("保存"), self.save, tone="primary", icon=desk.theme.icon("save", "on_accent")
        )
        self._content = QWidget(self)
        self.form = RecordForm(person_fields(self, self.desk), self._content, values=self._beginning(), by_turns=True)
        self._connect()
        self._arrange()
        self._offer_draft()
        yield
        self.card_seen = QCheckBox(self.tr("证件上就是这个号码，按原样保存"), self)
        self.card_seen.hide()
        self._who.body.addWidget(self.card_seen)
        self.room = RoomPicker(desk, self, title=self.tr("住在"))
        self.room.hide()
        yield
        self._make_home()
        self.room.picked.connect(lambda _place: self._look_for_twins())
        self.home.save_asked.connect(self._save_asked)
        self._order_tabs()

    def _order_tabs(self) -> None:
        """The buttons are older than the home that stands above them."""
        room = self.room.input, self.room.which
        for one, other in pairwise((*self.form.stops, self.card_seen, *room, *self.home.stops, *self._buttons)):
            self.setTabOrder(one, other)

    def _make_home(self) -> None:
        values = {**_HOME_DEFAULTS, "from_on": self.desk.app.clock.today().isoformat()}
        fields = (
            Field("relation", self.tr("与户主关系"), "choice", choices(self.desk, "relation")),
            Field("basis", self.tr("居住方式"), "choice", choices(self.desk, "residence_basis")),
            Field("from_on", self.tr("从哪天起"), "date"),
        )
        self.home = RecordForm(fields, self, values=values)
        if self._person_id:
            self.home.hide()
            return
        where = Card(self.tr("住处"), self._content)
        where.body.addWidget(self.room)
        where.body.addWidget(self.home)
        self._inner.addWidget(where)
        self.room.show()
        if self._room_id:
            self.room.show_room(self._room_id)

    def _connect(self) -> None:
        self.form.settled.connect(self._settled)
        self.form.draft.connect(self._keep_draft)
        self.form.save_asked.connect(self._save_asked)

    def _arrange(self) -> None:
        self._inner = inner = QVBoxLayout(self._content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(10)
        self._who = Card(self.tr("本人"), self._content)
        self._who.body.addWidget(self.form)
        inner.addWidget(self._who)
        buttons = [button(self.tr("不存了"), self._leave), self._save_button]
        if not self._person_id:
            buttons.insert(1, button(self.tr("保存并登记下一位　Ctrl+Enter"), self.save_and_next))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 12, 18, 12)
        layout.setSpacing(8)
        layout.addWidget(self._heading)
        layout.addWidget(self.strip)
        layout.addWidget(self.twin)
        layout.addWidget(scrolled(self._content), 1)
        self._buttons = tuple(buttons)
        layout.addLayout(row(1, *buttons))

    def _beginning(self) -> dict[str, str | None]:
        """What the fields show at first."""
        if self._person is None:
            return self._usual()
        names = [field.name for field in person_fields(self, self.desk)]
        return self._what_may_be_seen(self._person, {name: getattr(self._person, name) for name in names})

    def _usual(self) -> dict[str, str | None]:
        return {"id_type": self.desk.codes("id_types").name(identity.ID_CARD), **_DEFAULTS}

    def _what_may_be_seen(self, person: Person, shown: dict[str, str | None]) -> dict[str, str | None]:
        """A form shows the whole numbers it corrects, so opening it is a look; at the young only over an approval."""
        app = self.desk.app
        try:
            must_be_allowed(app.db, app.actor, person)
        except NeedsApprovalError as needed:
            for name, kind in (("id_no", "id_no"), ("phones", "phone")):
                shown[name] = mask(kind, shown[name] or "")
            self.strip.show_words(needed.message, "warn")
            self.when_whole(self._close_numbers)
        else:
            self.desk.note_look(Person, person.id, self.tr("证件号码和电话"))
        return shown

    def _close_numbers(self) -> None:
        for name in ("id_no", "phones"):
            self.form.input(name).setEnabled(False)

    def _offer_draft(self) -> None:
        if draft := self.desk.drafts.get(self._key):
            words = self.tr("上次填到一半，没有保存。")
            self.strip.show_words(words, "", self.tr("接着填"), lambda: self._take_up(draft))

    def _keep_draft(self, draft: str) -> None:
        self.desk.drafts[self._key] = draft

    def _take_up(self, draft: str) -> None:
        self.form.take_draft(draft)
        self.strip.dismiss()

    def keep_typed(self) -> None:
        self.form.tell_draft_now()

    # --------------------------------------------------------------------------------------------------------- page

    def title(self) -> str:
        return self.tr("修改：{name}").format(name=self._person.name) if self._person else self.tr("登记居民")

    def icon(self) -> str:
        return "edit"

    def first_focus(self) -> QWidget:
        return self.form.input("name")

    def commands(self) -> tuple[Command, ...]:
        here = self.tr("登记居民")
        return (
            Command(self.tr("保存"), self.save, "Ctrl+S", "save", here),
            Command(self.tr("保存并登记下一位"), self.save_and_next, "Ctrl+Return", "save", here),
            Command(self.tr("不存了"), self._leave, "", "close", here),
        )

    def unsaved(self) -> str:
        return self.title() if self.form.changes() else ""

    # ----------------------------------------------------------------------------------------------------- as typed

    def _settled(self, name: str) -> None:
        """A field was left: propose what follows from it, and say what looks odd."""
        if name == "id_no":
            self._propose()
        self._show_findings()
        if name in {"name", "id_no", "birth"}:
            self._look_for_twins()

    def _propose(self) -> None:
        number = identity.normalise_id(self.form.value("id_no"))
        verdict = identity.check_id(number, self.desk.app.clock.today())
        if verdict.level is identity.Level.OK:
            self.form.suggest("sex", identity.sex_of(number) or "")
            self.form.suggest("birth", identity.birth_of(number) or "")

    def _findings(self) -> list[Finding]:
        app = self.desk.app
        typed: dict[str, object] = dict(cleaned(self.form.values()))
        paper = partial(code_of, app.db, "id_types")
        return rules.findings(typed, app.clock.today(), card_seen=self.card_seen.isChecked(), paper=paper)

    def _show_findings(self) -> None:
        found = self._findings()
        for finding in found:
            if finding.field != "name":  # an empty name is said when saving, not while filling in
                self.form.show_fault(finding.field, finding.message)
        stops = any(finding.field == "id_no" and finding.stops for finding in found)
        self.card_seen.setVisible(stops or self.card_seen.isChecked())

    def _look_for_twins(self) -> None:
        db, besides = self.desk.app.db, self._person_id or None
        values = cleaned(self.form.values())
        name, id_no, birth = (values.get(key) or "" for key in ("name", "id_no", "birth"))
        room_id = self.room.place.room_id if self.room.place is not None else None
        self.read(lambda: same_people(db, name, id_no, birth, room_id, besides), self._show_twins, key="twins")

    def _show_twins(self, hits: list[Hit]) -> None:
        if not hits:
            self.twin.hide()
            return
        hit = hits[0]
        where = f"{hit.estate or ''}{hit.address}"
        words = self.tr("登记册里已有 {name}（{birth}，{where}），也许是同一个人。").format(
            name=hit.name, birth=hit.birth or "—", where=where or self.tr("没有住处")
        )
        self.twin.show_words(words, "warn", self.tr("打开看看"), lambda: self.desk.open_record("person", hit.id))

    # -------------------------------------------------------------------------------------------------------- saving

    def _save_asked(self, next_one: bool) -> None:
        if next_one:
            self.save_and_next()
        else:
            self.save()

    def save(self) -> None:
        self._save(then_next=False)

    def save_and_next(self) -> None:
        self._save(then_next=not self._person_id)

    def _save(self, *, then_next: bool) -> None:
        if self._saving or self.form.missing():
            return
        self._saving = True
        self._save_button.setEnabled(False)
        work = self._correct() if self._person_id else self._register()
        self.write(work, lambda person: self._saved(person, then_next=then_next), failed=self._failed)

    def _register(self) -> Callable[[], Person]:
        app, seen = self.desk.app, self.card_seen.isChecked()
        fields: dict[str, Any] = {**cleaned(self.form.values())}
        person = Person(**fields)
        home = None
        if self.room.place is not None:
            values = cleaned(self.home.values())
            home = Home(
                self.room.place.room_id,
                relation=values["relation"] or _HOME_DEFAULTS["relation"],
                basis=values["basis"],
                from_on=iso_date(values["from_on"] or "") or None,
            )
        return lambda: actions.register(app.db, app.actor, person, home, card_seen=seen)

    def _correct(self) -> Callable[[], Person]:
        app, person_id, seen = self.desk.app, self._person_id, self.card_seen.isChecked()
        changes = cleaned(self.form.changes())
        return lambda: actions.correct(app.db, app.actor, person_id, changes, card_seen=seen)

    def _failed(self, problem: Problem) -> None:
        self._saving = False
        self._save_button.setEnabled(True)
        self._show_findings()
        if not self.form.show_problem(problem) and not self.home.show_problem(problem):
            self.strip.show_problem(problem)

    def _saved(self, person: Person, *, then_next: bool) -> None:
        self._saving = False
        self._save_button.setEnabled(True)
        self.desk.say(self.tr("已保存 {name}").format(name=person.name), self.desk.undo_last)
        self.form.show_values({})
        self.desk.drafts.pop(self._key, None)
        if then_next:
            self._next()
        else:
            self.desk.close_asked.emit(f"person-form:{self._key}")
            self.desk.open_record("person", person.id)

    def _next(self) -> None:
        """The next person usually lives in the same place."""
        place = self.room.place
        self.form.show_values(self._usual())
        self.home.show_values({"relation": "", "from_on": self.home.value("from_on")})
        self.card_seen.setChecked(False)
        self.twin.hide()
        if place is not None:
            self.room.show_room(place.room_id)
        self.form.input("name").setFocus()

    def _leave(self) -> None:
        """Close without saving; what was typed can still be taken up again."""
        self.desk.close_asked.emit(f"person-form:{self._key}")
