"""Deterministic fault simulation of sync: the real engine, real encrypted stores, the real server, a bad network.

    python -m tests.sync.simulate 1000              seeds 0..999
    python -m tests.sync.simulate 1000 5000         seeds 5000..5999

One seed is one small world: a server, two or three desks of one community (later also their clones), a virtual clock,
and a few dozen steps in which people edit, desks sync over a bad network, processes die, disks are cloned or restored,
and the server comes back from an old backup.  Then the faults stop, every desk syncs until nothing moves, and `verdict`
looks at what is left.  The same seed always gives the same world.
"""

import argparse
import collections
import sys
import time

from tests.sync.world import World


def run(seed: int, **faults: bool) -> collections.Counter[str]:
    """Plays one seed; returns its counters, or raises."""
    world = World(seed, **faults)
    try:
        world.play()
        return world.stats
    finally:
        world.close()


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("seeds", type=int, help="how many seeds")
    parser.add_argument("first", type=int, nargs="?", default=0, help="the first seed")
    parser.add_argument("--no-restore", action="store_true", help="the server is never restored from a backup")
    parser.add_argument("--most-bad", type=int, default=5, help="stop after so many failing seeds")
    args = parser.parse_args()
    started, total, bad, done = time.monotonic(), collections.Counter(), 0, 0
    for seed in range(args.first, args.first + args.seeds):
        done += 1
        try:
            total += run(seed, restore=not args.no_restore)
        except Exception as error:  # noqa: BLE001 - whatever went wrong is the finding
            bad += 1
            say(f"seed {seed}: {type(error).__name__}: {error}")
            if bad >= args.most_bad:
                break
    say(f"{done} seeds, {bad} bad, {time.monotonic() - started:.1f}s {dict(sorted(total.items()))}")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
