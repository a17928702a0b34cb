"""The words of commands about appeals."""

import argparse
from typing import Any

from desktop_app.cli.speaking import at_least_one
from desktop_app.cli.words.command import command, given_to, later, verbs


def add_appeals(commands: Any) -> None:
    """`linli appeal`."""
    made = verbs(commands, "appeal", "诉求：登记、办理、查询、统计、导出", "诉求")
    add = command(made, "add", later("appeals", "add"), "登记一件诉求")
    add.add_argument("title", metavar="事由")
    for name, words in _APPEAL_FIELDS.items():
        add.add_argument(f"--{name}", default="", metavar=words)
    add.add_argument("--anonymous", action="store_true", help="匿名：不留姓名和电话")
    add.add_argument("--accept", action="store_true", help="当即受理")
    listed = command(made, "list", later("appeals", "listed"), "列出诉求")
    _appeal_filter(listed)
    listed.add_argument("--limit", type=at_least_one, default=50, help="最多列出几件")
    show = command(made, "show", later("appeals", "show"), "一件诉求的经过、期限和下一步")
    show.add_argument("appeal", metavar="诉求", help="编号")
    act = command(made, "act", later("appeals", "act"), "办一步：受理、派办、上报、回复、办结、评价……")
    act.add_argument("appeal", metavar="诉求", help="编号")
    act.add_argument("deed", metavar="动作")
    for name, words in _DEED_FIELDS.items():
        act.add_argument(f"--{name}", default="", metavar=words)
    told = command(made, "sentence", later("appeals", "sentence"), "一段时间的诉求办理情况，写成一句话")
    for name in ("since", "until", "as-of"):
        told.add_argument(f"--{name}", default="", metavar="日期")
    export = command(made, "export", later("appeals", "export"), "导出诉求台账（遮盖电话）")
    _appeal_filter(export)
    export.add_argument("-o", "--output", required=True, metavar="文件.xlsx")
    export.add_argument("--numbers", action="store_true", help=argparse.SUPPRESS)
    given_to(export)


_APPEAL_FIELDS = {
    "text": "内容", "person": "居民", "name": "反映人", "phone": "电话", "place": "地点", "channel": "渠道",
    "kind": "类型", "class": "事项分类", "urgency": "紧急程度", "received": "接到日期", "promised": "承诺办结日期",
    "ladder": "处置阶梯",
}  # fmt: skip
_DEED_FIELDS = {
    "text": "内容", "to": "交给（告知）谁", "on": "日期", "by": "经办人", "outcome": "办理结果",
    "satisfaction": "评价", "why-none": "没有评价的原因", "how": "解释的方式", "unit": "上级单位",
}  # fmt: skip


def _appeal_filter(command: argparse.ArgumentParser) -> None:
    command.add_argument("--text", default="", metavar="文字", help="编号、事由、内容、地点、姓名里的一段")
    command.add_argument("--phase", default="", metavar="状态", help="在办、待受理、办理中、待评价、已结案……")
    command.add_argument("--due", default="", choices=("", "逾期", "将到期"))
    command.add_argument("--class", dest="klass", default="", metavar="事项分类")
    command.add_argument("--since", default="", metavar="日期")
    command.add_argument("--until", default="", metavar="日期")
