"""What one may ask about meetings.  Days are ISO dates."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Select, select

from desktop_app.accounts.rights import reads
from desktop_app.meetings import owners, rules, voting
from desktop_app.meetings.model import (
    AgendaItem,
    Attendance,
    Meeting,
    MeetingCorrection,
    MeetingNote,
    OwnerBallot,
    Resolution,
)
from desktop_app.meetings.rules import MeetingFile
from desktop_app.meetings.voting import Verdict
from desktop_app.profiles.desk import desk_codes, town_of
from desktop_app.profiles.queries import codes, quorum_rules_of, required_elements
from desktop_app.profiles.quorum import QuorumRule
from desktop_app.store.base import Record
from desktop_app.store.database import Database, Transaction

__all__ = [
    "MeetingFile",
    "MeetingLine",
    "OpenResolution",
    "last_meeting_of_kind",
    "meeting_file",
    "meetings",
    "missing_elements",
    "odd_votes",
    "open_resolutions",
    "outcomes",
    "quorums",
    "remarks",
    "suggested_issue",
    "verdicts",
]

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting as lists show it; `kind` is the name of its type, `home` the unit that called it, 0 for one's own."""

    id: str
    no: str
    kind: str
    title: str
    starts_at: str
    place: str
    due: int
    present: int
    resolutions: int
    open: int
    signed: bool
    home: int = 0


@reads("meetings.read")
def meetings(
    db: Database,
    *,
    text: str = "",
    kind: str | None = None,
    from_on: str | None = None,
    to_on: str | None = None,
    signed: bool | None = None,
) -> list[MeetingLine]:
    """Meetings, the latest first, by part of title or number, type (code or name), days (inclusive) and signature."""
    types = desk_codes(db, "meeting_types")
    found = db.rows(
        "SELECT m.id,coalesce(m.no,''),m.kind,m.title,coalesce(m.starts_at,''),coalesce(m.place,''),"
        "(SELECT count(*) FROM attendance a WHERE a.meeting_id=m.id AND a.sync_del=0 AND a.capacity='应到'),"
        "(SELECT count(*) FROM attendance a WHERE a.meeting_id=m.id AND a.sync_del=0 AND a.capacity='应到'"
        " AND a.status IN ('出席','委托')),"
        "(SELECT count(*) FROM resolution r WHERE r.meeting_id=m.id AND r.sync_del=0),"
        "(SELECT count(*) FROM resolution r WHERE r.meeting_id=m.id AND r.sync_del=0 AND r.state<>'完成'),"
        "m.signed_at IS NOT NULL,m.scope FROM meeting m WHERE m.sync_del=0 "
        "AND (:kind IS NULL OR m.kind=:kind) AND (:first IS NULL OR m.starts_at>=:first) "
        "AND (:last IS NULL OR substr(m.starts_at,1,10)<=:last) "
        "AND (:text='' OR instr(m.title,:text)>0 OR instr(coalesce(m.no,''),:text)>0) "
        "AND (:signed IS NULL OR (m.signed_at IS NOT NULL)=:signed) ORDER BY m.starts_at IS NULL DESC,m.starts_at DESC",
        {
            "kind": types.code(kind) if kind else None,
            "first": from_on,
            "last": to_on,
            "text": text,
            "signed": None if signed is None else int(signed),
        },
    )
    return [
        MeetingLine(id_, no, types.name(code), title, starts, place, due, present, settled, open_, bool(done), home)
        for id_, no, code, title, starts, place, due, present, settled, open_, done, home in found
    ]


@reads("meetings.read")
def meeting_file(db: Database, meeting_id: str) -> MeetingFile | None:
    """A meeting with its agenda, attendance, resolutions and corrections, each in order; None when there is none."""
    meeting = db.get(Meeting, meeting_id)
    if meeting is None:
        return None
    return _file(meeting, lambda cls: db.select(_parts(cls, meeting_id)), db.path.parent)


def file_within(tx: Transaction, meeting: Meeting) -> MeetingFile:
    """The same as a transaction sees it: what is signed is what is stored."""
    return _file(meeting, lambda cls: list(tx.session.scalars(_parts(cls, meeting.id))), tx.db.path.parent)


def _parts(cls: type[R], meeting_id: str) -> Select[R]:
    of = cls.__table__.columns
    return select(cls).where(of["meeting_id"] == meeting_id, of["sync_del"] == 0)


