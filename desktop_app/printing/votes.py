"""What the papers of a vote say: slips to be handed out, and the sheet on which they are counted."""

from collections.abc import Iterator
from dataclasses import dataclass

from desktop_app.meetings import owners
from desktop_app.meetings.model import AgendaItem, OwnerBallot
from desktop_app.meetings.queries import ballots_of, meeting_file, verdicts
from desktop_app.meetings.rules import MeetingFile
from desktop_app.meetings.voting import Verdict, slips_of, votes_of
from desktop_app.printing.form import Desk
from desktop_app.printing.words import spoken_time
from desktop_app.profiles.desk import desk_codes
from desktop_app.shared.errors import AppError

MOST_SLIPS = 2_000


@dataclass(frozen=True, slots=True)
class SlipPaper:
    """One slip.  `room` and `area` for an owner's; `name` only where the vote is not secret."""

    meeting: str
    organ: str
    question: str
    room: str = ""
    area: str = ""
    name: str = ""
    number: str = ""
    written: bool = False


@dataclass(frozen=True, slots=True)
class TallyPaper:
    """One vote as it was counted.  `lines` is the arithmetic, `why` what stands in the way of a verdict."""

    meeting: str
    organ: str
    number: str
    day: str
    place: str
    question: str
    how: str
    rule: str
    counts: str
    slips: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    printed: str
    why: str
    scrutineer: str
    teller: str
    rooms: tuple[tuple[str, str, str, str, str, str], ...] = ()


def slip_papers(desk: Desk, meeting_id: str) -> list[SlipPaper]:
    """Slips for every item: one for each room of a roll, else one for each voter, without a name.

    AppError where there is nothing to vote on.
    """
    file = _file(desk, meeting_id)
    found = [slip for item in file.agenda for slip in _slips(desk, file, item)]
    if not found:
        raise AppError("这次会议还没有议题，没有打印表决票。", next_step="请先加上要表决的议题。")
    return found[:MOST_SLIPS]


def _slips(desk: Desk, file: MeetingFile, item: AgendaItem) -> Iterator[SlipPaper]:
    mine = ballots_of(file, item)
    head = (file.meeting.title, desk.community.name, item.title)
    for ballot in mine:
        yield SlipPaper(
            *head,
            room=ballot.address,
            area=f"{owners.metres(ballot.area)} ㎡" if ballot.area else "",
            name=ballot.owner or "",
            number=str(ballot.seq),
            written=True,
        )
    if not mine:
        for at in range(1, (item.ballots_issued or file.count.voting or 1) + 1):
            yield SlipPaper(*head, number=str(at))


def tally_papers(desk: Desk, meeting_id: str) -> list[TallyPaper]:
    """The sheet of every item on which there was a vote.  AppError where there was none."""
    file = _file(desk, meeting_id)
    said = verdicts(desk.db, file)
    if not said:
        raise AppError("这次会议还没有表决，没有打印计票单。", next_step="请先在议题下记录表决。")
    return [_tally(desk, file, item, said[item.id]) for item in file.agenda if item.id in said]


def _tally(desk: Desk, file: MeetingFile, item: AgendaItem, verdict: Verdict) -> TallyPaper:
    meeting, mine, slips, votes = file.meeting, ballots_of(file, item), slips_of(item), votes_of(item)
    counted = (
        ("发出", slips.issued if not mine else len(mine)),
        ("收回", slips.returned if not mine else sum(ballot.choice is not None for ballot in mine)),
        ("有效", votes.cast if votes else sum(ballot.choice in owners.VALID for ballot in mine)),
        ("废票", slips.invalid if not mine else sum(ballot.choice == owners.VOID for ballot in mine)),
    )
    return TallyPaper(
        meeting=meeting.title,
        organ=desk.community.name,
        number=meeting.no or "",
        day=spoken_time(meeting.starts_at),
        place=meeting.place or "",
        question=item.title,
        how=desk_codes(desk.db, "vote_methods").name(item.vote_how) or ("书面征求意见" if mine else ""),
        rule=item.vote_rule or "",
        counts=verdict.counts,
        slips=tuple((word, "" if number is None else f"{number} 票") for word, number in counted),
        lines=verdict.lines,
        printed=verdict.printed,
        why=verdict.why,
        scrutineer=item.scrutineer or "",
        teller=item.teller or "",
        rooms=tuple(_room(ballot) for ballot in mine),
    )


def _room(ballot: OwnerBallot) -> tuple[str, str, str, str, str, str]:
    area = owners.metres(ballot.area) if ballot.area else ""
    proxy = f"{ballot.proxy}代" if ballot.proxy else ""
    return str(ballot.seq), ballot.address, ballot.owner or "", area, ballot.choice or "未收回", proxy


def _file(desk: Desk, meeting_id: str) -> MeetingFile:
    file = meeting_file(desk.db, meeting_id)
    if file is None:
        raise AppError("这次会议已被删除，没有打印。", next_step="请刷新列表后再选。")
    return file
