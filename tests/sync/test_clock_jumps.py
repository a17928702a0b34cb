"""A desk whose clock jumps between two syncs loses nothing and gives nothing twice."""

import pytest

from desktop_app.residents.model import Person


@pytest.mark.parametrize("jump", [{"hours": -1}, {"hours": 1}, {"days": -365}], ids=str)
def test_what_is_written_after_the_clock_jumped_reaches_the_other_desk(first, second, jump):
    with first.db.transaction(first.app.actor, "登记居民") as tx:
        person = tx.add(Person(name="王小明", note="先"))
    first.sync()
    second.sync()
    first.clock.move(**jump)
    with first.db.transaction(first.app.actor, "修改") as tx:
        tx.change(Person, person.id, note="后")
    first.sync()
    second.sync()
    assert second.db.rows("SELECT name,note FROM person") == [("王小明", "后")]
    assert first.db.scalar("SELECT count(*) FROM sync_dirty WHERE tbl=7") == 0
