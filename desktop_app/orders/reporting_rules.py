"""What is true of those who report in: the negative list, what a claim needs, what a post has room for.  Pure."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from desktop_app.orders.duty_rules import beyond, is_time, minutes_of
from desktop_app.profiles.rules import Code

SERVICE, DUTY = POSTS = ("服务岗位", "值守岗亭")
POST, HOUSEHOLD, TEXT = "post", "household", "text"
"""What a claim needs (`needs` of `claim_kinds`)."""
_LONGEST_NIGHT: Final = 16 * 60


class Item(NamedTuple):
    """One line of the negative list and the words by which it is recognised."""

    name: str
    words: tuple[str, ...]


def negative_items(entries: Iterable[Code], town: str) -> tuple[Item, ...]:
    """The negative list of a town: what holds everywhere, and what holds there."""
    return tuple(
        Item(one.name, one.words("words")) for one in entries if not one.words("towns") or town in one.words("towns")
    )


def forbidden(text: str, items: Iterable[Item]) -> Item | None:
    """The line of the negative list that words run into; None where they may stand."""
    return next((item for item in items if any(word in text for word in item.words)), None)


def slots_of(text: str) -> tuple[tuple[str, str], ...] | None:
    """The shifts of a day (08:00-11:00、22:00-06:00), in order; None for what cannot be read or overlaps.

    A shift that ends earlier than it begins ends on the day after, and must be over before the first of that day.
    """
    found = []
    for part in text.replace("，", "、").replace(",", "、").replace(";", "、").replace("；", "、").split("、"):
        if not part.strip():
            continue
        first, _, last = part.strip().replace("：", ":").replace("–", "-").replace("至", "-").partition("-")
        first, last = first.strip().rjust(5, "0"), last.strip().rjust(5, "0")
        if not (is_time(first) and is_time(last) and first != last):
            return None
        found.append((first, last))
    found.sort()
    nights = [(first, last) for first, last in found if last < first]
    apart = all(one[1] <= other[0] for one, other in pairwise(found) if one not in nights)
    if nights and not (nights == found[-1:] and nights[0][1] <= found[0][0] and _is_short(*nights[0])):
        return None
    return tuple(found) if apart else None


def _is_short(first: str, last: str) -> bool:
    """Whether somebody may have meant this night: 11:00-08:00 is a slip of the pen."""
    return minutes_of(beyond(last)) - minutes_of(first) <= _LONGEST_NIGHT


class Room(NamedTuple):
    """A post, how many it needs and who holds it."""

    capacity: int
    holders: Sequence[str]

    @property
    def free(self) -> int:
        """Places left; never below zero, though two desks apart may have given more."""
        return max(0, self.capacity - len(self.holders))


MOST_CAPACITY: Final = 500
