"""A face of a page: what it shows, asks and can do; the page builds it when somebody first turns to it."""

from typing import Any, ClassVar

from PySide6.QtWidgets import QWidget

from ui.shell.commands import Command
from ui.widgets.in_parts import InParts


class FacePane(InParts, QWidget):
    """Built from its page and nothing else; asks the store in `refresh`."""

    tables: ClassVar[frozenset[str]] = frozenset()
    """What it shows; empty where any commit may change it."""

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self.page = page

    def first_focus(self) -> QWidget | None:
        """Where the keyboard goes when the face is turned to."""
        return None

    def commands(self) -> tuple[Command, ...]:
        """What can be done here."""
        return ()

    def refresh(self) -> None:
        """Ask the store again."""

    def point_at(self, record_id: str, /) -> object:
        """After the next refresh the cursor goes to this record."""
