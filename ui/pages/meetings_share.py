"""共享给上级、部门或下级社区: which other units receive a meeting, and may answer in it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from desktop_app.meetings import sharing
from desktop_app.meetings.model import Meeting
from desktop_app.sync.units import KIND_NAMES
from sync_protocol.enrolment import Unit
from ui.shell.desk import Desk
from ui.shell.parts import label
from ui.widgets.dialog import FormDialog
from ui.widgets.inputs import LineEdit

_MANY = 8
_ID = Qt.ItemDataRole.UserRole


class ShareDialog(FormDialog):
    """Ticks beside the units; Space sets and takes them away, typing narrows a long list."""

    def __init__(self, desk: Desk, meeting: Meeting, units: Sequence[Unit], parent: QWidget | None = None) -> None:
        super().__init__(desk.tr("共享“{title}”").format(title=meeting.title), desk.tr("保存"), desk.theme, parent)
        self._desk, self._meeting = desk, meeting
        self.filter = LineEdit(self)
        self.filter.setPlaceholderText(self.tr("查找单位"))
        self.filter.setAccessibleName(self.tr("查找单位"))
        self.filter.textChanged.connect(self._narrow)
        self.filter.entered.connect(self._to_list)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("共享给哪些单位"))
        words = self.tr(
            "选中的单位会收到这次会议的信息、议题、签到和议定事项，也可以在里面补充；居民资料不会共享。下次同步后生效。"
        )
        self.body.addWidget(label(words, "muted", wrap=True))
        self.body.addWidget(self.filter)
        self.body.addWidget(self.list, 1)
        self._fill(units, set(sharing.shared_with(meeting)))

    def _fill(self, units: Sequence[Unit], shared: set[int]) -> None:
        known = {unit.id: self.tr("{name}　{kind}").format(name=unit.name, kind=kind_words(unit)) for unit in units}
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

    def save(self) -> None:
        app, meeting_id, chosen = self._desk.app, self._meeting.id, self.chosen
        self.verb.setEnabled(False)
        self._desk.background.write(
            lambda: sharing.share_with(app.db, app.actor, meeting_id, chosen),
            self._saved,
            owner=self,
            failed=self.fail(),
        )

    def _saved(self, meeting: Meeting) -> None:
        count = len(sharing.shared_with(meeting))
        words = (
            self.tr("会议现在共享给 {n} 个单位，下次同步后生效") if count else self.tr("会议不再共享，下次同步后生效")
        )
        self._desk.say(words.format(n=count), self._desk.undo_last)
        self.finish()


def kind_words(unit: Unit) -> str:
    """街道, 部门…"""
    return KIND_NAMES.get(unit.kind, unit.kind)
