"""A form made from a list of fields:

Labels, errors at the field, Return = next field, drafts, and only what was changed.

`changes()` returns the fields that differ from what was shown, so that an action never saves a whole record that
somebody else corrected meanwhile.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.shell.parts import label
from ui.shell.problems import Problem
from ui.widgets.in_parts import InParts
from ui.widgets.inputs import ChoiceBox, DateEdit, Input, LineEdit, NumberEdit, TextBox, fill, text_of

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_DRAFT_MS = 2000
_MARGIN = 16


@dataclass(frozen=True, slots=True)
class Field:
    """One field. Kinds: text, number (ID, phone), date, choice, long."""

    name: str
    label: str
    kind: str = "text"
    choices: tuple[tuple[str, str], ...] = ()  # (code, words); for kind choice; a blank one is added unless it is there
    required: bool = False
    hint: str = ""
    wide: bool = False  # takes both columns


class RecordForm(InParts, QWidget):
    """Two columns of fields; with `by_turns` they come one after another, each with its value of `values`.

    Signals: `edited(name)` after a change, `settled(name)` on leaving, `draft(json)` when idle.
    """

    edited = Signal(str)
    settled = Signal(str)
    draft = Signal(str)
    save_asked = Signal(bool)  # True = save and go on to the next

    def __init__(
        self,
        fields: Sequence[Field],
        parent: QWidget | None = None,
        *,
        columns: int = 2,
        values: Mapping[str, str | None] | None = None,
        by_turns: bool = False,
    ) -> None:
        super().__init__(parent)
        self.fields = tuple(fields)
        self._columns = columns
        self._made: dict[str, Input] = {}
        self._faults: dict[str, QLabel] = {}
        self._shown = {field.name: (values or {}).get(field.name) or "" for field in self.fields}
        self._idle = QTimer(self, singleShot=True, interval=_DRAFT_MS)
        self._idle.timeout.connect(self._tell_draft)
        if by_turns:
            self.build(self._parts())
        else:
            for _ in self._parts():
                pass

    def _parts(self) -> Iterator[None]:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        line, side = 0, 0
        for field in self.fields:
            if field.wide and side:
                line, side = line + 1, 0
            self._place(grid, field, line, side)
            side += self._columns if field.wide else 1
            if side >= self._columns:
                line, side = line + 1, 0
            for at in range(self._columns):
                grid.setColumnStretch(at * 2 + 1, 1)
            yield
        self._inputs = self._made
        """All of them; asked for by name, one that is there already is in `_made`."""

    def _place(self, grid: QGridLayout, field: Field, line: int, side: int) -> None:
        title = QLabel(f"{field.label} *" if field.required else field.label)
        title.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        made = self._make(field)
        title.setBuddy(made)
        made.setAccessibleName(field.label)
        fault = label("", "fault", wrap=True)
        fault.hide()
        span = self._columns * 2 - 1 if field.wide else 1
        at = line * 2
        alignment = Qt.AlignmentFlag.AlignTop if field.kind == "long" else Qt.AlignmentFlag(0)
        grid.addWidget(title, at, side * 2, alignment)
        grid.addWidget(made, at, side * 2 + 1, 1, span)
        grid.addWidget(fault, at + 1, side * 2 + 1, 1, span)
        if self._made:  # it may come after the buttons below the form: Tab goes on with it all the same
            self.setTabOrder(next(reversed(self._made.values())), made)
        self._made[field.name], self._faults[field.name] = made, fault

    def _make(self, field: Field) -> Input:
        made: Input
        if field.kind == "choice":
            blank = [] if "" in dict(field.choices) else [("", "")]  # unless the list says itself what nothing means
            made = ChoiceBox([*blank, *field.choices], self)
            fill(made, self._shown[field.name])
            made.currentIndexChanged.connect(lambda _at: self._changed(field.name))
            made.activated.connect(lambda _at: self.settled.emit(field.name))
            made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            made.take_any_width()
        elif field.kind == "long":
            made = TextBox(self)
            fill(made, self._shown[field.name])
            made.textChanged.connect(lambda: self._changed(field.name))
            made.left.connect(lambda: self.settled.emit(field.name))
            made.setPlaceholderText(field.hint)
        else:
            made = {"number": NumberEdit, "date": DateEdit}.get(field.kind, LineEdit)(self)
            fill(made, self._shown[field.name])
            made.textChanged.connect(lambda _text: self._changed(field.name))
            made.left.connect(lambda: self.settled.emit(field.name))
            made.entered.connect(lambda: self._next_field(field.name))
            if field.hint:
                made.setPlaceholderText(field.hint)
        made.installEventFilter(self)
        return made

    # ----------------------------------------------------------------------------------------------------------- values

    def show_values(self, values: Mapping[str, str | None]) -> None:
        """Fill the form; what is shown now is what `changes` compares with."""
        self._shown = {field.name: values.get(field.name) or "" for field in self.fields}
        for name, value in self._shown.items():
            self._write(name, value)
        self.clear_faults()
        self._idle.stop()

    def suggest(self, name: str, value: str) -> bool:
        """Fill a field that is still empty; what a person typed is never overwritten. True if it was filled."""
        if self.value(name) or not value:
            return False
        self._write(name, value)
        return True

    def _write(self, name: str, value: str) -> None:
        fill(self._inputs[name], value)

    def value(self, name: str) -> str:
        return text_of(self._inputs[name])

    def values(self) -> dict[str, str]:
        """Everything as it stands."""
        return {field.name: self.value(field.name) for field in self.fields}

    def changes(self) -> dict[str, str]:
        """What the person changed, and nothing else."""
        return {name: value for name, value in self.values().items() if value != self._shown.get(name, "")}

    def input(self, name: str) -> QWidget:
        return self._made[name] if name in self._made else self._inputs[name]

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """The fields in the order in which Tab goes through them."""
        return tuple(self._inputs.values())

    # ----------------------------------------------------------------------------------------------------------- faults

    def show_fault(self, name: str, words: str, *, focus: bool = False) -> bool:
        """Words beside a field; False if the form has no such field."""
        if name not in self._inputs:
            return False
        self._faults[name].setText(words)
        self._faults[name].setVisible(bool(words))
        made = self._inputs[name]
        made.setProperty("fault", "true" if words else "false")
        made.setAccessibleDescription(words)
        made.style().unpolish(made)
        made.style().polish(made)
        if focus:
            made.setFocus()
        return True

    def show_problem(self, problem: Problem) -> bool:
        """At its field if it names one of ours; False means the page has to show it."""
        return problem.field is not None and self.show_fault(problem.field, str(problem), focus=True)

    def fault(self, name: str) -> str:
        return self._faults[name].text()

    def clear_faults(self) -> None:
        for name, shown in self._faults.items():
            if shown.text():
                self.show_fault(name, "")

    def missing(self) -> list[str]:
        """Labels of required fields that are empty, each marked."""
        empty = [field for field in self.fields if field.required and not self.value(field.name)]
        for at, field in enumerate(empty):
            self.show_fault(field.name, self.tr("这一项要填写"), focus=at == 0)
        return [field.label for field in empty]

    # ----------------------------------------------------------------------------------------------------- keys, drafts

    def _changed(self, name: str) -> None:
        if self._faults[name].text():
            self.show_fault(name, "")
        self._idle.start()
        self.edited.emit(name)

    def _tell_draft(self) -> None:
        if changed := self.changes():
            self.draft.emit(json.dumps(changed, ensure_ascii=False))

    def tell_draft_now(self) -> None:
        """On leaving the page or closing the window."""
        self._idle.stop()
        self._tell_draft()

    def take_draft(self, text: str) -> None:
        """Put a draft back: over what is shown, so that it counts as changed."""
        for name, value in json.loads(text).items():
            if name in self._inputs:
                self._write(name, value)

    def _next_field(self, name: str) -> None:
        names = list(self._inputs)
        at = names.index(name) + 1
        if at < len(names):
            self._inputs[names[at]].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.save_asked.emit(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            composing = isinstance(watched, LineEdit) and watched.composing
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if control and event.key() in _ENTER and not composing:
                self.save_asked.emit(True)
                return True
            if isinstance(watched, ChoiceBox) and event.key() in _ENTER:
                self._next_field(next(name for name, made in self._inputs.items() if made is watched))
                return True
        return super().eventFilter(watched, event)


class FollowingArea(QScrollArea):
    """Scrolls to the field the keyboard goes to, whether Tab, Return or the program sent it there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def _follow(self, _old: QWidget | None, now: QWidget | None) -> None:
        clicked = QApplication.mouseButtons() != Qt.MouseButton.NoButton  # what is pressed must not move away
        if now is not None and not clicked and self.isAncestorOf(now):
            QTimer.singleShot(0, self, self._show_focus)  # what was shown just now has its place then

    def _show_focus(self) -> None:
        now = QApplication.focusWidget()
        if now is not None and self.isAncestorOf(now) and now.height() <= self.viewport().height():
            self.ensureWidgetVisible(now, 0, _MARGIN)


def scrolled(content: QWidget, *, fill: bool = False) -> QScrollArea:
    """Content that scrolls when the window is small, without a frame; with `fill` it takes all the height there is."""
    content.setObjectName("scrolled")
    area = FollowingArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    holder = QWidget()
    holder.setObjectName("scrolled")
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 4, 0)
    layout.addWidget(content, 1 if fill else 0)
    if not fill:
        layout.addStretch(1)
    area.setWidget(holder)
    return area
