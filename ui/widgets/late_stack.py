"""Faces of which one is shown, each built when it is first wanted: a page opens in the time its first face takes."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtWidgets import QStackedWidget, QWidget

W = TypeVar("W", bound=QWidget)


class LateStack(QStackedWidget, Generic[W]):
    """A stack over makers of widgets; until one is made, an empty widget keeps its place."""

    def __init__(self, makers: Sequence[Callable[[], W]], parent: QWidget) -> None:
        super().__init__(parent)
        self._makers = tuple(makers)
        self._made: dict[int, W] = {}
        for _ in self._makers:
            self.addWidget(QWidget(self))

    def face(self, at: int) -> W:
        """The widget of that place, made now if nobody wanted it before."""
        if at not in self._made:
            made = self._made[at] = self._makers[at]()
            empty, shown = self.widget(at), self.currentIndex()
            self.insertWidget(at, made)
            self.removeWidget(empty)
            empty.deleteLater()
            self.setCurrentIndex(shown)
        return self._made[at]

    def make_one(self) -> bool:
        """One that nobody has wanted yet, while there is nothing else to do; whether there was one."""
        following = next((at for at in range(len(self._makers)) if at not in self._made), None)
        if following is not None:
            self.face(following)
        return following is not None

    def faces(self) -> tuple[W, ...]:
        """All of them, made now where need be."""
        return tuple(map(self.face, range(len(self._makers))))

    def turn(self, at: int) -> None:
        """Shows one."""
        self.setCurrentWidget(self.face(at))
