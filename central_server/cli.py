"""`linli-central`: starts the server and does what an administrator needs.

linli-central serve                                     everything has a default
linli-central enrol-code --scope 420299001001 --name 红旗桥社区
linli-central devices
"""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from central_server import devices, history
from central_server.exchange import Central, wall_clock
from central_server.storage import Session
from central_server.storage.sqlite import SqliteStorage
from sync_protocol.enrolment import CODE_MINUTES, CODE_TRIES

PORT: Final = 8750
FILE: Final = "central.db"
LOG_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s %(message)s"
LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
DAY_MS: Final = 86_400_000


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code."""
    args = _parser().parse_args(argv)
    verb: Callable[[argparse.Namespace], int] = args.verb
    try:
        return verb(args)
    except (OSError, RuntimeError) as error:
        print(f"无法打开数据文件夹 {args.data}：{error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="linli-central", description="邻里工作站 中心服务器")
    verbs = parser.add_subparsers(required=True, metavar="命令")
    serve = _verb(verbs, "serve", "启动服务器", _serve)
    serve.add_argument("--host", default="127.0.0.1", help="监听地址（默认只限本机）")
    serve.add_argument("--port", type=int, default=PORT)
    serve.add_argument("--cert", type=Path, help="TLS 证书（PEM）")
    serve.add_argument("--key", type=Path, help="TLS 私钥（PEM）")
    unit = _verb(verbs, "unit", "建立或改名一个社区", _unit)
    unit.add_argument("--scope", type=int, required=True, help="社区的 12 位区划代码")
    unit.add_argument("--name", required=True)
    code = _verb(verbs, "enrol-code", "为一台电脑发一个接入码", _enrol_code)
    code.add_argument("--scope", type=int, required=True)
    code.add_argument("--name", help="社区名称；社区还没有建立时必填")
    listing = _verb(verbs, "devices", "列出已接入的电脑", _devices)
    listing.add_argument("--scope", type=int)
    revoke = _verb(verbs, "revoke", "停用一台电脑", _revoke)
    revoke.add_argument("--device", type=int, required=True)
    return parser


def _verb(verbs: object, name: str, words: str, verb: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=words)  # type: ignore[attr-defined]
    parser.add_argument("--data", type=Path, default=default_data(), help="数据文件夹（默认 %(default)s）")
    parser.set_defaults(verb=verb)
    return parser


def default_data() -> Path:
    """Where the server keeps its data unless told otherwise."""
    if told := os.environ.get("LINLI_CENTRAL_DATA"):
        return Path(told)
    base = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "linli-central"


def open_storage(folder: Path) -> SqliteStorage:
    """The store in a data folder, made if it is not there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return SqliteStorage(folder / FILE)


def _serve(args: argparse.Namespace) -> int:
    import uvicorn

    from central_server.app import make_app

    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    storage = open_storage(args.data)
    print(f"邻里工作站中心服务器：{args.host}:{args.port}，数据在 {args.data}。按 Ctrl+C 停止。")
    if args.cert is None and args.host not in LOOPBACK:
        print("注意：没有加密。请用 --cert 和 --key 给出证书，或放在加密的网关之后。", file=sys.stderr)
    uvicorn.run(
        make_app(Central(storage)),
        host=args.host,
        port=args.port,
        ssl_certfile=args.cert,
        ssl_keyfile=args.key,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    return 0


def _write(folder: Path, work: Callable[[Session], int]) -> int:
    storage = open_storage(folder)
    try:
        with storage.writing() as session:
            return work(session)
    finally:
        storage.close()


def _unit(args: argparse.Namespace) -> int:
    def work(session: Session) -> int:
        history.open_unit(session, args.scope, args.name, wall_clock())
        print(f"社区 {args.scope} {args.name} 已建立。")
        return 0

    return _write(args.data, work)


def _enrol_code(args: argparse.Namespace) -> int:
    def work(session: Session) -> int:
        if args.name:
            history.open_unit(session, args.scope, args.name, wall_clock())
        name = devices.unit_name(session, args.scope)
        if not name:
            print(f"还没有社区 {args.scope}。请加上 --name 社区名称。", file=sys.stderr)
            return 1
        print(devices.make_code(session, args.scope, wall_clock()))
        print(f"{name}：{CODE_MINUTES} 分钟内有效，只能用一次，最多试 {CODE_TRIES} 次。", file=sys.stderr)
        return 0

    return _write(args.data, work)


def _devices(args: argparse.Namespace) -> int:
    def work(session: Session) -> int:
        for device in devices.listed(session, args.scope):
            days = (wall_clock() - device.seen_at) // DAY_MS
            state = "已停用" if device.revoked_at else f"{days} 天没有同步" if days else "正常"
            seen = datetime.fromtimestamp(device.seen_at / 1000, UTC).astimezone()
            print(f"{device.scope}\t{device.id}\t{device.name}\t{seen:%Y-%m-%d %H:%M}\t{state}")
        return 0

    return _write(args.data, work)


def _revoke(args: argparse.Namespace) -> int:
    def work(session: Session) -> int:
        shut = devices.revoke(session, args.device, wall_clock())
        for device in shut:
            print(f"已停用 {device.id} {device.name}")
        if not shut:
            print(f"没有可停用的电脑 {args.device}。", file=sys.stderr)
        return 0 if shut else 1

    return _write(args.data, work)
