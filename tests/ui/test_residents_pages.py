"""Residents by keyboard: find, open, read, register, correct, tag, move, leave."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.places.queries import find_rooms
from desktop_app.printing.preview import Preview
from desktop_app.residents import actions
from desktop_app.residents.model import Person
from desktop_app.residents.queries import ResidentFilter, detail, find, ids, lines
from desktop_app.spreadsheets.workbook import read
from desktop_app.store.drafts import kept
from ui.main_window import MainWindow
from ui.pages.person import PersonPage
from ui.pages.person_form import PersonFormPage
from ui.pages.person_verbs import LeaveDialog, MoveDialog, TagDialog
from ui.pages.privacy_look import LookDialog
from ui.pages.residents import ResidentsPage
from ui.shell.drafts import Drafts
from ui.widgets.filter_bar import Chosen
from ui.widgets.secret import Secret

from .conftest import settle, synthetic_id


def page_of(window: MainWindow, kind: type):
    assert window.tabs.current is not None
    page = window.tabs.current.page
    assert isinstance(page, kind)
    return page


def person(window: MainWindow, row: int = 0) -> Person:
    db = window.desk.app.db
    line = lines(db, ids(db, ResidentFilter())[row : row + 1])[0]
    return db.get(Person, line.id)


@pytest.fixture
def residents(window: MainWindow, qtbot: QtBot) -> ResidentsPage:
    window.open_page("residents")
    settle(qtbot, window.background)
    return page_of(window, ResidentsPage)


def test_the_list_shows_everybody_with_masked_numbers(residents: ResidentsPage, window: MainWindow):
    count = len(ids(window.desk.app.db, ResidentFilter()))
    assert residents.table.records.rowCount() == count
    assert residents.filter.count.text() == f"共 {count} 人"
    line = residents.table.current_row()
    whole = window.desk.app.db.get(Person, line.id)
    cells = [residents.table.records.data(residents.table.records.index(0, at), 0) for at in range(11)]
    assert whole.id_no not in cells
    assert "*" in line.id_no


def test_typing_in_the_filter_narrows_the_list(qtbot: QtBot, residents: ResidentsPage, window: MainWindow):
    somebody = person(window)
    residents.filter.search.setText(somebody.id_no[-4:])
    residents.filter.search.entered.emit()
    settle(qtbot, window.background)
    names = {residents.table.records.row(at).name for at in range(residents.table.records.rowCount())}
    assert somebody.name in names


def test_an_empty_result_offers_to_clear_the_filter(qtbot: QtBot, residents: ResidentsPage, window: MainWindow):
    residents.filter.choose(Chosen("没有这个人"))
    settle(qtbot, window.background)
    assert residents.empty.isVisible()
    assert "没有符合" in residents.empty.words
    residents.filter.clear()
    settle(qtbot, window.background)
    assert residents.table.isVisible()


def test_space_shows_the_preview_and_it_follows_the_cursor(qtbot: QtBot, residents: ResidentsPage, window: MainWindow):
    qtbot.keyClick(residents.table, Qt.Key.Key_Space)
    settle(qtbot, window.background)
    assert residents.preview.isVisible()
    assert residents.preview._name.text() == residents.table.current_row().name
    qtbot.keyClick(residents.table, Qt.Key.Key_Down)
    settle(qtbot, window.background)
    assert residents.preview._name.text() == residents.table.current_row().name


def test_control_k_finds_a_resident_by_the_tail_of_the_number_and_return_opens(qtbot: QtBot, window: MainWindow):
    somebody = person(window)
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(window.header.search, somebody.id_no[-4:])
    found = window.header.search.found
    qtbot.waitUntil(lambda: somebody.name in [item.title for item in found.items])
    qtbot.keyClick(window.header.search, Qt.Key.Key_Return)
    assert isinstance(window.tabs.current.page, PersonPage)


def test_return_before_the_answer_opens_the_answer_and_not_what_was_shown_before(qtbot: QtBot, window: MainWindow):
    somebody = person(window)
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(window.header.search, somebody.id_no[-4:])
    qtbot.keyClick(window.header.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(window.tabs.current.page, PersonPage))


def test_a_sort_is_done_by_the_store(qtbot: QtBot, residents: ResidentsPage, window: MainWindow):
    age = next(at for at, column in enumerate(residents.table.records.columns) if column.key == "age")
    residents.table.horizontalHeader().sectionClicked.emit(age)
    settle(qtbot, window.background)
    records = residents.table.records
    ages = [records.row(at).age for at in range(records.rowCount())]
    assert ages == sorted(ages)


def test_the_number_is_masked_on_the_page_until_the_eye_is_used(qtbot: QtBot, window: MainWindow):
    somebody = person(window)
    window.open_record("person", somebody.id)
    page = page_of(window, PersonPage)
    settle(qtbot, window.background)
    secrets = page.findChildren(Secret)
    assert somebody.id_no not in [secret.text.text() for secret in secrets]
    secrets[0].eye.click()
    settle(qtbot, window.background)
    assert somebody.id_no != secrets[0].text.text(), "a reason is asked for first"
    (dialog,) = page.findChildren(LookDialog)
    dialog.form.input("why").setText("核对医保")
    dialog.save()
    settle(qtbot, window.background)
    assert page.findChildren(Secret)[0].text.text() == somebody.id_no


def test_a_resident_is_registered_by_keyboard_and_the_number_proposes_sex_and_birth(qtbot: QtBot, window: MainWindow):
    window.open_record("person-form", "new")
    page = page_of(window, PersonFormPage)
    number = synthetic_id("1950-03-05", 13)
    page.form.input("name").setText("陈桂香")
    qtbot.keyClicks(page.form.input("id_no"), number)
    page.form.settled.emit("id_no")
    assert page.form.value("birth") == "1950-03-05"
    assert page.form.value("sex") == "男"
    page.room.input.setText("3-1-101")
    qtbot.waitUntil(lambda: page.room.place is not None)
    page.home.input("relation").choose("母亲")
    page.save()
    qtbot.waitUntil(lambda: isinstance(window.tabs.current.page, PersonPage))
    settle(qtbot, window.background)
    hits = find(window.desk.app.db, "陈桂香")
    assert len(hits) == 1
    found = detail(window.desk.app.db, hits[0].id)
    assert found.place.short == "3-1-101"
    assert found.person.birth == "1950-03-05"


def test_a_wrong_number_is_said_at_its_field_and_nothing_is_lost(qtbot: QtBot, window: MainWindow):
    window.open_record("person-form", "new")
    page = page_of(window, PersonFormPage)
    page.form.input("name").setText("陈桂香")
    wrong = synthetic_id("1950-03-05", 13)
    page.form.input("id_no").setText(wrong[:-1] + ("0" if wrong[-1] != "0" else "1"))
    page.save()
    settle(qtbot, window.background)
    assert page.form.fault("id_no")
    assert page.form.value("name") == "陈桂香"
    assert page.card_seen.isVisible()
    page.card_seen.setChecked(True)
    page.save()
    qtbot.waitUntil(lambda: isinstance(window.tabs.current.page, PersonPage))


def test_somebody_who_is_on_the_register_already_is_noticed_while_typing(qtbot: QtBot, window: MainWindow):
    somebody = person(window)
    window.open_record("person-form", "new")
    page = page_of(window, PersonFormPage)
    page.form.input("id_no").setText(somebody.id_no)
    page.form.settled.emit("id_no")
    settle(qtbot, window.background)
    assert page.twin.isVisible()
    assert somebody.name in page.twin.words


def test_save_and_next_keeps_the_room_and_empties_the_rest(qtbot: QtBot, window: MainWindow):
    window.open_record("person-form", "new")
    page = page_of(window, PersonFormPage)
    page.form.input("name").setText("陈一")
    page.room.input.setText("3-2-601")
    qtbot.waitUntil(lambda: page.room.place is not None)
    page.save_and_next()
    qtbot.waitUntil(lambda: page.form.value("name") == "")
    settle(qtbot, window.background)
    assert page.room.place is not None
    assert page.room.place.short == "3-2-601"


def test_what_was_typed_and_not_saved_can_be_taken_up_again(qtbot: QtBot, window: MainWindow):
    window.open_record("person-form", "new")
    page_of(window, PersonFormPage).form.input("name").setText("陈桂香")
    window.tabs.close_current()
    window.open_record("person-form", "new")
    page = page_of(window, PersonFormPage)
    assert page.strip.isVisible()
    page.strip._action.click()
    assert page.form.value("name") == "陈桂香"


def test_correcting_hands_over_only_what_was_changed(qtbot: QtBot, window: MainWindow):
    somebody = person(window)
    window.open_record("person-form", somebody.id)
    page = page_of(window, PersonFormPage)
    app = window.desk.app
    actions.correct(app.db, app.actor, somebody.id, {"occupation": "教师"})
    page.form.input("employer").setText("和平小学")
    page.save()
    qtbot.waitUntil(lambda: isinstance(window.tabs.current.page, PersonPage))
    now = app.db.get(Person, somebody.id)
    assert (now.occupation, now.employer) == ("教师", "和平小学")


def test_what_was_done_is_said_with_its_undo_taken_back_and_done_again(qtbot: QtBot, window: MainWindow):
    somebody = person(window)
    app = window.desk.app
    dialog = TagDialog(window.desk, [somebody.local_no], window)
    qtbot.addWidget(dialog)
    dialog.form.input("tag").choose("低保")
    dialog.save()
    qtbot.waitUntil(lambda: "低保" in window.status.said.text())
    assert "低保" in [tag.tag for tag in detail(app.db, somebody.id).tags]
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.status.said.text().startswith("已撤销"))
    assert "低保" not in [tag.tag for tag in detail(app.db, somebody.id).tags]
    qtbot.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.status.said.text().startswith("已重做：打标签"))
    assert "低保" in [tag.tag for tag in detail(app.db, somebody.id).tags]
    qtbot.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.status.said.text() == "没有可以重做的操作")


def test_moving_needs_a_room_that_exists(qtbot: QtBot, window: MainWindow):
    somebody = person(window)
    app = window.desk.app
    dialog = MoveDialog(window.desk, detail(app.db, somebody.id), window)
    qtbot.addWidget(dialog)
    dialog.save()
    assert dialog.room.words.text().startswith("请写上")
    target = find_rooms(app.db, "3", "2", "602")[0]
    dialog.room.input.setText("3-2-602")
    qtbot.waitUntil(lambda: dialog.room.place is not None)
    dialog.save()
    qtbot.waitUntil(lambda: detail(app.db, somebody.id).place.room_id == target.room_id)
    settle(qtbot, window.background)


def test_somebody_who_left_stays_on_record_with_the_day(qtbot: QtBot, window: MainWindow):
    somebody = person(window)
    app = window.desk.app
    dialog = LeaveDialog(window.desk, somebody, window)
    qtbot.addWidget(dialog)
    dialog.form.input("kind").choose("迁出")
    dialog.save()
    qtbot.waitUntil(lambda: app.db.get(Person, somebody.id).left_on == "2026-11-22")
    settle(qtbot, window.background)


def test_a_page_shows_what_a_colleague_changed_meanwhile(qtbot: QtBot, window: MainWindow):
    somebody = person(window)
    window.open_record("person", somebody.id)
    app = window.desk.app
    actions.correct(app.db, app.actor, somebody.id, {"name": "改名人"})
    qtbot.waitUntil(lambda: window.tabs.current.page.title() == "改名人")


@pytest.mark.parametrize("suffix", ["xlsx", "pdf"])
def test_the_list_is_exported_as_it_is_shown_with_masked_numbers(
    qtbot: QtBot, residents: ResidentsPage, window: MainWindow, tmp_path: Path, suffix: str
):
    """What was filtered out stays out; the whole number of nobody leaves the desk."""
    window.background.home, window.background.passphrase = window.desk.app.home, "correct horse"
    somebody = person(window)
    residents.filter.search.setText(somebody.id_no[-4:])
    residents.filter.search.entered.emit()
    settle(qtbot, window.background)
    file = tmp_path / f"名单.{suffix}"
    residents.export_to(file)
    qtbot.waitUntil(lambda: not window.background.jobs, timeout=60_000)
    if suffix == "pdf":
        with Preview(file.read_bytes()) as paper:
            text = paper.text(0)
    else:
        text = " ".join(str(cell) for row in read(file).sheets[0].rows for cell in row)
    assert somebody.name in text
    assert somebody.id_no not in text
    assert somebody.id_no[-4:] in text


def test_a_half_filled_form_outlives_the_program(qtbot: QtBot, window: MainWindow):
    """What was typed stands in the store a moment later, and is offered again after a crash."""
    window.desk.open_record("person-form", "new")
    settle(qtbot, window.background)
    form = page_of(window, PersonFormPage)
    form.form.input("name").setText("白无暇")
    form.keep_typed()
    settle(qtbot, window.background)
    (key,) = kept(window.desk.app.db, window.desk.app.actor)
    assert "白无暇" in Drafts(window.desk.app, window.background)[key]
    assert "白无暇" in kept(window.desk.app.db, window.desk.app.actor)[key]
    del window.desk.drafts[key]
    settle(qtbot, window.background)
    assert kept(window.desk.app.db, window.desk.app.actor) == {}


def test_opening_the_form_of_somebody_is_a_look_at_the_numbers_and_is_kept(qtbot: QtBot, window: MainWindow):
    somebody = person(window)
    window.open_record("person-form", somebody.id)
    settle(qtbot, window.background)
    words = window.desk.app.db.scalar("SELECT what FROM journal_action ORDER BY no DESC LIMIT 1")
    assert words == f"查看完整证件号码和电话：居民 {somebody.name}"
