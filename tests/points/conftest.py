"""A savings book: two members, a household, and a short way to deposit."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from desktop_app.points import actions, figures, opening, queries
from desktop_app.points.actions import Deposit
from desktop_app.points.model import PointsAccount, PointsEntry
from desktop_app.points.queries import AccountLine, PassbookLine
from desktop_app.residents import actions as residents
from desktop_app.residents.model import Person
from desktop_app.shared.actor import Actor
from desktop_app.store.database import Database

Refused = Callable[..., str]


@dataclass
class Bank:
    """The store, who records, and what is asked of it most."""

    db: Database
    actor: Actor

    def person(self, name: str = "王芳", **fields: str) -> Person:
        return residents.register(self.db, self.actor, Person(name=name, **fields), None)

    def account(self, name: str = "王芳", kind: str = "党员积分") -> PointsAccount:
        return opening.open_account(self.db, self.actor, kind, person_id=self.person(name).id)

    def deposit(self, account: PointsAccount, rule: str = "基本分", **told: object) -> PointsEntry:
        return actions.deposit(self.db, self.actor, account.id, Deposit(rule, **told))  # type: ignore[arg-type]

    def spend(self, account: PointsAccount, amount: int, text: str = "洗衣液 1 瓶") -> PointsEntry:
        return actions.spend(self.db, self.actor, account.id, amount, text)

    def line(self, account: PointsAccount) -> AccountLine:
        found = queries.account(self.db, account.id)
        assert found is not None
        assert figures.check(self.db).sound
        return found

    def book(self, account: PointsAccount, since: str = "", until: str = "") -> tuple[PassbookLine, ...]:
        found = queries.passbook(self.db, account.id, since, until)
        assert found is not None
        return found.lines


@pytest.fixture
def bank(db: Database, actor: Actor) -> Bank:
    return Bank(db, actor)
