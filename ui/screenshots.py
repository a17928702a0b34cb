"""Pictures of the window for the README and the user guide: `python -m ui.screenshots OUT [--home HOME]`.

Rendered without a screen, with the bundled font, in four looks: light at 1366 × 768, dark, 150 % and 18 px text.
Without HOME the demonstration community is made for the occasion. Each look is a process of its own, because Qt reads
the scale factor at its start.
"""

import argparse
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
    language: str = "zh_CN"


LOOKS = (
    Look("light"),
    Look("dark", mode="dark", pages=("home", "residents", "person", "buildings")),
    Look("scaled", scale=1.5, pages=("home", "residents", "buildings")),
    Look("english", language="en_US"),
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


def _seats(home: Path) -> list[tuple[str, str]]:
    """Whose eyes to look with: whom the environment names (`LINLI_USER`, `LINLI_PASSWORD`), else the demonstration's.

    The one a visitor borrows comes first; the others see pages that are not for him.
    """
    from desktop_app.demo.rehearsal import MARKER, credentials

    told = os.environ.get("LINLI_USER", ""), os.environ.get("LINLI_PASSWORD", "")
    if all(told):
        return [told]
    first = credentials(home)
    if first is None:
        return [told]
    others = json.loads((home.parent / MARKER).read_text("utf-8"))["accounts"]
    return [first, *((one["login"], first[1]) for one in others if one["login"] != first[0])]


def _take(home: Path, out: Path, look: Look, pages: tuple[str, ...]) -> int:
    from PySide6.QtWidgets import QApplication

    from ui.pages import PAGES
    from ui.shell.language import translate

    app = QApplication(sys.argv[:1])
    translate(app, look.language)
    wanted = {entry.key for entry in PAGES if not pages or entry.key in pages}
    for at, seat in enumerate(_seats(home)):
        if at and not wanted:
            break
        wanted -= _pictures(home, seat, Camera(out, look), wanted, scenes=pages if at == 0 else None)
    (out / "screenshots.ini").unlink(missing_ok=True)
    return 0


def _pictures(
    home: Path, seat: tuple[str, str], camera: "Camera", wanted: set[str], *, scenes: tuple[str, ...] | None
) -> set[str]:
    """The pages that one account is offered; returns their keys.  `scenes`: those too, empty for all."""
    from desktop_app.accounts.rights import has_accounts
    from desktop_app.accounts.sessions import open_session
    from desktop_app.app import open_app
    from ui.finders import FINDERS
    from ui.pages import PAGES
    from ui.pages.welcome import Welcome

    window = camera.window()
    if scenes is not None and (not scenes or "welcome" in scenes):
        window.show_alone(Welcome(home, window.background, window.theme))
        camera.shoot(window, "welcome")
        window.show_alone(None)
    with open_app(home) as app:
        if has_accounts(app.db):
            window.background.session = open_session(app.db, app.sign_in(*seat))
        window.attach(app, FINDERS)
        offered = [one.key for one in PAGES if one.key in wanted and window.everywhere.is_offered(one)]
        for key in offered:
            window.open_page(key)
            camera.shoot(window, key)
        for name, opener in [] if scenes is None else scenes_of(window).items():
            if not scenes or name in scenes:
                opener()
                camera.shoot(window, name)
        window.close()
        window.detach()
    return set(offered)


class Camera:
    """Makes the window, waits until nothing moves in it, and saves it as a PNG."""

    def __init__(self, out: Path, look: Look) -> None:
        self._out, self._look = out, look

    def window(self) -> "MainWindow":
        """An empty window in this look."""
        from ui.main_window import MainWindow
        from ui.shell.background import Background
        from ui.shell.settings import Settings
        from ui.shell.theme import Theme

        theme = Theme()
        theme.bundled_font_only = True
        theme.apply(self._look.mode, self._look.font_px)
        made = MainWindow(theme, Settings(self._out / "screenshots.ini"), Background())
        made.resize(round(SIZE[0] / self._look.scale), round(SIZE[1] / self._look.scale))
        made.show()
        return made

    def shoot(self, window: "MainWindow", name: str) -> None:
        """One picture: `<name>-<look>.png`."""
        from PySide6.QtCore import QDeadlineTimer, QEventLoop, QThread
        from PySide6.QtWidgets import QApplication

        deadline, quiet = QDeadlineTimer(_PATIENCE_MS), 0
        while quiet < _QUIET_ROUNDS and not deadline.hasExpired():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, _ROUND_MS)
            QThread.msleep(_ROUND_MS)
            quiet = 0 if window.background.is_busy or window.background.jobs else quiet + 1
        window.notice.hide()  # nobody runs the server of the demonstration
        QApplication.processEvents()
        window.grab().save(str(self._out / f"{name}-{self._look.name}.png"))


