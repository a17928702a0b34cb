"""The same journeys with PostgreSQL under the server: the desks cannot tell."""

import pytest

from desktop_app.shared.errors import NetworkError
from desktop_app.sync import conflicts
from tests.storages import PostgresDisk
from tests.sync import simulate
from tests.sync.desks import clone

pytestmark = pytest.mark.parametrize("disk", ["postgres"], indirect=True)
SEEDS = 12


def settle(*desks) -> None:
    for _ in range(2):
        for desk in desks:
            desk.sync()


def test_two_desks_end_with_the_same_records(first, second):
    """Different fields merge; of the same field the newer wins and the other value is kept on both."""
    person = first.add("王小明", phones="13900000001", note="甲")
    settle(first, second)
    second.clock.move(minutes=1)
    first.edit(person, phones="13900000002", note="乙")
    second.edit(person, phones="13900000003")
    settle(first, second)
    for desk in (first, second):
        assert (desk.person(person).phones, desk.person(person).note) == ("13900000003", "乙")
        assert conflicts.count_open(desk.db) == 1
    assert first.replica() == second.replica()


def test_a_first_sync_of_many_records_comes_in_pages(first, second):
    for number in range(60):
        first.add(f"王{number}")
    first.sync(batch_rows=25)
    second.sync(page_rows=20)
    assert second.people() == first.people()
    assert len(second.people()) == 60


def test_an_answer_that_was_lost_counts_once(first, second):
    person = first.add("王小明")

    def swallow(_path, _answer):
        raise NetworkError("连不上服务器。")

    first.line.after = swallow
    with pytest.raises(NetworkError):
        first.sync()
    first.line.heal()
    settle(first, second)
    assert second.person(person).name == "王小明"
    assert first.replica() == second.replica()


def test_a_database_restored_from_an_older_backup_gets_everything_back(first, second, server):
    old = first.add("王小明", note="甲")
    settle(first, second)
    copy = server.keep_copy()
    new = first.add("李小红")
    first.edit(old, note="乙")
    settle(first, second)
    server.restore(copy)
    settle(first, second)
    for desk in (first, second):
        assert (desk.person(old).note, desk.person(new).name) == ("乙", "李小红")
        assert conflicts.count_open(desk.db) == 0
    assert first.replica() == second.replica()


def test_a_clone_is_told_apart_and_both_keep_their_work(first, server, tmp_path):
    first.add("王小明")
    first.sync()
    twin = clone(first, tmp_path / "twin", server)
    mine, theirs = first.add("李小红"), twin.add("赵小刚")
    settle(first, twin)
    assert first.state().device != twin.state().device
    assert first.people().keys() == twin.people().keys() >= {mine, theirs}
    twin.app.close()


@pytest.mark.parametrize("first_seed", range(0, SEEDS, 4))
def test_after_any_faults_all_replicas_are_equal_and_nothing_is_lost(disk, cluster, first_seed):
    """Worlds of the simulation, seeds of their own; between two of them the database is emptied."""
    for seed in range(1000 + first_seed, 1000 + first_seed + 4):
        own = PostgresDisk(cluster)
        simulate.run(seed, disk=own)
        own.leave()


def test_a_seed_tells_the_same_story_on_both_engines(disk):
    assert simulate.run(7, disk=disk) == simulate.run(7)
