"""The head of a scope and the proofs that a desk and this database have lived through the same past."""

import secrets
from collections import deque
from dataclasses import dataclass
from typing import Final

from central_server.storage import Session
from sync_protocol.messages import NOTHING, Place
from sync_protocol.refusals import Refused

MOST_EPOCHS: Final = 6
EPOCHS_MS: Final = 3_600_000
"""So many epochs within an hour may begin because a desk says so."""
MARKS_TOLD: Final = 5000
"""How many marks a desk is told when its past is not ours; one that is behind them offers everything again."""


def token() -> str:
    """A random word nobody can guess: marks, epochs."""
    return secrets.token_hex(6)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one unit; `next_seq` is the number the next change gets, up to `purged` old tombstones are gone."""

    next_seq: int
    digest: int
    epoch: str
    purged: int


def open_unit(
    session: Session, number: int, name: str, now: int, *, kind: str = "community", parent: int | None = None
) -> None:
    """Makes a unit of the organisation known, or renames it."""
    session.run(
        "insert into unit(id,name,kind,parent,opened_at) values(?,?,?,?,?) "
        "on conflict(id) do update set name=excluded.name",
        number,
        name,
        kind,
        parent,
        now,
    )
    session.run(
        "insert into scope_head(scope_id,next_seq,digest,epoch) values(?,1,0,?) on conflict(scope_id) do nothing",
        number,
        token(),
    )
    session.run(
        "insert into mark(scope_id,seq,nonce,at,device) values(?,?,?,?,0) on conflict(scope_id,seq) do nothing",
        number,
        *NOTHING,
        now,
    )


def lock_head(session: Session, scope: int) -> Head:
    """Locks the scope until the end of the transaction: the order of numbers is the order of commits."""
    found = session.lock("select next_seq,digest,epoch,purged from scope_head where scope_id=?", scope)
    if not found:
        raise Refused("UNKNOWN_DEVICE")
    return Head(*found[0])


def read_head(session: Session, scope: int) -> Head:
    """The head as it is seen, without holding anybody up."""
    found = session.row("select next_seq,digest,epoch,purged from scope_head where scope_id=?", scope)
    if found is None:
        raise Refused("UNKNOWN_DEVICE")
    return Head(*found)


def set_head(session: Session, scope: int, next_seq: int, digest: int) -> None:
    """Moves the head on."""
    session.run("update scope_head set next_seq=?,digest=? where scope_id=?", next_seq, digest, scope)


def add_mark(session: Session, scope: int, seq: int, at: int, device: int) -> str:
    """Marks the end of a push transaction; returns the mark's nonce."""
    nonce = token()
    session.run("insert into mark(scope_id,seq,nonce,at,device) values(?,?,?,?,?)", scope, seq, nonce, at, device)
    return nonce


def mark_at(session: Session, scope: int, seq: int) -> tuple[int, str]:
    """The first mark at or after a number."""
    found = session.row("select seq,nonce from mark where scope_id=? and seq>=? order by seq limit 1", scope, seq)
    if found is None:
        raise LookupError(f"no mark at {seq}")  # every push transaction ends with one
    return found[0], found[1]


def check_past(session: Session, scope: int, head: Head, place: Place, told: int) -> None:
    """Refuses with TOO_OLD a desk that was away so long that tombstones it has not heard of are forgotten.

    `told` is what its last exchange knew to be forgotten: one that reads everything from the start stands low, too.
    Its past is looked at first: what a desk has that a restored database lacks was not deleted, however long it was
    away.
    """
    check_history(session, scope, head, place)
    if 0 < place.cur < head.purged and told < head.purged:
        raise Refused("TOO_OLD", {"purged": head.purged})


def check_history(session: Session, scope: int, head: Head, place: Place) -> None:
    """Refuses with HISTORY a desk that has seen what this database has not: it was restored from an older copy."""
    if place.cur == 0 and place.push[0] == 0:
        return  # a new desk; later on, mark 0 proves nothing (R13)
    proved = (
        place.epoch == head.epoch and place.mark[0] == place.cur < head.next_seq and _has_marks(session, scope, place)
    )
    if not proved:
        raise Refused("HISTORY", {"epoch": head.epoch, "marks": _marks(session, scope)})


def begin_anew(session: Session, scope: int, epoch: str) -> str:
    """Gives a unit a new epoch, unless somebody else has done so since it was `epoch`; returns the one in force.

    What was numbered before is still there; but every desk now looks for the last mark it has in common with us, and
    offers again what came after it.
    """
    head = lock_head(session, scope)
    if head.epoch != epoch:
        return head.epoch
    fresh = token()
    session.run("update scope_head set epoch=? where scope_id=?", fresh, scope)
    return fresh


class Lives:
    """How often a unit has begun a new epoch because a desk proved something, lately and in this process.

    A desk whose file is damaged may prove what never was, again and again; its unit must not go through it each time.
    """

    def __init__(self) -> None:
        self._begun: dict[int, deque[int]] = {}

    def may_begin(self, unit: int, now: int) -> bool:
        """Whether one more is reasonable; it counts."""
        begun = self._begun.setdefault(unit, deque(maxlen=MOST_EPOCHS))
        if len(begun) == MOST_EPOCHS and now - begun[0] < EPOCHS_MS:
            return False
        begun.append(now)
        return True


def lacks(session: Session, scope: int, head: Head, place: Place) -> bool:
    """Whether a desk proves something of this very epoch that is not there: the database has lost it."""
    return place.epoch == head.epoch and not _has_marks(session, scope, place)


def _has_marks(session: Session, scope: int, place: Place) -> bool:
    """Whether the marks a desk shows are here: where it stands, and its last push unless it has read beyond that."""
    claimed = {place.mark, place.push} if place.push[0] > place.cur else {place.mark}
    sql = "select 1 from mark where scope_id=? and seq=? and nonce=?"
    return all(session.row(sql, scope, *mark) is not None for mark in claimed)


def _marks(session: Session, scope: int) -> list[list[object]]:
    newest = session.rows("select seq,nonce from mark where scope_id=? order by seq desc limit ?", scope, MARKS_TOLD)
    return [list(mark) for mark in newest]
