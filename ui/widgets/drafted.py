"""What can be typed into and left: it keeps what stands in it as a draft, and its page finds it by its place."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget


class Drafted(QWidget):
    """A form of a page; this file is read before the window is there, so it knows of no store."""

    resume_asked = Signal(str)
    """Somebody wants to go on with this draft of ours; whoever can open its form again does so."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place = ""
        """Whose form it is: `page/face` or `kind/identifier`; drafts are found again by it."""
        self.face = ""
        """The name of the list it stands beside, where a page has several."""

    @property
    def is_typed(self) -> bool:
        """Whether there is something that would be lost."""
        raise NotImplementedError

    @property
    def caption(self) -> str:
        """What it asks, in words."""
        raise NotImplementedError

    def keep_typed(self) -> None:
        """Keep it as a draft; nothing typed is no draft."""
        raise NotImplementedError
