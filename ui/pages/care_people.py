"""关爱对象: residents with a care class in force, who is paired with them, whether a bell hangs at their door."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from desktop_app.care import queries, sheet
from desktop_app.care.queries import CaredLine
from desktop_app.shared.pinyin import sort_key
from desktop_app.store.database import Database
from ui.pages.care_asks import PairAsks
from ui.pages.list_pane import ListPane
from ui.pages.page import Page
from ui.shell.commands import Command
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.record_model import RIGHT, Column


class CaredPane(ListPane):
    """A line is a resident."""

    name: ClassVar[str] = "关爱对象"
    record: ClassVar[str] = "person"
    search: ClassVar[str] = "姓名"
    stretch: ClassVar[str] = "address"
    tables: ClassVar[frozenset[str]] = frozenset(
        {"person", "person_tag", "care_pair", "door_bell", "visit", "household", "household_member", "residence"}
    )

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._asks = PairAsks(page.desk)

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("name", self.tr("姓名"), 76, lambda line: line.name, "name"),
            Column("age", self.tr("年龄"), 48, lambda line: "" if line.age is None else str(line.age), "age", RIGHT),
            Column("address", self.tr("住址"), 140, lambda line: line.address, "address"),
            Column("classes", self.tr("类别"), 130, lambda line: "、".join(line.classes), "classes"),
            Column("helper", self.tr("结对人"), 96, lambda line: line.helper or self.tr("没有"), "helper", tone=_tone),
            Column("bell", self.tr("门铃"), 48, lambda line: self.tr("有") if line.bell else "", "bell"),
            Column("last", self.tr("上次走访"), 92, lambda line: line.last_on or "", "last"),
        )

    def filters(self) -> tuple[Filter, ...]:
        classes = tuple((one.name, one.name) for one in self.page.desk.codes("tags") if one.text("family") == "关怀")
        lacks = (("pair", self.tr("没有人结对")), ("bell", self.tr("没有门铃")))
        return (Filter("class", self.tr("类别"), classes), Filter("lack", self.tr("还缺"), lacks))

    def orders(self) -> Mapping[str, Callable[[CaredLine], Any]]:
        return {
            "name": lambda line: sort_key(line.name),
            "age": lambda line: line.age or 0,
            "address": lambda line: line.address,
            "classes": lambda line: line.classes,
            "helper": lambda line: line.helper,
            "bell": lambda line: line.bell,
            "last": lambda line: line.last_on or "",
        }

    def ask(self, db: Database, chosen: Chosen) -> Sequence[CaredLine]:
        classes, lack = chosen.of("class"), chosen.of("lack")
        return [
            line
            for line in queries.cared(db, text=chosen.text)
            if (not classes or set(classes) & set(line.classes))
            and ("pair" not in lack or not line.helper)
            and ("bell" not in lack or not line.bell)
        ]

    def title_of(self, line: CaredLine) -> str:
        return line.name

    def facts(self, line: CaredLine) -> Sequence[tuple[str, Any]]:
        age = self.tr("{n}岁").format(n=line.age) if line.age is not None else ""
        return (
            (self.tr("本人"), "　".join(part for part in (line.sex, age, line.phone) if part)),
            (self.tr("住址"), line.address),
            (self.tr("类别"), "、".join(line.classes)),
            (self.tr("起"), line.since),
            (self.tr("依据"), line.evidence),
            (self.tr("结对人"), line.helper or self.tr("还没有")),
            (self.tr("门铃"), self.tr("有") if line.bell else self.tr("没有")),
            (self.tr("上次走访"), line.last_on or self.tr("还没有")),
        )

    def nothing(self) -> str:
        return self.tr("还没有关爱对象。在居民页打上独居老人、低保、残疾等标签，就会列在这里。")

    def write_file(self, db: Database, path: Path, lines: Sequence[CaredLine]) -> None:
        del db
        sheet.write_care(path, sheet.cared_out(lines))

    def verbs(self) -> tuple[Command, ...]:
        group = self.name
        return (
            Command(self.tr("给他结对"), self.pair, "Ctrl+N", "plus", group, "care.change"),
            Command(self.tr("打开"), self.open, "O", "person", group, "residents.read"),
            Command(self.tr("记走访"), self.visit, "V", "pin", group, "visits.change"),
        )

    def open(self) -> None:
        if (line := self.table.current) is not None:
            self.page.desk.open_record("person", line.id)

    def pair(self) -> None:
        """Somebody for the resident under the cursor."""
        if (line := self.table.current) is not None:
            self.begin(self._asks.pair_with(line))

    def visit(self) -> None:
        """A visit to the resident under the cursor."""
        if (line := self.table.current) is not None:
            self.page.desk.open_record("visit-form", f"person:{line.id}")


def _tone(line: CaredLine) -> str:
    return "" if line.helper else "warn"
