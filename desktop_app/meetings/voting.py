"""What a vote comes to: exact arithmetic, and no word more than a rule with a text behind it allows.

No rule refuses to save anything.  A rule only withholds the printed words 表决通过, and says why: a printed verdict is
taken for law.  民法典 art. 1259: 以上 includes the number, 过 excludes it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from desktop_app.meetings.model import AgendaItem, Attendance
from desktop_app.meetings.rules import Count, proxies_beyond
from desktop_app.profiles.quorum import QuorumRule, Threshold
from desktop_app.shared.errors import AppError

VERIFIED = ("law", "secondary")
"""Only a rule with a text behind it lets a paper say 表决通过; a local habit or an unread article does not."""
PASSED, FAILED = "表决通过", "表决未通过"
WRITTEN = ("书面征求意见", "书面征求", "书面")
_BASIS = {"local": "是地方做法", "choice": "是本程序的写法", "unverified": "没有核对原文"}


def needed(n: int, share: Threshold) -> int | None:
    """The smallest number of n that meets the share; None where n is nought or unknown."""
    return None if n <= 0 else share.needed(n)


# -------------------------------------------------------------------------------------------------------------- quorum


@dataclass(frozen=True, slots=True)
class Quorum:
    """Whether a meeting may be held under one rule; `met` None is 未判定."""

    item: str
    base: int
    there: int
    needed: int | None
    met: bool | None
    source: str

    @property
    def words(self) -> str:
        """“应到 9 · 实到 7 · 需要 6 · 达到”"""
        verdict = {True: "达到", False: "未达到", None: "未判定"}[self.met]
        need = "" if self.needed is None else f" · 需要 {self.needed}"
        return f"应到 {self.base} · 实到 {self.there}{need} · {verdict}"


def quorums(found: Count, rules: Iterable[QuorumRule]) -> list[Quorum]:
    """The quorum under every rule that lays one down; areas and households are not counted here, so those stay open."""
    return [_quorum(found, rule, rule.hold) for rule in rules if rule.hold is not None]


def _quorum(found: Count, rule: QuorumRule, hold: Threshold) -> Quorum:
    base, there = (found.voting, found.voting_present) if hold.base == "voting" else (found.due, found.present)
    need = needed(base, hold)
    met = None if need is None or not heads_only(hold) else there >= need
    return Quorum(rule.item, base, there, need, met, rule.origin.source)


def heads_only(share: Threshold) -> bool:
    """Whether a share is one of people alone, not of areas or households."""
    return set(share.measures) == {"persons"}


# --------------------------------------------------------------------------------------------------------------- votes


@dataclass(frozen=True, slots=True)
class Votes:
    """What was counted on one item of the agenda."""

    in_favour: int
    against: int
    abstained: int

    @property
    def cast(self) -> int:
        return self.in_favour + self.against + self.abstained

    @property
    def words(self) -> str:
        return f"同意 {self.in_favour} 票，反对 {self.against} 票，弃权 {self.abstained} 票"


def votes_of(item: AgendaItem) -> Votes | None:
    """The votes on an item, None where nobody voted."""
    if item.votes_for is None and item.votes_against is None and item.votes_abstain is None:
        return None
    return Votes(item.votes_for or 0, item.votes_against or 0, item.votes_abstain or 0)


@dataclass(frozen=True, slots=True)
class Slips:
    """Ballot papers on one item: how many went out and came back, how many of those are void; None: not counted."""

    issued: int | None = None
    returned: int | None = None
    invalid: int | None = None


def slips_of(item: AgendaItem) -> Slips:
    """The ballot papers of an item."""
    return Slips(item.ballots_issued, item.ballots_returned, item.ballots_invalid)


_FIELDS = ("votes_for", "votes_against", "votes_abstain", "ballots_issued", "ballots_returned", "ballots_invalid")


def check_counts(item: AgendaItem) -> None:
    """AppError, at its field, for a count below nought: that is no count.  Whatever else is odd is a doubt."""
    for field in _FIELDS:
        if (getattr(item, field) or 0) < 0:
            raise AppError("票数不能是负数，没有保存。", field=field, next_step="请核对计票结果。")


def doubts(votes: Votes, voters: int, slips: Slips = Slips()) -> list[str]:
    """Why these counts cannot be right, in Chinese: then nothing is said of the outcome."""
    found = []
    if votes.cast > voters:
        found.append(f"同意、反对、弃权合计 {votes.cast} 票，多于有表决权的 {voters} 人")
    issued, returned, invalid = slips.issued, slips.returned, slips.invalid or 0
    if issued is not None and returned is not None and returned > issued:
        found.append(f"收回 {returned} 票，多于发出的 {issued} 票，这次表决无效")
    if issued is not None and issued > voters:
        found.append(f"发出 {issued} 票，多于有表决权的 {voters} 人")
    if returned is not None and returned != votes.cast + invalid:
        found.append(f"收回 {returned} 票，与有效票 {votes.cast} 票加废票 {invalid} 票对不上")
    return found


def proxy_doubts(rows: Sequence[Attendance], proxies: int) -> list[str]:
    """What is odd about proxies: given twice to the same person, or not allowed at this type of meeting."""
    found = []
    for row in proxies_beyond(rows, proxies):
        if proxies == 0:
            found.append(f"这种会议不能委托表决，{row.name}的委托不计")
        else:
            found.append(f"{row.proxy}已受别人委托，{row.name}的委托不再计")
    return found


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a paper may say of a vote: `passed` None is 未判定, then `why` says what stands in the way.

    `lines` is the arithmetic, one comparison a line.
    """

    counts: str
    passed: bool | None
    why: str = ""
    lines: tuple[str, ...] = ()

    @property
    def printed(self) -> str:
        """The words for a paper: 表决通过, 表决未通过, or nothing."""
        return "" if self.passed is None else PASSED if self.passed else FAILED

    @property
    def words(self) -> str:
        """The counts, with what may be said of them."""
        return f"{self.counts}，{self.printed}" if self.printed else self.counts


