"""Charts as SVG made here: no library, no script, no colour alone; the same numbers stand in a table beside each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from central_server.rollups.appeals import NAMES as OUTCOME_NAMES
from central_server.rollups.figures import SHARES
from central_server.rollups.report import Report, Sums

WIDTH: Final = 640
HEIGHT: Final = 240
LEFT: Final = 46
BOTTOM: Final = 28
TOP: Final = 12
ROW: Final = 26
MOST_ROWS: Final = 30


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with its words and its numbers."""

    title: str
    svg: Markup
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    key: tuple[tuple[str, str], ...] = ()
    """(class of the style sheet, words)"""


def appeals(months: Sequence[tuple[str, Sums]]) -> Chart:
    """Bars by month, one upon the other: resolved, in progress, explained."""
    parts = tuple(OUTCOME_NAMES)
    values = [[sums.get(("appeals", part), 0) for part in parts] for _, sums in months]
    top = _top(max((sum(column) for column in values), default=0))
    step = (WIDTH - LEFT) / max(1, len(months))
    marks = []
    for at, (column, (month, _)) in enumerate(zip(values, months, strict=True)):
        x, floor = LEFT + step * at + step * 0.18, float(HEIGHT - BOTTOM)
        for number, count in enumerate(column):
            tall = (HEIGHT - BOTTOM - TOP) * count / top
            floor -= tall
            if count:
                words = f"{month} {OUTCOME_NAMES[parts[number]]} {count} 件"
                marks.append(_bar(x, floor, step * 0.64, tall, f"c{number + 1}", words))
        marks.append(_label(LEFT + step * (at + 0.5), month, at))
    rows = tuple(
        (month, *map(str, column), str(sum(column))) for column, (month, _) in zip(values, months, strict=True)
    )
    heads = ("月份", *OUTCOME_NAMES.values(), "合计")
    key = tuple((f"c{number + 1}", words) for number, words in enumerate(OUTCOME_NAMES.values()))
    return Chart("群众诉求（件）", _svg("群众诉求，按月", _grid(top) + marks), heads, rows, key)


def trend(title: str, points: Sequence[tuple[str, int]]) -> Chart:
    """A line by month."""
    top = _top(max((n for _, n in points), default=0))
    step = (WIDTH - LEFT) / max(1, len(points))
    spots = [
        (LEFT + step * (at + 0.5), HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * n / top)
        for at, (_, n) in enumerate(points)
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    marks = [Markup('<polyline class="line" points="{}"/>').format(path)]
    for at, ((x, y), (month, n)) in enumerate(zip(spots, points, strict=True)):
        marks.append(
            Markup('<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="3.5"><title>{} {}</title></circle>').format(
                x, y, month, n
            )
        )
        marks.append(_label(x, month, at))
    rows = tuple((month, str(n)) for month, n in points)
    return Chart(title, _svg(f"{title}，按月", _grid(top) + marks), ("月份", "数量"), rows)


def coverage(made: Report) -> Chart:
    """Lying bars: the share of buildings with a centre household, by unit."""
    share = SHARES[0]
    lines = (made.lines or (made.whole,))[:MOST_ROWS]
    marks: list[Markup] = []
    for at, line in enumerate(lines):
        value, y = line.share(share), TOP + at * ROW
        words = "—" if value is None else f"{value:.1f}%"
        marks.append(Markup('<text class="name" x="150" y="{}">{}</text>').format(y + 14, line.unit.name[:11]))
        marks.append(Markup('<rect class="track" x="160" y="{}" width="400" height="16"/>').format(y + 2))
        if value:
            marks.append(_bar(160, y + 2, 4 * min(value, 100), 16, "c1", f"{line.unit.name} {words}"))
        marks.append(Markup('<text class="value" x="568" y="{}">{}</text>').format(y + 14, words))
    rows = tuple(
        (
            line.unit.name,
            str(line.total("covered_buildings")),
            str(line.total("buildings")),
            _percent(line.share(share)),
        )
        for line in lines
    )
    svg = _svg(f"{share.name}，按单位", marks, TOP * 2 + ROW * len(lines))
    return Chart(f"{share.name}（%）", svg, ("单位", "有中心户", "楼栋", "覆盖率"), rows)


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}%"


def _top(largest: int) -> int:
    """A round number for the top of the scale."""
    unit = 1
    while True:
        for factor in (1, 2, 4, 5, 10):
            if largest <= factor * unit * 4:
                return factor * unit * 4
        unit *= 10


def _grid(top: int) -> list[Markup]:
    found = []
    for part in range(5):
        y = HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * part / 4
        found.append(Markup('<line class="grid" x1="{}" y1="{:.1f}" x2="{}" y2="{:.1f}"/>').format(LEFT, y, WIDTH, y))
        found.append(Markup('<text class="scale" x="{}" y="{:.1f}">{}</text>').format(LEFT - 6, y + 4, top * part // 4))
    return found


def _bar(x: float, y: float, wide: float, tall: float, kind: str, words: str) -> Markup:
    size = Markup('x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"').format(x, y, wide, tall)
    return Markup('<rect class="{}" {}><title>{}</title></rect>').format(kind, size, words)


def _label(x: float, month: str, at: int) -> Markup:
    """Every second one makes room on a narrow screen."""
    kind = "month" if at % 2 else "month even"
    return Markup('<text class="{}" x="{:.1f}" y="{}">{}</text>').format(kind, x, HEIGHT - 8, month[2:])


def _svg(words: str, marks: Sequence[Markup], height: int = HEIGHT) -> Markup:
    start = Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
        WIDTH, height, escape(words)
    )
    return start + Markup("").join(marks) + Markup("</svg>")
