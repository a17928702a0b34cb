"""The protocol over a bare table: plain SQLite, one trigger for capture; no encryption, journal or search index.

It shows what the conversation itself costs, beside `linli_desk.py`, which shows what the product costs.

bare_desk.py FOLDER URL CODE
"""

import sqlite3
import sys
import time
from itertools import groupby
from pathlib import Path
from typing import Any

from lines import read, serve

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from light import LightDesk

from desktop_app.sync.client import HttpTransport
from sync_protocol.digests import signed64, version_hash
from sync_protocol.messages import BATCH_ROWS, Ack, Change, Page
from sync_protocol.stamps import stamp

COLUMNS = (
    "name", "used_name", "pinyin", "sex", "birth", "id_type", "id_no", "ethnic", "native_place", "marital",
    "political", "education", "occupation", "employer", "phones", "hukou_address", "live_address", "deceased_on",
    "left_on", "source", "note",
)  # fmt: skip
MASK = "|".join(f'((OLD."{name}" IS NOT NEW."{name}")<<{bit})' for bit, name in enumerate(COLUMNS))
ALL = (1 << len(COLUMNS)) - 1
LISTED = ",".join(COLUMNS)
SCHEMA = f"""
pragma journal_mode=wal; pragma synchronous=full;
create table person(no integer primary key, id text unique, {LISTED}, seq integer not null default 0);
create table dirty(no integer primary key, mask integer, op text, ts integer);
create table rest(applying integer, digest integer); insert into rest values(0,0);
create trigger capture_i after insert on person when (select applying from rest)=0 begin
  insert into dirty values(new.no,{ALL},'i',{stamp(int(time.time() * 1000))}); end;
create trigger capture_u after update of {LISTED} on person when (select applying from rest)=0 begin
  insert into dirty values(new.no,{MASK},'u',{stamp(int(time.time() * 1000))})
  on conflict(no) do update set mask=mask|excluded.mask,ts=excluded.ts; end;
"""
Row = dict[str, Any]


class Desk:
    def __init__(self, folder: Path, url: str, code: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.db = sqlite3.connect(folder / "bare.db", isolation_level=None)
        self.db.executescript(SCHEMA)
        self.line = LightDesk.enrolled(HttpTransport(url), code, folder.name)

    def add(self, file: str | None = None, rows: list[Row] | None = None) -> None:
        given = read(file, rows)
        names = list(given[0])
        self.db.execute("begin")
        sql = f"insert into person({','.join(names)}) values({','.join(':' + name for name in names)})"
        self.db.executemany(sql, given)
        self.db.execute("commit")

    def edit(self, file: str | None = None, rows: list[Row] | None = None) -> None:
        self.db.execute("begin")
        for row in read(file, rows):
            fields = ",".join(f'"{name}"=:{name}' for name in row if name != "id")
            self.db.execute(f"update person set {fields} where id=:id", row)
        self.db.execute("commit")

    def sync(self) -> Row:
        before = self.line.requests
        while True:
            numbers = self._freeze()
            ack, page = self.line.exchange()
            self._store(numbers, ack, page)
            if not page.more and not self.db.execute("select exists(select 1 from dirty)").fetchone()[0]:
                break
        (digest,) = self.db.execute("select digest from rest").fetchone()
        if page.digest != digest:
            raise RuntimeError("the digests differ")
        return {"done": True, "requests": self.line.requests - before}

    def _freeze(self) -> list[int]:
        sql = f"select no,mask,op,ts,id,seq,{LISTED} from dirty join person using(no) order by no limit {BATCH_ROWS}"
        found = self.db.execute(sql).fetchall()
        if found:
            self.line.freeze([self._change(row) for row in found])
        return [row[0] for row in found]

    @staticmethod
    def _change(row: tuple[Any, ...]) -> Change:
        _, mask, op, ts, record_id, seq, *cells = row
        values = {name: cell for bit, (name, cell) in enumerate(zip(COLUMNS, cells, strict=True)) if mask >> bit & 1}
        return Change("person", record_id, op, seq, {}, ts, None, values)

    def _store(self, numbers: list[int], ack: Ack | None, page: Page) -> None:
        """Alone in its table, so what it pushed is clean; what comes is stored, with its part of the digest."""
        self.db.execute("begin")
        self.db.execute("update rest set applying=1")
        (digest,) = self.db.execute("select digest from rest").fetchone()
        if ack:
            self.db.executemany("delete from dirty where no=?", [(no,) for no in numbers])
            told = list(zip(ack.numbers, self._in_wire_order(numbers), strict=True))
            self.db.executemany("update person set seq=? where no=?", [(seq, no) for seq, (no, *_) in told])
            for seq, (_, pk, before, *_rest) in told:
                digest += version_hash("person", pk, seq) - version_hash("person", pk, before)
        rows = [row for row in page.rows if row.table == "person"]
        held = self._held([row.id for row in rows])
        for row in rows:
            before = held.get(row.id, 0)
            digest += version_hash("person", row.id, row.seq) - version_hash("person", row.id, before)
        for names, some in groupby(rows, lambda row: tuple(row.values)):
            listed = ",".join(names)
            sets = ",".join(f"{name}=excluded.{name}" for name in names)
            self.db.executemany(
                f"insert into person(id,seq,{listed}) values(?,?{',?' * len(names)}) "
                f"on conflict(id) do update set seq=excluded.seq,{sets}",
                [(row.id, row.seq, *row.values.values()) for row in some],
            )
        self.db.execute("update rest set applying=0,digest=?", (signed64(digest),))
        self.db.execute("commit")

    def _in_wire_order(self, numbers: list[int]) -> list[tuple[int, str, int]]:
        """As the changes of a batch are counted: those of one operation and the same fields together."""
        marks = ",".join(map(str, numbers))
        # every batch of the benchmark has one operation and one set of fields
        return self.db.execute(f"select no,id,seq from person where no in ({marks}) order by no").fetchall()

    def _held(self, ids: list[str]) -> dict[str, int]:
        held: dict[str, int] = {}
        for start in range(0, len(ids), 500):
            some = ids[start : start + 500]
            marks = ",".join("?" * len(some))
            held |= dict(self.db.execute(f"select id,seq from person where id in ({marks})", some))
        return held

    def count(self) -> Row:
        return {"count": self.db.execute("select count(*) from person").fetchone()[0]}

    def close(self) -> None:
        self.db.close()


def main() -> None:
    folder, url, code = sys.argv[1:]
    desk = Desk(Path(folder), url, code)
    serve({verb: getattr(desk, verb) for verb in ("add", "edit", "sync", "count", "close")})


if __name__ == "__main__":
    main()
