"""The paired trees 双线五级, people in posts, party-centre households, who answers for whom."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.base import Record
from desktop_app.store.base import note as n


class OrgNode(Record):
    """组织节点 of one of two lines; `level` 1–5 pairs the lines, names of levels are data (`resources/profiles`).

    A body beside the lines (议事会, 业委会 …) is a node of the line 组织体 and level 0; `kind` is then a name of
    `body_kinds.toml`, `klass` one of the classes of that kind, `term_to` the end of its term.
    """

    __tablename__ = "org_node"
    __table_no__ = 13
    __zh__ = "组织"
    __table_args__ = (Index("ix_org_node_parent", "parent_id"),)

    line: Mapped[str] = mapped_column(info=n("条线"))
    level: Mapped[int] = mapped_column(info=n("层级"))
    kind: Mapped[str] = mapped_column(info=n("类型"))
    name: Mapped[str] = mapped_column(info=n("名称"))
    parent_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("上级组织", ref="org_node"))
    estate_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("小区", ref="estate"))
    building_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("楼栋", ref="building"))
    from_on: Mapped[str | None] = mapped_column(default=None, info=n("成立日期"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("撤销日期"))
    klass: Mapped[str | None] = mapped_column(default=None, info=n("分类"))
    term_to: Mapped[str | None] = mapped_column(default=None, info=n("任期届满"))
    filed_on: Mapped[str | None] = mapped_column(default=None, info=n("备案日期"))
    place: Mapped[str | None] = mapped_column(default=None, info=n("活动场所"))
    note: Mapped[str | None] = mapped_column(default=None, info=n("备注"))


class Seat(Record):
    """任职: a person in a post, dated; never a column on the person, since people hold many posts."""

    __tablename__ = "seat"
    __table_no__ = 14
    __zh__ = "任职"
    __table_args__ = (Index("ix_seat_node", "node_id"), Index("ix_seat_person", "person_id"))

    node_id: Mapped[str] = mapped_column(String(32), info=n("组织", ref="org_node"))
    role: Mapped[str] = mapped_column(info=n("职务"))
    person_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("居民", ref="person"))
    name: Mapped[str] = mapped_column(info=n("姓名"))
    phone: Mapped[str | None] = mapped_column(default=None, info=n("电话", mask="phone"))
    how: Mapped[str | None] = mapped_column(default=None, info=n("产生方式"))
    from_on: Mapped[str | None] = mapped_column(default=None, info=n("任职日期"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("卸任日期"))


class PartyMember(Record):
    """党员信息 of a resident."""

    __tablename__ = "party_member"
    __table_no__ = 15
    __zh__ = "党员信息"
    __table_args__ = (Index("ix_party_member_person", "person_id"),)

    person_id: Mapped[str] = mapped_column(String(32), info=n("居民", ref="person"))
    node_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("所在支部", ref="org_node"))
    kind: Mapped[str] = mapped_column(default="正式", info=n("党员类别"))
    category: Mapped[str | None] = mapped_column(default=None, info=n("身份"))
    joined_on: Mapped[str | None] = mapped_column(default=None, info=n("入党日期"))
    full_on: Mapped[str | None] = mapped_column(default=None, info=n("转正日期"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("转出日期"))


class PartyCentreHousehold(Record):
    """党员中心户: `span` is the span of buildings as written, `covers` the same as JSON.

    `covers`: `[{"building_id": …, "no": "3", "units": ["1"]}]`; no `units` means the whole building.
    """

    __tablename__ = "party_centre_household"
    __table_no__ = 16
    __zh__ = "党员中心户"
    __table_args__ = (
        Index("ix_party_centre_household_host", "host_id"),
        Index("ix_party_centre_household_room", "room_id"),
    )

    node_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("所属党支部", ref="org_node"))
    estate_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("小区", ref="estate"))
    host_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("户主（居民）", ref="person"))
    host_name: Mapped[str] = mapped_column(info=n("户主姓名"))
    room_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("房屋", ref="room"))
    span: Mapped[str | None] = mapped_column(default=None, info=n("联系楼栋"))
    covers: Mapped[str] = mapped_column(default="[]", info=n("联系范围"))
    plaque_no: Mapped[str | None] = mapped_column(default=None, info=n("牌匾编号"))
    phones: Mapped[str] = mapped_column(default="", info=n("联系电话", mask="phone"))
    services: Mapped[str | None] = mapped_column(default=None, info=n("服务内容"))
    from_on: Mapped[str | None] = mapped_column(default=None, info=n("挂牌时间"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("摘牌时间"))


class ContactAssignment(Record):
    """包联责任: who holds a slot of a contact scheme for an area, estate, building or household, dated."""

    __tablename__ = "contact_assignment"
    __table_no__ = 17
    __zh__ = "包联责任"
    __table_args__ = (Index("ix_contact_assignment_target", "target_kind", "target_id"),)

    scheme: Mapped[str] = mapped_column(info=n("包联机制"))
    slot: Mapped[str] = mapped_column(info=n("责任岗位"))
    target_kind: Mapped[str] = mapped_column(info=n("对象类别"))
    target_id: Mapped[str] = mapped_column(String(32), info=n("对象"))
    person_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("居民", ref="person"))
    name: Mapped[str] = mapped_column(info=n("姓名"))
    title: Mapped[str | None] = mapped_column(default=None, info=n("单位职务"))
    phone: Mapped[str | None] = mapped_column(default=None, info=n("电话", mask="phone"))
    from_on: Mapped[str | None] = mapped_column(default=None, info=n("起"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("止"))
