"""What is left of somebody who was erased: nothing of the person, and of the community's records what it must keep."""

import pytest

from desktop_app.appeals import actions as appeals
from desktop_app.appeals import intake, queries, sharing
from desktop_app.appeals.deeds import Deed
from desktop_app.privacy import requesting
from desktop_app.privacy.model import SubjectRequest
from desktop_app.residents.model import HouseholdMember, Person, PersonTag
from desktop_app.shared.ids import named_id, new_id
from desktop_app.store import audit_check, standing
from desktop_app.store.connecting import connect
from desktop_app.store.requests import Erasure
from desktop_app.sync import erasing, refused
from desktop_app.sync.erasing import KEPT, OWN, erase
from desktop_app.sync.status import status
from desktop_app.visits.model import Visit
from tests.sync.conftest import STREET

SECRET = "秘密事项"
GROUND = "本人书面申请"


def together(*desks):
    for _ in range(2):
        for desk in desks:
            desk.sync()


def everything_written(db):
    tables = [name for (name,) in db.rows("SELECT name FROM sqlite_master WHERE type='table'")]
    return " ".join(str(row) for name in tables for row in db.rows(f'SELECT * FROM "{name}"'))


@pytest.fixture
def complaint(app, db, actor):
    """An appeal of 单守诚 that climbed one step; its words tell about him."""
    with db.transaction(actor, "登记居民：单守诚", "单守诚本人来登记，电话10000000007") as tx:
        person = tx.add(Person(name="单守诚", id_no="420299195003051213", phones="10000000007"))
    appeal = intake.register(
        db, actor, intake.blank(db, title=f"单守诚反映{SECRET}", text=f"{SECRET}一", person_id=person.id, place="3栋")
    )
    appeals.act(db, actor, appeal.id, Deed("受理"))
    appeals.act(db, actor, appeal.id, Deed("回复", text=f"{SECRET}二", to_whom="单守诚"))
    appeals.act(db, actor, appeal.id, Deed("上报", text=f"{SECRET}三", to_whom="街道"))
    return person, appeal


def test_every_reference_to_a_person_is_erased_or_kept_for_a_reason():
    found = {(cls.__tablename__, column) for cls, column, target in standing.references() if target is Person}
    named = {one for one in OWN if one in found} | set(KEPT)
    assert found <= named, found - named
    assert not set(OWN) & set(KEPT)
    assert all(len(reason) >= 2 for reason in KEPT.values())


def test_an_appeal_keeps_where_it_stands_and_loses_every_word(db, actor, complaint):
    person, appeal = complaint
    before = queries.detail(db, appeal.id).state
    erase(db, actor, person.id, GROUND)
    after = queries.detail(db, appeal.id)
    assert (after.state.phase, after.state.step, after.state.contact_on) == (
        before.phase,
        before.step,
        before.contact_on,
    )
    assert [event.kind for event in after.events] == ["登记", "受理", "回复", "上报"]
    left = everything_written(db)
    for words in (SECRET, "单守诚", "10000000007", "420299195003051213", "3栋"):
        assert words not in left, words
    assert audit_check.verify(db).sound


