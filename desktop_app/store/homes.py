"""Whose a record is: what another unit made can be read here, and is answered only where it was shared by name.

The server refuses anything else (NOT_YOURS); this says so before it is written.
"""

from desktop_app.shared.errors import AppError
from desktop_app.store.base import Record
from sync_protocol.behaviours import Reach, rules_of


def may_change(table: str, home: int, owner: str = "") -> bool:
    """Whether a record of a table may be changed here; `home` is its unit, 0 for one's own.

    `owner` is the table of what it belongs to, for those tables whose records name it themselves (attachments).
    """
    while home and (follows := rules_of(table).follows):
        table, owner = follows.table or owner, ""
    return not home or rules_of(table).reach is Reach.NAMED


def must_be_changeable(record: Record) -> None:
    """AppError for a record that another unit made and this one may only read."""
    follows = rules_of(str(record.__tablename__)).follows
    owner = str(getattr(record, follows.named_in, "")) if follows and follows.named_in else ""
    if not may_change(str(record.__tablename__), record.scope, owner):
        raise AppError(f"这条{record.__zh__}记录是别的单位的，本机只能看，没有改动。", next_step="要改请联系那个单位。")
