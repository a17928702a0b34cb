"""Below the paper: which size, which printer, how many; 打印, or 保存为 PDF where there is no printer."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from ui.pages.printing_paper import Order
from ui.shell.parts import button, label, row
from ui.shell.problems import Problem
from ui.shell.theme import Theme
from ui.widgets.inputs import ChoiceBox, NumberEdit

_MOST_COPIES = 999


@dataclass(frozen=True, slots=True)
class Ready:
    """A printer to choose; `problem` is what the system says is wrong with it."""

    name: str
    problem: str = ""


def ready_printers() -> list[Ready]:
    """The printers of the system, the default one first; runs on the reader thread."""
    from desktop_app.printing import spooler

    return [Ready(one.name, one.problem) for one in spooler.printers()]


class PrintBar(QWidget):
    """Says `print_asked`, `save_asked`, and `changed` when the paper has to be drawn again."""

    print_asked = Signal()
    save_asked = Signal()
    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._ready = False
        self.paints = False
        self.size_choice = ChoiceBox([], self)
        self.size_choice.setAccessibleName(self.tr("纸张"))
        self.size_choice.currentIndexChanged.connect(lambda _at: self.changed.emit())
        self._sides = QCheckBox(self.tr("印两面"), self)
        self._sides.setChecked(True)
        self._sides.toggled.connect(lambda _on: self.changed.emit())
        self.copies = NumberEdit(self)
        self.copies.setText("1")
        self.copies.setFixedWidth(round(52 * theme.font_px / 14))
        self.copies.setAccessibleName(self.tr("份数"))
        self.printer = ChoiceBox([], self)
        self.printer.setAccessibleName(self.tr("打印机"))
        self.printer.currentIndexChanged.connect(lambda _at: self._dress())
        self.words = label("", "muted", wrap=True)
        self.print_button = button(self.tr("打印"), self.print_asked.emit, icon=theme.icon("printer"))
        self.save_button = button(self.tr("保存为 PDF"), self.save_asked.emit, icon=theme.icon("save"))
        self._theme = theme
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.words)
        first = row(
            label(self.tr("纸张")), self.size_choice, self._sides, label(self.tr("份数")), self.copies, 1, gap=6
        )
        second = row(self.printer, 1, self.save_button, self.print_button, gap=6)
        second.setStretch(0, 4)
        layout.addLayout(first)
        layout.addLayout(second)
        self._dress()

    @property
    def size_words(self) -> str:
        return self.size_choice.code

    @property
    def is_ready(self) -> bool:
        """Whether there is a paper to print."""
        return self._ready

    @property
    def both_sides(self) -> bool:
        return self._sides.isVisibleTo(self) and self._sides.isChecked()

    @property
    def order(self) -> Order:
        """What 打印 would send."""
        typed = self.copies.text()
        copies = min(max(int(typed), 1), _MOST_COPIES) if typed.isdecimal() else 1
        return Order(self.printer.code, copies, self.both_sides)

    def show_form(self, sizes: Sequence[str], *, both_sides: bool) -> None:
        """The sizes of another form."""
        self.size_choice.blockSignals(True)
        self.size_choice.clear()
        for words in sizes:
            self.size_choice.addItem(words, words)
        self.size_choice.blockSignals(False)
        self._sides.setVisible(both_sides)

    def choose_size(self, words: str) -> None:
        """A size of this form; one it does not have is left alone."""
        if (at := self.size_choice.findData(words)) >= 0:
            self.size_choice.blockSignals(True)
            self.size_choice.setCurrentIndex(at)
            self.size_choice.blockSignals(False)

    def show_printers(self, found: Sequence[Ready]) -> None:
        """What there is to print on."""
        self.printer.clear()
        for one in found:
            self.printer.addItem(f"{one.name}（{one.problem}）" if one.problem else one.name, one.name)
        self._dress()

    def no_printers(self, problem: Problem) -> None:
        """The system takes no PDF: the window paints the pages itself, if Qt knows a printer."""
        names = QPrinterInfo.availablePrinterNames()
        self.paints = bool(names)
        self.show_printers([Ready(name) for name in names])
        if not names:
            self.words.setText(self.tr("没有找到打印机。先存为 PDF，可以拿到别的电脑上打。"))
            self.words.setToolTip(str(problem))

    def set_ready(self, *, ready: bool) -> None:
        """Whether there is a paper."""
        self._ready = ready
        self._dress()

    def _dress(self) -> None:
        has = bool(self.printer.code)
        self.printer.setVisible(has)
        self.words.setVisible(not has)
        if not has and not self.words.text():
            self.words.setText(self.tr("没有找到打印机。先存为 PDF，可以拿到别的电脑上打。"))
        for made, primary in ((self.print_button, has), (self.save_button, not has)):
            made.setProperty("tone", "primary" if primary else "")
            made.setIcon(
                self._theme.icon("printer" if made is self.print_button else "save", "on_accent" if primary else "text")
            )
            made.style().unpolish(made)
            made.style().polish(made)
        self.print_button.setVisible(has)
        self.print_button.setEnabled(self._ready)
        self.save_button.setEnabled(self._ready)

    def press(self) -> None:
        """Whatever the first button is."""
        if self._ready:
            (self.print_asked if self.printer.code else self.save_asked).emit()
