"""The page 个人信息 by keyboard, and the question before a whole number is shown."""

from threading import current_thread, main_thread
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.accounts import actions as accounts
from desktop_app.accounts.model import Staff
from desktop_app.app import App
from desktop_app.attachments import actions as attachments
from desktop_app.privacy import actions, queries, restricted, sealing
from desktop_app.residents.model import Person
from desktop_app.shared.actor import Actor
from desktop_app.shared.errors import AppError
from desktop_app.sync import retiring
from tests.attachments.pictures import jpeg
from tests.ui.conftest import rest, settle
from ui.main_window import MainWindow
from ui.pages.person import PersonPage
from ui.pages.person_form import PersonFormPage
from ui.pages.privacy import PrivacyPage
from ui.pages.privacy_look import LookDialog
from ui.pages.privacy_restricted import EndDialog, EnterDialog, RestrictedDialog, SwitchDialog
from ui.pages.privacy_sealed import SealedPane
from ui.pages.privacy_sealed_files import SealedFilesPane
from ui.pages.privacy_sealing import FindSealedDialog, LiftDialog, OpenSealedDialog, PassphraseDialog, SealDialog
from ui.shell.background import Background
from ui.widgets.dialog import FormDialog
from ui.widgets.inputs import ChoiceBox, TextBox
from ui.widgets.pictures import PictureDialog
from ui.widgets.secret import Secret


@pytest.fixture
def page(town: App, window: MainWindow, qtbot: QtBot) -> PrivacyPage:
    window.open_page("privacy")
    shown = window.tabs.page("page:privacy")
    assert isinstance(shown, PrivacyPage)
    rest(shown, qtbot)
    return shown


@pytest.fixture
def child(town: App) -> Person:
    with town.db.transaction(town.actor, "造数") as tx:
        return tx.add(Person(name="单小苗", birth="2016-03-05", id_no="420299201603051214", phones="13800000731"))


def open_person(window: MainWindow, person: Person, qtbot: QtBot) -> PersonPage:
    window.desk.open_record("person", person.id)
    settle(qtbot, window.background)
    shown = window.tabs.current.page
    assert isinstance(shown, PersonPage)
    return shown


def last_line(town: App) -> str:
    return str(town.db.scalar("SELECT what||'|'||coalesce(why,'') FROM journal_action ORDER BY no DESC LIMIT 1"))


def ask_to_see(window: MainWindow, shown: PersonPage, why: str, qtbot: QtBot, at: int = 0) -> tuple[Secret, LookDialog]:
    secret = shown.findChildren(Secret)[at]
    secret.toggle()
    settle(qtbot, window.background)
    (dialog,) = shown.findChildren(LookDialog)
    dialog.form.show_values({"why": ""})
    dialog.form.input("why").setText(why)
    dialog.save()
    settle(qtbot, window.background)
    return secret, dialog


def test_a_number_is_shown_for_a_reason_and_hidden_again(town: App, window: MainWindow, qtbot: QtBot) -> None:
    person = town.db.get(Person, town.db.scalar("SELECT id FROM person WHERE birth<'1990' ORDER BY local_no LIMIT 1"))
    shown = open_person(window, person, qtbot)
    before = last_line(town)
    shown.findChildren(Secret)[0].toggle()
    settle(qtbot, window.background)
    assert last_line(town) == before
    (dialog,) = shown.findChildren(LookDialog)
    dialog.form.input("why").setText("核对医保")
    dialog.save()
    settle(qtbot, window.background)
    secret = shown.findChildren(Secret)[0]
    assert secret.text.text() == person.id_no
    assert last_line(town) == f"查看完整证件号码：居民 {person.name}|核对医保"
    secret._timer.timeout.emit()
    assert secret.text.text() != person.id_no


def test_a_child_is_shown_after_somebody_else_allowed_it_at_this_desk(
    town: App, window: MainWindow, page: PrivacyPage, child: Person, qtbot: QtBot
) -> None:
    shown = open_person(window, child, qtbot)
    secret, dialog = ask_to_see(window, shown, "办理少儿医保", qtbot)
    assert secret.text.text() != child.id_no
    assert "未满 18 周岁" in dialog.strip.words
    dialog.save()
    settle(qtbot, window.background)
    (line,) = queries.approvals(town.db, open_only=True)
    assert line.about == "单*苗"

    boss = accounts.add_staff(town.db, town.actor, Staff(name="书记甲"))
    accounts.sit_down(town.db, boss.id)
    window.open_page("privacy", f"approval:{line.id}")
    rest(page, qtbot)
    page.approvals.allow()
    settle(qtbot, window.background)
    page.approvals.form.save()
    rest(page, qtbot)
    assert queries.approvals(town.db)[0].verdict == "同意"

    sitting = town.db.scalar("SELECT id FROM staff WHERE name='李静'")
    accounts.sit_down(town.db, sitting)
    assert town.actor == Actor(sitting, "李静")
    shown = open_person(window, child, qtbot)
    secret, _ = ask_to_see(window, shown, "办理少儿医保", qtbot)
    assert secret.text.text() == child.id_no


