"""诉求受理回执: A5 with an evaluation to tear off, or a strip for an 80 mm receipt printer; the resident keeps it."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.appeal import AppealPaper, appeal_paper
from desktop_app.printing.fields import Field, Look, draw, lay_out
from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, draw_each, size_of
from desktop_app.printing.lines import break_lines, visible
from desktop_app.printing.page import rules
from desktop_app.printing.sheet import A5, BLACK, GREY, Sheet, Type

RATINGS = "□ 满意　　□ 基本满意　　□ 不满意"


class AppealReceipt:
    """The form."""

    name: ClassVar[str] = "appeal_receipt"
    title: ClassVar[str] = "诉求受理回执"
    sizes: ClassVar[tuple[str, ...]] = ("A5", "80 mm 卷纸")
    subject: ClassVar[Subject] = "appeal"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[AppealPaper]:
        """One receipt for each appeal."""
        return [appeal_paper(desk, subject) for subject in subjects]

    def draw(self, papers: Sequence[AppealPaper], choice: Choice = DEFAULT) -> bytes:
        """Each on a page of its own."""
        roll = size_of(self.sizes, choice).startswith("80")
        return draw_each(self.title, papers, choice, _draw_strip if roll else _draw_a5)


def _draw_a5(sheet: Sheet, paper: AppealPaper) -> None:
    data, words = rules("appeal")["a5"], rules("appeal")["words"]
    look = Look(A5[0] - data["left"] - data["right"], data["label"], data["body"])
    left, right, top = data["left"], A5[0] - data["right"], data["top"]
    small = Type(Role.SONG, data["body"] - 1, GREY)
    sheet.page(A5)
    sheet.text(A5[0] / 2, top + 6, words["receipt"], Type(Role.TITLE, data["title"]), "centre")
    sheet.text(right, top + 13.5, f"编号：{paper.no}", look.body, "right")
    sheet.text(left, top + 13.5, paper.community, look.body, fit=60)
    rows = [
        [Field("事　　由", paper.title, 2)],
        [Field("反 映 人", paper.reporter), Field("电　　话", paper.masked)],
        [Field("受理日期", paper.received), Field("类　　型", f"{paper.kind}·{paper.klass}")],
        [Field("承办层级", paper.step), Field("承诺办结", paper.promised)],
        [Field("受 理 人", paper.taken_by), Field("服务热线", paper.hotline)],
    ]
    end = draw(sheet, left, top + 17, lay_out(rows, look), look)
    sheet.text(left, end + 6, words["note"], small)
    sheet.text(right - 34, end + 13, f"{paper.community}（盖章）", look.body, "centre", fit=68)
    sheet.text(right - 34, end + 19, paper.printed, look.body, "centre")
    _draw_slip(sheet, paper, left, data["tear"], look)


def _draw_slip(sheet: Sheet, paper: AppealPaper, left: float, tear: float, look: Look) -> None:
    """The evaluation, below a dashed line."""
    sheet.line(0, tear, A5[0], tear, 0.15, GREY, dash=(2, 1.5))
    head = Type(Role.HEI, look.size + 2)
    sheet.text(A5[0] / 2, tear + 9, rules("appeal")["words"]["slip"], head, "centre")
    rows = [
        [Field("编　　号", paper.no), Field("受理日期", paper.received)],
        [Field("事　　由", paper.title, 2)],
        [Field("您的评价", RATINGS)],
        [Field("意见建议", "", 2)],
        [Field("签　　名"), Field("日　　期", "　　年　月　日")],
    ]
    draw(sheet, left, tear + 12, lay_out(rows, look), look)


def _draw_strip(sheet: Sheet, paper: AppealPaper) -> None:
    """A strip as long as it has to be."""
    data, words = rules("appeal")["roll"], rules("appeal")["words"]
    edge, width = data["edge"], data["width"] - 2 * data["edge"]
    kind, bold = Type(Role.HEI, data["body"]), Type(Role.BOLD, data["body"] + 3)
    pitch = kind.em * 1.5
    lines = [line for label, value in _facts(paper) if value for line in _lines(label, value, width, kind)]
    height = 24 + len(lines) * pitch + 38
    sheet.page((data["width"], height))
    middle = data["width"] / 2
    sheet.text(middle, 8, paper.community, kind, "centre", fit=width)
    sheet.text(middle, 14.5, words["receipt"], Type(Role.BOLD, data["title"]), "centre")
    sheet.text(middle, 21, paper.no, bold, "centre", fit=width)
    y = 24 + pitch
    for line in lines:
        sheet.text(edge, y, line, kind)
        y += pitch
    sheet.line(edge, y - 1, data["width"] - edge, y - 1, 0.2, BLACK, dash=(1.5, 1))
    sheet.text(edge, y + 4.5, "评价（办结后撕下交回）", kind)
    sheet.text(edge, y + 11, RATINGS, kind, fit=width)
    sheet.text(edge, y + 19, f"编号 {paper.no}　签名：", kind, fit=width)
    sheet.line(edge + 44, y + 20, data["width"] - edge, y + 20, 0.2, BLACK)
    sheet.text(edge, y + 26, words["note"], Type(Role.HEI, data["body"] - 1.5), fit=width)


def _facts(paper: AppealPaper) -> list[tuple[str, str]]:
    return [
        ("事由", paper.title),
        ("反映人", f"{paper.reporter}　{paper.masked}".strip()),
        ("受理日期", paper.received),
        ("承办层级", paper.step),
        ("承诺办结", paper.promised),
        ("受理人", paper.taken_by),
        ("服务热线", paper.hotline),
    ]


def _lines(label: str, value: str, width: float, kind: Type) -> list[str]:
    return [visible(line) for line in break_lines(f"{label}：{value}", width, width, kind.width)]
