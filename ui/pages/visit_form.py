"""A visit in one form, the same from a resident, a home, a room, the chart and the list of those who are due.

Who, when and how are filled in; what is typed is kept as a draft; what was raised at the door is taken in with it.
A visit that was kept before stands in it as it was written, to be put right: only what was changed is saved.
"""

import json
from collections.abc import Iterator
from typing import Any, ClassVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.appeals import intake
from desktop_app.appeals.visiting import VisitKept, record_visit
from desktop_app.residents.queries import Hit
from desktop_app.visits import actions
from desktop_app.visits.model import Visit
from ui.pages.page import Page
from ui.pages.whose import Whose, whose
from ui.pages.wording import choices
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.doing import do
from ui.shell.parts import button, label, row
from ui.shell.problems import Problem
from ui.widgets.in_parts import InParts
from ui.widgets.inputs import tidy_date
from ui.widgets.person_box import PersonBox
from ui.widgets.raised_rows import Raised, RaisedRows
from ui.widgets.record_form import Field, RecordForm, scrolled
from ui.widgets.strip import Strip

_USUAL, _CHANNEL, _WIDEST = "其他", "巡诊", 760
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TEXTS = ("purpose", "findings", "opinions", "goods")
_DATES = ("on", "next_due_on")
_EMPTIED = (*_TEXTS, "next_due_on")
"""What is kept as nothing where nothing is written."""


