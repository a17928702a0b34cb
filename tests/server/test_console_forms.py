"""Forms of the console: sent twice they do it once, and refused they come back with what was typed."""

import ast
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

import central_server
from central_server import units
from central_server.console import quarantine_page, slips
from tests.server.conftest import SCOPE
from tests.server.district import DISTRICT, HONGQI, OTHER, PASSWORD, STREET
from tests.server.test_bundles import central, keys
from tests.server.test_console import MINUTE, Office, admin, office
from tests.server.test_console_sticks import Carrier
from tests.server.test_console_sticks import app as sticks_app
from tests.server.visitor import Visitor

__all__ = ["admin", "central", "keys", "office", "sticks_app"]
CODE = r'class="code"[^>]*>([^<]+)<'
GONE, BAD_FORM = 410, 400


def codes(office: Office) -> int:
    return office.rows("select count(*) from enrol_code where scope_id=?", HONGQI)[0][0]


def form_for_a_code(admin: Visitor) -> dict[str, object]:
    admin.get(f"/console/units/{HONGQI}")
    return {"csrf": admin.token(), "once": admin.token("once")}


def ask_for_a_code(admin: Visitor, form: dict[str, object]) -> str:
    """The address the answer is to be looked at, as the browser gets it."""
    given = {"content-type": "application/x-www-form-urlencoded"}
    answer = admin._ask("POST", f"/console/units/{HONGQI}/codes", urlencode(form).encode(), given)
    assert answer.status_code == 303
    return answer.headers["location"]


def test_the_page_with_a_code_can_be_reloaded_without_making_another_and_shows_it_once(office, admin):
    before = codes(office)
    address = ask_for_a_code(admin, form_for_a_code(admin))
    shown = re.search(CODE, admin.get(address).content.decode())[1]
    assert admin.last.headers["cache-control"] == "no-store"
    again = admin.get(address)
    assert again.status_code == GONE
    assert "已经显示过" in admin.text
    assert shown not in admin.text
    assert codes(office) == before + 1


def test_a_double_click_makes_one_code_and_the_second_click_gets_it(office, admin):
    before, form = codes(office), form_for_a_code(admin)
    first = ask_for_a_code(admin, dict(form))
    admin.get(first)  # the browser has dropped this answer for that of the second click
    office.ms += 300
    second = ask_for_a_code(admin, dict(form))
    assert second == first
    assert re.search(CODE, admin.get(second).content.decode())
    assert codes(office) == before + 1
    office.ms += MINUTE
    assert admin.get(ask_for_a_code(admin, dict(form))).status_code == GONE, "an old form brings nothing back"
    assert codes(office) == before + 1


def sent(admin: Visitor, path: str, form: dict[str, object]):
    """The answer to a form as it is, not followed."""
    given = {"content-type": "application/x-www-form-urlencoded"}
    return admin._ask("POST", f"/console{path}", urlencode(form).encode(), given)


@pytest.fixture(params=["unit", "user"])
def making(request, admin) -> tuple[str, dict[str, object], str, str]:
    """A form that makes a unit or a user: where it goes, what it says, what is counted, where its answer leads."""
    admin.get("/console/" if request.param == "unit" else "/console/users")
    tokens = {"csrf": admin.token(), "once": admin.token("once")}
    if request.param == "unit":
        form = {"number": 420299001077, "name": "新社区", "kind": "community", "parent": STREET, **tokens}
        return "/units", form, "select count(*) from unit where name='新社区'", "/console/units/420299001077"
    form = {"name": "新来的", "unit": STREET, "password": PASSWORD, **tokens}
    return "/users", form, "select count(*) from console_user where name='新来的'", "/console/users"


def test_a_double_click_makes_one_unit_or_user_and_the_second_click_sees_it(office, admin, making):
    path, form, counted, leads = making
    for _ in range(2):
        answer = sent(admin, path, form)
        assert (answer.status_code, answer.headers["location"]) == (303, leads)
    assert office.rows(counted) == [(1,)]
    assert office.rows("select count(*) from console_audit where action in ('建立单位','添加用户')")[0][0] == 1


def test_clicks_side_by_side_make_one_unit_or_user(office, admin, making):
    path, form, counted, leads = making
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: sent(admin, path, dict(form)), range(4)))
    assert {answer.headers.get("location") for answer in answers} == {leads}
    assert office.rows(counted) == [(1,)]


