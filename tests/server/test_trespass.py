"""Whatever a desk of one community says, it reads and changes nothing of another: proved by trying every request."""

import orjson
import pytest

from central_server.wire import CODEC
from sync_protocol import codec, repair
from sync_protocol.digests import BUCKETS
from sync_protocol.messages import Batch, Change
from tests.server.conftest import Station
from tests.server.town import BUREAU, DISTRICT, STREET, A, B, Desk, build, check, stored

SECRETS = ("王小明", "420299195003050012", "低保", "甲的会", "议题", "冲突内情")


@pytest.fixture
def town(station: Station):
    """Community A with residents, conflicts and a meeting shared with nobody; thieves in other units."""
    build(station)
    owner, second = Desk(station, A), Desk(station, A, "二号机")
    owner.push(
        owner.new("person", "p1", name="王小明", id_no="420299195003050012"),
        owner.new("person_tag", "t1", person_id="p1", tag="低保"),
        owner.new("person_event", "e1", person_id="p1", text="冲突内情"),
        owner.new("meeting", "m1", title="甲的会", note="冲突内情"),
        owner.new("agenda_item", "i1", meeting_id="m1", title="议题"),
        owner.new("org_node", "n1", name="支部"),
    )
    second.pull()
    owner.push(owner.edit("person", "p1", ts=2, note="冲突内情"))
    second.push(second.edit("person", "p1", ts=3, note="王小明"))
    assert second.conflicts()
    before = {key: row for key, row in stored(station).items() if key[0] == A}
    yield {unit: Desk(station, unit, "贼") for unit in (B, STREET, DISTRICT, BUREAU)}
    after = {key: row for key, row in stored(station).items() if key[0] == A}
    assert {key: after.get(key) for key in before} == before, "nothing of community A has changed"
    assert all(row[3] != A for key, row in after.items() if key not in before), "nothing was made in its name"
    check(station)


KEYS = (("person", "p1"), ("person_tag", "t1"), ("person_event", "e1"), ("meeting", "m1"), ("agenda_item", "i1"))
EVERY = pytest.mark.parametrize("unit", [B, STREET, DISTRICT, BUREAU])


def told(desk: Desk) -> str:
    """All a desk has heard."""
    return orjson.dumps([list(row) for row in desk.rows.values()]).decode()


def assert_knows_nothing(desk: Desk) -> None:
    desk.pull()
    assert not any(word in told(desk) for word in SECRETS)


@EVERY
def test_reading_from_the_start_gives_nothing(town, unit):
    assert_knows_nothing(town[unit])


@EVERY
def test_repair_and_fetch_give_nothing(town, unit):
    desk = town[unit]
    sums = repair.Sums((1,) * BUCKETS)
    answer = desk.signed("/v1/repair", orjson.dumps(sums.to_wire()))
    versions = repair.Versions.from_wire(CODEC.unpack(answer.content, codec.PAGE_CAP))
    assert {row.table for row in versions.rows} <= {"org_node"}
    answer = desk.signed("/v1/fetch", orjson.dumps(repair.Wanted(KEYS).to_wire()))
    assert CODEC.unpack(answer.content, codec.PAGE_CAP) == {"groups": []}


@EVERY
@pytest.mark.parametrize("op", ["i", "u", "d"])
def test_writing_under_the_same_identifier_makes_another_record_at_most(town, unit, op):
    desk = town[unit]
    desk.push(
        *(Change(table, pk, op, 1 << 40, {}, 1 << 60, "x", {} if op == "d" else {"name": "贼"}) for table, pk in KEYS)
    )
    assert_knows_nothing(desk)


@EVERY
def test_hanging_something_under_a_foreign_record_shows_nothing(town, unit):
    desk = town[unit]
    desk.push(
        desk.new("person_tag", "z1", person_id="p1"),
        desk.new("attachment", "z2", owner_table="person", owner_id="p1", sha256="ab" * 32),
        desk.new("conflict", "z3", tbl="person", row_id="p1", field="name", kind="field"),
        desk.new("agenda_item", "z4", meeting_id="m1"),
    )
    assert_knows_nothing(desk)


@EVERY
def test_naming_oneself_or_strangers_in_an_audience_shows_nothing(town, unit):
    desk = town[unit]
    desk.push(desk.new("meeting", "m1", title="x", audience=str(unit)))
    desk.push(desk.new("meeting", "m2", title="x", audience=f"{A},{unit}"))
    assert_knows_nothing(desk)


@EVERY
def test_moving_or_erasing_a_foreign_record_is_refused_or_does_nothing(town, unit):
    desk = town[unit]
    for number, (table, pk) in enumerate(KEYS):
        desk.push(desk.new("transfer", f"a{number}", tbl=table, row_id=pk, to_scope=B))
        desk.push(desk.new("transfer", f"b{number}", tbl=table, row_id=pk, to_scope=A))
        desk.push(desk.new("erasure", f"c{number}", tbl=table, row_id=pk))
    assert_knows_nothing(desk)


def test_a_namesake_moved_in_or_erased_leaves_the_other_alone(town):
    desk = town[B]
    desk.push(desk.new("room", "r1", no="1"), desk.new("person", "p2", name="贼"))
    desk.push(desk.new("erasure", "c1", tbl="person", row_id="p2"))
    desk.push(desk.new("person", "p9", name="贼"))
    assert_knows_nothing(desk)


@EVERY
def test_forged_members_of_a_batch_are_not_heard(town, unit):
    desk = town[unit]
    message = Batch(desk.scope, desk.device, 1, "", desk.place, [desk.new("person", "z1", name="贼")]).to_wire()
    for group in message["groups"]:
        group |= {"home": A, "holders": [A], "parent": "meeting/m1", "gone": 0}
    assert desk.send(CODEC.pack(message)).status_code == 200
    assert {key[0] for key in stored(desk.station) if key[2] == "z1"} == {unit}


@EVERY
def test_speaking_in_the_name_of_another_unit_is_refused(town, unit):
    desk = town[unit]
    message = Batch(A, desk.device, 1, "", desk.place, [desk.new("person", "p1", name="贼")]).to_wire()
    assert desk.send(CODEC.pack(message)).json()["code"] == "BAD_REQUEST"
    desk.scope = A
    for path, body in (("/v1/hello", b"{}"), ("/v1/fetch", orjson.dumps(repair.Wanted(KEYS).to_wire()))):
        assert desk.signed(path, body).json()["code"] == "UNKNOWN_DEVICE"


@pytest.mark.parametrize("unit", [STREET, DISTRICT])
def test_what_may_be_read_may_not_be_changed_moved_or_erased(town, unit):
    desk = town[unit]
    desk.pull()
    desk.push(
        desk.edit("org_node", "n1", name="贼"),
        desk.new("transfer", "a1", tbl="org_node", row_id="n1", to_scope=B),
        desk.new("erasure", "c1", tbl="org_node", row_id="n1"),
        desk.new("conflict", "z3", tbl="org_node", row_id="n1"),
    )
    assert set(desk.refused) == {"NOT_YOURS"}


@EVERY
def test_blobs_of_foreign_records_are_unknown(town, unit):
    body = orjson.dumps({"ask": [["x1", "ab" * 32], ["p1", "ab" * 32]]})
    answer = town[unit].signed("/v1/blobs", body)
    assert answer.status_code == 404 or {tuple(one) for one in answer.json()["blobs"]} == {("unknown", 0)}
