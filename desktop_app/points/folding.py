"""What of the entries counts, the same at every desk whatever arrives when.

Two desks that deposit for the same service while apart, or take the same entry back twice: the first written (`at`,
then the identifier) counts, the other is kept, told and counts for nothing.  An entry that was taken back sets its
evidence free, so that it can be deposited anew.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from desktop_app.orders.folding import in_order
from desktop_app.points.facts import PointsFact
from desktop_app.points.rules import REVERSAL
from desktop_app.shared.events import Stale

TWICE: Final = "同一件事另一台电脑已经先存入"
BACK_TWICE: Final = "另一台电脑已经先冲正了这一笔"
OF_NOTHING: Final = "冲正的那一笔没有生效"


def void(entries: Iterable[PointsFact]) -> tuple[Stale, ...]:
    """Which of these count for nothing; all entries of an evidence, and all reversals of an entry, come together."""
    found, back = dict[str, Stale](), dict[str, str]()
    holds: dict[tuple[str, str], str] = {}
    for one in in_order(entries):
        if one.sync_del:
            continue
        if because := _in_the_way(one, found, back, holds):
            found[one.id] = because
        elif one.kind == REVERSAL and one.reverses:
            back[one.reverses] = one.id
            if one.evidence and holds.get(one.evidence) == one.reverses:
                del holds[one.evidence]
        elif one.evidence:
            holds[one.evidence] = one.id
    return tuple(found.values())


def _in_the_way(
    one: PointsFact, found: Mapping[str, Stale], back: Mapping[str, str], holds: Mapping[tuple[str, str], str]
) -> Stale | None:
    """Why an entry counts for nothing, None where it counts."""
    if one.kind == REVERSAL and one.reverses:
        if earlier := back.get(one.reverses):
            return Stale(one.id, earlier, BACK_TWICE)
        return Stale(one.id, one.reverses, OF_NOTHING) if one.reverses in found else None
    holder = holds.get(one.evidence) if one.evidence else None
    return Stale(one.id, holder, TWICE) if holder else None


def first_below(
    account_ids: Collection[str], entries: Iterable[PointsFact]
) -> tuple[PointsFact | None, PointsFact | None]:
    """The entry that took accounts, which are one, below zero where they still are, and what went out before that.

    (None, None) where they are not below zero.  Only what counts is to be told.
    """
    balance, below, before, last = 0, None, None, None
    for one in in_order(entries):
        if one.sync_del:
            continue
        out, into = one.from_account_id in account_ids, one.to_account_id in account_ids
        was, balance = balance, balance + one.amount * (into - out)
        if balance >= 0:
            below = before = None
        elif was >= 0:
            below, before = one, last
        last = one if out else last
    return below, before
