"""One item of the agenda: what was said, how the vote went, what was decided; everything saves itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.meetings import actions, noting
from desktop_app.meetings.model import AgendaItem, MeetingNote, Resolution
from desktop_app.meetings.noting import Noted
from desktop_app.meetings.voting import Verdict
from desktop_app.shared.clock import local_text
from ui.pages.meetings_ballots import BallotDialog
from ui.pages.meetings_settled import NewLine, ResolutionRow, Saver
from ui.shell.doing import do
from ui.shell.parts import button, icon_button, label, row
from ui.shell.problems import Problem
from ui.widgets.autosave import Autosave
from ui.widgets.inputs import ChoiceBox, LineEdit, NumberEdit, TextBox

if TYPE_CHECKING:
    from ui.pages.meetings_record import MeetingPage

_COUNTS = ("votes_for", "votes_against", "votes_abstain")
_NOTES_MS = 700
"""What is typed is on disk within a second, also while somebody goes on typing."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How an item stands: its place, what its vote comes to, who noted what; `own` are this window's own lines."""

    number: int
    locked: bool
    verdict: Verdict | None = None
    own: Sequence[MeetingNote] = ()
    others: Sequence[Noted] = ()
    by_owners: bool = False
    moment: str = "%H:%M"
    """How the time of a line is written: the day too where it is not that of the meeting."""


