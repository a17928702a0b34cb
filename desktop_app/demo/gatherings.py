"""The meetings of the demonstration community: called, attended, discussed, voted on, decided."""

from collections.abc import Callable, Sequence
from typing import Any

from desktop_app.meetings import actions, queries
from desktop_app.meetings.model import Meeting
from desktop_app.meetings.rules import RosterLine
from desktop_app.shared.actor import Actor
from desktop_app.store.database import Database

_OWN = ("agenda", "attendance", "resolution")
"""Parts of a meeting in the file that are records of their own."""
FindPerson = Callable[[dict[str, Any]], str | None]


def hold_meetings(db: Database, actor: Actor, told: Sequence[dict[str, Any]], person_of: FindPerson) -> list[str]:
    """Records the meetings of `demo.toml` and returns their identifiers.  The first is signed, the others stay open."""
    held = [_hold(db, actor, meeting, person_of) for meeting in told]
    first = held[0]
    actions.sign(db, actor, first.id, f"{first.chair}、{first.recorder}")
    return [meeting.id for meeting in held]


def _hold(db: Database, actor: Actor, told: dict[str, Any], person_of: FindPerson) -> Meeting:
    facts = {key: value for key, value in told.items() if key not in _OWN}
    roster = [_roster_line(one, person_of(one)) for one in told["attendance"]]
    meeting = actions.call_meeting(db, actor, Meeting(**facts), roster)
    actions.change_meeting(db, actor, meeting.id, issue_no=queries.suggested_issue(db, meeting))
    _mark(db, actor, meeting.id, told["attendance"])
    agenda = [_discuss(db, actor, meeting.id, item) for item in told["agenda"]]
    for decided in told["resolution"]:
        _decide(db, actor, meeting.id, agenda[decided["agenda"] - 1], decided)
    return meeting


def _roster_line(one: dict[str, Any], person: str | None) -> RosterLine:
    return RosterLine(one["name"], person, one["unit"], one["post"], one["capacity"], one.get("voting", True))


def _mark(db: Database, actor: Actor, meeting_id: str, told: Sequence[dict[str, Any]]) -> None:
    """Those who came are marked at once, the others one by one, as at the door."""
    rows = dict(db.rows("SELECT name,id FROM attendance WHERE meeting_id=? AND sync_del=0", (meeting_id,)))
    for one in told:
        if one["status"] not in ("出席", "列席"):
            actions.mark(db, actor, rows[one["name"]], one["status"], one.get("reason"))
    actions.mark_all(db, actor, meeting_id)


def _discuss(db: Database, actor: Actor, meeting_id: str, told: dict[str, Any]) -> str:
    item = actions.add_agenda_item(db, actor, meeting_id, told["title"], proposer=told["proposer"])
    actions.record_discussion(db, actor, item.id, told["discussion"])
    if "votes_for" in told:
        counts = (told["votes_for"], told["votes_against"], told["votes_abstain"])
        shown = {name: told[name] for name in ("publicity_from", "publicity_to", "publicity_how") if name in told}
        actions.record_vote(db, actor, item.id, *counts, told["vote_how"], **shown)
    return item.id


def _decide(db: Database, actor: Actor, meeting_id: str, agenda_id: str, told: dict[str, Any]) -> None:
    made = actions.add_resolution(
        db,
        actor,
        meeting_id,
        told["text"],
        agenda_id=agenda_id,
        owner=told["owner"],
        helpers=told["helpers"],
        due_on=told["due_on"],
    )
    if told["state"] != made.state:
        actions.change_resolution(db, actor, made.id, state=told["state"])
