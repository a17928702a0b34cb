"""The protocol over a bare table: plain SQLite, one trigger for capture; no encryption, journal or search index.

It shows what the conversation itself costs, beside `linli_desk.py`, which shows what the product costs.

bare_desk.py FOLDER URL CODE
"""

import sqlite3
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import Any

from lines import read, serve

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from light import LightDesk

from desktop_app.sync.client import HttpTransport
from sync_protocol.digests import signed64, versions_hash
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
        """As a real desk: it reads the next batch while it waits, and stores while the page after is on its way."""
        before, numbers = self.line.requests, self._freeze(self._dirty(0))
        with ThreadPoolExecutor(1) as line:
            coming: Future[tuple[Ack | None, Page]] | None = line.submit(self.line.exchange)
            while coming:
                draft = self._dirty(numbers[-1]) if numbers else []
                ack, page = coming.result()
                coming = line.submit(self.line.exchange) if page.more and not numbers else None
                self._store(numbers, ack, page)
                if not coming:
                    numbers = self._freeze(draft)
                    coming = line.submit(self.line.exchange) if numbers or page.more else None
        (digest,) = self.db.execute("select digest from rest").fetchone()
        if page.digest != digest:
            raise RuntimeError("the digests differ")
        return {"done": True, "requests": self.line.requests - before}

    def _dirty(self, after: int) -> list[tuple[int, Change]]:
        sql = f"select no,mask,op,ts,id,seq,{LISTED} from dirty join person using(no) where no>? order by no limit ?"
        return [(row[0], self._change(row)) for row in self.db.execute(sql, (after, BATCH_ROWS))]

    def _freeze(self, draft: list[tuple[int, Change]]) -> list[int]:
        if draft:
            self.line.freeze([change for _, change in draft])
        return [number for number, _ in draft]

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
            digest += versions_hash("person", ((pk, seq) for seq, (_, pk, _) in told))
            digest -= versions_hash("person", ((pk, before) for _, (_, pk, before) in told))
        rows = [row for row in page.rows if row.table == "person"]
        held = self._held([row.id for row in rows])
        digest += versions_hash("person", ((row.id, row.seq) for row in rows)) - versions_hash("person", held.items())
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
