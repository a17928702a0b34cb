"""Push and pull against the real application: what counts once, what wins, what every desk gets."""

import orjson
import pytest

from central_server import devices, history
from sync_protocol import codec, stamps
from sync_protocol.digests import signed64, version_hash
from sync_protocol.messages import Change, Place
from sync_protocol.refusals import Refused
from tests.server.conftest import CODEC, person, read


def contents(page):
    return {(row.table, row.id): row.values for row in page.rows}


def conflicts(page):
    return [row.values for row in page.rows if row.table == "conflict"]


def code_of(response) -> str:
    return response.json()["code"]


def test_what_one_desk_pushes_the_other_pulls(desk, other):
    ack, page = desk.sync(person("p1", name="王小明", phones="13900000001"))
    assert (ack.numbers, ack.contiguous, page.rows) == ([1], True, [])
    _, page = other.sync()
    assert contents(page) == {("person", "p1"): {"name": "王小明", "phones": "13900000001"}}


def test_a_batch_sent_again_gets_the_same_answer_and_counts_once(desk, other, station):
    body = desk.freeze(person("p1", name="王小明"))
    first, _ = read(desk.send(body, following="n1"))
    again, _ = read(desk.send(body, following="n1"))
    assert first == again
    assert station.rows("select count(*),max(sync_seq) from record") == [(1, 1)]


def test_a_pull_whose_answer_was_lost_can_be_asked_for_again(desk, other):
    other.sync(person("p1", name="王小明"))
    first = read(desk.send(following="n1"))
    assert read(desk.send(following="n1")) == first


def test_different_fields_of_one_record_are_both_kept(desk, other):
    desk.sync(person("p1", name="王小明", phones="1", note="a"))
    other.sync()
    desk.sync(person("p1", "u", 1, phones="2"))
    _, page = other.sync(person("p1", "u", 1, note="b"))
    assert contents(page) == {("person", "p1"): {"name": "王小明", "phones": "2", "note": "b"}}
    assert conflicts(desk.sync()[1]) == []


@pytest.mark.parametrize(("mine", "theirs", "winner"), [(10, 20, "theirs"), (20, 10, "mine")])
def test_of_one_field_the_newer_stamp_wins_and_the_other_value_goes_into_a_conflict_record(
    desk, other, mine, theirs, winner
):
    desk.sync(person("p1", name="王小明", phones="0"))
    other.sync()
    desk.sync(person("p1", "u", 1, ts=mine, phones="mine"))
    ack, page = other.sync(person("p1", "u", 1, ts=theirs, phones="theirs"))
    assert {row.table for row in ack.truth} == {"person", "conflict"}
    (clash,) = conflicts(page)
    loser = "theirs" if winner == "mine" else "mine"
    assert (clash["win_value"], clash["lose_value"]) == (f'"{winner}"', f'"{loser}"')
    assert (clash["tbl"], clash["row_id"], clash["field"], clash["status"]) == ("person", "p1", "phones", "open")
    assert {clash["win_dev"], clash["lose_dev"]} == {desk.device, other.device}
    _, page = desk.sync()
    assert conflicts(page) == [clash]
    assert contents(page)["person", "p1"]["phones"] == winner


def test_who_saw_the_other_value_wins_whatever_the_clock_says(desk, other):
    desk.sync(person("p1", name="王小明", ts=1 << 60))
    _, page = other.sync()
    other.sync(person("p1", "u", page.to, ts=1, name="王晓明"))
    _, page = desk.sync()
    assert contents(page)["person", "p1"]["name"] == "王晓明"
    assert conflicts(page) == []


def test_a_stamp_from_the_future_is_clamped(desk, station):
    desk.sync(person("p1", ts=1 << 62, name="王小明"))
    assert station.rows("select sync_ts from record") == [(stamps.latest_allowed(station.clock.ms),)]


def test_an_edit_beats_a_deletion_that_did_not_see_it(desk, other):
    desk.sync(person("p1", name="王小明"))
    other.sync()
    desk.sync(person("p1", "u", 1, name="王晓明"))
    _, page = other.sync(person("p1", "d", 1))
    assert contents(page)["person", "p1"] == {"name": "王晓明"}
    assert [clash["kind"] for clash in conflicts(page)] == ["delete_edit"]


def test_a_tombstone_goes_out_without_content(desk, other):
    desk.sync(person("p1", name="王小明"))
    desk.sync(person("p1", "d", 1))
    _, page = other.sync()
    assert [(row.id, row.deleted, row.values) for row in page.rows] == [("p1", True, {})]


def test_events_are_never_rewritten(desk, other):
    event = Change("person_event", "e1", "i", 0, {}, 1, None, {"kind": "迁入"})
    desk.sync(event)
    ack, page = other.sync(event._replace(values={"kind": "死亡"}))
    assert ack.refused == [(0, "APPEND_ONLY")]
    assert contents(page)["person_event", "e1"] == {"kind": "迁入"}


def test_a_conflict_about_a_conflict_breeds_no_third(desk, other):
    record = Change("conflict", "c1", "i", 0, {}, 1, None, {"status": "open"})
    desk.sync(record)
    other.sync()
    desk.sync(record._replace(op="u", base=1, values={"status": "kept"}))
    _, page = other.sync(record._replace(op="u", base=1, ts=9, values={"status": "swapped"}))
    assert [clash["status"] for clash in conflicts(page)] == ["swapped"]


def test_pages_end_where_a_push_ended(desk, other):
    for number in range(3):
        desk.sync(person(f"a{number}", name="甲"), person(f"b{number}", name="乙"))
    _, page = other.sync(limit=1)
    assert (page.to, len(page.rows), page.more, page.digest) == (2, 2, True, None)
    _, page = other.sync(limit=3)
    assert (page.to, len(page.rows), page.more) == (6, 4, False)
    assert page.digest is not None


