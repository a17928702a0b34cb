"""What has to be worked out anew behind a commit, whoever made it: a pull or an undo too."""

from collections.abc import Callable
from functools import partial
from typing import Final

from desktop_app.appeals import actions as appeals
from desktop_app.matters import clashes as matters
from desktop_app.orders import actions as orders
from desktop_app.orders import wish_facts as wishes
from desktop_app.points import balances as points
from desktop_app.practice import actions as practice
from desktop_app.residents import merging
from desktop_app.shared.actor import SYSTEM
from desktop_app.store.database import Database
from desktop_app.store.following import Changed
from desktop_app.store.keys import SecretStore
from desktop_app.sync import erasing, refused, sealed_files

Follow = Callable[[Database, frozenset[str]], None]
AFTER_COMMIT: Final[tuple[Follow, ...]] = tuple(
    x.follow_up for x in (practice, appeals, orders, wishes, matters, points, merging, erasing, sealed_files, refused)
)
"""Each gets the store and the tables that were touched."""
WITH_SECRETS: Final = (erasing.follow_up_sealed, sealed_files.follow_up_sealed)
"""The same, of what is under seal: told the secrets first."""


def work_out(db: Database, follow: Follow, tables: frozenset[str]) -> None:
    """Whoever committed, what follows from it is the program's own work."""
    with db.viewing(SYSTEM):
        follow(db, tables)


def followers(db: Database, secrets: SecretStore) -> list[Changed]:
    """All of them, to be told of the commits of a store."""
    every: list[Follow] = [*AFTER_COMMIT, *(partial(follow, secrets) for follow in WITH_SECRETS)]
    return [partial(work_out, db, follow) for follow in every]


def make_up(db: Database, *, unclean: bool) -> None:
    """When a store is opened: what follows from the last commits, if who made them was killed or had no room.

    States and balances that wait say so in the file.  Of the rest nobody knows behind an unclean end: everybody is told
    that anything may have been touched.
    """
    db.changed.tell(db.changed.stale(db.reader()) | (frozenset(db.tables) if unclean else frozenset()))
