"""Signing in and out at this desk, and one's own password and PIN.

Whatever happens here goes into the audit trail, a failed attempt too.  An unknown name, a wrong password and an ended
account get the same words after the same time.  A password costs 100 to 250 ms: call from a background thread.
"""

import secrets
from typing import Final

from sqlalchemy import select

from desktop_app.accounts import failures, hashing, policy, rules
from desktop_app.accounts.known import Known, known_as, known_staff, must_be_free, must_be_known
from desktop_app.accounts.model import Account, Actor, Staff
from desktop_app.accounts.rights import has_accounts, holders
from desktop_app.shared.actor import SYSTEM
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database, Transaction

SETUP: Final = "setup"
_WRONG: Final = "登录名或密码不对，没有登录。数据没有变化。"


# ------------------------------------------------------------------------------------------------------- the first one


def first_administrator(db: Database, name: str, login: str, password: str, pin: str = "") -> Actor:
    """Makes the account that sets the store up, and signs it in.  AppError where there is an account already.

    The member of staff is made unless one of that name is there.
    """
    must_be_first(db)
    return _administrator(db, name, login, password, pin, f"设立初始管理员：{name}")


def must_be_first(db: Database) -> None:
    """AppError, in words for the case, where people sign in already or once did."""
    sheet = "linli account first 姓名 --recovery 恢复码"
    if holders(db):
        raise AppError("这份数据已经有账号了，没有新建。", next_step=f"请登录；管理员不在时用恢复单：{sheet}。")
    if has_accounts(db):
        raise AppError(
            "这份数据启用过账号，但里面没有一个还能登录的（如放回了启用前的备份），没有新建。数据没有变化。",
            next_step=f"请用恢复单设立管理员：{sheet}；没有恢复单的，请放回较新的备份，或从服务器同步。",
        )


def administrator_anew(db: Database, name: str, login: str, password: str) -> Actor:
    """Makes another administrator, although there are accounts: for whoever has proved to hold the recovery sheet.

    The caller has checked the code (`App.must_fit`); the audit trail says how it came about, in as many words.
    """
    return _administrator(
        db, name, login, password, "", f"凭恢复单重新设立管理员：{name}（未经在任管理员，请审计管理员核对）"
    )


def _administrator(db: Database, name: str, login: str, password: str, pin: str, what: str) -> Actor:
    name, login = name.strip(), rules.must_be_login(login)
    if not name:
        raise AppError("姓名还没有填写，没有保存。", field="name", next_step="请填写后再试。")
    must_be_free(db, login)
    told = policy.policy()
    rules.must_be_strong(password, told, about=(name, login))
    if pin:
        rules.must_be_pin(pin, told)
    kept = hashing.hashed(password)
    person = _staff_named(db, name) or Staff(name=name)
    kept_pin = hashing.hashed(hashing.bound(db, pin, person.id)) if pin else ""
    with db.transaction(Actor(person.id, person.name), what) as tx:
        if tx.get(Staff, person.id) is None:
            tx.add(person)
        for one in _of_staff(db, person.id):
            tx.change(Account, one.id, to_on=db.clock.today().isoformat())
        today = db.clock.today().isoformat()
        roles = rules.as_list([SETUP])
        account = Account(staff_id=person.id, login=login, password=kept, password_on=today, roles=roles)
        tx.add(account)
        tx.set_setting("staff", person.id)
        _note_password(tx, Known(account, person))
        if pin:
            _keep_pin(tx, person.id, kept_pin)
    return _sit(db, Known(account, person))


def _staff_named(db: Database, name: str) -> Staff | None:
    """The member of staff of that name, the desk's own before others."""
    found = db.select(
        select(Staff).where(Staff.name == name, Staff.sync_del == 0, Staff.to_on.is_(None)).order_by(Staff.id)
    )
    return next((one for one in found if one.id == db.setting("staff")), found[0] if found else None)


def _of_staff(db: Database, staff_id: str) -> list[Account]:
    return db.select(
        select(Account).where(Account.staff_id == staff_id, Account.sync_del == 0, Account.to_on.is_(None))
    )


# --------------------------------------------------------------------------------------------------------- in and out


def sign_in(db: Database, login: str, password: str) -> Actor:
    """Signs somebody in with the password; AppError after a failure, LockedError after too many.

    Whose password is old, or was chosen by somebody else, is let in to change it and for nothing else
    (`must_change`).
    """
    name = rules.folded(login)
    failures.must_be_open(db, name, _name_of(db, name))
    found = _fitting(db, name, password)
    if found is None:
        raise _refused(db, name)
    today = db.clock.today().isoformat()
    old = rules.is_old(found.account.password_on, today, policy.policy().password_days)
    subject = hashing.subject(db, name)
    with db.transaction(found.actor, "登录") as tx:
        failures.forget(tx, subject)
        if old and not found.account.must_change:
            found.account.must_change = 1
            tx.change(Account, found.account.id, must_change=1)
        _note_password(tx, found)
        tx.keep()
    return _sit(db, found)


