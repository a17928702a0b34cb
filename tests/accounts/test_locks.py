"""Too many failures lock a sign-in name at a desk, whatever the clock does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.accounts import failures, managing, queries, rules, signing
from desktop_app.accounts.policy import policy
from desktop_app.accounts.rules import Failures
from desktop_app.shared.errors import AppError, LockedError
from tests.accounts.conftest import FIRST, FIRST_PASSWORD, OWN

TOLD = policy()


def fail(db, login=FIRST, times=5):
    for _ in range(times):
        with pytest.raises(AppError):
            signing.sign_in(db, login, "Falsch-2026")


def test_five_failures_lock_for_thirty_minutes_also_with_the_right_password(db, clock, admin, said):
    fail(db)
    with pytest.raises(LockedError, match="30 分钟"):
        signing.sign_in(db, FIRST, FIRST_PASSWORD)
    clock.move(minutes=29, seconds=59)
    with pytest.raises(LockedError, match="1 分钟"):
        signing.sign_in(db, FIRST, FIRST_PASSWORD)
    clock.move(seconds=1)
    assert signing.sign_in(db, FIRST, FIRST_PASSWORD) == admin
    assert [line for line in said() if "锁定" in line] == [
        "登录锁定 30 分钟：张三（zhangsan）",
        "锁定期间又试登录：张三（zhangsan）",
        "锁定期间又试登录：张三（zhangsan）",
    ]


def test_a_name_that_nobody_has_is_locked_just_the_same(db, admin):
    fail(db, "nobody")
    with pytest.raises(LockedError, match="30 分钟"):
        signing.sign_in(db, "nobody", "x")


def test_a_success_forgets_the_failures(db, admin):
    fail(db, times=4)
    signing.sign_in(db, FIRST, FIRST_PASSWORD)
    fail(db, times=4)
    assert signing.sign_in(db, FIRST, FIRST_PASSWORD) == admin


def test_a_clock_that_goes_back_a_year_neither_opens_the_lock_nor_closes_it_for_a_year(db, clock, admin):
    fail(db)
    clock.put(days=-365)
    with pytest.raises(LockedError, match="30 分钟"):
        signing.sign_in(db, FIRST, FIRST_PASSWORD)
    clock.move(minutes=29)
    with pytest.raises(LockedError):
        signing.sign_in(db, FIRST, FIRST_PASSWORD)
    clock.move(minutes=1)
    assert signing.sign_in(db, FIRST, FIRST_PASSWORD) == admin


def test_a_locked_name_does_not_open_by_its_pin(db, admin):
    signing.set_pin(db, admin, FIRST_PASSWORD, "2580")
    fail(db)
    with pytest.raises(LockedError):
        signing.sign_in_with_pin(db, admin.id, "2580")


def test_a_lock_is_shown_and_opened_by_whoever_manages_accounts(db, hire, account, admin):
    wang = hire("王芳", "worker")
    fail(db, "wangfang")
    assert {line.staff.name: line.locked for line in queries.accounts(db, admin)} == {"张三": 0, "王芳": 30}
    managing.unlock(db, admin, account(wang), "本人来说明")
    assert signing.sign_in(db, "wangfang", OWN) == wang


def test_another_reset_opens_it_too(db, hire, account, admin):
    wang = hire("王芳", "worker")
    fail(db, "wangfang")
    managing.reset_password(db, admin, account(wang), "Neues-13579")
    assert signing.sign_in(db, "wangfang", "Neues-13579") == wang


def test_failures_of_another_name_do_not_count(db, hire, admin):
    hire("王芳", "worker")
    fail(db, "wangfang")
    assert failures.minutes_left(db, FIRST) == 0
    assert signing.sign_in(db, FIRST, FIRST_PASSWORD) == admin


@pytest.mark.parametrize("by", [{"minutes": 31}, {"days": 365}, {"days": -365}])
def test_a_clock_that_is_put_elsewhere_does_not_open_the_lock(db, clock, admin, by):
    fail(db)
    clock.put(**by)
    with pytest.raises(LockedError, match="30 分钟"):
        signing.sign_in(db, FIRST, FIRST_PASSWORD)
    clock.move(minutes=30)
    assert signing.sign_in(db, FIRST, FIRST_PASSWORD) == admin


def test_after_a_start_of_the_machine_the_lock_counts_from_there(db, clock, admin):
    """However long it was off by its clock, and also where it was on for long before."""
    fail(db)
    clock.restart()
    clock.put(days=1)
    with pytest.raises(LockedError, match="30 分钟"):
        signing.sign_in(db, FIRST, FIRST_PASSWORD)
    clock.move(minutes=29)
    assert failures.minutes_left(db, FIRST) == 1
    clock.move(minutes=1)
    assert signing.sign_in(db, FIRST, FIRST_PASSWORD) == admin


@given(st.lists(st.one_of(st.none(), st.integers(1, 40 * rules.MINUTE)), min_size=1, max_size=12))
def test_a_lock_lasts_its_minutes_at_least_and_never_more_than_that_after_the_last_start(steps):
    """Looked at after each step: time goes by, or (None) the machine is started anew."""
    whole, now = TOLD.lock_minutes * rules.MINUTE, 10**8
    found, run = Failures(TOLD.failures, now, now), 0
    for step in steps:
        now, run = (0, 0) if step is None else (now + step, run + step)
        found = rules.settled(found, now, TOLD)
        left = rules.minutes_left(found, now, TOLD)
        assert (left == 0) == (run >= whole)
        assert left == -(-max(0, whole - run) // rules.MINUTE)
        if left == 0:
            return


@given(st.integers(1, 4), st.integers(0, 10**9))
def test_fewer_failures_than_the_policy_says_lock_nothing(count, later):
    found = Failures()
    for _ in range(count):
        found = rules.failed(found, 10**12, TOLD)
    assert rules.minutes_left(rules.settled(found, 10**12 + later, TOLD), 10**12 + later, TOLD) == 0
