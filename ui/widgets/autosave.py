"""Fields that save themselves: two seconds after the last key, and when the focus goes elsewhere.

Only what a person changed is handed on. What comes back from the store is shown in fields that nobody is typing in and
whose words are not on their way to the store just now.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from ui.widgets.inputs import ChoiceBox, Input, fill, text_of

IDLE_MS = 2000


@dataclass(frozen=True, slots=True)
class _Flight:
    """Changes on their way, and what was shown before."""

    changes: dict[str, str]
    before: dict[str, str]


class Autosave(QObject):
    """Watches fields by name; `save(changes)` is called with the fields that differ from what was last shown.

    Whoever saves calls `landed` when it is stored, or `crashed`: then the fields count as unsaved again.  With `steady`
    the time runs from the first key, not from the last: whoever types without a rest is saved all the same.
    """

    edited = Signal()

    def __init__(
        self, save: Callable[[dict[str, str]], object], parent: QWidget, *, idle_ms: int = IDLE_MS, steady: bool = False
    ) -> None:
        super().__init__(parent)
        self._steady = steady
        self._save = save
        self._fields: dict[str, Input] = {}
        self._shown: dict[str, str] = {}
        self._filling = self._held = False
        self._flights: deque[_Flight] = deque()
        self._idle = QTimer(self, singleShot=True, interval=idle_ms)
        self._idle.timeout.connect(self.flush)

    def watch(self, name: str, field: Input) -> None:
        """Take a field under care."""
        self._fields[name] = field
        if isinstance(field, ChoiceBox):
            field.activated.connect(lambda _at: self.flush())
        else:
            field.textChanged.connect(self._touched)
            field.left.connect(self.flush)

    def _touched(self) -> None:
        if not self._filling:
            if not (self._steady and self._idle.isActive()):
                self._idle.start()
            self.edited.emit()

    def show_values(self, values: Mapping[str, str | int | None]) -> None:
        """What the store says; a field with unsaved words, or with the cursor in it and other words, keeps them."""
        self._filling = True
        flying = {name for flight in self._flights for name in flight.changes}
        for name, field in self._fields.items():
            if name in flying:
                continue
            stored = "" if values.get(name) is None else str(values[name])
            dirty = text_of(field) != self._shown.get(name, "")
            self._shown[name] = stored
            if not dirty and text_of(field) != stored.strip():
                fill(field, stored)
        self._filling = False

    def value(self, name: str) -> str:
        return text_of(self._fields[name])

    def changes(self) -> dict[str, str]:
        """What differs from the store."""
        return {
            name: text_of(field)
            for name, field in self._fields.items()
            if text_of(field) != self._shown.get(name, "").strip()
        }

    @property
    def is_saving(self) -> bool:
        """Whether anything is on its way to the store."""
        return bool(self._flights)

    def hold(self) -> None:
        """What it is about is gone: read only, and nothing is handed on any more, until `set_locked` says otherwise."""
        self.set_locked(True)
        self._held = True

    def flush(self) -> None:
        """Hand on now what is unsaved."""
        self._idle.stop()
        changes = self.changes()
        if changes and not self._held:
            self._flights.append(_Flight(changes, {name: self._shown.get(name, "") for name in changes}))
            # counted as shown from here on, so that leaving the field does not send the same again
            self._shown.update(changes)
            self._save(changes)

    def landed(self) -> None:
        """The oldest changes under way are stored."""
        self._flights.popleft()

    def crashed(self) -> None:
        """The oldest changes under way were refused."""
        flight = self._flights.popleft()
        for name, words in flight.changes.items():
            if self._shown[name] == words:
                self._shown[name] = flight.before[name]

    def set_locked(self, locked: bool) -> None:
        """Read only, or open again."""
        self._held = False
        for field in self._fields.values():
            if isinstance(field, ChoiceBox):
                field.setEnabled(not locked)
            else:
                field.setReadOnly(locked)
