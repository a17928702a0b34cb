"""What follows from a commit costs the same however much there is: in steps of SQLite, not in time."""

from desktop_app.app import App
from desktop_app.appeals.model import AppealEvent
from desktop_app.residents import merging
from desktop_app.residents.model import Person, PersonTag
from desktop_app.shared.ids import new_id
from desktop_app.sync import erasing

FEW, MANY = 10, 2_000
STEPS = 20


def _fill(app: App, count: int) -> None:
    """More people, and what was done about an appeal of somebody else; nothing follows from it."""
    others, app.db.changed[:] = list(app.db.changed), []
    told = {"appeal_id": new_id(), "kind": "补充", "on": "2026-11-22", "by_name": "李静", "text": "说过的话"}
    people = [{"id": new_id(), "name": "王小明", "phones": "", "source": "手工"} for _ in range(count)]
    with app.db.transaction(app.actor, "导入") as tx:
        tx.insert(Person, people)
        tx.insert(PersonTag, [{"id": new_id(), "person_id": one["id"], "tag": "lowincome"} for one in people])
        tx.insert(AppealEvent, [{"id": new_id(), **told, "at": at} for at in range(count)])
    app.db.changed[:] = others


def _somebody(app: App, name: str) -> str:
    with app.db.transaction(app.actor, "登记居民") as tx:
        return tx.add(Person(name=name)).id


def _steps(app: App, table: str) -> int:
    """How many steps the reading connection takes behind a commit that touched a table."""
    counted, raw = [], app.db.reader()
    raw.set_progress_handler(lambda: counted.append(STEPS), STEPS)
    try:
        app.db.changed.tell(frozenset({table}))
    finally:
        raw.set_progress_handler(None, STEPS)
    return sum(counted)


def test_behind_a_commit_nobody_goes_through_everything_although_some_people_were_merged_and_erased(app: App):
    kept, gone, erased = (_somebody(app, name) for name in ("赵敏", "赵明", "钱进"))
    merging.merge(app.db, app.actor, kept, gone)
    erasing.erase(app.db, app.actor, erased, "本人要求")
    cost = []
    for count in (FEW, MANY):
        _fill(app, count)
        cost.append({table: _steps(app, table) for table in app.db.tables})
    grown = {table: (before, cost[1][table]) for table, before in cost[0].items() if cost[1][table] > before + MANY}
    assert not grown
    assert any(cost[0].values()), "somebody asks something, or nothing was counted"


def test_behind_a_save_of_a_resident_nobody_asks_the_store_anything(app: App):
    actor, who, asked = app.actor, _somebody(app, "赵敏"), []
    app.db.reader().set_trace_callback(asked.append)
    with app.db.transaction(actor, "修改居民") as tx:
        tx.change(Person, who, phones="13900000000")
    app.db.reader().set_trace_callback(None)
    assert asked == []
