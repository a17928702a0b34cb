"""Signing in and out at a desk, one's own password and PIN."""

from itertools import pairwise

import pytest

from desktop_app.accounts import managing, queries, signing
from desktop_app.shared.errors import AppError, LockedError
from desktop_app.store import audit_check, history
from tests.accounts.conftest import FIRST, FIRST_PASSWORD, OWN, TEMPORARY


def test_before_the_first_account_everything_is_as_it_was(app, db, actor):
    assert not queries.has_accounts(db)
    assert app.actor == actor
    assert queries.who_may_sign_in(db) == []
    assert "residents.change" in queries.rights_of(db, actor)


def test_the_first_administrator_is_the_member_of_staff_who_is_there(app, db, actor):
    made = signing.first_administrator(db, "张三", FIRST, FIRST_PASSWORD)
    assert made == actor == app.actor
    assert [one.name for one in queries.staff(db)] == ["张三"]
    assert queries.has_accounts(db)


def test_there_is_only_one_first_administrator(db, admin):
    with pytest.raises(AppError, match="已经有账号"):
        signing.first_administrator(db, "李四", "lisi", "Lisi-no-2026")


@pytest.mark.parametrize(
    ("name", "login", "password", "field"),
    [
        ("", "zhangsan", FIRST_PASSWORD, "name"),
        ("张三", "z", FIRST_PASSWORD, "login"),
        ("张三", "zhang san!", FIRST_PASSWORD, "login"),
        ("张三", "zhangsan", "Short-1", "password"),
        ("张三", "zhangsan", "alllowercase", "password"),
        ("张三", "zhangsan", "Zhangsan-2026", "password"),
        ("张三", "zhangsan", "Aa1Aa1Aa1Aa1", "password"),
        ("张三", "zhangsan", "Aa1-" * 40, "password"),
    ],
)
def test_what_no_account_can_have_is_refused_at_its_field_and_nothing_is_made(db, name, login, password, field):
    with pytest.raises(AppError) as refused:
        signing.first_administrator(db, name, login, password)
    assert refused.value.field == field
    assert not queries.has_accounts(db)


def test_a_sign_in_name_is_found_however_it_is_written(db, admin):
    assert signing.sign_in(db, "  ZhangＳan ", FIRST_PASSWORD) == admin


def test_nobody_who_is_not_signed_in_acts(app, db, admin):
    app.sign_out()
    assert app.actor.id == ""
    assert queries.rights_of(db, app.actor) == frozenset()


def test_an_unknown_name_and_a_wrong_password_get_the_same_words(db, admin):
    told = []
    for login in (FIRST, "nobody"):
        with pytest.raises(AppError) as refused:
            signing.sign_in(db, login, "Falsch-2026")
        told.append(str(refused.value))
    assert told[0] == told[1]


def test_an_unknown_name_costs_as_many_hashes_as_a_wrong_password(db, admin, monkeypatch):
    """The time is that of the hashes: one for each attempt."""
    asked = []
    fits = signing.hashing.fits
    monkeypatch.setattr(signing.hashing, "fits", lambda secret, kept: asked.append(kept) or fits(secret, kept))
    for login in (FIRST, "nobody"):
        with pytest.raises(AppError):
            signing.sign_in(db, login, "Falsch-2026")
    assert len(asked) == 2
    assert all(kept.startswith("$argon2id$") for kept in asked)


def test_the_trail_says_who_came_who_failed_and_who_left_but_never_what_was_typed(app, db, admin, said):
    app.sign_out()
    with pytest.raises(AppError):
        signing.sign_in(db, "Mein-Passwort-1", "x")  # somebody typed the password in the wrong box
    with pytest.raises(AppError):
        signing.sign_in(db, FIRST, "x")
    signing.sign_in(db, FIRST, FIRST_PASSWORD)
    assert said()[-4:] == [
        "退出登录",
        "登录失败：没有这个登录名，连续第 1 次",
        "登录失败：张三（zhangsan），连续第 1 次",
        "登录",
    ]
    assert not any("Passwort" in line for line in said())
    assert audit_check.verify(db).sound


def test_a_password_that_somebody_else_chose_opens_nothing_but_its_change(db, admin):
    managing.add_account(db, admin, "王芳", "wangfang", TEMPORARY, roles=["counter"])
    wang = signing.sign_in(db, "wangfang", TEMPORARY)
    assert "别人设的" in signing.must_change(db, wang)
    assert queries.rights_of(db, wang) == frozenset()
    signing.change_password(db, wang, TEMPORARY, OWN)
    assert signing.must_change(db, wang) == ""
    assert "residents.change" in queries.rights_of(db, wang)


def test_a_password_grows_old_and_has_to_be_changed(db, clock, admin):
    clock.move(days=89)
    signing.sign_in(db, FIRST, FIRST_PASSWORD)
    assert signing.must_change(db, admin) == ""
    clock.move(days=1)
    signing.sign_in(db, FIRST, FIRST_PASSWORD)
    assert "90 天" in signing.must_change(db, admin)
    assert queries.rights_of(db, admin) == frozenset()
    signing.change_password(db, admin, FIRST_PASSWORD, OWN)
    assert signing.must_change(db, admin) == ""


