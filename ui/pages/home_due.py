"""What is due today on the first page: kind by kind, each line opens its record, the heading opens the page."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop_app.appeals.queries import AppealFilter
from ui.pages import page_entry
from ui.pages.timeline_pane import opener
from ui.shell.desk import Desk
from ui.shell.parts import clear, label, mark
from ui.widgets.elided import ElidedButton

if TYPE_CHECKING:
    from desktop_app.overview.due import DueGroup, DueItem

_ICON = 18
_ICONS = {
    "bells": "bell",
    "overdue": "alert",
    "near": "clock",
    "orders": "people",
    "meetings": "meeting",
    "shifts": "clock",
    "visits": "pin",
    "resolutions": "check",
    "requests": "lock",
    "retention": "archive",
    "pairs": "people",
    "types": "meeting",
    "quarter": "grid",
    "wishes": "star",
    "agreements": "file",
    "terms": "flag",
}


class DueBoard(QWidget):
    """Headings with how many there are, the first few lines under each."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)

    def forget(self) -> None:
        """Empty it."""
        clear(self._grid)

    @property
    def is_empty(self) -> bool:
        return not self._grid.count()

    def show_groups(self, groups: "Sequence[DueGroup]") -> None:
        """Everything that is due; a single one of its kind is one line."""
        for group in groups:
            icon = _ICONS.get(group.key, "alert")
            if group.total == 1 and group.items:
                self._item(group, group.items[0], icon, f"{group.title}：{group.items[0].words}")
                continue
            tone = "warn" if group.grave else ""
            self.add_line(icon, f"{group.title}　{group.total}", "", partial(self._page, group), tone=tone)
            for item in group.items:
                self._item(group, item, "", f"　{item.words}")
            if group.more > 0:
                self.add_line("", self.tr("　还有 {n} 件").format(n=group.more), "", partial(self._page, group))

    def _item(self, group: "DueGroup", item: "DueItem", icon: str, words: str) -> None:
        tone = "warn" if item.late > 0 or (group.grave and icon) else ""
        self.add_line(icon, words, item.when, partial(self._open, group, item), tone=tone)

    def _open(self, group: "DueGroup", item: "DueItem") -> None:
        if not opener(self._desk, item.opens, item.opens_id):
            self._page(group)

    def _page(self, group: "DueGroup") -> None:
        if page_entry(group.page):
            wanted = AppealFilter(due=group.show) if group.page == "appeals" else group.show or None
            self._desk.open_page(group.page, wanted)

    def add_line(self, icon: str, words: str, when: str, run: Callable[[], object], *, tone: str = "") -> None:
        """One line: a picture, words that open something, when."""
        at = self._grid.rowCount()
        picture = label()
        if icon:
            picture.setPixmap(self._desk.theme.icon(icon, tone or "muted").pixmap(_ICON, _ICON))
        self._grid.addWidget(picture, at, 0)
        self._grid.addWidget(ElidedButton(words, run), at, 1)
        told = mark(when, tone) if tone and when else label(when, "muted")
        self._grid.addWidget(told, at, 2, Qt.AlignmentFlag.AlignRight)

    def add_words(self, words: str) -> None:
        """A sentence where there is nothing."""
        self._grid.addWidget(label(words, "muted", wrap=True), self._grid.rowCount(), 1)
