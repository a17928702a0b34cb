"""Sessions that the window hands to its child processes, so that a command it starts acts for whoever is signed in.

The token is random and stands in the environment of the child alone; the store keeps its hash.  It ends with signing
out, locking, another password, the end of the account, and after some hours.
"""

import os
from typing import Final

from desktop_app.accounts import hashing, policy, rules
from desktop_app.accounts.known import known_staff, must_be_known
from desktop_app.accounts.model import Actor
from desktop_app.shared.actor import SYSTEM
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database

VARIABLE: Final = "LINLI_SESSION"
_BYTES: Final = 32


def open_session(db: Database, actor: Actor) -> str:
    """A token that stands for this person's sign-in; give it to a child process as `LINLI_SESSION`."""
    found = must_be_known(db, actor)
    token = os.urandom(_BYTES).hex()
    with db.transaction(SYSTEM, "交给后台命令的会话") as tx:
        tx.execute(
            "DELETE FROM account_session WHERE at<?", (db.clock.ms() - policy.policy().session_hours * rules.HOUR,)
        )
        tx.execute(
            "INSERT INTO account_session(token,staff_id,mark,at) VALUES(?,?,?,?)",
            (hashing.token_hash(token), actor.id, hashing.mark(found.account.password), db.clock.ms()),
        )
    return token


def resume(db: Database, token: str) -> Actor:
    """Goes on with a session that the window opened; AppError where it has ended."""
    row = db.row("SELECT staff_id,mark,at FROM account_session WHERE token=?", (hashing.token_hash(token),))
    found = known_staff(db, str(row[0])) if row else None
    if row is None or found is None:
        raise _ended()
    age = db.clock.ms() - int(row[2])
    if not -rules.HOUR <= age < policy.policy().session_hours * rules.HOUR:
        raise _ended()
    if row[1] != hashing.mark(found.account.password):
        raise _ended()
    db.seat.actor, db.seat.mark = found.actor, str(row[1])
    return found.actor


def _ended() -> AppError:
    return AppError("登录已经结束，什么也没有改。", next_step="请重新登录。")
