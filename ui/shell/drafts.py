"""What somebody typed and did not save, by tab: at hand in memory, and on disk a moment later."""

from collections import UserDict
from typing import TYPE_CHECKING

from ui.shell.background import Background

if TYPE_CHECKING:
    from desktop_app.app import App


class Drafts(UserDict[str, str]):
    """A mapping from the key of a form to what stood in it (JSON), of the one who is signed in.

    Every change goes to the store's writer in the name of whoever owned the drafts when it was made.
    """

    def __init__(self, app: "App", background: Background) -> None:
        from desktop_app.store import drafts

        self._app, self._background, self._store = app, background, drafts
        super().__init__()
        self._owner = app.actor
        self.data = drafts.kept(app.db, self._owner)

    def change_owner(self) -> None:
        """Somebody else is signed in now."""
        self._owner = self._app.actor
        self.data = self._store.kept(self._app.db, self._owner)

    def __setitem__(self, key: str, body: str) -> None:
        if self.data.get(key) == body:
            return
        self.data[key] = body
        owner = self._owner
        self._background.write(lambda: self._store.keep(self._app.db, owner, key, body))

    def __delitem__(self, key: str) -> None:
        del self.data[key]
        owner = self._owner
        self._background.write(lambda: self._store.drop(self._app.db, owner, key))
