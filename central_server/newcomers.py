"""Records nobody had heard of, thousands at a time: numbered, counted and stored as sets, without an object for each.

What comes of them is what `mailbox` makes of each by itself; whatever is not that plain is left to it.
"""

from itertools import chain
from typing import Final

import orjson

from central_server import audiences, records
from central_server.feeds import Feeds
from sync_protocol.behaviours import rules_of
from sync_protocol.messages import ROW_BYTES, Batch, Gone

LEAST: Final = 100
"""Records from which on it is worth it."""
PLAIN_KINDS: Final = frozenset((str, int, float, bool, type(None)))
"""What a field may hold."""
BYTES: Final = 4
"""Most bytes of a character."""


def take(feeds: Feeds, batch: Batch, latest: int) -> list[int] | None:
    """Takes a batch of nothing but new and sound records and returns their numbers; None for any other.

    The batch needs no care, and its records were looked for.  `latest` is the highest stamp to be believed.
    """
    unit, changes = batch.scope, batch.changes
    keys = [(change.table, change.id) for change in changes]
    if len(changes) < LEAST or {change.op for change in changes} != {"i"} or not feeds.unheard(unit, keys):
        return None
    said = [change.values for change in changes]
    if not PLAIN_KINDS.issuperset(map(type, chain.from_iterable([values.values() for values in said]))):
        return None
    texts = [orjson.dumps(values).decode() for values in said]  # as bytes they take ten times the memory
    if max(map(len, texts)) * BYTES > ROW_BYTES:
        return None
    followed = {table for table in {table for table, _ in keys} if rules_of(table).follows}
    numbers = feeds.number_new(unit, keys)
    # one by one on their way into the storage: thousands of rows as words take more memory than all the rest
    rows = (
        (
            *(one.table, one.id, text, seq, max(0, min(one.ts, latest)), batch.device, one.by),
            *(int(Gone.ALIVE), None, unit),
            audiences.parent_of(one.table, one.values) if one.table in followed else None,
        )
        for one, text, seq in zip(changes, texts, numbers, strict=True)
    )
    records.add(feeds.session, unit, rows)
    return list(numbers)
