"""A field that understands a room as staff write it: `3-2-501`, `桂花苑3栋2单元501`."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop_app.places.queries import Place, find_rooms
from desktop_app.places.queries import place as place_of
from desktop_app.store.database import Database
from desktop_app.store.search_keys import route
from ui.shell.desk import Desk
from ui.shell.parts import label, row
from ui.widgets.inputs import ChoiceBox, LineEdit

_PAUSE_MS = 120
_MOST = 12


def places_for(db: Database, text: str) -> list[Place]:
    """Rooms that the words may mean. Runs on the reader thread."""
    parts = route(text).parts
    pattern = parts[0].room if len(parts) == 1 else None
    if pattern is None or not pattern.room:
        return []
    return find_rooms(db, pattern.building, pattern.unit, pattern.room, estate=pattern.estate, limit=_MOST)


class RoomPicker(QWidget):
    """`place` is the room meant, or None; where two estates have the same number, a list asks which."""

    picked = Signal(object)  # Place or None

    def __init__(self, desk: Desk, parent: QWidget | None = None, *, title: str = "") -> None:
        super().__init__(parent)
        self._desk = desk
        self.place: Place | None = None
        self._found: list[Place] = []
        self.input = LineEdit(self)
        self.input.setPlaceholderText(self.tr("如 3-2-501，或 桂花苑3栋2单元501"))
        name = QLabel(title or self.tr("房屋"))
        name.setBuddy(self.input)
        self.input.setAccessibleName(name.text())
        self.which = ChoiceBox([], self)
        self.which.setAccessibleName(self.tr("哪一间"))
        self.which.activated.connect(self._choose)
        self.which.hide()
        self.words = label("", "muted", wrap=True)
        self.words.hide()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.input.textChanged.connect(self._pause.start)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        line = row(name, self.input, self.which)
        line.setStretch(1, 1)
        layout.addLayout(line)
        layout.addWidget(self.words)

    def show_room(self, room_id: str) -> None:
        """Start with a room that is known."""
        found = place_of(self._desk.app.db, room_id)
        if found is not None:
            self.input.blockSignals(True)
            self.input.setText(found.full)
            self.input.blockSignals(False)
            self._show([found])

    def _ask(self) -> None:
        text, db = self.input.text().strip(), self._desk.app.db
        self._desk.background.read(lambda: places_for(db, text), self._show, owner=self, key="rooms")

    def _show(self, found: list[Place]) -> None:
        self._found = found
        self.which.setVisible(len(found) > 1)
        self.which.clear()
        self.which.addItem(self.tr("请选择"), "")
        for place in found:
            self.which.addItem(place.full, place.room_id)
        if not found:
            self._take(None, self.tr("没有这间房；请到“楼栋”里先建好") if self.input.text().strip() else "")
        elif len(found) == 1:
            self._take(found[0], found[0].full)
        else:
            # nobody is moved into the first of several by a Ctrl+S too many
            self._take(None, self.tr("有几处同号，请选是哪一间"))

    def _choose(self, at: int) -> None:
        if at > 0:
            self._take(self._found[at - 1], self._found[at - 1].full)
        else:
            self._take(None, self.tr("有几处同号，请选是哪一间"))

    def _take(self, place: Place | None, words: str) -> None:
        self.place = place
        self._dress("muted")
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.picked.emit(place)

    def complain(self, words: str) -> None:
        """Show what is wrong at the field."""
        self._dress("fault")
        self.words.setText(words)
        self.words.show()
        self.input.setFocus()

    def _dress(self, name: str) -> None:
        self.words.setObjectName(name)
        self.words.style().unpolish(self.words)
        self.words.style().polish(self.words)
