"""Lines that misbehave, over real sockets: a drip of bytes, a peer that vanished, an address that swallows packets.

And times that do: another time zone, a month asleep.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
import urllib3

from central_server import purging
from desktop_app.residents.model import Person
from desktop_app.shared.errors import NetworkError
from desktop_app.sync import conflicts, engine, lines, state, wholes
from desktop_app.sync.client import HttpTransport
from tests.sync.desks import Desk
from tests.sync.test_http import serving

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 40\r\n\r\n"


@contextmanager
def peer(behave: Callable[[socket.socket], None]) -> Iterator[str]:
    """Somebody who takes a connection and does with it what a test wants."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    one, _ = listening.accept()
                    with one, suppress(OSError):
                        behave(one)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


def way(url: str, *, connect: float = 60, read: float = 60) -> HttpTransport:
    pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=connect, read=read))
    pool.pool_classes_by_scheme = {"http": wholes.Pool, "https": wholes.SecurePool}
    return HttpTransport(url, pool)


def ask(url: str, body: bytes = b"{}", **patience: float) -> bytes:
    return way(url, **patience).post("/v1/hello", {}, body).body


# -------------------------------------------------------------------------------------------------------- slow and dead


@pytest.mark.parametrize("said", [OK[:-4] + b"x-more: ", OK], ids=["in its head", "in its body"])
def test_an_answer_that_drips_is_given_up_however_long_it_would_go_on(monkeypatch, said):
    monkeypatch.setattr(lines, "MOST_S", 0.3)

    def drip(one: socket.socket) -> None:
        one.sendall(said)
        while True:  # until the other side has had enough
            one.sendall(b"x")
            time.sleep(0.02)

    with peer(drip) as url, pytest.raises(NetworkError, match=r"没有及时回应.*没有丢失"):
        ask(url)


@pytest.mark.parametrize("said", [b"", OK[:9], OK, OK + b"half of it"], ids=len)
def test_a_peer_that_vanishes_in_the_middle_is_given_up(said):
    """No farewell comes from a machine that lost its power, or through a firewall that forgot the connection."""
    done = threading.Event()

    def fall_silent(one: socket.socket) -> None:
        one.sendall(said)
        done.wait(20)

    with peer(fall_silent) as url:
        try:
            with pytest.raises(NetworkError, match="没有及时回应"):
                ask(url, read=0.1)
        finally:
            done.set()


def test_a_slow_line_is_no_dead_one():
    """What takes longer to hand over than to connect arrives all the same, if only something moves."""
    size, heard = 24 << 20, []

    def read_slowly(one: socket.socket) -> None:
        count = 0
        while count < size:
            count += len(one.recv(1 << 20))
            time.sleep(0.08)  # 24 times or more, so that on no machine it is shorter than `connect`
        heard.append(count)
        one.sendall(OK + b"x" * 40)

    with peer(read_slowly) as url:
        assert ask(url, bytes(size), connect=0.5) == b"x" * 40
    assert heard[0] >= size


def test_a_sync_is_as_it_was_when_the_server_vanished_in_its_answer(first, second, server):
    """The whole of the answer was on its way when the line went dead; the next sync asks for it again."""
    for desk in (first, second):
        desk.sync()
    second.add("李小红")
    second.sync()
    person = first.add("王小明")
    before = first.replica()
    with serving(server) as url, halfway(url) as gate:
        with first.db.applying() as tx:
            state.save(tx, server_url=gate)
        with pytest.raises(NetworkError):
            engine.sync_now(first.db, first.app.secrets, transport=way(gate, read=0.3))
    assert first.replica() == before
    first.sync()
    second.sync()
    assert first.people() == second.people()
    assert second.person(person).name == "王小明"
    assert first.db.scalar("SELECT count(*) FROM person") == 2


@contextmanager
def halfway(url: str) -> Iterator[str]:
    """A line to a server over which half of every answer comes, and then nothing more."""
    port, done = int(url.rsplit(":", 1)[1]), threading.Event()

    def carry(one: socket.socket) -> None:
        asked = b""
        while b"\r\n\r\n" not in asked or len(asked.split(b"\r\n\r\n", 1)[1]) < length(asked):
            asked += one.recv(65_536)
        with socket.create_connection(("127.0.0.1", port)) as onward:
            onward.sendall(asked)
            answer = onward.recv(65_536)
        one.sendall(answer[: len(answer) - 20])
        done.wait(20)

    with peer(carry) as gate:
        try:
            yield gate
        finally:
            done.set()


