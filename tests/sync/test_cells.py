"""A desk of one's own unit that writes what a column does not take: words for a number, a number for words."""

import orjson
import pytest

from desktop_app.health import examine
from desktop_app.places.model import Building
from desktop_app.shared.errors import AppError
from desktop_app.store.conflict import Conflict
from desktop_app.sync import conflicts, merge, replay, state
from desktop_app.sync.enrol import client_for
from desktop_app.sync.wire import CODEC
from sync_protocol.messages import Batch, Change, Pull
from tests.sync.desks import Desk
from tests.sync.test_units import equal_to_server, settle

HOUSE = {"estate_id": "e", "no": "1", "units": 2}
ODD = [
    ("floors_up", "三层"),
    ("floors_up", ""),
    ("floors_up", True),
    ("floors_up", 6.5),
    ("floors_up", 1 << 62),
    ("floors_up", -(1 << 63)),
    ("floors_up", (1 << 64) - 1),
    ("floors_up", 1e300),
    ("lon", "东经"),
    ("lon", 1e300),
    ("name", 7),
    ("name", False),
    ("name", 1.5),
    ("name", ["红", "楼"]),
    ("name", {"红": "楼"}),
]


def write_as_stranger(desk: Desk, table: str, record_id: str, op: str, **values: object) -> None:
    """What a program of somebody's own says with the key of a desk, in sight of everything."""
    desk.sync()
    now = desk.state()
    change = Change(table, record_id, op, now.cur if op == "u" else 0, {}, desk.clock.ms() << 16, None, values)
    batch = Batch(now.scope, now.device, now.batch_no + 1, now.prev, now.place, [change])
    client = client_for(now, desk.app.secrets, desk.line)
    client.sync(Pull(now.place, (now.nonces[0], state.new_nonce())), CODEC.pack(batch.to_wire()))


def build(desk: Desk, **fields: object) -> str:
    with desk.db.transaction(desk.app.actor, "登记楼栋") as tx:
        return tx.add(Building(**{**HOUSE, **fields})).id


def stored(desk, record_id: str) -> list[tuple]:
    return desk.db.rows("SELECT name,floors_up,lon FROM building WHERE id=?", (record_id,))


@pytest.mark.parametrize(("field", "cell"), ODD, ids=repr)
def test_what_a_column_does_not_take_is_kept_aside_whole_and_everything_else_arrives(told, field, cell):
    told.script.tell("building", "b1", **HOUSE, name="红楼", floors_up=6, lon=114.5)
    told.sync()
    told.script.tell("building", "b1", **{**HOUSE, "name": "红楼", "floors_up": 7, "lon": 114.5, field: cell})
    told.script.tell("building", "b2", **{**HOUSE, field: cell})
    told.script.tell("building", "b3", **HOUSE, name="白楼", floors_up=3, lon=114)
    told.sync()
    assert stored(told, "b1") == [("红楼", 6, 114.5)]
    assert stored(told, "b2") == []
    assert stored(told, "b3") == [("白楼", 3, 114.0)]
    kept = dict(told.db.rows("SELECT pk,body FROM sync_parked"))
    assert {pk: orjson.loads(body)["v"][field] for pk, body in kept.items()} == {"b1": cell, "b2": cell}


def test_an_examination_says_what_waits_and_what_to_do(told):
    assert "kept_aside" not in {finding.code for finding in examine(told.app)}
    told.script.tell("building", "b1", **HOUSE, floors_up="三层")
    told.script.tell("table_to_come", "t1", name="甲")
    told.sync()
    (finding,) = [one for one in examine(told.app) if one.code == "kept_aside"]
    assert (finding.level, finding.count) == ("提醒", 2)
    assert "楼栋" in finding.words
    assert "没有丢失" in finding.advice


def test_one_odd_cell_among_thousands_of_new_records_keeps_only_its_own_record_aside(told):
    for number in range(300):
        told.script.tell("building", f"b{number}", **HOUSE, floors_up="九" if number == 150 else 9)
    told.sync()
    assert told.value("SELECT count(*),sum(floors_up) FROM building") == 299
    assert told.value("SELECT sum(floors_up) FROM building") == 299 * 9
    assert told.db.rows("SELECT pk FROM sync_parked") == [("b150",)]


