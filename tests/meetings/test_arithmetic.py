"""Quorum, majority and votes: whole numbers, and no word more than the rules allow."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop_app.meetings import rules, voting
from desktop_app.meetings.model import AgendaItem, Attendance
from desktop_app.meetings.voting import Votes
from desktop_app.profiles.queries import quorum_rules_of
from desktop_app.profiles.quorum import QuorumRule, Threshold
from desktop_app.profiles.rules import Origin
from desktop_app.shared.errors import AppError


def share(p: int, q: int, cmp: str, base: str = "all", measures: tuple[str, ...] = ("persons",)) -> Threshold:
    return Threshold(base, p, q, cmp, measures)


def rule(passes: Threshold | None, *, basis: str = "law", hold: Threshold | None = None) -> QuorumRule:
    return QuorumRule("x", "试", hold, passes, None, "", Origin("民法典", basis))


def there(due: int, present: int, voting: int | None = None) -> rules.Count:
    voting = due if voting is None else voting
    return rules.Count(due, present, 0, due - present, 0, voting, min(present, voting))


@pytest.mark.parametrize(
    ("basis", "n", "p", "q", "cmp", "needed"),
    [
        ("过半数 excludes the half: 民法典 art. 1259", 7, 1, 2, "more_than", 4),
        ("过半数 excludes the half: 民法典 art. 1259", 8, 1, 2, "more_than", 5),
        ("过半数 excludes the half: 民法典 art. 1259", 62, 1, 2, "more_than", 32),
        ("半数以上 includes the half: 民法典 art. 1259", 7, 1, 2, "at_least", 4),
        ("半数以上 includes the half: 民法典 art. 1259", 8, 1, 2, "at_least", 4),
        ("三分之二以上: 民法典 art. 278", 9, 2, 3, "at_least", 6),
        ("三分之二以上: 民法典 art. 278", 62, 2, 3, "at_least", 42),
        ("四分之三以上: 民法典 art. 278 (6)-(8)", 10, 3, 4, "at_least", 8),
        ("五分之四以上: 基层组织选举工作条例", 26, 4, 5, "at_least", 21),
    ],
)
def test_the_number_needed_is_the_one_the_article_gives(
    basis: str, n: int, p: int, q: int, cmp: str, needed: int
) -> None:
    assert voting.needed(n, share(p, q, cmp)) == needed
    assert share(p, q, cmp).met(needed, n) is True
    assert share(p, q, cmp).met(needed - 1, n) is False


@pytest.mark.parametrize("n", [0, -1])
def test_a_share_of_nobody_is_undecided_and_never_reached(n: int) -> None:
    assert share(1, 2, "at_least").met(5, n) is None
    assert voting.needed(n, share(1, 2, "more_than")) is None


@given(n=st.integers(1, 10**9), q=st.integers(1, 20), data=st.data())
def test_the_number_needed_is_the_smallest_that_meets_its_share(n: int, q: int, data: st.DataObject) -> None:
    p = data.draw(st.integers(1, q))
    assert voting.needed(n, share(p, q, "at_least")) == next(a for a in range(p * n // q - 1, n + 1) if a * q >= p * n)
    assert voting.needed(n, share(p, q, "more_than")) == p * n // q + 1


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.integers(1, 700))
@example(3, 1, 0, 3)
@example(3, 0, 0, 3)
def test_a_verdict_is_withheld_with_its_reason_exactly_when_more_voted_than_may(
    yes: int, no: int, blank: int, voters: int
) -> None:
    votes = Votes(yes, no, blank)
    odd = voting.doubts(votes, voters)
    verdict = voting.judge(votes, there(voters, voters), [rule(share(1, 2, "more_than", "present"))], odd)
    if votes.cast > voters:
        assert verdict.printed == ""
        assert f"合计 {votes.cast} 票，多于有表决权的 {voters} 人" in verdict.why
    else:
        assert verdict.printed in ("表决通过", "表决未通过")
        assert not verdict.why


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_both_sides_of_a_question_never_pass_by_a_majority(yes: int, no: int, blank: int) -> None:
    found = there(yes + no + blank, yes + no + blank)
    majority = [rule(share(1, 2, "more_than", "present"))]
    verdicts = [
        voting.judge(Votes(yes, no, blank), found, majority).passed,
        voting.judge(Votes(no, yes, blank), found, majority).passed,
    ]
    assert verdicts != [True, True]
    assert (verdicts[0] is None) == (yes + no + blank == 0)


@pytest.mark.parametrize("field", ["votes_for", "votes_against", "votes_abstain", "ballots_issued", "ballots_invalid"])
def test_a_negative_count_is_refused_at_its_own_field(field: str) -> None:
    item = AgendaItem(meeting_id="m", seq=1, title="甲", **{field: -1})
    with pytest.raises(AppError) as refused:
        voting.check_counts(item)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("votes", "found", "threshold", "passes"),
    [
        (Votes(4, 3, 0), there(7, 7), share(1, 2, "more_than", "present"), True),
        (Votes(4, 4, 0), there(8, 8), share(1, 2, "more_than", "present"), False),
        (Votes(4, 4, 0), there(8, 8), share(1, 2, "at_least", "present"), True),
        (Votes(5, 0, 0), there(12, 5), share(1, 2, "more_than", "all"), False),
        (Votes(5, 0, 0), there(12, 9, voting=9), share(1, 2, "more_than", "voting"), True),
        (Votes(3, 1, 0), there(40, 30), share(3, 4, "at_least", "participating"), True),
        (Votes(0, 0, 0), there(40, 30), share(3, 4, "at_least", "participating"), None),
        (Votes(9, 0, 0), there(9, 9), share(2, 3, "at_least", "present", ("owners", "area")), None),
    ],
)
def test_a_motion_passes_by_the_base_its_rule_names(
    votes: Votes, found: rules.Count, threshold: Threshold, passes: bool | None
) -> None:
    assert voting.judge(votes, found, [rule(threshold)]).passed is passes


@pytest.mark.parametrize("basis", ["unverified", "local", "choice"])
def test_a_rule_without_a_text_behind_it_says_counts_alone(basis: str) -> None:
    rows = [rule(share(1, 2, "more_than", "present"), basis=basis)]
    assert voting.outcome(Votes(7, 0, 0), there(7, 7), rows) == "同意 7 票，反对 0 票，弃权 0 票"


def test_without_any_rule_a_paper_says_counts_alone() -> None:
    assert voting.outcome(Votes(7, 0, 0), there(7, 7), []) == "同意 7 票，反对 0 票，弃权 0 票"


def test_with_a_rule_of_law_a_paper_says_the_outcome() -> None:
    law = [rule(share(1, 2, "more_than", "present"))]
    assert voting.outcome(Votes(4, 2, 1), there(7, 7), law).endswith("，表决通过")
    assert voting.outcome(Votes(3, 3, 1), there(7, 7), law).endswith("，表决未通过")


def test_a_vote_without_quorum_decides_nothing() -> None:
    rows = [rule(share(1, 2, "more_than", "present"), hold=share(2, 3, "at_least"))]
    assert voting.judge(Votes(5, 0, 0), there(9, 5), rows).passed is None
    assert voting.judge(Votes(6, 0, 0), there(9, 6), rows).passed is True


def test_two_rules_that_disagree_decide_nothing() -> None:
    rows = [rule(share(1, 2, "more_than", "present")), rule(share(3, 4, "at_least", "present"))]
    assert voting.judge(Votes(5, 3, 0), there(8, 8), rows).passed is None
    assert voting.judge(Votes(6, 2, 0), there(8, 8), rows).passed is True


@pytest.mark.parametrize(
    ("kind", "day", "found", "votes", "says"),
    [
        # 支部工作条例 art. 11: half of those with a vote there, more than half of all with a vote in favour
        ("branch_assembly", date(2026, 11, 22), there(20, 12, voting=16), Votes(9, 2, 1), "表决通过"),
        ("branch_assembly", date(2026, 11, 22), there(20, 12, voting=16), Votes(8, 2, 2), "表决未通过"),
        ("branch_assembly", date(2026, 11, 22), there(20, 7, voting=16), Votes(7, 0, 0), ""),
        # 城市居民委员会组织法 (2018) arts 9-10, in force to 2025-12-31
        ("residents_assembly", date(2025, 12, 31), there(40, 30), Votes(16, 14, 0), "表决通过"),
        # the articles of the law of 2026 have not been seen
        ("residents_assembly", date(2026, 1, 1), there(40, 30), Votes(30, 0, 0), ""),
        # areas are not counted here: 民法典 art. 278
        ("owners_assembly", date(2026, 11, 22), there(90, 80), Votes(80, 0, 0), ""),
        # a local habit is no rule to print an outcome by
        ("residents_council", date(2026, 11, 22), there(20, 20), Votes(20, 0, 0), ""),
    ],
)
def test_the_rules_of_the_day_decide_what_is_said(
    kind: str, day: date, found: rules.Count, votes: Votes, says: str
) -> None:
    said = voting.outcome(votes, found, quorum_rules_of(kind, day))
    assert said.removeprefix(votes.words).lstrip("，") == says


def person(status: str, capacity: str = "应到", *, voting: bool = True) -> Attendance:
    return Attendance(meeting_id="m", seq=1, name="甲", status=status, capacity=capacity, voting=voting)


def test_attendance_is_counted_by_capacity_and_by_vote() -> None:
    """A proxy counts as there, a guest never as due, a probationary member has no vote."""
    rows = [person("出席"), person("委托"), person("请假"), person("缺席"), person("出席", voting=False)]
    rows += [person("列席", "列席", voting=False), person("缺席", "列席", voting=False)]
    assert rules.count(rows) == rules.Count(5, 3, 1, 1, 1, 4, 2)
    assert rules.count(rows).words == "应到 5 人，实到 3 人，请假 1 人，缺席 1 人，列席 1 人"


def test_the_quorum_says_what_is_needed_and_whether_it_is_there() -> None:
    rows = [rule(None, hold=share(2, 3, "at_least"))]
    assert voting.quorums(there(9, 6), rows)[0].words == "应到 9 · 实到 6 · 需要 6 · 达到"
    assert voting.quorums(there(9, 5), rows)[0].words == "应到 9 · 实到 5 · 需要 6 · 未达到"
    assert voting.quorums(there(0, 0), rows)[0].words == "应到 0 · 实到 0 · 未判定"


@pytest.mark.parametrize(
    ("used", "number"), [([], 1), (["第3期", None, "第11期"], 12), (["2026年第2期"], 3), (["特刊"], 1)]
)
def test_the_next_issue_follows_the_highest_one_used(used: list[str | None], number: int) -> None:
    assert rules.next_issue(used) == number


@pytest.mark.parametrize(
    ("starts", "ends", "field"),
    [
        ("2026-11-22 15:00", "2026-11-22 14:59", "ends_at"),
        ("2026-11-22 15:00", "2026-11-22 15:00", "ends_at"),
        ("2026-13-22 15:00", None, "starts_at"),
        ("2026-11-22 15:00", "下午", "ends_at"),
    ],
)
def test_a_meeting_that_ends_before_it_begins_is_refused(starts: str, ends: str | None, field: str) -> None:
    with pytest.raises(AppError) as refused:
        rules.check_times(starts, ends)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("starts", "ends"), [(None, None), ("2026-11-22 15:00", None), ("2026-11-22 23:00", "2026-11-23 00:10")]
)
def test_a_meeting_may_be_open_or_run_past_midnight(starts: str | None, ends: str | None) -> None:
    rules.check_times(starts, ends)
