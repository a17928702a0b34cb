"""What became of an exchange, for the status bar and for support: how it ended, when to come back, what was learnt."""

import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database, Transaction
from desktop_app.sync import fuse, state, units
from desktop_app.sync.client import Client
from desktop_app.sync.conflicts import count_open
from desktop_app.sync.status import CLOCK_AHEAD, PAUSE_UNTIL
from sync_protocol.refusals import Refused

LOG_KEPT: Final = 500
LONGEST_PAUSE_S: Final = 3600
"""A server (or something in between) that asks for years of silence gets an hour."""
CLOCK_STEP_MS: Final = 5000
"""A difference of the clocks is noted anew when it has changed by more than this."""


@dataclass(slots=True)
class SyncReport:
    """What a sync did.  `problems` are sentences for the person; `conflicts` counts those open afterwards.

    `fetched` and `dropped` count records set right by a repair, `offered_again` those a restored server had lost.
    """

    pushed: int = 0
    pulled: int = 0
    conflicts: int = 0
    requests: int = 0
    offered_again: int = 0
    identities: int = 0
    fetched: int = 0
    dropped: int = 0
    problems: list[str] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)
    """What was said of contents of attachments that came along on a stick."""


def note_failure(db: Database, error: AppError, refusal: Refused | None, report: SyncReport, started: float) -> None:
    """Remembers why a sync failed; the failure itself is the news, not this."""
    kind = refusal.code if refusal else type(error).__name__
    with suppress(AppError), db.applying("同步记录") as tx:
        state.save(tx, last_error=str(error), last_error_at=db.clock.ms())
        if refusal and refusal.retry_after:
            pause(tx, refusal.retry_after)
        _log(tx, kind, str(error), report, started)


def note_success(db: Database, report: SyncReport, started: float, kind: str = "ok") -> None:
    """Remembers that a sync came to its end; `kind` says by which way."""
    report.conflicts = count_open(db)
    with db.applying("同步记录") as tx:
        state.save(tx, last_ok_at=db.clock.ms(), last_error=None, last_error_at=None)
        fuse.reset(tx)
        _log(tx, kind, "；".join(report.problems), report, started)


def pause(tx: Transaction, seconds: int) -> None:
    """The server asks this desk not to come back by itself for so long; 0: it may."""
    until = tx.db.clock.ms() + 1000 * min(seconds, LONGEST_PAUSE_S) if seconds > 0 else None
    if until or tx.db.setting(PAUSE_UNTIL):
        tx.set_setting(PAUSE_UNTIL, None if until is None else str(until))


def note_clock(tx: Transaction, server_now: int) -> None:
    """Keeps how far this machine's clock is from the server's (UTC ms), where that has changed by seconds."""
    ahead, known = tx.db.clock.ms() - server_now, tx.db.setting(CLOCK_AHEAD)
    if known is None or abs(ahead - int(known)) > CLOCK_STEP_MS:
        tx.set_setting(CLOCK_AHEAD, str(ahead))


def learn(db: Database, client: Client) -> None:
    """Once a day: what the unit is called, whom it may share with, how much the server wants at once."""
    if not units.is_due(db):
        return
    with suppress(AppError, Refused):
        identity, limits = client.limits()
        if identity.scope != client.scope:
            return  # it speaks of another unit
        with db.applying("同步记录") as tx:
            units.keep(tx, identity, limits)
            state.save(tx, counter=client.counter)


def _log(tx: Transaction, kind: str, text: str, report: SyncReport, started: float) -> None:
    spent = round((time.monotonic() - started) * 1000)
    tx.execute(
        "INSERT INTO sync_log(at,kind,text,pushed,pulled,ms) VALUES(?,?,?,?,?,?)",
        (tx.db.clock.ms(), kind, text, report.pushed, report.pulled, spent),
    )
    tx.execute("DELETE FROM sync_log WHERE no<=(SELECT max(no) FROM sync_log)-?", (LOG_KEPT,))
