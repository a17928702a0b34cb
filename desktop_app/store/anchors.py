"""Proofs of the audit trail that leave this desk: a rewritten file cannot satisfy what others hold of it."""

import json
from typing import Final

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.shared.actor import SYSTEM
from desktop_app.shared.ids import new_id
from desktop_app.store.base import Record
from desktop_app.store.base import note as n
from desktop_app.store.database import Database, Transaction

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
TRAIL: Final = "audit_trail"
"""Setting: the identifier of this desk's chain."""
FORKS: Final = "audit_forks"
"""Setting: JSON of [identifier of an earlier chain, the last line that it and this one share]."""


class AuditAnchor(Record):
    """审计留证 (append-only): line `no` of the audit trail `desk` had this chain value at that time (UTC ms)."""

    __tablename__ = "audit_anchor"
    __table_no__ = 29
    __zh__ = "审计留证"
    __append_only__ = True
    __log__ = True

    desk: Mapped[str] = mapped_column(String(32), info=n("审计序列"))
    no: Mapped[int] = mapped_column(BigInteger, info=n("行号"))
    chain: Mapped[str] = mapped_column(info=n("链值"))
    at: Mapped[int] = mapped_column(BigInteger, info=n("时间"))


def drop_if_due(db: Database, every_ms: int = DAY_MS) -> bool:
    """Leaves a proof if there is something new and the last one is so old; before a sync an hour is enough."""
    last = db.row("SELECT no,chain FROM journal_action WHERE chain NOTNULL ORDER BY no DESC LIMIT 1")
    if last is None or not _is_due(db, int(last[0]), every_ms):
        return False
    with db.transaction(SYSTEM, "审计留证") as tx:
        tx.add(AuditAnchor(desk=_trail(tx), no=last[0], chain=last[1].hex(), at=db.clock.ms()))
    return True


def _is_due(db: Database, last_no: int, every_ms: int) -> bool:
    now = db.clock.ms()
    found = db.row("SELECT no,at FROM audit_anchor WHERE desk=? ORDER BY no DESC LIMIT 1", (db.setting(TRAIL),))
    if found is None:
        first = db.scalar("SELECT at FROM journal_action WHERE chain NOTNULL ORDER BY no LIMIT 1")
        return not 0 <= now - first < every_ms
    # its own line is no news; a clock that was set back must not silence the proofs
    return bool(last_no > found[0] + 1 and not 0 <= now - found[1] < every_ms)


def _trail(tx: Transaction) -> str:
    found = tx.scalar("SELECT value FROM setting WHERE key=?", (TRAIL,))
    if found is None:
        found = new_id()
        tx.set_setting(TRAIL, found)
    return str(found)


def fork(tx: Transaction) -> None:
    """This file goes its own way: it is a copy, or was restored from one, and its twin may have gone on differently.

    Proofs of before hold for the lines that both have.  What was not settled yet is said under the new identifier, as a
    new record: the server may have the old one from a batch whose answer was lost, or from the twin.  Within
    `db.applying`.
    """
    earlier = tx.scalar("SELECT value FROM setting WHERE key=?", (TRAIL,))
    if earlier is None:
        tx.set_setting(TRAIL, new_id())
        return
    forks = json.loads(tx.scalar("SELECT value FROM setting WHERE key=?", (FORKS,)) or "[]")
    tx.set_setting(FORKS, json.dumps([*forks, [earlier, tx.action - 1]]))
    now = new_id()
    tx.set_setting(TRAIL, now)
    for (local_no,) in tx.rows("SELECT local_no FROM audit_anchor WHERE desk=? AND sync_seq=0", (earlier,)):
        tx.execute("UPDATE audit_anchor SET id=?,desk=? WHERE local_no=?", (new_id(), now, local_no))
    tx.keep()
