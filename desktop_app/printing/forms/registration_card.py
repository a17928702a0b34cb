"""报到卡: 90 × 54 mm, one side, ten to an A4 sheet; who reported in, what they took on, and where to call."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, sheet_of, size_of
from desktop_app.printing.forms.service_card import ACCENT
from desktop_app.printing.forms.visit_sheet import BLANK
from desktop_app.printing.imposition import Layout, cards, impose
from desktop_app.printing.lines import break_lines, visible
from desktop_app.printing.order_papers import RegistrationPaper, registration_paper
from desktop_app.printing.page import rules
from desktop_app.printing.sheet import BLACK, GREY, Sheet, Type

_LABEL = 13.0
_MOST_LINES = 2


class RegistrationCard:
    """The form."""

    name: ClassVar[str] = "registration_card"
    title: ClassVar[str] = "报到卡"
    sizes: ClassVar[tuple[str, ...]] = ("A4 十张", "90×54 单张")
    subject: ClassVar[Subject] = "registration"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[RegistrationPaper]:
        """One card for each; `BLANK` for one to be written on.  AppError when somebody is gone."""
        return [registration_paper(desk, "" if subject == BLANK else subject) for subject in subjects]

    def draw(self, papers: Sequence[RegistrationPaper], choice: Choice = DEFAULT) -> bytes:
        """Ten to a sheet with crop marks, or one card per page for a card printer."""
        sheet = sheet_of(self.title, papers, choice)
        impose(sheet, papers, _layout(size_of(self.sizes, choice)), _draw)
        return sheet.finish()


def _layout(size: str) -> Layout:
    return cards(rules("orders")["member_card"], single=size.startswith("90"))


def _draw(sheet: Sheet, x: float, y: float, paper: RegistrationPaper) -> None:
    data, words = rules("orders")["member_card"], rules("orders")["words"]
    edge, width, height = data["edge"], data["width"], data["height"]
    left, right = x + edge, x + width - edge
    small = Type(Role.HEI, data["small"], GREY)
    sheet.box(x, y, width, 12.5, fill=ACCENT)
    white = Type(Role.TITLE, data["title"], (0, 0, 0, 0))
    sheet.text(left, y + 8.4, words["member_card"], white)
    community = Type(Role.HEI, data["body"], (0, 0, 0, 0))
    sheet.text(right, y + 8.2, paper.community, community, "right", fit=right - left - 30)
    used = sheet.text(left, y + 22, paper.name, Type(Role.BOLD, data["name"]), fit=44)
    if not paper.name:
        sheet.text(left, y + 22, "姓名", Type(Role.HEI, data["body"]))
        sheet.line(left + 8, y + 22.6, left + 44, y + 22.6, 0.15, BLACK)
    kind = "　".join(filter(None, (paper.kind, paper.role)))
    sheet.text(left + used + 3, y + 22, kind, Type(Role.HEI, data["body"]), fit=right - left - used - 3)
    _draw_facts(sheet, left, right, y + 28.2, paper)
    sheet.text(left, y + height - 6.6, words["member_card_note"], small, fit=right - left)
    office = f"社区电话 {paper.phone}" if paper.phone else ""
    sheet.text(left, y + height - 3, office, small)
    sheet.text(right, y + height - 3, paper.no, small, "right")


def _draw_facts(sheet: Sheet, left: float, right: float, base: float, paper: RegistrationPaper) -> None:
    """Label and value, line by line; what is blank has a rule to write on."""
    data = rules("orders")["member_card"]
    label, body = Type(Role.HEI, data["body"], GREY), Type(Role.SONG, data["body"])
    claims = "；".join(text for _, text in paper.claims if text)
    room = right - left - _LABEL
    for name, text in (("单位", paper.unit), ("报到日期", paper.on), ("认领", claims)):
        sheet.text(left, base, name, label)
        lines = [visible(line) for line in break_lines(text, room, room, body.width)] if text else []
        if not lines:
            sheet.line(left + _LABEL, base + 0.8, right, base + 0.8, 0.12, GREY)
        for at, line in enumerate(lines[:_MOST_LINES]):
            more = "……" if at == _MOST_LINES - 1 and len(lines) > _MOST_LINES else ""
            sheet.text(left + _LABEL, base + at * 3.6, line + more, body, fit=room)
        base += 4.6
