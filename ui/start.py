"""From QApplication to the first page. The window comes first, the store afterwards, then whoever signs in.

No store: first run, first administrator, first page, and the recovery sheet is proposed. A store: the passphrase where
it is sealed with one, sign-in, first page. A damaged store, or one whose key is gone: what can be done about it, and
again from the top.
"""

import logging
import os
import sys
from collections.abc import Callable
from functools import partial
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from ui.main_window import MainWindow
from ui.shell.background import Background
from ui.shell.icons import pixmap
from ui.shell.instance import Instance
from ui.shell.language import translate
from ui.shell.problems import BugCatcher
from ui.shell.settings import Settings
from ui.shell.theme import FONT_SIZES, Theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_app.app import App
    from ui.pages.page import Page
    from ui.pages.sign_in import SignIn
    from ui.pages.welcome import Alone
    from ui.shell.alone import AloneTask
    from ui.shell.problems import Problem

_LOG_BYTES = 1_000_000
_ROUND_MS = 50


def run(home: Path, *, safe: bool = False, file: str = "") -> int:
    """Show the window and run it to its end; returns the exit code."""
    app = QApplication(sys.argv[:1])
    app.setApplicationName("linli-workstation")
    app.setWindowIcon(QIcon(pixmap("app", "#ffffff", 128)))
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError:
        return tell(
            f"不能在 {home} 建立数据文件夹，程序没有打开。", "请检查这个位置的权限和磁盘空间，或另选一个文件夹。"
        )
    instance = Instance(home, app)
    if instance.is_held:
        if instance.hand_over(file):
            return 0
        return tell("邻里工作站已经打开，但那个窗口没有回应。", "请等一会儿再试；还是不行，请在任务管理器里结束它。")
    log_to(home)
    translate(app, Settings(home / "window.ini").language)
    start = Start(home, safe=safe, file=file)
    instance.called.connect(start.called)
    code = app.exec()
    instance.release()
    return code


def tell(words: str, next_step: str) -> int:
    """Why there is no window, in a box of its own; returns the exit code."""
    QMessageBox.critical(None, "邻里工作站", f"{words}\n\n{next_step}")
    return 1


