"""Verbs for residents that ask for something first: a tag, a new home, how somebody left."""

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QWidget

from desktop_app.residents import actions, queries
from desktop_app.residents.actions import Home
from desktop_app.residents.model import Person
from desktop_app.residents.queries import ResidentDetail
from desktop_app.residents.rules import LEFT_BY
from desktop_app.store.database import Database
from ui.pages.room_picker import RoomPicker
from ui.pages.wording import choices
from ui.shell.desk import Desk
from ui.shell.parts import label
from ui.widgets.dialog import FormDialog
from ui.widgets.inputs import tidy_date
from ui.widgets.record_form import Field, RecordForm

_PART = 500
_DEATH = "死亡"


def open_dialog(dialog: QDialog) -> None:
    """Show without blocking; it deletes itself."""
    dialog.open()


def ids_of(db: Database, numbers: Sequence[int]) -> list[str]:
    """Identifiers of residents by their local numbers."""
    parts = (list(numbers[at : at + _PART]) for at in range(0, len(numbers), _PART))
    return [line.id for part in parts for line in queries.lines(db, part)]


class TagDialog(FormDialog):
    """Give one or many people a tag; nobody gets it twice."""

    def __init__(self, desk: Desk, numbers: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(desk.tr("打标签"), desk.tr("打上标签"), desk.theme, parent)
        self._desk = desk
        self._numbers = list(numbers)
        self.form = RecordForm(
            (
                Field("tag", self.tr("标签"), "choice", choices(desk, "tags"), required=True),
                Field("detail", self.tr("说明"), hint=self.tr("如 肢体二级")),
                Field("from_on", self.tr("从哪天起"), "date"),
                Field("evidence", self.tr("依据"), hint=self.tr("如 残疾证、低保证")),
            ),
            self,
            columns=1,
        )
        self.form.show_values({"from_on": desk.app.clock.today().isoformat()})
        self.body.addWidget(label(self.tr("给 {n} 位居民打标签").format(n=len(self._numbers)), "muted"))
        self.body.addWidget(self.form)
        self.form.save_asked.connect(self.press)

    def save(self) -> None:
        if self.form.missing():
            return
        app, numbers, values = self._desk.app, self._numbers, self.form.values()
        self.verb.setEnabled(False)
        self._desk.background.write(
            lambda: actions.tag(
                app.db,
                app.actor,
                ids_of(app.db, numbers),
                values["tag"],
                from_on=tidy_date(values["from_on"]) or None,
                detail=values["detail"] or None,
                evidence=values["evidence"] or None,
            ),
            self._saved,
            owner=self,
            failed=self.fail(self.form),
        )

    def _saved(self, count: int) -> None:
        tag = self.form.value("tag")
        self._desk.say(self.tr("已给 {n} 人打上“{tag}”").format(n=count, tag=tag), self._desk.undo_last)
        self.finish()


class MoveDialog(FormDialog):
    """Move somebody into another room from a day on; the earlier residence ends that day."""

    def __init__(self, desk: Desk, shown: ResidentDetail, parent: QWidget | None = None) -> None:
        title = desk.tr("{name} 迁到哪里").format(name=shown.person.name)
        super().__init__(title, desk.tr("迁过去"), desk.theme, parent)
        self._desk = desk
        self._person = shown.person
        now = shown.place.full if shown.place else self.tr("没有登记住处")
        self.room = RoomPicker(desk, self)
        self.form = RecordForm(
            (
                Field("relation", self.tr("与户主关系"), "choice", choices(desk, "relation"), required=True),
                Field("basis", self.tr("居住方式"), "choice", choices(desk, "residence_basis")),
                Field("on", self.tr("从哪天起"), "date", required=True),
                Field("why", self.tr("说明")),
            ),
            self,
            columns=1,
        )
        self.form.show_values({"on": desk.app.clock.today().isoformat(), "relation": "户主"})
        self.body.addWidget(label(self.tr("现在住：{place}").format(place=now), "muted", wrap=True))
        self.body.addWidget(self.room)
        self.body.addWidget(self.form)
        self.form.save_asked.connect(self.press)

    def save(self) -> None:
        if not self.room.place:
            self.room.complain(self.tr("请写上迁到哪一间，如 3-2-501"))
            return
        if self.form.missing():
            return
        app, values, person_id = self._desk.app, self.form.values(), self._person.id
        home = Home(self.room.place.room_id, relation=values["relation"], basis=values["basis"] or None)
        on = tidy_date(values["on"])
        self.verb.setEnabled(False)
        self._desk.background.write(
            lambda: actions.move(app.db, app.actor, person_id, home, on, values["why"]),
            self._saved,
            owner=self,
            failed=self.fail(self.form),
        )

    def _saved(self, _done: None) -> None:
        self._desk.say(self.tr("{name} 已迁移").format(name=self._person.name), self._desk.undo_last)
        self.finish()


class LeaveDialog(FormDialog):
    """Somebody left: 迁出, 搬离, 失联 or 死亡. The record stays, with the day."""

    def __init__(self, desk: Desk, person: Person, parent: QWidget | None = None) -> None:
        title = desk.tr("{name} 离开登记").format(name=person.name)
        super().__init__(title, desk.tr("登记"), desk.theme, parent)
        self._desk = desk
        self._person = person
        kinds = tuple((kind, kind) for kind in (*LEFT_BY, _DEATH))
        self.form = RecordForm(
            (
                Field("kind", self.tr("是哪一种"), "choice", kinds, required=True),
                Field("on", self.tr("哪一天"), "date", required=True),
                Field("why", self.tr("说明"), hint=self.tr("如 迁往何处")),
            ),
            self,
            columns=1,
        )
        self.form.show_values({"on": desk.app.clock.today().isoformat()})
        words = self.tr("资料和历史都会保留，随时可以再登记回来。")
        self.body.addWidget(label(words, "muted", wrap=True))
        self.body.addWidget(self.form)
        self.form.save_asked.connect(self.press)

    def save(self) -> None:
        if self.form.missing():
            return
        app, values, person_id = self._desk.app, self.form.values(), self._person.id
        kind, on, why = values["kind"], tidy_date(values["on"]), values["why"]

        def work() -> None:
            if kind == _DEATH:
                actions.record_death(app.db, app.actor, person_id, on, why)
            else:
                actions.leave(app.db, app.actor, person_id, kind, on, why)

        self.verb.setEnabled(False)
        self._desk.background.write(work, self._saved, owner=self, failed=self.fail(self.form))

    def _saved(self, _done: None) -> None:
        words = self.tr("{name}：已登记{kind}").format(name=self._person.name, kind=self.form.value("kind"))
        self._desk.say(words, self._desk.undo_last)
        self.finish()