def _fitting(db: Database, name: str, password: str) -> Known | None:
    """The living account behind a name and a password.  Two desks may have given a name twice: the password decides."""
    nobodys = hashing.nobodys()  # before the clock of an attempt runs, for known names too
    found = known_as(db, name)
    if not found:
        hashing.fits(password, nobodys)
    return next((one for one in found if hashing.fits(password, one.account.password)), None)


def _name_of(db: Database, login: str) -> str:
    known = known_as(db, login)
    return known[0].staff.name if known else ""


def _refused(db: Database, name: str) -> AppError:
    after = failures.note(db, name, _name_of(db, name))
    told = policy.policy()
    if after.locked_at is not None:
        return failures.locked(told.lock_minutes)
    return AppError(
        _WRONG,
        field="password",
        next_step=f"请重新输入；再错 {told.failures - after.count} 次将锁定 {told.lock_minutes} 分钟。",
    )


def sign_in_with_pin(db: Database, staff_id: str, pin: str) -> Actor:
    """Signs somebody in with the PIN of this desk; the password must have been used here some days ago at most."""
    found = known_staff(db, staff_id)
    why = "这里不能用 PIN，没有登录。"
    if found is None:
        raise AppError(why, field="pin", next_step="请用登录名和密码登录。")
    failures.must_be_open(db, found.account.login, found.staff.name)
    kept = pin_of(db, found)
    if kept is None:
        raise AppError(why, field="pin", next_step="请用登录名和密码登录一次。")
    if not hashing.fits(hashing.bound(db, pin, staff_id), kept):
        raise _refused_pin(db, found)
    with db.transaction(found.actor, "用 PIN 登录") as tx:
        tx.execute("UPDATE account_desk SET pin_failures=0 WHERE staff_id=?", (staff_id,))
        tx.keep()
    return _sit(db, found)


def _refused_pin(db: Database, found: Known) -> AppError:
    told = policy.policy()
    with db.transaction(SYSTEM, f"PIN 不对：{found.staff.name}（{found.account.login}）") as tx:
        tx.execute("UPDATE account_desk SET pin_failures=pin_failures+1 WHERE staff_id=?", (found.staff.id,))
        count = int(tx.scalar("SELECT pin_failures FROM account_desk WHERE staff_id=?", (found.staff.id,)) or 0)
        tx.keep()
    left = told.pin_failures - count
    if left > 0:
        return AppError("PIN 不对，没有登录。", field="pin", next_step=f"请重新输入；再错 {left} 次须用密码。")
    return AppError("PIN 连续输错，在本机不再有效，没有登录。", field="pin", next_step="请用登录名和密码登录。")


def sign_out(db: Database, what: str = "退出登录") -> None:
    """Nobody sits here any more; sessions handed to child processes end as well."""
    leaving = db.seat.actor
    db.seat.actor, db.seat.mark = None, ""
    if leaving is None or leaving == SYSTEM:
        return
    with db.transaction(leaving, what) as tx:
        tx.execute("DELETE FROM account_session WHERE staff_id=?", (leaving.id,))
        tx.keep()


def still_valid(db: Database, actor: Actor) -> bool:
    """Whether a session may go on: the account lives, and its password is the one that was used to sign in."""
    if actor == SYSTEM or not has_accounts(db):
        return True
    found = known_staff(db, actor.id)
    if found is None:
        return False
    mine = db.seat.mark if db.seat.actor == actor else ""
    return not mine or mine == hashing.mark(found.account.password)


def must_change(db: Database, actor: Actor) -> str:
    """Why this person has to choose another password before anything else; empty if not."""
    found = known_staff(db, actor.id)
    if found is None or not found.account.must_change:
        return ""
    days = policy.policy().password_days
    if rules.is_old(found.account.password_on, db.clock.today().isoformat(), days):
        return f"密码已用满 {days} 天，请换一个新的。"
    return "这个密码是别人设的，请换成只有您知道的。"


def _sit(db: Database, found: Known) -> Actor:
    db.seat.actor, db.seat.mark = found.actor, hashing.mark(found.account.password)
    return found.actor


# -------------------------------------------------------------------------------------------------- one's own secrets


