"""诉求呈报单 and 诉求转办单: A4, one for each step up, down or across, with room for the answer and both seals."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.appeal import AppealPaper, appeal_paper
from desktop_app.printing.fields import Band, Field, Look, draw, lay_out, paginate
from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject
from desktop_app.printing.forms.table import draw_footer
from desktop_app.printing.page import rules
from desktop_app.printing.sheet import A4, Sheet, Type
from desktop_app.shared.errors import AppError

_HEAD = 25.0


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
        words = rules("appeal")["words"]
        sheet = Sheet(self.title, author=papers[0].community if papers else "", allow_missing=choice.allow_missing)
        for paper in papers:
            title = words["up"] if paper.upward else words["down"]
            draw_form(sheet, title, paper, _rows(paper), choice.footer)
        return sheet.finish()


def _rows(paper: AppealPaper) -> list[list[Field]]:
    seal = "（盖章）　　　　年　　月　　日"
    ask = "呈报事由" if paper.upward else "转办要求"
    return [
        [Field("呈报单位" if paper.upward else "转出单位", paper.sender), Field("主送单位", paper.receiver)],
        [Field("日　　期", paper.sent), Field("紧急程度", paper.urgency)],
        [Field("反 映 人", paper.reporter), Field("联系电话", paper.phone)],
        [Field("渠　　道", f"{paper.channel}（{paper.received}）"), Field("类　　型", f"{paper.kind}·{paper.klass}")],
        [Field("地　　点", paper.place)],
        [Field("事　　由", paper.title)],
        [Field("诉求内容", paper.text, 6)],
        [Field(ask, paper.request, 6, foot=seal)],
        [Field("办结期限", paper.promised), Field("经 办 人", paper.sent_by)],
        [Field("附　　件", "", 2)],
        [Field("办理情况", "", 9, foot=seal)],
    ]


def draw_form(sheet: Sheet, title: str, paper: AppealPaper, rows: list[list[Field]], footer: str) -> None:
    """A form on A4: its title, its number, its boxes; long texts go on overleaf."""
    data = rules("appeal")["a4"]
    look = Look(A4[0] - data["left"] - data["right"], data["label"], data["body"])
    rest = A4[1] - data["top"] - data["bottom"]
    pages: list[list[Band]] = paginate(lay_out(rows, look), look, rest - _HEAD, rest)
    for number, bands in enumerate(pages, start=1):
        sheet.page(A4)
        top = data["top"]
        if number == 1:
            sheet.text(A4[0] / 2, top + 9, title, Type(Role.TITLE, data["title"]), "centre")
            sheet.text(data["left"], top + 21, paper.community, look.body, fit=80)
            sheet.text(A4[0] - data["right"], top + 21, f"编号：{paper.no}", look.body, "right")
            top += _HEAD
        draw(sheet, data["left"], top, bands, look)
        if footer or len(pages) > 1:
            draw_footer(sheet, A4, footer, number, len(pages))
