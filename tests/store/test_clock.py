"""The clock of the machine jumps an hour or a year, back or forward: numbers, history and backups go on in order."""

import pytest

from desktop_app import app as desk
from desktop_app.residents.model import Person
from desktop_app.store import audit_check, history

JUMPS = [{"hours": -1}, {"hours": 1}, {"days": -365}, {"days": 365}]


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_numbers_history_and_undo_keep_their_order_when_the_clock_jumps(app, db, actor, clock, jump):
    with db.transaction(actor, "登记居民") as tx:
        person = tx.add(Person(name="王小明"))
        numbers = [tx.take_number("print")]
    clock.move(**jump)
    for note in ("先", "后"):
        with db.transaction(actor, f"修改：{note}") as tx:
            tx.change(Person, person.id, note=note)
            numbers.append(tx.take_number("print"))
    assert numbers == [1, 2, 3]
    assert [entry.what for entry in history.history(db, Person, person.id)] == ["修改：后", "修改：先", "登记居民"]
    stamps = [ts for (ts,) in db.rows("SELECT ts FROM sync_dirty WHERE tbl=7")]
    assert stamps == [db.scalar("SELECT floor FROM sync_ctx")], "never behind a stamp that was given before"
    history.undo(db, actor, history.last_action(db, actor)[0])
    assert db.get(Person, person.id).note == "先"
    verdict = audit_check.verify(db)
    assert verdict.sound
    assert bool(verdict.backwards) == (next(iter(jump.values())) < 0)
    assert app.backup().counts["person"] == 1


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_a_desk_opens_and_backs_up_whatever_the_clock_says_since(home, clock, jump):
    with desk.open_app(home, clock=clock) as opened:
        opened.backup()
    clock.move(**jump)
    with desk.open_app(home, clock=clock) as opened:
        with opened.db.transaction(opened.actor, "登记居民") as tx:
            tx.add(Person(name="王小明"))
        made = opened.backup_if_due("exit")
        assert made is None or made.path.exists()
        assert (made is None) == (jump == {"hours": -0.5})
