"""What an erasure takes out of what was done about an appeal: kinds, days and outcome stay, words do not."""

from collections.abc import Sequence

from desktop_app.appeals.model import AppealEvent
from desktop_app.appeals.states import facts_of
from desktop_app.shared.steps import in_order
from desktop_app.store import facts
from desktop_app.store.database import Transaction


def tell_again(tx: Transaction, appeal_ids: Sequence[str], words: Sequence[str]) -> list[tuple[str, str]]:
    """Tells the events of these appeals without words; returns (table, id) of those to be erased for it.

    `words` are how the person is called and reached: whoever was told something by that name was told as 本人.
    """
    return [
        gone
        for appeal_id, events in facts_of(tx, appeal_ids).items()
        for gone in facts.tell_again(
            tx,
            AppealEvent,
            {"appeal_id": appeal_id},
            [event for event in in_order(events) if not event.sync_del],
            words,
            ("to_whom",),
        )
    ]
