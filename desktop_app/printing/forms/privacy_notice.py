"""个人信息处理告知书: who, why, what, how, how long, and what rights people have (PIPL art. 17), in versions."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, draw_each
from desktop_app.printing.page import Flow
from desktop_app.printing.privacy import NoticePaper, notice_paper


class PrivacyNotice:
    """The form; the same for everybody, so that what it is printed for does not matter."""

    name: ClassVar[str] = "privacy_notice"
    title: ClassVar[str] = "个人信息处理告知书"
    sizes: ClassVar[tuple[str, ...]] = ("A4",)
    subject: ClassVar[Subject] = "community"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[NoticePaper]:
        """One copy, in the version in force today."""
        del subjects
        return [notice_paper(desk)]

    def draw(self, papers: Sequence[NoticePaper], choice: Choice = DEFAULT) -> bytes:
        """The text with a line to sign that it was received."""
        return draw_each(self.title, papers, choice, lambda sheet, paper: _flow(paper).draw(sheet))


def _flow(paper: NoticePaper) -> Flow:
    flow = Flow()
    flow.title(paper.title)
    flow.paragraph(paper.opening)
    for number, (head, body) in enumerate(paper.items, start=1):
        flow.heading(1, number, head)
        flow.paragraph(body)
    flow.paragraph(paper.closing)
    flow.paragraph(f"（版本：{paper.version}）")
    flow.right(f"{paper.community}（盖章）")
    flow.right(paper.day)
    flow.signatures(["已阅知人签名：", "日期："])
    return flow
