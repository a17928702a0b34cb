"""Accounts in the window: made with a password told once, given roles, reset, unlocked, ended."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.accounts import policy, signing
from desktop_app.accounts.signing import temporary_password
from desktop_app.app import App
from desktop_app.shared.errors import AppError
from tests.ui.accounts import PASSWORD, add, set_up
from tests.ui.conftest import rest, settle
from tests.ui.test_pages import nameless
from ui.main_window import MainWindow
from ui.pages.accounts import AccountsPage
from ui.pages.accounts_asks import AddDialog, EndDialog, ResetDialog, RolesDialog, SlipDialog
from ui.shell.background import Background
from ui.shell.settings import Settings
from ui.shell.theme import Theme


@pytest.fixture
def window(app: App, theme: Theme, background: Background, qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    set_up(app)
    made = MainWindow(theme, Settings(tmp_path / "window.ini"), background)
    qtbot.addWidget(made)
    made.show()
    made.attach(app)
    settle(qtbot, background)
    yield made
    settle(qtbot, background)


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot) -> AccountsPage:
    window.open_page("accounts")
    shown = window.tabs.current.page
    assert isinstance(shown, AccountsPage)
    rest(shown, qtbot)
    return shown


def dialog(page: AccountsPage, kind):
    (found,) = [one for one in page.window().findChildren(kind) if one.isVisible()]
    return found


def at(page: AccountsPage, name: str) -> None:
    page.table.point_at([one.staff.name for one in page.table.lines].index(name))


def test_a_new_account_gets_a_proposed_name_roles_and_a_password_that_is_told_once(
    page: AccountsPage, app: App, qtbot: QtBot
):
    page.add()
    asked = dialog(page, AddDialog)
    assert nameless(asked) == []
    asked.form.input("name").setText("王芳")
    asked.form.input("name").left.emit()
    qtbot.waitUntil(lambda: asked.form.value("login") == "wangfang")
    asked.ticks.roles.choose(["worker"])
    asked.save()
    rest(page, qtbot)
    slip = dialog(page, SlipDialog)
    password = slip.password.text()
    assert "wangfang" in [one.account.login for one in page.table.lines]
    assert page.table.lines[-1].role_names == ("社工",)
    assert "下次登录须改密码" in page._state(page.table.lines[-1])
    slip.accept()
    admin = app.actor
    assert signing.sign_in(app.db, "wangfang", password).name == "王芳"
    app.db.seat.actor = admin
    stored = app.db.rows("SELECT what,why FROM journal_action")
    assert not [line for line in stored if password in f"{line}"], "the audit trail never says a password"


def test_pressing_return_twice_makes_one_account(page: AccountsPage, app: App, qtbot: QtBot):
    """Other words for the login, so that nothing but the second press being passed over keeps the second one out."""
    page.add()
    asked = dialog(page, AddDialog)
    asked.form.show_values({"name": "王芳", "login": "wangfang"})
    login = asked.form.input("login")
    login.setFocus()
    qtbot.keyClick(asked, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    login.setText("wangfang2")
    qtbot.keyClick(asked, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    asked.form.save_asked.emit(False)
    settle(qtbot, page.desk.background)
    assert app.db.rows("SELECT login FROM account WHERE login LIKE 'wangfang%'") == [("wangfang",)]


def test_a_slip_of_paper_is_drawn_for_it(page: AccountsPage, app: App):
    import pypdfium2

    from ui.pages.accounts_asks import _slip

    pdf = pypdfium2.PdfDocument(_slip(app, ("王芳", "wangfang", "KMTR-wqpe-7364", "社工")))
    assert len(pdf) == 1
    words = pdf[0].get_textpage().get_text_bounded()
    assert "KMTR-wqpe-7364" in words
    assert "王芳" in words
    pdf.close()


def test_temporary_passwords_are_strong_and_never_the_same():
    from desktop_app.accounts.rules import must_be_strong

    made = {temporary_password() for _ in range(50)}
    assert len(made) == 50
    for one in made:
        must_be_strong(one, policy.policy())


def test_roles_are_given_and_the_three_administrators_stay_apart(page: AccountsPage, app: App, qtbot: QtBot):
    add(app, "王芳", "wangfang", "worker")
    page.refresh(frozenset())
    rest(page, qtbot)
    at(page, "王芳")
    page.give_roles()
    asked = dialog(page, RolesDialog)
    assert asked.ticks.roles.boxes["worker"].isChecked()
    assert "setup" not in asked.ticks.roles.boxes, "nobody can hand this one on"
    asked.ticks.roles.choose(["system", "audit"])
    asked.save()
    rest(page, qtbot)
    assert "三员分立" in asked.strip.words
    asked.ticks.roles.choose(["system"])
    asked.save()
    rest(page, qtbot)
    assert page.table.lines[-1].role_names == ("系统管理员",)


def test_ones_own_account_is_left_to_another_administrator(page: AccountsPage):
    at(page, "李静")
    assert not page.end_button.isEnabled()
    page.give_roles()
    assert not [one for one in page.window().findChildren(RolesDialog) if one.isVisible()]


def test_a_forgotten_password_is_reset_and_a_locked_name_unlocked(page: AccountsPage, app: App, qtbot: QtBot):
    add(app, "王芳", "wangfang", "worker")
    for _ in range(5):
        with pytest.raises(AppError):
            signing.sign_in(app.db, "wangfang", "falsch")
    page.refresh(frozenset())
    rest(page, qtbot)
    at(page, "王芳")
    assert "本机锁定" in page._state(page.table.current)
    assert page.unlock_button.isEnabled()
    page.unlock()
    rest(page, qtbot)
    assert page._state(page.table.current) == "正常"
    page.reset()
    dialog(page, ResetDialog).save()
    rest(page, qtbot)
    password = dialog(page, SlipDialog).password.text()
    dialog(page, SlipDialog).accept()
    admin = app.actor
    assert signing.sign_in(app.db, "wangfang", password).name == "王芳"
    app.db.seat.actor = admin


def test_an_account_ends_and_can_still_be_seen(page: AccountsPage, app: App, qtbot: QtBot):
    add(app, "王芳", "wangfang", "worker")
    page.refresh(frozenset())
    rest(page, qtbot)
    at(page, "王芳")
    page.end()
    dialog(page, EndDialog).save()
    rest(page, qtbot)
    assert [one.staff.name for one in page.table.lines] == ["李静"]
    page.ended.setChecked(True)
    rest(page, qtbot)
    at(page, "王芳")
    assert "停用" in page._state(page.table.current)
    assert not page.reset_button.isEnabled()
    with pytest.raises(AppError):
        signing.sign_in(app.db, "wangfang", PASSWORD)


def test_the_table_of_roles_and_rights_says_it_in_words(page: AccountsPage, qtbot: QtBot):
    page.faces.choose(1)
    table = page.rights.table
    heads = [one.title for one in table.records.columns]
    assert heads[2:] == [role.name for role in policy.roles().values()]
    assert len(table.lines) == len(policy.rights())
    page.rights.search.setText("审计")
    assert [one.code for one in table.lines] == ["audit.read"]
    cells = {heads[column]: table.records.text(0, column) for column in range(2, len(heads))}
    assert {name for name, words in cells.items() if words} == {"审计管理员"}
    page.rights.search.setText("登记、修改居民")
    assert table.records.text(0, heads.index("社工")) == "本网格"
    assert not page.add_button.isVisible()


def test_who_may_only_look_is_offered_no_verbs(
    app: App, theme: Theme, background: Background, qtbot: QtBot, tmp_path: Path
):
    set_up(app)
    add(app, "陈伟", "chenwei", "audit")
    signing.sign_in(app.db, "chenwei", PASSWORD)
    made = MainWindow(theme, Settings(tmp_path / "window.ini"), background)
    qtbot.addWidget(made)
    made.show()
    made.attach(app)
    made.open_page("accounts")
    page = made.tabs.current.page
    assert isinstance(page, AccountsPage)
    rest(page, qtbot)
    assert len(page.table.lines) == 2
    assert not [verb for verb in (*page._one, page.add_button) if verb.isVisible()]
