"""未被接受: changes the server did not take, why, and what was written where the record itself does not show it."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop_app.store.base import record_classes
from desktop_app.sync import refused
from ui.pages.syncing_clashes import when
from ui.pages.syncing_reading import Rejected
from ui.shell.parts import button, label, row
from ui.widgets.empty_state import EmptyState
from ui.widgets.facts import Facts
from ui.widgets.line_table import LineTable
from ui.widgets.record_form import scrolled
from ui.widgets.record_model import Column
from ui.widgets.secret import Secret

if TYPE_CHECKING:
    from ui.pages.syncing import SyncingPage


class RefusedPane(QFrame):
    """The list, and the one under the cursor."""

    def __init__(self, page: "SyncingPage") -> None:
        super().__init__(page)
        self.setObjectName("card")
        self.page = page
        self.table = LineTable(
            (
                Column("record", self.tr("哪条记录"), 180, lambda one: one.record),
                Column("why", self.tr("为什么"), 200, lambda one: one.why),
                Column("at", self.tr("什么时候"), 100, lambda one: when(one.at)),
            ),
            self.tr("服务器没有接受的修改"),
            self,
            stretch="why",
        )
        self.table.chosen.connect(self._show_one)
        self.table.asked.connect(lambda _one: self.open_record())
        self._words = label("", wrap=True)
        self.values = Facts(self)
        self.open_button = button(self.tr("打开改正（O）"), self.open_record, tone="primary")
        self.copy_button = button(self.tr("复制写过的内容"), self.copy)
        self.dismiss_button = button(self.tr("知道了，不再显示"), self.dismiss)
        self.empty = EmptyState(self)
        self._work = QWidget(self)
        self._arrange()

    def _arrange(self) -> None:
        holder = QWidget(self)
        detail = QVBoxLayout(holder)
        detail.setContentsMargins(0, 0, 0, 0)
        detail.addWidget(self._words)
        detail.addWidget(self.values)
        inner = QVBoxLayout(self._work)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        inner.addWidget(self.table, 3)
        inner.addWidget(scrolled(holder), 2)
        inner.addLayout(row(self.open_button, self.copy_button, self.dismiss_button, 1))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.addWidget(self._work, 1)
        layout.addWidget(self.empty, 1)

    def show_changes(self, changes: Sequence[Rejected]) -> None:
        """Everything the server did not take."""
        self._work.setVisible(bool(changes))
        self.empty.setVisible(not changes)
        self.empty.show_words(self.tr("服务器都接受了。有没被接受的修改时，会在这里说明原因，内容不会丢。"))
        self.table.set_row_height(self.page.desk.theme.row_height)
        self.table.show_lines(changes)

    def _show_one(self, one: Rejected | None) -> None:
        if one is None:
            return
        self._words.setText(one.words)
        self.open_button.setVisible(one.opens is not None)
        for part in (self.copy_button, self.dismiss_button):
            part.setVisible(bool(one.values))
        self.values.show_facts([(name, self._value(one, name, at)) for at, (name, _) in enumerate(one.values)])

    def _value(self, one: Rejected, name: str, at: int) -> str | Secret:
        value = one.values[at][1]
        if not value.is_masked:
            return value.shown
        secret = Secret(name, self.page.desk.theme)
        secret.show_secret(value.shown, lambda: value.whole)
        secret.revealed.connect(partial(self._note_look, one, name))
        return secret

    def _note_look(self, one: Rejected, name: str) -> None:
        cls = record_classes().get(one.table)
        if cls is not None:
            self.page.desk.note_look(cls, one.record_id, name)

    # ------------------------------------------------------------------------------------------ verbs

    def open_record(self) -> None:
        """The record in its own tab."""
        one = self.table.current
        if one is not None and one.opens is not None:
            self.page.desk.open_record(*one.opens)

    def copy(self) -> None:
        """What was written, numbers masked, to be passed on."""
        one = self.table.current
        if one is not None:
            lines = [one.record, *(f"{name}：{value.shown}" for name, value in one.values)]
            QGuiApplication.clipboard().setText("\n".join(lines))
            self.page.desk.say(self.tr("已复制，号码已遮盖"))

    def dismiss(self) -> None:
        """It was read; it need not stand here any more."""
        one, app = self.table.current, self.page.desk.app
        if one is not None and one.values:
            self.page.write(lambda: refused.dismiss(app.db, app.actor, one.table, one.record_id), self._dismissed)

    def _dismissed(self, _none: object) -> None:
        self.page.desk.say(self.tr("已收起"))
        self.page.refresh(frozenset())
