"""What a desk does beside the waiting: a batch made ready is sent only as long as it holds; a page is asked for early.

Small batches and pages, so that a few residents need several.
"""

from collections.abc import Callable

import orjson
import pytest
from sqlcipher3.dbapi2 import OperationalError

from desktop_app.shared.errors import CancelledError, NetworkError
from desktop_app.store.connecting import connect
from desktop_app.sync import ahead, enrol, merge, state
from desktop_app.sync.wire import CODEC
from sync_protocol import codec
from sync_protocol.messages import Batch, Change, Page, Pull
from tests.sync.desks import Desk, lost

FEW = {"batch_rows": 3, "page_rows": 3}
SYNC = "/v1/sync"


@pytest.fixture(autouse=True)
def drafts(monkeypatch) -> list[bool]:
    """Of each turn in which a draft could have become a batch, whether it did."""
    found: list[bool] = []
    freeze = ahead.Ahead.freeze

    def watched(self, tx, *, sure):
        had = self._ready is not None
        box = freeze(self, tx, sure=sure)
        if had:
            found.append(box is not None)
        return box

    monkeypatch.setattr(ahead.Ahead, "freeze", watched)
    return found


def settled(*desks: Desk) -> None:
    for desk in desks * 2:
        desk.sync()


def residents(desk: Desk, count: int, **fields: str) -> list[str]:
    """Each in a transaction of its own, so that batches are cut between any two of them."""
    return [desk.add(f"李{'一二三四五六七八九十'[at % 10]}", **fields) for at in range(count)]


def asked_and_said(body: bytes) -> tuple[Pull, list[Change]]:
    """What a request in the long form asks for, and the changes it brings."""
    pull, push = codec.split(body, 2)
    batch = Batch.from_wire(CODEC.unpack(push, codec.PUSH_CAP)) if push else None
    return Pull.from_wire(orjson.loads(pull)), batch.changes if batch else []


def requests(desk: Desk) -> list[tuple[Pull, list[Change]]]:
    return [asked_and_said(body) for path, _, body in desk.line.sent if path == SYNC]


def on_request(desk: Desk, number: int, work: Callable[[], None]) -> None:
    """Does something once, while request `number` of those to come is on its way."""
    left = [number]

    def before(path: str, _body: bytes) -> None:
        if path == SYNC:
            left[0] -= 1
            if left[0] == 0:
                work()

    desk.line.before = before


def notes(desk: Desk) -> list[str]:
    return sorted(person[2] or "" for person in desk.people().values())


# ------------------------------------------------------------------------------------------------------- the next batch


def test_many_residents_go_in_drafts_made_beside_the_waiting(first, second, drafts):
    settled(first, second)
    residents(first, 10)
    assert first.sync(**FEW).pushed == 10
    assert drafts == [True, True, True]
    second.sync(**FEW)
    assert second.people() == first.people()
    assert first.sync().requests == 1, "nothing is left to say"


def test_a_draft_is_dropped_when_somebody_edits_what_stands_in_it(first, second, drafts):
    settled(first, second)
    *_, last = residents(first, 6)
    on_request(first, 1, lambda: first.edit(last, note="刚刚改过"))
    first.line.sent.clear()
    first.sync(**FEW)
    assert drafts[0] is False
    said = [change for _, changes in requests(first) for change in changes if change.id == last]
    assert [change.values["note"] for change in said] == ["刚刚改过"], "it is said once, as it stands"
    second.sync(**FEW)
    assert second.people() == first.people()


def test_a_draft_is_dropped_when_another_process_has_written(first, second, drafts):
    settled(first, second)
    *_, last = residents(first, 6)

    def elsewhere() -> None:
        key = first.app.secrets.get("store")
        other = connect(first.db.path, key)
        other.execute("UPDATE person SET note='别处改的' WHERE id=?", (last,))
        other.close()

    on_request(first, 1, elsewhere)
    first.sync(**FEW)
    assert drafts[0] is False
    settled(second, first)
    assert second.person(last).note == "别处改的"


def test_a_draft_is_dropped_when_the_answer_brings_a_record_that_stands_in_it(first, second, drafts):
    """The number it rests on is another one now, and each of its fields has to say what it was based on."""
    person = first.add("王小明")
    settled(first, second)
    residents(first, 3)
    first.edit(person, phones="13900000001")
    second.edit(person, note="二号机写的")
    second.sync()
    first.line.sent.clear()
    first.sync(**FEW)
    (change,) = [one for _, changes in requests(first) for one in changes if one.id == person]
    number = first.db.scalar("SELECT sync_seq FROM person WHERE id=?", (person,))
    assert change.base < number
    assert change.bases.keys() == {"phones"}
    assert True not in drafts
    settled(second, first)
    for desk in (first, second):
        assert (desk.person(person).phones, desk.person(person).note) == ("13900000001", "二号机写的")
        assert desk.db.scalar("SELECT count(*) FROM conflict WHERE sync_del=0") == 0


@pytest.mark.parametrize("error", [OperationalError("interrupted"), ValueError("a fault of the program")])
def test_a_draft_that_cannot_be_read_never_breaks_the_sync(first, second, drafts, monkeypatch, error):
    """After some errors SQLite has rolled back by itself; then there is nothing left to roll back."""
    settled(first, second)
    residents(first, 10)

    def fail(moment: ahead._Moment, *_: object) -> None:
        moment.raw.execute("ROLLBACK")
        raise error

    monkeypatch.setattr(ahead, "_read_draft", fail)
    assert first.sync(**FEW).pushed == 10
    assert drafts == []
    second.sync(**FEW)
    assert second.people() == first.people()


