"""Over real sockets: the real client against the real server, and against everything a desk meets instead of it."""

import asyncio
import datetime as dt
import http.client
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import urllib3
import uvicorn

from central_server.app import make_app
from central_server.shell.connections import Together
from desktop_app.shared.clock import FixedClock
from desktop_app.shared.errors import AppError, NetworkError
from desktop_app.sync import engine, enrol, state, waiting
from desktop_app.sync.client import Client, HttpTransport, tidy_url
from desktop_app.sync.status import status
from desktop_app.sync.trust import Trust
from tests.sync.desks import Desk, Server
from tests.sync.fronts import Front, answering, authority, issue


@contextmanager
def serving(server: Server) -> Iterator[str]:
    """The server behind a real port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(make_app(server.central), lifespan="off", ws="none", log_config=None, access_log=False)
        running = uvicorn.Server(config)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:  # a test that fails must not leave a server behind, for which the whole run would wait
            running.should_exit = True
            thread.join()


class Hotel(Front):
    """Answers everything with a page to log in at."""

    words = b"<html>please log in</html>"


def test_two_desks_meet_over_http(make_desk, server):
    with serving(server) as url:
        desks: list[Desk] = [make_desk(name, enrolled=False) for name in ("一号机", "二号机")]
        for desk in desks:
            enrol.enrol(desk.db, desk.app.secrets, server_url=url, code=server.code(), name=desk.home.name)
        person = desks[0].add("王小明")
        for desk in desks:
            engine.sync_now(desk.db, desk.app.secrets)
        assert desks[1].person(person).name == "王小明"
        assert status(desks[1].db).words == "上次同步 11-22 12:00"


def test_a_desk_that_waits_hears_of_what_another_has_pushed(first, second, server):
    first.sync()
    with serving(server) as url:
        with first.db.applying() as tx:
            state.save(tx, server_url=url)
        second.add("王小明")
        second.sync()
        assert waiting.wait_for_change(first.db, first.app.secrets, 600)
        engine.sync_now(first.db, first.app.secrets)
        assert first.people()
    assert state.read(first.db).cur == state.read(second.db).cur


def test_a_long_sync_works_beside_its_waiting_and_leaves_no_thread_behind(first, second, server):
    settle = {"batch_rows": 3, "page_rows": 3}
    for desk in (first, second):
        desk.sync()
    with serving(server) as url:
        for desk in (first, second):
            with desk.db.applying() as tx:
                state.save(tx, server_url=url)
        for number in range(11):
            first.add("王小明", note=str(number))
        pushed = engine.sync_now(first.db, first.app.secrets, **settle)
        pulled = engine.sync_now(second.db, second.app.secrets, **settle)
        assert (pushed.pushed, pushed.requests, pulled.pulled) == (11, 4, 11)
        assert not [thread for thread in threading.enumerate() if thread.name.startswith(("ahead", "beside"))]
    assert second.people() == first.people()
    assert state.read(second.db).digest == state.read(first.db).digest


def test_a_port_where_nobody_listens_is_a_server_out_of_reach():
    with socket.socket() as taken:  # and nobody else will: it is bound as long as the test lasts
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(NetworkError, match=r"连不上服务器.*没有丢失"):
            HttpTransport(f"http://127.0.0.1:{taken.getsockname()[1]}").post("/v1/hello", {}, b"{}")


@contextmanager
def closing_after(*answers: int) -> Iterator[tuple[str, list[bytes]]]:
    """Answers so many requests on each connection, hears one more and closes; what was heard."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            for count in answers:
                connection, _ = listening.accept()
                with connection:
                    for number in range(count + 1):
                        request = b""
                        while not request.endswith(b"{}"):
                            request += connection.recv(65_536)
                        heard.append(request)
                        if number < count:
                            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")

        thread = threading.Thread(target=serve, daemon=True)  # without a caller it would wait for ever
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", heard
        thread.join()


def test_a_kept_connection_that_the_server_has_closed_is_opened_anew_once_under_another_counter():
    """The request may have arrived: said again under the same counter it would be refused, and sent a third time."""
    with closing_after(1, 1, 0) as (url, heard):
        speaker = Client(HttpTransport(url), 1, 2, bytes(32))
        for _ in range(2):
            with pytest.raises(NetworkError, match="不是邻里工作站"):
                speaker.hello()
        with pytest.raises(NetworkError, match="连不上服务器"):
            speaker.hello()
    counters = [re.search(rb"x-linli-counter: (\d+)", one, re.IGNORECASE).group(1) for one in heard]
    assert counters == [b"1", b"2", b"3", b"4", b"5"]


