"""表决票: two on an A4, to be cut in the middle; an owner's names the room, a secret one names nobody."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject
from desktop_app.printing.lines import break_lines, visible
from desktop_app.printing.page import rules
from desktop_app.printing.sheet import A4, BLACK, GREY, Sheet, Type
from desktop_app.printing.votes import SlipPaper, slip_papers

_CHOICES = ("同意", "反对", "弃权")
_HALF = A4[1] / 2


class VoteSlip:
    """The form."""

    name: ClassVar[str] = "vote_slip"
    title: ClassVar[str] = "表决票"
    sizes: ClassVar[tuple[str, ...]] = ("A4",)
    subject: ClassVar[Subject] = "meeting"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[SlipPaper]:
        """The slips of all items of each meeting."""
        return [slip for subject in subjects for slip in slip_papers(desk, subject)]

    def draw(self, papers: Sequence[SlipPaper], choice: Choice = DEFAULT) -> bytes:
        """Two on a page."""
        sheet = Sheet(self.title, author=papers[0].organ if papers else "", allow_missing=choice.allow_missing)
        for at, paper in enumerate(papers):
            if at % 2 == 0:
                sheet.page(A4)
                sheet.line(8, _HALF, A4[0] - 8, _HALF, 0.15, GREY, (2.0, 1.6))
            _draw(sheet, paper, _HALF * (at % 2))
        return sheet.finish()


def _draw(sheet: Sheet, paper: SlipPaper, top: float) -> None:
    data = rules("matter")["ballot"]
    margin, body, small = data["margin"], Type(Role.SONG, data["body"]), Type(Role.SONG, data["small"])
    bold = Type(Role.HEI, data["body"])
    width = A4[0] - 2 * margin
    sheet.text(A4[0] / 2, top + 20, f"{paper.meeting}表决票", Type(Role.TITLE, data["title"]), "centre", fit=width)
    y = top + 31
    if paper.written:
        sheet.text(margin, y, f"房号：{paper.room}", body, fit=width * 0.62)
        sheet.text(A4[0] - margin, y, f"专有部分面积：{paper.area or '　　　　　㎡'}", body, "right")
        y += 8
        sheet.text(margin, y, f"业主：{paper.name}", body, fit=width * 0.62)
    sheet.text(A4[0] - margin, y, f"第 {paper.number} 号", small, "right")
    y += 10
    sheet.text(margin, y, "表决事项：", bold)
    for line in break_lines(paper.question, width - 24, width, body.width)[:4]:
        sheet.text(margin + (24 if y == top + 31 + 8 * paper.written + 10 else 0), y, visible(line), body)
        y += 6.4
    y = max(y + 4, top + 78)
    step = width / len(_CHOICES)
    for at, word in enumerate(_CHOICES):
        left = margin + at * step + step / 2 - 12
        sheet.box(left, y - data["box"] + 1.4, data["box"], data["box"], stroke=BLACK, thick=0.35)
        sheet.text(left + data["box"] + 3, y, word, Type(Role.HEI, data["body"] + 3))
    y += 14
    note = "请在一个方框内打“√”。多选、不选或无法辨认的为废票。"
    sheet.text(margin, y, note, small)
    if paper.written:
        sheet.text(margin, y + 12, "业主签名：", body)
        sheet.line(margin + 20, y + 13, margin + 72, y + 13, 0.2, BLACK)
        sheet.text(margin + 80, y + 12, "受托人签名：", body)
        sheet.line(margin + 104, y + 13, margin + 140, y + 13, 0.2, BLACK)
        sheet.text(A4[0] - margin, y + 12, "年　月　日", body, "right")
    sheet.text(margin, top + _HALF - 10, paper.organ, small)
