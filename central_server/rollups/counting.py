"""From kept fields to counts.  Pure: the same facts give the same counts, in whatever order they came."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from central_server.rollups.figures import Flow, Source, Stock, Told
from central_server.rollups.refs import Body, Facts
from central_server.rollups.spans import Span, changes, common, month_of, span, union

Counts = Counter[tuple[str, str]]
"""(month, part) → change of a stock, or events."""


def counted(figure: Stock | Flow | Told, facts: Facts) -> Counts:
    """What a figure is in one unit."""
    if isinstance(figure, Stock):
        found = _stock(figure, facts)
    else:
        found = _flow(figure, facts) if isinstance(figure, Flow) else _told(figure, facts)
    return Counter({key: n for key, n in found.items() if n})


def _flow(figure: Flow, facts: Facts) -> Counts:
    found: Counts = Counter()
    for body in facts[figure.table].values():
        month = month_of(body.get(figure.when))
        if month:
            part = figure.part(body) if figure.part else ""
            found[month, part] += 1 if figure.weight is None else _whole(body.get(figure.weight))
    return found


def _told(figure: Told, facts: Facts) -> Counts:
    found: Counts = Counter()
    classes = figure.classes(facts)
    for record_id, body in facts[figure.table].items():
        months = (month for name in figure.when if (month := month_of(body.get(name))))
        if month := next(months, None):
            found[month, classes.get(record_id, figure.other)] += 1
    return found


def _whole(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 1 << 31 else 0


def _stock(figure: Stock, facts: Facts) -> Counts:
    spans: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for source in figure.sources:
        for ref, one, body in _spoken_of(source, facts):
            spans[ref, figure.part(body) if figure.part else ""].append(one)
    inside = _by_ref(figure.within, facts) if figure.within else None
    found: Counts = Counter()
    for (ref, part), some in spans.items():
        there = union(some)
        if inside is not None:
            allowed = union(one for via in figure.via(facts, ref) for one in inside.get(via, ()))
            there = common(there, allowed)
        for month, n in changes(there).items():
            found[month, part] += n
    return found


def _by_ref(source: Source, facts: Facts) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = defaultdict(list)
    for ref, one, _ in _spoken_of(source, facts):
        found[ref].append(one)
    return found


def _spoken_of(source: Source, facts: Facts) -> Iterator[tuple[str, Span, Body]]:
    for record_id, body in facts[source.table].items():
        if source.where and str(body.get(source.where[0])) not in source.where[1]:
            continue
        one = span(tuple([body.get(name) for name in source.starts]), tuple([body.get(name) for name in source.ends]))
        for ref in source.refs(facts, record_id, body):
            yield ref, one, body
