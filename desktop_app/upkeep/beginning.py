"""A new computer without a network begins with a starter: its store is made whole, or not at all."""

from pathlib import Path

from desktop_app import app as composition
from desktop_app.app import App, Beginning
from desktop_app.shared.errors import AppError
from desktop_app.store import keys
from desktop_app.sync import starter
from desktop_app.sync.carried import Tell
from desktop_app.sync.diary import SyncReport
from desktop_app.sync.starter import Starter


def begin_with(
    home: Path,
    opened: Starter,
    told: Beginning,
    *,
    ask: keys.AskPassphrase = keys.ask_environment,
    progress: Tell = lambda _done, _total: None,
) -> tuple[App, SyncReport]:
    """The open store of a new desk with all that its unit has; half a unit must not look like all of it.

    If it does not come to its end, nothing is left behind.  AppError where a store is already.
    """
    if composition.exists(home):
        raise AppError(f"{home} 里已经有一份数据，没有动它。", next_step="请换一个文件夹（--home）。")
    fresh = not home.exists()
    try:
        app = composition.create(home, told, ask=ask)
        try:
            return app, starter.apply(app.db, app.secrets, opened, progress=progress)
        except BaseException:
            app.close()
            composition.discard(home)
            raise
    except BaseException:  # what `create` began it has taken away itself
        if fresh and home.exists() and not any(home.iterdir()):
            home.rmdir()
        raise
