"""便民服务手册: who offers which micro-service at which price, by trade; A5 pages, or A4 sheets to fold and staple."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, sheet_of, size_of
from desktop_app.printing.forms.service_card import ACCENT
from desktop_app.printing.lines import break_lines, visible
from desktop_app.printing.page import rules
from desktop_app.printing.service_booklet import BookletPaper, Offer, booklet_paper
from desktop_app.printing.sheet import A4, A5, GREY, PALE, Sheet, Type

_FOLDED = "A4 对折装订"
_LEAVES = 4
"""Pages of a folded sheet."""
Draw = Callable[[Sheet, float], None]
"""Draws a page whose left edge is so many mm from that of the paper."""


class ServiceBooklet:
    """The form."""

    name: ClassVar[str] = "service_booklet"
    title: ClassVar[str] = "便民服务手册"
    sizes: ClassVar[tuple[str, ...]] = (_FOLDED, "A5 逐页")
    subject: ClassVar[Subject] = "community"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[BookletPaper]:
        """One booklet of this community.  AppError where nobody offers anything."""
        del subjects
        return [booklet_paper(desk)]

    def draw(self, papers: Sequence[BookletPaper], choice: Choice = DEFAULT) -> bytes:
        """Page by page, or two pages side by side in the order of a stapled booklet, printed on both sides."""
        sheet = sheet_of(self.title, papers, choice)
        folded = size_of(self.sizes, choice) == _FOLDED
        for paper in papers:
            pages = _pages(paper, folded=folded)
            if folded:
                _fold(sheet, pages, choice)
            else:
                for draw in pages:
                    sheet.page(A5)
                    draw(sheet, 0.0)
        return sheet.finish()


def _fold(sheet: Sheet, pages: Sequence[Draw], choice: Choice) -> None:
    """Outer sheet first; a printer that turns over the long edge of a lying sheet needs the backs upside down."""
    count, size = len(pages), (A4[1], A4[0])
    half = size[0] / 2
    for at in range(0, count // 2, 2):
        sheet.page(size)
        pages[count - 1 - at](sheet, 0.0)
        pages[at](sheet, half)
        sheet.page(size)
        if choice.flip == "long":
            with sheet.turned(size[0] / 2, size[1] / 2, 180):
                _draw_back(sheet, pages, at, half)
        else:
            _draw_back(sheet, pages, at, half)


def _draw_back(sheet: Sheet, pages: Sequence[Draw], at: int, half: float) -> None:
    pages[at + 1](sheet, 0.0)
    pages[len(pages) - 2 - at](sheet, half)


# --------------------------------------------------------------------------------------------------------------- pages


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the inside: a trade, or somebody who offers it; `height` in mm."""

    trade: str
    offer: Offer | None
    height: float
    lines: tuple[str, ...] = ()


def _pages(paper: BookletPaper, *, folded: bool) -> list[Draw]:
    """Cover, contents, the trades, the back; as many pages as a folded sheet needs, the blank ones before the back."""
    inside = list(_inside(paper))
    first = 3  # the page on which the trades begin
    where = {
        line.trade: first + at for at, page in reversed(list(enumerate(inside))) for line in page if line.offer is None
    }
    pages: list[Draw] = [
        lambda sheet, x: _draw_cover(sheet, x, paper),
        lambda sheet, x: _contents(sheet, x, paper, where),
    ]
    for number, lines in enumerate(inside, start=first):
        pages.append(lambda sheet, x, lines=lines, number=number: _draw_page(sheet, x, lines, number))  # type: ignore[misc]
    blank = -(len(pages) + 1) % _LEAVES if folded else 0
    pages += [_draw_notes] * blank
    pages.append(lambda sheet, x: _draw_back_cover(sheet, x, paper))
    return pages


def _inside(paper: BookletPaper) -> Iterator[list[_Line]]:
    """The lines of each inner page; a trade never stands alone at the foot, and is repeated where it goes on."""
    data = rules("orders")["booklet"]
    room = data["height"] - data["top"] - data["bottom"]
    page: list[_Line] = []
    left = room
    for trade, offers in paper.trades:
        for at, offer in enumerate(offers):
            line = _laid_out(trade, offer)
            head = _Line(trade if at == 0 else f"{trade}（续）", None, data["trade"] * 0.8)
            need = line.height + (head.height if at == 0 else 0.0)
            if need > left and page:
                yield page
                page, left = [], room
            if at == 0 or not page:
                page.append(head)
                left -= head.height
            page.append(line)
            left -= line.height
    if page:
        yield page


def _laid_out(trade: str, offer: Offer) -> _Line:
    data = rules("orders")["booklet"]
    body = Type(Role.SONG, data["body"])
    room = data["width"] - data["left"] - data["right"]
    told = "　".join(filter(None, (offer.price, offer.hours, offer.place, offer.told)))
    lines = tuple(visible(one) for one in break_lines(told, room, room, body.width)) if told else ()
    return _Line(trade, offer, 7.5 + len(lines) * body.em * 1.4 + 2.5, lines)


