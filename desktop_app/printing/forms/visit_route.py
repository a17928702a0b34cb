"""走访路线单: doors in the order one walks, building by building and unit by unit, with blanks to write in."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, size_of
from desktop_app.printing.forms.table import page_size
from desktop_app.printing.sheet import Sheet
from desktop_app.printing.tables import Column
from desktop_app.printing.walk_table import WalkTable, draw_walk
from desktop_app.printing.walks import WalkPaper, walks
from desktop_app.visits.campaigns import RouteStop

_COLUMNS = (
    Column("序号", 11, "centre"),
    Column("房号", 19, "centre"),
    Column("户主", 19, "centre"),
    Column("人数", 11, "centre"),
    Column("关怀", 27),
    Column("结果（打勾）", 71),
    Column("情况、意见建议", 61),
    Column("物品", 14),
    Column("签名", 20),
    Column("日期", 14),
)


class VisitRoute:
    """The form."""

    name: ClassVar[str] = "visit_route"
    title: ClassVar[str] = "走访路线单"
    sizes: ClassVar[tuple[str, ...]] = ("A4 横向",)
    subject: ClassVar[Subject] = "campaign"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[WalkPaper]:
        """A walk for each team of a campaign; or one over buildings, rooms, households and residents."""
        return walks(desk, subjects, title=self.title)

    def draw(self, papers: Sequence[WalkPaper], choice: Choice = DEFAULT) -> bytes:
        """Each walk begins a page; pages are counted within it."""
        sheet = Sheet(self.title, allow_missing=choice.allow_missing)
        for paper in papers:
            draw_walk(sheet, paper, _table(self.title, paper), page_size(size_of(self.sizes, choice)), choice.footer)
        return sheet.finish()


def _table(title: str, paper: WalkPaper) -> WalkTable:
    to_fill_in = (" ".join(f"□{word}" for word in paper.results), "", "", "", "")
    return WalkTable(
        title,
        "route",
        _COLUMNS,
        lambda number, stop: (*_told(number, stop, paper.untold), *to_fill_in),
        ("", "", "", "", "", *to_fill_in),
    )


def _told(number: int, stop: RouteStop, untold: frozenset[str]) -> tuple[str, ...]:
    count = f"{stop.persons}人" if stop.persons else ""
    return str(number), stop.room, stop.name, count, "、".join(tag for tag in stop.tags if tag not in untold)