def test_the_next_backup_does_not_hold_the_person(app, db, actor, complaint):
    person, _ = complaint
    erase(db, actor, person.id, GROUND)
    made = app.backup()
    copy = connect(made.path, app.secrets.get("store"), read_only=True)
    tables = [name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type='table'")]
    text = " ".join(str(row) for name in tables for row in copy.execute(f'SELECT * FROM "{name}"'))
    copy.close()
    assert "单守诚" not in text
    assert SECRET not in text


def test_a_desk_with_a_server_loses_the_content_at_once(first, second):
    one = first.add("陈秀兰", note=SECRET)
    together(first, second)
    erase(first.db, first.app.actor, one, GROUND)
    assert SECRET not in everything_written(first.db)
    assert "陈秀兰" not in everything_written(first.db)
    together(first, second)
    assert SECRET not in everything_written(second.db)


def test_what_another_desk_added_meanwhile_is_erased_as_well(first, second, server):
    one = first.add("陈秀兰")
    together(first, second)
    with second.db.transaction(second.app.actor, "走访") as tx:
        tx.add(Visit(on="2026-05-01", person_id=one, mode="入户", findings=f"{SECRET}四"))
        tx.add(PersonTag(person_id=one, tag="独居老人", detail=f"{SECRET}五"))
        tx.add(HouseholdMember(household_id="a" * 32, person_id=one, relation=f"{SECRET}六"))
    erase(first.db, first.app.actor, one, GROUND)
    for _ in range(2):
        together(first, second)
    for desk in (first, second):
        assert SECRET not in everything_written(desk.db)
    assert SECRET not in "".join(fields for (fields,) in server.rows("select fields from record"))


def test_the_words_of_an_appeal_leave_the_other_desks_and_their_journals(first, second, server):
    one = first.add("陈秀兰", phones="10000000008")
    db, actor = first.db, first.app.actor
    appeal = intake.register(db, actor, intake.blank(db, title=f"{SECRET}七", text=f"{SECRET}八", person_id=one))
    appeals.act(db, actor, appeal.id, Deed("受理", text=f"{SECRET}九"))
    together(first, second)
    appeals.act(second.db, second.app.actor, appeal.id, Deed("回复", text=f"{SECRET}十", to_whom="陈秀兰"))
    erase(db, actor, one, GROUND)
    for _ in range(3):
        together(first, second)
    for desk in (first, second):
        assert SECRET not in everything_written(desk.db)
        assert audit_check.verify(desk.db).sound
    assert SECRET not in "".join(fields for (fields,) in server.rows("select fields from record"))


def test_what_was_said_of_the_person_in_reasons_is_struck_out(db, actor, complaint):
    person, _ = complaint
    with db.transaction(actor, "修改居民信息", "单守诚来电 10000000007 更正") as tx:
        tx.change(Person, person.id, note="x")
    with db.transaction(actor, "别的事", "问过单守诚") as tx:
        tx.keep()
    erase(db, actor, person.id, GROUND)
    whys = [why for (why,) in db.rows("SELECT why FROM journal_action WHERE why NOTNULL")]
    assert not [why for why in whys if "单守诚" in why or "10000000007" in why]
    assert audit_check.verify(db).sound


def test_a_second_look_finds_nothing_more_to_do(db, actor, complaint):
    person, _ = complaint
    erase(db, actor, person.id, GROUND)
    lines = db.scalar("SELECT max(no) FROM journal_action")
    erasing.follow_up(db, frozenset({"erasure", "appeal", "visit"}))
    assert db.scalar("SELECT max(no) FROM journal_action") == lines


def test_a_request_keeps_its_applicant_until_it_is_answered(app, db, actor, complaint):
    """The answer goes to somebody; what proves that it was given names nobody."""
    person, _ = complaint
    asked = SubjectRequest(kind="删除", person_id=person.id, applicant="单守诚", received_on="2026-11-20")
    made = requesting.receive(db, actor, asked)
    requesting.check_identity(db, actor, made.id, "当面核对居民身份证")
    requesting.decide(db, actor, made.id, "同意")
    erase(db, actor, person.id, GROUND)
    assert db.get(SubjectRequest, made.id).applicant == "单守诚"
    requesting.answer(db, actor, made.id, "当面")
    assert db.get(SubjectRequest, made.id).applicant == "（已清除）"
    assert "单守诚" not in everything_written(db)
    assert audit_check.verify(db).sound


def test_two_desks_that_order_the_same_erasure_do_no_more_than_one(first, second, server):
    """Each wiped its own file at once, and hears of the other's order: nothing is left to do, to ask or to count."""
    one, other = first.add("陈秀兰", note=SECRET), first.add("王小明")
    together(first, second)
    erase(first.db, first.app.actor, one, GROUND)
    erase(second.db, second.app.actor, one, "本人当面申请")
    for _ in range(2):
        together(first, second)
    for desk in (first, second):
        lines = desk.db.scalar("SELECT max(no) FROM journal_action")
        assert SECRET not in everything_written(desk.db)
        assert audit_check.verify(desk.db).sound
        assert list(desk.people()) == [other]
        assert refused.listed(desk.db) == []
        assert (status(desk.db).waiting, status(desk.db).conflicts, status(desk.db).set_aside) == (0, 0, 0)
        desk.sync()
        assert desk.db.rows("SELECT what FROM journal_action WHERE no>? AND what NOT LIKE '同步%'", (lines,)) == []
    assert server.rows("select count(*) from erasure") == [(1,)]
    assert first.replica() == second.replica()


def test_a_desk_that_was_off_over_the_holidays_loses_it_when_it_comes_back(first, second, server):
    """However often the server has tidied up meanwhile: what tells of an erasure is kept for more than a year."""
    one = first.add("陈秀兰", note=SECRET)
    together(first, second)
    erase(first.db, first.app.actor, one, GROUND)
    first.sync()
    for days in (1, 1, 19):
        for clock in (server.clock, first.clock, second.clock):
            clock.move(days=days)
        server.central.purge()
    second.sync()
    assert SECRET not in everything_written(second.db)
    assert audit_check.verify(second.db).sound


@pytest.mark.parametrize("withdrawn", [False, True])
def test_an_order_that_stands_under_the_name_of_another_keeps_nobody_from_being_erased(
    first, second, server, withdrawn
):
    """The identifier of an order follows from whom it is about, so somebody could take it beforehand."""
    who = first.add("王小明")
    together(first, second)
    with second.db.transaction(second.app.actor, "冒名") as tx:
        taken = named_id("erasure", "person", who)
        tx.add(Erasure(id=taken, tbl="person", row_id="0" * 32, reason="x", sealed_on=""))
    second.sync()
    if withdrawn:
        with second.db.transaction(second.app.actor, "撤回") as tx:
            tx.bury(Erasure, taken)
        second.sync()
    first.sync()
    erase(first.db, first.app.actor, who, GROUND)
    first.sync()
    ((fields, gone),) = server.rows("select fields,sync_del from record where tbl='person' and id=?", who)
    assert (gone, "王小明" in fields) == (2, False)


def test_what_another_unit_orders_about_a_resident_takes_no_words_out_of_what_was_shared_with_it(ours, street):
    who = ours.add("王小明")
    new = intake.blank(ours.db, title="路灯不亮", text="内容", person_id=who)
    appeal = intake.register(ours.db, ours.app.actor, new)
    sharing.share(ours.db, ours.app.actor, appeal.id, [STREET])
    together(ours, street)
    with street.db.transaction(street.app.actor, "越权") as tx:
        tx.add(Erasure(id=new_id(), tbl="person", row_id=who, reason="x", sealed_on=""))
    together(street, ours)
    for desk in (ours, street):
        assert desk.db.scalar("SELECT text FROM appeal WHERE id=?", (appeal.id,)) == "内容"
    assert ours.person(who).name == "王小明"
