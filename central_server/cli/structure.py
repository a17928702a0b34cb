"""Units: make, rename, move, list."""

import argparse
import sys

from central_server import history, regrouping, units
from central_server.cli.opening import read, storage_of, write
from central_server.exchange import wall_clock
from central_server.storage import Session


def unit(args: argparse.Namespace) -> int:
    """`unit --scope --name` makes a community or renames a unit."""
    if args.scope is None or not args.name:
        print("请写明动作：create、rename、move 或 list；或 --scope 和 --name。", file=sys.stderr)
        return 2
    name = units.tidy_name(args.name)
    write(args, lambda session: history.open_unit(session, args.scope, name, wall_clock()))
    print(f"{args.scope} {name} 已建立。")
    return 0


def create(args: argparse.Namespace) -> int:
    def work(session: Session) -> None:
        units.create(session, args.scope, args.name, wall_clock(), kind=args.kind, parent=args.parent)

    write(args, work)
    print(f"{units.KINDS[args.kind]} {args.scope} {args.name} 已建立。")
    return 0


def rename(args: argparse.Namespace) -> int:
    write(args, lambda session: units.rename(session, args.scope, args.name))
    print(f"{args.scope} 已改名为 {args.name}。")
    return 0


def move(args: argparse.Namespace) -> int:
    write(args, lambda session: units.move(session, args.scope, args.parent))
    with storage_of(args) as storage:
        regrouping.place_again(storage, args.scope, wall_clock())
    print(f"{args.scope} 现在的上级是 {args.parent or '（无）'}。")
    return 0


def listed(args: argparse.Namespace) -> int:
    for one, depth in units.tree(read(args, units.everyone)):
        gone = "（已撤销）" if one.gone and not one.successor else f"（已并入 {one.successor}）" if one.gone else ""
        print(f"{'  ' * depth}{one.id}\t{units.KINDS.get(one.kind, one.kind)}\t{one.name}{gone}")
    return 0