def test_the_same_page_makes_another_one_and_a_refused_form_can_be_sent_again(office, admin, making):
    path, form, counted, _ = making
    assert sent(admin, path, {**form, "number": 12, "password": "短"}).status_code == BAD_FORM
    assert sent(admin, path, form).status_code == 303
    assert office.rows(counted) == [(1,)]
    other = {**form, "number": 420299001078, "name": "另一个"}
    assert sent(admin, path, other).status_code == 303
    assert office.rows(
        "select (select count(*) from unit where name='另一个')+(select count(*) from console_user where name='另一个')"
    ) == [(1,)]


def test_clicks_side_by_side_make_one_code(office, admin):
    before, form = codes(office), form_for_a_code(admin)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: ask_for_a_code(admin, dict(form)), range(4)))
    assert len(set(found)) == 1
    assert codes(office) == before + 1


def test_an_address_of_a_code_tells_nothing_to_anybody_else_and_nothing_is_kept_readable(office, admin):
    address = ask_for_a_code(admin, form_for_a_code(admin))
    other = office.visitor("admin", "203.0.113.9")
    assert other.get(address).status_code == GONE
    kept = str(office.rows("select * from console_slip"))
    code = re.search(CODE, admin.get(address).content.decode())[1]
    assert code.replace("-", "") not in kept + address
    office.ms += slips.CLICK_MS + 1
    admin.get(address)
    assert office.rows("select box from console_slip") == [("",)]


def test_a_code_that_is_still_being_made_is_waited_for(office, admin):
    with office.storage.writing() as session:
        session.run("insert into console_slip(name,made_at) values('abc',?)", office.ms)
    admin.get("/console/slips/abc")
    assert admin.last.headers["refresh"] == "1"
    assert "请稍等" in admin.text
    office.ms += 2 * MINUTE
    assert admin.get("/console/slips/abc").status_code == GONE


def test_a_starter_is_written_once_however_often_its_form_is_sent(sticks_app, station):
    admin = Carrier(sticks_app, "admin")
    admin.get(f"/console/units/{SCOPE}")
    form = {"name": "新来的", "csrf": admin.token(), "once": admin.token("once")}
    admin.post(f"/console/units/{SCOPE}/starter", dict(form))
    (first,) = re.findall(r'aria-label="口令">([A-Z0-9-]+)<', admin.text)
    admin.post(f"/console/units/{SCOPE}/starter", dict(form))
    assert first in admin.text
    assert station.rows("select count(*) from device where name='新来的'") == [(1,)]


def test_a_starter_that_was_refused_may_be_asked_for_again_with_the_same_form(sticks_app, station):
    admin = Carrier(sticks_app, "admin")
    admin.get(f"/console/units/{SCOPE}")
    form = {"csrf": admin.token(), "once": admin.token("once")}
    admin.post(f"/console/units/{SCOPE}/starter", {**form, "name": "机" * 61})
    assert admin.last.status_code == 400
    assert f'value="{"机" * 61}"' in admin.text
    admin.post(f"/console/units/{SCOPE}/starter", {**form, "name": "新来的"})
    assert "启动文件" in admin.text


def test_a_form_without_its_own_token_makes_no_code(office, admin):
    before = codes(office)
    admin.get(f"/console/units/{HONGQI}")
    admin.post(f"/console/units/{HONGQI}/codes", {"once": ""})
    assert admin.last.status_code == 400
    assert codes(office) == before


# ------------------------------------------------------------------------------------------------------ what was typed

REFUSED = [
    ("/units", "/units", {"number": "12", "name": "新桥社区", "kind": "street", "parent": str(DISTRICT)}, "6 至 18 位"),
    ("/units", "/units", {"number": "四二", "name": "新桥社区", "kind": "street"}, "不是单位编号"),
    ("/units", "/units", {"number": str(HONGQI), "name": "新桥社区", "kind": "community"}, "已经有了"),
    (f"/units/{HONGQI}", f"/units/{HONGQI}/name", {"name": "长" * 61}, "名称"),
    (f"/units/{STREET}", f"/units/{STREET}/parent", {"parent": str(HONGQI)}, ""),
    (f"/units/{HONGQI}", f"/units/{HONGQI}/starter", {"name": "机" * 61}, "名称"),
    ("/users", "/users", {"name": "admin", "unit": str(OTHER), "password": PASSWORD}, "已经有用户"),
    ("/users", "/users", {"name": "新来的", "unit": "all", "password": "短"}, "口令至少"),
    ("/users", "/users/password", {"name": "street", "password": "短"}, "口令至少"),
    ("/users", "/users/disable", {"name": "admin"}, "最后一个管理员"),
    ("/password", "/password", {"password": "错的口令", "new": PASSWORD, "again": PASSWORD}, "没有改"),
]