RECORD_SCENES = {
    "appeal": "SELECT id FROM appeal WHERE sync_del=0 ORDER BY received_on DESC LIMIT 1 OFFSET 3",
    "campaign": "SELECT id FROM campaign WHERE sync_del=0 LIMIT 1",
    "household": "SELECT id FROM household WHERE sync_del=0 LIMIT 1",
    "matter": "SELECT id FROM matter WHERE sync_del=0 ORDER BY proposed_on LIMIT 1 OFFSET 1",
    "meeting": "SELECT id FROM meeting WHERE sync_del=0 ORDER BY starts_at DESC LIMIT 1 OFFSET 1",
    "order": "SELECT id FROM service_order WHERE sync_del=0 ORDER BY received_on LIMIT 1",
}
"""Kinds of record and one worth a picture."""


FACES = {
    "posts": ("orders", 4),
    "duty": ("orders", 3),
    "wishes": ("orders", 1),
    "pairs": ("care", 1),
    "contacts": ("organisation", 2),
    "lists": ("partners", 1),
    "quarter": ("matters", 2),
    "deposits": ("points", 1),
    "points-board": ("points", 2),
}
"""Faces of pages worth a picture of their own: name → page and which face."""


def scenes_of(window: "MainWindow") -> dict[str, Callable[[], object]]:
    """Views beyond the pages themselves: records, forms, the results of a search, the lock (which comes last)."""
    from desktop_app.residents.queries import ResidentFilter, ids, lines

    desk = window.desk
    if desk is None:
        return {}
    db = desk.app.db
    seen = desk.may("residents.read")
    found = lines(db, ids(db, ResidentFilter(min_age=60), "address")[:1]) if seen else []
    if not found:
        return {"locked": window.session.lock}
    person = found[0]
    records = {kind: db.scalar(sql) for kind, sql in RECORD_SCENES.items()}
    forms = {"person": person.id, "person-form": person.id}
    forms |= {"visit-form": f"person:{person.id}", "appeal-form": f"person:{person.id}"}
    return {
        **{kind: partial(desk.open_record, kind, name) for kind, name in forms.items()},
        **{kind: partial(desk.open_record, kind, str(name)) for kind, name in records.items() if name},
        **{name: partial(_face, window, *where) for name, where in FACES.items()},
        "preview": partial(_preview, window),
        "search": partial(_search, window, person.name[:1]),
        "locked": window.session.lock,
    }


def _search(window: "MainWindow", words: str) -> None:
    from PySide6.QtWidgets import QApplication

    window.activateWindow()  # offscreen nobody else does, and an inactive window has no focus
    QApplication.processEvents()
    window.header.search.setFocus()
    window.header.search.setText(words)


def _preview(window: "MainWindow") -> None:
    from ui.pages.residents import ResidentsPage

    window.open_page("residents")
    page = window.tabs.page("page:residents")
    if isinstance(page, ResidentsPage):
        page.table.point_at(3)
        page.toggle_preview()


def _face(window: "MainWindow", key: str, at: int) -> None:
    window.open_page(key)
    faces = getattr(window.tabs.page(f"page:{key}"), "faces", None)
    if faces is not None:
        faces.choose(at)


if __name__ == "__main__":
    sys.exit(main())
