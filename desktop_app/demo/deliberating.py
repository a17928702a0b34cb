"""A year of meetings of the demonstration community, an owners' vote, and matters at every step."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from desktop_app.matters import actions as matters
from desktop_app.matters import quarter
from desktop_app.matters.actions import Deed
from desktop_app.meetings import actions, balloting, noting, rosters
from desktop_app.meetings.model import Meeting
from desktop_app.meetings.rules import RosterLine
from desktop_app.places.model import Room
from desktop_app.shared.actor import Actor
from desktop_app.store.database import Database

Find = Callable[..., str]


def gather_for_a_year(db: Database, actor: Actor, told: Sequence[dict[str, Any]], nodes: dict[str, str]) -> int:
    """Meetings of each type in its months up to today, all but the latest signed; returns how many."""
    today = db.clock.today()
    count = 0
    for one in told:
        for turn, month in enumerate(one["months"]):
            day = date(today.year, month, one["day"])
            if day <= today:
                _gather(db, actor, one, nodes, day, turn)
                count += 1
    return count


def _gather(db: Database, actor: Actor, one: dict[str, Any], nodes: dict[str, str], day: date, turn: int) -> None:
    node = nodes.get(one.get("branch", ""))
    begins, ends = one["clock"]
    meeting = Meeting(
        kind=one["kind"],
        title=one["title"],
        starts_at=f"{day} {begins}",
        ends_at=f"{day} {ends}",
        place=one["place"],
        chair=one["chair"],
        chair_post=one["chair_post"],
        recorder=actor.name,
        convenor=one.get("branch") or one.get("convenor") or one["people"][0]["unit"],
        notice_on=(day - timedelta(days=4)).isoformat(),
        notice_how="微信群通知",
        node_id=node,
    )
    roster = _people(db, one, node, day)
    actions.call_meeting(db, actor, meeting, roster)
    rows = db.rows("SELECT id FROM attendance WHERE meeting_id=? AND sync_del=0 ORDER BY seq", (meeting.id,))
    if len(rows) > 4:  # noqa: PLR2004 one of a larger circle is away now and then
        actions.mark(db, actor, rows[(turn * 3 + 2) % len(rows)][0], "请假", ("身体不适", "外出探亲", "住院")[turn % 3])
    actions.mark_all(db, actor, meeting.id)
    items = [actions.add_agenda_item(db, actor, meeting.id, title, proposer=one["chair"]) for title in one["topics"]]
    talk = one["talk"]
    for at, item in enumerate(items):
        said = talk[at :: len(items)] if len(items) > 1 else talk
        noting.keep(db, actor, meeting.id, item.id, "\n".join(said))
    _settle(db, actor, one, meeting, items[0].id, len(rows), day)


def _people(db: Database, one: dict[str, Any], node: str | None, day: date) -> list[RosterLine]:
    if "people" in one:
        return [RosterLine(person["name"], None, person["unit"], person["post"]) for person in one["people"]]
    return rosters.suggested(db, one["kind"], day.isoformat(), node)


def _settle(
    db: Database, actor: Actor, one: dict[str, Any], meeting: Meeting, item: str, people: int, day: date
) -> None:
    """The vote, the decision and, but for this month's, the signature."""
    today = db.clock.today()
    if "vote" in one:
        there = people - (people > 4)  # noqa: PLR2004 as above
        sql = "SELECT count(*) FROM attendance WHERE meeting_id=? AND sync_del=0 AND voting AND status='出席'"
        voting = int(db.scalar(sql, (meeting.id,)))
        actions.record_vote(
            db, actor, item, min(there, voting), 0, 0, one["vote"], publicity_from=day.isoformat(),
            publicity_to=(day + timedelta(days=7)).isoformat(), publicity_how="小区公告栏",
        )  # fmt: skip
    if "decide" in one:
        due = day + timedelta(days=25)
        made = actions.add_resolution(
            db, actor, meeting.id, one["decide"], agenda_id=item, owner=one["owner"], due_on=due.isoformat()
        )
        if due < today:
            actions.finish_resolution(db, actor, made.id, "已按要求完成", due.isoformat())
    if (today - day).days > 30:  # noqa: PLR2004 what is older has been signed
        _sign(db, actor, meeting)


