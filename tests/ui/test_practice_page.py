"""The community writes its rules in the window; a mistake is told with its line and nothing typed is lost."""

import tomllib
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.practice import actions, queries
from desktop_app.profiles.desk import town_of
from desktop_app.profiles.queries import forget, quorum_rules
from tests.ui.conftest import rest, settle
from ui.main_window import MainWindow
from ui.pages.practice import BookDialog, PracticePage
from ui.pages.practice_add import AddDialog
from ui.pages.practice_editor import BookEditor
from ui.shell.drafts import Drafts

NAME = "profiles/general"


@pytest.fixture
def dialog(town: App, window: MainWindow, qtbot: QtBot) -> Iterator[BookDialog]:
    window.open_page("practice")
    page = window.tabs.page("page:practice")
    assert isinstance(page, PracticePage)
    page.books.point_at(NAME)
    rest(page, qtbot)
    assert page.books.table.current.name == NAME
    page.books.change_text()
    (made,) = page.books.findChildren(BookDialog)
    yield made
    forget()


def test_a_level_gets_another_name_from_today_on(dialog: BookDialog, town: App, qtbot: QtBot) -> None:
    dialog.text.setPlainText(dialog.text.toPlainText().replace('kind = "党员中心户"', 'kind = "党员先锋户"'))
    dialog.form.show_values({"from_on": "2026-11-22", "why": "街道通知"})
    with qtbot.waitSignal(dialog.saved):
        dialog.save()
    assert town_of(town.db).level("党组织", 5).kind == "党员先锋户"
    assert queries.versions(town.db, NAME)[0].why == "街道通知"


def test_what_cannot_be_read_is_told_and_the_text_stays(dialog: BookDialog, town: App, qtbot: QtBot) -> None:
    dialog.text.setPlainText("levels = [")
    dialog.form.show_values({"from_on": "2026-11-22", "why": "街道通知"})
    dialog.save()
    qtbot.waitUntil(dialog.verb.isEnabled)
    assert dialog.text.toPlainText() == "levels = ["
    assert "没有保存" in dialog.strip.words
    assert not queries.versions(town.db, NAME)


# ------------------------------------------------------------------------------------------------------- in forms


@pytest.fixture
def editor(town: App, window: MainWindow, qtbot: QtBot) -> Iterator[BookEditor]:
    """The rules on quorum and majority as tables and forms."""
    window.open_page("practice")
    page = window.tabs.page("page:practice")
    assert isinstance(page, PracticePage)
    page.books.point_at("codes/meeting_rules")
    rest(page, qtbot)
    page.books.change()
    (made,) = page.books.findChildren(BookEditor)
    point(made, "居民议事会")
    yield made
    forget()


def point(editor: BookEditor, name: str) -> None:
    editor.table.point_at(next(at for at, one in enumerate(editor.table.lines) if one.name == name))


def type_in(editor: BookEditor, **typed: str) -> None:
    for key, text in typed.items():
        editor.form.input(key.replace("__", ".")).setText(text)


def test_a_threshold_is_changed_in_a_form_and_said_in_words_before_it_is_saved(
    editor: BookEditor, town: App, qtbot: QtBot
) -> None:
    type_in(editor, hold__p="3", hold__q="4")
    point(editor, "听证会")
    assert editor.changes.toPlainText().splitlines() == [
        "人数和表决规则　居民议事会　开会：分子：2 → 3", "人数和表决规则　居民议事会　开会：分母：3 → 4",
    ]  # fmt: skip
    editor.dated.show_values({"from_on": "2026-11-22", "why": "居民代表会议决定"})
    with qtbot.waitSignal(editor.accepted):
        editor.save()
    rule = next(one for one in quorum_rules(town.db.path.parent) if one.item == "居民议事会")
    assert rule.hold is not None
    assert (rule.hold.p, rule.hold.q) == (3, 4)
    assert queries.versions(town.db, "codes/meeting_rules")[0].why == "居民代表会议决定"


def test_a_record_with_a_mistake_is_not_left_and_what_was_typed_stays(editor: BookEditor) -> None:
    type_in(editor, notice_days="三")
    point(editor, "听证会")
    assert editor.table.current.name == "居民议事会"
    assert editor.form.value("notice_days") == "三"
    assert "整数" in editor.form.fault("notice_days")


def test_the_ground_and_the_day_are_asked_for(editor: BookEditor, town: App) -> None:
    type_in(editor, notice_days="3")
    editor.save()
    assert "要填写" in editor.dated.fault("why")
    assert not queries.versions(town.db, "codes/meeting_rules")


def again(editor: BookEditor, window: MainWindow, qtbot: QtBot) -> BookEditor:
    """Closed with Esc, the page too, the program ended and started: what the next start leads back to."""
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    settle(qtbot, window.background)
    window.tabs.close_key("page:practice")
    settle(qtbot, window.background)
    window.desk.drafts = Drafts(window.app, window.background)
    window.offer_drafts()
    window.notice._act()
    settle(qtbot, window.background)
    page = window.tabs.page("page:practice")
    assert isinstance(page, PracticePage)
    rest(page, qtbot)
    (made,) = page.books.findChildren(BookEditor)
    return made


