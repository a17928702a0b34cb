"""What the one who is signed in may do: the one place where the window asks before it offers anything.

Commands, pages and kinds of record name the right they need.  A button that runs what a command of its page runs goes
with that command; others are told with `Desk.offer`.  The core refuses all the same: what is hidden here is a courtesy,
no protection.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.shell.background import Background
from ui.shell.parts import Verb

if TYPE_CHECKING:
    from desktop_app.app import App

TABLES = frozenset({"account", "staff"})


class Rights(QObject):
    """`changed` after another one signed in, or was given or lost a role."""

    changed = Signal()

    def __init__(self, app: "App", background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._app, self._background = app, background
        self._held: frozenset[str] = frozenset()
        self.load()

    def load(self) -> None:
        """Ask in place: once at the start, and when somebody signs in."""
        self._take(self._ask())

    def look_again(self, tables: Iterable[str]) -> None:
        """After a commit."""
        if TABLES & set(tables):
            self._background.read(self._ask, self._take, owner=self, key="rights")

    def _ask(self) -> frozenset[str]:
        from desktop_app.accounts.queries import rights_of

        return frozenset(rights_of(self._app.db, self._app.actor))

    def _take(self, held: frozenset[str]) -> None:
        if held != self._held:
            self._held = held
            self.changed.emit()

    def may(self, right: str) -> bool:
        """Whether something that needs `right` is offered; empty needs none, of several any is enough."""
        return not right or any(one in self._held for one in right.split())

    def offer(self, right: str, *verbs: Verb) -> None:
        """Buttons that stay away from whoever may not press them."""
        for verb in verbs:
            if not verb.right:
                verb.right = right
                _Offer(self, right, verb)


class _Offer(QObject):
    """Goes with its button."""

    def __init__(self, rights: Rights, right: str, verb: Verb) -> None:
        super().__init__(verb)
        self._rights, self._right, self._verb = rights, right, verb
        rights.changed.connect(self._look)
        self._look()

    def _look(self) -> None:
        self._verb.set_offered(offered=self._rights.may(self._right))
