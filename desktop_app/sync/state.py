"""Where the exchange with the server stands: the one row of `sync_state` and the marks that prove the past."""

import secrets
from dataclasses import dataclass, fields
from typing import Any, Final, Protocol

from desktop_app.store.database import Transaction
from sync_protocol.messages import NOTHING, Place

MARKS_KEPT: Final = 2000
_PARTLY: Final = "sync_partly"
"""Setting: what is still on its way may be newer than what stands here."""


class Reader(Protocol):
    """The database or a transaction."""

    def rows(self, sql: str, params: Any = ..., /) -> list[tuple[Any, ...]]:
        """All rows of a query."""


@dataclass(frozen=True, slots=True)
class State:
    """`cur`: everything up to this number is here, proved by `mark`; `push`: the last acknowledged batch.

    `nonce` is `last:next`, the clone proof of the exchange under way; `prev` the hash of the last acknowledged batch;
    `digest` the sum over the versions of all records, in a signed 64-bit integer; tombstones up to `purged` are
    forgotten.
    """

    device: int
    scope: int
    epoch: str
    cur: int
    mark_seq: int
    mark: str
    push_seq: int
    push_mark: str
    nonce: str
    batch_no: int
    prev: str
    digest: int
    counter: int
    server_url: str | None
    last_ok_at: int | None
    last_error: str | None
    last_error_at: int | None
    purged: int
    trust: str | None

    @property
    def enrolled(self) -> bool:
        """Whether the server knows this desk."""
        return self.device != 0 and self.server_url is not None

    @property
    def place(self) -> Place:
        """How far this desk has come, as the server is told."""
        return Place(self.epoch, self.cur, (self.mark_seq, self.mark), (self.push_seq, self.push_mark))

    @property
    def nonces(self) -> tuple[str, str]:
        """The nonce agreed on and the one the exchange under way sets (empty: none is under way)."""
        last, _, following = self.nonce.partition(":")
        return last, following


_COLUMNS: Final = tuple(field.name for field in fields(State))


def new_nonce() -> str:
    """A random word that only this desk knows until it is sent."""
    return secrets.token_hex(6)


def read(source: Reader) -> State:
    """The state as it stands."""
    return State(*source.rows(f"SELECT {','.join(_COLUMNS)} FROM sync_state")[0])


def save(tx: Transaction, **values: object) -> None:
    """Sets members of the state."""
    tx.execute(f"UPDATE sync_state SET {','.join(f'{name}=?' for name in values)}", list(values.values()))


def begin_anew(tx: Transaction) -> None:
    """The place of a desk that has exchanged nothing yet."""
    tx.execute("DELETE FROM sync_marks")
    remember_mark(tx, *NOTHING)
    seq, nonce = NOTHING
    save(tx, epoch="", cur=seq, mark_seq=seq, mark=nonce, push_seq=seq, push_mark=nonce, purged=0)


def remember_mark(tx: Transaction, seq: int, nonce: str) -> None:
    """Keeps a mark up to which this desk has everything; of very old ones, every second is forgotten."""
    tx.execute("INSERT OR REPLACE INTO sync_marks(seq,nonce) VALUES(?,?)", (seq, nonce))
    if tx.scalar("SELECT count(*) FROM sync_marks") > MARKS_KEPT:
        tx.execute(
            "DELETE FROM sync_marks WHERE seq IN (SELECT seq FROM (SELECT seq,row_number() OVER (ORDER BY seq) AS at "
            "FROM sync_marks) WHERE at<=? AND at%2=0)",
            (MARKS_KEPT // 2,),
        )


def note_rest(tx: Transaction, *, more: bool) -> None:
    """Notes whether more of what the server has is on its way; once all is here, what rested over that is told."""
    if more:
        tx.set_setting(_PARTLY, "1")
    elif tx.scalar("SELECT value FROM setting WHERE key=?", (_PARTLY,)):
        tx.set_setting(_PARTLY, None)
        tx.touched("erasure")


def waits_for_rest(source: Reader) -> bool:
    """Whether this desk knows but a part of what happened: what it has may be old, and nothing must follow from it."""
    return bool(source.rows("SELECT 1 FROM setting WHERE key=? AND value NOTNULL", (_PARTLY,)))
