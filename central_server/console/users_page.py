"""Who may use the console."""

from typing import Final

from starlette.responses import Response

from central_server import units
from central_server.console import accounts, audit, slips
from central_server.console.web import PAGES, Visit, to

EVERYTHING: Final = "all"
"""What is chosen for an administrator: leaving it out makes nobody one."""


def show(visit: Visit) -> Response:
    """All users."""
    with visit.storage.reading() as session:
        known = units.everyone(session)
        everyone = accounts.everyone(session)
    return PAGES.html("users.html", visit, users=everyone, names=known, tree=units.tree(known))


def add(visit: Visit) -> Response:
    """A new user."""
    name, unit = visit.form.get("name", ""), None
    if visit.form.get("unit") != EVERYTHING and (unit := visit.optional("unit")) is None:
        raise accounts.AccountError("请选这个用户能看什么：一个单位的统计，或全部（管理员）。")
    secret = accounts.hashed(visit.form.get("password", ""))
    with visit.storage.writing() as session:
        if slips.first(visit, session, "user", name):
            accounts.add(session, name, secret, unit, visit.now)
            audit.note(session, visit.now, visit.who.user.name, "添加用户", unit, name)
    return to("/users")


def disable(visit: Visit) -> Response:
    """Shuts a user out."""
    name = visit.form.get("name", "")
    with visit.storage.writing() as session:
        accounts.disable(session, name, visit.now)
        audit.note(session, visit.now, visit.who.user.name, "停用用户", None, name)
    return to("/users")


def password(visit: Visit) -> Response:
    """A new password for somebody who forgot it."""
    name, secret = visit.form.get("name", ""), accounts.hashed(visit.form.get("password", ""))
    with visit.storage.writing() as session:
        accounts.set_password(session, name, secret)
        audit.note(session, visit.now, visit.who.user.name, "重设口令", None, name)
    return to("/users")
