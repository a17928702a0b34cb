"""Failed sign-ins at this desk: counted by sign-in name, also of names that nobody has."""

from desktop_app.accounts import hashing, policy, rules
from desktop_app.accounts.rules import Failures
from desktop_app.shared.actor import SYSTEM
from desktop_app.shared.errors import LockedError
from desktop_app.store.database import Database, Transaction


def must_be_open(db: Database, login: str, name: str) -> None:
    """LockedError while a sign-in name is locked here; that somebody tried stands in the trail."""
    left = minutes_left(db, login)
    if left:
        with db.transaction(SYSTEM, f"锁定期间又试登录：{_whose(login, name)}") as tx:
            tx.keep()
        raise locked(left)


def minutes_left(db: Database, login: str) -> int:
    """Whole minutes until a sign-in name is open again at this desk, 0 if it is."""
    subject = hashing.subject(db, login)
    found = _read(db, subject)
    ticks = db.clock.ticks()
    now = rules.settled(found, ticks, policy.policy())
    if now != found:  # that the machine was started anew is noticed now
        with db.transaction(SYSTEM, "登录锁定") as tx:
            _write(tx, subject, now)
    return rules.minutes_left(now, ticks, policy.policy())


def note(db: Database, login: str, name: str, what: str = "登录失败") -> Failures:
    """Counts one more failure and writes it into the audit trail; `name` is whose, empty for nobody's."""
    subject, told = hashing.subject(db, login), policy.policy()
    now = db.clock.ticks()
    who = _whose(login, name)
    with db.transaction(SYSTEM, f"{what}：{who}") as tx:
        # counted where nobody else writes: several processes that try at once are several failures
        after = rules.failed(rules.settled(_read(tx, subject), now, told), now, told)
        _write(tx, subject, after)
        tx.execute("UPDATE journal_action SET what=what||? WHERE no=?", (f"，连续第 {after.count} 次", tx.action))
        tx.keep()
    if after.locked_at is not None:
        with db.transaction(SYSTEM, f"登录锁定 {told.lock_minutes} 分钟：{who}") as tx:
            tx.keep()
    return after


def _whose(login: str, name: str) -> str:
    """Never what was typed where nobody is called so: it may be a password."""
    return f"{name}（{login}）" if name else "没有这个登录名"


def forget(tx: Transaction, subject: str) -> None:
    """Opens a sign-in name again; `subject` as `hashing.subject` gives it, asked before the transaction began."""
    tx.execute("DELETE FROM account_failure WHERE subject=?", (subject,))


def locked(minutes: int) -> LockedError:
    """What somebody is told who has to wait."""
    return LockedError(
        f"连续输错多次，这个登录名在本机已锁定，还要等 {minutes} 分钟。数据没有变化。",
        field="login",
        next_step="请稍后再试，或请系统管理员解锁。",
    )


def _read(source: Database | Transaction, subject: str) -> Failures:
    found = source.rows("SELECT count,at,locked_at FROM account_failure WHERE subject=?", (subject,))
    return Failures(*found[0]) if found else Failures()


def _write(tx: Transaction, subject: str, now: Failures) -> None:
    if not now.count:
        tx.execute("DELETE FROM account_failure WHERE subject=?", (subject,))
        return
    tx.execute(
        "INSERT OR REPLACE INTO account_failure(subject,count,at,locked_at) VALUES(?,?,?,?)",
        (subject, now.count, now.at, now.locked_at),
    )
