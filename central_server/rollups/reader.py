"""Reads on from where it stopped in each unit, keeps the few fields that count, and counts what they touch.

Of events only the difference is counted; a stock, which may hang on several records, is counted anew within its unit.

It can be stopped at any moment and started again: the cursor moves in the transaction that stores what was read.  A
unit that was restored from a backup, or whose old tombstones were forgotten unseen, is read from its beginning.
"""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import orjson

from central_server.exchange import wall_clock
from central_server.rollups import appeals, tables
from central_server.rollups.counting import counted
from central_server.rollups.figures import FIGURES, TABLES, Flow, Stock, Told
from central_server.rollups.refs import KEPT
from central_server.storage import Session, Storage
from sync_protocol.messages import Gone

AT_ONCE: Final = 2000
EVENTS: Final = "appeal_event"
UNFINISHED: Final = 0
"""The version of a unit that was not read to its head yet: all its figures are counted when it is."""


class Refreshed(NamedTuple):
    """What a refresh did."""

    units: int
    records: int


class _Place(NamedTuple):
    scope: int
    seq: int
    version: int
    head: int
    epoch: str


def refresh(storage: Storage, *, rebuild: bool = False, at_once: int = AT_ONCE) -> Refreshed:
    """Brings the reporting tables up to date; `rebuild` starts from the beginning."""
    if rebuild:
        _forget_everything(storage)
    read, behind = 0, _behind(storage)
    for scope in behind:
        more = True
        while more:
            with storage.writing() as session:
                count, more = _step(session, scope, at_once)
            read += count
    return Refreshed(len(behind), read)


def _forget_everything(storage: Storage) -> None:
    with storage.writing() as session:
        session.run("delete from report_cursor")


def _behind(storage: Storage) -> list[int]:
    with storage.reading() as session:
        found = session.rows(
            "select h.scope_id from scope_head h left join report_cursor c on c.scope_id=h.scope_id "
            "where c.scope_id is null or c.seq<>h.next_seq-1 or c.epoch<>h.epoch or c.version<>? order by h.scope_id",
            tables.VERSION,
        )
    return [row[0] for row in found]


def _step(session: Session, scope: int, at_once: int) -> tuple[int, bool]:
    """Reads some records; (how many, whether there are more)."""
    place = _locked(session, scope)
    rows = session.rows(
        "select tbl,id,fields,sync_seq,sync_del,home from record where scope_id=? and sync_seq>? and sync_seq<=? "
        "order by sync_seq limit ?",
        scope,
        place.seq,
        place.head,
        at_once,
    )
    more = len(rows) == at_once
    whole = place.version != tables.VERSION or more
    seen = _Seen(session, scope, rows)
    if not whole:
        seen.count_events()
    seen.keep()
    if not more:
        again = [one for one in FIGURES if whole or (not isinstance(one, Flow) and one.tables & seen.tables)]
        _count(session, scope, again)
    session.run(
        "update report_cursor set seq=?,epoch=?,version=?,at=? where scope_id=?",
        rows[-1][3] if more else place.head,
        place.epoch,
        UNFINISHED if more else tables.VERSION,
        wall_clock(),
        scope,
    )
    return len(rows), more


def _locked(session: Session, scope: int) -> _Place:
    """Where the reader stands in a unit; locked, so that two readers take turns."""
    session.run(
        "insert into report_cursor(scope_id,seq,epoch,version,at) values(?,0,'',?,0) on conflict(scope_id) do nothing",
        scope,
        UNFINISHED,
    )
    session.run("update report_cursor set at=at where scope_id=?", scope)
    ((seq, epoch, version),) = session.rows("select seq,epoch,version from report_cursor where scope_id=?", scope)
    ((next_seq, life, purged),) = session.rows("select next_seq,epoch,purged from scope_head where scope_id=?", scope)
    # one that is under way began after whatever was forgotten, so only a finished reading can have missed tombstones
    unseen = version == tables.VERSION and seq < purged
    if epoch != life or seq >= next_seq or unseen or version not in {tables.VERSION, UNFINISHED}:
        session.run("delete from report_fact where scope_id=?", scope)
        seq, version = 0, UNFINISHED
    return _Place(scope, seq, version, next_seq - 1, life)


