"""One scenario played by one contestant: what people typed, what they were told, and whether it is all still there."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import dataset
from contestants import Contestant
from programs import Failed, Program

Row = dict[str, str]
ROUNDS: Final = 4
"""How often every desk syncs again by itself before a verdict: what needs more than that needs somebody."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`loss`: a value that somebody typed is gone and nobody was told.  `human`: it does not go on by itself."""

    loss: bool
    human: bool
    why: str

    @property
    def clean(self) -> bool:
        return not self.loss and not self.human


@dataclass(slots=True)
class Trial:
    """Keeps what was typed: record and field → values nobody who saw them has replaced."""

    one: Contestant
    typed: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    made: int = 0

    def desk(self, name: str, url: str = "", env: Mapping[str, str] | None = None) -> Program:
        return self.one.desk(name, url, env)

    def add(self, desk: Program, count: int) -> list[Row]:
        """Records new residents at a desk."""
        self.made += 1
        rows = dataset.rows(count, seed=100 + self.made)
        desk.ask("add", rows=rows)
        for row in rows:
            self.typed[row["id"], "name"] = {row["name"]}
        return rows

    def edit(self, desk: Program, row: Row, name: str, value: str, *, instead: bool = False) -> None:
        """Changes one field; with `instead`, whoever does it has seen what was typed there before."""
        desk.ask("edit", rows=[{"id": row["id"], name: value}])
        values = self.typed.setdefault((row["id"], name), set())
        if instead:
            values.clear()
        values.add(value)

    def sync(self, desk: Program, verb: str = "sync") -> bool:
        """One sync; remembers whether somebody was asked to do something."""
        try:
            answer = desk.ask(verb)
        except Failed as failure:
            self.troubles.append(str(failure))
            return False
        self.told += answer.get("said", [])
        if answer.get("human"):
            self.asked.append(answer["human"])
        if answer.get("passing"):
            self.troubles.append(answer["passing"])
        return bool(answer["done"])

    def quiet(self, *desks: Program) -> bool:
        """Everybody syncs in turn, as their timers would; whether the last round went well for all."""
        good = False
        for _ in range(ROUNDS):
            went = [self.sync(desk) for desk in desks]  # every desk, also after one that failed
            good = all(went)
        return good

    def judge(self, *desks: Program, but: frozenset[tuple[str, str]] = frozenset(), words: str = "") -> Verdict:
        """Looks at it from a desk that has just come; `but` names fields whose fate somebody was told."""
        good = self.quiet(*desks)
        fresh = self.desk("fresh")
        arrived = self.sync(fresh)
        missing = self._missing(fresh) - but if arrived else set()
        human = not good or not arrived or bool(self.asked)
        loss = bool(missing) and good and arrived and not self.asked  # who is shown an error each time has been told
        return Verdict(loss, human, "; ".join(part for part in (self._why(missing, good and arrived), words) if part))

    def _missing(self, fresh: Program) -> set[tuple[str, str]]:
        rows = fresh.ask("rows")["rows"]
        lost = {(record, name, value) for record, name, value in fresh.ask("conflicts")["lost"]}
        return {
            (record, name)
            for (record, name), values in self.typed.items()
            for value in values
            if rows.get(record, {}).get(name) != value and (record, name, value) not in lost
        }

    def _why(self, missing: set[tuple[str, str]], good: bool) -> str:
        parts = []
        if self.asked:
            parts.append(f"it says: {self.asked[0]}")
        if missing:
            records = len({record for record, _ in missing})
            fields = ", ".join(sorted({name for _, name in missing}))
            parts.append(f"{len(missing)} values ({fields}) of {records} records have not arrived anywhere")
        if not good and self.troubles:
            parts.append(f"it does not come to an end: {self.troubles[-1]}")
        return "; ".join(parts) or "everything typed is there, or both values wait in a conflict"


def noise(characters: int) -> str:
    """Chinese text that hardly compresses."""
    rnd = random.Random(9)
    return "".join(chr(rnd.randrange(0x4E00, 0x9FA5)) for _ in range(characters))


Scenario = Callable[[type[Contestant], Path], Verdict | None]
"""Plays on one kind of contestant in a folder; None where it makes no sense."""
Answer = dict[str, Any]
