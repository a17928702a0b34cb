"""共建协议书: A4 on the grid of an official paper, what both sides promise, and room for two seals."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, draw_each
from desktop_app.printing.page import Flow, rules
from desktop_app.printing.partner import AgreementPaper, agreement_paper

_SIDES = {"单位": "乙方", "社区": "甲方", "双方": "甲乙双方"}


class AgreementForm:
    """The form."""

    name: ClassVar[str] = "agreement"
    title: ClassVar[str] = "共建协议书"
    sizes: ClassVar[tuple[str, ...]] = ("A4",)
    subject: ClassVar[Subject] = "agreement"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[AgreementPaper]:
        """One for each agreement; it goes out in two copies."""
        return [agreement_paper(desk, subject) for subject in subjects]

    def draw(self, papers: Sequence[AgreementPaper], choice: Choice = DEFAULT) -> bytes:
        """Each begins a page of its own."""
        return draw_each(self.title, papers, choice, lambda sheet, paper: build(paper).draw(sheet))


def build(paper: AgreementPaper) -> Flow:
    """The agreement on the grid."""
    words = rules("partner")["agreement"]
    named = {"community": paper.community, "unit": paper.unit, "start": paper.start, "end": paper.end}
    flow = Flow()
    flow.title(words["title"].format(**named))
    if paper.number:
        flow.right(f"编号：{paper.number}", inset=0)
    flow.paragraph(f"甲方：{paper.community}")
    flow.paragraph(f"乙方：{paper.unit}")
    flow.paragraph(words["opening"].format(**named))
    flow.heading(1, 1, "共建目标")
    flow.paragraph(paper.goals or words["goals"])
    flow.heading(1, 2, "共建事项")
    for number, (side, text, until) in enumerate(paper.items, start=1):
        flow.numbered(3, number, f"{_SIDES.get(side, side)}：{text}{f'，{until}前完成' if until else ''}。")
    flow.heading(1, 3, "联络和评价")
    flow.paragraph(words["contact"])
    flow.heading(1, 4, "期限")
    flow.paragraph(words["closing"].format(**named))
    flow.blank(keep=True)
    flow.signatures(["甲方（盖章）：", "乙方（盖章）："], indent=0)
    flow.blank(keep=True)
    flow.signatures([f"代表（签字）：{paper.ours[0]}", f"代表（签字）：{paper.theirs[0]}"], indent=0)
    flow.signatures([f"联系电话：{paper.ours[1]}", f"联系电话：{paper.theirs[1]}"], indent=0)
    flow.right(paper.signed or "　　年　　月　　日", inset=2)
    return flow
