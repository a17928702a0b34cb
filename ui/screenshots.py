"""Pictures of the window for the README and the user guide: `python -m ui.screenshots OUT [--home HOME]`.

Rendered without a screen, with the bundled font, in four looks: light at 1366 × 768, dark, 150 % and 18 px text.
Without HOME the demonstration community is made for the occasion. Each look is a process of its own, because Qt reads
the scale factor at its start.
"""

import argparse
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.app import App
    from ui.main_window import MainWindow

SIZE = (1366, 728)  # 1366 × 768 without title bar and task bar
_PATIENCE_MS, _ROUND_MS, _QUIET_ROUNDS = 30_000, 10, 30


@dataclass(frozen=True, slots=True)
class Look:
    """One way the window can look; `pages` empty means all."""

    name: str
    mode: str = "light"
    font_px: int = 14
    scale: float = 1.0
    pages: tuple[str, ...] = ()


LOOKS = (
    Look("light"),
    Look("dark", mode="dark", pages=("home", "residents", "person", "buildings")),
    Look("scaled", scale=1.5, pages=("home", "residents", "buildings")),
    Look("large", font_px=18, pages=("home", "residents", "buildings")),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Take all pictures, or with `--look` those of one look."""
    parser = argparse.ArgumentParser(prog="python -m ui.screenshots", description="给界面拍照")
    parser.add_argument("out", type=Path)
    parser.add_argument("--home", type=Path, default=None)
    parser.add_argument("--look", default="")
    parser.add_argument("--page", action="append", default=[])
    options = parser.parse_args(argv)
    options.out.mkdir(parents=True, exist_ok=True)
    if options.home is None:
        with TemporaryDirectory() as folder:
            options.home = _demo_home(Path(folder) / "home")
            return max(_child(options, look) for look in LOOKS if options.look in {"", look.name})
    if options.look:
        look = next(one for one in LOOKS if one.name == options.look)
        return _take(options.home, options.out, look, tuple(options.page) or look.pages)
    return max(_child(options, look) for look in LOOKS)


def _demo_home(home: Path) -> Path:
    """The demonstration community in a folder of its own, sealed with a passphrase the children inherit."""
    from desktop_app.app import create
    from desktop_app.demo.community import demo_beginning, make_demo_community

    os.environ["LINLI_PASSPHRASE"] = secrets.token_hex(16)
    with create(home, demo_beginning()) as app:
        make_demo_community(app)
    return home


def _child(options: argparse.Namespace, look: Look) -> int:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(look.scale)}
    pages = [word for page in options.page for word in ("--page", page)]
    command = [
        sys.executable,
        "-m",
        "ui.screenshots",
        str(options.out),
        "--home",
        str(options.home),
        "--look",
        look.name,
    ]
    # the words are our own and the interpreter is the one that runs this
    return subprocess.run([*command, *pages], env=environment, check=False).returncode  # noqa: S603


def _sign_in(app: "App") -> str:
    """Whoever the environment names (`LINLI_USER`, `LINLI_PASSWORD`), else whom the demonstration wrote down.

    Returns what child processes prove it with; empty where nobody signs in.
    """
    from desktop_app.accounts.rights import has_accounts
    from desktop_app.accounts.sessions import open_session
    from desktop_app.demo.rehearsal import credentials

    if not has_accounts(app.db):
        return ""
    told = os.environ.get("LINLI_USER", ""), os.environ.get("LINLI_PASSWORD", "")
    return open_session(app.db, app.sign_in(*(told if all(told) else credentials(app.home) or told)))


def _take(home: Path, out: Path, look: Look, pages: tuple[str, ...]) -> int:
    from PySide6.QtWidgets import QApplication

    from desktop_app.app import open_app
    from ui.finders import FINDERS
    from ui.main_window import MainWindow
    from ui.pages import PAGES
    from ui.shell.background import Background
    from ui.shell.settings import Settings
    from ui.shell.theme import Theme
    from ui.start import translate

    app = QApplication(sys.argv[:1])
    translate(app)
    theme = Theme()
    theme.bundled_font_only = True
    theme.apply(look.mode, look.font_px)
    background = Background()
    window = MainWindow(theme, Settings(out / "screenshots.ini"), background)
    window.resize(round(SIZE[0] / look.scale), round(SIZE[1] / look.scale))
    window.show()
    opened = open_app(home)
    background.session = _sign_in(opened)
    window.attach(opened, FINDERS)
    camera = Camera(window, out, look.name)
    for entry in PAGES:
        if window.everywhere.is_offered(entry) and (not pages or entry.key in pages):
            window.open_page(entry.key)
            camera.shoot(entry.key)
    for name, opener in scenes(window).items():
        if not pages or name in pages:
            opener()
            camera.shoot(name)
    window.close()
    (out / "screenshots.ini").unlink(missing_ok=True)
    return 0


class Camera:
    """Waits until nothing moves, then saves the window as a PNG."""

    def __init__(self, window: "MainWindow", out: Path, look: str) -> None:
        self._window, self._out, self._look = window, out, look

    def shoot(self, name: str) -> None:
        """One picture: `<name>-<look>.png`."""
        from PySide6.QtCore import QDeadlineTimer, QEventLoop, QThread
        from PySide6.QtWidgets import QApplication

        deadline, quiet = QDeadlineTimer(_PATIENCE_MS), 0
        while quiet < _QUIET_ROUNDS and not deadline.hasExpired():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, _ROUND_MS)
            QThread.msleep(_ROUND_MS)
            quiet = 0 if self._window.background.is_busy or self._window.background.jobs else quiet + 1
        self._window.grab().save(str(self._out / f"{name}-{self._look}.png"))


def scenes(window: "MainWindow") -> dict[str, Callable[[], object]]:
    """Views beyond the pages themselves: a resident, the results of a search."""
    from desktop_app.residents.queries import ResidentFilter, ids, lines
    from ui.pages.residents import ResidentsPage

    desk = window.desk
    if desk is None:
        return {}
    db = desk.app.db
    seen = desk.may("residents.read")
    found = lines(db, ids(db, ResidentFilter(min_age=60), "address")[:1]) if seen else []

    def search() -> None:
        window.header.search.setFocus()
        window.header.search.setText(found[0].name[:1])

    def preview() -> None:
        window.open_page("residents")
        page = window.tabs.page("page:residents")
        if isinstance(page, ResidentsPage):
            page.table.point_at(3)
            page.toggle_preview()

    if not found:
        return {"locked": window.session.lock}
    return {
        "person": lambda: desk.open_record("person", found[0].id),
        "person-form": lambda: desk.open_record("person-form", found[0].id),
        "preview": preview,
        "search": search,
        "locked": window.session.lock,
    }


if __name__ == "__main__":
    sys.exit(main())
