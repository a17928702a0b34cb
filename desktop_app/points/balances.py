"""What is in each account, kept beside the entries for lists; who overdrew while apart is told.

As for orders: triggers note every account whose entries changed, whoever changed them, and `renew` works those out.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from desktop_app.points import clashes, folding, joining
from desktop_app.points.facts import COLUMNS, IN, MINE, PointsFact, entries
from desktop_app.points.rules import COMMUNITY
from desktop_app.shared.events import Stale
from desktop_app.store import states
from desktop_app.store.database import Database, Transaction

NOUN: Final = "points_account"
_ALIKE: Final = (
    "SELECT e.id FROM points_entry e WHERE e.ref_id IS NOT NULL AND (e.ref_id,e.ref_type) IN "
    f"(SELECT m.ref_id,m.ref_type FROM {MINE} m WHERE m.ref_id IS NOT NULL) AND e.sync_del=0 AND EXISTS("
    "SELECT 1 FROM points_entry o WHERE o.ref_id=e.ref_id AND o.ref_type=e.ref_type AND o.id<>e.id AND o.sync_del=0)"
)
"""Entries that share their evidence with another, of which one is an account's."""
_BACK: Final = (
    f"SELECT e.id FROM points_entry e WHERE e.reverses IN (SELECT m.reverses FROM {MINE} m) AND e.sync_del=0 "
    "AND EXISTS(SELECT 1 FROM points_entry o WHERE o.reverses=e.reverses AND o.id<>e.id AND o.sync_del=0)"
)
"""Reversals of an entry that was taken back twice."""
_DOUBTFUL: Final = f"SELECT {COLUMNS} FROM points_entry WHERE id IN ({_ALIKE} UNION {_BACK})"
_TAKEN_BACK: Final = (
    f"SELECT id FROM points_account a WHERE id {IN} AND sync_del=1 AND scope=0 AND kind<>'' AND ("
    "EXISTS(SELECT 1 FROM points_entry e WHERE e.from_account_id=a.id AND e.sync_del=0) "
    "OR EXISTS(SELECT 1 FROM points_entry e WHERE e.to_account_id=a.id AND e.sync_del=0))"
)
_NOTE_SIDES: Final = (
    "INSERT OR IGNORE INTO points_account_stale(points_account_id) "
    f"SELECT from_account_id FROM points_entry WHERE id {IN} UNION SELECT to_account_id FROM points_entry WHERE id {IN}"
)
"""What counts or not changed: so did both sides, also one that stands in another portion."""
_SUMS: Final = (
    "SELECT a.id,coalesce(i.total,0),coalesce(o.total,0),coalesce(i.many,0)+coalesce(o.many,0),"
    "max(coalesce(i.last,''),coalesce(o.last,'')),min(coalesce(i.first,'~'),coalesce(o.first,'~')) "
    "FROM points_account a LEFT JOIN (SELECT to_account_id AS id,sum(amount) AS total,count(*) AS many,"
    'max("on") AS last,min("on") AS first FROM points_entry '
    f"WHERE to_account_id {IN} AND sync_del=0 GROUP BY 1) i ON i.id=a.id "
    "LEFT JOIN (SELECT from_account_id AS id,sum(amount) AS total,count(*) AS many,"
    'max("on") AS last,min("on") AS first FROM points_entry '
    f"WHERE from_account_id {IN} AND sync_del=0 GROUP BY 1) o ON o.id=a.id "
    f"WHERE a.sync_del=0 AND a.id {IN}"
)
"""In and out, with what counts for nothing still among it."""
_LESS: Final = (
    "SELECT e.from_account_id,e.to_account_id,e.amount FROM points_void v CROSS JOIN points_entry e ON e.id=v.entry_id "
    "WHERE e.sync_del=0"
)
"""What counts for nothing: a few, however long the accounts are."""


