"""The words of commands about accounts."""

from typing import Any

from desktop_app.cli.words.command import command, later, verbs


def add_accounts(commands: Any) -> None:
    """`linli account`."""
    made = verbs(commands, "account", "账号：登录名、角色、网格、密码", "账号")
    first = command(made, "first", later("accounts", "first"), "设立第一个管理员；管理员不在了，用恢复单重新设立")
    first.add_argument("name", metavar="姓名")
    first.add_argument("--login", default="", metavar="登录名", help="默认用姓名的拼音")
    first.add_argument("--recovery", default="", metavar="恢复码", help="恢复单上的恢复码：已经有账号时")
    listed = command(made, "list", later("accounts", "listed"), "列出账号、角色和网格")
    listed.add_argument("--ended", action="store_true", help="连同已停用的")
    add = command(made, "add", later("accounts", "add"), "新增账号（临时密码，首次登录要更换）")
    add.add_argument("name", metavar="姓名")
    add.add_argument("--login", default="", metavar="登录名", help="默认用姓名的拼音")
    change = command(made, "change", later("accounts", "change"), "改角色、网格、登录名")
    for one in (add, change):
        if one is change:
            one.add_argument("account", metavar="登录名")
        one.add_argument("--role", action="append", metavar="角色", help="如 社工、综合岗、社区书记，可写多个")
        one.add_argument("--grid", action="append", metavar="网格", help="负责的网格，可写多个；不写是全社区")
    change.add_argument("--no-roles", action="store_true", help="收回全部角色")
    change.add_argument("--all-grids", action="store_true", help="不限网格")
    change.add_argument("--new-login", metavar="登录名")
    end = command(made, "end", later("accounts", "end"), "停用账号")
    reset = command(made, "reset", later("accounts", "reset"), "重置密码（给一个临时密码）")
    unlock = command(made, "unlock", later("accounts", "unlock"), "解锁在本机输错多次的账号")
    for one in (end, reset, unlock):
        one.add_argument("account", metavar="登录名")
    end.add_argument("--on", default="", metavar="日期", help="默认今天")
    for one in (change, end, reset, unlock):
        one.add_argument("--why", default="", metavar="原因", help="记入审计记录")
    command(made, "password", later("accounts", "password"), "更换自己的密码")
    pin = command(made, "pin", later("accounts", "pin"), "设置自己在本机的 PIN")
    pin.add_argument("--clear", action="store_true", help="取消")
    rights = command(made, "rights", later("accounts", "rights"), "角色和权限对照表")
    rights.add_argument("-o", "--output", metavar="文件.md")
