"""Accounts that a desk made by itself before it joined its community.

They do not travel before this desk has heard everything the community has.  Has the community people who sign in, the
accounts of this desk end, and whoever works here is given one by its administrators; else they are its first.
What was recorded in their names stays and goes along: it belongs to the staff, not to the accounts.
"""

from typing import Final

from desktop_app.accounts.model import Account
from desktop_app.store.database import Database, Transaction
from desktop_app.sync import blanking, pending, state

GREETED: Final = "sync_greeted"
"""Setting: this desk has heard its community to the end, and knows whose accounts hold."""
_TABLE: Final = Account.__table_no__
_OWN: Final = (
    "SELECT a.local_no FROM account a JOIN sync_dirty d ON d.tbl=? AND d.local_no=a.local_no WHERE a.sync_seq=0"
)
_THEIRS: Final = (
    "SELECT 1 FROM account a JOIN staff s ON s.id=a.staff_id WHERE a.sync_seq>0 AND a.sync_del=0 AND a.to_on IS NULL "
    "AND s.sync_del=0 AND s.to_on IS NULL LIMIT 1"
)


def hold(tx: Transaction) -> None:
    """Before a batch is made: keeps back the accounts of a desk that has not heard its community yet."""
    if _is_new(tx.db):
        sql = f"UPDATE sync_dirty SET txn=? WHERE tbl=? AND txn>=0 AND local_no IN ({_OWN})"
        tx.execute(sql, (pending.HELD_BACK, _TABLE, _TABLE))


def greet(db: Database) -> None:
    """Everything the community has is here: whose accounts hold?"""
    if not _is_new(db):
        return
    own = [number for (number,) in db.rows(_OWN, (_TABLE,))]
    ends = own and db.scalar(_THEIRS) is not None
    names = "、".join(name for (name,) in db.rows(_NAMES, (_TABLE,)))
    what = f"社区已有账号，本机接入前的账号停用：{names}" if ends else "接入社区"
    with db.applying(what, purge=True) as tx:
        if ends:
            _end(tx, own)
            tx.keep()
        tx.execute("UPDATE sync_dirty SET txn=? WHERE txn=?", (pending.OFFERED_AGAIN, pending.HELD_BACK))
        tx.set_setting(GREETED, "1")


_NAMES: Final = (
    "SELECT s.name||'（'||a.login||'）' FROM account a JOIN staff s ON s.id=a.staff_id "
    f"WHERE a.local_no IN ({_OWN}) ORDER BY a.local_no"
)


def _end(tx: Transaction, own: list[int]) -> None:
    """They were never anybody else's, so nothing of them stays: neither here nor, as tombstones, at the others."""
    for table in ("account_session", "account_desk"):
        tx.execute(f"DELETE FROM {table} WHERE staff_id IN (SELECT staff_id FROM account WHERE sync_seq=0)")
    blanking.remove(tx, tx.db.tables[str(Account.__tablename__)], own)
    tx.touched(str(Account.__tablename__))


def _is_new(db: Database) -> bool:
    return state.read(db).last_ok_at is None and db.setting(GREETED) is None
