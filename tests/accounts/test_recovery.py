"""When no administrator is left: the recovery sheet."""

import pytest

from desktop_app import app as desk
from desktop_app.accounts import queries, signing
from desktop_app.shared.errors import AppError, LockedError
from desktop_app.store import audit_check, recovery
from desktop_app.upkeep.elsewhere import restore_elsewhere
from tests.accounts.conftest import FIRST, FIRST_PASSWORD


def test_only_the_sheet_in_force_fits(app, admin):
    with pytest.raises(AppError, match="没有恢复文件"):
        app.must_fit(recovery.new_code())
    earlier, code = app.new_recovery_code(), app.new_recovery_code()
    app.must_fit(code.lower())
    for wrong in (earlier, recovery.new_code()):
        with pytest.raises(LockedError):
            app.must_fit(wrong)


def test_a_sheet_is_made_and_a_backup_restored_only_by_whoever_may(app, hire, tmp_path, clock):
    hire("王芳", "secretary", login="wf")
    made = app.backup()
    app.sign_in("wf", "Gongzuo-1357")
    with pytest.raises(AppError, match="密钥"):
        app.new_recovery_code()
    with pytest.raises(AppError, match="恢复"):
        app.restore(made.path, tmp_path / "neu")
    clock.move(minutes=1)
    assert app.backup().path.exists()
    app.sign_out()
    with pytest.raises(AppError, match="还没有登录"):
        app.backup()
    assert app.backup_if_due("exit") is None  # the program goes on by itself: nothing has changed since
    assert not (tmp_path / "neu").exists()


def test_on_another_machine_the_same_sheet_makes_an_administrator_anew(app, admin, tmp_path, clock):
    """The computer is lost and nobody knows a password: the newest backup and the sheet are enough."""
    code = app.new_recovery_code()
    made = app.backup()
    restore_elsewhere(made.path, code, tmp_path / "别处")
    with desk.open_app(tmp_path / "别处", clock=clock) as other:
        assert queries.has_accounts(other.db)
        with pytest.raises(AppError, match="已经有账号"):
            signing.first_administrator(other.db, "王芳", "wangfang", "Wieder-13579")
        other.must_fit(code)
        wang = signing.administrator_anew(other.db, "王芳", "wangfang", "Wieder-13579")
        assert "accounts.manage" in queries.rights_of(other.db, wang)
        assert signing.sign_in(other.db, FIRST, FIRST_PASSWORD) == admin
        assert audit_check.verify(other.db).sound
