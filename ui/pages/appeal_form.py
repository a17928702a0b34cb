"""Take an appeal in while the resident stands at the desk: few fields, all by keyboard, the receipt in one step."""

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from desktop_app.appeals import intake, queries
from desktop_app.appeals.model import Appeal
from desktop_app.appeals.queries import AppealFilter, AppealLine
from desktop_app.residents.queries import Hit
from ui.pages.appeal_fields import asked_fields, reporter_fields
from ui.pages.page import Page
from ui.pages.room_picker import RoomPicker
from ui.pages.whose import Whose, whose
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.parts import Card, button, label, row
from ui.shell.problems import Problem
from ui.widgets.inputs import tidy_date
from ui.widgets.person_box import PersonBox
from ui.widgets.record_form import RecordForm, scrolled
from ui.widgets.strip import Strip

_CHANNEL = "来访"


class AppealFormPage(Page):
    """`record_id` says whose it is (`ui.pages.whose`); after an @ the channel it came by may stand."""

    tables: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, desk: Desk, record_id: str) -> None:
        super().__init__(desk)
        self._key = record_id
        self._saving = False
        key, _, self._channel = record_id.partition("@")
        self._whose = whose(desk.app.db, key)
        self.build(self._parts())

    def _parts(self) -> Iterator[None]:
        """Who brings it up and what it is can be typed at once; the other fields follow."""
        desk = self.desk
        self.strip = Strip(desk.theme, self)
        self.known = Strip(desk.theme, self)
        self.person = PersonBox(desk.app.db, desk.background, self)
        self.anonymous = QCheckBox(self.tr("匿名：不记姓名、电话"), self)
        fields = asked_fields(self, desk)
        self._content = QWidget(self)
        self.form = RecordForm(fields, self._content, values=self._beginning(), by_turns=True)
        self.who = RecordForm(reporter_fields(self), self._content, by_turns=True)
        self._connect()
        self._arrange()
        self._offer_draft()
        yield
        self.room = RoomPicker(desk, self._content, title=self.tr("是哪一户、哪一处"))
        self._who.body.addWidget(self.room)
        yield
        self._make_foot()
        self._order_tabs()
        self._take(self._whose)

    def _order_tabs(self) -> None:
        """Tab goes down the form as it is read, not in the order in which the fields came."""
        room = self.room.input, self.room.which
        for one, other in pairwise((self.anonymous, *self.who.stops, *room, *self.form.stops, self.accept)):
            self.setTabOrder(one, other)

    def _make_foot(self) -> None:
        icon = self.desk.theme.icon
        self.accept = QCheckBox(self.tr("当即受理"), self)
        self.accept.setChecked(True)
        self._save_button = button(self.tr("登记　Ctrl+S"), self.save, tone="primary", icon=icon("save", "on_accent"))
        for part in (
            self.accept,
            1,
            button(self.tr("不登了"), self._leave),
            button(self.tr("登记并写下一件　Ctrl+Enter"), self.save_and_next),
            button(self.tr("登记并打回执　Ctrl+P"), self.save_and_print, icon=icon("printer", "accent_text")),
            self._save_button,
        ):
            if isinstance(part, int):
                self._foot.addStretch(part)
            else:
                self._foot.addWidget(part)

    def _connect(self) -> None:
        self.person.picked.connect(self._picked)
        self.anonymous.toggled.connect(self._hide_reporter)
        for form in (self.who, self.form):
            form.draft.connect(lambda _changes: self._keep_draft())
            form.save_asked.connect(self._save_asked)

    def _arrange(self) -> None:
        inner = QVBoxLayout(self._content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(10)
        self._who = who = Card(self.tr("谁反映的"), self._content)
        first = row(self.person, self.anonymous)
        first.setStretch(0, 1)
        who.body.addLayout(first)
        who.body.addWidget(self.who)
        what = Card(self.tr("反映什么"), self._content)
        what.body.addWidget(self.form)
        inner.addWidget(who)
        inner.addWidget(what)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 12, 18, 12)
        layout.setSpacing(8)
        layout.addWidget(label(self.title(), "title"))
        layout.addWidget(self.strip)
        layout.addWidget(self.known)
        layout.addWidget(scrolled(self._content), 1)
        self._foot = row()
        layout.addLayout(self._foot)

    def _offer_draft(self) -> None:
        if draft := self.desk.drafts.get(self._draft_key):
            words = self.tr("上次填到一半，没有登记。")
            self.strip.show_words(words, "", self.tr("接着填"), lambda: self._take_up(draft))

    def _beginning(self, channel: str = "") -> dict[str, str | None]:
        """What the fields show at first."""
        today = self.desk.app.clock.today().isoformat()
        came = channel or self._channel or _CHANNEL
        return {"channel": came, "kind": "求助", "klass": "其他", "urgency": "一般", "received_on": today}

    def _fill(self, about: Whose, channel: str) -> None:
        """An empty form for somebody."""
        self.form.show_values(self._beginning(channel))
        self.who.show_values({})
        self.accept.setChecked(True)
        self.anonymous.setChecked(False)
        self.person.forget()
        self.known.hide()
        self._take(about)

    def _take(self, about: Whose) -> None:
        if about.hit is not None:
            self.person.take(about.hit)
        if about.room_id:
            self.room.show_room(about.room_id)

    # -------------------------------------------------------------------------------------------------------- drafts

    @property
    def _draft_key(self) -> str:
        return f"appeal-form/{self._key}"

    def _keep_draft(self) -> None:
        """Everything as it stands, whom it is about too."""
        if self._saving or not self.unsaved():
            return
        body = {
            "form": self.form.changes(),
            "who": self.who.changes(),
            "person": self.person.person.id if self.person.person else "",
            "room": self.room.place.room_id if self.room.place else "",
            "anonymous": self.anonymous.isChecked(),
            "accept": self.accept.isChecked(),
        }
        self.desk.drafts[self._draft_key] = json.dumps(body, ensure_ascii=False)

    def _take_up(self, draft: str) -> None:
        told = json.loads(draft)
        found = whose(self.desk.app.db, f"person:{told['person']}") if told["person"] else Whose()
        if found.hit is not None:
            self.person.take(found.hit)
        if told["room"]:
            self.room.show_room(told["room"])
        self.anonymous.setChecked(told["anonymous"])
        self.accept.setChecked(told["accept"])
        self.form.take_draft(json.dumps(told["form"]))
        self.who.take_draft(json.dumps(told["who"]))
        self.strip.dismiss()

    def keep_typed(self) -> None:
        self._keep_draft()

    # --------------------------------------------------------------------------------------------------------- page

    def title(self) -> str:
        return self.tr("登记诉求")

    def icon(self) -> str:
        return "edit"

    def first_focus(self) -> QWidget:
        return self.form.input("title") if self._whose.is_known else self.person

    def commands(self) -> tuple[Command, ...]:
        here = self.title()
        return (
            Command(self.tr("登记"), self.save, "Ctrl+S", "save", here, "appeals.change"),
            Command(self.tr("登记并写下一件"), self.save_and_next, "Ctrl+Return", "save", here, "appeals.change"),
            Command(self.tr("登记并打受理回执"), self.save_and_print, "Ctrl+P", "printer", here, "appeals.change"),
            Command(self.tr("匿名"), self.anonymous.toggle, "Alt+N", "", here),
            Command(self.tr("不登了"), self._leave, "", "close", here),
        )

    def refresh(self, _changed: frozenset[str], /) -> None:
        """Nothing here comes from the store while somebody types."""

    def unsaved(self) -> str:
        known = {"reporter_name": self._whose.hit.name} if self._whose.hit is not None else {}
        return self.title() if self.form.changes() or self.who.changes() not in ({}, known) else ""

    # -------------------------------------------------------------------------------------------------------- typing

    def _picked(self, hit: Hit | None) -> None:
        """A resident: the name and the home are known, and what is under way for them already."""
        self.known.hide()
        if hit is None:
            return
        self.who.suggest("reporter_name", hit.name)
        db = self.desk.app.db
        found = whose(db, f"person:{hit.id}")
        if found.room_id and self.room.place is None:
            self.room.show_room(found.room_id)
        wanted = AppealFilter(person_id=hit.id, phase="在办")
        self.read(lambda: queries.appeals(db, wanted, limit=9), self._show_known, key="known")
        self.form.input("title").setFocus()

    def _show_known(self, lines: list[AppealLine]) -> None:
        if not lines:
            return
        first = lines[0]
        words = self.tr("这位居民还有 {n} 件在办，最近的是 {no} {title}。重复的请到那一件里补充。").format(
            n=len(lines), no=first.no, title=first.title
        )
        self.known.show_words(words, "warn", self.tr("打开看看"), lambda: self.desk.open_record("appeal", first.id))

    def _hide_reporter(self, hidden: bool) -> None:
        for part in (self.person, self.who):
            part.setEnabled(not hidden)

    # -------------------------------------------------------------------------------------------------------- saving

    def _save_asked(self, next_one: bool) -> None:
        if next_one:
            self.save_and_next()
        else:
            self.save()

    def save(self) -> None:
        """Take it in and show it."""
        self._save("open")

    def save_and_next(self) -> None:
        """Take it in and begin the next."""
        self._save("next")

    def save_and_print(self) -> None:
        """Take it in and hand the receipt out."""
        self._save("print")

    def _save(self, then: str) -> None:
        if self._saving or self.form.missing():
            return
        self._saving = True
        self._save_button.setEnabled(False)
        app, new, accept = self.desk.app, self._appeal(), self.accept.isChecked()
        self.write(
            lambda: intake.register(app.db, app.actor, new, accept=accept),
            lambda made: self._saved(made, then),
            failed=self._failed,
        )

    def _appeal(self) -> Appeal:
        told = {**self.form.values(), **self.who.values()}
        for name in ("received_on", "promised_on"):
            told[name] = tidy_date(told[name])
        chosen, where = self.person.person, self.room.place
        return intake.blank(
            self.desk.app.db,
            **told,
            person_id=chosen.id if chosen else None,
            household_id=self._whose.household_id if not chosen or chosen.id == self._whose.person_id else None,
            room_id=where.room_id if where else None,
            anonymous=int(self.anonymous.isChecked()),
        )

    def _failed(self, problem: Problem) -> None:
        self._saving = False
        self._save_button.setEnabled(True)
        if not self.form.show_problem(problem) and not self.who.show_problem(problem):
            self.strip.show_problem(problem)

    def _saved(self, appeal: Appeal, then: str) -> None:
        self._saving = False
        self._save_button.setEnabled(True)
        words = self.tr("已登记 {no}：{title}").format(no=appeal.no or "", title=appeal.title)
        self.desk.say(words, self.desk.undo_last)
        self._fill(Whose(), self.form.value("channel"))  # the next of a pile most likely came the same way
        self.room.input.clear()
        self.desk.drafts.pop(self._draft_key, None)
        if then == "next":
            self.strip.show_words(words, "good")
            self.person.setFocus()
            return
        self._leave()
        if then == "print":
            self.desk.print_form("appeal_receipt", [appeal.id])
        else:
            self.desk.open_record("appeal", appeal.id)

    def _leave(self) -> None:
        """Close; what was typed can still be taken up again."""
        self.desk.close_asked.emit(f"appeal-form:{self._key}")
