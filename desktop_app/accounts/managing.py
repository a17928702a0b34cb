"""What one may do with accounts of others.

The system administrator makes, ends and unlocks accounts; the security administrator gives roles and grids (三员分立).
Nobody changes his own roles, and the last who may manage accounts keeps that right.
"""

from collections.abc import Iterable

from desktop_app.accounts import failures, hashing, policy, rules
from desktop_app.accounts.known import Known, known_staff, must_be_free
from desktop_app.accounts.model import Account, Actor, Staff
from desktop_app.accounts.rights import demand, holders, needs
from desktop_app.accounts.signing import fresh_password, replaced
from desktop_app.shared.dates import must_be_date
from desktop_app.shared.errors import AppError
from desktop_app.shared.pinyin import readings
from desktop_app.store.database import Database, Transaction


def proposed_login(db: Database, name: str) -> str:
    """A free sign-in name for somebody, made of the pinyin of the name."""
    taken = {login for (login,) in db.rows("SELECT login FROM account WHERE sync_del=0")}
    found = readings(name)
    return rules.proposed(found[0][0] if found else "", taken)


@needs(rules.MANAGE)
def add_account(
    db: Database,
    actor: Actor,
    name: str,
    login: str,
    password: str,
    *,
    roles: Iterable[str] = (),
    grids: Iterable[str] = (),
    staff_id: str = "",
) -> Account:
    """Makes an account with a temporary password; the member of staff is made unless `staff_id` names one.

    Roles and grids need the right to give them; without any the person can sign in and do nothing yet.
    """
    login = rules.must_be_login(login)
    must_be_free(db, login)
    rules.must_be_strong(password, policy.policy(), about=(name, login))
    wanted, places = rules.must_be_roles(roles, (), policy.roles()), tuple(dict.fromkeys(grids))
    if wanted or places:
        demand(db, actor, rules.ROLES)
    person = _person(db, name.strip(), staff_id)
    kept = hashing.hashed(password)
    words = "、".join(_names(wanted)) or "未授角色"
    with db.transaction(actor, f"新增账号：{person.name}（{login}），{words}") as tx:
        if tx.get(Staff, person.id) is None:
            tx.add(person)
        _must_be_grids(tx, places)
        return tx.add(
            Account(
                staff_id=person.id,
                login=login,
                password=kept,
                password_on=db.clock.today().isoformat(),
                must_change=1,
                roles=rules.as_list(wanted),
                grids=rules.as_list(places),
            )
        )


def _person(db: Database, name: str, staff_id: str) -> Staff:
    if not staff_id:
        if not name:
            raise AppError("姓名还没有填写，没有保存。", field="name", next_step="请填写后再保存。")
        return Staff(name=name)
    person = db.get(Staff, staff_id)
    if person is None or person.to_on:
        raise AppError("这位工作人员不在岗，没有保存。", field="staff", next_step="请选择在岗的工作人员。")
    if known_staff(db, staff_id):
        raise AppError(f"{person.name}已经有账号，没有再建。", field="staff", next_step="忘了密码请用“重置密码”。")
    return person


def _must_be_grids(tx: Transaction, grids: Iterable[str]) -> None:
    """AppError, at its field, for an area that is not there or no grid."""
    for grid in grids:
        level = tx.scalar("SELECT level FROM area WHERE id=? AND sync_del=0", (grid,))
        if level != "网格":
            raise AppError("负责网格里有一个不是网格，没有保存。", field="grids", next_step="请重新选择网格。")


@needs(rules.ROLES, rules.MANAGE)
def change_account(
    db: Database,
    actor: Actor,
    account_id: str,
    *,
    roles: Iterable[str] | None = None,
    grids: Iterable[str] | None = None,
    login: str | None = None,
    why: str = "",
) -> Account:
    """Gives other roles or grids (the security administrator), or another sign-in name (the system administrator)."""
    found = _must_live(db, account_id)
    changes: dict[str, object] = {}
    said: list[str] = []
    if roles is not None:
        before = rules.listed(found.account.roles)
        wanted = rules.must_be_roles(roles, before, policy.roles())
        if set(wanted) != set(before):
            demand(db, actor, rules.ROLES)
            _not_oneself(found, actor, "角色")
            said.append(f"{'、'.join(_names(before)) or '无'} → {'、'.join(_names(wanted)) or '无'}")
            changes["roles"] = rules.as_list(wanted)
            must_leave_a_keeper(db, found.account.id, wanted)
    places = tuple(dict.fromkeys(grids)) if grids is not None else ()
    if grids is not None and set(places) != set(rules.listed(found.account.grids)):
        demand(db, actor, rules.ROLES)
        _not_oneself(found, actor, "网格")
        said.append(f"网格 {len(places)} 个")
        changes["grids"] = rules.as_list(places)
    if login is not None and rules.folded(login) != found.account.login:
        demand(db, actor, rules.MANAGE)
        changes["login"] = rules.must_be_login(login)
        must_be_free(db, str(changes["login"]), but=account_id)
        said.append(f"登录名 {changes['login']}")
    if not changes:
        return found.account
    with db.transaction(actor, f"修改账号：{found.staff.name}，{'；'.join(said)}", why) as tx:
        _must_be_grids(tx, places)
        return tx.change(Account, account_id, **changes)


