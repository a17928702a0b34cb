"""Who may do what: every action names the right it needs, and is refused to whoever lacks it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from desktop_app.accounts.model import Actor
from desktop_app.store.database import Database

P = ParamSpec("P")
T = TypeVar("T")
Deed = Callable[Concatenate[Database, Actor, P], T]


def needs(right: str) -> Callable[[Deed[P, T]], Deed[P, T]]:
    """Marks an action (or a query that takes the actor): AppError, with nothing done, for an actor without `right`.

    `right` is a code of `resources/codes/rights.toml`, `<slice>.<verb>`: `residents.change`, `audit.read`.
    """

    def mark(deed: Deed[P, T]) -> Deed[P, T]:
        @wraps(deed)
        def checked(db: Database, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> T:
            demand(db, actor, right)
            return deed(db, actor, *args, **kwargs)

        marked: Any = checked
        marked.right = right
        return checked

    return mark


def demand(db: Database, actor: Actor, right: str) -> None:
    """AppError if the actor lacks the right."""