def test_the_digest_is_the_sum_over_the_present_versions(desk, other):
    desk.sync(person("p1", name="甲"), person("p2", name="乙"))
    desk.sync(person("p1", "u", 1, name="丙"))
    _, page = other.sync()
    assert page.digest == signed64(version_hash("person", "p1", 3) + version_hash("person", "p2", 2))


def test_a_desk_with_another_past_is_told_the_marks(desk, station):
    desk.sync(person("p1", name="甲"))
    desk.place = desk.place.__class__(desk.place.epoch, 1, (1, "never"), desk.place.push)
    with pytest.raises(Refused) as caught:
        desk.sync()
    assert caught.value.code == "HISTORY"
    assert [0, "0"] in caught.value.info["marks"]


def test_the_last_acknowledged_push_must_be_proved_too(desk):
    desk.sync(person("p1", name="甲"))
    desk.place = desk.place.__class__(desk.place.epoch, 0, (0, "0"), (1, "never"))
    assert code_of(desk.send()) == "HISTORY"


def test_two_desks_with_one_identity_are_told_apart(desk):
    desk.sync()
    twin_nonce = desk.nonce
    desk.sync()
    desk.nonce = twin_nonce
    assert code_of(desk.send()) == "CLONE"


def test_a_batch_that_does_not_follow_the_last_one_is_a_twins(desk):
    desk.sync(person("p1", name="甲"))
    desk.prev = "0" * 32
    assert code_of(desk.send(desk.freeze(person("p2", name="乙")))) == "CLONE"


def test_a_record_too_big_is_set_aside_and_the_rest_of_the_batch_taken(desk, station):
    ack, _ = desk.sync(person("p1", name="长" * 200_000), person("p2", name="乙"))
    assert ack.numbers == [0, 1]
    assert ack.refused == [(0, "TOO_LARGE")]
    assert station.rows("select id,code from quarantine") == [("p1", "TOO_LARGE")]


def test_a_value_that_is_no_plain_value_is_set_aside(desk):
    ack, _ = desk.sync(person("p1", name={"nested": 1}))
    assert ack.refused == [(0, "BAD_VALUE")]
    assert (ack.last, ack.mark) == (0, "")
    assert desk.sync()[1].rows == []


def test_a_table_nobody_knows_travels_like_any_other(desk, other):
    desk.sync(Change("spaceship", "s1", "i", 0, {}, 1, None, {"name": "一号"}))
    assert contents(other.sync()[1]) == {("spaceship", "s1"): {"name": "一号"}}


def test_a_bomb_is_refused_before_it_unpacks(desk):
    import zstandard

    bomb = zstandard.ZstdCompressor(level=19).compress(b"\x00" * (64 << 20))
    response = desk.send(bomb)
    assert code_of(response) == "BAD_REQUEST"
    assert response.json()["info"] == {"part": "batch"}


def group(**changes: object) -> dict[str, object]:
    """A batch with one group that is right but for what is changed."""
    right = {"t": "person", "op": "i", "cols": ["name"], "pk": ["p1"], "base": [0], "ts": [1], "by": [None], "fb": {}}
    return {"groups": [{**right, "v": [["a"]], **changes}]}


@pytest.mark.parametrize(
    "change",
    [
        {"groups": 7},
        {"groups": [{}]},
        {"batch": "one"},
        {"mark": [1]},
        {"scope": 1},
        group(t="Person; drop"),
        group(op="x"),
        group(base=[]),
        group(base=[-1]),
        group(base=[True]),
        group(pk=["p 1"]),
        group(pk="p1"),
        group(fb={"x": {}}),
        group(fb={"0": 1}),
        group(ts=[1 << 63]),
        group(cols=["name", "name"], v=[["a"], ["b"]]),
        group(v=[["a", "b"]]),
        group(v=[]),
        group(by=[7]),
    ],
)
def test_a_batch_of_the_wrong_shape_is_a_bad_request(desk, change):
    message = CODEC.unpack(desk.freeze(), codec.PUSH_CAP) | change
    assert code_of(desk.send(CODEC.pack(message))) == "BAD_REQUEST"


def prove(desk, epoch: str, number: int) -> str:
    """The epoch a desk hears that shows a mark which never was."""
    desk.place = Place(epoch, 1, (1, f"never {number}"), (0, ""))
    with pytest.raises(Refused) as caught:
        desk.sync()
    assert caught.value.code == "HISTORY"
    return str(caught.value.info["epoch"])


def test_a_desk_that_proves_what_never_was_does_not_send_its_unit_from_epoch_to_epoch(desk, station):
    _, page = desk.sync(person("p1", name="甲"))
    epochs = [page.epoch]
    for number in range(12):
        epochs.append(prove(desk, epochs[-1], number))
    assert len(set(epochs)) == 1 + history.MOST_EPOCHS
    station.clock.ms += history.EPOCHS_MS
    assert prove(desk, epochs[-1], 13) not in epochs


def test_a_desk_that_takes_one_identity_after_the_other_is_told_to_wait(desk):
    def renewed(number: int):
        return desk.signed("/v1/renew", orjson.dumps({"key": f"{number:064x}"}))

    answers = [renewed(number) for number in range(devices.MOST_RENEWALS + 2)]
    assert [one.status_code for one in answers] == [200] * devices.MOST_RENEWALS + [503] * 2
    assert answers[-1].json()["code"] == "BUSY"
    assert 0 < answers[-1].json()["retry_after"] <= 3600
    assert renewed(0).status_code == 200, "an answer that was lost is given again"
