"""个人信息查询（更正、删除）答复书: an official page to whoever asked (PIPL art. 50)."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, sheet_of
from desktop_app.printing.page import Flow
from desktop_app.printing.privacy import AnswerPaper, answer_paper
from desktop_app.shared.errors import AppError


class RequestAnswer:
    """The form."""

    name: ClassVar[str] = "request_answer"
    title: ClassVar[str] = "个人信息申请答复书"
    sizes: ClassVar[tuple[str, ...]] = ("A4",)
    subject: ClassVar[Subject] = "request"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[AnswerPaper]:
        """One answer for each request."""
        return [answer_paper(desk, subject) for subject in subjects]

    def draw(self, papers: Sequence[AnswerPaper], choice: Choice = DEFAULT) -> bytes:
        """Each on pages of its own.  AppError for one that was not decided, unless a draft is wanted."""
        sheet = sheet_of(self.title, papers, choice)
        for paper in papers:
            if paper.wanting and not choice.draft:
                raise AppError(
                    f"这件申请还没有{paper.wanting}，没有打印。", next_step="请先作出决定；要先看样子可以打印草稿。"
                )
            _flow(paper, draft=choice.draft).draw(sheet)
        return sheet.finish()


def _flow(paper: AnswerPaper, *, draft: bool) -> Flow:
    flow = Flow(draft="草稿" if draft and paper.wanting else "")
    flow.title(paper.title)
    flow.paragraph(f"{paper.to}：", indent=0)
    for line in paper.lines:
        flow.paragraph(line)
    flow.blank()
    flow.right(f"{paper.community}（盖章）")
    flow.right(paper.day)
    return flow
