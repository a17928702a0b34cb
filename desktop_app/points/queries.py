"""What one may ask about points: accounts, a passbook on any day, a year's figures, whether all of it adds up."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from desktop_app.accounts.rights import reads
from desktop_app.orders.people import GONE
from desktop_app.points import book, joining, rules
from desktop_app.points.facts import IN
from desktop_app.points.model import PointsEntry
from desktop_app.points.rules import PointsRule
from desktop_app.residents import search
from desktop_app.shared.text import mask
from desktop_app.store.database import Database
from desktop_app.store.wording import having

PAGE: Final = 500
ORDERS: Final = {
    "below": "(s.balance<0) DESC,a.name,a.kind,a.id",
    "name": "a.name,a.kind,a.id",
    "balance": "s.balance DESC,a.name,a.kind,a.id",
    "last": "coalesce(s.last_on,'') DESC,a.name,a.kind,a.id",
}
"""How a list of accounts may be sorted; `below`: those below zero first."""


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """Which accounts; what is empty does not narrow.

    `text`: words of name or note, or name, pinyin, phone, address of the resident; `kind`: a word of `rules.KINDS`, the
    community's own are left out unless asked for; `below`: below zero; `closed`: closed ones too, of
    which one that is not empty is shown anyway.
    """

    text: str = ""
    kind: str = ""
    person_id: str = ""
    household_id: str = ""
    helper_id: str = ""
    below: bool = False
    closed: bool = False


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One line of the list; amounts are in `unit`; `gone` says why the owner is no longer here, "" else."""

    id: str
    kind: str
    name: str
    unit: str
    balance: int
    came: int
    went: int
    entries: int
    last_on: str
    opened_on: str
    closed_on: str
    person_id: str
    household_id: str
    helper_id: str
    note: str
    void: int
    gone: str

    @property
    def balance_words(self) -> str:
        """30 分; 2 小时 5 分钟（125 分钟）."""
        return rules.spoken(self.balance, self.unit)


_FROM: Final = (
    " FROM points_account a JOIN points_account_state s ON s.points_account_id=a.id "
    "LEFT JOIN person p ON p.id=a.person_id WHERE a.sync_del=0 AND a.scope=0 "
    "AND NOT EXISTS(SELECT 1 FROM points_joined j WHERE j.account_id=a.id)"
)
_LINE: Final = (
    "SELECT a.id,a.kind,a.name,a.unit,s.balance,s.came,s.went,s.entries,coalesce(s.last_on,''),"
    "coalesce(min(coalesce(a.opened_on,s.first_on),coalesce(s.first_on,a.opened_on)),''),coalesce(a.closed_on,''),"
    "coalesce(a.person_id,''),coalesce(a.household_id,''),coalesce(a.helper_id,''),"
    f"coalesce(a.note,''),s.void,{GONE}"
)


def _where(db: Database, which: AccountFilter) -> tuple[str, dict[str, Any]]:
    parts, told = [], dict[str, Any]()
    for name in ("kind", "person_id", "household_id", "helper_id"):
        if value := getattr(which, name):
            parts.append(f"a.{name}=:{name}")
            told[name] = value
    if not which.kind:
        parts.append(f"a.kind<>'{rules.COMMUNITY}'")
    if which.below:
        parts.append("s.balance<0")
    if not which.closed:
        parts.append("(a.closed_on IS NULL OR s.balance<>0)")
    if which.text.strip():
        sql, words = having(which.text, ("a.name", "a.note"))
        people = [hit.id for hit in search.find(db, which.text)]
        parts.append(f"(({sql}) OR a.person_id IN (SELECT value FROM json_each(:people)))")
        told |= {**words, "people": json.dumps(people)}
    return "".join(f" AND {one}" for one in parts), told


@reads("points.read")
def accounts(
    db: Database, which: AccountFilter | None = None, *, order: str = "below", limit: int = PAGE, offset: int = 0
) -> list[AccountLine]:
    """Accounts, sorted by a key of ORDERS."""
    where, told = _where(db, which or AccountFilter())
    sql = f"{_LINE}{_FROM}{where} ORDER BY {ORDERS[order]} LIMIT :most OFFSET :past"
    return [AccountLine(*row) for row in db.rows(sql, {**told, "most": limit, "past": offset})]


@reads("points.read")
def count(db: Database, which: AccountFilter | None = None) -> int:
    """How many accounts."""
    where, told = _where(db, which or AccountFilter())
    return int(db.scalar(f"SELECT count(*){_FROM}{where}", told))


@reads("points.read")
def account(db: Database, account_id: str) -> AccountLine | None:
    """One account, closed or the community's own too; None where there is none.

    One that is one with another (`joining`) is meant as all of them.
    """
    rows = db.rows(f"{_LINE}{_FROM} AND a.id=:id", {"id": joining.head(db, account_id)})
    return AccountLine(*rows[0]) if rows else None


@reads("points.read")
def rule_book(db: Database, kind: str = "", on: str = "") -> tuple[PointsRule, ...]:
    """The rules that hold on a day (today if blank), of a kind of account if told."""
    return book.rules_on(db, kind, on)


