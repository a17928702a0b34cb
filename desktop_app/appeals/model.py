"""Appeals: what a resident brought up, and what was done about it.  Instants are UTC ms, days ISO text."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, text
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.base import Base, Record
from desktop_app.store.base import note as n


class Appeal(Record):
    """诉求.  Where it stands is in no column: `rules.fold` tells it from the events.

    `channel`, `kind`, `klass` and `urgency` are codes; `ladder` is the code of a ladder of the town profile.
    `audience`: numbers of the units it is shared with, separated by commas.
    """

    __tablename__ = "appeal"
    __table_no__ = 33
    __zh__ = "诉求"
    __table_args__ = (
        Index("ix_appeal_received", "received_on"),
        Index("ix_appeal_person", "person_id"),
        Index("ix_appeal_household", "household_id"),
        Index("ix_appeal_room", "room_id"),
        Index("ix_appeal_no", "no"),
    )

    no: Mapped[str | None] = mapped_column(default=None, info=n("诉求编号"))
    received_at: Mapped[int] = mapped_column(BigInteger, info=n("接到时间"))
    received_on: Mapped[str] = mapped_column(info=n("接到日期"))
    channel: Mapped[str] = mapped_column(info=n("渠道"))
    kind: Mapped[str] = mapped_column(info=n("类型"))
    klass: Mapped[str] = mapped_column(info=n("事项分类"))
    title: Mapped[str] = mapped_column(info=n("事由"))
    text: Mapped[str] = mapped_column(default="", info=n("内容"))
    urgency: Mapped[str] = mapped_column(default="1", info=n("紧急程度"))
    place: Mapped[str | None] = mapped_column(default=None, info=n("地点"))
    person_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("居民", ref="person"))
    household_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("户", ref="household"))
    room_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("房屋", ref="room"))
    building_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("楼栋", ref="building"))
    reporter_name: Mapped[str | None] = mapped_column(default=None, info=n("反映人"))
    reporter_phone: Mapped[str | None] = mapped_column(default=None, info=n("反映人电话", mask="phone"))
    anonymous: Mapped[int] = mapped_column(default=0, info=n("匿名"))
    ladder: Mapped[str] = mapped_column(info=n("处置阶梯"))
    promised_on: Mapped[str | None] = mapped_column(default=None, info=n("承诺办结日期"))
    audience: Mapped[str | None] = mapped_column(default=None, info=n("共享单位"))


class AppealEvent(Record):
    """办理经过: one thing that was done about an appeal; what is written once never changes.

    `kind` is a word of `rules.MOVES`; steps are counted from 1 up the ladder; `expects` is the last event
    its author saw.  `extra` is JSON with what only some kinds have, such as how something was explained.
    """

    __tablename__ = "appeal_event"
    __table_no__ = 34
    __zh__ = "诉求办理经过"
    __append_only__ = True
    __table_args__ = (Index("ix_appeal_event_appeal", "appeal_id"),)

    appeal_id: Mapped[str] = mapped_column(String(32), info=n("诉求", ref="appeal"))
    kind: Mapped[str] = mapped_column(info=n("动作"))
    at: Mapped[int] = mapped_column(BigInteger, info=n("记录时间"))
    on: Mapped[str] = mapped_column(info=n("日期"))
    by_name: Mapped[str] = mapped_column(info=n("经办人"))
    from_step: Mapped[int] = mapped_column(default=1, info=n("原层级"))
    to_step: Mapped[int] = mapped_column(default=1, info=n("现层级"))
    to_whom: Mapped[str | None] = mapped_column(default=None, info=n("交给（告知）谁"))
    text: Mapped[str | None] = mapped_column(default=None, info=n("内容"))
    outcome: Mapped[str | None] = mapped_column(default=None, info=n("办理结果"))
    satisfaction: Mapped[str | None] = mapped_column(default=None, info=n("评价"))
    why_none: Mapped[str | None] = mapped_column(default=None, info=n("没有评价的原因"))
    expects: Mapped[str | None] = mapped_column(String(32), default=None, info=n("上一条经过"))
    extra: Mapped[str | None] = mapped_column(default=None, info=n("补充项"))


appeal_state = Table(
    "appeal_state",
    Base.metadata,
    Column("appeal_id", String(32), primary_key=True),
    Column("received_on", String, nullable=False),
    Column("phase", String, nullable=False),
    Column("step", Integer, nullable=False),
    Column("outcome", String, nullable=False),
    Column("due_on", String),
    Column("due_what", String),
    Column("satisfaction", String),
    Column("why_none", String),
    Column("finished_on", String),
    Column("solved_step", Integer),
    Column("assignee", String),
    Column("stale", Integer, nullable=False, server_default=text("0")),
    Index("ix_appeal_state_received", "received_on", "appeal_id"),
    Index("ix_appeal_state_phase", "phase", "received_on"),
    Index("ix_appeal_state_due", "due_on"),
)
"""Where each appeal stands, folded beforehand: of this desk alone, made anew from the events whenever they change.

`due_on` is the next day something is due, of which `due_what` says what; null while nothing is (paused, finished).
"""

appeal_stale = Table(
    "appeal_stale",
    Base.metadata,
    Column("appeal_id", String(32), primary_key=True),
    sqlite_with_rowid=False,
)
"""Appeals whose line in `appeal_state` has to be made anew; filled by triggers, so that nothing goes around it."""
