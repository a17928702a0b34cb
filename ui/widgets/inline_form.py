"""A small form beside the work, never a dialog: fields, one verb, 取消; faults at their field, doubts with a reason.

`begin` opens it with fields and an action; the action runs on the writer thread. If it doubts (NeedsReasonError), the
form asks for a reason and offers to save all the same.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.organisation.rules import NeedsReasonError
from desktop_app.residents.queries import Hit
from ui.shell.desk import Desk
from ui.shell.doing import do
from ui.shell.parts import button, label, row
from ui.shell.problems import Problem
from ui.widgets.inputs import LineEdit
from ui.widgets.person_box import PersonBox
from ui.widgets.record_form import Field, RecordForm
from ui.widgets.strip import Strip


@dataclass(frozen=True, slots=True)
class Answer:
    """What was filled in: every field, those that were changed, the resident that was chosen, the reason given."""

    values: dict[str, str]
    changes: dict[str, str]
    person_id: str | None = None
    reason: str = ""

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def get(self, name: str) -> str | None:
        """The value of a field, None where it is empty."""
        return self.values.get(name) or None


@dataclass(frozen=True, slots=True)
class Ask:
    """What a form asks: `work(answer)` is the action, `said(result)` the words for the status bar."""

    title: str
    verb: str
    fields: Sequence[Field]
    work: Callable[[Answer], Any]
    said: Callable[[Any], str]
    done: Callable[[Any], object] | None = None
    values: Mapping[str, str | None] = field(default_factory=dict)
    words: str = ""
    tone: str = "primary"
    person: bool = False
    """Whether a resident may be chosen; name and phone are then proposed in fields of these names."""
    columns: int = 1


class InlineForm(QWidget):
    """Esc cancels, Ctrl+Return saves."""

    opened = Signal()
    closed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._ask: Ask | None = None
        self.form = RecordForm((), self)
        self.title = label("", "section")
        self._words = label("", "muted", wrap=True)
        self.person = PersonBox(desk.app.db, desk.background, self)
        self.person.picked.connect(self._propose)
        self.notice = Strip(desk.theme, self)
        self.reason = LineEdit(self)
        self.reason.setPlaceholderText(self.tr("理由，例如：已核对党员档案"))
        self.reason.setAccessibleName(self.tr("仍要保存的理由"))
        self.reason.entered.connect(self.save)
        self.verb = button("", self.save, tone="primary")
        self._cancel = button(self.tr("取消"), self.close_form)
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(8)
        for part in (self.title, self._words, self.person, self.form, self.notice, self.reason):
            self._body.addWidget(part)
        self._body.addLayout(row(self.verb, self._cancel, 1))
        self._body.addStretch(1)
        self.hide()

    @property
    def is_open(self) -> bool:
        return self._ask is not None

    def begin(self, ask: Ask) -> None:
        """Open the form, in place of whatever it asked before."""
        self._ask = ask
        fresh = RecordForm(tuple(ask.fields), self, columns=ask.columns)
        self._body.replaceWidget(self.form, fresh)
        self.form.hide()
        self.form.deleteLater()
        self.form = fresh
        fresh.save_asked.connect(lambda _next: self.save())
        fresh.show_values(ask.values)
        fresh.show()
        self.title.setText(ask.title)
        self._words.setText(ask.words)
        self._words.setVisible(bool(ask.words))
        self.person.forget()
        self.person.setVisible(ask.person)
        self.verb.setProperty("tone", ask.tone)
        self.verb.style().unpolish(self.verb)
        self.verb.style().polish(self.verb)
        self._calm()
        self.show()
        self.opened.emit()
        QTimer.singleShot(0, self, self._focus_first)

    def _focus_first(self) -> None:
        if self._ask is None:
            return
        first = (
            self.person
            if self._ask.person
            else (self.form.input(self._ask.fields[0].name) if self._ask.fields else self.verb)
        )
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _calm(self) -> None:
        """No doubts, no faults."""
        self.notice.hide()
        self.reason.hide()
        self.reason.clear()
        self.verb.setEnabled(True)
        self.verb.setText(self._ask.verb if self._ask else "")
        self.form.clear_faults()

    def _propose(self, hit: Hit | None) -> None:
        names = {one.name for one in self._ask.fields} if self._ask else set()
        if hit is not None and "name" in names:
            self.form.suggest("name", hit.name)
        if hit is not None and self._ask and self._ask.fields:
            self.form.input(self._ask.fields[0].name).setFocus()

    # ------------------------------------------------------------------------------------------ save

    def answer(self) -> Answer:
        """As it stands."""
        person = self.person.person
        return Answer(
            self.form.values(), self.form.changes(), person.id if person else None, self.reason.text().strip()
        )

    def save(self) -> None:
        """Run the action, unless something required is empty."""
        if self._ask is None or self.form.missing() or not self.verb.isEnabled():
            return
        ask, answer = self._ask, self.answer()
        if self.reason.isVisible() and not answer.reason:
            self.reason.setFocus()
            return

        def work() -> Any:
            try:
                return ask.work(answer)
            except NeedsReasonError as doubt:
                return doubt

        self.verb.setEnabled(False)
        do(
            self.desk,
            self,
            work,
            lambda result: "" if isinstance(result, NeedsReasonError) else ask.said(result),
            self._saved,
            self._failed,
        )

    def _saved(self, result: Any) -> None:
        self.verb.setEnabled(True)
        if isinstance(result, NeedsReasonError):
            self._doubt(result)
            return
        ask = self._ask
        self.close_form()
        if ask is not None and ask.done is not None:
            ask.done(result)

    def _doubt(self, doubt: NeedsReasonError) -> None:
        self.notice.show_words("；".join(doubt.doubts) + self.tr("。确实如此时，写明理由再保存。"), "warn", stays=True)
        self.reason.show()
        self.reason.setFocus()
        self.verb.setText(self.tr("仍要保存"))

    def _failed(self, problem: Problem) -> None:
        self.verb.setEnabled(True)
        if not self.form.show_problem(problem):
            self.notice.show_problem(problem)

    def close_form(self) -> None:
        """Put the form away; what was typed is gone."""
        if self._ask is None:
            return
        self._ask = None
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_form()
        else:
            super().keyPressEvent(event)
