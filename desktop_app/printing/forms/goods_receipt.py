"""签收表: what was handed out at each door, and room for whoever took it to sign."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject
from desktop_app.printing.sheet import A4, Sheet
from desktop_app.printing.tables import Column
from desktop_app.printing.walk_table import WalkTable, draw_walk
from desktop_app.printing.walks import WalkPaper, walks

_COLUMNS = (
    Column("序号", 12, "centre"),
    Column("房号", 22, "centre"),
    Column("户主", 24, "centre"),
    Column("物品", 34),
    Column("数量", 14, "centre"),
    Column("签收人签名", 34),
    Column("与户主关系", 22),
    Column("日期", 18),
)


class GoodsReceipt:
    """The form."""

    name: ClassVar[str] = "goods_receipt"
    title: ClassVar[str] = "签收表"
    sizes: ClassVar[tuple[str, ...]] = ("A4",)
    subject: ClassVar[Subject] = "campaign"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[WalkPaper]:
        """A sheet for each team of a campaign; or one over buildings, rooms, households and residents."""
        return walks(desk, subjects, title=self.title)

    def draw(self, papers: Sequence[WalkPaper], choice: Choice = DEFAULT) -> bytes:
        """Each team begins a page; pages are counted within it."""
        sheet = Sheet(self.title, allow_missing=choice.allow_missing)
        for paper in papers:
            draw_walk(sheet, paper, _table(self.title, paper.goods), A4, choice.footer)
        return sheet.finish()


def _table(title: str, goods: str) -> WalkTable:
    return WalkTable(
        title,
        "receipt",
        _COLUMNS,
        lambda number, stop: (str(number), stop.room, stop.name, goods, "", "", "", ""),
        [""] * len(_COLUMNS),
    )
