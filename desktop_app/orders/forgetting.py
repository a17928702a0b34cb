"""What an erasure takes out of the line of an order that stays: its kinds, days, minutes and evaluation, not its words.

Events never change.  So those with words are told once more without them, under identifiers that every desk derives,
and the first ones are erased like everything else (`sync.retelling` does the same for appeals).
"""

from collections.abc import Sequence
from typing import Final

from desktop_app.orders.folding import in_order
from desktop_app.orders.model import OrderEvent
from desktop_app.orders.states import OrderFact, facts_of
from desktop_app.shared.ids import named_id
from desktop_app.store.database import Transaction

SOMEBODY: Final = "本人"


def tell_again(tx: Transaction, order_ids: Sequence[str], words: Sequence[str]) -> list[tuple[str, str]]:
    """Tells the events of these orders without words; returns (table, id) of those to be erased for it.

    `words` are how the person is called: whoever evaluated or served by that name did so as 本人.
    """
    return [
        ("order_event", one.id)
        for order_id, events in facts_of(tx, order_ids).items()
        if any(_says_something(one, words) for one in events)
        for one in _again(tx, order_id, [one for one in in_order(events) if not one.sync_del], words)
    ]


def _says_something(event: OrderFact, words: Sequence[str]) -> bool:
    return not event.sync_del and (bool(event.text) or event.by_name in words or (event.to_whom or "") in words)


def _again(tx: Transaction, order_id: str, events: list[OrderFact], words: Sequence[str]) -> list[OrderFact]:
    new = {event.id: named_id("told_again", event.id) for event in events}
    at = 0
    for event in events:
        at = max(event.at, at + 1)  # their order has to stay, whatever their identifiers
        tx.add(
            OrderEvent(
                id=new[event.id],
                order_id=order_id,
                kind=event.kind,
                at=at,
                on=event.on,
                by_name=SOMEBODY if event.by_name in words else event.by_name,
                helper_id=event.helper_id,
                to_whom=SOMEBODY if event.to_whom in words else event.to_whom,
                minutes=event.minutes,
                satisfaction=event.satisfaction,
                why_none=event.why_none,
                expects=new.get(event.expects or "", event.expects),
            )
        )
    return events
