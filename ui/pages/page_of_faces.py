"""A page of several faces, one of which is shown; each is built, and asks the store, when it is first turned to."""

from abc import abstractmethod
from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar, Generic, Self, TypeVar, overload

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.pages.face_pane import FacePane
from ui.pages.page import Page
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.widgets.late_stack import LateStack
from ui.widgets.segments import Segments

P = TypeVar("P", bound=FacePane)


class Face(Generic[P]):
    """A face of a page, as an attribute of it; built when it is first asked for."""

    def __init__(self, kind: type[P]) -> None:
        self.kind = kind

    @overload
    def __get__(self, page: None, owner: Any) -> Self: ...
    @overload
    def __get__(self, page: "PageOfFaces", owner: Any) -> P: ...
    def __get__(self, page: "PageOfFaces | None", owner: Any) -> Self | P:
        return self if page is None else page.pane_of(self)


class PageOfFaces(Page):
    """A page names what it shows as `Face`s and, in the same order, the words of their chips."""

    opens: ClassVar[Mapping[str, int]] = {}
    """Kind of `show_this` → face; any other kind is shown by the first."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._kinds = tuple(face for face in vars(type(self)).values() if isinstance(face, Face))
        self._stale = set(range(len(self._kinds)))
        self.faces = Segments(self.words(), self.tr("看哪一面"), self)
        self._stack = LateStack([partial(self._make, face.kind) for face in self._kinds], self)
        self._stack.turn(0)
        self.faces.chosen.connect(self._turn)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.faces)
        self.fill_head(head)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)

    def _make(self, kind: type[FacePane]) -> FacePane:
        pane = kind(self)
        pane.when_whole(partial(self.place_forms, pane))
        return pane

    def fill_head(self, head: QHBoxLayout) -> None:
        """What stands beside the chips."""
        head.addStretch(1)

    @abstractmethod
    def words(self) -> tuple[str, ...]:
        """What stands on the chips."""

    @property
    def pane(self) -> FacePane:
        """The face that is shown."""
        return self._stack.face(self._stack.currentIndex())

    @property
    def panes(self) -> tuple[FacePane, ...]:
        """All faces."""
        return self._stack.faces()

    def pane_of(self, face: Face[P]) -> P:
        """What stands behind an attribute."""
        pane = self._stack.face(self._kinds.index(face))
        assert isinstance(pane, face.kind)  # noqa: S101 what `_make` made
        return pane

    def first_focus(self) -> QWidget | None:
        return self.pane.first_focus()

    def commands(self) -> tuple[Command, ...]:
        return (*self.faces.commands(self.title()), *self.pane.commands())

    def refresh(self, changed: frozenset[str], /) -> None:
        touched = (not changed or not face.kind.tables or changed & face.kind.tables for face in self._kinds)
        self._stale |= {at for at, one in enumerate(touched) if one}
        self._freshen()

    def show_this(self, what: object, /) -> None:
        """A kind of `opens`, perhaps with `:` and an identifier to point at."""
        kind, _, record_id = str(what).partition(":")
        at = self.opens.get(kind, 0)
        self._stack.face(at).point_at(record_id)
        self._stale.add(at)
        self.faces.choose(at)

    def go_on_with(self, draft: str) -> None:
        for pane in self._stack.faces():  # the form may stand on any of them
            pane.whole()
        super().go_on_with(draft)

    def _turn(self, at: int) -> None:
        self._stack.turn(at)
        self.install_commands()
        self._freshen()
        focus = self.first_focus()
        if focus is not None:
            focus.setFocus()

    def _freshen(self) -> None:
        at = self._stack.currentIndex()
        if at in self._stale:
            self._stale.discard(at)
            self.pane.refresh()
