"""Outside the own grids the window asks for the reason, and then does what was asked for."""

import pytest

from desktop_app.accounts import managing, signing
from desktop_app.places import actions as places
from desktop_app.places.model import Area
from desktop_app.residents import actions as residents
from tests.ui.conftest import settle
from ui.shell.reasons import ReasonDialog


@pytest.fixture
def elsewhere(town):
    """A social worker who is signed in, and somebody who lives in a colleague's grid."""
    db = town.db
    admin = signing.first_administrator(db, "张三", "zhangsan", "Jiangshan-2026")
    own, other = (
        places.add_area(db, admin, Area(code=f"42029900100100{n}", name=f"第{n}网格", level="网格")).id for n in (1, 2)
    )
    for (building,) in db.rows("SELECT id FROM building"):
        places.assign_grid(db, admin, building, other, "2020-01-01")
    managing.add_account(db, admin, "王芳", "wangfang", "Linshi-2468", roles=["worker"], grids=[own])
    wang = signing.sign_in(db, "wangfang", "Linshi-2468")
    signing.change_password(db, wang, "Linshi-2468", "Gongzuo-1357")
    return town, str(db.scalar("SELECT person_id FROM residence WHERE to_on IS NULL LIMIT 1"))


def test_the_reason_is_asked_for_and_the_action_goes_on(elsewhere, make_desk, background, qtbot):
    app, person = elsewhere
    desk, done = make_desk(app), []
    background.write(
        lambda: residents.correct(app.db, app.actor, person, {"note": "有狗"}), done.append, failed=done.append
    )
    settle(qtbot, background)
    (dialog,) = [one for one in qtbot_dialogs() if isinstance(one, ReasonDialog)]
    dialog.form.show_values({"why": "窗口代办"})
    dialog.save()
    settle(qtbot, background)
    assert [one.note for one in done] == ["有狗"]
    assert app.db.row("SELECT what,why FROM journal_action ORDER BY no DESC") == ("修改居民信息", "窗口代办")
    assert desk is not None


def test_without_a_reason_nothing_is_done_and_the_form_says_so(elsewhere, make_desk, background, qtbot):
    app, person = elsewhere
    desk, told = make_desk(app), []
    background.write(lambda: residents.correct(app.db, app.actor, person, {"note": "有狗"}), failed=told.append)
    settle(qtbot, background)
    (dialog,) = [one for one in qtbot_dialogs() if isinstance(one, ReasonDialog)]
    dialog.save()  # nothing typed: it stays
    assert dialog.isVisible()
    dialog.reject()
    assert "不是您负责的网格" in told[0].words
    assert app.db.scalar("SELECT note FROM person WHERE id=?", (person,)) is None
    assert desk is not None


def qtbot_dialogs():
    from PySide6.QtWidgets import QApplication

    return [one for one in QApplication.topLevelWidgets() if one.isVisible()]
