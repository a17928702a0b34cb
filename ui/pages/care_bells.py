"""爱心门铃: which hang where and how they stand, what happened to one, and who can be at its door."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from desktop_app.care import queries, sheet
from desktop_app.care.model import DoorBell, DoorBellEvent
from desktop_app.care.queries import BellLine
from desktop_app.care.responding import Responders, responders
from desktop_app.shared.pinyin import sort_key
from desktop_app.shared.text import mask
from desktop_app.store.database import Database
from ui.pages.care_asks import BellAsks
from ui.pages.list_pane import ListPane
from ui.pages.page import Page
from ui.shell.commands import Command
from ui.shell.parts import clear, label
from ui.widgets.facts import Facts
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.record_model import RIGHT, Column

_STATES = ("报警未记到场", "故障", "该试铃", "正常", "无人居住", "住户已换")
_PEOPLE, _EVENTS = 8, 5


class BellsPane(ListPane):
    """A line is a bell; beside it who can come, and the latest events."""

    name: ClassVar[str] = "爱心门铃"
    record: ClassVar[str] = "door_bell"
    search: ClassVar[str] = "姓名、住址、设备编号"
    stretch: ClassVar[str] = "address"
    tables: ClassVar[frozenset[str]] = frozenset(
        {
            "door_bell",
            "door_bell_event",
            "household",
            "household_member",
            "person",
            "residence",
            "building",
            "party_centre_household",
        }
    )

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._asks = BellAsks(page.desk)
        self._plain = ""
        """The bell whose responders are shown with whole numbers."""

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("name", self.tr("使用人"), 76, lambda line: line.name, "name"),
            Column("address", self.tr("住址"), 160, lambda line: line.address, "address"),
            Column("word", self.tr("状态"), 104, lambda line: line.word, "word", tone=_tone),
            Column("test", self.tr("上次试铃"), 92, lambda line: line.last_test or self.tr("从未"), "test"),
            Column("due", self.tr("下次试铃"), 92, lambda line: line.state.test_due, "due"),
            Column("alarms", self.tr("报警"), 48, lambda line: str(line.alarms or ""), "alarms", RIGHT),
            Column("kind", self.tr("类型"), 84, lambda line: line.kind, "kind"),
        )

    def filters(self) -> tuple[Filter, ...]:
        states = tuple((word, word) for word in _STATES)
        ended = (("1", self.tr("也看已拆除的")),)
        return (
            Filter("word", self.tr("状态"), states),
            Filter("ended", self.tr("已拆除"), ended, several=False),
        )

    def orders(self) -> Mapping[str, Callable[[BellLine], Any]]:
        return {
            "name": lambda line: sort_key(line.name),
            "address": lambda line: line.address,
            "word": lambda line: line.word,
            "test": lambda line: line.last_test,
            "due": lambda line: line.state.test_due,
            "alarms": lambda line: line.alarms,
            "kind": lambda line: line.kind,
        }

    def ask(self, db: Database, chosen: Chosen) -> Sequence[BellLine]:
        words = chosen.of("word")
        found = queries.bells(db, text=chosen.text, ended=bool(chosen.one("ended")))
        return [line for line in found if not words or line.word in words]

    def title_of(self, line: BellLine) -> str:
        return f"{line.name}　{line.word}"

    def facts(self, line: BellLine) -> Sequence[tuple[str, Any]]:
        return (
            (self.tr("住址"), line.address),
            (self.tr("门铃"), "　".join(part for part in (line.kind, line.place, line.device_no) if part)),
            (self.tr("安装"), line.installed_on),
            (self.tr("试铃"), self.tr("上次 {last}，下次 {due}").format(
                last=line.last_test or self.tr("从未"), due=line.state.test_due)),
            (self.tr("响应半径"), self.tr("{n} 米").format(n=line.radius_m)),
        )  # fmt: skip

    def nothing(self) -> str:
        return self.tr("还没有登记门铃。给独居老人家登记第一个，周边谁能上门会自动算出来。")

    def write_file(self, db: Database, path: Path, lines: Sequence[BellLine]) -> None:
        del db
        sheet.write_care(path, sheet.bells_out(lines))

    # ------------------------------------------------------------------------------------- who can come, what happened

    def _show_line(self, line: BellLine | None) -> None:
        super()._show_line(line)
        if line is None or line.room_id is None:
            return
        db, key, room_id, radius = self.page.desk.app.db, line.id, line.room_id, line.radius_m

        def work() -> tuple[str, Responders, list[DoorBellEvent]]:
            return key, responders(db, room_id, radius), queries.bell_events(db, key)

        self.page.read(work, self._show_around, key="responders")

    def _show_around(self, found: tuple[str, Responders, list[DoorBellEvent]]) -> None:
        key, around, events = found
        line = self.table.current
        if line is None or line.id != key:
            return
        clear(self._below)
        self._below.addWidget(label(self.tr("谁能马上上门"), "section"))
        people = Facts(self)
        people.show_facts(
            [
                (
                    one.name,
                    f"{one.phone if key == self._plain else mask('phone', one.phone)}　{one.capacity}　{one.far}",
                )
                for one in around.lines[:_PEOPLE]
            ]
        )
        self._below.addWidget(people)
        if len(around.lines) > _PEOPLE:
            words = self.tr("由近到远还有 {n} 人").format(n=len(around.lines) - _PEOPLE)
            self._below.addWidget(label(words, "muted", wrap=True))
        for words in around.remarks:
            self._below.addWidget(label(words, "muted", wrap=True))
        if events:
            self._below.addWidget(label(self.tr("最近的记录"), "section"))
            past = Facts(self)
            past.show_facts([(event.at[5:], _told(event)) for event in events[:_EVENTS]])
            self._below.addWidget(past)

    # ------------------------------------------------------------------------------------------------------------ verbs

    def verbs(self) -> tuple[Command, ...]:
        group, right = self.name, "care.change"
        return (
            Command(self.tr("登记门铃"), self.hang, "Ctrl+N", "plus", group, right),
            Command(self.tr("记报警"), self.alarm, "B", "alert", group, right),
            Command(self.tr("显示电话"), self.reveal, "R", "phone", group, "care.read"),
            Command(self.tr("记试铃"), self.test, "T", "check", group, right),
            Command(self.tr("打响应人卡"), self.print_card, "Ctrl+P", "printer", group, "papers.change"),
            Command(self.tr("修改"), self.change, "E", "edit", group, right),
            Command(self.tr("记到场、故障、修复"), self.note, "J", "edit", group, right),
            Command(self.tr("登记拆除"), self.take_down, "Delete", "", group, right),
            Command(self.tr("打开这一户"), self.open, "", "house", group, "residents.read"),
        )

    def open(self) -> None:
        line = self.table.current
        if line is not None and line.household_id:
            self.page.desk.open_record("household", line.household_id)

    def hang(self) -> None:
        """A new bell."""
        self.begin(self._asks.hang(self.point_at))

    def alarm(self) -> None:
        """The bell under the cursor rang."""
        if (line := self.table.current) is not None:
            self.begin(self._asks.alarm(line))

    def test(self) -> None:
        """The bell under the cursor was tested just now."""
        if (line := self.table.current) is not None:
            self.begin(self._asks.test(line))

    def note(self) -> None:
        """Something else happened to the bell under the cursor."""
        if (line := self.table.current) is not None:
            self.begin(self._asks.note(line))

    def change(self) -> None:
        """Put right what was entered."""
        bell = self.page.desk.app.db.get(DoorBell, line.id) if (line := self.table.current) is not None else None
        if bell is not None:
            self.begin(self._asks.change(bell))

    def take_down(self) -> None:
        """The bell under the cursor is gone."""
        if (line := self.table.current) is not None and not line.to_on:
            self.begin(self._asks.take_down(line))

    def reveal(self) -> None:
        """Whole numbers of whoever can come; the look is kept."""
        if (line := self.table.current) is not None and self._plain != line.id:
            self._plain = line.id
            self.page.desk.note_look(DoorBell, line.id, "响应人电话")
            self._show_line(line)

    def print_card(self) -> None:
        """The card for the door."""
        if (line := self.table.current) is not None:
            self.page.desk.print_form("door_card", [line.id])


def _tone(line: BellLine) -> str:
    if line.state.waiting or line.state.faulty:
        return "bad"
    return "warn" if line.test_due or line.standing else ""


def _told(event: DoorBellEvent) -> str:
    came = f"{event.who_came} 到场" if event.who_came else ""
    return "　".join(part for part in (event.kind, event.cause, came, event.text) if part)
