"""A community that changes a code table sees its own words in the window, in what it reads in and on paper."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.meetings.model import AgendaItem, Meeting
from desktop_app.practice import actions as practice
from desktop_app.practice.queries import shipped
from desktop_app.printing.forms import form
from desktop_app.printing.forms.visit_sheet import BLANK
from desktop_app.profiles.queries import forget
from desktop_app.residents.importing import import_residents, plan_import
from desktop_app.residents.sheet import read_roster
from desktop_app.spreadsheets.workbook import read
from tests.ui.conftest import rest, synthetic_id
from ui.main_window import MainWindow
from ui.pages.partners import PartnersPage

OWN = {
    "id_types": ('name = "普通护照", aliases = [', 'name = "因私护照", aliases = ["普通护照", "小本", '),
    "partner_kinds": ('name = "机关"', 'name = "党政群机关"'),
    "tags": ('name = "独居老人", aliases = [', 'name = "独居长者", aliases = ["独居老人", '),
    "vote_methods": ("]},\n]", ']},\n    {code = "21", name = "扫码投票", aliases = ["扫码"]},\n]'),
    "visit_results": ('name = "见面"', 'name = "见到本人"'),
}
"""Table → what the community wrote anew of it."""


@pytest.fixture
def own(app: App) -> Iterator[App]:
    for kind, (before, after) in OWN.items():
        text = shipped(f"codes/{kind}")
        assert before in text
        told = text.replace(before, after)
        practice.adopt(app.db, app.actor, f"codes/{kind}", told, from_on="2026-11-22", why="本社区的叫法")
    yield app
    forget()


def test_the_list_of_units_is_filtered_and_filled_by_the_words_of_the_community(
    own: App, town: App, window: MainWindow, qtbot: QtBot
) -> None:
    window.open_page("partners")
    page = window.tabs.page("page:partners")
    assert isinstance(page, PartnersPage)
    rest(page, qtbot)
    chip = next(one for one in page.units.filters() if one.key == "kind")
    assert [word for word, _ in chip.choices][:2] == ["党政群机关", "事业单位"]
    assert page.desk.codes("partner_kinds").code("党政群机关") == "1"


def test_a_roster_is_read_in_with_the_words_of_the_community(own: App, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    rows = (
        ("小区", "楼栋", "单元", "房号", "姓名", "性别", "证件类型", "证件号码", "标签"),
        ("桂花苑", "3", "1", "101", "王桂英", "女", "身份证", synthetic_id("1940-01-01", 2), "独居"),
        ("桂花苑", "3", "1", "102", "张安妮", "女", "护照", "E12345678", ""),
        ("桂花苑", "3", "1", "103", "李安迪", "男", "小本", "E87654321", ""),
    )
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "表.xlsx")
    roster = read_roster(read(tmp_path / "表.xlsx"), own.clock.today())
    import_residents(own.db, plan_import(own.db, roster), own.actor)
    assert own.db.rows("SELECT tag FROM person_tag") == [("独居长者",)]
    papers = own.db.rows("SELECT id_type FROM person WHERE name IN ('王桂英','张安妮','李安迪') ORDER BY local_no")
    assert papers == [("居民身份证",), ("因私护照",), ("因私护照",)]


def test_papers_say_it_in_the_words_of_the_community(own: App) -> None:
    held = Meeting(kind="three_party", title="三方联席会议", starts_at="2026-11-22 09:00")
    item = AgendaItem(
        meeting_id=held.id, seq=1, title="加装电梯", vote_how="扫码", votes_for=2, votes_against=0, votes_abstain=0
    )
    with own.db.transaction(own.actor, "准备") as tx:
        tx.add(held)
        tx.add(item)
    (record,) = form("meeting_record").collect(own, [held.id])
    assert record.topics[0].vote.how == "扫码投票"
    (sheet,) = form("visit_sheet").collect(own, [BLANK])
    assert sheet.results[0] == "见到本人"
