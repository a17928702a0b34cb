"""Units that work with the community: what they promise, offer, take on and do.  Days are ISO text, instants UTC ms."""

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.base import Record
from desktop_app.store.base import note as n


class PartnerUnit(Record):
    """驻区单位: a body in or near the community; `kind` is a name of `resources/codes/partner_kinds.toml`.

    `uscc` is the 统一社会信用代码 (GB 32100-2015); `party_org` the Party organisation of the unit, as written.
    """

    __tablename__ = "partner_unit"
    __table_no__ = 65
    __zh__ = "共建单位"

    name: Mapped[str] = mapped_column(info=n("单位名称"))
    kind: Mapped[str] = mapped_column(default="其他", info=n("单位类型"))
    uscc: Mapped[str | None] = mapped_column(default=None, info=n("统一社会信用代码"))
    party_org: Mapped[str | None] = mapped_column(default=None, info=n("党组织"))
    head: Mapped[str | None] = mapped_column(default=None, info=n("负责人"))
    contact: Mapped[str | None] = mapped_column(default=None, info=n("联络员"))
    phone: Mapped[str | None] = mapped_column(default=None, info=n("联系电话", mask="phone"))
    address: Mapped[str | None] = mapped_column(default=None, info=n("地址"))
    colours: Mapped[str] = mapped_column(default="", info=n("擅长（七色）"))
    from_on: Mapped[str | None] = mapped_column(default=None, info=n("共建起始"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("共建结束"))
    note: Mapped[str | None] = mapped_column(default=None, info=n("备注"))


class PartTimeMember(Record):
    """兼职委员 and others of an enlarged Party committee, dated; `role` is a name of `committee_roles.toml`."""

    __tablename__ = "part_time_member"
    __table_no__ = 66
    __zh__ = "兼职委员"
    __table_args__ = (Index("ix_part_time_member_unit", "unit_id"), Index("ix_part_time_member_person", "person_id"))

    body: Mapped[str] = mapped_column(default="社区大党委", info=n("任职组织"))
    role: Mapped[str] = mapped_column(default="兼职委员", info=n("职务"))
    name: Mapped[str] = mapped_column(info=n("姓名"))
    person_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("居民", ref="person"))
    unit_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("单位", ref="partner_unit"))
    post: Mapped[str | None] = mapped_column(default=None, info=n("单位职务"))
    source: Mapped[str | None] = mapped_column(default=None, info=n("来源"))
    phone: Mapped[str | None] = mapped_column(default=None, info=n("电话", mask="phone"))
    letter_no: Mapped[str | None] = mapped_column(default=None, info=n("聘书编号"))
    from_on: Mapped[str] = mapped_column(info=n("聘期起"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("聘期止"))
    left_on: Mapped[str | None] = mapped_column(default=None, info=n("离任日期"))


class Agreement(Record):
    """共建协议 of a year with a unit; not signed yet while `signed_on` is empty."""

    __tablename__ = "agreement"
    __table_no__ = 67
    __zh__ = "共建协议"
    __table_args__ = (Index("ix_agreement_unit", "unit_id"),)

    no: Mapped[str | None] = mapped_column(default=None, info=n("协议编号"))
    unit_id: Mapped[str] = mapped_column(String(32), info=n("单位", ref="partner_unit"))
    year: Mapped[int] = mapped_column(info=n("年度"))
    goals: Mapped[str] = mapped_column(default="", info=n("共建目标"))
    from_on: Mapped[str] = mapped_column(info=n("起"))
    expires_on: Mapped[str] = mapped_column(info=n("止"))
    signed_on: Mapped[str | None] = mapped_column(default=None, info=n("签订日期"))
    our_signer: Mapped[str | None] = mapped_column(default=None, info=n("社区代表"))
    their_signer: Mapped[str | None] = mapped_column(default=None, info=n("单位代表"))
    ended_on: Mapped[str | None] = mapped_column(default=None, info=n("终止日期"))
    ended_why: Mapped[str | None] = mapped_column(default=None, info=n("终止原因"))


class AgreementItem(Record):
    """协议事项: what one side promised until a day; `side` is 单位, 社区 or 双方."""

    __tablename__ = "agreement_item"
    __table_no__ = 68
    __zh__ = "协议事项"
    __table_args__ = (Index("ix_agreement_item_agreement", "agreement_id"),)

    agreement_id: Mapped[str] = mapped_column(String(32), info=n("共建协议", ref="agreement"))
    seq: Mapped[int] = mapped_column(info=n("序号"))
    side: Mapped[str] = mapped_column(default="单位", info=n("承担方"))
    text: Mapped[str] = mapped_column(info=n("事项"))
    due_on: Mapped[str | None] = mapped_column(default=None, info=n("完成时限"))
    times: Mapped[int] = mapped_column(default=1, info=n("次数"))
    done_times: Mapped[int] = mapped_column(default=0, info=n("已完成次数"))
    done_on: Mapped[str | None] = mapped_column(default=None, info=n("完成日期"))
    result: Mapped[str | None] = mapped_column(default=None, info=n("完成情况"))


class ListItem(Record):
    """清单条目: a need, a resource, a project …; `list_type` is a code of the town profile's lists.

    Without `unit_id` it is the community's.  `quantity` 0: as many as wish may take it.
    """

    __tablename__ = "list_item"
    __table_no__ = 69
    __zh__ = "清单条目"
    __table_args__ = (Index("ix_list_item_type", "list_type", "from_on"), Index("ix_list_item_unit", "unit_id"))

    no: Mapped[str | None] = mapped_column(default=None, info=n("条目编号"))
    list_type: Mapped[str] = mapped_column(info=n("清单"))
    title: Mapped[str] = mapped_column(info=n("名称"))
    text: Mapped[str] = mapped_column(default="", info=n("内容"))
    colour: Mapped[str | None] = mapped_column(default=None, info=n("类别（七色）"))
    quantity: Mapped[int] = mapped_column(default=1, info=n("数量"))
    unit_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("提供单位", ref="partner_unit"))
    contact: Mapped[str | None] = mapped_column(default=None, info=n("联系人"))
    phone: Mapped[str | None] = mapped_column(default=None, info=n("联系电话", mask="phone"))
    appeal_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("诉求", ref="appeal"))
    from_on: Mapped[str] = mapped_column(info=n("发布日期"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("有效期至"))
    withdrawn_on: Mapped[str | None] = mapped_column(default=None, info=n("撤回日期"))
    withdrawn_why: Mapped[str | None] = mapped_column(default=None, info=n("撤回原因"))


class Claim(Record):
    """认领: a unit, or the community (`unit_id` empty), takes on an item; how it goes stands in its events."""

    __tablename__ = "claim"
    __table_no__ = 70
    __zh__ = "认领"
    __table_args__ = (Index("ix_claim_item", "item_id"), Index("ix_claim_unit", "unit_id"))

    item_id: Mapped[str] = mapped_column(String(32), info=n("清单条目", ref="list_item"))
    unit_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("认领单位", ref="partner_unit"))
    member_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("兼职委员", ref="part_time_member"))
    meets_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("对接条目", ref="list_item"))
    taker: Mapped[str] = mapped_column(info=n("责任人"))
    promise: Mapped[str] = mapped_column(default="", info=n("承诺内容"))
    quantity: Mapped[int] = mapped_column(default=1, info=n("认领数量"))
    on: Mapped[str] = mapped_column(info=n("认领日期"))
    due_on: Mapped[str | None] = mapped_column(default=None, info=n("完成时限"))


