"""Choose a community while typing: part of its name, or its area code; the server is asked, else the code is typed."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QWidget

from desktop_app.sync import directory, state, units
from sync_protocol.enrolment import UNIT_KINDS, Unit
from ui.shell.desk import Desk
from ui.shell.problems import Problem
from ui.widgets.inputs import LineEdit

_PAUSE_MS = 300
_MOST = 20
_SHORTEST = 2


class CommunityBox(LineEdit):
    """Says `picked(Unit)`, or `picked(None)` when typing goes on; `asked("" or why not)` when the server was asked."""

    picked = Signal(object)
    asked = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._found: list[Unit] = []
        self.unit: Unit | None = None
        self.setPlaceholderText(self.tr("社区名称，或 12 位区划代码"))
        self.setAccessibleName(self.tr("转到哪个社区"))
        self.setClearButtonEnabled(True)
        self._items = QStandardItemModel(self)
        self._completer = QCompleter(self._items, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(_MOST)
        self._completer.activated.connect(self._named)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.textEdited.connect(self._typed)
        self.entered.connect(self._take_first)

    def _typed(self, _text: str) -> None:
        if self.unit is not None:
            self.unit = None
            self.picked.emit(None)
        self._pause.start()

    def _ask(self) -> None:
        text, app = self.text().strip(), self._desk.app
        if len(text) < _SHORTEST:
            return
        here = state.read(app.db).scope
        near = [one for one in units.known(app.db) if one.kind == UNIT_KINDS[0] and _matches(one, text)]
        self.show_units(near)

        def show(found: Sequence[Unit]) -> None:
            if self.text().strip() == text and self.unit is None:
                self.show_units([one for one in found if one.id != here])
                self.asked.emit("" if found else self.tr("服务器上没有这个名称或代码的社区，请核对。"))

        self._desk.background.ask_server(
            lambda: directory.look_up(app.db, app.secrets, text), show, owner=self, failed=self._offline
        )

    def _offline(self, _problem: Problem) -> None:
        """Without the server a community is told by its code."""
        self.asked.emit(self.tr("现在查不了服务器上的社区名录，可以直接填 12 位区划代码。"))

    def show_units(self, found: Sequence[Unit]) -> None:
        """Offer these communities below the field."""
        self._found = list(found)
        self._items.clear()
        for unit in found:
            self._items.appendRow(QStandardItem(_words(unit)))
        if found and self.hasFocus():
            self._completer.setWidget(self)
            self._completer.complete()

    def _named(self, words: str) -> None:
        unit = next((unit for unit in self._found if _words(unit) == words), None)
        if unit is not None:
            self.take(unit)

    def _take_first(self) -> None:
        if self.unit is None and len(self._found) == 1:
            self.take(self._found[0])

    def take(self, unit: Unit) -> None:
        """Settle on one community."""
        self.unit = unit
        self.setText(unit.name)
        self._completer.popup().hide()
        self.picked.emit(unit)


def _words(unit: Unit) -> str:
    return f"{unit.name}　{unit.id}"


def _matches(unit: Unit, text: str) -> bool:
    return text in unit.name or str(unit.id).startswith(text)
