"""Code tables and town profiles, read once from `resources/` or from the community's own copies."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from desktop_app.profiles.quorum import QuorumRule, quorum_rule
from desktop_app.profiles.rules import Code, CodeTable, code_table
from desktop_app.profiles.town import TownProfile, town_profile
from desktop_app.shared.errors import CorruptError
from desktop_app.shared.resources import resource
from desktop_app.shared.workdays import workdays

CODE_TABLES = (
    "activity_kinds",
    "appeal_channels",
    "appeal_classes",
    "appeal_kinds",
    "appeal_pauses",
    "appeal_silences",
    "appeal_urgency",
    "area_levels",
    "bell_causes",
    "bell_kinds",
    "body_kinds",
    "building_structures",
    "certificates",
    "claim_kinds",
    "committee_roles",
    "education",
    "estate_kinds",
    "ethnic",
    "hazards",
    "helper_kinds",
    "household_kinds",
    "household_status",
    "id_types",
    "management_modes",
    "marital",
    "meeting_elements",
    "meeting_types",
    "negative_list",
    "partner_kinds",
    "party_categories",
    "party_kinds",
    "person_classes",
    "person_event_kinds",
    "political",
    "registration_kinds",
    "relation",
    "residence_basis",
    "residing",
    "restricted_classes",
    "review_grades",
    "review_rules",
    "roles",
    "room_kinds",
    "room_uses",
    "seven_colours",
    "sex",
    "tags",
    "visit_modes",
    "visit_results",
    "vote_methods",
    "wish_kinds",
)
_CARE_NUMBERS = (
    *("radius_m", "least_radius_m", "most_radius_m", "test_days", "soon_days", "listed", "on_card"),
    *("youngest", "oldest", "pair_days"),
)
TOWNS = ("general", "shishou", "huangshi", "qiaokou")

_T = TypeVar("_T")


@cache
def codes(kind: str, home: Path | None = None) -> CodeTable:
    """A code table by its name in CODE_TABLES; `home/profiles/codes/<kind>.toml` goes before the shipped one.

    CorruptError, in words for a person, when a file cannot be read as a code table.
    """
    own = home / "profiles" / "codes" / f"{kind}.toml" if home else None
    path = own if own and own.exists() else resource("codes", f"{kind}.toml")
    return _read(path, lambda content: code_table(kind, content))


@cache
def profile(town: str = "general", home: Path | None = None) -> TownProfile:
    """A town profile; `home/profiles/<town>.toml`, a copy the community edited, goes before the shipped one."""
    own = home / "profiles" / f"{town}.toml" if home else None
    path = own if own and own.exists() else resource("profiles", f"{town}.toml")
    return _read(path, lambda content: town_profile(town, content))


@cache
def quorum_rules(home: Path | None = None) -> tuple[QuorumRule, ...]:
    """All rules on quorum and majority, of every period."""
    own = home / "profiles" / "codes" / "meeting_rules.toml" if home else None
    path = own if own and own.exists() else resource("codes", "meeting_rules.toml")
    return _read(path, lambda content: tuple(quorum_rule(row) for row in content["rule"]))


@cache
def visit_rules(home: Path | None = None) -> Mapping[str, Any]:
    """`visit_rules.toml`: `general_days` between visits to any home, `soon_days` before a visit is due."""
    own = home / "profiles" / "codes" / "visit_rules.toml" if home else None
    path = own if own and own.exists() else resource("codes", "visit_rules.toml")
    return _read(path, lambda content: {name: int(content[name]) for name in ("general_days", "soon_days")})


@cache
def care_rules(home: Path | None = None) -> Mapping[str, Any]:
    """`care_rules.toml`: metres, days, ages and numbers of people for door bells and pairs; `volunteer_tags` words."""
    own = home / "profiles" / "codes" / "care_rules.toml" if home else None
    path = own if own and own.exists() else resource("codes", "care_rules.toml")
    return _read(path, lambda content: {**content, **{name: int(content[name]) for name in _CARE_NUMBERS}})


@cache
def order_rules(home: Path | None = None) -> Mapping[str, Any]:
    """`order_rules.toml`: metres, orders, minutes beyond which nobody is proposed; days and fen that are too many."""
    own = home / "profiles" / "codes" / "order_rules.toml" if home else None
    path = own if own and own.exists() else resource("codes", "order_rules.toml")
    told = ("radius_m", "most_open", "most_minutes", "untaken_days", "wish_days", "wish_cap_fen", "late_minutes")
    return _read(path, lambda content: {name: int(content[name]) for name in told})


def forget() -> None:
    """Reads everything anew when it is next asked for: a community's own copy has changed."""
    for kept in (codes, profile, quorum_rules, visit_rules, care_rules, order_rules, workdays):
        kept.cache_clear()


def quorum_rules_of(meeting: str, day: date, home: Path | None = None) -> tuple[QuorumRule, ...]:
    """The rules for a type of meeting (code) that are in force on its day; a meeting keeps them for ever."""
    return tuple(rule for rule in quorum_rules(home) if rule.meeting == meeting and rule.origin.holds_on(day))


def required_elements(meeting: str, home: Path | None = None) -> tuple[Code, ...]:
    """What a record of this type of meeting must have before its final print, as entries of `meeting_elements`."""
    table, elements = codes("meeting_types", home), codes("meeting_elements", home)
    common = table.more.get("common", ())
    found = table.find(meeting)
    extra = found.words("required") if found else ()
    return tuple(elements.get(str(code)) for code in dict.fromkeys((*common, *extra)))


def _read(path: Path, build: Callable[[Mapping[str, Any]], _T]) -> _T:
    try:
        return build(tomllib.loads(path.read_text("utf-8")))
    except FileNotFoundError as error:
        raise CorruptError(
            f"没有找到 {path.name}，居民数据没有变化。", next_step="请重新安装程序，或恢复这个文件。"
        ) from error
    except (KeyError, TypeError, ValueError, IndexError, OSError) as error:
        raise CorruptError(
            f"{path.name} 读不出来（{error}），居民数据没有变化。", next_step="请改正这个文件，或删去本社区改过的副本。"
        ) from error
