"""What left a unit is no longer its own: its desks neither get it back to read nor plant anything where it went."""

import pytest

from central_server import regrouping
from sync_protocol.messages import Change
from tests.server.conftest import Station
from tests.server.town import BUREAU, OFFICE, OFFICE_2, A, B, C, Desk, build, check

LATEST = 1 << 62


@pytest.fixture
def town(station: Station):
    build(station)
    yield station
    check(station)


def late(desk: Desk, table: str, pk: str, **values: object) -> None:
    """An edit that claims to be older than the move and younger than everything else."""
    desk.push(Change(table, pk, "u", 1, {}, LATEST, "x", dict(values)))


def heard(desk: Desk) -> str:
    desk.pull()
    return str([row.values for row in desk.rows.values()])


def test_who_shared_out_of_a_community_that_was_split_cannot_name_itself(town):
    old, new, third = Desk(town, A), Desk(town, B), Desk(town, C)
    old.push(old.new("appeal", "a1", title="旧", audience=""))
    regrouping.split(town.storage, A, B, [("appeal", "a1")], town.clock.ms)
    new.pull()
    new.push(new.edit("appeal", "a1", ts=5, text="秘密"), new.new("appeal_event", "e1", appeal_id="a1", text="秘密"))
    old.pull()
    late(old, "appeal", "a1", audience=f"{A},{BUREAU},{C}")
    assert "秘密" not in heard(old) + heard(third)
    assert {one["kind"] for one in old.conflicts()} == {"moved"}, "it is not taken, and not lost either"


def test_what_moved_is_not_hung_under_what_others_see(town):
    old, new, office = Desk(town, A), Desk(town, B), Desk(town, OFFICE)
    photo = {"owner_table": "person", "owner_id": "p1", "sha256": "ab" * 32}
    old.push(old.new("person", "p1", name="王小明"), old.new("attachment", "x1", **photo))
    old.push(old.new("transfer", "t1", tbl="person", row_id="p1", to_scope=B))
    new.pull()
    new.push(
        new.new("appeal", "a1", title="公开", audience=str(OFFICE)), new.edit("attachment", "x1", ts=2, note="秘密")
    )
    old.pull()
    late(old, "attachment", "x1", owner_table="appeal", owner_id="a1")
    assert "秘密" not in heard(office)


@pytest.mark.parametrize("op", ["i", "u"])
def test_the_desks_of_a_merged_community_share_no_further_than_the_other_one_may(town, op):
    desk, keeper, stranger = Desk(town, A), Desk(town, B), Desk(town, C)
    desk.push(desk.new("appeal", "a1", title="x", audience=""))
    regrouping.merge(town.storage, A, B, town.clock.ms)
    keeper.pull()
    keeper.push(keeper.edit("appeal", "a1", ts=3, text="秘密"))
    pk = "a1" if op == "u" else "a2"
    said = Change("appeal", pk, op, int(op == "u"), {}, LATEST, "x", {"audience": f"{C},{OFFICE_2}"})
    desk.send(desk.freeze(said))
    stranger.pull()
    assert not stranger.rows


@pytest.mark.parametrize("table", ["account", "staff", "erasure", "transfer", "rule_book", "audit_anchor", "org_node"])
def test_nothing_but_residents_is_sent_to_another_community_by_a_desk(town, table):
    desk, other = Desk(town, A), Desk(town, B)
    desk.push(desk.new(table, "z1", name="贼", tbl="person", row_id="p1", to_scope=C))
    desk.push(desk.new("transfer", "t1", tbl=table, row_id="z1", to_scope=B))
    other.pull()
    assert other.row(table, "z1") is None
    assert desk.refused


def test_an_order_that_was_deleted_before_it_was_given_is_looked_at_like_any_other(town):
    desk = Desk(town, A)
    desk.push(
        desk.new("person", "p1", name="王小明"), desk.new("transfer", "t1", tbl="person", row_id="p1", to_scope=B)
    )
    desk.pull()
    desk.push(desk.drop("erasure", "e1"))
    assert desk.refused == []
    said = desk.new("erasure", "e1", tbl="person", row_id="p1")._replace(base=desk.base("erasure", "e1"))
    desk.push(said)
    assert desk.refused == ["NOT_YOURS"]
