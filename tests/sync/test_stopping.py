"""A sync that is stopped while the server says nothing: it ends there and then, and the next one goes on.

If it did wait, each of these would end with the words for a server that does not answer, a minute later.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

import pytest

from central_server import syncing
from central_server.blobs import Blobs
from central_server.exchange import Reply, Request
from desktop_app.attachments import actions
from desktop_app.shared.errors import CancelledError
from desktop_app.sync import blobs, engine, state, waiting
from tests.attachments.pictures import jpeg
from tests.sync.desks import Desk, Server
from tests.sync.test_http import serving

FEW = {"batch_rows": 3, "page_rows": 3}
SYNC = "/v1/sync"


@contextmanager
def holding(desk: Desk, server: Server, path: str, number: int) -> Iterator[tuple[threading.Event, threading.Event]]:
    """A desk whose server, behind a real port, is silent about one request: when it came, what lets it be answered."""
    answer, turns = server.central.answer, count(1)
    came, answered = threading.Event(), threading.Event()

    def slowly(request: Request) -> Reply:
        if request.path == path and next(turns) == number:
            came.set()
            answered.wait()
        return answer(request)

    server.central.answer = slowly
    try:
        with serving(server) as url:
            at(desk, url)
            try:
                yield came, answered
            finally:
                answered.set()
    finally:
        server.central.answer = answer


def at(desk: Desk, url: str) -> None:
    """From now on this desk finds the server there."""
    with desk.db.applying() as tx:
        state.save(tx, server_url=url)


def over_http(desk: Desk, **options) -> engine.SyncReport:
    return engine.sync_now(desk.db, desk.app.secrets, **options)


def many(desk: Desk, number: int) -> None:
    for one in range(number):
        desk.add("王小明", note=str(one))


def behind(first: Desk, second: Desk) -> None:
    """The first has pushed what makes three pages for the second, which was there before."""
    for desk in (first, second):
        desk.sync()
    many(first, 9)
    first.sync(**FEW)


def nothing_is_left_waiting() -> bool:
    return not [thread for thread in threading.enumerate() if thread.name.startswith(("ahead", "beside"))]


@pytest.mark.parametrize("silent", [1, 2, 3])
def test_a_first_sync_stops_at_any_page_and_goes_on_where_it_stood(first, second, server, silent):
    """The second page and those behind it are asked for by a thread of its own."""
    behind(first, second)
    with holding(second, server, SYNC, silent) as (came, answered):
        with pytest.raises(CancelledError, match="其余下次继续"):
            over_http(second, **FEW, cancelled=came.is_set)
        assert nothing_is_left_waiting()
        stored = len(second.people())
        assert stored == 3 * (silent - 1)
        report = over_http(second, **FEW)
        assert (report.identities, report.pulled) == (0, 9 - stored)
        answered.set()  # the server comes to it when the desk has long gone on
        assert over_http(second).identities == 0
    assert second.people() == first.people()
    assert second.state().digest == first.state().digest


@pytest.mark.parametrize("silent", [1, 2])
def test_what_is_pushed_stays_frozen_when_it_is_stopped_and_counts_once(first, second, server, silent):
    for desk in (first, second):
        desk.sync()
    many(first, 6)
    with holding(first, server, SYNC, silent) as (came, answered):
        with pytest.raises(CancelledError):
            over_http(first, **FEW, cancelled=came.is_set)
        assert first.db.scalar("SELECT count(*) FROM sync_outbox") == 1
        answered.set()
        assert over_http(first, **FEW).identities == 0
    second.sync()
    assert second.people() == first.people()
    assert len(second.people()) == 6


def test_a_stopped_sync_is_no_failure(first, server):
    first.sync()
    with holding(first, server, SYNC, 1) as (came, _), pytest.raises(CancelledError):
        over_http(first, cancelled=came.is_set)
    assert first.state().last_error is None


def test_a_content_that_is_stopped_on_its_way_goes_on_where_the_server_has_it(first, server, tmp_path):
    server.central.blobs = Blobs(tmp_path / "server blobs")
    made = actions.attach(first.db, first.app.actor, "person", first.add("王小明"), jpeg(3000, 2200), "走访")
    first.sync()
    slow = {"rate_kib_s": 256, "pause": lambda _s: None}
    with holding(first, server, "/v1/blob/put", 3) as (came, answered):
        with pytest.raises(CancelledError, match="不会重传"):
            blobs.exchange(first.db, first.app.secrets, cancelled=came.is_set, **slow)
        answered.set()
        report = blobs.exchange(first.db, first.app.secrets, **slow)
    assert report.sent == 1
    assert report.bytes_sent <= made.size - 2 * 256 * 1024


@contextmanager
def silence() -> Iterator[tuple[str, Callable[[], bool]]]:
    """A port where somebody listens and never says a word; whether anybody has come."""
    came = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def listen() -> None:
            connection, _ = listening.accept()
            with connection:
                came.set()
                while connection.recv(65_536):
                    pass

        threading.Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", came.is_set


def test_waiting_for_news_ends_in_the_middle_of_a_question(first):
    first.sync()
    with silence() as (url, came):
        at(first, url)
        assert not waiting.wait_for_change(first.db, first.app.secrets, 600, came)


@pytest.mark.parametrize("silent", [1, 2])
def test_the_program_ends_when_it_is_told_to_while_the_server_is_silent(first, second, server, monkeypatch, silent):
    """So the window stops a sync, and ends one when it closes: no thread holds the end of the program up."""
    monkeypatch.setattr(syncing, "PAGE_ROWS", 3)
    behind(first, second)
    with holding(second, server, SYNC, silent) as (came, answered):
        command = [sys.executable, "-m", "desktop_app.cli", "sync", "--home", second.home, "--json-progress"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
            assert came.wait(60)
            os.kill(child.pid, signal.SIGTERM)
            _, said = child.communicate(timeout=30)  # half as long as a request is waited for
        assert child.returncode == 130, said
        answered.set()
        assert over_http(second).identities == 0
    assert second.people() == first.people()
