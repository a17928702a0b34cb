"""Accounts of one kind that have one owner are one account: after two residents were merged, one person has two.

Nothing is written into the entries, nor moved from the one account to the other: which are one follows from whose they
are.  So every desk finds the same, whatever another deposits meanwhile, and an undo of the merge separates them again.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from desktop_app.points.facts import IN
from desktop_app.points.rules import COMMUNITY
from desktop_app.store.database import Database, Transaction

OWNER: Final = "coalesce(person_id,household_id,helper_id)"
OWNED: Final = f"sync_del=0 AND scope=0 AND kind<>'{COMMUNITY}'"
_CLOSE: Final = (
    "SELECT b.id FROM points_account a JOIN points_account b ON b.{0}=a.{0} AND b.kind=a.kind AND b.id<>a.id "
    f"WHERE a.id {IN} AND a.sync_del=0 AND b.sync_del=0"
)
_NEAR: Final = (
    f"SELECT account_id FROM points_joined WHERE head_id {IN} "
    f"UNION SELECT head_id FROM points_joined WHERE account_id {IN} "
    f"UNION {' UNION '.join(map(_CLOSE.format, ('person_id', 'household_id', 'helper_id')))}"
)
"""SQL: accounts that are one with some others, or were."""
_WHOSE: Final = f"SELECT kind,{OWNER},closed_on,id FROM points_account WHERE {OWNED} AND {OWNER} NOTNULL"


def heads(accounts: Iterable[tuple[str, str, str | None, str]]) -> dict[str, str]:
    """Which accounts are one with another, and with which: an open one, of several the one that sorts first.

    Of each: kind, owner, day it was closed, id.
    """
    found: dict[tuple[str, str], list[tuple[bool, str]]] = defaultdict(list)
    for kind, owner, closed_on, key in accounts:
        found[kind, owner].append((bool(closed_on), key))
    several = [sorted(one) for one in found.values() if len(one) > 1]
    return {key: ones[0][1] for ones in several for _, key in ones[1:]}


def every_head(db: Database) -> dict[str, str]:
    """All accounts that are one with another, found anew."""
    return heads(db.rows(_WHOSE))


def together(tx: Transaction, wanted: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """These accounts with all that are one with them, or were; and which are one with which now, which is kept."""
    near, new = list(wanted), {str(one) for (one,) in tx.rows(_NEAR, {"ids": json.dumps(list(wanted))})}
    if not new:
        return near, {}
    while new := new - set(near):
        near += sorted(new)
        new = {str(one) for (one,) in tx.rows(_NEAR, {"ids": json.dumps(sorted(new))})}
    asked = {"ids": json.dumps(near)}
    found = heads(tx.rows(f"{_WHOSE} AND id {IN}", asked))
    tx.execute(f"DELETE FROM points_joined WHERE account_id {IN}", asked)
    tx.executemany("INSERT INTO points_joined VALUES(?,?)", list(found.items()))
    return near, found


def members(source: Database | Transaction, account_id: str) -> list[str]:
    """The accounts that are one with this one, itself first."""
    rows = source.rows("SELECT account_id FROM points_joined WHERE head_id=? ORDER BY 1", (account_id,))
    return [account_id, *(str(one) for (one,) in rows)]


def head(source: Database | Transaction, account_id: str) -> str:
    """The account that stands for this one: mostly itself."""
    rows = source.rows("SELECT head_id FROM points_joined WHERE account_id=?", (account_id,))
    return str(rows[0][0]) if rows else account_id


def summed(lines: Sequence[tuple[Any, ...]], found: Mapping[str, str]) -> list[tuple[Any, ...]]:
    """Lines of `points_account_state`, where an account that is one with another has nothing of its own."""
    if not found:
        return list(lines)
    parts: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for line in lines:
        parts[found.get(line[0], line[0])].append(line)
    whole = [
        (
            key,
            *(sum(one[at] for one in ones) for at in range(1, 5)),
            max(filter(None, (one[5] for one in ones)), default=None),
            sum(one[6] for one in ones),
            min(filter(None, (one[7] for one in ones)), default=None),
        )
        for key, ones in parts.items()
    ]
    return whole + [(key, 0, 0, 0, 0, None, 0, None) for key in found]
