"""Signing in, the lock, coming back to the very same state, another one taking the seat."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QThread
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.accounts import hashing, lasting, sessions, signing
from desktop_app.app import App
from desktop_app.residents.queries import ResidentFilter, ids, lines
from desktop_app.shared.errors import AppError
from desktop_app.store.drafts import kept
from tests.ui.accounts import FIRST, PASSWORD, PIN, add, add_new, set_up
from tests.ui.conftest import rest, settle
from ui.main_window import MainWindow
from ui.pages.person_form import PersonFormPage
from ui.pages.person_verbs import TagDialog
from ui.pages.sign_in import SignIn
from ui.pages.visits import VisitsPage
from ui.shell.settings import Settings
from ui.widgets.inputs import LineEdit

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def guarded(town: App) -> App:
    """A small community whose people sign in; 李静 has a PIN here and is signed in."""
    set_up(town, pin=PIN)
    return town


@pytest.fixture
def desk_of(guarded: App, theme, background, qtbot: QtBot, tmp_path) -> Iterator[MainWindow]:
    """The whole window, 李静 at the desk."""
    from ui.finders import FINDERS

    made = MainWindow(theme, Settings(tmp_path / "window.ini"), background)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.attach(guarded, FINDERS)
    settle(qtbot, background)
    yield made
    settle(qtbot, background)


def curtain(window: MainWindow, qtbot: QtBot) -> SignIn:
    settle(qtbot, window.background)
    assert isinstance(window.curtain, SignIn)
    return window.curtain


def enter(window: MainWindow, qtbot: QtBot, secret: str, staff_id: str = "") -> None:
    """Type a password or a PIN and press Return, as whoever is chosen or as somebody else."""
    shown = curtain(window, qtbot)
    if staff_id:
        shown.who.setCurrentIndex(shown.who.findData(staff_id))
    qtbot.keyClicks(shown.secret, secret)
    qtbot.keyClick(shown.secret, Qt.Key.Key_Return)
    settle(qtbot, window.background)


def visible_words(window: MainWindow) -> str:
    return " ".join(one.text() for one in window.findChildren(QLabel) if one.isVisible())


def some_person(window: MainWindow):
    db = window.app.db
    return lines(db, ids(db, ResidentFilter())[:1])[0]


def test_by_keys_alone_from_a_resident_to_the_lock_and_back_to_the_same_place(desk_of: MainWindow, qtbot: QtBot):
    window = desk_of
    person = some_person(window)
    box = window.header.search
    qtbot.keyClick(window, Qt.Key.Key_K, CONTROL)
    tail = str(window.app.db.scalar("SELECT substr(id_no,-4) FROM person WHERE id=?", (person.id,)))
    qtbot.keyClicks(box, tail)
    qtbot.waitUntil(lambda: any(one.title == person.name for one in box.found.items))
    qtbot.keyClick(box, Qt.Key.Key_Return)
    settle(qtbot, window.background)
    assert window.tabs.current.key == f"person:{person.id}"
    page, focus = window.tabs.current.page, window.focusWidget()
    qtbot.keyClick(window, Qt.Key.Key_L, CONTROL)
    shown = curtain(window, qtbot)
    assert window.focusWidget() is shown.secret
    qtbot.keyClicks(shown.secret, PIN)
    qtbot.keyClick(shown.secret, Qt.Key.Key_Return)
    settle(qtbot, window.background)
    assert window.curtain is None
    assert window.tabs.current.page is page
    assert window.focusWidget() is focus
    assert window.windowTitle().startswith("和平社区")


def test_nothing_of_a_resident_can_be_seen_behind_the_lock(desk_of: MainWindow, qtbot: QtBot):
    window = desk_of
    person = some_person(window)
    window.open_record("person", person.id)
    rest(window.tabs.current.page, qtbot)
    window.tabs.current.page.tag()
    (dialog,) = window.findChildren(TagDialog)
    assert dialog.isVisible()
    assert person.name in visible_words(window)
    window.session.lock()
    curtain(window, qtbot)
    assert person.name not in visible_words(window)
    assert person.name not in window.windowTitle()
    assert "和平社区" not in window.windowTitle()
    assert not dialog.isVisible()
    assert not window.header.search.results.isVisible()
    enter(window, qtbot, PIN)
    assert dialog.isVisible(), "what was open above the page is open again"
    dialog.reject()


def test_keys_and_dropped_files_rest_behind_the_lock(desk_of: MainWindow, qtbot: QtBot):
    window = desk_of
    window.session.lock()
    shown = curtain(window, qtbot)
    before = window.tabs.current.key
    qtbot.keyClick(shown.secret, Qt.Key.Key_2, CONTROL)
    qtbot.keyClick(window, Qt.Key.Key_K, CONTROL)
    assert window.tabs.current.key == before
    assert not window.acceptDrops()
    assert window.curtain is shown
    enter(window, qtbot, PIN)
    settle(qtbot, window.background)
    qtbot.keyClick(window, Qt.Key.Key_2, CONTROL)
    assert window.tabs.current.key == "page:residents"


def test_what_comes_late_behind_the_lock_takes_no_keys_and_has_them_afterwards(desk_of: MainWindow, qtbot: QtBot):
    window = desk_of
    window.open_page("residents")
    page = window.tabs.current.page
    rest(page, qtbot)
    window.session.lock()
    shown = curtain(window, qtbot)
    search = page.findChild(LineEdit)
    search.setFocus()  # an answer that came late
    assert shown.secret.hasFocus()
    enter(window, qtbot, PIN)
    assert search.hasFocus()


def test_what_was_taken_away_behind_the_lock_hands_the_keys_to_what_its_page_begins_with(
    desk_of: MainWindow, qtbot: QtBot
):
    window = desk_of
    window.open_page("residents")
    page = window.tabs.current.page
    rest(page, qtbot)
    for take in (QWidget.setDisabled, QWidget.setHidden):
        field = page.findChild(LineEdit)
        field.setFocus()
        window.session.lock()
        settle(qtbot, window.background)
        take(field, True)
        enter(window, qtbot, PIN)
        assert page.first_focus().hasFocus()
        take(field, False)


def test_a_full_disk_is_said_on_the_lock_to_whoever_closes_the_window(desk_of: MainWindow, qtbot: QtBot, monkeypatch):
    window = desk_of

    def full(*_: object) -> None:
        raise AppError("磁盘满了。")

    monkeypatch.setattr("desktop_app.store.drafts.keep", full)
    window.desk.drafts["new"] = '{"name": "白"}'
    window.session.lock()
    shown = curtain(window, qtbot)
    settle(qtbot, window.background)
    assert not window.close()
    assert "磁盘没有收下" in " ".join(one.text() for one in shown.findChildren(QLabel) if one.isVisible())
    monkeypatch.undo()


def test_typed_words_survive_the_lock_in_forms_of_every_kind(desk_of: MainWindow, qtbot: QtBot):
    window = desk_of
    window.open_record("person-form", "new")
    form = window.tabs.current.page
    assert isinstance(form, PersonFormPage)
    settle(qtbot, window.background)
    form.form.input("name").setFocus()
    qtbot.keyClicks(form.form.input("name"), "Bai")
    window.open_page("visits")
    visits = window.tabs.current.page
    assert isinstance(visits, VisitsPage)
    rest(visits, qtbot)
    visits.record()
    findings = visits.form.form.input("findings")
    findings.setPlainText("说到一半")
    window.session.lock()
    enter(window, qtbot, PIN)
    assert findings.toPlainText() == "说到一半"
    assert form.form.value("name") == "Bai"
    assert "Bai" in window.desk.drafts["new"], "and on the disk, should the machine die meanwhile"


def test_the_desk_locks_itself_after_idle_minutes_and_sooner_at_a_counter(desk_of: MainWindow, qtbot: QtBot):
    window, idle = desk_of, desk_of.session.idle
    clock = window.app.clock
    assert idle.minutes == 15
    clock.move(minutes=14)
    assert not idle.look()
    qtbot.keyClick(window.windowHandle(), Qt.Key.Key_Shift)
    clock.move(minutes=14)
    assert not idle.look(), "a key begins it anew"
    clock.move(minutes=1)
    assert idle.look()
    curtain(window, qtbot)
    enter(window, qtbot, PIN)
    window.session.be_counter(counter=True)
    settle(qtbot, window.background)
    assert idle.minutes == 10
    clock.move(minutes=9)
    assert not idle.look()
    clock.move(minutes=1)
    assert idle.look()
    curtain(window, qtbot)


def test_what_child_processes_sign_in_with_ends_with_the_lock_and_with_signing_out(desk_of: MainWindow, qtbot: QtBot):
    window = desk_of
    db, background = window.app.db, window.background
    window.session.lock()
    enter(window, qtbot, PIN)
    first = background.session
    assert sessions.resume(db, first) == window.app.actor
    window.session.lock()
    curtain(window, qtbot)
    assert "LINLI_SESSION" not in background.secrets()
    with pytest.raises(AppError, match="登录已经结束"):
        sessions.resume(db, first)
    enter(window, qtbot, PIN)
    second = background.session
    assert sessions.resume(db, second) == window.app.actor
    window.session.sign_out()
    settle(qtbot, background)
    with pytest.raises(AppError, match="登录已经结束"):
        sessions.resume(db, second)


def test_a_clock_put_back_takes_nothing_from_child_processes_and_puts_nobody_out(desk_of: MainWindow, qtbot: QtBot):
    window = desk_of
    window.session.lock()
    enter(window, qtbot, PIN)
    db, first = window.app.db, window.background.session
    window.app.clock.put(days=-365)
    with pytest.raises(AppError, match="登录已经结束"):
        sessions.resume(db, first)
    window.session._timer.timeout.emit()  # its next look, within a minute
    settle(qtbot, window.background)
    assert not window.session.is_locked
    assert sessions.resume(db, window.background.session) == window.app.actor


def test_a_clock_put_on_locks_the_desk_and_the_password_opens_it(desk_of: MainWindow, qtbot: QtBot):
    window = desk_of
    window.app.clock.put(hours=1)
    window.session.idle.look()
    assert window.session.is_locked
    enter(window, qtbot, PIN)
    assert not window.session.is_locked


def test_the_key_that_wakes_a_desk_up_is_not_let_through(desk_of: MainWindow, qtbot: QtBot):
    window = desk_of
    before = window.tabs.current.key
    window.app.clock.move(hours=9)
    qtbot.keyClick(window.windowHandle(), Qt.Key.Key_B)
    qtbot.keyClick(window.windowHandle(), Qt.Key.Key_A)
    assert window.tabs.current.key == before
    assert curtain(window, qtbot).secret.text() == "a", "the next one is for the lock"


def test_a_wrong_password_is_said_and_a_locked_name_too(desk_of: MainWindow, qtbot: QtBot):
    window = desk_of
    window.session.lock()
    shown = curtain(window, qtbot)
    shown._change_way()
    enter(window, qtbot, "falsch")
    assert "不对" in shown.strip.words
    assert "再错 4 次" in shown.strip.words
    assert shown.secret.selectedText() == "falsch"
    for _ in range(4):
        shown.secret.clear()
        enter(window, qtbot, "falsch")
    assert "30 分钟" in shown.strip.words
    shown.secret.clear()
    enter(window, qtbot, PASSWORD)
    assert window.curtain is shown, "locked for half an hour, whatever is typed"
    window.app.clock.move(minutes=31)
    shown.secret.clear()
    enter(window, qtbot, PASSWORD)
    assert window.curtain is None


def test_another_one_gets_pages_of_his_own_and_the_first_finds_hers_again(desk_of: MainWindow, qtbot: QtBot):
    window = desk_of
    other = add(window.app, "王芳", "wangfang", "worker", pin="7391")
    person = some_person(window)
    window.open_record("person", person.id)
    window.open_record("person-form", "new")
    form = window.tabs.current.page
    settle(qtbot, window.background)
    qtbot.keyClicks(form.form.input("name"), "Bai")
    qtbot.keyClick(window, Qt.Key.Key_L, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert window.focusWidget() is curtain(window, qtbot).who
    enter(window, qtbot, "7391", other.id)
    assert window.header.who.text() == "王芳"
    assert window.app.actor == other
    assert window.tabs.keys == ["page:home"]
    assert "new" not in window.desk.drafts, "her draft is not his"
    assert window.status.said.text() == ""
    assert not form.isVisible()
    window.open_page("residents")
    window.session.switch()
    enter(window, qtbot, PIN, next(one.staff_id for one in people(window) if one.name == "李静"))
    assert window.tabs.current.page is form
    assert form.form.value("name") == "Bai"
    assert window.header.who.text() == "李静"
    window.session.switch()
    enter(window, qtbot, "7391", other.id)
    assert window.tabs.current.key == "page:residents"
    window.close()
    assert kept(window.app.db, other) == {}, "closing the window mixes nobody's drafts with another's"


def people(window: MainWindow):
    from desktop_app.accounts.queries import who_may_sign_in

    return who_may_sign_in(window.app.db)


def test_a_temporary_password_has_to_be_changed_before_anything_is_shown(desk_of: MainWindow, qtbot: QtBot):
    window = desk_of
    account = add_new(window.app, "王芳", "wangfang", "worker")
    window.session.switch()
    enter(window, qtbot, FIRST, account.staff_id)
    shown = curtain(window, qtbot)
    assert "别人设的" in shown.words.text()
    assert window.focusWidget() is shown._new.input("password")
    shown._new.input("password").setText("short")
    shown._new.input("again").setText("short")
    shown.enter()
    settle(qtbot, window.background)
    assert "8 到 128" in shown._new.fault("password")
    for name in ("password", "again"):
        shown._new.input(name).setText("Chunlan-77")
    shown.enter()
    settle(qtbot, window.background)
    assert window.curtain is None
    assert window.header.who.text() == "王芳"


def test_signing_out_closes_the_pages_and_keeps_what_was_typed(desk_of: MainWindow, qtbot: QtBot):
    window = desk_of
    window.open_record("person-form", "new")
    settle(qtbot, window.background)
    qtbot.keyClicks(window.tabs.current.page.form.input("name"), "Bai")
    window.session.sign_out()
    shown = curtain(window, qtbot)
    assert window.tabs.bar.count() == 0
    assert window.app.db.viewer is None
    assert window.background.session == ""
    shown._change_way()
    enter(window, qtbot, PASSWORD)
    assert window.tabs.current.key == "page:home"
    assert "1 份没有填完" in window.notice.words


def test_an_account_that_ended_elsewhere_is_locked_with_words_at_the_next_look(desk_of: MainWindow, qtbot: QtBot):
    window = desk_of
    other = add(window.app, "王芳", "wangfang", "worker", pin="7391")
    window.session.switch()
    enter(window, qtbot, "7391", other.id)
    with window.app.db.applying() as tx:
        tx.execute("UPDATE account SET to_on='2026-11-22' WHERE staff_id=?", (other.id,))
        tx.touched("account")
    window.session.check()
    qtbot.waitUntil(lambda: window.curtain is not None)
    shown = curtain(window, qtbot)
    assert "王芳的账号已经停用" in shown.words.text()
    assert shown.who.findData(other.id) < 0


def test_work_in_the_background_goes_on_behind_the_lock(desk_of: MainWindow, qtbot: QtBot):
    window = desk_of
    window.background.passphrase = "correct horse"
    job = window.background.start_job("备份", ["backup", "--if-due", "daily"])
    heard: list[object] = []
    job.ended.connect(heard.append)
    window.session.lock()
    curtain(window, qtbot)
    qtbot.waitUntil(lambda: bool(heard), timeout=20_000)
    assert window.curtain is not None


def test_the_password_and_the_pin_are_changed_by_their_owner(desk_of: MainWindow, qtbot: QtBot):
    from ui.pages.own_account import PasswordDialog, PinDialog

    window = desk_of
    window.session.change_password()
    (dialog,) = window.findChildren(PasswordDialog)
    for name, words in (("old", "falsch"), ("password", "Chunlan-77"), ("again", "Chunlan-78")):
        dialog.form.input(name).setText(words)
    dialog.save()
    assert "不一样" in dialog.form.fault("again")
    dialog.form.input("again").setText("Chunlan-77")
    dialog.save()
    settle(qtbot, window.background)
    assert "现在的密码不对" in dialog.form.fault("old")
    dialog.form.input("old").setText(PASSWORD)
    window.background.session = sessions.open_session(window.app.db, window.app.actor)
    dialog.save()
    settle(qtbot, window.background)
    assert sessions.resume(window.app.db, window.background.session) == window.app.actor  # a command it starts now
    assert signing.sign_in(window.app.db, "lijing", "Chunlan-77") == window.app.actor
    window.session.set_pin()
    (pin,) = window.findChildren(PinDialog)
    for name, words in (("old", "Chunlan-77"), ("pin", "1234"), ("again", "1234")):
        pin.form.input(name).setText(words)
    pin.save()
    settle(qtbot, window.background)
    assert "太好猜" in pin.form.fault("pin")
    for name in ("pin", "again"):
        pin.form.input(name).setText("8264")
    pin.save()
    settle(qtbot, window.background)
    assert signing.sign_in_with_pin(window.app.db, window.app.actor.id, "8264") == window.app.actor


def test_a_store_without_accounts_has_nothing_to_lock(window: MainWindow):
    assert window.session.commands() == ()
    window.session.lock()
    assert window.curtain is None


def test_passwords_are_hashed_off_the_windows_thread(
    desk_of: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    whole, seen = hashing.fits, []

    def fits(secret: str, kept: str) -> bool:
        seen.append(QThread.currentThread() is desk_of.thread())
        return whole(secret, kept)

    monkeypatch.setattr(hashing, "fits", fits)
    desk_of.session.lock()
    enter(desk_of, qtbot, PIN)
    assert seen == [False]


def test_every_field_of_the_lock_has_a_name(desk_of: MainWindow, qtbot: QtBot):
    from tests.ui.test_pages import nameless

    desk_of.session.lock()
    assert nameless(curtain(desk_of, qtbot)) == []


def test_what_another_one_left_behind_asks_nothing_of_the_store_in_the_name_of_who_sits_here_now(
    desk_of: MainWindow, qtbot: QtBot
):
    window = desk_of
    auditor = add(window.app, "陈伟", "chenwei", "audit", pin="7391")
    for page in ("residents", "buildings", "visits", "meetings", "syncing"):
        window.open_page(page)
        rest(window.tabs.current.page, qtbot)
    window.open_record("person", some_person(window).id)
    rest(window.tabs.current.page, qtbot)
    window.session.switch()
    enter(window, qtbot, "7391", auditor.id)
    assert window.tabs.keys == ["page:audit"]
    window.signals.tell(window.app.db.tables)
    for _ in range(3):
        qtbot.wait(400)
        settle(qtbot, window.background)
    assert not window.notice.isVisible(), window.notice.words


def test_the_first_screen_says_when_the_accounts_are_those_of_a_backup(
    guarded: App, theme, background, qtbot: QtBot
) -> None:
    with guarded.db.transaction(guarded.actor, "造数") as tx:
        tx.set_setting(lasting.STRANGE, f"{guarded.clock.ms()} {guarded.clock.ms()}")
    made = SignIn(guarded, background, theme)
    qtbot.addWidget(made)
    settle(qtbot, background)
    assert made.notice.isVisibleTo(made)
    assert "在那以后停用的账号在这里还能登录" in made.notice.words
