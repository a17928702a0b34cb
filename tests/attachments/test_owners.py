"""Attachments go where their record goes on this desk, too."""

from desktop_app.attachments import actions, queries
from desktop_app.residents import merging
from desktop_app.residents.model import Person
from tests.attachments.pictures import jpeg


def test_when_two_entries_of_one_person_are_merged_the_photos_of_both_stay(app, person):
    with app.db.transaction(app.actor, "登记居民") as tx:
        twin = tx.add(Person(name="王小明")).id
    for number, owner in enumerate((person, twin)):
        actions.attach(app.db, app.actor, "person", owner, jpeg(seed=number), str(number))
    stays = merging.merge(app.db, app.actor, person, twin).id
    assert [one.title for one in queries.of(app.db, "person", stays)] == ["0", "1"]
