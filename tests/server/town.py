"""A small town on a server under test: a tree of units, desks that keep what they are told, and what must always hold.

城市 1 > 区 11 > 街道 111 (社区 A, B; 部门 1118) and 街道 112 (社区 C); 部门 118 of the district.
"""

import orjson

from central_server import history
from sync_protocol.behaviours import Reach, rules_of, units_named
from sync_protocol.digests import signed64, version_hash
from sync_protocol.messages import Change, Gone, Row
from tests.server.conftest import Speaker, Station

CITY, DISTRICT, STREET, STREET_2 = 420200, 420299, 420299001, 420299002
A, B, C = 420299001002, 420299001003, 420299002001
BUREAU, OFFICE, OFFICE_2 = 420299900, 420299001900, 420299002900
TREE = (
    (CITY, "某市", "city", None),
    (DISTRICT, "某区", "district", CITY),
    (STREET, "一街", "street", DISTRICT),
    (STREET_2, "二街", "street", DISTRICT),
    (BUREAU, "区民政局", "department", DISTRICT),
    (OFFICE, "一街派出所", "department", STREET),
    (OFFICE_2, "二街派出所", "department", STREET_2),
    (A, "甲社区", "community", STREET),
    (B, "乙社区", "community", STREET),
    (C, "丙社区", "community", STREET_2),
)
UNITS = tuple(row[0] for row in TREE)
VANISHED = (Gone.ERASED, Gone.WITHDRAWN, Gone.MOVED)


def build(station: Station) -> None:
    with station.storage.writing() as session:
        for number, name, kind, parent in TREE:
            history.open_unit(session, number, name, station.clock.ms, kind=kind, parent=parent)


class Desk(Speaker):
    """A desk with a replica: the last version of every record it was told."""

    def __init__(self, station: Station, unit: int, name: str = "一号机") -> None:
        super().__init__(station, name, unit)
        self.rows: dict[tuple[str, str], Row] = {}
        self.refused: list[str] = []

    def push(self, *changes: Change) -> None:
        """One exchange; keeps what the answer says."""
        ack, page = self.sync(*changes)
        if ack:
            batch = self._in_wire_order(changes)
            for change, seq in zip(batch, ack.numbers, strict=True):
                self._settle(change, seq)
            self.refused = [code for _, code in ack.refused]
            self._take(ack.truth)
        self._take(page.rows)
        while page.more:
            _, page = self.sync()
            self._take(page.rows)
        if page.digest is not None:
            assert page.digest == self.digest, "what the desk was told is all there is"

    pull = push

    @staticmethod
    def _in_wire_order(changes):
        from sync_protocol.messages import in_wire_order

        return in_wire_order(changes)

    def _settle(self, change: Change, seq: int) -> None:
        if not seq:
            return
        held = self.rows.get((change.table, change.id))
        values = {**(held.values if held else {}), **change.values}
        gone = Gone.DELETED if change.op == "d" else Gone.ALIVE
        home = held.home if held else 0
        row = Row(change.table, change.id, seq, change.ts, self.device, change.by, gone, values, home)
        self.rows[change.table, change.id] = row if gone == Gone.ALIVE else row._replace(values={})

    def _take(self, rows: list[Row]) -> None:
        for row in rows:
            held = self.rows.get((row.table, row.id))
            if held is None or row.seq >= held.seq:
                self.rows[row.table, row.id] = row

    @property
    def digest(self) -> int:
        return signed64(sum(version_hash(row.table, row.id, row.seq) for row in self.rows.values()))

    def row(self, table: str, record_id: str) -> Row | None:
        return self.rows.get((table, record_id))

    def values(self, table: str, record_id: str) -> dict | None:
        """The content of a living record."""
        row = self.row(table, record_id)
        return row.values if row and row.gone == Gone.ALIVE else None

    def gone(self, table: str, record_id: str) -> int | None:
        row = self.row(table, record_id)
        return int(row.gone) if row else None

    def new(self, table: str, record_id: str, *, ts: int = 1, **values: object) -> Change:
        return Change(table, record_id, "i", 0, {}, ts, "clerk1", dict(values))

    def edit(self, table: str, record_id: str, *, ts: int = 1, **values: object) -> Change:
        return Change(table, record_id, "u", self.base(table, record_id), {}, ts, "clerk1", dict(values))

    def drop(self, table: str, record_id: str, *, ts: int = 1) -> Change:
        return Change(table, record_id, "d", self.base(table, record_id), {}, ts, "clerk1", {})

    def base(self, table: str, record_id: str) -> int:
        row = self.row(table, record_id)
        return row.seq if row else 0

    def conflicts(self) -> list[dict]:
        return [row.values for row in self.rows.values() if row.table == "conflict" and row.gone == Gone.ALIVE]


# ------------------------------------------------------------------------------------------ what must always hold


def stored(station: Station):
    """Everything, by unit and key: (fields, seq, kind, home, parent, holders, ts, device)."""
    found = {}
    sql = "select scope_id,tbl,id,fields,sync_seq,sync_del,home,parent,holders,sync_ts,sync_dev from record"
    for unit, table, pk, fields, seq, gone, home, parent, holders, ts, device in station.rows(sql):
        units = tuple(int(one) for one in holders.strip(",").split(",")) if holders else ()
        found[unit, table, pk] = (orjson.loads(fields), seq, gone, home, parent, units, ts, device)
    return found


def last(successor: dict[int, int], unit: int) -> int:
    """Where a unit is after all mergers."""
    while unit in successor:
        unit = successor[unit]
    return unit


def check(station: Station) -> None:
    """The laws of units, copies and digests, looked up in the tables."""
    records = stored(station)
    successor = dict(station.rows("select id,successor from unit where successor is not null"))
    for unit, next_seq, digest in station.rows("select scope_id,next_seq,digest from scope_head"):
        own = {key[1:]: row[1] for key, row in records.items() if key[0] == unit}
        assert signed64(sum(version_hash(*key, seq) for key, seq in own.items())) == digest, "digest is the sum"
        assert all(0 < seq < next_seq for seq in own.values()), "numbers lie below the head"
    for (unit, table, pk), (fields, _, gone, home, parent, holders, ts, device) in records.items():
        if gone in VANISHED:
            assert fields == {}, "what has gone has no content"
            continue
        assert unit not in holders
        if home == unit:
            rules = rules_of(table)
            if rules.reach is Reach.HOME and not rules.follows:
                assert holders == (), "what stays at home is nowhere else"
            if rules.reach is Reach.NAMED:
                assert set(holders) <= {last(successor, one) for one in units_named(fields.get("audience"))}
        for other in holders:
            copy = records[other, table, pk]
            assert copy[0] == fields, ("copies are equal", unit, other, table, pk, copy, fields, gone)
            assert (copy[2], copy[3], copy[4], copy[6], copy[7]) == (gone, home, parent, ts, device)
            assert {other, *copy[5]} == {unit, *holders}, "all who have it know of each other"
        if home != unit:
            assert home in holders, "a copy has a home"
        if parent and (above := records.get((unit, *parent.split("/", 1)))) and above[3] == home and home == unit:
            assert above[2] in VANISHED or set(above[5]) == set(holders), (
                "what follows is where it follows to",
                (unit, table, pk, parent),
                above[5],
                holders,
            )
