"""计票单: the counts of each vote, the arithmetic with its rule, who watched; for owners, the rooms behind it."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.boxed import SIGNATURE, draw_boxes
from desktop_app.printing.fields import Field
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject
from desktop_app.printing.forms.table import TablePaper, draw_table
from desktop_app.printing.sheet import A4, Sheet
from desktop_app.printing.tables import Column
from desktop_app.printing.votes import TallyPaper, tally_papers

_COLUMNS = (
    Column("序号", 12, "centre"),
    Column("房　号"),
    Column("业主", 28),
    Column("面积（㎡）", 24, "right"),
    Column("意见", 20, "centre"),
    Column("受托人", 26),
)


class VoteTally:
    """The form."""

    name: ClassVar[str] = "vote_tally"
    title: ClassVar[str] = "计票单"
    sizes: ClassVar[tuple[str, ...]] = ("A4",)
    subject: ClassVar[Subject] = "meeting"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[TallyPaper]:
        """Every vote of each meeting."""
        return [paper for subject in subjects for paper in tally_papers(desk, subject)]

    def draw(self, papers: Sequence[TallyPaper], choice: Choice = DEFAULT) -> bytes:
        """Each vote begins a page of its own, the rooms follow it."""
        sheet = Sheet(self.title, author=papers[0].organ if papers else "", allow_missing=choice.allow_missing)
        for paper in papers:
            draw_boxes(sheet, "计票单", paper.organ, paper.number, _rows(paper), choice.footer)
            if paper.rooms:
                note = f"{paper.meeting}　{paper.question}　共 {len(paper.rooms)} 户"
                draw_table(sheet, TablePaper("业主表决情况", _COLUMNS, paper.rooms, note), A4, choice.footer)
        return sheet.finish()


def _rows(paper: TallyPaper) -> list[list[Field]]:
    issued, returned, valid, void = (f"{word}　{number}" for word, number in paper.slips)
    return [
        [Field("会　　议", paper.meeting)],
        [Field("时　　间", paper.day), Field("地　　点", paper.place)],
        [Field("表决事项", paper.question, 3)],
        [Field("表决方式", paper.how), Field("适用规则", paper.rule)],
        [Field("票　　数", f"{issued}　　{returned}　　{valid}　　{void}")],
        [Field("计票结果", paper.counts, 2)],
        [Field("计　　算", "\n".join(paper.lines), 5)],
        [Field("结　　果", paper.printed or f"不作判定：{paper.why}", 2)],
        [Field("监 票 人", paper.scrutineer, 3, foot=SIGNATURE)],
        [Field("计 票 人", paper.teller, 3, foot=SIGNATURE)],
        [Field("主 持 人", "", 3, foot=SIGNATURE)],
    ]
