"""Persons, households, where they live, what they are.  Dates are ISO text and may be partial: `1950`, `1950-03`."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.base import Record
from desktop_app.store.base import note as n


class Person(Record):
    """居民.  `phones` holds numbers separated by blanks, the preferred one first.

    Religion and biometrics have no column on purpose (PIPL art. 5, 6, 28: only what is needed).
    """

    __tablename__ = "person"
    __table_no__ = 7
    __zh__ = "居民"
    __table_args__ = (Index("ix_person_id_no", "id_no"), Index("ix_person_name", "name"))

    name: Mapped[str] = mapped_column(info=n("姓名"))
    used_name: Mapped[str | None] = mapped_column(default=None, info=n("曾用名"))
    pinyin: Mapped[str | None] = mapped_column(default=None, info=n("姓名读音"))
    sex: Mapped[str | None] = mapped_column(default=None, info=n("性别"))
    birth: Mapped[str | None] = mapped_column(default=None, info=n("出生日期"))
    id_type: Mapped[str | None] = mapped_column(default=None, info=n("证件类型"))
    id_no: Mapped[str | None] = mapped_column(default=None, info=n("证件号码", mask="id_no"))
    ethnic: Mapped[str | None] = mapped_column(default=None, info=n("民族"))
    native_place: Mapped[str | None] = mapped_column(default=None, info=n("籍贯"))
    marital: Mapped[str | None] = mapped_column(default=None, info=n("婚姻状况"))
    political: Mapped[str | None] = mapped_column(default=None, info=n("政治面貌"))
    education: Mapped[str | None] = mapped_column(default=None, info=n("文化程度"))
    occupation: Mapped[str | None] = mapped_column(default=None, info=n("职业"))
    employer: Mapped[str | None] = mapped_column(default=None, info=n("工作单位"))
    phones: Mapped[str] = mapped_column(default="", info=n("联系电话", mask="phone"))
    hukou_address: Mapped[str | None] = mapped_column(default=None, info=n("户籍地址", mask="address"))
    live_address: Mapped[str | None] = mapped_column(default=None, info=n("现住址", mask="address"))
    deceased_on: Mapped[str | None] = mapped_column(default=None, info=n("死亡日期"))
    left_on: Mapped[str | None] = mapped_column(default=None, info=n("迁出日期"))
    source: Mapped[str] = mapped_column(default="手工", info=n("来源"))
    note: Mapped[str | None] = mapped_column(default=None, info=n("备注"))


class Household(Record):
    """户.  The head is a column here, not a mark on a member: two desks can then never make two heads."""

    __tablename__ = "household"
    __table_no__ = 8
    __zh__ = "户"
    __table_args__ = (
        Index("ix_household_room", "room_id"),
        Index("ix_household_head", "head_id"),
        Index("ix_household_no", "household_no"),
    )

    room_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("房屋", ref="room"))
    household_no: Mapped[str | None] = mapped_column(default=None, info=n("户编号"))
    hukou_no: Mapped[str | None] = mapped_column(default=None, info=n("户口簿号"))
    kind: Mapped[str] = mapped_column(default="家庭户", info=n("户类型"))
    head_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("户主", ref="person"))
    status: Mapped[str] = mapped_column(default="在住", info=n("状态"))
    from_on: Mapped[str | None] = mapped_column(default=None, info=n("起"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("止"))
    note: Mapped[str | None] = mapped_column(default=None, info=n("备注"))


class HouseholdMember(Record):
    """户成员: `relation` to the head, as written."""

    __tablename__ = "household_member"
    __table_no__ = 9
    __zh__ = "户成员"
    __table_args__ = (
        Index("ix_household_member_household", "household_id"),
        Index("ix_household_member_person", "person_id"),
    )

    household_id: Mapped[str] = mapped_column(String(32), info=n("户", ref="household"))
    person_id: Mapped[str] = mapped_column(String(32), info=n("居民", ref="person"))
    relation: Mapped[str | None] = mapped_column(default=None, info=n("与户主关系"))
    residing: Mapped[str | None] = mapped_column(default=None, info=n("在住情况"))
    from_on: Mapped[str | None] = mapped_column(default=None, info=n("起"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("止"))


class Residence(Record):
    """居住: a person in a room, dated.  A person has at most one that is open (`to_on` is None)."""

    __tablename__ = "residence"
    __table_no__ = 10
    __zh__ = "居住"
    __table_args__ = (Index("ix_residence_person", "person_id"), Index("ix_residence_room", "room_id"))

    person_id: Mapped[str] = mapped_column(String(32), info=n("居民", ref="person"))
    room_id: Mapped[str] = mapped_column(String(32), info=n("房屋", ref="room"))
    basis: Mapped[str | None] = mapped_column(default=None, info=n("居住方式"))
    from_on: Mapped[str | None] = mapped_column(default=None, info=n("起"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("止"))


class PersonTag(Record):
    """居民标签, dated and with evidence; `tag` is the name or code of `resources/codes/tags.toml`, or a local word."""

    __tablename__ = "person_tag"
    __table_no__ = 11
    __zh__ = "居民标签"
    __table_args__ = (Index("ix_person_tag_person", "person_id"), Index("ix_person_tag_tag", "tag"))

    person_id: Mapped[str] = mapped_column(String(32), info=n("居民", ref="person"))
    tag: Mapped[str] = mapped_column(info=n("标签"))
    detail: Mapped[str | None] = mapped_column(default=None, info=n("说明"))
    from_on: Mapped[str | None] = mapped_column(default=None, info=n("起"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("止"))
    evidence: Mapped[str | None] = mapped_column(default=None, info=n("依据"))


class PersonEvent(Record):
    """人员变动 (append-only): 迁入, 迁出, 搬离, 死亡, 返回 …; rebuilds the register of any past day."""

    __tablename__ = "person_event"
    __table_no__ = 12
    __zh__ = "人员变动"
    __append_only__ = True
    __table_args__ = (Index("ix_person_event_person", "person_id"),)

    person_id: Mapped[str] = mapped_column(String(32), info=n("居民", ref="person"))
    kind: Mapped[str] = mapped_column(info=n("类型"))
    on: Mapped[str] = mapped_column(info=n("日期"))
    room_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("房屋", ref="room"))
    text: Mapped[str | None] = mapped_column(default=None, info=n("说明"))


class DuplicateVerdict(Record):
    """重复核对结论: what somebody found about two alike residents; `a_id` sorts before `b_id`.

    不是同一人, or 已合并: then `a_id` stayed and `b_id` went, which whoever erases the one has to know of the other.
    """

    __tablename__ = "duplicate_verdict"
    __table_no__ = 28
    __zh__ = "重复核对结论"
    __table_args__ = (Index("ix_duplicate_verdict_a", "a_id"),)

    a_id: Mapped[str] = mapped_column(String(32), info=n("居民甲", ref="person"))
    b_id: Mapped[str] = mapped_column(String(32), info=n("居民乙", ref="person"))
    why: Mapped[str | None] = mapped_column(default=None, info=n("理由"))
    verdict: Mapped[str] = mapped_column(default="不是同一人", info=n("结论"))