class _Seen:
    """Some records that were read: what counts of those alive and at home here, and which are gone from here."""

    def __init__(self, session: Session, scope: int, rows: Iterable[tuple[Any, ...]]) -> None:
        self._session = session
        self._scope = scope
        self._alive: dict[str, dict[str, Any]] = {}
        self._gone: dict[str, list[str]] = {}
        for table, record_id, fields, seq, deleted, home in rows:
            if table not in TABLES:
                continue
            if table == EVENTS and home == scope and deleted == Gone.DELETED:
                before = self._kept_before(record_id)
                if before:
                    self._alive.setdefault(table, {})[record_id] = appeals.taken_back(before, seq)
            elif deleted or home != scope:
                self._gone.setdefault(table, []).append(record_id)
            else:
                self._alive.setdefault(table, {})[record_id] = _kept(table, orjson.loads(fields), seq)
        self.tables = self._alive.keys() | self._gone.keys()

    def count_events(self) -> None:
        """What the records add to the flows, less what they were counted as before: no other record is looked at."""
        for figure in FIGURES:
            if not isinstance(figure, Flow) or figure.table not in self.tables:
                continue
            change = counted(figure, {figure.table: self._alive.get(figure.table, {})})
            change.subtract(counted(figure, {figure.table: self._kept_of(figure.table)}))
            self._session.many(
                "insert into report_figure(scope_id,figure,month,part,n) values(?,?,?,?,?) "
                "on conflict(scope_id,figure,month,part) do update set n=report_figure.n+excluded.n",
                [(self._scope, figure.key, month, part, n) for (month, part), n in change.items() if n],
            )
            self._session.run(
                "delete from report_figure where scope_id=? and figure=? and n=0", self._scope, figure.key
            )

    def _kept_before(self, record_id: str) -> dict[str, Any]:
        """An event of an appeal as it was before it was deleted."""
        sql = "select body from report_fact where scope_id=? and tbl=? and id=?"
        found = self._session.row(sql, self._scope, EVENTS, record_id)
        return dict(orjson.loads(found[0])) if found else {}

    def _kept_of(self, table: str) -> dict[str, Any]:
        """What was kept so far of the records of a table that were read now."""
        ids = [*self._alive.get(table, ()), *self._gone.get(table, ())]
        found = self._session.rows(
            "select id,body from report_fact where scope_id=? and tbl=? and id = any(?)", self._scope, table, ids
        )
        return {record_id: orjson.loads(body) for record_id, body in found}

    def keep(self) -> None:
        """Keeps what counts, drops the rest."""
        self._session.many(
            "insert into report_fact(scope_id,tbl,id,body) values(?,?,?,?) "
            "on conflict(scope_id,tbl,id) do update set body=excluded.body",
            [
                (self._scope, table, record_id, orjson.dumps(body).decode())
                for table, bodies in self._alive.items()
                for record_id, body in bodies.items()
            ],
        )
        self._session.many(
            "delete from report_fact where scope_id=? and tbl=? and id=?",
            [(self._scope, table, record_id) for table, ids in self._gone.items() for record_id in ids],
        )


def _kept(table: str, values: dict[str, Any], seq: int) -> dict[str, Any]:
    """What counts of a record."""
    if table == EVENTS:
        return appeals.kept(values, seq)
    return {name: values[name] for name in KEPT[table] if values.get(name) is not None}


def _count(session: Session, scope: int, figures: list[Stock | Flow | Told]) -> None:
    wanted = {table for figure in figures for table in figure.tables}
    facts: dict[str, dict[str, Any]] = {table: {} for table in wanted}
    for table in wanted:
        found = session.rows("select id,body from report_fact where scope_id=? and tbl=?", scope, table)
        facts[table] = {record_id: orjson.loads(body) for record_id, body in found}
    for figure in figures:
        session.run("delete from report_figure where scope_id=? and figure=?", scope, figure.key)
        session.many(
            "insert into report_figure(scope_id,figure,month,part,n) values(?,?,?,?,?)",
            [(scope, figure.key, month, part, n) for (month, part), n in counted(figure, facts).items()],
        )
