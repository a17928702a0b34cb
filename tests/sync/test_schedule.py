"""When a desk comes by itself: spread, patient after failures, obedient to the server, never silenced for long."""

from random import Random

import pytest

from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError
from desktop_app.sync import engine, enrol, schedule, units, waiting
from desktop_app.sync.schedule import AWAY, EVERY, HERD, LONGEST_RETRY, MINUTE, SECOND, Standing, next_at
from desktop_app.sync.status import status
from sync_protocol.messages import BATCH_ROWS
from sync_protocol.refusals import Refused
from tests.sync.scripted import ScriptedDesk

NOW = 1_780_000_000_000


def dice(seed=1):
    return Random(seed)  # noqa: S311 - a seed must give the same moment again


def moments(seen, **more):
    return [next_at(seen, dice(seed), **more) - NOW for seed in range(300)]


def test_after_a_success_the_next_comes_in_five_minutes_give_or_take_half():
    found = moments(Standing(NOW, last_ok_at=NOW, last_try_at=NOW))
    assert EVERY / 2 <= min(found) < EVERY * 0.6
    assert EVERY * 1.4 < max(found) <= EVERY * 1.5


def test_after_half_an_hour_without_a_server_desks_come_back_within_two_minutes_each_at_its_own_moment():
    found = moments(Standing(NOW, last_ok_at=NOW - AWAY, last_try_at=NOW - AWAY))
    assert 0 <= min(found) < HERD * 0.1
    assert HERD * 0.9 < max(found) <= HERD
    assert len(set(found)) > 250


def test_a_desk_that_was_given_a_slot_comes_in_it_and_not_much_later():
    found = moments(Standing(NOW, NOW - AWAY, NOW, failures=1, busy=True, pause_until=NOW + 60 * SECOND))
    assert min(found) >= 60 * SECOND
    assert max(found) <= 78 * SECOND


def test_failures_make_it_patient_up_to_a_quarter_of_an_hour():
    longest = [max(moments(Standing(NOW, NOW - 1, NOW, failures=failures))) for failures in (1, 2, 3, 9, 99)]
    assert longest == sorted(longest)
    assert longest[0] <= 30 * SECOND
    assert LONGEST_RETRY * 0.9 < longest[-1] <= LONGEST_RETRY


def test_a_new_desk_comes_at_once_and_one_with_a_wrong_clock_soon():
    assert next_at(Standing(NOW), dice()) == NOW
    assert next_at(Standing(NOW, last_ok_at=NOW + 10 * AWAY), dice()) <= NOW + HERD


def test_a_connection_that_costs_money_is_left_alone():
    assert next_at(Standing(NOW), dice(), metered=True) is None


def test_a_pause_the_server_asked_for_is_kept():
    assert min(moments(Standing(NOW, NOW, NOW, pause_until=NOW + 20 * MINUTE))) == 20 * MINUTE


# ----------------------------------------------------------------------------------------------------- what is stored


def test_a_server_that_asks_for_years_of_silence_gets_an_hour(told):
    told.script.more["pause"] = 10**9
    told.sync()
    assert status(told.db).pause_until - told.db.clock.ms() == 3_600_000
    told.script.more["pause"] = 0
    told.sync()
    assert status(told.db).pause_until == 0


def test_the_slot_of_a_busy_server_is_remembered(told):
    told.script.refuse["/v1/sync"] = Refused("BUSY", retry_after=40)
    with pytest.raises(AppError, match="正忙"):
        told.sync()
    seen = schedule.standing(told.db)
    assert (seen.failures, seen.busy, seen.pause_until - seen.now) == (1, True, 40_000)
    told.script.refuse.clear()
    told.sync()
    assert schedule.standing(told.db).failures == 0


def test_the_limits_of_the_server_are_asked_for_once_a_day_and_kept(told):
    told.script.limits = {"rows": 3, "bytes": 100, "page": 7, "moon": "full"}
    told.db.clock.move(days=1)
    told.sync()
    told.sync()
    assert told.script.asked.count("/v1/hello") == 1
    limits = units.limits(told.db)
    assert (limits.rows, limits.bytes, limits.page) == (3, 64 << 10, 7)
    for number in range(7):
        with told.db.transaction(told.app.actor, "登记") as tx:
            tx.execute("INSERT INTO person(id,name,phones,source) VALUES(?,'甲','','')", (f"q{number}",))
    told.sync()
    people = [sum(change.table == "person" for change in batch.changes) for batch in told.script.pushed]
    assert [count for count in people if count] == [3, 3, 1]  # a proof of the audit trail went on its own


def test_the_first_batch_of_a_desk_keeps_to_the_limits_already(app, script):
    """The answer to its enrolment says them; nothing more is asked."""
    script.limits = {"rows": 3}
    with app.db.transaction(app.actor, "登记") as tx:
        tx.insert(Person, [{"id": f"q{number}", "name": "甲", "phones": "", "source": ""} for number in range(7)])
    enrol.enrol(app.db, app.secrets, server_url="https://central.test", code="A" * 10, name="一号机", transport=script)
    engine.sync_now(app.db, app.secrets, transport=script)
    assert [len(batch.changes) for batch in script.pushed if batch.changes[0].table == "person"] == [3, 3, 1]
    assert "/v1/hello" not in script.asked


def test_a_server_that_says_no_limits_is_asked_for_them_once(app, script):
    script.limits = {}
    told = ScriptedDesk(app, script)
    told.sync()
    assert told.script.asked.count("/v1/hello") == 0, "it was asked at the end of the first exchange"
    assert units.limits(told.db) == units.Limits()


def test_the_server_says_its_limits_when_a_desk_is_enrolled(first):
    assert not units.is_due(first.db)
    assert units.limits(first.db).rows == BATCH_ROWS


def test_the_units_a_desk_may_share_with_are_known_by_number_and_name(told):
    assert [unit.name for unit in units.known(told.db)] == ["红旗街道", "江北社区"]
    assert units.mine(told.db).name == "江山社区"
    assert units.called(told.db, "江北").id == units.called(told.db, "420299001002").id == 420299001002
    for words in ("月球", "", "社"):
        with pytest.raises(AppError) as caught:
            units.called(told.db, words) if words != "社" else units.called(told.db, "4202")
        assert caught.value.field == "unit"


# ------------------------------------------------------------------------------------------------------------- waiting


def wait(told, seconds=60.0, cancelled=lambda: False):
    ticks = iter(range(10_000))
    return waiting.wait_for_change(
        told.db,
        told.app.secrets,
        seconds,
        cancelled,
        transport=told.script,
        clock=lambda: float(next(ticks)),
        nap=lambda _s: None,
    )


def test_waiting_ends_when_somebody_else_wrote_something(told):
    assert not wait(told)
    told.script.people("p1")
    assert wait(told)


def test_waiting_ends_when_there_is_something_to_send(told):
    told.script.people("p1")
    told.sync()
    told.edit("p1", note="新")
    told.script.asked.clear()
    assert wait(told)
    assert told.script.asked == []


def test_waiting_can_be_stopped_and_goes_on_without_hints(told):
    assert not wait(told, cancelled=lambda: True)
    for code in ("NOT_FOUND", "BUSY"):
        told.script.refuse["/v1/wait"] = Refused(code)
        told.script.asked.clear()
        assert not wait(told)
        assert told.script.asked == ["/v1/wait"]
    told.script.refuse["/v1/wait"] = Refused("SCOPE_GONE")
    assert wait(told), "an exchange has to look after that"
    told.script.refuse["/v1/wait"] = Refused("REVOKED")
    with pytest.raises(AppError, match="停用"):
        wait(told)
