"""What is true of staff, accounts, passwords and locks; pure functions."""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from desktop_app.accounts.policy import Policy, Role
from desktop_app.shared.errors import AppError
from desktop_app.shared.text import half_width

MINUTE: Final = 60_000
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
MANAGE: Final = "accounts.manage"
ROLES: Final = "accounts.roles"
KEEPING: Final = (MANAGE, ROLES)
"""Rights that somebody must hold for ever, or nobody could be let in any more."""
SECRETARY: Final = "secretary"
_LOGIN: Final = re.compile(r"[a-z0-9\u4e00-\u9fff][a-z0-9._\u4e00-\u9fff-]{1,31}")


def initials(name: str) -> str:
    """The short form of a name for a corner of the window: the last two characters."""
    return name[-2:]


def listed(told: str) -> tuple[str, ...]:
    """A JSON list of words in a column; whatever is not one counts as empty."""
    try:
        found = json.loads(told or "[]")
    except ValueError:
        return ()
    return tuple(word for word in found if isinstance(word, str)) if isinstance(found, list) else ()


def as_list(words: Iterable[str]) -> str:
    """Words as a column keeps them, each once."""
    return json.dumps(list(dict.fromkeys(words)), ensure_ascii=False)


# ----------------------------------------------------------------------------------------------------- names to sign in


def folded(login: str) -> str:
    """A sign-in name as it is compared: half-width, small letters, no blanks."""
    return half_width(login).casefold()


def must_be_login(login: str) -> str:
    """The folded name.  AppError, at its field, for one nobody could sign in with."""
    name = folded(login)
    if not _LOGIN.fullmatch(name):
        raise AppError(
            "登录名要有 2 到 32 个字，只能用字母、数字、汉字、点、横线和下划线，没有保存。",
            field="login",
            next_step="可以用姓名的拼音，如 wangfang。",
        )
    return name


def proposed(syllables: str, taken: Collection[str]) -> str:
    """A free sign-in name made of the pinyin of a name: wangfang, wangfang2 …"""
    base = re.sub(r"[^a-z0-9]", "", syllables.casefold()) or "user"
    base = base[:24] if len(base) > 1 else f"{base}1"
    found, number = base, 1
    while found in taken:
        number += 1
        found = f"{base}{number}"
    return found


# -------------------------------------------------------------------------------------------------------------- secrets


def must_be_strong(password: str, policy: Policy, *, about: Collection[str] = ()) -> None:
    """AppError, at its field, for a password that is too short, too plain or says who one is.

    GB/T 22239-2019 asks for complexity and regular change; the numbers are ours (identity-and-privacy §5, choice).
    """
    if not policy.password_min <= len(password) <= policy.password_max:
        raise _weak(f"密码要有 {policy.password_min} 到 {policy.password_max} 个字符")
    if _classes(password) < policy.password_classes:
        raise _weak(f"密码要在大写字母、小写字母、数字、其他符号中至少有 {policy.password_classes} 类")
    if any(len(word) > 1 and word.casefold() in password.casefold() for word in about):
        raise _weak("密码里不能有姓名或登录名")
    if len(set(password)) < policy.password_min // 2:
        raise _weak("密码里重复的字符太多")


def _weak(what: str) -> AppError:
    return AppError(f"{what}，没有保存。", field="password", next_step="请换一个密码。")


def _classes(password: str) -> int:
    kinds = {
        "upper" if one.isupper() else "lower" if one.islower() else "digit" if one.isdigit() else "other"
        for one in password
    }
    return len(kinds)


