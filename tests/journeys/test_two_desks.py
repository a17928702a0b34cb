"""Two desks and a real server: offline work is kept, both desks come to agree, and a bad server loses nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_app.app import App, Beginning, create
from desktop_app.demo import demo_beginning, make_demo_community
from desktop_app.demo.comparing import compare
from desktop_app.places import actions as places
from desktop_app.residents import actions as residents
from desktop_app.residents.model import Person
from desktop_app.residents.queries import find
from desktop_app.shared.clock import FixedClock
from desktop_app.shared.errors import AppError, NetworkError
from desktop_app.sync import conflicts
from desktop_app.sync.diary import SyncReport
from desktop_app.sync.engine import sync_now
from desktop_app.sync.enrol import enrol
from desktop_app.sync.status import status
from tests.conftest import NOON
from tests.journeys.world import Server, Stranger


def sync(*desks: App) -> SyncReport:
    """Every desk in turn, twice, so that the first hears of what the last had; the last report."""
    reports = [sync_now(desk.db, desk.secrets) for desk in (*desks, *desks)]
    return reports[-1]


def register(desk: App, name: str, **fields: str) -> str:
    return residents.register(desk.db, desk.actor, Person(name=name, **fields)).id


def correct(desk: App, person: str, **changes: str) -> None:
    residents.correct(desk.db, desk.actor, person, changes)


def person(desk: App, key: str) -> Person:
    found = desk.db.get(Person, key)
    assert found is not None
    return found


@pytest.fixture
def known(one: App, two: App) -> str:
    """A resident both desks have."""
    key = register(one, "解红梅", phones="13500001204")
    sync(one, two)
    return key


def test_what_one_desk_recorded_is_found_at_the_other_by_initials(one: App, two: App, known: str) -> None:
    assert [hit.id for hit in find(two.db, "xhm", 5)] == [known]
    assert compare(one.db, two.db).equal


def test_edits_of_different_fields_made_offline_are_both_kept(one: App, two: App, known: str, server: Server) -> None:
    server.stop()
    correct(one, known, phones="13500000881")
    correct(two, known, occupation="退休教师")
    server.start()
    sync(one, two)
    for desk in (one, two):
        assert (person(desk, known).phones, person(desk, known).occupation) == ("13500000881", "退休教师")
        assert conflicts.count_open(desk.db) == 0
    assert compare(one.db, two.db).equal


@pytest.mark.parametrize("later_first", [True, False])
def test_of_two_values_for_one_field_the_newest_wins_on_both_and_the_other_is_kept_and_shown(
    one: App, two: App, known: str, server: Server, later_first: bool
) -> None:
    server.stop()
    two.clock.move(minutes=5)
    correct(one, known, phones="13500000882")
    correct(two, known, phones="13500000883")
    server.start()
    sync(*((two, one) if later_first else (one, two)))
    for desk in (one, two):
        assert person(desk, known).phones == "13500000883"
        (clash,) = conflicts.open_conflicts(desk.db, "person", known)
        assert (clash.record_name, clash.field_zh) == ("解红梅", "联系电话")
        assert (clash.shown.value, clash.shown.by) == ("13500000883", "任海燕")
        assert (clash.other.value, clash.other.by) == ("13500000882", "李静")
        assert "待确认 1" in status(desk.db).words
    assert compare(one.db, two.db).equal


def test_a_conflict_settled_at_one_desk_is_settled_at_the_other(one: App, two: App, known: str) -> None:
    two.clock.move(minutes=5)
    correct(one, known, phones="13500000882")
    correct(two, known, phones="13500000883")
    sync(one, two)
    (clash,) = conflicts.open_conflicts(two.db)
    conflicts.swap(two.db, two.actor, clash.id)
    sync(two, one)
    for desk in (one, two):
        assert person(desk, known).phones == "13500000882"
        assert conflicts.open_conflicts(desk.db) == []
    with pytest.raises(AppError, match="已经有人处理过"):
        conflicts.keep(one.db, one.actor, clash.id)


def test_a_server_that_is_down_is_told_in_words_and_nothing_is_lost(
    one: App, two: App, known: str, server: Server
) -> None:
    server.stop()
    new = register(one, "曾德福")
    waiting = status(one.db).waiting
    with pytest.raises(NetworkError, match=r"连不上服务器。本机的数据都在，没有丢失") as caught:
        sync(one)
    assert "照常登记" in str(caught.value.next_step)
    now = status(one.db)
    assert (now.waiting, now.words.split(" · ")[0]) == (waiting, "同步失败")
    server.start()
    sync(one, two)
    assert person(two, new).name == "曾德福"
    assert status(one.db).error is None
    assert compare(one.db, two.db).equal


HTML = {"content-type": "text/html", "content-length": "12"}


@pytest.mark.parametrize(
    ("http_status", "headers", "body"),
    [
        (200, HTML, b"<html></html"),
        (200, {"content-length": "0"}, b""),
        (200, {"content-length": "4"}, b"\xff\xfe\x00\x01"),
        (200, {"content-length": "900"}, b"cut off"),
        (302, {"location": "http://127.0.0.1:1/login", "content-length": "0"}, b""),
        (500, HTML, b"<html></html"),
        (404, {"content-length": "2"}, b"{}"),
    ],
    ids=["a page", "nothing", "noise", "cut off", "redirect", "error page", "json of somebody else"],
)
def test_a_server_that_answers_garbage_is_not_believed_and_nothing_is_lost(
    one: App, known: str, http_status: int, headers: dict[str, str], body: bytes, strange: Callable[..., str]
) -> None:
    register(one, "曾德福")
    before = one.db.rows("SELECT * FROM person ORDER BY local_no")
    waiting = status(one.db).waiting
    with one.db.applying() as tx:
        tx.execute("UPDATE sync_state SET server_url=?", (strange((http_status, headers, body)),))
    with pytest.raises(NetworkError, match="没有丢失"):
        sync(one)
    assert one.db.rows("SELECT * FROM person ORDER BY local_no") == before
    assert status(one.db).waiting == waiting


@pytest.fixture
def strange() -> Iterator[Callable[..., str]]:
    made: list[Stranger] = []

    def start(answer: tuple[int, dict[str, str], bytes]) -> str:
        made.append(Stranger(answer))
        return made[-1].url

    yield start
    for stranger in made:
        stranger.stop()


@pytest.mark.parametrize("typed", ["ABCDEFGHJK", "太短", ""])
def test_a_wrong_code_is_refused_at_its_field_and_the_desk_stays_as_it_is(
    make_desk: Callable[..., App], server: Server, typed: str
) -> None:
    desk = make_desk("王芳", enrolled=False)
    with pytest.raises(AppError) as caught:
        enrol(desk.db, desk.secrets, server_url=server.url, code=typed, name="前台")
    assert caught.value.field == "code"
    assert not status(desk.db).enrolled


def test_a_code_is_good_for_one_desk_only(make_desk: Callable[..., App], server: Server) -> None:
    code = server.code()
    first, second = make_desk("王芳", enrolled=False), make_desk("李明", enrolled=False)
    enrol(first.db, first.secrets, server_url=server.url, code=code, name="前台1")
    with pytest.raises(AppError):
        enrol(second.db, second.secrets, server_url=server.url, code=code, name="前台2")
    assert not status(second.db).enrolled


@pytest.mark.parametrize("hours", [-1, 1], ids=["made earlier", "made later"])
def test_a_desk_that_joins_does_not_blank_what_the_community_has_filled_in(
    make_desk: Callable[..., App], hours: int
) -> None:
    """Both desks made the record of their community themselves; the one knows more than the other."""
    one, two = make_desk("李静"), make_desk("任海燕", hours=hours)
    places.change_area(one.db, one.actor, one.community.id, phone="027-0000-6618", address="红旗桥路18号")
    sync(one, two)
    for desk in (one, two):
        assert (desk.community.phone, desk.community.address) == ("027-0000-6618", "红旗桥路18号")
        assert conflicts.count_open(desk.db) == 0
    assert compare(one.db, two.db).equal


def test_a_whole_community_arrives_at_the_second_desk_field_by_field(
    tmp_path: Path, make_desk: Callable[..., App], server: Server
) -> None:
    two = make_desk("任海燕")
    with create(tmp_path / "filled", demo_beginning(), clock=FixedClock(NOON)) as one:
        make_demo_community(one, elsewhere={"任海燕"})
        enrol(one.db, one.secrets, server_url=server.url, code=server.code(), name="一号机")
        sync(one, two)
        found = compare(one.db, two.db)
        assert found.differences == ()
        assert found.records > 2500
        assert conflicts.count_open(two.db) == 0


def test_a_code_of_another_community_is_refused_and_nothing_leaves_the_desk(tmp_path: Path, server: Server) -> None:
    """Residents of one community never end up in the mailbox of another."""
    with create(tmp_path / "别处", Beginning("桥东社区", "420299001002", "王芳"), clock=FixedClock(NOON)) as stranger:
        with pytest.raises(AppError, match="另一个社区"):
            enrol(stranger.db, stranger.secrets, server_url=server.url, code=server.code(), name="前台")
        assert not status(stranger.db).enrolled
