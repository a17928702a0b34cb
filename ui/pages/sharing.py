"""共享给上级、部门或下级社区: which other units receive a meeting, an appeal or a matter, and may answer in it."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from desktop_app.appeals import sharing as appeals
from desktop_app.appeals.model import Appeal
from desktop_app.matters import sharing as matters
from desktop_app.matters.model import Matter
from desktop_app.meetings import sharing as meetings
from desktop_app.meetings.model import Meeting
from desktop_app.places.sharing import shared_with, was_taken_back
from desktop_app.store.database import Database
from desktop_app.sync import units
from sync_protocol.enrolment import Unit
from ui.shell.desk import Desk
from ui.shell.parts import label
from ui.widgets.dialog import FormDialog
from ui.widgets.inputs import LineEdit
from ui.widgets.record_form import Field, RecordForm

Shared = Meeting | Appeal | Matter
_MANY = 8
_LIST_HIGH, _REASON_HIGH = 192, 120
_ID = Qt.ItemDataRole.UserRole


def receivers(db: Database, record: Shared) -> tuple[str, ...]:
    """The other units that receive a record, by name."""
    return tuple(units.home_name(db, number) for number in shared_with(record))


def share_dialog(desk: Desk, record: Shared, parent: QWidget) -> "ShareDialog":
    """The dialog for a meeting, an appeal or a matter."""
    verbs, goes_along = {
        Meeting: (meetings, desk.tr("选中的单位会收到这次会议的信息、议题、签到和议定事项，也可以在里面补充")),
        Appeal: (appeals, desk.tr("选中的单位会收到这件诉求，连同反映人姓名、电话、办理经过和附件，也可以办理")),
        Matter: (matters, desk.tr("选中的单位会收到这个议题，连同提出人姓名、电话、议事经过和附件，也可以办理")),
    }[type(record)]
    along = desk.tr("{what}；居民资料不会共享。下次同步后生效。").format(what=goes_along)
    work = partial(verbs.share_with, desk.app.db, desk.app.actor, record.id)
    return ShareDialog(desk, record, along, work, parent)


def why_gone(desk: Desk, cls: type[Shared], record_id: str) -> str:
    """Words for a record that was shared with this unit and taken back; "" for any other."""
    if not was_taken_back(desk.app.db, cls, record_id):
        return ""
    return desk.tr("共享它的单位已经收回，本机不再有这条记录。还没上报的话留在“同步”的“未被接受”里。")


class ShareDialog(FormDialog):
    """Ticks beside the units; Space sets and takes them away, typing narrows a long list.

    `along` says what goes with the record; `save_these(units, why)` is the action.  What is taken back is asked for
    once more, with the reason.
    """

    def __init__(
        self,
        desk: Desk,
        record: Shared,
        along: str,
        save_these: Callable[[Sequence[int], str], Shared],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk.tr("共享“{title}”").format(title=record.title), desk.tr("保存"), desk.theme, parent)
        self._desk, self._record, self._save_these = desk, record, save_these
        self._asked: frozenset[int] = frozenset()
        self.filter = LineEdit(self)
        self.filter.setPlaceholderText(self.tr("查找单位"))
        self.filter.setAccessibleName(self.tr("查找单位"))
        self.filter.textChanged.connect(self._narrow)
        self.filter.entered.connect(self._to_list)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("共享给哪些单位"))
        why = Field("why", self.tr("收回的原因"), hint=self.tr("如：转错了单位"))
        self.form = RecordForm((why,), self, columns=1)
        self.form.save_asked.connect(self.press)
        for part in (label(along, "muted", wrap=True), self.filter):
            self.body.addWidget(part)
        self.list.setSizeAdjustPolicy(QListWidget.SizeAdjustPolicy.AdjustToContents)
        self.list.setMaximumHeight(round(_LIST_HIGH * desk.theme.font_px / 14))
        self.body.addWidget(self.list, 1)
        self.keep_in_sight(self.form)
        self._fill(units.known(desk.app.db), set(shared_with(record)))
        self.list.itemChanged.connect(self._ticked)
        self._ticked()

    def _fill(self, known_units: Sequence[Unit], shared: set[int]) -> None:
        known = {
            unit.id: self.tr("{name}　{kind}").format(name=unit.name, kind=kind_words(unit)) for unit in known_units
        }
        strangers = {number: self.tr("单位 {code}").format(code=number) for number in sorted(shared - known.keys())}
        for number, words in (known | strangers).items():
            item = QListWidgetItem(words, self.list)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setData(_ID, number)
            item.setCheckState(Qt.CheckState.Checked if number in shared else Qt.CheckState.Unchecked)
        self.filter.setVisible(self.list.count() > _MANY)
        self.list.setCurrentRow(0)
        if not self.list.count():
            self.strip.show_words(self.tr("还不知道有哪些单位：接入服务器并同步一次以后会列出。"), stays=True)
            self.verb.setEnabled(False)

    def _to_list(self) -> None:
        self.list.setFocus()

    def _narrow(self, text: str) -> None:
        for item in self._items():
            item.setHidden(text.strip() not in item.text())

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(at) for at in range(self.list.count())]

    @property
    def chosen(self) -> list[int]:
        """The numbers of the units that are ticked."""
        return [int(item.data(_ID)) for item in self._items() if item.checkState() is Qt.CheckState.Checked]

    @property
    def lost(self) -> frozenset[int]:
        """Those that have the record and shall have it no more."""
        return frozenset(shared_with(self._record)) - set(self.chosen)

    def _ticked(self, _item: QListWidgetItem | None = None) -> None:
        """A reason is asked for while something is taken back; what was asked once holds for the same units alone."""
        if self.lost and self.form.isHidden():
            self.resize(self.width(), self.height() + round(_REASON_HIGH * self._desk.theme.font_px / 14))
        self.form.setVisible(bool(self.lost))
        if self._asked and self._asked != self.lost:
            self._asked = frozenset()
            self.strip.hide()
            self._say_verb(self.tr("保存"), "primary")

    def _say_verb(self, words: str, tone: str) -> None:
        self.verb.setText(words)
        self.verb.setShortcut("Ctrl+S")  # a new text takes it away
        self.verb.setProperty("tone", tone)
        self.verb.style().unpolish(self.verb)
        self.verb.style().polish(self.verb)

    def save(self) -> None:
        chosen, why, lost = self.chosen, self.form.value("why"), self.lost
        if not self.verb.isEnabled():
            return
        if lost != self._asked:
            self._ask(lost)
            return
        self.verb.setEnabled(False)
        self._desk.background.write(
            lambda: self._save_these(chosen, why), self._saved, owner=self, failed=self.fail(self.form)
        )

    def _ask(self, lost: frozenset[int]) -> None:
        """Before anything is taken back: what it means there, what stays here."""
        self._asked = lost
        names = "、".join(item.text().partition("　")[0] for item in self._items() if int(item.data(_ID)) in lost)
        words = self.tr(
            "从{units}收回？下次同步后那里看不到它和附件了；那里已经上报的都留在这里，还没上报的只留在那里。"
            "确定的话，再按一次“收回”。"
        )
        self.strip.show_words(words.format(units=names), "warn", stays=True)
        self._say_verb(self.tr("收回"), "danger")
        self.form.input("why").setFocus()

    def _saved(self, record: Shared) -> None:
        count = len(shared_with(record))
        words = (
            self.tr("“{title}”现在共享给 {n} 个单位，下次同步后生效")
            if count
            else self.tr("“{title}”不再共享，下次同步后生效")
        )
        self._desk.say(words.format(title=record.title, n=count), self._desk.undo_last)
        self.finish()


def kind_words(unit: Unit) -> str:
    """街道, 部门…"""
    return units.KIND_NAMES.get(unit.kind, unit.kind)
