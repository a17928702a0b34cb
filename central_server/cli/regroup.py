"""What an administrator does to records without reading them: split, merge, erase, purge."""

import argparse
import sys

from central_server import erasing, purging, regrouping
from central_server.blobs import BLOBS, Blobs
from central_server.cli.opening import storage_of
from central_server.erasing import ErasedList
from central_server.exchange import wall_clock
from central_server.records import Key


def split(args: argparse.Namespace) -> int:
    """Moves what a list names to another community; says what could not be moved."""
    try:
        text = args.file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        print(f"“{args.file}”不是文本清单（UTF-8），什么也没有划转。请选桌面程序列出的清单。", file=sys.stderr)
        return 1
    keys, unread = listed(text), misread(text)
    if not keys:
        print(f"“{args.file}”里没有要划转的记录，什么也没有划转。每行写“表 编号”。", file=sys.stderr)
        return 1
    with storage_of(args) as storage:
        moved, left = regrouping.split(storage, args.unit, args.to, keys, wall_clock())
    print(f"已划转 {moved} 条记录及其所属记录。")
    if unread:
        print(f"清单第 {'、'.join(map(str, unread))} 行看不懂，没有划转。每行写“表 编号”。", file=sys.stderr)
    for table, record_id in left:
        print(f"没有划转：{table} {record_id}（不在本社区，或属于另一条记录）", file=sys.stderr)
    return 1 if left or unread else 0


def listed(text: str) -> list[Key]:
    """The records a list names: a table and an identifier in each line; blank lines and `#` are passed over."""
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(words[0], words[1]) for words in lines if len(words) > 1]


def misread(text: str) -> list[int]:
    """Lines, from 1, that are neither blank nor a comment and name no record: a list that was cut off, say."""
    lines = enumerate(text.splitlines(), 1)
    return [number for number, line in lines if line.strip() and line[0] != "#" and len(line.split()) == 1]


def merge(args: argparse.Namespace) -> int:
    """Moves everything into another community and closes this one; may be run again after an interruption."""
    with storage_of(args) as storage:
        count = regrouping.merge(storage, args.unit, args.into, wall_clock())
    print(f"{args.unit} 已并入 {args.into}，划转了 {count} 条记录。它的电脑下次同步时自动转接。")
    return 0


def erase(args: argparse.Namespace) -> int:
    """Erases one record of a unit, and what follows it."""
    with storage_of(args) as storage:
        try:
            done = erasing.erase(storage, ErasedList(args.data), args.scope, (args.table, args.id), wall_clock())
        except LookupError:
            print(f"{args.scope} 没有自己的记录 {args.table} {args.id}。", file=sys.stderr)
            return 1
        Blobs(args.data / BLOBS).forget(storage, done.blobs, done.keys)
    print(f"已清除 {len(done.entries)} 条记录的内容；各台电脑下次同步时清除。")
    return 0


def purge(args: argparse.Namespace) -> int:
    """Forgets old tombstones and thins old marks in every unit."""
    with storage_of(args) as storage:
        done = purging.purge(storage, wall_clock())
        erasing.wipe(storage, wall_clock())
    rows, marks = (sum(column) for column in zip((0, 0), *done.values(), strict=True))
    print(f"{len(done)} 个单位，清理了 {rows} 条删除痕迹和 {marks} 个同步标记。")
    return 0