@pytest.mark.parametrize(("page", "form", "typed", "reason"), REFUSED, ids=lambda one: str(one)[:30])
def test_a_refused_form_comes_back_with_the_reason_and_what_was_typed(admin, page, form, typed, reason):
    heading = re.search("<h1>.*?</h1>", admin.get(f"/console{page}").content.decode())[0]
    admin.post(f"/console{form}", dict(typed))
    assert admin.last.status_code == 400
    assert heading in admin.text, "the page with the form"
    (said,) = re.findall(r'<p class="alert" role="alert">([^<]+)</p>', admin.text)
    assert reason in said
    for field, value in typed.items():
        if field in ("password", "new", "again"):
            assert value not in admin.text, "a password is typed anew"
        elif field not in ("kind", "parent", "unit"):
            assert f'value="{value}"' in admin.text, field
        elif value != str(HONGQI):  # which is below: it is no choice, and nothing is chosen
            assert f'<option value="{value}" selected>' in admin.text, field


def test_the_reason_stands_with_the_user_it_is_about(admin):
    admin.get("/console/users")
    admin.post("/console/users/password", {"name": "street", "password": "短"})
    (opened,) = re.findall(r"<details open>.*?</details>", admin.text, re.DOTALL)
    assert "street 的新口令" in opened
    assert 'role="alert"' in opened


def test_a_file_that_is_refused_is_told_on_the_page_where_it_is_handed_in(sticks_app):
    admin = Carrier(sticks_app, "admin")
    admin.hand_in(b"no stick")
    assert admin.last.status_code == 400
    assert "电脑导出的文件" in admin.text
    assert 'role="alert"' in admin.text


def test_a_name_is_not_typed_again_when_the_password_was_wrong(office):
    visitor = office.visitor()
    visitor.post("/console/sign-in", {"name": "street", "password": "wrong"})
    assert 'name="name" value="street"' in visitor.text
    assert "wrong" not in visitor.text


def test_a_unit_that_is_gone_says_so_on_its_page(office, admin):
    with office.storage.writing() as session:
        session.run("update unit set closed_at=? where id=?", office.ms, HONGQI)
        assert units.everyone(session)[HONGQI].gone
    admin.get("/console/users")
    admin.post(f"/console/units/{HONGQI}/codes", {"once": "x" * 20})
    assert "已撤销，不能再接入电脑" in admin.text
    assert "红旗桥社区" in re.search("<h1>.*?</h1>", admin.text)[0]


# ----------------------------------------------------------------------------------------------------- who sees what


@pytest.mark.parametrize("unit", ["abc", "420299001x", "-1", "４２", "1" * 30, "999999", "", " ", None])
def test_what_is_no_unit_makes_nobody_an_administrator(office, admin, unit):
    admin.get("/console/users")
    form = {"name": "新来的", "password": PASSWORD} | ({} if unit is None else {"unit": unit})
    admin.post("/console/users", form)
    assert admin.last.status_code == 400
    assert office.rows("select name from console_user where name='新来的'") == []


def test_an_administrator_is_made_by_choosing_so(office, admin):
    admin.get("/console/users")
    admin.post("/console/users", {"name": "新来的", "unit": "all", "password": PASSWORD})
    assert office.rows("select unit from console_user where name='新来的'") == [(None,)]


@pytest.mark.parametrize("parent", ["abc", "1" * 30])
def test_what_is_no_unit_moves_nothing_to_the_top(office, admin, parent):
    admin.get(f"/console/units/{HONGQI}")
    admin.post(f"/console/units/{HONGQI}/parent", {"parent": parent})
    assert admin.last.status_code == 400
    assert office.rows("select parent from unit where id=?", HONGQI) == [(STREET,)]


# --------------------------------------------------------------------------------------------------------- quarantine


def codes_of_rows() -> set[str]:
    """Every code with which the server sets a row aside: what those who judge rows may answer."""
    found: set[str] = set()
    for name in ("admission", "mailbox", "moves", "erasing"):
        source = (Path(central_server.__file__).parent / f"{name}.py").read_text("utf-8")
        words = (one.value for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Constant))
        found |= {word for word in words if isinstance(word, str) and re.fullmatch(r"[A-Z]+(_[A-Z]+)*", word)}
    return found


def test_every_code_of_a_row_set_aside_has_chinese_words():
    known = codes_of_rows()
    assert {"ELSEWHERE", "TOO_LARGE", "NOT_YOURS"} <= known
    missing = known - quarantine_page.CODES.keys()
    assert not missing
