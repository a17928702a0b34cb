"""What one may do with accounts: open one for an owner, say something about it, close it when it is empty."""

from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.orders.model import Helper
from desktop_app.places.rules import address
from desktop_app.points import joining, rules
from desktop_app.points.balances import renew
from desktop_app.points.model import PointsAccount
from desktop_app.points.writing import stood_up
from desktop_app.residents.model import Household, Person
from desktop_app.shared.errors import AppError
from desktop_app.shared.fields import filled, must_be_past
from desktop_app.shared.ids import named_id
from desktop_app.store.database import Database, Transaction

_HOME: Final = (
    "SELECT e.name,b.no,r.unit,r.no FROM household h JOIN room r ON r.id=h.room_id "
    "JOIN building b ON b.id=r.building_id LEFT JOIN estate e ON e.id=b.estate_id WHERE h.id=?"
)
_OWNERS: Final = ("person_id", "household_id", "helper_id")
_OF: Final = {rules.MEMBER: ("person_id",), rules.TIME: ("person_id", "helper_id"), rules.FAMILY: ("household_id",)}
"""Who may own an account of a kind."""


@needs("points.change")
def open_account(
    db: Database,
    actor: Actor,
    kind: str,
    *,
    person_id: str = "",
    household_id: str = "",
    helper_id: str = "",
    name: str = "",
    on: str = "",
    note: str = "",
) -> PointsAccount:
    """Opens an account of a kind for its owner, exactly one of the three; one that was closed is opened again.

    党员积分 for a resident, 志愿时间 for a resident or a helper who is none, 家庭积分 for a household (called
    by its home, not by a name, unless told).  AppError where the owner is gone, or has one already.
    """
    on = on or db.clock.today().isoformat()
    must_be_past(db.clock.today(), on, "开户日期", "opened_on")
    with db.transaction(actor, f"开立{kind}账户") as tx:
        owner = {"person_id": person_id, "household_id": household_id, "helper_id": helper_id}
        there = living_account(tx, kind, **owner)
        if there:
            raise AppError(
                f"{there.name}已经有{kind}账户，没有重复开户。", field="owner", next_step="请直接用原来的账户。"
            )
        return opened(tx, kind, owner, name=name, on=on, note=note)


def living_account(tx: Transaction, kind: str, **owner: str) -> PointsAccount | None:
    """The account of a kind an owner has, not a closed one, of several the one that stands for them; or None."""
    told = owner_of(tx, kind, owner)
    column, value = next((name, value) for name, value in told.items() if value)
    sql = f"SELECT id FROM points_account WHERE {column}=? AND kind=? AND sync_del=0 AND closed_on IS NULL ORDER BY id"
    return tx.get(PointsAccount, tx.scalar(sql, (value, kind)))


def opened(
    tx: Transaction, kind: str, owner: dict[str, str], *, name: str = "", on: str = "", note: str = ""
) -> PointsAccount:
    """As `open_account` inside another action: every desk derives the same identifier, so that none is made twice.

    Without a day, it counts as opened on the day of its first entry, whichever desk that comes from.
    """
    told = owner_of(tx, kind, owner)
    key = named_id("points_account", tx.db.setting("community") or "", kind, next(filter(None, told.values())))
    label = " ".join(name.split()) or _called(tx, told)
    account = PointsAccount(
        id=key,
        kind=kind,
        name=label,
        unit=rules.UNIT[kind],
        person_id=told["person_id"] or None,
        household_id=told["household_id"] or None,
        helper_id=told["helper_id"] or None,
        opened_on=on or None,
        note=note.strip() or None,
    )
    if not tx.scalar("SELECT 1 FROM points_account WHERE id=?", (key,)):
        return tx.add(account)
    return stood_up(tx, account)


