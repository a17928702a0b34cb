"""该开的会: types that come at regular times, how each stands in its period; one key calls the meeting."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtWidgets import QLayout

from desktop_app.meetings import calendar
from desktop_app.meetings.calendar import STATES, DueType
from desktop_app.profiles.desk import desk_codes
from desktop_app.spreadsheets.workbook import SheetOut, write
from desktop_app.store.database import Database
from ui.pages.list_pane import ListPane
from ui.shell.commands import Command
from ui.shell.parts import column, label
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.record_model import RIGHT, Column

_TONES = {calendar.OVERDUE: "bad", calendar.NEAR: "warn", calendar.HELD: "muted"}
_WAITING = "waiting"


class DuePane(ListPane):
    """A line is a type of meeting, of one branch where each holds its own."""

    name: ClassVar[str] = "该开的会"
    search: ClassVar[str] = "类型、支部"
    stretch: ClassVar[str] = "name"
    tables: ClassVar[frozenset[str]] = frozenset({"meeting", "org_node"})

    def __init__(self, page: Any, call: Callable[[DueType], object]) -> None:
        self._call = call
        super().__init__(page)

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("state", self.tr("状态"), 64, lambda line: line.state, "state",
                   tone=lambda line: _TONES.get(line.state, "")),
            Column("name", self.tr("会议类型"), 130, lambda line: line.name, "name"),
            Column("holder", self.tr("哪里"), 130, lambda line: line.holder or self.tr("社区"), "holder"),
            Column("often", self.tr("多久一次"), 96, lambda line: line.frequency),
            Column("period", self.tr("本期"), 76, lambda line: line.period),
            Column("left", self.tr("还有"), 60, lambda line: self.tr("{n} 天").format(n=line.left), "left", RIGHT),
            Column("last", self.tr("上次"), 92, lambda line: line.last_on or self.tr("没有记录"), "last"),
            Column("next", self.tr("已定"), 92, lambda line: line.next_on),
        )  # fmt: skip

    def filters(self) -> tuple[Filter, ...]:
        states = ((_WAITING, self.tr("还没开的")), *((word, word) for word in STATES))
        groups = tuple(
            dict.fromkeys(
                (one.text("group"), one.text("group")) for one in self.page.desk.codes("meeting_types").offered()
            )
        )
        return (
            Filter("state", self.tr("状态"), states, several=False),
            Filter("group", self.tr("类别"), groups, several=False),
        )

    def orders(self) -> Mapping[str, Callable[[DueType], Any]]:
        return {
            "state": lambda line: -STATES.index(line.state),
            "name": lambda line: line.name,
            "holder": lambda line: line.holder,
            "left": lambda line: line.left,
            "last": lambda line: line.last_on,
        }

    def ask(self, db: Database, chosen: Chosen) -> Sequence[DueType]:
        state, group, text = chosen.one("state"), chosen.one("group"), chosen.text
        kinds = desk_codes(db, "meeting_types")
        return [
            line
            for line in calendar.due_types(db, db.clock.today().isoformat())
            if (not state or line.state == state or (state == _WAITING and line.state not in STATES[:2]))
            and (not group or kinds.get(line.kind).text("group") == group)
            and (not text or text in line.name or text in line.holder)
        ]

    def title_of(self, line: DueType) -> str:
        return f"{line.name}　{line.holder}".strip()

    def facts(self, line: DueType) -> Sequence[tuple[str, Any]]:
        found = self.page.desk.codes("meeting_types").get(line.kind)
        days = found.number("notice_days")
        return (
            (self.tr("多久一次"), line.frequency),
            (self.tr("本期"), self.tr("{name}，到 {day}").format(name=line.period, day=line.due_on)),
            (self.tr("本期已开"), self.tr("{n} 次").format(n=line.held) if line.held else self.tr("还没有")),
            (self.tr("上次"), line.last_on),
            (self.tr("今年缺开"), "、".join(line.missed)),
            (self.tr("提前通知"), self.tr("{n} 天").format(n=days) if days else ""),
            (self.tr("主持"), found.text("chair")),
            (self.tr("参加"), "、".join(found.words("attends"))),
            (self.tr("依据"), found.origin.source),
        )

    def below(self, line: DueType) -> QLayout | None:
        basis = self.page.desk.codes("meeting_types").get(line.kind).origin.basis
        if basis == "law":
            return None
        return column(label(self.tr("次数和要求没有核对原文，可在资料里按本地规定改。"), "muted", wrap=True))

    def verbs(self) -> tuple[Command, ...]:
        return (Command(self.tr("开这种会"), self.call, "K", "plus", self.name, "meetings.change"),)

    def nothing(self) -> str:
        return self.tr("没有按期要开的会。")

    def call(self) -> None:
        """A meeting of the type under the cursor."""
        if self.table.current is not None:
            self._call(self.table.current)

    def open(self) -> None:
        self.call()

    def write_file(self, db: Database, path: Path, lines: Sequence[DueType]) -> None:
        del db
        headers = ("状态", "会议类型", "哪里", "多久一次", "本期", "期末", "本期已开", "上次", "已定", "今年缺开")
        rows = [
            (
                line.state, line.name, line.holder, line.frequency, line.period, line.due_on, line.held, line.last_on,
                line.next_on, "、".join(line.missed),
            )
            for line in lines
        ]  # fmt: skip
        write(path, [SheetOut("该开的会", headers, rows)])
