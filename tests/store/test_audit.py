"""The audit trail: what was done cannot be changed, taken out, put in or moved without being found."""

import pytest

from desktop_app.residents.model import Person
from desktop_app.store import anchors, audit_check
from desktop_app.store.connecting import connect
from desktop_app.sync import erasing


@pytest.fixture
def raw(app):
    """Somebody with the key and a tool of their own, past every trigger."""
    connection = connect(app.db.path, app.secrets.get("store"))
    connection.execute("UPDATE sync_ctx SET applying=2")
    yield connection
    connection.execute("UPDATE sync_ctx SET applying=0")
    connection.close()


@pytest.fixture
def lines(db, actor):
    """Ten registrations, one line each; returns the numbers of the lines."""
    for number in range(10):
        with db.transaction(actor, f"登记居民：居民{number}") as tx:
            tx.add(Person(name=f"居民{number}"))
    return [no for (no,) in db.rows("SELECT no FROM journal_action WHERE what LIKE '登记居民%' ORDER BY no")]


def said(db):
    return {fault.words for fault in audit_check.verify(db).faults}


def test_what_nobody_touched_is_sound(db, lines):
    verdict = audit_check.verify(db)
    assert verdict.sound
    assert verdict.last == lines[-1]
    assert verdict.lines == verdict.last - verdict.first + 1 >= 10


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("what='登记居民：别人'", "内容被改动"),
        ("why='补写的理由'", "内容被改动"),
        ("at=at+1", "时间、人员或先后次序被改动"),
        ("actor_name='李四'", "时间、人员或先后次序被改动"),
        ("actor='0'", "时间、人员或先后次序被改动"),
        ("undoes=1", "时间、人员或先后次序被改动"),
        ("chain=NULL", "是插进来的"),
        ("salt=NULL", "内容被改动"),
    ],
)
def test_an_altered_line_is_named(db, raw, lines, change, words):
    raw.execute(f"UPDATE journal_action SET {change} WHERE no=?", (lines[4],))
    assert f"第 {lines[4]} 行{words}" in said(db)


def test_what_is_written_later_about_a_line_is_no_alteration(db, lines, raw):
    raw.execute("UPDATE journal_action SET undone_by=? WHERE no=?", (lines[5], lines[4]))
    assert audit_check.verify(db).sound


@pytest.mark.parametrize("change", ['before=\'{"name":"x"}\'', "op='u'", "row=row+1"])
def test_an_altered_change_is_found_in_its_line(db, raw, lines, change):
    raw.execute(f"UPDATE journal_change SET {change} WHERE action=?", (lines[4],))
    assert said(db) == {f"第 {lines[4]} 行内容被改动"}


def test_removed_lines_are_named(db, raw, lines):
    raw.execute("DELETE FROM journal_action WHERE no IN (?,?)", (lines[3], lines[4]))
    assert said(db) == {f"第 {lines[3]}-{lines[4]} 行被删除"}


def test_the_first_line_is_missed(db, raw):
    raw.execute("DELETE FROM journal_action WHERE no=1")
    assert said(db) == {"第 1 行被删除"}


def test_the_last_line_is_missed_by_its_changes(db, raw, lines):
    raw.execute("DELETE FROM journal_action WHERE no=?", (lines[-1],))
    assert said(db) == {f"第 {lines[-1]} 行被删除"}


def test_a_line_put_in_is_named(db, raw, lines):
    raw.execute("UPDATE journal_action SET no=no+100 WHERE no>=?", (lines[5],))
    raw.execute("UPDATE journal_change SET action=action+100 WHERE action>=?", (lines[5],))
    raw.execute(
        "INSERT INTO journal_action(no,at,actor,actor_name,what,salt,proof,chain) "
        "SELECT ?,at,actor,actor_name,'插入的',salt,proof,chain FROM journal_action WHERE no=?",
        (lines[5], lines[4]),
    )
    assert f"第 {lines[5]} 行内容被改动" in said(db)


def test_two_lines_in_each_others_place_are_named(db, raw, lines):
    for old, new in ((lines[3], -1), (lines[4], lines[3]), (-1, lines[4])):
        raw.execute("UPDATE journal_action SET no=? WHERE no=?", (new, old))
        raw.execute("UPDATE journal_change SET action=? WHERE action=?", (new, old))
    assert {f"第 {lines[3]} 行时间、人员或先后次序被改动", f"第 {lines[4]} 行时间、人员或先后次序被改动"} <= said(db)


def test_an_action_of_thousands_of_changes_is_sealed_as_a_whole(db, actor, raw):
    with db.transaction(actor, "导入") as tx:
        tx.insert(Person, [{"id": f"{n:032x}", "name": f"居民{n}"} for n in range(1500)])
    assert audit_check.verify(db).sound
    no = db.scalar("SELECT no FROM journal_action WHERE what='导入'")
    raw.execute("DELETE FROM journal_change WHERE no=(SELECT max(no) FROM journal_change WHERE action=?)", (no,))
    assert said(db) == {f"第 {no} 行内容被改动"}


