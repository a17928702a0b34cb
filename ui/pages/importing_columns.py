"""Step 2: which column is what, with three samples each; unknown ones are left out until somebody says."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui.pages.importing_reading import ColumnLook, FirstLook, field_choices
from ui.shell.parts import Card, button, label, mark, row
from ui.shell.problems import masked
from ui.widgets.inputs import ChoiceBox
from ui.widgets.record_form import scrolled
from ui.widgets.strip import Strip

if TYPE_CHECKING:
    from ui.pages.importing import ImportingPage

_LABELS = {"residents": "居民表", "buildings": "楼栋表", "centre_households": "党员中心户表"}
_LONGEST = 18


class ColumnsPane(QWidget):
    """Says `checked` to go on, `back`, and `sheet_chosen(name)`."""

    checked = Signal()
    back = Signal()
    sheet_chosen = Signal(str)

    def __init__(self, page: "ImportingPage") -> None:
        super().__init__(page)
        self.page = page
        self.choices: dict[str, ChoiceBox] = {}
        self._look: FirstLook | None = None
        self._words = label("")
        self.sheets = ChoiceBox([], self)
        self.sheets.setAccessibleName(self.tr("哪一张工作表"))
        self.sheets.activated.connect(lambda _at: self.sheet_chosen.emit(self.sheets.code))
        self.notice = Strip(page.desk.theme, self)
        self._card = Card("", self)
        self._holder = QWidget(self)
        self._grid = QGridLayout(self._holder)
        self._card.body.addWidget(scrolled(self._holder))
        self.go = button(
            self.tr("检查"), self.checked.emit, tone="primary", icon=page.desk.theme.icon("check", "on_accent")
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row(self._words, 1, self.sheets))
        layout.addWidget(self.notice)
        layout.addWidget(self._card, 1)
        layout.addLayout(row(button(self.tr("换一个文件"), self.back.emit), 1, self.go))

    def show_look(self, found: FirstLook) -> None:
        """The columns of a file."""
        self._look = found
        self._words.setText(
            self.tr("{file}：看起来是{kind}，约 {n} 行").format(
                file=found.path.name, kind=_LABELS[found.kind], n=f"{max(found.rows, 0):,}"
            )
        )
        self.sheets.clear()
        self.sheets.addItem(self.tr("全部工作表"), "")
        for name in found.sheets:
            self.sheets.addItem(name, name)
        self.sheets.choose(found.sheet)
        self.sheets.setVisible(len(found.sheets) > 1)
        self._show_columns(found)
        unknown = [one.header for one in found.columns if not one.field and not one.why]
        if not found.columns:
            words = self.tr("没有找到认得的表头。居民表要有“姓名”，楼栋表要有“楼栋”，中心户表要有“联系楼栋”。")
            self.notice.show_words(words, "warn", stays=True)
        elif unknown:
            words = self.tr("有 {n} 列不认识：{names}。可以选一项，不选就不导入。")
            self.notice.show_words(words.format(n=len(unknown), names="、".join(unknown[:6])), "", stays=True)
        else:
            self.notice.hide()
        self.go.setEnabled(bool(found.columns))

    def _show_columns(self, found: FirstLook) -> None:
        old, self._holder = self._holder, QWidget(self)
        area = scrolled(self._holder)
        item = self._card.body.itemAt(self._card.body.count() - 1)
        before = item.widget() if item is not None else None
        if before is not None:
            self._card.body.replaceWidget(before, area)
            before.hide()
            before.deleteLater()
        old.hide()
        self._grid = QGridLayout(self._holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(4)
        self.choices = {}
        heads = (self.tr("列"), self.tr("表头"), self.tr("前几行里是"), self.tr("导入为"), "")
        for at, words in enumerate(heads):
            self._grid.addWidget(label(words, "muted"), 0, at)
        for line, one in enumerate(found.columns, 1):
            self._add(line, one, found.kind)
        self._grid.setColumnStretch(2, 1)

    def _add(self, line: int, one: ColumnLook, kind: str) -> None:
        choice = ChoiceBox(field_choices(kind, one.header), self._holder)
        if one.field:
            choice.choose(one.field)
        choice.setAccessibleName(self.tr("“{header}”导入为").format(header=one.header))
        choice.setMinimumWidth(round(170 * self.page.desk.theme.font_px / 14))
        self.choices[one.header] = choice
        state = mark(self.tr("认得"), "good") if one.field else mark(one.why or self.tr("不认识"), "quiet")
        samples = "　｜　".join(masked(words)[:_LONGEST] for words in one.samples)
        head = f"{one.group}／{one.header}" if one.group else one.header
        for at, part in enumerate((label(one.letter, "muted"), label(head), label(samples, "muted"), choice, state)):
            self._grid.addWidget(part, line, at)

    def mapping(self) -> dict[str, str]:
        """What the person decided, as far as it differs from what was found."""
        if self._look is None:
            return {}
        found = {one.header: one.field for one in self._look.columns}
        return {header: choice.code for header, choice in self.choices.items() if choice.code != found[header]}
