"""What a page is. `ui/pages/home.py` is the model to follow.

A page is a QWidget in a tab, built from a `Desk` (`ui.shell.desk`) and nothing else:

1. `__init__(desk)` builds widgets only. It asks the store nothing; `refresh` does that, and is called once right after.
   Where that takes longer than half a frame it hands `build` a generator of parts (`ui.widgets.in_parts`): the first
   holds the frame and what `first_focus` names, `commands` names nothing that comes later; `refresh`, `show_this` and
   answers wait until the page is whole.
2. `tables` names the tables it shows. After a commit that touched one of them the window calls `refresh(changed)`, at
   once if the page is visible, else when it next is. `changed` is empty for the first call and for F5-like calls:
   show all anew.
3. Questions go through `self.read(work, done, key=…)`: `work` runs on the reader thread and may touch `desk.app.db`
   alone,
   `done` runs here with its result. Actions go through `self.write(work, done)`. Errors that nobody takes appear in
   the strip. Opening one record by id (5 ms) may be asked in place.
4. `commands()` lists what can be done here, with keys. Single letters work while no text field has the focus. The
   palette and the key list (Ctrl+/) show the same commands.
5. `first_focus()` is where the keyboard goes when the page is opened. `show_this(what)` points the page at something,
   e.g. a filter that another page asks for by `desk.open_page(key, what)`.
6. A page with unsaved work returns words from `unsaved()`, keeps them as a draft in `keep_typed()`, and never blocks
   closing. The same is called when the desk is locked. Forms (`ui.widgets.drafted`) do so without the page's help;
   `go_on_with(draft)` is called when somebody wants to go on with one of this page.
7. Words are Chinese in `self.tr("…")`; verbs on buttons; problems go to `self.desk.problem` or, in a form, to its
   field.

A record page also takes the identifier: `PersonPage(desk, person_id)`; the window gives every record its own tab.
"""

from collections.abc import Callable
from functools import partial
from typing import ClassVar, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from ui.shell.background import Errand, Fail
from ui.shell.commands import Command, Shortcuts
from ui.shell.desk import Desk
from ui.shell.parts import Verb
from ui.widgets.drafted import Drafted
from ui.widgets.in_parts import InParts
from ui.widgets.inputs import LineEdit, TextBox
from ui.widgets.late_stack import LateStack
from ui.widgets.segments import Segments

T = TypeVar("T")


class Page(InParts, QWidget):
    """The base of all pages; see the module's text for the protocol."""

    title_changed = Signal()
    tables: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.desk = desk
        self._place = ""
        self._shortcuts = Shortcuts(self)

    # ------------------------------------------------------------------------------------------- what a page overrides

    def title(self) -> str:
        """The words of the tab."""
        raise NotImplementedError

    def icon(self) -> str:
        """The name of a file in resources/icons."""
        return "file"

    def refresh(self, _changed: frozenset[str], /) -> None:
        """Ask the store again; `changed` empty means everything."""

    def commands(self) -> tuple[Command, ...]:
        """What can be done here."""
        return ()

    def first_focus(self) -> QWidget | None:
        """Where the keyboard goes first."""
        return None

    def show_this(self, what: object, /) -> None:
        """Point the page at something another page asks for."""

    def unsaved(self) -> str:
        """What would be lost on closing, in words; empty if nothing."""
        typed = next((form for form in self.findChildren(Drafted) if form.is_typed), None)
        return typed.caption if typed is not None else ""

    def keep_typed(self) -> None:
        """Keep what was typed as a draft: the desk is being locked, or the tab closed."""
        for form in self.findChildren(Drafted):
            form.keep_typed()

    def placed(self, place: str) -> None:
        """Called once by the window: what this page is called among drafts, `page` or `kind/identifier`."""
        self._place = place
        self.place_forms(self)
        if not self.is_whole:
            self.when_whole(partial(self.place_forms, self))

    def place_forms(self, within: QWidget) -> None:
        """What is typed into the forms of this part of the page is found again by where they stand."""
        for form in within.findChildren(Drafted):
            form.place = f"{self._place}/{form.face}" if form.face else self._place

    def go_on_with(self, draft: str, /) -> None:
        """Bring what was being written to the front: the face it stands on, and there the form itself."""
        self.whole()
        form = next((one for one in self.findChildren(Drafted) if draft.startswith(f"{one.place}#")), None)
        if form is None:
            return
        for stack in self.findChildren(QStackedWidget):
            faces = self.findChild(Segments)
            part = next((at for at in range(stack.count()) if stack.widget(at).isAncestorOf(form)), None)
            if faces is not None and part is not None and stack.parent() is self:
                faces.choose(part)
        form.resume_asked.emit(draft)

    def leaving(self) -> None:
        """The tab is being closed: end what belongs to it; what was typed is kept by then (`keep_typed`)."""

    def warm_up(self) -> bool:
        """Somebody looks at the page and does nothing: build one of the faces that are not there yet, if any is not."""
        return any(stack.make_one() for stack in self.findChildren(LateStack))

    # ---------------------------------------------------------------------------------------------------- what it uses

    def read(
        self, work: Callable[[], T], done: Callable[[T], None], *, key: str = "", failed: Fail | None = None
    ) -> Errand:
        """Ask off the window's thread; a newer question with the same key replaces an older one."""
        take = partial(self._take_answer, done)
        return self.desk.background.read(work, take, owner=self, key=key, failed=failed)

    def _take_answer(self, done: Callable[[T], None], answer: T) -> None:
        """What shows it may have to be built first."""
        self.when_whole(partial(done, answer))

    def write(
        self, work: Callable[[], T], done: Callable[[T], None] | None = None, *, failed: Fail | None = None
    ) -> Errand:
        """Run an action off the window's thread."""
        return self.desk.background.write(work, done, owner=self, failed=failed)

    def take_keys(self, widget: QWidget) -> None:
        """The keyboard goes to what has just come, unless somebody is typing or looks at another page."""
        now = QApplication.focusWidget()
        typing = isinstance(now, TextBox) or (isinstance(now, LineEdit) and (now.composing or bool(now.text())))
        if self.isVisible() and not typing:
            widget.setFocus()

    def install_commands(self) -> None:
        """Called by the window once, and by a page whose commands changed.

        A button that runs what a command runs is offered with it.
        """
        if not self.is_whole:
            self.when_whole(self._offer_verbs)
        commands = self._offer_verbs()
        self._shortcuts.install(one for one in commands if self.desk.may(one.right))

    def _offer_verbs(self) -> tuple[Command, ...]:
        commands = self.commands()
        needed = [(one.run, one.right) for one in commands if one.right]
        for verb in self.findChildren(Verb):
            right = next((right for run, right in needed if run == verb.run), "")
            if right:
                self.desk.offer(right, verb)
        return commands
