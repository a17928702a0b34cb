"""The events of wishes as they stand in the file, and clashes between desks told to a person."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from desktop_app.orders import wish_rules
from desktop_app.store import clashes
from desktop_app.store import facts as store_facts
from desktop_app.store.database import Database, Transaction

TABLE: Final = "wish_event"


class WishFact(NamedTuple):
    """An event as it stands in the file; see `WishEvent`."""

    id: str
    kind: str
    at: int
    on: str
    by_name: str
    taker: str | None
    taker_kind: str | None
    taker_phone: str | None
    text: str | None
    cost_fen: int | None
    until: str | None
    expects: str | None
    sync_seq: int
    sync_del: int


def facts_of(db: Database | Transaction, ids: Sequence[str] | None = None) -> dict[str, list[WishFact]]:
    """The events of some wishes, or of all, those taken back too, in no order."""
    return store_facts.facts_of(db, WishFact, TABLE, "wish_id", ids)


_TWO_CLAIMS: Final = (
    "SELECT e.wish_id FROM wish_event e JOIN wish w ON w.id=e.wish_id AND w.sync_del=0 AND w.scope=0 "
    "WHERE e.sync_del=0 AND e.sync_seq>0 GROUP BY e.wish_id HAVING sum(e.kind='认领')>1"
)


def follow_up(db: Database, tables: frozenset[str]) -> None:
    """After any commit that touched wishes: who claimed too late is told; two claims of one wish are the usual case."""
    if TABLE not in tables:
        return
    doubtful = [str(row[0]) for row in db.rows(_TWO_CLAIMS)]
    events = facts_of(db, doubtful)
    stale = {key: wish_rules.fold(line).stale for key, line in events.items()}
    clashes.tell(db, TABLE, "核对心愿经过", events, stale)
