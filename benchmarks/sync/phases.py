"""The phases everybody goes through: new rows up and down, changed rows up and down, and a sync with nothing to do."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import dataset
from contestants import Contestant, Floor
from goals import OURS, Phase
from programs import Failed, Program, cpu_seconds, memory_mb, wire_bytes

BASE: Final = 1000
"""Rows on both sides before anything is measured: Anki's first sync is a copy of the whole file, not a sync."""
CHANGED: Final = 1000
IDLE: Final = 10
Verb = Callable[[Program], dict[str, Any]]


def round_of(kind: type[Contestant], folder: Path, rows: int) -> dict[str, Phase]:
    """One contestant, from an empty folder to the end of the last phase."""
    everything = dataset.rows(BASE + rows, seed=2)
    base, new = everything[:BASE], everything[BASE:]
    with kind(folder) as one:
        first, second = one.desk("first"), one.desk("second")
        if kind is not Floor:
            _settle(one, first, second, dataset.write(folder / "base.json", base))
        first.ask("add", file=str(dataset.write(folder / "new.json", new)))
        found = {"push new": _measured(one, first, one.push, rows), "pull new": _measured(one, second, one.pull, rows)}
        _same(first, second)
        if kind is not Floor:
            edits = dataset.edits(new, CHANGED, seed=3)
            first.ask("edit", file=str(dataset.write(folder / "edits.json", edits)))
            found["push changed"] = _measured(one, first, one.push, CHANGED)
            found["pull changed"] = _measured(one, second, one.pull, CHANGED)
            found["idle"] = _idle(one, second)
    return found


def _settle(one: Contestant, first: Program, second: Program, base: Path) -> None:
    """Both sides alike and their connections warm, so that the first request of a process is not what is measured."""
    first.ask("add", file=str(base))
    for desk, verb in ((first, one.push), (second, one.pull), (first, one.idle), (second, one.idle)):
        _done(verb(desk))


def _measured(one: Contestant, desk: Program, verb: Verb, rows: int) -> Phase:
    Path(f"/proc/{desk.pid}/clear_refs").write_text("5", "ascii")  # the peak counts from here
    theirs, mine = cpu_seconds(one.server.pid), cpu_seconds(desk.pid)
    memory, wire = memory_mb(desk.pid, "VmRSS"), wire_bytes()
    answer = _done(verb(desk))
    wire, theirs = wire_bytes() - wire, cpu_seconds(one.server.pid) - theirs
    return Phase(
        rows,
        answer["wall"],
        wire,
        cpu_seconds(desk.pid) - mine + theirs,
        theirs,
        memory_mb(one.server.pid),
        memory_mb(desk.pid) - memory,
        answer.get("requests", 0),
    )


def _idle(one: Contestant, desk: Program) -> Phase:
    one.idle(desk)
    measured = [_measured(one, desk, one.idle, 1) for _ in range(IDLE)]
    best = measured[0]
    for other in measured[1:]:
        best = best.best(other)
    return best


def _done(answer: dict[str, Any]) -> dict[str, Any]:
    if not answer["done"]:
        raise RuntimeError(f"the sync was not done: {answer}")
    return answer


def _same(first: Program, second: Program) -> None:
    counts = [desk.ask("count")["count"] for desk in (first, second)]
    if counts[0] != counts[1]:
        raise RuntimeError(f"the desks differ: {counts}")


def best_of(kinds: tuple[type[Contestant], ...], rounds: int, rows: int) -> dict[str, dict[str, Phase]]:
    """Everybody in turn, several times; what counts is the best round of each figure."""
    found: dict[str, dict[str, Phase]] = {}
    for _ in range(rounds):
        for kind in kinds:
            try:
                with tempfile.TemporaryDirectory() as folder:
                    this = round_of(kind, Path(folder), rows)
            except (Failed, RuntimeError) as failure:
                if kind.title in OURS:
                    raise
                print(f"{kind.title} broke off and misses a round: {failure}")
                continue
            before = found.setdefault(kind.title, this)
            for name, phase in this.items():
                before[name] = before[name].best(phase)
    return found
