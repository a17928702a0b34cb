"""A store with accounts: the first administrator, and people hired for a test."""

from collections.abc import Callable

import pytest

from desktop_app.accounts import managing, signing
from desktop_app.accounts.model import Actor
from desktop_app.store.database import Database

FIRST, FIRST_PASSWORD = "zhangsan", "Jiangshan-2026"
TEMPORARY, OWN = "Linshi-2468", "Gongzuo-1357"
Hire = Callable[..., Actor]


@pytest.fixture
def admin(db: Database) -> Actor:
    """张三, who set the store up and is signed in."""
    return signing.first_administrator(db, "张三", FIRST, FIRST_PASSWORD)


@pytest.fixture
def hire(db: Database, admin: Actor) -> Hire:
    """Somebody with roles who has chosen an own password; the administrator sits at the desk afterwards."""

    def make(name: str, *roles: str, login: str = "", grids: tuple[str, ...] = ()) -> Actor:
        login = login or managing.proposed_login(db, name)
        managing.add_account(db, admin, name, login, TEMPORARY, roles=roles, grids=grids)
        person = signing.sign_in(db, login, TEMPORARY)
        signing.change_password(db, person, TEMPORARY, OWN)
        signing.sign_in(db, FIRST, FIRST_PASSWORD)
        return person

    return make


@pytest.fixture
def account(db: Database) -> Callable[[Actor], str]:
    """The identifier of somebody's account."""

    def of(actor: Actor) -> str:
        return str(db.scalar("SELECT id FROM account WHERE staff_id=? ORDER BY id DESC", (actor.id,)))

    return of


@pytest.fixture
def said(db: Database) -> Callable[[], list[str]]:
    """What the audit trail says, oldest first."""
    return lambda: [str(what) for (what,) in db.rows("SELECT what FROM journal_action ORDER BY no")]
