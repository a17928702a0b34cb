"""The words of commands about points and time kept like a savings bank."""

import argparse
from typing import Any

from desktop_app.cli.speaking import at_least_one
from desktop_app.cli.words.command import command, given_to, later, verbs

_KINDS = "党员积分、志愿时间、家庭积分"


def add_points(commands: Any) -> None:
    """`linli points`."""
    made = verbs(commands, "points", "积分和志愿时间：开户、存入、兑换、转赠、冲正、存折、公示榜", "积分和志愿时间")
    _lists(made)
    opening = command(made, "open", later("saving", "open_account"), "开户：党员积分、志愿时间、家庭积分")
    opening.add_argument("kind", metavar="类别", help=_KINDS)
    whose = opening.add_mutually_exclusive_group(required=True)
    whose.add_argument("--person", default="", metavar="居民")
    whose.add_argument("--household", default="", metavar="户", help="户的编号（linli show 可查），家庭积分用")
    whose.add_argument("--helper", default="", metavar="志愿者", help="不是居民的志愿者")
    for name, words in {"name": "户名", "on": "开户日期", "note": "备注"}.items():
        opening.add_argument(f"--{name}", default="", metavar=words)
    closing = command(made, "close", later("saving", "close_account"), "销户：结余为 0 才能销")
    _account(closing)
    closing.add_argument("--on", default="", metavar="日期")
    closing.add_argument("--why", default="", metavar="原因")
    _entries(made)


def _lists(made: Any) -> None:
    listed = command(made, "accounts", later("saving", "accounts"), "列出账户，透支的在前")
    listed.add_argument("--text", default="", metavar="文字", help="户名、备注，或居民的姓名、拼音、电话")
    _kind(listed, f"{_KINDS}、社区")
    listed.add_argument("--below", action="store_true", help="只列透支的")
    listed.add_argument("--closed", action="store_true", help="销了户的也列出")
    listed.add_argument("--order", choices=("below", "name", "balance", "last"), default="below", help="怎么排")
    listed.add_argument("--limit", type=at_least_one, default=50, help="最多列出几个")
    book = command(made, "passbook", later("saving", "passbook"), "一个账户的存折")
    _account(book)
    due = command(made, "due", later("saving", "due"), "可存入：办完的服务单和值守，还没有存入的")
    for one in (book, due):
        one.add_argument("--since", default="", metavar="日期")
        one.add_argument("--until", default="", metavar="日期")
    board = command(made, "board", later("saving", "board"), "一年的公示榜，姓名遮盖")
    board.add_argument("--year", type=at_least_one, metavar="年")
    _kind(board, _KINDS, default="党员积分")
    for one in (listed, book, due, board):
        one.add_argument("-o", "--output", metavar="文件.xlsx")
        given_to(one)
    _kind(command(made, "rules", later("saving", "rule_book"), "积分规则"), _KINDS)
    command(made, "check", later("saving", "check"), "核对总账：各账户之和为零，结余与流水一致")


def _entries(made: Any) -> None:
    deposit = command(made, "deposit", later("saving", "deposit"), "按规则存入（扣分、否决的规则也用它）")
    _account(deposit)
    deposit.add_argument("rule", metavar="规则", help="代码或名称，见 linli points rules")
    deposit.add_argument("--amount", type=int, metavar="数", help="次数、分钟数，或按实数的分值")
    _reviewed(deposit)
    for name, words in {"text": "服务事项", "on": "日期", "by": "经办人"}.items():
        deposit.add_argument(f"--{name}", default="", metavar=words)
    several = command(made, "deposit-due", later("saving", "deposit_due"), "把可存入的一起存入，没有账户的同时开户")
    several.add_argument("--rule", default="志愿服务时间", metavar="规则")
    _reviewed(several)
    for name in ("since", "until"):
        several.add_argument(f"--{name}", default="", metavar="日期")
    several.add_argument("--name", default="", metavar="志愿者", help="只存这一位的")
    spend = command(made, "spend", later("saving", "spend"), "兑换：从账户支出，编凭证号")
    _account(spend)
    spend.add_argument("amount", type=int, metavar="数")
    spend.add_argument("text", metavar="兑换内容")
    give = command(made, "transfer", later("saving", "transfer"), "转赠：转到另一个账户，编凭证号")
    _account(give)
    give.add_argument("to_account", metavar="转入账户", help="编号，或户名")
    give.add_argument("amount", type=int, metavar="数")
    give.add_argument("--text", default="", metavar="说明")
    for one in (spend, give, *_elsewhere(made)):
        one.add_argument("--on", default="", metavar="日期")
        one.add_argument("--by", default="", metavar="经办人")
    back = command(made, "reverse", later("saving", "reverse"), "冲正：记错的一笔，反方向再记一笔")
    back.add_argument("entry", metavar="流水", help="编号，见存折")
    back.add_argument("why", metavar="原因")


def _elsewhere(made: Any) -> tuple[argparse.ArgumentParser, ...]:
    """What goes to other communities, and what comes from one."""
    send = command(made, "send", later("moving_points", "send"), "转出：转到其他社区，编凭证号，本人迁出时用")
    _account(send)
    send.add_argument("to", metavar="社区", help="转到哪个社区")
    send.add_argument("--amount", type=at_least_one, default=0, metavar="数", help="不写就是全部")
    send.add_argument("--close", action="store_true", help="全部转出后销户")
    take = command(made, "take-in", later("moving_points", "take_in"), "转入：其他社区的凭证，一张只能转入一次")
    _account(take)
    take.add_argument("amount", type=at_least_one, metavar="数")
    take.add_argument("source", metavar="社区", help="凭证是哪个社区开的")
    take.add_argument("voucher_no", metavar="凭证编号")
    carried = command(made, "brought", later("moving_points", "brought"), "居民从其他社区带来、还没有转入的凭证")
    carried.add_argument("person", metavar="居民")
    return send, take


def _account(one: argparse.ArgumentParser) -> None:
    one.add_argument("account", metavar="账户", help="编号，或户名")
    _kind(one, _KINDS, "同一户名有几个账户时：")


def _kind(one: argparse.ArgumentParser, kinds: str, when: str = "", default: str = "") -> None:
    one.add_argument("--kind", choices=kinds.split("、"), default=default, metavar="类别", help=f"{when}{kinds}")


def _reviewed(one: argparse.ArgumentParser) -> None:
    one.add_argument("--attest1", default="", metavar="审核人")
    one.add_argument("--attest2", default="", metavar="审核人")
