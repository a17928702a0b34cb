"""The words of commands about orders, wishes, reporting in and duty."""

import argparse
from typing import Any

from desktop_app.cli.speaking import at_least_one
from desktop_app.cli.words.command import command, given_to, later, verbs


def add_orders(commands: Any) -> None:
    """`linli order`."""
    made = verbs(commands, "order", "点单派单：登记、推荐人选、派单、接单、评单、志愿者", "点单—派单—接单—评单")
    add = command(made, "add", later("ordering", "add"), "登记一张服务单")
    add.add_argument("title", metavar="事项")
    add.add_argument("--colour", required=True, metavar="专长", help="七色：红、橙……或名称、编号")
    for name, words in _ORDER.items():
        add.add_argument(f"--{name}", default="", metavar=words)
    add.add_argument("--open", action="store_true", help="组织派单：公开派出，谁接都行")
    listed = command(made, "list", later("ordering", "listed"), "列出服务单")
    _filter(listed)
    listed.add_argument("--limit", type=at_least_one, default=50, help="最多列出几张")
    show = command(made, "show", later("ordering", "show"), "一张服务单的经过和下一步")
    propose = command(made, "candidates", later("ordering", "candidates"), "推荐人选和理由")
    act = command(made, "act", later("ordering", "act"), "办一步：派单、接单、开始、完成、评单、退单、转单、取消、备注")
    for one in (show, propose, act):
        one.add_argument("order", metavar="服务单", help="编号")
    act.add_argument("deed", metavar="动作")
    for name, words in _DEED.items():
        act.add_argument(f"--{name}", default="", metavar=words)
    act.add_argument("--minutes", type=int, metavar="分钟", help="服务分钟")
    told = command(made, "figures", later("ordering", "figures"), "一段时间的点单数字和七色供需")
    for name in ("since", "until"):
        told.add_argument(f"--{name}", default="", metavar="日期")
    export = command(made, "export", later("ordering", "export"), "导出服务单台账（遮盖电话）")
    _filter(export)
    export.add_argument("-o", "--output", required=True, metavar="文件.xlsx")
    given_to(export)
    _helpers(made)


_ORDER = {
    "text": "内容", "person": "居民", "name": "点单人", "phone": "电话", "place": "地点", "received": "点单日期",
    "on": "服务日期", "from-time": "开始时间", "to-time": "结束时间", "helper": "志愿者",
}  # fmt: skip
_DEED = {
    "helper": "志愿者", "text": "原因（内容）", "on": "日期", "by": "经办人", "satisfaction": "评价",
    "why-none": "没有评价的原因",
}  # fmt: skip


def _filter(one: argparse.ArgumentParser) -> None:
    one.add_argument("--text", default="", metavar="文字", help="编号、事项、内容、地点、姓名里的一段")
    one.add_argument("--phase", default="", metavar="状态", help="在办、待派、已派、已接、进行、待评、已评、取消")
    one.add_argument("--colour", default="", metavar="专长")
    one.add_argument("--untaken", action="store_true", help="没有人接的，等得最久的在前")
    one.add_argument("--since", default="", metavar="日期")
    one.add_argument("--until", default="", metavar="日期")


def _helpers(made: Any) -> None:
    listed = command(made, "helpers", later("ordering", "helpers"), "列出志愿者")
    listed.add_argument("--text", default="", metavar="文字")
    listed.add_argument("--colour", default="", metavar="专长")
    listed.add_argument("--trades", action="store_true", help="只列有微服务项目的，按项目")
    listed.add_argument("-o", "--output", metavar="文件.xlsx")
    given_to(listed)
    add = command(made, "add-helper", later("ordering", "add_helper"), "登记志愿者")
    add.add_argument("name", metavar="姓名")
    add.add_argument("--colours", required=True, metavar="专长", help="如 红,黄")
    add.add_argument("--resident", action="store_true", help="姓名（或编号）是登记过的居民")
    for name, words in _HELPER.items():
        add.add_argument(f"--{name}", default="", metavar=words)
    add.add_argument("--price", type=float, metavar="元", help="收费，不写为免费")
    add.add_argument("--phone-agreed-on", default="", metavar="日期", help="本人同意把电话印进手册的日期")
    phone = command(made, "helper-phone", later("ordering", "helper_phone"), "志愿者的电话能不能印进手册：同意或撤回")
    phone.add_argument("helper", metavar="志愿者", help="姓名或编号")
    told = phone.add_mutually_exclusive_group(required=True)
    told.add_argument("--agreed", metavar="日期", help="本人同意的日期")
    told.add_argument("--withdrawn", metavar="日期", help="本人撤回的日期")
    end = command(made, "end-helper", later("ordering", "end_helper"), "志愿者退出")
    end.add_argument("helper", metavar="志愿者", help="姓名或编号")
    end.add_argument("--on", default="", metavar="日期")
    end.add_argument("--why", default="", metavar="原因")
    _import(
        command(made, "import-helpers", later("ordering", "import_helpers"), "读入志愿者表格：先检查，确认后才登记")
    )


