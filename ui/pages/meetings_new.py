"""What a new meeting is asked: its type, when and where, and where its list of people comes from."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from desktop_app.meetings import actions, queries, rosters
from desktop_app.meetings.model import Meeting
from desktop_app.meetings.rules import RosterLine
from desktop_app.organisation.queries import tree
from desktop_app.profiles.town import LINES
from desktop_app.store.database import Database
from ui.shell.desk import Desk
from ui.widgets.inline_form import Answer, Ask
from ui.widgets.inputs import tidy_date, tidy_time
from ui.widgets.record_form import Field

LAST, CENTRES, BRANCH, NODE, SUGGESTED = "last", "centres", "branch", "node", "suggested"
BODIES = "组织体"
"""The line of bodies beside the two trees: 议事会, 业委会 …"""
_HOLDING = (3, 4)
"""Levels of the party line that hold meetings of their own: branch and group."""


def moment(day: str, clock: str) -> str | None:
    """Local `YYYY-MM-DD HH:MM` of what was typed into two fields; None without a day."""
    day = tidy_date(day)
    return f"{day} {tidy_time(clock) or '00:00'}" if day else None


def roster(db: Database, source: str, kind: str, on: str, holder: str = "") -> list[RosterLine]:
    """The people of a source: `suggested`, `last`, `centres`, or a node as `branch:<id>` or `node:<id>`."""
    what, _, node_id = source.partition(":")
    if what == SUGGESTED:
        return rosters.suggested(db, kind, on, holder or None)
    if what == LAST:
        before = queries.last_meeting_of_kind(db, kind)
        return rosters.roster_of_meeting(db, before.meeting.id) if before else []
    if what == CENTRES:
        return rosters.roster_of_centres(db, on)
    if what == BRANCH:
        return rosters.roster_of_branch(db, node_id, on)
    return rosters.roster_of_node(db, node_id, on) if what == NODE else []


def _node_of(source: str) -> str | None:
    """The branch whose members are asked holds the meeting."""
    what, _, node_id = source.partition(":")
    return node_id if what == BRANCH else None


class NewMeeting(QObject):
    """The form of a new meeting."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk

    def sources(self) -> tuple[tuple[str, str], ...]:
        """Where a list of people may come from."""
        app = self._desk.app
        on = app.clock.today().isoformat()
        nodes = [row.node for line in (*LINES, BODIES) for row in tree(app.db, line, on) if row.node.level < 4]  # noqa: PLR2004 above buildings
        return (
            (SUGGESTED, self.tr("按这种会议自动备好")),
            (LAST, self.tr("上次同类会议的名单")),
            (CENTRES, self.tr("全部党员中心户")),
            *(
                (f"{BRANCH}:{one.id}", self.tr("{name}的党员").format(name=one.name))
                for one in nodes
                if one.line == LINES[0]
            ),
            *((f"{NODE}:{one.id}", self.tr("{name}的任职人员").format(name=one.name)) for one in nodes),
        )

    def holders(self) -> tuple[tuple[str, str], ...]:
        """Branches and groups that hold meetings of their own."""
        app = self._desk.app
        party = tree(app.db, LINES[0], app.clock.today().isoformat())
        return tuple((row.node.id, row.node.name) for row in party if row.node.level in _HOLDING)

    def _fields(self) -> tuple[Field, ...]:
        kinds = self._desk.codes("meeting_types").offered(self._desk.app.clock.today())
        return (
            Field("kind", self.tr("会议类型"), "choice", tuple((one.code, one.name) for one in kinds), required=True),
            Field("title", self.tr("会议名称"), hint=self.tr("留空就用类型的名称")),
            Field("holder", self.tr("哪个支部（小组）"), "choice", self.holders()),
            Field("day", self.tr("日期"), "date", required=True),
            Field("clock", self.tr("几点开始"), "number", hint=self.tr("如 1500")),
            Field("place", self.tr("地点")),
            Field("chair", self.tr("主持人")),
            Field("roster", self.tr("应到名单"), "choice", self.sources()),
            Field("how", self.tr("怎样通知"), hint=self.tr("微信群、电话、张贴")),
        )

    def ask(self, kind: str, go: Callable[[str], object], holder: str = "") -> Ask:
        """The form; `go` is told the identifier of the meeting that was called."""
        app = self._desk.app

        def work(answer: Answer) -> Meeting:
            meeting = Meeting(
                kind=answer["kind"],
                title=answer["title"],
                starts_at=moment(answer["day"], answer["clock"]),
                place=answer.get("place"),
                chair=answer.get("chair"),
                recorder=app.actor.name,
                node_id=answer.get("holder") or _node_of(answer["roster"]),
                notice_on=app.clock.today().isoformat() if answer.get("how") else None,
                notice_how=answer.get("how"),
            )
            on = app.clock.today().isoformat()
            people = roster(app.db, answer["roster"], answer["kind"], on, meeting.node_id or "")
            return actions.call_meeting(app.db, app.actor, meeting, people)

        return Ask(
            self.tr("开新会议"),
            self.tr("开始记录"),
            self._fields(),
            work,
            lambda made: self.tr("已建会议：{title}").format(title=made.title),
            done=lambda made: go(made.id),
            values={"kind": kind, "day": app.clock.today().isoformat(), "roster": SUGGESTED, "holder": holder},
            fresh=True,
        )
