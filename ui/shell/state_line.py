"""Where one record stands, in words above its page: waiting, refused and why, or two values to choose between."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QWidget

from desktop_app.sync.status import RowState
from ui.shell.desk import Desk
from ui.shell.parts import ICON, button, label, row
from ui.shell.row_marks import LOOKS, standings


class StateLine(QWidget):
    """Hidden while there is nothing to say."""

    def __init__(self, desk: Desk, table: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._table, self._id = desk, table, ""
        self._state: RowState | None = None
        self._icon = QLabel()
        self.words = label("", "muted", wrap=True)
        self.verb = button("", self._act, tone="link")
        line = row(self._icon, self.words, self.verb, gap=6)
        line.setStretch(1, 1)
        self.setLayout(line)
        self.hide()
        desk.signals.settled.connect(self._ask)

    def show_record(self, record_id: str) -> None:
        """Say where this record stands, and go on saying it after each commit and each exchange."""
        self._id = record_id
        self._ask()

    def _ask(self, _tables: object = None) -> None:
        db, table, record_id = self._desk.app.db, self._table, self._id
        if not record_id:
            self.hide()
        else:
            self._desk.background.read(
                lambda: standings(db, table, [record_id]).get(record_id), self._show, owner=self, key=f"state:{table}"
            )

    def _show(self, found: tuple[RowState, str] | None) -> None:
        now, why = found or (RowState.SYNCED, "")
        self._state = now
        self.setVisible(now in LOOKS)
        if now not in LOOKS:
            return
        name, role = LOOKS[now]
        self._icon.setPixmap(self._desk.theme.icon(name, role).pixmap(QSize(ICON, ICON)))
        words = {
            RowState.LOCAL: self.tr("只在本机，服务器还没有这条记录。"),
            RowState.WAITING: self.tr("有修改还没有上报，下次同步时上报。"),
            RowState.SENDING: self.tr("正在上报。"),
            RowState.REFUSED: self.tr("服务器没有接受上次的修改：{why}。").format(why=why or self.tr("没有说明")),
            RowState.CONFLICT: self.tr("有一项两个人写了不同的值，等您选一个。"),
        }
        self.words.setText(words[now])
        verbs = {RowState.CONFLICT: self.tr("去确认"), RowState.REFUSED: self.tr("看说明")}
        self.verb.setText(verbs.get(now, ""))
        self.verb.setVisible(now in verbs)

    def _act(self) -> None:
        self._desk.open_page("syncing", "refused" if self._state is RowState.REFUSED else (self._table, self._id))
