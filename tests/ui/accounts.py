"""People with accounts for the tests of the window."""

from desktop_app.accounts import managing, sessions, signing
from desktop_app.accounts.model import Account
from desktop_app.app import App
from desktop_app.shared.actor import Actor
from desktop_app.shared.clock import Clock

PASSWORD = "Heping-2026"
FIRST = "Linshi-2026"
PIN = "2580"


def set_up(app: App, *, pin: str = "") -> Actor:
    """The first administrator 李静, signed in."""
    return signing.first_administrator(app.db, "李静", "lijing", PASSWORD, pin)


def add(app: App, name: str, login: str, *roles: str, pin: str = "") -> Actor:
    """Somebody with a password of his own; whoever was signed in is so again."""
    before = app.actor
    made = managing.add_account(app.db, before, name, login, FIRST, roles=roles)
    actor = signing.sign_in(app.db, login, FIRST)
    signing.change_password(app.db, actor, FIRST, PASSWORD)
    if pin:
        signing.set_pin(app.db, actor, PASSWORD, pin)
    signing.sign_in(app.db, "lijing", PASSWORD)
    assert app.actor == before
    assert made.staff_id == actor.id
    return actor


def session_for_children(app: App) -> str:
    """A token that holds by the clock of this machine, which is the one child processes go by."""
    token = sessions.open_session(app.db, app.actor)
    with app.db.applying() as tx:
        tx.execute("UPDATE account_session SET at=?", (Clock().ms(),))
    return token


def add_new(app: App, name: str, login: str, *roles: str) -> Account:
    """Somebody who never signed in: the password is the administrator's."""
    return managing.add_account(app.db, app.actor, name, login, FIRST, roles=roles)
