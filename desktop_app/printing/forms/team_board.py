"""楼栋服务小组公示: the seats of a building's team on one board, vacancies shown as such (黄石 2018: 两长五员一户)."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.organisation.rules import TeamLine
from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, sheet_of, size_of
from desktop_app.printing.forms.centre_plaque import DEEP_RED, GOLD
from desktop_app.printing.forms.table import page_size
from desktop_app.printing.organisation import BoardPaper, board_paper
from desktop_app.printing.page import rules
from desktop_app.printing.sheet import GREY, PALE, Sheet, Type

_ACROSS = 4
_SHRINK = 0.7


class TeamBoardForm:
    """The form."""

    name: ClassVar[str] = "team_board"
    title: ClassVar[str] = "楼栋服务小组公示"
    sizes: ClassVar[tuple[str, ...]] = ("A3 横向", "A4 横向")
    subject: ClassVar[Subject] = "building"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[BoardPaper]:
        """One for each building."""
        return [board_paper(desk, subject) for subject in subjects]

    def draw(self, papers: Sequence[BoardPaper], choice: Choice = DEFAULT) -> bytes:
        """A sheet each."""
        words = size_of(self.sizes, choice)
        sheet = sheet_of(self.title, papers, choice)
        for paper in papers:
            _draw(sheet, paper, page_size(words), _SHRINK if words.startswith("A4") else 1.0)
        return sheet.finish()


def _draw(sheet: Sheet, paper: BoardPaper, size: tuple[float, float], scale: float) -> None:
    data = rules("org_chart")["board"]
    width, height = size
    margin = data["margin"] * scale
    sheet.page(size)
    sheet.box(margin / 2, margin / 2, width - margin, height - margin, stroke=DEEP_RED, thick=1.2)
    title = f"{paper.building}楼栋服务小组"
    sheet.text(
        width / 2,
        margin + 22 * scale,
        title,
        Type(Role.TITLE, data["title"] * scale, DEEP_RED),
        "centre",
        fit=width - 60,
    )
    sheet.text(width / 2, margin + 37 * scale, data["words"], Type(Role.KAI, data["role"] * scale, DEEP_RED), "centre")
    lines = paper.board.lines
    rows = -(-len(lines) // _ACROSS)
    top, bottom = margin + 48 * scale, height - margin - 18 * scale
    each = (width - 2 * margin - 4 * scale) / _ACROSS
    tall = (bottom - top) / max(rows, 1)
    for at, line in enumerate(lines):
        row, place = divmod(at, _ACROSS)
        _draw_seat(sheet, line, (margin + 2 * scale + place * each, top + row * tall), (each, tall), scale)
    note = Type(Role.HEI, data["note"] * scale, GREY)
    hotline = f"服务热线：{paper.hotline}　" if paper.hotline else ""
    sheet.text(margin, height - margin - 4 * scale, f"{hotline}{paper.board.name} {paper.board.count}", note)
    sheet.text(width - margin, height - margin - 4 * scale, f"{paper.community}　{paper.printed}", note, "right")


def _draw_seat(
    sheet: Sheet, line: TeamLine, corner: tuple[float, float], size: tuple[float, float], scale: float
) -> None:
    """A box with room for a photograph to be glued on, the role, the name, the telephone."""
    data = rules("org_chart")["board"]
    x, y, gap = corner[0] + 3 * scale, corner[1] + 3 * scale, 6 * scale
    width, height = size[0] - gap, size[1] - gap
    sheet.box(x, y, width, height, stroke=GOLD, thick=0.5, radius=2)
    photo = (28 * scale, 37 * scale)
    sheet.box(x + 5 * scale, y + (height - photo[1]) / 2, *photo, stroke=PALE, thick=0.2)
    middle = x + (33 * scale + width) / 2
    room = width - 37 * scale
    role, name = Type(Role.HEI, data["role"] * scale, DEEP_RED), Type(Role.BOLD, data["name"] * scale)
    sheet.text(middle, y + height * 0.32, line.title, role, "centre", fit=room)
    if line.name:
        sheet.text(middle, y + height * 0.58, line.name, name, "centre", fit=room)
        sheet.text(middle, y + height * 0.8, line.phone, Type(Role.SONG, data["phone"] * scale), "centre", fit=room)
    else:
        sheet.text(middle, y + height * 0.58, "暂缺", Type(Role.KAI, data["role"] * scale, GREY), "centre")
