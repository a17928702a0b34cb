"""The accounts of the demonstration: everybody with a role, the three administrators apart, one password by lot."""

import os
from dataclasses import dataclass
from typing import Any, Final

from desktop_app.accounts import managing, policy, queries, signing
from desktop_app.app import App
from desktop_app.shared.errors import AppError
from desktop_app.shared.ids import named_id

PASSWORD_VARIABLE: Final = "LINLI_DEMO_PASSWORD"  # noqa: S105 the name of a variable
_SECURITY: Final = "security"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """Somebody who signs in; `roles` are their Chinese names."""

    login: str
    name: str
    roles: tuple[str, ...]


def demo_password() -> str:
    """One for everybody: the one that was asked for, else another each time."""
    return os.environ.get(PASSWORD_VARIABLE) or signing.temporary_password()


def make_accounts(app: App, told: list[dict[str, Any]], password: str) -> list[DemoAccount]:
    """Accounts for the staff of the store.  Whoever sits here sets it up and hands over, and is signed in at the end.

    `told` are the entries `account` of `resources/demo/demo.toml`; who sits here is one of them.
    """
    sitting = app.actor
    logins: dict[str, str] = {}
    for one in sorted(told, key=lambda one: one["name"] != sitting.name):
        logins[one["name"]] = managing.proposed_login(app.db, one["name"])
        if one["name"] == sitting.name:
            signing.first_administrator(app.db, sitting.name, logins[sitting.name], password)
        else:
            _hire(app, one, logins[one["name"]], password)
    _hand_over(app, told, logins, password, sitting.name)
    app.sign_in(logins[sitting.name], password)
    return [DemoAccount(logins[one["name"]], one["name"], tuple(map(_role, one["roles"]))) for one in told]


def _hire(app: App, one: dict[str, Any], login: str, password: str) -> None:
    """As in real life: somebody makes the account, and its holder chooses another password."""
    person = next((member.id for member in queries.staff(app.db) if member.name == one["name"]), "")
    if not person:
        raise AppError(f"演示社区里没有{one['name']}，演示没有完成。", next_step="请把这句话告诉维护人员。")
    first, setting_up = signing.temporary_password(), app.actor
    managing.add_account(
        app.db, setting_up, one["name"], login, first, roles=one["roles"], grids=_grids(app, one), staff_id=person
    )
    signing.change_password(app.db, app.sign_in(login, first), first, password)
    app.db.seat.actor = setting_up


def _hand_over(app: App, told: list[dict[str, Any]], logins: dict[str, str], password: str, first: str) -> None:
    """The security administrator takes back the role of the first one and gives the everyday ones."""
    security = next(one["name"] for one in told if _SECURITY in one["roles"])
    own = next(one for one in told if one["name"] == first)
    account = app.db.scalar("SELECT id FROM account WHERE login=?", (logins[first],))
    actor = app.sign_in(logins[security], password)
    managing.change_account(
        app.db, actor, str(account), roles=own["roles"], grids=_grids(app, own), why="建站完成，交接管理权"
    )


def _grids(app: App, one: dict[str, Any]) -> list[str]:
    return [named_id("grid", app.community.id, name) for name in one.get("grids", ())]


def _role(code: str) -> str:
    return policy.roles()[code].name
