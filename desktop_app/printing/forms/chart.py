"""图表: bars with their names, numbers and shares, as they stand on the screen; A4 landscape or portrait."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, size_of
from desktop_app.printing.forms.table import draw_footer, page_size
from desktop_app.printing.page import rules
from desktop_app.printing.sheet import GREY, Colour, Sheet, Type
from desktop_app.shared.chart import ACCENT, BAD, GOOD, QUIET, WARN, Bar, Chart
from desktop_app.shared.errors import AppError

_HEAD, _LINE, _BAR = 24.0, 8.4, 5.0
_GROUNDS: dict[str, Colour] = {
    GOOD: (0.45, 0.05, 0.45, 0.05),
    ACCENT: (0.45, 0.2, 0.0, 0.0),
    WARN: (0.0, 0.2, 0.6, 0.0),
    BAD: (0.0, 0.45, 0.35, 0.0),
    QUIET: (0.0, 0.0, 0.0, 0.08),
}
"""Also in black and white the parts differ: each carries its number, and the words at the end say them again."""
_SHARES = (0.30, 0.40)


@dataclass(frozen=True, slots=True)
class ChartPaper:
    """A chart and whose it is."""

    chart: Chart
    community: str


class ChartForm:
    """The form."""

    name: ClassVar[str] = "chart"
    title: ClassVar[str] = "图表"
    sizes: ClassVar[tuple[str, ...]] = ("A4 横向", "A4 纵向")
    subject: ClassVar[Subject] = "table"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[ChartPaper]:
        """A chart is made by the page that shows it."""
        del desk, subjects
        raise AppError("图表要从所在页面打印，这里没有打印。", next_step="请打开要打印的图表，再点“打印”。")

    def draw(self, papers: Sequence[ChartPaper], choice: Choice = DEFAULT) -> bytes:
        """Each chart begins a page of its own."""
        sheet = Sheet(papers[0].chart.title if papers else self.title, allow_missing=choice.allow_missing)
        for paper in papers:
            _draw(sheet, paper, page_size(size_of(self.sizes, choice)), choice.footer)
        return sheet.finish()


def _draw(sheet: Sheet, paper: ChartPaper, size: tuple[float, float], footer: str) -> None:
    margins, chart = rules("list")["margins"], paper.chart
    width = size[0] - margins["left"] - margins["right"]
    fit = max(int((size[1] - margins["top"] - margins["bottom"] - _HEAD) // _LINE), 1)
    pages = [chart.bars[at : at + fit] for at in range(0, len(chart.bars), fit)] or [()]
    for number, bars in enumerate(pages, start=1):
        sheet.page(size)
        top = margins["top"]
        sheet.text(size[0] / 2, top + 7, f"{paper.community}{chart.title}", Type(Role.TITLE, 20), "centre", fit=width)
        sheet.text(margins["left"], top + 14, chart.note, Type(Role.SONG, 10), fit=width)
        sheet.text(margins["left"], top + 20, f"图例：{chart.key}", Type(Role.SONG, 10), fit=width)
        for at, bar in enumerate(bars):
            _bar(sheet, (margins["left"], top + _HEAD + at * _LINE), width, chart, bar)
        draw_footer(sheet, size, footer, number, len(pages))


def _bar(sheet: Sheet, corner: tuple[float, float], width: float, chart: Chart, bar: Bar) -> None:
    left, top = corner
    name, room = width * _SHARES[0], width * _SHARES[1]
    kind, small = Type(Role.SONG, 10.5), Type(Role.HEI, 8.5)
    base = top + 5.4
    sheet.text(left, base, bar.name, kind, fit=name - 3)
    sheet.text(left + name + room + 3, base, f"{bar.end}（{bar.words}）", Type(Role.SONG, 9.5),
               fit=width - name - room - 3)  # fmt: skip
    at, wide = left + name, room * chart.scale(bar)
    for part in (part for part in bar.parts if part.number > 0):
        long = wide * part.number / (bar.total or 1)
        sheet.box(at, top + 1.2, long, _BAR, stroke=GREY, thick=0.2, fill=_GROUNDS[part.tone])
        words = str(part.number)
        if small.width(words) + 1 < long:
            sheet.text(at + long / 2, top + 4.9, words, small, "centre")
        at += long