def _sign(db: Database, actor: Actor, meeting: Meeting) -> None:
    from desktop_app.meetings.queries import meeting_file, missing_elements

    file = meeting_file(db, meeting.id)
    if file is not None and not missing_elements(file, db.path.parent):
        actions.sign(db, actor, meeting.id, f"{meeting.chair}、{meeting.recorder}")


def ask_owners(db: Database, actor: Actor, told: dict[str, Any], building: str) -> str:
    """A written vote of the owners of one building, most ballots back; returns the meeting's identifier."""
    day = db.clock.today() - timedelta(days=told["days_ago"])
    with db.transaction(actor, "登记房屋面积") as tx:
        for at, (room,) in enumerate(
            tx.rows("SELECT id FROM room WHERE building_id=? ORDER BY floor,seq", (building,))
        ):
            tx.change(Room, room, area_m2=told["areas"][at % len(told["areas"])])
    meeting = Meeting(
        kind="owners_assembly",
        title=told["title"],
        starts_at=f"{day} 09:00",
        place="书面征求意见",
        convenor=f"{told['estate']}业主委员会",
        chair="华建明",
        recorder=actor.name,
        notice_on=(day - timedelta(days=16)).isoformat(),
        notice_how="单元门口张贴、逐户送达",
    )
    actions.call_meeting(db, actor, meeting)
    item = actions.add_agenda_item(db, actor, meeting.id, told["question"], proposer="业主委员会")
    actions.change_agenda_item(
        db, actor, item.id, vote_rule=told["rule"], vote_how="书面征求意见", scrutineer="冼秋萍", teller=actor.name
    )
    balloting.make_roll(db, actor, item.id, [building])
    roll = [row[0] for row in db.rows("SELECT room_id FROM owner_ballot WHERE agenda_id=? ORDER BY seq", (item.id,))]
    said = told["choices"]
    chosen = {room: said[at % len(said)] for at, room in enumerate(roll) if said[at % len(said)]}
    balloting.enter(db, actor, item.id, dict(chosen), on=(day + timedelta(days=10)).isoformat())
    return meeting.id


def deliberate(db: Database, actor: Actor, told: Sequence[dict[str, Any]], find: Find) -> list[str]:
    """The matters of `demo.toml`, each as far as it has come; returns their identifiers."""
    return [_matter(db, actor, one, find) for one in told]


_DEED = ("kind", "text", "to_whom", "helpers", "progress", "how", "outcome", "satisfaction")


def _matter(db: Database, actor: Actor, one: dict[str, Any], find: Find) -> str:
    facts = {name: one[name] for name in ("title", "text", "kind", "template", "source", "proposer") if name in one}
    matter = matters.blank(
        db,
        **facts,
        households=one.get("households"),
        cost=one.get("cost"),
        fund=one.get("fund"),
        proposed_on=_back(db, one["days_ago"]),
        estate_id=find("estate", name=one["estate"]),
        proposer_id=find("person", name=one["proposer"]) if one.get("resident") else None,
    )
    matters.propose(db, actor, matter)
    meeting = db.scalar("SELECT id FROM meeting WHERE title=? AND sync_del=0", (one.get("meeting", ""),))
    for event in one["events"]:
        deed = {name: event[name] for name in _DEED if name in event}
        if meeting and event["kind"] in ("商议", "决定"):
            deed["meeting_id"] = meeting
        matters.act(
            db,
            actor,
            matter.id,
            Deed(
                **deed,
                on=_back(db, event["days_ago"]),
                due_on=_back(db, event["due"]) if "due" in event else "",
                until_on=_back(db, event["until"]) if "until" in event else "",
            ),
        )
    return matter.id


def tick_quarter(db: Database, actor: Actor, told: Sequence[dict[str, Any]]) -> None:
    """What was done for 四个一 and stands in no other record; only where the day lies in the present quarter."""
    now = quarter.quarter_name(db.clock.today())
    for one in told:
        on = _back(db, one["days_ago"])
        if quarter.quarter_name(date.fromisoformat(on)) == now:
            quarter.tick(db, actor, now, one["item"], on, one["text"])


def _back(db: Database, days: int) -> str:
    return (db.clock.today() - timedelta(days=days)).isoformat()
