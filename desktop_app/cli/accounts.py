"""account: who may sign in, and what for."""

import getpass
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from desktop_app import app as composition
from desktop_app.accounts import managing, matrix, policy, queries, rules, signing
from desktop_app.accounts.queries import AccountLine
from desktop_app.app import App
from desktop_app.cli.output import table
from desktop_app.cli.session import Session, ask
from desktop_app.cli.signing import PIN, identity, must_choose, new_password
from desktop_app.places.queries import grids
from desktop_app.shared.errors import AppError, UsageError


def first(session: Session) -> None:
    """`linli account first NAME [--login L] [--recovery CODE]`: the one who sets the store up, or one anew."""
    told = session.arguments
    with composition.open_app(session.home, ask=ask) as app:
        login = told.login or managing.proposed_login(app.db, told.name)
        if told.recovery:
            app.must_fit(told.recovery)
            signing.administrator_anew(app.db, told.name, login, must_choose())
            words = "已凭恢复单设立管理员，审计记录里已注明。请核对其他管理员的账号：linli account list。"
        else:
            signing.must_be_first(app.db)
            signing.first_administrator(app.db, told.name, login, must_choose())
            words = "已设立初始管理员。从现在起要登录才能使用。"
        advice = queries.handing_over(app.db)
        app.sign_out()
    session.out.result({"login": login, "handing_over": advice}, [f"{words}登录名：{login}", *advice])


def listed(session: Session) -> None:
    """`linli account list [--ended]`."""
    with session.app() as app:
        found = queries.accounts(app.db, app.actor, ended=session.arguments.ended)
        advice = queries.handing_over(app.db)
    rows = [
        (
            line.account.login,
            line.staff.name,
            "、".join(line.role_names) or "（未授角色）",
            "、".join(line.grid_names) or "全社区",
            line.account.password_on,
            _state(line),
        )
        for line in found
    ]
    words = table(("登录名", "姓名", "角色", "网格", "密码日期", "状态"), rows)
    session.out.result([_value(line) for line in found], [*words, *advice])


def _state(line: AccountLine) -> str:
    if line.account.to_on:
        return f"{line.account.to_on} 停用"
    if line.locked:
        return f"锁定，还有 {line.locked} 分钟"
    doubts = [words for on, words in ((line.twice, "登录名重复"), (line.account.must_change, "须改密码")) if on]
    return "、".join(doubts) or "正常"


def _value(line: AccountLine) -> dict[str, object]:
    return {
        "id": line.account.id,
        "login": line.account.login,
        "name": line.staff.name,
        "roles": line.roles,
        "grids": line.grid_names,
        "password_on": line.account.password_on,
        "must_change": bool(line.account.must_change),
        "ended_on": line.account.to_on,
        "locked_minutes": line.locked,
    }


def add(session: Session) -> None:
    """`linli account add NAME [--login L] [--role R …] [--grid G …]`: with a password that is to be changed."""
    told = session.arguments
    with session.app() as app:
        login = told.login or managing.proposed_login(app.db, told.name)
        password, made = _temporary()
        person = _staff_without_account(app, told.name)
        managing.add_account(
            app.db,
            app.actor,
            told.name,
            login,
            password,
            roles=_roles(told.role),
            grids=_grids(app, told.grid),
            staff_id=person,
        )
    _say_password(session, login, password, made, f"已为{told.name}新增账号 {login}。")


def _staff_without_account(app: App, name: str) -> str:
    """The member of staff of that name who has no account yet: one entry per person."""
    taken = {one.staff_id for one in queries.who_may_sign_in(app.db)}
    return next((one.id for one in queries.staff(app.db) if one.name == name and one.id not in taken), "")


def _temporary() -> tuple[str, bool]:
    """A password to begin with, and whether it was made here and has to be told."""
    told = new_password("临时密码（直接回车则自动生成）：")
    return (told, False) if told else (signing.temporary_password(), True)


def _say_password(session: Session, login: str, password: str, made: bool, words: str) -> None:
    value = {"login": login} | ({"password": password} if made else {})
    lines = [words, f"临时密码：{password}　请当面交给本人，首次登录要更换。"] if made else [words]
    session.out.result(value, lines)


