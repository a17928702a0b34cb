"""Bodies beside the two lines: councils 议事会, owners' committees 业委会, delegates' studios, teams (A1-25, A1-26).

A body is a node of the line `BODIES`, so that posts, meetings and the roster know it like any other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs, reads
from desktop_app.organisation import rules
from desktop_app.organisation.actions import shut
from desktop_app.organisation.centres import in_force
from desktop_app.organisation.model import OrgNode
from desktop_app.profiles.desk import desk_codes
from desktop_app.profiles.rules import Code
from desktop_app.shared.errors import AppError
from desktop_app.shared.fields import filled
from desktop_app.store.database import Database, Transaction

BODIES: Final = "组织体"
"""The line of a body."""
NEAR_DAYS: Final = 90
"""A term that ends within so many days is to be prepared for."""


@dataclass(frozen=True, slots=True)
class BodyLine:
    """A body in a list; `doubt` says what does not fit its kind, in words."""

    id: str
    kind: str
    name: str
    estate: str
    klass: str
    members: int
    head: str
    from_on: str
    term_to: str
    state: str
    """"" 将届满 届满 已撤销"""
    doubt: str
    filed_on: str
    place: str


@reads("organisation.read")
def bodies(db: Database, on: str, *, text: str = "", kind: str = "", ended: bool = False) -> list[BodyLine]:
    """Bodies by kind and name."""
    table = desk_codes(db, "body_kinds")
    sql = (
        "SELECT n.id,n.kind,n.name,coalesce(e.name,''),coalesce(n.klass,''),coalesce(n.from_on,''),"
        "coalesce(n.term_to,''),coalesce(n.to_on,''),coalesce(n.filed_on,''),coalesce(n.place,'') "
        "FROM org_node n LEFT JOIN estate e ON e.id=n.estate_id WHERE n.sync_del=0 AND n.line=:line "
        "AND (:ended OR n.to_on IS NULL OR n.to_on>:on) AND (:kind='' OR n.kind=:kind) "
        "AND (:text='' OR instr(n.name,:text) OR instr(coalesce(e.name,''),:text)) ORDER BY n.kind,n.name,n.id"
    )
    seats = _seats(db, on)
    told = {"line": BODIES, "on": on, "kind": kind, "text": text.strip(), "ended": int(ended)}
    order = {one.name: at for at, one in enumerate(table)}
    lines = [_line(row, seats.get(row[0], []), table.get(row[1]), on) for row in db.rows(sql, told)]
    return sorted(lines, key=lambda one: (order.get(one.kind, len(order)), one.estate, one.name))


def _seats(db: Database, on: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    sql = f"SELECT s.node_id,s.name FROM seat s WHERE {in_force('s')} ORDER BY s.local_no"
    for node_id, name in db.rows(sql, {"on": on}):
        found.setdefault(node_id, []).append(name)
    return found


def _line(row: tuple[Any, ...], names: list[str], kind: Code, on: str) -> BodyLine:
    id_, kind_name, name, estate, klass, from_on, term_to, to_on, filed_on, place = row
    state = "已撤销" if to_on and to_on <= on else term_state(term_to, date.fromisoformat(on))
    doubt = "" if state == "已撤销" else size_doubt(len(names), kind.number("least"), kind.number("most"))
    head = names[0] if names else ""
    return BodyLine(
        id_, kind_name, name, estate, klass, len(names), head, from_on, term_to, state, doubt, filed_on, place
    )


def term_state(term_to: str, today: date) -> str:
    """届满 once the last day of a term is over, 将届满 in its last months, else nothing."""
    if not term_to:
        return ""
    if term_to < today.isoformat():
        return "届满"
    return "将届满" if term_to <= (today + timedelta(days=NEAR_DAYS)).isoformat() else ""


def size_doubt(members: int, least: int | None, most: int | None) -> str:
    """What is wrong with a number of members, "" where nothing is."""
    if least is not None and members < least:
        return f"应有 {least} 名以上，现有 {members} 名"
    return f"不超过 {most} 名，现有 {members} 名" if most is not None and members > most else ""


@dataclass(frozen=True, slots=True)
class KindCoverage:
    """How many estates have a body of a kind that every estate should have; `without` names those that have none."""

    kinds: tuple[str, ...]
    estates: int
    without: tuple[str, ...]

    @property
    def words(self) -> str:
        """“业委会、自治委员会：6 个小区中 5 个有”"""
        return f"{'、'.join(self.kinds)}：{self.estates} 个小区中 {self.estates - len(self.without)} 个有"


@reads("organisation.read")
def coverage(db: Database, on: str) -> list[KindCoverage]:
    """Estates with and without a council, and with and without a committee of owners or of self-government."""
    estates = db.rows("SELECT id,name FROM estate WHERE sync_del=0 ORDER BY name")
    held = set(
        db.rows(
            f"SELECT n.estate_id,n.kind FROM org_node n WHERE {in_force('n')} AND n.line=:line",
            {"on": on, "line": BODIES},
        )
    )
    return [_covered(estates, held, kinds) for kinds in _wanted(desk_codes(db, "body_kinds"))]


def _wanted(kinds: Iterable[Code]) -> list[tuple[str, ...]]:
    """Kinds every estate should have; those that are elected stand for each other (石首 2021: 业委会 or 自治委员会)."""
    every = [one for one in kinds if one.more.get("covers")]
    elected = tuple(one.name for one in every if one.more.get("term"))
    return [(one.name,) for one in every if not one.more.get("term")] + ([elected] if elected else [])


def _covered(estates: list[tuple[Any, ...]], held: set[tuple[Any, ...]], kinds: tuple[str, ...]) -> KindCoverage:
    without = tuple(name for id_, name in estates if not any((id_, kind) in held for kind in kinds))
    return KindCoverage(kinds, len(estates), without)


# ------------------------------------------------------------------------------------------------------------- actions


@needs("organisation.change")
def found_body(db: Database, actor: Actor, body: OrgNode) -> OrgNode:
    """Founds a body; two of one kind and name are refused."""
    body.line, body.level = BODIES, 0
    _check(db, body)
    with db.transaction(actor, f"成立{body.kind}：{body.name}") as tx:
        _must_be_new(tx, body)
        return tx.add(body)


@needs("organisation.change")
def change_body(db: Database, actor: Actor, body_id: str, **changes: Any) -> OrgNode:
    """Changes the named fields of a body."""
    with db.transaction(actor, "修改组织体") as tx:
        body = tx.change(OrgNode, body_id, **changes)
        _check(db, body)
        _must_be_new(tx, body)
        return body


@needs("organisation.change")
def end_body(db: Database, actor: Actor, body_id: str, on: str, why: str = "") -> OrgNode:
    """Ends a body on a day, and the posts in it."""
    with db.transaction(actor, "撤销组织体", why) as tx:
        return shut(tx, body_id, on)


def _check(db: Database, body: OrgNode) -> None:
    """AppError, at its field, for what no body can have."""
    filled(body.name, "name", "名称")
    table = desk_codes(db, "body_kinds")
    kind = table.find(body.kind)
    if kind is None:
        known = "、".join(table.names())
        raise AppError(f"没有“{body.kind}”这种组织体，没有保存。", field="kind", next_step=f"可以选：{known}。")
    body.kind = kind.name
    rules.check_dates(body.from_on, body.to_on, started="成立日期", ended="撤销日期")
    rules.check_dates(body.from_on, body.term_to, started="成立日期", ended="任期届满")
    if body.filed_on:
        rules.check_dates(body.filed_on, None, started="备案日期", ended="")
    if body.klass and body.klass not in kind.words("classes"):
        known = "、".join(kind.words("classes")) or "不分类"
        raise AppError(
            f"{kind.name}没有“{body.klass}”这一类，没有保存。", field="klass", next_step=f"可以选：{known}。"
        )


def _must_be_new(tx: Transaction, body: OrgNode) -> None:
    sql = (
        "SELECT 1 FROM org_node WHERE line=? AND kind=? AND name=? AND estate_id IS ? AND id<>? AND sync_del=0 "
        "AND to_on IS NULL"
    )
    if tx.scalar(sql, (BODIES, body.kind, body.name, body.estate_id, body.id)):
        raise AppError(f"已经有“{body.name}”了，没有重复保存。", field="name", next_step="请直接使用，或换一个名称。")
