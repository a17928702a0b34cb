"""Starts the real window in this fresh process, prints when it painted, took keys and showed counts, and ends it.

Run by bench_window.py: window_watch.py HOME START, START being the monotonic clock when the process was asked for.
"""

import json
import os
import sys
import time
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QPushButton

from ui import start
from ui.__main__ import main

HOME, BEGUN = sys.argv[1], float(sys.argv[2])
PATIENCE_S = 60


class Watch(QObject):
    """Looks at the window from outside."""

    def __init__(self, window: Any) -> None:
        super().__init__(window)
        self.window = window
        self.seen: dict[str, float] = {}
        window.installEventFilter(self)
        self.timer = QTimer(self)
        self.timer.timeout.connect(self.look)
        self.timer.start(2)

    def note(self, what: str) -> None:
        self.seen.setdefault(what, time.monotonic() - BEGUN)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:  # noqa: N802 Qt's name
        if event.type() == QEvent.Type.Paint:
            self.note("painted")
        return super().eventFilter(watched, event)

    def look(self) -> None:
        focused = QApplication.focusWidget()
        search = self.window.header.search
        if focused is not None and (focused is search or search.isAncestorOf(focused)):
            self.note("keys")
        figures = [one.text() for one in self.window.findChildren(QPushButton) if one.accessibleName() == "在册居民"]
        if any(any(sign.isdigit() for sign in text) for text in figures):
            self.note("counts")
        if self.seen.keys() >= {"painted", "keys", "counts"} or time.monotonic() - BEGUN > PATIENCE_S:
            self.timer.stop()
            print(json.dumps(self.seen), flush=True)
            self.window.close()
            QApplication.quit()


class Watched(start.Start):
    """The start of the program, watched."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.watch = Watch(self.window)

    def _who(self, app: Any, _known: bool) -> None:
        """Nobody is there to sign in."""
        self._entered(app, app.actor, first=False)


start.Start = Watched  # type: ignore[misc]
sys.exit(main(["--home", HOME]))
