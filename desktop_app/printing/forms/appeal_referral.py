"""诉求呈报单 and 诉求转办单: A4, one for each step up, down or across, with room for the answer and both seals."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.appeal import AppealPaper, appeal_paper
from desktop_app.printing.boxed import SEAL, draw_boxes
from desktop_app.printing.fields import Field
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, draw_each
from desktop_app.printing.page import rules
from desktop_app.printing.sheet import Sheet
from desktop_app.shared.errors import AppError


class AppealReferral:
    """The form."""

    name: ClassVar[str] = "appeal_referral"
    title: ClassVar[str] = "诉求转办单（呈报单）"
    sizes: ClassVar[tuple[str, ...]] = ("A4",)
    subject: ClassVar[Subject] = "appeal"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[AppealPaper]:
        """The last handing on of each appeal.  AppError for one that was never handed on."""
        papers = [appeal_paper(desk, subject) for subject in subjects]
        for paper in papers:
            if not paper.sent:
                raise AppError(
                    f"“{paper.title}”还没有派办或上报，没有打印。", next_step="请先记下派办、上报或退回，再打印单子。"
                )
        return papers

    def draw(self, papers: Sequence[AppealPaper], choice: Choice = DEFAULT) -> bytes:
        """Each begins a page of its own."""
        return draw_each(self.title, papers, choice, lambda sheet, paper: _draw(sheet, paper, choice.footer))


def _draw(sheet: Sheet, paper: AppealPaper, footer: str) -> None:
    title = rules("appeal")["words"]["up" if paper.upward else "down"]
    draw_boxes(sheet, title, paper.community, paper.no or " ", _rows(paper), footer, "appeal")


def _rows(paper: AppealPaper) -> list[list[Field]]:
    ask = "呈报事由" if paper.upward else "转办要求"
    return [
        [Field("呈报单位" if paper.upward else "转出单位", paper.sender), Field("主送单位", paper.receiver)],
        [Field("日　　期", paper.sent), Field("紧急程度", paper.urgency)],
        [Field("反 映 人", paper.reporter), Field("联系电话", paper.phone)],
        [Field("渠　　道", f"{paper.channel}（{paper.received}）"), Field("类　　型", f"{paper.kind}·{paper.klass}")],
        [Field("地　　点", paper.place)],
        [Field("事　　由", paper.title)],
        [Field("诉求内容", paper.text, 6)],
        [Field(ask, paper.request, 6, foot=SEAL)],
        [Field("办结期限", paper.promised), Field("经 办 人", paper.sent_by)],
        [Field("附　　件", "", 2)],
        [Field("办理情况", "", 9, foot=SEAL)],
    ]
