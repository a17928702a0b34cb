"""账户: who has how much, those below zero first; the passbook of the one under the cursor stands beside the list."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtWidgets import QVBoxLayout

from desktop_app.points import queries, rules, sheet
from desktop_app.points.queries import AccountFilter, AccountLine
from desktop_app.shared.pinyin import sort_key
from desktop_app.store.database import Database
from ui.pages.list_pane import Facts_, ListPane
from ui.pages.page import Page
from ui.pages.points_asks import RIGHT, PointsAsks
from ui.pages.points_passbook import PassbookView, signed
from ui.shell.commands import Command
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.inline_form import Ask
from ui.widgets.record_model import RIGHT as RIGHT_HAND
from ui.widgets.record_model import Column

_BELOW, _CLOSED = "below", "closed"
_MOST = 20_000


class AccountsPane(ListPane):
    """Accounts by name."""

    name: ClassVar[str] = "积分账户"
    record: ClassVar[str] = "points_account"
    tables: ClassVar[frozenset[str]] = frozenset({"points_account", "points_entry", "person"})
    stretch: ClassVar[str] = "name"
    search: ClassVar[str] = "户名、拼音、电话、住址"

    def __init__(self, page: Page) -> None:
        self._asks = PointsAsks(page.desk)
        super().__init__(page)

    def _make_card(self) -> None:
        super()._make_card()
        self.passbook = PassbookView(self.page, self._card)
        card = self._card.layout()
        if isinstance(card, QVBoxLayout):
            card.insertWidget(card.indexOf(self._buttons) + 1, self.passbook)

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("name", self.tr("户名"), 110, lambda line: line.name, "name"),
            Column("kind", self.tr("类别"), 76, lambda line: line.kind, "kind"),
            Column("balance", self.tr("结余"), 72, _balance, "balance", RIGHT_HAND, tone=_tone),
            Column("unit", self.tr("单位"), 44, lambda line: line.unit),
            Column("look", self.tr("要看的"), 96, self._look, "look", tone=lambda _line: "bad"),
            Column("came", self.tr("累计存入"), 76, lambda line: str(line.came or ""), "came", RIGHT_HAND),
            Column("went", self.tr("累计支出"), 76, lambda line: str(line.went or ""), "went", RIGHT_HAND),
            Column("last", self.tr("最近一笔"), 90, lambda line: line.last_on, "last"),
        )

    def filters(self) -> tuple[Filter, ...]:
        kinds = tuple((word, word) for word in rules.OWNED)
        looks = ((_BELOW, self.tr("低于 0 的")), (_CLOSED, self.tr("连同已销户的")))
        return (
            Filter("kind", self.tr("类别"), kinds, several=False),
            Filter("look", self.tr("要看的"), looks, several=False),
        )

    def orders(self) -> Mapping[str, Callable[[AccountLine], Any]]:
        return {
            "name": lambda line: sort_key(line.name),
            "kind": lambda line: (line.kind, sort_key(line.name)),
            "balance": lambda line: line.balance,
            "came": lambda line: line.came,
            "went": lambda line: line.went,
            "last": lambda line: line.last_on,
            "look": self._look,
        }

    def ask(self, db: Database, chosen: Chosen) -> list[AccountLine]:
        look = chosen.one("look")
        which = AccountFilter(text=chosen.text, kind=chosen.one("kind"), below=look == _BELOW, closed=look == _CLOSED)
        return queries.accounts(db, which, limit=_MOST)

    def title_of(self, line: AccountLine) -> str:
        return line.name

    def facts(self, line: AccountLine) -> Facts_:
        days = (line.opened_on, self.tr("{on} 销户").format(on=line.closed_on) if line.closed_on else "")
        return (
            (self.tr("要看的"), self._look(line)),
            (self.tr("类别"), line.kind),
            (self.tr("结余"), line.balance_words),
            (self.tr("开户日期"), "　".join(part for part in days if part)),
            (self.tr("备注"), line.note),
        )

    def _show_line(self, line: AccountLine | None) -> None:
        super()._show_line(line)
        if line is not None:
            self.passbook.show_account(line.id)

    def verbs(self) -> tuple[Command, ...]:
        here = self.name
        asks = self._asks
        about: tuple[tuple[str, Callable[[AccountLine], Ask | None], str], ...] = (
            (self.tr("存入"), asks.deposit, "C"),
            (self.tr("支出"), asks.spend, "Z"),
            (self.tr("转赠"), asks.transfer, "G"),
            (self.tr("冲正"), self._reverse, "R"),
        )
        more: tuple[tuple[str, Callable[[AccountLine], Ask | None], str], ...] = (
            (self.tr("转出到其他社区"), asks.send, "T"),
            (self.tr("转入其他社区的凭证"), asks.take_in, "I"),
            (self.tr("修改"), asks.change, "E"),
            (self.tr("销户"), asks.close, "X"),
        )
        return (
            Command(self.tr("开户"), self.open_account, "N", "plus", here, RIGHT),
            *(Command(words, partial(self.on_line, ask), key, "", here, RIGHT) for words, ask, key in about),
            Command(self.tr("打印存折页"), self.print_passbook, "Ctrl+P", "printer", here, "papers.change"),
            Command(self.tr("打印凭证"), self.print_voucher, "Ctrl+Shift+P", "printer", here, "papers.change"),
            *(Command(words, partial(self.on_line, ask), key, "", here, RIGHT) for words, ask, key in more),
            Command(self.tr("打开主人的资料"), self.open, "O", "person", here, "residents.read"),
        )

    def nothing(self) -> str:
        return self.tr("还没有积分账户。按 N 开户；做完的服务在“可存入”里存，没有账户的会一起开户。")

    def write_file(self, _db: Database, draft: Path, lines: Sequence[AccountLine]) -> None:
        sheet.write_accounts(draft, lines)

    def on_line(self, ask: Callable[[AccountLine], Ask | None]) -> None:
        """A form about the account under the cursor."""
        line = self.table.current
        if line is not None:
            self.begin(ask(line))

    def open(self) -> None:
        """The owner in a tab of their own."""
        line = self.table.current
        if line is None:
            return
        if line.person_id:
            self.page.desk.open_record("person", line.person_id)
        elif line.household_id:
            self.page.desk.open_record("household", line.household_id)
        else:
            self.page.desk.open_page("orders", f"helper:{line.helper_id}")

    def open_account(self) -> None:
        """A new account, of the kind the list is narrowed to."""
        self.begin(self._asks.open(self.point_at, self.bar.chosen.one("kind")))

    def _reverse(self, line: AccountLine) -> Ask | None:
        return self._asks.reverse(line, self.passbook.lines, self.passbook.current)

    def print_passbook(self) -> None:
        """The passbook of the account under the cursor."""
        line = self.table.current
        if line is not None:
            self.page.desk.print_form("points_passbook", [line.id])

    def print_voucher(self) -> None:
        """The voucher of the entry under the cursor of the passbook, else the latest one there is."""
        at, lines = self.passbook.current, reversed(self.passbook.lines)
        found = next((one for one in (at, *lines) if one is not None and one.voucher_no and not one.void), None)
        if found is None:
            self.page.desk.say(self.tr("这本存折上没有兑换、转赠或转出，没有凭证可以打。"))
        else:
            self.page.desk.print_form("points_voucher", [found.id])

    def _look(self, line: AccountLine) -> str:
        below = self.tr("低于 0") if line.balance < 0 else ""
        void = self.tr("有没生效的") if line.void else ""
        closed = self.tr("已销户") if line.closed_on else ""
        return "、".join(part for part in (below, void, line.gone, closed) if part)


def _balance(line: AccountLine) -> str:
    return signed(line.balance)


def _tone(line: AccountLine) -> str:
    return "bad" if line.balance < 0 else ""
