"""What was printed."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.base import Record
from desktop_app.store.base import note as n


class PrintJob(Record):
    """打印记录: committed before the paper comes out.  `at` in UTC ms; `sha256` of the PDF that was printed."""

    __tablename__ = "print_job"
    __table_no__ = 23
    __zh__ = "打印记录"
    __log__ = True
    __table_args__ = (
        Index("ix_print_job_subject", "subject_kind", "subject_id"),
        Index("ix_print_job_at", "at"),
        Index("ix_print_job_of", "subject_id"),
    )

    form: Mapped[str] = mapped_column(info=n("单据"))
    subject_kind: Mapped[str] = mapped_column(info=n("对象类别"))
    subject_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("对象"))
    title: Mapped[str] = mapped_column(info=n("内容"))
    copies: Mapped[int] = mapped_column(default=1, info=n("份数"))
    pages: Mapped[int] = mapped_column(default=1, info=n("页数"))
    at: Mapped[int] = mapped_column(info=n("时间"))
    by_name: Mapped[str] = mapped_column(default="", info=n("打印人"))
    sha256: Mapped[str] = mapped_column(info=n("文件指纹"))
    target: Mapped[str] = mapped_column(info=n("去向"))
    state: Mapped[str] = mapped_column(default="已交打印", info=n("状态"))