_HELPER = {
    "phone": "电话",
    "kind": "类别",
    "unit": "单位",
    "trade": "微服务项目",
    "per": "计价单位",
    "hours": "可服务时间",
}


def _import(one: argparse.ArgumentParser) -> None:
    one.add_argument("file", metavar="文件")
    one.add_argument("--dry-run", action="store_true", help="只检查，不登记")
    one.add_argument("--yes", action="store_true", help="不再询问，直接登记")


def add_wishes(commands: Any) -> None:
    """`linli wish`."""
    made = verbs(commands, "wish", "微心愿：征集、认领、实现、答谢", "微心愿")
    add = command(made, "add", later("wishing", "add"), "登记一个微心愿")
    add.add_argument("text", metavar="心愿", help="公开的，不写姓名")
    add.add_argument("--alias", required=True, metavar="称呼", help="公开的，如 独居的王奶奶")
    for name, words in {"person": "居民", "kind": "类别", "until": "期限", "checked-by": "核实人"}.items():
        add.add_argument(f"--{name}", default="", metavar=words)
    add.add_argument("--cap", type=float, default=0, metavar="元", help="费用上限")
    listed = command(made, "list", later("wishing", "listed"), "列出微心愿")
    listed.add_argument("--text", default="", metavar="文字")
    listed.add_argument(
        "--phase", default="", metavar="状态", help="未实现、待认领、已认领、已实现、已答谢、已过期、已撤回"
    )
    listed.add_argument("-o", "--output", metavar="文件.xlsx")
    given_to(listed)
    act = command(made, "act", later("wishing", "act"), "办一步：认领、退回、实现、答谢、延期、撤回、备注")
    act.add_argument("wish", metavar="心愿", help="编号")
    act.add_argument("deed", metavar="动作")
    for name, words in {
        "taker": "认领人", "phone": "认领人电话", "text": "内容", "on": "日期", "until": "延至", "by": "经办人",
    }.items():  # fmt: skip
        act.add_argument(f"--{name}", default="", metavar=words)
    act.add_argument("--unit", action="store_true", help="认领的是单位")
    act.add_argument("--cost", type=float, metavar="元", help="实际费用")


def add_reporting(commands: Any) -> None:
    """`linli report-in`."""
    made = verbs(commands, "report-in", "报到：登记、认领、岗位、负面清单、数字", "报到和岗位")
    add = command(made, "add", later("reporting_in", "add"), "登记一人报到")
    add.add_argument("name", metavar="姓名")
    add.add_argument("--kind", required=True, metavar="类别", help="在职党员、快递员、外卖配送员……")
    add.add_argument("--resident", action="store_true", help="姓名（或编号）是登记过的居民")
    add.add_argument("--helps", action="store_true", help="同时登记为志愿者，可接单、值守")
    for name, words in _REGISTRATION.items():
        add.add_argument(f"--{name}", default="", metavar=words)
    listed = command(made, "list", later("reporting_in", "listed"), "列出报到的人和岗位")
    listed.add_argument("--text", default="", metavar="文字")
    listed.add_argument("--kind", default="", metavar="类别")
    listed.add_argument("-o", "--output", metavar="文件.xlsx")
    given_to(listed)
    claim = command(made, "claim", later("reporting_in", "claim"), "登记认领：认岗位、认事项、认亲戚、创先锋")
    claim.add_argument("registration", metavar="报到", help="编号")
    claim.add_argument("kind", metavar="认领类别")
    for name, words in {"post": "岗位", "household": "户编号", "text": "内容", "on": "日期"}.items():
        claim.add_argument(f"--{name}", default="", metavar=words)
    post = command(made, "post", later("reporting_in", "post"), "设立岗位或岗亭")
    post.add_argument("name", metavar="岗位名称")
    for name, words in {"duty": "内容", "colour": "专长", "slots": "班次", "place": "地点"}.items():
        post.add_argument(f"--{name}", default="", metavar=words)
    post.add_argument("--kiosk", action="store_true", help="值守岗亭（要写班次）")
    post.add_argument("--capacity", type=at_least_one, default=1, metavar="人数")
    changed = command(made, "change-post", later("reporting_in", "change_post"), "修改岗位或岗亭，只改写明的")
    changed.add_argument("post", metavar="岗位", help="名称或编号")
    for name, words in {
        "name": "岗位名称", "duty": "内容", "colour": "专长", "slots": "班次", "place": "地点", "closed": "撤销日期",
    }.items():  # fmt: skip
        changed.add_argument(f"--{name}", metavar=words)
    changed.add_argument("--capacity", type=at_least_one, metavar="人数")
    command(made, "negative", later("reporting_in", "negative"), "负面清单：不能要求报到的人做什么")
    told = command(made, "figures", later("reporting_in", "figures"), "报到和认领的数字，写成一句话")
    for name in ("since", "until"):
        told.add_argument(f"--{name}", default="", metavar="日期")


