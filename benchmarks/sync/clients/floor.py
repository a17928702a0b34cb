"""The floor: rows out of plain SQLite, JSON, zstd, one POST, into plain SQLite; nothing is checked, merged or proved.

floor.py server FOLDER PORT
floor.py desk FOLDER URL
"""

import http.client
import sqlite3
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import orjson
import zstandard
from lines import read, serve

BATCH: Final = 5000
Row = dict[str, Any]


def pack(rows: list[tuple[Any, ...]]) -> bytes:
    """Rows column by column, as the product sends them: row by row they take 10 % more."""
    return zstandard.ZstdCompressor(level=3).compress(orjson.dumps(list(zip(*rows, strict=True))))


def unpack(body: bytes) -> list[tuple[Any, ...]]:
    return list(zip(*orjson.loads(zstandard.ZstdDecompressor().decompress(body)), strict=True))


def opened(folder: Path) -> sqlite3.Connection:
    folder.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(folder / "floor.db", isolation_level=None, check_same_thread=False)
    db.executescript("pragma journal_mode=wal; pragma synchronous=full;")
    return db


def store(db: sqlite3.Connection, rows: list[tuple[Any, ...]]) -> None:
    """Whole rows; the number of the row on the server is its first cell, the identifier its second."""
    marks = ",".join("?" * len(rows[0]))
    db.execute("begin")
    names = ",".join(f"c{at}" for at in range(len(rows[0]) - 2))
    db.execute(f"create table if not exists r(seq integer, id text primary key, {names})")
    db.execute("create index if not exists r_seq on r(seq)")
    db.executemany(f"insert or replace into r values({marks})", rows)
    db.execute("commit")


def serve_http(folder: Path, port: int) -> None:
    db = opened(folder)
    seq = 0

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_POST(self) -> None:
            nonlocal seq
            body = self.rfile.read(int(self.headers["content-length"]))
            reply = b""
            if self.path == "/push":
                rows = unpack(body)
                store(db, [(seq + at, *row) for at, row in enumerate(rows, 1)])
                seq += len(rows)
                reply = str(seq).encode()
            else:
                sql = "select * from r where seq>? order by seq limit ?"
                found = db.execute(sql, (int(body), BATCH)).fetchall()
                reply = pack(found) if found else b""
            self.send_response(200)
            self.send_header("content-length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


class Desk:
    def __init__(self, folder: Path, url: str) -> None:
        self.db = opened(folder)
        self.line = http.client.HTTPConnection(urlsplit(url).netloc)
        self.cur = 0
        self.waiting: list[str] = []

    def add(self, file: str | None = None, rows: list[Row] | None = None) -> None:
        given = read(file, rows)
        store(self.db, [(0, *row.values()) for row in given])
        self.waiting = [row["id"] for row in given]

    def push(self) -> Row:
        for start in range(0, len(self.waiting), BATCH):
            ids = orjson.dumps(self.waiting[start : start + BATCH]).decode()
            found = self.db.execute("select * from r where id in (select value from json_each(?))", (ids,)).fetchall()
            self.cur = int(self._post("/push", pack([row[1:] for row in found])))
        self.waiting = []
        return {"done": True}

    def pull(self) -> Row:
        while reply := self._post("/pull", str(self.cur).encode()):
            rows = unpack(reply)
            store(self.db, rows)
            self.cur = rows[-1][0]
        return {"done": True}

    def _post(self, path: str, body: bytes) -> bytes:
        self.line.request("POST", path, body)
        return self.line.getresponse().read()

    def count(self) -> Row:
        return {"count": self.db.execute("select count(*) from r").fetchone()[0]}

    def close(self) -> None:
        self.db.close()


def main() -> None:
    role, folder, where = sys.argv[1:]
    if role == "server":
        serve_http(Path(folder), int(where))
    else:
        desk = Desk(Path(folder), where)
        serve({verb: getattr(desk, verb) for verb in ("add", "push", "pull", "count", "close")})


if __name__ == "__main__":
    main()
