"""时间线: everything that was done for a resident, a household or a room, by kind, each entry opens."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop_app.overview.queries import Entry, count_by_kind, timeline
from desktop_app.overview.sources import Subject
from ui.pages import page_entry, record_entry
from ui.shell.desk import Desk
from ui.shell.parts import label, row
from ui.widgets.empty_state import EmptyState
from ui.widgets.inputs import ChoiceBox, LineEdit
from ui.widgets.timeline import Moment, Timeline

_PAUSE_MS = 120
_ALARM = "门铃报警"
_TONES = {"诉求": "warn", "走访": "good", "敲门": "good", "服务": "good", "心愿": "good"}
_PAGES = {
    "visit": "visits",
    "door_bell": "care",
    "care_pair": "care",
    "wish": "orders",
    "shift": "orders",
    "points_account": "points",
    "activity": "partners",
    "agreement": "partners",
    "subject_request": "privacy",
    "org_node": "organisation",
    "print_job": "printing",
}
"""Records without a page of their own → the page that shows them, told `<kind>:<id>`."""
_PAGE_ALONE = frozenset({"org_node", "print_job"})
"""Those whose page cannot be pointed at one of them."""


def opener(desk: Desk, kind: str, record_id: str) -> bool:
    """Open whatever a line of a time line or of the first page names; whether there was something to open."""
    page, show = _PAGES.get(kind, ""), f"{kind}:{record_id}"
    if kind.startswith("page:"):
        page, show = kind.removeprefix("page:"), record_id
    elif record_entry(kind):
        desk.open_record(kind, record_id)
        return True
    if page_entry(page):
        desk.open_page(page, None if kind in _PAGE_ALONE else show)
        return True
    return False


class TimelinePane(QWidget):
    """A choice of kind, a field to find words, the line; asked again whenever `show_subject` is called."""

    files_asked = Signal()  # a file of this very record: its page shows them

    def __init__(self, desk: Desk, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._subject, self._id = desk, subject, ""
        self._entries: Sequence[Entry] = ()
        self.kind = ChoiceBox([("", self.tr("全部"))], self)
        self.kind.setAccessibleName(self.tr("看哪一类"))
        self.kind.currentIndexChanged.connect(lambda _at: self._narrow())
        self.search = LineEdit(self)
        self.search.setPlaceholderText(self.tr("在时间线里找"))
        self.search.setAccessibleName(self.tr("在时间线里找"))
        self.search.setClearButtonEnabled(True)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._narrow)
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self._count = label("", "muted")
        self.line = Timeline(desk.theme, self.tr("时间线"), self)
        self.line.asked.connect(self._open)
        self._empty = EmptyState(self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.line)
        self._stack.addWidget(self._empty)
        head = row(self.kind, self.search, self._count)
        head.setStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)

    def show_subject(self, record_id: str) -> None:
        """Ask for the line of this record, off the window's thread."""
        self._id = record_id
        app, subject = self._desk.app, self._subject

        def work() -> list[Entry]:
            return timeline(app.db, subject, record_id)

        self._desk.background.read(work, self._show, owner=self, key="timeline")

    def _show(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        chosen, counted = self.kind.code, count_by_kind(entries)
        self.kind.blockSignals(True)
        self.kind.clear()
        for kind, words in [("", self.tr("全部")), *((kind, f"{kind}　{count}") for kind, count in counted)]:
            self.kind.addItem(words, kind)
        self.kind.setCurrentIndex(max(0, self.kind.findData(chosen)))
        self.kind.blockSignals(False)
        self._narrow()

    def _narrow(self) -> None:
        kind, text = self.kind.code, self.search.text().strip()
        found = [
            one for one in self._entries if (not kind or one.kind == kind) and text in f"{one.on}{one.title}{one.text}"
        ]
        self.line.show_moments([_moment(one) for one in found])
        self._count.setText(self.tr("{n} 条").format(n=len(found)))
        self._stack.setCurrentIndex(0 if found else 1)
        if self._entries:
            self._empty.show_words(self.tr("没有符合的记录。"), self.tr("看全部"), "", self._clear)
        else:
            self._empty.show_words(self.tr("还没有为这里做过什么的记录。按 V 登记第一次走访。"))

    def _clear(self) -> None:
        self.search.clear()
        self.kind.choose("")
        self._narrow()

    def _open(self, kind: str, record_id: str) -> None:
        if kind == "attachment":
            self.files_asked.emit()
        elif (kind, record_id) != (self._subject, self._id) and not opener(self._desk, kind, record_id):
            self._desk.say(self.tr("这一条没有可以打开的页面。"))


def _moment(entry: Entry) -> Moment:
    tone = "bad" if entry.title.startswith(_ALARM) else _TONES.get(entry.kind, "accent")
    title = entry.title if entry.title.startswith(entry.kind) else f"{entry.kind}　{entry.title}"
    return Moment(entry.on, title, entry.text, tone, (entry.opens, entry.opens_id))
