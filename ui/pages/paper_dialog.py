"""A paper that is shown once, in a window of its own, and printed from there: lists, and the recovery sheet."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from desktop_app.printing.form import DEFAULT
from ui.pages.printing_bar import Ready, ready_printers
from ui.pages.printing_paint import paint
from ui.pages.printing_paper import Drawn, Order, page_sizes, render_of
from ui.shell.desk import Desk
from ui.shell.parts import button, label, row
from ui.shell.problems import Problem
from ui.widgets.inputs import ChoiceBox
from ui.widgets.pdf_preview import PdfPreview
from ui.widgets.strip import Strip

_SHARE = 0.9
_SIZE = (760, 820)


class PaperDialog(QDialog):
    """`noted(target)` writes the line in the print log, on the writer thread; without it nothing is kept."""

    def __init__(
        self, desk: Desk, title: str, pdf: bytes, parent: QWidget, noted: Callable[[str], object] | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._title, self._pdf, self._noted = desk, title, pdf, noted
        self._paints = False
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.strip = Strip(desk.theme, self)
        self.preview = PdfPreview(desk.theme, desk.background, self)
        self.printer = ChoiceBox([], self)
        self.printer.setAccessibleName(self.tr("打印机"))
        self.words = label(self.tr("正在找打印机……"), "muted")
        self.print_button = button(
            self.tr("打印"), self.print_now, tone="primary", icon=desk.theme.icon("printer", "on_accent")
        )
        self.print_button.setEnabled(False)
        layout = QVBoxLayout(self)
        layout.addWidget(self.strip)
        layout.addWidget(self.preview, 1)
        layout.addLayout(row(self.words, 1, self.printer, self.print_button, button(self.tr("关上"), self.reject)))
        room = self.screen().availableSize() * _SHARE
        self.resize(min(_SIZE[0], room.width()), min(_SIZE[1], room.height()))
        desk.background.read(lambda: page_sizes(pdf), self._show, owner=self)
        desk.background.read(ready_printers, self._show_printers, owner=self, failed=self._no_system)

    def _show(self, sizes: tuple[tuple[float, float], ...]) -> None:
        self._sizes = sizes
        self.preview.show_pages(sizes, render_of(self._pdf))

    def _show_printers(self, found: list[Ready]) -> None:
        self.printer.clear()
        for one in found:
            self.printer.addItem(f"{one.name}　{one.problem}".strip(), one.name)
        self.printer.setVisible(bool(found))
        self.print_button.setEnabled(bool(found))
        self.words.setText("" if found else self.tr("还没有添加打印机，请先在系统里添加。"))

    def _no_system(self, problem: Problem) -> None:
        """No CUPS: the window paints the pages itself, on the printers Qt knows."""
        from PySide6.QtPrintSupport import QPrinterInfo

        self._paints = True
        self._show_printers([Ready(name) for name in QPrinterInfo.availablePrinterNames()])
        if not self.print_button.isEnabled():
            self.words.setText(str(problem))

    def print_now(self) -> None:
        """Log where a log is kept, then send what is shown."""
        target, pdf, title, noted = self.printer.code, self._pdf, self._title, self._noted
        paints = self._paints

        def work() -> None:
            if noted is not None:
                noted(target)
            if not paints:
                from desktop_app.printing import spooler

                spooler.send(pdf, target, title, spooler.Ticket())

        self.print_button.setEnabled(False)
        self._desk.background.write(work, lambda _none: self._sent(target), owner=self, failed=self._failed)

    def _sent(self, target: str) -> None:
        if self._paints:
            paint(Drawn("", self._title, (), DEFAULT, self._pdf, self._sizes), Order(target))
        self._desk.say(self.tr("{title} 已送到 {printer}").format(title=self._title, printer=target))
        self.print_button.setEnabled(True)
        self.strip.show_words(self.tr("已送到 {printer}。").format(printer=target), "good")

    def _failed(self, problem: Problem) -> None:
        self.print_button.setEnabled(True)
        self.strip.show_problem(problem)
