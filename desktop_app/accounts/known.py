"""Living accounts and whose they are."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from desktop_app.accounts.model import Account, Actor, Staff
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database


@dataclass(frozen=True, slots=True)
class Known:
    """A living account and whose it is."""

    account: Account
    staff: Staff

    @property
    def actor(self) -> Actor:
        """In whose name its holder acts."""
        return Actor(self.staff.id, self.staff.name)


def known_as(db: Database, login: str) -> list[Known]:
    """The living accounts of a sign-in name: one, unless two desks gave it while apart; the oldest first."""
    return _living(db, Account.login == login)


def known_staff(db: Database, staff_id: str) -> Known | None:
    """The living account of a member of staff in office; the oldest where two desks made one while apart."""
    found = _living(db, Account.staff_id == staff_id)
    return found[0] if found else None


def must_be_known(db: Database, actor: Actor) -> Known:
    """The living account of an actor; AppError if there is none."""
    found = known_staff(db, actor.id)
    if found is None:
        raise AppError(f"{actor.name}没有在用的账号，什么也没有改。", next_step="请先登录。")
    return found


def must_be_free(db: Database, login: str, but: str = "") -> None:
    """AppError, at its field, for a sign-in name that a living account has; `but` is the account that may keep it."""
    if any(one.account.id != but for one in known_as(db, login)):
        raise AppError(f"登录名“{login}”已有人用，没有保存。", field="login", next_step="请换一个，如在后面加数字。")


def _living(db: Database, condition: ColumnElement[bool]) -> list[Known]:
    accounts = db.select(
        select(Account).where(condition, Account.sync_del == 0, Account.to_on.is_(None)).order_by(Account.id)
    )
    people = ((one, db.get(Staff, one.staff_id)) for one in accounts)
    return [Known(one, person) for one, person in people if person is not None and person.to_on is None]
