"""打印中心: forms, whose papers, the paper itself, PDF where there is no printer, the log of today."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.meetings import actions as meetings
from desktop_app.meetings.model import Meeting
from desktop_app.organisation.model import PartyCentreHousehold
from desktop_app.papers.queries import jobs
from desktop_app.printing import spooler
from desktop_app.printing.forms import FORMS
from desktop_app.printing.spooler import NoPrintSystemError, Printer
from desktop_app.shared.errors import AppError
from tests.ui.conftest import settle
from ui.main_window import MainWindow
from ui.pages.printing import PrintingPage
from ui.pages.printing_lists import LISTS
from ui.pages.printing_paint import paint_on
from ui.pages.printing_paper import draw, render_of


@pytest.fixture(autouse=True)
def _no_printer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests never ask the system for a printer."""

    def none() -> list[Printer]:
        raise NoPrintSystemError("这台电脑没有打印系统。")

    monkeypatch.setattr(spooler, "printers", none)


@pytest.fixture
def page(town: App, window: MainWindow, qtbot: QtBot) -> PrintingPage:
    window.open_page("printing")
    found = window.tabs.page("page:printing")
    assert isinstance(found, PrintingPage)
    rest(found, qtbot)
    return found


def rest(page: PrintingPage, qtbot: QtBot) -> None:
    for _ in range(3):
        qtbot.waitUntil(lambda: not page._pause.isActive(), timeout=5000)
        settle(qtbot, page.desk.background)
        qtbot.wait(40)


def choose(page: PrintingPage, form: str, qtbot: QtBot) -> None:
    page.forms.point_at(next(at for at, one in enumerate(page.forms.lines) if one.id == form))
    rest(page, qtbot)


def test_every_form_but_what_a_list_prints_of_itself_can_be_printed_from_here(page: PrintingPage) -> None:
    assert [one.id for one in page.forms.lines] == [one.name for one in FORMS if one.name not in {"table", "chart"}]
    assert {one.subject for one in FORMS} - {"table", "chart"} <= LISTS.keys()


def test_the_first_building_is_drawn_at_once(page: PrintingPage, qtbot: QtBot) -> None:
    assert [line.name for line in page.subjects.table.lines] == ["桂花苑3栋"]
    qtbot.waitUntil(lambda: page.preview.paper.has_picture, timeout=10_000)
    assert page._drawn is not None
    assert page._drawn.title == "便民服务联系卡：桂花苑3栋"


def test_without_a_printer_pdf_is_the_first_button_and_words_say_why(page: PrintingPage) -> None:
    assert page.bar.save_button.property("tone") == "primary"
    assert not page.bar.print_button.isVisible()
    assert "没有找到打印机" in page.bar.words.text()


