"""微心愿卡: A6 for the wall, one or four to a sheet.  The wall is public: alias, wish, cap and day, no name."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, sheet_of, size_of
from desktop_app.printing.forms.service_card import ACCENT
from desktop_app.printing.imposition import Layout, cards, impose
from desktop_app.printing.lines import break_lines, visible
from desktop_app.printing.order_papers import WishPaper, wish_paper
from desktop_app.printing.page import rules
from desktop_app.printing.sheet import BLACK, GREY, PALE, Sheet, Type

_MOST_LINES = 6
_CHARACTERS = (22, 40, 60)
"""The longest wish for each size of type."""


class WishCard:
    """The form."""

    name: ClassVar[str] = "wish_card"
    title: ClassVar[str] = "微心愿卡"
    sizes: ClassVar[tuple[str, ...]] = ("A6", "A4 四张")
    subject: ClassVar[Subject] = "wish"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[WishPaper]:
        """One card for each wish."""
        return [wish_paper(desk, subject) for subject in subjects]

    def draw(self, papers: Sequence[WishPaper], choice: Choice = DEFAULT) -> bytes:
        """One a page, or four to an A4 sheet with crop marks; one side only."""
        sheet = sheet_of(self.title, papers, choice)
        impose(sheet, papers, _layout(size_of(self.sizes, choice)), _draw)
        return sheet.finish()


def _layout(size: str) -> Layout:
    return cards(rules("orders")["wish"], single=size.startswith("A6"))


def _draw(sheet: Sheet, x: float, y: float, paper: WishPaper) -> None:
    data, words = rules("orders")["wish"], rules("orders")["words"]
    edge, width = data["edge"], data["width"]
    left, right, middle = x + edge, x + width - edge, x + width / 2
    small = Type(Role.HEI, data["small"], GREY)
    sheet.box(x + edge - 3.5, y + edge - 3.5, width - 2 * edge + 7, data["height"] - 2 * edge + 7, stroke=ACCENT,
              thick=0.5, radius=3)  # fmt: skip
    sheet.text(middle, y + edge + 9, words["wish"], Type(Role.TITLE, data["title"], ACCENT), "centre")
    sheet.text(left, y + edge + 17, paper.no, small)
    sheet.text(right, y + edge + 17, paper.kind, small, "right")
    sheet.line(left, y + edge + 19.5, right, y + edge + 19.5, 0.3, ACCENT)
    sheet.text(left, y + edge + 28, paper.alias, Type(Role.BOLD, 14), fit=right - left)
    _draw_wish(sheet, (left, right, y + edge + 40), paper.text)
    base = y + edge + 78
    sheet.text(left, base, f"费用不超过：{paper.cap}", Type(Role.HEI, data["small"] + 0.5))
    sheet.text(right, base, f"期限：{paper.until}", Type(Role.HEI, data["small"] + 0.5), "right", fit=50)
    _draw_blanks(sheet, (left, right, base + 6), paper)


def _draw_wish(sheet: Sheet, place: tuple[float, float, float], text: str) -> None:
    left, right, base = place
    sizes = rules("orders")["wish"]["body"]
    kind = Type(
        Role.KAI, next((size for most, size in zip(_CHARACTERS, sizes, strict=True) if len(text) <= most), sizes[-1])
    )
    indent = 2 * kind.em
    lines = [visible(line) for line in break_lines(text, right - left - indent, right - left, kind.width)]
    for number, line in enumerate(lines[:_MOST_LINES]):
        at = left + (indent if number == 0 else 0)
        sheet.text(at, base + number * kind.em * 1.55, line, kind, fit=right - at)


def _draw_blanks(sheet: Sheet, place: tuple[float, float, float], paper: WishPaper) -> None:
    """Who takes it, written on the wall; the strip below is for the office."""
    left, right, top = place
    data, words = rules("orders")["wish"], rules("orders")["words"]
    kind, small = Type(Role.SONG, data["small"] + 0.5), Type(Role.HEI, data["small"] - 2.5, GREY)
    sheet.line(left, top, right, top, 0.15, PALE)
    rows = (("认领人（单位）", "电话"), ("认领日期", "实现日期"), ("心愿人评价", "心愿人签收"))
    half = (right - left) / 2
    for number, row in enumerate(rows):
        base = top + 9 + number * 10.5
        for side, label in enumerate(row):
            at = left + side * half
            sheet.text(at, base, label, kind)
            sheet.line(at + kind.width(label) + 1, base + 1.2, at + half - 2, base + 1.2, 0.15, BLACK)
    sheet.text(left, top + 38, words["wish_note"], small, fit=right - left)
    sheet.text(left, top + 42.5, f"{paper.community}　{paper.phone}".strip(), small, fit=right - left)
