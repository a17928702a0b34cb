"""Photographs, scans and files that belong to a record; their content lies beside the database."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.base import Base, Record
from desktop_app.store.base import note as n


class Attachment(Record):
    """附件.  `owner_table` and `owner_id` name the record it belongs to; it goes where that record goes.

    `kind` is a key of `rules.KINDS`, `size` in bytes, `sha256` in hex, of the content as it is kept (without what a
    camera wrote into it).  `thumb`: a small picture as base64 of a JPEG, at most 8 KiB of text; None where there is
    nothing to see.
    """

    __tablename__ = "attachment"
    __table_no__ = 25
    __zh__ = "附件"
    __table_args__ = (
        Index("ix_attachment_owner", "owner_table", "owner_id"),
        Index("ix_attachment_sha256", "sha256"),
    )

    owner_table: Mapped[str] = mapped_column(info=n("所属类别"))
    owner_id: Mapped[str] = mapped_column(String(32), info=n("所属记录"))
    title: Mapped[str] = mapped_column(info=n("名称"))
    kind: Mapped[str] = mapped_column(info=n("种类"))
    mime: Mapped[str] = mapped_column(info=n("文件类型"))
    size: Mapped[int] = mapped_column(info=n("大小"))
    sha256: Mapped[str] = mapped_column(String(64), info=n("文件指纹"))
    thumb: Mapped[str | None] = mapped_column(default=None, info=n("缩略图"))
    taken_on: Mapped[str | None] = mapped_column(default=None, info=n("拍摄日期"))
    at: Mapped[int] = mapped_column(info=n("添加时间"))
    by_name: Mapped[str] = mapped_column(default="", info=n("添加人"))


blob = Table(
    "blob",
    Base.metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("here", Integer, nullable=False, server_default=text("0")),
    Column("server", String),
    Column("wanted", Integer, nullable=False, server_default=text("0")),
    Column("offset", BigInteger, nullable=False, server_default=text("0")),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("next_try", BigInteger, nullable=False, server_default=text("0")),
    Column("problem", Text),
    Column("unnamed_at", BigInteger),
)
"""What this desk knows about the content of attachments; never leaves it.

`here`: the whole content is beside the database.  `server`: the life (epoch) of the server that confirmed it has the
content.  `wanted`: 0 no, 1 when there is time, 2 a person waits for it.  `offset`: bytes moved so far, for showing.
`tries`: wrong hashes in a row; `next_try`: not before, UTC ms; `problem`: set aside, and why (words for a person).
`unnamed_at`: since when no living attachment names it, UTC ms.
"""
