"""The console: who gets in, who sees what, and that nobody acts in another's name."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest

from central_server import config
from central_server.app import make_app
from central_server.console import DOORS, accounts, make_console
from central_server.exchange import Central
from tests.server import district
from tests.server.district import DISTRICT, HONGQI, JIANGSHAN, OTHER, PASSWORD, STREET
from tests.server.visitor import Visitor
from tests.storages import Disk

MINUTE = 60_000


class Office:
    """A furnished console whose clock can be moved."""

    def __init__(self, disk: Disk, folder: Path) -> None:
        self.ms = 1_795_300_000_000  # 2026-11-22
        self.storage = disk.open()
        district.furnish(self.storage, self.ms)
        settings = config.load(None, {}, {"data": folder})
        settings = replace(settings, reports=replace(settings.reports, refresh_minutes=0))
        self.app = make_app(Central(self.storage), replace(settings, console=replace(settings.console, enabled=False)))
        self.app.router.routes[:0] = make_console(Central(self.storage), settings, now=lambda: self.ms)

    def visitor(self, name: str = "", address: str = "203.0.113.5") -> Visitor:
        one = Visitor(self.app, address)
        one.get("/console/")
        if name:
            one.post("/console/sign-in", {"name": name, "password": PASSWORD})
        return one

    def rows(self, sql: str, *params: object):
        with self.storage.reading() as session:
            return session.rows(sql, *params)


@pytest.fixture
def office(disk, tmp_path, monkeypatch) -> Iterator[Office]:
    monkeypatch.setattr(accounts, "ARGON2", district.CHEAP)
    made = Office(disk, tmp_path)
    yield made
    made.storage.close()


@pytest.fixture
def admin(office) -> Visitor:
    return office.visitor("admin")


@pytest.fixture
def street(office) -> Visitor:
    return office.visitor("street")


def figures(html: str) -> dict[str, str]:
    """The tiles."""
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", html)
    return {name: re.sub(r"<[^>]+>", "", value) for name, value in found}


def test_without_signing_in_there_is_only_the_form(office):
    visitor = office.visitor()
    assert "登录名" in visitor.text
    for door in DOORS:
        if door.method == "GET":
            visitor.get("/console" + door.path.replace("{unit}", str(HONGQI)).replace("{device}", "1"))
            assert "登录名" in visitor.text, door.path


def test_signing_in_sets_a_cookie_that_scripts_and_other_sites_cannot_use(office):
    visitor = office.visitor()
    answer = visitor._ask(
        "POST",
        "/console/sign-in",
        f"name=admin&password={__import__('urllib.parse').parse.quote(PASSWORD)}&csrf={visitor.token()}".encode(),
        {"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 303
    (cookie,) = [one.lower() for one in visitor.set_cookies if one.startswith("linli_console")]
    assert {"httponly", "secure", "samesite=strict", "path=/console"} <= {part.strip() for part in cookie.split(";")}
    assert visitor.cookies["linli_console"] not in str(office.rows("select * from console_session"))


def test_a_wrong_password_and_an_unknown_name_are_told_alike(office):
    visitor = office.visitor()
    visitor.post("/console/sign-in", {"name": "admin", "password": "wrong"})
    first = visitor.last
    visitor.post("/console/sign-in", {"name": "nobody", "password": "wrong"})
    assert (first.status_code, visitor.last.status_code) == (403, 403)
    assert "登录名或口令不对" in visitor.text


def try_to_sign_in(visitor: Visitor, password: str, name: str = "admin") -> int:
    visitor.post("/console/sign-in", {"name": name, "password": password})
    return visitor.last.status_code


def test_each_wrong_password_makes_the_next_wait_longer_and_nobody_else_waits(office):
    visitor, waits = office.visitor(), []
    assert {try_to_sign_in(visitor, "wrong") for _ in range(5)} == {403}
    for _ in range(8):
        assert try_to_sign_in(visitor, PASSWORD) == 429, "even the right one has to wait"
        waits.append(int(visitor.last.headers["retry-after"]))
        office.ms += waits[-1] * 1000
        assert try_to_sign_in(visitor, "wrong") == 403
    assert waits == [15, 30, 60, 120, 240, 480, 900, 900]
    elsewhere = office.visitor(address="203.0.113.77")
    try_to_sign_in(elsewhere, PASSWORD)
    assert "单位与电脑" in elsewhere.text, "whoever guesses locks out nobody at another desk"
    office.ms += 61 * MINUTE
    try_to_sign_in(visitor, PASSWORD)
    assert "单位与电脑" in visitor.text


def test_guessing_many_names_from_one_address_is_slowed_down_but_not_for_those_who_work_there(office):
    at_work = office.visitor("street")
    at_work.post("/console/sign-out", {})
    visitor = office.visitor()
    assert {try_to_sign_in(visitor, "wrong", f"name{number}") for number in range(30)} == {403}
    assert try_to_sign_in(visitor, PASSWORD) == 429
    try_to_sign_in(at_work, PASSWORD, "street")
    assert "统计" in at_work.text
    office.ms += 2000
    try_to_sign_in(visitor, PASSWORD)
    assert "单位与电脑" in visitor.text


def test_of_ipv6_the_network_is_counted(office):
    visitors = [office.visitor(address=f"2001:db8:1:2::{number:x}") for number in range(1, 7)]
    assert [try_to_sign_in(one, "wrong") for one in visitors] == [403] * 5 + [429]


def test_the_present_password_cannot_be_guessed_in_a_session_left_open(office, admin):
    told = []
    for number in range(7):
        form = {"password": f"guess {number}", "new": "另一句好记的话也行得通", "again": "另一句好记的话也行得通"}
        admin.get("/console/password")
        admin.post("/console/password", form)
        told.append(admin.last.status_code)
    assert told == [400] * 5 + [429] * 2
    office.ms += 16 * 1000
    admin.get("/console/password")
    admin.post("/console/password", {**form, "password": PASSWORD})
    assert "登录名" in admin.text


@pytest.mark.parametrize("token", ["", "x" * 32])
def test_a_form_without_our_token_does_nothing(office, admin, token):
    admin.post(f"/console/units/{HONGQI}/name", {"name": "别的名字", "csrf": token})
    assert admin.last.status_code == 403
    assert office.rows("select name from unit where id=?", HONGQI) == [("红旗桥社区",)]


@pytest.mark.parametrize(
    "headers", [{"origin": "https://elsewhere"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}]
)
def test_a_form_from_another_site_does_nothing_even_with_the_token(office, admin, headers):
    admin.post(f"/console/units/{HONGQI}/name", {"name": "别的名字"}, **headers)
    assert admin.last.status_code == 403
    assert office.rows("select name from unit where id=?", HONGQI) == [("红旗桥社区",)]


def test_every_form_of_every_page_carries_a_token(admin, office):
    device = office.rows("select id from device where scope_id=? order by ordinal", HONGQI)[0][0]
    for door in DOORS:
        if door.method == "GET" and not door.path.endswith((".xlsx", ".csv", "{token}")):
            admin.get("/console" + door.path.replace("{unit}", str(HONGQI)).replace("{device}", str(device)))
            assert admin.last.status_code == 200, door.path
            assert admin.text.count('method="post"') == admin.text.count('name="csrf"'), door.path


def test_whoever_does_nothing_for_half_an_hour_is_out(office, admin):
    office.ms += 29 * MINUTE
    assert "红旗街道" in admin.get("/console/units").content.decode()
    office.ms += 29 * MINUTE
    assert "红旗街道" in admin.get("/console/units").content.decode()
    office.ms += 31 * MINUTE
    admin.get("/console/units")
    assert "登录名" in admin.text


def test_nobody_stays_in_for_longer_than_a_working_day(office, admin):
    for _ in range(30):
        office.ms += 25 * MINUTE
        admin.get("/console/units")
    assert "登录名" in admin.text


def test_signing_out_ends_the_session_on_the_server(office, admin):
    cookie = admin.cookies["linli_console"]
    admin.post("/console/sign-out", {})
    admin.cookies["linli_console"] = cookie
    admin.get("/console/units")
    assert "登录名" in admin.text


def test_a_viewer_sees_the_figures_of_the_own_unit_and_below_and_nothing_else(street):
    assert "红旗街道" in street.get("/console/").content.decode()
    assert street.get(f"/console/figures?unit={JIANGSHAN}").status_code == 200
    for unit in (DISTRICT, OTHER, 999999):
        for ending in ("", ".xlsx", ".csv"):
            assert street.get(f"/console/figures{ending}?unit={unit}").status_code == 403
    assert "铁山区" not in street.get("/console/figures").content.decode()


def test_a_viewer_can_do_nothing_that_is_for_administrators(office, street):
    device = office.rows("select id from device where scope_id=? order by ordinal", HONGQI)[0][0]
    before = office.rows("select count(*) from unit"), office.rows("select count(*) from enrol_code")
    street.get("/console/figures")
    token = street.token()
    for door in DOORS:
        if door.role != "administrator" or door.path == "/units":
            continue
        path = "/console" + door.path.replace("{unit}", str(HONGQI)).replace("{device}", str(device))
        form = {"name": "x", "number": "420299009", "kind": "street", "password": PASSWORD, "csrf": token}
        answer = street.get(path) if door.method == "GET" else street.post(path, form)
        assert answer.status_code == 403, door.path
    street.post("/console/units", {"name": "x", "number": "420299009", "kind": "street", "csrf": token})
    assert (office.rows("select count(*) from unit"), office.rows("select count(*) from enrol_code")) == before
    assert office.rows("select count(*) from device where revoked_at is not null") == [(0,)]


def test_the_overview_says_who_has_not_synced_for_how_long_and_why(admin):
    admin.get("/console/units")
    for words in (
        "20 天没有联系",
        "两台电脑用了同一个身份",
        "5 天没有联系",
        "有 1 个接入码还没有用",
        "下级有 4 台需要处理",
    ):
        assert words in admin.text
    assert figures(admin.text)["需要处理的电脑"] == "4"


def test_a_unit_is_made_renamed_and_moved(office, admin):
    admin.get("/console/units")
    form = {"number": "420299002001", "name": " 新  社区 ", "kind": "community", "parent": str(OTHER)}
    admin.post("/console/units", form)
    assert "新 社区" in admin.text
    admin.post("/console/units/420299002001/name", {"name": "新桥社区"})
    admin.post("/console/units/420299002001/parent", {"parent": str(STREET)})
    found = office.rows("select name,kind,parent from unit where id=420299002001")
    assert found == [("新桥社区", "community", STREET)]
    acts = office.rows("select name,action,unit from console_audit order by at,action")
    assert {("admin", "建立单位", 420299002001), ("admin", "改名", 420299002001)} <= set(acts)


def test_a_unit_cannot_be_put_under_itself(office, admin):
    admin.get("/console/units")
    admin.post(f"/console/units/{DISTRICT}/parent", {"parent": str(HONGQI)})
    assert admin.last.status_code == 400
    assert office.rows("select parent from unit where id=?", DISTRICT) == [(None,)]


def test_a_code_is_shown_once_and_lets_one_desk_in(office, admin):
    import re

    from central_server import devices
    from sync_protocol.enrolment import EnrolRequest, tidy_code

    admin.get(f"/console/units/{HONGQI}")
    admin.post(f"/console/units/{HONGQI}/codes", {})
    code = tidy_code(re.search(r'class="code"[^>]*>([^<]+)<', admin.text)[1])
    assert admin.last.headers["cache-control"] == "no-store"
    admin.get(f"/console/units/{HONGQI}")
    assert code not in admin.text
    assert code[4:] not in str(office.rows("select * from console_audit"))
    with office.storage.writing() as session:
        assert devices.enrol(session, EnrolRequest(code, "cd" * 32, "三号机"), office.ms).scope == HONGQI


def test_a_device_is_revoked_only_after_a_question(office, admin):
    device = office.rows("select id from device where scope_id=? order by ordinal", HONGQI)[0][0]
    admin.get(f"/console/devices/{HONGQI}/{device}/revoke")
    assert "停用不能撤回" in admin.text
    assert office.rows("select revoked_at from device where id=?", device) == [(None,)]
    admin.post(f"/console/devices/{HONGQI}/{device}/revoke", {})
    assert "已停用" in admin.text
    assert office.rows("select revoked_at from device where id=?", device) == [(office.ms,)]


def test_what_was_set_aside_is_counted_and_its_content_is_not_shown(admin):
    admin.get("/console/quarantine")
    assert "一条记录太大" in admin.text
    assert "王大锤" not in admin.text
    assert "p9" not in admin.text


def test_users_are_added_disabled_and_given_new_passwords(office, admin):
    admin.get("/console/users")
    admin.post("/console/users", {"name": "江山", "unit": str(JIANGSHAN), "password": PASSWORD})
    guest = office.visitor("江山")
    assert "江山社区" in guest.text
    admin.post("/console/users/password", {"name": "江山", "password": "另一句好记的话就是好口令"})
    guest.get("/console/figures")
    assert "登录名" in guest.text, "a new password ends what was signed in with the old one"
    admin.get("/console/users")
    admin.post("/console/users/disable", {"name": "江山"})
    guest.post("/console/sign-in", {"name": "江山", "password": "另一句好记的话就是好口令"})
    assert guest.last.status_code == 403


def test_the_last_administrator_cannot_be_disabled(office, admin):
    admin.get("/console/users")
    admin.post("/console/users/disable", {"name": "admin"})
    assert admin.last.status_code == 400
    assert office.rows("select disabled_at from console_user where name='admin'") == [(None,)]


@pytest.mark.parametrize("weak", ["short", "1234567890", "aaaaaaaaaaaaaaaa", "x" * 201])
def test_a_weak_password_is_not_taken(admin, weak):
    admin.get("/console/users")
    admin.post("/console/users", {"name": "someone", "unit": "all", "password": weak})
    assert admin.last.status_code == 400


def test_a_password_is_kept_as_argon2id_alone(office):
    assert all(kept.startswith("$argon2id$") for (kept,) in office.rows("select password from console_user"))


def test_one_changes_ones_own_password_with_the_old_one(office, street):
    street.get("/console/password")
    new = "今天天气不错适合散步"
    street.post("/console/password", {"password": "wrong", "new": new, "again": new})
    assert street.last.status_code == 400
    street.get("/console/password")
    street.post("/console/password", {"password": PASSWORD, "new": new, "again": new})
    assert "登录名" in street.text
    street.post("/console/sign-in", {"name": "street", "password": new})
    assert "红旗街道" in street.text


def test_pages_may_load_nothing_from_elsewhere_and_run_no_scripts(admin):
    admin.get("/console/figures")
    policy = admin.last.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    assert not [word for word in ("<script", "style=", "onclick", "//cdn") if word in admin.text]


def test_names_are_shown_as_text_whatever_they_hold(office, admin):
    admin.get("/console/units")
    admin.post("/console/units", {"number": "420299003", "name": "<b>&'x", "kind": "street"})
    admin.get("/console/figures?unit=420299003")
    assert "<b>&'x" not in admin.text
    assert "&lt;b&gt;" in admin.text


@pytest.mark.parametrize("path", ["/units/x", "/units/999", "/nothing", "/devices/1/2", "/units/" + "9" * 40])
def test_what_is_not_there_is_said_in_words(admin, path):
    admin.get("/console" + path)
    assert admin.last.status_code == 404
    assert "没有" in admin.text


def test_a_form_that_is_too_big_or_no_form_is_turned_away(admin):
    admin.get("/console/units")
    admin.post("/console/units", {"name": "x" * 70_000})
    assert admin.last.status_code == 413
    admin.post("/console/units", {}, **{"content-type": "application/json"})
    assert admin.last.status_code == 415
    admin.post("/console/units", {f"f{number}": 1 for number in range(60)})
    assert admin.last.status_code == 400


def test_figures_come_as_a_workbook_and_as_a_table(admin):
    import io

    import openpyxl

    answer = admin.get(f"/console/figures.xlsx?unit={DISTRICT}&first=2026-01&last=2026-11")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["统计"]
    assert [sheet.cell(row, 1).value for row in range(4, 8)] == ["单位", "铁山区", "红旗街道", "江北街道"]
    shares = [cell for cell in sheet[5] if isinstance(cell.value, float) or cell.number_format == "0.0"]
    assert {cell.number_format for cell in shares} == {"0.0"}  # 20.0 on the page is not 20 in the workbook
    text = admin.get(f"/console/figures.csv?unit={DISTRICT}&first=2026-01&last=2026-11").content.decode("utf-8-sig")
    assert text.splitlines()[1].startswith("铁山区,24,24,8,2,4,12,")
    assert admin.last.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize("last", ["9999-12", "\uff12\uff10\uff12\uff16-01", "\u0662\u0660\u0662\u0666-01", "2026-13"])
def test_a_month_that_never_comes_is_taken_for_this_one(street, last):
    street.get(f"/console/figures.csv?{urlencode({'last': last})}")
    told = street.last.content
    street.get("/console/figures.csv")
    assert street.last.status_code == 200
    assert told == street.last.content
    assert street.get(f"/console/figures?{urlencode({'first': last, 'last': last})}").status_code == 200


def test_no_name_of_a_resident_ever_reaches_the_console(admin, office):
    for door in DOORS:
        if door.method == "GET":
            answer = admin.get("/console" + door.path.replace("{unit}", str(HONGQI)).replace("{device}", "1"))
            assert not [
                word for word in ("王小", "李四", "赵六", "13900000001", "楼道灯") if word.encode() in answer.content
            ]
    kept = str(office.rows("select * from report_fact")) + str(office.rows("select * from report_figure"))
    assert not [word for word in ("王小", "李四", "赵六", "13900000001", "楼道灯") if word in kept]


def test_a_unit_moved_in_the_console_shows_its_organisation_to_those_above_it_now(office, admin):
    with office.storage.writing() as session:
        district.Pen(session, HONGQI).put("org_node", "up1", name="党支部", level=4, line="党组织")
    admin.get(f"/console/units/{HONGQI}")
    admin.post(f"/console/units/{HONGQI}/parent", {"parent": str(OTHER)})
    assert office.rows("select 1 from record where scope_id=? and id='up1' and sync_del=0", OTHER)
    assert not office.rows("select 1 from record where scope_id=? and id='up1' and sync_del=0", STREET)
