"""Repairs that are safe: each follows from the records themselves, is shown before it is done, and can be undone.

A repair is a list of steps, one for each case.  The same function plans them for the preview and, inside the
transaction, for the deed: what a colleague put right meanwhile is not done again.
"""

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.app import App
from desktop_app.health import check
from desktop_app.organisation.model import PartyMember, Seat
from desktop_app.residents import rules
from desktop_app.residents.actions import end_living, set_head
from desktop_app.residents.model import Household, HouseholdMember, PersonTag, Residence
from desktop_app.shared.errors import AppError
from desktop_app.store.base import Record
from desktop_app.store.database import Transaction

MOST: Final = 2000
"""Steps of one repair: one action that can be looked at and taken back."""


class Reader(Protocol):
    """The database or a transaction."""

    def rows(self, sql: str, params: Any = ..., /) -> list[tuple[Any, ...]]:
        """All rows of a query."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a repair does about one case, in words, and the deed."""

    case_id: str
    words: str
    act: Callable[[Transaction], object]


@dataclass(frozen=True, slots=True)
class Ask:
    """What a plan is asked for: the day (ISO), and these cases alone, or the first `MOST`."""

    today: str
    only: tuple[str, ...] = ()


Plan = Callable[[Reader, Ask], Iterator[Step]]


@dataclass(frozen=True, slots=True)
class Fix:
    """A repair of a finding: `verb` for a button, `plan` its steps."""

    code: str
    verb: str
    plan: Plan


def _cases(source: Reader, code: str, ask: Ask) -> list[tuple[Any, ...]]:
    """Identifier and words of what a check finds."""
    found = check(code)
    if found is None:
        return []
    wanted = " WHERE id IN (SELECT value FROM json_each(:only))" if ask.only else ""
    sql = (
        f"SELECT id,told FROM (SELECT {found.key} AS id,{found.told} AS told {found.source} "
        f"ORDER BY {found.order}){wanted} LIMIT {MOST}"
    )
    values = {"today": ask.today, "only": json.dumps(ask.only)}
    return source.rows(sql, {name: value for name, value in values.items() if f":{name}" in sql})


# ----------------------------------------------------------------------------------------------------------- households


def _next_heads(source: Reader, ask: Ask) -> Iterator[Step]:
    for household_id, words in _cases(source, "head_missing", ask):
        members = source.rows(
            "SELECT p.id,m.relation,p.birth,p.name FROM household_member m JOIN person p ON p.id=m.person_id "
            "WHERE m.household_id=? AND m.sync_del=0 AND m.to_on IS NULL AND p.sync_del=0 ORDER BY m.local_no",
            (household_id,),
        )
        named = [member for member in members if rules.is_head_word(member[1])]
        head = named[0][0] if len(named) == 1 else rules.next_head(member[:3] for member in members)
        if head is not None:
            name = next(member[3] for member in members if member[0] == head)
            yield Step(household_id, f"{words}：户主定为{name}", partial(_become_head, household_id, head))


def _become_head(household_id: str, person_id: str, tx: Transaction) -> None:
    set_head(tx, household_id, person_id)


def _one_head(source: Reader, ask: Ask) -> Iterator[Step]:
    for household_id, words in _cases(source, "head_double", ask):
        changes: list[tuple[str, str | None]] = []
        told: list[str] = []
        for member_id, name, relation, is_head in source.rows(
            "SELECT m.id,p.name,m.relation,m.person_id=h.head_id FROM household_member m "
            "JOIN household h ON h.id=m.household_id JOIN person p ON p.id=m.person_id "
            "WHERE h.id=? AND m.sync_del=0 AND m.to_on IS NULL AND p.sync_del=0",
            (household_id,),
        ):
            if is_head and relation != "户主":
                changes.append((member_id, "户主"))
                told.append(f"{name}标为户主")
            elif not is_head and rules.is_head_word(relation):
                changes.append((member_id, None))
                told.append(f"{name}不再标为户主（与户主关系待填）")
        yield Step(household_id, f"{words}：{'，'.join(told)}", partial(_relate, tuple(changes)))


def _relate(changes: tuple[tuple[str, str | None], ...], tx: Transaction) -> None:
    for member_id, relation in changes:
        tx.change(HouseholdMember, member_id, relation=relation)


def _empty_households(source: Reader, ask: Ask) -> Iterator[Step]:
    for household_id, words in _cases(source, "household_empty", ask):
        ((last,),) = source.rows("SELECT max(to_on) FROM household_member WHERE household_id=?", (household_id,))
        on = last or ask.today
        act = partial(_change, Household, household_id, {"to_on": on, "status": "搬离"})
        yield Step(household_id, f"{words}：这一户到 {on} 结束", act)


# --------------------------------------------------------------------------------------------------------------- living