@needs(rules.MANAGE)
def reset_password(db: Database, actor: Actor, account_id: str, password: str, why: str = "") -> None:
    """Gives somebody a temporary password, which must be changed at the next sign-in; open sessions end."""
    found = _must_live(db, account_id)
    _not_oneself(found, actor, "密码")
    kept = fresh_password(found, password)
    changes = replaced(found.account, kept, db.clock.today().isoformat())
    subject = hashing.subject(db, found.account.login)
    with db.transaction(actor, f"重置密码：{found.staff.name}（{found.account.login}）", why) as tx:
        tx.change(Account, account_id, must_change=1, **changes)
        tx.execute("DELETE FROM account_session WHERE staff_id=?", (found.staff.id,))
        failures.forget(tx, subject)


@needs(rules.MANAGE)
def unlock(db: Database, actor: Actor, account_id: str, why: str = "") -> None:
    """Opens a sign-in name that too many failures locked at this desk."""
    found = _must_live(db, account_id)
    subject = hashing.subject(db, found.account.login)
    with db.transaction(actor, f"解锁：{found.staff.name}（{found.account.login}）", why) as tx:
        failures.forget(tx, subject)
        tx.keep()


@needs(rules.MANAGE)
def end_account(db: Database, actor: Actor, account_id: str, on: str = "", why: str = "") -> None:
    """Ends an account from today (or the day told, up to today); its holder is out at the next thing he does."""
    found = _must_live(db, account_id)
    _not_oneself(found, actor, "账号", "不能停用自己的账号")
    today = db.clock.today().isoformat()
    must_be_date(on or today, "停用日期", "on")
    if (on or today) > today:
        raise AppError("停用日期在今天之后，没有保存。", field="on", next_step="到那一天再停用。")
    must_leave_a_keeper(db, account_id, ())
    with db.transaction(actor, f"停用账号：{found.staff.name}（{found.account.login}）", why) as tx:
        tx.change(Account, account_id, to_on=on or today)
        tx.execute("DELETE FROM account_session WHERE staff_id=?", (found.staff.id,))
        tx.execute("DELETE FROM account_desk WHERE staff_id=?", (found.staff.id,))


def must_leave_a_keeper(db: Database, account_id: str, roles: Iterable[str]) -> None:
    """AppError if nobody could manage accounts, or give roles, once this account has `roles` alone."""
    table = policy.roles()
    before = [rules.rights_of_roles(one.roles, table) for one in holders(db)]
    after = [rules.rights_of_roles(roles if one.account_id == account_id else one.roles, table) for one in holders(db)]
    for right in rules.KEEPING:
        if any(right in one for one in before) and not any(right in one for one in after):
            what = policy.rights()[right].name
            raise AppError(
                f"这是最后一个能“{what}”的账号，没有改。", next_step="请先让另一个人担任管理员，再改这一个。"
            )


def _must_live(db: Database, account_id: str) -> Known:
    account = db.get(Account, account_id)
    person = db.get(Staff, account.staff_id) if account else None
    if account is None or person is None or account.to_on:
        raise AppError("这个账号已经停用或不在了，什么也没有改。", next_step="请刷新列表后再试。")
    return Known(account, person)


def _not_oneself(found: Known, actor: Actor, what: str, words: str = "") -> None:
    """Nobody makes himself more, or out of reach of the others."""
    if found.staff.id == actor.id:
        raise AppError(f"{words or f'不能改自己的{what}'}，什么也没有改。", next_step="请由另一位管理员来改。")


def _names(codes: Iterable[str]) -> list[str]:
    known = policy.roles()
    return [known[code].name if code in known else code for code in codes]
