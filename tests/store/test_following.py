"""What follows from a commit: it comes behind it, and never makes it look as if it had failed."""

import shutil
from pathlib import Path

import pytest

from desktop_app import aftermath
from desktop_app import app as desk
from desktop_app.accounts.model import Actor
from desktop_app.app import App
from desktop_app.residents import actions as residents
from desktop_app.residents import merging
from desktop_app.residents.model import Person, PersonTag
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


def test_what_was_put_off_is_made_up_behind_a_commit_that_touched_no_table(db: Database, actor: Actor):
    full, heard = True, []

    def follow(tables: frozenset[str]) -> None:
        if full:
            raise AppError("磁盘满了，这一步没有保存。")
        heard.append(tables)

    db.changed.append(follow)
    with db.transaction(actor, "登记居民") as tx:
        tx.add(Person(name="王小明"))
    full = False
    for _ in range(2):
        with db.applying("同步的记号") as tx:
            tx.set_setting("mark", "1")
    assert heard == [{"person"}], "once, and then nothing is owed"


NOUNS = ("appeal", "order", "points_account")


def _left(app: App) -> None:
    """As a process leaves the file that is killed between a commit and what follows from it."""
    app.db.changed.clear()
    with app.db.applying() as tx:
        for noun in NOUNS:
            tx.execute(f"INSERT INTO {noun}_stale VALUES(?)", ("a" * 32,))


def _waiting(db: Database) -> list[str]:
    return [noun for noun in NOUNS if db.scalar(f"SELECT 1 FROM {noun}_stale")]


def test_states_that_a_killed_process_left_are_worked_out_when_the_store_is_opened(app: App):
    _left(app)
    app.close()
    with desk.open_app(app.home, clock=app.clock) as opened:
        assert _waiting(opened.db) == []


def test_states_that_another_process_left_are_worked_out_behind_the_next_commit_of_anything(app: App):
    with desk.open_app(app.home, clock=app.clock) as other:
        _left(other)
    assert _waiting(app.db) == list(NOUNS)
    with app.db.transaction(app.actor, "登记居民") as tx:
        tx.add(Person(name="王小明"))
    assert _waiting(app.db) == []


def test_a_store_opens_although_what_was_missed_cannot_be_made_up_yet(app: App, monkeypatch: pytest.MonkeyPatch):
    def full(db: Database, tables: frozenset[str]) -> None:
        raise AppError("磁盘满了，这一步没有保存。")

    _left(app)
    app.close()
    with monkeypatch.context() as patch:
        patch.setattr(aftermath, "AFTER_COMMIT", (full,))
        with desk.open_app(app.home, clock=app.clock) as opened:
            assert opened.community.name == "江山社区"


def _merged(app: App) -> tuple[str, str]:
    """Two entries of one resident that were merged: who stayed, who went."""
    one, other = (residents.register(app.db, app.actor, Person(name=name), None).id for name in ("王小明", "王晓明"))
    return merging.merge(app.db, app.actor, one, other).id, max(one, other)


@pytest.mark.parametrize("killed", [True, False])
def test_what_else_follows_from_a_commit_is_made_up_for_when_the_one_who_made_it_was_killed(
    app: App, tmp_path: Path, killed: bool
):
    """A tag that was hung on an entry which is merged away goes to the one that stayed."""
    stays, went = _merged(app)
    app.db.changed.clear()  # it dies behind the commit
    with app.db.transaction(app.actor, "标签") as tx:
        tag = tx.add(PersonTag(person_id=went, tag="低保")).id
    if not killed:
        app.close()  # an end in good order owes nothing, so nobody looks
    home = Path(shutil.copytree(app.home, tmp_path / "after the kill"))
    with desk.open_app(home, clock=app.clock) as opened:
        assert opened.db.get(PersonTag, tag).person_id == (stays if killed else went)
