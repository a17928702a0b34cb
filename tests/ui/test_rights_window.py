"""What a role may not do is not offered: places, keys, the palette, buttons; what is refused is said."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.accounts import policy, signing
from desktop_app.app import App
from desktop_app.residents.queries import ResidentFilter, ids, lines
from tests.ui.accounts import PASSWORD, add, set_up
from tests.ui.conftest import rest, settle
from ui.finders import FINDERS
from ui.main_window import MainWindow
from ui.pages import PAGES, RECORDS
from ui.pages.person import PersonPage
from ui.shell.background import Background
from ui.shell.settings import Settings
from ui.shell.theme import Theme

Seat = Callable[..., MainWindow]


@pytest.fixture
def seat(town: App, theme: Theme, background: Background, qtbot: QtBot, tmp_path: Path) -> Seat:
    """The window with somebody of this role at the desk."""

    def make(*roles: str) -> MainWindow:
        set_up(town)
        person = add(town, "王芳", "wangfang", *roles)
        assert signing.sign_in(town.db, "wangfang", PASSWORD) == person
        window = MainWindow(theme, Settings(tmp_path / "window.ini"), background)
        qtbot.addWidget(window)
        window.show()
        window.attach(town, FINDERS)
        settle(qtbot, background)
        return window

    return make


def places(window: MainWindow) -> list[str]:
    return [key for key, made in window.navigation._buttons.items() if made.isVisible()]


def person_of(window: MainWindow) -> str:
    """Somebody of the register, looked up by a role that may."""
    db = window.app.db
    before, db.seat.actor = db.seat.actor, None
    try:
        from desktop_app.shared.actor import SYSTEM

        with db.viewing(SYSTEM):
            return lines(db, ids(db, ResidentFilter())[:1])[0].id
    finally:
        db.seat.actor = before


def test_every_right_that_a_place_or_a_record_names_exists():
    known = set(policy.rights())
    named = {right for entry in (*PAGES, *RECORDS) for right in entry.right.split()}
    assert named <= known


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        ("audit", ["audit", "settings"]),
        ("system", ["syncing", "health", "settings"]),
        ("security", ["syncing", "settings"]),
    ],
)
def test_the_three_administrators_see_their_own_work_and_no_residents(seat: Seat, qtbot: QtBot, role, offered):
    window = seat(role)
    assert places(window) == offered
    assert not window.notice.isVisible(), window.notice.words
    commands = {one.text for one in window.all_commands()}
    assert "居民" not in commands
    for key in offered:
        window.open_page(key)
        rest(window.tabs.current.page, qtbot)
        assert not window.notice.isVisible(), (key, window.notice.words)


@pytest.mark.parametrize("role", ["worker", "counter", "secretary", "street"])
def test_whoever_works_for_residents_finds_every_place_he_is_offered_without_a_refusal(
    seat: Seat, qtbot: QtBot, role: str
):
    window = seat(role)
    for key in places(window):
        window.open_page(key)
        rest(window.tabs.current.page, qtbot)
        assert "权限" not in window.notice.words, (key, window.notice.words)


def test_buttons_follow_the_commands_of_their_page(seat: Seat, qtbot: QtBot):
    window = seat("worker")
    window.open_record("person", person_of(window))
    page = window.tabs.current.page
    assert isinstance(page, PersonPage)
    rest(page, qtbot)
    keys = {one.keys for one in window.all_commands()}
    assert page._edit.isVisible()
    assert {"E", "M", "B"} <= keys
    texts = {one.text for one in window.all_commands()}
    assert "删除个人信息（依申请）" not in texts
    assert "迁出到其他社区" not in texts


def test_a_role_that_is_taken_away_takes_its_places_and_its_verbs_at_once(seat: Seat, qtbot: QtBot):
    window = seat("worker")
    window.open_record("person", person_of(window))
    page = window.tabs.current.page
    rest(page, qtbot)
    assert page._edit.isVisible()
    with window.app.db.applying() as tx:
        tx.execute("""UPDATE account SET roles='["street"]' WHERE login='wangfang'""")
        tx.touched("account")
    qtbot.waitUntil(lambda: "residents" not in places(window))
    assert window.tabs.keys == ["page:home"], "what may not be seen any more is closed"
    window.open_page("residents")
    assert window.tabs.page("page:residents") is None
    assert "看不了“居民”" in window.notice.words


def test_the_search_box_does_not_look_where_one_may_not_see(seat: Seat, qtbot: QtBot):
    window = seat("street")
    window.header.search.setText("wang")
    qtbot.wait(120)
    settle(qtbot, window.background)
    assert [one.kind for one in window.header.search.found.items if one.kind == "居民"] == []
    assert not window.notice.isVisible(), window.notice.words


def test_a_refusal_of_the_core_is_said_in_the_strip(seat: Seat, qtbot: QtBot):
    from desktop_app.residents.actions import tag

    window = seat("street")
    app = window.app
    window.background.write(lambda: tag(app.db, app.actor, [], "独居老人"))
    settle(qtbot, window.background)
    assert "王芳没有“登记、修改居民和户”的权限" in window.notice.words
    assert "什么也没有改" in window.notice.words
