"""The words of commands about partners."""

import argparse
from typing import Any

from desktop_app.cli.speaking import at_least_one
from desktop_app.cli.words.command import command, later, verbs

_UNIT = {
    "kind": "类型", "party-org": "党组织", "head": "负责人", "contact": "联络员", "phone": "电话", "address": "地址",
    "uscc": "统一社会信用代码", "colours": "擅长（七色）", "from-on": "共建起始",
}  # fmt: skip
_ITEM = {
    "text": "内容",
    "colour": "七色",
    "unit": "提供单位",
    "contact": "联系人",
    "phone": "电话",
    "to-on": "有效期至",
}
_VENUE = {
    "name": "名称", "address": "地址", "hours": "开放时间", "contact": "联系人", "phone": "电话", "closed": "停用日期",
}  # fmt: skip


def add_partners(commands: Any) -> None:
    """`linli partner`."""
    made = verbs(commands, "partner", "共建单位：协议、清单、认领、场地、活动、评议", "共建单位")
    new = command(made, "add", later("partnering", "add"), "登记一个共建单位")
    new.add_argument("name", metavar="名称")
    _words(new, _UNIT)
    listed = command(made, "list", later("partnering", "listed"), "列出共建单位")
    listed.add_argument("text", nargs="?", default="", metavar="文字")
    listed.add_argument("-o", "--output", metavar="文件.xlsx")
    drawn = command(made, "agree", later("partnering", "agree"), "起草（并登记签订）一年的共建协议")
    drawn.add_argument("unit", metavar="单位")
    drawn.add_argument(
        "--item", action="append", required=True, metavar="事项", help="可写多次；写成“社区：事项”由社区承担"
    )
    drawn.add_argument("--from-on", default="", metavar="日期", help="默认今天")
    drawn.add_argument("--signed", default="", metavar="日期", help="已经签订的写日期")
    drawn.add_argument("--goals", default="", metavar="目标")
    kept = command(made, "done", later("partnering", "done"), "登记协议事项完成一次")
    kept.add_argument("unit", metavar="单位")
    kept.add_argument("item", metavar="事项", help="事项里的文字")
    _words(kept, {"on": "日期", "result": "情况"})
    more = command(made, "add-item", later("agreeing", "add_item"), "给还没终止的协议增加一项")
    more.add_argument("unit", metavar="单位")
    more.add_argument("text", metavar="事项", help="写成“社区：事项”由社区承担")
    more.add_argument("--times", type=at_least_one, default=1, metavar="次数")
    ended = command(made, "end-agreement", later("agreeing", "end_agreement"), "提前终止一份协议")
    ended.add_argument("unit", metavar="单位")
    ended.add_argument("why", metavar="原因")
    for one in (more, ended):
        one.add_argument("--year", type=int, metavar="年度", help="有几份协议时，是哪一年的")
    _words(more, {"due": "完成时限"})
    _words(ended, {"on": "日期"})
    _lists(made)
    _together(made)


def _lists(made: Any) -> None:
    offered = command(made, "publish", later("partnering", "publish"), "在清单上发布一条")
    offered.add_argument("list", metavar="清单", help="如 需求清单")
    offered.add_argument("title", metavar="名称")
    offered.add_argument("--quantity", type=int, default=1, metavar="数量", help="0 表示不限")
    _words(offered, _ITEM)
    shown = command(made, "lists", later("partnering", "lists_shown"), "列出清单和认领")
    shown.add_argument("--list", default="", metavar="清单")
    shown.add_argument("--state", default="在用", metavar="进展", help="发布、认领、实施、完成、撤回、过期；默认在用的")
    shown.add_argument("-o", "--output", metavar="文件.xlsx")
    took = command(made, "claim", later("partnering", "claim"), "认领一条；不写单位就是社区认领")
    took.add_argument("item", metavar="条目", help="编号")
    took.add_argument("--quantity", type=int, default=1, metavar="数量")
    _words(took, {"unit": "单位", "taker": "责任人", "promise": "承诺", "on": "日期", "due": "完成时限"})
    acted = command(made, "act", later("partnering", "act"), "认领事项：开始、完成、退回、评价")
    acted.add_argument("item", metavar="条目", help="编号")
    acted.add_argument("deed", metavar="动作", choices=["开始", "完成", "退回", "评价"])
    _words(acted, {"unit": "单位", "on": "日期", "text": "情况（退回的原因）", "satisfaction": "评价"})
    fitting = command(made, "suggest", later("partnering", "suggest"), "哪些条目可以对接")
    fitting.add_argument("item", metavar="条目", help="编号")


def _together(made: Any) -> None:
    command(made, "due", later("partnering", "due"), "到期的协议、事项和认领")
    review = command(made, "review", later("partnering", "review"), "按记录评议一个单位的一年")
    review.add_argument("unit", metavar="单位")
    review.add_argument("year", type=int, metavar="年度")
    review.add_argument("--opinion", default="", metavar="意见")
    booked = command(made, "book", later("partnering", "book"), "预约场地（没有这处场地就先登记）")
    booked.add_argument("venue", metavar="场地")
    booked.add_argument("start", metavar="开始", help="2026-03-05T14:00")
    booked.add_argument("end", metavar="结束", help="2026-03-05T16:00")
    booked.add_argument("purpose", metavar="用途")
    booked.add_argument("--by", default="", metavar="预约人")
    booked.add_argument("--persons", type=int, metavar="人数")
    venue = command(made, "venue", later("agreeing", "venue"), "修改场地，只改写明的")
    venue.add_argument("venue", metavar="场地", help="名称")
    for name, zh in _VENUE.items():
        venue.add_argument(f"--{name}", metavar=zh)
    venue.add_argument("--seats", type=at_least_one, metavar="容纳人数")
    times = command(made, "bookings", later("partnering", "bookings"), "列出场地预约")
    _words(times, {"since": "日期", "until": "日期"})


def _words(made: argparse.ArgumentParser, words: dict[str, str]) -> None:
    for name, zh in words.items():
        made.add_argument(f"--{name}", default="", metavar=zh)
