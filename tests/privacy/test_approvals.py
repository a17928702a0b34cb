"""Somebody asks, somebody else answers in writing, and only then is a whole value shown."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.privacy import actions, queries, rules
from desktop_app.privacy.actions import NeedsApprovalError
from desktop_app.privacy.policy import policy
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError


def look(office, person, why="核对医保", what="证件号码"):
    actions.look(office.db, office.worker, Person, person.id, what, why)


def test_a_number_is_shown_for_a_reason_and_the_trail_says_so_first(office):
    with pytest.raises(AppError, match="查看用途没有填"):
        look(office, office.old, why=" ")
    look(office, office.old)
    assert office.trail()[-1] == "查看完整证件号码：居民 单守诚"
    assert office.db.scalar("SELECT why FROM journal_action ORDER BY no DESC LIMIT 1") == "核对医保"


def test_a_phone_of_a_grown_up_needs_no_reason(office):
    look(office, office.old, why="", what="电话")
    assert office.trail()[-1] == "查看完整电话：居民 单守诚"


def test_health_tags_make_every_look_one_for_a_reason(office):
    with office.db.transaction(office.worker, "打标签") as tx:
        tx.execute("INSERT INTO person_tag(id,person_id,tag) VALUES('a',?,'失能')", (office.old.id,))
    with pytest.raises(AppError, match="查看用途没有填"):
        look(office, office.old, why="", what="电话")


def test_a_child_is_shown_only_over_an_approval_by_somebody_else(office):
    before = office.trail()
    with pytest.raises(NeedsApprovalError) as needed:
        look(office, office.child)
    assert needed.value.kind == rules.LOOK_MINOR
    assert office.trail() == before
    asked = actions.ask(office.db, office.worker, rules.LOOK_MINOR, "办理入学证明", person_id=office.child.id)
    with pytest.raises(NeedsApprovalError):
        look(office, office.child)
    with pytest.raises(AppError, match="不能审批自己的申请"):
        actions.decide(office.db, office.worker, asked.id, allow=True)
    done = actions.decide(office.db, office.boss, asked.id, allow=True, why="确需")
    assert done.valid_until == "2026-11-28"
    look(office, office.child)
    why = office.db.scalar("SELECT why FROM journal_action ORDER BY no DESC LIMIT 1")
    assert why == "核对医保（审批：书记甲，有效期至 2026-11-28）"


def test_an_approval_holds_for_who_asked_for_whom_and_until_its_day(office, clock):
    asked = actions.ask(office.db, office.worker, rules.LOOK_MINOR, "入学", person_id=office.child.id)
    actions.decide(office.db, office.boss, asked.id, allow=True, valid_until="2026-11-23")
    with pytest.raises(NeedsApprovalError):
        actions.look(office.db, office.boss, Person, office.child.id, "电话", "看看")
    clock.move(days=1)
    look(office, office.child)
    clock.move(days=1)
    with pytest.raises(NeedsApprovalError):
        look(office, office.child)


def test_on_the_eighteenth_birthday_nobody_has_to_be_asked(office, clock):
    with office.db.transaction(office.worker, "改") as tx:
        tx.change(Person, office.child.id, birth="2008-11-23")
    with pytest.raises(NeedsApprovalError):
        look(office, office.child)
    clock.move(days=1)
    look(office, office.child)


def test_a_refusal_needs_a_reason_and_stands(office):
    asked = actions.ask(office.db, office.worker, rules.LOOK_MINOR, "入学", person_id=office.child.id)
    with pytest.raises(AppError, match="不同意的理由没有填"):
        actions.decide(office.db, office.boss, asked.id, allow=False)
    actions.decide(office.db, office.boss, asked.id, allow=False, why="材料不齐")
    with pytest.raises(AppError, match="已经审批过"):
        actions.decide(office.db, office.boss, asked.id, allow=True)
    with pytest.raises(NeedsApprovalError):
        look(office, office.child)
    assert [line.verdict for line in queries.approvals(office.db)] == ["不同意"]


def test_the_same_question_is_open_once(office):
    actions.ask(office.db, office.worker, rules.LOOK_MINOR, "入学", person_id=office.child.id)
    with pytest.raises(AppError, match="已经申请过"):
        actions.ask(office.db, office.worker, rules.LOOK_MINOR, "入学", person_id=office.child.id)


def test_a_reason_that_outlasts_the_person_names_nobody(office):
    with pytest.raises(AppError, match="写了本人的姓名"):
        actions.ask(office.db, office.worker, rules.LOOK_MINOR, "单小苗入学", person_id=office.child.id)


@pytest.mark.parametrize("until", ["2026-11-21", "2027-06-01", "明天"])
def test_an_approval_has_a_day_within_its_limit(office, until):
    asked = actions.ask(office.db, office.worker, rules.LOOK_MINOR, "入学", person_id=office.child.id)
    with pytest.raises(AppError):
        actions.decide(office.db, office.boss, asked.id, allow=True, valid_until=until)


def test_lists_show_masked_names_alone(office):
    actions.ask(office.db, office.worker, rules.LOOK_MINOR, "入学", person_id=office.child.id)
    (line,) = queries.approvals(office.db, open_only=True)
    assert (line.about, line.asked_name, line.open) == ("单*苗", "社工乙", True)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(birth=st.dates(min_value=__import__("datetime").date(1990, 1, 1)), day=st.dates())
def test_whoever_is_under_age_on_a_day_was_born_less_than_eighteen_years_before(birth, day):
    if day >= birth:
        young = rules.is_minor(birth.isoformat(), day, policy())
        years = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
        assert young == (years < 18)
