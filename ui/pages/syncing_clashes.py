"""Clashes in a list that can be searched and narrowed, with the one under the cursor: what waits, what was settled."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.shared.clock import local_text
from ui.pages.syncing_detail import ClashDetail
from ui.pages.syncing_reading import Clash
from ui.pages.syncing_saving import save_conflicts
from ui.shell.parts import button
from ui.widgets.empty_state import EmptyState
from ui.widgets.filter_bar import Chosen, Filter, FilterBar
from ui.widgets.in_parts import InParts
from ui.widgets.line_table import LineTable
from ui.widgets.record_form import scrolled

if TYPE_CHECKING:
    from ui.pages.syncing import SyncingPage


def when(at: int) -> str:
    """A moment in a list; nothing for one that is not known."""
    return local_text(at, "%m-%d %H:%M") if at else ""


def found(clashes: Sequence[Clash], chosen: Chosen) -> list[Clash]:
    """The clashes a filter lets through: words in what is shown, the table, the kind."""
    words = chosen.text.lower().split()
    return [
        one
        for one in clashes
        if (not chosen.of("table") or one.table in chosen.of("table"))
        and (not chosen.of("kind") or one.kind in chosen.of("kind"))
        and all(word in f"{one.record} {one.field_zh} {one.ours.by} {one.theirs.by}".lower() for word in words)
    ]


def filter_choices(clashes: Sequence[Clash]) -> dict[str, tuple[tuple[str, str], ...]]:
    """What the filters may choose among."""
    return {
        "table": tuple(sorted({(one.table, one.table_zh) for one in clashes}, key=lambda pair: pair[1])),
        "kind": tuple(sorted({(one.kind, one.meaning.title) for one in clashes}, key=lambda pair: pair[1])),
    }


class ClashPane(InParts, QFrame):
    """The frame of such a list: filter, table, detail.  The two panes say what is in it, and what nothing means."""

    table: LineTable
    detail: ClashDetail

    def __init__(self, page: "SyncingPage") -> None:
        super().__init__(page)
        self.setObjectName("card")
        self.page = page
        self._all: tuple[Clash, ...] = ()
        filters = (Filter("table", self.tr("类别")), Filter("kind", self.tr("情况")))
        self.bar = FilterBar(filters, self.tr("姓名、哪一项、谁录入"), page.desk.theme, self)
        self.bar.changed.connect(lambda _chosen: self._show_found())
        self.empty = EmptyState(self)
        self._work = QWidget(self)
        self.build(self._parts())

    def _parts(self) -> Iterator[None]:
        raise NotImplementedError

    def _nothing(self) -> str:
        raise NotImplementedError

    def _arrange(self, above: Sequence[QWidget], shares: tuple[int, int], below: QWidget | QHBoxLayout) -> None:
        """The verbs above the list, list and detail with their shares of the height, what stands below them."""
        export = button(self.tr("导出"), self.export, icon=self.page.desk.theme.icon("export", "accent_text"))
        for part in (*above, export):
            self.bar.actions_row.addWidget(part)
        inner = QVBoxLayout(self._work)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        inner.addWidget(self.bar)
        inner.addWidget(self.table, shares[0])
        self._area = scrolled(self.detail)
        inner.addWidget(self._area, shares[1])
        if isinstance(below, QWidget):
            inner.addWidget(below)
        else:
            inner.addLayout(below)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.addWidget(self._work, 1)
        layout.addWidget(self.empty, 1)

    def show_clashes(self, clashes: Sequence[Clash]) -> None:
        """Everything there is of its kind."""
        self._all = tuple(clashes)
        focus = self.window().focusWidget()
        if not clashes and focus is not None and self._work.isAncestorOf(focus):
            faces = self.page.faces  # else the keys go to the search box, and Ctrl+Z takes nothing back
            faces.buttons[faces.current].setFocus(Qt.FocusReason.OtherFocusReason)
        self._work.setVisible(bool(clashes))
        self.empty.setVisible(not clashes)
        self.empty.show_words(self._nothing())
        for key, listed in filter_choices(clashes).items():
            self.bar.chips[key].set_choices(listed)
        self.table.set_row_height(self.page.desk.theme.row_height)
        self._show_found()

    def _listed(self) -> list[Clash]:
        """What the filter lets through, in the order of the list."""
        return found(self._all, self.bar.chosen)

    def _show_found(self) -> None:
        lines = self._listed()
        self.bar.show_count(self.tr("{n} 条").format(n=len(lines)))
        self.table.show_lines(lines)

    def export(self) -> None:
        """What is listed, as a workbook with masked numbers."""
        raise NotImplementedError

    def export_to(self, path: Path) -> None:
        """Write the workbook."""
        chosen = self.table.selected
        save_conflicts(self.page, path, [one.id for one in (chosen if len(chosen) > 1 else self.table.lines)])
