"""What an erasure takes out of the line of an order: kinds, days, minutes and evaluation stay, words do not."""

from collections.abc import Sequence

from desktop_app.orders.folding import in_order
from desktop_app.orders.model import OrderEvent
from desktop_app.orders.states import facts_of
from desktop_app.store import facts
from desktop_app.store.database import Transaction


def tell_again(tx: Transaction, order_ids: Sequence[str], words: Sequence[str]) -> list[tuple[str, str]]:
    """Tells the events of these orders without words; returns (table, id) of those to be erased for it.

    `words` are how the person is called: whoever evaluated or served by that name did so as 本人.
    """
    return [
        gone
        for order_id, events in facts_of(tx, order_ids).items()
        for gone in facts.tell_again(
            tx,
            OrderEvent,
            {"order_id": order_id},
            [event for event in in_order(events) if not event.sync_del],
            words,
            ("by_name", "to_whom"),
        )
    ]