class VisitForm(InParts, QWidget):
    """`begin` says whose; `kept` after it is on disk, `closed` when it is put away either way."""

    opened = Signal()
    closed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None, *, columns: int = 1) -> None:
        super().__init__(parent)
        self.desk = desk
        self.about = Whose()
        self.is_open = False
        self._columns = columns
        self.build(self._parts())

    def _parts(self) -> Iterator[None]:
        """Whom and what was found can be typed at once; the other fields follow."""
        desk = self.desk
        self.title, self._address = label("", "section"), label("", "muted", wrap=True)
        self.person = PersonBox(desk.app.db, desk.background, self)
        self.notice = Strip(desk.theme, self)
        self.form = RecordForm(self._fields(), self, columns=self._columns, values=self._beginning(), by_turns=True)
        self._content = QWidget(self)
        self._idle = QTimer(self, singleShot=True, interval=2000)
        self._idle.timeout.connect(self.keep_typed)
        self.person.picked.connect(self._picked)
        self.form.edited.connect(lambda _name: self._idle.start())
        self.form.save_asked.connect(self._save_asked)
        self._arrange()
        yield
        self.raised = RaisedRows(choices(desk, "appeal_classes"), _USUAL, self)
        self.verb = button(self.tr("保存走访　Ctrl+Enter"), self.save, tone="primary")
        self._cancel = button(self.tr("取消"), self.close_form)
        self.raised.edited.connect(self._idle.start)
        self.raised.left_by_return.connect(self.verb.setFocus)
        self._heading = label(self.tr("提出的诉求（保存时一起登记、受理）"), "muted")
        for part in (self._heading, self.raised):
            self._below.addWidget(part)
        self._verbs.addWidget(self.verb)
        self._verbs.addWidget(self._cancel)
        self._verbs.addStretch(1)

    def _arrange(self) -> None:
        self._below = inner = QVBoxLayout(self._content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        for part in (self._address, self.person, self.notice, self.form):
            inner.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.title)
        layout.addWidget(scrolled(self._content), 1)
        self._verbs = row()
        layout.addLayout(self._verbs)

    def _beginning(self) -> dict[str, str | None]:
        if visit := self.about.visit:
            return {field.name: (getattr(visit, field.name) or "").strip() for field in self._fields()}
        app = self.desk.app
        return {"on": app.clock.today().isoformat(), "mode": "入户", "result": "见面", "workers": app.actor.name}

    def _fields(self) -> tuple[Field, ...]:
        return (
            Field("findings", self.tr("情况"), "long", wide=True),
            Field("opinions", self.tr("意见（一行一条）"), "long", wide=True),
            Field("purpose", self.tr("事由")),
            Field("result", self.tr("结果"), "choice", choices(self.desk, "visit_results"), required=True),
            Field("mode", self.tr("方式"), "choice", choices(self.desk, "visit_modes"), required=True),
            Field("on", self.tr("日期"), "date", required=True),
            Field("workers", self.tr("走访人"), hint=self.tr("几个人用、隔开")),
            Field("goods", self.tr("发放物品")),
            Field("next_due_on", self.tr("下次走访"), "date", hint=self.tr("空着按间隔算")),
        )

    # -------------------------------------------------------------------------------------------------------- begin

    def begin(self, about: Whose) -> None:
        """A visit to somebody, or one that was made, to be put right; what was typed and not saved comes back."""
        if self.is_open:
            self.keep_typed()
        self.about, self.is_open = about, True
        self.title.setText(self._title())
        self._address.setText(about.address)
        self._address.setVisible(bool(about.address))
        self.person.forget()
        self.person.setVisible(not (about.is_known or about.corrects))
        self.notice.hide()
        if about.corrects:
            self.whole()
        if self.is_whole:
            self._empty()
        if draft := self.desk.drafts.get(self._draft_key):
            self._take_up(draft)
        if about.corrects and about.visit is None:
            self._tell_gone()
        self.show()
        self.opened.emit()
        QTimer.singleShot(0, self, self._focus_first)

    def _title(self) -> str:
        name, visit = self.about.name, self.about.visit
        if self.about.corrects:
            on = visit.on if visit is not None else ""
            return self.tr("修改 {on} 走访 {name}").format(on=on, name=name).strip()
        return self.tr("走访 {name}").format(name=name) if name else self.tr("登记走访")

    def _empty(self) -> None:
        """As a form is that has just been built."""
        self.verb.setEnabled(True)
        corrects = self.about.corrects
        self.verb.setText(self.tr("保存修改　Ctrl+Enter") if corrects else self.tr("保存走访　Ctrl+Enter"))
        for part in (self._heading, self.raised):
            part.setVisible(not corrects)
        self.form.show_values(self._beginning())
        self.raised.show_raised(())
        self._idle.stop()

    def _tell_gone(self) -> None:
        """It was withdrawn; what was typed can still be copied."""
        words = self.tr("这次走访已经撤销了，不能再改；您写的还在下面，可以复制。")
        self.notice.show_words(words, "warn", stays=True)
        self.verb.setEnabled(False)

    def _focus_first(self) -> None:
        if self.is_open and self.isVisible():  # the desk may have been locked meanwhile
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def first_focus(self) -> QWidget:
        about = self.about
        return self.form.input("findings") if about.is_known or about.corrects else self.person

    def _picked(self, hit: Hit | None) -> None:
        if hit is not None:
            self._address.setText(f"{hit.estate or ''}{hit.address}")
            self._address.show()
            self.form.input("findings").setFocus()

    # ------------------------------------------------------------------------------------------------------- drafts

    @property
    def _draft_key(self) -> str:
        return f"visit-form/{self.about.key}"

    @property
    def is_typed(self) -> bool:
        """Whether there is something that would be lost."""
        return self.is_open and bool(self.form.changes() or self.raised.raised)

    def keep_typed(self) -> None:
        """Keep it as a draft."""
        self._idle.stop()
        if self.is_typed and self.verb.isEnabled():
            raised = [(one.title, one.klass) for one in self.raised.raised]
            self.desk.drafts[self._draft_key] = json.dumps(
                {"form": self.form.changes(), "raised": raised}, ensure_ascii=False
            )

    def _take_up(self, draft: str) -> None:
        told = json.loads(draft)
        self.form.take_draft(json.dumps(told["form"]))
        self.raised.show_raised([Raised(*one) for one in told["raised"]])
        self.notice.show_words(self.tr("接着上次没有保存的写。"), "", self.tr("重新写"), self._start_over)

    def _start_over(self) -> None:
        self.is_open = False  # so that what stands here is not kept once more
        self.desk.drafts.pop(self._draft_key, None)
        self.begin(self.about)

    # --------------------------------------------------------------------------------------------------------- save

    def _save_asked(self, at_once: bool) -> None:
        """Ctrl+Return saves; Return in the last field goes on to what was raised, or to the verb."""
        if at_once:
            self.save()
        elif self.about.corrects:
            self.verb.setFocus()
        else:
            self.raised.lines[-1][0].setFocus()

    def save(self) -> None:
        """Keep the visit and what was raised, or neither; of one that was made before, what was changed."""
        if not self.is_open or not self.verb.isEnabled() or self.form.missing():
            return
        if self.about.visit is not None:
            self._correct(self.about.visit)
            return
        app, visit = self.desk.app, self._visit()
        raised = [
            intake.blank(app.db, title=one.title, klass=one.klass, channel=_CHANNEL) for one in self.raised.raised
        ]
        self.verb.setEnabled(False)
        do(
            self.desk,
            self,
            lambda: record_visit(app.db, app.actor, visit, raised),
            self._said,
            self._saved,
            self._failed,
        )

    def _correct(self, visit: Visit) -> None:
        app, told = self.desk.app, self.form.changes()
        dated = {name: tidy_date(value) if name in _DATES else value for name, value in told.items()}
        changes: dict[str, Any] = {name: value or (None if name in _EMPTIED else "") for name, value in dated.items()}
        if not changes:
            self.desk.say(self.tr("没有改什么，和原来一样。"))
            self._saved(None)
            return
        self.verb.setEnabled(False)
        do(
            self.desk,
            self,
            lambda: actions.correct(app.db, app.actor, visit.id, **changes),
            lambda kept: self.tr("已修改 {on} 的走访").format(on=kept.on),
            self._saved,
            self._failed,
        )

    def _visit(self) -> Visit:
        told, about, chosen = self.form.values(), self.about, self.person.person
        visit = Visit(
            on=tidy_date(told["on"]),
            mode=told["mode"],
            result=told["result"],
            workers=told["workers"],
            person_id=about.person_id or (chosen.id if chosen else None),
            household_id=about.household_id,
            room_id=about.room_id,
            next_due_on=tidy_date(told["next_due_on"]) or None,
        )
        for name in _TEXTS:
            setattr(visit, name, told[name] or None)
        return visit

    def _said(self, kept: VisitKept) -> str:
        told = [self.tr("已登记 {on} 的走访").format(on=kept.recorded.visit.on)]
        if kept.appeals:
            numbers = "、".join(appeal.no or appeal.title for appeal in kept.appeals)
            told.append(self.tr("受理诉求 {numbers}").format(numbers=numbers))
        return "　".join((*told, *kept.recorded.doubts))

    def _saved(self, _kept: object) -> None:
        self.desk.drafts.pop(self._draft_key, None)
        self._put_away()

    def _failed(self, problem: Problem) -> None:
        self.verb.setEnabled(True)
        if not self.form.show_problem(problem):
            self.notice.show_problem(problem)

    def close_form(self) -> None:
        """Put it away; what was typed is kept."""
        if self.is_open:
            self.keep_typed()
            self._put_away()

    def _put_away(self) -> None:
        self.is_open = False
        self._idle.stop()
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.close_form()
        elif control and event.key() in _ENTER:
            self.save()
        else:
            super().keyPressEvent(event)


