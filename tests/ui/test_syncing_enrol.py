"""Becoming a desk in the window, against a real server with and without TLS; a street has no residents; hints."""

from collections.abc import Callable

import orjson
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.demo.central import LocalServer
from desktop_app.shared.errors import NetworkError
from desktop_app.sync import state, units
from desktop_app.sync.trust import seen_fingerprint, shown_by, spelled
from sync_protocol.refusals import REFUSALS
from tests.sync.fronts import answering, authority, issue, save
from tests.ui.conftest import rest, settle
from tests.ui.test_syncing_exchange import child
from ui.main_window import MainWindow
from ui.pages.home import HomePage
from ui.pages.settings import SettingsPage
from ui.pages.syncing import SyncingPage
from ui.shell import change_hints
from ui.shell.change_hints import ChangeHints
from ui.shell.sync_hold import SyncHold

__all__ = ["child"]

SCOPE = 420299001001


@pytest.fixture
def page(town: App, window: MainWindow, qtbot: QtBot) -> SyncingPage:
    """The page of a desk that no server knows; nothing starts by itself, children can open the store."""
    window.sync._by_itself = False
    window.background.passphrase = "correct horse"
    window.desk.hold = SyncHold(window.settings, town.clock, metered=lambda: False)
    window.open_page("syncing")
    found = window.tabs.page("page:syncing")
    assert isinstance(found, SyncingPage)
    rest(found, qtbot)
    return found


def fill(page: SyncingPage, url: str, code: str = "ABCDEFGHJK") -> None:
    page.exchange.form.show_values({"server_url": url, "code": code, "name": "前台1"})