class _Read(Protocol):
    def __call__(self, cls: type[R], /) -> list[R]: ...


def _file(meeting: Meeting, read: _Read, home: Path) -> MeetingFile:
    proxies = codes("meeting_types", home, (meeting.starts_at or "")[:10]).get(meeting.kind).number("proxies")
    return MeetingFile(
        meeting,
        tuple(sorted(read(AgendaItem), key=lambda row: (row.seq, row.id))),
        tuple(sorted(read(Attendance), key=lambda row: (row.seq, row.id))),
        tuple(sorted(read(Resolution), key=lambda row: (row.seq, row.id))),
        tuple(sorted(read(MeetingCorrection), key=lambda row: (row.at, row.id))),
        tuple(sorted(read(MeetingNote), key=lambda row: (row.at, row.seq, row.id))),
        tuple(sorted(read(OwnerBallot), key=lambda row: (row.seq, row.id))),
        rules.PROXIES if proxies is None else proxies,
    )


# ------------------------------------------------------------------------------------------------------- what rules say


def missing_elements(file: MeetingFile, home: Path | None = None) -> list[str]:
    """What the record lacks for its type, in Chinese; [] when it may be signed and finally printed.

    `home` is the folder of the desk's data, where a community's own list of types may lie.
    """
    on = (file.meeting.starts_at or "")[:10]
    found = codes("meeting_types", home, on).get(file.meeting.kind)
    lacking = rules.missing(file, required_elements(file.meeting.kind, home, on), found.words("parties"))
    return [*lacking, *(f"核对第 {at} 项的票数" for at, item in enumerate(file.agenda, 1) if odd_votes(file, item))]


def odd_votes(file: MeetingFile, item: AgendaItem) -> list[str]:
    """Why the counts on an item cannot be right, in Chinese; [] where they can."""
    votes = voting.votes_of(item)
    if votes is None or ballots_of(file, item):
        return []
    found = file.count
    away = item.vote_how in voting.WRITTEN
    odd = voting.doubts(votes, found.voting if away else found.voting_present, voting.slips_of(item))
    return [*odd, *(voting.proxy_doubts(file.attendance, file.proxies) if odd else ())]


def ballots_of(file: MeetingFile, item: AgendaItem) -> list[OwnerBallot]:
    """The owners' ballots on an item."""
    return [ballot for ballot in file.ballots if ballot.agenda_id == item.id]


def rules_of(db: Database, meeting: Meeting) -> tuple[QuorumRule, ...]:
    """The rules on quorum and majority that held on the meeting's day; a meeting without a day uses today's."""
    day = date.fromisoformat(meeting.starts_at[:10]) if meeting.starts_at else db.clock.today()
    return quorum_rules_of(desk_codes(db, "meeting_types").code(meeting.kind), day, db.path.parent)


@reads("meetings.read")
def quorums(db: Database, file: MeetingFile) -> list[voting.Quorum]:
    """Whether the meeting may be held, under every rule of its type; [] where none is laid down."""
    return voting.quorums(file.count, rules_of(db, file.meeting))


@reads("meetings.read")
def verdicts(db: Database, file: MeetingFile) -> dict[str, Verdict]:
    """What each vote comes to, with the arithmetic and why nothing is said where nothing is, by identifier of the item.

    Items on which nobody voted are left out.  Written votes count against all who may vote, not only those who came.
    """
    found, held = file.count, rules_of(db, file.meeting)
    told: dict[str, Verdict] = {}
    for item in file.agenda:
        votes, mine = voting.votes_of(item), ballots_of(file, item)
        chosen = voting.applying(held, item.vote_rule)
        if mine:
            told[item.id] = owners.judge_owners(owners.count(mine), chosen)
        elif votes is not None:
            told[item.id] = voting.judge(votes, found, chosen, odd_votes(file, item))
    return told


@reads("meetings.read")
def outcomes(db: Database, file: MeetingFile) -> dict[str, str]:
    """What a paper may say of the vote on each item of the agenda, by identifier of the item; "" without a vote."""
    told = verdicts(db, file)
    return {item.id: told[item.id].words if item.id in told else "" for item in file.agenda}


