"""议题提案与办理单: the proposal, what every step came to, and the signatures; A4."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.boxed import SEAL, SIGNATURE, draw_boxes
from desktop_app.printing.fields import Field
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, draw_each
from desktop_app.printing.matter import MatterPaper, matter_paper


class MatterSheet:
    """The form."""

    name: ClassVar[str] = "matter_sheet"
    title: ClassVar[str] = "议题提案与办理单"
    sizes: ClassVar[tuple[str, ...]] = ("A4",)
    subject: ClassVar[Subject] = "matter"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[MatterPaper]:
        """Each matter as it stands."""
        return [matter_paper(desk, subject) for subject in subjects]

    def draw(self, papers: Sequence[MatterPaper], choice: Choice = DEFAULT) -> bytes:
        """Each begins a page of its own."""
        return draw_each(
            self.title,
            papers,
            choice,
            lambda sheet, paper: draw_boxes(
                sheet, f"{paper.template}议题单", paper.community, paper.no, _rows(paper), choice.footer
            ),
        )


def _rows(paper: MatterPaper) -> list[list[Field]]:
    rows = [
        [Field("议　　题", paper.title)],
        [Field("提 出 方", paper.source), Field("提 出 人", paper.proposer)],
        [Field("联系电话", paper.phone), Field("提出日期", paper.proposed)],
        [Field("附议户数", paper.households), Field("事项类别", paper.kind)],
        [Field("涉及范围", paper.scope)],
        [Field("所需资金", paper.money)],
        [Field("内　　容", paper.text, 4, foot=SIGNATURE)],
    ]
    rows += [[Field(step.name, step.words, 3)] for step in paper.steps[1:]]
    return [
        *rows,
        [Field("评　　议", paper.rating), Field("反馈情况", paper.told)],
        [Field("审核意见", "", 3, foot=SEAL)],
    ]
