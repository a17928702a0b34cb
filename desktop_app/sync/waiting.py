"""Waiting for news: one request that the server answers as soon as another desk of the unit has written something."""

import time
from collections.abc import Callable
from typing import Final

from desktop_app.shared.errors import CancelledError
from desktop_app.store.database import Database
from desktop_app.store.keys import SecretStore
from desktop_app.sync import enrol, outbox, state
from desktop_app.sync.client import Transport
from desktop_app.sync.failures import spoken
from sync_protocol.refusals import Refused

ROUND_S: Final = 25
"""Seconds one request may wait: shorter than any proxy's patience."""
NAP_S: Final = 1.0


def wait_for_change(
    db: Database,
    secrets: SecretStore,
    timeout_s: float,
    cancelled: Callable[[], bool] = lambda: False,
    *,
    also_own: bool = True,
    transport: Transport | None = None,
    clock: Callable[[], float] = time.monotonic,
    nap: Callable[[float], None] = time.sleep,
) -> bool:
    """Whether there is something to fetch, or (`also_own`) to send, before so many seconds are over.

    Sends nothing but how far this desk has come.  Raises AppError like a sync; with a server that cannot wait it takes
    its time.  When it is `cancelled` there is no news, also in the middle of a question.
    """
    until = clock() + timeout_s
    deaf = False
    while not cancelled():
        if also_own and outbox.anything(db):
            return True
        left = until - clock()
        if left <= 0:
            return False
        if deaf:
            nap(min(NAP_S, left))
            continue
        try:
            head = _head(db, secrets, transport, int(max(1, min(ROUND_S, left))), cancelled)
        except CancelledError:
            break
        deaf = head is None
        if head is not None and head > state.read(db).cur:
            return True
    return False


def _head(
    db: Database, secrets: SecretStore, transport: Transport | None, seconds: int, cancelled: Callable[[], bool]
) -> int | None:
    """How far the unit has come; None if the server cannot wait, or has too many who do."""
    now = state.read(db)
    client = enrol.client_for(now, secrets, transport)

    def mind() -> None:
        if cancelled():
            raise CancelledError

    client.mind = mind
    try:
        return client.wait(now.cur, seconds)
    except Refused as refusal:
        if refusal.code in ("NOT_FOUND", "BUSY"):
            return None
        if refusal.code == "SCOPE_GONE":
            return now.cur + 1  # the next exchange looks after that
        raise spoken(refusal) from refusal
    finally:
        enrol.keep_counter(db, client)