@reads("meetings.read")
def remarks(db: Database, meeting: Meeting) -> list[str]:
    """What is odd about a call: a type or rules that changed between notice and meeting, a notice that came late."""
    found = desk_codes(db, "meeting_types").get(meeting.kind)
    told = []
    until = found.origin.valid_to
    if not found.known:
        told.append(f"“{meeting.kind}”不在会议类型表里，按一般会议处理，记录照常保存")
    elif until and (meeting.starts_at or "")[:10] > until.isoformat():
        told.append(f"“{found.name}”这种会议已于 {until} 停用，记录照常保存，要素按原来的要求核对")
    wanted = found.number("notice_days") or 0
    whole = len(meeting.notice_on or "") == len("2026-11-22")
    if meeting.starts_at and not meeting.notice_on:
        left = (date.fromisoformat(meeting.starts_at[:10]) - db.clock.today()).days
        if wanted and 0 <= left <= wanted:
            told.append(f"还没有通知：这种会议要提前 {wanted} 天通知，离开会还有 {left} 天")
    elif meeting.notice_on and meeting.starts_at and whole:
        home = db.path.parent
        day, noticed = (date.fromisoformat(text[:10]) for text in (meeting.starts_at, meeting.notice_on))
        ahead = (day - noticed).days
        if ahead < wanted:
            told.append(f"这种会议要提前 {wanted} 天通知，这次提前了 {max(ahead, 0)} 天")
        then, now = (quorum_rules_of(found.code, one, home) for one in (noticed, day))
        if then != now:
            names = "、".join(rule.item for rule in now) or "没有规则"
            told.append(f"通知以后规则有变动，按开会当天的规则计算（{names}）")
    return told


# ---------------------------------------------------------------------------------------------------- what is still due


@dataclass(frozen=True, slots=True)
class OpenResolution:
    """A resolution that is not finished; `late` days after its deadline, below 0 before it, None without one."""

    id: str
    meeting_id: str
    meeting: str
    text: str
    owner: str
    due_on: str | None
    state: str
    late: int | None

    @property
    def overdue(self) -> bool:
        return self.late is not None and self.late > 0


@reads("meetings.read")
def open_resolutions(db: Database, on: str) -> list[OpenResolution]:
    """What meetings decided and nobody finished, the most overdue first, those without a deadline last."""
    rows = db.rows(
        "SELECT r.id,r.meeting_id,m.title,r.text,coalesce(r.owner,''),r.due_on,r.state FROM resolution r "
        "JOIN meeting m ON m.id=r.meeting_id AND m.sync_del=0 WHERE r.sync_del=0 AND r.state<>'完成' "
        "ORDER BY r.due_on IS NULL,r.due_on,m.starts_at,r.seq"
    )
    today = date.fromisoformat(on)
    return [
        OpenResolution(key, meeting_id, meeting, text, owner, due_on, state, _late(due_on, today))
        for key, meeting_id, meeting, text, owner, due_on, state in rows
    ]


def _late(due_on: str | None, today: date) -> int | None:
    """Days past a deadline; a month or a year as deadline is over with its last day, which is left to the reader."""
    try:
        return (today - date.fromisoformat(due_on or "")).days
    except ValueError:
        return None


@reads("meetings.read")
def last_meeting_of_kind(db: Database, kind: str, before: str | None = None) -> MeetingFile | None:
    """The latest meeting of a type (code or name), before a local time if told: the next one opens with its items."""
    found = db.scalar(
        "SELECT id FROM meeting WHERE kind=:kind AND sync_del=0 AND starts_at IS NOT NULL "
        "AND (:before IS NULL OR starts_at<:before) ORDER BY starts_at DESC",
        {"kind": desk_codes(db, "meeting_types").code(kind), "before": before},
    )
    return None if found is None else meeting_file(db, found)


@reads("meetings.read")
def suggested_issue(db: Database, meeting: Meeting) -> str:
    """The next 期号 of the meeting's type, in the town's words; it begins anew where the profile says so."""
    written = town_of(db).number("minutes")
    year = (meeting.starts_at or db.clock.today().isoformat())[:4]
    used = db.rows(
        "SELECT issue_no FROM meeting WHERE kind=:kind AND sync_del=0 AND id<>:id "
        "AND (:year IS NULL OR substr(starts_at,1,4)=:year)",
        {"kind": meeting.kind, "id": meeting.id, "year": year if written.restarts == "year" else None},
    )
    return written.text(rules.next_issue(row[0] for row in used), community="", year=int(year))
