"""What an erasure takes out of the entries of an account that stays: days, amounts and rules remain, words do not.

Over all accounts the sum must stay 0, and what was given to somebody else must stay with them.  So no entry goes; those
with words are told once more without them, under identifiers that every desk derives, as with orders.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import select

from desktop_app.points.facts import IN
from desktop_app.points.model import PointsEntry
from desktop_app.shared.ids import named_id
from desktop_app.store.base import SYNC_COLUMNS
from desktop_app.store.database import Transaction

SOMEBODY: Final = "本人"
_NAMES: Final = ("by_name", "attest1", "attest2")
_BACK: Final = f"SELECT id FROM points_entry WHERE sync_del=0 AND reverses {IN}"


def tell_again(tx: Transaction, account_ids: Sequence[str], words: Sequence[str]) -> list[tuple[str, str]]:
    """Tells the entries of these accounts without words; returns (table, id) of those to be erased for it.

    `words` are how the person is called: whoever attested or recorded by that name did so as 本人.
    """
    mine = tx.session.scalars(
        select(PointsEntry).where(
            PointsEntry.sync_del == 0,
            PointsEntry.from_account_id.in_(account_ids) | PointsEntry.to_account_id.in_(account_ids),
        )
    )
    spoken = {one.id: one for one in mine if one.text or any(getattr(one, name) in words for name in _NAMES)}
    # what takes one of them back has to name the one that is told again
    backs = [str(one) for (one,) in tx.rows(_BACK, {"ids": json.dumps(list(spoken))})]
    spoken |= {one: tx.need(PointsEntry, one) for one in backs}
    new = {one: named_id("told_again", one) for one in spoken}
    # one that came late may take back what was told again before
    named = {one.reverses: named_id("told_again", one.reverses) for one in spoken.values() if one.reverses}
    there = _there(tx, [*new.values(), *named.values()])
    back = new | {one: again for one, again in named.items() if again in there}
    for key, entry in spoken.items():
        if new[key] not in there:  # told by another desk, or before the program ended
            tx.add(_again(entry, new[key], back.get(entry.reverses or "", entry.reverses), words))
    return [("points_entry", one) for one in spoken]


def _there(tx: Transaction, ids: Iterable[str]) -> set[str]:
    sql = f"SELECT id FROM points_entry WHERE id {IN}"
    return {str(one) for (one,) in tx.rows(sql, {"ids": json.dumps(list(ids))})}


def _again(entry: PointsEntry, key: str, reverses: str | None, words: Sequence[str]) -> PointsEntry:
    cells = {
        column.name: getattr(entry, column.name)
        for column in PointsEntry.__table__.columns
        if column.name not in SYNC_COLUMNS
    }
    names = {name: SOMEBODY if cells[name] in words else cells[name] for name in _NAMES}
    return PointsEntry(**{**cells, **names, "id": key, "text": None, "reverses": reverses})
