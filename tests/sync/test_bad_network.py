"""What goes wrong on the way: nothing is lost, nothing counts twice, and a person is told what to do."""

import pytest

from desktop_app.shared.errors import AppError, CancelledError, NetworkError
from desktop_app.sync import conflicts, engine
from desktop_app.sync.client import Answer
from desktop_app.sync.status import status
from desktop_app.sync.wire import CODEC
from sync_protocol import codec, signing
from sync_protocol.digests import body_hash
from tests.sync.desks import lost
from tests.sync.mortal import Crash


def page_of_a_hotel(path, answer):
    """What a captive portal makes of every answer."""
    return Answer(200, {"content-type": "text/html"}, b"<html>please log in</html>")


def pushes(desk):
    """The bodies of the batches this desk has sent."""
    sent = [codec.split(body, 2)[1] for path, _, body in desk.line.sent if path == "/v1/sync"]
    return [push for push in sent if push]


def test_a_server_that_is_down_is_named_and_nothing_is_lost(first, second):
    person = first.add("王小明")
    first.line.before = lost
    with pytest.raises(NetworkError, match="连不上服务器"):
        first.sync()
    assert status(first.db).waiting > 0
    assert status(first.db).error is not None
    first.line.heal()
    first.sync()
    second.sync()
    assert second.person(person).name == "王小明"
    assert status(first.db).error is None


@pytest.mark.parametrize(
    "after",
    [
        page_of_a_hotel,
        lambda _path, _answer: Answer(200, {signing.HEADER_HASH: body_hash(b"")}, b""),
        lambda _path, answer: Answer(200, answer.headers, answer.body[:-1]),
        lambda _path, _answer: Answer(200, {signing.HEADER_HASH: body_hash(b"\x00" * 40)}, b"\x00" * 40),
        lambda _path, _answer: Answer(502, {"content-type": "text/html"}, b"<h1>Bad Gateway</h1>"),
        lambda _path, _answer: Answer(302, {"location": "http://login.test"}, b""),
    ],
    ids=["portal", "empty", "cut off", "zeros", "gateway", "redirect"],
)
def test_an_answer_that_is_not_our_servers_is_refused_and_nothing_is_lost(first, second, after):
    person = first.add("王小明")
    first.line.after = after
    with pytest.raises(NetworkError, match="不是邻里工作站的服务器"):
        first.sync()
    first.line.heal()
    first.sync()
    second.sync()
    assert second.person(person).name == "王小明"


def test_a_lost_answer_is_asked_for_again_with_the_same_bytes_and_the_batch_counts_once(first, second, server):
    first.sync()
    person = first.add("王小明")
    first.line.after = lost
    with pytest.raises(NetworkError):
        first.sync()
    ((head,),) = server.rows("select next_seq from scope_head")
    first.line.heal()
    first.sync()
    assert server.rows("select next_seq from scope_head") == [(head,)]
    once, again = pushes(first)[-2:]
    assert once == again
    second.sync()
    assert second.person(person).name == "王小明"


def test_an_edit_made_while_its_batch_was_on_the_way_is_kept(first, second):
    person = first.add("王小明", note="甲")
    first.sync()
    first.edit(person, note="乙")
    first.line.after = lost
    with pytest.raises(NetworkError):
        first.sync()
    first.edit(person, note="丙", phones="13900000001")
    first.line.heal()
    first.sync()
    second.sync()
    assert (second.person(person).note, second.person(person).phones) == ("丙", "13900000001")
    assert conflicts.count_open(first.db) == 0


def test_a_desk_that_dies_between_freeze_and_answer_sends_the_same_batch_after_its_restart(first, second):
    person = first.add("王小明")

    def die(*_):
        raise Crash

    first.line.before = die
    with pytest.raises(Crash):
        first.sync()
    first.reopen()
    first.line.heal()
    first.sync()
    assert len(pushes(first)) == 2
    assert pushes(first)[0] == pushes(first)[1]
    second.sync()
    assert second.person(person).name == "王小明"


def test_a_request_that_arrives_twice_counts_once(first, server):
    first.add("王小明")
    first.line.before = lambda _path, _body: (
        first.line.deliver(*first.line.sent[-1]) if len(first.line.sent) == 2 else None
    )
    first.sync()
    assert len(first.line.sent) == 3, "enrolment, the request that came twice, and once more with a higher counter"
    assert server.rows("select count(*) from record where tbl='person'") == [(1,)]


def test_a_sync_can_be_stopped_between_pages_and_goes_on_later(first, second):
    for number in range(5):
        first.add(f"居民{number}")
        first.sync()
    asked = []
    with pytest.raises(CancelledError):
        second.sync(page_rows=1, cancelled=lambda: len(asked) > 2 or asked.append(1))
    assert 0 < len(second.people()) < 5
    second.sync()
    assert len(second.people()) == 5


def test_progress_tells_what_is_done_and_what_is_left(first):
    for number in range(4):
        first.add(f"居民{number}")
    seen: list[engine.Progress] = []
    first.sync(batch_rows=1, progress=seen.append)
    assert [step.to_push for step in seen] == sorted((step.to_push for step in seen), reverse=True)
    assert seen[-1].to_push == seen[-1].to_pull == 0


def test_a_busy_server_says_when_to_come_back(first):
    body = CODEC.dumps({"code": "BUSY", "message": "服务器正忙。", "retry_after": 30})
    first.line.after = lambda _path, _answer: Answer(503, {signing.HEADER_HASH: body_hash(body)}, body)
    with pytest.raises(NetworkError, match="30 秒后"):
        first.sync()


def test_a_desk_that_was_never_enrolled_says_so(make_desk):
    desk = make_desk("三号机", enrolled=False)
    with pytest.raises(AppError, match="还没有接入服务器"):
        desk.sync()
    assert status(desk.db).words == "未接入服务器，数据只在本机"


def test_only_one_sync_runs_at_a_time(first):
    def again(*_):
        with pytest.raises(AppError, match="正在同步"):
            first.sync()

    first.line.before = again
    first.sync()
