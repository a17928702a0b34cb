"""What was typed into a file of rules and not saved is kept over Esc, another page, a lock and a crash."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.shell.desk import Desk
from ui.widgets.drafted import Drafted

FORMS, TEXT = "forms", "text"
"""The two ways to change a file: by tables and forms, as it is written."""


class BookDrafts(Drafted):
    """Stands on the page of rules; the dialog that is open tells it what is typed."""

    def __init__(self, desk: Desk, face: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.face = face
        self._tell: Callable[[], Mapping[str, Any]] | None = None
        self._open = ("", "")
        self._caption = ""
        self.hide()

    def _key(self, way: str, name: str) -> str:
        return f"{self.place}#{way}@{name}"

    def begin(self, way: str, name: str, caption: str, tell: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
        """A dialog is open: `tell` says what stands in it, {} for nothing new.  Returns what was kept of it before."""
        self._open, self._caption, self._tell = (way, name), caption, tell
        kept = self._desk.drafts.get(self._key(way, name))
        found: Mapping[str, Any] = json.loads(kept) if kept else {}
        return found

    def end(self, *, saved: bool) -> None:
        """The dialog is closed; what was saved is no draft."""
        if not saved:
            self.keep_typed()
        elif self._tell is not None:
            self._desk.drafts.pop(self._key(*self._open), None)
        self._tell = None

    def forget(self) -> None:
        """Start over: what was kept for the dialog that is open is thrown away."""
        self._desk.drafts.pop(self._key(*self._open), None)

    def pending(self) -> tuple[str, str] | None:
        """Way and file of the latest draft, while no dialog is open."""
        mine = [key for key in self._desk.drafts if key.startswith(f"{self.place}#")]
        return self.told(mine[-1]) if mine and self._tell is None else None

    def told(self, draft: str) -> tuple[str, str]:
        """Way and file of a draft."""
        way, _, name = draft.removeprefix(f"{self.place}#").partition("@")
        return way, name

    @property
    def is_typed(self) -> bool:
        return self._tell is not None and bool(self._tell())

    @property
    def caption(self) -> str:
        return self._caption

    def keep_typed(self) -> None:
        if self._tell is None:
            return
        if body := self._tell():
            self._desk.drafts[self._key(*self._open)] = json.dumps(body, ensure_ascii=False)
        else:
            self.forget()
