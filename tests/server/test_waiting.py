"""Desks that wait for news hear of them at once, and cost nothing while there are none."""

import asyncio
import time

import orjson
import pytest

from central_server.waiting import Waiting
from sync_protocol import signing, versions
from sync_protocol.digests import body_hash
from tests.server.conftest import SCOPE, Station, person
from tests.server.town import A, Desk, build


def waiting(station: Station, **seconds: float) -> Waiting:
    from central_server.exchange import Central

    return Waiting(Central(station.storage, now=station.clock), **seconds)


class Heard:
    """A request as the web server hands it over."""

    method = "POST"

    def __init__(self, desk: Desk, body: bytes) -> None:
        desk.counter += 1
        name = signing.device_name(desk.scope, desk.device)
        signature = desk.key.sign(signing.signed_text("POST", "/v1/wait", name, desk.counter, body))
        self.url = type("Url", (), {"path": "/v1/wait"})
        self.body = body
        self.headers = {
            signing.HEADER_PROTOCOL: str(versions.CURRENT),
            signing.HEADER_HASH: body_hash(body),
            signing.HEADER_DEVICE: name,
            signing.HEADER_COUNTER: str(desk.counter),
            signing.HEADER_SIGNATURE: signature.hex(),
        }

    async def stream(self):
        yield self.body


def said(cur: object, **more: object) -> bytes:
    return orjson.dumps({"cur": cur, **more})


async def told(waits: Waiting, request: Heard) -> dict:
    return orjson.loads((await waits.answer(request)).body)


def test_what_is_there_already_is_told_at_once(station: Station):
    desk = Desk(station, SCOPE)
    desk.push(person("p1", name="甲"))
    started = time.monotonic()
    assert asyncio.run(told(waiting(station), Heard(desk, said(0)))) == {"head": 1}
    assert time.monotonic() - started < 5


def test_several_desks_hear_of_a_push_while_they_wait(station: Station):
    desk, others = Desk(station, SCOPE), [Desk(station, SCOPE, f"{number}号机") for number in range(5)]
    desk.push(person("p1", name="甲"))
    waits = waiting(station, every_s=0.01)

    def go_on():
        with station.storage.writing() as session:
            session.run("update scope_head set next_seq=next_seq+1 where scope_id=?", SCOPE)

    async def story():
        tasks = [asyncio.create_task(told(waits, Heard(one, said(1)))) for one in others]
        await asyncio.to_thread(go_on)
        return await asyncio.gather(*tasks)

    assert asyncio.run(story()) == [{"head": 2}] * 5
    assert waits._wanted.total() == 0


def test_without_news_the_answer_is_what_the_desk_knows(station: Station):
    desk = Desk(station, SCOPE)
    waits = waiting(station, longest_s=0.05, every_s=0.01)
    assert asyncio.run(told(waits, Heard(desk, said(0)))) == {"head": 0}
    assert station.rows("select counter from device") == [(0,)]


def test_a_desk_that_says_how_long_it_would_wait_is_answered_by_then(station: Station):
    desk = Desk(station, SCOPE)
    waits = waiting(station, every_s=0.01)
    started = time.monotonic()

    async def at_once_and_in_a_second():
        return [await told(waits, Heard(desk, said(0, seconds=seconds))) for seconds in (0, 1)]

    assert asyncio.run(at_once_and_in_a_second()) == [{"head": 0}, {"head": 0}]
    assert time.monotonic() - started < 10
    longest = waiting(station, longest_s=0.05, every_s=0.01)
    assert asyncio.run(told(longest, Heard(desk, said(0, seconds=10**9)))) == {"head": 0}
    for odd in (-1, 1.5, "5", True, [5]):
        assert asyncio.run(told(waits, Heard(desk, said(0, seconds=odd))))["code"] == "BAD_REQUEST"


def test_a_desk_hears_of_its_own_unit_alone(station: Station):
    build(station)
    desk, other = Desk(station, SCOPE), Desk(station, A)
    desk.push(person("p1", name="甲"))
    waits = waiting(station, longest_s=0.05, every_s=0.01)
    assert asyncio.run(told(waits, Heard(other, said(0)))) == {"head": 0}


def test_an_older_request_a_stranger_and_garbage_are_refused(station: Station):
    desk = Desk(station, SCOPE)
    waits = waiting(station, longest_s=0.05)
    old = Heard(desk, said(0))
    desk.push()
    assert asyncio.run(told(waits, old))["code"] == "STALE"
    for body in (b"", b"{}", said(-1), said("x"), b"[" * 150):
        assert asyncio.run(told(waits, Heard(desk, body)))["code"] == "BAD_REQUEST"
    assert asyncio.run(told(waits, Heard(desk, b" " * 300)))["code"] == "TOO_LARGE"
    desk.device += 1
    assert asyncio.run(told(waits, Heard(desk, said(0))))["code"] == "UNKNOWN_DEVICE"


@pytest.mark.parametrize("cur", [0, 9])
def test_a_server_that_stops_sends_everybody_home(station: Station, cur):
    waits = waiting(station, every_s=0.01)
    waits.close()
    assert asyncio.run(told(waits, Heard(Desk(station, SCOPE), said(cur)))) == {"head": cur}
