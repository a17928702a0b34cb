"""What was typed and not saved, by tab: at hand in memory, and on disk a moment later."""

from collections import UserDict
from typing import TYPE_CHECKING

from ui.shell.background import Background

if TYPE_CHECKING:
    from desktop_app.app import App


class Drafts(UserDict[str, str]):
    """A mapping from the key of a form to what stood in it (JSON); every change goes to the store's writer."""

    def __init__(self, app: "App", background: Background) -> None:
        from desktop_app.store import drafts

        self._app, self._background, self._store = app, background, drafts
        super().__init__()
        self.data = drafts.kept(app.db)

    def __setitem__(self, key: str, body: str) -> None:
        if self.data.get(key) == body:
            return
        self.data[key] = body
        self._background.write(lambda: self._store.keep(self._app.db, self._app.actor, key, body))

    def __delitem__(self, key: str) -> None:
        del self.data[key]
        self._background.write(lambda: self._store.drop(self._app.db, self._app.actor, key))
