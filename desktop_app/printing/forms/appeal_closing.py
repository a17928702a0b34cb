"""诉求办结回访单: A4; what came of an appeal, what the resident was told, and the resident's word on it."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.appeals.rules import EXPLAINED, OUTCOMES, SATISFACTIONS
from desktop_app.printing.appeal import AppealPaper, appeal_paper
from desktop_app.printing.boxed import draw_boxes
from desktop_app.printing.fields import Field
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, draw_each
from desktop_app.printing.page import rules


class AppealClosing:
    """The form."""

    name: ClassVar[str] = "appeal_closing"
    title: ClassVar[str] = "诉求办结回访单"
    sizes: ClassVar[tuple[str, ...]] = ("A4",)
    subject: ClassVar[Subject] = "appeal"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[AppealPaper]:
        """One for each appeal; what is not there yet is left to be written by hand."""
        return [appeal_paper(desk, subject) for subject in subjects]

    def draw(self, papers: Sequence[AppealPaper], choice: Choice = DEFAULT) -> bytes:
        """Each begins a page of its own."""
        title = rules("appeal")["words"]["closing"]
        return draw_each(
            self.title,
            papers,
            choice,
            lambda sheet, paper: draw_boxes(
                sheet, title, paper.community, paper.no or " ", _rows(paper), choice.footer, "appeal"
            ),
        )


def _rows(paper: AppealPaper) -> list[list[Field]]:
    ended = bool(paper.finished)
    return [
        [Field("反 映 人", paper.reporter), Field("联系电话", paper.phone)],
        [Field("接到日期", paper.received), Field("办结日期", paper.finished)],
        [Field("类　　型", f"{paper.kind}·{paper.klass}"), Field("办结层级", paper.step)],
        [Field("事　　由", paper.title)],
        [Field("诉求内容", paper.text, 4)],
        [Field("办理结果", _ticked(OUTCOMES, paper.outcome if ended else ""))],
        [Field("办理情况", paper.result, 4) ],
        [Field("解释情况", paper.explained if paper.outcome == EXPLAINED else "", 3)],
        [Field("承 办 人", paper.ended_by), Field("回访方式", "□上门　□电话　□其他")],
        [Field("回访记录", paper.called_back, 3)],
        [Field("居民评价", _ticked(SATISFACTIONS, paper.rating))],
        [Field("未评原因", paper.why_none)],
        [Field("居民签名"), Field("日　　期", "　　年　月　日")],
        [Field("回 访 人"), Field("日　　期", "　　年　月　日")],
    ]  # fmt: skip


def _ticked(words: Sequence[str], chosen: str) -> str:
    return "　".join(f"{'■' if word == chosen else '□'} {word}" for word in words)
