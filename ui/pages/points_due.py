"""可存入: services given and duty served for which nothing was deposited yet; one or many go in at once."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtWidgets import QAbstractItemView, QLayout

from desktop_app.points import due, rules, sheet
from desktop_app.points.due import DueLine
from desktop_app.points.several import NotDeposited
from desktop_app.shared.pinyin import sort_key
from desktop_app.store.database import Database
from ui.pages.list_pane import Facts_, ListPane
from ui.pages.page import Page
from ui.pages.points_asks import RIGHT, DueAsks
from ui.shell.commands import Command
from ui.shell.parts import column, label
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.record_model import RIGHT as RIGHT_HAND
from ui.widgets.record_model import Column


class DuePane(ListPane):
    """What was done, the longest ago first."""

    name: ClassVar[str] = "可存入"
    tables: ClassVar[frozenset[str]] = frozenset(
        {"points_account", "points_entry", "service_order", "order_event", "shift", "shift_event", "helper"}
    )
    stretch: ClassVar[str] = "text"
    search: ClassVar[str] = "姓名、事项、编号"

    def __init__(self, page: Page) -> None:
        self._asks = DueAsks(page.desk)
        self._left: dict[str, NotDeposited] = {}
        super().__init__(page)

    def _make_list(self) -> None:
        super()._make_list()
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.selection_counted.connect(self._count)

    def _count(self, chosen: int) -> None:
        if chosen > 1:
            words = self.tr("共 {n} 条，选了 {m} 条").format(n=len(self.table.lines), m=chosen)
            self.bar.show_count(words)

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("on", self.tr("日期"), 90, lambda line: line.owed.on, "on"),
            Column("name", self.tr("志愿者"), 86, lambda line: line.name, "name"),
            Column("kind", self.tr("凭据"), 66, _kind, "kind"),
            Column("no", self.tr("编号"), 86, lambda line: line.no, "no"),
            Column("text", self.tr("事项"), 180, lambda line: line.owed.text, "text"),
            Column("minutes", self.tr("分钟"), 56, lambda line: str(line.owed.minutes), "minutes", RIGHT_HAND),
            Column("account", self.tr("账户"), 56, self._known, "account", tone=_tone),
        )

    def filters(self) -> tuple[Filter, ...]:
        kinds = tuple((table, rules.EVIDENCE[table]) for table in ("service_order", "shift"))
        year = self.page.desk.app.clock.today().year
        years = tuple((str(one), self.tr("{year} 年").format(year=one)) for one in range(year - 1, year - 4, -1))
        return (
            Filter("kind", self.tr("凭据"), kinds, several=False),
            Filter("year", self.tr("往年"), years, several=False),
        )

    def orders(self) -> Mapping[str, Callable[[DueLine], Any]]:
        return {
            "on": lambda line: line.owed.on,
            "name": lambda line: (sort_key(line.name), line.owed.on),
            "kind": lambda line: (line.owed.ref_type, line.owed.on),
            "no": lambda line: line.no,
            "text": lambda line: sort_key(line.owed.text),
            "minutes": lambda line: line.owed.minutes,
            "account": lambda line: (bool(line.account_id), sort_key(line.name)),
        }

    def ask(self, db: Database, chosen: Chosen) -> list[DueLine]:
        year, kind = chosen.one("year"), chosen.one("kind")
        found = due.due(db, f"{year}-01-01", f"{year}-12-31") if year else due.due(db)
        return [
            line
            for line in found
            if kind in {"", line.owed.ref_type} and chosen.text in f"{line.name}{line.owed.text}{line.no}"
        ]

    def title_of(self, line: DueLine) -> str:
        return line.owed.text

    def facts(self, line: DueLine) -> Facts_:
        return (
            (self.tr("志愿者"), line.name),
            (self.tr("日期"), line.owed.on),
            (self.tr("凭据"), "　".join(part for part in (_kind(line), line.no) if part)),
            (self.tr("时间"), rules.spoken(line.owed.minutes, rules.MINUTES)),
            (self.tr("账户"), self._account(line)),
            (self.tr("没有存入"), self._why(line)),
        )

    def below(self, _line: DueLine) -> QLayout | None:
        return column(label(self.tr("几条一起存：按住 Ctrl 或 Shift 选，Ctrl+A 全选。"), "muted", wrap=True))

    def verbs(self) -> tuple[Command, ...]:
        return (
            Command(self.tr("存入选中的"), self.deposit, "C", "coins", self.name, RIGHT),
            Command(self.tr("打开凭据"), self.open, "O", "file", self.name, "orders.read"),
        )

    def first_step(self) -> Command | None:
        return None

    def nothing(self) -> str:
        return self.tr("做完的服务单和签退了的值守都已存入。新的做完以后，会自己列在这里。")

    def write_file(self, _db: Database, draft: Path, lines: Sequence[DueLine]) -> None:
        sheet.write_due(draft, lines)

    def deposit(self) -> None:
        """What is selected goes in, with its reviewers."""
        chosen = self.table.selected
        if chosen:
            self.begin(self._asks.deposit(chosen, self._keep_problems))

    def _keep_problems(self, left: Sequence[NotDeposited]) -> None:
        """What could not be deposited stays in the list; why stands beside it until it is tried again."""
        self._left = {one.owed.ref_id: one for one in left}

    def _why(self, line: DueLine) -> str:
        left = self._left.get(line.id)
        return f"{left.why}{left.next_step}" if left else ""

    def open(self) -> None:
        """The order, or the shift among its days."""
        line = self.table.current
        if line is not None and line.owed.ref_type == "service_order":
            self.page.desk.open_record("order", line.owed.ref_id)
        elif line is not None:
            self.page.desk.open_page("orders", f"shift:{line.owed.ref_id}")

    def _known(self, line: DueLine) -> str:
        return self.tr("已有") if line.account_id else self.tr("新开")

    def _account(self, line: DueLine) -> str:
        return self.tr("已有") if line.account_id else self.tr("存入时开户")


def _kind(line: DueLine) -> str:
    return rules.EVIDENCE[line.owed.ref_type]


def _tone(line: DueLine) -> str:
    return "" if line.account_id else "warn"
