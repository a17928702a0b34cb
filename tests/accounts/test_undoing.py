"""Taking back asks for what the action asked for: the same right, and the same grids."""

import pytest

from desktop_app.accounts.undoing import rights_for
from desktop_app.partners import actions as partners
from desktop_app.partners import together
from desktop_app.partners.model import PartnerUnit
from desktop_app.privacy import actions as privacy
from desktop_app.privacy import rules as approvals
from desktop_app.residents import actions as residents
from desktop_app.residents import undoing
from desktop_app.residents.actions import Home
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError, ReasonWantedError


def last_action(db) -> int:
    return db.scalar("SELECT max(action) FROM journal_change")


def test_the_journal_keeps_what_an_action_asked_for(db, admin):
    residents.register(db, admin, Person(name="王小明"))
    assert rights_for(db, last_action(db)) == [("residents.change",)]


def test_who_may_only_change_takes_back_no_approval(db, admin, hire):
    """A yearly review is written by whoever approves it, into a table a worker may change."""
    worker, secretary = hire("李静", "worker"), hire("赵书记", "secretary")
    unit = partners.add_unit(db, worker, PartnerUnit(name="江山小学", kind="学校"))
    with db.viewing(secretary):
        together.review(db, secretary, unit.id, 2026)
    review = last_action(db)
    with pytest.raises(AppError, match="权限"):
        undoing.undo(db, worker, review)
    assert undoing.undo(db, secretary, review).undone
    with pytest.raises(AppError, match="权限"):  # nor the taking back of it
        undoing.undo(db, worker, last_action(db))


def test_a_right_that_an_action_works_out_itself_is_kept_too(db, admin, hire):
    worker, secretary = hire("李静", "worker"), hire("赵书记", "secretary")
    asked = privacy.ask(db, secretary, approvals.FULL_EXPORT, "上报街道")
    privacy.decide(db, admin, asked.id, allow=True, valid_until="2026-11-25")
    assert rights_for(db, last_action(db)) == [("privacy.approve",)]
    with pytest.raises(AppError, match="权限"):
        undoing.undo(db, worker, last_action(db))


def test_taking_back_outside_the_own_grids_asks_for_a_reason(db, admin, wang, living):
    residents.correct(db, admin, living[1].id, {"phones": "10000000009"})
    there = last_action(db)
    with pytest.raises(ReasonWantedError, match="第2网格"):
        undoing.undo(db, wang, there)
    assert db.get(Person, living[1].id).phones == "10000000009"
    undoing.undo(db, wang, there, why="窗口代办")
    assert db.scalar("SELECT why FROM journal_action ORDER BY no DESC LIMIT 1") == "窗口代办"
    residents.correct(db, admin, living[0].id, {"phones": "10000000009"})
    undoing.undo(db, wang, last_action(db))


def test_of_an_action_of_before_it_was_kept_the_tables_tell(db, admin, hire, town):
    residents.register(db, admin, Person(name="王小明"), Home(town[1][0].id))
    with db.applying() as tx:
        tx.execute("UPDATE journal_action SET needed=NULL")
    assert rights_for(db, last_action(db)) == [("residents.change",)]
    with pytest.raises(AppError, match="权限"):
        undoing.undo(db, hire("孙审计", "audit"), last_action(db))
