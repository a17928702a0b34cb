"""One at a time: whatever writes what came from the server keeps all others out meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

from desktop_app.shared.errors import LockedError
from desktop_app.shared.lock import held
from desktop_app.store.database import Database


@contextmanager
def alone(db: Database) -> Iterator[None]:
    """One sync at a time for one store, whoever started it: the window, a command, a timer."""
    with held(db.path.with_suffix(".sync-lock")) as mine:
        if not mine:
            raise LockedError("另一个窗口或命令正在同步，这一次没有开始，数据没有变化。", next_step="请等它做完再试。")
        yield