def test_the_form_of_a_child_keeps_the_numbers_masked_without_an_approval(
    window: MainWindow, child: Person, qtbot: QtBot
) -> None:
    window.open_record("person-form", child.id)
    settle(qtbot, window.background)
    form = window.tabs.current.page
    assert isinstance(form, PersonFormPage)
    assert form.form.value("id_no") == "420299********1214"
    assert not form.form.input("id_no").isEnabled()
    assert "id_no" not in form.form.changes()


def test_a_request_is_taken_in_by_keyboard_and_goes_its_steps(town: App, page: PrivacyPage, qtbot: QtBot) -> None:
    person = town.db.get(Person, town.db.scalar("SELECT id FROM person WHERE birth<'1990' ORDER BY local_no LIMIT 1"))
    pane = page.requests
    assert "答复期限" in pane._empty.words
    pane.receive()
    settle(qtbot, page.desk.background)
    from desktop_app.residents.search import find

    pane.form.person.take(find(town.db, person.id_no[-4:], 1)[0])
    pane.form.form.input("name").setText(person.name)

    pane.form.save()
    rest(page, qtbot)
    (line,) = pane.table.lines
    assert (line.kind, line.state) == ("查阅", "待核身份")
    for verb, values in ((pane.check, {"how": "核对户口簿"}), (pane.decide, {"decision": "同意"}), (pane.answer, {})):
        verb()
        settle(qtbot, page.desk.background)
        for name, value in values.items():
            pane.form.form.input(name).choose(value)
        pane.form.save()
        rest(page, qtbot)
    assert [one.state for one in pane.table.lines] == ["已答复"]


def test_the_faces_are_turned_by_key_and_say_what_to_do_when_empty(page: PrivacyPage, qtbot: QtBot) -> None:
    for at, words in enumerate(("登记", "由另一个人审批", "每一次导出", "到了保存期限")):
        page.faces.choose(at)
        rest(page, qtbot)
        assert words in page.pane._empty.words, page.pane.name


def test_an_export_of_the_register_stands_in_the_register(page: PrivacyPage, town: App, tmp_path, qtbot: QtBot) -> None:
    page.faces.choose(2)
    rest(page, qtbot)
    page.register.export_to(tmp_path / "登记.xlsx")
    rest(page, qtbot)
    assert (tmp_path / "登记.xlsx").exists()
    assert [line.what for line in page.register.table.lines] == ["导出登记"]


# ---------------------------------------------------------------------------------------------------------- under seal

SEAL_PASSPHRASE = "密封口令要有十二个字才行"


def answer(dialog: FormDialog, qtbot: QtBot, background: Background, **values: str) -> None:
    """Fills in the fields of a dialog and says yes."""
    for name, value in values.items():
        field = dialog.form.input(name)  # type: ignore[attr-defined]
        if isinstance(field, ChoiceBox):
            field.choose(value)
        elif isinstance(field, TextBox):
            field.setPlainText(value)
        else:
            field.setText(value)
    dialog.verb.click()
    settle(qtbot, background)


def opened(parent: QWidget, kind: type[FormDialog]) -> Any:
    """The dialog of this kind that was opened last."""
    return parent.findChildren(kind)[-1]


@pytest.fixture
def sealed(town: App, page: PrivacyPage, qtbot: QtBot) -> SealedPane:
    """The face 密封, with the passphrase set."""
    page.show_this("4")
    rest(page, qtbot)
    pane = page.sealed
    assert "还没有设定口令" in pane._empty.words
    pane.passphrase()
    dialog = opened(pane, PassphraseDialog)
    answer(dialog, qtbot, page.desk.background, passphrase="太短", again="太短")
    assert "密封口令至少要" in dialog.form.fault("passphrase")
    answer(dialog, qtbot, page.desk.background, passphrase=SEAL_PASSPHRASE, again=SEAL_PASSPHRASE)
    rest(page, qtbot)
    assert "本机已解锁" in pane._empty.words
    return pane