def must_be_pin(pin: str, policy: Policy) -> None:
    """AppError, at its field, for a PIN that is no row of figures or one anybody would try first."""
    if not (pin.isascii() and pin.isdigit() and policy.pin_min <= len(pin) <= policy.pin_max):
        raise AppError(
            f"PIN 要有 {policy.pin_min} 到 {policy.pin_max} 位数字，没有保存。", field="pin", next_step="请重新输入。"
        )
    steps = {(int(second) - int(first)) % 10 for first, second in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        raise AppError("PIN 太好猜（重复或连续的数字），没有保存。", field="pin", next_step="请换一组数字。")


def is_old(password_on: str, today: str, days: int) -> bool:
    """Whether a password has to be changed by its age; one set on a day to come (a clock went back) is not old."""
    try:
        return (date.fromisoformat(today) - date.fromisoformat(password_on)).days >= days
    except ValueError:
        return True


# ---------------------------------------------------------------------------------------------------------------- locks


@dataclass(frozen=True, slots=True)
class Failures:
    """Failed sign-ins in a row, the last at `at`, and since when the name is locked; by `Clock.ticks`."""

    count: int = 0
    at: int = 0
    locked_at: int | None = None


def settled(found: Failures, now: int, policy: Policy) -> Failures:
    """What stands of them now.

    A lock ends after its minutes, as the machine counts them: no setting of the clock shortens it.  After a start of
    the machine it counts from there, since nobody can tell how long it was off.  Single failures are forgotten after
    as long.
    """
    whole = policy.lock_minutes * MINUTE
    if now < found.at:
        found = Failures(found.count, 0, None if found.locked_at is None else 0)
    since = found.at if found.locked_at is None else found.locked_at
    return Failures() if found.count and now - since >= whole else found


def failed(found: Failures, now: int, policy: Policy) -> Failures:
    """After one more failure; `found` is settled."""
    count = found.count + 1
    return Failures(count, now, now if count >= policy.failures else None)


def minutes_left(found: Failures, now: int, policy: Policy) -> int:
    """Whole minutes until a settled lock ends, 0 where there is none."""
    if found.locked_at is None:
        return 0
    return -(-(found.locked_at + policy.lock_minutes * MINUTE - now) // MINUTE)


def is_recent(at: int, now: int, days: int) -> bool:
    """Whether an instant was within so many days; one over an hour ahead (a clock went back) was not."""
    return -HOUR <= now - at < days * DAY


# ---------------------------------------------------------------------------------------------------------------- roles


@dataclass(frozen=True, slots=True)
class Holder:
    """A living account as far as rights go."""

    account_id: str
    staff_id: str
    name: str
    roles: tuple[str, ...]
    grids: frozenset[str]
    must_change: bool


def rights_of_roles(held: Iterable[str], roles: Mapping[str, Role]) -> frozenset[str]:
    """What some roles allow together; a role nobody knows (of a newer program) allows nothing."""
    return frozenset(right for code in held if (role := roles.get(code)) for right in role.holds)


def own_of_roles(held: Iterable[str], roles: Mapping[str, Role]) -> frozenset[str]:
    """Rights that reach the own grids alone, since no role held gives them everywhere."""
    found = [role for code in held if (role := roles.get(code))]
    everywhere = {right for role in found for right in role.holds - role.own}
    return frozenset(right for role in found for right in role.own) - everywhere


def keepers(holders: Iterable[Holder], roles: Mapping[str, Role]) -> dict[str, str]:
    """Right → account to which it falls because no living account holds it: two administrators took it from each other.

    The secretary's, else the oldest account: identifiers are in order of time, so every desk finds the same one.
    """
    people = sorted(holders, key=lambda one: (SECRETARY not in one.roles, one.account_id))
    held = {right for one in people for right in rights_of_roles(one.roles, roles)}
    return {right: people[0].account_id for right in KEEPING if people and right not in held}


def must_be_roles(told: Iterable[str], before: Iterable[str], roles: Mapping[str, Role]) -> tuple[str, ...]:
    """The roles, each once.  AppError, at its field, for one that does not exist, cannot be given, or must be apart."""
    wanted, had = tuple(dict.fromkeys(told)), set(before)
    for code in wanted:
        if code in had:
            continue
        if code not in roles:
            known = "、".join(f"{role.name}（{role.code}）" for role in roles.values() if role.granted)
            raise AppError(f"没有“{code}”这种角色，没有保存。", field="roles", next_step=f"可以是：{known}。")
        if not roles[code].granted:
            raise AppError(f"“{roles[code].name}”不能授予别人，没有保存。", field="roles", next_step="请选别的角色。")
    apart: dict[str, list[str]] = {}
    for code in wanted:
        if code in roles and roles[code].apart:
            apart.setdefault(roles[code].apart, []).append(roles[code].name)
    for names in apart.values():
        if len(names) > 1:
            raise AppError(
                f"{'、'.join(names)}要由不同的人担任（三员分立），没有保存。",
                field="roles",
                next_step="请只留一个，另一个给别人。",
            )
    return wanted
