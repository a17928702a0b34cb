"""Messages with something wrong with them, as many as wanted: at the server, at what asks, at whole desks.

    python -m tests.fuzz 100000           requests and answers; one world for each hundred of them
    python -m tests.fuzz 100000 500000    those that begin with number 500000

The same number is always the same mistake.
"""

import resource
import sys
import tempfile
from functools import partial
from pathlib import Path

from tests.fuzz import at_client, at_desk, at_server
from tests.sync import shelf
from tests.sync.simulate import say
from tests.sync.simulated_desk import memory_folder

AT_ONCE = 500
"""Requests one server hears, before there is another one."""
WORLDS = 100
MOST_MIB = 700


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    seen = at_desk.play(0)  # whatever a program does once is done before there are copies of it
    shelf.fill()
    for seed in range(first, first + count, AT_ONCE):
        with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
            seen += at_server.play(Path(folder), seed, AT_ONCE)
        seen += at_client.play(seed, AT_ONCE)
        for world in range(seed // WORLDS, (seed + AT_ONCE) // WORLDS):
            seen += shelf.apart(partial(at_desk.play, world))
    for name, times in sorted(seen.items()):
        say(f"{times:9}  {name}")
    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    say(f"{count} requests and as many answers from {first} on, none of them a bug; {mib} MiB at most")
    sys.exit(mib > MOST_MIB)


if __name__ == "__main__":
    main()
