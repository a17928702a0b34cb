"""The community writes its rules in the window; a mistake is told with its line and nothing typed is lost."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.practice import queries
from desktop_app.profiles.desk import town_of
from desktop_app.profiles.queries import forget, quorum_rules
from tests.ui.conftest import rest
from ui.main_window import MainWindow
from ui.pages.practice import BookDialog, PracticePage
from ui.pages.practice_editor import AddDialog, BookEditor

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


def test_changes_are_not_thrown_away_by_one_press_of_escape(editor: BookEditor) -> None:
    type_in(editor, notice_days="3")
    editor.reject()
    assert editor.isVisible()
    assert "还没有保存" in editor.strip.words
    editor.reject()
    assert not editor.isVisible()


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
    editor._sure = True
    editor.reject()
