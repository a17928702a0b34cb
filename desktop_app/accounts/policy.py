"""What `resources/codes/rights.toml` says: the sign-in policy, the rights, the roles.  Read once.

A community's copy does not go before it, other than with code tables: nobody gives himself a right by editing a file.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from desktop_app.shared.errors import CorruptError
from desktop_app.shared.resources import resource

FILE = "rights.toml"


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of signing in; `verified` if an official text was consulted for them."""

    verified: bool
    password_min: int
    password_max: int
    password_classes: int
    password_days: int
    password_barred: int
    failures: int
    lock_minutes: int
    idle_minutes: int
    idle_minutes_counter: int
    pin_min: int
    pin_max: int
    pin_failures: int
    pin_days: int
    session_hours: int


@dataclass(frozen=True, slots=True)
class Right:
    """Something one may do: `code` is `<slice>.<verb>`; `group` is the Chinese name of the slice."""

    code: str
    name: str
    group: str


@dataclass(frozen=True, slots=True)
class Role:
    """What a kind of person may do.

    `own`: rights that reach the person's own grids only; `apart`: a group of which nobody holds two; `granted`: whether
    one person may give it to another.
    """

    code: str
    name: str
    note: str
    holds: frozenset[str]
    own: frozenset[str]
    apart: str = ""
    granted: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """The whole file."""

    policy: Policy
    rights: Mapping[str, Right]
    roles: Mapping[str, Role]


def policy() -> Policy:
    """The numbers of signing in."""
    return table().policy


def rights() -> Mapping[str, Right]:
    """All rights by code, in the order of the file."""
    return table().rights


def roles() -> Mapping[str, Role]:
    """All roles by code, in the order of the file."""
    return table().roles


@cache
def table() -> Table:
    """The file.  CorruptError, in words for a person, when it cannot be read."""
    try:
        content = tomllib.loads(resource("codes", FILE).read_text("utf-8"))
        found = {
            one["code"]: Right(one["code"], one["name"], group["slice"])
            for group in content["rights"]
            for one in group["entries"]
        }
        told = {one.name: content["policy"][one.name] for one in fields(Policy)}
        return Table(Policy(**told), found, {one["code"]: _role(one, found) for one in content["roles"]})
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise CorruptError(
            f"{FILE} 读不出来（{error}），不能登录，数据没有变化。", next_step="请重新安装程序。"
        ) from error


def _role(told: Mapping[str, Any], known: Mapping[str, Right]) -> Role:
    holds = frozenset(code for words in told["holds"] for code in _meant(words, known))
    own = frozenset(told.get("own", ()))
    if not own <= holds:
        raise ValueError(f"{told['code']}: own {sorted(own - holds)}")
    return Role(
        told["code"], told["name"], told["note"], holds, own, told.get("apart", ""), bool(told.get("granted", True))
    )


def _meant(words: str, known: Mapping[str, Right]) -> list[str]:
    """The rights a word of `holds` means.  ValueError for one that means none."""
    found = [code for code in known if code == words or (words.endswith(".*") and code.startswith(words[:-1]))]
    if not found:
        raise ValueError(words)
    return found
