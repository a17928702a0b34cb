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
    "points_rules",
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


DATED = "dated"
"""The folder beside a community's own files where all its versions lie, each with the day it holds from in its name."""


@cache
def codes(kind: str, home: Path | None = None, on: str = "") -> CodeTable:
    """A code table by its name in CODE_TABLES; `home/profiles/codes/<kind>.toml` goes before the shipped one.

    `on` asks for the table as it stood on a day: old records keep their rules.  CorruptError, in words for a person,
    when a file cannot be read as a code table.
    """
    return _codes_in(kind, _path(f"codes/{kind}", home, on))


@cache
def _codes_in(kind: str, path: Path) -> CodeTable:
    """Many days share one file."""
    return _read(path, lambda content: code_table(kind, content))


@cache
def profile(town: str = "general", home: Path | None = None, on: str = "") -> TownProfile:
    """A town profile; `home/profiles/<town>.toml`, a copy the community edited, goes before the shipped one.

    `on` asks for it as it stood on a day.
    """
    return _profile_in(town, _path(f"profiles/{town}", home, on))


@cache
def _profile_in(town: str, path: Path) -> TownProfile:
    return _read(path, lambda content: town_profile(town, content))


@cache
def quorum_rules(home: Path | None = None, on: str = "") -> tuple[QuorumRule, ...]:
    """All rules on quorum and majority, of every period, as they were known on a day if told."""
    return _rules_in(_path("codes/meeting_rules", home, on))


@cache
def _rules_in(path: Path) -> tuple[QuorumRule, ...]:
    return _read(path, lambda content: tuple(quorum_rule(row) for row in content["rule"]))


def _path(name: str, home: Path | None, on: str = "") -> Path:
    """The file that holds: the community's version of the day, its present copy, or what was shipped."""
    folder, _, stem = name.partition("/")
    shipped = resource(folder, f"{stem}.toml")
    if home is None:
        return shipped
    if on and (days := _days(home, stem)):
        last = max((day for day in days if day <= on), default="")
        return home / "profiles" / DATED / f"{stem}@{last}.toml" if last else shipped
    own = home / "profiles" / ("codes" if folder == "codes" else "") / f"{stem}.toml"
    return own if own.exists() else shipped


@cache
def _days(home: Path, stem: str) -> tuple[str, ...]:
    """From which days there are versions of a file."""
    found = (home / "profiles" / DATED).glob(f"{stem}@*.toml")
    return tuple(path.stem.partition("@")[2] for path in found)


@cache
def visit_rules(home: Path | None = None) -> Mapping[str, Any]:
    """`visit_rules.toml`: `general_days` between visits to any home, `soon_days` before a visit is due."""
    path = _path("codes/visit_rules", home)
    return _read(path, lambda content: {name: int(content[name]) for name in ("general_days", "soon_days")})


@cache
def care_rules(home: Path | None = None) -> Mapping[str, Any]:
    """`care_rules.toml`: metres, days, ages and numbers of people for door bells and pairs; `volunteer_tags` words."""
    path = _path("codes/care_rules", home)
    return _read(path, lambda content: {**content, **{name: int(content[name]) for name in _CARE_NUMBERS}})


@cache
def order_rules(home: Path | None = None) -> Mapping[str, Any]:
    """`order_rules.toml`: metres, orders, minutes beyond which nobody is proposed; days and fen that are too many."""
    path = _path("codes/order_rules", home)
    told = ("radius_m", "most_open", "most_minutes", "untaken_days", "wish_days", "wish_cap_fen", "late_minutes")
    # a community's copy of an earlier year has not got these
    added = {"booklet_served": 3, "booklet_rating": 18, "rest_minutes": 480}
    return _read(
        path,
        lambda content: (
            {name: int(content[name]) for name in told}
            | {name: int(content.get(name, usual)) for name, usual in added.items()}
        ),
    )


def forget() -> None:
    """Reads everything anew when it is next asked for: a community's own copy has changed."""
    named = (codes, profile, quorum_rules, visit_rules, care_rules, order_rules, workdays)
    for kept in (*named, _codes_in, _profile_in, _rules_in, _days):
        kept.cache_clear()


def quorum_rules_of(meeting: str, day: date, home: Path | None = None) -> tuple[QuorumRule, ...]:
    """The rules for a type of meeting (code) that are in force on its day; a meeting keeps them for ever."""
    known = quorum_rules(home, day.isoformat())
    return tuple(rule for rule in known if rule.meeting == meeting and rule.origin.holds_on(day))


def required_elements(meeting: str, home: Path | None = None, on: str = "") -> tuple[Code, ...]:
    """What a record of this type of meeting must have before its final print, as entries of `meeting_elements`.

    `on` is the day of the meeting: what was asked for then.
    """
    table, elements = codes("meeting_types", home, on), codes("meeting_elements", home)
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
