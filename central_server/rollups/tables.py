"""The reporting tables.  Every key begins with the unit, as in the mailbox."""

from typing import Final

VERSION: Final = 2
"""Raised when a figure or a table changes: the reader then starts again from the beginning."""

TABLES: Final = (
    # how far the reader has come in a unit, in which life of it, and with which set of figures
    """create table if not exists report_cursor(
        scope_id bigint not null primary key, seq bigint not null, epoch text not null, version int not null,
        at bigint not null)""",
    # the counted fields of each living record at home in the unit
    """create table if not exists report_fact(
        scope_id bigint not null, tbl text not null, id text not null, body text not null,
        primary key(scope_id, tbl, id))""",
    # changes per month; a stock at the end of a month is the sum up to it, a flow in a period the sum within it
    """create table if not exists report_figure(
        scope_id bigint not null, figure text not null, month text not null, part text not null, n bigint not null,
        primary key(scope_id, figure, month, part))""",
)
