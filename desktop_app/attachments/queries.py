"""What one may ask about attachments."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from desktop_app.accounts.rights import demand_of_viewer, reads
from desktop_app.attachments import rules
from desktop_app.attachments.model import Attachment
from desktop_app.attachments.rules import BlobState, Where
from desktop_app.store.database import Database

_BLOB = "b.size,b.here,b.server,b.wanted,b.offset,b.tries,b.next_try,b.problem"


@dataclass(frozen=True, slots=True)
class Shown:
    """An attachment as a list shows it: with where its content is."""

    attachment: Attachment
    where: Where
    state: BlobState | None

    @property
    def words(self) -> str:
        """Where it is, or why it went nowhere, for a person."""
        if self.state is None:
            return self.where.value
        if self.where in (Where.SENDING, Where.FETCHING):
            return f"{self.where.value} {min(99, self.state.offset * 100 // max(1, self.state.size))}%"
        return self.state.problem or self.where.value


@reads("attachments.read")
def of(db: Database, table: str, record_id: str) -> list[Attachment]:
    """The attachments of a record, in the order they were added; those under a seal for whoever may open it."""
    if table == rules.SEALED:
        demand_of_viewer(db, "privacy.open")
    found = db.select(
        select(Attachment).where(
            Attachment.owner_table == table, Attachment.owner_id == record_id, Attachment.sync_del == 0
        )
    )
    return sorted(found, key=lambda one: (one.at, one.id))


@reads("attachments.read")
def shown(db: Database, table: str, record_id: str) -> list[Shown]:
    """The same, each with where its content is."""
    attachments = of(db, table, record_id)
    states = states_of(db, (one.sha256 for one in attachments))
    return [Shown(one, rules.where(states.get(one.sha256)), states.get(one.sha256)) for one in attachments]


@reads("attachments.read")
def states_of(db: Database, hashes: Iterable[str]) -> dict[str, BlobState]:
    """What this desk knows about some contents."""
    found: dict[str, BlobState] = {}
    for sha256 in set(hashes):
        row = db.row(f"SELECT {_BLOB} FROM blob b WHERE b.sha256=?", (sha256,))
        if row:
            size, here, *rest = row
            found[sha256] = BlobState(size, bool(here), *rest)
    return found


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits to be moved: contents and bytes to send and to fetch, and how many are set aside."""

    to_send: int
    bytes_to_send: int
    to_fetch: int
    bytes_to_fetch: int
    set_aside: int


@reads("attachments.read")
def queue(db: Database) -> Queue:
    """The state of the queue."""
    ((sending, up, fetching, down, aside),) = db.rows(
        "SELECT coalesce(sum(here AND server IS NULL),0),coalesce(sum((here AND server IS NULL)*size),0),"
        "coalesce(sum(NOT here AND wanted>0),0),coalesce(sum((NOT here AND wanted>0)*size),0),"
        "coalesce(sum(problem IS NOT NULL),0) FROM blob WHERE unnamed_at IS NULL"
    )
    return Queue(sending, up, fetching, down, aside)


@reads("attachments.read")
def recent(db: Database, most: int = 200) -> list[Shown]:
    """The attachments of all records but those under a seal, the latest first."""
    open_ = (Attachment.sync_del == 0, Attachment.owner_table != rules.SEALED)
    found = db.select(select(Attachment).where(*open_).order_by(Attachment.at.desc()).limit(most))
    states = states_of(db, (one.sha256 for one in found))
    return [Shown(one, rules.where(states.get(one.sha256)), states.get(one.sha256)) for one in found]