def renew(tx: Transaction, ids: Iterable[str] | None = None) -> int:
    """Works out anew what is in these accounts, or in a portion of those that have to be; returns how many."""
    wanted = states.wanted(tx, NOUN, ids)
    if not wanted:
        return 0
    _revive(tx, wanted)
    wanted, joined = joining.together(tx, wanted)
    stale, judged = _judge(tx, wanted)
    lines = joining.summed(_lines(tx, wanted), joined)
    count = states.keep(tx, NOUN, wanted, lines)
    clashes.note(tx, stale, judged)
    clashes.note_overdrafts(tx, {line[0]: line[1] for line in lines})
    return count


def stale_of(tx: Transaction, ids: Iterable[str]) -> set[str]:
    """Which of these accounts have to be worked out anew."""
    sql = f"SELECT points_account_id FROM points_account_stale WHERE points_account_id {IN}"
    return {str(one) for (one,) in tx.rows(sql, {"ids": json.dumps(list(ids))})}


def _revive(tx: Transaction, wanted: Sequence[str]) -> None:
    """An account whose opening one desk took back while another deposited is there: entries would belong to nobody."""
    asked = {"ids": json.dumps(list(wanted))}
    if gone := [(str(one),) for (one,) in tx.rows(_TAKEN_BACK, asked)]:
        tx.executemany("UPDATE points_account SET sync_del=0 WHERE id=?", gone)


def _judge(tx: Transaction, wanted: Sequence[str]) -> tuple[tuple[Stale, ...], list[PointsFact]]:
    """Finds out which entries of these accounts count for nothing, and keeps that; with those that were looked at.

    The community's own are left out: every entry has an account of somebody as well, and theirs are the long ones.
    """
    told = {"ids": json.dumps(list(wanted)), "community": COMMUNITY}
    own = {row[0] for row in tx.rows(f"SELECT id FROM points_account WHERE id {IN} AND kind=:community", told)}
    asked = {"ids": json.dumps([one for one in wanted if one not in own])}
    before = {str(one) for (one,) in tx.rows(f"SELECT entry_id FROM points_void JOIN {MINE} ON id=entry_id", asked)}
    doubtful = [PointsFact(*row) for row in tx.rows(_DOUBTFUL, asked)]
    if not (before or doubtful):
        return (), []
    # what was taken back stands first, or a reversal would have nothing to follow
    doubtful += entries(tx, [one.reverses for one in doubtful if one.reverses])
    stale = folding.void(doubtful)
    looked_at = json.dumps([*before, *(one.id for one in doubtful)])
    before |= {
        str(one) for (one,) in tx.rows(f"SELECT entry_id FROM points_void WHERE entry_id {IN}", {"ids": looked_at})
    }
    tx.execute(f"DELETE FROM points_void WHERE entry_id {IN}", {"ids": looked_at})
    tx.executemany("INSERT INTO points_void VALUES(?,?,?)", [(one.event_id, one.because_of, one.why) for one in stale])
    changed = before ^ {one.event_id for one in stale}
    tx.execute(_NOTE_SIDES, {"ids": json.dumps(sorted(changed))})
    return stale, doubtful


def _lines(tx: Transaction, wanted: Sequence[str]) -> list[tuple[Any, ...]]:
    asked = {"ids": json.dumps(list(wanted))}
    void_in, void_out, count = dict[str, int](), dict[str, int](), dict[str, int]()
    for payer, payee, amount in tx.rows(_LESS):
        void_out[payer] = void_out.get(payer, 0) + amount
        void_in[payee] = void_in.get(payee, 0) + amount
        for one in (payer, payee):
            count[one] = count.get(one, 0) + 1
    lines = []
    for key, into, out, many, last, first in tx.rows(_SUMS, asked):
        came, went = into - void_in.get(key, 0), out - void_out.get(key, 0)
        lines.append((key, came - went, came, went, many, last or None, count.get(key, 0), first.strip("~") or None))
    return lines


def follow_up(db: Database, tables: frozenset[str]) -> None:
    """After any commit, and when a store is opened: balances of points are worked out, clashes noted.

    Whatever it touched (a pull, an erasure): what is stale stands in the file, also if a process was killed.
    """
    if f"{NOUN}_stale" in tables:
        catch_up(db)


def catch_up(db: Database) -> int:
    """Works out all balances that have to be; returns how many.  Any number of times, at any moment."""
    return states.catch_up(db, NOUN, "核对积分流水", renew)
