"""An order that cannot be carried out, in a community or in the one it was merged into: whoever gave it reads so."""

import pytest

from central_server import regrouping, units
from desktop_app.residents import moving
from desktop_app.sync import erasing, outbox, refused
from desktop_app.sync import units as organisation
from desktop_app.sync.status import status
from desktop_app.sync.wording import record_name
from tests.sync.conftest import NAMES, NEIGHBOUR, STREET
from tests.sync.desks import SCOPE, Desk
from tests.sync.test_units import equal_to_server, house, settle

FAR, GROUND = 420299001003, "本人书面申请"
ABOUT = (
    "SELECT id,sync_seq,sync_del,name FROM person WHERE id=? AND sync_del=0 "
    "UNION SELECT id,sync_seq,sync_del,tag FROM person_tag WHERE person_id=? AND sync_del=0"
)
"""A resident, and what is known of the resident."""


@pytest.fixture
def second(make) -> Desk:
    return make(NEIGHBOUR, "江北二号机")


@pytest.fixture
def gone(theirs, second, district) -> str:
    """A resident of 江北 whom the second desk has moved to 江南; the first one has not heard of it."""
    with district.storage.writing() as session:
        units.create(session, FAR, "江南社区", district.clock.ms(), kind="community", parent=STREET)
    person, _ = house(theirs, "王小明"), house(theirs, "李小红")
    settle(theirs, second)
    to = organisation.Unit(FAR, "江南社区", moving.COMMUNITY)
    moving.move_out(second.db, second.app.actor, person, to, "2026-11-20")
    second.sync()
    return person


@pytest.fixture
def there(gone, make, monkeypatch) -> Desk:
    """A desk of the community where that resident lives now."""
    monkeypatch.setitem(NAMES, FAR, "江南社区")
    return make(FAR, "江南一号机")


@pytest.fixture(params=["alone", "merged"])
def community(request, district, gone):
    """江北 as it was, or merged into 江山 meanwhile."""
    if request.param == "merged":
        regrouping.merge(district.storage, NEIGHBOUR, SCOPE, district.clock.ms())


@pytest.mark.usefixtures("community")
def test_an_erasure_of_somebody_who_had_left_is_told_once_and_says_what_to_do(theirs, second, gone, district):
    erasing.erase(theirs.db, theirs.app.actor, gone, GROUND)
    said = theirs.sync().problems
    settle(theirs, second)
    (told,) = refused.listed(theirs.db)
    assert told.words == "要清除的记录已归别的单位，那里没有清除"
    assert told.about == ("person", gone)
    assert told.values["reason"] == GROUND
    (sentence,) = [one for one in said if "清除" in one]
    assert sentence == refused.sentence("erasure", told.code, apart=True)
    assert "本机的内容已清除" in sentence
    assert "请告诉记录现在的单位" in sentence
    assert district.rows("select scope_id from record where id=? and home=scope_id and sync_del=0", gone) == [(FAR,)]
    assert refused.listed(second.db) == []
    assert status(theirs.db).waiting == 0
    for desk in (theirs, second):
        assert equal_to_server(desk, district)
    refused.dismiss(theirs.db, theirs.app.actor, told.table, told.record_id)
    theirs.sync()
    assert refused.listed(theirs.db) == []


@pytest.mark.usefixtures("community")
def test_where_somebody_lives_now_nothing_is_deleted_by_an_erasure_that_was_refused(theirs, gone, there):
    """The resident, with what is about the resident alone, stands there as before; the desk that erased has nothing."""
    there.sync()
    before = there.db.rows(ABOUT, (gone,) * 2)
    assert len(before) == 2
    erasing.erase(theirs.db, theirs.app.actor, gone, GROUND)
    settle(theirs, there)
    assert there.db.rows(ABOUT, (gone,) * 2) == before
    assert there.db.rows("SELECT 1 FROM conflict") == []
    assert theirs.db.rows("SELECT 1 FROM person WHERE id=? AND (sync_del<2 OR name<>'')", (gone,)) == []
    assert status(theirs.db).waiting == 0


def test_an_erasure_and_its_deletions_go_up_in_one_batch_however_much_waits_before_them(theirs, gone):
    other = theirs.db.scalar("SELECT id FROM person WHERE name='李小红'")
    theirs.edit(other, note="多" * 200)
    erasing.erase(theirs.db, theirs.app.actor, gone, GROUND)
    with theirs.db.applying() as tx:
        first, more = outbox.freeze(tx, size=1000), outbox.freeze_next(tx, size=100_000)
    assert [(group["t"], group["op"]) for group in first.message["groups"]] == [("person", "u")]
    said = {(group["t"], group["op"]) for group in more.message["groups"]}
    assert {("person", "d"), ("person_tag", "d"), ("erasure", "i")} <= said


@pytest.mark.usefixtures("community")
def test_a_move_of_somebody_who_had_left_is_told_with_where_he_was_to_go(theirs, second, gone, ours, district):
    to = organisation.Unit(SCOPE, "江山社区", moving.COMMUNITY)
    moving.move_out(theirs.db, theirs.app.actor, gone, to, "2026-11-21", "买了房")
    said = theirs.sync().problems
    settle(theirs, second, ours)
    (told,) = refused.listed(theirs.db)
    assert (told.words, told.values["to_name"]) == ("要转出的记录已不在本单位，没有转出", "江山社区")
    assert any("请问居民现在的社区" in one for one in said)
    assert district.rows("select 1 from record where scope_id=? and id=? and sync_del=0", FAR, gone)
    assert status(theirs.db).waiting == 0
    for desk in (theirs, second, ours):
        assert equal_to_server(desk, district)


def test_a_move_to_a_community_that_was_closed_can_be_ordered_anew(ours, theirs, district):
    person = house(ours, "王小明")
    settle(ours, theirs)
    with district.storage.writing() as session:
        session.run("update unit set closed_at=1 where id=?", NEIGHBOUR)
    to = organisation.community(ours.db, str(NEIGHBOUR), "江北社区")
    moving.move_out(ours.db, ours.app.actor, person, to, "2026-11-20")
    (sentence,) = ours.sync().problems
    assert "重新办理转出" in sentence
    (told,) = refused.listed(ours.db)
    assert told.words == "转入的单位不是开放的社区，没有转出"
    assert record_name(ours.db, *told.about) == "王小明"
    assert moving.leaving_for(ours.db, person) == ""
    assert status(ours.db).set_aside == 0
    assert equal_to_server(ours, district)


def test_who_was_erased_is_not_told_of_beside_somebody_who_was_not(theirs, second, gone, district):
    other = theirs.db.scalar("SELECT id FROM person WHERE name='李小红'")
    erasing.erase(theirs.db, theirs.app.actor, other, GROUND)
    erasing.erase(theirs.db, theirs.app.actor, gone, GROUND)
    settle(theirs, second)
    assert [one.about for one in refused.listed(theirs.db)] == [("person", gone)]
    assert district.rows("select distinct sync_del from record where id=?", other) == [(2,)]
