"""A small form beside the work, never a dialog: fields, one verb, 取消; faults at their field, doubts with a reason.

`begin` opens it with fields and an action; the action runs on the writer thread. If it doubts (NeedsReasonError), the
form asks for a reason and offers to save all the same. What is typed and not saved is kept as a draft of its place, its
title and its record, however the form is left, and stands there again when the same is asked once more.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.organisation.rules import NeedsReasonError
from desktop_app.residents.queries import Hit, hit_of
from ui.shell.desk import Desk
from ui.shell.doing import do
from ui.shell.parts import button, label, row
from ui.shell.problems import Problem
from ui.widgets.drafted import Drafted
from ui.widgets.inputs import LineEdit
from ui.widgets.person_box import PersonBox
from ui.widgets.record_form import Field, RecordForm
from ui.widgets.strip import Strip

ABOUT = "@"
"""Stands between the name of a draft and the record it is about."""


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

    def told(self, *texts: str) -> dict[str, Any]:
        """What was changed, as an action takes it: None where a field was emptied, but for `texts`."""
        return {name: value if name in texts else value or None for name, value in self.changes.items()}


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
    fresh: bool = False
    """Whether it makes a new record, and is about no line of the list it stands beside."""
    for_good: bool = False
    """Whether what is saved cannot be taken back by 撤销, which is not offered then."""


@dataclass(frozen=True, slots=True)
class _Begun:
    """How a form was opened; see `InlineForm.begin`."""

    about: str = ""
    kind: str = ""
    verb: str = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """A draft: its key, its name, the words of the command that began it, the record it is about."""

    key: str
    name: str
    verb: str
    about: str


class InlineForm(Drafted):
    """Esc puts it away, Ctrl+Return saves."""

    opened = Signal()
    closed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._ask: Ask | None = None
        self._draft_key, self._begun = "", _Begun()
        self.keeps = True
        """Whether what is typed becomes a draft; not where the question may be gone by tomorrow."""
        self.form = RecordForm((), self)
        self.title = label("", "section")
        self._words = label("", "muted", wrap=True)
        self.person = PersonBox(desk.app.db, desk.background, self)
        self.person.picked.connect(self._propose)
        self.person.left.connect(self.keep_typed)
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

    def begin(self, ask: Ask, *, about: str = "", kind: str = "", verb: str = "") -> None:
        """Open the form, in place of whatever it asked before; what was typed there and not saved comes back.

        `about` is the record it is about where neither place nor title say so, `kind` a name for the draft in place of
        the title, `verb` the words of the command that opened it.
        """
        self.keep_typed()
        self._ask, self._begun = ask, _Begun(about, kind, verb)
        self._draft_key = f"{self.place}#{kind or ask.title}{ABOUT + about if about else ''}"
        fresh = RecordForm(tuple(ask.fields), self, columns=ask.columns)
        self._body.replaceWidget(self.form, fresh)
        self.form.hide()
        self.form.deleteLater()
        self.form = fresh
        fresh.save_asked.connect(lambda _next: self.save())
        fresh.draft.connect(lambda _draft: self.keep_typed())
        fresh.settled.connect(lambda _name: self.keep_typed())
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
        self._order_tabs()
        self._take_up()
        self.show()
        self.opened.emit()
        QTimer.singleShot(0, self, self._focus_first)

    def _order_tabs(self) -> None:
        """Tab goes down the form as it is read: the fields are newer than the buttons below them."""
        inputs = [self.form.input(one.name) for one in self.form.fields]
        for one, other in pairwise([self.person, *inputs, self.reason, self.verb, self._cancel]):
            self.setTabOrder(one, other)

    def _focus_first(self) -> None:
        if self._ask is None or not self.isVisible():  # the desk may have been locked meanwhile
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

    # ---------------------------------------------------------------------------------------- drafts

    @property
    def is_typed(self) -> bool:
        return self._ask is not None and bool(self.form.changes() or (self._ask.person and self.person.text().strip()))

    @property
    def caption(self) -> str:
        return self.title.text()

    def keep_typed(self) -> None:
        if self._ask is None or not self.keeps:
            return
        if not self.is_typed:
            self.desk.drafts.pop(self._draft_key, None)
            return
        person = self.person.person if self._ask.person else None
        body = {
            "form": self.form.changes(),
            "person": person.id if person else "",
            "sought": self.person.text() if self._ask.person else "",
            "verb": self._begun.verb,
        }
        self.desk.drafts[self._draft_key] = json.dumps(body, ensure_ascii=False)

    def pending(self) -> Pending | None:
        """What was typed here last and not saved, while nothing is being asked."""
        mine = [key for key in self.desk.drafts if key.startswith(f"{self.place}#")]
        return self.pending_of(mine[-1]) if mine and not self.is_open else None

    def pending_of(self, key: str) -> Pending:
        """What a draft is called, by which command it was begun, and which record it is about."""
        name, _, about = key.removeprefix(f"{self.place}#").partition(ABOUT)
        return Pending(key, name, json.loads(self.desk.drafts[key]).get("verb", ""), about)

    def _take_up(self) -> None:
        """What was typed here and not saved stands here again."""
        draft = self.desk.drafts.get(self._draft_key)
        if not draft:
            return
        told = json.loads(draft)
        if hit := hit_of(self.desk.app.db, told["person"]) if told["person"] else None:
            self.person.take(hit)
        else:
            self.person.setText(told["sought"])
        self.form.take_draft(json.dumps(told["form"]))
        self.notice.show_words(self.tr("接着上次没有保存的写。"), "", self.tr("重新写"), self._start_over)

    def _start_over(self) -> None:
        ask, begun = self._ask, self._begun
        if ask is not None:
            self.desk.drafts.pop(self._draft_key, None)
            self._ask = None  # so that what stands here is not kept once more
            self.begin(ask, about=begun.about, kind=begun.kind, verb=begun.verb)

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
        ask, answer, key = self._ask, self.answer(), self._draft_key
        if not self.reason.isVisible():
            self.notice.hide()  # what was wrong the last time
            self.form.clear_faults()
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
            lambda result: self._saved(ask, key, result),
            lambda problem: self._failed(ask, problem),
            for_good=ask.for_good,
        )

    def _saved(self, ask: Ask, key: str, result: Any) -> None:
        here = ask is self._ask  # else another form was opened meanwhile
        if here:
            self.verb.setEnabled(True)
        if isinstance(result, NeedsReasonError):
            if here:
                self._doubt(result)
            return
        self.desk.drafts.pop(key, None)
        if here:
            self._put_away()
        if ask.done is not None:
            ask.done(result)

    def _doubt(self, doubt: NeedsReasonError) -> None:
        self.notice.show_words("；".join(doubt.doubts) + self.tr("。确实如此时，写明理由再保存。"), "warn", stays=True)
        self.reason.show()
        self.reason.setFocus()
        self.verb.setText(self.tr("仍要保存"))

    def _failed(self, ask: Ask, problem: Problem) -> None:
        if ask is not self._ask:
            self.desk.problem(problem)
            return
        self.verb.setEnabled(True)
        if not self.form.show_problem(problem):
            self.notice.show_problem(problem)
            if ask.person and problem.field == "person_id":
                self.person.setFocus()

    def only_to_copy(self, *, also: bool = False) -> str:
        """What it is about is gone: what was typed can no longer be saved.  The words for that, if anything was.

        `also`: something was typed beside the form.
        """
        if not (self.is_typed or also):
            return ""
        self.verb.setEnabled(False)
        return self.tr("您正在写的还在下面，可以复制；不能再保存。")

    def close_form(self) -> None:
        """Put the form away; what was typed is kept."""
        self.keep_typed()
        self._put_away()

    def _put_away(self) -> None:
        if self._ask is None:
            return
        self._ask = None
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ctrl = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            self.close_form()
        elif ctrl and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):  # from what is no field of `form`
            self.save()
        else:
            super().keyPressEvent(event)
