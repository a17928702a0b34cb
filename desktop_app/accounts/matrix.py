"""The table of roles and rights that stands in docs/rights.md, made from `resources/codes/rights.toml`."""

from collections.abc import Iterator
from typing import Final

from desktop_app.accounts import policy
from desktop_app.accounts.policy import Policy, Right, Role

_SIGNS: Final = {True: "✓", False: "·"}


def markdown() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def allowed(role: Role, right: Right) -> str:
    """A cell: ✓ everywhere, 网格 in the own grids (elsewhere with a reason), · not at all."""
    return "网格" if right.code in role.own else _SIGNS[right.code in role.holds]


def _lines() -> Iterator[str]:
    yield "# Roles and rights 角色与权限"
    yield ""
    yield "Made by `linli account rights -o docs/rights.md` from `resources/codes/rights.toml`; a test proves that it"
    yield "is so, and that each cell is what really happens. ✓ everywhere, · not at all, 网格: in the own grids,"
    yield "elsewhere with a reason (首问负责). Why: [decision 0013](decisions/0013-accounts-and-rights.md)."
    roles = tuple(policy.roles().values())
    group = ""
    for right in policy.rights().values():
        if right.group != group:
            group = right.group
            yield from ("", f"## {group}", "")
            yield f"| 权限 | 代号 | {' | '.join(role.name for role in roles)} |"
            yield f"|---|---|{'---|' * len(roles)}"
        yield f"| {right.name} | `{right.code}` | {' | '.join(allowed(role, right) for role in roles)} |"
    yield from ("", "## 角色", "")
    yield from (f"- **{role.name}** `{role.code}`：{role.note}" for role in roles)
    yield from ("", "## 登录规定", "", *_policy(policy.policy()))


def _policy(told: Policy) -> Iterator[str]:
    yield f"数值是本程序的选择（官方文本{'已' if told.verified else '未'}核对），可在文件里改严。"
    yield ""
    yield f"- 密码至少 {told.password_min} 个字符，四类字符中至少 {told.password_classes} 类。"
    yield f"- 密码 {told.password_days} 天须更换，最近 {told.password_barred} 次用过的不能再用。"
    yield f"- 连续 {told.failures} 次失败，在那台电脑锁定 {told.lock_minutes} 分钟。"
    yield f"- 闲置 {told.idle_minutes} 分钟锁屏，服务窗口 {told.idle_minutes_counter} 分钟。"
    yield f"- PIN {told.pin_min}–{told.pin_max} 位，只在本机，距上次用密码登录 {told.pin_days} 天内有效。"
    yield f"- PIN 连续输错 {told.pin_failures} 次，须用密码登录。"
