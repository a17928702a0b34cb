"""A page of results entered by keyboard alone: one letter a door, and the cursor is on the next.

What is entered is pending until the page saves it; nothing here asks the store.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.shell.desk import announce
from ui.shell.theme import Theme
from ui.widgets.line_table import LineTable
from ui.widgets.record_model import CENTRE, RIGHT, Column

_CLEARS = {Qt.Key.Key_Backspace, Qt.Key.Key_Delete}
_MODIFIERS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


@dataclass(frozen=True, slots=True)
class Door:
    """One door as it is entered: `stored` is what the store has, the others what stands here now."""

    id: str
    team: str
    address: str
    name: str
    tags: str
    result: str = ""
    goods: int = 0
    signed: bool = False
    note: str = ""
    stored: tuple[str, int, bool, str] = ("", 0, False, "")
    household_id: str = ""

    @property
    def pending(self) -> bool:
        """Whether it was changed here."""
        return (self.result, self.goods, self.signed, self.note) != self.stored


@dataclass(frozen=True, slots=True)
class Given:
    """What a door where somebody was met gets, unless it is entered otherwise."""

    goods: int = 0
    signed: bool = False


def knock_columns(page: QWidget) -> tuple[Column, ...]:
    """The columns of the table, in the words of a page."""
    tr = page.tr

    def tone(door: Door) -> str:
        return "accent_text" if door.pending else ""

    return (
        Column("mark", "", 28, lambda door: "●" if door.pending else "", align=CENTRE, tone=tone),
        Column("address", tr("住址"), 200, lambda door: door.address),
        Column("name", tr("户主"), 80, lambda door: door.name),
        Column("result", tr("结果"), 64, lambda door: door.result, tone=tone),
        Column("goods", tr("物品"), 50, lambda door: str(door.goods or ""), align=RIGHT, tone=tone),
        Column("signed", tr("签收"), 50, lambda door: "√" if door.signed else "", align=CENTRE, tone=tone),
        Column("team", tr("小组"), 80, lambda door: door.team),
        Column("tags", tr("关怀"), 110, lambda door: door.tags),
        Column("note", tr("备注"), 120, lambda door: door.note, tone=tone),
    )


class KnockTable(LineTable):
    """`keys`: letter or digit → result; + and − change the goods, S the signature, Backspace takes back."""

    entered = Signal()  # something changed
    note_asked = Signal(object)  # Door, by N

    def __init__(self, theme: Theme, name: str, parent: QWidget, keys: Mapping[str, str], met: frozenset[str]) -> None:
        super().__init__(knock_columns(parent), name, parent, stretch="address")
        self._keys, self._met = dict(keys), met
        self.given = Given()
        self.locked = False
        self.show_tones(theme)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)  # letters come straight

    # --------------------------------------------------------------------------------------------------------- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text().upper()
        if self.locked or event.modifiers() & _MODIFIERS or self.current is None or not self._enter(event, text):
            super().keyPressEvent(event)

    def _enter(self, event: QKeyEvent, text: str) -> bool:
        """Whether the key entered something."""
        door: Door = self.current
        if text in self._keys:
            self.enter(self._keys[text])
        elif text and text in "+＋=":
            self.put(replace(door, goods=door.goods + 1))
        elif text and text in "-－":
            self.put(replace(door, goods=max(0, door.goods - 1)))
        elif text == "S":
            self.put(replace(door, signed=not door.signed))
        elif text == "N":
            self.note_asked.emit(door)
        elif event.key() in _CLEARS:
            self._take_back(door)
        else:
            return False
        return True

    def enter(self, result: str) -> None:
        """The result of the door under the cursor; the cursor goes on to the next."""
        door: Door = self.current
        met = result in self._met
        goods = door.goods or self.given.goods if met else 0
        self.put(replace(door, result=result, goods=goods, signed=met and (door.signed or self.given.signed)))
        announce(self, f"{door.address} {result}")
        self._step(1)

    def _take_back(self, door: Door) -> None:
        """What was entered here is forgotten; on an untouched line the one before is gone to."""
        if door.pending:
            result, goods, signed, note = door.stored
            self.put(replace(door, result=result, goods=goods, signed=signed, note=note))
        else:
            self._step(-1)

    def _step(self, by: int) -> None:
        at = self.currentIndex().row() + by
        if 0 <= at < len(self.lines):
            self.point_at(at)
            self.scrollTo(self.records.index(at, self.records.home))

    def put(self, door: Door) -> None:
        """A door as it stands now."""
        at = next(at for at, line in enumerate(self.lines) if line.id == door.id)
        self.lines[at] = door
        self.records.refetch()
        self.entered.emit()

    def put_note(self, door_id: str, words: str) -> None:
        """What was noted of a door."""
        door = next((line for line in self.lines if line.id == door_id), None)
        if door is not None:
            self.put(replace(door, note=words))

    @property
    def pending(self) -> list[Door]:
        """Doors that were changed here, in the order of the list."""
        doors: list[Any] = self.lines
        return [door for door in doors if door.pending]
