"""A desk that is let in and means harm: it plants nothing in other units, and takes nothing that is theirs."""

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central_server import devices, history, regrouping
from sync_protocol.messages import Change, Gone
from tests.server.conftest import Station
from tests.server.town import OFFICE, STREET, STREET_2, A, B, C, Desk, build, check

LATEST, D = 1 << 62, 420299002002


@pytest.fixture
def town(station: Station):
    build(station)
    opened(station, D, STREET_2)
    yield station
    check(station)


def opened(station: Station, *units: int) -> None:
    """Communities below the street named last."""
    *those, street = units
    with station.storage.writing() as session:
        for unit in those:
            history.open_unit(session, unit, f"社区{unit}", station.clock.ms, kind="community", parent=street)


def crafted(table: str, pk: str, op: str, base: int = 0, bases: dict[str, int] | None = None, **values) -> Change:
    """What no honest desk says, younger than anything else."""
    return Change(table, pk, op, base, bases or {}, LATEST, "x", dict(values))


# ---------------------------------------------------------------------------------------- deletions that carry values


@pytest.mark.parametrize("known", [False, True])
def test_what_a_deletion_says_is_shared_with_nobody_when_the_record_comes_back(town, known):
    desk, other = Desk(town, A), Desk(town, C)
    if known:
        desk.push(desk.new("appeal", "a1", title="x", audience=""))
    desk.push(crafted("appeal", "a1", "d", base=desk.base("appeal", "a1") if known else 0, audience=str(C)))
    desk.push(crafted("appeal", "a1", "u", text="骗"))
    other.pull()
    assert other.row("appeal", "a1") is None


@pytest.mark.parametrize("table", ["audit_anchor", "export_record", "rule_book", "erasure"])
def test_nobody_rewrites_what_is_only_added_to_by_deleting_it_first(town, table):
    desk, second = Desk(town, A), Desk(town, A, "二号机")
    desk.push(desk.new("person", "p1", name="甲"), desk.new("person", "p2", name="乙"))
    desk.push(desk.new(table, "e1", tbl="person", row_id="p1", text="原"))
    second.pull()
    second.push(crafted(table, "e1", "d", base=second.base(table, "e1"), row_id="p2", text="改"))
    second.push(crafted(table, "e1", "i", base=second.base(table, "e1"), tbl="person"))
    desk.pull()
    assert desk.row(table, "e1").values.get("text", "原") == "原"


def test_a_guest_does_not_rewrite_an_event_of_the_home_by_deleting_it_first(town):
    home, guest = Desk(town, A), Desk(town, OFFICE)
    home.push(home.new("appeal", "a1", title="x", audience=str(OFFICE)))
    home.push(home.new("appeal_event", "e1", appeal_id="a1", text="原"))
    guest.pull()
    guest.push(crafted("appeal_event", "e1", "d", base=guest.base("appeal_event", "e1"), text="改"))
    guest.push(crafted("appeal_event", "e1", "i", base=guest.base("appeal_event", "e1"), appeal_id="a1"))
    home.pull()
    assert home.row("appeal_event", "e1").values.get("text", "原") == "原"


def test_an_event_of_somebody_who_left_is_not_rewritten_by_deleting_it_first(town):
    old, new = Desk(town, A), Desk(town, B)
    old.push(old.new("person", "p1", name="王"), old.new("person_event", "e1", person_id="p1", text="原"))
    left = old.base("person_event", "e1")
    old.push(old.new("transfer", "t1", tbl="person", row_id="p1", to_scope=B))
    old.push(crafted("person_event", "e1", "d", base=left, text="改"))
    old.push(crafted("person_event", "e1", "i", base=left, bases={"x": 1}, person_id="p1"))
    new.pull()
    assert new.row("person_event", "e1").values.get("text", "原") == "原"


# ------------------------------------------------------------------------------------ orders about what is not theirs


