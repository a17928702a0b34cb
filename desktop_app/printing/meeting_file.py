"""Reads the papers of a meeting from the store."""

from collections.abc import Iterable

from desktop_app.meetings.model import AgendaItem, Attendance, Resolution
from desktop_app.meetings.noting import in_words, merged
from desktop_app.meetings.queries import ballots_of, meeting_file, missing_elements, verdicts
from desktop_app.meetings.rules import MeetingFile
from desktop_app.meetings.signature import changed_since
from desktop_app.meetings.voting import Verdict, votes_of
from desktop_app.printing.form import Desk
from desktop_app.printing.meeting import (
    Attendee,
    Correction,
    Decision,
    MinutesPaper,
    NoticePaper,
    RecordPaper,
    SignInPaper,
    Topic,
    Vote,
)
from desktop_app.printing.words import spoken_date
from desktop_app.profiles.desk import desk_codes
from desktop_app.profiles.rules import Code
from desktop_app.shared.clock import local_text
from desktop_app.shared.errors import AppError


def record_paper(desk: Desk, meeting_id: str) -> RecordPaper:
    """The 会议记录 of a meeting."""
    file = _file(desk, meeting_id)
    meeting = file.meeting
    said = verdicts(desk.db, file)
    kind = _kind(desk, file)
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
        topics=tuple(_topic(desk, item, file, said.get(item.id)) for item in file.agenda),
        decisions=tuple(_decision(row) for row in file.resolutions if _loose(row, file.agenda)),
        corrections=tuple(
            Correction(local_text(row.at, "%Y-%m-%d"), row.text, row.by_name) for row in file.corrections
        ),
        number=meeting.no or "",
        organ=desk.community.name,
        signers=kind.words("parties"),
        gaps=_gaps(desk, file),
        by_ballot=bool(file.ballots),
        record_title=kind.text("record_title"),
        kinds=tuple(sorted((kind.name, *kind.aliases), key=len, reverse=True)),
    )


def _gaps(desk: Desk, file: MeetingFile) -> tuple[str, ...]:
    """What a final print still lacks; a signed record that is not as it was signed is no final one either."""
    changed = changed_since(file)
    odd = (f"核对签字后的变动（{'、'.join(changed)}）",) if changed else ()
    return (*missing_elements(file, desk.db.path.parent), *odd)


def minutes_paper(desk: Desk, meeting_id: str) -> MinutesPaper:
    """The 会议纪要 of a meeting: its topics with what was decided, not what was said."""
    file = _file(desk, meeting_id)
    meeting = file.meeting
    topics = [Topic(item.title, decisions=_topic(desk, item, file).decisions) for item in file.agenda]
    loose = tuple(_decision(row) for row in file.resolutions if _loose(row, file.agenda))
    issue = meeting.issue_no or ""
    return MinutesPaper(
        mark=f"{desk.community.name}{_kind(desk, file).text('minutes_title') or '会议纪要'}",
        lead=meeting.lead or "",
        topics=(*(topic for topic in topics if topic.decisions), *((Topic("", decisions=loose),) if loose else ())),
        attendees=_attendees(file.attendance),
        issue=f"第{issue}期" if issue.isdigit() else issue,
        issuer=_issuer(desk, file),
        issued_on=(meeting.ends_at or meeting.starts_at or "")[:10],
        gaps=_gaps(desk, file),
        by_ballot=bool(file.ballots),
        parties=_kind(desk, file).words("parties"),
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


def _kind(desk: Desk, file: MeetingFile) -> Code:
    """The type of the meeting, with what this community changed of it."""
    return desk_codes(desk.db, "meeting_types").get(file.meeting.kind)


def _attendees(rows: Iterable[Attendance]) -> tuple[Attendee, ...]:
    return tuple(
        Attendee(
            row.name,
            row.unit or "",
            row.post or "",
            row.capacity,
            row.status,
            row.reason or (f"委托{row.proxy}" if row.proxy else ""),
            voting=row.voting,
        )
        for row in rows
    )


def _topic(desk: Desk, item: AgendaItem, file: MeetingFile, verdict: Verdict | None = None) -> Topic:
    decisions = tuple(_decision(row) for row in file.resolutions if row.agenda_id == item.id)
    discussion = in_words(merged(file.notes, item.id), item.discussion)
    return Topic(item.title, item.proposer or "", discussion, _vote(desk, item, file, verdict), decisions)


def _vote(desk: Desk, item: AgendaItem, file: MeetingFile, verdict: Verdict | None) -> Vote | None:
    """The counts, with the verdict that the rules of the meeting's day allow to be printed."""
    printed = verdict.printed if verdict else ""
    how = desk_codes(desk.db, "vote_methods").name(item.vote_how)
    if ballots_of(file, item):
        return Vote(how, verdict=printed, told=verdict.counts if verdict else "")
    votes = votes_of(item)
    return None if votes is None else Vote(how, votes.in_favour, votes.against, votes.abstained, printed)


def _loose(row: Resolution, agenda: Iterable[AgendaItem]) -> bool:
    """Whether a resolution belongs to none of the topics."""
    return all(row.agenda_id != item.id for item in agenda)


def _decision(row: Resolution) -> Decision:
    return Decision(row.text, row.owner or "", row.helpers or "", row.due_on or "")


def notice_paper(desk: Desk, meeting_id: str) -> NoticePaper:
    """What the 会议通知 of a meeting says; the day is that of the notice, today where none was noted."""
    file = _file(desk, meeting_id)
    meeting = file.meeting
    kind = _kind(desk, file)
    return NoticePaper(
        title=meeting.title,
        starts=meeting.starts_at or "",
        place=meeting.place or "",
        chair=meeting.chair or "",
        topics=tuple(item.title for item in file.agenda),
        attendees=_attendees(file.attendance),
        attends=kind.words("attends"),
        organ=_issuer(desk, file),
        on=meeting.notice_on or desk.clock.today().isoformat(),
        kind=next((name for name in (kind.name, *kind.aliases) if name in meeting.title), ""),
    )
