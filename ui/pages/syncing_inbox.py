"""待确认: the same item written by two people. Both values with who and when; 1, 2, 3 or 4, one or many; no dialog."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer

from desktop_app.sync import conflicts
from desktop_app.sync.conflicts import JOIN, KEEP, SWAP, Choice, Settled
from ui.pages.syncing_clashes import ClashPane, when
from ui.pages.syncing_detail import ClashDetail
from ui.pages.syncing_reading import Clash
from ui.pages.syncing_saving import ask_file
from ui.shell.doing import do
from ui.shell.parts import button, label
from ui.widgets.line_table import LineTable
from ui.widgets.record_model import Column

_ORDERS: dict[str, Callable[[Clash], Any]] = {
    "record": lambda one: (one.table_zh, one.name, one.field_zh),
    "field": lambda one: (one.field_zh, one.name),
    "who": lambda one: (one.theirs.by, one.name),
    "at": lambda one: one.at,
}


class InboxPane(ClashPane):
    """The list, and the one under the cursor; what is chosen holds for every selected one."""

    _order, _up = "at", False

    def _parts(self) -> Iterator[None]:
        self.table = self._make_table()
        yield
        self.detail = ClashDetail(self.page.desk, self)
        yield
        self.detail.chosen.connect(self.take)
        self.detail.form.opened.connect(self._show_form)
        self.newer_button = button(self.tr("采用较新的"), self.take_newer)
        self.newer_button.setToolTip(self.tr("选中的；没有选几条时是列出来的全部"))
        self._hint = label("", "muted", wrap=True)
        self._arrange((self.newer_button,), (2, 3), self._hint)

    def _make_table(self) -> LineTable:
        table = LineTable(
            (
                Column("record", self.tr("哪条记录"), 180, lambda one: one.record, "record"),
                Column("field", self.tr("哪一项"), 104, lambda one: one.field_zh or one.meaning.title, "field"),
                Column("who", self.tr("另一个谁写的"), 150, lambda one: one.theirs.by, "who"),
                Column("at", self.tr("什么时候"), 100, lambda one: when(one.at), "at"),
            ),
            self.tr("待确认的冲突"),
            self,
            several=True,
            stretch="record",
        )
        table.chosen.connect(self.detail_of)
        table.asked.connect(lambda _one: self.detail.open_record())
        table.sort_asked.connect(self._sort)
        table.selection_counted.connect(self._selected)
        return table

    # ------------------------------------------------------------------------------------------ show

    def _nothing(self) -> str:
        return self.tr("没有待确认的。两个人改了同一项时，会在这里请您选一个。")

    def _listed(self) -> list[Clash]:
        return sorted(super()._listed(), key=_ORDERS[self._order], reverse=not self._up)

    def _sort(self, order: str, up: bool) -> None:
        self._order, self._up = order, up
        self._show_found()

    def detail_of(self, clash: Clash | None) -> None:
        """Show the clash under the cursor."""
        self.detail.show_clash(clash)

    def _show_form(self) -> None:
        """Where room is scarce, the line to type in comes into sight once it has been laid out."""
        QTimer.singleShot(0, self, lambda: self._area.ensureWidgetVisible(self.detail.form))

    def _selected(self, count: int) -> None:
        if count > 1:
            words = self.tr("选中了 {n} 条：按 1、2、3 或“采用较新的”，对选中的每一条都有效。").format(n=count)
        else:
            words = self.tr("做完可以撤销，一台确认、各台都确认。没选之前两边照常工作。")
        self._hint.setText(words)

    def point_at(self, table: str, record_id: str) -> None:
        """Put the cursor on the first clash of a record."""
        lines = self.table.lines
        at = next((at for at, one in enumerate(lines) if (one.table, one.record_id) == (table, record_id)), -1)
        self.table.point_at(at)

    # ------------------------------------------------------------------------------------------ verbs

    def take(self, how: str) -> None:
        """Settle what is selected on its first value, its second, or both."""
        chosen = self.table.selected
        able = [one for one in chosen if _can(one, how)]
        if len(able) > 1:
            self._settle([Choice(one.id, how) for one in able])
        elif able:
            self._settle_one(able[0], how)
        elif chosen:
            self.page.desk.say(self.tr("这一条不能这样选，请看下面的按钮"))

    def take_number(self, number: int) -> None:
        """By the keys 1 to 4."""
        if number <= len(_HOWS):
            self.take(_HOWS[number - 1])
        else:
            self.detail.ask_own()

    def _settle_one(self, clash: Clash, how: str) -> None:
        app = self.page.desk.app
        work = {KEEP: conflicts.keep, SWAP: conflicts.swap, JOIN: conflicts.join}[how]
        value = {KEEP: clash.ours.shown, SWAP: clash.theirs.shown, JOIN: self.tr("都保留")}[how]
        words = self.tr("{field}采用“{value}”").format(field=clash.field_zh or clash.record, value=value)
        do(self.page.desk, self, partial(work, app.db, app.actor, clash.id), lambda _none: words)

    def take_newer(self) -> None:
        """Settle what is selected, or all that is listed, on the newer value."""
        chosen = self.table.selected
        lines = chosen if len(chosen) > 1 else self.table.lines
        able = [(one, KEEP if one.shown_is_newer else SWAP) for one in lines if one.kind == "field"]
        self._settle([Choice(one.id, how) for one, how in able if _can(one, how)])

    def _settle(self, chosen: Sequence[Choice]) -> None:
        """One step for all of them, so that one 撤销 takes it back."""
        app = self.page.desk.app
        if chosen:
            do(self.page.desk, self, lambda: conflicts.settle(app.db, app.actor, chosen), self._settled_words)

    def _settled_words(self, settled: Settled) -> str:
        words = self.tr("{n} 条已确认").format(n=settled.count)
        return f"{words}；{settled.problems[0]}" if settled.problems else words

    def export(self) -> None:
        """The selected clashes, or all that are listed, as a workbook with masked numbers."""
        if path := ask_file(self, self.tr("导出冲突清单（号码已遮盖）"), self.tr("同步冲突.xlsx"), "Excel (*.xlsx)"):
            self.export_to(path)


_HOWS = (KEEP, SWAP, JOIN)


def _can(clash: Clash, how: str) -> bool:
    return how == KEEP or (clash.choices.swap if how == SWAP else clash.choices.joined is not None)
