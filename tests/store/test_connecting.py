"""What a connection to the store remembers."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlcipher3
from sqlalchemy import Select, select

from desktop_app.accounts.model import Actor
from desktop_app.residents import actions
from desktop_app.residents.model import Person
from desktop_app.store.connecting import BUSY_MS
from desktop_app.store.database import Database

OTHERS = 900
_NO_MATTER = {sqlcipher3.SQLITE_TRANSACTION, sqlcipher3.SQLITE_PRAGMA}


@contextmanager
def parsing(connection: Any) -> Iterator[list[str]]:
    """What statements meanwhile are about when they are parsed: SQLite asks then whether they are allowed."""
    told: list[str] = []

    def allow(action: int, about: str, *_rest: Any) -> int:
        if action not in _NO_MATTER:
            told.append(str(about))
        return int(sqlcipher3.SQLITE_OK)

    connection.set_authorizer(allow)
    yield told
    connection.set_authorizer(None)


def test_however_much_else_was_asked_a_save_and_a_question_are_not_parsed_anew(db: Database, actor: Actor) -> None:
    """A busy day asks hundreds of different things; the driver would then keep none of what is new to it."""
    with db.transaction(actor, "登记居民") as tx:
        person = tx.add(Person(name="王小明"))
        writer = tx.session.connection().connection.dbapi_connection
    for connection in (writer, db.reader()):
        for number in range(OTHERS):
            connection.execute(f"SELECT {number} FROM setting").fetchall()

    def save(number: int) -> None:
        actions.correct(db, actor, person.id, {"occupation": f"职业{number}", "phones": f"1390000{number:04d}"})

    def ask(_number: int) -> None:
        wanted: Select[Person] = select(Person).where(Person.name == "王小明")
        assert db.select(wanted)

    for connection, work in ((writer, save), (db.reader(), ask)):
        with parsing(connection) as parsed:
            work(1)
            work(2)  # from here on it is known
            assert "person" in parsed
            parsed.clear()
            work(3)
            assert not parsed


def test_whoever_waits_for_nobody_does_not_make_the_next_writer_hasty(db: Database, actor: Actor) -> None:
    waits: list[int] = []

    def write() -> None:
        with db.transaction(actor, "随手记") as tx:
            waits.append(int(tx.scalar("PRAGMA busy_timeout")))

    write()
    db.afterwards(write)
    write()
    assert waits == [BUSY_MS, 0, BUSY_MS]
