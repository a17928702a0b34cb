"""The window hands its sign-in to the commands it starts."""

import pytest

from desktop_app.accounts import desk, managing, sessions, signing
from desktop_app.shared.errors import AppError
from tests.accounts.conftest import FIRST, FIRST_PASSWORD, OWN


def test_a_token_stands_for_who_opened_it_and_only_its_hash_is_kept(app, db, admin):
    token = sessions.open_session(db, admin)
    assert not [row for row in db.rows("SELECT * FROM account_session") if token in map(str, row)]
    db.seat.actor = None
    assert sessions.resume(db, token) == admin == app.actor


@pytest.mark.parametrize("token", ["", "0" * 64, "nonsense"])
def test_a_token_nobody_gave_out_opens_nothing(db, admin, token):
    signing.sign_out(db)
    with pytest.raises(AppError, match="登录已经结束"):
        sessions.resume(db, token)


def test_a_token_ends_with_signing_out(app, db, admin):
    token = sessions.open_session(db, admin)
    app.sign_out()
    with pytest.raises(AppError):
        sessions.resume(db, token)


@pytest.mark.parametrize("idle", [False, True])
def test_a_token_ends_with_the_lock_and_coming_back_gives_another(db, admin, idle):
    token = sessions.open_session(db, admin)
    desk.note_lock(db, admin, idle=idle)
    with pytest.raises(AppError, match="登录已经结束"):
        sessions.resume(db, token)
    assert sessions.resume(db, sessions.open_session(db, admin)) == admin


@pytest.mark.parametrize("hours", [12, 1000, -2])
def test_a_token_ends_by_itself_and_when_the_clock_went_back(db, clock, admin, hours):
    token = sessions.open_session(db, admin)
    clock.move(hours=hours)
    with pytest.raises(AppError):
        sessions.resume(db, token)


def test_a_token_ends_with_the_password_and_with_the_account(db, hire, account, admin):
    wang = hire("王芳", "worker")
    token = sessions.open_session(db, wang)
    signing.change_password(db, wang, OWN, "Selbst-24680")
    with pytest.raises(AppError):
        sessions.resume(db, token)
    token = sessions.open_session(db, wang)
    managing.end_account(db, admin, account(wang))
    with pytest.raises(AppError):
        sessions.resume(db, token)


def test_a_token_does_not_stop_another_person(db, hire, admin):
    wang = hire("王芳", "worker")
    token = sessions.open_session(db, wang)
    signing.sign_in(db, FIRST, FIRST_PASSWORD)
    signing.sign_out(db)
    assert sessions.resume(db, token) == wang