def test_what_was_changed_and_half_typed_is_there_again_at_the_next_start(
    editor: BookEditor, window: MainWindow, qtbot: QtBot
) -> None:
    type_in(editor, notice_days="3")
    point(editor, "听证会")
    type_in(editor, notice_days="三十")
    editor.dated.input("why").setText("街道通知")
    found = again(editor, window, qtbot)
    assert "接着上次" in found.strip.words
    assert found.list.hasFocus(), "a Return does not throw it away"
    assert "居民议事会" in found.changes.toPlainText()
    assert found.table.current.name == "听证会"
    assert found.form.value("notice_days") == "三十", "though it is no number yet"
    assert found.dated.value("why") == "街道通知"
    found.strip._act()
    assert found.changes.toPlainText() == ""
    assert found.dated.value("why") == ""
    found.reject()
    assert not window.desk.drafts


def test_a_new_record_half_typed_is_there_again(editor: BookEditor, window: MainWindow, qtbot: QtBot) -> None:
    editor.add()
    (asked,) = editor.findChildren(AddDialog)
    qtbot.keyClicks(asked.form.input("item"), "dae")
    qtbot.keyClick(asked, Qt.Key.Key_Escape)
    found = again(editor, window, qtbot)
    found.add()
    (asked,) = found.findChildren(AddDialog)
    assert asked.form.value("item") == "dae"
    asked.form.input("item").setText("")
    asked.reject()
    found.reject()
    assert not window.desk.drafts


def test_a_draft_says_when_the_file_was_changed_meanwhile(
    editor: BookEditor, town: App, window: MainWindow, qtbot: QtBot
) -> None:
    type_in(editor, notice_days="3")
    editor.reject()
    content = tomllib.loads(queries.text_of(town.db, "codes/meeting_rules", "2026-11-22"))
    content["rule"][-1]["item"] = "另一种会"
    actions.adopt_content(town.db, town.actor, "codes/meeting_rules", content, from_on="2026-11-22", why="通知")
    page = window.tabs.page("page:practice")
    assert isinstance(page, PracticePage)
    rest(page, qtbot)
    assert "改到一半" in page.books.notice.words
    page.books.notice._act()
    found = next(one for one in page.books.findChildren(BookEditor) if one.isVisible())
    assert "后来改过" in found.strip.words
    found._start_over()
    found.reject()


def test_what_was_saved_is_no_draft(editor: BookEditor, window: MainWindow, qtbot: QtBot) -> None:
    type_in(editor, notice_days="3")
    editor.dated.show_values({"from_on": "2026-11-22", "why": "决定"})
    with qtbot.waitSignal(editor.accepted):
        editor.save()
    assert not window.desk.drafts


def test_text_typed_into_a_file_is_there_again_until_it_is_started_over(
    dialog: BookDialog, window: MainWindow, qtbot: QtBot
) -> None:
    dialog.text.setPlainText("levels = [")
    dialog.reject()
    page = window.tabs.page("page:practice")
    assert isinstance(page, PracticePage)
    page.books.change_text()
    found = next(one for one in page.books.findChildren(BookDialog) if one.isVisible())
    assert found.text.toPlainText() == "levels = ["
    found.strip._act()
    assert found.text.toPlainText().startswith("#")
    found.reject()
    assert not window.desk.drafts


def test_a_type_old_records_name_cannot_be_taken_out_but_a_new_one_can(editor: BookEditor) -> None:
    count = len(editor.table.lines)
    editor.take_out()
    assert len(editor.table.lines) == count
    assert "不能删去" in editor.strip.words
    editor.add()
    (asked,) = editor.findChildren(AddDialog)
    asked.save()
    assert "要填写" in asked.form.fault("item")
    asked.form.input("meeting").choose("residents_council")
    asked.form.input("item").setText("居民议事会（大额）")
    asked.save()
    assert editor.table.current.name == "居民议事会（大额）"
    editor.take_out()
    assert len(editor.table.lines) == count


def test_another_town_is_copied_with_everything_that_differs_in_words(
    town: App, window: MainWindow, qtbot: QtBot
) -> None:
    window.open_page("practice")
    page = window.tabs.page("page:practice")
    page.books.point_at(NAME)
    rest(page, qtbot)
    page.books.change()
    (editor,) = page.books.findChildren(BookEditor)
    editor._copy_town("qiaokou")
    assert "五级名称" in editor.changes.toPlainText()
    assert not queries.versions(town.db, NAME), "nothing is written yet"
    editor.reject()


def test_another_town_is_followed_by_keyboard_after_reading_what_changes(
    town: App, window: MainWindow, qtbot: QtBot
) -> None:
    window.open_page("practice")
    page = window.tabs.page("page:practice")
    assert isinstance(page, PracticePage)
    rest(page, qtbot)
    books = page.books
    assert books.table.current.name == NAME, "the town that is followed stands first"
    books.point_at("profiles/qiaokou")
    books.refresh()
    rest(page, qtbot)
    books.table.setFocus()
    qtbot.keyClick(books.table, "g")
    qtbot.waitUntil(lambda: books.form.is_open)
    told = books.form._words.text()
    assert "办理阶梯" in told
    assert "便民服务卡" in told
    assert "以前的记录保持当时的做法" in told
    books.form.save()
    assert books.form.form.fault("why")
    qtbot.keyClicks(books.form.form.input("why"), "qu li tong zhi")
    qtbot.keyClick(books.form.form.input("why"), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    rest(page, qtbot)
    assert town_of(town.db).name == "武汉硚口"
    assert books.table.current.followed
    window.desk.undo_last()
    rest(page, qtbot)
    assert town_of(town.db).name == "通用"
