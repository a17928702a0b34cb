"""Duplicates that were merged at one desk, seen from another."""

from sqlalchemy import select

from desktop_app.residents import duplicates, merging
from desktop_app.residents.model import Person, PersonEvent
from desktop_app.sync.erasing import erase
from desktop_app.visits.model import Visit


def together(*desks):
    for _ in range(2):
        for desk in desks:
            desk.sync()


def test_a_merge_at_one_desk_is_a_merge_at_all(first, second):
    one, other = first.add("陈秀兰", phones="10000000001"), first.add("陈秀兰", phones="10000000002")
    together(first, second)
    merging.merge(first.db, first.app.actor, one, other)
    together(first, second)
    assert second.people() == first.people() == {one: ("陈秀兰", "10000000001 10000000002", None, None)}


def test_two_desks_that_merge_the_same_two_while_apart_do_not_bury_both(first, second):
    """Each chose the other entry; the one made first stays, whatever was chosen."""
    one, other = first.add("陈秀兰"), first.add("陈秀蓝")
    together(first, second)
    merging.merge(first.db, first.app.actor, one, other)
    merging.merge(second.db, second.app.actor, other, one, values={"name": "陈秀蓝"})
    together(first, second)
    assert first.people().keys() == second.people().keys() == {one}
    assert first.replica() == second.replica()


def test_events_that_both_desks_told_again_are_there_once(first, second):
    one, other = first.add("陈秀兰"), first.add("陈秀兰")
    with first.db.transaction(first.app.actor, "登记") as tx:
        tx.add(PersonEvent(person_id=other, kind="迁入", on="2024-05-01"))
    together(first, second)
    for desk in (first, second):
        merging.merge(desk.db, desk.app.actor, one, other)
    together(first, second)
    told = select(PersonEvent).where(PersonEvent.person_id == one, PersonEvent.kind == "迁入")
    assert len(first.db.select(told)) == len(second.db.select(told)) == 1


def test_an_edit_of_the_entry_that_went_is_not_lost(first, second):
    """It comes back, beside a conflict that says so: better two entries than a lost correction."""
    one, other = first.add("陈秀兰"), first.add("陈秀兰")
    together(first, second)
    merging.merge(first.db, first.app.actor, one, other)
    second.edit(other, note="行动不便")
    together(first, second)
    assert first.db.get(Person, other).note == second.db.get(Person, other).note == "行动不便"
    assert first.db.scalar("SELECT count(*) FROM conflict WHERE row_id=? AND kind='undelete'", (other,)) == 1


def test_two_people_are_told_apart_at_every_desk(first, second):
    born = "1950-03-05"
    one, other = first.add("单丽", birth=born), first.add("单莉", birth=born)
    together(first, second)
    assert len(duplicates.suspected(second.db)) == 1
    duplicates.are_two(first.db, first.app.actor, one, other)
    duplicates.are_two(second.db, second.app.actor, one, other)
    together(first, second)
    assert duplicates.suspected(first.db) == duplicates.suspected(second.db) == []


def test_an_erasure_reaches_the_entries_that_were_merged_into_the_person(first, second, server):
    """The twin was buried, not emptied: its content lay on the desks and on the server."""
    one, other = first.add("陈秀兰"), first.add("陈秀蓝", note="秘密一")
    with first.db.transaction(first.app.actor, "走访") as tx:
        tx.add(Visit(on="2026-05-01", person_id=one, mode="入户", findings="秘密二"))
    together(first, second)
    merging.merge(first.db, first.app.actor, one, other)
    together(first, second)
    erase(first.db, first.app.actor, one, "本人书面申请")
    together(first, second)
    for desk in (first, second):
        assert not desk.db.rows("SELECT 1 FROM person WHERE name<>'' OR note IS NOT NULL")
        assert not desk.db.rows("SELECT 1 FROM visit WHERE findings IS NOT NULL")
        assert not desk.db.rows("SELECT 1 FROM journal_change WHERE before LIKE '%秘密%'")
    assert "秘密" not in "".join(fields for (fields,) in server.rows("select fields from record"))
