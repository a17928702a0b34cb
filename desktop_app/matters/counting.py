"""Matters at a glance: the board by stage, what is due, what became of those of a period."""

from dataclasses import dataclass, replace
from typing import Final

from desktop_app.accounts.rights import reads
from desktop_app.matters import rules
from desktop_app.matters.queries import MatterFilter, MatterLine, matters
from desktop_app.store.database import Database

_WHOLE: Final = 100
"""Per cent."""


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """One column of the board: a stage in the words of the town's first template, and the matters that stand there."""

    stage: str
    name: str
    lines: tuple[MatterLine, ...]


_COLUMN_NAMES: Final = {
    rules.PROPOSE: "提", rules.DISCUSS: "议", rules.DECIDE: "决", rules.PUBLISH: "公开", rules.ASSIGN: "交办",
    rules.DO: "办", rules.REPORT: "结果公开", rules.EVALUATE: "评",
}  # fmt: skip
_ALWAYS: Final = (rules.PROPOSE, rules.DISCUSS, rules.DECIDE, rules.DO, rules.EVALUATE)


@reads("matters.read")
def board(db: Database, which: MatterFilter | None = None) -> list[BoardColumn]:
    """The open matters by stage; a stage nobody stands in shows where the plain five steps have it."""
    found = matters(db, replace(which or MatterFilter(), phase=rules.OPEN))
    columns = []
    for stage in rules.STAGES:
        mine = tuple(line for line in found if line.stage == stage)
        if mine or stage in _ALWAYS:
            columns.append(BoardColumn(stage, _COLUMN_NAMES[stage], mine))
    return columns


@dataclass(frozen=True, slots=True)
class MatterFigures:
    """Counts of a period: how many were proposed, carried, done, judged 满意 or 基本满意, and are overdue."""

    proposed: int
    open: int
    closed: int
    ended: int
    carried: int
    done: int
    satisfied: int
    rated: int
    late: int


@reads("matters.read")
def figures(db: Database, since: str = "", until: str = "") -> MatterFigures:
    """What became of the matters proposed within a period, both days included."""
    found = matters(db, MatterFilter(since=since, until=until))
    return MatterFigures(
        len(found),
        sum(line.phase == rules.OPEN for line in found),
        sum(line.phase == rules.CLOSED for line in found),
        sum(line.phase == rules.ENDED for line in found),
        sum(line.outcome == rules.CARRIED for line in found),
        sum(line.progress == _WHOLE for line in found),
        sum(line.satisfaction in rules.SATISFACTIONS[:2] for line in found),
        sum(line.satisfaction in rules.SATISFACTIONS for line in found),
        sum(line.late for line in found),
    )
