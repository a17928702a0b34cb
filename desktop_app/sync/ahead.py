"""What a desk does while it waits: it makes the next batch ready, and fetches a page while it stores the one before.

What is said to the server, and in which order, stays as it is: there is one request at a time, and a batch leaves when
the one before is settled.

- A *draft* of the next batch is read beside the waiting, from one moment of the store.  It becomes a batch in the very
  transaction that settles the one before, and only if nobody has written in between, in this process or another, and
  the answer brought nothing but numbers.  Else it is dropped: a frozen batch never changes, a draft may.
- The *page after* is asked for before this one is stored: its request says how far the desk will have come.  The nonce
  of that exchange is on the disk first, as always.  If the desk dies before it has stored anything, it comes back from
  where it stood; that is what it does after a lost answer.  A page that does not begin where the desk stands when it
  arrives is not stored.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from desktop_app.accounts.model import Account
from desktop_app.shared.bulk import Cancelled, beside, never
from desktop_app.shared.errors import AppError, CancelledError
from desktop_app.store.database import Database, Transaction
from desktop_app.sync import freezing, merge, outbox, rebase, state
from desktop_app.sync.client import Client
from desktop_app.sync.freezing import Draft
from desktop_app.sync.outbox import Outbox
from sync_protocol.messages import Ack, Page, Place, Pull
from sync_protocol.refusals import Refused

_log: Final = logging.getLogger("linli.sync")
Answer = tuple[Ack | None, Page]
STOPPED: Final = "已停止同步。已收发的部分都已保存，其余下次继续。"
_TAKES_CARE: Final = (
    # what is offered again, asked about or held back is for `outbox.freeze`
    "SELECT EXISTS(SELECT 1 FROM sync_parked) "
    "OR EXISTS(SELECT 1 FROM sync_dirty WHERE txn>=0 AND (op='d' OR tbl=?)) "
    # edited again while it is on its way: its turn comes when that is settled
    "OR EXISTS(SELECT 1 FROM sync_dirty d JOIN sync_fly f ON f.tbl=d.tbl AND f.local_no=d.local_no) "
    "OR EXISTS(SELECT 1 FROM setting WHERE key IN (?,?) AND value NOTNULL)"
)


@dataclass(frozen=True, slots=True)
class _Moment:
    """A reader that sees the store as it was when it was asked first."""

    db: Database
    raw: Any

    def rows(self, sql: str, params: Any = (), /) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        found: list[tuple[Any, ...]] = self.raw.execute(sql, params).fetchall()
        return found


@dataclass(frozen=True, slots=True)
class _Ready:
    """A draft, and the version of the store it was read from, as this reader counts them."""

    draft: Draft
    reader: Any
    version: int


def turn(tx: Transaction, counter: int, limit: int) -> Pull:
    """Notes, before anything is sent, which nonce the next exchange sets, and that the batch in flight is tried."""
    now = state.read(tx)
    last, following = now.nonces
    following = following or state.new_nonce()
    # the counter of the request to come: should no answer arrive, the next sync begins above it
    state.save(tx, nonce=f"{last}:{following}", counter=max(now.counter, counter + 1))
    tx.execute("UPDATE sync_outbox SET tries=tries+1")
    return Pull(now.place, (last, following), limit)


def begins_here(tx: Transaction, pull: Pull | None) -> bool:
    """Whether a page that was asked for goes on where this desk stands, or before."""
    return pull is None or pull.place.cur <= state.read(tx).cur


def nothing_but_numbers(tx: Transaction, ack: Ack, page: Page) -> bool:
    """Whether an answer leaves this desk at the head, equal to the server, and changed no record but its number."""
    now = state.read(tx)
    told = ack.truth or ack.refused or page.rows or page.more
    return not told and now.cur == page.head and now.digest == page.digest


class Ahead:
    """What one sync has ready: a draft, and a request whose answer is on its way."""

    def __init__(self, db: Database, cancelled: Cancelled = never) -> None:
        self._db, self._cancelled, self._leaving = db, cancelled, False
        self._ready: _Ready | None = None
        self._turn: Pull | None = None
        self._coming: Callable[[], Answer] | None = None
        self._pool: ThreadPoolExecutor | None = None

    def mind(self) -> None:
        """Ends the waiting for any answer as soon as a person stops the sync, or when it is over."""
        if self._leaving or self._cancelled():
            raise CancelledError(STOPPED)

    def close(self) -> None:
        """Gives up what is on its way: that is an answer that was lost."""
        self.forget()
        self._leaving = True
        if self._pool:
            self._pool.shutdown()
        self._leaving = False

    def forget(self) -> None:
        """What was made ready holds no more."""
        self._ready = self._turn = self._coming = None

    # ------------------------------------------------------------------------------------------------ the next batch

    def exchange(self, client: Client, pull: Pull, box: Outbox | None, room: tuple[int, int]) -> Answer:
        """The server's answer.  If more is waiting, a draft of as many rows and bytes as there is `room` is made."""
        coming, self._coming, self._ready = self._coming, None, None
        if coming:
            return coming()
        if box is None or not box.more:
            return client.sync(pull, box.body if box else b"")
        work = partial(_draft, self._db, self._db.reader(), *room)
        if not client.takes_time:
            self._ready = work()
            return client.sync(pull, box.body)
        with beside(work) as made:
            answer = client.sync(pull, box.body)
            self._ready = made()
        return answer

    def freeze(self, tx: Transaction, *, sure: bool) -> Outbox | None:
        """The draft as the next batch, if nobody has written since: in the transaction that settled the one before."""
        ready, self._ready = self._ready, None
        if ready is None or _version(ready.reader) != ready.version:
            return None
        return outbox.put(tx, ready.draft, sure=sure)

    # ------------------------------------------------------------------------------------------------- the page after

    def asked(self) -> Pull | None:
        """The request that is on its way already."""
        turn, self._turn = self._turn, None
        return turn

    def ask(self, client: Client, pull: Pull, page: Page) -> None:
        """Asks for the page after one that is not stored yet, unless there is something to push.

        Not below what was purged: there the server thins its marks, but for those at which a desk says it stands, and
        this one would say so of a page it may yet lose.
        """
        if not page.more or pull.place.cur < page.purged or outbox.anything(self._db):
            return
        with self._db.applying("同步打包") as tx:
            now = state.read(tx)
            if not (now.cur == pull.place.cur < page.to and now.epoch == page.epoch):
                return
            if now.nonces != pull.nonce:
                return
            nonce = (pull.nonce[1], state.new_nonce())
            state.save(tx, nonce=":".join(nonce), counter=max(now.counter, client.counter + 1))
        place = Place(page.epoch, page.to, (page.to, page.mark), pull.place.push)
        self._turn = Pull(place, nonce, pull.limit)
        self._coming = self._begin(client, self._turn)

    def _begin(self, client: Client, pull: Pull) -> Callable[[], Answer]:
        if not client.takes_time:
            return _outcome(client, pull)
        self._pool = self._pool or ThreadPoolExecutor(1, "ahead")
        return self._pool.submit(client.sync, pull).result


