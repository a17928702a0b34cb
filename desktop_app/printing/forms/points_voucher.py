"""兑换单、转赠凭证: three parts of one paper, for the community, for whoever gives and for whoever takes.

The number is of this one entry and stands in the code too; the code holds nothing else.
"""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.fields import Field, Look, draw, lay_out
from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, draw_each, size_of
from desktop_app.printing.page import rules
from desktop_app.printing.points import VoucherPaper, voucher_paper
from desktop_app.printing.sheet import A4, A5, GREY, Sheet, Type

_LYING = (A5[1], A5[0])


class PointsVoucher:
    """The form."""

    name: ClassVar[str] = "points_voucher"
    title: ClassVar[str] = "积分兑换单（转赠凭证）"
    sizes: ClassVar[tuple[str, ...]] = ("A4 三联", "A5 横向 三张")
    subject: ClassVar[Subject] = "points_entry"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[VoucherPaper]:
        """One voucher for each entry.  AppError for an entry that is gone, was taken back, or has no voucher."""
        return [voucher_paper(desk, subject) for subject in subjects]

    def draw(self, papers: Sequence[VoucherPaper], choice: Choice = DEFAULT) -> bytes:
        """Three parts to a sheet, with lines to tear along, or a sheet for each part."""
        apart = size_of(self.sizes, choice).startswith("A5")
        return draw_each(self.title, papers, choice, _draw_apart if apart else _draw_together)


def _draw_together(sheet: Sheet, paper: VoucherPaper) -> None:
    height = rules("points")["voucher"]["part"]
    sheet.page(A4)
    for at, part in enumerate(rules("points")["words"]["parts"]):
        if at:
            sheet.line(0, at * height, A4[0], at * height, 0.15, GREY, dash=(2, 1.5))
        _draw_part(sheet, paper, part, at * height + 6)


def _draw_apart(sheet: Sheet, paper: VoucherPaper) -> None:
    for part in rules("points")["words"]["parts"]:
        sheet.page(_LYING)
        _draw_part(sheet, paper, part, 14)


def _draw_part(sheet: Sheet, paper: VoucherPaper, part: str, top: float) -> None:
    data, words = rules("points")["voucher"], rules("points")["words"]
    left, right, code = data["left"], A4[0] - data["right"], data["code"]
    look = Look(right - left, data["label"], data["body"])
    small = Type(Role.SONG, data["small"], GREY)
    sheet.text(A4[0] / 2, top + 7, paper.title, Type(Role.TITLE, data["title"]), "centre")
    sheet.text(right, top + 5, part, Type(Role.HEI, data["small"]), "right")
    sheet.text(left, top + 14.5, f"{paper.community}　{paper.phone}".strip(), look.body, fit=70)
    sheet.text(right, top + 14.5, f"编号：{paper.no}", look.body, "right")
    rows = [
        [Field("付出户名", paper.giver), Field("收取方", paper.taker)],
        [Field("数　　量", f"{paper.amount}（大写：{paper.capitals}）"), Field("办理日期", paper.on)],
        [Field("事由内容", paper.what, 2)],
        [Field("付出人签名", lines=2), Field("收取人签名"), Field("经 办 人", paper.by)],
    ]
    end = draw(sheet, left, top + 17, lay_out(rows, look), look)
    sheet.qr(left - 2, end + 1.5, code, paper.no)
    sheet.text(left + code + 1, end + 7, words["voucher_note"], small)
    sheet.text(left + code + 1, end + 12, f"打印日期：{paper.printed}", small)
    sheet.text(right - 32, end + 12, f"{paper.community}（盖章）", look.body, "centre", fit=64)
    sheet.text(right - 32, end + 18, "　　　　年　　月　　日", look.body, "centre")
