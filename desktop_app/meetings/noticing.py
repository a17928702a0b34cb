"""会议通知: the day on which people were told of a meeting; the paper itself sets it, or one verb.

A day that is set stays: a second copy of the notice moves nothing.  Who told them and when stands in the journal.
"""

from collections.abc import Iterable
from typing import Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.meetings.model import Meeting
from desktop_app.meetings.unsigned import opened
from desktop_app.shared.dates import must_be_date
from desktop_app.store.database import Database, Transaction

PAPER: Final = "书面通知"
"""How people are told where nothing else is said."""


@needs("meetings.change")
def give_notice(db: Database, actor: Actor, meeting_id: str, how: str = "", on: str = "") -> Meeting:
    """Notes that people were told: today and in writing unless told."""
    day = on or db.clock.today().isoformat()
    must_be_date(day, "通知日期", "notice_on")
    with opened(db, actor, "通知开会", meeting_id) as (tx, meeting):
        return tx.change(Meeting, meeting_id, notice_on=day, notice_how=how.strip() or meeting.notice_how or PAPER)


def note_given(tx: Transaction, meeting_ids: Iterable[str]) -> None:
    """Within the transaction that records the paper: the meetings whose notice came out were given notice of today."""
    for meeting_id in meeting_ids:
        meeting = tx.get(Meeting, meeting_id)
        if meeting is None or meeting.notice_on or meeting.signed_at is not None or meeting.scope:
            continue
        today = tx.db.clock.today().isoformat()
        tx.change(Meeting, meeting_id, notice_on=today, notice_how=meeting.notice_how or PAPER)


def note_taken_back(tx: Transaction, meeting_id: str) -> None:
    """No paper came out after all: what `note_given` set today is taken back."""
    meeting = tx.get(Meeting, meeting_id)
    today = tx.db.clock.today().isoformat()
    if meeting is None or (meeting.notice_on, meeting.notice_how, meeting.signed_at) != (today, PAPER, None):
        return
    tx.change(Meeting, meeting_id, notice_on=None, notice_how=None)
