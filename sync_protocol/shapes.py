"""Checks of what came over the wire.  Each returns the value with its type, or raises `BadMessage`."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

T = TypeVar("T")
LARGEST: Final = (1 << 63) - 1
LATEST: Final = 1 << 46
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_ID: Final = re.compile(r"[0-9A-Za-z_-]{1,64}")


class BadMessage(ValueError):  # noqa: N818 - it is the message that is bad
    """A message that does not have the shape the protocol gives it."""


def member(message: object, key: str) -> Any:
    """A member of a JSON object that must be there."""
    if not isinstance(message, Mapping) or key not in message:
        raise BadMessage(f"{key} is missing")
    return message[key]


def whole(value: object) -> int:
    """A number from 0 to 2^63-1."""
    if type(value) is not int or not 0 <= value <= LARGEST:
        raise BadMessage("not a whole number")
    return value


def signed(value: object) -> int:
    """A signed 64-bit number."""
    if type(value) is not int or not -LARGEST - 1 <= value <= LARGEST:
        raise BadMessage("not a 64-bit number")
    return value


def moment(value: object) -> int:
    """UTC milliseconds of the next two thousand years: a stamp can hold them."""
    if whole(value) >= LATEST:
        raise BadMessage("not a moment")
    return whole(value)


def truth(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise BadMessage("neither true nor false")
    return value


def words(value: object, longest: int = 200) -> str:
    """A text of at most `longest` characters."""
    if not isinstance(value, str) or len(value) > longest:
        raise BadMessage("not a short text")
    return value


def name(value: object) -> str:
    """The name of a table or a field."""
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise BadMessage("not a name")
    return value


def identifier(value: object) -> str:
    """The id of a record."""
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise BadMessage("not an id")
    return value


def person(value: object) -> str | None:
    """The id of a member of staff, or nobody."""
    return None if value is None else identifier(value)


def wholes(value: object, count: int | None = None) -> list[int]:
    """A list of whole numbers; looked at all together, as are the next two."""
    if not isinstance(value, list) or (count is not None and len(value) != count):
        raise BadMessage("not the list expected")
    if value and not (set(map(type, value)) == {int} and min(value) >= 0 and max(value) <= LARGEST):
        raise BadMessage("not whole numbers")
    return value


def identifiers(value: object) -> list[str]:
    """A list of ids of records."""
    if not isinstance(value, list):
        raise BadMessage("not the list expected")
    if set(map(type, value)) <= {str} and all(map(_ID.fullmatch, value)):
        return value
    raise BadMessage("not ids")


def persons(value: object, count: int) -> list[str | None]:
    """A list of members of staff or nobody: many rows, few people."""
    if not isinstance(value, list) or len(value) != count:
        raise BadMessage("not the list expected")
    try:
        for one in set(value):
            person(one)
    except TypeError as error:
        raise BadMessage("not an id") from error
    return value


def one_of(value: object, known: Sequence[int]) -> int:
    """One of a few numbers."""
    number = whole(value)
    if number not in known:
        raise BadMessage("not one of the numbers known")
    return number


def listed(value: object, check: Callable[[object], T], count: int | None = None) -> list[T]:
    """A list (of `count` members), every member checked."""
    if not isinstance(value, list) or (count is not None and len(value) != count):
        raise BadMessage("not the list expected")
    return [check(one) for one in value]


def proof(value: object) -> tuple[int, str]:
    """A mark: the number of a push transaction and the nonce it got."""
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - a pair
        raise BadMessage("not a mark")
    return whole(value[0]), words(value[1], 64)


def pairs(value: object) -> list[tuple[object, object]]:
    """The members of a JSON object."""
    if not isinstance(value, Mapping):
        raise BadMessage("not an object")
    return list(value.items())
