"""结对包保: who looks after whom, how often, when somebody went, who should go now."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from desktop_app.care import queries, sheet
from desktop_app.care.model import CarePair
from desktop_app.care.queries import PairLine
from desktop_app.shared.pinyin import sort_key
from desktop_app.store.database import Database
from ui.pages.care_asks import PairAsks
from ui.pages.list_pane import ListPane
from ui.pages.page import Page
from ui.shell.commands import Command
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.record_model import RIGHT, Column


class PairsPane(ListPane):
    """A line is a pair; the most overdue stand first."""

    name: ClassVar[str] = "结对包保"
    record: ClassVar[str] = "care_pair"
    search: ClassVar[str] = "对象、结对人、住址"
    stretch: ClassVar[str] = "address"
    tables: ClassVar[frozenset[str]] = frozenset(
        {"care_pair", "visit", "person", "person_tag", "household", "household_member", "residence"}
    )

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._asks = PairAsks(page.desk)

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("name", self.tr("关爱对象"), 76, lambda line: line.name, "name"),
            Column("address", self.tr("住址"), 140, lambda line: line.address, "address"),
            Column("helper", self.tr("结对人"), 96, lambda line: line.helper, "helper"),
            Column("due", self.tr("应走访"), 92, lambda line: line.due_on, "due", tone=_tone),
            Column("class", self.tr("类别"), 84, lambda line: line.care_class, "class"),
            Column("days", self.tr("间隔"), 48, lambda line: str(line.days), "days", RIGHT),
            Column("last", self.tr("上次走访"), 92, lambda line: line.last_on or self.tr("还没有"), "last"),
        )

    def filters(self) -> tuple[Filter, ...]:
        classes = tuple((one.name, one.name) for one in self.page.desk.codes("tags") if one.text("family") == "关怀")
        return (
            Filter("state", self.tr("该去"), (("overdue", self.tr("逾期的")), ("doubt", self.tr("要核对的")))),
            Filter("class", self.tr("类别"), classes),
            Filter("ended", self.tr("已结束"), (("1", self.tr("也看已结束的")),), several=False),
        )

    def orders(self) -> Mapping[str, Callable[[PairLine], Any]]:
        return {
            "name": lambda line: sort_key(line.name),
            "address": lambda line: line.address,
            "class": lambda line: line.care_class,
            "helper": lambda line: sort_key(line.helper),
            "days": lambda line: line.days,
            "last": lambda line: line.last_on or "",
            "due": lambda line: line.due_on,
        }

    def ask(self, db: Database, chosen: Chosen) -> Sequence[PairLine]:
        states, classes = chosen.of("state"), chosen.of("class")
        return [
            line
            for line in queries.pairs(db, text=chosen.text, ended=bool(chosen.one("ended")))
            if (not classes or line.care_class in classes)
            and ("overdue" not in states or line.overdue)
            and ("doubt" not in states or line.doubt)
        ]

    def title_of(self, line: PairLine) -> str:
        return f"{line.name} ← {line.helper}"

    def facts(self, line: PairLine) -> Sequence[tuple[str, Any]]:
        return (
            (self.tr("需要核对"), line.doubt),
            (self.tr("住址"), line.address),
            (self.tr("结对人"), "　".join(part for part in (line.helper, line.helper_unit, line.helper_phone) if part)),
            (self.tr("类别"), line.care_class),
            (self.tr("间隔"), self.tr("{n} 天").format(n=line.days)),
            (self.tr("起"), line.from_on),
            (self.tr("上次走访"), line.last_on or self.tr("还没有")),
            (self.tr("结对人上次去"), line.by_helper),
            (self.tr("应走访"), line.due_on),
            (self.tr("止"), line.to_on),
        )

    def nothing(self) -> str:
        return self.tr("还没有结对。登记第一对，到期没有人去会提醒。")

    def write_file(self, db: Database, path: Path, lines: Sequence[PairLine]) -> None:
        del db
        sheet.write_care(path, sheet.pairs_out(lines))

    # ------------------------------------------------------------------------------------------------------------ verbs

    def verbs(self) -> tuple[Command, ...]:
        group, right = self.name, "care.change"
        return (
            Command(self.tr("结对"), self.pair, "Ctrl+N", "plus", group, right),
            Command(self.tr("记走访"), self.visit, "V", "pin", group, "visits.change"),
            Command(self.tr("打关爱名册"), self.print_roll, "Ctrl+P", "printer", group, "papers.change"),
            Command(self.tr("修改"), self.change, "E", "edit", group, right),
            Command(self.tr("结束结对"), self.end, "Delete", "", group, right),
            Command(self.tr("打开关爱对象"), self.open, "", "person", group, "residents.read"),
        )

    def open(self) -> None:
        if (line := self.table.current) is not None:
            self.page.desk.open_record(line.subject, line.subject_id)

    def pair(self) -> None:
        """A new pair."""
        self.begin(self._asks.pair(self.point_at))

    def visit(self) -> None:
        """The helper of the line under the cursor went there."""
        if (line := self.table.current) is not None:
            self.begin(self._asks.visit(line))

    def change(self) -> None:
        """Put right what was entered."""
        made = self.page.desk.app.db.get(CarePair, line.id) if (line := self.table.current) is not None else None
        if made is not None:
            self.begin(self._asks.change(made))

    def end(self) -> None:
        """The pair under the cursor is over."""
        if (line := self.table.current) is not None and not line.to_on:
            self.begin(self._asks.end(line))

    def print_roll(self) -> None:
        """The roll of the pairs that are shown."""
        self.page.desk.print_form("care_roll", [line.id for line in self.table.lines])


def _tone(line: PairLine) -> str:
    return "bad" if line.overdue else "warn" if line.doubt else ""
