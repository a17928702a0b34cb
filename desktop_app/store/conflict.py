"""What two desks wrote into the same field without seeing each other."""

from typing import Final

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.base import Record
from desktop_app.store.base import note as n
from sync_protocol.behaviours import TABLES, Reach

_UPWARD: Final = ",".join(f"'{table}'" for table, rules in TABLES.items() if rules.reach is Reach.UPWARD)


class Conflict(Record):
    """冲突: the value that stands and the value that lost; made by the server, settled at any desk.

    Values are JSON; `win_ts` and `lose_ts` are hybrid stamps (`sync_protocol.stamps`); `status` is open, kept, swapped
    or merged.
    """

    __tablename__ = "conflict"
    __table_no__ = 24
    __zh__ = "冲突"
    __table_args__ = (Index("ix_conflict_row", "tbl", "row_id"), Index("ix_conflict_status", "status"))

    tbl: Mapped[str] = mapped_column(info=n("表"))
    row_id: Mapped[str] = mapped_column(String(32), info=n("记录"))
    field: Mapped[str] = mapped_column(info=n("字段"))
    kind: Mapped[str] = mapped_column(default="field", info=n("类型"))
    win_value: Mapped[str | None] = mapped_column(default=None, info=n("采用的值"))
    win_dev: Mapped[int | None] = mapped_column(default=None, info=n("采用的值来自"))
    win_by: Mapped[str | None] = mapped_column(String(32), default=None, info=n("采用的值录入人"))
    win_ts: Mapped[int | None] = mapped_column(default=None, info=n("采用的值时间"))
    lose_value: Mapped[str | None] = mapped_column(default=None, info=n("另一个值"))
    lose_dev: Mapped[int | None] = mapped_column(default=None, info=n("另一个值来自"))
    lose_by: Mapped[str | None] = mapped_column(String(32), default=None, info=n("另一个值录入人"))
    lose_ts: Mapped[int | None] = mapped_column(default=None, info=n("另一个值时间"))
    base_value: Mapped[str | None] = mapped_column(default=None, info=n("原值"))
    status: Mapped[str] = mapped_column(default="open", info=n("处理状态"))
    resolved_by: Mapped[str | None] = mapped_column(String(32), default=None, info=n("处理人"))
    resolved_at: Mapped[int | None] = mapped_column(default=None, info=n("处理时间"))


def waits(row: str) -> str:
    """SQL: whether a clash, under this name in a statement, waits for somebody here.

    What goes up to a unit to be read is settled below, by those who may write it.
    """
    return f"{row}.status='open' AND {row}.sync_del=0 AND NOT ({row}.scope<>0 AND {row}.tbl IN ({_UPWARD}))"
