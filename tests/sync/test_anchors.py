"""Proofs of the audit trail reach the other desks, whose copies a rewritten file cannot satisfy."""

import pytest

from desktop_app.residents.model import Person
from desktop_app.shared.errors import NetworkError
from desktop_app.store import anchors, audit_check
from desktop_app.store.connecting import connect
from desktop_app.sync import refused
from tests.sync.desks import clone, lost


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


def test_a_proof_that_two_copies_of_one_disk_have_not_sent_is_said_by_each_as_its_own(first, server, tmp_path):
    """Otherwise the server refuses the second as a proof that somebody changed."""
    register(first, "王小明")
    first.sync()
    first.clock.move(hours=2)
    assert anchors.drop_if_due(first.db, anchors.HOUR_MS)
    twin = clone(first, tmp_path / "twin", server)
    for desk in (first, twin, first, twin):
        register(desk, "某人")
        desk.sync()
    for desk in (first, twin):
        assert refused.listed(desk.db) == []
        assert audit_check.verify(desk.db).sound
    assert len({desk for desk, _ in first.db.rows("SELECT desk,id FROM audit_anchor")}) == 2
    twin.app.close()


def test_a_proof_whose_receipt_was_lost_is_not_refused_when_the_desk_goes_its_own_way(first, server):
    register(first, "王小明")
    first.sync()
    first.clock.move(hours=2)
    register(first, "李小红")
    first.line.after = lost
    with pytest.raises(NetworkError):
        first.sync()
    first.line.heal()
    with server.storage.writing() as session:  # a twin has spoken in between
        session.run("update device set nonce='other'")
    first.sync()
    assert refused.listed(first.db) == []
    assert audit_check.verify(first.db).sound