def test_an_erasure_the_law_asks_for_is_no_tampering(db, actor):
    with db.transaction(actor, "登记居民：王大锤", "本人来访") as tx:
        person = tx.add(Person(name="王大锤"))
    with db.transaction(actor, "修改居民：王大锤") as tx:
        tx.change(Person, person.id, note="住院")
    erasing.erase(db, actor, person.id, "本人书面申请")
    assert "王大锤" not in repr(db.rows("SELECT what,why FROM journal_action"))
    verdict = audit_check.verify(db)
    assert verdict.faults == []
    assert [(one.what, one.count > 1) for one in verdict.redactions] == [("清除", True)]


def test_what_an_erasure_left_of_a_line_cannot_be_altered_either(db, actor, raw):
    with db.transaction(actor, "登记居民：王大锤") as tx:
        person = tx.add(Person(name="王大锤"))
    no = db.scalar("SELECT max(no) FROM journal_action")
    erasing.erase(db, actor, person.id, "本人书面申请")
    raw.execute("UPDATE journal_action SET what='别的事' WHERE no=?", (no,))
    assert said(db) == {f"第 {no} 行内容被改动"}


def test_a_redaction_nobody_did_is_found(db, raw, lines):
    """Dropping the salt and saying that the law asked for it needs a line that did it."""
    raw.execute("UPDATE journal_action SET salt=NULL,what='登记居民' WHERE no=?", (lines[4],))
    raw.execute("INSERT INTO journal_redaction(by,no) VALUES(?,?)", (lines[6], lines[4]))
    assert {f"第 {lines[4]} 行内容被改动", f"第 {lines[6]} 行时间、人员或先后次序被改动"} <= said(db)


def test_nothing_in_an_erased_line_lets_a_name_be_tried(db, actor):
    """The proof stays, but what it is keyed with goes."""
    with db.transaction(actor, "登记居民：王大锤") as tx:
        person = tx.add(Person(name="王大锤"))
    erasing.erase(db, actor, person.id, "本人书面申请")
    assert db.scalar("SELECT count(*) FROM journal_action WHERE salt IS NULL") > 0
    assert db.rows("SELECT a.no FROM journal_redaction r JOIN journal_action a USING(no) WHERE a.salt NOTNULL") == []


# ------------------------------------------------------------------------------------------------------------- anchors


def rewrite(db, raw, no):
    """A whole new chain over a changed history, as somebody with the key and this program could make it."""
    from desktop_app.store import audit

    raw.execute("UPDATE journal_action SET what='什么也没有发生' WHERE no=?", (no,))
    before = audit.BEGINNING
    for line in raw.execute("SELECT no,at,actor,actor_name,undoes,what,why,salt FROM journal_action ORDER BY no"):
        proof = audit.prove(line[7], line[5], line[6], audit.changes_of(raw, line[0]))
        before = audit.link(before, proof, b"", line[:5])
        raw.execute("UPDATE journal_action SET proof=?,chain=? WHERE no=?", (proof, before, line[0]))


def test_a_chain_made_anew_is_found_by_the_proofs_that_others_hold(db, clock, lines, raw):
    clock.move(days=1)
    assert anchors.drop_if_due(db)
    assert audit_check.verify(db).anchors == 1
    rewrite(db, raw, lines[4])
    assert said(db) == {f"第 {lines[-1]} 行与留证不符"}


def test_a_file_cut_off_after_a_proof_is_found(db, clock, lines, raw):
    clock.move(days=1)
    anchors.drop_if_due(db)
    raw.execute("DELETE FROM journal_change WHERE action>=? AND tbl<>29", (lines[-1],))
    raw.execute("DELETE FROM journal_action WHERE no>=?", (lines[-1],))
    assert f"第 {lines[-1]} 行被删除" in said(db)


def test_a_proof_is_left_once_a_day_and_only_for_something_new(db, clock, actor, lines):
    assert lines
    assert not anchors.drop_if_due(db)
    clock.move(days=1)
    assert anchors.drop_if_due(db)
    clock.move(days=1)
    assert not anchors.drop_if_due(db)
    with db.transaction(actor, "登记居民") as tx:
        tx.add(Person(name="王小明"))
    assert anchors.drop_if_due(db)
    assert not anchors.drop_if_due(db)
    assert audit_check.verify(db).sound


def test_a_clock_set_back_a_year_does_not_silence_the_proofs(db, clock, actor, lines):
    assert lines
    clock.move(days=1)
    assert anchors.drop_if_due(db)
    clock.move(days=-365)
    with db.transaction(actor, "登记居民") as tx:
        tx.add(Person(name="王小明"))
    assert anchors.drop_if_due(db)
    verdict = audit_check.verify(db)
    assert verdict.sound
    assert verdict.backwards == 1