_REGISTRATION = {
    "on": "报到日期", "phone": "电话", "unit": "单位", "post": "职务", "branch": "党组织", "role": "角色",
    "colours": "专长", "hours": "可服务时间",
}  # fmt: skip


def add_duty(commands: Any) -> None:
    """`linli shift`."""
    made = verbs(commands, "shift", "值守：排班、签到、换班、请假", "岗亭值守")
    plan = command(made, "plan", later("standing", "plan"), "公平排班：值得最少的先排")
    plan.add_argument("post", metavar="岗亭", help="名称或编号")
    plan.add_argument("helpers", nargs="*", metavar="志愿者", help="不写就是全部志愿者")
    plan.add_argument("--since", default="", metavar="日期", help="默认下周一")
    plan.add_argument("--days", type=at_least_one, default=7, metavar="天数")
    listed = command(made, "list", later("standing", "listed"), "排班表和值守情况")
    listed.add_argument("--since", default="", metavar="日期", help="默认今天")
    listed.add_argument("--until", default="", metavar="日期")
    listed.add_argument("--post", default="", metavar="岗亭")
    listed.add_argument("-o", "--output", metavar="文件.xlsx")
    given_to(listed)
    for name, words in (("sign-in", "签到"), ("sign-out", "签退")):
        one = command(made, name, later("standing", name.replace("-", "_")), words)
        one.add_argument("shift", metavar="班次", help="编号")
        one.add_argument("--time", default="", metavar="时间", help="默认现在")
        one.add_argument("--text", default="", metavar="处理事项")
    assign = command(made, "assign", later("standing", "assign"), "改派：换一个人")
    assign.add_argument("shift", metavar="班次", help="编号")
    assign.add_argument("helper", metavar="志愿者", help="姓名或编号")
    off = command(made, "off", later("standing", "off"), "停班")
    off.add_argument("shift", metavar="班次", help="编号")
    off.add_argument("why", metavar="原因")
    swap = command(made, "swap", later("standing", "swap"), "换班申请：本人的班，要换的班")
    swap.add_argument("shift", metavar="班次", help="编号")
    swap.add_argument("other", metavar="要换的班", help="编号")
    swap.add_argument("--text", default="", metavar="原因")
    answer = command(made, "answer", later("standing", "answer"), "答复换班：同意、拒绝，或撤回申请")
    answer.add_argument("ask", metavar="申请", help="编号")
    said = answer.add_mutually_exclusive_group()
    said.add_argument("--refuse", action="store_true", help="拒绝")
    said.add_argument("--withdraw", action="store_true", help="不换了，撤回申请")
    _leave(made)
    _import(command(made, "import", later("standing", "import_roster"), "读入排班表：日期、班次、岗亭、姓名"))


def _leave(made: Any) -> None:
    leave = command(made, "leave", later("standing", "leave"), "请假：这几天不排")
    leave.add_argument("helper", metavar="志愿者", help="姓名或编号")
    leave.add_argument("since", metavar="日期")
    leave.add_argument("until", nargs="?", default="", metavar="日期")
    leave.add_argument("--text", default="", metavar="原因")
    back = command(made, "end-leave", later("standing", "end_leave"), "销假：提前回来，或请假登记错了")
    back.add_argument("helper", metavar="志愿者", help="姓名或编号")
    back.add_argument("--since", default="", metavar="日期", help="有几次请假时，是从哪一天起的")
