"""Orders, wishes, those who report in, posts and duty shifts.  Instants are UTC ms, days ISO text, times HH:MM.

Where an order, a wish or a shift stands is in no column of theirs: it is folded from the events (`rules`, `wish_rules`,
`duty_rules`), the same at every desk.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, text
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.base import Base, Record
from desktop_app.store.base import note as n


class Helper(Record):
    """能人志愿者: who can do what for others, and when.

    `colours` are codes of `seven_colours` with blanks between them; `hours` as `matching.Hours` reads them
    (一三五 14:00-17:00; blank: any time); `price_fen` is asked of the resident, None or 0 where the service is free.
    `building_id` is where the helper sets out from.  A personal number stands on what everybody may read only from
    `phone_agreed_on`, the day the helper agreed to it, until `phone_withdrawn_on`.
    """

    __tablename__ = "helper"
    __table_no__ = 55
    __zh__ = "志愿者"
    __table_args__ = (
        Index("ix_helper_person", "person_id"),
        # whom a place and a colour leave: answered without reading the rows
        Index("ix_helper_place", "building_id", "colours", "to_on", "from_on", "sync_del", "scope", "id"),
    )

    person_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("居民", ref="person"))
    name: Mapped[str] = mapped_column(info=n("姓名"))
    phone: Mapped[str | None] = mapped_column(default=None, info=n("电话", mask="phone"))
    kind: Mapped[str] = mapped_column(default="居民志愿者", info=n("类别"))
    unit: Mapped[str | None] = mapped_column(default=None, info=n("单位"))
    colours: Mapped[str] = mapped_column(default="", info=n("七色专长"))
    trade: Mapped[str | None] = mapped_column(default=None, info=n("微服务项目"))
    price_fen: Mapped[int | None] = mapped_column(default=None, info=n("收费（分）"))
    price_unit: Mapped[str | None] = mapped_column(default=None, info=n("计价单位"))
    hours: Mapped[str] = mapped_column(default="", info=n("可服务时间"))
    building_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("所在楼栋", ref="building"))
    from_on: Mapped[str | None] = mapped_column(default=None, info=n("起"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("止"))
    note: Mapped[str | None] = mapped_column(default=None, info=n("备注"))
    phone_agreed_on: Mapped[str | None] = mapped_column(default=None, info=n("同意公开电话"))
    phone_withdrawn_on: Mapped[str | None] = mapped_column(default=None, info=n("撤回公开电话"))


class ServiceOrder(Record):
    """服务单: what somebody asked for (居民点单), or what the organisation gives out (组织派单).

    `variant` is one of `rules.VARIANTS`; `colour` is a code of `seven_colours`; the service is wanted on `want_on`,
    from `from_time` to `to_time`.
    """

    __tablename__ = "service_order"
    __table_no__ = 56
    __zh__ = "服务单"
    __table_args__ = (
        Index("ix_service_order_received", "received_on"),
        Index("ix_service_order_person", "person_id"),
        Index("ix_service_order_no", "no"),
    )

    no: Mapped[str | None] = mapped_column(default=None, info=n("服务单编号"))
    variant: Mapped[str] = mapped_column(default="居民点单", info=n("方式"))
    colour: Mapped[str] = mapped_column(info=n("七色专长"))
    title: Mapped[str] = mapped_column(info=n("事项"))
    text: Mapped[str] = mapped_column(default="", info=n("内容"))
    received_at: Mapped[int] = mapped_column(BigInteger, info=n("点单时间"))
    received_on: Mapped[str] = mapped_column(info=n("点单日期"))
    want_on: Mapped[str | None] = mapped_column(default=None, info=n("服务日期"))
    from_time: Mapped[str | None] = mapped_column(default=None, info=n("开始时间"))
    to_time: Mapped[str | None] = mapped_column(default=None, info=n("结束时间"))
    person_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("居民", ref="person"))
    room_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("房屋", ref="room"))
    building_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("楼栋", ref="building"))
    requester_name: Mapped[str | None] = mapped_column(default=None, info=n("点单人"))
    requester_phone: Mapped[str | None] = mapped_column(default=None, info=n("点单人电话", mask="phone"))
    place: Mapped[str | None] = mapped_column(default=None, info=n("地点"))


class OrderEvent(Record):
    """服务单经过: one thing that was done about an order; what is written once never changes.

    `kind` is a word of `rules.MOVES`; `expects` is the last event its author saw; `minutes` those that were served.
    """

    __tablename__ = "order_event"
    __table_no__ = 57
    __zh__ = "服务单经过"
    __append_only__ = True
    __table_args__ = (Index("ix_order_event_order", "order_id"),)

    order_id: Mapped[str] = mapped_column(String(32), info=n("服务单", ref="service_order"))
    kind: Mapped[str] = mapped_column(info=n("动作"))
    at: Mapped[int] = mapped_column(BigInteger, info=n("记录时间"))
    on: Mapped[str] = mapped_column(info=n("日期"))
    by_name: Mapped[str] = mapped_column(info=n("经办人"))
    helper_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("志愿者", ref="helper"))
    to_whom: Mapped[str | None] = mapped_column(default=None, info=n("派给（接单）谁"))
    text: Mapped[str | None] = mapped_column(default=None, info=n("内容"))
    minutes: Mapped[int | None] = mapped_column(default=None, info=n("服务分钟"))
    satisfaction: Mapped[str | None] = mapped_column(default=None, info=n("评价"))
    why_none: Mapped[str | None] = mapped_column(default=None, info=n("没有评价的原因"))
    expects: Mapped[str | None] = mapped_column(String(32), default=None, info=n("上一条经过"))


class Wish(Record):
    """微心愿: a small thing somebody would like, up to a cost of `cost_cap_fen`.

    `alias` is what stands on the wall; `name` and `person_id` say who it is, and are on no paper that hangs out.
    """

    __tablename__ = "wish"
    __table_no__ = 58
    __zh__ = "微心愿"
    __table_args__ = (Index("ix_wish_received", "received_on"), Index("ix_wish_person", "person_id"))

    no: Mapped[str | None] = mapped_column(default=None, info=n("心愿编号"))
    alias: Mapped[str] = mapped_column(info=n("公开称呼"))
    kind: Mapped[str] = mapped_column(info=n("类别"))
    text: Mapped[str] = mapped_column(info=n("心愿"))
    cost_cap_fen: Mapped[int] = mapped_column(info=n("费用上限（分）"))
    received_at: Mapped[int] = mapped_column(BigInteger, info=n("征集时间"))
    received_on: Mapped[str] = mapped_column(info=n("征集日期"))
    expires_on: Mapped[str | None] = mapped_column(default=None, info=n("期限"))
    person_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("心愿人", ref="person"))
    name: Mapped[str | None] = mapped_column(default=None, info=n("心愿人姓名"))
    checked_by: Mapped[str | None] = mapped_column(default=None, info=n("核实人"))
    note: Mapped[str | None] = mapped_column(default=None, info=n("备注"))


class WishEvent(Record):
    """心愿经过: claimed, given back, fulfilled, thanked; what is written once never changes.

    `taker` is a person or a unit (`taker_kind`); `until` is for 延期; `expects` as in `OrderEvent`.
    """

    __tablename__ = "wish_event"
    __table_no__ = 59
    __zh__ = "心愿经过"
    __append_only__ = True
    __table_args__ = (Index("ix_wish_event_wish", "wish_id"),)

    wish_id: Mapped[str] = mapped_column(String(32), info=n("微心愿", ref="wish"))
    kind: Mapped[str] = mapped_column(info=n("动作"))
    at: Mapped[int] = mapped_column(BigInteger, info=n("记录时间"))
    on: Mapped[str] = mapped_column(info=n("日期"))
    by_name: Mapped[str] = mapped_column(info=n("经办人"))
    taker: Mapped[str | None] = mapped_column(default=None, info=n("认领人"))
    taker_kind: Mapped[str | None] = mapped_column(default=None, info=n("个人或单位"))
    taker_phone: Mapped[str | None] = mapped_column(default=None, info=n("认领人电话", mask="phone"))
    text: Mapped[str | None] = mapped_column(default=None, info=n("内容"))
    cost_fen: Mapped[int | None] = mapped_column(default=None, info=n("实际费用（分）"))
    until: Mapped[str | None] = mapped_column(default=None, info=n("延至"))
    expects: Mapped[str | None] = mapped_column(String(32), default=None, info=n("上一条经过"))


class Post(Record):
    """岗位: something to claim (服务岗位), or a place to stand (值守岗亭).

    `capacity` is how many it needs, at a place of duty in each shift; `slots` are the shifts of a day, 08:00-11:00
    with 、 between them.
    """

    __tablename__ = "post"
    __table_no__ = 60
    __zh__ = "岗位"

    kind: Mapped[str] = mapped_column(default="服务岗位", info=n("类别"))
    name: Mapped[str] = mapped_column(info=n("岗位名称"))
    duty: Mapped[str | None] = mapped_column(default=None, info=n("岗位内容"))
    colour: Mapped[str | None] = mapped_column(default=None, info=n("七色专长"))
    capacity: Mapped[int] = mapped_column(default=1, info=n("需要人数"))
    slots: Mapped[str] = mapped_column(default="", info=n("班次"))
    building_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("楼栋", ref="building"))
    place: Mapped[str | None] = mapped_column(default=None, info=n("地点"))
    from_on: Mapped[str | None] = mapped_column(default=None, info=n("起"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("止"))
    note: Mapped[str | None] = mapped_column(default=None, info=n("备注"))


class Registration(Record):
    """报到: a member, a courier, a driver … who reported in where they live or work.

    `kind` is a name of `registration_kinds`, `role` a code of `roles` (the five of 流动网格员 for couriers); `colours`
    as of a `Helper`, which `helper_id` names once the person takes orders.
    """

    __tablename__ = "registration"
    __table_no__ = 61
    __zh__ = "报到"
    __table_args__ = (Index("ix_registration_person", "person_id"), Index("ix_registration_on", "on"))

    no: Mapped[str | None] = mapped_column(default=None, info=n("报到编号"))
    on: Mapped[str] = mapped_column(info=n("报到日期"))
    kind: Mapped[str] = mapped_column(info=n("类别"))
    person_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("居民", ref="person"))
    name: Mapped[str] = mapped_column(info=n("姓名"))
    phone: Mapped[str | None] = mapped_column(default=None, info=n("电话", mask="phone"))
    unit: Mapped[str | None] = mapped_column(default=None, info=n("单位（网点）"))
    unit_post: Mapped[str | None] = mapped_column(default=None, info=n("职务（工种）"))
    branch: Mapped[str | None] = mapped_column(default=None, info=n("所在党组织"))
    role: Mapped[str | None] = mapped_column(default=None, info=n("担任角色"))
    colours: Mapped[str] = mapped_column(default="", info=n("七色专长"))
    hours: Mapped[str] = mapped_column(default="", info=n("可服务时间"))
    building_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("居住楼栋", ref="building"))
    helper_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("志愿者", ref="helper"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("止"))
    note: Mapped[str | None] = mapped_column(default=None, info=n("备注"))


class RegistrationClaim(Record):
    """认领: what somebody who reported in took on: 认岗位, 认事项, 认亲戚, 创 (`claim_kinds`)."""

    __tablename__ = "registration_claim"
    __table_no__ = 62
    __zh__ = "报到认领"
    __table_args__ = (
        Index("ix_registration_claim_registration", "registration_id"),
        Index("ix_registration_claim_post", "post_id"),
    )

    registration_id: Mapped[str] = mapped_column(String(32), info=n("报到", ref="registration"))
    kind: Mapped[str] = mapped_column(info=n("认领类别"))
    on: Mapped[str] = mapped_column(info=n("认领日期"))
    post_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("岗位", ref="post"))
    household_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("结对户", ref="household"))
    text: Mapped[str] = mapped_column(default="", info=n("认领内容"))
    done_on: Mapped[str | None] = mapped_column(default=None, info=n("完成日期"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("止"))
    note: Mapped[str | None] = mapped_column(default=None, info=n("备注"))


class Shift(Record):
    """值守班次: one place in one shift at a post, and who is to stand there as planned; swaps are events.

    With `to_time` not later than `from_time` (22:00-06:00) it ends on the day after.
    Who stands there in the end, when they came and went, and who did not come is folded (`duty_rules.fold`).
    """

    __tablename__ = "shift"
    __table_no__ = 63
    __zh__ = "值守班次"
    __table_args__ = (Index("ix_shift_on", "on", "post_id"), Index("ix_shift_helper", "helper_id", "on"))

    post_id: Mapped[str] = mapped_column(String(32), info=n("岗亭", ref="post"))
    on: Mapped[str] = mapped_column(info=n("日期"))
    from_time: Mapped[str] = mapped_column(info=n("开始时间"))
    to_time: Mapped[str] = mapped_column(info=n("结束时间"))
    seat: Mapped[int] = mapped_column(default=1, info=n("位次"))
    helper_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("排定的人", ref="helper"))


class ShiftEvent(Record):
    """值守经过: 签到 签退 换班 请假 …; what is written once never changes.

    `kind` is a word of `duty_rules.KINDS`; `time` is one of the shift's day, 30:05 for 06:05 of the day after a night;
    `other_id` is the shift asked for in a swap; a leave (请假) has no shift but
    a helper and days; `expects` is the event that is answered.
    """

    __tablename__ = "shift_event"
    __table_no__ = 64
    __zh__ = "值守经过"
    __append_only__ = True
    __table_args__ = (
        Index("ix_shift_event_shift", "shift_id"),
        Index("ix_shift_event_other", "other_id"),
        Index("ix_shift_event_helper", "helper_id", "kind"),
    )

    kind: Mapped[str] = mapped_column(info=n("动作"))
    at: Mapped[int] = mapped_column(BigInteger, info=n("记录时间"))
    by_name: Mapped[str] = mapped_column(info=n("经办人"))
    shift_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("班次", ref="shift"))
    other_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("换来的班次", ref="shift"))
    helper_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("志愿者", ref="helper"))
    time: Mapped[str | None] = mapped_column(default=None, info=n("时间"))
    from_on: Mapped[str | None] = mapped_column(default=None, info=n("起"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("止"))
    text: Mapped[str | None] = mapped_column(default=None, info=n("内容"))
    expects: Mapped[str | None] = mapped_column(String(32), default=None, info=n("答复的那一条"))


order_state = Table(
    "order_state",
    Base.metadata,
    Column("order_id", String(32), primary_key=True),
    Column("received_on", String, nullable=False),
    Column("want_on", String),
    Column("from_time", String),
    Column("to_time", String),
    Column("phase", String, nullable=False),
    Column("helper_id", String(32)),
    Column("to_whom", String),
    Column("sent_on", String),
    Column("finished_on", String),
    Column("minutes", Integer, nullable=False, server_default=text("0")),
    Column("satisfaction", String),
    Column("why_none", String),
    Column("returned", Integer, nullable=False, server_default=text("0")),
    Column("stale", Integer, nullable=False, server_default=text("0")),
    Index("ix_order_state_received", "received_on", "order_id"),
    Index("ix_order_state_phase", "phase", "received_on"),
    Index("ix_order_state_helper", "helper_id", "phase", "want_on", "finished_on", "minutes"),
)
"""Where each order stands, folded beforehand: of this desk alone, made anew from the events whenever they change."""

order_stale = Table(
    "order_stale",
    Base.metadata,
    Column("order_id", String(32), primary_key=True),
    sqlite_with_rowid=False,
)
"""Orders whose line in `order_state` has to be made anew; filled by triggers, so that nothing goes around it."""