def test_a_saved_pdf_is_in_todays_list_before_and_after(page: PrintingPage, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "卡片.pdf"
    page.save_to(path)
    rest(page, qtbot)
    assert path.read_bytes().startswith(b"%PDF")
    (job,) = page.jobs.lines
    assert (job.form, job.state, job.target) == ("service_card", "已打印", "PDF：卡片.pdf")
    assert "打过一次，这次记为重印" not in page.notice.words
    page.again()
    rest(page, qtbot)
    assert "这次记为重印" in page.notice.words


def test_a_file_that_cannot_be_written_is_noted_as_failed(page: PrintingPage, tmp_path: Path, qtbot: QtBot) -> None:
    page.save_to(tmp_path / "no such folder" / "x.pdf")
    rest(page, qtbot)
    assert page.jobs.lines[0].state == "失败"
    assert "写不进去" in page.notice.words
    assert "原有文件没有变动" in page.notice.words


def test_a_printer_gets_the_pdf_and_the_log_comes_first(
    page: PrintingPage, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    taken: list[tuple[str, int, int]] = []

    def take(pdf: bytes, printer: str, title: str, ticket: spooler.Ticket) -> str:
        taken.append((printer, ticket.copies, len(jobs(page.desk.app.db))))
        return "Linli-1"

    monkeypatch.setattr(spooler, "printers", lambda: [Printer("HP-1020", default=True)])
    monkeypatch.setattr(spooler, "send", take)
    page.refresh(frozenset())
    rest(page, qtbot)
    assert page.bar.print_button.property("tone") == "primary"
    page.bar.copies.setText("3")
    page.print_now()
    rest(page, qtbot)
    assert taken == [("HP-1020", 3, 1)]
    assert page.jobs.lines[0].copies == 3


def test_a_printer_that_refuses_leaves_a_failed_job_and_offers_pdf(
    page: PrintingPage, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    def refuse(*_: object) -> str:
        raise AppError("打印机“HP-1020”没有接收：缺纸。", next_step="请检查打印机后再试。")

    monkeypatch.setattr(spooler, "printers", lambda: [Printer("HP-1020", default=True)])
    monkeypatch.setattr(spooler, "send", refuse)
    page.refresh(frozenset())
    rest(page, qtbot)
    page.print_now()
    rest(page, qtbot)
    assert page.jobs.lines[0].state == "失败"
    assert "没有接收" in page.notice.words
    assert page.notice._action.text() == "先存为 PDF"


def test_a_card_for_each_door_counts_households(page: PrintingPage, qtbot: QtBot) -> None:
    page.subjects.each.choose("household")
    rest(page, qtbot)
    assert page._drawn is not None
    homes = page.desk.app.db.scalar("SELECT count(*) FROM household")
    assert len(page._drawn.subjects) == homes


def test_subjects_another_page_sends_are_chosen(page: PrintingPage, qtbot: QtBot) -> None:
    app = page.desk.app
    with app.db.transaction(app.actor, "准备") as tx:
        kept = [
            tx.add(PartyCentreHousehold(host_name=name, span="3栋", phones="")) for name in ("刘芳", "王强", "赵敏")
        ]
    page.desk.print_form("centre_plaque", [kept[0].id, kept[2].id])
    rest(page, qtbot)
    assert page.forms.current.id == "centre_plaque"
    assert {line.name for line in page.subjects.table.selected} == {"刘芳", "赵敏"}


def test_a_resident_is_printed_although_the_list_shows_buildings(page: PrintingPage, qtbot: QtBot) -> None:
    person = page.desk.app.db.scalar("SELECT person_id FROM residence LIMIT 1")
    page.desk.print_form("service_card", [person])
    rest(page, qtbot)
    assert page._drawn is not None
    assert page._drawn.subjects == (person,)
    assert "别的页面送来" in page.subjects.count.text()


def test_an_unfinished_record_is_refused_in_words_and_shown_as_a_draft_when_asked(
    page: PrintingPage, qtbot: QtBot
) -> None:
    app = page.desk.app
    meetings.call_meeting(app.db, app.actor, Meeting(kind="residents_council", title="议事会"))
    choose(page, "meeting_record", qtbot)
    assert "没有打印正式件" in page.notice.words
    assert not page.bar.save_button.isEnabled()
    page.show_draft()
    rest(page, qtbot)
    assert "草稿" in page.notice.words
    assert page.bar.save_button.isEnabled()


def test_a_form_without_subjects_says_what_to_do(page: PrintingPage, qtbot: QtBot) -> None:
    choose(page, "centre_plaque", qtbot)
    assert page.subjects.empty.words == "还没有党员中心户。"
    assert page.subjects.empty.isVisible()


def test_pages_painted_by_the_window_keep_their_size(page: PrintingPage, tmp_path: Path) -> None:
    from PySide6.QtPrintSupport import QPrinter

    app = page.desk.app
    building = app.db.scalar("SELECT id FROM building")
    drawn = draw(app, "service_card", [building], page._choice(page.forms.current))
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFileName(str(tmp_path / "painted.pdf"))
    paint_on(printer, drawn)
    pixels = render_of((tmp_path / "painted.pdf").read_bytes())(0, 72)
    assert (pixels.width, pixels.height) == pytest.approx(drawn.sizes[0], abs=2)


def test_return_saves_as_soon_as_the_paper_is_drawn(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl+P, Return in one go: the first paper takes a moment, since the printing code is loaded then."""
    asked: list[bool] = []
    monkeypatch.setattr(PrintingPage, "save_pdf", lambda self: asked.append(self.bar.is_ready))
    window.open_page("printing")
    page = window.tabs.page("page:printing")
    assert isinstance(page, PrintingPage)
    qtbot.keyClick(page.forms, Qt.Key.Key_Return)
    assert asked == []
    rest(page, qtbot)
    assert asked == [True]
    qtbot.keyClick(page.forms, Qt.Key.Key_Return)
    assert asked == [True, True]
