"""A new machine without a network begins with a starter: the file on a stick, and the passcode that travels apart."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QProgressBar

from desktop_app.shared.errors import LockedError
from sync_protocol.bundle import SUFFIX
from ui.pages.welcome import Alone
from ui.shell.background import Background
from ui.shell.parts import button, label, row
from ui.shell.problems import Problem
from ui.shell.theme import Theme
from ui.widgets.inputs import LineEdit
from ui.widgets.secrets_form import secret_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.app import App


class FromStarter(Alone):
    """The community stands in the file; who works here, and how the store is sealed, is asked."""

    left = Signal()
    progressed = Signal(int, int)

    def __init__(self, home: Path, background: Background, theme: Theme) -> None:
        super().__init__(home, background, theme)
        self.head(
            self.tr("用启动文件建立"),
            self.tr("这台电脑没有网络时：向管理员要启动文件（在U盘上）和启动口令，本社区的资料会一起放进来。"),
        )
        self.file = self._line(self.tr("启动文件"), self.tr("在U盘上，7 天内有效"))
        self.passcode = self._line(self.tr("启动口令"), self.tr("四组，每组四位；大小写和短横线不用管"))
        self.staff = self._line(self.tr("你的姓名"), "")
        self.passphrase = secret_line(self.tr("新口令"), self.tr("至少8个字；没有系统钥匙串时用它加密"))
        choose = button(self.tr("选取…"), self.choose)
        for words, parts in (
            (self.tr("启动文件"), (self.file, choose)),
            (self.tr("启动口令"), (self.passcode,)),
            (self.tr("你的姓名"), (self.staff,)),
            (self.tr("新口令"), (self.passphrase,)),
        ):
            name = label(words)
            name.setMinimumWidth(name.fontMetrics().horizontalAdvance(self.tr("启动文件")))
            self.card.body.addLayout(row(name, *parts))
        self.setTabOrder(self.file, choose)
        for line in (self.passcode, self.staff, self.passphrase):
            line.entered.connect(self.begin)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("导入进度"))
        self.bar.hide()
        self.progressed.connect(self._progress)
        self.card.body.addWidget(self.bar)
        verb = button(self.tr("建立"), self.begin, tone="primary")
        self.card.body.addLayout(row(button(self.tr("返回"), self.left.emit), 1, verb))
        self.setFocusProxy(self.file)

    def _line(self, name: str, hint: str) -> LineEdit:
        line = LineEdit(self)
        line.setPlaceholderText(hint)
        line.setAccessibleName(name)
        return line

    def choose(self) -> None:
        """The file, by looking for it."""
        kinds = self.tr("启动文件 (*{kind});;所有文件 (*)").format(kind=SUFFIX)
        path, _ = QFileDialog.getOpenFileName(self, self.tr("启动文件"), "", kinds)
        if path:
            self.file.setText(path)
            self.passcode.setFocus()

    def begin(self) -> None:
        """Check what was typed, then make the store; what was typed stays if that fails."""
        passphrase = self.passphrase.text()
        if self.lacks(
            (self.file, not self.file.text().strip(), self.tr("请选取启动文件。")),
            (self.passcode, not self.passcode.text().strip(), self.tr("请输入管理员告诉的启动口令。")),
            (self.staff, not self.staff.text().strip(), self.tr("请写上你的姓名。")),
            self.too_short(self.passphrase),
        ):
            return
        self.background.passphrase = passphrase
        self.strip.show_words(self.tr("正在放进本社区的资料……"), stays=True)
        self.bar.setRange(0, 0)
        self.bar.show()
        self.open(self._work(Path(self.file.text().strip()), self.passcode.text(), self.staff.text(), passphrase))

    def _work(self, file: Path, passcode: str, staff: str, passphrase: str) -> "Callable[[], App]":
        home, tell = self.home, self.progressed.emit

        def work() -> "App":
            from desktop_app.app import Beginning
            from desktop_app.shared.clock import Clock
            from desktop_app.store.keys import ask_environment
            from desktop_app.sync import starter
            from desktop_app.upkeep.beginning import begin_with

            ask = (lambda _words: passphrase) if passphrase else ask_environment
            opened = starter.read(file, passcode, Clock())
            told = Beginning(opened.identity.unit, opened.code, staff.strip())
            return begin_with(home, opened, told, ask=ask, progress=tell)[0]

        return work

    def _progress(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def failed(self, problem: Problem) -> None:
        """At the field where it is; nothing was made."""
        super().failed(problem)
        self.bar.hide()
        locked = problem.code == LockedError.code  # no keyring here, so it is the passphrase that is missing
        part = self.passphrase if locked else self.passcode if problem.field == "passcode" else self.file
        part.setFocus()
        part.selectAll()
