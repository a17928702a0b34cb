"""The console of a whole city: which desks need somebody, and how one unit or desk among very many is found."""

import io
import re
from urllib.parse import quote

from python_calamine import CalamineWorkbook

from central_server import standing
from central_server.console import attention_page, overview_page
from central_server.console.contacts import PASSING
from sync_protocol.refusals import REFUSALS
from tests.server import district
from tests.server.district import DISTRICT, JIANGSHAN, OTHER, STREET
from tests.server.test_console import admin, office

__all__ = ["admin", "office"]


def body(html: str) -> list[tuple[str, ...]]:
    """The rows of the first table, as texts."""
    rows = re.findall(r"<tr>(.*?)</tr>", html.split("<tbody>")[1].split("</tbody>", 1)[0], re.DOTALL)
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in rows]
    signs = re.compile(r'<span class="sign".*?</span>|<[^>]+>')
    return [tuple(signs.sub("", cell).strip() for cell in row) for row in cells]


def test_the_desks_that_need_somebody_stand_in_one_list_with_the_longest_silent_first(office, admin):
    admin.get("/console/attention")
    assert [row[:4] for row in body(admin.text)] == [
        ("二号机（窗口）", "红旗街道 › 红旗桥社区", "2026-11-02 06:26", "20"),
        ("江山-张三", "红旗街道 › 江山社区", "2026-11-17 06:26", "5"),
        ("街道办-1", "红旗街道", "2026-11-22 06:26", "0"),
        ("新来的", "红旗街道 › 江山社区", "2026-11-22 06:26", "0"),
    ]
    for words in ("全部 4", "被服务器拒绝 1", "14 天以上没有联系 1", "3 至 13 天没有联系 1", "接入后没有同步过 1"):
        assert words in admin.text
    for why, name in (("refused", "街道办-1"), ("long", "二号机（窗口）"), ("late", "江山-张三"), ("never", "新来的")):
        admin.get(f"/console/attention?why={why}")
        assert [row[0] for row in body(admin.text)] == [name]
    admin.get(f"/console/attention?unit={JIANGSHAN}")
    assert {row[0] for row in body(admin.text)} == {"江山-张三", "新来的"}
    admin.get(f"/console/attention?unit={OTHER}")
    assert "没有这样的电脑" in admin.text


def test_the_workbook_of_such_desks_says_what_the_page_says(admin):
    admin.get(f"/console/attention?unit={STREET}")
    shown = body(admin.text)
    admin.get(f"/console/attention.xlsx?unit={STREET}")
    head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(admin.last.content)).get_sheet_by_index(0).to_python()
    assert head == list(attention_page.HEADS)
    assert [(row[2], row[0], row[4], str(int(row[5])), row[6]) for row in rows] == shown


def test_a_long_list_of_such_desks_comes_in_pages_and_every_desk_stands_on_one(office, admin, monkeypatch):
    monkeypatch.setattr(attention_page, "PER_PAGE", 3)
    admin.get("/console/attention?page=1")
    first = body(admin.text)
    assert "第 1 至 3 台，共 4 台" in admin.text
    assert "page=2" in admin.text
    admin.get("/console/attention?page=2")
    assert len(first + body(admin.text)) == len({*first, *body(admin.text)}) == 4
    for page in ("0", "-1", "99999999999999999999", "x"):
        admin.get(f"/console/attention?page={page}")
        assert (admin.last.status_code, body(admin.text)) == (200, first)


def test_of_very_many_units_those_above_are_listed_and_the_others_are_found(admin, monkeypatch):
    monkeypatch.setattr(overview_page, "MANY", 3)
    admin.get("/console/units")
    assert [row[:4] for row in body(admin.text)] == [
        ("铁山区", "区县", "5", "4"),
        ("红旗街道", "街道", "5", "4"),
        ("江北街道", "街道", "0", "0"),
    ]
    admin.get(f"/console/units?q={quote('江山')}")
    assert [row[0] for row in body(admin.text)] == ["红旗街道 › 江山社区"]
    assert "江山-张三" in admin.text
    admin.get("/console/units?q=420299001")
    assert [row[0] for row in body(admin.text)] == ["红旗街道", "红旗街道 › 红旗桥社区", "红旗街道 › 江山社区"]
    admin.get("/console/units?q=100%25")
    assert "没有名称含“100%”" in admin.text
    assert "<h2>电脑</h2>" not in admin.text


def test_what_is_looked_for_is_found_in_capitals_or_not_whatever_else_was_pasted(office, admin):
    with office.storage.writing() as session:
        district.enrol(session, JIANGSHAN, "PC-Front", office.ms)
    for typed in ("pc-front", "%00PC%1F", "FRONT%0A"):
        admin.get(f"/console/units?q={typed}")
        assert (admin.last.status_code, "PC-Front" in admin.text) == (200, True)


def test_a_community_whose_desks_are_listed_stays_chosen(admin):
    admin.get(f"/console/attention?unit={JIANGSHAN}")
    assert re.findall(r'<option value="(\d+)" selected>', admin.text) == [str(JIANGSHAN)]
    assert "江山社区及下级" not in admin.text


def test_that_more_desks_were_found_than_are_listed_is_told(admin, monkeypatch):
    admin.get(f"/console/units?q={quote('机')}")
    assert "只列前" not in admin.text
    monkeypatch.setattr(overview_page, "MOST_FOUND", 1)
    admin.get(f"/console/units?q={quote('机')}")
    assert "只列前 1 台" in admin.text


def test_a_desk_is_found_by_the_number_that_stands_in_the_log(office, admin):
    ((number, name),) = office.rows("select id,name from device where name='新来的'")
    admin.get(f"/console/units?q={number}")
    assert name in admin.text


def test_the_page_of_a_unit_says_how_those_below_it_fare(admin):
    admin.get(f"/console/units/{DISTRICT}")
    assert [row[:5] for row in body(admin.text)] == [
        ("红旗街道", "街道", "5", "4", "2026-11-22 06:26"),
        ("江北街道", "街道", "0", "0", "—"),
    ]


def test_every_refusal_that_says_something_of_a_desk_is_explained():
    unsaid = {"UNKNOWN_DEVICE", "BAD_CODE", "OTHER_UNIT"}  # of whom no desk is known, or which has not been let in
    assert set(REFUSALS) - PASSING - unsaid <= set(standing.REASONS)
