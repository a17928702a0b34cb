"""A new machine begins with a backup: the file and the recovery code from the sheet."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog

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


class Restore(Alone):
    """The store is proved before it is put here; it gets a passphrase of its own, or the keyring of this machine."""

    left = Signal()

    def __init__(self, home: Path, background: Background, theme: Theme) -> None:
        super().__init__(home, background, theme)
        self.head(
            self.tr("从备份恢复"),
            self.tr("需要一份备份（linli- 开头、.db 结尾的文件，旁边有同名的 .recovery.json）和保险柜里的恢复单。"),
        )
        self.file = LineEdit(self)
        self.file.setPlaceholderText(self.tr("备份文件，可以在 U 盘上"))
        self.file.setAccessibleName(self.tr("备份文件"))
        self.code = LineEdit(self)
        self.code.setPlaceholderText(self.tr("六组，每组四位；大小写和短横线不用管"))
        self.code.setAccessibleName(self.tr("恢复码"))
        self.passphrase = secret_line(self.tr("新口令"), self.tr("至少8个字；没有系统钥匙串时用它加密"))
        choose = button(self.tr("选取…"), self.choose)
        for words, parts in (
            (self.tr("备份文件"), (self.file, choose)),
            (self.tr("恢复码"), (self.code,)),
            (self.tr("新口令"), (self.passphrase,)),
        ):
            name = label(words)
            name.setMinimumWidth(name.fontMetrics().horizontalAdvance("备份文件"))
            self.card.body.addLayout(row(name, *parts))
        self.code.entered.connect(self.restore)
        self.passphrase.entered.connect(self.restore)
        verb = button(self.tr("恢复到这台电脑"), self.restore, tone="primary")
        self.card.body.addLayout(row(button(self.tr("返回"), self.left.emit), 1, verb))
        self.setFocusProxy(self.file)

    def choose(self) -> None:
        """The file, by looking for it."""
        path, _ = QFileDialog.getOpenFileName(self, self.tr("备份文件"), "", self.tr("备份 (linli-*.db)"))
        if path:
            self.file.setText(path)
            self.code.setFocus()

    def restore(self) -> None:
        """Check what was typed, then put the store here and open it; what was typed stays if that fails."""
        copy, code, passphrase = self.file.text().strip(), self.code.text(), self.passphrase.text()
        if self.lacks(
            (self.file, not copy, self.tr("请选取备份文件。")),
            (self.code, not code.strip(), self.tr("请照恢复单输入恢复码。")),
            self.too_short(self.passphrase),
        ):
            return
        self.background.passphrase = passphrase
        self.strip.show_words(self.tr("正在核对备份并恢复……"), stays=True)
        self.open(_work(Path(copy), code, self.home, passphrase))

    def failed(self, problem: Problem) -> None:
        """At the field where it is."""
        super().failed(problem)
        if problem.field == "code":
            self.code.setFocus()
            self.code.selectAll()


def _work(copy: Path, code: str, home: Path, passphrase: str) -> "Callable[[], App]":
    def work() -> "App":
        from desktop_app.app import open_app
        from desktop_app.store.keys import ask_environment
        from desktop_app.upkeep.elsewhere import restore_elsewhere

        ask = (lambda _words: passphrase) if passphrase else ask_environment
        restore_elsewhere(copy, code, home, ask=ask)
        return open_app(home, ask=ask)

    return work