class VisitFormPage(Page):
    """The form in a tab of its own; `record_id` says whose (`ui.pages.whose`)."""

    tables: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, desk: Desk, record_id: str) -> None:
        super().__init__(desk)
        self._key = record_id
        self.form = VisitForm(desk, self, columns=2)
        self.form.setMaximumWidth(round(_WIDEST * desk.theme.font_px / 14))
        self.form.closed.connect(self._leave)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 12, 18, 12)
        layout.addWidget(self.form)
        self.form.begin(whose(desk.app.db, record_id))

    def title(self) -> str:
        return self.form.title.text()

    def icon(self) -> str:
        return "pin"

    def first_focus(self) -> QWidget:
        return self.form.first_focus()

    def commands(self) -> tuple[Command, ...]:
        here = self.tr("登记走访")
        return (
            Command(self.tr("保存走访"), self.form.save, "Ctrl+S", "save", here, "visits.change"),
            Command(self.tr("取消"), self.form.close_form, "Escape", "close", here),
        )

    def refresh(self, _changed: frozenset[str], /) -> None:
        """Nothing here comes from the store while somebody types."""

    def unsaved(self) -> str:
        return self.title() if self.form.is_typed else ""

    def keep_typed(self) -> None:
        self.form.keep_typed()

    def _leave(self) -> None:
        self.desk.close_asked.emit(f"visit-form:{self._key}")
