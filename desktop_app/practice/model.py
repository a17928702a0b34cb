"""What a community changed in its town's rules: whole files, each with the day from which it holds."""

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.base import Record
from desktop_app.store.base import note as n


class RuleBook(Record):
    """地方做法: one file of rules as the community writes it; never changed, a later one takes its place.

    `name` is a key of `rules.BOOKS`, or `town` for the town that is followed; `content` is TOML, empty for "as it was
    shipped".
    """

    __tablename__ = "rule_book"
    __table_no__ = 45
    __zh__ = "地方做法"
    __append_only__ = True
    __table_args__ = (Index("ix_rule_book_name", "name", "from_on"),)

    name: Mapped[str] = mapped_column(info=n("文件"))
    content: Mapped[str] = mapped_column(default="", info=n("内容"))
    from_on: Mapped[str] = mapped_column(info=n("生效日期"))
    at: Mapped[int] = mapped_column(BigInteger, info=n("修改时间"))
    by_name: Mapped[str] = mapped_column(info=n("修改人"))
    why: Mapped[str] = mapped_column(info=n("原因"))
