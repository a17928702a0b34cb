"""Whose time is over: what has been kept as long as the retention classes allow, and who allowed it to go."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import reads
from desktop_app.privacy import actions, rules
from desktop_app.privacy.model import Approval
from desktop_app.privacy.policy import ERASE, KEEP, SEAL, Keeping, retention
from desktop_app.shared.errors import AppError
from desktop_app.shared.text import mask
from desktop_app.store.database import Database

MARKER: Final = "（内容已按申请清除）"
_PEOPLE = "SELECT p.id,p.name,{column} FROM person p WHERE p.sync_del=0 AND p.scope=0 AND p.{column}<:before{more}"
_SQL: Final = {
    # who left and died since is kept as one of the dead
    "moved": _PEOPLE.format(column="left_on", more=" AND p.deceased_on IS NULL"),
    "deceased": _PEOPLE.format(column="deceased_on", more=""),
    "visit": (
        "SELECT v.id,coalesce(p.name,h.name,''),v.\"on\" FROM visit v LEFT JOIN person p ON p.id=v.person_id "
        "LEFT JOIN household o ON o.id=v.household_id LEFT JOIN person h ON h.id=o.head_id "
        'WHERE v.sync_del=0 AND v.scope=0 AND v."on"<:before'
    ),
    "appeal": (
        "SELECT a.id,coalesce(a.reporter_name,''),a.received_on FROM appeal a JOIN appeal_state s ON s.appeal_id=a.id "
        f"WHERE a.sync_del=0 AND a.scope=0 AND a.received_on<:before AND s.phase='已结案' AND a.title<>'{MARKER}'"
    ),
}
"""Retention class → the records older than a day: id, a name, the day their time runs from."""


@dataclass(frozen=True, slots=True)
class Expired:
    """One record whose time is over; `who` is masked, days are ISO text."""

    id: str
    klass: str
    who: str
    since: str
    over_on: str


@dataclass(frozen=True, slots=True)
class Review:
    """One retention class with what has expired in it, and where its approval stands."""

    keeping: Keeping
    lines: tuple[Expired, ...]
    asked: bool = False
    approval: Approval | None = None

    @property
    def code(self) -> str:
        """What tells the class from others."""
        return self.keeping.code


@reads("privacy.read")
def review(db: Database) -> list[Review]:
    """Every class whose records are erased or sealed one day, with what has expired today."""
    return [_review(db, keeping) for keeping in retention(db.path.parent) if keeping.action != KEEP]


def _review(db: Database, keeping: Keeping) -> Review:
    asked, approval = _standing(db, keeping)
    return Review(keeping, tuple(expired(db, keeping)), asked, approval)


@reads("privacy.read")
def expired(db: Database, keeping: Keeping) -> list[Expired]:
    """What of a class is older than it may become, the oldest first."""
    sql = _SQL.get(keeping.code)
    if sql is None:
        return []
    today = db.clock.today()
    before = rules.years_after(today.isoformat(), -keeping.after_years)
    found = db.rows(f"{sql} ORDER BY 3", {"before": before})
    lines = [
        Expired(str(id_), keeping.code, mask("name", name), since, rules.years_after(since, keeping.after_years))
        for id_, name, since in found
    ]
    return [line for line in lines if line.over_on < today.isoformat()]


def _kind(keeping: Keeping) -> str:
    return {ERASE: rules.EXPIRED_ERASE, SEAL: rules.EXPIRED_SEAL}[keeping.action]


def _standing(db: Database, keeping: Keeping) -> tuple[bool, Approval | None]:
    """Whether somebody asks for this class now, and the approval in force."""
    today = db.clock.today().isoformat()
    found = db.select(
        select(Approval)
        .where(Approval.kind == _kind(keeping), Approval.reason.startswith(_head(keeping)), Approval.sync_del == 0)
        .order_by(Approval.asked_at.desc())
    )
    asked = any(one.verdict is None for one in found)
    allowed = next((one for one in found if one.verdict == rules.YES and (one.valid_until or "") >= today), None)
    return asked, allowed


def _head(keeping: Keeping) -> str:
    return f"{keeping.name}："


def ask(db: Database, actor: Actor, code: str, why: str = "") -> Approval:
    """Asks that what has expired of a class may go."""
    found = _of(db, code)
    if not found.lines:
        raise AppError(f"{found.keeping.name}里没有到期的记录，没有申请。")
    words = f"{_head(found.keeping)}到期 {len(found.lines)} 条，{found.keeping.source}"
    return actions.ask(db, actor, _kind(found.keeping), f"{words}。{why}".rstrip("。") + "。")


@reads("privacy.erase")
def must_be_approved(db: Database, code: str, only: Sequence[str] = ()) -> tuple[Review, tuple[Expired, ...]]:
    """The class and those of its records that may go now: all that have expired, or of them `only` these."""
    found = _of(db, code)
    if found.approval is None:
        step = "等负责人在“个人信息”里审批。" if found.asked else "请先申请审批。"
        raise AppError(f"{found.keeping.name}的到期处理还没有审批，什么也没有做。", next_step=step)
    chosen = tuple(line for line in found.lines if not only or line.id in only)
    if not chosen:
        raise AppError(f"{found.keeping.name}里没有到期的记录，什么也没有做。")
    return found, chosen


def _of(db: Database, code: str) -> Review:
    keeping = next((one for one in retention(db.path.parent) if one.code == code and one.action != KEEP), None)
    if keeping is None:
        names = "、".join(one.code for one in retention(db.path.parent) if one.action != KEEP)
        raise AppError(f"没有“{code}”这一类。", field="class", next_step=f"可以是：{names}。")
    return _review(db, keeping)