@pytest.mark.parametrize("to", [B, D])
def test_two_moves_of_a_namesake_fetch_nobody_out_of_a_third_community(town, to):
    desk, third, elsewhere = Desk(town, A), Desk(town, C), Desk(town, to)
    third.push(third.new("person", "p1", name="王小明"), third.new("person_tag", "t1", person_id="p1", tag="低保"))
    regrouping.merge(town.storage, A, B, town.clock.ms)
    desk.sync(desk.new("person", "p1", name="饵"))
    first, second = (
        desk.new("transfer", f"x{at}", tbl="person", row_id="p1", to_scope=unit) for at, unit in enumerate((C, to))
    )
    desk.sync(first, second)
    third.pull()
    elsewhere.pull()
    assert third.gone("person", "p1") == Gone.ALIVE
    assert "低保" not in str([row.values for row in elsewhere.rows.values()])


def test_two_orders_of_a_merged_community_move_its_resident_once(town):
    desk, third, fourth = Desk(town, A), Desk(town, C), Desk(town, D)
    desk.push(desk.new("person", "p1", name="王小明"))
    regrouping.merge(town.storage, A, B, town.clock.ms)
    orders = [desk.new("transfer", f"x{at}", tbl="person", row_id="p1", to_scope=to) for at, to in enumerate((C, D))]
    desk.sync(*orders)
    third.pull()
    fourth.pull()
    assert third.gone("person", "p1") == Gone.ALIVE
    assert fourth.row("person", "p1") is None


@pytest.mark.parametrize("table", ["person_tag", "person_event", "attachment", "conflict"])
def test_nothing_is_hung_under_a_resident_of_another_community_by_moving_a_namesake(town, table):
    third, desk = Desk(town, C), Desk(town, A)
    third.push(third.new("person", "p1", name="王小明"))
    desk.push(desk.new("person", "p1", name="王小明"))
    desk.push(desk.new("transfer", "x1", tbl="person", row_id="p1", to_scope=C))
    desk.pull()
    about = {"person_id": "p1", "owner_table": "person", "owner_id": "p1", "tbl": "person", "row_id": "p1"}
    desk.push(desk.new(table, "z1", **about, kind="field", field="phones", status="open"))
    third.pull()
    assert third.row(table, "z1") is None


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_order_of_a_merged_community_that_was_deleted_first_is_judged_too(town, when):
    desk, keeper = Desk(town, A), Desk(town, B)
    keeper.push(keeper.new("person", "pb", name="乙居民"))
    if when == "before":
        desk.push(crafted("erasure", "e1", "d"))
    regrouping.merge(town.storage, A, B, town.clock.ms)
    if when == "after":
        desk.sync(crafted("erasure", "e1", "d"))
    desk.sync(crafted("erasure", "e1", "i", tbl="person", row_id="pb", reason="骗"))
    keeper.pull()
    told = keeper.row("erasure", "e1")
    obeyed = told is not None and not told.gone
    assert obeyed == (keeper.gone("person", "pb") == Gone.ERASED), "desks obey what the server has carried out, no more"


def test_an_order_that_was_deleted_first_is_carried_out_where_it_is_taken(town):
    desk, second = Desk(town, A), Desk(town, A, "二号机")
    desk.push(desk.new("person", "p1", name="王小明"))
    desk.push(crafted("erasure", "e1", "d"))
    desk.push(crafted("erasure", "e1", "i", base=desk.base("erasure", "e1"), tbl="person", row_id="p1"))
    second.pull()
    assert second.row("erasure", "e1").gone == Gone.ALIVE
    assert second.gone("person", "p1") == Gone.ERASED


@pytest.mark.parametrize("about", [(None, None), ("account", "z")])
def test_an_order_to_move_anything_to_where_it_is_already_is_refused_too(town, about):
    desk, keeper = Desk(town, A), Desk(town, B)
    regrouping.merge(town.storage, A, B, town.clock.ms)
    desk.sync(desk.new("transfer", "x1", tbl=about[0], row_id=about[1], to_scope=B))
    keeper.pull()
    assert keeper.row("transfer", "x1") is None


CLASH = {"tbl": "appeal", "row_id": "a1", "field": "text", "kind": "field", "status": "open"}


