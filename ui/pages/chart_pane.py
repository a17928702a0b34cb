"""A face of a page with charts: which one, the bars, and how it leaves: as a picture, a workbook, a paper."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.printing.form import Choice
from desktop_app.printing.forms.chart import ChartForm, ChartPaper
from desktop_app.printing.spooler import save
from desktop_app.privacy.exporting import Export, give_out
from desktop_app.shared.chart import Chart
from desktop_app.spreadsheets.workbook import SheetOut, write
from desktop_app.store.database import Database
from ui.pages.face_pane import FacePane
from ui.pages.page import Page
from ui.pages.paper_dialog import PaperDialog
from ui.shell.commands import Command
from ui.shell.parts import button, label, row
from ui.widgets.bar_chart import BarChart
from ui.widgets.empty_state import EmptyState
from ui.widgets.inputs import ChoiceBox


@dataclass(frozen=True, slots=True)
class Shown:
    """A chart that may be chosen: `ask(store, day)` reads it; `opens(identifier)` shows what stands behind a bar."""

    name: str
    ask: Callable[[Database, str], Chart]
    opens: Callable[[str], object] | None = None
    nothing: str = ""


class ChartPane(FacePane):
    """The choice above, the chart below."""

    def __init__(self, page: Page, name: str, charts: Sequence[Shown]) -> None:
        super().__init__(page)
        self.page: Page = page
        self.name, self.charts = name, tuple(charts)
        self.choice = ChoiceBox([(str(at), one.name) for at, one in enumerate(self.charts)], self)
        self.choice.setAccessibleName(self.tr("看哪张图"))
        self.choice.activated.connect(lambda _at: self.refresh())
        self.bars = BarChart(page.desk.theme, self)
        self.bars.asked.connect(self._open)
        self._note = label("", "muted", wrap=True)
        self._legend = label("", "", wrap=True)
        self._empty = EmptyState(self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.bars)
        self._stack.addWidget(self._empty)
        icon = page.desk.theme.icon
        self._print = button(self.tr("打印"), self.print_now, icon=icon("printer", "accent_text"))
        self._save = button(self.tr("另存为"), self.export, icon=icon("export", "accent_text"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row(self.choice, self._legend, 1, self._print, self._save))
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._note)

    @property
    def shown(self) -> Shown:
        """The chart that is chosen."""
        return self.charts[max(self.choice.currentIndex(), 0)]

    def first_focus(self) -> QWidget:
        return self.bars if self.bars.chart.bars else self.choice

    def commands(self) -> tuple[Command, ...]:
        """Every chart by its name, and how it leaves."""
        return (
            *(Command(one.name, partial(self.choose, at), "", "eye", self.name) for at, one in enumerate(self.charts)),
            Command(self.tr("打印这张图"), self.print_now, "Ctrl+P", "printer", self.name),
            Command(self.tr("存成图片、Excel 或 PDF"), self.export, "Ctrl+E", "export", self.name),
        )

    def choose(self, at: int) -> None:
        """Show one of the charts."""
        self.choice.setCurrentIndex(at)
        self.refresh()

    def refresh(self) -> None:
        app, shown = self.page.desk.app, self.shown
        on = app.clock.today().isoformat()
        self.page.read(lambda: shown.ask(app.db, on), self._show, key="chart")

    def _show(self, chart: Chart) -> None:
        self.bars.show_chart(chart)
        self._note.setText(chart.note)
        self._legend.setText(chart.key)
        self._stack.setCurrentIndex(0 if chart.bars else 1)
        self._empty.show_words(self.shown.nothing or self.tr("还没有可以画的数据。"))
        for part in (self._print, self._save):
            part.setEnabled(bool(chart.bars))

    def _open(self, identifier: str) -> None:
        if self.shown.opens is not None:
            self.shown.opens(identifier)

    # ------------------------------------------------------------------------------------------------------ giving out

    def _pdf(self) -> bytes:
        paper = ChartPaper(self.bars.chart, self.page.desk.app.community.name)
        return ChartForm().draw([paper], Choice(size="A4 横向"))

    def print_now(self) -> None:
        """The chart on a sheet of paper, to look at and to print."""
        if self.bars.chart.bars:
            desk, title = self.page.desk, self.bars.chart.title
            desk.background.read(self._pdf, lambda pdf: PaperDialog(desk, title, pdf, self).open(), owner=self)

    def export(self) -> None:
        """Ask where to, then save."""
        if not self.bars.chart.bars:
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        kinds = self.tr("图片 (*.png);;Excel 表格 (*.xlsx);;可打印的 PDF (*.pdf)")
        path, _ = QFileDialog.getSaveFileName(self, self.tr("另存为"), f"{folder}/{self.bars.chart.title}.png", kinds)
        if path:
            self.export_to(Path(path))

    def export_to(self, path: Path) -> None:
        """Write the chart: .png, .xlsx or .pdf; the register of exports knows of it."""
        chart, app = self.bars.chart, self.page.desk.app
        path = path if path.suffix else path.with_suffix(".png")
        kind, told = path.suffix.lower(), self.tr("已保存：{name}").format(name=path.name)
        image = self.bars.picture() if kind not in {".xlsx", ".pdf"} else None
        head, rows = chart.table()

        def make(draft: Path) -> None:
            if image is not None:
                if not image.save(str(draft)):
                    raise OSError(path.name)
            elif kind == ".pdf":
                save(self._pdf(), draft)
            else:
                write(draft, [SheetOut(chart.title, head, rows)])

        export = Export(chart.title, head, len(rows))
        self.page.write(lambda: give_out(app.db, app.actor, export, path, make), lambda _done: self.page.desk.say(told))
