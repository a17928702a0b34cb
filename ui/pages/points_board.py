"""公示榜: who earned how much in a year; names are masked here already, since this is what will hang out."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from desktop_app.points import figures, rules, sheet
from desktop_app.points.figures import AT, YearLine
from desktop_app.shared.pinyin import sort_key
from desktop_app.store.database import Database
from ui.pages.list_pane import Facts_, ListPane
from ui.pages.points_passbook import signed
from ui.shell.commands import Command
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.record_model import CENTRE, Column
from ui.widgets.record_model import RIGHT as RIGHT_HAND

_YEARS = 5


class BoardPane(ListPane):
    """Accounts of a kind by what they earned in a year."""

    name: ClassVar[str] = "积分公示榜"
    tables: ClassVar[frozenset[str]] = frozenset({"points_account", "points_entry"})
    stretch: ClassVar[str] = "name"
    search: ClassVar[str] = "遮盖以后的姓名"

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("rank", self.tr("名次"), 56, lambda line: str(line.rank), "rank", CENTRE),
            Column("name", self.tr("姓名或户"), 130, lambda line: line.public_name, "name"),
            Column("earned", self.tr("当年获得"), 84, self._earned, "earned", RIGHT_HAND),
            Column("spent", self.tr("当年支出"), 84, lambda line: str(line.spent or ""), "spent", RIGHT_HAND),
            Column("given", self.tr("当年转赠"), 84, lambda line: str(line.given or ""), "given", RIGHT_HAND),
            Column("balance", self.tr("现在结余"), 84, lambda line: signed(line.balance), "balance", RIGHT_HAND),
        )

    def filters(self) -> tuple[Filter, ...]:
        year = self.page.desk.app.clock.today().year
        years = tuple((str(one), self.tr("{year} 年").format(year=one)) for one in range(year, year - _YEARS, -1))
        kinds = tuple((word, word) for word in rules.OWNED)
        return (
            Filter("kind", self.tr("类别"), kinds, several=False),
            Filter("year", self.tr("哪一年"), years, several=False),
        )

    def _make_list(self) -> None:
        super()._make_list()
        self.bar.chips["kind"].choose((rules.TIME,))
        self.bar.chips["year"].choose((str(self.page.desk.app.clock.today().year),))

    def orders(self) -> Mapping[str, Callable[[YearLine], Any]]:
        return {
            "rank": lambda line: line.rank,
            "name": lambda line: sort_key(line.public_name),
            "earned": lambda line: line.earned,
            "spent": lambda line: line.spent,
            "given": lambda line: line.given,
            "balance": lambda line: line.balance,
        }

    def _which(self, chosen: Chosen) -> tuple[str, int]:
        """Kind and year; what is not chosen is the usual."""
        year = chosen.one("year") or str(self.page.desk.app.clock.today().year)
        return chosen.one("kind") or rules.TIME, int(year)

    def ask(self, db: Database, chosen: Chosen) -> list[YearLine]:
        kind, year = self._which(chosen)
        return [line for line in figures.year(db, year, kind) if chosen.text in line.public_name]

    def title_of(self, line: YearLine) -> str:
        return line.public_name

    def facts(self, line: YearLine) -> Facts_:
        return (
            (self.tr("名次"), self.tr("第 {n} 名").format(n=line.rank)),
            (self.tr("当年获得"), rules.spoken(line.earned, line.unit)),
            (self.tr("当年支出"), rules.spoken(line.spent, line.unit) if line.spent else ""),
            (self.tr("当年转赠"), rules.spoken(line.given, line.unit) if line.given else ""),
            (self.tr("一票否决"), self.tr("当年归零") if line.vetoed else ""),
            (self.tr("现在结余"), rules.spoken(line.balance, line.unit)),
        )

    def verbs(self) -> tuple[Command, ...]:
        return (
            Command(self.tr("打印公示榜"), self.print_board, "Ctrl+P", "printer", self.name, "papers.change"),
            Command(self.tr("看这本存折"), self.open, "O", "file", self.name),
        )

    def first_step(self) -> Command | None:
        return Command(self.tr("看可存入的"), lambda: self.page.show_this("points_due"), "Alt+2", "", self.name)

    def nothing(self) -> str:
        return self.tr("这一类这一年还没有存入。换一类、换一年，或先把做完的服务存进去。")

    def write_file(self, _db: Database, draft: Path, lines: Sequence[YearLine]) -> None:
        sheet.write_board(draft, lines)

    def open(self) -> None:
        """The passbook behind a line."""
        line = self.table.current
        if line is not None:
            self.page.show_this(f"points_account:{line.account_id}")

    def print_board(self) -> None:
        """The board of this kind and year."""
        kind, year = self._which(self.bar.chosen)
        self.page.desk.print_form("points_board", [f"{kind}{AT}{year}"])

    def _earned(self, line: YearLine) -> str:
        return self.tr("否决") if line.vetoed else signed(line.earned)
