"""Signing in and staying in: one cookie, its hash in storage, an end when nobody acts, a limit for guesses."""

import hashlib
import ipaddress
import secrets
from dataclasses import dataclass
from typing import Final

from central_server.console import accounts
from central_server.console.accounts import User
from central_server.storage import Session, Storage

COOKIE: Final = "linli_console"
MINUTE_MS: Final = 60_000
REMEMBERED_MS: Final = 60 * MINUTE_MS
"""Wrong passwords are forgotten an hour after the last one."""
KNOWN_MS: Final = 30 * 24 * 60 * MINUTE_MS
"""For so long an address from which somebody signed in counts as that person's."""
TOUCH_MS: Final = MINUTE_MS
"""A session is marked as used once a minute, not at every page."""


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody who is signed in; `csrf` stands in every form of this session."""

    user: User
    csrf: str
    hash: str


@dataclass(frozen=True, slots=True)
class Pace:
    """So many wrong tries are free; then each one makes the next wait twice as long, up to `most_s` seconds."""

    free: int
    first_s: int
    most_s: int

    def wait_s(self, tries: int) -> int:
        """Seconds from the last of so many tries to the next one."""
        return 0 if tries < self.free else min(self.most_s, self.first_s << min(tries - self.free, 20))


BY_PAIR: Final = Pace(5, 15, 900)
"""For one name from one address.  There is no limit for a name alone: it would let anybody lock others out."""
BY_ADDRESS: Final = Pace(30, 2, 60)
"""For one address, whatever the name; not for a name that has signed in from there before."""


def sign_in(storage: Storage, name: str, password: str, address: str, now: int) -> tuple[str | None, int]:
    """(cookie or None, seconds to wait).  An unknown name takes as long as a wrong password."""
    kept, wait = _admitted(storage, name, address, now)
    if wait:
        return None, wait
    if not accounts.matches(password, kept):
        return None, 0
    with storage.writing() as session:
        _forgive(session, name, address, now)
        return open_session(session, name, now), 0


def is_right(storage: Storage, name: str, password: str, address: str, now: int) -> tuple[bool, int]:
    """(whether somebody who is signed in knows the password, seconds to wait): counted as at the door."""
    kept, wait = _admitted(storage, name, address, now)
    if wait or not accounts.matches(password, kept):
        return False, wait
    with storage.writing() as session:
        _forgive(session, name, address, now)
    return True, 0


def _admitted(storage: Storage, name: str, address: str, now: int) -> tuple[str | None, int]:
    """The password kept for a name, or how long to wait before it may be tried; the try is counted.

    Counted before the password is looked at: guesses side by side would all see the same count.
    """
    pair, known, near = _marks(name, address)
    with storage.writing() as session:
        session.run("delete from console_attempt where at<?", now - REMEMBERED_MS)
        paces = {pair: BY_PAIR} if _is_known(session, known, now) else {pair: BY_PAIR, near: BY_ADDRESS}
        wait = max(_wait_ms(session, who, pace, now) for who, pace in paces.items())
        if wait > 0:
            return None, -(-wait // 1000)
        for who in paces:
            session.run("insert into console_attempt(who,at,id) values(?,?,?)", who, now, secrets.token_hex(8))
        return accounts.kept_password(session, name), 0


def _wait_ms(session: Session, who: str, pace: Pace, now: int) -> int:
    ((tries, last),) = session.rows("select count(*),max(at) from console_attempt where who=?", who)
    return int(last) + pace.wait_s(tries) * 1000 - now if tries else 0


def _is_known(session: Session, known: str, now: int) -> bool:
    sql = "select 1 from console_known where who=? and at>?"
    return session.row(sql, known, now - KNOWN_MS) is not None


def _forgive(session: Session, name: str, address: str, now: int) -> None:
    """The password was right: earlier slips count no more, and the address is known."""
    pair, known, near = _marks(name, address)
    session.run("delete from console_attempt where who=?", pair)
    session.run("delete from console_attempt where who=? and at=?", near, now)
    session.run("delete from console_known where at<?", now - KNOWN_MS)
    session.put("console_known", ("who", "at"), ("who",), [(known, now)])


def _marks(name: str, address: str) -> tuple[str, str, str]:
    near = _near(address)
    return _mark("pair", f"{name}|{near}"), _mark("known", f"{name}|{near}"), _mark("address", near)


def _near(address: str) -> str:
    """An address as it is counted: of IPv6 the network, for one machine has as many addresses there as it likes."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address  # noqa: PLR2004


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
