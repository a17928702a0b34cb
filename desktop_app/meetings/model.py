"""Meetings: who was there, what was said, what was decided.  Times are local text `YYYY-MM-DD HH:MM`."""

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.base import Record
from desktop_app.store.base import note as n


class Meeting(Record):
    """会议.  `kind` is a code of `resources/codes/meeting_types.toml`; a signed one is locked (`signed_at`, UTC ms).

    `audience`: numbers of the units it is shared with, separated by commas; None for nobody.  `node_id`: whose meeting
    it is, where types are counted by branch.  `signed_parts`: JSON, the fingerprint of each part when it was signed.
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
    node_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("召开的组织", ref="org_node"))
    signed_parts: Mapped[str | None] = mapped_column(default=None, info=n("各部分指纹"))


class AgendaItem(Record):
    """议题, with what was said and how the vote went; counts are None where nobody voted.

    `vote_rule` names a rule of `meeting_rules.toml` where the type has several; ballots are counted in sheets of paper.
    """

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
    vote_rule: Mapped[str | None] = mapped_column(default=None, info=n("适用的表决规则"))
    ballots_issued: Mapped[int | None] = mapped_column(default=None, info=n("发出票数"))
    ballots_returned: Mapped[int | None] = mapped_column(default=None, info=n("收回票数"))
    ballots_invalid: Mapped[int | None] = mapped_column(default=None, info=n("废票"))
    scrutineer: Mapped[str | None] = mapped_column(default=None, info=n("监票人"))
    teller: Mapped[str | None] = mapped_column(default=None, info=n("计票人"))
    publicity_from: Mapped[str | None] = mapped_column(default=None, info=n("公开起"))
    publicity_to: Mapped[str | None] = mapped_column(default=None, info=n("公开止"))
    publicity_how: Mapped[str | None] = mapped_column(default=None, info=n("公开方式"))


class Attendance(Record):
    """到会情况: `capacity` 应到 or 列席; `status` 出席, 请假, 缺席, 列席 or 委托; `proxy` is who votes for one 委托."""

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
    proxy: Mapped[str | None] = mapped_column(default=None, info=n("受托人"))


class Resolution(Record):
    """议定事项 with owner and deadline; `result` and `done_on` are what became of it, no part of what was signed."""

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
    result: Mapped[str | None] = mapped_column(default=None, info=n("办理结果"))
    done_on: Mapped[str | None] = mapped_column(default=None, info=n("办结日期"))


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


class MeetingNote(Record):
    """随记: one line somebody wrote down while the meeting went on; every author at every desk has lines of their own.

    `desk` is the number of the desk, 0 where it stands alone; `seq` orders the lines of one author at one desk; `at` in
    UTC ms is when the line was begun, by which the lines of all are merged.
    """

    __tablename__ = "meeting_note"
    __table_no__ = 80
    __zh__ = "会议随记"
    __table_args__ = (Index("ix_meeting_note_meeting", "meeting_id"),)

    meeting_id: Mapped[str] = mapped_column(String(32), info=n("会议", ref="meeting"))
    agenda_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("议题", ref="agenda_item"))
    author_id: Mapped[str] = mapped_column(String(32), info=n("记录人编号"))
    author: Mapped[str] = mapped_column(info=n("记录人"))
    desk: Mapped[int] = mapped_column(default=0, info=n("电脑编号"))
    seq: Mapped[int] = mapped_column(info=n("序号"))
    at: Mapped[int] = mapped_column(BigInteger, info=n("记录时间"))
    text: Mapped[str] = mapped_column(info=n("内容"))


class OwnerBallot(Record):
    """业主表决票: one for each room and item, whoever enters it (the identifier is derived from both).

    `area` in 0.01 m², as in the register when the roll was made; None where it is not known.  `owner_id` tells owners
    of several rooms, who count once.  `choice`: 同意, 反对, 弃权, 废票; None while the ballot is out.
    """

    __tablename__ = "owner_ballot"
    __table_no__ = 81
    __zh__ = "业主表决票"
    __table_args__ = (
        Index("ix_owner_ballot_agenda", "agenda_id"),
        Index("ix_owner_ballot_meeting", "meeting_id"),
        Index("ix_owner_ballot_room", "room_id"),
    )

    meeting_id: Mapped[str] = mapped_column(String(32), info=n("会议", ref="meeting"))
    agenda_id: Mapped[str] = mapped_column(String(32), info=n("议题", ref="agenda_item"))
    room_id: Mapped[str] = mapped_column(String(32), info=n("房屋", ref="room"))
    seq: Mapped[int] = mapped_column(info=n("序号"))
    address: Mapped[str] = mapped_column(info=n("房号"))
    owner_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("产权人编号", ref="person"))
    owner: Mapped[str | None] = mapped_column(default=None, info=n("产权人"))
    area: Mapped[int | None] = mapped_column(default=None, info=n("专有部分面积（0.01㎡）"))
    choice: Mapped[str | None] = mapped_column(default=None, info=n("表决意见"))
    proxy: Mapped[str | None] = mapped_column(default=None, info=n("受托人"))
    on: Mapped[str | None] = mapped_column(default=None, info=n("收回日期"))
