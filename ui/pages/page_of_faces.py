"""A page of several lists, one of which is shown; each is built, and asks the store, when it is first shown."""

from abc import abstractmethod
from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar, Generic, Self, TypeVar, overload

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.pages.list_pane import ListPane
from ui.pages.page import Page
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.widgets.drafted import Drafted
from ui.widgets.late_stack import LateStack
from ui.widgets.segments import Segments

P = TypeVar("P", bound=ListPane)


class Face(Generic[P]):
    """A list of a page, as an attribute of it; built when it is first asked for."""

    def __init__(self, kind: type[P]) -> None:
        self.kind = kind

    @overload
    def __get__(self, page: None, owner: Any) -> Self: ...
    @overload
    def __get__(self, page: "PageOfFaces", owner: Any) -> P: ...
    def __get__(self, page: "PageOfFaces | None", owner: Any) -> Self | P:
        return self if page is None else page.pane_of(self)


class PageOfFaces(Page):
    """A page names its lists as `Face`s and, in the same order, the words of their chips."""

    opens: ClassVar[Mapping[str, int]] = {}
    """Kind of `show_this` → face; any other kind is shown by the first."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._place = ""
        self._kinds = tuple(face for face in vars(type(self)).values() if isinstance(face, Face))
        self._stale = set(range(len(self._kinds)))
        self.faces = Segments(self.words(), self.tr("看哪一面"), self)
        self._stack = LateStack([partial(self._make, face.kind) for face in self._kinds], self)
        self._stack.turn(0)
        self.faces.chosen.connect(self._turn)
        head = QHBoxLayout()
        head.addWidget(self.faces)
        head.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)

    def _make(self, kind: type[ListPane]) -> ListPane:
        pane = kind(self)
        pane.build_verbs()
        for form in pane.findChildren(Drafted):
            form.place = f"{self._place}/{form.face}"
        return pane

    @abstractmethod
    def words(self) -> tuple[str, ...]:
        """What stands on the chips."""

    @property
    def pane(self) -> ListPane:
        """The face that is shown."""
        return self._stack.face(self._stack.currentIndex())

    @property
    def panes(self) -> tuple[ListPane, ...]:
        """All faces."""
        return self._stack.faces()

    def pane_of(self, face: Face[P]) -> P:
        """The list behind an attribute."""
        pane = self._stack.face(self._kinds.index(face))
        assert isinstance(pane, face.kind)  # noqa: S101 what `_make` made
        return pane

    def first_focus(self) -> QWidget:
        return self.pane.first_focus()

    def commands(self) -> tuple[Command, ...]:
        return (*self.faces.commands(self.title()), *self.pane.commands())

    def refresh(self, changed: frozenset[str], /) -> None:
        self._stale |= {at for at, face in enumerate(self._kinds) if not changed or changed & face.kind.tables}
        self._freshen()

    def show_this(self, what: object, /) -> None:
        """A kind of `opens`, perhaps with `:` and an identifier to point at."""
        kind, _, record_id = str(what).partition(":")
        at = self.opens.get(kind, 0)
        self._stack.face(at).point_at(record_id)
        self._stale.add(at)
        self.faces.choose(at)

    def placed(self, place: str) -> None:
        self._place = place
        super().placed(place)

    def go_on_with(self, draft: str) -> None:
        self._stack.faces()  # the form may stand on any of them
        super().go_on_with(draft)

    def _turn(self, at: int) -> None:
        self._stack.turn(at)
        self.install_commands()
        self._freshen()
        self.pane.first_focus().setFocus()

    def _freshen(self) -> None:
        at = self._stack.currentIndex()
        if at in self._stale:
            self._stale.discard(at)
            self.pane.refresh()
