"""Which town a community follows: from which day on, on what ground, and what differs when it follows another one.

The choice is a record like any file of rules, so it reaches the community's other desks, stands in the journal and can
be taken back.  What was begun earlier keeps the town of its day (`profiles.desk.TownSequences`).
"""

import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs, reads
from desktop_app.practice import editing, queries, writing
from desktop_app.practice.actions import RIGHT, must_be_dated
from desktop_app.practice.editing import Change
from desktop_app.practice.model import RuleBook
from desktop_app.practice.shapes import origin_labels, shapes
from desktop_app.profiles.desk import FOLLOWED, followed
from desktop_app.profiles.queries import TOWNS, profile
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database

_BOOK: Final = "profiles/"
_NAMES: Final = frozenset({"基本信息"})
"""Parts that only say whose rules they are."""
_WHOLE: Final = "整条"
"""What `editing.differences` says of a record that only one of two files has."""


@dataclass(frozen=True, slots=True)
class TownChange:
    """What would differ from a day on: `changes` in words, `papers` that look different, `stays` what is left alone."""

    town: str
    name: str
    before: str
    from_on: str
    changes: tuple[Change, ...]
    papers: tuple[str, ...]
    stays: tuple[str, ...]

    @property
    def counted(self) -> str:
        """办理阶梯 2 处、编号写法 1 处"""
        parts = Counter(one.where.partition("　")[0] for one in self.changes)
        return "、".join(f"{part} {n} 处" for part, n in parts.items())


@reads("practice.read")
def what_changes(db: Database, town: str, on: str = "") -> TownChange:
    """What following another town from a day on (today if blank) would change.  AppError for a town nobody knows."""
    on = on or db.clock.today().isoformat()
    _must_be_known(town)
    now = followed(db, on)
    old, new = (_content(db, one, on) for one in (now, town))
    name = f"{_BOOK}{town}"
    changes = tuple(_worth_telling(editing.differences(name, old, new, db.path.parent)))
    touched = {one.where.partition("　")[0] for one in changes}
    papers = dict.fromkeys(paper for part in shapes(name) if part.title in touched for paper in part.papers)
    stays = tuple(_stays(db, old, new)) if changes else ()
    return TownChange(town, _name(db, town), _name(db, now), on, changes, tuple(papers), stays)


def _worth_telling(every: Sequence[Change]) -> Iterator[Change]:
    """Without where rules come from, and without the steps of a ladder that is new or gone as a whole."""
    whole = {one.where.split("　")[1] for one in every if one.what == _WHOLE and one.where.count("　") == 1}
    for one in every:
        part, _, rest = one.where.partition("　")
        inside = rest.partition("　")[0] in whole and one.where.count("　") > 1
        if part not in _NAMES and one.what not in origin_labels() and not inside:
            yield _told(one)


def _content(db: Database, town: str, on: str) -> Mapping[str, Any]:
    return tomllib.loads(queries.text_of(db, f"{_BOOK}{town}", on))


def _name(db: Database, town: str) -> str:
    return profile(town, db.path.parent).name


def _told(one: Change) -> Change:
    """A record that only one town has is not taken out: what was begun by it goes on."""
    if one.what != _WHOLE:
        return one
    return Change(one.where, one.what, one.before, "新增" if not one.before else "新的记录不再用")


_OPEN: Final = (
    (
        "SELECT count(*) FROM appeal_state s JOIN appeal a ON a.id=s.appeal_id AND a.sync_del=0 "
        "WHERE s.finished_on IS NULL AND a.ladder IN (SELECT value FROM json_each(?))",
        "ladders",
        "在办的诉求 {n} 件：按原来的阶梯和期限办完",
    ),
    (
        "SELECT count(*) FROM contact_assignment WHERE sync_del=0 AND to_on IS NULL "
        "AND scheme IN (SELECT value FROM json_each(?))",
        "contact_schemes",
        "包联登记 {n} 条：原方案不再列出，登记都留着，改回来就有",
    ),
    (
        "SELECT count(*) FROM list_item WHERE sync_del=0 AND list_type IN (SELECT value FROM json_each(?))",
        "list_types",
        "清单条目 {n} 条：仍在列表里，原来的种类不能再新增",
    ),
)
"""How many records are under rules that only the old town has; the part of the file; what becomes of them."""


def _stays(db: Database, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What is there under rules that only the old town has, in words."""
    found = []
    for sql, part, words in _OPEN:
        here, there = ({str(row["code"]) for row in content.get(part, ())} for content in (old, new))
        if n := db.scalar(sql, (json.dumps(sorted(here - there)),)):
            found.append(words.format(n=n))
    return [*found, "已经编过的号不变，新的号接着往下编", "会议人数和表决规则、代码表不随城市变，在各自那一份里改"]


@needs(RIGHT)
def follow(db: Database, actor: Actor, town: str, *, from_on: str, why: str) -> RuleBook:
    """Follows another town from a day on, today or later.  AppError where it is followed already."""
    _must_be_known(town)
    must_be_dated(db.clock.today().isoformat(), from_on, why)
    now = followed(db, from_on)
    if now == town:
        raise AppError(
            f"{from_on} 起本来就按{_name(db, town)}的做法，没有改动。", field="town", next_step="要换请选另一种。"
        )
    with db.transaction(actor, f"改用{_name(db, town)}的做法", why.strip()) as tx:
        told = {"town": town, "before": now}
        return tx.add(
            RuleBook(
                name=FOLLOWED, content=writing.dumps(told), from_on=from_on, at=db.clock.ms(), by_name=actor.name,
                why=why.strip(),
            )
        )  # fmt: skip


def _must_be_known(town: str) -> None:
    if town not in TOWNS:
        raise AppError(
            f"没有“{town}”这种城市做法，什么也没有改。", field="town", next_step=f"可以选：{'、'.join(TOWNS)}。"
        )