def test_deletions_are_never_in_a_draft_for_they_may_have_to_be_asked_about(first, second, drafts):
    settled(first, second)
    gone = first.add("赵小梅")
    settled(first, second)
    residents(first, 5)
    first.delete(gone)
    first.sync(**FEW)
    assert drafts == []
    second.sync(**FEW)
    assert second.people() == first.people()


def test_a_desk_that_dies_before_a_frozen_draft_is_sent_sends_the_same_bytes_later(first, second, drafts):
    settled(first, second)
    residents(first, 6)
    on_request(first, 2, lost)
    with pytest.raises(NetworkError):
        first.sync(**FEW)
    assert drafts == [True]
    body = first.db.scalar("SELECT body FROM sync_outbox")
    first.reopen()
    first.line.heal()
    first.line.sent.clear()
    report = first.sync(**FEW)
    assert codec.split(first.line.sent[0][2], 2)[1] == body
    assert (report.identities, report.pushed) == (0, 3)
    second.sync()
    assert second.people() == first.people()


def test_a_desk_that_dies_while_it_settles_and_freezes_has_done_neither(first, second, monkeypatch):
    settled(first, second)
    residents(first, 6)
    turn, turns = ahead.turn, []

    def die(*args: object) -> Pull:
        turns.append(turn(*args))
        if len(turns) == 2:
            raise KeyboardInterrupt
        return turns[-1]

    with monkeypatch.context() as patch:
        patch.setattr(ahead, "turn", die)
        with pytest.raises(KeyboardInterrupt):
            first.sync(**FEW)
    assert first.db.rows("SELECT count(*),max(tries) FROM sync_outbox") == [(1, 1)]
    assert first.db.scalar("SELECT count(*) FROM sync_fly") == 3
    assert first.db.scalar("SELECT count(*) FROM sync_dirty") == 3
    first.reopen()
    report = first.sync(**FEW)
    assert (report.identities, report.pushed) == (0, 6)
    second.sync()
    assert second.people() == first.people()


def test_stopping_leaves_the_frozen_draft_for_the_next_sync(first, second, drafts):
    settled(first, second)
    residents(first, 9)
    with pytest.raises(CancelledError):
        first.sync(**FEW, cancelled=lambda: len(drafts) > 0)
    assert first.sync(**FEW).pushed == 6
    second.sync()
    assert second.people() == first.people()


# ------------------------------------------------------------------------------------------------------- the page after


def test_the_page_after_is_asked_for_before_this_one_is_stored(first, second):
    settled(first, second)
    residents(first, 9)
    first.sync(**FEW)
    seen: list[tuple[int, int]] = []
    second.line.before = lambda *_: seen.append((len(second.line.sent), len(second.people())))
    assert second.sync(**FEW).pulled == 9
    held = [people for _, people in seen]
    assert held == [0, 0, 3], "three requests; the second one left before anything was stored"
    assert second.people() == first.people()


def test_a_lost_answer_to_the_page_after_loses_nothing_of_this_one(first, second):
    settled(first, second)
    residents(first, 9)
    first.sync(**FEW)
    on_request(second, 2, lost)
    with pytest.raises(NetworkError):
        second.sync(**FEW)
    assert len(second.people()) == 3
    second.line.heal()
    assert second.sync(**FEW).identities == 0
    assert second.people() == first.people()


def test_a_desk_that_dies_before_it_has_stored_what_it_asked_beyond_comes_back_from_where_it_stood(
    first, second, monkeypatch
):
    settled(first, second)
    residents(first, 9)
    first.sync(**FEW)
    before = len(requests(second))

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(merge, "apply", die)
        with pytest.raises(KeyboardInterrupt):
            second.sync(**FEW)
    assert second.people() == {}
    assert len(requests(second)) == before + 2
    second.reopen()
    report = second.sync(**FEW)
    assert (report.identities, report.pulled) == (0, 9)
    assert second.people() == first.people()


def test_a_page_that_does_not_begin_where_the_desk_stands_is_not_stored(first, second, monkeypatch):
    """As if this page had not been stored after all: the one behind it is asked for again, in order."""
    settled(first, second)
    residents(first, 9)
    first.sync(**FEW)
    stood, begins_here = second.state(), ahead.begins_here
    refused: list[bool] = []

    def backwards(tx, pull):
        if not refused and pull.place.cur > stood.cur:
            refused.append(True)
            tx.execute("UPDATE sync_state SET cur=?,mark_seq=?,mark=?", (stood.cur, stood.mark_seq, stood.mark))
        return begins_here(tx, pull)

    monkeypatch.setattr(ahead, "begins_here", backwards)
    second.sync(**FEW)
    assert refused
    assert second.people() == first.people()


def test_what_is_written_during_a_long_pull_is_not_kept_back_until_its_end(first, second):
    settled(first, second)
    residents(first, 15)
    first.sync(**FEW)
    on_request(second, 1, lambda: second.add("赵小梅"))
    second.line.sent.clear()
    second.sync(**FEW)
    pushed = [at for at, (_, changes) in enumerate(requests(second)) if changes]
    assert pushed[0] == 1, "with the very next request"
    settled(first)
    assert second.people() == first.people()


@pytest.mark.parametrize(("purged", "asked"), [(0, True), (7, True), (8, False)])
def test_below_what_was_purged_no_page_is_asked_for_early(first, purged, asked):
    """There the server keeps only those marks at which a desk says it stands; this one may come back from before."""
    first.sync()
    with first.db.applying() as tx:
        state.save(tx, cur=7, nonce="a:b")
    now, beside = first.state(), ahead.Ahead(first.db)
    speaker = enrol.client_for(now, first.app.secrets, first.line)
    page = Page(now.epoch, 9, "m", 20, 0, None, [], purged)
    beside.ask(speaker, Pull(now.place, ("a", "b"), 3), page)
    assert (beside.asked() is not None) is asked
