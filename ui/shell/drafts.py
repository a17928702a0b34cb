"""What somebody typed and did not save, by tab: at hand in memory, and on disk a moment later."""

from collections import UserDict
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from ui.shell.background import Background
from ui.shell.problems import Problem

if TYPE_CHECKING:
    from desktop_app.app import App
    from desktop_app.shared.actor import Actor
    from ui.widgets.strip import Strip

_AGAIN_MS: Final = 30_000


class Drafts(UserDict[str, str]):
    """A mapping from the key of a form to what stood in it (JSON), of the one who is signed in.

    Every change goes to the store's writer in the name of whoever owned the drafts when it was made.  What the disk
    does not take, since it is full, is offered to it again and again, and said before the window closes.
    """

    def __init__(self, app: "App", background: Background, owner: QObject | None = None) -> None:
        """`owner` goes away with the store: nothing is offered to a store that was closed."""
        from desktop_app.store import drafts

        self._app, self._background, self._store = app, background, drafts
        self._wanted: dict[tuple[Actor, str], str | None] = {}  # what was asked for last; None: to be dropped
        self._unkept: set[tuple[Actor, str]] = set()
        self._again = QTimer(owner, singleShot=True, interval=_AGAIN_MS)
        self._again.timeout.connect(self.keep_again)
        self._said_at_the_door = False
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
        self._put(self._owner, key, body)

    def __delitem__(self, key: str) -> None:
        del self.data[key]
        self._put(self._owner, key, None)

    def _put(self, owner: "Actor", key: str, body: str | None) -> None:
        self._wanted[owner, key] = body
        db, store = self._app.db, self._store
        self._background.write(
            lambda: store.drop(db, owner, key) if body is None else store.keep(db, owner, key, body),
            lambda _none: self._kept((owner, key)),
            failed=partial(self._refused, (owner, key), body),
        )

    # ------------------------------------------------------------------------------------------------ not on disk yet

    def _kept(self, whose: "tuple[Actor, str]") -> None:
        self._unkept.discard(whose)
        self._said_at_the_door &= bool(self._unkept)

    def _refused(self, whose: "tuple[Actor, str]", body: str | None, problem: Problem) -> None:
        """Said once, not at every key."""
        if self._wanted[whose] != body:
            return  # a newer one is on its way
        if not self._unkept:
            words = QCoreApplication.translate("Drafts", "填的内容还在窗口里，有了空间会自己存好。")
            told = problem if problem.is_bug else replace(problem, next_step=words)
            self._background.problem.emit(told)
        self._unkept.add(whose)
        self._again.start()

    def keep_again(self) -> None:
        """Offers the disk what it did not take."""
        for owner, key in list(self._unkept):
            self._put(owner, key, self._wanted[owner, key])

    def may_be_left(self, strip: "Strip") -> bool:
        """Whether the window may close: not the first time while something typed is in memory alone."""
        if self._said_at_the_door or not any(self._wanted[whose] for whose in self._unkept):
            return True
        self._said_at_the_door = True
        words = QCoreApplication.translate(
            "Drafts", "磁盘没有收下填到一半的内容，现在关闭就没有了。请先清出空间再保存；仍要关闭，请再关一次。"
        )
        strip.show_words(words, "warn")
        self.keep_again()
        return False
