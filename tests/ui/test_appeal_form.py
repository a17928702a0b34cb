"""Taking an appeal in, and a visit with what was raised: few keys, drafts, faults at their field."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.appeals import intake, queries
from desktop_app.appeals.queries import AppealFilter
from desktop_app.residents.queries import ResidentFilter, ids, lines
from desktop_app.residents.search import hits
from tests.ui.conftest import rest, settle
from ui.main_window import MainWindow
from ui.pages.appeal_form import AppealFormPage
from ui.pages.printing import PrintingPage
from ui.pages.visit_form import VisitFormPage
from ui.pages.whose import whose


@pytest.fixture
def person(town: App) -> str:
    """Somebody who lives here with a telephone."""
    found = (line for line in lines(town.db, ids(town.db, ResidentFilter())) if line.phone)
    return next(found).id


def opened(window: MainWindow, qtbot: QtBot, key: str) -> AppealFormPage:
    window.desk.open_record("appeal-form", key)
    page = window.tabs.page(f"appeal-form:{key}")
    assert isinstance(page, AppealFormPage)
    rest(page, qtbot)
    return page


def visiting(window: MainWindow, qtbot: QtBot, key: str) -> VisitFormPage:
    window.desk.open_record("visit-form", key)
    page = window.tabs.page(f"visit-form:{key}")
    assert isinstance(page, VisitFormPage)
    rest(page, qtbot)
    return page


def test_a_form_that_was_opened_for_somebody_and_closed_again_leaves_no_draft(
    window: MainWindow, person: str, qtbot: QtBot
) -> None:
    page = opened(window, qtbot, f"person:{person}")
    assert page.who.value("reporter_name")
    assert not page.unsaved()
    window.tabs.close_key(f"appeal-form:person:{person}")
    assert not window.desk.drafts


def test_a_resident_who_is_picked_brings_name_and_home_and_one_line_is_enough(
    window: MainWindow, town: App, person: str, qtbot: QtBot
) -> None:
    page = opened(window, qtbot, "new")
    assert page.person.hasFocus()
    page.person.take(hits(town.db, [whose(town.db, f"person:{person}").hit.local_no])[0])  # type: ignore[union-attr]
    assert page.form.input("title").hasFocus()
    page.form._write("title", "三单元门禁坏了")
    page.save()
    settle(qtbot, window.background)
    (line,) = queries.appeals(town.db)
    assert (line.title, line.phase, line.channel) == ("三单元门禁坏了", "办理中", "来访")
    assert line.reporter
    assert line.place.startswith("桂花苑3栋")
    tab = window.tabs.current
    assert tab is not None
    assert tab.key == f"appeal:{line.id}"
    assert window.tabs.page("appeal-form:new") is None


def test_the_receipt_is_one_key_away_from_the_form(window: MainWindow, person: str, qtbot: QtBot) -> None:
    page = opened(window, qtbot, f"person:{person}")
    page.form._write("title", "路灯不亮")
    page.save_and_print()
    settle(qtbot, window.background)
    paper = window.tabs.page("page:printing")
    assert paper is not None
    rest(paper, qtbot)
    assert isinstance(paper, PrintingPage)
    assert paper.forms.current.id == "appeal_receipt"
    paper.bar.size_choice.choose("80 mm 卷纸")
    paper.bar.size_choice.activated.emit(1)
    window.tabs.close_current()
    window.desk.print_form("appeal_receipt", ["x"])
    again = window.tabs.page("page:printing")
    assert isinstance(again, PrintingPage)
    rest(again, qtbot)
    assert again.bar.size_words == "80 mm 卷纸"  # a desk with a roll printer chooses it once


def test_of_a_pile_the_next_form_is_empty_but_keeps_the_channel(window: MainWindow, town: App, qtbot: QtBot) -> None:
    page = opened(window, qtbot, "new")
    page.form._write("channel", "意见箱")
    page.form._write("title", "第一封信")
    page.anonymous.setChecked(True)
    page.save_and_next()
    settle(qtbot, window.background)
    assert page.form.value("title") == ""
    assert page.form.value("channel") == "意见箱"
    assert not page.anonymous.isChecked()
    assert queries.appeals(town.db)[0].reporter == "匿名"


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    window: MainWindow, town: App, qtbot: QtBot
) -> None:
    page = opened(window, qtbot, "new")
    page.form._write("title", "路灯不亮")
    page.form._write("text", "写了很多")
    page.form._write("received_on", "2026-12-24")
    page.save()
    rest(page, qtbot)
    assert "今天之后" in page.form.fault("received_on")
    assert page.form.value("text") == "写了很多"
    page.form._write("received_on", "2026-11-21")
    page.who._write("reporter_phone", "12")
    page.save()
    rest(page, qtbot)
    assert page.who.fault("reporter_phone")
    assert queries.count(town.db) == 0


def test_half_a_form_is_there_again_with_whom_it_was_about(
    window: MainWindow, town: App, person: str, qtbot: QtBot
) -> None:
    page = opened(window, qtbot, "new")
    page.person.take(hits(town.db, [whose(town.db, f"person:{person}").hit.local_no])[0])  # type: ignore[union-attr]
    page.form._write("title", "写到一半")
    window.tabs.close_current()
    settle(qtbot, window.background)
    again = opened(window, qtbot, "new")
    assert again.strip.isVisible()
    again.strip._act()
    assert again.form.value("title") == "写到一半"
    assert again.person.person is not None
    assert again.person.person.id == person


def test_somebody_with_an_open_appeal_is_told_before_it_is_taken_in_twice(
    window: MainWindow, town: App, person: str, qtbot: QtBot
) -> None:
    intake.register(town.db, town.actor, intake.blank(town.db, title="电梯异响", person_id=person), accept=True)
    page = opened(window, qtbot, f"person:{person}")
    assert "电梯异响" in page.known.words


def test_a_visit_is_kept_by_four_keys_and_what_was_raised_with_it(
    window: MainWindow, town: App, person: str, qtbot: QtBot
) -> None:
    window.desk.open_record("person", person)
    record = window.tabs.page(f"person:{person}")
    assert record is not None
    rest(record, qtbot)
    qtbot.keyClick(record.first_focus(), Qt.Key.Key_V)
    page = window.tabs.page(f"visit-form:person:{person}")
    assert isinstance(page, VisitFormPage)
    rest(page, qtbot)
    findings = page.form.form.input("findings")
    assert findings.hasFocus()
    qtbot.keyClicks(findings, "ok")
    page.form.raised.lines[0][0].setText("楼道灯不亮")
    page.form.raised._next(page.form.raised.lines[0][0])
    assert len(page.form.raised.lines) == 2
    qtbot.keyClick(findings, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, window.background)
    assert town.db.row("SELECT person_id,findings,workers FROM visit") == (person, "ok", "李静")
    (line,) = queries.appeals(town.db, AppealFilter(person_id=person))
    assert (line.title, line.channel, line.phase) == ("楼道灯不亮", "巡诊", "办理中")
    assert window.tabs.page(f"visit-form:person:{person}") is None


def test_a_visit_in_the_future_is_refused_with_what_was_raised_still_there(
    window: MainWindow, town: App, person: str, qtbot: QtBot
) -> None:
    page = visiting(window, qtbot, f"person:{person}")
    page.form.form._write("on", "2026-12-24")
    page.form.raised.lines[0][0].setText("楼道灯不亮")
    page.form.save()
    rest(page, qtbot)
    assert "在今天之后" in page.form.form.fault("on")
    assert page.form.raised.raised[0].title == "楼道灯不亮"
    assert queries.count(town.db) == 0


def test_a_visit_that_was_put_away_half_written_comes_back(window: MainWindow, person: str, qtbot: QtBot) -> None:
    page = visiting(window, qtbot, f"person:{person}")
    page.form.form._write("findings", "写到一半")
    page.form.raised.lines[0][0].setText("楼道灯不亮")
    qtbot.keyClick(page.form.form.input("findings"), Qt.Key.Key_Escape)
    settle(qtbot, window.background)
    again = visiting(window, qtbot, f"person:{person}")
    assert again.form.form.value("findings") == "写到一半"
    assert again.form.raised.raised[0].title == "楼道灯不亮"
    again.form._start_over()
    assert again.form.form.value("findings") == ""


@pytest.mark.parametrize("kind", ["household", "room"])
def test_a_visit_begins_from_a_home_and_from_a_room_alike(
    window: MainWindow, town: App, kind: str, qtbot: QtBot
) -> None:
    home, room = town.db.row("SELECT id,room_id FROM household ORDER BY local_no") or ("", "")
    page = visiting(window, qtbot, f"{kind}:{home if kind == 'household' else room}")
    page.form.save()
    settle(qtbot, window.background)
    assert town.db.row("SELECT household_id,room_id FROM visit") == (home, room)
