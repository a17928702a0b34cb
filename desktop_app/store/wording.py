"""Narrowing a list by what somebody types: every word has to stand somewhere in a record."""

from collections.abc import Sequence


def having(text: str, fields: Sequence[str]) -> tuple[str, dict[str, str]]:
    """SQL that holds where each word of a text stands in one of the fields, and its parameters.

    `#` before a number is no part of it.  Without a word it holds for everything.
    """
    words = filter(None, (word.lstrip("#＃") for word in text.split()))
    told = {f"word{at}": word for at, word in enumerate(words)}
    each = (" OR ".join(f"instr(coalesce({field},''),:{name})>0" for field in fields) for name in told)
    return " AND ".join(f"({one})" for one in each) or "1", told
