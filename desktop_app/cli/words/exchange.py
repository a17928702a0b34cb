"""The words of commands about the server and other units."""

import argparse
from typing import Any

from desktop_app.cli.speaking import reason
from desktop_app.cli.words.command import command, later


def add_exchange(commands: Any) -> None:
    """Enrolment, trust, sync, bundles, conflicts."""
    enrol = command(commands, "enrol", later("exchange", "enrol"), "用接入码把这台电脑接入服务器")
    enrol.add_argument("server", metavar="网址")
    enrol.add_argument("code", metavar="接入码")
    enrol.add_argument("--name", default="", metavar="名称", help="这台电脑的名称，如 前台1")
    _certificate(enrol)
    enrol.add_argument("--insecure-http", action="store_true", help="允许不加密的 http:// 地址（只限专网）")
    trust = command(commands, "trust", later("exchange", "trust"), "查看或登记服务器的证书（换证书以后用）")
    _certificate(trust)
    trust.add_argument("--system", action="store_true", help="只信任系统里的证书")
    sync = command(commands, "sync", later("exchange", "sync"), "同步一次")
    sync.add_argument("--attachments", type=float, default=20.0, metavar="秒", help="之后最多传多久附件（默认 20）")
    sync.add_argument("--watch", action="store_true", help="一直等候，有变化就同步（Ctrl+C 停止）")
    sync.add_argument("--accept-deletions", action="store_true", help="接受这一次的大量删除")
    sync.add_argument("--recount", action="store_true", help="重新核对全部记录的版本")
    sync.add_argument("--deep", action="store_true", help="重新核对全部记录的内容")
    sync.add_argument("--new-key", action="store_true", help="同步后换一把新密钥")
    stick = command(commands, "bundle", later("sticks", "bundle"), "没有网络时用U盘交换：导出、带到服务器、带回导入")
    stick.add_argument("verb", choices=["export", "import"], metavar="动作", help="export（导出）、import（导入）")
    stick.add_argument("file", metavar="文件")
    stick.add_argument("--accept-deletions", action="store_true", help="接受这一次的大量删除")
    inbox = command(commands, "conflicts", later("exchange", "conflicts"), "列出待确认的冲突，或确认一条")
    verbs: Any = inbox.add_subparsers(title="动作", metavar="动作")
    verbs.within = "conflicts"
    settle = command(verbs, "settle", later("settling", "settle"), "确认一条冲突", inner=True)
    settle.add_argument("id", metavar="编号", help="linli conflicts 列出的编号")
    settle.add_argument(
        "how",
        choices=["keep", "swap", "join", "merge"],
        metavar="怎样",
        help="keep（保留现值）、swap（改用另一个值）、join（两个都保留）、merge（自己填一个值，写在 --value 后面）",
    )
    settle.add_argument("--value", default=None, metavar="值", help="与 merge 一起用：正确的值")
    command(commands, "refused", later("exchange", "refused"), "列出服务器没有接受的修改和原因")


def _certificate(command: argparse.ArgumentParser) -> None:
    pin = command.add_mutually_exclusive_group()
    pin.add_argument("--ca", metavar="文件", help="只信任这份证书（.pem、.crt）签发的服务器")
    pin.add_argument("--fingerprint", default="", metavar="指纹", help="只信任这个指纹（SHA-256）的服务器证书")


def add_units(commands: Any) -> None:
    """Other units: moving out, sharing, erasing."""
    command(commands, "units", later("sharing", "units"), "列出可以共享、转出的单位")
    move = command(commands, "move-out", later("sharing", "move_out"), "居民转到另一个社区")
    move.add_argument("person", metavar="居民", help="编号或姓名等")
    move.add_argument("unit", metavar="社区", help="转入社区的 12 位区划代码（或已知单位的名称）")
    move.add_argument("--unit-name", default="", metavar="名称", help="转入社区的名称")
    move.add_argument("--on", default="", metavar="日期", help="默认今天")
    move.add_argument("--why", default="", metavar="原因")
    share = command(commands, "share", later("sharing", "share"), "把会议、诉求或议题共享给其他单位，或收回")
    share.add_argument("record", metavar="编号", help="会议、诉求或议题的编号")
    share.add_argument("units", nargs="*", metavar="单位", help="名称或代码，可写多个")
    share.add_argument("--withdraw", action="store_true", help="收回；不写单位则全部收回")
    share.add_argument("--why", default="", metavar="原因", help="收回的原因；那里正在办的诉求必须写，随之退回")
    erase = command(commands, "erase", later("sharing", "erase"), "按本人要求清除一位居民的资料（不能恢复）")
    erase.add_argument("person", metavar="居民", help="编号或姓名等")
    erase.add_argument("--why", required=True, type=reason, metavar="依据", help="如 本人书面申请（不要写姓名）")
    erase.add_argument("--yes", action="store_true", help="不再询问，直接清除")
