"""What follows from a commit: it comes behind it, and never makes it look as if it had failed."""

import pytest

from desktop_app.accounts.model import Actor
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database


@pytest.mark.parametrize("error", [AppError("磁盘满了，这一步没有保存。"), KeyError("a fault of the program")])
def test_who_saved_is_not_told_that_nothing_was_saved_when_what_follows_cannot_be_done(
    db: Database, actor: Actor, error: Exception
):
    full, heard, others = True, [], []

    def follow(tables: frozenset[str]) -> None:
        if full:
            raise error
        heard.append(tables)

    db.changed += [follow, others.append]
    with db.transaction(actor, "登记居民") as tx:
        tx.add(Person(name="王小明"))
    assert db.scalar("SELECT count(*) FROM person") == 1
    assert others == [{"person"}], "whoever stands behind it hears of it all the same"
    full = False
    with db.transaction(actor, "设社区") as tx:
        tx.execute("UPDATE area SET phone='6260' WHERE level='社区'")
    assert heard == [{"person", "area"}], "and it makes up for it behind the next"
    with db.transaction(actor, "设社区") as tx:
        tx.execute("UPDATE area SET phone='6261' WHERE level='社区'")
    assert heard[1:] == [{"area"}]
