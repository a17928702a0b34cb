"""What an erasure takes out of entries, which stay: days, amounts and rules remain, words about the person do not.

Over all accounts the sum must stay 0, and what was given to somebody else must stay with them.  So no entry goes; those
with words are told once more without them, under identifiers that every desk derives, as with orders.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy import select

from desktop_app.points.facts import IN
from desktop_app.points.model import PointsEntry
from desktop_app.shared.ids import named_id
from desktop_app.store.base import SYNC_COLUMNS
from desktop_app.store.database import Database, Transaction
from desktop_app.store.facts import SOMEBODY

NO_LONGER: Final = "（已清除）"
"""In the place of a reviewer, or of whoever recorded it, in somebody else's entry."""
_NAMES: Final = ("by_name", "attest1", "attest2")
_BACK: Final = f"SELECT id FROM points_entry WHERE sync_del=0 AND reverses {IN}"
_ASTRAY: Final = (
    "SELECT b.id,b.reverses FROM points_entry b WHERE b.reverses NOTNULL AND b.sync_del=0 AND b.scope=0 "
    "AND EXISTS(SELECT 1 FROM points_entry e WHERE e.id=b.reverses AND e.sync_del<>0)"
)
_NAMING: Final = (
    "SELECT id FROM points_entry WHERE sync_del=0 AND scope=0 "
    "AND (:word IN (by_name,attest1,attest2) OR (:sure AND instr(text,:word)>0))"
)
_BORNE: Final = (
    f"SELECT 1 FROM person WHERE :word IN (name,used_name) AND sync_del=0 AND id NOT {IN} "
    "UNION ALL SELECT 1 FROM staff WHERE name=:word AND sync_del=0 "
    f"UNION ALL SELECT 1 FROM helper WHERE name=:word AND sync_del=0 AND coalesce(person_id,'') NOT {IN} LIMIT 1"
)
"""SQL: somebody else who is called so."""
_LONGER: Final = " UNION ALL ".join(
    f"SELECT 1 FROM {table} WHERE sync_del=0 AND name<>:word AND instr(name,:word)>0"
    for table in ("person", "staff", "helper")
)
"""SQL: somebody in whose name it is a part."""
_SURE: Final = 3
"""Characters of a name that is hardly anything else."""


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
    late = {one: tx.need(PointsEntry, one) for one in astray(tx) if one not in spoken}
    return _tell(tx, spoken, words) + _tell(tx, late, (), own=False)


def unname(tx: Transaction, people: Sequence[str], words: Sequence[str]) -> list[tuple[str, str]]:
    """Tells entries in which the person is named, whosever they are, without the name; returns as `tell_again`.

    These entries of a person, `people`, are about to be erased; `words` are how the person is called.  A name that
    somebody else bears as well stays: nobody can say whose it is.  In a text only a name of three characters or more is
    looked for, and not within a longer one: 文明 is somebody's name, and 文明劝导 is what somebody else did.
    """
    chosen = json.dumps(list(people))
    only = [word for word in words if not tx.rows(_BORNE, {"word": word, "ids": chosen})]
    sure = [word for word in only if len(word) >= _SURE and not tx.rows(_LONGER, {"word": word})]
    found = {str(one) for word in only for (one,) in tx.rows(_NAMING, {"word": word, "sure": word in sure})}
    return _tell(tx, {one: tx.need(PointsEntry, one) for one in sorted(found)}, only, own=False, within=sure)


def astray(source: Database | Transaction) -> list[str]:
    """Reversals of what was told again meanwhile: they have to name that, or it could be taken back once more."""
    found = {str(back): named_id("told_again", str(what)) for back, what in source.rows(_ASTRAY)}
    there = _there(source, found.values()) if found else ()
    return sorted(back for back, again in found.items() if again in there)


def _tell(
    tx: Transaction,
    spoken: dict[str, PointsEntry],
    words: Collection[str],
    *,
    own: bool = True,
    within: Collection[str] = (),
) -> list[tuple[str, str]]:
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
            spoken_of = own or any(word in (entry.text or "") for word in within)
            tx.add(_again(entry, new[key], back, words, own=own, text=None if spoken_of else entry.text))
    return [("points_entry", one) for one in spoken]


def _there(source: Database | Transaction, ids: Iterable[str]) -> set[str]:
    sql = f"SELECT id FROM points_entry WHERE id {IN}"
    return {str(one) for (one,) in source.rows(sql, {"ids": json.dumps(list(ids))})}


def _again(
    entry: PointsEntry, key: str, back: Mapping[str, str], words: Collection[str], *, own: bool, text: str | None
) -> PointsEntry:
    cells = {
        column.name: getattr(entry, column.name)
        for column in PointsEntry.__table__.columns
        if column.name not in SYNC_COLUMNS
    }
    named = SOMEBODY if own else NO_LONGER
    names = {name: named if cells[name] in words else cells[name] for name in _NAMES}
    reverses = back.get(entry.reverses or "", entry.reverses)
    return PointsEntry(**{**cells, **names, "id": key, "text": text, "reverses": reverses})