def _end_living(source: Reader, ask: Ask) -> Iterator[Step]:
    for person_id, words in _cases(source, "gone_living", ask):
        ((on,),) = source.rows(
            "SELECT max(coalesce(p.deceased_on,p.left_on),coalesce((SELECT max(s.from_on) FROM residence s "
            "WHERE s.person_id=p.id AND s.sync_del=0 AND s.to_on IS NULL),'')) FROM person p WHERE p.id=?",
            (person_id,),
        )
        yield Step(person_id, f"{words}：住处和户成员到 {on} 结束", partial(_leave, person_id, on))


def _leave(person_id: str, on: str, tx: Transaction) -> None:
    end_living(tx, person_id, on)


def _ended(code: str, cls: type[Record], on: str, what: str, begun: str = "from_on") -> Plan:
    """Records that end on a day told by SQL (`t` is the record), never before they began."""

    def plan(source: Reader, ask: Ask) -> Iterator[Step]:
        table = cls.__tablename__
        for record_id, words in _cases(source, code, ask):
            sql = f"SELECT max(coalesce(({on}),:today),coalesce(t.{begun},'')) FROM {table} t WHERE t.id=:id"
            ((day,),) = source.rows(sql, {"id": record_id, "today": ask.today})
            yield Step(record_id, f"{words}：{what}到 {day} 结束", partial(_change, cls, record_id, {"to_on": day}))

    return plan


def _swapped(code: str, cls: type[Record]) -> Plan:
    """Records whose two dates were written the wrong way round."""

    def plan(source: Reader, ask: Ask) -> Iterator[Step]:
        for record_id, words in _cases(source, code, ask):
            ((first, last),) = source.rows(f"SELECT from_on,to_on FROM {cls.__tablename__} WHERE id=?", (record_id,))
            act = partial(_change, cls, record_id, {"from_on": last, "to_on": first})
            yield Step(record_id, f"{words}：改为 {last} 至 {first}", act)

    return plan


def _change(cls: type[Record], record_id: str, fields: dict[str, Any], tx: Transaction) -> None:
    tx.change(cls, record_id, **fields)


_GONE: Final = "SELECT coalesce(p.deceased_on,p.left_on) FROM person p WHERE p.id=t.person_id"
FIXES: Final = (
    Fix("head_missing", "按顺序定户主", _next_heads),
    Fix("head_double", "以登记的户主为准", _one_head),
    Fix("household_empty", "结束这些户", _empty_households),
    Fix("gone_living", "结束居住", _end_living),
    Fix("dead_tag", "结束这些标签", _ended("dead_tag", PersonTag, _GONE, "标签")),
    Fix("member_orphan", "结束成员关系", _ended("member_orphan", HouseholdMember, "NULL", "成员关系")),
    Fix("residence_orphan", "结束居住记录", _ended("residence_orphan", Residence, "NULL", "居住")),
    Fix("person_tag_dates", "把日期换过来", _swapped("person_tag_dates", PersonTag)),
    Fix("residence_dates", "把日期换过来", _swapped("residence_dates", Residence)),
    Fix("household_member_dates", "把日期换过来", _swapped("household_member_dates", HouseholdMember)),
    Fix("seat_dates", "把日期换过来", _swapped("seat_dates", Seat)),
    Fix("dead_in_post", "卸任", _ended("dead_in_post", Seat, _GONE, "任职")),
    Fix(
        "node_closed",
        "随组织卸任",
        _ended("node_closed", Seat, "SELECT n.to_on FROM org_node n WHERE n.id=t.node_id", "任职"),
    ),
    Fix("party_gone", "结束党员信息", _ended("party_gone", PartyMember, _GONE, "党员信息", "joined_on")),
)


def fix(code: str) -> Fix | None:
    """The repair of a finding; None where a person has to decide."""
    return next((one for one in FIXES if one.code == code), None)


def preview(app: App, code: str, only: Collection[str] = ()) -> list[Step]:
    """What a repair would do, at most `MOST` steps; `only` narrows to these cases."""
    return list(_needed(code).plan(app.db, _ask(app, only)))


@needs("store.check")
def apply(app: App, actor: Actor, code: str, only: Collection[str] = ()) -> int:
    """Carries out a repair as one action that can be undone; returns how many cases were put right."""
    found, asked = _needed(code), check(code)
    with app.db.transaction(actor, f"体检修复：{asked.words if asked else code}") as tx:
        steps = list(found.plan(tx, _ask(app, only)))
        for step in steps:
            step.act(tx)
        return len(steps)


def _ask(app: App, only: Collection[str]) -> Ask:
    return Ask(app.clock.today().isoformat(), tuple(only))


def _needed(code: str) -> Fix:
    found = fix(code)
    if found is None:
        raise AppError(
            "这一项不能自动修复，什么也没有改。",
            next_step=f"请逐条打开改正。可以自动修复的有：{'、'.join(one.code for one in FIXES)}。",
        )
    return found
