"""Accounts as this desk saw them last, kept with its secrets and not in the file.

A backup knows accounts that ended since, passwords that were changed, roles that were taken away; so does any older
file that is put in the place of the store.  What is kept here stays in force over it, with the stamp it had, so that
the exchange with the server goes on as if the file had never been exchanged.  It holds for the file it was kept for:
a keyring is shared by every copy of a store, and what happens in a trial restore is no matter of the store in use.

What this cannot do: another computer that restores a backup with the recovery sheet has no such secrets and knows the
accounts as they were then, until its first sync.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any, Final, NamedTuple

from desktop_app.accounts import rules
from desktop_app.accounts.model import Account, Staff
from desktop_app.shared.errors import AppError
from desktop_app.store.anchors import FORKS, TRAIL
from desktop_app.store.base import Record
from desktop_app.store.database import Database, Transaction
from desktop_app.store.keys import SecretStore, fingerprint

NAME: Final = "account-list"
"""Secrets: `account-list-0` and so on, as much in each as a keyring takes (Windows: 2560 bytes, Base64 in UTF-16)."""
STRANGE: Final = "accounts_of_then"
"""Setting of a restored file whose desk knew no accounts: UTC ms of the restore, and of the last action in the file."""
_MOST: Final = 900
_GONE: Final = "gone"
_PENDING: Final = "SELECT max(ts) FROM {} q WHERE q.tbl={} AND q.local_no={}.local_no"


def _stamp(number: int, row: str) -> str:
    waiting = ",".join(f"coalesce(({_PENDING.format(table, number, row)}),0)" for table in ("sync_dirty", "sync_fly"))
    return f"max({row}.sync_ts,{waiting})"


_ENDED: Final = f"CASE WHEN {{0}}.to_on IS NOT NULL THEN {{0}}.to_on WHEN {{0}}.sync_del THEN '{_GONE}' END"
_NOW: Final = (
    f"SELECT a.id,{{account}},{_ENDED.format('a')},a.password,a.password_on,a.must_change,a.roles,"
    f"{Account.__table_no__} FROM account a UNION ALL "
    f"SELECT s.id,{{staff}},{_ENDED.format('s')},'','',0,'',{Staff.__table_no__} FROM staff s "
    "WHERE EXISTS(SELECT 1 FROM account a WHERE a.staff_id=s.id)"
)
_LIVING: Final = (
    "SELECT a.id,s.id FROM account a JOIN staff s ON s.id=a.staff_id "
    "WHERE a.sync_del=0 AND a.to_on IS NULL AND s.sync_del=0 AND s.to_on IS NULL"
)
_CLASSES: Final[dict[int, type[Record]]] = {one.__table_no__: one for one in (Account, Staff)}


class Kept(NamedTuple):
    """An account or its holder: when anything of it was last changed (hybrid stamp), the day it ended, the rest."""

    id: str
    ts: int
    ended: str | None
    password: str
    password_on: str
    must_change: int
    roles: str
    table: int = Account.__table_no__


class Listed(NamedTuple):
    """What was kept last: in which place (fingerprint of the path), for which trail, and whom, by identifier."""

    place: str
    trail: str
    found: dict[str, Kept]


def now(db: Database | Transaction) -> list[Kept]:
    """The accounts of the file and who holds them, those that ended too."""
    sql = _NOW.format(account=_stamp(Account.__table_no__, "a"), staff=_stamp(Staff.__table_no__, "s"))
    return sorted(Kept(*row) for row in db.rows(sql))


def keep(db: Database, secrets: SecretStore, *, restored: bool = False) -> None:
    """Keeps the accounts as they are, and those this file does not know; no trouble here is a reason to stop."""
    found = {one.id: one for one in now(db)}
    if not found:
        return
    before = kept(secrets)
    if restored or _holds_for(db, before):
        found = before.found | found
    parts: list[list[Any]] = [[_place(db), db.setting(TRAIL) or ""]]
    for one in found.values():
        if len(json.dumps([*parts[-1], one])) > _MOST:
            parts.append([])
        parts[-1].append(one)
    with suppress(AppError, OSError):
        for number, part in enumerate([*parts, []]):  # an empty one stands at the end
            text = json.dumps(part).encode()
            if secrets.get(f"{NAME}-{number}") != text:
                secrets.put(f"{NAME}-{number}", text)


def follow(db: Database, secrets: SecretStore) -> Callable[[frozenset[str]], None]:
    """To be called after commits."""

    def changed(tables: frozenset[str]) -> None:
        if tables & {"account", "staff"}:
            keep(db, secrets)

    return changed


def kept(secrets: SecretStore) -> Listed:
    """What was kept last; nothing where it cannot be read, or was written by a program that knows more."""
    with suppress(AppError, OSError, ValueError, TypeError):
        return _read(secrets)
    return Listed("", "", {})


def _read(secrets: SecretStore) -> Listed:
    words: list[str] = []
    found: dict[str, Kept] = {}
    for number in count():
        part = json.loads(secrets.get(f"{NAME}-{number}") or b"[]")
        if not part:
            break
        words += [one for one in part if isinstance(one, str)]
        for one in (Kept(*one) for one in part if not isinstance(one, str)):
            if one.id not in found or found[one.id].ts < int(one.ts):
                found[one.id] = one
    place, trail = [*words, "", ""][:2]
    return Listed(place, trail, found)


def note_restore(tx: Transaction, secrets: SecretStore) -> None:
    """The first start of a restored copy: does this desk know what became of the accounts since?"""
    then = tx.scalar("SELECT max(at) FROM journal_action WHERE no<?", (tx.action,)) or 0
    tx.set_setting(STRANGE, None if kept(secrets).found else f"{tx.db.clock.ms()} {then}")


def _place(db: Database) -> str:
    return fingerprint(str(db.path.resolve()).encode())


def _holds_for(db: Database, told: Listed) -> bool:
    """Whether the list was kept for this file: in its place, or before it went its own way."""
    trails = {db.setting(TRAIL) or "", *dict(json.loads(db.setting(FORKS) or "[]"))}
    return told.place in {"", _place(db)} or told.trail in trails


def put_in_force(db: Database, secrets: SecretStore, *, restored: bool = False) -> int:
    """When a store is opened: where it is older than what was kept, that holds; returns for how many accounts."""
    told = kept(secrets)
    differing = _differing(db, told) if restored or _holds_for(db, told) else []
    if differing:
        with db.applying(f"数据文件比本机所知的旧：{len(differing)} 个账号的停用、密码、角色照后来的") as tx:
            left = [one for was, one in _differing(tx, told) if not _set(tx, was, one)]
            tx.touched(str(Account.__tablename__), str(Staff.__tablename__))
            tx.keep()
        if left:
            with db.applying("数据文件里没有别的账号可以登录：最后一个后来已停用，先留着，请管理员核对") as tx:
                tx.keep()
    keep(db, secrets, restored=restored)
    return len(differing)


def _differing(db: Database | Transaction, told: Listed) -> list[tuple[Kept, Kept]]:
    """What the file says and what holds, in the order of time."""
    here = {one.id: one for one in now(db)}
    older = [(here[one.id], one) for one in told.found.values() if one.id in here and here[one.id].ts < one.ts]
    return sorted(((was, one) for was, one in older if was[2:] != one[2:]), key=lambda both: both[1].ts)


def _set(tx: Transaction, was: Kept, one: Kept) -> bool:
    """Writes what was kept, to be offered to the server with the stamp it had; False if its end could not be."""
    cls = _CLASSES[one.table]
    (before,) = tx.rows(f"SELECT local_no FROM {cls.__tablename__} WHERE id=?", (one.id,))
    names = ("password", "password_on", "must_change", "roles")
    values: dict[str, Any] = {name: getattr(one, name) for name in names if getattr(one, name) != getattr(was, name)}
    if "password" in values:
        earlier = rules.listed(tx.scalar("SELECT earlier FROM account WHERE id=?", (one.id,)))
        values["earlier"] = rules.as_list([was.password, *earlier])
    is_last = bool(one.ended) and was.ended != one.ended and _is_last(tx, one.id)
    if was.ended != one.ended and not is_last:
        values["to_on"] = tx.db.clock.today().isoformat() if one.ended == _GONE else one.ended
    if values:
        tx.execute(
            f"UPDATE {cls.__tablename__} SET {','.join(f'{name}=?' for name in values)} WHERE id=?",
            (*values.values(), one.id),
        )
        columns = tx.db.tables[str(cls.__tablename__)].columns
        mask = sum(1 << columns.index(name) for name in values)
        tx.execute(
            "INSERT INTO sync_dirty(tbl,local_no,mask,op,ts,txn,by,fb) VALUES(?,?,?,'u',?,?,NULL,NULL) "
            "ON CONFLICT(tbl,local_no) DO UPDATE SET mask=mask|excluded.mask,ts=max(ts,excluded.ts)",
            (cls.__table_no__, before[0], mask, one.ts, tx.action),
        )
    return not is_last


def _is_last(tx: Transaction, id_: str) -> bool:
    """Whether nobody could sign in any more without this account, or this member of staff."""
    living = tx.rows(_LIVING)
    return bool(living) and all(id_ in both for both in living)