class ClaimEvent(Record):
    """认领经过: one thing that happened with a claim; `kind` is a word of `rules.STEPS`; never changes."""

    __tablename__ = "claim_event"
    __table_no__ = 71
    __zh__ = "认领经过"
    __append_only__ = True
    __table_args__ = (Index("ix_claim_event_claim", "claim_id"),)

    claim_id: Mapped[str] = mapped_column(String(32), info=n("认领", ref="claim"))
    kind: Mapped[str] = mapped_column(info=n("动作"))
    at: Mapped[int] = mapped_column(BigInteger, info=n("记录时间"))
    on: Mapped[str] = mapped_column(info=n("日期"))
    by_name: Mapped[str] = mapped_column(info=n("经办人"))
    text: Mapped[str | None] = mapped_column(default=None, info=n("内容"))
    satisfaction: Mapped[str | None] = mapped_column(default=None, info=n("评价"))


class Venue(Record):
    """阵地、场地 that is shared; `open_hours` as written."""

    __tablename__ = "venue"
    __table_no__ = 72
    __zh__ = "场地"

    name: Mapped[str] = mapped_column(info=n("场地名称"))
    unit_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("所属单位", ref="partner_unit"))
    address: Mapped[str | None] = mapped_column(default=None, info=n("地址"))
    area_m2: Mapped[float | None] = mapped_column(default=None, info=n("面积（平方米）"))
    seats: Mapped[int | None] = mapped_column(default=None, info=n("容纳人数"))
    open_hours: Mapped[str | None] = mapped_column(default=None, info=n("开放时间"))
    contact: Mapped[str | None] = mapped_column(default=None, info=n("联系人"))
    phone: Mapped[str | None] = mapped_column(default=None, info=n("联系电话", mask="phone"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("停用日期"))


class Booking(Record):
    """场地预约; `starts_at` and `ends_at` are local `YYYY-MM-DD HH:MM`, the end excluded; `made_at` decides a clash."""

    __tablename__ = "booking"
    __table_no__ = 73
    __zh__ = "场地预约"
    __table_args__ = (Index("ix_booking_venue", "venue_id", "starts_at"),)

    venue_id: Mapped[str] = mapped_column(String(32), info=n("场地", ref="venue"))
    starts_at: Mapped[str] = mapped_column(info=n("开始"))
    ends_at: Mapped[str] = mapped_column(info=n("结束"))
    made_at: Mapped[int] = mapped_column(BigInteger, info=n("登记时间"))
    by_name: Mapped[str] = mapped_column(info=n("预约人"))
    phone: Mapped[str | None] = mapped_column(default=None, info=n("电话", mask="phone"))
    unit_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("单位", ref="partner_unit"))
    purpose: Mapped[str] = mapped_column(info=n("用途"))
    persons: Mapped[int | None] = mapped_column(default=None, info=n("人数"))
    cancelled_on: Mapped[str | None] = mapped_column(default=None, info=n("取消日期"))
    cancelled_why: Mapped[str | None] = mapped_column(default=None, info=n("取消原因"))


