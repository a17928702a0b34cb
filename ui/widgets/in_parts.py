"""A widget that is built in several turns of the event loop: what is seen and typed into first, then the rest.

Its parts stand in a generator with a `yield` between two of them. Everything up to the first `yield` is there at once;
the rest follows by itself. Whoever wants something earlier need not care: an attribute that is not there yet is made
with everything before it when it is asked for (so a shortcut works at once), and `when_whole` puts off what can wait.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from ui.shell.turns import turns


class InParts:
    """Stands before a class of Qt among the bases."""

    _parts_left: Iterator[None] | None = None
    _parts_after: tuple[Callable[[], object], ...] = ()
    _making_part = False
    _in_turns: Iterator[None] | None = None

    def build(self, parts: Iterator[None]) -> None:
        """The first part now, the others in the turns that follow."""
        self._parts_left = parts
        if self._one_part() and isinstance(self, QObject):
            turns().begin(self, self._all_parts())

    @property
    def is_whole(self) -> bool:
        """Whether everything is there."""
        return self._parts_left is None

    def whole(self) -> None:
        """Everything that is missing, now."""
        while self._parts_left is not None and not self._making_part:
            self._one_part()

    def when_whole(self, run: Callable[[], object]) -> None:
        """Do it when everything is there: at once if it is, else in a turn after the last part."""
        if self._parts_left is None and not self._parts_after:
            run()
        else:
            self._parts_after = (*self._parts_after, run)

    def late(self, find: Callable[[], Callable[[], object]]) -> Callable[[], object]:
        """What can be done with a part that may not be there yet: found when it is done."""

        def run() -> object:
            return find()()

        return find() if self.is_whole else run

    def in_turns(self, parts: Iterator[None]) -> None:
        """The first of these now, the others in the turns that follow; what was begun like this before is given up."""
        self._in_turns = parts
        if next(parts, self) is None and isinstance(self, QObject):
            turns().begin(self, self._while_wanted(parts))

    def _while_wanted(self, parts: Iterator[None]) -> Iterator[None]:
        while self._in_turns is parts and next(parts, self) is None:
            yield

    def _all_parts(self) -> Iterator[None]:
        while self._one_part():
            yield

    def _one_part(self) -> bool:
        """One part, or one thing that waited for all of them; whether there is more."""
        if self._parts_left is not None:
            self._making_part = True
            try:
                if next(self._parts_left, self) is self:  # a part ends with None
                    self._parts_left = None
            finally:
                self._making_part = False
        elif self._parts_after:
            first, *rest = self._parts_after
            self._parts_after = tuple(rest)
            first()
        return self._parts_left is not None or bool(self._parts_after)

    if not TYPE_CHECKING:  # so that a name that is nowhere is still found by the type checker

        def __getattr__(self, name: str) -> Any:
            if self._parts_left is not None and not self._making_part:
                self.whole()
                return getattr(self, name)
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)
