"""What one may ask about meetings.  Days are ISO dates."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from desktop_app.meetings import rules
from desktop_app.meetings.model import AgendaItem, Attendance, Meeting, MeetingCorrection, Resolution
from desktop_app.meetings.rules import MeetingFile, RosterLine
from desktop_app.organisation.queries import centre_households, party_members, seats_of
from desktop_app.profiles.desk import desk_codes, town_of
from desktop_app.profiles.queries import codes, quorum_rules_of, required_elements
from desktop_app.profiles.quorum import QuorumRule
from desktop_app.store.database import Database, Transaction

__all__ = [
    "MeetingFile",
    "MeetingLine",
    "OpenResolution",
    "last_meeting_of_kind",
    "meeting_file",
    "meetings",
    "missing_elements",
    "open_resolutions",
    "outcomes",
    "quorums",
    "roster_of_branch",
    "roster_of_centres",
    "roster_of_meeting",
    "roster_of_node",
    "suggested_issue",
]


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


def meeting_file(db: Database, meeting_id: str) -> MeetingFile | None:
    """A meeting with its agenda, attendance, resolutions and corrections, each in order; None when there is none."""
    meeting = db.get(Meeting, meeting_id)
    if meeting is None:
        return None
    agenda = db.select(select(AgendaItem).where(AgendaItem.meeting_id == meeting_id, AgendaItem.sync_del == 0))
    people = db.select(select(Attendance).where(Attendance.meeting_id == meeting_id, Attendance.sync_del == 0))
    settled = db.select(select(Resolution).where(Resolution.meeting_id == meeting_id, Resolution.sync_del == 0))
    later = db.select(
        select(MeetingCorrection).where(MeetingCorrection.meeting_id == meeting_id, MeetingCorrection.sync_del == 0)
    )
    return _file(meeting, agenda, people, settled, later)


def _file(
    meeting: Meeting,
    agenda: list[AgendaItem],
    people: list[Attendance],
    settled: list[Resolution],
    later: list[MeetingCorrection],
) -> MeetingFile:
    return MeetingFile(
        meeting,
        tuple(sorted(agenda, key=lambda row: (row.seq, row.id))),
        tuple(sorted(people, key=lambda row: (row.seq, row.id))),
        tuple(sorted(settled, key=lambda row: (row.seq, row.id))),
        tuple(sorted(later, key=lambda row: (row.at, row.id))),
    )


def file_within(tx: Transaction, meeting: Meeting) -> MeetingFile:
    """The same as a transaction sees it: what is signed is what is stored."""
    agenda = tx.session.scalars(select(AgendaItem).where(AgendaItem.meeting_id == meeting.id, AgendaItem.sync_del == 0))
    people = tx.session.scalars(select(Attendance).where(Attendance.meeting_id == meeting.id, Attendance.sync_del == 0))
    settled = tx.session.scalars(
        select(Resolution).where(Resolution.meeting_id == meeting.id, Resolution.sync_del == 0)
    )
    return _file(meeting, list(agenda), list(people), list(settled), [])


# ------------------------------------------------------------------------------------------------------- what rules say


def missing_elements(file: MeetingFile, home: Path | None = None) -> list[str]:
    """What the record lacks for its type, in Chinese; [] when it may be signed and finally printed.

    `home` is the folder of the desk's data, where a community's own list of types may lie.
    """
    found = codes("meeting_types", home).get(file.meeting.kind)
    return rules.missing(file, required_elements(file.meeting.kind, home), found.words("parties"))


def rules_of(db: Database, meeting: Meeting) -> tuple[QuorumRule, ...]:
    """The rules on quorum and majority that held on the meeting's day; a meeting without a day uses today's."""
    day = date.fromisoformat(meeting.starts_at[:10]) if meeting.starts_at else db.clock.today()
    return quorum_rules_of(desk_codes(db, "meeting_types").code(meeting.kind), day, db.path.parent)


def quorums(db: Database, file: MeetingFile) -> list[rules.Quorum]:
    """Whether the meeting may be held, under every rule of its type; [] where none is laid down."""
    return rules.quorums(file.count, rules_of(db, file.meeting))


def outcomes(db: Database, file: MeetingFile) -> dict[str, str]:
    """What a paper may say of the vote on each item of the agenda, by identifier of the item."""
    found, held = file.count, rules_of(db, file.meeting)
    return {item.id: rules.outcome(rules.votes_of(item), found, held) for item in file.agenda}


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


def last_meeting_of_kind(db: Database, kind: str, before: str | None = None) -> MeetingFile | None:
    """The latest meeting of a type (code or name), before a local time if told: the next one opens with its items."""
    found = db.scalar(
        "SELECT id FROM meeting WHERE kind=:kind AND sync_del=0 AND starts_at IS NOT NULL "
        "AND (:before IS NULL OR starts_at<:before) ORDER BY starts_at DESC",
        {"kind": desk_codes(db, "meeting_types").code(kind), "before": before},
    )
    return None if found is None else meeting_file(db, found)


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


# ------------------------------------------------------------------------------------------------------------- rosters


def roster_of_node(db: Database, node_id: str, on: str) -> list[RosterLine]:
    """Everybody who holds a post in a node of the organisation, once, with all posts there."""
    posts: dict[tuple[str | None, str], list[str]] = {}
    for seat in seats_of(db, node_id, on):
        posts.setdefault((seat.person_id, seat.name), []).append(seat.role)
    return [RosterLine(name, person, post="、".join(roles)) for (person, name), roles in posts.items()]


def roster_of_branch(db: Database, node_id: str, on: str) -> list[RosterLine]:
    """The members of a party branch; only full members have a vote (支部条例 art. 11)."""
    kinds = codes("party_kinds")
    full = kinds.code("正式")
    return [
        RosterLine(line.name, line.person_id, unit=line.branch, voting=kinds.code(line.kind) == full)
        for line in party_members(db, on, node_id=node_id)
        if kinds.code(line.kind) in {full, kinds.code("预备")}
    ]


def roster_of_centres(db: Database, on: str, estate_id: str | None = None) -> list[RosterLine]:
    """The hosts of the party-centre households, of one estate if told."""
    return [
        RosterLine(line.host_name, line.host_id, unit=line.estate or None, post="党员中心户")
        for line in centre_households(db, on, estate_id=estate_id)
    ]


def roster_of_meeting(db: Database, meeting_id: str) -> list[RosterLine]:
    """Those who were on the list of an earlier meeting, in its order."""
    file = meeting_file(db, meeting_id)
    return [
        RosterLine(row.name, row.person_id, row.unit, row.post, row.capacity, row.voting)
        for row in (file.attendance if file else ())
    ]