def owner_of(tx: Transaction, kind: str, owner: dict[str, str]) -> dict[str, str]:
    """The owner, by the one column that says who it is: a helper who is a resident is meant as one.

    AppError for a kind nobody can have, for none or several owners, and for one of another kind.
    """
    if kind not in rules.OWNED:
        raise AppError(
            f"没有“{kind}”这种账户，没有开户。", field="kind", next_step=f"可以是：{'、'.join(rules.OWNED)}。"
        )
    told = {name: owner.get(name) or "" for name in _OWNERS}
    if told["helper_id"] and not told["person_id"]:
        resident = tx.scalar("SELECT person_id FROM helper WHERE id=? AND sync_del=0", (told["helper_id"],))
        if resident:
            told |= {"person_id": str(resident), "helper_id": ""}
    given = [name for name, value in told.items() if value]
    if len(given) != 1 or given[0] not in _OF[kind]:
        who = "一户人家" if kind == rules.FAMILY else "一个人"
        raise AppError(f"{kind}账户要属于{who}，没有开户。", field="owner", next_step="请选一个户主人，再保存。")
    return told


def home_of(source: Database | Transaction, household_id: str) -> str:
    """Where a household lives."""
    row = next(iter(source.rows(_HOME, (household_id,))), None)
    return address(*row) if row else "住址不详的户"


def _called(tx: Transaction, told: dict[str, str]) -> str:
    """What an account is called by its owner; AppError for one who is gone."""
    if told["household_id"]:
        tx.need(Household, told["household_id"])
        return home_of(tx, told["household_id"])
    if told["helper_id"]:
        return tx.need(Helper, told["helper_id"]).name
    person = tx.need(Person, told["person_id"])
    if person.deceased_on or person.left_on:
        raise AppError(f"{person.name}已不在本社区，没有开户。", field="owner", next_step="请核对是不是这一位。")
    return person.name


@needs("points.change")
def change_account(db: Database, actor: Actor, account_id: str, **changes: Any) -> PointsAccount:
    """Changes what an account is called, or what is noted about it; nothing else of one can be changed."""
    if strange := changes.keys() - {"name", "note"}:
        raise AppError("账户只能改户名和备注，没有改动。", field=min(strange), next_step="要换主人请另开账户，转过去。")
    if "name" in changes:
        changes["name"] = filled(changes["name"], "name", "户名")
    with db.transaction(actor, "修改积分账户") as tx:
        return tx.change(PointsAccount, need_account(tx, account_id).id, **changes)


@needs("points.change")
def close_account(db: Database, actor: Actor, account_id: str, on: str = "", why: str = "") -> PointsAccount:
    """Closes an account that is empty; AppError where something is in it, or it is below zero."""
    on = on or db.clock.today().isoformat()
    must_be_past(db.clock.today(), on, "销户日期", "closed_on")
    with db.transaction(actor, "积分账户销户", why) as tx:
        account = need_account(tx, account_id)
        if left := balance_of(tx, account.id):
            said = rules.spoken(left, account.unit)
            raise AppError(
                f"{account.name}的账户里还有 {said}，没有销户。",
                field="closed_on",
                next_step="请先兑换或转给别人，结余为 0 时再销户。"
                if left > 0
                else "请先补齐或冲正，结余为 0 时再销户。",
            )
        for one in joining.members(tx, account.id):
            tx.change(PointsAccount, one, closed_on=on)
        return tx.need(PointsAccount, account.id)


def need_account(tx: Transaction, account_id: str) -> PointsAccount:
    """Somebody's account that is open, the one that stands for all that are one with it (`joining`).

    AppError for one that is closed, is the community's own or another unit's.
    """
    account = tx.need(PointsAccount, joining.head(tx, account_id))
    if account.kind == rules.COMMUNITY or account.scope:
        raise AppError("这不是本社区居民的账户，没有保存。", field="account", next_step="请另选一个账户。")
    if account.closed_on:
        raise AppError(
            f"{account.name}的账户已于 {account.closed_on} 销户，没有保存。",
            field="account",
            next_step="要接着用请重新开户，原来的流水都在。",
        )
    return account


def balance_of(tx: Transaction, account_id: str) -> int:
    """What is in an account now, folded anew."""
    renew(tx, [account_id])
    return int(tx.scalar("SELECT balance FROM points_account_state WHERE points_account_id=?", (account_id,)) or 0)
