"""After a push each record has the version the server gave to it, in whatever groups the records travelled."""

from collections.abc import Callable

import pytest

from desktop_app.residents.model import Person
from tests.sync.desks import Desk

VERSIONS = "SELECT id,sync_seq,sync_ts,sync_dev,sync_by FROM {} ORDER BY id"


def imported(desk: Desk, first: int = 0, count: int = 6) -> list[str]:
    """Residents of one transaction, one `local_no` after the other."""
    ids = [f"{number:032x}" for number in range(first, first + count)]
    with desk.db.transaction(desk.app.actor, "导入") as tx:
        tx.insert(Person, [{"id": one, "name": "王小明", "phones": "", "source": ""} for one in ids])
    return ids


def one_import(desk: Desk) -> None:
    imported(desk)


def two_imports(desk: Desk) -> None:
    imported(desk, 10)
    imported(desk)


def one_by_one(desk: Desk) -> None:
    for name in ("甲", "乙", "丙"):
        desk.add(name)


def with_a_gap(desk: Desk) -> None:
    """What is edited again travels, and what stands between it does not."""
    ids = imported(desk)
    desk.sync()
    with desk.db.transaction(desk.app.actor, "更正") as tx:
        for one in (ids[0], ids[1], ids[3], ids[4]):
            tx.change(Person, one, note="改")


def against_the_order(desk: Desk) -> None:
    """The older change is that of the later record."""
    ids = imported(desk, count=2)
    desk.sync()
    for one in reversed(ids):
        desk.edit(one, note="改")


def by_two_people(desk: Desk) -> None:
    imported(desk)
    with desk.db.applying() as tx:
        tx.execute("UPDATE sync_dirty SET by='s2' WHERE tbl=? AND local_no%2=0", (Person.__table_no__,))


@pytest.mark.parametrize(
    "written",
    [one_import, two_imports, one_by_one, with_a_gap, against_the_order, by_two_people],
    ids=lambda one: one.__name__,
)
def test_each_record_has_the_version_the_server_gave_to_it(first: Desk, written: Callable[[Desk], None]) -> None:
    written(first)
    first.sync()
    there = first.line.server.rows(VERSIONS.format("record").replace("ORDER", "WHERE tbl='person' ORDER"))
    assert first.db.rows(VERSIONS.format("person")) == there
    assert there
