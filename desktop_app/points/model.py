"""Points and time kept like a savings bank: accounts, and entries that each move an amount from one to another.

No balance is in any column of theirs: it is folded from the entries (`folding`), the same at every desk, and over all
accounts it is always 0.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, text
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.base import Base, Record
from desktop_app.store.base import note as n


class PointsAccount(Record):
    """积分账户: whose points (分) or minutes (分钟) are kept; one of a kind for an owner.

    `kind` is a word of `rules.KINDS`; the owner is a resident, a household, or a helper who is no resident.  Those of
    the community (社区) are the other side of every deposit and of what is spent: 发放, 兑换.
    """

    __tablename__ = "points_account"
    __table_no__ = 85
    __zh__ = "积分账户"
    __table_args__ = (
        Index("ix_points_account_person", "person_id"),
        Index("ix_points_account_household", "household_id"),
        Index("ix_points_account_helper", "helper_id"),
    )

    kind: Mapped[str] = mapped_column(info=n("账户类别"))
    name: Mapped[str] = mapped_column(info=n("户名"))
    unit: Mapped[str] = mapped_column(info=n("计量单位"))
    person_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("居民", ref="person"))
    household_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("户", ref="household"))
    helper_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("志愿者", ref="helper"))
    opened_on: Mapped[str | None] = mapped_column(default=None, info=n("开户日期"))
    closed_on: Mapped[str | None] = mapped_column(default=None, info=n("销户日期"))
    note: Mapped[str | None] = mapped_column(default=None, info=n("备注"))


class PointsEntry(Record):
    """积分流水: an amount that goes from one account to another; what is written once never changes.

    One row is both sides, so that no half can be missing.  `kind` is a word of `rules.ENTRIES`; `amount` is above 0, in
    the unit of the accounts; `rule` is a code of `points_rules` and `rule_words` what it said then; `ref_type` and
    `ref_id` name the table and the record that it is given for, which is given for once; `reverses` is the entry that
    this one takes back, whose `ref_type` and `ref_id` it repeats.
    """

    __tablename__ = "points_entry"
    __table_no__ = 86
    __zh__ = "积分流水"
    __append_only__ = True
    __for_good__ = "1"
    __instead__ = "记错了请用“冲正”，原来的一笔和冲正的一笔都留在存折上。"
    __table_args__ = (
        # a balance is summed from these two alone
        Index("ix_points_entry_from", "from_account_id", "sync_del", "amount", "on"),
        Index("ix_points_entry_to", "to_account_id", "sync_del", "amount", "on"),
        Index("ix_points_entry_ref", "ref_id", "ref_type"),
        Index("ix_points_entry_reverses", "reverses"),
        Index("ix_points_entry_voucher", "voucher_no"),
    )

    kind: Mapped[str] = mapped_column(info=n("收支类别"))
    from_account_id: Mapped[str] = mapped_column(String(32), info=n("付出账户", ref="points_account"))
    to_account_id: Mapped[str] = mapped_column(String(32), info=n("收入账户", ref="points_account"))
    amount: Mapped[int] = mapped_column(info=n("数量"))
    at: Mapped[int] = mapped_column(BigInteger, info=n("记录时间"))
    on: Mapped[str] = mapped_column(info=n("日期"))
    by_name: Mapped[str] = mapped_column(info=n("经办人"))
    text: Mapped[str | None] = mapped_column(default=None, info=n("服务事项"))
    rule: Mapped[str | None] = mapped_column(default=None, info=n("积分规则"))
    rule_words: Mapped[str | None] = mapped_column(default=None, info=n("当时的规则"))
    ref_type: Mapped[str | None] = mapped_column(default=None, info=n("凭据类别"))
    ref_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("凭据"))
    attest1: Mapped[str | None] = mapped_column(default=None, info=n("审核人一"))
    attest2: Mapped[str | None] = mapped_column(default=None, info=n("审核人二"))
    reverses: Mapped[str | None] = mapped_column(String(32), default=None, info=n("冲正的一笔", ref="points_entry"))
    voucher_no: Mapped[str | None] = mapped_column(default=None, info=n("凭证编号"))


points_account_state = Table(
    "points_account_state",
    Base.metadata,
    Column("points_account_id", String(32), primary_key=True),
    Column("balance", Integer, nullable=False),
    Column("came", Integer, nullable=False),
    Column("went", Integer, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("last_on", String),
    Column("void", Integer, nullable=False, server_default=text("0")),
    Column("first_on", String),
    Index("ix_points_account_state_balance", "balance"),
)
"""What is in each account, folded beforehand: of this desk alone, made anew from the entries whenever they change."""

points_account_stale = Table(
    "points_account_stale",
    Base.metadata,
    Column("points_account_id", String(32), primary_key=True),
    sqlite_with_rowid=False,
)
"""Accounts whose line in `points_account_state` has to be made anew; filled by triggers."""

points_joined = Table(
    "points_joined",
    Base.metadata,
    Column("account_id", String(32), primary_key=True),
    Column("head_id", String(32), nullable=False),
    Index("ix_points_joined_head", "head_id"),
    sqlite_with_rowid=False,
)
"""Accounts that are one with another, whose line in `points_account_state` is for all of them: see `joining`."""

points_void = Table(
    "points_void",
    Base.metadata,
    Column("entry_id", String(32), primary_key=True),
    Column("because_of", String(32), nullable=False),
    Column("why", String, nullable=False),
    sqlite_with_rowid=False,
)
"""Entries that count for nothing, since another desk was first: of this desk alone, folded like the balances."""