class Activity(Record):
    """共驻共建活动; `kind` is a name of `activity_kinds.toml`, 社区工作日 among them; done once `result` is told."""

    __tablename__ = "activity"
    __table_no__ = 74
    __zh__ = "共建活动"
    __table_args__ = (Index("ix_activity_on", "on"),)

    kind: Mapped[str] = mapped_column(default="共建活动", info=n("活动类型"))
    title: Mapped[str] = mapped_column(info=n("活动名称"))
    on: Mapped[str] = mapped_column(info=n("日期"))
    hours: Mapped[str | None] = mapped_column(default=None, info=n("时间"))
    place: Mapped[str | None] = mapped_column(default=None, info=n("地点"))
    venue_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("场地", ref="venue"))
    lead: Mapped[str | None] = mapped_column(default=None, info=n("负责人"))
    text: Mapped[str] = mapped_column(default="", info=n("内容"))
    served: Mapped[int | None] = mapped_column(default=None, info=n("服务人次"))
    result: Mapped[str | None] = mapped_column(default=None, info=n("活动情况"))
    cancelled_on: Mapped[str | None] = mapped_column(default=None, info=n("取消日期"))


class SignIn(Record):
    """活动签到: who came for which unit, and for how many minutes."""

    __tablename__ = "sign_in"
    __table_no__ = 75
    __zh__ = "活动签到"
    __table_args__ = (
        Index("ix_sign_in_activity", "activity_id"),
        Index("ix_sign_in_unit", "unit_id"),
        Index("ix_sign_in_person", "person_id"),
    )

    activity_id: Mapped[str] = mapped_column(String(32), info=n("共建活动", ref="activity"))
    name: Mapped[str] = mapped_column(info=n("姓名"))
    person_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("居民", ref="person"))
    unit_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("单位", ref="partner_unit"))
    minutes: Mapped[int] = mapped_column(default=0, info=n("服务分钟"))


class UnitReview(Record):
    """单位评议 of a year; `facts` is JSON of the counts it rests on, as they were on that day."""

    __tablename__ = "unit_review"
    __table_no__ = 76
    __zh__ = "单位评议"
    __table_args__ = (Index("ix_unit_review_unit", "unit_id", "year"),)

    unit_id: Mapped[str] = mapped_column(String(32), info=n("单位", ref="partner_unit"))
    year: Mapped[int] = mapped_column(info=n("年度"))
    facts: Mapped[str] = mapped_column(info=n("履职事实"))
    score: Mapped[int] = mapped_column(info=n("得分"))
    grade: Mapped[str] = mapped_column(info=n("等次"))
    opinion: Mapped[str] = mapped_column(default="", info=n("评议意见"))
    on: Mapped[str] = mapped_column(info=n("评议日期"))
    by_name: Mapped[str] = mapped_column(info=n("评议人"))
