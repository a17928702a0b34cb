"""未遇留言卡: 90 × 54 mm, ten to an A4 sheet; stays at a door nobody opened, so it names nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, sheet_of, size_of
from desktop_app.printing.forms.service_card import ACCENT
from desktop_app.printing.imposition import Layout, cards, impose
from desktop_app.printing.lines import break_lines, visible
from desktop_app.printing.page import rules
from desktop_app.printing.sheet import BLACK, GREY, PALE, Sheet, Type
from desktop_app.printing.walks import WalkPaper, walks

_LABEL = Type(Role.HEI, 7, GREY)
_BODY = Type(Role.SONG, 9)


@dataclass(frozen=True, slots=True)
class NotePaper:
    """What stands on one card; `door` tells the one who walks where to leave it."""

    community: str
    door: str = ""
    about: str = ""
    phone: str = ""
    address: str = ""
    hours: str = ""


class MissedNote:
    """The form."""

    name: ClassVar[str] = "missed_note"
    title: ClassVar[str] = "未遇留言卡"
    sizes: ClassVar[tuple[str, ...]] = ("A4 十张", "90×54 单张")
    subject: ClassVar[Subject] = "campaign"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[NotePaper]:
        """One card for each door of a campaign, a building, or the homes chosen; a sheet without doors for nobody."""
        papers = walks(desk, subjects, title="", by_team=False)
        return [_note(paper, stop.address) for paper in papers for stop in paper.stops] or [
            _note(paper, "") for paper in papers for _ in range(_layout(self.sizes[0]).count)
        ]

    def draw(self, papers: Sequence[NotePaper], choice: Choice = DEFAULT) -> bytes:
        """Ten to a sheet with crop marks, or one card a page; one side only."""
        sheet = sheet_of(self.title, papers, choice)
        impose(sheet, papers, _layout(size_of(self.sizes, choice)), _draw)
        return sheet.finish()


def _note(paper: WalkPaper, door: str) -> NotePaper:
    about = paper.purpose or paper.title
    return NotePaper(paper.community, door, about, paper.phone, paper.address, paper.hours)


def _layout(size: str) -> Layout:
    return cards(rules("visits")["missed"], single=size.startswith("90"))


def _draw(sheet: Sheet, x: float, y: float, paper: NotePaper) -> None:
    data = rules("visits")["missed"]
    left, right = x + data["edge"], x + data["width"] - data["edge"]
    sheet.text(left, y + 9.6, data["title"], Type(Role.BOLD, 12, ACCENT))
    sheet.text(right, y + 9.6, paper.door, _LABEL, "right", fit=40)
    sheet.line(left, y + 12, right, y + 12, 0.3, ACCENT)
    at = _draw_letter(sheet, left, right, y + 17.4, paper)
    sheet.text(left, at + 1.4, "留言：", _BODY)
    sheet.line(left + 10, at + 2.6, right, at + 2.6, 0.15, BLACK)
    sheet.line(left, y + 40.6, right, y + 40.6, 0.15, PALE)
    sheet.text(left, y + 47, paper.phone, Type(Role.BOLD, 13, ACCENT), fit=40)
    sheet.text(left, y + 50.8, "请在方便时回电，我们再约时间", _LABEL)
    sheet.text(right, y + 44.6, paper.community, Type(Role.BOLD, 8), "right", fit=34)
    for base, words in ((47.8, paper.address), (50.8, paper.hours)):
        sheet.text(right, y + base, words, Type(Role.HEI, 6.3, GREY), "right", fit=34)


def _draw_letter(sheet: Sheet, left: float, right: float, base: float, paper: NotePaper) -> float:
    """What happened, with blanks for the hour and the name; returns the next baseline."""
    sheet.text(left, base, "您好！我们于　　月　　日　　时上门，没有见到您。", _BODY, fit=right - left)
    why = f"来访事由：{paper.about or '　' * 18}"
    lines = [visible(line) for line in break_lines(why, right - left, right - left, _BODY.width)][:2]
    for line in lines:
        base += 5
        sheet.text(left, base, line, _BODY, fit=right - left)
    base += 5
    sheet.text(left, base, "来访人：", _BODY)
    sheet.line(left + 13, base + 1.2, left + 40, base + 1.2, 0.15, BLACK)
    return base + 5