def _draw_page(sheet: Sheet, x: float, lines: Sequence[_Line], number: int) -> None:
    data = rules("orders")["booklet"]
    left, right, y = x + data["left"], x + data["width"] - data["right"], data["top"]
    for line in lines:
        if line.offer is None:
            sheet.text(left, y + 6.5, line.trade, Type(Role.HEI, data["trade"], ACCENT))
            sheet.line(left, y + 8.6, right, y + 8.6, 0.35, ACCENT)
        else:
            _draw_offer(sheet, left, right, y, line)
        y += line.height
    foot = Type(Role.SONG, data["small"], GREY)
    sheet.text((left + right) / 2, data["height"] - 8, f"— {number} —", foot, "centre")


def _draw_offer(sheet: Sheet, left: float, right: float, y: float, line: _Line) -> None:
    data = rules("orders")["booklet"]
    offer, body = line.offer, Type(Role.SONG, data["body"])
    if offer is None:
        return
    name = Type(Role.BOLD, data["name"])
    sheet.text(left, y + 5.5, offer.name, name, fit=(right - left) / 2)
    sheet.text(right, y + 5.5, offer.phone or "请社区转告", name if offer.phone else body, "right")
    for at, words in enumerate(line.lines):
        sheet.text(left, y + 10.6 + at * body.em * 1.4, words, body)
    sheet.line(left, y + line.height - 0.6, right, y + line.height - 0.6, 0.12, PALE)


def _draw_cover(sheet: Sheet, x: float, paper: BookletPaper) -> None:
    data, words = rules("orders")["booklet"], rules("orders")["words"]
    middle, width = x + data["width"] / 2, data["width"] - 2 * data["left"]
    sheet.box(x + 10, 12, data["width"] - 20, data["height"] - 24, stroke=ACCENT, thick=0.6, radius=3)
    sheet.text(middle, 62, paper.community, Type(Role.HEI, data["trade"] + 3), "centre", fit=width)
    sheet.text(middle, 82, words["booklet"], Type(Role.TITLE, data["title"], ACCENT), "centre")
    told = f"{len(paper.trades)} 类微服务"
    sheet.text(middle, 96, told, Type(Role.KAI, data["trade"]), "centre")
    foot = Type(Role.SONG, data["name"])
    for at, line in enumerate(filter(None, (paper.phone and f"社区电话 {paper.phone}", paper.on))):
        sheet.text(middle, 168 + at * 8, line, foot, "centre", fit=width)


def _contents(sheet: Sheet, x: float, paper: BookletPaper, where: dict[str, int]) -> None:
    data = rules("orders")["booklet"]
    left, right, base = x + data["left"], x + data["width"] - data["right"], data["top"] + 6.5
    sheet.text(left, base, "目　录", Type(Role.HEI, data["trade"], ACCENT))
    body = Type(Role.SONG, data["name"])
    rows = len(paper.trades)
    pitch = min(8.0, (data["height"] - data["bottom"] - base - 8) / max(rows, 1))
    for at, (trade, offers) in enumerate(paper.trades, start=1):
        y = base + 4 + at * pitch
        used = sheet.text(left, y, f"{trade}（{len(offers)}）", body, fit=right - left - 20)
        page = sheet.text(right, y, str(where.get(trade, "")), body, "right")
        sheet.line(left + used + 2, y - 0.4, right - page - 2, y - 0.4, 0.15, GREY, dash=(0.3, 1.2))


def _draw_notes(sheet: Sheet, x: float) -> None:
    """A page to write on."""
    data = rules("orders")["booklet"]
    left, right = x + data["left"], x + data["width"] - data["right"]
    sheet.text(left, data["top"] + 6.5, "我的记录", Type(Role.HEI, data["trade"], GREY))
    for y in range(int(data["top"]) + 18, int(data["height"] - data["bottom"]), 10):
        sheet.line(left, y, right, y, 0.12, PALE)


def _draw_back_cover(sheet: Sheet, x: float, paper: BookletPaper) -> None:
    data, words = rules("orders")["booklet"], rules("orders")["words"]
    left, right = x + data["left"], x + data["width"] - data["right"]
    body = Type(Role.SONG, data["body"] + 0.5)
    base = 120.0
    for line in break_lines(words["booklet_about"], right - left - 2 * body.em, right - left, body.width):
        sheet.text(left + (2 * body.em if base == 120.0 else 0), base, visible(line), body)  # noqa: PLR2004 the first
        base += body.em * 1.6
    sheet.line(left, 168, right, 168, 0.35, ACCENT)
    told = (paper.community, paper.address and f"地址：{paper.address}", paper.hours and f"服务时间：{paper.hours}")
    phone = paper.phone and f"电话：{paper.phone}"
    for at, line in enumerate(filter(None, (*told, phone))):
        sheet.text(left, 176 + at * 6.5, line, body, fit=right - left)
