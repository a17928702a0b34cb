"""组织架构图: the paired five levels drawn as a tree, for the wall; branches that do not fit go on a further sheet."""

from collections.abc import Sequence
from typing import Any, ClassVar

from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, sheet_of, size_of
from desktop_app.printing.forms.centre_plaque import DEEP_RED
from desktop_app.printing.forms.table import page_size
from desktop_app.printing.organisation import Box, ChartPaper, Column, chart_paper
from desktop_app.printing.page import rules
from desktop_app.printing.sheet import GREY, Colour, Sheet, Type

_BLUE: Colour = (0.85, 0.55, 0.0, 0.1)
_PALE_RED: Colour = (0.0, 0.08, 0.06, 0.0)
_PALE_BLUE: Colour = (0.10, 0.05, 0.0, 0.0)
_LOOKS = ((DEEP_RED, _PALE_RED), (_BLUE, _PALE_BLUE))
"""Rule and ground of the Party's boxes and of those of self-government; the words say which is which."""
_FEW = 4
_SHRINK = 0.72
"""A4 beside A3."""


class OrgChart:
    """The form."""

    name: ClassVar[str] = "org_chart"
    title: ClassVar[str] = "组织架构图"
    sizes: ClassVar[tuple[str, ...]] = ("A3 横向", "A4 横向")
    subject: ClassVar[Subject] = "community"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[ChartPaper]:
        """One chart: that of the community."""
        del subjects
        return [chart_paper(desk)]

    def draw(self, papers: Sequence[ChartPaper], choice: Choice = DEFAULT) -> bytes:
        """A sheet for so many branches as stand side by side."""
        words = size_of(self.sizes, choice)
        sheet = sheet_of(self.title, papers, choice)
        for paper in papers:
            count = rules("org_chart")["chart"]["columns"]
            parts = [paper.columns[at : at + count] for at in range(0, len(paper.columns), count)] or [()]
            for part in parts:
                _Chart(sheet, page_size(words), _SHRINK if words.startswith("A4") else 1.0).draw(paper, part)
        return sheet.finish()


