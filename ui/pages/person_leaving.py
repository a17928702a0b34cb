"""A resident leaves for good: handed over to another community, or erased on request."""

from PySide6.QtWidgets import QWidget

from desktop_app.accounts.rights import may
from desktop_app.points import elsewhere
from desktop_app.privacy.sealing import about
from desktop_app.residents import moving
from desktop_app.residents.model import Person
from desktop_app.sync import erasing, units
from desktop_app.sync.erasing import Erased
from sync_protocol.enrolment import Unit
from ui.pages.gone_for_good import NamedOnceMoreDialog
from ui.shell.desk import Desk
from ui.shell.parts import label
from ui.widgets.community_box import CommunityBox
from ui.widgets.dialog import FormDialog
from ui.widgets.inputs import tidy_date
from ui.widgets.record_form import Field, RecordForm


class MoveOutDialog(FormDialog):
    """迁出到其他社区: where to, what goes along, from which day, why."""

    def __init__(self, desk: Desk, person: Person, parent: QWidget | None = None) -> None:
        title = desk.tr("{name} 迁出到其他社区").format(name=person.name)
        super().__init__(title, desk.tr("登记迁出"), desk.theme, parent)
        self._desk, self._person = desk, person
        self.unit = CommunityBox(desk, self)
        self.where = label(self.tr("输入几个字会列出社区；离线时填 12 位区划代码。"), "muted", wrap=True)
        self.along = label("", wrap=True)
        self.form = RecordForm(
            (
                Field("on", self.tr("哪一天"), "date", required=True),
                Field("reason", self.tr("事由"), hint=self.tr("如 购房、随子女居住")),
            ),
            self,
            columns=1,
        )
        self.form.show_values({"on": desk.app.clock.today().isoformat()})
        words = self.tr(
            "下次同步后，这些内容转到对方社区，本机不再保留；本社区的会议、任职等记录照旧。同步以前可以撤销，以后只能由对方转回。"
        )
        for part in (label(self.tr("转到哪个社区 *")), self.unit, self.where, self.form, self.along):
            self.body.addWidget(part)
        self.body.addWidget(label(words, "muted", wrap=True))
        self.unit.picked.connect(self._picked)
        self.unit.asked.connect(self._asked)
        self.form.save_asked.connect(self.press)
        db = desk.app.db
        desk.background.read(lambda: moving.what_moves(db, person.id), self._show_along, owner=self)

    def _show_along(self, found: dict[str, int]) -> None:
        parts = self.tr("、").join(f"{kind} {count} 条" for kind, count in found.items())
        rest = self.tr("，还有{parts}").format(parts=parts) if parts else ""
        self.along.setText(self.tr("跟着走的：本人资料{rest}。").format(rest=rest))

    def _picked(self, unit: Unit | None) -> None:
        if unit is not None:
            self.where.setText(self.tr("将转到：{name}（{code}）").format(name=unit.name, code=unit.id))

    def _asked(self, words: str) -> None:
        if words:
            self.where.setText(words)

    def save(self) -> None:
        if self.form.missing():
            return
        app, person_id, typed, chosen = self._desk.app, self._person.id, self.unit.text(), self.unit.unit
        on, reason = tidy_date(self.form.value("on")), self.form.value("reason")
        if not typed.strip():
            self.strip.show_words(self.tr("请写上转到哪个社区。"), "problem")
            self.unit.setFocus()
            return

        def work() -> tuple[moving.MovedOut, list[str]]:
            unit = chosen or units.community(app.db, typed)
            moved = moving.move_out(app.db, app.actor, person_id, unit, on, reason)
            saved = elsewhere.left_behind(app.db, person_id) if may(app.db, app.actor, "points.read") else []
            return moved, [words for _, words in saved]

        self.verb.setEnabled(False)
        self._desk.background.write(work, self._saved, owner=self, failed=self.fail(self.form))

    def _saved(self, done: tuple[moving.MovedOut, list[str]]) -> None:
        moved, saved = done
        left = self.tr("账上还有{saved}，请在积分页按 T 转出，把凭证交给本人。").format(saved="、".join(saved))
        self._desk.say(moved.words + (left if saved else ""), self._desk.undo_last)
        self.finish()


class EraseDialog(NamedOnceMoreDialog):
    """删除个人信息（依申请）: says what goes and what stays."""

    def __init__(self, desk: Desk, person: Person, parent: QWidget | None = None) -> None:
        law = desk.tr(
            "个人信息保护法第四十七条：本人撤回同意、处理目的已经实现或不再需要、保存期限已满时，应当删除个人信息。"
        )
        goes = desk.tr(
            "会清除：本人资料和证件号码、电话，住处和家庭关系，标签，经历，走访，心愿，报到，党员登记，打印记录，密封记录，"
            "诉求和服务里的文字、地点和反映人，这些记录上的照片和附件，以及它们的修改历史；"
            "本机马上没有了，下次同步后本社区其他电脑和服务器上也没有了，以前的备份到期自动删除。"
        )
        stays = desk.tr(
            "不清除：担任过的职务、参加过的会议、公示牌上写着的姓名，诉求的类别、日期和结果，这些是单位的记录，请到原处改正；"
            "会议、议题、户和房屋上的附件也不动，里面有本人信息的请到原处移除。"
        )
        self.refused = desk.tr("和这位居民的姓名不一样，没有清除。")
        super().__init__(
            desk,
            person,
            desk.tr("删除个人信息（依申请）：{name}"),
            desk.tr("永久清除"),
            ((law, "muted"), (goes, ""), (stays, "muted"), (desk.tr("不能撤销，也不能找回。"), "fault")),
            (
                Field("reason", desk.tr("依据"), required=True, hint=desk.tr("如 本人书面申请，2026年第3号")),
                Field("name", desk.tr("再输一遍姓名"), required=True, hint=desk.tr("确认清除的就是这个人")),
            ),
            parent,
        )

    def work(self, person: Person, reason: str) -> Erased:
        app = self._desk.app
        sealed = [one.id for one in about(app.db, app.secrets, person.id)]
        return erasing.erase(app.db, app.actor, person.id, reason, sealed=sealed)

    def told(self, done: object) -> str:
        assert isinstance(done, Erased)  # noqa: S101 what `work` gives
        return done.words
