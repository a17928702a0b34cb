"""Matters at a glance: how far each one is, where they stand, what residents thought of those that are done."""

from collections import Counter

from desktop_app.accounts.rights import reads
from desktop_app.matters import rules
from desktop_app.matters.counting import board
from desktop_app.matters.queries import MatterFilter, MatterLine, matters
from desktop_app.shared.chart import ACCENT, BAD, GOOD, QUIET, WARN, Bar, Chart, Part
from desktop_app.store.database import Database

_WHOLE = 100
_TONES = (GOOD, ACCENT, BAD)


@reads("matters.read")
@reads("matters.read")
def progress(db: Database, on: str) -> Chart:
    """The open matters, each with its step and its per cent; the overdue ones first."""
    found = matters(db, MatterFilter(phase=rules.OPEN))
    found.sort(key=lambda line: (not line.late, line.due_on or "9999", line.no))
    return Chart("议题办理进度", tuple(_bar(line) for line in found), f"{on}，在办 {len(found)} 件", "议题", sums=False)


def _bar(line: MatterLine) -> Bar:
    late = f"　{line.due_on} 到期，已过期" if line.late else f"　{line.due_on} 前" if line.due_on else ""
    return Bar(
        f"{line.no} {line.title}".strip(),
        (Part("已办 %", line.progress, BAD if line.late else GOOD), Part("未办 %", _WHOLE - line.progress, QUIET)),
        f"{line.step_name}　{line.progress}%{late}",
        line.id,
    )


@reads("matters.read")
@reads("matters.read")
def stages(db: Database, on: str) -> Chart:
    """How many open matters stand in each step."""
    bars = []
    for column in board(db):
        late = sum(line.late for line in column.lines)
        parts = (Part("按时", len(column.lines) - late, GOOD), Part("逾期", late, BAD))
        bars.append(Bar(column.name, parts, f"{len(column.lines)} 件" + (f"，逾期 {late} 件" if late else "")))
    return Chart("在办议题在哪一步", tuple(bars), on, "步骤", alike=False)


@reads("matters.read")
@reads("matters.read")
def judged(db: Database, on: str) -> Chart:
    """What was thought of the matters of each kind that were closed."""
    found = matters(db, MatterFilter(phase=rules.CLOSED))
    counted = {kind: Counter(line.satisfaction for line in found if line.kind == kind) for kind in _kinds(found)}
    bars = []
    for kind, told in counted.items():
        rated = [Part(word, told[word], tone) for word, tone in zip(rules.SATISFACTIONS, _TONES, strict=True)]
        bars.append(Bar(kind, (*rated, Part("没有评价", told[""], WARN))))
    return Chart("结案议题的评价", tuple(bars), f"{on}，结案 {len(found)} 件", "类别")


def _kinds(lines: list[MatterLine]) -> list[str]:
    return [kind for kind, _ in Counter(line.kind for line in lines).most_common()]
