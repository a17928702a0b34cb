"""Nobody can hold the server up: slow senders, silent ones, huge bodies, bombs, and more requests than it can do."""

import asyncio
import http.client
import socket
import threading
import time
import tracemalloc
from dataclasses import replace

import pytest

from central_server.config import Limits
from central_server.exchange import Central, Reply, Request
from central_server.shell.bodies import MIB, Bodies
from central_server.shell.desks import Shell
from sync_protocol.refusals import Refused
from tests.server import district
from tests.server.conftest import SCOPE, Speaker, Station
from tests.server.http import Answer

QUICK = Limits(head_s=1, body_grace_s=1, body_kib_per_s=1000, keep_alive_s=1, drain_s=5, lanes=1)


@pytest.fixture
def live(tmp_path):
    with district.serving(tmp_path, limits=QUICK) as running:
        yield running


def get(live, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def connected(live, sent: bytes) -> socket.socket:
    one = socket.create_connection(("127.0.0.1", live.port), timeout=10)
    one.sendall(sent)
    return one


def closed_within(one: socket.socket, seconds: float) -> bool:
    """Whether the other side ends a connection in time; what it says before does not matter."""
    one.settimeout(seconds)
    try:
        while one.recv(4096):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize("sent", [b"", b"P", b"POST /v1/sync HTTP/1.1\r\nhost: x\r\nx-a: "])
def test_a_connection_that_never_finishes_its_headers_is_closed(live, sent):
    with connected(live, sent) as one:
        assert closed_within(one, 5)


def test_headers_one_byte_at_a_time_are_no_way_to_stay(live):
    with connected(live, b"POST /v1/sync HTTP/1.1\r\n") as one:
        one.settimeout(0.2)
        started = time.monotonic()
        while time.monotonic() - started < 5:
            try:
                one.sendall(b"x")
                if one.recv(1) == b"":
                    return
            except TimeoutError:
                continue
            except ConnectionError:
                return
    pytest.fail("still connected")


def test_the_second_request_of_a_connection_has_no_more_time_than_the_first(live):
    with connected(live, b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n") as one:
        assert b"200" in one.recv(4096)
        one.sendall(b"GET /hea")
        assert closed_within(one, 5)


def test_a_body_that_does_not_come_is_given_up_with_words(live):
    with connected(live, b"POST /v1/sync HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nab") as one:
        one.settimeout(5)
        assert b"400" in one.recv(4096)


def test_headers_beyond_the_limit_are_refused(live):
    with connected(live, b"GET / HTTP/1.1\r\nhost: x\r\nx-a: " + b"a" * (20 << 10)) as one:
        assert closed_within(one, 5)


def test_other_requests_are_answered_while_slow_ones_wait(live):
    slow = [connected(live, b"POST /v1/sync HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n") for _ in range(50)]
    try:
        assert get(live, "/healthz") == (200, b'{"service":"linli-central","ok":true}')
    finally:
        for one in slow:
            one.close()


class Slow(Central):
    """A server whose requests take as long as a test wants."""

    began = threading.Event()
    go_on = threading.Event()

    def answer(self, request: Request) -> Reply:
        self.began.set()
        self.go_on.wait(10)
        return Reply(200, b"done", "text/plain")


def test_a_request_under_way_is_finished_before_the_server_stops(tmp_path):
    Slow.began.clear()
    Slow.go_on.clear()
    answers: list[tuple[int, bytes]] = []
    with district.serving(tmp_path, Slow, limits=QUICK) as live:
        ask = threading.Thread(target=lambda: answers.append(get(live, "/v1/x")))
        ask.start()
        assert Slow.began.wait(5)
        live.server.should_exit = True
        Slow.go_on.set()
        ask.join(10)
    assert answers == [(200, b"done")]


def test_whoever_waits_for_news_is_sent_home_when_the_server_stops(tmp_path):
    from central_server import history

    with district.serving(tmp_path, limits=replace(QUICK, drain_s=20)) as live:
        with live.storage.writing() as session:
            history.open_unit(session, SCOPE, "红旗桥社区", 1)
        ask = threading.Thread(target=waits_for_news, args=(live,))
        ask.start()
        while not live.server.server_state.tasks:
            ask.join(0.02)
        started = time.monotonic()
        live.server.should_exit = True
        ask.join(15)
    assert time.monotonic() - started < 10


def waits_for_news(live) -> None:
    """Asks as a desk does, over a real connection."""

    class Wire:
        def post(self, path, content, headers):
            connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=30)
            connection.request("POST", path, content, headers)
            answer = connection.getresponse()
            found = Answer(answer.status, dict(answer.getheaders()), answer.read())
            connection.close()
            return found

    station = Station.__new__(Station)
    station.storage, station.http = live.storage, Wire()
    station.clock = type("Now", (), {"ms": district.wall_clock()})
    desk = Speaker(station)
    desk.signed("/v1/wait", b'{"cur":0}')


# ------------------------------------------------------------------------------------------------------ without sockets


class Incoming:
    """A request that brings its body in parts."""

    def __init__(self, parts: list[bytes], length: int | str | None = None) -> None:
        self.headers = {} if length is None else {"content-length": str(length)}
        self._parts = parts

    async def stream(self):
        for part in self._parts:
            yield part


def read(bodies: Bodies, incoming: Incoming) -> bytes:
    with bodies.reserved() as taken:
        return asyncio.run(bodies.read(incoming, taken))


@pytest.mark.parametrize("length", [5 * MIB, 10**30, "-1", "x"])
def test_a_body_that_says_it_is_too_large_is_not_read(length):
    incoming = Incoming([b"x"], length)
    incoming.stream = lambda: pytest.fail("it was read")
    with pytest.raises(Refused, match="TOO_LARGE"):
        read(Bodies(Limits()), incoming)


def test_a_body_that_lies_about_its_size_is_cut():
    with pytest.raises(Refused, match="TOO_LARGE"):
        read(Bodies(Limits()), Incoming([bytes(MIB)] * 9, 10))


def test_all_bodies_together_stay_within_a_budget_and_give_it_back():
    bodies = Bodies(replace(Limits(), bodies_mib=5))
    with bodies.reserved() as taken:
        asyncio.run(bodies.read(Incoming([bytes(MIB)] * 3), taken))
        with pytest.raises(Refused, match="BUSY"):
            read(bodies, Incoming([bytes(MIB)] * 3))
        assert bodies.held == 3 * MIB
    assert bodies.held == 0
    assert len(read(bodies, Incoming([bytes(MIB)] * 3))) == 3 * MIB


@pytest.mark.parametrize("disk", ["sqlite"], indirect=True)
def test_a_bomb_takes_neither_memory_nor_time(desk):
    import zstandard

    bomb = zstandard.ZstdCompressor().compress(bytes(1 << 28))
    started = time.perf_counter()
    tracemalloc.start()
    try:
        assert desk.send(bomb).status_code == 400
        assert tracemalloc.get_traced_memory()[1] < 64 * MIB
    finally:
        tracemalloc.stop()
    assert time.perf_counter() - started < 5


def test_who_finds_the_server_busy_is_told_when_to_come_back_in_header_and_body():
    shell = Shell(None, QUICK)
    shell.backlog.waiting, shell.backlog.service_s = 100, 0.5
    with pytest.raises(Refused) as caught:
        asyncio.run(shell._in_turn(Request("POST", "/v1/sync", {}, b""), "desk"))
    assert caught.value.code == "BUSY"
    assert 45 <= caught.value.retry_after <= 70
    from central_server.exchange import refused
    from central_server.shell.desks import _response

    answer = _response(refused(caught.value), "r")
    assert answer.headers["retry-after"] == str(caught.value.retry_after)
