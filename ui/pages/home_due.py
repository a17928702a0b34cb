"""What is due today on the first page: kind by kind, each line opens its record, the heading opens the page."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.appeals.queries import AppealFilter
from ui.pages import page_entry
from ui.pages.timeline_pane import opener
from ui.shell.desk import Desk
from ui.shell.parts import label
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


class _Line(QWidget):
    """A picture, words that open something, when; shown again with other words rather than made anew."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._picture, self._when = label(), label("", "muted")
        self._picture.setFixedWidth(_ICON)
        self._button = ElidedButton("", lambda: None, self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._picture)
        layout.addWidget(self._button, 1)
        layout.addWidget(self._when, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_line(self, picture: QPixmap, words: str, when: str, run: Callable[[], object], tone: str) -> None:
        self._picture.setPixmap(picture)
        self._button.show_words(words, run)
        self._when.setText(when)
        role = "mark" if tone and when else "muted"
        if (self._when.objectName(), self._when.property("tone")) != (role, tone):
            self._when.setObjectName(role)
            self._when.setProperty("tone", tone)
            self._when.style().unpolish(self._when)
            self._when.style().polish(self._when)
        self.show()


class DueBoard(QWidget):
    """Headings with how many there are, the first few lines under each.

    Lines are kept and shown again, so that whoever stands on one with the keyboard stays there.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._lines: list[_Line] = []
        self._used = 0
        self._sentence = label("", "muted", wrap=True)
        self._sentence.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addWidget(self._sentence)

    def forget(self) -> None:
        """Begin anew; `settle` puts away what was not shown again."""
        self._used = 0
        self._sentence.hide()

    def settle(self) -> None:
        """All lines were said."""
        for line in self._lines[self._used :]:
            line.hide()

    @property
    def is_empty(self) -> bool:
        return not self._used

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
        if self._used == len(self._lines):
            self._lines.append(_Line(self))
            self._column.insertWidget(self._used, self._lines[-1])
        picture = self._desk.theme.icon(icon, tone or "muted").pixmap(_ICON, _ICON) if icon else QPixmap()
        self._lines[self._used].show_line(picture, words, when, run, tone)
        self._used += 1

    def add_words(self, words: str) -> None:
        """A sentence where there is nothing."""
        self._sentence.setText(words)
        self._sentence.show()
