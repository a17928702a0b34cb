"""What is sealed about somebody who was entered twice: it follows the merge, its undo, a seal and its lifting."""

import pytest

from desktop_app.privacy import restricted, sealing
from desktop_app.residents.merging import merge
from desktop_app.residents.model import Person
from desktop_app.shared.errors import LockedError
from desktop_app.store import history
from desktop_app.sync import erasing, lifting, retiring


def classes_of(office, person_id):
    return [one.klass for one in restricted.look(office.db, office.boss, office.secrets, person_id, "核对")]


@pytest.fixture
def doubled(switched_on):
    """The old man stands there twice, and the second entry is in a restricted class; the identifier of the latter."""
    with switched_on.db.transaction(switched_on.boss, "造数") as tx:
        double = tx.add(Person(name="单守成", birth="1950-03-05"))
    restricted.enter(
        switched_on.db, switched_on.boss, switched_on.secrets, double.id, "社区矫正", "通报", from_on="2026-01-05"
    )
    return switched_on, double.id


@pytest.fixture
def merged(doubled):
    office, double = doubled
    merge(office.db, office.boss, office.old.id, double)
    return office


def test_a_restricted_class_is_found_at_the_entry_that_stays(merged):
    assert classes_of(merged, merged.old.id) == ["社区矫正"]


def test_a_restricted_class_stands_at_its_own_entry_again_when_the_merge_is_undone(doubled):
    office, double = doubled
    merge(office.db, office.boss, office.old.id, double)
    history.undo(office.db, office.boss, office.db.scalar("SELECT max(action) FROM journal_change"))
    assert classes_of(office, double) == ["社区矫正"]
    assert classes_of(office, office.old.id) == []


def test_a_restricted_class_of_a_merged_entry_outlives_a_seal_and_its_lifting(merged):
    who = merged.old.id
    for _ in range(2):
        made = retiring.seal_person(merged.db, merged.boss, merged.secrets, who, "档案规定保存")
        erasing.follow_up_sealed(merged.secrets, merged.db, frozenset({"erasure"}))
        who = lifting.lift(merged.db, merged.boss, merged.secrets, made.id, "档案部门同意恢复").person_id
        assert classes_of(merged, who) == ["社区矫正"]


def test_an_erasure_takes_the_restricted_class_of_a_merged_entry_along(merged):
    erasing.erase(merged.db, merged.boss, merged.old.id, "本人书面申请")
    assert merged.db.rows("SELECT content FROM sealed_record") == [("",)]


def test_a_seal_is_opened_lifted_and_found_with_its_own_passphrase_where_two_were_set_apart(switched_on):
    """The desk has the first key alone until somebody types the second passphrase."""
    office, two = switched_on, "另一台电脑设的密封口令二"
    made, key = sealing._wrapped(office.db, office.boss, two)
    with office.db.transaction(office.boss, "另一台电脑设定密封口令") as tx:
        tx.add(made)
    assert [one.id for one in sealing.missing(office.db, office.secrets)] == [made.id]
    with pytest.raises(LockedError):
        sealing.unlock(office.db, office.boss, office.secrets, "哪个口令也不是的几个字")
    sealing.unlock(office.db, office.boss, office.secrets, two)
    assert sealing.missing(office.db, office.secrets) == []
    assert sealing.key_of(office.secrets, made.id) == key