def test_a_resident_is_sealed_found_looked_into_and_put_back(
    town: App, window: MainWindow, page: PrivacyPage, sealed: SealedPane, qtbot: QtBot
) -> None:
    background = page.desk.background
    person = town.db.get(Person, town.db.scalar("SELECT id FROM person WHERE birth<'1990' ORDER BY local_no LIMIT 1"))
    shown = open_person(window, person, qtbot)
    shown.seal()
    dialog = opened(shown, SealDialog)
    answer(dialog, qtbot, background, reason="档案保管期限表", name="别人")
    assert town.db.get(Person, person.id) is not None
    answer(dialog, qtbot, background, name=person.name)
    assert town.db.scalar("SELECT count(*) FROM person WHERE name=? AND sync_del=0", (person.name,)) == 0

    window.open_page("privacy", "sealed")
    rest(page, qtbot)
    (line,) = sealed.table.lines
    assert line.kind == "封存"
    sealed.find_name()
    find = opened(sealed, FindSealedDialog)
    answer(find, qtbot, background, name=person.name, why="近亲属申请查阅")
    assert "列表里已指到第一份" in words_in(find)
    find.reject()
    sealed.look_into()
    look = opened(sealed, OpenSealedDialog)
    look.verb.click()
    assert person.id_no not in words_in(look)
    answer(look, qtbot, background, why="近亲属申请查阅")
    assert person.id_no in words_in(look)
    assert last_line(town) == "打开封存的个人信息|近亲属申请查阅"
    look._timer.timeout.emit()
    qtbot.wait(1)
    assert person.id_no not in words_in(look)
    look.reject()

    sealed.lift()
    answer(opened(sealed, LiftDialog), qtbot, background, why="档案部门同意恢复")
    assert town.db.scalar("SELECT count(*) FROM person WHERE name=? AND sync_del=0", (person.name,)) == 1
    assert isinstance(window.tabs.current.page, PersonPage)


def test_the_passphrase_of_seals_is_changed_by_its_own_key_and_the_new_one_unlocks(
    town: App, page: PrivacyPage, sealed: SealedPane, qtbot: QtBot
) -> None:
    """The same as `linli sealed change-passphrase`; the settings say where."""
    new = SEAL_PASSPHRASE + "换过的"
    page.window().activateWindow()
    qtbot.waitUntil(page.window().isActiveWindow)
    sealed.first_focus().setFocus()
    qtbot.keyClick(sealed.first_focus(), Qt.Key.Key_K)
    dialog = opened(sealed, PassphraseDialog)
    assert dialog.windowTitle() == "更换密封口令"
    answer(dialog, qtbot, page.desk.background, passphrase=new, again=SEAL_PASSPHRASE)
    assert dialog.form.fault("again")
    answer(dialog, qtbot, page.desk.background, passphrase=new, again=new)
    assert last_line(town).startswith("更换密封口令")
    sealing.unlock(town.db, town.actor, town.secrets, new)
    with pytest.raises(AppError, match="密封口令不对"):
        sealing.unlock(town.db, town.actor, town.secrets, SEAL_PASSPHRASE)


def test_another_passphrase_that_was_set_apart_is_asked_for_before_a_change(
    town: App, page: PrivacyPage, sealed: SealedPane, qtbot: QtBot
) -> None:
    other = "另一台电脑设的密封口令二"
    made, _ = sealing._wrapped(town.db, town.actor, other)
    with town.db.transaction(town.actor, "另一台电脑设定密封口令") as tx:
        tx.add(made)
    rest(page, qtbot)
    assert "另一台电脑设的口令还没有解锁" in sealed.nothing()
    sealed.passphrase()
    dialog = opened(sealed, PassphraseDialog)
    assert dialog.windowTitle() == "解锁另一个密封口令"
    answer(dialog, qtbot, page.desk.background, passphrase=other)
    assert sealing.missing(town.db, town.secrets) == []
    sealed.passphrase()
    assert opened(sealed, PassphraseDialog).windowTitle() == "更换密封口令"


def test_the_settings_lead_to_the_passphrase_of_seals(window: MainWindow, qtbot: QtBot) -> None:
    window.open_page("settings")
    shown = window.tabs.page("page:settings")
    shown.keys.sealed_button.click()
    settle(qtbot, window.background)
    assert isinstance(window.tabs.current.page, PrivacyPage)


