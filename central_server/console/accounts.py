"""Who may use the console: administrators, and people of a unit who see its figures and those below it."""

import hmac
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from central_server.storage import Session

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

ARGON2 = {"iterations": 3, "lanes": 4, "memory_cost": 64 << 10}
"""Argon2id, RFC 9106, second recommended option: 64 MiB, three passes."""
SHORTEST: Final = 10
LONGEST: Final = 200
_NAME: Final = re.compile(r"[\w.@-]{2,40}")
_WEAK: Final = frozenset({"1234567890", "0123456789", "password12", "qwertyuiop", "1111111111", "aaaaaaaaaa"})


class AccountError(ValueError):
    """What was asked for cannot be; the message is Chinese."""


@dataclass(frozen=True, slots=True)
class User:
    """A user of the console; `unit` None is an administrator."""

    name: str
    unit: int | None
    made_at: int
    disabled_at: int | None

    @property
    def administrator(self) -> bool:
        """Whether units, devices, codes and users are this user's business."""
        return self.unit is None


def hashed(password: str) -> str:
    """A password as it is kept; raises AccountError if it is too weak.  Takes a tenth of a second on purpose."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise AccountError(f"口令至少 {SHORTEST} 个字符，最多 {LONGEST} 个。一句好记的话就是好口令。")
    if password.lower() in _WEAK or len(set(password)) < SHORTEST // 2:
        raise AccountError("这个口令太容易猜到，请换一个。")
    return _argon2(os.urandom(16)).derive_phc_encoded(password.encode())


def _argon2(salt: bytes) -> "Argon2id":
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    return Argon2id(
        salt=salt,
        length=32,
        iterations=ARGON2["iterations"],
        lanes=ARGON2["lanes"],
        memory_cost=ARGON2["memory_cost"],
    )


def matches(password: str, kept: str | None) -> bool:
    """Whether a password is the one kept; takes as long for a user who does not exist."""
    from cryptography.exceptions import InvalidKey
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    if len(password) > LONGEST:
        return False
    if kept is None:
        _argon2(b"nobody is called so").derive(password.encode())
        return False
    try:
        Argon2id.verify_phc_encoded(password.encode(), kept)
    except InvalidKey:
        return False
    return True


def add(session: Session, name: str, secret: str, unit: int | None, now: int) -> None:
    """A new user; `secret` comes from `hashed`."""
    if not _NAME.fullmatch(name):
        raise AccountError("登录名应有 2 至 40 个字，只用汉字、字母、数字和 . @ - _。")
    if find(session, name):
        raise AccountError(f"已经有用户 {name}。")
    if unit is not None and session.row("select 1 from unit where id=?", unit) is None:
        raise AccountError(f"没有单位 {unit}。")
    session.run("insert into console_user(name,password,unit,made_at) values(?,?,?,?)", name, secret, unit, now)


def find(session: Session, name: str) -> User | None:
    """A user, disabled or not."""
    found = session.row("select name,unit,made_at,disabled_at from console_user where name=?", name)
    return User(*found) if found else None


def kept_password(session: Session, name: str) -> str | None:
    """What `matches` compares with; None if the user may not come in."""
    found = session.row("select password from console_user where name=? and disabled_at is null", name)
    return str(found[0]) if found else None


def everyone(session: Session) -> list[User]:
    """All users by name."""
    return [User(*row) for row in session.rows("select name,unit,made_at,disabled_at from console_user order by name")]


def disable(session: Session, name: str, now: int) -> None:
    """Shuts a user out at once; the last administrator stays."""
    user = find(session, name)
    if user is None or user.disabled_at:
        raise AccountError(f"没有可停用的用户 {name}。")
    others = [one for one in everyone(session) if one.administrator and not one.disabled_at and one.name != name]
    if user.administrator and not others:
        raise AccountError("这是最后一个管理员，不能停用。")
    session.run("update console_user set disabled_at=? where name=?", now, name)
    session.run("delete from console_session where name=?", name)


def set_password(session: Session, name: str, secret: str) -> None:
    """A new password; whoever is signed in with the old one is out."""
    if find(session, name) is None:
        raise AccountError(f"没有用户 {name}。")
    session.run("update console_user set password=? where name=?", secret, name)
    session.run("delete from console_session where name=?", name)


def same(given: str, known: str) -> bool:
    """Compares two secrets without telling by the time where they differ."""
    return hmac.compare_digest(given.encode(), known.encode())