def change_password(db: Database, actor: Actor, old: str, new: str) -> None:
    """Chooses another password of one's own; PINs of other desks rest until it was used there."""
    found = must_be_known(db, actor)
    _must_prove(db, found, old)
    kept = fresh_password(found, new)
    with db.transaction(actor, "修改密码") as tx:
        tx.change(
            Account, found.account.id, must_change=0, **replaced(found.account, kept, db.clock.today().isoformat())
        )
        found.account.password = kept
        _note_password(tx, found)
    if db.seat.actor == actor:
        db.seat.mark = hashing.mark(kept)


def temporary_password() -> str:
    """A random password to begin with, of letters nobody mixes up; it keeps the policy and has to be changed."""
    letters, figures = "abcdefghjkmnpqrstuvwxyz", "23456789"
    parts = [secrets.choice(letters.upper()), *(secrets.choice(letters) for _ in range(4)), "-"]
    return "".join([*parts, *(secrets.choice(figures) for _ in range(5))])


def fresh_password(found: Known, new: str) -> str:
    """The kept form of a new password.  AppError for a weak one, the present one and the last few."""
    told = policy.policy()
    rules.must_be_strong(new, told, about=(found.staff.name, found.account.login))
    earlier = (found.account.password, *rules.listed(found.account.earlier))[: told.password_barred]
    if any(hashing.fits(new, one) for one in earlier):
        raise AppError(
            f"最近 {told.password_barred} 次用过的密码不能再用，没有保存。",
            field="password",
            next_step="请换一个新的。",
        )
    return hashing.hashed(new)


def replaced(account: Account, kept: str, today: str) -> dict[str, str]:
    """The columns of an account whose password becomes `kept`."""
    earlier = (account.password, *rules.listed(account.earlier))[: policy.policy().password_barred]
    return {"password": kept, "password_on": today, "earlier": rules.as_list(earlier)}


def set_pin(db: Database, actor: Actor, password: str, pin: str) -> None:
    """Sets one's PIN for this desk, proved by the password."""
    rules.must_be_pin(pin, policy.policy())
    found = must_be_known(db, actor)
    _must_prove(db, found, password)
    kept_pin = hashing.hashed(hashing.bound(db, pin, found.staff.id))
    with db.transaction(actor, "设置本机 PIN") as tx:
        _note_password(tx, found)
        _keep_pin(tx, found.staff.id, kept_pin)
        tx.keep()


def clear_pin(db: Database, actor: Actor) -> None:
    """Takes one's PIN from this desk."""
    with db.transaction(actor, "取消本机 PIN") as tx:
        tx.execute("UPDATE account_desk SET pin=NULL,pin_failures=0 WHERE staff_id=?", (actor.id,))
        tx.keep()


def _must_prove(db: Database, found: Known, password: str) -> None:
    """AppError, counted as a failed sign-in, unless the password is the person's."""
    failures.must_be_open(db, found.account.login, found.staff.name)
    if not hashing.fits(password, found.account.password):
        after = failures.note(db, found.account.login, found.staff.name, "核对密码失败")
        if after.locked_at is not None:
            raise failures.locked(policy.policy().lock_minutes)
        raise AppError("现在的密码不对，没有保存。", field="old", next_step="请重新输入。")


# ------------------------------------------------------------------------------------------------------------ looked up


def pin_of(db: Database, found: Known) -> str | None:
    """The kept PIN if it may be used here now: a recent sign-in with the present password, not too many failures."""
    row = db.row("SELECT password_at,mark,pin,pin_failures FROM account_desk WHERE staff_id=?", (found.staff.id,))
    if row is None or row[2] is None or found.account.must_change:
        return None
    at, mark, pin, count = row
    told = policy.policy()
    today = db.clock.today().isoformat()
    usable = (
        rules.is_recent(int(at), db.clock.ms(), told.pin_days)
        and mark == hashing.mark(found.account.password)
        and int(count) < told.pin_failures
        and not rules.is_old(found.account.password_on, today, told.password_days)
    )
    return str(pin) if usable else None


def _note_password(tx: Transaction, found: Known) -> None:
    """The password was used here: the PIN may be used again."""
    tx.execute(
        "INSERT INTO account_desk(staff_id,password_at,mark) VALUES(?,?,?) ON CONFLICT(staff_id) DO UPDATE SET "
        "password_at=excluded.password_at,mark=excluded.mark,pin_failures=0",
        (found.staff.id, tx.db.clock.ms(), hashing.mark(found.account.password)),
    )


def _keep_pin(tx: Transaction, staff_id: str, kept_pin: str) -> None:
    tx.execute("UPDATE account_desk SET pin=?,pin_failures=0 WHERE staff_id=?", (kept_pin, staff_id))