def judge(votes: Votes, found: Count, rules: Iterable[QuorumRule], odd: Sequence[str] = ()) -> Verdict:
    """What a show of hands or a ballot of those present comes to; a meeting that lacked its quorum decides nothing."""
    applied = [rule for rule in rules if rule.passes is not None]
    lines = tuple(line for rule in applied for line in _lines(votes, found, rule))
    if odd:
        return Verdict(votes.words, None, "；".join(odd), lines)
    if not applied:
        return Verdict(votes.words, None, "这种会议没有可以据以判定的规则，只写票数", lines)
    results = [_passed(votes, found, rule) for rule in applied]
    passed = results[0][0]
    if any(result[0] != passed for result in results):
        return Verdict(votes.words, None, "几条规则结果不同，请选定适用的规则", lines)
    return Verdict(votes.words, passed, results[0][1], lines)


def _base(votes: Votes, found: Count, share: Threshold) -> int | None:
    return {
        "all": found.due,
        "voting": found.voting,
        "present": found.voting_present,
        "participating": votes.cast,
    }.get(share.base)


def _lines(votes: Votes, found: Count, rule: QuorumRule) -> list[str]:
    lines = [_quorum(found, rule, rule.hold).words] if rule.hold and heads_only(rule.hold) else []
    if rule.passes and heads_only(rule.passes):
        base = _base(votes, found, rule.passes)
        need = needed(base or 0, rule.passes)
        verdict = {True: "达到", False: "未达到", None: "未判定"}[rule.passes.met(votes.in_favour, base)]
        lines.append(f"同意 {votes.in_favour}" + ("" if need is None else f" · 需要 {need}") + f" · {verdict}")
    return lines


def _passed(votes: Votes, found: Count, rule: QuorumRule) -> tuple[bool | None, str]:
    share = rule.passes
    if share is None:
        return None, ""
    if rule.origin.basis not in VERIFIED:
        return None, f"“{rule.item}”的规则{_BASIS.get(rule.origin.basis, '没有核对')}，只写票数"
    if not heads_only(share):
        return None, "要按专有部分面积和人数计算，请登记业主表决票"
    if rule.hold is not None:
        quorum = _quorum(found, rule, rule.hold)
        if not quorum.met:
            return None, f"到会人数没有达到要求（{quorum.words}），表决不作判定"
    won = share.met(votes.in_favour, _base(votes, found, share))
    return won, "" if won is not None else "没有参加表决的人，不作判定"


def outcome(votes: Votes | None, found: Count, rules: Iterable[QuorumRule], odd: Sequence[str] = ()) -> str:
    """What a paper may say of a vote: the counts, with 表决通过 or 表决未通过 only where certain; "" without a vote."""
    return "" if votes is None else judge(votes, found, rules, odd).words


def applying(rules: Iterable[QuorumRule], chosen: str | None) -> tuple[QuorumRule, ...]:
    """The rule that was chosen for an item, or all that hold; one that is not in force any more chooses nothing."""
    every = tuple(rules)
    return tuple(rule for rule in every if rule.item == chosen) or every
