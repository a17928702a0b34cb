"""双向认领承诺书: what a unit took on for the community and the community for the unit (黄石 2018)."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, draw_each
from desktop_app.printing.page import Flow, rules
from desktop_app.printing.partner import PledgePaper, pledge_paper


class Pledge:
    """The form."""

    name: ClassVar[str] = "pledge"
    title: ClassVar[str] = "双向认领承诺书"
    sizes: ClassVar[tuple[str, ...]] = ("A4",)
    subject: ClassVar[Subject] = "unit"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[PledgePaper]:
        """One for each unit, with what is under way."""
        return [pledge_paper(desk, subject) for subject in subjects]

    def draw(self, papers: Sequence[PledgePaper], choice: Choice = DEFAULT) -> bytes:
        """Each begins a page of its own."""
        return draw_each(self.title, papers, choice, lambda sheet, paper: build(paper).draw(sheet))


def build(paper: PledgePaper) -> Flow:
    """The pledge on the grid."""
    words = rules("partner")["pledge"]
    flow = Flow()
    flow.title(words["title"])
    flow.paragraph(words["opening"].format(unit=paper.unit, community=paper.community))
    number = 0
    for title, claims in ((words["theirs"], paper.theirs), (words["ours"], paper.ours)):
        if claims:
            number += 1
            flow.heading(1, number, title)
        for at, claim in enumerate(claims, start=1):
            flow.numbered(3, at, _told(*claim))
    flow.paragraph(words["closing"])
    flow.blank(keep=True)
    flow.signatures([f"{paper.unit}（盖章）：", f"{paper.community}（盖章）："], indent=0)
    flow.blank(keep=True)
    flow.signatures(["承诺人（签字）：", "承诺人（签字）："], indent=0)
    flow.right(paper.printed, inset=2)
    return flow


def _told(what: str, promise: str, taker: str, until: str) -> str:
    parts = (
        f"{what}{f'：{promise}' if promise else ''}",
        f"责任人{taker}" if taker else "",
        f"{until}前完成" if until else "",
    )
    return "，".join(filter(None, parts)) + "。"
