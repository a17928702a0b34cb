"""Reads the papers of a meeting from the store."""

from collections.abc import Iterable

from desktop_app.meetings.model import AgendaItem, Attendance, Resolution
from desktop_app.meetings.queries import meeting_file, missing_elements, outcomes
from desktop_app.meetings.rules import MeetingFile, votes_of
from desktop_app.printing.form import Desk
from desktop_app.printing.meeting import (
    Attendee,
    Correction,
    Decision,
    MinutesPaper,
    RecordPaper,
    SignInPaper,
    Topic,
    Vote,
)
from desktop_app.printing.words import spoken_date
from desktop_app.profiles.queries import codes
from desktop_app.shared.clock import local_text
from desktop_app.shared.errors import AppError


def record_paper(desk: Desk, meeting_id: str) -> RecordPaper:
    """The 会议记录 of a meeting."""
    file = _file(desk, meeting_id)
    meeting = file.meeting
    said = outcomes(desk.db, file)
    return RecordPaper(
        title=meeting.title,
        starts=meeting.starts_at or "",
        ends=meeting.ends_at or "",
        place=meeting.place or "",
        convenor=meeting.convenor or "",
        chair=meeting.chair or "",
        chair_post=meeting.chair_post or "",
        recorder=meeting.recorder or "",
        notice="，".join(filter(None, (spoken_date(meeting.notice_on), meeting.notice_how))),
        attendees=_attendees(file.attendance),
        topics=tuple(_topic(item, file.resolutions, said.get(item.id, "")) for item in file.agenda),
        decisions=tuple(_decision(row) for row in file.resolutions if _loose(row, file.agenda)),
        corrections=tuple(
            Correction(local_text(row.at, "%Y-%m-%d"), row.text, row.by_name) for row in file.corrections
        ),
        number=meeting.no or "",
        organ=desk.community.name,
        signers=codes("meeting_types").get(meeting.kind).words("parties"),
        gaps=tuple(missing_elements(file)),
    )


def minutes_paper(desk: Desk, meeting_id: str) -> MinutesPaper:
    """The 会议纪要 of a meeting: its topics with what was decided, not what was said."""
    file = _file(desk, meeting_id)
    meeting = file.meeting
    topics = [Topic(item.title, decisions=_topic(item, file.resolutions).decisions) for item in file.agenda]
    loose = tuple(_decision(row) for row in file.resolutions if _loose(row, file.agenda))
    issue = meeting.issue_no or ""
    return MinutesPaper(
        mark=f"{desk.community.name}{_minutes_title(meeting.kind)}",
        lead=meeting.lead or "",
        topics=(*(topic for topic in topics if topic.decisions), *((Topic("", decisions=loose),) if loose else ())),
        attendees=_attendees(file.attendance),
        issue=f"第{issue}期" if issue.isdigit() else issue,
        issuer=_issuer(desk, file),
        issued_on=(meeting.ends_at or meeting.starts_at or "")[:10],
        gaps=tuple(missing_elements(file)),
    )


def _issuer(desk: Desk, file: MeetingFile) -> str:
    """The body that called the meeting; the community where a person did, since minutes are a body's."""
    convenor = file.meeting.convenor or ""
    return convenor if convenor and convenor not in {row.name for row in file.attendance} else desk.community.name


def sign_in_paper(desk: Desk, meeting_id: str) -> SignInPaper:
    """The 签到表 of a meeting."""
    file = _file(desk, meeting_id)
    meeting = file.meeting
    return SignInPaper(
        meeting=meeting.title,
        starts=meeting.starts_at or "",
        place=meeting.place or "",
        chair=meeting.chair or "",
        attendees=_attendees(file.attendance),
    )


def _file(desk: Desk, meeting_id: str) -> MeetingFile:
    file = meeting_file(desk.db, meeting_id)
    if file is None:
        raise AppError("这次会议已被删除，没有打印。", next_step="请刷新列表后再选。")
    return file


def _minutes_title(kind: str) -> str:
    return codes("meeting_types").get(kind).text("minutes_title") or "会议纪要"


def _attendees(rows: Iterable[Attendance]) -> tuple[Attendee, ...]:
    return tuple(
        Attendee(
            row.name,
            row.unit or "",
            row.post or "",
            row.capacity,
            row.status,
            row.reason or "",
            voting=row.voting,
        )
        for row in rows
    )


def _topic(item: AgendaItem, resolutions: Iterable[Resolution], outcome: str = "") -> Topic:
    decisions = tuple(_decision(row) for row in resolutions if row.agenda_id == item.id)
    return Topic(item.title, item.proposer or "", item.discussion, _vote(item, outcome), decisions)


def _vote(item: AgendaItem, outcome: str) -> Vote | None:
    """The counts, with the verdict that the rules of the meeting's day allow to be printed."""
    votes = votes_of(item)
    if votes is None:
        return None
    verdict = outcome.removeprefix(votes.words).lstrip("，")
    return Vote(codes("vote_methods").name(item.vote_how), votes.in_favour, votes.against, votes.abstained, verdict)


def _loose(row: Resolution, agenda: Iterable[AgendaItem]) -> bool:
    """Whether a resolution belongs to none of the topics."""
    return all(row.agenda_id != item.id for item in agenda)


def _decision(row: Resolution) -> Decision:
    return Decision(row.text, row.owner or "", row.helpers or "", row.due_on or "")