def _outcome(client: Client, pull: Pull) -> Callable[[], Answer]:
    """Asks at once; what went wrong is told when the answer is wanted."""
    try:
        answer = client.sync(pull)
    except (Refused, AppError) as error:
        return partial(_fail, error)
    return lambda: answer


def _fail(error: Exception) -> Answer:
    raise error


def _version(reader: Any) -> int:
    """Counts up when anybody but this connection has committed anything."""
    return int(reader.execute("PRAGMA data_version").fetchone()[0])


def _draft(db: Database, reader: Any, limit: int, size: int) -> _Ready | None:
    """The next batch as this moment of the store has it; None if there is none, or it needs more than reading."""
    try:
        reader.execute("BEGIN")
        try:
            return _read_draft(_Moment(db, reader), limit, size)
        finally:
            if reader.in_transaction:  # after some errors SQLite has rolled back itself
                reader.execute("ROLLBACK")
    except Exception as error:  # noqa: BLE001 - whoever freezes without a draft meets it again, and says so
        _log.warning("a draft was given up: %s", type(error).__name__)
        return None


def _read_draft(moment: _Moment, limit: int, size: int) -> _Ready | None:
    version = _version(moment.raw)
    if moment.rows(_TAKES_CARE, (Account.__table_no__, merge.JOINED, rebase.UNPROVED))[0][0]:
        return None
    if any(moment.rows(f"SELECT 1 FROM sync_dirty WHERE {which} LIMIT 1", (no,)) for no, which in rebase.lone(moment)):
        return None
    found, more = freezing.choose(moment, limit)
    draft = freezing.draft(moment, [], found, size, more=more)
    return _Ready(draft, moment.raw, version) if draft.groups else None
