"""The owners' vote of 民法典 art. 278, counted by people and by area, in whole numbers of 0.01 m².

Who is how many: 最高人民法院关于审理建筑物区分所有权纠纷案件适用法律若干问题的解释 (法释〔2020〕17号) arts 8 and 9:
the area is the registered one; every exclusive part counts as one person, several of the same owner as one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from desktop_app.meetings.voting import VERIFIED, Verdict
from desktop_app.profiles.quorum import QuorumRule, Threshold

CHOICES: Final = ("同意", "反对", "弃权", "废票")
FOR, AGAINST, ABSTAIN, VOID = CHOICES
VALID: Final = (FOR, AGAINST, ABSTAIN)


class Ballot(Protocol):
    """As much of an OwnerBallot as is counted."""

    @property
    def room_id(self) -> str: ...
    @property
    def owner_id(self) -> str | None: ...
    @property
    def area(self) -> int | None: ...
    @property
    def choice(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Side:
    """Owners and area on one side."""

    owners: int = 0
    area: int = 0


@dataclass(frozen=True, slots=True)
class OwnersTally:
    """What was counted.  `torn`: owners whose several rooms say different things; `void`: ballots that say nothing.

    `unmeasured`: rooms without an area.  A room without a known owner counts as one owner.
    """

    rooms: int
    all: Side
    part: Side
    in_favour: Side
    against: Side
    abstained: Side
    void: Side
    torn: int = 0
    out: int = 0
    unmeasured: int = 0


def count(ballots: Iterable[Ballot]) -> OwnersTally:
    """Counts ballots; a room that stands twice counts once, the last one entered."""
    rows = list({ballot.room_id: ballot for ballot in ballots}.values())
    by_owner: dict[str, list[Ballot]] = defaultdict(list)
    for row in rows:
        by_owner[row.owner_id or row.room_id].append(row)
    said = {owner: {row.choice for row in own if row.choice in VALID} for owner, own in by_owner.items()}
    return OwnersTally(
        rooms=len(rows),
        all=Side(len(by_owner), _area(rows)),
        part=Side(sum(bool(words) for words in said.values()), _area(row for row in rows if row.choice in VALID)),
        in_favour=_side(rows, said, FOR),
        against=_side(rows, said, AGAINST),
        abstained=_side(rows, said, ABSTAIN),
        void=Side(
            sum(not said[owner] and any(row.choice == VOID for row in own) for owner, own in by_owner.items()),
            _area(row for row in rows if row.choice == VOID),
        ),
        torn=sum(len(words) > 1 for words in said.values()),
        out=sum(row.choice is None for row in rows),
        unmeasured=sum(not row.area for row in rows),
    )


def _side(rows: Sequence[Ballot], said: dict[str, set[str]], choice: str) -> Side:
    """Owners who said this and nothing else, and the area that said it."""
    return Side(sum(words == {choice} for words in said.values()), _area(row for row in rows if row.choice == choice))


def _area(rows: Iterable[Ballot]) -> int:
    return sum(row.area or 0 for row in rows)


def metres(area: int) -> str:
    """An area in 0.01 m² as people write it."""
    return f"{area // 100}.{area % 100:02d}"


# ------------------------------------------------------------------------------------------------------------ judging


def judge_owners(tally: OwnersTally, rules: Iterable[QuorumRule], odd: Sequence[str] = ()) -> Verdict:
    """What the vote comes to under the one rule that was chosen: both measures have to be met, at both steps.

    Where void ballots or owners of two minds could turn the outcome, nothing is said.
    """
    counts = _counts(tally)
    applied = [rule for rule in rules if rule.passes is not None and rule.hold is not None]
    if len(applied) != 1:
        return Verdict(counts, None, "请先选定适用民法典第二百七十八条的哪一款事项")
    (rule,) = applied
    lines = tuple(_lines(tally, rule))
    reasons = [*odd, *_reasons(tally, rule)]
    if reasons:
        return Verdict(counts, None, "；".join(reasons), lines)
    outcomes = {_decided(tally, rule, turn, void) for turn in (0, tally.torn) for void in (False, True)}
    if len(outcomes) > 1:
        why = f"{tally.torn} 位业主的几套房屋意见不同、{tally.void.owners} 张废票，算法不同结果就不同，不作判定"
        return Verdict(counts, None, why, lines)
    if (passed := outcomes.pop()) is None:
        return Verdict(counts, None, "参与表决的业主或面积没有达到三分之二，表决不作判定", lines)
    return Verdict(counts, passed, "", lines)


def _counts(tally: OwnersTally) -> str:
    sides = (("同意", tally.in_favour), ("反对", tally.against), ("弃权", tally.abstained))
    return "，".join(f"{word} {side.owners} 人 {metres(side.area)} 平方米" for word, side in sides)


def _reasons(tally: OwnersTally, rule: QuorumRule) -> list[str]:
    found = []
    if rule.origin.basis not in VERIFIED:
        found.append(f"“{rule.item}”的规则没有核对原文，只写票数")
    if not tally.rooms:
        found.append("还没有业主名册")
    if tally.unmeasured:
        found.append(f"{tally.unmeasured} 套房屋没有面积，面积不能计算")
    return found


def _decided(tally: OwnersTally, rule: QuorumRule, turn: int, void: bool) -> bool | None:
    """With `turn` owners of two minds counted in favour, and void ballots taken as having taken part or not."""
    part = Side(tally.part.owners, tally.part.area)
    if void:
        part = Side(part.owners + tally.void.owners, part.area + tally.void.area)
    if rule.hold is None or rule.passes is None or not _both(rule.hold, part, tally.all):
        return None
    return _both(rule.passes, Side(tally.in_favour.owners + turn, tally.in_favour.area), part)


def _both(share: Threshold, reached: Side, of: Side) -> bool:
    return bool(share.met(reached.owners, of.owners)) and bool(share.met(reached.area, of.area))


def _lines(tally: OwnersTally, rule: QuorumRule) -> list[str]:
    found: list[str] = []
    for share, reached, of, words in (
        (rule.hold, tally.part, tally.all, "参与"),
        (rule.passes, tally.in_favour, tally.part, "同意"),
    ):
        if share is not None:
            found.append(f"业主人数：{words}{_compared(share, reached.owners, of.owners, str)}")
            found.append(f"专有部分面积：{words}{_compared(share, reached.area, of.area, metres)}")
    return found


def _compared(share: Threshold, reached: int, of: int, show: Callable[[int], str]) -> str:
    if of <= 0:
        return f" {show(reached)} · 未判定"
    verdict = "达到" if share.met(reached, of) else "未达到"
    return f" {show(reached)} / {show(of)} · 需要 {show(share.needed(of))} · {verdict}"
