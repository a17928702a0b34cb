"""Choose a resident while typing: a name, initials, the last four of a number, a room."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QWidget

from desktop_app.residents.queries import Hit, find
from desktop_app.store.database import Database
from ui.shell.background import Background
from ui.shell.problems import Problem
from ui.widgets.inputs import LineEdit

_PAUSE_MS = 80
_MOST = 12


class PersonBox(LineEdit):
    """Says `picked(Hit)`; typing on after that says `picked(None)`: a name alone is no resident."""

    picked = Signal(object)

    def __init__(self, db: Database, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._db, self._background = db, background
        self._hits: list[Hit] = []
        self.person: Hit | None = None
        self.setPlaceholderText(self.tr("从居民里找：姓名、首字母、后四位、3-2-501"))
        self.setAccessibleName(self.tr("从居民里找"))
        self.setClearButtonEnabled(True)
        self._items = QStandardItemModel(self)
        completer = QCompleter(self._items, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(_MOST)
        completer.activated.connect(self._named)
        self._completer = completer
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.textEdited.connect(self._typed)
        self.entered.connect(self._take_first)

    def _typed(self, _text: str) -> None:
        if self.person is not None:
            self.person = None
            self.picked.emit(None)
        self._pause.start()

    def _ask(self) -> None:
        text = self.text().strip()
        if text:
            self._background.read(
                lambda: find(self._db, text)[:_MOST], self.show_hits, owner=self, key="person", failed=_quietly
            )

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """Offer these people below the field."""
        self._hits = list(hits)
        self._items.clear()
        for hit in hits:
            self._items.appendRow(QStandardItem(self._words(hit)))
        if hits and self.hasFocus():
            self._completer.setWidget(self)
            self._completer.complete()

    def _words(self, hit: Hit) -> str:
        where = f"{hit.estate or ''}{hit.address}"
        tail = self.tr("尾号{tail}").format(tail=hit.id_tail) if hit.id_tail else ""
        return "　".join(part for part in (hit.name, hit.sex or "", hit.birth or "", where, tail) if part)

    def _named(self, words: str) -> None:
        hit = next((hit for hit in self._hits if self._words(hit) == words), None)
        if hit is not None:
            self.take(hit)

    def _take_first(self) -> None:
        if self.person is None and self._hits:
            self.take(self._hits[0])

    def take(self, hit: Hit) -> None:
        """Settle on one person."""
        self.person = hit
        self.setText(hit.name)
        self._completer.popup().hide()
        self.picked.emit(hit)

    def forget(self) -> None:
        """Empty again."""
        self.person = None
        self._hits = []
        self.clear()


def _quietly(_problem: Problem) -> None:
    """A search that was interrupted by the next key."""
