"""The console in a real Chromium: what an administrator does, and that every page is whole, light, dark and narrow."""

import re
import shutil
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from central_server import devices
from central_server.console import accounts
from desktop_app import app as desktop
from desktop_app.app import Beginning
from desktop_app.residents.model import Person
from desktop_app.shared.clock import Clock
from desktop_app.sync import bundle as sticks
from desktop_app.sync import enrol, starter
from tests.server import district
from tests.server.district import HONGQI, PASSWORD, STREET, Live

GONE = 410
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
PAGES = (
    "/units",
    "/attention",
    "/units?q=%E7%A4%BE%E5%8C%BA",
    f"/units/{HONGQI}",
    "/figures",
    "/sticks",
    "/quarantine",
    "/users",
    "/audit",
    "/password",
)


@pytest.fixture(scope="module")
def live(tmp_path_factory) -> Iterator[Live]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "ARGON2", district.CHEAP)
        with district.serving(tmp_path_factory.mktemp("central")) as running:
            district.furnish(running.storage, district.wall_clock())
            yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, live: Live) -> Iterator[Page]:
    """A window in which anything that goes wrong, or goes elsewhere, is a failure of the test."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
    opened, wrong = context.new_page(), []
    opened.on("request", lambda request: None if request.url.startswith(live.url) else wrong.append(request.url))
    opened.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    yield opened
    context.close()
    assert not wrong


def sign_in(page: Page, live: Live, name: str = "admin") -> None:
    page.goto(f"{live.url}/console/")
    page.get_by_label("登录名").fill(name)
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def test_an_administrator_makes_a_unit_and_a_code_for_it(page, live):
    sign_in(page, live)
    page.get_by_label("编号").fill("420299001009")
    page.get_by_label("名称").fill("新桥社区")
    page.get_by_label("上级").select_option(str(STREET))
    page.get_by_role("button", name="建立").click()
    assert page.get_by_role("heading", level=1).inner_text() == "新桥社区"
    page.get_by_role("button", name="为一台新电脑发接入码").click()
    code = page.get_by_label("接入码").inner_text()
    assert re.fullmatch(r"[A-Z2-9]{5}-[A-Z2-9]{5}", code)
    page.get_by_role("link", name="回到 新桥社区").click()
    assert f"{code[:4]}…" in page.get_by_role("main").inner_text()


def test_a_double_click_and_a_reload_make_one_code(page, live):
    sign_in(page, live)
    page.goto(f"{live.url}/console/units/{HONGQI}")
    before = page.get_by_role("main").inner_text().count("…（")
    page.get_by_role("button", name="为一台新电脑发接入码").dblclick()
    code = page.get_by_label("接入码").inner_text()
    assert code.replace("-", "") not in page.url
    again = page.request.get(page.url)
    assert again.status == GONE
    assert code not in again.text()
    page.goto(f"{live.url}/console/units/{HONGQI}")
    assert page.get_by_role("main").inner_text().count("…（") == before + 1


def test_a_device_is_shut_out_after_a_question(page, live):
    with live.storage.writing() as session:
        district.enrol(session, STREET, "旧电脑", district.wall_clock())
    sign_in(page, live)
    page.goto(f"{live.url}/console/units/{STREET}")
    page.get_by_role("link", name="旧电脑").click()
    page.get_by_role("link", name="停用这台电脑…").click()
    page.get_by_role("button", name="停用").click()
    assert "已停用" in page.get_by_role("main").inner_text()


def test_what_a_desk_exported_is_handed_in_and_the_answer_taken_home(page, live, tmp_path):
    """A real desk, a real stick, a real browser: what it wrote is at the server, and it knows so."""
    with live.storage.writing() as session:
        code = devices.make_code(session, STREET, district.wall_clock())
    beginning = Beginning("红旗街道", f"{STREET}000", "李四")
    with closing(desktop.create(tmp_path / "desk", beginning)) as app:
        enrol.enrol(app.db, app.secrets, server_url=live.url, code=code, name="没有网的电脑")
        with app.db.transaction(app.actor, "登记居民") as tx:
            person = tx.add(Person(name="王小明")).id
        sticks.export(app.db, app.secrets, tmp_path / "上报.linli")
        sign_in(page, live)
        page.get_by_role("link", name="U盘交换").click()
        page.get_by_label("电脑导出的文件").set_input_files(tmp_path / "上报.linli")
        page.get_by_role("button", name="接收").click()
        assert "没有网的电脑 导出的文件已接收" in page.get_by_role("main").inner_text()
        with page.expect_download() as waiting:
            page.get_by_role("link", name="下载带回去的文件").click()
        assert waiting.value.suggested_filename.endswith(".linli")
        waiting.value.save_as(tmp_path / "带回去.linli")
        report = sticks.import_(app.db, app.secrets, tmp_path / "带回去.linli")
        assert report.pushed > 0
        assert report.problems == []
    with live.storage.reading() as session:
        assert session.row("select 1 from record where scope_id=? and id=?", STREET, person)


def test_a_desk_without_a_network_is_set_up_from_a_file(page, live, tmp_path):
    sign_in(page, live)
    page.goto(f"{live.url}/console/units/{STREET}")
    page.get_by_label("没有网络的新电脑，名称").fill("三号机")
    page.get_by_role("button", name="写启动文件").click()
    passcode = page.get_by_label("口令").inner_text()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载启动文件").click()
    waiting.value.save_as(tmp_path / "启动.linli")
    opened = starter.read(tmp_path / "启动.linli", passcode, Clock())
    assert (opened.identity.scope, opened.identity.name) == (STREET, "三号机")


def test_a_viewer_finds_the_figures_alone(page, live):
    sign_in(page, live, "street")
    assert page.get_by_role("navigation", name="页面").inner_text().split() == ["统计"]
    assert page.get_by_role("heading", level=1).inner_text().startswith("红旗街道")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Excel").click()
    assert downloading.value.suggested_filename.endswith(".xlsx")


def test_every_chart_has_its_numbers_in_a_table_beside_it(page, live):
    sign_in(page, live)
    page.goto(f"{live.url}/console/figures")
    charts = page.get_by_role("img").all()
    assert len(charts) == 3
    for chart in charts:
        assert chart.get_attribute("aria-label")
        assert chart.bounding_box()["height"] > 30
    assert page.locator(".split table").count() == 3
    assert page.locator(".chart rect.c1").first.evaluate("one => getComputedStyle(one).fill") == "rgb(27, 115, 64)"


def test_everything_can_be_reached_and_sent_by_the_keyboard(page, live):
    page.goto(f"{live.url}/console/")
    page.wait_for_function("document.activeElement.tagName === 'INPUT'")  # the cursor is there by itself
    page.keyboard.type("admin")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/units")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_runs_out_of_the_window_and_every_word_can_be_read(page, live, width, scheme):
    sign_in(page, live)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    for path in PAGES:
        page.goto(f"{live.url}/console{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        pale = page.evaluate(CONTRAST)
        assert not pale, (path, pale)


CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d");
  const rgb = colour => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = one => {
    for (let at = one; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return rgb("white");
  };
  const pale = [];
  for (const one of document.querySelectorAll("main *, header *")) {
    const words = [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    if (!words || one.closest("svg") || one.tagName === "OPTION" || !one.offsetParent) continue;
    const [a, b] = [light(rgb(getComputedStyle(one).color)), light(ground(one))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) pale.push(one.outerHTML.slice(0, 80));
  }
  return pale;
}"""
"""WCAG 2.1, 1.4.3: letters against what is behind them, at least 4.5 to 1."""


def test_on_paper_there_is_no_navigation_and_nothing_to_click(page, live):
    sign_in(page, live)
    page.goto(f"{live.url}/console/figures")
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation").is_visible()
    assert not page.get_by_role("button").first.is_visible()
    assert page.locator("h1").is_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
