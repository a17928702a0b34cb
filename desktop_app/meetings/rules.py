"""What is true of meetings; pure functions.

Saving a record is never refused for what it lacks; signing and the final print are.  What a vote comes to stands in
`voting`, what was signed in `signature`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from desktop_app.meetings.model import (
    AgendaItem,
    Attendance,
    Meeting,
    MeetingCorrection,
    MeetingNote,
    OwnerBallot,
    Resolution,
)
from desktop_app.profiles.rules import Code
from desktop_app.shared.errors import AppError

PRESENT = ("出席", "委托")
"""Who counts as 实到: in person or by proxy."""
STATUSES = ("出席", "请假", "缺席", "列席", "委托")
CAPACITIES = ("应到", "列席")
STATES = ("待办", "进行", "完成")
PROXIES = 1
"""How many people one person may vote for where the type of meeting does not say."""
_TIME = "%Y-%m-%d %H:%M"


# ---------------------------------------------------------------------------------------------------------- attendance


@dataclass(frozen=True, slots=True)
class Count:
    """应到, 实到, 请假, 缺席, 列席; and of those with a vote, how many should be and are there."""

    due: int
    present: int
    excused: int
    absent: int
    invited: int
    voting: int
    voting_present: int

    @property
    def words(self) -> str:
        """“应到 9 人，实到 7 人，请假 1 人，缺席 1 人，列席 2 人”, without what is nought."""
        more = (("请假", self.excused), ("缺席", self.absent), ("列席", self.invited))
        tail = "".join(f"，{word} {number} 人" for word, number in more if number)
        return f"应到 {self.due} 人，实到 {self.present} 人{tail}"


@dataclass(frozen=True, slots=True)
class RosterLine:
    """Somebody to be on the attendance list; `capacity` 应到 or 列席, `voting` whether with a vote."""

    name: str
    person_id: str | None = None
    unit: str | None = None
    post: str | None = None
    capacity: str = "应到"
    voting: bool = True


def count(rows: Iterable[Attendance], proxies: int = PROXIES) -> Count:
    """The counts of an attendance list.  列席 is never 应到 and has no vote.

    One person votes for `proxies` others at most: whoever gave a proxy beyond that is not there.
    """
    everybody = list(rows)
    due = [row for row in everybody if row.capacity == "应到"]
    beyond = {row.id for row in proxies_beyond(due, proxies)}
    there = [row for row in due if row.status in PRESENT and row.id not in beyond]
    return Count(
        due=len(due),
        present=len(there),
        excused=sum(row.status == "请假" for row in due),
        absent=sum(row.status == "缺席" for row in due),
        invited=sum(row.capacity == "列席" and row.status in {*PRESENT, "列席"} for row in everybody),
        voting=sum(row.voting for row in due),
        voting_present=sum(row.voting for row in there),
    )


def proxies_beyond(rows: Iterable[Attendance], proxies: int = PROXIES) -> list[Attendance]:
    """Those whose proxy does not count, since the same person holds one already, or the type of meeting knows none."""
    held: Counter[str] = Counter()
    found = []
    for row in sorted(rows, key=lambda one: (one.seq, one.id)):
        if row.status != "委托":
            continue
        holder = (row.proxy or "").strip()
        held[holder] += bool(holder)
        if proxies == 0 or held[holder] > proxies:
            found.append(row)
    return found


# ------------------------------------------------------------------------------------------------------------ elements


@dataclass(frozen=True, slots=True)
class MeetingFile:
    """A meeting with everything that belongs to it, each in order."""

    meeting: Meeting
    agenda: tuple[AgendaItem, ...]
    attendance: tuple[Attendance, ...]
    resolutions: tuple[Resolution, ...]
    corrections: tuple[MeetingCorrection, ...] = ()
    notes: tuple[MeetingNote, ...] = ()
    ballots: tuple[OwnerBallot, ...] = ()
    proxies: int = PROXIES

    @property
    def count(self) -> Count:
        return count(self.attendance, self.proxies)

    @property
    def signed(self) -> bool:
        return self.meeting.signed_at is not None


def missing(file: MeetingFile, required: Iterable[Code], parties: Sequence[str] = ()) -> list[str]:
    """What the record still lacks, in the words of the elements; [] when it may be signed and finally printed.

    Elements no column stands for are the worker's to see to and are not checked.
    """
    found: list[str] = []
    for element in required:
        if element.code == "parties":
            found += [f"{party}到会或缺席的记录" for party in parties if not _party_noted(file, party)]
        elif not _has(file, element):
            found.append(element.name)
    return found


def _party_noted(file: MeetingFile, party: str) -> bool:
    """A party is there with one person, or its absence is recorded with a reason (A3-6)."""
    rows = [row for row in file.attendance if _of_party(row.unit or "", party)]
    return any(row.status in {*PRESENT, "列席"} or row.reason for row in rows)


_SHORT = {"居民委员会": "居委会", "业主委员会": "业委会", "物业服务企业": "物业"}


def _of_party(unit: str, party: str) -> bool:
    return party in unit or _SHORT.get(party, party) in unit


def _has(file: MeetingFile, element: Code) -> bool:
    table, _, column = element.text("where").partition(".")
    if element.code in _SPECIAL:
        return _SPECIAL[element.code](file)
    if table == "meeting":
        return bool(getattr(file.meeting, column, None))
    rows: Sequence[object] = {
        "agenda_item": file.agenda,
        "attendance": file.attendance,
        "resolution": file.resolutions,
    }.get(table, ())
    if not table:
        return True
    return bool(rows) and (column == "*" or all(getattr(row, column, None) not in (None, "") for row in rows))


def _attendance(file: MeetingFile) -> bool:
    """A written vote of owners has a roll of rooms in place of a list of people."""
    return bool(file.ballots) or (file.count.due > 0 and file.count.present > 0)


def _reasons(file: MeetingFile) -> bool:
    return all(row.reason for row in file.attendance if row.capacity == "应到" and row.status in {"请假", "缺席"})


def voted_on(item: AgendaItem) -> bool:
    """Whether anybody voted on an item."""
    return any(count is not None for count in (item.votes_for, item.votes_against, item.votes_abstain))


def _voted(file: MeetingFile) -> bool:
    """Somewhere a vote was taken, and each vote says how."""
    votes = [item for item in file.agenda if voted_on(item)]
    return bool(file.ballots) or (bool(votes) and all(item.vote_how for item in votes))


def _talked(file: MeetingFile) -> bool:
    """Something was noted down on every item, by hand or by those who took notes."""
    noted = {note.agenda_id for note in file.notes if note.text.strip()}
    noted |= {ballot.agenda_id for ballot in file.ballots}  # on a written question nobody speaks
    return bool(file.agenda) and all(item.discussion.strip() or item.id in noted for item in file.agenda)


def _published(file: MeetingFile) -> bool:
    """Whatever was voted on says where and from when it is made public."""
    voted = [item for item in file.agenda if voted_on(item)] or list(file.agenda)
    return bool(voted) and all(item.publicity_how and item.publicity_from for item in voted)


def _slips(file: MeetingFile) -> bool:
    """Slips given out and collected, and who watched and counted."""
    voted = [item for item in file.agenda if voted_on(item)]
    return bool(voted) and all(
        item.ballots_issued is not None and item.ballots_returned is not None and item.scrutineer and item.teller
        for item in voted
    )


def _by_area(file: MeetingFile) -> bool:
    """Ballots of rooms, each with its area."""
    return bool(file.ballots) and all(ballot.area for ballot in file.ballots)


def _notice(file: MeetingFile) -> bool:
    return bool(file.meeting.notice_on and file.meeting.notice_how)


def _owned(file: MeetingFile) -> bool:
    return all(row.owner and row.due_on for row in file.resolutions)


def _anything(_: MeetingFile) -> bool:
    """列席 is asked for where there is any; nobody can be made to be there."""
    return True


_SPECIAL = {
    "attendance": _attendance,
    "absence_reasons": _reasons,
    "invited": _anything,
    "discussion": _talked,
    "vote": _voted,
    "publicity": _published,
    "ballots": _slips,
    "area_votes": _by_area,
    "notice": _notice,
    "owner_and_due": _owned,
}


# --------------------------------------------------------------------------------------------------- times and numbers


def check_times(starts_at: str | None, ends_at: str | None) -> None:
    """AppError for a time that is none, or an end that is not after the beginning."""
    began, ended = _moment(starts_at, "starts_at", "开始时间"), _moment(ends_at, "ends_at", "散会时间")
    if began and ended and ended <= began:
        raise AppError(
            f"散会时间（{ends_at}）不晚于开始时间（{starts_at}），没有保存。",
            field="ends_at",
            next_step="请核对两个时间。",
        )


def _moment(text: str | None, field: str, zh: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, _TIME)  # noqa: DTZ007 local wall-clock time, as it stands in the minutes
    except ValueError as error:
        raise AppError(
            f"{zh}“{text}”不是有效的时间，没有保存。", field=field, next_step="请写成 2026-11-22 15:00 的样子。"
        ) from error


def next_issue(used: Iterable[str | None]) -> int:
    """The next 期号: one after the highest figure in those used (this year, of this type)."""
    figures = [int(found) for text in used if text for found in re.findall(r"[0-9]+", text)[-1:]]
    return max(figures, default=0) + 1
