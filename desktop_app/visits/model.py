"""Visits to homes, and campaigns that knock at every door of a list.  Dates are ISO text.

A visit and an item of a campaign keep the home they were made to: when people move, what was done there stays there.
"""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.base import Record
from desktop_app.store.base import note as n


class Visit(Record):
    """走访: who was visited, when, by whom, what was found.

    `mode` is a name of `resources/codes/visit_modes.toml`, `result` one of `visit_results.toml`; `workers` are names
    separated by 、, `worker_id` is the one who sits at a desk.  `opinions_n` counts the opinions in `opinions`.
    """

    __tablename__ = "visit"
    __table_no__ = 30
    __zh__ = "走访"
    __table_args__ = (
        # these answer by themselves when somebody was last met: the row is not read
        Index("ix_visit_household", "household_id", "on", "result", "sync_del", "next_due_on"),
        Index("ix_visit_person", "person_id", "on", "result", "sync_del", "next_due_on"),
        Index("ix_visit_room", "room_id", "on"),
        Index("ix_visit_on", "on"),
    )

    on: Mapped[str] = mapped_column(info=n("走访日期"))
    mode: Mapped[str] = mapped_column(default="入户", info=n("走访方式"))
    household_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("户", ref="household"))
    room_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("房屋", ref="room"))
    person_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("走访对象", ref="person"))
    result: Mapped[str] = mapped_column(default="见面", info=n("结果"))
    workers: Mapped[str] = mapped_column(default="", info=n("走访人"))
    worker_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("走访工作人员", ref="staff"))
    purpose: Mapped[str | None] = mapped_column(default=None, info=n("走访事由"))
    findings: Mapped[str | None] = mapped_column(default=None, info=n("走访情况"))
    opinions: Mapped[str | None] = mapped_column(default=None, info=n("意见建议"))
    opinions_n: Mapped[int] = mapped_column(default=0, info=n("意见条数"))
    goods: Mapped[str | None] = mapped_column(default=None, info=n("发放物品"))
    next_due_on: Mapped[str | None] = mapped_column(default=None, info=n("下次走访"))
    note: Mapped[str | None] = mapped_column(default=None, info=n("备注"))


class Campaign(Record):
    """敲门行动: a list of homes, gone through in rounds; `round` is the one under way."""

    __tablename__ = "campaign"
    __table_no__ = 31
    __zh__ = "敲门行动"

    name: Mapped[str] = mapped_column(info=n("名称"))
    purpose: Mapped[str | None] = mapped_column(default=None, info=n("事由"))
    goods: Mapped[str | None] = mapped_column(default=None, info=n("发放物品"))
    from_on: Mapped[str | None] = mapped_column(default=None, info=n("起"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("止"))
    state: Mapped[str] = mapped_column(default="进行", info=n("状态"))
    round: Mapped[int] = mapped_column(default=1, info=n("轮次"))
    note: Mapped[str | None] = mapped_column(default=None, info=n("备注"))


class CampaignItem(Record):
    """敲门名单: one home in one round.  `result` is None until somebody was there; `goods_qty` pieces, `signed` for."""

    __tablename__ = "campaign_item"
    __table_no__ = 32
    __zh__ = "敲门名单"
    __table_args__ = (
        Index("ix_campaign_item_campaign", "campaign_id", "round"),
        Index("ix_campaign_item_household", "household_id", "visited_on", "result", "sync_del"),
        Index("ix_campaign_item_room", "room_id", "visited_on"),
    )

    campaign_id: Mapped[str] = mapped_column(String(32), info=n("敲门行动", ref="campaign"))
    household_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("户", ref="household"))
    room_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("房屋", ref="room"))
    team: Mapped[str | None] = mapped_column(default=None, info=n("小组"))
    round: Mapped[int] = mapped_column(default=1, info=n("轮次"))
    result: Mapped[str | None] = mapped_column(default=None, info=n("结果"))
    visited_on: Mapped[str | None] = mapped_column(default=None, info=n("上门日期"))
    goods_qty: Mapped[int] = mapped_column(default=0, info=n("发放数量"))
    signed: Mapped[bool] = mapped_column(default=False, info=n("已签收"))
    note: Mapped[str | None] = mapped_column(default=None, info=n("备注"))
