"""Whose papers: the list that belongs to a form, buildings, centre households or meetings, one line each."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from desktop_app.store.database import Database
from ui.pages.printing_lists import LISTS
from ui.shell.parts import label, row
from ui.widgets.empty_state import EmptyState
from ui.widgets.inputs import ChoiceBox, LineEdit
from ui.widgets.line_table import LineTable
from ui.widgets.record_model import Column

if TYPE_CHECKING:
    from ui.pages.printing import PrintingPage

BUILDINGS, HOMES = "building", "household"


@dataclass(frozen=True, slots=True)
class Subject:
    """One line of the list; `homes` are the households of a building."""

    id: str
    name: str
    detail: str = ""


def subjects_of(db: Database, kind: str, on: str) -> list[Subject]:
    """Everything a form of this kind can be printed for; runs on the reader thread."""
    return [Subject(*line) for line in LISTS[kind](db, on)] if kind in LISTS else []


class SubjectsPane(QFrame):
    """A field to narrow, the list, how many are chosen."""

    picked = Signal()

    def __init__(self, page: "PrintingPage") -> None:
        super().__init__(page)
        self.setObjectName("card")
        self.page = page
        self._all: list[Subject] = []
        self._given: tuple[str, ...] = ()
        self.title = label("", "section")
        self.search = LineEdit(self)
        self.search.setPlaceholderText(self.tr("查找"))
        self.search.setAccessibleName(self.tr("查找要打的"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self._narrow())
        self.each = ChoiceBox([(BUILDINGS, self.tr("每栋一张")), (HOMES, self.tr("每户一张"))], self)
        self.each.setAccessibleName(self.tr("每栋一张还是每户一张"))
        self.each.currentIndexChanged.connect(lambda _at: self.picked.emit())
        self.table = LineTable(
            (
                Column("name", self.tr("名称"), 120, lambda line: line.name),
                Column("detail", self.tr("说明"), 110, lambda line: line.detail),
            ),
            self.tr("要打的"),
            self,
            several=True,
            stretch="name",
        )
        self.table.selection_counted.connect(self._selected)
        self.count = label("", "muted", wrap=True)
        self.empty = EmptyState(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 12)
        layout.setSpacing(6)
        layout.addLayout(row(self.title, 1, self.each))
        for part in (self.search, self.table, self.empty, self.count):
            layout.addWidget(part)
        layout.setStretch(2, 1)
        self.empty.hide()

    @property
    def chosen(self) -> tuple[str, ...]:
        """Identifiers, in the order of the list; those another page sent first."""
        return self._given or tuple(line.id for line in self.table.selected)

    @property
    def names(self) -> str:
        """The name of the only one, else how many there are."""
        known = {line.id: line.name for line in self._all}
        if len(self.chosen) == 1:
            return known.get(self.chosen[0], "")
        return self.tr("{n} 份").format(n=len(self.chosen))

    @property
    def wants_homes(self) -> bool:
        return self.each.isVisibleTo(self) and self.each.code == HOMES and not self._given

    def give(self, subjects: tuple[str, ...]) -> None:
        """Another page says what to print."""
        self._given = subjects

    def show_subjects(self, lines: list[Subject], title: str, *, cards: bool) -> None:
        """The list of a form; what another page asked for is chosen if the list has it."""
        self._all = lines
        self.title.setText(title)
        self.each.setVisible(cards)
        known = {line.id for line in lines}
        wanted, foreign = self._given, bool(set(self._given) - known)
        self.table.blockSignals(True)
        self._narrow()
        self.table.blockSignals(False)
        if wanted and not foreign:
            self._select(wanted)
            self._given = ()
        self.table.setVisible(bool(lines))
        self.empty.setVisible(not lines)
        self._tell()
        self.picked.emit()

    def _narrow(self) -> None:
        text = self.search.text().strip()
        self.table.set_row_height(self.page.desk.theme.row_height)
        chosen = tuple(line.id for line in self.table.selected)
        self.table.show_lines([line for line in self._all if text in f"{line.name}{line.detail}"])
        if len(chosen) > 1:
            self._select(chosen)

    def _select(self, wanted: tuple[str, ...]) -> None:
        model, selection = self.table.records, self.table.selectionModel()
        flags = QItemSelectionModel.SelectionFlag
        at = [at for at, line in enumerate(self.table.lines) if line.id in wanted]
        if at:
            self.table.point_at(at[0])
            self.table.scrollTo(model.index(at[0], 0))
        for place in at[1:]:
            selection.select(model.index(place, 0), flags.Select | flags.Rows)

    def _selected(self, _count: int) -> None:
        if self.table.signalsBlocked():
            return
        if self.table.hasFocus():
            self._given = ()
        self._tell()
        self.picked.emit()

    def _tell(self) -> None:
        chosen = len(self.chosen)
        if self._given:
            self.count.setText(self.tr("别的页面送来 {n} 份。在这里另选就换成这里的。").format(n=chosen))
        elif self._all:
            self.count.setText(self.tr("选了 {n} 个，按住 Ctrl 或 Shift 可以多选，Ctrl+A 全选").format(n=chosen))
        else:
            self.count.setText("")