def test_none_of_the_last_five_passwords_can_be_used_again_but_the_sixth_can(db, admin):
    used = [FIRST_PASSWORD, *(f"Naechstes-{number}" for number in range(5))]
    for old, new in pairwise(used):
        signing.change_password(db, admin, old, new)
    for barred in used[1:]:
        with pytest.raises(AppError, match="最近 5 次"):
            signing.change_password(db, admin, used[-1], barred)
    signing.change_password(db, admin, used[-1], FIRST_PASSWORD)


def test_a_password_is_changed_only_with_the_present_one_and_trying_is_counted(db, admin):
    for left in range(4, 0, -1):
        with pytest.raises(AppError, match="现在的密码不对"):
            signing.change_password(db, admin, f"geraten-{left}", OWN)
    with pytest.raises(LockedError):
        signing.change_password(db, admin, "geraten", OWN)
    with pytest.raises(LockedError):
        signing.change_password(db, admin, FIRST_PASSWORD, OWN)


def test_no_undo_brings_back_a_password(db, admin):
    signing.change_password(db, admin, FIRST_PASSWORD, OWN)
    number = db.scalar("SELECT max(no) FROM journal_action WHERE what='修改密码'")
    with pytest.raises(AppError, match="不用撤销"):
        history.undo(db, admin, number)
    assert signing.sign_in(db, FIRST, OWN) == admin


# ------------------------------------------------------------------------------------------------------------------ PIN


@pytest.fixture
def with_pin(db, admin):
    signing.set_pin(db, admin, FIRST_PASSWORD, "2580")
    return admin


def test_a_pin_opens_the_desk_where_it_was_set(db, with_pin):
    assert signing.sign_in_with_pin(db, with_pin.id, "2580") == with_pin
    assert [one.pin for one in queries.who_may_sign_in(db)] == [True]


@pytest.mark.parametrize("pin", ["123", "1234", "4321", "0000", "7890", "12a4", "٢٥٨٠", "2580258025802"])
def test_a_pin_anybody_would_try_first_is_none(db, admin, pin):
    with pytest.raises(AppError) as refused:
        signing.set_pin(db, admin, FIRST_PASSWORD, pin)
    assert refused.value.field == "pin"


def test_a_pin_is_set_only_with_the_password(db, admin):
    with pytest.raises(AppError, match="密码不对"):
        signing.set_pin(db, admin, "falsch", "2580")
    assert [one.pin for one in queries.who_may_sign_in(db)] == [False]


def test_after_five_wrong_pins_only_the_password_opens(db, with_pin):
    for _ in range(5):
        with pytest.raises(AppError):
            signing.sign_in_with_pin(db, with_pin.id, "1111")
    with pytest.raises(AppError, match="不能用 PIN"):
        signing.sign_in_with_pin(db, with_pin.id, "2580")
    signing.sign_in(db, FIRST, FIRST_PASSWORD)
    assert signing.sign_in_with_pin(db, with_pin.id, "2580") == with_pin


@pytest.mark.parametrize("days", [7, 400, -1, -365])
def test_a_pin_rests_when_the_password_was_used_long_ago_and_when_the_clock_went_back(db, clock, with_pin, days):
    clock.move(days=days)
    with pytest.raises(AppError, match="不能用 PIN"):
        signing.sign_in_with_pin(db, with_pin.id, "2580")


def test_a_pin_rests_after_another_password(db, hire, account, admin):
    wang = hire("王芳", "worker")
    signing.sign_in(db, "wangfang", OWN)
    signing.set_pin(db, wang, OWN, "2580")
    managing.reset_password(db, admin, account(wang), "Neues-13579")
    with pytest.raises(AppError, match="不能用 PIN"):
        signing.sign_in_with_pin(db, wang.id, "2580")


def test_somebody_without_an_account_has_no_pin_and_a_cleared_one_is_gone(db, with_pin):
    with pytest.raises(AppError, match="不能用 PIN"):
        signing.sign_in_with_pin(db, "0" * 32, "2580")
    signing.clear_pin(db, with_pin)
    with pytest.raises(AppError, match="不能用 PIN"):
        signing.sign_in_with_pin(db, with_pin.id, "2580")


def test_the_kept_pin_says_nothing_of_the_pin_and_never_leaves_the_desk(db, with_pin):
    kept = str(db.scalar("SELECT pin FROM account_desk"))
    assert "2580" not in kept
    assert not signing.hashing.fits("2580", kept)  # only together with the secret of this store
    assert "account_desk" not in db.tables


# ------------------------------------------------------------------------------------------------------------- sessions


def test_a_session_ends_with_the_account(db, hire, account, admin):
    wang = hire("王芳", "worker")
    signing.sign_in(db, "wangfang", OWN)
    assert signing.still_valid(db, wang)
    managing.end_account(db, admin, account(wang))
    assert not signing.still_valid(db, wang)
    assert queries.rights_of(db, wang) == frozenset()
    with pytest.raises(AppError, match="登录名或密码不对"):
        signing.sign_in(db, "wangfang", OWN)


def test_a_session_ends_when_somebody_resets_the_password_but_not_when_one_changes_it(db, hire, account, admin):
    wang = hire("王芳", "worker")
    signing.sign_in(db, "wangfang", OWN)
    signing.change_password(db, wang, OWN, "Selbst-24680")
    assert signing.still_valid(db, wang)
    managing.reset_password(db, admin, account(wang), "Neues-13579")
    assert not signing.still_valid(db, wang)
