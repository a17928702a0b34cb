"""Works through every page of the window in this process, and prints the longest work of the window's thread in one go.

Run by bench_pages.py: page_watch.py HOME FONT [PAGE…].  What counts is the processor time of that one thread between
two looks of the loop for keys and clicks, so that a machine busy with something else does not lie.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_NO_GLIB"] = "1"  # the loop of Qt itself says when it looks for input

from PySide6.QtCore import QAbstractEventDispatcher, QObject, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QApplication, QWidget

from desktop_app.app import open_app
from ui.finders import FINDERS
from ui.main_window import USUAL, MainWindow
from ui.pages import PAGES
from ui.shell.background import Background
from ui.shell.settings import Settings
from ui.shell.theme import Theme
from ui.shell.turns import turns
from ui.shell.warming import Warming
from ui.widgets.inputs import LineEdit
from ui.widgets.segments import Segments

QUIET_MS, LOOK_MS, PATIENCE = 400, 20, 1500
NO_LISTS = frozenset({"settings"})


class Laps(QObject):
    """The longest stretch of work between two moments at which the loop looks for keys and clicks.

    Not timed event by event: an application that is asked about each event (`notify`) builds its widgets three times as
    slowly.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._mark = time.thread_time_ns()
        self.longest = 0.0
        loop = QAbstractEventDispatcher.instance()
        if loop is None:
            raise SystemExit("no event loop")
        loop.awake.connect(self._lap)
        loop.aboutToBlock.connect(self._lap)

    def _lap(self) -> None:
        now = time.thread_time_ns()
        self.longest = max(self.longest, (now - self._mark) / 1e6)
        self._mark = now

    def begin(self) -> None:
        """From here on."""
        self._mark, self.longest = time.thread_time_ns(), 0.0


def seen(page: QWidget, kind: type[Any]) -> list[Any]:
    """What can be seen of one kind."""
    return [one for one in page.findChildren(kind) if one.isVisible() and one.isEnabled()]


def compose(field: QWidget, sign: str) -> None:
    """As an input method does when a candidate is chosen."""
    event = QInputMethodEvent()
    event.setCommitString(sign)
    QApplication.sendEvent(field, event)


class Driver(QObject):
    """Does one thing after the other; between two of them everything comes to rest."""

    def __init__(self, window: MainWindow, keys: list[str]) -> None:
        super().__init__(window)
        self.window, self.laps = window, Laps(self)
        self.found: dict[str, dict[str, float]] = {}
        self._steps = self._all(keys)
        self._where = ("", "")
        self._quiet = self._looks = 0
        self._next: Callable[[], object] | None = None
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        """Goes on once nothing has been under way for a while; what is done is an event of its own."""
        self._looks += 1
        busy = self.window.background.is_busy or bool(self.window.background.jobs) or turns().is_busy
        self._quiet = 0 if busy else self._quiet + LOOK_MS
        if self._quiet < QUIET_MS and self._looks < PATIENCE:
            return
        self._quiet = self._looks = 0
        page, step = self._where
        if page:
            steps = self.found.setdefault(page, {})
            steps[step] = max(self.laps.longest, steps.get(step, 0.0))
        following = next(self._steps, None)
        if following is None:
            self._timer.stop()
            self.window.close()
            QApplication.quit()
            return
        *where, act = following
        self._where = (where[0], where[1])
        self.laps.begin()
        QTimer.singleShot(0, self, act)

    def _all(self, keys: list[str]) -> Iterator[tuple[str, str, Callable[[], object]]]:
        yield "", "", lambda: None
        for key in keys:
            yield key, "open", partial(self.window.open_page, key)
            yield from self._on(key)
            yield key, "leave", partial(self.window.open_page, "home")
            yield key, "again", partial(self.window.open_page, key)
            yield key, "close", self.window.tabs.close_current
        yield from self._form()

    def _on(self, key: str) -> Iterator[tuple[str, str, Callable[[], object]]]:
        page = self.window.tabs.page(f"page:{key}")
        if page is None:
            return
        faces = next(iter(seen(page, Segments)), None)
        for at in range(len(faces.buttons) if faces is not None else 1):
            if faces is not None and at:
                yield key, f"face {at + 1}", lambda at=at: faces.choose(at)
            for view in seen(page, QAbstractScrollArea)[:3]:
                bar = view.verticalScrollBar()
                for _ in range(6):
                    yield key, "scroll", lambda bar=bar: bar.setValue(bar.value() + bar.pageStep())
                yield key, "scroll", lambda bar=bar: bar.setValue(bar.maximum())
                yield key, "scroll", lambda bar=bar: bar.setValue(0)
            for field in seen(page, LineEdit)[:1] if key not in NO_LISTS else []:
                for sign in "王芳":
                    yield key, "type", partial(compose, field, sign)
                yield key, "type", field.clear
            yield from self._record(key, page)

    def _record(self, key: str, page: QWidget) -> Iterator[tuple[str, str, Callable[[], object]]]:
        for view in seen(page, QAbstractItemView):
            model = view.model()
            if model is None or not model.rowCount():
                continue
            before = self.window.tabs.keys
            yield key, "point", lambda view=view: QTest.keyClick(view, Qt.Key.Key_Down)
            yield key, "record", lambda view=view: QTest.keyClick(view, Qt.Key.Key_Return)
            if self.window.tabs.keys != before:
                yield key, "record closed", self.window.tabs.close_current
            yield key, "back", lambda: self.window.open_page(key)
            return

    def _form(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        """Somebody is registered: the form, typing in it, saving."""
        desk = self.window.desk
        if desk is None:
            return
        yield "person-form", "open", lambda: desk.open_record("person-form", "")
        page = self.window.tabs.page("person-form:")
        if page is None:
            return
        field = seen(page, LineEdit)[0]
        for sign in "王小明":
            yield "person-form", "type", partial(compose, field, sign)
        save = next(one for one in page.commands() if one.keys == "Ctrl+S")
        yield "person-form", "save", save.run


def main() -> int:
    home, font, keys = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    app = QApplication(sys.argv[:1])
    theme = Theme()
    theme.bundled_font_only = True
    theme.apply("light", font)
    window = MainWindow(theme, Settings(home / "watched.ini"), Background())
    window.resize(*USUAL)
    window.show()
    with open_app(home) as opened:
        window.attach(opened, FINDERS)
        warming = Warming(window.background, window)
        warming.begin(0)
        QTest.qWait(QUIET_MS)
        while not warming.is_over:
            QTest.qWait(LOOK_MS)
        driver = Driver(window, keys or [entry.key for entry in PAGES])
        app.exec()
        window.detach()
    print(json.dumps(driver.found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
