"""Meetings: who was there, what was said, what was decided.  Times are local text `YYYY-MM-DD HH:MM`."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.base import Record
from desktop_app.store.base import note as n


class Meeting(Record):
    """会议.  `kind` is a code of `resources/codes/meeting_types.toml`; a signed one is locked (`signed_at`, UTC ms).

    `audience`: numbers of the units it is shared with, separated by commas; None for nobody.
    """

    __tablename__ = "meeting"
    __table_no__ = 18
    __zh__ = "会议"
    __final__ = ("signed_at",)
    __table_args__ = (Index("ix_meeting_starts", "starts_at"),)

    no: Mapped[str | None] = mapped_column(default=None, info=n("会议编号"))
    kind: Mapped[str] = mapped_column(info=n("会议类型"))
    title: Mapped[str] = mapped_column(info=n("会议名称"))
    starts_at: Mapped[str | None] = mapped_column(default=None, info=n("开始时间"))
    ends_at: Mapped[str | None] = mapped_column(default=None, info=n("结束时间"))
    place: Mapped[str | None] = mapped_column(default=None, info=n("地点"))
    convenor: Mapped[str | None] = mapped_column(default=None, info=n("召集人"))
    chair: Mapped[str | None] = mapped_column(default=None, info=n("主持人"))
    chair_post: Mapped[str | None] = mapped_column(default=None, info=n("主持人职务"))
    recorder: Mapped[str | None] = mapped_column(default=None, info=n("记录人"))
    lead: Mapped[str | None] = mapped_column(default=None, info=n("纪要导语"))
    notice_on: Mapped[str | None] = mapped_column(default=None, info=n("通知日期"))
    notice_how: Mapped[str | None] = mapped_column(default=None, info=n("通知方式"))
    issue_no: Mapped[str | None] = mapped_column(default=None, info=n("纪要期号"))
    signed_at: Mapped[int | None] = mapped_column(default=None, info=n("签字时间"))
    signed_by: Mapped[str | None] = mapped_column(default=None, info=n("签字人"))
    signed_hash: Mapped[str | None] = mapped_column(default=None, info=n("记录指纹"))
    audience: Mapped[str | None] = mapped_column(default=None, info=n("共享单位"))


class AgendaItem(Record):
    """议题, with what was said and how the vote went; counts are None where nobody voted."""

    __tablename__ = "agenda_item"
    __table_no__ = 19
    __zh__ = "议题"
    __table_args__ = (Index("ix_agenda_item_meeting", "meeting_id"),)

    meeting_id: Mapped[str] = mapped_column(String(32), info=n("会议", ref="meeting"))
    seq: Mapped[int] = mapped_column(info=n("序号"))
    title: Mapped[str] = mapped_column(info=n("议题"))
    proposer: Mapped[str | None] = mapped_column(default=None, info=n("提出方"))
    discussion: Mapped[str] = mapped_column(default="", info=n("讨论记录"))
    vote_how: Mapped[str | None] = mapped_column(default=None, info=n("表决方式"))
    votes_for: Mapped[int | None] = mapped_column(default=None, info=n("同意"))
    votes_against: Mapped[int | None] = mapped_column(default=None, info=n("反对"))
    votes_abstain: Mapped[int | None] = mapped_column(default=None, info=n("弃权"))


class Attendance(Record):
    """到会情况: `capacity` 应到 or 列席; `status` 出席, 请假, 缺席, 列席 or 委托."""

    __tablename__ = "attendance"
    __table_no__ = 20
    __zh__ = "到会情况"
    __table_args__ = (Index("ix_attendance_meeting", "meeting_id"), Index("ix_attendance_person", "person_id"))

    meeting_id: Mapped[str] = mapped_column(String(32), info=n("会议", ref="meeting"))
    seq: Mapped[int] = mapped_column(info=n("序号"))
    person_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("居民", ref="person"))
    name: Mapped[str] = mapped_column(info=n("姓名"))
    unit: Mapped[str | None] = mapped_column(default=None, info=n("单位"))
    post: Mapped[str | None] = mapped_column(default=None, info=n("职务"))
    capacity: Mapped[str] = mapped_column(default="应到", info=n("应到或列席"))
    status: Mapped[str] = mapped_column(default="缺席", info=n("到会"))
    reason: Mapped[str | None] = mapped_column(default=None, info=n("事由"))
    voting: Mapped[bool] = mapped_column(default=True, info=n("有表决权"))


class Resolution(Record):
    """议定事项 with owner and deadline."""

    __tablename__ = "resolution"
    __table_no__ = 21
    __zh__ = "议定事项"
    __table_args__ = (Index("ix_resolution_meeting", "meeting_id"), Index("ix_resolution_due", "due_on"))

    meeting_id: Mapped[str] = mapped_column(String(32), info=n("会议", ref="meeting"))
    agenda_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("议题", ref="agenda_item"))
    seq: Mapped[int] = mapped_column(info=n("序号"))
    text: Mapped[str] = mapped_column(info=n("议定事项"))
    owner: Mapped[str | None] = mapped_column(default=None, info=n("责任人"))
    helpers: Mapped[str | None] = mapped_column(default=None, info=n("协办"))
    due_on: Mapped[str | None] = mapped_column(default=None, info=n("完成时限"))
    state: Mapped[str] = mapped_column(default="待办", info=n("进展"))


class MeetingCorrection(Record):
    """更正 (append-only): what was put right after the record was signed; `at` in UTC ms."""

    __tablename__ = "meeting_correction"
    __table_no__ = 22
    __zh__ = "记录更正"
    __append_only__ = True
    __table_args__ = (Index("ix_meeting_correction_meeting", "meeting_id"),)

    meeting_id: Mapped[str] = mapped_column(String(32), info=n("会议", ref="meeting"))
    at: Mapped[int] = mapped_column(info=n("更正时间"))
    by_name: Mapped[str] = mapped_column(default="", info=n("更正人"))
    text: Mapped[str] = mapped_column(info=n("更正内容"))
