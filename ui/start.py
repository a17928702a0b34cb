"""From QApplication to the first page. The window comes first, the store afterwards."""

import logging
import os
import sys
from functools import partial
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTimer, QTranslator
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from desktop_app.shared.resources import resource
from ui.main_window import MainWindow
from ui.shell.background import Background
from ui.shell.icons import pixmap
from ui.shell.instance import Instance
from ui.shell.problems import BugCatcher
from ui.shell.settings import Settings
from ui.shell.theme import FONT_SIZES, Theme

if TYPE_CHECKING:
    from desktop_app.app import App

_LOG_BYTES = 1_000_000


def run(home: Path, *, safe: bool = False, file: str = "") -> int:
    """Show the window and run it to its end; returns the exit code."""
    app = QApplication(sys.argv[:1])
    app.setApplicationName("linli-workstation")
    app.setWindowIcon(QIcon(pixmap("app", "#ffffff", 128)))
    home.mkdir(parents=True, exist_ok=True)
    instance = Instance(home, app)
    if not instance.is_first:
        instance.hand_over(file)
        return 0
    log_to(home)
    translate(app)
    start = Start(home, safe=safe, file=file)
    instance.called.connect(start.called)
    code = app.exec()
    instance.release()
    return code


def translate(app: QApplication, language: str = "zh_CN") -> None:
    """Qt's own words in Chinese; ours too, if the window is to speak something else."""
    QLocale.setDefault(QLocale(language))
    for name, folder in (
        (f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
        (f"linli_{language}", str(resource("i18n"))),
    ):
        translator = QTranslator(app)
        if translator.load(name, folder):
            app.installTranslator(translator)


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
        self.window.show()
        QTimer.singleShot(0, self.open_store)

    def open_store(self) -> None:
        """Open the store if there is one; else show the first run."""
        if not (self._home / "store.json").exists():
            self._ask("Welcome")
        elif (self._home / "keys.json").exists() and not os.environ.get("LINLI_PASSPHRASE"):
            self._ask("Unlock")
        else:
            self.background.write(self._open, self._opened, owner=self, failed=self.window.show_problem)

    def _open(self) -> "App":
        from desktop_app.app import open_app

        return open_app(self._home)

    def _opened(self, app: "App") -> None:
        from ui.finders import FINDERS
        from ui.shell.keeper import Keeper

        keeper = Keeper(self.window.attach(app, FINDERS), self.window)
        self.window.farewell = keeper.farewell
        if self._file:
            self.window.open_page("importing", self._file)

    def _ask(self, which: str) -> None:
        """First run or passphrase, in the middle of the window."""
        from ui.pages import welcome
        from ui.pages.welcome_restore import Restore

        asking = {"Welcome": welcome.Welcome, "Unlock": welcome.Unlock, "Restore": Restore}[which]
        alone = asking(self._home, self.background, self.theme)
        if isinstance(alone, welcome.Welcome):
            alone.restore_asked.connect(partial(self._ask, "Restore"))
        elif isinstance(alone, Restore):
            alone.left.connect(partial(self._ask, "Welcome"))
        alone.opened.connect(self._answered)
        self.window.show_alone(alone)

    def _answered(self, app: "App") -> None:
        self.window.show_alone(None)
        self._opened(app)

    def called(self, file: str) -> None:
        """A second start: come to the front, and take its file."""
        self.window.showNormal()
        self.window.raise_()
        self.window.activateWindow()
        if file:
            self.window.open_page("importing", file)
