"""The words of commands about meetings and matters."""

import argparse
from typing import Any

from desktop_app.cli.speaking import at_least_one
from desktop_app.cli.words.command import command, later, verbs


def add_meetings(commands: Any) -> None:
    """`linli meeting`."""
    made = verbs(commands, "meeting", "会议：召集、签到、记录、表决、签字，该开的会，季度四个一", "会议")
    _convening(made)
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
    tick = command(made, "tick", later("quartering", "tick"), "季度“四个一”：手工登记做了的一项")
    tick.add_argument("item", type=at_least_one, metavar="第几项")
    tick.add_argument("text", metavar="做了什么")
    tick.add_argument("--on", default="", metavar="日期", help="默认今天")
    untick = command(made, "untick", later("quartering", "untick"), "撤回手工登记的一项")
    untick.add_argument("tick", metavar="编号", help="linli meeting quarter 列出的")
    for one in (four, tick):
        one.add_argument("--quarter", default="", metavar="季度", help="如 2026Q4，默认本季度")


def _convening(made: Any) -> None:
    """One meeting from its call to its signature."""
    call = command(made, "call", later("convening", "call"), "召集会议，名单按类型备好")
    call.add_argument("kind", metavar="类型", help="如 三方联席会议")
    for name, words in (("title", "会议名称"), ("starts", "开始时间"), ("place", "地点"), ("chair", "主持人")):
        call.add_argument(f"--{name}", default="", metavar=words)
    call.add_argument("--branch", default="", metavar="支部名称", help="支部、党小组自己开的会")
    call.add_argument("--item", action="append", default=[], metavar="议题", help="可写多次")
    attend = command(made, "attend", later("convening", "attend"), "登记到会；名单上没有的人会加上")
    attend.add_argument("meeting", metavar="会议", help="编号")
    attend.add_argument("name", metavar="姓名")
    attend.add_argument("status", nargs="?", default="出席", metavar="出席|请假|缺席|列席|委托")
    for name, words in (("reason", "事由"), ("proxy", "受托人")):
        attend.add_argument(f"--{name}", default="", metavar=words)
    attend.add_argument("--remove", action="store_true", help="移出名单")
    for name, words in (("note", "记一行发言"), ("decide", "记一项议定事项")):
        one = command(made, name, later("convening", name), words)
        one.add_argument("meeting", metavar="会议", help="编号")
        one.add_argument("text", metavar="内容")
        one.add_argument("--item", type=at_least_one, metavar="第几项议题")
        if name == "decide":
            one.add_argument("--owner", default="", metavar="责任人")
            one.add_argument("--due", default="", metavar="完成时限")
    order = command(made, "order", later("convening", "order"), "调整议题顺序")
    order.add_argument("meeting", metavar="会议", help="编号")
    order.add_argument("items", nargs="+", type=at_least_one, metavar="第几项", help="按新的次序写；没写的排在后面")
    changed = command(made, "change", later("convening", "change"), "修改会议信息；散会时间也在这里写")
    changed.add_argument("meeting", metavar="会议", help="编号")
    for name, (field, words) in _CHANGES.items():
        changed.add_argument(f"--{name}", dest=field, metavar=words)
    sign = command(made, "sign", later("convening", "sign"), "会议记录签字锁定")
    sign.add_argument("meeting", metavar="会议", help="编号")
    sign.add_argument("who", metavar="签字人")


_CHANGES = {
    "title": ("title", "会议名称"), "starts": ("starts_at", "开始时间"), "ends": ("ends_at", "散会时间"),
    "place": ("place", "地点"), "chair": ("chair", "主持人"), "chair-post": ("chair_post", "主持人职务"),
    "recorder": ("recorder", "记录人"), "notice-on": ("notice_on", "通知日期"),
    "notice-how": ("notice_how", "通知方式"), "lead": ("lead", "纪要导语"),
}  # fmt: skip


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