def test_a_file_that_goes_its_own_way_keeps_to_the_proofs_of_what_it_shares(db, clock, actor, lines):
    clock.move(days=1)
    anchors.drop_if_due(db)
    earlier = db.scalar("SELECT desk FROM audit_anchor")
    with db.applying("重新核对") as tx:
        anchors.fork(tx)
    with db.applying("同步收到") as tx:  # the twin's proof of what it did since
        tx.add(anchors.AuditAnchor(desk=earlier, no=lines[-1] + 50, chain="0" * 64, at=clock.ms(), sync_seq=9))
    with db.transaction(actor, "登记居民") as tx:
        tx.add(Person(name="王小明"))
    assert audit_check.verify(db).sound


# ---------------------------------------------------------------------------------------------------- the sealed head


@pytest.fixture
def sealed(app, db, clock, lines):
    """A trail with a proof, whose head was sealed as when the window is closed."""
    clock.move(days=1)
    anchors.drop_if_due(db)
    app.seal.keep(db)
    return lines


def sealed_said(app):
    return {fault.words for fault in audit_check.verify(app.db, seal=app.seal).faults}


def test_a_sealed_trail_that_nobody_touched_is_sound_and_goes_on(app, db, actor, sealed):
    assert audit_check.verify(db, seal=app.seal).sealed.no == db.scalar("SELECT max(no) FROM journal_action")
    with db.transaction(actor, "登记居民") as tx:
        tx.add(Person(name="王小明"))
    assert audit_check.verify(db, seal=app.seal).sound
    assert app.seal.keep(db)
    assert audit_check.verify(db, seal=app.seal).sound


def test_a_tail_that_was_cut_off_after_the_last_proof_is_found(app, db, actor, raw, sealed):
    for name in ("甲", "乙"):
        with db.transaction(actor, f"登记居民：{name}") as tx:
            tx.keep()
    app.seal.keep(db)
    last = db.scalar("SELECT max(no) FROM journal_action")
    raw.execute("DELETE FROM journal_action WHERE no>=?", (last - 1,))
    assert audit_check.verify(db).sound  # the file alone cannot tell
    assert sealed_said(app) == {f"第 {last - 1}-{last} 行被删除"}


def test_a_rewritten_chain_under_an_emptied_trail_is_found(app, db, raw, sealed):
    rewrite(db, raw, sealed[4])
    raw.execute("DELETE FROM setting WHERE key='audit_trail'")
    assert any("起审计序列被换掉或抹去" in words for words in said(db))
    assert any("与封存的链头不符" in words for words in sealed_said(app))


def test_a_forged_fork_excuses_nothing(app, db, raw, sealed):
    rewrite(db, raw, sealed[4])
    trail = db.setting("audit_trail")
    raw.execute("INSERT OR REPLACE INTO setting VALUES('audit_forks',?)", (f'[["{trail}",1]]',))
    raw.execute("UPDATE setting SET value=? WHERE key='audit_trail'", ("f" * 32,))
    assert any("与封存的链头不符" in words for words in sealed_said(app))


def test_a_head_is_never_sealed_over_a_trail_that_does_not_go_on_from_it(app, db, actor, raw, sealed):
    rewrite(db, raw, sealed[4])
    with db.transaction(actor, "登记居民") as tx:
        tx.add(Person(name="王小明"))
    assert not app.seal.keep(db)
    assert sealed_said(app)


def test_a_line_that_claims_a_repair_excuses_nothing_without_the_signature_of_the_desk(app, db, actor, raw, lines):
    first, last = lines[3], lines[5]
    raw.execute("DELETE FROM journal_change WHERE action BETWEEN ? AND ?", (first, last))
    raw.execute("DELETE FROM journal_action WHERE no BETWEEN ? AND ?", (first, last))
    with db.transaction(actor, audit_check.REPAIR, f"审计第 {first}-{last} 行无法读出〔签 {'0' * 32}〕") as tx:
        tx.keep()
    claimed = db.scalar("SELECT max(no) FROM journal_action")
    assert sealed_said(app) == {f"第 {first}-{last} 行被删除", f"第 {claimed} 行自称修复过数据，但没有本机的签名"}
    at = db.scalar("SELECT at FROM journal_action WHERE no=?", (claimed,))
    words = f"审计第 {first}-{last} 行无法读出"
    assert app.seal.is_signed(claimed, at, words, app.seal.sign(claimed, at, words))
    assert not app.seal.is_signed(claimed + 1, at, words, app.seal.sign(claimed, at, words))


def test_a_restored_backup_says_which_sealed_head_it_left_behind(app, db, actor, home, tmp_path, clock, sealed):
    from desktop_app import app as desk

    clock.move(hours=1)
    made = app.backup()
    with db.transaction(actor, "登记居民") as tx:
        tx.add(Person(name="王小明"))
    app.seal.keep(db)
    left = app.seal.head()
    app.restore(made.path, tmp_path / "新家")
    with desk.open_app(tmp_path / "新家", clock=clock) as other:
        verdict = audit_check.verify(other.db, seal=other.seal)
        assert verdict.sound
        assert verdict.left_behind == [left]
