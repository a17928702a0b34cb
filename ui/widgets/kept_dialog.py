"""A form in a window of its own that is taken up again: over Esc, another page and a crash."""

import json
from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.shell.desk import Desk
from ui.widgets.dialog import FormDialog
from ui.widgets.record_form import RecordForm


class KeptDialog(FormDialog):
    """What is typed and not saved is a draft of this name; without a name nothing is kept.

    Subclasses put `form` in, say what stands in it (`typed`), put it back (`take_up`) and begin anew (`begin_anew`).
    """

    form: RecordForm

    def __init__(self, desk: Desk, draft: str, title: str, verb: str, parent: QWidget | None = None) -> None:
        super().__init__(title, verb, desk.theme, parent)
        self._desk, self._draft = desk, draft

    def typed(self) -> Mapping[str, Any]:
        """What would be lost; nothing in it where nothing was typed."""
        raise NotImplementedError

    def take_up(self, kept: Mapping[str, Any]) -> None:
        """Put back what `typed` said."""
        raise NotImplementedError

    def begin_anew(self) -> None:
        """Without what was typed."""
        raise NotImplementedError

    def go_on(self) -> None:
        """Called once, when the form is there: what was typed before stands in it, and what is typed now is kept."""
        if not self._draft:
            return
        self.leave.setText(self.tr("先关上"))
        self.form.draft.connect(lambda _draft: self.keep())
        self.saved.connect(lambda: self._desk.drafts.pop(self._draft, None))
        if kept := self._desk.drafts.get(self._draft):
            self.take_up(json.loads(kept))
            words = self.tr("接着上次没有保存的写。")
            self.strip.show_words(words, "", self.tr("重新写"), self._start_over)

    def keep(self) -> None:
        """As it stands now; nothing typed is no draft."""
        told = self.typed() if self._draft else {}
        if any(told.values()):
            self._desk.drafts[self._draft] = json.dumps(told, ensure_ascii=False)
        else:
            self._desk.drafts.pop(self._draft, None)

    def _start_over(self) -> None:
        self._desk.drafts.pop(self._draft, None)
        self.begin_anew()
        self.strip.hide()

    def reject(self) -> None:
        """Closed; what was typed is kept."""
        self.keep()
        super().reject()
