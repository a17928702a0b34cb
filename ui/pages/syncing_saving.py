"""Files the sync page writes: the list of clashes, the log of exchanges; and asking where they are to go."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.sync import conflict_list, logbook
from ui.pages.page import Page


def ask_file(parent: QWidget, title: str, name: str, kinds: str) -> Path | None:
    """Where to write a file; None if the person thought better of it."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    path, _ = QFileDialog.getSaveFileName(parent, title, f"{folder}/{name}", kinds)
    return Path(path) if path else None


def save_conflicts(page: Page, path: Path, ids: Sequence[str]) -> None:
    """The list of clashes; a few hundred rows at most, so that the reader thread may write them."""
    words = page.tr("已导出 {n} 条到 {name}")
    db = page.desk.app.db
    actor = page.desk.app.actor
    page.write(
        lambda: conflict_list.save(db, actor, path, ids),
        lambda count: page.desk.say(words.format(n=count, name=path.name)),
    )


def save_log(page: Page, path: Path) -> None:
    """The log of exchanges."""
    words = page.tr("已导出 {n} 条到 {name}，里面没有居民的资料")
    db = page.desk.app.db
    page.read(
        lambda: logbook.save(db, path),
        lambda count: page.desk.say(words.format(n=count, name=path.name)),
        key="save",
    )
