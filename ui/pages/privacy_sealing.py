"""Dialogs about what is under seal: the passphrase, putting a person under seal, looking into a seal, lifting it.

Nothing typed here is kept as a draft, and what was opened is hidden again after a while.
"""

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.privacy import sealing
from desktop_app.residents.model import Person
from desktop_app.shared.clock import local_text
from desktop_app.sync import lifting, retiring
from desktop_app.sync.lifting import Lifted
from desktop_app.sync.sealed_files import PART
from ui.pages.gone_for_good import NamedOnceMoreDialog
from ui.pages.privacy_sealed_files import SealedFilesPane
from ui.shell.desk import Desk
from ui.shell.parts import clear, label
from ui.widgets.dialog import FormDialog
from ui.widgets.facts import Facts
from ui.widgets.record_form import Field, RecordForm
from ui.widgets.secrets_form import SecretsForm

SHOWN_MS = 120_000
"""How long what was opened stays on the screen; longer than a number, since it is read."""


class _Passphrase(IntEnum):
    """What is done with the passphrase next."""

    SET, UNLOCK, OTHER, CHANGE = range(4)


_NEW = (_Passphrase.SET, _Passphrase.CHANGE)


class PassphraseDialog(FormDialog):
    """The passphrase of sealed records: set once, typed once at each desk, changed at one that has the key.

    `change` asks for the last wherever it is possible.  Where two desks set one apart, each is typed once.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None, *, change: bool = False) -> None:
        app = desk.app
        here, missing = sealing.is_unlocked(app.db, app.secrets), sealing.missing(app.db, app.secrets)
        done = self._next = (
            _Passphrase.SET
            if sealing.current(app.db) is None
            else _Passphrase.CHANGE
            if here and (change or not missing)
            else _Passphrase.OTHER
            if here
            else _Passphrase.UNLOCK
        )
        title = (
            desk.tr("设定密封口令"),
            desk.tr("在本机解锁密封记录"),
            desk.tr("解锁另一个密封口令"),
            desk.tr("更换密封口令"),
        )[done]
        super().__init__(title, title, desk.theme, parent)
        self._desk = desk
        new = ("passphrase", self.tr("新口令"), self.tr("至少12个字")), ("again", self.tr("再输入一次"), "")
        known = (("passphrase", self.tr("密封口令"), ""),)
        self.form = SecretsForm(new if done in _NEW else known, self)
        self.form.save_asked.connect(self.press)
        words = (
            self.tr("口令写在纸上封好，由书记和安全管理员各存一份：丢了口令，密封的内容就再也打不开。"),
            self.tr("每台电脑解锁一次。以后由登录的权限决定谁能打开。"),
            self.tr("另一台电脑在同步以前也设过密封口令，那边密封的内容要用那个口令在本机解锁一次才能打开。"),
            self.tr("换了口令，已经解锁的电脑不受影响；其他电脑解锁要用新口令。请换掉封存的纸条。"),
        )[done]
        self.body.addWidget(label(words, "muted", wrap=True))
        self.body.addWidget(self.form)

    def save(self) -> None:
        if not self.form.complete():
            return
        if self._next in _NEW and not self.form.agree("passphrase", "again"):
            return
        app, typed = self._desk.app, self.form.value("passphrase")
        verb = (sealing.set_passphrase, sealing.unlock, sealing.unlock, sealing.change_passphrase)[self._next]
        unlocked = self.tr("本机已解锁")
        said = (self.tr("密封口令已设定"), unlocked, unlocked, self.tr("密封口令已更换"))[self._next]
        self.verb.setEnabled(False)
        self._desk.background.write(
            lambda: verb(app.db, app.actor, app.secrets, typed),
            lambda _key: self._done(said),
            owner=self,
            failed=self._failed,
        )

    def _failed(self, problem: object) -> None:
        self.verb.setEnabled(True)
        if not self.form.show_problem(problem):  # type: ignore[arg-type]
            self.strip.show_problem(problem)  # type: ignore[arg-type]

    def _done(self, said: str) -> None:
        self.form.clear()
        self._desk.say(said)
        self.finish()


class SealDialog(NamedOnceMoreDialog):
    """封存: says what it means."""

    def __init__(self, desk: Desk, person: Person, parent: QWidget | None = None) -> None:
        words = (
            desk.tr("档案规定不能删除、又不再需要使用的资料，加密单独保存（个人信息保护法第四十七条第二款）。"),
            desk.tr(
                "名册、查找、单据、导出里都不再有这个人；诉求、服务里的文字和姓名，各条记录上的照片和附件也一并封存。"
            ),
            desk.tr("以后要打开、解除封存，都要有权限并写明理由，每次都记入审计记录。"),
        )
        self.refused = desk.tr("和这位居民的姓名不一样，没有封存。")
        super().__init__(
            desk,
            person,
            desk.tr("封存个人信息：{name}"),
            desk.tr("封存"),
            [(one, "muted") for one in words],
            (
                Field("reason", desk.tr("依据"), required=True, hint=desk.tr("如 档案保管期限表；不要写姓名")),
                Field("name", desk.tr("再输一遍姓名"), required=True, hint=desk.tr("确认封存的就是这个人")),
            ),
            parent,
        )

    def work(self, person: Person, reason: str) -> object:
        app = self._desk.app
        return retiring.seal_person(app.db, app.actor, app.secrets, person.id, reason)

    def told(self, done: object) -> str:
        del done
        return self.tr("已封存，在“个人信息”的“密封”里，打开要写明理由")


class ReasonedDialog(FormDialog):
    """A reason first, then something that is shown for a while."""

    def __init__(
        self,
        desk: Desk,
        title: str,
        verb: str,
        fields: Sequence[Field] = (),
        parent: QWidget | None = None,
        words: str = "",
    ) -> None:
        super().__init__(title, verb, desk.theme, parent)
        self._desk = desk
        why = Field("why", self.tr("理由"), required=True, hint=self.tr("会记入审计记录；不要写姓名"))
        self.form = RecordForm((*fields, why), self, columns=1)
        self.leave.setText(self.tr("关闭"))
        self.words = label(words, "muted", wrap=True)
        self.words.setVisible(bool(words))
        self.shown = QVBoxLayout()
        self.body.addWidget(self.words)
        self.body.addWidget(self.form)
        self.body.addLayout(self.shown)
        self.body.addStretch(1)
        self.form.save_asked.connect(self.press)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide_again)

    def work(self, why: str) -> object:
        """What is done with the reason; runs on the writer thread."""
        raise NotImplementedError

    def show_found(self, found: object) -> None:
        """Fill `shown`."""
        raise NotImplementedError

    def save(self) -> None:
        if self.form.missing():
            return
        self.verb.setEnabled(False)
        why = self.form.value("why")
        self._desk.background.write(lambda: self.work(why), self._found, owner=self, failed=self.fail(self.form))

    def _found(self, found: object) -> None:
        self.verb.setEnabled(True)
        clear(self.shown)
        self.show_found(found)
        self._timer.start(SHOWN_MS)

    def hide_again(self) -> None:
        """Nothing of it stays on the screen."""
        clear(self.shown)
        self.shown.addWidget(label(self.tr("已自动遮住。要再看，请再写一次理由。"), "muted", wrap=True))


class OpenSealedDialog(ReasonedDialog):
    """What is under one seal, part by part, and its files."""

    def __init__(self, desk: Desk, record_id: str, parent: QWidget | None = None) -> None:
        super().__init__(desk, desk.tr("打开封存的个人信息"), desk.tr("打开"), (), parent)
        self._record_id, self._why, self._content = record_id, "", dict[str, Any]()

    def work(self, why: str) -> object:
        app = self._desk.app
        self._why, self._content = why, retiring.open_sealed(app.db, app.actor, app.secrets, self._record_id, why)
        return retiring.told({table: rows for table, rows in self._content.items() if table != PART})

    def show_found(self, found: object) -> None:
        for name, values in found:  # type: ignore[attr-defined]
            facts = Facts(self, columns=2)
            facts.show_facts(values)
            self.shown.addWidget(label(name, "section"))
            self.shown.addWidget(facts)
        if self._content.get(PART):
            self.shown.insertWidget(0, SealedFilesPane(self._desk, self._record_id, self._content, self._why, self))
            self.shown.insertWidget(0, label(self.tr("附件"), "section"))

    def hide_again(self) -> None:
        self._why, self._content = "", {}
        super().hide_again()


class FindSealedDialog(ReasonedDialog):
    """By name, which no index knows; `point` puts the cursor on what was found."""

    def __init__(self, desk: Desk, point: Callable[[str], object], parent: QWidget | None = None) -> None:
        fields = (Field("name", desk.tr("姓名"), required=True),)
        words = desk.tr("封存的资料没有索引：逐份打开核对姓名，记一条审计记录。")
        super().__init__(desk, desk.tr("按姓名查找封存的资料"), desk.tr("查找"), fields, parent, words)
        self._point = point

    def work(self, why: str) -> object:
        app = self._desk.app
        found = retiring.find_sealed(app.db, app.actor, app.secrets, self.form.value("name").strip(), why)
        return [record for record, _ in found]

    def show_found(self, found: object) -> None:
        records = list(found)  # type: ignore[call-overload]
        if not records:
            self.shown.addWidget(label(self.tr("没有封存这个姓名的资料。"), wrap=True))
            return
        words = self.tr("找到 {n} 份：{days}。列表里已指到第一份，按 O 打开。")
        days = self.tr("、").join(f"{local_text(one.at)} {one.by_name}" for one in records)
        self.shown.addWidget(label(words.format(n=len(records), days=days), wrap=True))
        self._point(records[0].id)


class LiftDialog(ReasonedDialog):
    """解除封存: the person stands in the register again."""

    def __init__(self, desk: Desk, record_id: str, parent: QWidget | None = None) -> None:
        words = desk.tr(
            "本人资料、标签、走访、附件等放回居民名册，诉求恢复文字；密封的一份仍留着，删除个人信息时一并清除。"
        )
        super().__init__(desk, desk.tr("解除封存"), desk.tr("解除封存"), (), parent, words)
        self._record_id = record_id

    def work(self, why: str) -> object:
        app = self._desk.app
        return lifting.lift(app.db, app.actor, app.secrets, self._record_id, why)

    def show_found(self, found: object) -> None:
        assert isinstance(found, Lifted)  # noqa: S101 what `work` gives
        self._desk.say(found.words)
        self.finish()
        self._desk.open_record("person", found.person_id)
