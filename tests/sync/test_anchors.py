"""Proofs of the audit trail reach the other desks, whose copies a rewritten file cannot satisfy."""

from desktop_app.residents.model import Person
from desktop_app.store import audit_check
from desktop_app.store.connecting import connect


def register(desk, name):
    with desk.app.db.transaction(desk.app.actor, f"登记居民：{name}") as tx:
        tx.add(Person(name=name))


def test_a_sync_after_an_hour_leaves_a_proof_that_every_desk_holds(first, second):
    register(first, "王小明")
    first.clock.move(hours=2)
    first.sync()
    second.sync()
    mine = first.app.db.rows("SELECT desk,no,chain FROM audit_anchor")
    assert len(mine) == 1
    assert second.app.db.rows("SELECT desk,no,chain FROM audit_anchor") == mine
    assert audit_check.verify(first.app.db).anchors == 1
    assert audit_check.verify(second.app.db).anchors == 0, "it is not the trail of this desk"
    assert audit_check.verify(second.app.db).sound


def test_syncs_in_a_row_leave_one_proof(first):
    register(first, "王小明")
    first.clock.move(hours=2)
    for _ in range(5):
        register(first, "某人")
        first.sync()
    assert first.app.db.scalar("SELECT count(*) FROM audit_anchor") == 1


def test_a_proof_taken_out_of_the_file_comes_back_with_a_deep_sync(first):
    register(first, "王小明")
    first.clock.move(hours=2)
    first.sync()
    ((no, chain),) = first.app.db.rows("SELECT no,chain FROM audit_anchor")
    raw = connect(first.app.db.path, first.app.secrets.get("store"))
    raw.execute("UPDATE sync_ctx SET applying=2")
    raw.execute("UPDATE audit_anchor SET chain='0'")
    raw.execute("UPDATE sync_ctx SET applying=0")
    raw.close()
    assert not audit_check.verify(first.app.db).sound
    first.sync(deep=True)
    assert first.app.db.rows("SELECT no,chain FROM audit_anchor WHERE no=?", (no,)) == [(no, chain)]
