"""议题交办单: who leads, who helps, until when, and room for the answer and both seals; A4."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.boxed import SEAL, draw_boxes
from desktop_app.printing.fields import Field
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, draw_each
from desktop_app.printing.matter import MatterPaper, matter_paper
from desktop_app.shared.errors import AppError


class MatterAssignment:
    """The form."""

    name: ClassVar[str] = "matter_assignment"
    title: ClassVar[str] = "议题交办单"
    sizes: ClassVar[tuple[str, ...]] = ("A4",)
    subject: ClassVar[Subject] = "matter"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[MatterPaper]:
        """The last assignment of each matter.  AppError for one that was not assigned."""
        papers = [matter_paper(desk, subject) for subject in subjects]
        for paper in papers:
            if not paper.lead:
                raise AppError(
                    f"“{paper.title}”还没有交办，没有打印。", next_step="请先记下交办给谁、什么时候完成，再打印单子。"
                )
        return papers

    def draw(self, papers: Sequence[MatterPaper], choice: Choice = DEFAULT) -> bytes:
        """Each begins a page of its own."""
        return draw_each(
            self.title,
            papers,
            choice,
            lambda sheet, paper: draw_boxes(sheet, self.title, paper.community, paper.no, _rows(paper), choice.footer),
        )


def _rows(paper: MatterPaper) -> list[list[Field]]:
    return [
        [Field("交办单位", paper.community), Field("交办日期", paper.assigned)],
        [Field("牵头单位", paper.lead), Field("协办单位", paper.helpers)],
        [Field("议　　题", paper.title)],
        [Field("提 出 人", f"{paper.source}　{paper.proposer}"), Field("提出日期", paper.proposed)],
        [Field("内　　容", paper.text, 6)],
        [Field("议定意见", paper.decision, 4)],
        [Field("交办要求", paper.request, 5, foot=SEAL)],
        [Field("完成时限", paper.due), Field("经 办 人", paper.assigned_by)],
        [Field("所需资金", paper.money)],
        [Field("办理结果", paper.result, 7, foot=SEAL)],
        [Field("反馈情况", paper.told, 4)],
    ]
