"""The commands and what they take.  Every command is one function of this package."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from central_server import units
from central_server.cli import desks, people, regroup, serving, sticks, structure, upkeep
from central_server.cli.speaking import Parser, number, unit_number
from central_server.config import default_data

Verb = Callable[[argparse.Namespace], int]
SCOPE: Final = "单位编号（社区用 12 位区划代码）"


def build() -> argparse.ArgumentParser:
    """The whole parser."""
    parser = Parser(prog="linli-central", description="邻里工作站 中心服务器")
    verbs = parser.add_subparsers(required=True, metavar="命令")
    _server(verbs)
    _units(verbs)
    _desks(verbs)
    _records(verbs)
    _upkeep(verbs)
    _people(verbs)
    _sticks(verbs)
    return parser


def add_verb(
    verbs: Any, name: str, words: str, verb: Verb, *, inner: bool = False, **more: Any
) -> argparse.ArgumentParser:
    """A command with what all of them take.

    `inner`: the command around it takes the same; what was said there must not be blanked by what was not said here.
    """
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=words, description=words, **more)
    unsaid = argparse.SUPPRESS if inner else None
    parser.add_argument("--config", type=Path, default=unsaid, help="配置文件（TOML）；默认数据文件夹里的 config.toml")
    parser.add_argument("--data", type=Path, default=unsaid, help=f"数据文件夹（默认 {default_data()}）")
    parser.add_argument(
        "--database",
        default=unsaid,
        help="数据库地址，如 postgresql://用户@主机/库（口令用 PGPASSWORD 或口令文件）；不写则用 SQLite",
    )
    parser.set_defaults(verb=verb)
    return parser


def _server(verbs: Any) -> None:
    init = add_verb(verbs, "init", "建立数据文件夹、配置文件和第一个控制台管理员", serving.init)
    init.add_argument("--admin", help="管理员登录名；口令从终端或标准输入读取")
    serve = add_verb(verbs, "serve", "启动服务器", serving.serve)
    serve.add_argument("--host", help="监听地址（默认只限本机）")
    serve.add_argument("--port", type=int, help="端口（默认 8750）")
    serve.add_argument("--cert", type=Path, help="TLS 证书（PEM）")
    serve.add_argument("--key", type=Path, help="TLS 私钥（PEM）")
    serve.add_argument("--workers", type=int, help="进程数；多于一个需要 PostgreSQL")


def _units(verbs: Any) -> None:
    unit = add_verb(verbs, "unit", "单位：建立、改名、调整上级、列出", structure.unit)
    # the first form of this command, before units had kinds: it goes on working and is shown no more
    unit.add_argument("--scope", type=unit_number, help=argparse.SUPPRESS)
    unit.add_argument("--name", help=argparse.SUPPRESS)
    unit.set_defaults(begins=True)
    inner = unit.add_subparsers(metavar="动作")
    create = add_verb(inner, "create", "建立一个单位", structure.create, inner=True)
    create.set_defaults(begins=True)
    create.add_argument("--scope", type=number, required=True, help=SCOPE)
    create.add_argument("--name", required=True, help="单位名称")
    kinds = "、".join(f"{kind} {words}" for kind, words in units.KINDS.items())
    create.add_argument("--kind", choices=tuple(units.KINDS), default=units.COMMUNITY, help=f"{kinds}；不写则是社区")
    create.add_argument("--parent", type=number, help="上级单位编号")
    rename = add_verb(inner, "rename", "改名", structure.rename, inner=True)
    rename.add_argument("--scope", type=number, required=True, help=SCOPE)
    rename.add_argument("--name", required=True, help="新名称")
    move = add_verb(inner, "move", "放到另一个上级之下", structure.move, inner=True)
    move.add_argument("--scope", type=number, required=True, help=SCOPE)
    move.add_argument("--parent", type=number, help="上级单位编号；不写则放在最上层")
    add_verb(inner, "list", "把单位列成树", structure.listed, inner=True)


def _desks(verbs: Any) -> None:
    code = add_verb(verbs, "enrol-code", "为一台电脑发一个接入码", desks.enrol_code, aliases=["enrol"])
    code.set_defaults(begins=True)
    code.add_argument("--scope", type=unit_number, required=True, help=SCOPE)
    code.add_argument("--name", help="单位名称；单位还没有建立时必填")
    listing = add_verb(verbs, "devices", "列出已接入的电脑", desks.listed)
    listing.add_argument("--scope", type=number, help=SCOPE)
    revoke = add_verb(verbs, "revoke", "停用一台电脑", desks.revoke)
    revoke.add_argument("--device", type=number, required=True, help="电脑编号，见 devices 或控制台")
    revoke.add_argument("--scope", type=number, help=SCOPE)


def _records(verbs: Any) -> None:
    split = add_verb(verbs, "split", "把清单上的记录（连同所属记录）划到另一个社区", regroup.split)
    split.add_argument("--from", dest="unit", type=number, required=True, help=SCOPE)
    split.add_argument("--to", type=number, required=True, help="划入的社区")
    split.add_argument("--list", dest="file", type=Path, required=True, help="清单：每行一条“表 编号”")
    merge = add_verb(verbs, "merge", "把一个社区并入另一个，原社区撤销", regroup.merge)
    merge.add_argument("--from", dest="unit", type=number, required=True, help="撤销的社区")
    merge.add_argument("--into", type=number, required=True, help="并入的社区")
    erase = add_verb(verbs, "erase", "永久清除一条记录及其所属记录的内容，不能恢复", regroup.erase)
    erase.add_argument("--scope", type=number, required=True, help=SCOPE)
    erase.add_argument("--table", required=True, help="表名，如 person（居民）")
    erase.add_argument("--id", required=True, help="记录编号（32 位），见申请单或电脑上的记录")
    add_verb(verbs, "purge", "清理 400 天以前的删除痕迹和同步标记", regroup.purge)


def _upkeep(verbs: Any) -> None:
    stats = add_verb(verbs, "stats", "各单位的电脑、记录、冲突和搁置数量", upkeep.stats)
    stats.add_argument("--scope", type=number, help=SCOPE)
    export = add_verb(verbs, "export", "把一个单位的记录导出为 JSON 行（不含密钥）", upkeep.export)
    export.add_argument("--scope", type=number, required=True, help=SCOPE)
    export.add_argument("--to", type=Path, help="文件；不写则输出到终端")
    backup = add_verb(verbs, "backup", "服务器运行时做一份一致的备份（SQLite）", upkeep.backup)
    backup.add_argument("--to", type=Path, required=True, help="备份文件，不能已经存在")
    check = add_verb(verbs, "restore-check", "检查一份备份：能不能打开、比现在的数据旧多少", upkeep.restore_check)
    check.add_argument("--copy", type=Path, required=True, help="备份文件")
    rollup = add_verb(verbs, "rollup", "更新统计报表", upkeep.rollup)
    rollup.add_argument("--rebuild", action="store_true", help="从头重算")


def _people(verbs: Any) -> None:
    user = verbs.add_parser("console-user", help="控制台用户：添加、列出、停用、改口令")
    inner = user.add_subparsers(required=True, metavar="动作")
    add = add_verb(inner, "add", "添加用户；口令从终端或标准输入读取", people.add)
    add.set_defaults(begins=True)
    add.add_argument("--name", required=True, help="登录名")
    add.add_argument("--unit", type=unit_number, help="只看这个单位及其下级的数字；不写则是管理员")
    add_verb(inner, "list", "列出用户", people.listed)
    for name, words, verb in (
        ("disable", "停用用户", people.disable),
        ("password", "改口令，从终端或标准输入读取", people.password),
    ):
        add_verb(inner, name, words, verb).add_argument("--name", required=True, help="登录名")


def _sticks(verbs: Any) -> None:
    bundle = verbs.add_parser("bundle", help="U盘交换：没有网络的电脑")
    inner = bundle.add_subparsers(required=True, metavar="动作")
    answer = add_verb(inner, "answer", "接收一台电脑从U盘导出的文件，写出要带回去的文件", sticks.answer)
    answer.add_argument("file", type=Path, metavar="文件")
    answer.add_argument("--to", type=Path, required=True, help="带回去的文件")
    starter = add_verb(inner, "starter", "为没有网络的新电脑写一个启动文件，并给出口令", sticks.starter)
    starter.add_argument("--scope", type=number, required=True, help=SCOPE)
    starter.add_argument("--name", required=True, help="这台电脑的名称，如 二号机")
    starter.add_argument("--to", type=Path, required=True, help="启动文件")
    starter.add_argument("--url", default="", help="服务器地址；写了，这台电脑以后联网也能同步")
    starter.add_argument("--fingerprint", default="", help="服务器证书的指纹（SHA-256），与 --url 一起写")
