"""Dialogs about restricted classes (限制类人员): switched on by two people, read one person at a time, for a reason."""

from PySide6.QtWidgets import QWidget

from desktop_app.privacy import actions, queries, restricted, rules, sealing
from desktop_app.privacy.restricted import Restricted
from desktop_app.profiles.desk import desk_codes
from desktop_app.residents.model import Person
from ui.pages.privacy_sealing import ReasonedDialog
from ui.shell.desk import Desk
from ui.shell.parts import button, label, row
from ui.widgets.dialog import FormDialog
from ui.widgets.inputs import tidy_date
from ui.widgets.record_form import Field, RecordForm


class SwitchDialog(ReasonedDialog):
    """On or off, as it stands now: without an approval in force it asks for one, which somebody else decides."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        app = desk.app
        self._on = restricted.is_on(app.db)
        self._asks = not self._on and queries.in_force(app.db, app.actor, rules.RESTRICTED_ON, None) is None
        self._keyed = sealing.current(app.db) is not None
        title = desk.tr("停用限制类人员登记") if self._on else desk.tr("启用限制类人员登记")
        super().__init__(desk, title, self._verb(desk), (), parent, self._told(desk))

    def _verb(self, desk: Desk) -> str:
        if self._on:
            return desk.tr("停用")
        return desk.tr("申请启用") if self._asks else desk.tr("启用")

    def _told(self, desk: Desk) -> str:
        if self._on:
            return desk.tr("停用后不再登记、不再显示；已经登记的仍加密保存，到期处理。")
        kept = desk.tr(
            "社区矫正、刑满释放、严重精神障碍等类别，默认不采集。"
            "启用后内容加密单独存放，查看要写理由，不导出、不搜索、不打印。"
        )
        if not self._keyed:
            return kept + desk.tr("还没有设定密封口令：请书记先设定。")
        if self._asks:
            return kept + desk.tr("要两个人：您申请，书记在“审批”里同意后，再来启用。")
        return kept + desk.tr("书记已同意，现在可以启用。")

    def work(self, why: str) -> object:
        app = self._desk.app
        if self._on:
            restricted.switch_off(app.db, app.actor, why)
            return self.tr("已停用限制类人员登记")
        if self._asks:
            actions.ask(app.db, app.actor, rules.RESTRICTED_ON, why)
            return self.tr("已申请启用。请书记在“审批”里审批，同意后再来启用")
        restricted.switch_on(app.db, app.actor, why)
        return self.tr("已启用限制类人员登记")

    def show_found(self, found: object) -> None:
        self._desk.say(str(found))
        self.finish()


class RestrictedDialog(ReasonedDialog):
    """The classes of one person: nothing before a reason; then what there is, to be ended or added to."""

    def __init__(self, desk: Desk, person: Person, parent: QWidget | None = None) -> None:
        title = desk.tr("限制类：{name}").format(name=person.name)
        words = desk.tr("每次查看都先记入审计记录，记录里不写是谁、是哪一类。")
        super().__init__(desk, title, desk.tr("查看"), (), parent, words)
        self._person = person
        self.enter_button = button(self.tr("登记一类…"), self.enter)
        desk.offer("restricted.change", self.enter_button)
        self.body.insertLayout(self.body.count() - 1, row(self.enter_button, 1))

    def work(self, why: str) -> object:
        app = self._desk.app
        return restricted.look(app.db, app.actor, app.secrets, self._person.id, why)

    def show_found(self, found: object) -> None:
        lines: list[Restricted] = list(found)  # type: ignore[call-overload]
        if not lines:
            self.shown.addWidget(label(self.tr("没有登记限制类。"), wrap=True))
        for one in lines:
            span = self.tr("{since} 起").format(since=one.from_on)
            if one.to_on:
                span = self.tr("{since} 至 {until}").format(since=one.from_on, until=one.to_on)
            words = "　".join(part for part in (one.klass, span, one.note) if part)
            told = label(words, wrap=True)
            if one.to_on:
                self.shown.addWidget(told)
                continue
            ended = button(self.tr("结束…"), lambda one=one: self.end(one), tone="link")  # type: ignore[misc]
            ended.setAccessibleName(self.tr("结束：{name}").format(name=one.klass))
            self._desk.offer("restricted.change", ended)
            line = row(told, ended)
            line.setStretch(0, 1)
            self.shown.addLayout(line)

    def enter(self) -> None:
        """Another class of this person."""
        EnterDialog(self._desk, self._person, self).open()

    def end(self, one: Restricted) -> None:
        """A class that no longer holds."""
        EndDialog(self._desk, one, self).open()


class EnterDialog(FormDialog):
    """A class from a day on, and on what ground."""

    def __init__(self, desk: Desk, person: Person, parent: QWidget | None = None) -> None:
        super().__init__(desk.tr("登记限制类：{name}").format(name=person.name), desk.tr("登记"), desk.theme, parent)
        self._desk, self._person = desk, person
        classes = tuple((one.name, one.name) for one in desk_codes(desk.app.db, restricted.TABLE))
        self.form = RecordForm(
            (
                Field("klass", self.tr("类别"), "choice", classes, required=True),
                Field("from_on", self.tr("开始日期"), "date", required=True),
                Field("why", self.tr("依据"), required=True, hint=self.tr("如 公安机关通报；不要写姓名")),
                Field("note", self.tr("说明"), "long", hint=self.tr("加密保存")),
            ),
            self,
            columns=1,
        )
        self.form.show_values({"from_on": desk.app.clock.today().isoformat()})
        self.body.addWidget(self.form)
        self.form.save_asked.connect(self.press)

    def save(self) -> None:
        if self.form.missing():
            return
        app, value = self._desk.app, self.form.value
        self.verb.setEnabled(False)
        klass, why, on, note = value("klass"), value("why"), tidy_date(value("from_on")), value("note")
        self._desk.background.write(
            lambda: restricted.enter(
                app.db, app.actor, app.secrets, self._person.id, klass, why, from_on=on, note=note
            ),
            lambda _made: self._done(self.tr("已登记限制类，加密保存")),
            owner=self,
            failed=self.fail(self.form),
        )

    def _done(self, said: str) -> None:
        self._desk.say(said)
        self.finish()


class EndDialog(FormDialog):
    """The day from which a class no longer holds; it stays under seal."""

    def __init__(self, desk: Desk, one: Restricted, parent: QWidget | None = None) -> None:
        super().__init__(desk.tr("结束：{name}").format(name=one.klass), desk.tr("结束"), desk.theme, parent)
        self._desk, self._one = desk, one
        self.form = RecordForm(
            (
                Field("to_on", self.tr("结束日期"), "date", required=True),
                Field("why", self.tr("依据"), required=True, hint=self.tr("如 已解除；不要写姓名")),
            ),
            self,
            columns=1,
        )
        self.form.show_values({"to_on": desk.app.clock.today().isoformat()})
        self.body.addWidget(self.form)
        self.form.save_asked.connect(self.press)

    def save(self) -> None:
        if self.form.missing():
            return
        app, record_id = self._desk.app, self._one.id
        on, why = tidy_date(self.form.value("to_on")), self.form.value("why")
        self.verb.setEnabled(False)
        self._desk.background.write(
            lambda: restricted.end(app.db, app.actor, app.secrets, record_id, on, why),
            lambda _made: self._done(),
            owner=self,
            failed=self.fail(self.form),
        )

    def _done(self) -> None:
        self._desk.say(self.tr("已结束，记录仍加密保存"))
        self.finish()