# ------------------------------------------------------------------------------------------------------------ passbook


@dataclass(frozen=True, slots=True)
class PassbookLine:
    """One entry as a passbook shows it: `came` or `went` (the other is 0), `balance` after it.

    `void` says why it counts for nothing ("" where it does), `reversed_by` is the entry that took it back; `other` is
    the account on the other side.
    """

    id: str
    kind: str
    on: str
    at: int
    text: str
    came: int
    went: int
    balance: int
    attest1: str
    attest2: str
    by_name: str
    rule_words: str
    voucher_no: str
    other: str
    ref_type: str
    ref_id: str
    void: str
    reversed_by: str

    @property
    def reviewers(self) -> str:
        """Both reviewers, or whoever did it where there are none."""
        return "、".join(filter(None, (self.attest1, self.attest2))) or self.by_name


@dataclass(frozen=True, slots=True)
class Passbook:
    """An account and what happened in it between two days, both included: `opening` before, `closing` after."""

    account: AccountLine
    since: str
    until: str
    opening: int
    lines: tuple[PassbookLine, ...]
    closing: int
    phone: str
    """the owner's first number, masked"""


_ENTRY: Final = (
    'SELECT e.id,e.kind,e."on",e.at,'
    "coalesce(e.text,substr(e.rule_words,1,instr(e.rule_words,'：')-1),e.kind),"
    f"CASE WHEN e.to_account_id {IN} THEN e.amount ELSE 0 END,"
    f"CASE WHEN e.from_account_id {IN} THEN e.amount ELSE 0 END,coalesce(e.attest1,''),coalesce(e.attest2,''),"
    "e.by_name,coalesce(e.rule_words,''),coalesce(e.voucher_no,''),coalesce(o.name,''),coalesce(e.ref_type,''),"
    "coalesce(e.ref_id,''),coalesce(v.why,''),coalesce((SELECT b.id FROM points_entry b LEFT JOIN points_void w "
    "ON w.entry_id=b.id WHERE b.reverses=e.id AND b.sync_del=0 AND w.entry_id IS NULL),'') "
    "FROM points_entry e LEFT JOIN points_void v ON v.entry_id=e.id "
    "LEFT JOIN points_account o "
    f"ON o.id=CASE WHEN e.to_account_id {IN} THEN e.from_account_id ELSE e.to_account_id END "
    f"WHERE e.sync_del=0 AND e.id IN (SELECT id FROM points_entry WHERE from_account_id {IN} UNION ALL "
    f'SELECT id FROM points_entry WHERE to_account_id {IN}) ORDER BY e."on",e.at,e.id'
)


@reads("points.read")
def passbook(db: Database, account_id: str, since: str = "", until: str = "") -> Passbook | None:
    """What happened in an account, by day; "" for open ends.  None where there is none."""
    found = account(db, account_id)
    if found is None:
        return None
    every = list(_lines(db.rows(_ENTRY, {"ids": json.dumps(joining.members(db, found.id))})))
    before = [one for one in every if since and one.on < since]
    shown = [one for one in every if one.on >= since and (not until or one.on <= until)]
    opening = before[-1].balance if before else 0
    closing = shown[-1].balance if shown else opening
    return Passbook(found, since, until, opening, tuple(shown), closing, _phone(db, found))


def _lines(rows: Sequence[tuple[Any, ...]]) -> Iterator[PassbookLine]:
    balance = 0
    for key, kind, on, at, text, came, went, *more in rows:
        void = more[-2]
        balance += 0 if void else came - went
        yield PassbookLine(key, kind, on, at, text, came, went, balance, *more)


def _phone(db: Database, one: AccountLine) -> str:
    sql = "SELECT phones FROM person WHERE id=?" if one.person_id else "SELECT phone FROM helper WHERE id=?"
    said = db.scalar(sql, (one.person_id or one.helper_id,)) if one.person_id or one.helper_id else ""
    return mask("phone", next(iter((said or "").split()), ""))


@dataclass(frozen=True, slots=True)
class Voucher:
    """One entry with both accounts, as a voucher (兑换单, 转赠凭证) needs it; `void` as in `PassbookLine`."""

    entry: PointsEntry
    giver: AccountLine
    taker: AccountLine
    void: str
    reversed_on: str


@reads("points.read")
def voucher(db: Database, entry_id: str) -> Voucher | None:
    """An entry with its two accounts; None where there is none."""
    entry = db.get(PointsEntry, entry_id)
    sides = [account(db, one) for one in (entry.from_account_id, entry.to_account_id)] if entry else []
    if entry is None or not all(sides):
        return None
    giver, taker = (one for one in sides if one)
    why = str(db.scalar("SELECT why FROM points_void WHERE entry_id=?", (entry_id,)) or "")
    back = db.scalar('SELECT "on" FROM points_entry WHERE reverses=? AND sync_del=0', (entry_id,))
    return Voucher(entry, giver, taker, why, str(back or ""))
