"""Signing in and staying in: one cookie, its hash in storage, an end when nobody acts, a limit for guesses."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from central_server.console import accounts
from central_server.console.accounts import User
from central_server.storage import Session, Storage

COOKIE: Final = "linli_console"
MINUTE_MS: Final = 60_000
WINDOW_MS: Final = 15 * MINUTE_MS
MOST_BY_NAME: Final = 5
MOST_BY_ADDRESS: Final = 30
"""Wrong passwords within a quarter of an hour, for one name and from one address."""
TOUCH_MS: Final = MINUTE_MS
"""A session is marked as used once a minute, not at every page."""


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody who is signed in; `csrf` stands in every form of this session."""

    user: User
    csrf: str
    hash: str


def sign_in(storage: Storage, name: str, password: str, address: str, now: int) -> tuple[str | None, bool]:
    """(cookie or None, whether it was tried too often).  An unknown name takes as long as a wrong password."""
    marks = (_mark("name", name), _mark("address", address))
    with storage.writing() as session:
        session.run("delete from console_attempt where at<?", now - WINDOW_MS)
        tried = [session.rows("select count(*) from console_attempt where who=?", mark)[0][0] for mark in marks]
        if tried[0] >= MOST_BY_NAME or tried[1] >= MOST_BY_ADDRESS:
            return None, True
        # counted before the password is looked at: guesses side by side would all see the same count
        for mark in marks:
            session.run("insert into console_attempt(who,at,id) values(?,?,?)", mark, now, secrets.token_hex(8))
        kept = accounts.kept_password(session, name)
    if not accounts.matches(password, kept):
        return None, False
    with storage.writing() as session:
        session.run("delete from console_attempt where who=?", marks[0])
        return open_session(session, name, now), False


def open_session(session: Session, name: str, now: int) -> str:
    """A new session; returns the cookie, of which only the hash is kept."""
    cookie = secrets.token_urlsafe(32)
    session.run(
        "insert into console_session(hash,name,csrf,made_at,seen_at) values(?,?,?,?,?)",
        _hash(cookie),
        name,
        secrets.token_urlsafe(24),
        now,
        now,
    )
    return cookie


def find(storage: Storage, cookie: str, now: int, idle_minutes: int, hours: int) -> Signed | None:
    """Who comes with a cookie; None if it is unknown, idle for too long, or old."""
    if not cookie:
        return None
    with storage.reading() as session:
        found = session.row(
            "select s.csrf,s.made_at,s.seen_at,u.name,u.unit,u.made_at,u.disabled_at from console_session s "
            "join console_user u on u.name=s.name where s.hash=?",
            _hash(cookie),
        )
    if found is None or found[6] is not None:
        return None
    csrf, made_at, seen_at, *user = found
    if now - seen_at > idle_minutes * MINUTE_MS or now - made_at > hours * 60 * MINUTE_MS:
        return None
    if now - seen_at > TOUCH_MS:
        with storage.writing() as session:
            session.run("update console_session set seen_at=? where hash=?", now, _hash(cookie))
            session.run("delete from console_session where made_at<?", now - hours * 60 * MINUTE_MS)
    return Signed(User(*user), csrf, _hash(cookie))


def sign_out(session: Session, signed: Signed) -> None:
    """Ends a session."""
    session.run("delete from console_session where hash=?", signed.hash)


def _hash(cookie: str) -> str:
    return hashlib.blake2b(cookie.encode(), digest_size=32, person=b"console-cookie").hexdigest()


def _mark(kind: str, what: str) -> str:
    """Names and addresses are counted, not kept."""
    return hashlib.blake2b(f"{kind}|{what}".encode(), digest_size=16, person=b"console-tries").hexdigest()
