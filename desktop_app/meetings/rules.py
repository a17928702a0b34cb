"""What is true of meetings; pure functions.

Saving a record is never refused for what it lacks; signing and the final print are.  The words 表决通过 appear only
where a rule on majority with a text behind it applies, since a printed verdict is taken for law; else the counts stand
alone.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from desktop_app.meetings.model import AgendaItem, Attendance, Meeting, MeetingCorrection, Resolution
from desktop_app.profiles.quorum import QuorumRule, Threshold
from desktop_app.profiles.rules import Code
from desktop_app.shared.errors import AppError
from desktop_app.store.base import SYNC_COLUMNS

PRESENT = ("出席", "委托")
"""Who counts as 实到: in person or by proxy."""
STATUSES = ("出席", "请假", "缺席", "列席", "委托")
CAPACITIES = ("应到", "列席")
STATES = ("待办", "进行", "完成")
VERIFIED = ("law", "secondary")
"""Only a rule with a text behind it lets a paper say 表决通过; a local habit or an unread article does not."""
PASSED, FAILED = "表决通过", "表决未通过"
_TIME = "%Y-%m-%d %H:%M"


# ---------------------------------------------------------------------------------------------------------- arithmetic


def needed(n: int, share: Threshold) -> int | None:
    """The smallest number of n that meets the share; None where n is nought or unknown."""
    return None if n <= 0 else share.needed(n)


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


def count(rows: Iterable[Attendance]) -> Count:
    """The counts of an attendance list.  列席 is never 应到 and has no vote."""
    everybody = list(rows)
    due = [row for row in everybody if row.capacity == "应到"]
    there = [row for row in due if row.status in PRESENT]
    return Count(
        due=len(due),
        present=len(there),
        excused=sum(row.status == "请假" for row in due),
        absent=sum(row.status == "缺席" for row in due),
        invited=sum(row.capacity == "列席" and row.status in {*PRESENT, "列席"} for row in everybody),
        voting=sum(row.voting for row in due),
        voting_present=sum(row.voting for row in there),
    )


@dataclass(frozen=True, slots=True)
class Quorum:
    """Whether a meeting may be held under one rule; `met` None is 未判定."""

    item: str
    base: int
    there: int
    needed: int | None
    met: bool | None
    source: str

    @property
    def words(self) -> str:
        """“应到 9 · 实到 7 · 需要 6 · 达到”"""
        verdict = {True: "达到", False: "未达到", None: "未判定"}[self.met]
        need = "" if self.needed is None else f" · 需要 {self.needed}"
        return f"应到 {self.base} · 实到 {self.there}{need} · {verdict}"


def quorums(found: Count, rules: Iterable[QuorumRule]) -> list[Quorum]:
    """The quorum under every rule that lays one down; areas and households are not counted here, so those stay open."""
    return [_quorum(found, rule, rule.hold) for rule in rules if rule.hold is not None]


def _quorum(found: Count, rule: QuorumRule, hold: Threshold) -> Quorum:
    base, there = (found.voting, found.voting_present) if hold.base == "voting" else (found.due, found.present)
    need = needed(base, hold)
    met = None if need is None or not _heads_only(hold) else there >= need
    return Quorum(rule.item, base, there, need, met, rule.origin.source)


def _heads_only(share: Threshold) -> bool:
    return set(share.measures) == {"persons"}


# --------------------------------------------------------------------------------------------------------------- votes


@dataclass(frozen=True, slots=True)
class Votes:
    """What was counted on one item of the agenda."""

    in_favour: int
    against: int
    abstained: int

    @property
    def cast(self) -> int:
        return self.in_favour + self.against + self.abstained

    @property
    def words(self) -> str:
        return f"同意 {self.in_favour} 票，反对 {self.against} 票，弃权 {self.abstained} 票"


def votes_of(item: AgendaItem) -> Votes | None:
    """The votes on an item, None where nobody voted."""
    if item.votes_for is None and item.votes_against is None and item.votes_abstain is None:
        return None
    return Votes(item.votes_for or 0, item.votes_against or 0, item.votes_abstain or 0)


def check_votes(votes: Votes, voters: int) -> None:
    """AppError for a negative count, or for more votes than people with a vote who are there."""
    fields = (("votes_for", votes.in_favour), ("votes_against", votes.against), ("votes_abstain", votes.abstained))
    for field, number in fields:
        if number < 0:
            raise AppError("票数不能是负数，没有保存。", field=field, next_step="请核对计票结果。")
    if votes.cast > voters:
        raise AppError(
            f"同意、反对、弃权合计 {votes.cast} 票，多于到会的有表决权人数 {voters} 人，没有保存。",
            field="votes_for",
            next_step="请核对票数；有人漏签到时先补记到会情况。",
        )


def passed(votes: Votes, found: Count, rules: Iterable[QuorumRule]) -> bool | None:
    """Whether a motion passed; None (未判定) without a verified rule, where rules differ, or where areas would count.

    A vote in a meeting that lacked its quorum decides nothing either way.
    """
    applied = [rule for rule in rules if rule.passes is not None]
    verdicts = {_passed(votes, found, rule) for rule in applied}
    return verdicts.pop() if len(verdicts) == 1 else None


def _passed(votes: Votes, found: Count, rule: QuorumRule) -> bool | None:
    share = rule.passes
    if share is None or rule.origin.basis not in VERIFIED or not _heads_only(share):
        return None
    base = {
        "all": found.due,
        "voting": found.voting,
        "present": found.voting_present,
        "participating": votes.cast,
    }.get(share.base)
    won = share.met(votes.in_favour, base)
    held = _quorum(found, rule, rule.hold).met if rule.hold else True
    return won if held else None


def outcome(votes: Votes | None, found: Count, rules: Iterable[QuorumRule]) -> str:
    """What a paper may say of a vote: the counts, with 表决通过 or 表决未通过 only where certain; "" without a vote."""
    if votes is None:
        return ""
    verdict = passed(votes, found, rules)
    return votes.words if verdict is None else f"{votes.words}，{PASSED if verdict else FAILED}"


# ------------------------------------------------------------------------------------------------------------ elements


@dataclass(frozen=True, slots=True)
class MeetingFile:
    """A meeting with everything that belongs to it, each in order."""

    meeting: Meeting
    agenda: tuple[AgendaItem, ...]
    attendance: tuple[Attendance, ...]
    resolutions: tuple[Resolution, ...]
    corrections: tuple[MeetingCorrection, ...] = ()

    @property
    def count(self) -> Count:
        return count(self.attendance)

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
    return file.count.due > 0 and file.count.present > 0


def _reasons(file: MeetingFile) -> bool:
    return all(row.reason for row in file.attendance if row.capacity == "应到" and row.status in {"请假", "缺席"})


def _voted(file: MeetingFile) -> bool:
    """Somewhere a vote was taken, and each vote says how."""
    votes = [item for item in file.agenda if votes_of(item) is not None]
    return bool(votes) and all(item.vote_how for item in votes)


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
    "vote": _voted,
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


# ----------------------------------------------------------------------------------------------------------- signature

_NOT_SIGNED = {*SYNC_COLUMNS, "audience", "issue_no", "signed_at", "signed_by", "signed_hash", "state"}
"""What is no part of what is signed: who reads it, its number as 纪要, the signature itself, later progress."""


def fingerprint(file: MeetingFile) -> str:
    """SHA-256 over the canonical JSON of the record: keys sorted, no white space, UTF-8."""
    content = {
        "meeting": _plain(file.meeting),
        "agenda": [_plain(row) for row in file.agenda],
        "attendance": [_plain(row) for row in file.attendance],
        "resolutions": [_plain(row) for row in file.resolutions],
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(record: Meeting | AgendaItem | Attendance | Resolution) -> dict[str, object]:
    names = [column.name for column in type(record).__table__.columns if column.name not in _NOT_SIGNED]
    return {"id": record.id} | {name: getattr(record, name) for name in names}
