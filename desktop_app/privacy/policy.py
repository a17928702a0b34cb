"""What a community asks before personal data is shown, given out or let go: `privacy.toml` and `retention.toml`."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

from desktop_app.profiles.rules import BASES
from desktop_app.shared.errors import CorruptError
from desktop_app.shared.resources import resource
from desktop_app.store.database import Database

T = TypeVar("T")
ERASE, SEAL, KEEP = "erase", "seal", "keep"
ACTIONS: Final = {ERASE: "清除", SEAL: "封存", KEEP: "继续保存"}


@dataclass(frozen=True, slots=True)
class Limit:
    """Whole numbers of at most `people` leave through one person's hands in `days` days (today counts) unapproved."""

    days: int
    people: int


@dataclass(frozen=True, slots=True)
class Policy:
    """Ages in whole years, days and working days.

    More than `approval_above` people in a full export need an approval, and so does whatever passes one of `limits`.
    """

    minor_age: int
    young_age: int
    look_days: int
    longest_days: int
    reasons: frozenset[str]
    approval_above: int
    limits: tuple[Limit, ...]
    minors_need_approval: bool
    export_days: int
    keep_years: int
    due_workdays: int
    due_basis: str
    number: str
    health_tags: frozenset[str]
    source: str
    basis: str


@dataclass(frozen=True, slots=True)
class Keeping:
    """One retention class: records of `subject` may go `after_years` full years after the day `since` names."""

    code: str
    name: str
    subject: str
    since: str
    after_years: int
    action: str
    source: str
    basis: str


def policy_of(db: Database) -> Policy:
    """The policy of this desk: the shipped one, and what the community's own copy asks beyond it."""
    return policy(db.path.parent)


@cache
def policy(home: Path | None = None) -> Policy:
    """The policy in force.  CorruptError, in words for a person, for a file that cannot be read.

    A community's own copy lies in the clear, where anybody at the desk can edit it: it may ask more and never less.
    """
    shipped = _read("privacy", None, _policy)
    return _stricter(shipped, _read("privacy", home, _policy)) if home else shipped


def _stricter(shipped: Policy, own: Policy) -> Policy:
    """The own policy, nowhere looser than the shipped one."""
    return replace(
        own,
        minor_age=max(shipped.minor_age, own.minor_age),
        look_days=min(shipped.look_days, own.look_days),
        longest_days=min(shipped.longest_days, own.longest_days),
        reasons=shipped.reasons | own.reasons,
        approval_above=min((one.approval_above for one in (shipped, own) if one.approval_above >= 0), default=-1),
        limits=tuple(dict.fromkeys((*shipped.limits, *own.limits))),
        minors_need_approval=shipped.minors_need_approval or own.minors_need_approval,
        export_days=min(shipped.export_days, own.export_days),
        keep_years=max(shipped.keep_years, own.keep_years),
        due_workdays=min(shipped.due_workdays, own.due_workdays),
        health_tags=shipped.health_tags | own.health_tags,
    )


@cache
def retention(home: Path | None = None) -> tuple[Keeping, ...]:
    """The retention classes in force, in the order of the file."""
    return _read("retention", home, lambda content: tuple(_keeping(row) for row in content["class"]))


def _policy(content: Mapping[str, Any]) -> Policy:
    minors, export, requests = content["minors"], content["export"], content["requests"]
    return Policy(
        minor_age=int(minors["age"]),
        young_age=int(minors["young"]),
        look_days=int(minors["approval_days"]),
        longest_days=int(minors["longest_days"]),
        reasons=frozenset(map(str, content["look"]["reason"])),
        approval_above=int(export["full_needs_approval_above"]),
        limits=tuple(Limit(int(one["days"]), int(one["people"])) for one in export.get("limits", ())),
        minors_need_approval=bool(export["minors_need_approval"]),
        export_days=int(export["approval_days"]),
        keep_years=int(export["keep_years"]),
        due_workdays=int(requests["due_workdays"]),
        due_basis=str(requests["due_basis"]),
        number=str(requests["number"]),
        health_tags=frozenset(map(str, content["sensitive"]["tags"])),
        source=str(content["source"]),
        basis=_known(str(content["basis"])),
    )


def _keeping(row: Mapping[str, Any]) -> Keeping:
    names = ("code", "name", "subject", "since", "action", "source")
    told = {name: str(row[name]) for name in names}
    if told["action"] not in ACTIONS:
        raise ValueError(f"action = {told['action']!r}")
    return Keeping(**told, after_years=int(row["after_years"]), basis=_known(str(row["basis"])))


def _known(basis: str) -> str:
    if basis not in BASES:
        raise ValueError(f"basis = {basis!r}")
    return basis


def _read(name: str, home: Path | None, build: Callable[[Mapping[str, Any]], T]) -> T:
    own = home / "profiles" / "codes" / f"{name}.toml" if home else None
    path = own if own and own.exists() else resource("codes", f"{name}.toml")
    try:
        return build(tomllib.loads(path.read_text("utf-8")))
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise CorruptError(
            f"{path.name} 读不出来（{error}），居民数据没有变化。", next_step="请改正这个文件，或删去本社区改过的副本。"
        ) from error
