"""One exchange of records, within one transaction: history, nonce, the batch in, the page out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from central_server import devices, history, mailbox
from central_server.devices import Device
from central_server.erasing import Erased, ErasedList
from central_server.feeds import Feeds
from central_server.history import Head
from central_server.wire import CODEC
from sync_protocol import codec
from sync_protocol.behaviours import CONFLICT_TABLE
from sync_protocol.messages import PAGE_ROWS, Ack, Batch, Page, Pull
from sync_protocol.refusals import Refused


@dataclass(frozen=True, slots=True)
class Said:
    """What a desk says in one exchange; `digest` is the hash of its frozen batch."""

    pull: Pull
    batch: Batch | None
    digest: str


@dataclass(slots=True)
class Done:
    """What came of it: the answer, what was erased, numbers for the log."""

    page: Page
    ack: bytes = b""
    after: int = 0
    """The number after which the page goes on."""
    erased: Erased = field(default_factory=Erased)
    facts: Mapping[str, Any] = field(default_factory=dict)


def exchange(feeds: Feeds, device: Device, said: Said, erased_list: ErasedList, *, carried: bool = False) -> Done:
    """Checks the desk's past, takes its batch and reads its page.

    A desk whose unit was merged into another may still hand over what it has; then it is told where it belongs now.
    What was `carried` here may be older than the last exchange, so its nonce says nothing: a twin is found by the chain
    of its batches.  Its page is read afterwards, when all batches of the file are in.
    """
    try:
        return _exchange(feeds, device, said, erased_list, carried=carried)
    except Refused as refusal:
        # a past that does not fit, or a twin: where it goes it forgets all numbers, so that is all it needs to hear
        if device.successor is None or refusal.code not in ("HISTORY", "CLONE"):
            raise
        raise Refused("SCOPE_GONE", devices.successor(feeds.session, device)) from refusal


def _exchange(feeds: Feeds, device: Device, said: Said, erased_list: ErasedList, *, carried: bool) -> Done:
    pull, batch, unit, session = said.pull, said.batch, device.scope, feeds.session
    head = feeds.head(unit)
    if batch and (batch.scope, batch.device) != (unit, device.id):
        raise Refused("BAD_REQUEST")
    if device.successor is not None and batch is None:
        raise Refused("SCOPE_GONE", devices.successor(session, device))
    history.check_past(session, unit, head, pull.place, device.purged)
    if not carried:
        devices.check_nonce(device, *pull.nonce)
    done, after = Done(_nothing_new(head, pull, feeds.now)), pull.place.cur
    if batch:
        if carried and devices.is_late(session, device, batch.number):
            raise Refused("LATE")
        ack = _take(feeds, device, said, batch, erased_list, done)
        if carried:
            devices.keep_ack(session, device, batch.number, said.digest, done.ack)
        if ack.contiguous and batch.place.cur == after:
            after = ack.last  # the desk has that already
    done.after = after
    if device.successor is None and not carried:
        limit = max(1, min(pull.limit, PAGE_ROWS))
        done.page = mailbox.page(session, unit, feeds.head(unit), after, limit=limit, now=feeds.now)
    if not carried:
        devices.ratchet(session, device, pull.nonce[1], head.purged, pull.place.cur, max(after, done.page.to))
    return done


def _take(feeds: Feeds, device: Device, said: Said, batch: Batch, erased_list: ErasedList, done: Done) -> Ack:
    """Every batch counts exactly once: the same bytes again get the same answer."""
    kept = devices.kept_ack(feeds.session, device, batch.number, said.digest)
    if kept is not None:
        done.ack = bytes(kept)
        return Ack.from_wire(CODEC.unpack(done.ack, codec.PAGE_CAP))
    head = feeds.head(device.scope)
    if batch.place.epoch != head.epoch or batch.place.cur >= head.purged:  # below it, marks may be forgotten
        history.check_history(feeds.session, device.scope, head, batch.place)
    if (batch.number, batch.prev) != (device.batch_no + 1, device.batch_hash):
        raise Refused("CLONE")
    ack, done.erased = mailbox.append(feeds, batch, erased_list)
    text = CODEC.dumps(ack.to_wire())
    if len(text) > codec.PAGE_CAP // 2 and len(batch.changes) > 1:
        raise Refused("TOO_LARGE")  # the records it gives back are more than a desk reads at once: it comes in halves
    done.ack = CODEC.compress(text)
    done.facts = {"refused": len(ack.refused), "conflicts": sum(row.table == CONFLICT_TABLE for row in ack.truth)}
    devices.remember_batch(feeds.session, device, batch.number, said.digest, done.ack)
    return ack


def _nothing_new(head: Head, pull: Pull, now: int) -> Page:
    """A page for a desk that stays where it is."""
    return Page(head.epoch, pull.place.cur, pull.place.mark[1], pull.place.cur, now, None, [])
