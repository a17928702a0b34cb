"""The words of the command line."""

import argparse
from collections.abc import Callable
from typing import Any

from desktop_app.cli.session import Session
from desktop_app.cli.speaking import Parser, at_least_one, reason

Run = Callable[[Session], None]
_KINDS = "resident、household、room、building、estate、meeting、centre"


def later(module: str, name: str) -> Run:
    """A command whose module is imported when it runs: `linli find` need not load the printing of cards."""

    def run(session: Session) -> None:
        from importlib import import_module

        command: Run = getattr(import_module(f"desktop_app.cli.{module}"), name)
        command(session)

    return run


def build() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = Parser(prog="linli", description="邻里工作站命令行：离线可用，不需要图形界面。")
    commands = parser.add_subparsers(title="命令", required=True, metavar="命令")
    for add in (_store, _reading, _writing, _import, _papers, _attachments, _exchange, _units):
        add(commands)
    return parser


def _command(commands: Any, name: str, run: Run, words: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
    made.add_argument("--home", metavar="文件夹", help="数据所在的文件夹（默认 LINLI_HOME 或用户数据目录）")
    made.add_argument("--json", action="store_true", help="结果用 JSON 输出")
    made.add_argument("--json-progress", action="store_true", help=argparse.SUPPRESS)
    made.add_argument("--quiet", action="store_true", help="不显示进度")
    made.set_defaults(run=run)
    return made


def _store(commands: Any) -> None:
    init = _command(commands, "init", later("writing", "init"), "新建一份数据")
    init.add_argument("--community", required=True, metavar="名称", help="社区名称，如 红旗桥社区")
    init.add_argument("--code", required=True, metavar="代码", help="12 位统计区划代码")
    init.add_argument("--staff", required=True, metavar="姓名", help="在这台电脑上工作的社工")
    init.add_argument(
        "--profile", default="general", metavar="城市", help="城市做法（general、huangshi、shishou、qiaokou）"
    )
    _command(commands, "demo", later("demonstration", "demo"), "用演示社区走一遍：导入、打印、两台电脑同步")
    backup = _command(commands, "backup", later("writing", "make_backup"), "备份并验证可以恢复")
    backup.add_argument("--to", metavar="文件夹")
    restore = _command(commands, "restore", later("writing", "restore"), "把备份恢复到一个新文件夹")
    restore.add_argument("file", metavar="备份文件")
    restore.add_argument("--into", required=True, metavar="文件夹")
    _command(commands, "doctor", later("checking", "doctor"), "检查数据有没有问题")


def _reading(commands: Any) -> None:
    find = _command(commands, "find", later("reading", "find"), "找人：姓名、拼音、首字母、证件尾号、电话、房号、地址")
    find.add_argument("text", nargs="+", metavar="文字")
    find.add_argument("--limit", type=at_least_one, default=50, help="最多列出几个")
    show = _command(commands, "show", later("reading", "show"), "查看一条记录")
    show.add_argument("kind", metavar="类别", help=_KINDS)
    show.add_argument("id", metavar="编号", help="居民也可以写姓名等")
    show.add_argument("--unmask", type=reason, metavar="用途", help="显示完整号码并记录用途")
    history = _command(commands, "history", later("reading", "show_history"), "一条记录的修改历史")
    history.add_argument("kind", metavar="类别", help=_KINDS)
    history.add_argument("id", metavar="编号", help="居民也可以写姓名等")
    export = _command(commands, "export", later("exporting", "export"), "导出居民名单（默认遮盖号码）")
    export.add_argument("what", choices=["residents"], metavar="类别", help="residents（居民）")
    export.add_argument("-o", "--output", required=True, metavar="文件", help=".xlsx、.csv 或 .pdf（打印用）")
    export.add_argument("--state", default="在册", choices=("在册", "已迁出", "已去世", "全部"))
    export.add_argument("--numbers", action="store_true", help=argparse.SUPPRESS)
    export.add_argument("--tag", action="append", help="只要有这个标签的人，可写多次")
    export.add_argument("--unmask", type=reason, metavar="用途", help="导出完整号码并记录用途")


def _writing(commands: Any) -> None:
    set_ = _command(commands, "set", later("writing", "set_fields"), "修改一条记录的字段")
    set_.add_argument("kind", metavar="类别", help=_KINDS)
    set_.add_argument("id", metavar="编号", help="居民也可以写姓名等")
    set_.add_argument("fields", nargs="+", metavar="字段=值")
    set_.add_argument("--why", default="", metavar="原因")
    undo = _command(commands, "undo", later("writing", "undo"), "撤销上一步，或指定的一步")
    undo.add_argument("action", nargs="?", type=int, metavar="步骤号")


def _import(commands: Any) -> None:
    made = _command(commands, "import", later("importing", "import_file"), "导入表格：先检查，确认后才写入")
    kinds = ["residents", "buildings", "centres"]
    made.add_argument(
        "what", choices=kinds, metavar="类别", help="residents、buildings、centres（居民、楼栋、党员中心户）"
    )
    made.add_argument("file", metavar="文件")
    made.add_argument("--sheet", metavar="工作表")
    made.add_argument("--map", metavar="文件", help="JSON：表头 → 字段")
    made.add_argument("--errors", metavar="文件.xlsx", help="把有问题的行另存为表格")
    made.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    made.add_argument("--yes", action="store_true", help="不再询问，直接写入")


def _papers(commands: Any) -> None:
    made = _command(commands, "print", later("papers", "print_papers"), "打印：联系卡、牌、会议材料、楼栋图")
    made.add_argument("form", metavar="单据", help="card、plaque、record、sign-in、minutes、chart")
    made.add_argument("ids", nargs="*", metavar="编号或姓名")
    made.add_argument("--all", action="store_true", help="全部（联系卡、楼栋图、党员中心户牌）")
    made.add_argument("-o", "--output", metavar="文件.pdf", help="存成 PDF；- 表示标准输出")
    made.add_argument("--printer", metavar="打印机")
    made.add_argument("--copies", type=at_least_one, default=1, help="份数")
    made.add_argument("--duplex", action="store_true", help="双面，长边翻转")
    made.add_argument("--size", default="", help="纸张规格，默认第一种")
    made.add_argument("--draft", action="store_true", help="缺要素时也打印，注明草稿")
    made.add_argument("--allow-missing", action="store_true", help="字体里没有的字也打印（印作〓）")
    _command(commands, "printers", later("papers", "printers"), "列出打印机")


def _attachments(commands: Any) -> None:
    made = _command(commands, "attach", later("attachments", "attach"), "给一条记录添加照片、扫描件或文件")
    made.add_argument("kind", metavar="类别", help=_KINDS)
    made.add_argument("id", metavar="编号", help="居民也可以写姓名等")
    made.add_argument("files", nargs="+", metavar="文件", help="jpg、png、tiff、pdf、docx、xlsx，每个不超过 20 MB")
    made.add_argument("--title", default="", metavar="名称", help="默认用文件名")
    made.add_argument("--type", choices=["photo", "scan", "file"], help="photo（照片）、scan（扫描件）、file（文件）")
    listed = _command(commands, "attachments", later("attachments", "attachments"), "列出、另存、移除、传送附件")
    listed.add_argument("kind", nargs="?", metavar="类别", help=f"{_KINDS}；不写则列出最近的")
    listed.add_argument("id", nargs="?", metavar="编号", help="居民也可以写姓名等")
    verbs = listed.add_mutually_exclusive_group()
    verbs.add_argument("--save", metavar="附件编号", help="另存到 --to 的文件夹，不在本机的先下载")
    verbs.add_argument("--remove", metavar="附件编号", help="从记录上移除（可撤销）")
    verbs.add_argument("--sync", action="store_true", help="只传附件，不同步记录")
    listed.add_argument("--to", metavar="文件夹")
    listed.add_argument("--rate", type=at_least_one, metavar="KiB/s", help="最快每秒多少 KiB")


def _exchange(commands: Any) -> None:
    enrol = _command(commands, "enrol", later("exchange", "enrol"), "用登记码把这台电脑登记到服务器")
    enrol.add_argument("server", metavar="网址")
    enrol.add_argument("code", metavar="登记码")
    enrol.add_argument("--name", default="", metavar="名称", help="这台电脑的名称，如 前台1")
    _certificate(enrol)
    enrol.add_argument("--insecure-http", action="store_true", help="允许不加密的 http:// 地址（只限专网）")
    trust = _command(commands, "trust", later("exchange", "trust"), "查看或登记服务器的证书（换证书以后用）")
    _certificate(trust)
    trust.add_argument("--system", action="store_true", help="只信任系统里的证书")
    sync = _command(commands, "sync", later("exchange", "sync"), "同步一次")
    sync.add_argument("--attachments", type=float, default=20.0, metavar="秒", help="之后最多传多久附件（默认 20）")
    sync.add_argument("--watch", action="store_true", help="一直等候，有变化就同步（Ctrl+C 停止）")
    sync.add_argument("--accept-deletions", action="store_true", help="接受这一次的大量删除")
    sync.add_argument("--recount", action="store_true", help="重新核对全部记录的版本")
    sync.add_argument("--deep", action="store_true", help="重新核对全部记录的内容")
    sync.add_argument("--new-key", action="store_true", help="同步后换一把新密钥")
    _command(commands, "conflicts", later("exchange", "conflicts"), "列出待确认的冲突")
    _command(commands, "refused", later("exchange", "refused"), "列出服务器没有接受的修改和原因")


def _certificate(command: argparse.ArgumentParser) -> None:
    pin = command.add_mutually_exclusive_group()
    pin.add_argument("--ca", metavar="文件", help="只信任这份证书（.pem、.crt）签发的服务器")
    pin.add_argument("--fingerprint", default="", metavar="指纹", help="只信任这个指纹（SHA-256）的服务器证书")


def _units(commands: Any) -> None:
    _command(commands, "units", later("sharing", "units"), "列出可以共享、转出的单位")
    move = _command(commands, "move-out", later("sharing", "move_out"), "居民转到另一个社区")
    move.add_argument("person", metavar="居民", help="编号或姓名等")
    move.add_argument("unit", metavar="社区", help="转入社区的 12 位区划代码（或已知单位的名称）")
    move.add_argument("--unit-name", default="", metavar="名称", help="转入社区的名称")
    move.add_argument("--on", default="", metavar="日期", help="默认今天")
    move.add_argument("--why", default="", metavar="原因")
    share = _command(commands, "share", later("sharing", "share"), "把一次会议共享给其他单位，或收回")
    share.add_argument("meeting", metavar="会议编号")
    share.add_argument("units", nargs="*", metavar="单位", help="名称或代码，可写多个")
    share.add_argument("--withdraw", action="store_true", help="收回；不写单位则全部收回")
    erase = _command(commands, "erase", later("sharing", "erase"), "按本人要求清除一位居民的资料（不能恢复）")
    erase.add_argument("person", metavar="居民", help="编号或姓名等")
    erase.add_argument("--why", required=True, type=reason, metavar="依据", help="如 本人书面申请（不要写姓名）")
    erase.add_argument("--yes", action="store_true", help="不再询问，直接清除")
