"""Two desks that gave, or took, the same points while apart: told to a person, as with orders and matters.

An account that is back at zero needs no talk any more: what was noted of it settles by itself, so that the list holds
only what there is something to do about.  Both only by what the server has numbered, which every desk sees alike.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from desktop_app.points import facts, folding, joining
from desktop_app.points.facts import IN, PointsFact
from desktop_app.points.rules import COMMUNITY
from desktop_app.shared.events import Stale
from desktop_app.store.clashes import note_clashes
from desktop_app.store.conflict import Conflict
from desktop_app.store.database import Transaction

TABLE: Final = "points_entry"
OVERDRAFT: Final = "overdraft"
_OPEN: Final = (
    "SELECT c.id,c.row_id,coalesce(j.head_id,e.from_account_id) FROM conflict c JOIN points_entry e ON e.id=c.row_id "
    "LEFT JOIN points_joined j ON j.account_id=e.from_account_id "
    "WHERE c.tbl='points_entry' AND c.kind='overdraft' AND c.status='open' AND c.sync_del=0 AND c.scope=0"
)
_OWNED: Final = f"SELECT id FROM points_account WHERE id {IN} AND kind<>:community AND scope=0 AND sync_del=0"


def note(tx: Transaction, stale: Sequence[Stale], entries: Sequence[PointsFact]) -> None:
    """A clash for each entry that counts for nothing."""
    if stale:
        note_clashes(tx, TABLE, stale, entries)


def note_overdrafts(tx: Transaction, balance: Mapping[str, int]) -> None:
    """A clash for each account below zero, at the entry that took it there; those that no longer are settle."""
    waiting: dict[str, list[tuple[str, str]]] = {}
    for key, entry, payer in tx.rows(_OPEN):
        waiting.setdefault(payer, []).append((key, entry))
    suspect = [one for one, amount in balance.items() if amount < 0 or one in waiting]
    asked = {"ids": json.dumps(suspect), "community": COMMUNITY}
    for (account,) in tx.rows(_OWNED, asked) if suspect else ():
        one = joining.members(tx, account)
        numbered = _counting(tx, one)
        below, before = folding.first_below(one, numbered)
        for key, entry in waiting.get(account, ()):
            if below is None or entry != below.id:
                tx.change(Conflict, key, status="kept", resolved_at=tx.db.clock.ms())
        if below is not None:
            said = Stale(below.id, before.id if before else "", "")
            note_clashes(tx, TABLE, [said], numbered, kind=OVERDRAFT)


def _counting(tx: Transaction, accounts: Sequence[str]) -> list[PointsFact]:
    """The entries of accounts that the server has numbered and that count."""
    void = facts.void_entries(tx)
    return [one for one in facts.entries_of(tx, accounts) if one.sync_seq and one.id not in void]
