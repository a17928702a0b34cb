"""What a desk wrote in another unit's records and the server has lost: it waits, is offered, or is shown apart."""

import pytest

from desktop_app.meetings import sharing
from desktop_app.meetings.model import Attendance, Meeting
from desktop_app.shared.errors import NetworkError
from desktop_app.sync import refused
from desktop_app.sync.status import status
from tests.sync.desks import lost
from tests.sync.scripted import STREET
from tests.sync.test_units import call, equal_to_server, settle


@pytest.fixture
def guest(ours, street, district):
    """An entry of the street in a meeting of a community; the server was set back before the community heard of it."""
    meeting = call(ours)
    sharing.share(ours.db, ours.app.actor, meeting, [STREET])
    settle(ours, street)
    copy = district.keep_copy()
    with street.db.transaction(street.app.actor, "签到") as tx:
        entry = Attendance(meeting_id=meeting, seq=1, name="李四", capacity="列席", status="列席", voting=False)
        made = tx.add(entry).id
    street.sync()
    district.restore(copy)
    return meeting, made


def shared_since(ours, street, district):
    """A meeting shared with the street, and the server as it was before."""
    settle(ours, street)
    copy = district.keep_copy()
    meeting = call(ours)
    sharing.share(ours.db, ours.app.actor, meeting, [STREET])
    settle(ours, street)
    return meeting, copy


def test_what_a_guest_added_and_only_the_guest_still_has_reaches_the_home(ours, street, district, guest):
    settle(street, ours)
    assert ours.db.get(Attendance, guest[1]).name == "李四"
    assert status(street.db).waiting == 0
    assert equal_to_server(street, district)


def test_what_a_guest_added_goes_with_a_record_that_is_withdrawn_and_is_shown_apart(ours, street, district, guest):
    sharing.unshare(ours.db, ours.app.actor, guest[0])
    settle(ours, street)
    assert [(one.code, one.values["name"]) for one in refused.listed(street.db)] == [("WITHDRAWN", "李四")]
    assert street.db.get(Attendance, guest[1]) is None
    assert "李四" not in {row[0] for row in street.db.rows("SELECT name FROM attendance")}
    assert status(street.db).waiting == 0
    assert equal_to_server(street, district)


def test_what_a_guest_edits_in_a_record_the_server_has_lost_waits_for_the_whole_of_it(ours, street, district):
    """Sent alone it would make half a record, and one of the guest's own."""
    meeting, copy = shared_since(ours, street, district)
    with street.db.transaction(street.app.actor, "改会议") as tx:
        tx.change(Meeting, meeting, place="会议室")
    district.restore(copy)
    settle(street)
    for lead in ("甲", "乙"):
        with street.db.transaction(street.app.actor, "改会议") as tx:
            tx.change(Meeting, meeting, lead=lead)
        settle(street)
    assert district.rows("select 1 from record where id=?", meeting) == []
    settle(ours, street, ours)
    assert (ours.db.get(Meeting, meeting).lead, ours.db.get(Meeting, meeting).place) == ("乙", "会议室")
    assert status(street.db).waiting == 0
    assert equal_to_server(street, district)


def test_a_comparison_that_is_cut_off_is_made_by_the_next_sync(ours, street, district):
    """The street has what no server shares with it any more; reading everything again would not find that."""
    meeting, copy = shared_since(ours, street, district)
    district.restore(copy)
    street.line.before = lambda path, _body: lost() if path == "/v1/repair" else None
    with pytest.raises(NetworkError):
        street.sync()
    street.line.heal()
    settle(street)
    assert street.db.get(Meeting, meeting) is None
    assert equal_to_server(street, district)
