"""A model of the morning after: 20,000 desks come back within 10 seconds when a city's network does.

Discrete events.  Service times are measured in the same run (or told); the policy is that of the product: the first
contact after half an hour without a server waits U(0, 120 s); a server whose queue is longer than its bound answers 503
with a Retry-After at which the desk's turn will have come, times U(1, 1.3), so that nobody is refused twice.

herd.py [--desks 20000] [--cores 8] [--push-ms 5] [--pull-ms 2]
"""

import argparse
import heapq
import json
import random
import sys
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from goals import Finding

REFUSAL_MS: Final = 0.3
"""What it costs to say no."""
SAFE: Final = 1.05


@dataclass(frozen=True, slots=True)
class Morning:
    """Who comes back, and what serving one of them costs."""

    desks: int = 20_000
    cores: int = 8
    within_s: float = 10.0
    wait_s: float = 120.0
    """First contact after an outage waits up to this long; 0 for desks that do not."""
    push_ms: float = 12.0
    pull_ms: float = 9.0
    bound_s: float = 5.0
    """Work the server lets queue up, in seconds, before it refuses."""
    slots: bool = True
    """Whether Retry-After is the desk's own turn; else a constant 5 seconds, as of a server without slots."""
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Course:
    """How it went."""

    drained_s: float
    peak: int
    """Most requests in one second."""
    refusals: int
    most_refusals: int
    """Of one desk."""
    waits: tuple[float, float]
    """Median and 99th percentile of the seconds from the first try to being served."""


def model(morning: Morning) -> Course:
    """Plays a morning through: each desk needs one push and one pull, served by any free core in order of arrival."""
    rnd = random.Random(morning.seed)
    service = (morning.push_ms + morning.pull_ms) / 1000
    events = [
        (rnd.random() * (morning.within_s + 0.0) + rnd.random() * morning.wait_s, desk) for desk in range(morning.desks)
    ]
    heapq.heapify(events)
    first = {desk: at for at, desk in events}
    free = [0.0] * morning.cores
    heapq.heapify(free)
    booked = 0.0  # until when the turns given out by Retry-After reach
    per_second: Counter[int] = Counter()
    refused: Counter[int] = Counter()
    waits = []
    while events:
        at, desk = heapq.heappop(events)
        per_second[int(at)] += 1
        begins = max(at, free[0])
        turn = desk in refused and morning.slots
        if begins - at > morning.bound_s * (2 if turn else 1):  # room is kept for those who were given a turn
            refused[desk] += 1
            heapq.heapreplace(free, free[0] + REFUSAL_MS / 1000)
            booked = max(booked, begins) + service * SAFE / morning.cores
            wait = (booked - at) * rnd.uniform(1.0, 1.3) if morning.slots else 5.0
            heapq.heappush(events, (at + wait, desk))
            continue
        heapq.heapreplace(free, begins + service)
        waits.append(begins + service - first[desk])
    waits.sort()
    return Course(
        max(free),
        max(per_second.values()),
        sum(refused.values()),
        max(refused.values(), default=0),
        (waits[len(waits) // 2], waits[len(waits) * 99 // 100]),
    )


def measured(figures: Path) -> Morning:
    """A morning with the service times of the last run: CPU of the server for a day's 150 rows up, 1,100 down."""
    try:
        ours = json.loads(figures.read_text("utf-8"))["ours, bare store"]
    except (OSError, KeyError, ValueError):
        return Morning()
    idle, push, pull = (ours[name]["server_cpu"] * 1000 for name in ("idle", "push new", "pull new"))
    rows = ours["push new"]["rows"]
    return replace(Morning(), push_ms=idle + push * 150 / rows, pull_ms=idle + pull * 1100 / rows)


def held(morning: Morning) -> list[Finding]:
    """G16, as far as a model goes: without waiting first, which is the worst, and as the product does it."""
    rush = model(replace(morning, wait_s=0.0))
    calm = model(morning)
    cost = f"{morning.push_ms:.1f} + {morning.pull_ms:.1f} ms a desk"
    return [
        Finding("G16", f"model: {morning.desks} desks on {morning.cores} cores, drained", rush.drained_s, 90, unit=" s",
                note=f"{cost}; peak {rush.peak} requests/s, wait p50 {rush.waits[0]:.0f} s, p99 {rush.waits[1]:.0f} s"),
        Finding("G16", "model: refusals of one desk at most", rush.most_refusals, 1, note=f"{rush.refusals} in all"),
        Finding("G16", "model: the same, desks waiting U(0,120 s) first, drained", calm.drained_s, 180, unit=" s",
                note=f"peak {calm.peak} requests/s, {calm.refusals} refusals"),
    ]  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    usual = Morning()
    for name in ("desks", "cores"):
        parser.add_argument(f"--{name}", type=int, default=getattr(usual, name))
    for name in ("push_ms", "pull_ms", "within_s", "wait_s"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, default=getattr(usual, name))
    morning = Morning(**vars(parser.parse_args()))
    for title, one in (
        ("as told", morning),
        ("nobody waits first", replace(morning, wait_s=0.0)),
        ("constant Retry-After, nobody waits", replace(morning, wait_s=0.0, slots=False)),
    ):
        course = model(one)
        print(f"{title:36} drained {course.drained_s:6.1f} s  peak {course.peak:5} requests/s")
        print(f"{'':36} refusals {course.refusals:6}, at most {course.most_refusals} a desk", end="  ")
        print(f"wait p50 {course.waits[0]:.1f} s, p99 {course.waits[1]:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
