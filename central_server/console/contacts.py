"""How desks last fared: the reason of the last refusal, so that an administrator sees why one does not come through."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from central_server.exchange import Reply, Request, wall_clock
from central_server.storage import Storage
from sync_protocol import signing

OFTEN_S: Final = 60.0
MOST: Final = 10_000
PASSING: Final = frozenset({"BUSY", "STALE", "NOT_FOUND", "NO_CONTENT", "WRONG_OFFSET"})
"""Refusals that say nothing about a desk."""


class Contacts:
    """Notes refusals, one device at most once a minute: nobody can make the server write by asking nonsense.

    A success needs no note: the device itself says when it was seen last, and an older refusal is of no interest then.
    """

    def __init__(self, storage: Storage, now: Callable[[], int] = wall_clock) -> None:
        self._storage = storage
        self._now = now
        self._last: OrderedDict[tuple[int, int], float] = OrderedDict()

    def note(self, request: Request, reply: Reply) -> None:
        """Looks at one answer."""
        code = str(reply.facts.get("code", ""))
        if not code or code in PASSING:
            return
        try:
            key = signing.parse_device_name(request.headers.get(signing.HEADER_DEVICE, ""))
        except ValueError:
            return
        if not all(0 <= number < 1 << 63 for number in key) or self._noted(key):
            return
        with self._storage.writing() as session:
            session.run(
                "insert into device_contact(scope_id,device,at,code) select scope_id,id,?,? from device "
                "where scope_id=? and id=? "
                "on conflict(scope_id,device) do update set at=excluded.at,code=excluded.code",
                self._now(),
                code,
                *key,
            )

    def _noted(self, key: tuple[int, int]) -> bool:
        """Whether this device was noted within the last minute; from now on it was."""
        now = time.monotonic()
        if now - self._last.get(key, -OFTEN_S) < OFTEN_S:
            return True
        self._last[key] = now
        self._last.move_to_end(key)
        while len(self._last) > MOST:
            self._last.popitem(last=False)
        return False