def test_a_new_connection_that_is_closed_without_an_answer_is_not_tried_again_at_once():
    with closing_after(0) as (url, heard), pytest.raises(NetworkError, match="连不上服务器"):
        HttpTransport(url).post("/v1/hello", {}, b"{}")
    assert len(heard) == 1


def test_a_small_request_goes_out_in_one_piece_and_a_long_one_is_not_copied(monkeypatch):
    sent: list[bytes] = []
    plainly = http.client.HTTPConnection.send
    monkeypatch.setattr(
        http.client.HTTPConnection, "send", lambda self, data: (sent.append(bytes(data)), plainly(self, data))[1]
    )
    with answering(Hotel) as url:
        for body in (b"{}", b"x" * 100_000):
            HttpTransport(url).post("/v1/hello", {}, body)
    small, head, *body = sent
    assert small.startswith(b"POST /v1/hello ")
    assert small.endswith(b"\r\n\r\n{}")
    assert head.endswith(b"\r\n\r\n")
    assert b"".join(body) == b"x" * 100_000


def test_a_way_is_kept_for_one_server_and_one_trust_alone():
    way = HttpTransport.trusting("https://sync.example.cn", Trust())
    assert HttpTransport.trusting("https://sync.example.cn", Trust()) is way
    pinned = HttpTransport.trusting("https://sync.example.cn", Trust(fingerprint="00" * 32))
    assert pinned is not way
    assert pinned.trust.pinned
    assert pinned._pool is not way._pool
    assert HttpTransport.trusting("https://other.example.cn", Trust()) is not way


def test_what_the_server_writes_in_one_turn_leaves_in_one_piece():
    class Wire:
        def __init__(self):
            self.parts, self.closed = [], False

        def write(self, data):
            self.parts.append(data)

        def is_closing(self):
            return self.closed

        def close(self):
            self.closed = True

    async def talk(wire):
        way = Together(wire, asyncio.get_running_loop())
        way.write(b"head")
        way.write(b"body")
        assert wire.parts == []
        await asyncio.sleep(0)
        assert wire.parts == [b"headbody"]
        way.write(b"last words")
        way.close()
        assert wire.parts[1:] == [b"last words"]
        assert wire.closed

    asyncio.run(talk(Wire()))


def test_a_page_to_log_in_at_is_not_taken_for_the_server(make_desk, server):
    desk = make_desk("一号机", enrolled=False)
    with answering(Hotel) as url, pytest.raises(NetworkError, match="上网认证"):
        enrol.enrol(desk.db, desk.app.secrets, server_url=url, code=server.code(), name="x")
    assert not desk.state().enrolled


def test_a_certificate_nobody_vouches_for_is_refused(tmp_path):
    nobody = issue(tmp_path, authority("没有人认识的"), "server")
    with answering(Hotel, nobody) as url, pytest.raises(NetworkError, match="证书不受信任"):
        HttpTransport(url).post("/v1/hello", {}, b"{}")


def test_a_server_that_never_answers_is_given_up(server):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=60, read=0.05))
        with pytest.raises(NetworkError, match="没有及时回应"):
            HttpTransport(url, pool).post("/v1/hello", {}, b"{}")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sync.example.cn", "https://sync.example.cn"),
        (" https://sync.example.cn:8750/ ", "https://sync.example.cn:8750"),
        ("http://10.0.0.5:8750", "http://10.0.0.5:8750"),
    ],
)
def test_an_address_may_be_typed_as_people_type(typed, meant):
    assert tidy_url(typed) == meant


@pytest.mark.parametrize("typed", ["", "ftp://x", "https://", "http://a:99999", "http://[1"])
def test_an_address_that_is_none_is_named_at_its_field(typed):
    with pytest.raises(AppError) as caught:
        tidy_url(typed)
    assert caught.value.field == "server_url"


def test_a_connection_nobody_spoke_on_for_a_minute_is_not_used_again():
    """After a sleep, or behind a firewall, it may be dead without a sign, and the request would wait for nothing."""
    opened: list[object] = []

    class Kept(Front):
        protocol_version = "HTTP/1.1"
        words = b"{}"

        def setup(self) -> None:
            opened.append(self.client_address)
            super().setup()

    clock = FixedClock(dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC))
    with answering(Kept) as url:
        way = HttpTransport(url, clock=clock)
        for waited in (0, 59, 60):
            clock.move(seconds=waited)
            way.post("/v1/hello", {}, b"{}")
        way._pool.clear()
    assert len(opened) == 2, "the third request came on a connection of its own"
