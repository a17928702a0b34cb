"""The audit trail: every kept action is sealed and chained to the one before, in its own transaction.

    proof = H(what) | H(why) | digest of its changes               keyed with a salt of the line
    chain = BLAKE2b(chain before | proof | what it redacted | no, at, actor, actor_name, undoes)

`undone_by` is written later and stays outside.  An erasure that the law asks for changes words and takes changes away:
it drops the salt, without which nobody can try names against the proof, and notes the line in `journal_redaction`.
The proof stays, so the chain still holds; what is left of the line is sealed anew by the line that did it.
"""

import os
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any, Final

import orjson

FULL: Final = 1_000
"""Up to so many changes an action's are hashed whole; of more their numbers are counted and added up."""
PART: Final = 20
BEGINNING: Final = bytes(32)
"""What stands for the line before the first."""
_LINE: Final = (
    "SELECT at,actor,actor_name,undoes,what,why,"
    "(SELECT chain FROM journal_action b WHERE b.no<a.no ORDER BY b.no DESC LIMIT 1),"
    "EXISTS(SELECT 1 FROM journal_redaction WHERE by=a.no) FROM journal_action a WHERE no=?"
)
"""A line, the chain before it, and whether it redacts others: one question, since every save asks it."""


def seal(raw: Any, action: int, *, kept: bool) -> set[int]:
    """Closes an action within its transaction; returns the numbers of the tables it changed.

    An action that changed nothing and is not `kept` leaves no line.
    """
    changes = _changes(raw, action)
    at, actor, name, undoes, what, why, last, redacts = raw.execute(_LINE, (action,)).fetchone()
    hidden = _seal_rest(raw, action) if redacts else b""
    if not (changes or hidden or kept):
        raw.execute("DELETE FROM journal_action WHERE no=?", (action,))
        return set()
    salt = os.urandom(16)
    summary = _summary(raw, action, changes)
    proof = prove(salt, what, why, orjson.dumps(summary))
    chain = link(last or BEGINNING, proof, hidden, (action, at, actor, name, undoes))
    raw.execute("UPDATE journal_action SET salt=?,proof=?,chain=? WHERE no=?", (salt, proof, chain, action))
    return {line[0] for line in summary} if len(changes) > FULL else {change[1] for change in changes}


def prove(salt: bytes, what: str, why: str | None, changes: bytes) -> bytes:
    """The three hashes of a line."""
    parts = (what.encode(), b"-" if why is None else b"+" + why.encode(), changes)
    return b"".join(blake2b(part, digest_size=PART, key=salt).digest() for part in parts)


def link(before: bytes, proof: bytes, hidden: bytes, line: Sequence[object]) -> bytes:
    """The chain value of a line: (no, at, actor, actor_name, undoes)."""
    return blake2b(before + proof + hidden + orjson.dumps(line), digest_size=32).digest()


# ------------------------------------------------------------------------------------------------------------- changes


def changes_of(raw: Any, action: int) -> bytes:
    """What the digest of an action's changes is made from."""
    return orjson.dumps(_summary(raw, action, _changes(raw, action)))


def _changes(raw: Any, action: int) -> list[tuple[Any, ...]]:
    sql = f"SELECT no,tbl,row,op,before FROM journal_change WHERE action=? ORDER BY no LIMIT {FULL + 1}"
    found: list[tuple[Any, ...]] = raw.execute(sql, (action,)).fetchall()
    return found


def _summary(raw: Any, action: int, changes: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return changes if len(changes) <= FULL else _sums(raw, action)


def _sums(raw: Any, action: int) -> list[tuple[Any, ...]]:
    """Of each table how many changes, their numbers and rows: a walk along the table, not one look-up for each."""
    bounds = raw.execute("SELECT min(no),max(no) FROM journal_change WHERE action=?", (action,)).fetchone()
    found: list[tuple[Any, ...]] = raw.execute(
        "SELECT tbl,count(*),min(no),max(no),sum(no),min(row),max(row),sum(row) FROM journal_change NOT INDEXED "
        "WHERE no BETWEEN ? AND ? AND action=? GROUP BY tbl ORDER BY tbl",
        (*bounds, action),
    ).fetchall()
    return found


# ----------------------------------------------------------------------------------------------------------- redaction


def redact(raw: Any, by: int, actions: Iterable[int]) -> None:
    """Notes, within the transaction of the action `by`, that lines are about to lose words or changes lawfully.

    Twice for one line is once.  Lines from before the chain began need no note.
    """
    chosen = orjson.dumps([no for no in actions if no != by]).decode()
    mine = "no IN (SELECT value FROM json_each(?))"
    sql = (
        f"INSERT OR IGNORE INTO journal_redaction(by,no) SELECT ?,no FROM journal_action WHERE chain NOTNULL AND {mine}"
    )
    raw.execute(sql, (by, chosen))
    raw.execute(f"UPDATE journal_action SET salt=NULL WHERE {mine}", (chosen,))
    raw.execute(f"UPDATE journal_redaction SET salt=NULL WHERE by<>? AND {mine}", (by, chosen))


def _seal_rest(raw: Any, by: int) -> bytes:
    found = raw.execute("SELECT no FROM journal_redaction WHERE by=?", (by,)).fetchall()
    for (no,) in found:
        salt = os.urandom(16)
        raw.execute(
            "UPDATE journal_redaction SET salt=?,rest=? WHERE by=? AND no=?", (salt, rest_of(raw, no, salt), by, no)
        )
    return hidden_by(raw, by) if found else b""


def rest_of(raw: Any, no: int, salt: bytes) -> bytes:
    """The seal of what an erasure left of a line."""
    what, why = raw.execute("SELECT what,why FROM journal_action WHERE no=?", (no,)).fetchone()
    return prove(salt, what, why, changes_of(raw, no))


def hidden_by(raw: Any, by: int) -> bytes:
    """The digest of what an action redacted; empty for nearly all."""
    lines = raw.execute("SELECT no,hex(rest) FROM journal_redaction WHERE by=? ORDER BY no", (by,)).fetchall()
    return blake2b(orjson.dumps(lines), digest_size=PART).digest() if lines else b""
