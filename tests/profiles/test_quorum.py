"""Quorum and majority count in whole numbers and by the rules of the day."""

from datetime import date

import pytest

from desktop_app.profiles.queries import codes, quorum_rules, quorum_rules_of
from desktop_app.profiles.quorum import Threshold


@pytest.mark.parametrize(
    ("cmp", "p", "q", "of", "needed"),
    [
        ("more_than", 1, 2, 7, 4),
        ("more_than", 1, 2, 8, 5),
        ("more_than", 1, 2, 62, 32),
        ("at_least", 1, 2, 7, 4),
        ("at_least", 1, 2, 8, 4),
        ("at_least", 2, 3, 9, 6),
        ("at_least", 2, 3, 62, 42),
        ("at_least", 3, 4, 10, 8),
        ("at_least", 4, 5, 26, 21),
    ],
)
def test_above_includes_the_number_and_more_than_does_not(cmp: str, p: int, q: int, of: int, needed: int) -> None:
    share = Threshold("all", p, q, cmp, ("persons",))
    assert share.needed(of) == needed
    assert share.met(needed, of) is True
    assert share.met(needed - 1, of) is False


@pytest.mark.parametrize("of", [None, 0])
def test_an_unknown_base_is_undecided_never_passed(of: int | None) -> None:
    assert Threshold("all", 1, 2, "more_than", ("persons",)).met(5, of) is None


def test_every_rule_belongs_to_a_meeting_type_and_names_its_source() -> None:
    for rule in quorum_rules():
        assert codes("meeting_types").find(rule.meeting) is not None
        assert rule.origin.source


def test_a_meeting_keeps_the_rules_of_its_day() -> None:
    (before,) = quorum_rules_of("residents_assembly", date(2025, 12, 31))
    (after,) = quorum_rules_of("residents_assembly", date(2026, 1, 1))
    assert before.hold is not None
    assert after.hold is None
    assert after.passes is None


def test_owners_are_counted_by_heads_and_by_area() -> None:
    rules = quorum_rules_of("owners_assembly", date(2026, 5, 1))
    assert {rule.item for rule in rules} == {"民法典278(1)-(5)(9)", "民法典278(6)-(8)"}
    for rule in rules:
        assert rule.hold is not None
        assert rule.hold.measures == ("owners", "area")
