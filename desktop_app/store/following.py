"""What follows from a commit comes behind it, and never makes it look as if it had failed."""

import logging
from collections.abc import Callable
from typing import Final

Changed = Callable[[frozenset[str]], None]
_log: Final = logging.getLogger("linli.store")


class Followers(list[Changed]):
    """Callbacks that get the names of the tables a committed transaction touched, in the writing thread.

    One that cannot do its work, since the disk is full, another process writes or it has a fault, hears of the same
    tables again after the next commit, whatever that touched: whoever made the first one must not be told that nothing
    was saved, and save twice.
    """

    def __init__(self) -> None:
        super().__init__()
        self._owed: dict[Changed, frozenset[str]] = {}

    @property
    def owing(self) -> bool:
        """Whether somebody has to be told again."""
        return bool(self._owed)

    def tell(self, tables: frozenset[str]) -> None:
        """Tells everybody."""
        for follow in list(self):
            told = tables | self._owed.pop(follow, frozenset())
            try:
                follow(told)
            except Exception as error:  # noqa: BLE001 - whatever it is, the commit stands and the others hear of it
                self._owed[follow] = told | self._owed.get(follow, frozenset())
                _log.error("what follows from a commit was put off: %s", type(error).__name__)