def asked_of_children(page: SyncingPage, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    asked: list[list[str]] = []
    monkeypatch.setattr(page.desk.exchanger, "run", lambda _title, arguments, **_: asked.append(arguments))
    return asked


def test_an_unknown_certificate_is_asked_about_before_anything_is_sent(page, qtbot, tmp_path, monkeypatch):
    asked = asked_of_children(page, monkeypatch)
    box = page.exchange.enrol_box
    with answering(certificate=issue(tmp_path, authority("江山市"), "server")) as url:
        fill(page, url)
        qtbot.keyClick(page.exchange.form.input("name"), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(box.certificate.isVisible, timeout=10_000)
        seen = seen_fingerprint(url)
        assert box.certificate.fingerprint.text().replace("\n", "") == spelled(seen)
        assert "逐字核对" in box.certificate.words.text()
        assert asked == []
        qtbot.keyClick(box.certificate.no, Qt.Key.Key_Space)
        assert asked == []
        assert "什么也没有发出" in page.exchange.notice.words
        box.enrol()
        qtbot.waitUntil(box.certificate.isVisible, timeout=10_000)
        qtbot.keyClick(box.certificate.yes, Qt.Key.Key_Space)
    assert asked == [["enrol", url, "ABCDEFGHJK", "--fingerprint", seen, "--name", "前台1"]]


def test_a_code_with_letters_that_no_code_has_is_told_before_anybody_has_to_compare_a_certificate(page, monkeypatch):
    asked = asked_of_children(page, monkeypatch)
    for typed, words in (("WRONGCODE1", "没有“1、O”"), ("ABC", "现在是 3 位")):
        fill(page, "https://127.0.0.1:1", typed)
        page.exchange.enrol_box.enrol()
        assert words in page.exchange.form.fault("code")
        assert page.exchange.enrol_box.button.isEnabled(), "no server was asked"
    assert asked == []


def fails_with(page: SyncingPage, qtbot: QtBot, url: str, words: str, kind: str = "NetworkError") -> None:
    """A desk that was let in once, and how its last exchange ended."""
    with page.desk.app.db.applying("准备") as tx:
        tx.execute("UPDATE sync_state SET device=1,scope=7,server_url=?,last_ok_at=1,last_error=?", (url, words))
        tx.execute("INSERT INTO sync_log(at,kind,text,pushed,pulled,ms) VALUES(2,?,'',0,0,9)", (kind,))
    page.refresh(frozenset())
    rest(page, qtbot)


def test_a_new_certificate_of_the_server_is_compared_in_the_window_and_counts_from_then_on(
    page, qtbot, tmp_path, monkeypatch
):
    asked = asked_of_children(page, monkeypatch)
    with answering(certificate=issue(tmp_path, authority("江山市"), "server")) as url:
        fails_with(page, qtbot, url, "服务器出示的证书不是接入时约定的那一张，可能有人冒充服务器，没有上报。")
        assert page.exchange.state.text() == "同步没有成功，资料都在本机"
        card, action = page.exchange.certificate, page.exchange.notice._action
        assert action.text() == "核对证书…"
        for answer, said in ((card.no, []), (card.yes, [["trust", "--fingerprint", seen_fingerprint(url)]])):
            page.exchange.compare()
            qtbot.waitUntil(card.isVisible, timeout=10_000)
            assert card.fingerprint.text().replace("\n", "") == spelled(seen_fingerprint(url))
            qtbot.keyClick(answer, Qt.Key.Key_Space)
            assert asked == said
            assert not card.isVisible()
    page.exchange.compare()
    qtbot.waitUntil(lambda: "看不到它的证书" in page.exchange.notice.words, timeout=10_000)


def test_an_exchange_that_begins_by_itself_leaves_the_question_about_the_certificate_standing(
    page, qtbot, tmp_path, child, monkeypatch
):
    """Whoever is comparing on the telephone must not find it gone, nor an answer that came to nothing."""
    with answering(certificate=issue(tmp_path, authority("江山市"), "server")) as url:
        fails_with(page, qtbot, url, "服务器出示的证书不是接入时约定的那一张。")
        page.exchange.compare()
        card = page.exchange.certificate
        qtbot.waitUntil(card.isVisible, timeout=10_000)
    child("time.sleep(60)")
    job = page.desk.exchanger.sync(quietly=True)
    qtbot.keyClick(card.yes, Qt.Key.Key_Space)
    assert card.isVisible()
    with qtbot.waitSignal(page.desk.exchanger.over, timeout=10_000):
        job.cancel()
    asked = asked_of_children(page, monkeypatch)
    qtbot.keyClick(card.yes, Qt.Key.Key_Space)
    assert [one[0] for one in asked] == ["trust"]


def test_a_desk_that_was_shut_out_finds_the_form_for_a_new_code_beside_the_words(page, qtbot, monkeypatch):
    page.exchange.enrol_box.hide()
    fails_with(page, qtbot, "https://sync.example", REFUSALS["REVOKED"].message, "REVOKED")
    action = page.exchange.notice._action
    assert action.text() == "重新接入…"
    monkeypatch.setattr(page.exchange, "tr", lambda words: words.replace("接入", "in English "))
    assert page.exchange._remedy(REFUSALS["REVOKED"].message)[1] == page.exchange._show_enrol
    assert page.exchange.enrol_box.isHidden()
    qtbot.keyClick(action, Qt.Key.Key_Space)
    assert page.exchange.enrol_box.isVisible()
    assert page.exchange.form.value("server_url") == "https://sync.example"
    qtbot.keyClick(page.exchange.change_button, Qt.Key.Key_Space)
    assert page.exchange.enrol_box.isHidden(), "the same button puts it away"


def test_what_the_form_says_is_not_said_over_the_window_too(page, qtbot, window):
    fill(page, "http://192.0.2.1:8750")
    page.exchange.enrol_box.enrol()
    qtbot.waitUntil(lambda: "没有加密" in page.exchange.form.fault("server_url"), timeout=20_000)
    qtbot.waitUntil(lambda: page.desk.exchanger.job is None, timeout=10_000)
    rest(page, qtbot)
    assert not window.notice.isVisible()


def test_with_the_file_of_the_citys_authority_nothing_is_asked(page, qtbot, tmp_path, monkeypatch):
    asked = asked_of_children(page, monkeypatch)
    box, path = page.exchange.enrol_box, save(tmp_path, authority("江山市"), "ca")
    (tmp_path / "no.pem").write_text("no certificate")
    box.take_ca(tmp_path / "no.pem")
    assert "不是可用的证书文件" in page.exchange.notice.words
    box.take_ca(path)
    assert "ca.crt" in box.ca_words.text()
    fill(page, "https://sync.example")
    box.enrol()
    assert asked == [["enrol", "https://sync.example", "ABCDEFGHJK", "--ca", str(path), "--name", "前台1"]]


def test_nothing_is_asked_where_there_is_no_encryption_or_no_answer():
    assert shown_by("http://sync.example").fault == ""
    assert shown_by("https://127.0.0.1:1").fault == ""


def test_an_address_without_encryption_is_refused_with_the_reason_at_its_field(page, qtbot):
    fill(page, "http://192.0.2.1:8750")
    page.exchange.enrol_box.enrol()
    qtbot.waitUntil(lambda: "没有加密" in page.exchange.form.fault("server_url"), timeout=20_000)
    qtbot.waitUntil(lambda: page.desk.exchanger.job is None, timeout=10_000)
    rest(page, qtbot)
    assert not state.read(page.desk.app.db).enrolled


def enrol_for_real(page: SyncingPage, qtbot: QtBot, server: LocalServer, unit: int, name: str) -> None:
    fill(page, server.url, server.enrol_code(str(unit), name))
    page.exchange.enrol_box.enrol()
    qtbot.waitUntil(lambda: state.read(page.desk.app.db).last_ok_at is not None, timeout=60_000)
    qtbot.waitUntil(lambda: page.desk.exchanger.job is None, timeout=20_000)
    rest(page, qtbot)


def test_a_desk_enrols_with_a_real_server_and_everything_goes_up(page, town, qtbot, tmp_path):
    server = LocalServer(tmp_path / "server")
    steps: list[int] = []
    page.desk.exchanger.began.connect(lambda job: job.progressed.connect(lambda done, *_: steps.append(done)))
    with server.running():
        enrol_for_real(page, qtbot, server, SCOPE, "和平社区")
    assert page.exchange.detail.text().startswith("上次连上了服务器")
    assert town.db.scalar("SELECT count(*) FROM person WHERE sync_seq=0") == 0
    assert max(steps) > 0
    assert page.exchange.enrol_box.isHidden()


# --------------------------------------------------------------------------------------------------------- a street


def test_a_desk_of_a_street_has_no_places_and_no_keys_for_residents(page, town, window, qtbot):
    shown = lambda: {key for key, made in window.navigation._buttons.items() if not made.isHidden()}  # noqa: E731
    assert {"residents", "buildings", "importing"} <= shown()
    with town.db.applying("准备") as tx:
        tx.set_setting(units.TOLD, orjson.dumps({"unit": [420299001, "红旗街道", "street"], "at": 1}).decode())
    window.desk.exchanger.over.emit()
    qtbot.waitUntil(lambda: not window.desk.keeps_residents, timeout=5000)
    assert shown().isdisjoint({"residents", "buildings", "importing"})
    assert {"home", "organisation", "meetings", "printing", "syncing", "settings"} <= shown()
    assert "居民" not in {command.text for command in window.everywhere.commands()}
    window.open_page("home")
    home = window.tabs.page("page:home")
    assert isinstance(home, HomePage)
    home.refresh(frozenset())
    rest(home, qtbot)
    assert not home._new.isVisible()
    assert not home._first_steps.isVisible()
    assert home.commands() == ()
    assert home.first_focus().isVisible()


# ------------------------------------------------------------------------------------------------------------ hints


@pytest.fixture
def hints(town: App, window: MainWindow, monkeypatch) -> Callable[[object], ChangeHints]:
    def make(answer: object) -> ChangeHints:
        def wait(*_, **__):
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr(change_hints, "wait_for_change", wait)
        return ChangeHints(town, window)

    return make


def test_news_are_told_once_and_a_quiet_round_begins_the_next(hints, qtbot):
    for answer, signal in ((True, "hinted"), (False, "rested")):
        made = hints(answer)
        with qtbot.waitSignal(getattr(made, signal), timeout=5000):
            made.listen()
            made.listen()
        assert not made.is_listening
        made.close()


def test_a_failure_and_what_comes_after_stopping_say_nothing(hints, qtbot):
    heard: list[str] = []
    for answer in (NetworkError("连不上。"), True):
        made = hints(answer)
        made.hinted.connect(lambda: heard.append("hinted"))
        made.rested.connect(lambda: heard.append("rested"))
        made.listen()
        if answer is True:
            made.stop()
        qtbot.waitUntil(lambda made=made: not made.is_listening, timeout=5000)
        made.close()
    assert heard == []


def test_a_hint_starts_an_exchange_within_a_few_seconds(page, town, window, qtbot, monkeypatch):
    now = town.clock.ms()
    with town.db.applying("准备") as tx:
        state.save(tx, device=1, scope=SCOPE, server_url="https://sync.example", last_ok_at=now)
        tx.execute("INSERT INTO sync_log(at,kind,text,pushed,pulled,ms) VALUES(?,'ok','',0,0,9)", (now - 20_000,))
    begun: list[bool] = []
    monkeypatch.setattr(window.desk.exchanger, "sync", lambda *, quietly=False: begun.append(quietly))
    monkeypatch.setattr(window.sync.hints, "listen", lambda: None)
    window.sync._by_itself = True
    window.sync.ask()
    settle(qtbot, window.background)
    assert begun == []
    window.sync.hints.hinted.emit()
    town.clock.move(seconds=4)
    qtbot.waitUntil(lambda: begun == [True], timeout=10_000)
    window.sync._by_itself = False


# --------------------------------------------------------------------------------------------------------- settings


def test_settings_switch_automatic_sync_and_say_what_attachments_may_take(page, town, window, qtbot):
    window.open_page("settings")
    found = window.tabs.page("page:settings")
    assert isinstance(found, SettingsPage)
    rest(found, qtbot)
    card = found.sync
    assert card.automatic.isChecked()
    qtbot.keyClick(card.automatic, Qt.Key.Key_Space)
    assert window.desk.hold.words == "自动同步已关"
    qtbot.keyClick(card.automatic, Qt.Key.Key_Space)
    assert window.desk.hold.words == ""
    assert card.form.values() == {"fetch": "recent", "rate": "1024"}
    card.form.input("rate").choose("256")
    card.form.input("fetch").choose("asked")
    card.form.settled.emit("fetch")
    settle(qtbot, window.background)
    assert (town.db.setting("attachments_kib_s"), town.db.setting("attachments_fetch")) == ("256", "asked")
    assert card.key_button.isHidden()


def test_a_new_key_is_asked_for_with_an_exchange(page, town, window, qtbot, monkeypatch):
    with town.db.applying("准备") as tx:
        state.save(tx, device=1, scope=SCOPE, server_url="https://sync.example")
    asked = asked_of_children(page, monkeypatch)
    window.open_page("settings")
    found = window.tabs.page("page:settings")
    rest(found, qtbot)
    qtbot.waitUntil(lambda: not found.sync.key_button.isHidden(), timeout=5000)
    qtbot.keyClick(found.sync.key_button, Qt.Key.Key_Space)
    assert asked == [["sync", "--new-key"]]
