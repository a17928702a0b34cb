"""What keeps a server well: numbers, copies, a look at a copy before it is needed, an export, the reports."""

import argparse
import os
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import orjson

from central_server import standing
from central_server.cli.opening import FILE, read, settings_of, storage_of
from central_server.exchange import wall_clock
from central_server.rollups import reader
from central_server.storage import Session

PAGES: Final = 2000
PG_DUMP: Final = b"PGDMP"
"""How a file of `pg_dump -Fc` begins."""
AT_ONCE: Final = 2000


def stats(args: argparse.Namespace) -> int:
    """One line per unit: desks in use (a desk that took a new identity counts once), records, conflicts, set aside."""
    where, params = ("where h.scope_id=?", (args.scope,)) if args.scope else ("", ())

    def work(session: Session) -> list[tuple[Any, ...]]:
        found = session.rows(
            "select u.id,u.name,"
            "(select count(*) from record r where r.scope_id=h.scope_id and r.sync_del=0),h.next_seq-1,"
            "(select count(*) from record r where r.scope_id=h.scope_id and r.tbl='conflict' and r.sync_del=0),"
            "(select count(*) from quarantine q where q.scope_id=h.scope_id) "
            f"from scope_head h join unit u on u.id=h.scope_id {where} order by u.id",
            *params,
        )
        desks = standing.devices_of(session, wall_clock(), params or None)
        using = Counter(one.unit for one in desks if one.mood != "off")
        return [(number, name, using[number], *rest) for number, name, *rest in found]

    rows = read(args, work)
    if args.scope and not rows:
        print(f"没有单位 {args.scope}。", file=sys.stderr)
        return 1
    print("单位\t名称\t电脑\t记录\t序号\t冲突记录\t搁置")
    for row in rows:
        print(*row, sep="\t")
    return 0


def export(args: argparse.Namespace) -> int:
    """The records of a unit, one JSON object per line; keys, codes and nonces are in other tables and stay there."""

    def lines(session: Session) -> Iterator[bytes]:
        seq = 0
        while rows := session.rows(
            "select sync_seq,tbl,id,fields,sync_ts,sync_dev,sync_by,sync_del,home from record "
            "where scope_id=? and sync_seq>? order by sync_seq limit ?",
            args.scope,
            seq,
            AT_ONCE,
        ):
            for row in rows:
                yield _exported(row)
            seq = rows[-1][0]

    def work(session: Session) -> int:
        if session.row("select 1 from unit where id=?", args.scope) is None:
            print(f"没有单位 {args.scope}。", file=sys.stderr)
            return 1
        if args.to is None:
            sys.stdout.buffer.writelines(lines(session))
            return 0
        descriptor = os.open(args.to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # it holds personal data
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(lines(session))
        return 0

    return read(args, work)


def _exported(row: tuple[Any, ...]) -> bytes:
    seq, table, record_id, fields, ts, device, by, gone, home = row
    body = {} if gone else orjson.loads(fields)  # what was deleted has no content outside
    line = {
        "seq": seq,
        "table": table,
        "id": record_id,
        "gone": gone,
        "home": home,
        "ts": ts,
        "device": device,
        "by": by,
    }
    return orjson.dumps({**line, "fields": body}) + b"\n"


def backup(args: argparse.Namespace) -> int:
    """A consistent copy of the SQLite file while the server runs; written beside and put in place when it is whole."""
    settings = settings_of(args)
    args.data = settings.data
    if settings.database:
        print("PostgreSQL 请用 pg_dump -Fc 或时间点恢复备份，见 docs/server.md。什么也没有做。", file=sys.stderr)
        return 1
    source, beside = settings.data / FILE, args.to.with_name(args.to.name + ".part")
    if not source.exists() or args.to.exists():
        print(f"{source} 不存在。" if not source.exists() else f"{args.to} 已经存在，不覆盖。", file=sys.stderr)
        return 1
    os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        _copy(source, beside)
        beside.replace(args.to)
    finally:
        beside.unlink(missing_ok=True)  # half of a backup, if the disk is full
    print(f"已备份到 {args.to}（{args.to.stat().st_size >> 10} KB）。")
    return 0


def _begins(path: Path, mark: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(mark)) == mark


def _copy(source: Path, target: Path) -> None:
    here = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)
    with closing(here), closing(sqlite3.connect(target)) as there:
        here.backup(there, pages=PAGES)
        there.execute("pragma journal_mode=delete")
    with target.open("rb") as file:
        os.fsync(file.fileno())


def restore_check(args: argparse.Namespace) -> int:
    """Opens a copy read-only and says what it holds and how far it is behind the running server."""
    settings = settings_of(args)
    args.data = settings.data
    if not args.copy.is_file():
        print(f"没有文件 {args.copy}。", file=sys.stderr)
        return 1
    if _begins(args.copy, PG_DUMP):
        print(
            f"“{args.copy}”是 PostgreSQL 的备份：先用 createdb 和 pg_restore 恢复成一个新库（不动现在的），"
            "再用 stats --database 看这个新库。见 docs/server.md。",
            file=sys.stderr,
        )
        return 1
    try:
        copy, fault = _look(args.copy)
    except sqlite3.DatabaseError as error:
        print(f"“{args.copy}”不是 central.db 的备份，或已损坏（{error}）。请换一份备份。", file=sys.stderr)
        return 1
    present = _look(settings.data / FILE)[0] if not settings.database and (settings.data / FILE).exists() else {}
    print(f"完整性：{fault}")
    for scope, unit in copy.items():
        name, epoch, head, marks, records, devices = unit
        held = f"纪元 {epoch}\t序号 {head}\t标记 {marks}\t记录 {records}\t电脑 {devices}"
        print(f"{scope}\t{name}\t{held}\t{_behind(present.get(scope), epoch, head)}")
    for scope in present.keys() - copy.keys():
        print(f"{scope}\t{present[scope][0]}\t备份里没有这个单位")
    return 0 if fault == "ok" else 1


_Unit = tuple[str, str, int, int, int, int]


def _look(path: Path) -> tuple[dict[int, _Unit], str]:
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        ((fault,),) = connection.execute("pragma integrity_check(1)").fetchall()
        rows = connection.execute(
            "select h.scope_id,u.name,h.epoch,h.next_seq-1,(select count(*) from mark m where m.scope_id=h.scope_id),"
            "(select count(*) from record r where r.scope_id=h.scope_id and r.sync_del=0),"
            "(select count(*) from device d where d.scope_id=h.scope_id) "
            "from scope_head h join unit u on u.id=h.scope_id order by h.scope_id"
        ).fetchall()
    return {row[0]: row[1:] for row in rows}, str(fault)


def _behind(present: _Unit | None, epoch: str, head: int) -> str:
    if present is None:
        return "运行中的服务器没有这个单位"
    if present[1] != epoch:
        return "与运行中的服务器不是同一代（纪元不同）"
    missing = present[2] - head
    if missing <= 0:
        return "与运行中的服务器一样新" if missing == 0 else "比运行中的服务器还新"
    return f"比运行中的服务器旧 {missing} 个序号；恢复后各电脑会自动补传"


def rollup(args: argparse.Namespace) -> int:
    """Brings the reports up to date."""
    with storage_of(args) as storage:
        done = reader.refresh(storage, rebuild=args.rebuild)
    print(f"更新了 {done.units} 个单位，读了 {done.records} 条记录。")
    return 0