class ItemCard(QFrame):
    """A card; `item` None is the one for resolutions that belong to no item."""

    def __init__(self, page: "MeetingPage", item: AgendaItem | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.page = page
        self.id = item.id if item else ""
        self.rows: dict[str, ResolutionRow] = {}
        self.saver = Saver(page, self)
        self.fields = Autosave(self._save, self)
        self.votes = Autosave(self._save_votes, self)
        self.notes = Autosave(self._save_notes, self, idle_ms=_NOTES_MS, steady=True)
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(12, 8, 12, 10)
        self._body.setSpacing(6)
        if item is None:
            self._body.addWidget(label(self.tr("不属于哪个议题的议定事项"), "section"))
        else:
            self._build_head()
            self._build_talk()
            self._build_votes()
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self._body.addLayout(self._list)
        self.new = NewLine(self.tr("＋ 议定事项，回车添加"), self)
        self.new.entered.connect(self.decide)
        self._body.addWidget(self.new)
        self._body.addWidget(self.saver.fault)

    def _build_head(self) -> None:
        theme = self.page.desk.theme
        self._number = label("", "section")
        self.title = LineEdit(self)
        self.title.setAccessibleName(self.tr("议题"))
        self.proposer = LineEdit(self)
        self.proposer.setPlaceholderText(self.tr("提出方"))
        self.proposer.setAccessibleName(self.tr("议题提出方"))
        self._up = icon_button(theme.icon("up", "muted"), self.tr("往前移一项（Alt+PgUp）"), self.move_up)
        self._drop = icon_button(theme.icon("close", "muted"), self.tr("删去这个议题"), self.remove)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self._number)
        line.addWidget(self.title, 3)
        line.addWidget(self.proposer, 1)
        line.addWidget(self._up)
        line.addWidget(self._drop)
        self._body.addLayout(line)
        self.fields.watch("title", self.title)
        self.fields.watch("proposer", self.proposer)

    def _build_talk(self) -> None:
        self.written = TextBox(self, lines=4)
        self.written.setPlaceholderText(self.tr("整理好的发言记录"))
        self.written.setAccessibleName(self.tr("整理好的发言记录"))
        self.others = label("", "muted", wrap=True)
        self.others.setAccessibleName(self.tr("别人记的"))
        self.talk = TextBox(self, lines=4)
        self.talk.setPlaceholderText(self.tr("边听边记，一人一行。随打随存；两台电脑各记各的，都留着。"))
        self.talk.setAccessibleName(self.tr("我记的发言"))
        for box in (self.written, self.talk):
            box.textChanged.connect(partial(self._grow, box))
        for part in (self.written, self.others, self.talk):
            self._body.addWidget(part)
        self.fields.watch("discussion", self.written)
        self.notes.watch("notes", self.talk)

    def _grow(self, box: TextBox) -> None:
        lines = min(max(2, round(box.document().size().height())), 14)
        box.setFixedHeight(box.fontMetrics().lineSpacing() * lines + 28)

    def _build_votes(self) -> None:
        self.how = ChoiceBox(
            [("", self.tr("没有表决")), *((one.name, one.name) for one in self.page.desk.codes("vote_methods"))], self
        )
        self.how.setAccessibleName(self.tr("表决方式"))
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self.how)
        self.counts: dict[str, NumberEdit] = {}
        for name, words in zip(_COUNTS, (self.tr("同意"), self.tr("反对"), self.tr("弃权")), strict=True):
            field = NumberEdit(self)
            field.setFixedWidth(round(52 * self.page.desk.theme.font_px / 14))
            field.setAlignment(Qt.AlignmentFlag.AlignCenter)
            field.setAccessibleName(words)
            self.counts[name] = field
            line.addWidget(label(words, "muted"))
            line.addWidget(field)
            self.votes.watch(name, field)
        self.votes.watch("vote_how", self.how)
        self.more = button(self.tr("规则、票数、公开…"), self.tell_more, tone="link")
        self.owners = button(self.tr("业主票…"), self.enter_ballots, tone="link")
        line.addStretch(1)
        self._outcome = label("", wrap=True)
        self._why = label("", "muted", wrap=True)
        self._body.addLayout(line)
        self._body.addLayout(row(self.more, self.owners, 1, gap=6))
        self._body.addWidget(self._outcome)
        self._body.addWidget(self._why)

    # ------------------------------------------------------------------------------------------ show

    def show_item(self, item: AgendaItem | None, shown: "Shown", resolutions: Sequence[Resolution]) -> None:
        """What the store says; fields somebody is typing in keep their words."""
        locked = shown.locked
        if item is not None:
            self._number.setText(str(shown.number))
            self.fields.show_values({name: getattr(item, name) for name in ("title", "proposer", "discussion")})
            self.votes.show_values({name: getattr(item, name) for name in ("vote_how", *_COUNTS)})
            self._show_notes(item, shown)
            for fields in (self.fields, self.votes, self.notes):
                fields.set_locked(locked)
            self._show_verdict(shown.verdict)
            self.owners.setVisible(shown.by_owners)
            self._drop.setVisible(not locked)
            self._up.setVisible(not locked)
            self._up.setEnabled(shown.number > 1)
        self.new.setVisible(not locked)
        self._show_rows(resolutions, locked=locked)
        self.setVisible(item is not None or bool(resolutions))

    def _show_notes(self, item: AgendaItem, shown: "Shown") -> None:
        own = "\n".join(line.text for line in shown.own)
        self.notes.show_values({"notes": own})
        self.written.setVisible(bool(item.discussion) or bool(self.written.toPlainText()))
        told = [f"{local_text(line.at, shown.moment)} {line.author}：{line.text}" for line in shown.others]
        self.others.setText("\n".join(told))
        self.others.setVisible(bool(told))

    def _show_verdict(self, verdict: Verdict | None) -> None:
        self._outcome.setText(verdict.words if verdict else "")
        self._outcome.setVisible(verdict is not None)
        told = (
            [*verdict.lines, *([self.tr("不印“通过”：{why}").format(why=verdict.why)] if verdict.why else [])]
            if verdict
            else []
        )
        self._why.setText("　|　".join(told))
        self._why.setVisible(bool(told))

    def _show_rows(self, resolutions: Sequence[Resolution], *, locked: bool) -> None:
        kept = {one.id for one in resolutions}
        for key in [key for key in self.rows if key not in kept]:
            gone = self.rows.pop(key)
            gone.hide()
            gone.deleteLater()
        for one in resolutions:
            if one.id not in self.rows:
                self.rows[one.id] = ResolutionRow(self.page, one, self)
                self._list.addWidget(self.rows[one.id])
            self.rows[one.id].show_row(one, locked=locked)

    @property
    def is_unsaved(self) -> bool:
        return bool(
            self.fields.changes()
            or self.votes.changes()
            or self.notes.changes()
            or any(one.fields.changes() for one in self.rows.values())
        )

    @property
    def is_typed(self) -> bool:
        """Whether there is anything the store may not have: unsaved, on its way, or in the last line."""
        return self.is_unsaved or bool(self.new.text().strip()) or any(one.is_saving for one in self._saving())

    def flush(self) -> None:
        """Save now what is not saved."""
        for one in self._saving():
            one.flush()

    def hold(self) -> None:
        """The meeting is gone: what was typed stays to be copied, and is no longer saved; the next show ends it."""
        for one in self._saving():
            one.hold()

    def _saving(self) -> list[Autosave]:
        return [self.fields, self.votes, self.notes, *(one.fields for one in self.rows.values())]

    # ------------------------------------------------------------------------------------------ save

    def _save(self, changes: dict[str, str]) -> None:
        app, item_id = self.page.desk.app, self.id
        values: dict[str, str | None] = {
            name: value if name == "discussion" else value or None for name, value in changes.items()
        }
        self.saver.write(lambda: actions.change_agenda_item(app.db, app.actor, item_id, **values), self.fields)

    def _save_notes(self, changes: dict[str, str]) -> None:
        app, page, item_id = self.page.desk.app, self.page, self.id
        text = changes["notes"]
        self.saver.write(lambda: noting.keep(app.db, app.actor, page.meeting_id, item_id, text), self.notes)

    def tell_more(self) -> None:
        """Rule, slips, watchers, publicity."""
        facts = self.page.facts
        item = next((one for one in facts.file.agenda if one.id == self.id), None) if facts else None
        if facts is not None and item is not None:
            self.page.agenda.form.begin(self.page.votes.more(facts.file, item))

    def enter_ballots(self) -> None:
        """The ballots of owners, room by room."""
        BallotDialog(self.page.desk, self.id, self.title.text(), self.page).open()

    def _save_votes(self, _changes: dict[str, str]) -> None:
        app, item_id = self.page.desk.app, self.id
        typed = [self.votes.value(name) for name in _COUNTS]
        if any(word and not word.isdecimal() for word in typed):
            self.saver.refuse(Problem(self.tr("票数要写数字。"), self.tr("请核对计票结果。")), self.votes)
        elif any(typed):
            how, (agree, against, abstain) = self.how.code or "举手", (int(word or 0) for word in typed)
            self.saver.write(
                lambda: actions.record_vote(app.db, app.actor, item_id, agree, against, abstain, how), self.votes
            )
        elif self.how.code:
            self.votes.landed()  # a way of voting without counts: the counts will follow
        else:
            self.saver.write(lambda: actions.clear_vote(app.db, app.actor, item_id), self.votes)

    def decide(self) -> None:
        """Return in the last field: another resolution."""
        if self.page.facts is None:  # the meeting is gone: the words stay to be copied
            return
        text, app, page = self.new.take(), self.page.desk.app, self.page
        if text:
            self.saver.write(
                lambda: actions.add_resolution(app.db, app.actor, page.meeting_id, text, agenda_id=self.id or None)
            )

    def move_up(self) -> None:
        """One place towards the front."""
        self.page.agenda.move_item(self.id, -1)

    def remove(self) -> None:
        """Take the item off the agenda; 撤销 brings it again."""
        app = self.page.desk.app
        do(
            self.page.desk,
            self.page,
            lambda: actions.remove_agenda_item(app.db, app.actor, self.id),
            lambda _none: self.tr("已删去议题"),
            failed=self.page.show_problem,
        )
