"""The index tables behind the one search box, kept by triggers: every write is found, pulled ones too.

`search_key` is one B-tree of words a person is found by (names, inner names, initials, pinyin, reversed ID numbers);
`search_phone` is a trigram index over phone numbers (FTS5 without content: rowid = person.local_no).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Column, Integer, PrimaryKeyConstraint, String, Table

from desktop_app.store.base import Base
from desktop_app.store.rows import Packed, insert_packed, pack
from desktop_app.store.search_keys import keys_by_kind, person_keys

VERSION = "1"
"""Raised when the words a person is found by change; the index is then built anew at the next start."""

TABLE = "person"
"""Whose records are indexed."""
Keys = dict[int, Packed]
"""Rows of `search_key` by kind, in the order of the index: key and `local_no`."""

search_key = Table(
    "search_key",
    Base.metadata,
    Column("kind", Integer, nullable=False),
    Column("key", String, nullable=False),
    Column("local_no", Integer, nullable=False),
    PrimaryKeyConstraint("kind", "key", "local_no"),
    sqlite_with_rowid=False,
)

_NAMED = "name,used_name,pinyin,id_no"
_KEYS = "json_each(search_keys({row}.name,{row}.used_name,{row}.pinyin,{row}.id_no))"
_ADD_KEYS = (
    "INSERT OR IGNORE INTO search_key(kind,key,local_no) SELECT value->>0,value->>1,NEW.local_no FROM "
    + _KEYS.format(row="NEW")
)
_ADD_PHONES = "INSERT INTO search_phone(rowid,phones) SELECT NEW.local_no,NEW.phones WHERE NEW.phones<>''"

TRIGGERS = (
    # asleep while many are inserted at once: `desktop_app/store/bulk.py` follows
    "CREATE TRIGGER search_person_i AFTER INSERT ON person WHEN (SELECT applying FROM sync_ctx)>=0 "
    f"BEGIN {_ADD_KEYS}; {_ADD_PHONES}; END",
    f"CREATE TRIGGER search_person_n AFTER UPDATE OF {_NAMED} ON person "
    "WHEN OLD.name IS NOT NEW.name OR OLD.used_name IS NOT NEW.used_name OR OLD.pinyin IS NOT NEW.pinyin "
    "OR OLD.id_no IS NOT NEW.id_no BEGIN "
    "DELETE FROM search_key WHERE local_no=OLD.local_no AND (kind,key) IN (SELECT value->>0,value->>1 FROM "
    + _KEYS.format(row="OLD")
    + f"); {_ADD_KEYS}; END",
    "CREATE TRIGGER search_person_p AFTER UPDATE OF phones ON person WHEN OLD.phones IS NOT NEW.phones BEGIN "
    f"DELETE FROM search_phone WHERE rowid=OLD.local_no; {_ADD_PHONES}; END",
)


def keys_json(name: str, used_name: str | None, pinyin: str | None, id_no: str | None) -> bytes:
    """What the triggers call: the index words of one person as JSON [[kind, key] …]."""
    return orjson.dumps(person_keys(name, used_name, pinyin, id_no))


def register(connection: Any) -> None:
    """Makes `search_keys()` known to a connection; every connection that writes needs it."""
    connection.create_function("search_keys", 4, _text(keys_json), deterministic=True)


def _text(function: Callable[..., bytes]) -> Callable[..., str]:
    return lambda *args: function(*args).decode()


def rebuild(connection: Any) -> None:
    """Builds the index anew from the persons."""
    connection.execute("DELETE FROM search_key")
    connection.execute("DELETE FROM search_phone")
    persons = connection.execute(f"SELECT local_no,{_NAMED} FROM person").fetchall()
    add_keys(connection, _sorted((row[0], row[1:]) for row in persons))
    add_phones(connection, 0)


def keys_of(columns: Mapping[str, Sequence[Any]], last: int) -> Keys:
    """The index words of persons about to be stored under the numbers that follow `last`; touches no connection."""
    blank = repeat(None)
    words = [columns.get(name, blank) for name in _NAMED.split(",")]
    return _sorted(enumerate(zip(*words, strict=False), last + 1))


def _sorted(persons: Iterable[tuple[int, tuple[Any, ...]]]) -> Keys:
    key = itemgetter(0)
    return {kind: pack(sorted(rows, key=key)) for kind, rows in keys_by_kind(persons).items() if rows}


def add_keys(connection: Any, keys: Keys) -> None:
    """Stores index words; in the order of the index, since a B-tree that only grows is quick."""
    for kind, rows in keys.items():
        insert_packed(connection, "INSERT OR IGNORE INTO search_key(key,local_no,kind)", rows, f",{kind}")


def add_phones(connection: Any, last: int) -> None:
    """Indexes the telephones of all persons above a local_no."""
    connection.execute(
        "INSERT INTO search_phone(rowid,phones) SELECT local_no,phones FROM person WHERE local_no>? AND phones<>''",
        (last,),
    )
