"""Who tries what he has no right to leaves a line in the audit trail, and cannot flood it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from desktop_app.accounts import attempts, rights
from desktop_app.residents import actions as residents
from desktop_app.residents import queries as people
from desktop_app.residents.model import Person
from desktop_app.shared.actor import NOBODY
from desktop_app.shared.errors import AppError
from desktop_app.store import database
from desktop_app.store.connecting import connect


def tried(db) -> list[tuple[str, str]]:
    return db.rows("SELECT actor_name,what FROM journal_action WHERE what LIKE '越权%' ORDER BY no")


def test_a_refused_action_and_a_refused_question_stand_in_the_trail(db, hire):
    auditor = hire("孙审计", "audit")
    with pytest.raises(AppError, match="权限"):
        residents.register(db, auditor, Person(name="王小明"))
    with db.viewing(auditor), pytest.raises(AppError, match="权限"):
        people.counts(db)
    assert tried(db) == [
        ("孙审计", "越权被拒：登记、修改居民和户（residents.change）"),
        ("孙审计", "越权被拒：查看居民和户（residents.read）"),
    ]


def test_the_same_attempt_is_written_once_in_ten_minutes(db, hire, clock):
    auditor = hire("孙审计", "audit")
    for minutes in (0, 0, 5, 6, 0):
        clock.move(minutes=minutes)
        with pytest.raises(AppError):
            rights.demand(db, auditor, "residents.read")
    assert len(tried(db)) == 2


def test_however_many_try_there_is_an_end_of_lines(db, hire, monkeypatch):
    monkeypatch.setattr(attempts, "MOST", 3)
    auditor = hire("孙审计", "audit")
    for right in ("residents.read", "residents.change", "visits.read", "care.read", "appeals.read"):
        with pytest.raises(AppError):
            rights.demand(db, auditor, right)
    assert len(tried(db)) == 3


def test_within_a_transaction_the_line_is_written_behind_it(db, hire):
    auditor = hire("孙审计", "audit")
    with pytest.raises(AppError, match="权限"), db.transaction(auditor, "改") as tx:
        tx.set_setting("anything", "else")
        rights.demand(db, auditor, "residents.read")
    assert db.setting("anything") is None
    assert len(tried(db)) == 1


def test_nobody_who_tries_is_written_as_nobody(db, admin):
    with pytest.raises(AppError, match="还没有登录"):
        rights.demand(db, NOBODY, "residents.read")
    assert [why for (why,) in db.rows("SELECT why FROM journal_action WHERE what LIKE '越权%'")] == ["没有人登录"]


def test_asking_whether_one_may_is_no_attempt(db, hire):
    assert not rights.may(db, hire("孙审计", "audit"), "residents.read")
    assert tried(db) == []


def refused(db, actor):
    with pytest.raises(AppError, match="权限"):
        rights.demand(db, actor, "residents.read")
    return tried(db)


def test_nobody_waits_while_another_thread_writes_and_the_line_follows(db, hire, admin):
    auditor = hire("孙审计", "audit")
    with ThreadPoolExecutor(1) as pool, db.transaction(admin, "改") as tx:
        assert pool.submit(refused, db, auditor).result(timeout=30) == []
        tx.keep()
    assert len(tried(db)) == 1


def test_nobody_waits_while_another_process_writes_and_the_line_follows(app, db, hire, monkeypatch):
    auditor = hire("孙审计", "audit")
    other = connect(db.path, app._key)
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(database, "BUSY_MS", 600_000)  # who waited would wait too long
    with ThreadPoolExecutor(1) as pool:
        try:
            assert pool.submit(refused, db, auditor).result(timeout=30) == []
        finally:
            other.execute("ROLLBACK")
            other.close()
    with db.transaction(auditor, "别的") as tx:
        tx.keep()
    assert len(tried(db)) == 1


def why_and_needed(db) -> list[tuple[str | None, str | None]]:
    return db.rows("SELECT why,needed FROM journal_action WHERE what LIKE '越权%'")


def test_a_line_that_another_thread_writes_has_nothing_of_what_that_thread_does(db, hire, admin):
    """Neither the reason of an action nor the rights it asked for belong to an attempt it happens to write down."""
    auditor = hire("孙审计", "audit")
    with ThreadPoolExecutor(1) as pool, db.because("本人来说"), db.acting(admin, "residents.change"):
        with db.transaction(admin, "改") as tx:
            pool.submit(refused, db, auditor).result(timeout=30)
            tx.keep()
        assert (db.reason, db.asked, db.viewer) == ("本人来说", ("residents.change",), admin)
    assert why_and_needed(db) == [(None, None)]
    assert db.row("SELECT why,needed FROM journal_action WHERE what='改'") == ("本人来说", "residents.change")


def test_a_line_that_was_put_off_keeps_the_reason_of_who_tried(db, hire):
    auditor = hire("孙审计", "audit")
    with pytest.raises(AppError), db.because("核对台账"), db.transaction(auditor, "改"):
        rights.demand(db, auditor, "residents.read")
    assert why_and_needed(db) == [("核对台账", None)]


def broken() -> None:
    raise RuntimeError


def test_what_fails_behind_a_transaction_does_not_make_it_seem_to_have_failed(db, admin):
    """It is on the disk: whoever heard otherwise would do it again; and all who watch for changes hear of it."""
    changed = []
    db.changed.append(changed.append)
    with db.transaction(admin, "登记") as tx:
        tx.add(Person(name="王小明"))
        db.afterwards(broken)
    assert db.scalar("SELECT count(*) FROM person WHERE name='王小明'") == 1
    assert [tables for tables in changed if "person" in tables]


def test_why_a_transaction_failed_is_not_hidden_by_what_fails_behind_it(db, admin):
    done = []
    with pytest.raises(AppError, match="没有填"), db.transaction(admin, "登记"):
        db.afterwards(broken)
        db.afterwards(lambda: done.append("next"))
        raise AppError("姓名没有填")
    assert done == ["next"]
