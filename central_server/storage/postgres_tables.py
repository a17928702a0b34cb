"""The tables on PostgreSQL: made once, however many processes start at once, and divided by unit."""

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

import psycopg
from psycopg.errors import DuplicateObject, DuplicateTable, UniqueViolation

from central_server.storage import schema

PARTS: Final = 64
DIVIDED: Final = ("record", "mark")
"""Tables that are divided by hash of their unit: those that grow for ever.

The rest stays small (a city has 20,000 devices), and a divided table costs a quarter more with every statement.
"""
VERSION_TABLE: Final = "create table if not exists schema_version(one smallint primary key, version int not null)"
_TABLE: Final = re.compile(r"create table if not exists (\w+)\s*\(")
Connection = psycopg.Connection[tuple[Any, ...]]


def prepare(connection: Connection, also: Sequence[str] = (), partitions: int = PARTS) -> None:
    """Makes what is missing, brings older tables up to date, refuses newer ones.

    Others may start at the same moment: whoever has the row of `schema_version` works, the rest wait and find it done.
    """
    _make_version(connection)
    with connection.transaction():
        connection.execute("set local lock_timeout=0")
        connection.execute("set local statement_timeout=0")
        ((version,),) = connection.execute("select version from schema_version for update").fetchall()
        for statement in schema.steps(version, connection.info.dbname, also):
            _make(connection, statement, partitions)
        connection.execute("update schema_version set version=$1 where version<>$1", [schema.VERSION])


def _make_version(connection: Connection) -> None:
    if connection.execute("select to_regclass('schema_version')").fetchall() == [(None,)]:
        with suppress(UniqueViolation, DuplicateTable, DuplicateObject):  # somebody else was first
            connection.execute(VERSION_TABLE)
    connection.execute("insert into schema_version(one,version) values(1,0) on conflict(one) do nothing")


def _make(connection: Connection, statement: str, partitions: int) -> None:
    sql, named = statement.format(blob="bytea"), _TABLE.match(statement)
    table = named[1] if named else ""
    if table not in DIVIDED or not partitions:
        connection.execute(sql.encode())
        return
    connection.execute(f"{sql} partition by hash(scope_id)".encode())
    if _waits_for_parts(connection, table):
        for part in range(partitions):
            share = f"partition of {table} for values with(modulus {partitions},remainder {part})"
            connection.execute(f"create table {table}_{part} {share}".encode())


def _waits_for_parts(connection: Connection, table: str) -> bool:
    """Whether it is a divided table without parts; for a cluster that divides it itself an operator makes it whole."""
    found = connection.execute(
        "select c.relkind='p' and not exists(select from pg_inherits i where i.inhparent=c.oid) "
        "from pg_class c where c.oid=to_regclass($1)",
        [table],
    ).fetchall()
    return found == [(True,)]
