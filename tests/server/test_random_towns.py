"""Random people in random units: whatever they push, every copy equals its home, every desk has its unit's records."""

import random

import pytest

from central_server import regrouping
from sync_protocol.messages import Gone
from sync_protocol.refusals import Refused
from tests.server.conftest import Station
from tests.server.town import BUREAU, DISTRICT, STREET, A, B, C, Desk, build, check, stored

SPEAKERS = (A, A, B, C, STREET, DISTRICT, BUREAU)
ROOTS = ("meeting", "person", "org_node")
PARENT = {"agenda_item": ("meeting", "meeting_id"), "person_tag": ("person", "person_id")}


class Story:
    """One seed."""

    def __init__(self, station: Station, seed: int) -> None:
        self.station, self.rng = station, random.Random(seed)  # noqa: S311 - a seed must give the same story again
        self.desks = [Desk(station, unit, f"{at}号机") for at, unit in enumerate(SPEAKERS)]
        self.serial = 0

    def fresh(self) -> str:
        self.serial += 1
        return f"r{self.serial}"

    def step(self) -> None:
        desk = self.rng.choice(self.desks)
        changes = [one for _ in range(self.rng.randint(0, 4)) if (one := self.change(desk))]
        unique = {(one.table, one.id): one for one in changes}
        try:
            desk.push(*unique.values())
        except Refused as refusal:
            if refusal.code != "SCOPE_GONE":
                raise
            self.desks.remove(desk)

    def change(self, desk: Desk):
        living = [key for key, row in desk.rows.items() if row.gone != Gone.DELETED and key[0] != "conflict"]
        kind, ts = self.rng.random(), self.rng.randint(1, 50)
        if kind < 0.25 or not living:
            return desk.new(self.rng.choice(ROOTS), self.fresh(), ts=ts, name=self.word(), **self.audience())
        if kind < 0.45:
            table = self.rng.choice(list(PARENT))
            owners = [key[1] for key in living if key[0] == PARENT[table][0]] or ["nobody"]
            return desk.new(
                table, self.fresh(), ts=ts, **{PARENT[table][1]: self.rng.choice(owners), "name": self.word()}
            )
        table, pk = self.rng.choice(living)
        if kind < 0.52:
            to = self.rng.choice((A, B, C))
            return desk.new("transfer", self.fresh(), tbl=table, row_id=pk, to_scope=to)
        if kind < 0.54:
            return desk.new("erasure", self.fresh(), tbl=table, row_id=pk)
        if kind < 0.62:
            return desk.drop(table, pk, ts=ts)
        more = self.audience() if table == "meeting" else {}
        return desk.edit(table, pk, ts=ts, name=self.word(), **more)

    def audience(self):
        if self.rng.random() < 0.5:
            return {}
        return {"audience": ",".join(map(str, self.rng.sample((STREET, DISTRICT, BUREAU, B, C), 2)))}

    def word(self) -> str:
        return f"w{self.rng.randint(1, 9)}"

    def end(self) -> None:
        for desk in list(self.desks):
            desk.pull()
            self.compare(desk)

    def compare(self, desk: Desk) -> None:
        held = {
            key[1:]: (row[1], row[2], row[0] if row[2] == Gone.ALIVE else {}, 0 if row[3] == desk.scope else row[3])
            for key, row in stored(self.station).items()
            if key[0] == desk.scope
        }
        told = {key: (row.seq, row.gone, row.values, row.home) for key, row in desk.rows.items()}
        assert told == held


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_pushed_copies_and_desks_agree(station: Station, seed):
    build(station)
    story = Story(station, seed)
    for number in range(60):
        story.step()
        if number == 40 and seed % 3 == 0:
            regrouping.merge(station.storage, B, A, station.clock.ms)
            story.desks = [desk for desk in story.desks if desk.scope != B]
        if number % 10 == 0:
            check(station)
    check(station)
    story.end()
