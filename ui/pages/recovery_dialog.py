"""制作恢复单: says what it is, then prints it straight away or shows it once; it is never kept."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from desktop_app.app import BACKUPS
from desktop_app.store import copies, recovery
from ui.pages.printing_bar import Ready, ready_printers
from ui.shell.desk import Desk
from ui.shell.parts import button, label, row
from ui.shell.problems import Problem
from ui.widgets.inputs import ChoiceBox
from ui.widgets.strip import Strip

_WIDTH = 560


class RecoveryDialog(QDialog):
    """A fresh code is made only when a verb is pressed; where printing fails, the earlier sheet stays in force."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._owner = desk, parent
        self.setWindowTitle(self.tr("制作恢复单"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(round(_WIDTH * desk.theme.font_px / 14))
        self.strip = Strip(desk.theme, self)
        words = label(
            self.tr(
                "恢复单是一张纸，上面有一个恢复码。电脑坏了、丢了或忘了口令，有备份和恢复单，就能在另一台电脑上找回全部资料。\n"
                "恢复码不会存在电脑里，只印这一次。请装入信封密封，由社区书记锁在保险柜里，不要与备份放在一起。"
            ),
            wrap=True,
        )
        made = recovery.made_on(desk.app.home)
        before = label(
            self.tr("{on} 制作过一张。换新之后，旧的打不开以后的备份；旧恢复单和以前的备份请一起销毁。").format(
                on=made
            ),
            "muted",
            wrap=True,
        )
        before.setVisible(made is not None)
        self.printer = ChoiceBox([], self)
        self.printer.setAccessibleName(self.tr("打印机"))
        self.printer.hide()
        self.print_button = button(self.tr("制作并打印"), self.print_now, tone="primary")
        self.print_button.hide()
        self.look_button = button(self.tr("制作，在屏幕上看一次再打印"), self.look)
        self._verbs = (self.print_button, self.look_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(12)
        for part in (self.strip, words, before):
            layout.addWidget(part)
        layout.addLayout(row(1, self.printer, self.print_button))
        layout.addLayout(row(1, button(self.tr("先不做"), self.reject), self.look_button))
        desk.background.read(ready_printers, self._show_printers, owner=self, failed=lambda _problem: None)

    def _show_printers(self, found: list[Ready]) -> None:
        for one in found:
            self.printer.addItem(f"{one.name}　{one.problem}".strip(), one.name)
        self.printer.setVisible(bool(found))
        self.print_button.setVisible(bool(found))

    def print_now(self) -> None:
        """Straight to the chosen printer."""
        from desktop_app.printing import spooler

        target = self.printer.code
        self._issue(lambda pdf: spooler.send(pdf, target, "数据恢复单", spooler.Ticket()), show=False)

    def look(self) -> None:
        """Once on the screen, and from there to a printer."""
        self._issue(lambda _pdf: None, show=True)

    def _issue(self, deliver: Callable[[bytes], object], *, show: bool) -> None:
        app, shown = self._desk.app, bytearray()

        def work() -> bytes:
            from desktop_app.printing.recovery_issue import issue

            def hand_over(pdf: bytes) -> None:
                deliver(pdf)
                shown.extend(pdf)

            issue(app, hand_over)
            app.backup(copies.target(app.db, app.home / BACKUPS))  # one the new code opens
            return bytes(shown)

        for verb in self._verbs:
            verb.setEnabled(False)
        self._desk.background.write(work, lambda pdf: self._made(pdf, show=show), owner=self, failed=self._failed)

    def _made(self, pdf: bytes, *, show: bool) -> None:
        self._desk.say(self.tr("恢复单已制作，并备份了一次"))
        if show:
            from ui.pages.paper_dialog import PaperDialog

            PaperDialog(self._desk, self.tr("数据恢复单（只显示这一次）"), pdf, self._owner).open()
        self.accept()

    def _failed(self, problem: Problem) -> None:
        for verb in self._verbs:
            verb.setEnabled(True)
        self.strip.show_problem(problem)