def test_a_moment_beyond_every_calendar_is_kept_aside(told):
    told.script.tell("print_job", "p1", form="f", subject_kind="k", subject_id="s", title="t", at=1 << 50)
    told.sync()
    assert told.db.rows("SELECT tbl,pk FROM sync_parked") == [("print_job", "p1")]


def test_a_tombstone_takes_content_away_whatever_it_says_besides(told):
    told.script.people("p1")
    told.sync()
    told.script.tell("person", "p1", gone=merge.Gone.ERASED, name=7)
    told.sync()
    assert told.db.rows("SELECT name,sync_del FROM person WHERE id='p1'") == [("", 2)]
    assert told.value("SELECT count(*) FROM sync_parked") == 0


def test_whoever_writes_the_field_anew_sets_it_right_on_every_desk(first, second, server):
    house = build(first, floors_up=6)
    settle(first, second)
    write_as_stranger(second, "building", house, "u", floors_up="很多")
    first.sync()
    assert stored(first, house) == [(None, 6, None)]
    assert equal_to_server(first, server)
    first.clock.move(seconds=1)
    with first.db.transaction(first.app.actor, "改层数") as tx:
        tx.change(Building, house, floors_up=8)
    settle(first)
    assert stored(first, house) == [(None, 8, None)]
    assert first.db.rows("SELECT count(*) FROM sync_parked") == [(0,)]
    assert equal_to_server(first, server)
    assert server.rows("select fields from record where id=?", house)[0][0].count('"floors_up":8') == 1


def test_an_answer_to_a_batch_does_not_bring_such_a_cell_in_either(first, second, server):
    """Two wrote the field, the later one words: the server's version comes with the answer."""
    house = build(first, floors_up=6)
    settle(first, second)
    with first.db.transaction(first.app.actor, "改层数") as tx:
        tx.change(Building, house, floors_up=8)
    second.clock.move(seconds=9)
    server.clock.move(seconds=9)
    write_as_stranger(second, "building", house, "u", floors_up="很多")
    first.sync()
    assert stored(first, house) == [(None, 8, None)]
    assert first.db.rows("SELECT lose_value FROM conflict") == [("8",)]
    assert first.db.rows("SELECT pk FROM sync_parked") == [(house,)]
    assert equal_to_server(first, server)


def test_what_lost_and_is_nothing_for_the_field_is_not_put_in_its_place(first, second):
    house = build(first, floors_up=6)
    settle(first, second)
    write_as_stranger(second, "building", house, "u", floors_up="很多")
    first.clock.move(seconds=1)
    with first.db.transaction(first.app.actor, "改层数") as tx:
        tx.change(Building, house, floors_up=8)
    settle(first)
    ((clash, lost),) = first.db.rows("SELECT id,lose_value FROM conflict")
    assert orjson.loads(lost) == "很多"
    with pytest.raises(AppError, match="没有改动"):
        conflicts.swap(first.db, first.app.actor, clash)
    assert stored(first, house) == [(None, 8, None)]
    assert first.db.get(Conflict, clash).status == "open"
    conflicts.keep(first.db, first.app.actor, clash)


def test_a_field_that_came_before_its_column_is_placed_only_where_the_column_takes_it(told):
    told.script.tell("building", "b1", **HOUSE)
    told.script.tell("building", "b2", **HOUSE)
    told.sync()
    with told.db.applying() as tx:  # they arrived when this program had no such column yet
        tx.execute("UPDATE building SET sync_ext=? WHERE id='b1'", ('{"floors_up":"三层"}',))
        tx.execute("UPDATE building SET sync_ext=? WHERE id='b2'", ('{"floors_up":3}',))
        tx.set_setting(replay.SEEN, "an older program")
    replay.after_upgrade(told.db)
    assert told.db.rows("SELECT id,floors_up,sync_ext FROM building ORDER BY id") == [
        ("b1", None, '{"floors_up":"三层"}'),
        ("b2", 3, None),
    ]