@pytest.mark.parametrize(
    ("table", "first", "half"),
    [
        ("attachment", {"owner_table": "appeal", "owner_id": "a1", "sha256": "ab" * 32}, {"owner_id": "a2"}),
        ("conflict", CLASH, {"row_id": "a2"}),
        ("conflict", CLASH, {"tbl": "account"}),
    ],
)
def test_a_guest_hangs_nothing_under_what_it_does_not_receive_by_saying_half_of_it(town, table, first, half):
    home, guest = Desk(town, A), Desk(town, OFFICE)
    home.push(home.new("appeal", "a1", title="x", audience=str(OFFICE)), home.new("appeal", "a2", title="密"))
    guest.pull()
    guest.push(guest.new(table, "z1", **first))
    guest.push(guest.edit(table, "z1", **half))
    home.pull()
    assert not home.values(table, "z1").items() >= half.items()


# --------------------------------------------------------------------------------------------------- many units at once


def test_a_street_that_shares_with_its_forty_communities_gets_through(town):
    units = [420299001100 + one for one in range(40)]
    opened(town, *units, STREET)
    street = Desk(town, STREET)
    shared = [
        street.new("meeting", f"m{at}", title="会", audience=str(unit)) for at, unit in enumerate(reversed(units))
    ]
    street.push(*shared)
    guest = Desk(town, units[0])
    guest.pull()
    assert guest.values("meeting", "m39")


def test_residents_who_go_to_forty_communities_at_once_get_through(town):
    units = [420299001100 + one for one in range(40)]
    opened(town, *units, STREET)
    desk = Desk(town, C)
    desk.push(*(desk.new("person", f"p{at}", name=f"人{at}") for at in range(40)))
    ordered = [
        desk.new("transfer", f"t{at}", tbl="person", row_id=f"p{at}", to_scope=unit)
        for at, unit in enumerate(reversed(units))
    ]
    desk.push(*ordered)
    assert desk.refused == []
    there = Desk(town, units[0])
    there.pull()
    assert there.values("person", "p39")


def test_late_edits_of_residents_who_went_to_twelve_communities_get_through(town):
    units = [420299001100 + one for one in range(12)]
    opened(town, *units, STREET)
    old, late = Desk(town, C), Desk(town, C, "二号机")
    old.push(*(old.new("person", f"p{at}", name=f"人{at}") for at in range(12)))
    late.pull()
    for at, unit in enumerate(reversed(units)):
        old.push(old.new("transfer", f"t{at}", tbl="person", row_id=f"p{at}", to_scope=unit))
    late.push(*(late.edit("person", f"p{at}", ts=9, phones="1") for at in range(12)))
    assert late.refused == []
    there = Desk(town, units[0])
    there.pull()
    assert there.values("person", "p11")["phones"] == "1"


# ---------------------------------------------------------------------------------------------------------------- keys


def renewed(desk: Desk, key: Ed25519PrivateKey):
    said = {"key": key.public_key().public_bytes_raw().hex(), "replaces": True}
    return desk.signed("/v1/renew", orjson.dumps(said))


@pytest.fixture
def replaced(town) -> tuple[Desk, Ed25519PrivateKey, int]:
    """A desk that still has the key it has replaced, the key that took its place, and the number of that identity."""
    desk, key = Desk(town, A), Ed25519PrivateKey.generate()
    desk.pull()
    return desk, key, renewed(desk, key).json()["device"]


def test_a_replaced_key_that_was_stolen_opens_nothing_and_makes_no_identity_of_its_own(replaced):
    desk, _, _ = replaced
    for answer in (desk.signed("/v1/hello", b"{}"), renewed(desk, Ed25519PrivateKey.generate())):
        assert answer.json()["code"] == "REVOKED"


def test_a_desk_whose_answer_was_lost_asks_again_however_much_later(town, replaced):
    desk, key, number = replaced
    town.clock.ms += 400 * 86_400_000
    assert renewed(desk, key).json()["device"] == number


def test_a_replacement_that_was_shut_out_is_not_got_again_with_the_old_key(town, replaced):
    desk, key, number = replaced
    with town.storage.writing() as session:
        devices.revoke(session, A, number, town.clock.ms)
    assert renewed(desk, key).json()["code"] == "REVOKED"
