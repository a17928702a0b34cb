"""待确认: the same item written by two people. Both values with who and when; 1, 2, or the newer of all; no dialog."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.residents.model import Person
from desktop_app.store.history import last_action, undo
from desktop_app.sync import conflicts
from ui.pages.syncing_reading import Clash, Value
from ui.shell.doing import do
from ui.shell.parts import button, label, mark, row
from ui.widgets.empty_state import EmptyState
from ui.widgets.line_table import LineTable
from ui.widgets.record_table import Column
from ui.widgets.secret import Secret

if TYPE_CHECKING:
    from ui.pages.syncing import SyncingPage


@dataclass(frozen=True, slots=True)
class Settled:
    """How many were settled, and the journal entries by which that can be taken back."""

    count: int
    actions: tuple[int, ...]


class ValueCard(QFrame):
    """One of the two values."""

    def __init__(self, number: int, page: "SyncingPage", take: Callable[[], object]) -> None:
        super().__init__(page)
        self.setObjectName("card")
        self._number = number
        self._title = label("", "muted")
        self._newer = mark(self.tr("较新"), "good")
        self._text = label("", "section", wrap=True)
        self.secret = Secret(self.tr("号码"), page.desk.theme, self)
        self._who = label("", "muted", wrap=True)
        self.verb = button("", take, tone="primary" if number == 1 else "")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(6)
        layout.addLayout(row(label(f"{number}", "key"), self._title, self._newer, 1))
        for part in (self._text, self.secret, self._who):
            layout.addWidget(part)
        layout.addStretch(1)
        layout.addLayout(row(self.verb, 1))

    def show_value(self, value: Value, title: str, verb: str, *, newer: bool) -> None:
        """A value with whose it is."""
        self._title.setText(title)
        self._newer.setVisible(newer)
        self._text.setText(value.shown)
        self._text.setVisible(not value.is_masked)
        self.secret.setVisible(value.is_masked)
        if value.is_masked:
            self.secret.show_secret(value.shown, lambda: value.whole)
        self._who.setText("　".join(part for part in (value.by, value.when) if part))
        self.verb.setText(verb)


class InboxPane(QFrame):
    """The list, and the one under the cursor."""

    def __init__(self, page: "SyncingPage") -> None:
        super().__init__(page)
        self.setObjectName("card")
        self.page = page
        self._title = label("", "section")
        self.all_button = button(self.tr("全部采用较新的"), self.take_newer)
        self.table = LineTable(
            (
                Column("record", self.tr("哪条记录"), 190, lambda one: one.record),
                Column("field", self.tr("哪一项"), 110, lambda one: one.field or self.tr("删除与修改")),
                Column("when", self.tr("什么时候"), 130, lambda one: max(one.ours.when, one.theirs.when)),
            ),
            self.tr("待确认的冲突"),
            self,
            stretch="record",
        )
        self.table.chosen.connect(self._show_one)
        self._words = label("", wrap=True)
        self.first = ValueCard(1, page, lambda: self.take(1))
        self.second = ValueCard(2, page, lambda: self.take(2))
        for card in (self.first, self.second):
            card.secret.revealed.connect(self._note_look)
        self._open = button(self.tr("看这条记录"), self.open_record, tone="link")
        self._hint = label(self.tr("按 1 或 2 采用，做完可以撤销；没选之前两边照常工作。"), "muted", wrap=True)
        self.empty = EmptyState(self)
        self._work = QWidget(self)
        self._arrange()

    def _arrange(self) -> None:
        pair = QHBoxLayout()
        pair.setSpacing(10)
        pair.addWidget(self.first, 1)
        pair.addWidget(self.second, 1)
        inner = QVBoxLayout(self._work)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        inner.addWidget(self.table, 1)
        inner.addLayout(row(self._words, 1, self._open))
        inner.addLayout(pair)
        inner.addWidget(self._hint)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(8)
        layout.addLayout(row(self._title, 1, self.all_button))
        layout.addWidget(self._work, 1)
        layout.addWidget(self.empty, 1)

    def show_clashes(self, clashes: Sequence[Clash]) -> None:
        """Everything that waits for a person."""
        self._title.setText(self.tr("待确认 {n}").format(n=len(clashes)) if clashes else self.tr("待确认"))
        self.all_button.setVisible(bool(clashes))
        self._work.setVisible(bool(clashes))
        self.empty.setVisible(not clashes)
        self.empty.show_words(self.tr("没有待确认的。两个人改了同一项时，会在这里请您选一个。"))
        self.table.set_row_height(self.page.desk.theme.row_height)
        self.table.show_lines(clashes)

    def _show_one(self, clash: Clash | None) -> None:
        if clash is None:
            return
        self._words.setText(clash.words)
        self._open.setVisible(bool(clash.person_id))
        now, other = self.tr("现在显示的"), self.tr("另一个")
        keep, swap = self.tr("采用这个（1）"), self.tr("采用这个（2）")
        if clash.kind != "field":
            keep, swap = self.tr("保留记录（1）"), self.tr("删除记录（2）")
        self.first.show_value(clash.ours, now, keep, newer=clash.shown_is_newer)
        self.second.show_value(clash.theirs, other, swap, newer=not clash.shown_is_newer)

    def _note_look(self) -> None:
        clash = self.table.current
        if clash is not None and clash.person_id:
            self.page.desk.note_look(Person, clash.person_id, clash.field)

    def open_record(self) -> None:
        """The record in its own tab."""
        clash = self.table.current
        if clash is not None and clash.person_id:
            self.page.desk.open_record("person", clash.person_id)

    # ------------------------------------------------------------------------------------------ verbs

    def take(self, which: int) -> None:
        """Settle on the first or the second value of the clash under the cursor."""
        clash, app = self.table.current, self.page.desk.app
        if clash is None:
            return
        settle = conflicts.keep if which == 1 else conflicts.swap
        value = clash.ours if which == 1 else clash.theirs
        words = self.tr("{field}采用“{value}”").format(field=clash.field or clash.record, value=value.shown)
        do(self.page.desk, self, lambda: settle(app.db, app.actor, clash.id), lambda _none: words)

    def take_newer(self) -> None:
        """Settle all of them on the newer value."""
        app, clashes = self.page.desk.app, [one for one in self.table.lines if one.kind == "field"]

        def work() -> Settled:
            actions = []
            for one in clashes:
                (conflicts.keep if one.shown_is_newer else conflicts.swap)(app.db, app.actor, one.id)
                if found := last_action(app.db, app.actor):
                    actions.append(found[0])
            return Settled(len(clashes), tuple(actions))

        self.page.write(work, self._settled)

    def _settled(self, settled: Settled) -> None:
        words = self.tr("{n} 条都采用了较新的").format(n=settled.count)
        self.page.desk.say(words, lambda: self._take_back(settled))

    def _take_back(self, settled: Settled) -> None:
        app = self.page.desk.app

        def work() -> None:
            for action in reversed(settled.actions):
                undo(app.db, app.actor, action)

        self.page.write(work, lambda _none: self.page.desk.say(self.tr("已撤销，重新待确认")))
