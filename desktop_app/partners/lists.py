"""What one may ask about the lists 清单: their items, who took them, what could meet what."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from desktop_app.accounts.rights import reads
from desktop_app.partners import rules
from desktop_app.partners.rules import ClaimState
from desktop_app.store.database import Database

UNIT_NAME: Final = "coalesce((SELECT name FROM partner_unit u WHERE u.id={}),'')"
"""SQL for the name of the unit in a column."""


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item of a list with who took it; `left` None: as many as wish."""

    id: str
    no: str
    list_type: str
    title: str
    text: str
    colour: str
    quantity: int
    left: int | None
    unit_id: str
    unit: str
    contact: str
    from_on: str
    to_on: str
    state: str
    takers: str
    appeal_id: str


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim in a list."""

    id: str
    item_id: str
    list_type: str
    title: str
    unit_id: str
    taker: str
    promise: str
    quantity: int
    on: str
    due_on: str
    owner: str
    member_id: str
    state: ClaimState

    def late(self, today: str) -> bool:
        """Whether it should have been done by now."""
        return bool(self.due_on) and self.due_on < today and self.state.live and not self.state.done


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An item that would meet another one, and why."""

    item: ItemLine
    fit: float
    why: str


class _Fact(NamedTuple):
    id: str
    kind: str
    at: int
    on: str
    satisfaction: str | None


@reads("partners.read")
def states(db: Database, claim_ids: Iterable[str] | None = None) -> dict[str, ClaimState]:
    """Where claims stand; one without events was just taken and is not in it."""
    chosen = None if claim_ids is None else json.dumps(list(claim_ids))
    found: dict[str, list[_Fact]] = defaultdict(list)
    sql = (
        'SELECT claim_id,id,kind,at,"on",satisfaction FROM claim_event WHERE sync_del=0 '
        "AND (:ids IS NULL OR claim_id IN (SELECT value FROM json_each(:ids)))"
    )
    for claim_id, *cells in db.rows(sql, {"ids": chosen}):
        found[claim_id].append(_Fact(*cells))
    return {claim_id: rules.fold(events) for claim_id, events in found.items()}


@reads("partners.read")
def claims(db: Database, *, unit_id: str = "", item_id: str = "") -> list[ClaimLine]:
    """Claims, the newest first."""
    known = states(db)
    sql = (
        "SELECT c.id,c.item_id,coalesce(i.list_type,''),coalesce(i.title,''),coalesce(c.unit_id,''),c.taker,c.promise,"
        "c.quantity,c.\"on\",coalesce(c.due_on,''),"
        + UNIT_NAME.format("i.unit_id")
        + ",coalesce(c.member_id,'') FROM claim c LEFT JOIN list_item i ON i.id=c.item_id WHERE c.sync_del=0 "
        "AND (:unit='' OR c.unit_id=:unit) AND (:item='' OR c.item_id=:item) ORDER BY c.\"on\" DESC,c.id DESC"
    )
    rows = db.rows(sql, {"unit": unit_id, "item": item_id})
    return [ClaimLine(*(*row, known.get(row[0], ClaimState()))) for row in rows]


@reads("partners.read")
def items(db: Database, list_type: str = "", *, unit_id: str = "", text: str = "", state: str = "") -> list[ItemLine]:
    """Items of the lists, the newest first; `state` as `rules.item_state` has it, 在用 for all that are not over."""
    today = db.clock.today().isoformat()
    taken: dict[str, list[ClaimLine]] = defaultdict(list)
    for claim in claims(db):
        taken[claim.item_id].append(claim)
    sql = (
        "SELECT i.id,coalesce(i.no,''),i.list_type,i.title,i.text,coalesce(i.colour,''),i.quantity,"
        "coalesce(i.unit_id,''),"
        + UNIT_NAME.format("i.unit_id")
        + ",coalesce(i.contact,''),i.from_on,coalesce(i.to_on,''),i.withdrawn_on,coalesce(i.appeal_id,'') "
        "FROM list_item i WHERE i.sync_del=0 AND (:type='' OR i.list_type=:type) AND (:unit='' OR i.unit_id=:unit) "
        "AND (:text='' OR instr(i.title,:text) OR instr(i.text,:text) OR instr(coalesce(i.no,''),:text)) "
        "ORDER BY i.from_on DESC,i.id DESC"
    )
    told = {"type": list_type, "unit": unit_id, "text": text.strip()}
    lines = [_item(row, taken[row[0]], today) for row in db.rows(sql, told)]
    return [line for line in lines if _is_in(line.state, state)]


def _item(row: Sequence[Any], taken: Sequence[ClaimLine], today: str) -> ItemLine:
    held = [(claim.quantity, claim.state) for claim in taken]
    state = rules.item_state(row[6], held, bool(row[12]), bool(row[11]) and row[11] < today)
    takers = "、".join(dict.fromkeys(claim.taker for claim in reversed(taken) if claim.state.live))
    return ItemLine(*row[:7], *(rules.left(row[6], held), *row[7:12], state, takers, row[13]))


def _is_in(state: str, wanted: str) -> bool:
    return not wanted or state == wanted or (wanted == "在用" and state not in {"撤回", "过期", "完成"})


@reads("partners.read")
def suggestions(db: Database, item_id: str, most: int = 5) -> list[Suggestion]:
    """Items of other lists and other owners that could meet this one, the best first: 需求 with 资源, 服务, 项目."""
    every = items(db, state="在用")
    mine = next((one for one in every if one.id == item_id), None)
    if mine is None:
        return []
    found = []
    for other in every:
        if other.list_type == mine.list_type or (other.unit_id == mine.unit_id) or other.left == 0:
            continue
        fit = rules.fit((mine.colour or None, other.colour or None), (_words(mine), _words(other)))
        if fit >= rules.LEAST_FIT:
            same = mine.colour and mine.colour == other.colour
            why = "、".join(filter(None, (f"同属{mine.colour}" if same else "", _shared(mine, other))))
            found.append(Suggestion(other, fit, why))
    return sorted(found, key=lambda one: (-one.fit, one.item.from_on, one.item.id))[:most]


def _words(item: ItemLine) -> str:
    return f"{item.title}{item.text}"


def _shared(one: ItemLine, other: ItemLine) -> str:
    return "内容相近" if rules.likeness(_words(one), _words(other)) >= rules.LEAST_FIT else ""