def length(asked: bytes) -> int:
    head = asked.split(b"\r\n\r\n", 1)[0].lower()
    return int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])


# ------------------------------------------------------------------------------------------------- several addresses


@pytest.fixture
def two_ways(monkeypatch) -> Iterator[tuple[int, list[str]]]:
    """A name with an IPv6 address that swallows every packet and an IPv4 address that works; what was tried."""
    tried: list[str] = []
    plainly = urllib3.util.connection.create_connection

    def connect(address, timeout=None, *args, **kwargs):
        tried.append(address[0])
        if ":" in address[0]:
            raise TimeoutError("timed out")  # as when nothing ever comes back
        return plainly(address, timeout, *args, **kwargs)

    def told(host, port, *_, **__):
        if host != "sync.test":
            return resolve(host, port, *_, **__)
        v6 = (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2001:db8::1", port, 0, 0))
        return [v6, (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    resolve = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", told)
    monkeypatch.setattr("urllib3.connection.connection.create_connection", connect)
    monkeypatch.setattr(lines, "_good", {})
    with peer(lambda one: (one.recv(65_536), one.sendall(OK + b"x" * 40))) as url:
        yield int(url.rsplit(":", 1)[1]), tried


def test_an_address_that_swallows_packets_does_not_hide_one_that_works(two_ways):
    port, tried = two_ways
    assert ask(f"http://sync.test:{port}") == b"x" * 40
    assert tried == ["2001:db8::1", "127.0.0.1"]


def test_the_address_that_answered_comes_first_the_next_time(two_ways):
    port, tried = two_ways
    for _ in range(2):
        ask(f"http://sync.test:{port}")
    assert tried == ["2001:db8::1", "127.0.0.1", "127.0.0.1"]


def test_each_of_several_addresses_has_a_moment_at_first_and_all_the_patience_after_that(two_ways):
    port, _ = two_ways
    told = list(lines.attempts("sync.test", port, 10))
    assert told == [("2001:db8::1", 2), ("127.0.0.1", 2), ("2001:db8::1", 10), ("127.0.0.1", 10)]
    assert list(lines.attempts("127.0.0.1", port, 10)) == [("127.0.0.1", 10)]
    assert list(lines.attempts("nobody.invalid", port, 10)) == []


def test_a_name_without_an_address_is_said_in_words():
    with pytest.raises(NetworkError, match="地址无法解析"):
        ask("http://nobody.invalid:1")


# ------------------------------------------------------------------------------------------------------------- times


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles", "UTC"])
def test_another_time_zone_between_two_syncs_changes_nothing(first, second, monkeypatch, zone):
    """Stamps are UTC: what was written before and after is in the order in which it was written."""
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    person = first.add("王小明", note="先")
    settle(first, second)
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        first.edit(person, note="后")
        settle(first, second)
        assert second.person(person).note == "后"
        assert first.replica() == second.replica()
        assert conflicts.count_open(second.db) == 0
    finally:
        monkeypatch.undo()
        time.tzset()


def settle(*desks: Desk) -> None:
    for desk in (*desks, *desks):
        desk.sync()


@pytest.mark.parametrize("kept_days", [400, 7], ids=["tombstones are there", "tombstones are forgotten"])
def test_a_desk_that_slept_a_month_goes_on_where_it_was(first, second, server, kept_days):
    """Meanwhile the others wrote and deleted, and the server forgot what is older than it keeps, and most marks."""
    kept, gone = first.add("王小明", note="先"), first.add("李小红")
    settle(first, second)
    identity = first.state().device
    first.edit(kept, phones="13900000001")
    for day in range(0, 30, 5):
        for clock in (server.clock, second.clock):
            clock.move(days=5)
        second.add(f"居民{day}")
        second.edit(kept, note=f"第{day}天")
        if day == 10:
            second.delete(gone)
        second.sync()
        purging.purge(server.storage, server.clock.ms(), keep_days=kept_days)
    first.clock.move(days=30)
    report = first.sync()
    settle(second, first)
    assert (report.identities, report.offered_again) == (0, 0)
    assert report.dropped == (kept_days < 20)
    assert first.state().device == identity
    assert first.replica() == second.replica()
    held = second.person(kept)
    assert (held.note, held.phones) == ("第25天", "13900000001")
    assert first.db.get(Person, gone) is None
    assert len(first.people()) == 7