def test_the_files_of_a_seal_are_opened_and_saved_by_keyboard_each_with_the_reason(
    town: App, page: PrivacyPage, sealed: SealedPane, qtbot: QtBot, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    background = page.desk.background
    who = town.db.scalar("SELECT id FROM person WHERE birth<'1990' ORDER BY local_no LIMIT 1")
    for at, title in enumerate(("残疾证", "户口簿")):
        attachments.attach(town.db, town.actor, "person", who, jpeg(seed=at), title)
    retiring.seal_person(town.db, town.actor, town.secrets, who, "档案保管期限表")
    rest(page, qtbot)
    sealed.look_into()
    look = opened(sealed, OpenSealedDialog)
    answer(look, qtbot, background, why="近亲属申请查阅")
    settle(qtbot, background)
    (files,) = look.findChildren(SealedFilesPane)
    shown = files.list
    names = [shown.item(at).text().splitlines()[0] for at in range(shown.count())]
    assert names == ["残疾证", "户口簿"]
    assert not [one for one in (files._add, files._remove) if one.isVisibleTo(look)]
    files.list.setFocus()
    qtbot.keyClick(files.list, Qt.Key.Key_Return)
    settle(qtbot, background)
    (picture,) = files.findChildren(PictureDialog)
    assert picture.windowTitle() == "残疾证"
    assert last_line(town) == "打开封存的附件|近亲属申请查阅"
    lines = town.db.scalar("SELECT count(*) FROM journal_action WHERE what='打开封存的个人信息'")
    assert lines == 1, "Return in the list opens the file, not the seal again"
    target = tmp_path / "残疾证.jpg"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    files.save()
    settle(qtbot, background)
    assert target.read_bytes().startswith(b"\xff\xd8")
    assert town.db.scalar("SELECT purpose FROM export_record ORDER BY local_no DESC LIMIT 1") == "近亲属申请查阅"
    look._timer.timeout.emit()
    qtbot.wait(1)
    assert not look.findChildren(SealedFilesPane)
    look.reject()


def test_the_keyring_is_asked_with_the_lines_and_never_on_the_windows_thread(
    page: PrivacyPage, sealed: SealedPane, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A keyring may ask for its password, or be slow."""
    on_windows_thread: list[bool] = []

    def ask(*_: object) -> bool:
        on_windows_thread.append(current_thread() is main_thread())
        return False

    monkeypatch.setattr(sealing, "is_unlocked", ask)
    sealed.refresh()
    rest(page, qtbot)
    assert "本机没有解锁" in sealed.nothing()
    told = dict(sealed.facts(sealing.SealedLine("a" * 32, "封存", 0, "书记甲", "")))
    assert told["密封口令"] == "本机没有解锁"
    assert on_windows_thread
    assert not any(on_windows_thread)


def test_restricted_classes_take_two_people_and_each_look_leaves_a_line(
    town: App, window: MainWindow, page: PrivacyPage, sealed: SealedPane, qtbot: QtBot
) -> None:
    background = page.desk.background
    sealed.switch()
    asking = opened(sealed, SwitchDialog)
    assert asking.verb.text() == "申请启用"
    answer(asking, qtbot, background, why="综治工作职责")
    assert not restricted.is_on(town.db)
    boss = accounts.add_staff(town.db, town.actor, Staff(name="书记甲"))
    worker = town.actor
    accounts.sit_down(town.db, boss.id)
    (line,) = queries.approvals(town.db, open_only=True)
    actions.decide(town.db, town.actor, line.id, allow=True)
    accounts.sit_down(town.db, worker.id)
    sealed.switch()
    answer(opened(sealed, SwitchDialog), qtbot, background, why="综治工作职责")
    assert restricted.is_on(town.db)

    person = town.db.get(Person, town.db.scalar("SELECT id FROM person WHERE birth<'1990' ORDER BY local_no LIMIT 1"))
    shown = open_person(window, person, qtbot)
    shown.restricted()
    dialog = opened(shown, RestrictedDialog)
    dialog.enter()
    entering = opened(dialog, EnterDialog)
    answer(entering, qtbot, background, klass="严重精神障碍", why="公安机关通报", note="服药")
    before = last_line(town)
    dialog.verb.click()
    settle(qtbot, background)
    assert last_line(town) == before
    answer(dialog, qtbot, background, why="联合走访")
    assert "严重精神障碍" in words_in(dialog)
    assert last_line(town).startswith("查看限制类人员（对象标记 ")
    assert person.name not in last_line(town)
    (entry,) = restricted.look(town.db, town.actor, town.secrets, person.id, "核对")
    dialog.end(entry)
    answer(opened(dialog, EndDialog), qtbot, background, why="已解除")
    (entry,) = restricted.look(town.db, town.actor, town.secrets, person.id, "核对")
    assert entry.to_on == town.clock.today().isoformat()


def words_in(dialog: QWidget) -> str:
    """All that can be read in a dialog."""
    return " ".join(one.text() for one in dialog.findChildren(QLabel))
