"""What the one who is signed in opened last: at hand in memory, and in the store a moment later."""

from typing import TYPE_CHECKING

from ui.shell.background import Background

if TYPE_CHECKING:
    from desktop_app.app import App

_MOST = 20


class Recent:
    """Lines of `kind:id:title`, newest first."""

    def __init__(self, app: "App", background: Background) -> None:
        from desktop_app.store import recent

        self._app, self._background, self._store = app, background, recent
        self.change_owner()

    def change_owner(self) -> None:
        """Somebody else is signed in now."""
        self._owner = self._app.actor
        self.lines = self._store.opened(self._app.db, self._owner)

    def add(self, kind: str, record_id: str, title: str) -> None:
        """It was opened just now; what it was called before is forgotten."""
        mark = f"{kind}:{record_id}:"
        kept = [line for line in self.lines if not line.startswith(mark)]
        fresh = [mark + title, *kept][:_MOST]
        if fresh != self.lines:
            self.lines = fresh
            owner = self._owner
            self._background.write(lambda: self._store.keep(self._app.db, owner, fresh))
