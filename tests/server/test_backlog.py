"""Who may wait, and who is told when to come back."""

import heapq
import random

import pytest

from central_server.shell.backlog import SPREAD, Backlog


def busy(lanes: int = 1, wait_s: float = 1.0, service_s: float = 0.5, chance=lambda: 0.0) -> Backlog:
    backlog = Backlog(lanes, wait_s, chance, service_s=service_s)
    while backlog.admit("", 0.0) == 0:
        pass
    backlog._promises.clear()
    backlog._until = 0.0
    return backlog


def test_whoever_would_wait_too_long_is_sent_away_behind_those_sent_away_before():
    backlog = busy()
    waits = [backlog.admit(f"desk{number}", 0.0) for number in range(4)]
    assert waits == sorted(waits)
    assert len(set(waits)) == 4


def test_who_comes_back_at_the_time_told_is_let_in_even_if_others_wait():
    backlog = busy()
    wait = backlog.admit("desk", 0.0)
    assert wait > 0
    assert backlog.admit("stranger", wait) > 0
    assert backlog.admit("desk", wait) == 0


def test_who_comes_back_at_once_gets_no_advantage():
    backlog = busy(wait_s=0.1)
    for _ in range(20):
        backlog.admit("others", 0.0)
    first = backlog.admit("desk", 0.0)
    assert first > 1
    assert backlog.admit("desk", 0.01) > 0


def test_a_promise_is_kept_only_within_reason_so_that_the_memory_stays_bounded():
    backlog = busy(wait_s=0.1)
    assert backlog.admit("desk", 0.0) > 0
    for _ in range(5):
        backlog.waiting += 10
    assert backlog.admit("desk", 5.0) > 0


def test_a_place_is_spread_by_chance():
    assert busy(chance=lambda: 1.0).admit("a", 0.0) == pytest.approx(busy().admit("a", 0.0) * (1 + SPREAD))


def test_the_time_of_service_is_measured():
    backlog = Backlog(2, 5.0)
    for _ in range(200):
        backlog.admit("", 0.0)
        backlog.begin()
        backlog.end(0.5)
    assert backlog.service_s == pytest.approx(0.5, rel=0.01)
    assert (backlog.waiting, backlog.running) == (0, 0)


def herd(desks: int, lanes: int, service_s: float, within_s: float) -> tuple[int, float, float]:
    """Desks that come back within seconds: (most refusals of one, when the last was served, service time × work)."""
    chance = random.Random(7)  # noqa: S311 - the same herd every time
    backlog = Backlog(lanes, 5.0, chance.random, service_s=service_s)
    events = [(chance.uniform(0, within_s), number, "comes") for number in range(desks)]
    heapq.heapify(events)
    refused, queue, last = [0] * desks, [], 0.0
    while events:
        now, desk, what = heapq.heappop(events)
        if what == "comes":
            wait = backlog.admit(f"desk{desk}", now)
            if wait:
                refused[desk] += 1
                heapq.heappush(events, (now + wait, desk, "comes"))
                continue
            queue.append(desk)
        else:
            backlog.end(service_s)
            last = now
        while queue and backlog.running < lanes:
            backlog.begin()
            heapq.heappush(events, (now + service_s, queue.pop(0), "done"))
    return max(refused), last, desks * service_s / lanes


def test_twenty_thousand_desks_that_come_back_at_once_are_each_refused_at_most_once():
    most, drained, work = herd(desks=20_000, lanes=8, service_s=0.03, within_s=10.0)
    assert most == 1
    assert drained <= 1.6 * work
