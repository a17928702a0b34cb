"""Staff who work at the desk."""

from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.shared.actor import Actor
from desktop_app.store.base import Record, note

__all__ = ["Actor", "Staff"]


class Staff(Record):
    """工作人员: somebody in whose name records are made."""

    __tablename__ = "staff"
    __table_no__ = 1
    __zh__ = "工作人员"

    name: Mapped[str] = mapped_column(info=note("姓名"))
    post: Mapped[str | None] = mapped_column(default=None, info=note("岗位"))
    phone: Mapped[str | None] = mapped_column(default=None, info=note("电话", mask="phone"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=note("离岗日期"))
