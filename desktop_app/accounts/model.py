"""Staff who work at the desk, and the accounts they sign in with."""

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.shared.actor import Actor
from desktop_app.store.base import Base, Record, note

__all__ = ["Account", "Actor", "Staff", "account_desk", "account_failure", "account_session"]


class Staff(Record):
    """工作人员: somebody in whose name records are made."""

    __tablename__ = "staff"
    __table_no__ = 1
    __zh__ = "工作人员"

    name: Mapped[str] = mapped_column(info=note("姓名"))
    post: Mapped[str | None] = mapped_column(default=None, info=note("岗位"))
    phone: Mapped[str | None] = mapped_column(default=None, info=note("电话", mask="phone"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=note("离岗日期"))


class Account(Record):
    """账号: how a member of staff signs in, and what for.  Goes to the desks of the community and nowhere else.

    `login` is the sign-in name, folded; `password` an Argon2id string in PHC format; `password_on` the day it was set;
    `earlier` a JSON list of the passwords before, newest first.  `roles` is a JSON list of role codes of
    `resources/codes/rights.toml`, `grids` a JSON list of areas of level 网格, the person's own; empty: the whole
    community.  `must_change`: somebody else chose the password.  No undo brings back a password or a role.
    """

    __tablename__ = "account"
    __table_no__ = 35
    __zh__ = "账号"
    __log__ = True

    staff_id: Mapped[str] = mapped_column(String(32), info=note("工作人员", ref="staff"))
    login: Mapped[str] = mapped_column(info=note("登录名"))
    password: Mapped[str] = mapped_column(repr=False, info=note("密码", mask="secret"))
    password_on: Mapped[str] = mapped_column(info=note("密码设置日期"))
    earlier: Mapped[str] = mapped_column(default="[]", repr=False, info=note("用过的密码", mask="secret"))
    must_change: Mapped[int] = mapped_column(default=0, info=note("须改密码"))
    roles: Mapped[str] = mapped_column(default="[]", info=note("角色"))
    grids: Mapped[str] = mapped_column(default="[]", info=note("负责网格"))
    to_on: Mapped[str | None] = mapped_column(default=None, info=note("停用日期"))


account_desk = Table(
    "account_desk",
    Base.metadata,
    Column("staff_id", String(32), primary_key=True),
    Column("password_at", BigInteger, nullable=False),
    Column("mark", String, nullable=False),
    Column("pin", Text),
    Column("pin_failures", Integer, nullable=False, server_default=text("0")),
)
"""Who signed in here with the password, when (UTC ms) and with which (a mark of it); the PIN for this desk alone."""

account_failure = Table(
    "account_failure",
    Base.metadata,
    Column("subject", String, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("locked_at", BigInteger),
)
"""Failed sign-ins in a row at this desk by a keyed hash of the sign-in name; last one and lock by `Clock.ticks`."""

account_session = Table(
    "account_session",
    Base.metadata,
    Column("token", String, primary_key=True),
    Column("staff_id", String(32), nullable=False),
    Column("mark", String, nullable=False),
    Column("at", BigInteger, nullable=False),
)
"""Sessions that the window opened for its child processes: the hash of the token, whose, since when (UTC ms)."""
