"""How an entry is written: both sides in one row, never before what its author had seen."""

from typing import Any, Final

from desktop_app.points import rules
from desktop_app.points.balances import renew, stale_of
from desktop_app.points.model import PointsAccount, PointsEntry
from desktop_app.profiles.desk import next_number
from desktop_app.shared.errors import AppError
from desktop_app.shared.fields import must_be_past
from desktop_app.shared.ids import named_id
from desktop_app.store.database import Database, Transaction

LONGEST: Final = 60
"""Characters that a line of a passbook holds."""
_TOLD: Final = ("kind", "name", "unit", "person_id", "household_id", "helper_id")
_OWNED: Final = "(SELECT id FROM points_account WHERE id IN (:payer,:payee) AND kind<>:community)"
_SEEN: Final = (
    f"SELECT max(at) FROM (SELECT max(at) AS at FROM points_entry WHERE from_account_id IN {_OWNED} "
    f"UNION ALL SELECT max(at) FROM points_entry WHERE to_account_id IN {_OWNED} "
    "UNION ALL SELECT max(at) FROM points_entry WHERE ref_id=:ref_id AND ref_type=:ref_type)"
)
"""When the last was written that this desk knows of, in somebody's account or for the same evidence."""
_ADD: Final = (
    "UPDATE points_account_state SET came=came+:came,went=went+:went,balance=balance+:came-:went,entries=entries+1,"
    "last_on=max(coalesce(last_on,:on),:on),first_on=min(coalesce(first_on,:on),:on) WHERE points_account_id=:id"
)
_COMMUNITY: Final = (
    "SELECT a.id FROM points_account a JOIN points_account_state s ON s.points_account_id=a.id "
    "WHERE a.id IN (?,?) AND a.kind=?"
)


def day(tx: Transaction, on: str) -> str:
    """The day told, today if blank; AppError for one to come."""
    if on:
        must_be_past(tx.db.clock.today(), on, "日期", "on")
    return on or tx.db.clock.today().isoformat()


def words(said: str, field: str = "text", zh: str = "服务事项") -> str:
    """What it was for, on one line; AppError, at the field it was typed in, for more than a passbook holds."""
    told = " ".join(said.split())
    if len(told) > LONGEST:
        raise AppError(f"{zh}超过 {LONGEST} 个字，存折上印不下，没有保存。", field=field, next_step="请写短一些。")
    return told


def must_be_sound(amount: int) -> None:
    """AppError for what no amount can be."""
    if not 0 < amount <= rules.MOST:
        raise AppError(f"数量要在 1 到 {rules.MOST} 之间，没有保存。", field="amount", next_step="请核对后再填。")


def voucher_no(tx: Transaction) -> str | None:
    """The next number of a voucher of this desk."""
    return next_number(tx, "points", ("points_entry", "voucher_no"))


def own_name(source: Database | Transaction) -> str:
    """What this community is called on its vouchers."""
    found = source.rows("SELECT a.name FROM area a JOIN setting s ON s.key='community' AND s.value=a.id")
    return str(found[0][0]) if found else "本社区"


def community_account(tx: Transaction, side: str, unit: str) -> str:
    """The community's own account of a side; every desk derives the same one, with nothing in it that could differ."""
    key = named_id("points_account", tx.db.setting("community") or "", rules.COMMUNITY, side, unit)
    account = PointsAccount(id=key, kind=rules.COMMUNITY, name=f"{side}（{unit}）", unit=unit)
    if not tx.scalar("SELECT 1 FROM points_account WHERE id=?", (key,)):
        tx.add(account)
    elif tx.get(PointsAccount, key) is None:
        stood_up(tx, account)
    return key


def stood_up(tx: Transaction, account: PointsAccount) -> PointsAccount:
    """The account that stands under this identifier, open and whole: it was closed, or taken back.

    What is left of one that was blanked has no content of its own.
    """
    told = {name: getattr(account, name) for name in _TOLD}
    listed = ",".join(f"{name}=:{name}" for name in told)
    sql = "UPDATE points_account SET sync_del=0,closed_on=NULL,opened_on=coalesce(opened_on,:since)," + listed
    tx.execute(f"{sql} WHERE id=:id", {**told, "since": account.opened_on, "id": account.id})
    return tx.need(PointsAccount, account.id)


def write(
    tx: Transaction, kind: str, payer: str, payee: str, amount: int, on: str, by_name: str = "", **more: Any
) -> PointsEntry:
    """Writes an entry and folds both accounts.

    Its stamp is later than all this desk has seen of them, whatever the clocks say: what takes an entry back, or is
    deposited anew after that, must not be judged as if it had come before.
    """
    sides = {"payer": payer, "payee": payee, "community": rules.COMMUNITY}
    seen = tx.scalar(_SEEN, {**sides, "ref_id": more.get("ref_id"), "ref_type": more.get("ref_type")})
    at = max(tx.db.clock.ms(), int(seen or 0) + 1)
    entry = PointsEntry(
        kind=kind, from_account_id=payer, to_account_id=payee, amount=amount, at=at, on=on,
        by_name=" ".join(by_name.split()) or tx.actor.name, **more,
    )  # fmt: skip
    _enter(tx, entry)
    return entry


def _enter(tx: Transaction, entry: PointsEntry) -> None:
    """Stores an entry and has it in the balances of both sides.

    The community's own accounts have as many entries as all others together: theirs are added to, not summed anew.
    What counts for nothing since is taken off by what notes it, as ever.
    """
    sides = (entry.from_account_id, entry.to_account_id)
    ours = {str(key) for (key,) in tx.rows(_COMMUNITY, (*sides, rules.COMMUNITY))} - stale_of(tx, sides)
    tx.add(entry)
    for key in ours:
        went = entry.amount if key == entry.from_account_id else 0
        tx.execute(_ADD, {"id": key, "came": entry.amount - went, "went": went, "on": entry.on})
        tx.execute("DELETE FROM points_account_stale WHERE points_account_id=?", (key,))
    renew(tx, [one for one in sides if one not in ours])
    renew(tx, stale_of(tx, ours))
