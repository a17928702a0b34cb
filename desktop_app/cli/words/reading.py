"""The words of commands that find, show and export."""

import argparse
from typing import Any

from desktop_app.cli.speaking import at_least_one, reason
from desktop_app.cli.words.command import KINDS, command, given_to, later


def add_reading(commands: Any) -> None:
    """Finding, showing, history, export."""
    find = command(commands, "find", later("reading", "find"), "找人：姓名、拼音、首字母、证件尾号、电话、房号、地址")
    find.add_argument("text", nargs="+", metavar="文字")
    find.add_argument("--limit", type=at_least_one, default=50, help="最多列出几个")
    show = command(commands, "show", later("reading", "show"), "查看一条记录")
    show.add_argument("kind", metavar="类别", help=KINDS)
    show.add_argument("id", metavar="编号", help="居民也可以写姓名等")
    show.add_argument("--unmask", type=reason, metavar="用途", help="显示完整号码并记录用途")
    history = command(commands, "history", later("reading", "show_history"), "一条记录的修改历史")
    history.add_argument("kind", metavar="类别", help=KINDS)
    history.add_argument("id", metavar="编号", help="居民也可以写姓名等")
    export = command(commands, "export", later("exporting", "export"), "导出居民名单（默认遮盖号码）")
    export.add_argument("what", choices=["residents"], metavar="类别", help="residents（居民）")
    export.add_argument("-o", "--output", required=True, metavar="文件", help=".xlsx、.csv 或 .pdf（打印用）")
    export.add_argument("--state", default="在册", choices=("在册", "已迁出", "已去世", "全部"))
    export.add_argument("--numbers", action="store_true", help=argparse.SUPPRESS)
    export.add_argument("--tag", action="append", help="只要有这个标签的人，可写多次")
    export.add_argument("--unmask", type=reason, metavar="用途", help="导出完整号码并记录用途")
    export.add_argument("--publish", action="store_true", help="公示用：姓名也遮盖，没有号码和住址")
    given_to(export)
