"""Door bells of those who live alone, their alarms and tests, and who is paired with whom.  Dates are ISO text.

Moments are local text `2026-11-22 03:20`: what happened at night happened in the night of this place.
"""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.base import Record
from desktop_app.store.base import note as n


class DoorBell(Record):
    """爱心门铃 at the door of a household, for one of its members where `person_id` says so.

    `kind` is a name of `resources/codes/bell_kinds.toml`; `radius_m` metres within which responders are looked for,
    None for the radius of the community (`care_rules.toml`).  It stays with the room: who moves away leaves it behind.
    """

    __tablename__ = "door_bell"
    __table_no__ = 50
    __zh__ = "爱心门铃"
    __table_args__ = (
        Index("ix_door_bell_household", "household_id"),
        Index("ix_door_bell_person", "person_id"),
        Index("ix_door_bell_room", "room_id"),
    )

    household_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("户", ref="household"))
    room_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("房屋", ref="room"))
    person_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("使用人", ref="person"))
    kind: Mapped[str] = mapped_column(info=n("门铃类型"))
    place: Mapped[str | None] = mapped_column(default=None, info=n("安装位置"))
    device_no: Mapped[str | None] = mapped_column(default=None, info=n("设备编号"))
    radius_m: Mapped[int | None] = mapped_column(default=None, info=n("响应半径（米）"))
    installed_on: Mapped[str | None] = mapped_column(default=None, info=n("安装日期"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("拆除日期"))
    note: Mapped[str | None] = mapped_column(default=None, info=n("备注"))


class DoorBellEvent(Record):
    """门铃记录: an alarm, who came, a test, a fault, a repair; what is written once never changes.

    `kind` is a word of `rules.KINDS`, `at` the local moment it happened, `cause` a name of `bell_causes.toml`.
    """

    __tablename__ = "door_bell_event"
    __table_no__ = 51
    __zh__ = "门铃记录"
    __append_only__ = True
    __table_args__ = (Index("ix_door_bell_event_bell", "bell_id", "kind", "at", "sync_del"),)

    bell_id: Mapped[str] = mapped_column(String(32), info=n("爱心门铃", ref="door_bell"))
    kind: Mapped[str] = mapped_column(info=n("类型"))
    at: Mapped[str] = mapped_column(info=n("时间"))
    by_name: Mapped[str] = mapped_column(info=n("记录人"))
    who_came: Mapped[str | None] = mapped_column(default=None, info=n("到场人"))
    came_at: Mapped[str | None] = mapped_column(default=None, info=n("到场时间"))
    cause: Mapped[str | None] = mapped_column(default=None, info=n("原因"))
    text: Mapped[str | None] = mapped_column(default=None, info=n("情况"))


class CarePair(Record):
    """结对包保: a helper who looks after a resident or a whole household, every `interval_days` at the latest.

    `care_class` is a name of `tags.toml`; the interval joins those by which visits are due (`visit_interval`).
    """

    __tablename__ = "care_pair"
    __table_no__ = 52
    __zh__ = "结对包保"
    __table_args__ = (
        Index("ix_care_pair_household", "household_id"),
        Index("ix_care_pair_person", "person_id"),
        Index("ix_care_pair_helper", "helper_id"),
    )

    household_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("户", ref="household"))
    person_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("关爱对象", ref="person"))
    helper_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("结对人（居民）", ref="person"))
    helper_name: Mapped[str] = mapped_column(info=n("结对人"))
    helper_unit: Mapped[str | None] = mapped_column(default=None, info=n("结对人单位"))
    helper_phone: Mapped[str | None] = mapped_column(default=None, info=n("结对人电话", mask="phone"))
    care_class: Mapped[str | None] = mapped_column(default=None, info=n("关爱类别"))
    interval_days: Mapped[int | None] = mapped_column(default=None, info=n("走访间隔（天）"))
    from_on: Mapped[str | None] = mapped_column(default=None, info=n("起"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=n("止"))
    evidence: Mapped[str | None] = mapped_column(default=None, info=n("依据"))
    note: Mapped[str | None] = mapped_column(default=None, info=n("备注"))
