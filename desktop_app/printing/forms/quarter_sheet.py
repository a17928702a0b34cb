"""季度“四个一”完成情况表: the four items of a quarter with what shows that each was done; A4."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from desktop_app.matters.quarter import Quarter, parse, quarterly
from desktop_app.printing.boxed import SEAL, draw_boxes
from desktop_app.printing.fields import Field
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, sheet_of
from desktop_app.printing.words import spoken_date

_MOST = 5
"""Lines of evidence for one item."""


@dataclass(frozen=True, slots=True)
class QuarterPaper:
    """A quarter and whose it is."""

    community: str
    quarter: Quarter
    by: str


class QuarterSheet:
    """The form."""

    name: ClassVar[str] = "quarter_sheet"
    title: ClassVar[str] = "季度“四个一”完成情况表"
    sizes: ClassVar[tuple[str, ...]] = ("A4",)
    subject: ClassVar[Subject] = "quarter"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[QuarterPaper]:
        """Quarters as 2026Q4; "" is the present one."""
        on = desk.clock.today().isoformat()
        names = [parse(word) if word else "" for word in subjects]
        return [QuarterPaper(desk.community.name, quarterly(desk.db, on, name), desk.actor.name) for name in names]

    def draw(self, papers: Sequence[QuarterPaper], choice: Choice = DEFAULT) -> bytes:
        """One sheet for each quarter."""
        sheet = sheet_of(self.title, papers, choice)
        for paper in papers:
            draw_boxes(
                sheet, f"{paper.quarter.words}“四个一”完成情况表", paper.community, "", _rows(paper), choice.footer
            )
        return sheet.finish()


def _rows(paper: QuarterPaper) -> list[list[Field]]:
    rows = []
    for box in paper.quarter.boxes:
        told = [f"{spoken_date(one.on)}　{one.words}" for one in box.found[-_MOST:]]
        more = [f"……共 {len(box.found)} 条"] if len(box.found) > _MOST else []
        rows.append([Field(f"第{box.number}项", box.name), Field("完成情况", "已完成" if box.done else "未完成")])
        rows.append([Field("办理记录", "\n".join([*told, *more]), 3)])
    done = sum(box.done for box in paper.quarter.boxes)
    rows.append([Field("合　　计", f"完成 {done} 项，共 {len(paper.quarter.boxes)} 项"), Field("填 表 人", paper.by)])
    return [*rows, [Field("存在问题", "", 3)], [Field("审核意见", "", 3, foot=SEAL)]]
