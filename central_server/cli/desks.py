"""Desks: let in, list, shut out."""

import argparse
import sys
from datetime import UTC, datetime

from central_server import devices, history, standing
from central_server.cli.opening import read, write
from central_server.devices import Device
from central_server.exchange import wall_clock
from central_server.standing import DeviceState
from central_server.storage import Session
from central_server.units import tidy_name
from sync_protocol.enrolment import CODE_MINUTES, CODE_TRIES


def enrol_code(args: argparse.Namespace) -> int:
    def work(session: Session) -> tuple[str, str] | None:
        if args.name:
            history.open_unit(session, args.scope, tidy_name(args.name), wall_clock())
        name = devices.unit_name(session, args.scope)
        return (name, devices.make_code(session, args.scope, wall_clock())) if name else None

    made = write(args, work)
    if made is None:
        print(f"还没有单位 {args.scope}。请加上 --name 单位名称。", file=sys.stderr)
        return 1
    name, code = made
    print(code)
    print(f"{name}：{CODE_MINUTES} 分钟内有效，只能用一次，最多试 {CODE_TRIES} 次。", file=sys.stderr)
    return 0


def listed(args: argparse.Namespace) -> int:
    def work(session: Session) -> list[DeviceState] | None:
        known = args.scope is None or devices.unit_name(session, args.scope)
        return standing.devices_of(session, wall_clock(), args.scope and [args.scope]) if known else None

    found = read(args, work)
    if found is None:
        print(f"没有单位 {args.scope}。", file=sys.stderr)
        return 1
    for device in found:
        print(_line(device))
    if not found:
        print("还没有接入的电脑。用 linli-central enrol-code 发一个接入码。", file=sys.stderr)
    return 0


def _line(device: DeviceState) -> str:
    seen = datetime.fromtimestamp(device.seen_at / 1000, UTC).astimezone()
    return f"{device.unit}\t{device.id}\t{device.name}\t{seen:%Y-%m-%d %H:%M}\t{device.words}"


def revoke(args: argparse.Namespace) -> int:
    def work(session: Session) -> tuple[list[Device], list[Device]]:
        named = [one for one in devices.listed(session, args.scope) if one.id == args.device]
        if len(named) != 1:
            return named, []
        return named, devices.revoke(session, named[0].scope, args.device, wall_clock())

    named, shut = write(args, work)
    for device in shut:
        print(f"已停用 {device.id} {device.name}")
    if len(named) > 1:
        units = "、".join(str(one.scope) for one in named)
        print(f"几个单位都有编号 {args.device} 的电脑（{units}），没有停用。请加上 --scope 单位编号。", file=sys.stderr)
    elif not shut:
        print(f"{named[0].name}早已停用。" if named else f"没有可停用的电脑 {args.device}。", file=sys.stderr)
    return 0 if shut else 1
