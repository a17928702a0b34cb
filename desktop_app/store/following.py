"""What follows from a commit comes behind it, and never makes it look as if it had failed."""

import logging
from collections.abc import Callable
from typing import Any, Final

from desktop_app.store.base import Base

Changed = Callable[[frozenset[str]], None]
_NOTES: Final = "_stale"
"""How tables are called in which triggers note what has to be worked out anew (see `store.states`)."""
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
        noting = [name for name in Base.metadata.tables if name.endswith(_NOTES)]
        self._asking = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS(SELECT 1 FROM {name})" for name in noting)

    @property
    def owing(self) -> bool:
        """Whether somebody has to be told again."""
        return bool(self._owed)

    def stale(self, connection: Any) -> frozenset[str]:
        """The tables `<noun>_stale` that hold something, whoever left it: a pull, an erasure, a killed process.

        To be told with what was touched.  Asked once for all, by the connection that has just written: it has their
        pages in memory, while one that reads has to fetch and decrypt them anew after each commit.
        """
        return frozenset(name for (name,) in connection.execute(self._asking)) if self._asking else frozenset()

    def tell(self, tables: frozenset[str]) -> None:
        """Tells everybody."""
        for follow in list(self):
            told = tables | self._owed.pop(follow, frozenset())
            try:
                follow(told)
            except Exception as error:  # noqa: BLE001 - whatever it is, the commit stands and the others hear of it
                self._owed[follow] = told | self._owed.get(follow, frozenset())
                _log.error("what follows from a commit was put off: %s", type(error).__name__)
