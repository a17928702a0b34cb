"""Who runs a command: where there are accounts, somebody who signs in; timers run as the system."""

import argparse
import getpass
import os
import sys
from collections.abc import Callable
from typing import Final

from desktop_app.accounts import sessions, signing
from desktop_app.accounts.rights import demand, has_accounts
from desktop_app.app import App
from desktop_app.shared.actor import SYSTEM
from desktop_app.shared.errors import AppError, LockedError, UsageError

USER: Final = "LINLI_USER"
PASSWORD: Final = "LINLI_PASSWORD"  # noqa: S105 the name of a variable
NEW_PASSWORD: Final = "LINLI_NEW_PASSWORD"  # noqa: S105 the name of a variable
PIN: Final = "LINLI_PIN"

UNATTENDED: Final[dict[str, Callable[[argparse.Namespace], bool]]] = {
    "sync": lambda told: not (told.accept_deletions or told.new_key),
    "backup": lambda told: bool(told.if_due),
    "doctor": lambda told: not (told.fix or told.cases),
    "audit": lambda told: bool(told.verb == "verify"),
}
"""Commands that a timer may run with nobody signed in, as far as they are called this way."""

READS: Final = {
    "visit": "visits.read",
    "campaign": "visits.read",
    "care": "care.read",
    "chain": "organisation.read",
    "appeal": "appeals.read",
    "order": "orders.read",
    "wish": "orders.read",
    "report-in": "orders.read",
    "shift": "orders.read",
    "meeting": "meetings.read",
    "matter": "matters.read",
    "partner": "partners.read",
    "practice": "practice.read",
    "request": "privacy.read",
    "retention": "privacy.read",
    "attach": "attachments.read",
    "attachments": "attachments.read",
}
"""Commands that belong to one slice as a whole: whoever may not see it runs none of them, whatever they call."""


def enter(app: App, told: argparse.Namespace) -> None:
    """Somebody takes the seat before the command begins; AppError where nobody can."""
    if not has_accounts(app.db):
        return
    if token := os.environ.get(sessions.VARIABLE):
        _resume(app, token, told)
    elif not os.environ.get(USER) and is_unattended(told):
        app.db.seat.actor = SYSTEM
    else:
        app.sign_in(*identity())
    if why := signing.must_change(app.db, app.actor):
        raise AppError(f"{why}什么也没有做。", field="password", next_step="请运行 linli account password。")
    if right := READS.get(getattr(told, "command", "").partition(" ")[0]):
        demand(app.db, app.actor, right)


def _resume(app: App, token: str, told: argparse.Namespace) -> None:
    """A timer of the window that comes after its person has left goes on as the system."""
    try:
        sessions.resume(app.db, token)
    except AppError:
        if not is_unattended(told):
            raise
        app.db.seat.actor = SYSTEM


def is_unattended(told: argparse.Namespace) -> bool:
    """Whether a timer may run this command."""
    rule = UNATTENDED.get(getattr(told, "command", ""))
    return rule is not None and rule(told)


def identity() -> tuple[str, str]:
    """Sign-in name and password: from the environment, else from the keyboard."""
    login, password = os.environ.get(USER, ""), os.environ.get(PASSWORD, "")
    if sys.stdin.isatty():
        login = login or input("登录名：")
        password = password or getpass.getpass("密码：")
    if not login or not password:
        raise LockedError(
            "这份数据已启用账号，还没有登录，什么也没有做。",
            next_step=f"请在终端里运行，或设置 {USER} 和 {PASSWORD}。",
        )
    return login, password


def new_password(words: str = "新密码：") -> str:
    """A password that somebody chooses: from the environment, else typed twice; empty where there is neither."""
    if (found := os.environ.get(NEW_PASSWORD)) is not None:
        return found
    if not sys.stdin.isatty():
        return ""
    first = getpass.getpass(words)
    if getpass.getpass("再输入一次：") != first:
        raise UsageError("两次输入的密码不一样，什么也没有改。", field="password", next_step="请重新运行一次。")
    return first


def must_choose(words: str = "新密码：") -> str:
    """As `new_password`; UsageError where there is none."""
    found = new_password(words)
    if not found:
        raise UsageError("没有给出新密码，什么也没有改。", next_step=f"请在终端里运行，或设置 {NEW_PASSWORD}。")
    return found