def log_to(folder: Path) -> None:
    """A small rotating file; numbers in messages are masked before they get here."""
    handler = RotatingFileHandler(
        folder / "window.log", maxBytes=_LOG_BYTES, backupCount=2, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.getLogger("linli").addHandler(handler)


class Start(QObject):
    """Builds the empty window, then opens the store on the writer thread, then shows the first page."""

    def __init__(self, home: Path, *, safe: bool = False, file: str = "") -> None:
        super().__init__()
        self._home = home
        self._file = file
        self._said = ""  # what to tell on the next sign-in
        self.settings = Settings(home / "window.ini")
        self.theme = Theme(self)
        if safe:
            self.theme.apply("light", FONT_SIZES[0])
        else:
            self.theme.apply(self.settings.mode, self.settings.font_px)
        self.background = Background(self)
        self.window = MainWindow(self.theme, self.settings, self.background)
        if not safe:
            self.window.restoreGeometry(self.settings.shape("window/shape"))
        self._bugs = BugCatcher(self)
        self._bugs.caught.connect(self.window.show_problem)
        self._bugs.install()
        self.window.repair_asked.connect(self._damaged)
        self.window.show()
        QTimer.singleShot(0, self.open_store)

    def open_store(self) -> None:
        """Open the store if there is one; else show the first run."""
        if not (self._home / "store.json").exists():
            self._ask("Welcome")
        elif self._is_sealed():
            self._ask("Unlock")
        else:
            self.background.write(self._open, self._opened, owner=self, failed=self._not_opened)

    def _is_sealed(self) -> bool:
        known = self.background.passphrase or os.environ.get("LINLI_PASSPHRASE")
        return (self._home / "keys.json").exists() and not known

    def _open(self) -> "App":
        from desktop_app.app import open_app
        from desktop_app.store.keys import ask_environment

        known = self.background.passphrase
        return open_app(self._home, ask=(lambda _words: known) if known else ask_environment)

    # ------------------------------------------------------------------------------------------------ before the store

    def _ask(self, which: str) -> None:
        """First run, passphrase or recovery, in the middle of the window."""
        from ui.pages import welcome
        from ui.pages.trouble import Recover
        from ui.pages.welcome_restore import Restore
        from ui.pages.welcome_starter import FromStarter

        alone: Alone
        if which == "Welcome":
            first = alone = welcome.Welcome(self._home, self.background, self.theme)
            first.restore_asked.connect(partial(self._ask, "Restore"))
            first.starter_asked.connect(partial(self._ask, "Starter"))
        elif which == "Starter":
            begins = alone = FromStarter(self._home, self.background, self.theme)
            begins.left.connect(partial(self._ask, "Welcome"))
        elif which == "Restore":
            restore = alone = Restore(self._home, self.background, self.theme)
            restore.left.connect(partial(self._ask, "Welcome"))
        elif which == "Recover":
            recover = alone = Recover(self._home, self.background, self.theme)
            recover.left.connect(self.open_store)
        else:
            unlock = alone = welcome.Unlock(self._home, self.background, self.theme)
            unlock.forgotten.connect(partial(self._ask, "Recover"))
            unlock.damaged.connect(self._not_opened)
        alone.opened.connect(self._opened)
        self.window.show_alone(alone)

    def _not_opened(self, problem: "Problem") -> None:
        """What is wrong, and what can be done about it."""
        from ui.pages.trouble import Trouble

        asking = Trouble(self._home, self.background, self.theme, problem)
        asking.again_asked.connect(self.open_store)
        asking.recover_asked.connect(partial(self._ask, "Recover"))
        asking.quit_asked.connect(self.window.close)
        self.window.show_alone(asking)

    # ------------------------------------------------------------------------------------------------------ signing in

    def _opened(self, app: "App") -> None:
        from desktop_app.accounts.queries import has_accounts

        self.window.app = app
        self.background.read(lambda: has_accounts(app.db), partial(self._who, app), owner=self)

    def _who(self, app: "App", known: bool) -> None:
        """Somebody signs in; where nobody can yet, the first administrator is made."""
        from ui.pages.first_account import FirstAccount
        from ui.pages.sign_in import SignIn

        asking: FirstAccount | SignIn
        if known:
            asking = sign_in = SignIn(app, self.background, self.theme)
            sign_in.quit_asked.connect(self.window.close)
            sign_in.anew_asked.connect(partial(self._anew, app))
            self._greet(sign_in)
        else:
            asking = FirstAccount(app, self.background, self.theme)
        asking.entered.connect(partial(self._entered, app, first=not known))
        self._said = ""
        self.window.show_alone(asking)

    def _greet(self, asking: "SignIn") -> None:
        """What came of the work on the keys; how to get into a demonstration; the way in with the recovery sheet."""
        from desktop_app.store import recovery
        from ui.pages.welcome import demo_login

        if self._said:
            asking.strip.show_words(self._said, "good")
        elif found := demo_login(self._home):
            words = self.tr("演示数据：登录名 {login}，所有人的密码都是 {password}").format(
                login=found[0], password=found[1]
            )
            asking.strip.show_words(words, "demo", stays=True)
        if recovery.made_on(self._home):
            asking.offer_anew()

    def _anew(self, app: "App") -> None:
        """The administrators are gone, and here is the recovery sheet."""
        from ui.pages.first_account import FirstAccount

        asking = FirstAccount(app, self.background, self.theme, anew=True)
        asking.left.connect(partial(self._who, app, known=True))
        asking.entered.connect(partial(self._entered, app, first=False))
        self.window.show_alone(asking)

    def _entered(self, app: "App", _actor: object, *, first: bool) -> None:
        from ui.finders import FINDERS
        from ui.shell.keeper import Keeper
        from ui.shell.warming import Warming

        self.window.show_alone(None)
        desk = self.window.attach(app, FINDERS)
        desk.alone_asked.connect(self._work_alone)
        keeper = Keeper(desk, self.window)
        self.window.farewell = keeper.farewell
        Warming(self.background, desk, self._page).begin()
        if first:
            self._propose_sheet()
        if self._file:
            self.window.open_page("importing", self._file)
            self._file = ""

    def _page(self) -> "Page | None":
        """What somebody looks at."""
        shown = self.window.tabs.current if self.window.curtain is None else None
        return shown.page if shown is not None else None

    def _propose_sheet(self) -> None:
        """The paper that opens the data when machine or passphrase are gone: best made on the first day."""
        from desktop_app.store import recovery
        from ui.pages.recovery_dialog import RecoveryDialog

        if self.window.desk is not None and recovery.made_on(self._home) is None:
            RecoveryDialog(self.window.desk, self.window).open()

    # --------------------------------------------------------------------------------- work that needs the store alone

    def _work_alone(self, task: "AloneTask") -> None:
        """Keys are changed: nobody may have the store open meanwhile, this window neither."""
        from ui.pages.trouble import Working

        asking = Working(self._home, self.background, self.theme, task)
        asking.done.connect(self._done_alone)
        asking.again_asked.connect(self.open_store)
        self._let_go(asking, asking.begin)

    def _done_alone(self, words: str) -> None:
        self._said = words
        self.open_store()

    def _damaged(self, problem: "Problem") -> None:
        """Found in the middle of the work."""
        from ui.pages.welcome import Middle

        self._let_go(Middle(self.background, self.theme), partial(self._not_opened, problem))

    def _let_go(self, asking: "QWidget", then: Callable[[], object]) -> None:
        """Close the store once nothing is under way in it."""
        self.window.detach()
        self.window.show_alone(asking)
        self._wait = QTimer(self, interval=_ROUND_MS)
        self._wait.timeout.connect(partial(self._close_store, then))
        self._wait.start()

    def _close_store(self, then: Callable[[], object]) -> None:
        if self.background.is_busy or self.background.jobs:
            return
        self._wait.stop()
        if self.window.app is not None:
            self.background.write(self.window.app.close)
            self.window.app = None
        then()

    def called(self, file: str) -> None:
        """A second start: come to the front, and take its file."""
        self.window.showNormal()
        self.window.raise_()
        self.window.activateWindow()
        if file and self.window.desk is not None and self.window.curtain is None:
            self.window.open_page("importing", file)
        elif file:
            self._file = file  # for whoever signs in
