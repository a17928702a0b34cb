"""What a desk asks the server to do with a record: hand it to another community, or erase it everywhere.

The server carries these out when it takes them, so they reach it in the order of everything else, offline or not.
"""

from typing import Final

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.base import Record
from desktop_app.store.base import note as n


class Transfer(Record):
    """转出 (append-only): the record, and what follows it, belongs to the unit `to_scope` from now on."""

    __tablename__ = "transfer"
    __table_no__ = 26
    __zh__ = "转出"
    __append_only__ = True
    __table_args__ = (Index("ix_transfer_row", "row_id"),)

    tbl: Mapped[str] = mapped_column(info=n("表"))
    row_id: Mapped[str] = mapped_column(String(32), info=n("记录"))
    to_scope: Mapped[int] = mapped_column(info=n("转入单位代码"))
    to_name: Mapped[str] = mapped_column(info=n("转入单位"))
    reason: Mapped[str | None] = mapped_column(default=None, info=n("事由"))


class Erasure(Record):
    """清除 (append-only): the content of the record and of what follows it has to vanish everywhere (PIPL art. 47).

    With `sealed_on` it was put under seal that day (封存): whatever else is sealed about the person stays.  Empty: it
    was not; None: an earlier program asked for it, which did not say.
    """

    __tablename__ = "erasure"
    __table_no__ = 27
    __zh__ = "清除"
    __append_only__ = True
    __table_args__ = (Index("ix_erasure_row", "row_id"),)

    tbl: Mapped[str] = mapped_column(info=n("表"))
    row_id: Mapped[str] = mapped_column(String(32), info=n("记录"))
    reason: Mapped[str | None] = mapped_column(default=None, info=n("事由"))
    sealed_on: Mapped[str | None] = mapped_column(default=None, info=n("封存日期"))


REQUESTS: Final = (Transfer, Erasure)
