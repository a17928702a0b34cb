"""报到登记表: A4, filled in or blank, with what may not be asked of those who report in, and a receipt to tear off."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.fields import Field, Look, draw, lay_out
from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, draw_each
from desktop_app.printing.forms.visit_sheet import BLANK
from desktop_app.printing.lines import break_lines, visible
from desktop_app.printing.order_papers import RegistrationPaper, registration_paper, ticked
from desktop_app.printing.page import rules
from desktop_app.printing.sheet import A4, GREY, Sheet, Type


class RegistrationForm:
    """The form."""

    name: ClassVar[str] = "registration_form"
    title: ClassVar[str] = "报到登记表"
    sizes: ClassVar[tuple[str, ...]] = ("A4",)
    subject: ClassVar[Subject] = "registration"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[RegistrationPaper]:
        """One form for each; `BLANK` for an empty one."""
        return [registration_paper(desk, "" if subject == BLANK else subject) for subject in subjects]

    def draw(self, papers: Sequence[RegistrationPaper], choice: Choice = DEFAULT) -> bytes:
        """Each on a page of its own."""
        return draw_each(self.title, papers, choice, _draw)


def _look() -> Look:
    data = rules("orders")["registration"]
    return Look(A4[0] - data["left"] - data["right"], data["label"], data["body"])


def _draw(sheet: Sheet, paper: RegistrationPaper) -> None:
    sheet.page(A4)
    _draw_form(sheet, paper)
    _draw_receipt(sheet, paper)


def _draw_form(sheet: Sheet, paper: RegistrationPaper) -> None:
    data, look = rules("orders")["registration"], _look()
    left, right, top = data["left"], A4[0] - data["right"], data["top"]
    sheet.text(A4[0] / 2, top + 7, f"{paper.community}报到登记表", Type(Role.TITLE, data["title"]), "centre")
    sheet.text(left, top + 15, f"报到日期：{paper.on or '　　年　月　日'}", look.body)
    sheet.text(right, top + 15, f"编号：{paper.no or '　　　　　　　'}", look.body, "right")
    rows = [
        [Field("姓　　名", paper.name), Field("电　　话", paper.tel)],
        [Field("类　　别", ticked(paper.kinds, (paper.kind,)), 2)],
        [Field("单位（网点）", paper.unit), Field("职务（工种）", paper.unit_post)],
        [Field("所在党组织", paper.branch), Field("居住楼栋", paper.home)],
        [Field("七色专长", ticked(paper.colours, paper.chosen), 2)],
        [Field("可服务时间", paper.hours)],
        [Field("担任角色", ticked(paper.roles, (paper.role,), 3), 2)],
        *([Field(kind, text, 2)] for kind, text in paper.claims),
    ]
    end = draw(sheet, left, top + 19, lay_out(rows, look), look)
    end = _draw_notes(sheet, paper, left, right, end + 6)
    sheet.text(left, end + 8, "本人签名：", look.body)
    sheet.text(left + 62, end + 8, "所在党组织（单位）盖章：", look.body)
    sheet.text(right, end + 8, "社区党组织盖章：　　　　　　　", look.body, "right")


def _draw_notes(sheet: Sheet, paper: RegistrationPaper, left: float, right: float, base: float) -> float:
    """What is pledged, and what may not be asked; returns the last baseline."""
    small = Type(Role.SONG, rules("orders")["registration"]["body"] - 1)
    words = [rules("orders")["words"]["pledge"]]
    if paper.negative:
        words.append("负面清单：" + "；".join(paper.negative) + "。")
    for text in words:
        for line in break_lines(text, right - left, right - left, small.width):
            sheet.text(left, base, visible(line), small)
            base += small.em * 1.45
    return base - small.em * 1.45


def _draw_receipt(sheet: Sheet, paper: RegistrationPaper) -> None:
    """What the one who reports in takes home, below a dashed line."""
    data, look = rules("orders")["registration"], _look()
    left, right, tear = data["left"], A4[0] - data["right"], data["tear"]
    sheet.line(0, tear, A4[0], tear, 0.15, GREY, dash=(2, 1.5))
    sheet.text(A4[0] / 2, tear + 10, rules("orders")["words"]["receipt"], Type(Role.TITLE, data["title"] - 4), "centre")
    claims = "；".join(f"{kind}：{text}" for kind, text in paper.claims if text)
    rows = [
        [Field("编　　号", paper.no), Field("报到日期", paper.on)],
        [Field("姓　　名", paper.name), Field("电　　话", paper.masked)],
        [Field("单位（网点）", paper.unit)],
        [Field("认领内容", claims, 2)],
        [Field("社区联系人", ""), Field("社区电话", paper.phone)],
    ]
    end = draw(sheet, left, tear + 13.5, lay_out(rows, look), look)
    sheet.text(right, end + 8, f"{paper.community}（盖章）　　　　年　月　日", look.body, "right")
