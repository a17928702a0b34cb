"""Matters 议事: what residents or the branch put forward, talked over, decided, did and judged.  Days are ISO text."""

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.base import Record
from desktop_app.store.base import note as n


class Matter(Record):
    """议事事项.  Where it stands is in no column: `rules.fold` tells it from the events.

    `template` is the code of a meeting template of the town profile (五步议事法 …); `kind` a code of
    `appeal_classes`.
    `fund` says where money comes from, in words; `audience`: numbers of the units it is shared with.
    """

    __tablename__ = "matter"
    __table_no__ = 82
    __zh__ = "议事事项"
    __table_args__ = (
        Index("ix_matter_proposed", "proposed_on"),
        Index("ix_matter_appeal", "appeal_id"),
        Index("ix_matter_proposer", "proposer_id"),
    )

    no: Mapped[str | None] = mapped_column(default=None, info=n("议事编号"))
    title: Mapped[str] = mapped_column(info=n("议题"))
    text: Mapped[str] = mapped_column(default="", info=n("内容"))
    kind: Mapped[str] = mapped_column(info=n("事项类别"))
    template: Mapped[str] = mapped_column(info=n("议事步骤"))
    proposed_on: Mapped[str] = mapped_column(info=n("提出日期"))
    source: Mapped[str] = mapped_column(default="居民", info=n("提出方"))
    proposer: Mapped[str | None] = mapped_column(default=None, info=n("提出人"))
    proposer_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("居民", ref="person"))
    proposer_phone: Mapped[str | None] = mapped_column(default=None, info=n("提出人电话", mask="phone"))
    households: Mapped[int | None] = mapped_column(default=None, info=n("附议户数"))
    appeal_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("来自诉求", ref="appeal"))
    estate_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("小区", ref="estate"))
    scope_text: Mapped[str | None] = mapped_column(default=None, info=n("涉及范围"))
    cost: Mapped[int | None] = mapped_column(BigInteger, default=None, info=n("所需资金（分）"))
    fund: Mapped[str | None] = mapped_column(default=None, info=n("资金来源"))
    audience: Mapped[str | None] = mapped_column(default=None, info=n("共享单位"))


class MatterEvent(Record):
    """议事经过: one thing that was done about a matter; what is written once never changes.

    `kind` is a word of `rules.MOVES`; steps are counted from 1; `expects` is the last event its author saw.  For 交办:
    `to_whom` leads, `helpers` help, `due_on` is the deadline; `until_on` ends a 公示; `progress` is in per cent.
    """

    __tablename__ = "matter_event"
    __table_no__ = 83
    __zh__ = "议事经过"
    __append_only__ = True
    __table_args__ = (
        Index("ix_matter_event_matter", "matter_id"),
        Index("ix_matter_event_meeting", "meeting_id"),
        Index("ix_matter_event_agenda", "agenda_id"),
    )

    matter_id: Mapped[str] = mapped_column(String(32), info=n("议事事项", ref="matter"))
    kind: Mapped[str] = mapped_column(info=n("动作"))
    at: Mapped[int] = mapped_column(BigInteger, info=n("记录时间"))
    on: Mapped[str] = mapped_column(info=n("日期"))
    by_name: Mapped[str] = mapped_column(info=n("经办人"))
    from_step: Mapped[int] = mapped_column(default=1, info=n("原步骤"))
    to_step: Mapped[int] = mapped_column(default=1, info=n("现步骤"))
    to_whom: Mapped[str | None] = mapped_column(default=None, info=n("牵头（告知）谁"))
    helpers: Mapped[str | None] = mapped_column(default=None, info=n("协办"))
    due_on: Mapped[str | None] = mapped_column(default=None, info=n("完成时限"))
    progress: Mapped[int | None] = mapped_column(default=None, info=n("进度（%）"))
    text: Mapped[str | None] = mapped_column(default=None, info=n("内容"))
    how: Mapped[str | None] = mapped_column(default=None, info=n("方式"))
    outcome: Mapped[str | None] = mapped_column(default=None, info=n("决定"))
    satisfaction: Mapped[str | None] = mapped_column(default=None, info=n("评价"))
    why_none: Mapped[str | None] = mapped_column(default=None, info=n("没有的原因"))
    until_on: Mapped[str | None] = mapped_column(default=None, info=n("公示止"))
    meeting_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("会议", ref="meeting"))
    agenda_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("会议议题", ref="agenda_item"))
    expects: Mapped[str | None] = mapped_column(String(32), default=None, info=n("上一条经过"))


class QuarterItem(Record):
    """季度“四个一”的一项, ticked by hand: what was done, where no record of the program shows it.

    `quarter` is written 2026Q4; `item` is the number of the step in the profile's template, from 1.
    """

    __tablename__ = "quarter_item"
    __table_no__ = 84
    __zh__ = "季度四个一"
    __table_args__ = (Index("ix_quarter_item_quarter", "quarter"),)

    quarter: Mapped[str] = mapped_column(info=n("季度"))
    item: Mapped[int] = mapped_column(info=n("第几项"))
    on: Mapped[str] = mapped_column(info=n("日期"))
    text: Mapped[str] = mapped_column(info=n("内容"))