def change(session: Session) -> None:
    """`linli account change LOGIN [--role R …|--no-roles] [--grid G …|--all-grids] [--new-login L]`."""
    told = session.arguments
    roles = () if told.no_roles else _roles(told.role) if told.role else None
    with session.app() as app:
        places = () if told.all_grids else _grids(app, told.grid) if told.grid else None
        managing.change_account(
            app.db,
            app.actor,
            _account(app, told.account),
            roles=roles,
            grids=places,
            login=told.new_login,
            why=told.why,
        )
    session.out.result({"account": told.account}, f"已修改账号 {told.account}。")


def end(session: Session) -> None:
    """`linli account end LOGIN [--on DAY]`."""
    told = session.arguments
    with session.app() as app:
        managing.end_account(app.db, app.actor, _account(app, told.account), told.on, told.why)
    session.out.result({"account": told.account}, f"账号 {told.account} 已停用，各台电脑同步后即不能登录。")


def reset(session: Session) -> None:
    """`linli account reset LOGIN`: another password to begin with."""
    told = session.arguments
    with session.app() as app:
        password, made = _temporary()
        managing.reset_password(app.db, app.actor, _account(app, told.account), password, told.why)
    _say_password(session, told.account, password, made, f"已重置 {told.account} 的密码。")


def unlock(session: Session) -> None:
    """`linli account unlock LOGIN`: at this desk."""
    told = session.arguments
    with session.app() as app:
        managing.unlock(app.db, app.actor, _account(app, told.account), told.why)
    session.out.result({"account": told.account}, f"账号 {told.account} 在本机已解锁。")


def password(session: Session) -> None:
    """`linli account password`: one's own; also where it has to be changed before anything else."""
    with composition.open_app(session.home, ask=ask) as app:
        login, old = identity()
        actor = app.sign_in(login, old)
        signing.change_password(app.db, actor, old, must_choose())
        app.sign_out()
    session.out.result({"login": login}, "密码已更换。其他电脑上的 PIN 要用新密码登录一次才能再用。")


def pin(session: Session) -> None:
    """`linli account pin [--clear]`: one's own, for this desk alone."""
    with composition.open_app(session.home, ask=ask) as app:
        login, secret = identity()
        actor = app.sign_in(login, secret)
        if session.arguments.clear:
            signing.clear_pin(app.db, actor)
        else:
            signing.set_pin(app.db, actor, secret, _pin())
        app.sign_out()
    words = "本机的 PIN 已取消。" if session.arguments.clear else "本机的 PIN 已设好，只在这台电脑有效。"
    session.out.result({"login": login}, words)


def _pin() -> str:
    found = os.environ.get(PIN) or (getpass.getpass("PIN：") if sys.stdin.isatty() else "")
    if not found:
        raise UsageError("没有给出 PIN，什么也没有改。", next_step=f"请在终端里运行，或设置 {PIN}。")
    return found


def rights(session: Session) -> None:
    """`linli account rights [-o FILE.md]`: who may do what, as a table; needs no store."""
    told = matrix.markdown()
    if session.arguments.output:
        Path(session.arguments.output).write_text(told, "utf-8")
        session.out.result({"file": session.arguments.output}, f"已写入 {session.arguments.output}。")
        return
    session.out.result({code: sorted(role.holds) for code, role in policy.roles().items()}, told.rstrip())


# ----------------------------------------------------------------------------------------------------------- words told


def _roles(told: Sequence[str] | None) -> list[str]:
    """Role codes; the Chinese names are understood too."""
    names = {role.name: role.code for role in policy.roles().values()}
    return [names.get(one, one) for one in told or ()]


def _grids(app: App, told: Sequence[str] | None) -> list[str]:
    """Identifiers of grids told by name."""
    known = {name: id_ for id_, name in grids(app.db)}
    for one in told or ():
        if one not in known:
            raise AppError(
                f"没有“{one}”这个网格，什么也没有改。",
                field="grids",
                next_step=f"可以是：{'、'.join(known) or '（还没有网格）'}。",
            )
    return [known[one] for one in told or ()]


def _account(app: App, login: str) -> str:
    """The identifier of an account told by its sign-in name."""
    name = rules.folded(login)
    found = app.db.rows("SELECT id FROM account WHERE login=? AND sync_del=0 AND to_on IS NULL ORDER BY id", (name,))
    if not found:
        raise AppError(f"没有账号“{login}”，什么也没有改。", next_step="列出：linli account list。")
    return str(found[-1][0])
