"""What one may ask about staff, accounts, rights and the audit trail."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from desktop_app.accounts import failures, rules
from desktop_app.accounts.known import Known
from desktop_app.accounts.model import Account, Actor, Staff
from desktop_app.accounts.policy import policy, roles
from desktop_app.accounts.rights import Standing, has_accounts, holders, may, needs, reads, rights_of, standing_of
from desktop_app.accounts.signing import must_change, pin_of, still_valid
from desktop_app.store.database import Database

__all__ = [
    "Standing",
    "has_accounts",
    "may",
    "must_change",
    "policy",
    "rights_of",
    "roles",
    "standing_of",
    "still_valid",
]


def staff(db: Database) -> list[Staff]:
    """Staff in office, in the order they were entered."""
    return db.select(select(Staff).where(Staff.sync_del == 0, Staff.to_on.is_(None)).order_by(Staff.local_no))


# ---------------------------------------------------------------------------------------------------------- accounts


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody who may sign in here; `pin` if a PIN works for him now at this desk."""

    staff_id: str
    name: str
    login: str
    pin: bool


def who_may_sign_in(db: Database) -> list[SignIn]:
    """Living accounts for the screen that asks who is there, whoever was here last first."""
    seen = dict(db.rows("SELECT staff_id,password_at FROM account_desk"))
    found = sorted(_living(db), key=lambda one: (-seen.get(one.staff.id, 0), one.account.id))
    return [SignIn(one.staff.id, one.staff.name, one.account.login, pin_of(db, one) is not None) for one in found]


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account as a list shows it; `locked` whole minutes at this desk, `roles` codes, `role_names` their names."""

    account: Account
    staff: Staff
    roles: tuple[str, ...]
    role_names: tuple[str, ...]
    grids: tuple[str, ...]
    grid_names: tuple[str, ...]
    locked: int
    twice: bool
    """whether another living account has the same sign-in name, given at another desk while apart"""


@needs("accounts.read")
def accounts(db: Database, _actor: Actor, *, ended: bool = False) -> list[AccountLine]:
    """The accounts, the oldest first; `ended` brings those that ended too."""
    found = db.select(select(Account).where(Account.sync_del == 0).order_by(Account.id))
    people = {one.id: one for one in db.select(select(Staff).where(Staff.sync_del == 0))}
    grids = dict(db.rows("SELECT id,name FROM area WHERE sync_del=0 AND level='网格'"))
    living = [one for one in found if one.to_on is None]
    logins = [one.login for one in living]
    return [
        _line(db, one, people[one.staff_id], grids, twice=one.to_on is None and logins.count(one.login) > 1)
        for one in found
        if one.staff_id in people and (ended or one.to_on is None)
    ]


def _line(db: Database, account: Account, person: Staff, grids: dict[str, str], *, twice: bool) -> AccountLine:
    held, known, own = rules.listed(account.roles), roles(), rules.listed(account.grids)
    return AccountLine(
        account,
        person,
        held,
        tuple(known[code].name if code in known else code for code in held),
        own,
        tuple(grids.get(one, one) for one in own),
        failures.minutes_left(db, account.login) if account.to_on is None else 0,
        twice,
    )


def _living(db: Database) -> list[Known]:
    people = {one.id: one for one in staff(db)}
    found = db.select(select(Account).where(Account.sync_del == 0, Account.to_on.is_(None)).order_by(Account.id))
    return [Known(one, people[one.staff_id]) for one in found if one.staff_id in people]


def handing_over(db: Database) -> list[str]:
    """What is still to be done until the three administrators are apart, in words; empty when it is done.

    A store without accounts, and one whose first administrator has handed over, has nothing to say.
    """
    found = holders(db)
    first = [one.name for one in found if "setup" in one.roles]
    if not first:
        return []
    held = {code for one in found for code in one.roles}
    missing = [role.name for role in roles().values() if role.apart and role.granted and role.code not in held]
    if missing:
        return [f"还没有{'、'.join(missing)}，现由初始管理员{'、'.join(first)}代行。请尽快在“账号”里另指定人员。"]
    return [f"系统、安全、审计管理员都已到岗，请由安全管理员收回{'、'.join(first)}的“初始管理员”角色。"]


# ------------------------------------------------------------------------------------------------------- audit trail


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which lines of the audit trail: `since` and `until` in UTC ms (until excluded), words of who and what."""

    since: int | None = None
    until: int | None = None
    who: str = ""
    what: str = ""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line: who did what and why, at (UTC ms), how many records it changed, the chain value as hex."""

    no: int
    at: int
    who: str
    what: str
    why: str
    changes: int
    undone_by: int | None
    chain: str


@reads("audit.read")
def audit_lines(db: Database, chosen: AuditFilter = AuditFilter(), most: int = -1) -> Iterator[AuditLine]:
    """The lines of the audit trail, newest first; `most` -1 for all."""
    sql = (
        "SELECT no,at,coalesce(actor_name,''),what,coalesce(why,''),"
        "(SELECT count(*) FROM journal_change c WHERE c.action=a.no),undone_by,lower(coalesce(hex(chain),'')) "
        "FROM journal_action a WHERE at>=coalesce(:since,at) AND at<coalesce(:until,at+1) "
        "AND instr(coalesce(actor_name,''),:who) AND (instr(what,:what) OR instr(coalesce(why,''),:what)) "
        "ORDER BY no DESC LIMIT :most"
    )
    told = {"since": chosen.since, "until": chosen.until, "who": chosen.who, "what": chosen.what, "most": most}
    for portion in db.portions(sql, told):
        yield from (AuditLine(*row) for row in portion)
