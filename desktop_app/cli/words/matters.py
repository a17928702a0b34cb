"""The words of commands about meetings and matters."""

import argparse
from typing import Any

from desktop_app.cli.speaking import at_least_one
from desktop_app.cli.words.command import command, later, verbs


def add_meetings(commands: Any) -> None:
    """`linli meeting`."""
    made = verbs(commands, "meeting", "会议：列出、该开的会、表决、计票、季度四个一", "会议")
    listed = command(made, "list", later("meetings", "listed"), "列出会议")
    listed.add_argument("--kind", default="", metavar="类型")
    listed.add_argument("--text", default="", metavar="文字", help="名称、编号里的一段")
    listed.add_argument("--since", default="", metavar="日期")
    listed.add_argument("--until", default="", metavar="日期")
    listed.add_argument("--limit", type=at_least_one, default=50, help="最多列出几次")
    listed.add_argument("-o", "--output", metavar="文件.xlsx")
    due = command(made, "due", later("meetings", "due"), "该开的会、没办完的议定事项")
    due.add_argument("--all", action="store_true", help="连同已开、已定的")
    vote = command(made, "vote", later("meetings", "vote"), "记录一项表决，算出能不能写“表决通过”")
    vote.add_argument("meeting", metavar="会议", help="编号")
    vote.add_argument("item", type=at_least_one, metavar="第几项议题")
    for name, words in (("agree", "同意"), ("against", "反对"), ("abstain", "弃权")):
        vote.add_argument(f"--{name}", type=int, default=0, metavar=words)
    vote.add_argument("--how", default="举手", metavar="方式")
    vote.add_argument("--rule", default="", metavar="适用规则", help="如 民法典278(6)-(8)")
    for name, words in (("issued", "发出"), ("returned", "收回"), ("invalid", "废票")):
        vote.add_argument(f"--{name}", type=int, metavar=words)
    ballots = command(made, "ballots", later("meetings", "ballots"), "业主表决票：编名册、按房号登记")
    ballots.add_argument("meeting", metavar="会议", help="编号")
    ballots.add_argument("item", type=at_least_one, metavar="第几项议题")
    ballots.add_argument("words", nargs="*", metavar="房号=意见", help="如 3-2-501,3-2-502=同意")
    ballots.add_argument("--building", action="append", default=[], metavar="楼栋编号", help="编入名册，可写多次")
    ballots.add_argument("--estate", action="append", default=[], metavar="小区编号", help="编入名册，可写多次")
    tally = command(made, "tally", later("meetings", "tally"), "一次会议每项表决的计算和结果")
    tally.add_argument("meeting", metavar="会议", help="编号")
    four = command(made, "quarter", later("meetings", "four"), "季度“四个一”：哪几项完成了，还差什么")
    four.add_argument("--quarter", default="", metavar="季度", help="如 2026Q4，默认本季度")


def add_matters(commands: Any) -> None:
    """`linli matter`."""
    made = verbs(commands, "matter", "议事：提出、办理、查询、导出", "议事")
    add = command(made, "add", later("matters", "add"), "提出一个议题")
    add.add_argument("title", metavar="议题")
    for name, words in _MATTER_FIELDS.items():
        add.add_argument(f"--{name}", default="", metavar=words)
    add.add_argument("--households", type=int, metavar="户数", help="附议户数")
    listed = command(made, "list", later("matters", "listed"), "列出议题")
    _matter_filter(listed)
    show = command(made, "show", later("matters", "show"), "一个议题的步骤、经过和下一步")
    show.add_argument("matter", metavar="议题", help="编号")
    act = command(
        made, "act", later("matters", "act"), "办一步：商议、推进、决定、交办、进展、完成、反馈、评议、结案……"
    )
    act.add_argument("matter", metavar="议题", help="编号")
    act.add_argument("deed", metavar="动作")
    for name, words in _DEED_FIELDS.items():
        act.add_argument(f"--{name}", default="", metavar=words)
    act.add_argument("--progress", type=int, metavar="百分数")
    act.add_argument("--step", type=int, default=0, metavar="第几步", help="退回、重开到第几步")
    export = command(made, "export", later("matters", "export"), "导出议事台账")
    _matter_filter(export)
    export.add_argument("-o", "--output", required=True, metavar="文件.xlsx")


_MATTER_FIELDS = {
    "text": "内容", "proposer": "提出人", "person": "居民", "source": "提出方", "kind": "事项类别",
    "template": "议事步骤", "on": "提出日期", "scope": "涉及范围", "fund": "资金来源", "appeal": "诉求编号",
}  # fmt: skip
_DEED_FIELDS = {
    "text": "内容", "to": "牵头（告知）谁", "helpers": "协办", "due": "完成时限", "how": "方式", "on": "日期",
    "by": "经办人", "outcome": "决定", "satisfaction": "评价", "why-none": "没有的原因", "until": "公示止",
    "meeting": "会议编号",
}  # fmt: skip


def _matter_filter(command: argparse.ArgumentParser) -> None:
    command.add_argument("--text", default="", metavar="文字", help="编号、议题、内容、提出人里的一段")
    command.add_argument("--phase", default="", choices=("", "在办", "已结案", "已终止"))
    command.add_argument("--late", action="store_true", help="过了完成时限的")
    command.add_argument("--since", default="", metavar="日期")
    command.add_argument("--until", default="", metavar="日期")
