"""心愿认领榜: wishes that hang out, with columns to write one's name in; no wisher is named."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from desktop_app.orders import wish_lists, wish_rules
from desktop_app.orders.wish_lists import WishLine
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject
from desktop_app.printing.forms.table import TableForm, TablePaper
from desktop_app.printing.tables import Column

_COLUMNS = (
    Column("编号", 24),
    Column("称呼", 30),
    Column("类别", 20),
    Column("心　愿"),
    Column("费用上限", 20, "right"),
    Column("期限", 22),
    Column("状态", 18),
    Column("认领人（单位）", 34),
    Column("电话", 30),
    Column("认领日期", 22),
)


class WishList:
    """The form."""

    name: ClassVar[str] = "wish_list"
    title: ClassVar[str] = "微心愿认领榜"
    sizes: ClassVar[tuple[str, ...]] = ("A4 横向", "A3 横向")
    subject: ClassVar[Subject] = "wish"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[TablePaper]:
        """One list of these wishes, in their order."""
        lines = wish_lists.wishes(desk.db, ids=subjects)
        waiting = sum(line.phase == wish_rules.OPEN for line in lines)
        note = f"{desk.community.name}　{desk.community.phone or ''}　共 {len(lines)} 个，待认领 {waiting} 个"
        return [TablePaper(self.title, _COLUMNS, tuple(_cells(line) for line in lines), note)]

    def draw(self, papers: Sequence[TablePaper], choice: Choice = DEFAULT) -> bytes:
        """As any list, on wide paper."""
        return TableForm().draw(papers, replace(choice, size=choice.size or self.sizes[0]))


def _cells(line: WishLine) -> tuple[str, ...]:
    cap = wish_lists.money(line.cap_fen) if line.cap_fen else "不花钱"
    return (line.no, line.alias, line.kind, line.text, cap, line.expires_on, line.phase, line.taker, "", "")
