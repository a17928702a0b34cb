"""Deterministic fault simulation of sync: the real engine, real encrypted stores, the real server, a bad network.

    python -m tests.sync.simulate 1000              seeds 0..999, on all cores
    python -m tests.sync.simulate 1000 5000         seeds 5000..5999
    python -m tests.sync.simulate 1000 --postgres   with a PostgreSQL of its own under the server

One seed is one small world: a server in one or two processes, desks of one community or of a whole street, a virtual
clock, and a few dozen steps in which people work, desks sync over a bad network (every fifth world: also by USB stick),
processes die, disks fill up, are cloned or restored, units are merged and split, residents move or are erased, years
pass, and the server comes back from an old backup.  Then the faults stop, every desk syncs until nothing moves, and
`verdict` looks at what is left.  The same seed always gives the same world; one that fails tells what happened to the
record at fault.
"""

import argparse
import collections
import multiprocessing
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import cache
from typing import Any, TypeVar

from tests.postgres import Cluster
from tests.storages import Disk, PostgresDisk
from tests.sync import shelf
from tests.sync.story import Story
from tests.sync.world import START_MS, World

STICKS = 4
T = TypeVar("T")
Outcome = tuple[int, collections.Counter[str], str]
"""Seed, what happened how often, and what is wrong (empty: nothing)."""


def make_world(seed: int, **options: Any) -> World:
    """Every fifth world also has USB sticks."""
    from tests.sync.carried_world import CarriedWorld

    return CarriedWorld(seed, **options) if seed % 5 == STICKS else World(seed, **options)


def run(
    seed: int, *, restore: bool = True, disk: Disk | None = None, story: Story | None = None
) -> collections.Counter[str]:
    """Plays one seed in this process; returns its counters, or raises."""
    world = make_world(seed, restore=restore, disk=disk, story=story)
    try:
        world.play()
        return world.stats
    finally:
        world.close()


def outcome(seed: int, *, restore: bool = True, cluster: Cluster | None = None) -> Outcome:
    """Plays one seed in a copy of this process; if it fails, plays it again and tells the story."""
    stats, wrong = _on_a_disk(cluster, lambda disk: _tried(seed, restore=restore, disk=disk))
    if wrong:
        _, told = _on_a_disk(cluster, lambda disk: _tried(seed, restore=restore, disk=disk, story=Story()))
        wrong = told or f"{wrong}\n… and not again: the world is not the seed's alone"
    return seed, stats, wrong


def _on_a_disk(cluster: Cluster | None, play: Callable[[Disk | None], T]) -> T:
    """Plays apart; what the database lends is lent by this process, not by its copy."""
    _warm_up()
    disk = PostgresDisk(cluster) if cluster else None
    try:
        return shelf.apart(lambda: play(disk))
    finally:
        if disk:
            disk.leave()


@cache
def _warm_up() -> None:
    """Whatever the program does once in a process is done before there are copies of it."""
    for seed in (0, STICKS):
        _tried(seed, restore=True, disk=None)
    shelf.fill()


def _tried(
    seed: int, *, restore: bool, disk: Disk | None, story: Story | None = None
) -> tuple[collections.Counter[str], str]:
    try:
        return run(seed, restore=restore, disk=disk, story=story), ""
    except Exception as error:  # noqa: BLE001 - whatever went wrong is the finding
        records = getattr(error, "records", ())
        where = "" if records else "\n".join(traceback.format_exc().splitlines()[-12:])
        told = story.about(records, START_MS) if story else ""
        return collections.Counter(), f"{type(error).__name__}: {error}\n{where}\n{told}"


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("seeds", type=int, help="how many seeds")
    parser.add_argument("first", type=int, nargs="?", default=0, help="the first seed")
    parser.add_argument("--postgres", action="store_true", help="the server keeps its data in PostgreSQL")
    parser.add_argument("--no-restore", action="store_true", help="the server is never restored from a backup")
    parser.add_argument("--most-bad", type=int, default=5, help="stop after so many failing seeds")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes; one with PostgreSQL")
    args = parser.parse_args()
    if os.environ.get("PYTHONHASHSEED") != "0":  # the order within sets is part of the world
        words = [sys.executable, "-m", "tests.sync.simulate", *sys.argv[1:]]
        os.execve(sys.executable, words, _same_order())  # noqa: S606 - this very program
    with Cluster() if args.postgres else nullcontext() as cluster:
        bad = play(args, cluster)
    sys.exit(bool(bad))


def _same_order() -> dict[str, str]:
    return {**os.environ, "PYTHONHASHSEED": "0"}


def play(args: argparse.Namespace, cluster: Cluster | None) -> int:
    """Plays the seeds; says how many were bad."""
    started, total, bad, done = time.monotonic(), collections.Counter(), 0, 0
    for seed, stats, wrong in outcomes(args, cluster):
        done += 1
        total += stats
        if wrong:
            bad += 1
            say(f"\nseed {seed}: {wrong}\n")
        if done % 100 == 0:
            say(f"{done} of {args.seeds} seeds, {bad} bad, {time.monotonic() - started:.0f} s")
        if bad >= args.most_bad:
            break
    for name, count in sorted(total.items()):
        say(f"{count:9}  {name}")
    say(f"{done} seeds, {bad} bad, {len(total)} kinds of events, {time.monotonic() - started:.0f} s")
    return bad


def outcomes(args: argparse.Namespace, cluster: Cluster | None) -> Iterator[Outcome]:
    """Outcomes as they come in."""
    seeds = range(args.first, args.first + args.seeds)
    if cluster or args.jobs < 2:
        for seed in seeds:
            yield outcome(seed, restore=not args.no_restore, cluster=cluster)
        return
    with multiprocessing.get_context("spawn").Pool(args.jobs) as pool:
        yield from pool.imap_unordered(Plain(restore=not args.no_restore), seeds)


class Plain:
    """What a worker does with a seed."""

    def __init__(self, *, restore: bool) -> None:
        self.restore = restore

    def __call__(self, seed: int) -> Outcome:
        return outcome(seed, restore=self.restore)


if __name__ == "__main__":
    main()
