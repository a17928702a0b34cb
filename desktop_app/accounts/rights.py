"""Who may do what: every action names the right it needs, and is refused to whoever lacks it.

The rule, in this order: the system (sync, timers, migrations) may do everything; in a store that never had an account,
which is one before its set-up, everything is allowed; else an actor may do what the roles of his living account allow
now.  Accounts that are gone, by whatever way, do not open a store again: the recovery sheet does.
Roles are looked up whenever they are asked for and never carried along, so one that a sync takes away is gone at once.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from typing import Any, Final, TypeVar

from desktop_app.accounts import attempts, policy, rules
from desktop_app.accounts.model import Actor
from desktop_app.accounts.rules import Holder
from desktop_app.shared.actor import NOBODY, SYSTEM
from desktop_app.shared.errors import AppError
from desktop_app.store.base import Record
from desktop_app.store.database import Database

F = TypeVar("F", bound=Callable[..., Any])

_LIVING: Final = (
    "SELECT a.id,a.staff_id,s.name,a.roles,a.grids,a.must_change FROM account a JOIN staff s ON s.id=a.staff_id "
    "WHERE a.sync_del=0 AND a.to_on IS NULL AND s.sync_del=0 AND s.to_on IS NULL ORDER BY a.id"
)


@dataclass(frozen=True, slots=True)
class Held:
    """What an account may do: `grids` and `own` say which rights end at which grids (none named: they do not end)."""

    rights: frozenset[str]
    own: frozenset[str]
    grids: frozenset[str]
    must_change: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """All who may do anything, by staff id; `any` if the store has, or ever had, an account."""

    any: bool
    held: dict[str, Held]


NOTHING: Final = Held(frozenset(), frozenset(), frozenset(), must_change=False)


def needs(right: str, *others: str) -> Callable[[F], F]:
    """Marks an action (or a query that takes the actor): AppError, with nothing done, for an actor without `right`.

    `right` is a code of `resources/codes/rights.toml`, `<slice>.<verb>`: `residents.change`, `audit.read`.  Where
    `others` are named one of them all is enough.  The first parameter is the store, or an `App`, and comes by position;
    the one called `actor` may stand anywhere.
    """
    wanted = (right, *others)

    def mark(deed: F) -> F:
        names = [name.lstrip("_") for name in signature(deed).parameters]
        at = names.index("actor")

        @wraps(deed)
        def checked(*args: Any, **kwargs: Any) -> Any:
            db = getattr(args[0], "db", args[0])  # an App brings its store; this shelf does not know the class
            actor: Actor = args[at] if at < len(args) else kwargs["actor"]
            _must_hold(db, actor, wanted)
            with db.acting(actor, "|".join(wanted)):
                return deed(*args, **kwargs)

        return _marked(checked, wanted, deed)

    return mark


def asks(deed: F) -> F:
    """Marks an action that works its right out itself (`demand`), first store, then actor, by position."""

    @wraps(deed)
    def checked(db: Database, actor: Actor, /, *args: Any, **kwargs: Any) -> Any:
        with db.acting(actor, ""):
            return deed(db, actor, *args, **kwargs)

    done: Any = checked
    marked: F = done
    return marked


def reads(right: str, *others: str) -> Callable[[F], F]:
    """Marks a query that takes only the store: refused unless `db.viewer`, for whom this thread reads, may see it.

    Where `others` are named one of them all is enough.
    """
    wanted = (right, *others)

    def mark(question: F) -> F:
        @wraps(question)
        def checked(db: Database, /, *args: Any, **kwargs: Any) -> Any:
            _must_hold(db, db.viewer or NOBODY, wanted)
            return question(db, *args, **kwargs)

        return _marked(checked, wanted, question)

    return mark


def _marked(checked: Any, wanted: tuple[str, ...], _like: F) -> F:
    """So that a test can read off every function what it asks for."""
    checked.rights = wanted
    marked: F = checked
    return marked


def demand(db: Database, actor: Actor, right: str) -> None:
    """AppError if the actor lacks the right."""
    demand_any(db, actor, (right,))


def demand_of_viewer(db: Database, right: str) -> None:
    """AppError if whoever this thread reads for lacks the right."""
    _must_hold(db, db.viewer or NOBODY, (right,))


def right_to(verb: str, cls: type[Record]) -> str:
    """The right to do something with records of a class where no action asks: `<slice>.<verb>`."""
    return f"{cls.__module__.split('.')[1]}.{verb}"


def demand_any(db: Database, actor: Actor, wanted: Sequence[str]) -> None:
    """AppError if the actor has none of these rights."""
    _must_hold(db, actor, wanted)
    db.note_asked("|".join(wanted))


def _must_hold(db: Database, actor: Actor, wanted: Sequence[str]) -> None:
    """AppError, and a line in the audit trail, if the actor has none of these rights."""
    if any(may(db, actor, right) for right in wanted):
        return
    refused = refusal(db, actor, wanted[0])
    attempts.note(db, actor, wanted[0])
    raise refused


def as_system(db: Database, right: str = "") -> AbstractContextManager[None]:
    """Meanwhile this thread reads for the system: the program's own work, whoever began it.

    `right`: what somebody must have to begin it; empty for what timers begin.
    """
    if right:
        demand_of_viewer(db, right)
    return db.viewing(SYSTEM)


def may(db: Database, actor: Actor, right: str) -> bool:
    """Whether the actor has the right now."""
    if actor == SYSTEM:
        return True
    standing = standing_of(db)
    return not standing.any or right in standing.held.get(actor.id, NOTHING).rights


def rights_of(db: Database, actor: Actor) -> frozenset[str]:
    """All the actor may do now."""
    if actor == SYSTEM:
        return frozenset(policy.rights())
    standing = standing_of(db)
    return standing.held.get(actor.id, NOTHING).rights if standing.any else frozenset(policy.rights())


def reach_of(db: Database, actor: Actor, right: str) -> frozenset[str]:
    """The grids (area ids) at which the right of this actor ends; empty where it reaches the whole community."""
    if actor == SYSTEM:
        return frozenset()
    found = standing_of(db).held.get(actor.id, NOTHING)
    return found.grids if right in found.own else frozenset()


def has_accounts(db: Database) -> bool:
    """Whether the store has been set up: somebody has, or had, an account."""
    return standing_of(db).any


def refusal(db: Database, actor: Actor, right: str) -> AppError:
    """Why an actor may not, in words for him."""
    known = policy.rights().get(right)
    what = known.name if known else right
    if not actor.id:
        return AppError(f"还没有登录，不能{what}，什么也没有改。", next_step="请先登录。")
    held = standing_of(db).held.get(actor.id)
    if held is None:
        return AppError(f"{actor.name}的账号已停用，不能{what}，什么也没有改。", next_step="请换人登录，或问管理员。")
    if held.must_change:
        return AppError("密码要先更换才能继续，什么也没有改。", next_step="请更换密码。")
    who = "、".join(role.name for role in policy.roles().values() if right in role.holds and role.granted)
    return AppError(
        f"{actor.name}没有“{what}”的权限，什么也没有改。",
        next_step=f"可以请{who or '管理员'}来办，或请安全管理员授权。",
    )


# ------------------------------------------------------------------------------------------------------- looked up once


def standing_of(db: Database) -> Standing:
    """All who may do anything; worked out once after each commit."""
    return db.kept("standing", lambda: _standing(db))


def holders(db: Database) -> list[Holder]:
    """The living accounts, the oldest first."""
    return [
        Holder(id_, staff_id, name, rules.listed(roles), frozenset(rules.listed(grids)), bool(must_change))
        for id_, staff_id, name, roles, grids, must_change in db.rows(_LIVING)
    ]


def _standing(db: Database) -> Standing:
    if not db.set_up and db.scalar("SELECT 1 FROM account LIMIT 1") is None:  # a tombstone counts: somebody had one
        return Standing(any=False, held={})
    found = holders(db)
    fallen = rules.keepers(found, policy.roles())
    held: dict[str, Held] = {}
    for one in found:
        more = frozenset(right for right, account_id in fallen.items() if account_id == one.account_id)
        held[one.staff_id] = _held(one, more)
    return Standing(any=True, held=held)


def _held(one: Holder, more: frozenset[str]) -> Held:
    """A password that somebody else chose has to be changed before anything else."""
    if one.must_change:
        return Held(frozenset(), frozenset(), one.grids, must_change=True)
    roles = policy.roles()
    return Held(
        rules.rights_of_roles(one.roles, roles) | more,
        rules.own_of_roles(one.roles, roles),
        one.grids,
        must_change=False,
    )
