"""Many deletions at once wait until a person has confirmed them, in both directions; nothing is deleted meanwhile."""

import pytest

from desktop_app.residents.model import Person
from desktop_app.shared.errors import FuseError
from desktop_app.sync import fuse
from desktop_app.sync.status import status
from sync_protocol.messages import Gone
from sync_protocol.refusals import Refused

NAMES = [f"p{number}" for number in range(60)]


@pytest.fixture
def crowd(told):
    """A desk with 60 residents; without a question at most 50 of them may be deleted."""
    told.script.people(*NAMES)
    told.sync()
    return told


def alive(desk):
    return desk.value("SELECT count(*) FROM person WHERE sync_del=0")


@pytest.mark.parametrize(("total", "most"), [(0, 50), (2500, 50), (2600, 52), (30_000, 600)])
def test_the_limit_is_fifty_or_two_in_a_hundred(total, most):
    assert fuse.most(total) == most


def test_fifty_deletions_pass_without_a_question(crowd):
    for name in NAMES[:50]:
        crowd.script.tell("person", name, Gone.DELETED)
    crowd.sync()
    assert alive(crowd) == 10


def test_one_more_stops_the_sync_and_nothing_is_deleted(crowd):
    for name in NAMES[:51]:
        crowd.script.tell("person", name, Gone.DELETED)
    with pytest.raises(FuseError, match=r"51 条居民.*什么也没有删除"):
        crowd.sync()
    assert alive(crowd) == 60
    assert status(crowd.db).asks
    with pytest.raises(FuseError):
        crowd.sync()


def test_pages_add_up_also_over_several_syncs(crowd):
    for name in NAMES[:30]:
        crowd.script.tell("person", name, Gone.DELETED)
    crowd.script.refuse["/v1/hello"] = Refused("BUSY")
    with crowd.db.applying() as tx:
        assert fuse.let_page_through(tx, crowd.script.rows) is None  # a page that was taken before the line broke
    for name in NAMES[30:55]:
        crowd.script.tell("person", name, Gone.DELETED)
    with pytest.raises(FuseError):
        crowd.sync()


def test_deletions_spread_over_many_pages_are_counted_together(first, second):
    people = [first.add(f"居民{number}") for number in range(100)]
    for desk in (first, second):
        desk.sync()
    for person in people[:60]:
        first.delete(person)
    first.sync(batch_rows=20, accept_deletions=True)
    with pytest.raises(FuseError):
        second.sync(page_rows=20)
    assert len(second.people()) > 40
    second.sync(page_rows=20, accept_deletions=True)
    assert len(second.people()) == 40


def test_when_a_sync_has_come_to_its_end_the_count_begins_anew(crowd):
    for group in (NAMES[:30], NAMES[30:]):
        for name in group:
            crowd.script.tell("person", name, Gone.DELETED)
        crowd.sync()
    assert alive(crowd) == 0


@pytest.mark.parametrize("kind", [Gone.ERASED, Gone.WITHDRAWN, Gone.MOVED])
def test_what_left_for_a_reason_of_its_own_does_not_count(crowd, kind):
    for name in NAMES:
        crowd.script.tell("person", name, kind, 420299001002)
    crowd.sync()
    assert alive(crowd) == 0


def test_a_person_can_let_the_deletions_pass(crowd):
    for name in NAMES:
        crowd.script.tell("person", name, Gone.DELETED)
    crowd.sync(accept_deletions=True)
    assert alive(crowd) == 0


def test_what_was_pushed_along_with_a_page_that_waits_is_settled_all_the_same(crowd):
    for name in NAMES[:51]:
        crowd.script.tell("person", name, Gone.DELETED)
    crowd.edit("p59", note="新")
    with pytest.raises(FuseError):
        crowd.sync()
    assert status(crowd.db).waiting == 0
    assert len(crowd.script.pushed) == 1
    crowd.sync(accept_deletions=True)
    assert len(crowd.script.pushed) == 1


# ---------------------------------------------------------------------------------------------------------------- push


def delete_all(desk, names=NAMES):
    with desk.db.transaction(desk.app.actor, "撤销导入") as tx:
        for name in names:
            tx.bury(Person, name)


def test_a_desk_that_is_about_to_delete_too_much_on_the_server_asks_first(crowd):
    delete_all(crowd)
    with pytest.raises(FuseError, match="60 条居民") as caught:
        crowd.sync()
    assert caught.value.direction == "push"
    assert crowd.script.pushed == []
    crowd.sync(accept_deletions=True)
    assert [batch.sure for batch in crowd.script.pushed] == [True]


def test_few_deletions_are_pushed_as_a_matter_of_course(crowd):
    delete_all(crowd, NAMES[:50])
    crowd.sync()
    assert [batch.sure for batch in crowd.script.pushed] == [False]


def test_if_the_fuse_of_the_server_blows_the_question_is_the_same_and_the_batch_is_frozen_anew(crowd):
    crowd.edit("p1", note="新")
    crowd.script.refuse["/v1/sync"] = Refused("FUSE", {"table": "person", "count": 70, "total": 90})
    with pytest.raises(FuseError, match="70 条居民"):
        crowd.sync()
    crowd.script.refuse.clear()
    crowd.sync(accept_deletions=True)
    assert [batch.sure for batch in crowd.script.pushed] == [True]