class _Chart:
    """One sheet."""

    def __init__(self, sheet: Sheet, size: tuple[float, float], scale: float) -> None:
        self._sheet, self._size, self._scale = sheet, size, scale
        data: dict[str, Any] = rules("org_chart")["chart"]
        self._mm = {name: value * scale for name, value in data.items() if name != "columns"}
        self._box = Type(Role.HEI, data["box"] * scale)
        self._small = Type(Role.SONG, data["small"] * scale)

    def draw(self, paper: ChartPaper, columns: Sequence[Column]) -> None:
        """The whole sheet."""
        sheet, mm, (width, height) = self._sheet, self._mm, self._size
        sheet.page(self._size)
        title = f"{paper.community}组织架构图"
        sheet.text(
            width / 2, mm["margin"] + 12 * self._scale, title, Type(Role.TITLE, mm["title"]), "centre", fit=width - 40
        )
        sheet.text(width / 2, mm["margin"] + 21 * self._scale, paper.headline, self._small, "centre", fit=width - 40)
        self._draw_keys(paper)
        y = mm["row_top"]
        for at, pair in enumerate(paper.upper):
            self._draw_pair(pair, width / 2, y, 64 * self._scale)
            if at or columns:
                sheet.line(width / 2, y + mm["box_height"], width / 2, y + mm["row_gap"], 0.35, GREY)
            y += mm["row_gap"]
        self._draw_columns(columns, y)
        foot = f"制表：{paper.community}　{paper.printed}"
        sheet.text(width - mm["margin"], height - mm["margin"] + 3, foot, self._small, "right")

    def _draw_keys(self, paper: ChartPaper) -> None:
        """Which line is drawn how."""
        x, y = self._mm["margin"], self._mm["margin"] + 6 * self._scale
        for line, (rule, ground) in zip(paper.lines, _LOOKS, strict=True):
            self._sheet.box(x, y - 3 * self._scale, 6 * self._scale, 4 * self._scale, stroke=rule, fill=ground)
            self._sheet.text(x + 8 * self._scale, y, line, self._small)
            y += 6 * self._scale

    def _draw_pair(self, pair: tuple[Box | None, Box | None], middle: float, y: float, width: float) -> None:
        """The boxes of both lines side by side, joined; one alone stands in the middle."""
        both = [(box, look) for box, look in zip(pair, _LOOKS, strict=True) if box is not None]
        gap = 6 * self._scale
        left = middle - (len(both) * width + (len(both) - 1) * gap) / 2
        if len(both) > 1:
            half = y + self._mm["box_height"] / 2
            self._sheet.line(left + width, half, left + width + gap, half, 0.35, GREY, (1.0, 1.0))
        for at, (box, look) in enumerate(both):
            self._draw_box(box, left + at * (width + gap), y, width, look)

    def _draw_box(self, box: Box, x: float, y: float, width: float, look: tuple[Colour, Colour]) -> None:
        height, room = self._mm["box_height"], width - 3
        self._sheet.box(x, y, width, height, stroke=look[0], fill=look[1], thick=0.4, radius=1.2)
        name = y + height * (0.45 if box.head else 0.6)
        self._sheet.text(x + width / 2, name, box.name, self._box, "centre", fit=room)
        self._sheet.text(x + width / 2, y + height * 0.82, box.head, self._small, "centre", fit=room)

    def _draw_columns(self, columns: Sequence[Column], y: float) -> None:
        if not columns:
            return
        mm, (width, height) = self._mm, self._size
        room = width - 2 * mm["margin"]
        each = room / len(columns)
        rail = y - 6 * self._scale
        middles = [mm["margin"] + each * (at + 0.5) for at in range(len(columns))]
        self._sheet.line(middles[0], rail, middles[-1], rail, 0.35, GREY)
        self._sheet.line(width / 2, y - mm["row_gap"] + mm["box_height"], width / 2, rail, 0.35, GREY)
        if len(columns) <= _FEW:  # there is room for larger type
            self._small = Type(Role.SONG, self._small.size * 1.4)
        ends = []
        for middle, one in zip(middles, columns, strict=True):
            self._sheet.line(middle, rail, middle, y, 0.35, GREY)
            ends.append(self._draw_column(one, middle, y, each - mm["gap"], height - mm["margin"] - 6 * self._scale))
        for middle in middles:
            left = middle - each / 2 + mm["gap"] / 2 - 1
            self._sheet.box(left, y - 1, each - mm["gap"] + 2, max(ends) - y + 3, stroke=(0, 0, 0, 0.25), thick=0.15)

    def _draw_column(self, one: Column, middle: float, top: float, width: float, bottom: float) -> float:
        """Branch above committee, the groups as a list, the count of centre households; returns where it ends."""
        mm, y = self._mm, top
        for box, look in zip(one.pair, _LOOKS, strict=True):
            if box is not None:
                self._draw_box(box, middle - width / 2, y, width, look)
                y += mm["box_height"] + 2 * self._scale
        pitch = self._small.em * 1.5
        y += 2 * self._scale
        last = bottom - pitch
        shown = list(one.groups)
        fitting = max(int((last - y) / pitch) - 1, 0)
        if len(shown) > fitting:
            shown = [*shown[: max(fitting - 1, 0)], f"……共 {len(one.groups)} 个"]
        for words in shown:
            y += pitch
            self._sheet.text(middle - width / 2 + 1, y, words, self._small, fit=width - 2)
        if one.centres:
            words = f"党员中心户 {one.centres} 户"
            self._sheet.box(middle - width / 2, y + 1.5 * self._scale, width, 1.6 * pitch, fill=_PALE_RED)
            self._sheet.text(middle, y + 1.5 * self._scale + 1.1 * pitch, words, self._small, "centre", fit=width - 2)
            y += 1.6 * pitch + 1.5 * self._scale
        return y
