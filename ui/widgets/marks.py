"""A narrow column that marks some rows with an icon: drawn, told as a tool tip, and read out by a screen reader.

The marks of a page of rows are asked for together, when the first of them is drawn: never for rows nobody looks at, and
never on the window's thread.  Until they are there the rows stand without.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtGui import QIcon


@dataclass(frozen=True, slots=True)
class Mark:
    """An icon, the same on a selected row, the word it stands for, and why in a sentence."""

    icon: QIcon
    selected: QIcon
    words: str
    why: str = ""

    @property
    def told(self) -> str:
        """For the tool tip and the screen reader."""
        return f"{self.words}：{self.why}" if self.why else self.words


class Marks(Protocol):
    """What a table asks: the marks of these rows (None where there is none), in their order, handed over later."""

    def ask(self, rows: Sequence[Any], deliver: Callable[[Sequence[Mark | None]], None]) -> None: ...
    def forgotten(self, listener: Callable[[], None]) -> None: ...
