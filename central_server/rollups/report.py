"""Asks the reporting tables: the figures of a unit and all below it for a period, by sub-unit, and month by month."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from central_server import units
from central_server.rollups.figures import BY_KEY, FIGURES, SHARES, Share, Stock, Told, part_name
from central_server.rollups.spans import months
from central_server.storage import Session
from central_server.units import Unit

ASKED_AT_ONCE: Final = 400
Sums = Mapping[tuple[str, str], int]
"""(figure, part) → count."""


@dataclass(frozen=True, slots=True)
class Period:
    """Whole months, both included; stocks are counted at the end of the last one."""

    first: str
    last: str

    @property
    def words(self) -> str:
        """The period as it is written."""
        return self.first if self.first == self.last else f"{self.first} 至 {self.last}"


@dataclass(frozen=True, slots=True)
class Line:
    """One unit with all below it."""

    unit: Unit
    sums: Sums

    def total(self, figure: str) -> int:
        """A figure over all its classes."""
        return sum(n for (key, _), n in self.sums.items() if key == figure)

    def parts(self, figure: str) -> list[tuple[str, int]]:
        """(class as words, count), the largest first."""
        found = [(part_name(key, part), n) for (key, part), n in self.sums.items() if key == figure and n]
        return sorted(found, key=lambda one: (-one[1], one[0]))

    def share(self, share: Share) -> float | None:
        """A share in per cent, None where there is nothing to share."""
        whole = self.total(share.whole) * share.times
        of = self.total(share.of) if share.part is None else self.sums.get((share.of, share.part), 0)
        return 100 * of / whole if whole else None


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a unit for a period; `lines` are those directly under it, `at` when they were last counted."""

    whole: Line
    lines: tuple[Line, ...]
    period: Period
    at: int | None


def report(session: Session, number: int, period: Period) -> Report:
    """The figures of a unit; LookupError if there is no such unit."""
    known = units.everyone(session)
    if number not in known:
        raise LookupError(number)
    sums = _sums(session, [unit.id for unit in units.below(known, number)], period)
    under = [unit for unit in known.values() if unit.parent == number and not unit.gone]
    lines = tuple(Line(unit, _added(sums, units.below(known, unit.id))) for unit in under)
    return Report(Line(known[number], _added(sums, units.below(known, number))), lines, period, _counted_at(session))


def _counted_at(session: Session) -> int | None:
    ((at,),) = session.rows("select max(at) from report_cursor")
    return int(at) if at else None


def _added(sums: Mapping[int, Sums], some: Iterable[Unit]) -> Sums:
    found: defaultdict[tuple[str, str], int] = defaultdict(int)
    for unit in some:
        for key, n in sums.get(unit.id, {}).items():
            found[key] += n
    return dict(found)


def _sums(session: Session, scopes: Sequence[int], period: Period) -> dict[int, dict[tuple[str, str], int]]:
    flows = sorted(figure.key for figure in FIGURES if not isinstance(figure, Stock))
    marks = ",".join("?" * len(flows))
    found: dict[int, dict[tuple[str, str], int]] = defaultdict(dict)
    for some in _portions(scopes):
        rows = session.rows(
            f"select scope_id,figure,part,sum(n) from report_figure where scope_id in ({','.join('?' * len(some))}) "
            f"and month<=? and (month>=? or figure not in ({marks})) group by scope_id,figure,part",
            *some,
            period.last,
            period.first,
            *flows,
        )
        for scope, figure, part, n in rows:
            if figure in BY_KEY:
                found[scope][figure, part] = int(n)
    return found


def _portions(scopes: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(scopes), ASKED_AT_ONCE):
        yield scopes[start : start + ASKED_AT_ONCE]


def by_month(session: Session, number: int, figure: str, last: str, count: int = 12) -> list[tuple[str, Sums]]:
    """(month, sums) of one figure of a unit and all below it, for the months up to `last`."""
    scopes = [unit.id for unit in units.below(units.everyone(session), number)]
    change: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for some in _portions(scopes):
        rows = session.rows(
            f"select month,part,sum(n) from report_figure where scope_id in ({','.join('?' * len(some))}) "
            "and figure=? and month<=? group by month,part",
            *some,
            figure,
            last,
        )
        for month, part, n in rows:
            change[month][part] += int(n)
    shown = _last_months(last, count)
    if not isinstance(BY_KEY[figure], Stock):
        return [(month, {(figure, part): n for part, n in change[month].items()}) for month in shown]
    return [(month, _up_to(change, figure, month)) for month in shown]


def _up_to(change: Mapping[str, Mapping[str, int]], figure: str, last: str) -> Sums:
    found: defaultdict[tuple[str, str], int] = defaultdict(int)
    for month, parts in change.items():
        if month <= last:
            for part, n in parts.items():
                found[figure, part] += n
    return dict(found)


def _last_months(last: str, count: int) -> list[str]:
    year, month = int(last[:4]), int(last[5:7]) - count + 1
    while month < 1:
        year, month = year - 1, month + 12
    return months(f"{year:04d}-{month:02d}", last)


def sentence(line: Line, period: Period) -> str:
    """The appeals of a period in the words in which they are published: total = resolved + in progress + explained."""
    resolved, progress, explained = (
        line.sums.get(("appeals", part), 0) for part in ("resolved", "progress", "explained")
    )
    return (
        f"{period.words}，{line.unit.name}接到群众反映诉求 {line.total('appeals')} 件，已回应解决 {resolved} 件，"
        f"正在跟踪办理 {progress} 件，因客观条件暂时无法办理已向居民做好解释工作 {explained} 件。"
    )


def table(made: Report) -> list[list[str | int | float | None]]:
    """The report as rows, for paper, Excel and CSV: a heading, then the whole, then each unit under it."""
    heads: list[str | int | float | None] = ["单位", *(f"{one.name}（{one.unit}）" for one in FIGURES)]
    heads += [f"{one.name}（%）" for one in SHARES]
    return [heads, *(_row(line) for line in (made.whole, *made.lines))]


def _row(line: Line) -> list[str | int | float | None]:
    shares = [line.share(one) for one in SHARES]
    return [
        line.unit.name,
        *(line.total(one.key) for one in FIGURES),
        *(s if s is None else round(s, 1) for s in shares),
    ]


def classes(made: Report) -> list[tuple[str, str, int]]:
    """(figure, class, count) of the figures that have classes."""
    found = []
    for figure in FIGURES:
        if isinstance(figure, Told) or figure.part:
            found += [(figure.name, words, n) for words, n in made.whole.parts(figure.key)]
    return found
