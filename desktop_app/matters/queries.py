"""What one may ask about matters.  Days are ISO dates; lists carry masked numbers.

Matters are folded as they are asked for: a community has some dozens a year; a thousand take a third of a second, off
the window's thread.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, NamedTuple

from desktop_app.accounts.rights import reads
from desktop_app.matters import rules
from desktop_app.matters.model import Matter
from desktop_app.matters.rules import State
from desktop_app.profiles import town
from desktop_app.profiles.desk import TownSequences, desk_codes
from desktop_app.profiles.queries import profile
from desktop_app.shared.steps import in_order
from desktop_app.shared.text import mask
from desktop_app.store import facts as store_facts
from desktop_app.store.database import Database, Transaction
from desktop_app.store.wording import having

LATE, RUNNING = "已逾期", "在办"


class Fact(NamedTuple):
    """An event as it stands in the file; see `MatterEvent`."""

    id: str
    kind: str
    at: int
    on: str
    by_name: str
    from_step: int
    to_step: int
    to_whom: str | None
    helpers: str | None
    due_on: str | None
    progress: int | None
    text: str | None
    how: str | None
    outcome: str | None
    satisfaction: str | None
    why_none: str | None
    until_on: str | None
    meeting_id: str | None
    agenda_id: str | None
    expects: str | None
    sync_seq: int
    sync_del: int


def facts_of(db: Database | Transaction, ids: Sequence[str]) -> dict[str, list[Fact]]:
    """The events of some matters, those taken back too, in no order."""
    return store_facts.facts_of(db, Fact, "matter_event", "matter_id", ids)


class Templates(TownSequences):
    """Rows of steps by their code."""

    def __init__(self, db: Database) -> None:
        super().__init__(db, attrgetter("meeting_templates"))

    @property
    def offered(self) -> tuple[town.Sequence, ...]:
        """Those a new matter may follow; a copy of a profile from before there were matters offers the general ones."""
        return self._own.matter_templates or profile().matter_templates


# ------------------------------------------------------------------------------------------------------------- listing


@dataclass(frozen=True, slots=True)
class MatterFilter:
    """Which matters; what is empty does not narrow.

    `phase`: one of `rules.PHASES`; `stage`: one of `rules.STAGES`; `text`: part of number, title, content or proposer.
    """

    text: str = ""
    phase: str = ""
    stage: str = ""
    template: str = ""
    kind: str = ""
    late: bool = False
    since: str = ""
    until: str = ""
    appeal_id: str = ""
    meeting_id: str = ""
    estate_id: str = ""
    person_id: str = ""


@dataclass(frozen=True, slots=True)
class MatterLine:
    """One line of the list; `kind` and `template` are names, `stage` the stage of the present step."""

    id: str
    no: str
    title: str
    kind: str
    template: str
    proposed_on: str
    source: str
    proposer: str
    step: int
    steps: int
    step_name: str
    stage: str
    phase: str
    outcome: str
    lead: str
    helpers: str
    due_on: str
    late: bool
    progress: int
    told: bool
    satisfaction: str
    days: int
    stale: int
    foreign: bool

    @property
    def standing(self) -> str:
        """已逾期, 在办, 已结案 or 已终止."""
        return LATE if self.late else self.phase


_FROM: Final = (
    "SELECT id,coalesce(no,''),title,kind,template,proposed_on,source,coalesce(proposer,''),scope FROM matter "
    "WHERE sync_del=0"
)
_WHERE: Final = {
    "template": " AND template=:template",
    "kind": " AND kind=:kind",
    "since": " AND proposed_on>=:since",
    "until": " AND proposed_on<=:until",
    "appeal_id": " AND appeal_id=:appeal_id",
    "estate_id": " AND estate_id=:estate_id",
    "person_id": " AND proposer_id=:person_id",
    "meeting_id": " AND id IN (SELECT matter_id FROM matter_event WHERE meeting_id=:meeting_id AND sync_del=0)",
}


@reads("matters.read")
def matters(db: Database, which: MatterFilter | None = None) -> list[MatterLine]:
    """Matters, the latest proposed first."""
    chosen = which or MatterFilter()
    told = {name: value for name in _WHERE if (value := getattr(chosen, name))}
    if "kind" in told:
        told["kind"] = desk_codes(db, "appeal_classes").code(told["kind"])
    sql = _FROM + "".join(_WHERE[name] for name in told)
    if chosen.text:
        words, found = having(chosen.text, ("title", "text", "no", "proposer"))
        sql, told = f"{sql} AND {words}", told | found
    sql += " ORDER BY proposed_on DESC,local_no DESC"
    lines = _lines(db, db.rows(sql, told))
    return [
        line
        for line in lines
        if (not chosen.phase or line.phase == chosen.phase)
        and (not chosen.stage or (line.stage == chosen.stage and line.phase == rules.OPEN))
        and (not chosen.late or line.late)
    ]


@reads("matters.read")
def lines(db: Database, ids: Sequence[str]) -> list[MatterLine]:
    """The lines of these matters, in their order; those that are gone are left out."""
    sql = _FROM + " AND id IN (SELECT value FROM json_each(:ids))"
    found = {line.id: line for line in _lines(db, db.rows(sql, {"ids": json.dumps(list(ids))}))}
    return [found[key] for key in dict.fromkeys(ids) if key in found]


def _lines(db: Database, rows: Sequence[tuple[Any, ...]]) -> list[MatterLine]:
    events, templates = facts_of(db, [row[0] for row in rows]), Templates(db)
    kinds, today = desk_codes(db, "appeal_classes"), db.clock.today().isoformat()
    found = []
    for key, no, title, kind, code, proposed, source, proposer, scope in rows:
        template = templates.on(code, proposed)
        state, stages = rules.fold(events.get(key, ()), template), rules.stages_of(template)
        line = MatterLine(
            key, no, title, kinds.name(kind), template.name if template else code, proposed, source, proposer,
            state.step, len(stages), rules.step_name(template, state.step), stages[min(state.step, len(stages)) - 1],
            state.phase, state.outcome, state.lead, state.helpers, state.due_on, state.late(today), state.progress,
            bool(state.told_on), state.satisfaction or state.unrated, sum(rules.days_in_steps(state, today)),
            len(state.stale), bool(scope),
        )  # fmt: skip
        found.append(line)
    return found


# ---------------------------------------------------------------------------------------------------------- one matter


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event as the line shows it; `stale` says why it changed nothing, "" where it did."""

    id: str
    kind: str
    on: str
    at: int
    by_name: str
    step_name: str
    to_whom: str
    helpers: str
    due_on: str
    progress: int | None
    text: str
    how: str
    result: str
    until_on: str
    meeting_id: str
    meeting: str
    stale: str


@dataclass(frozen=True, slots=True)
class MatterDetail:
    """A matter with its events and what may be done next; `blocked` says what is missing for the next step.

    `days` are those each step took so far; `meetings` those in which it was talked about (identifier, title, day).
    """

    matter: Matter
    state: State
    template: town.Sequence | None
    events: tuple[EventLine, ...]
    allowed: tuple[str, ...]
    blocked: str
    kind: str
    phone: str
    estate: str
    appeal: str
    days: tuple[int, ...]
    meetings: tuple[tuple[str, str, str], ...]

    @property
    def step_name(self) -> str:
        """What the present step is called."""
        return rules.step_name(self.template, self.state.step)

    @property
    def step_names(self) -> tuple[str, ...]:
        """What all steps are called."""
        count = len(rules.stages_of(self.template))
        return tuple(rules.step_name(self.template, at) for at in range(1, count + 1))


@reads("matters.read")
def detail(db: Database, matter_id: str) -> MatterDetail | None:
    """All there is about a matter; None where there is none."""
    matter = db.get(Matter, matter_id)
    if matter is None:
        return None
    template = Templates(db).on(matter.template, matter.proposed_on)
    events = facts_of(db, [matter_id]).get(matter_id, [])
    state = rules.fold(events, template)
    stages = rules.stages_of(template)
    meetings = _meetings(db, events)
    return MatterDetail(
        matter,
        state,
        template,
        tuple(_event_lines(events, state, template, {key: title for key, title, _ in meetings})),
        rules.allowed(state, template),
        rules.lacking(state, stages[min(state.step, len(stages)) - 1]) if state.open else "",
        kind=desk_codes(db, "appeal_classes").name(matter.kind),
        phone=mask("phone", matter.proposer_phone or ""),
        estate=str(db.scalar("SELECT name FROM estate WHERE id=?", (matter.estate_id,)) or ""),
        appeal=str(db.scalar("SELECT coalesce(no,title) FROM appeal WHERE id=?", (matter.appeal_id,)) or ""),
        days=rules.days_in_steps(state, db.clock.today().isoformat()),
        meetings=meetings,
    )


def _meetings(db: Database, events: Iterable[Fact]) -> tuple[tuple[str, str, str], ...]:
    keys = list(dict.fromkeys(event.meeting_id for event in events if event.meeting_id and not event.sync_del))
    rows = db.rows(
        "SELECT id,title,coalesce(substr(starts_at,1,10),'') FROM meeting WHERE sync_del=0 "
        "AND id IN (SELECT value FROM json_each(?)) ORDER BY starts_at",
        (json.dumps(keys),),
    )
    return tuple((str(key), str(title), str(day)) for key, title, day in rows)


def _event_lines(
    events: Sequence[Fact], state: State, template: town.Sequence | None, meetings: dict[str, str]
) -> Iterable[EventLine]:
    stale = {one.event_id: one.why for one in state.stale}
    for event in in_order(events):
        if not event.sync_del:
            yield EventLine(
                event.id, event.kind, event.on, event.at, event.by_name, rules.step_name(template, event.to_step),
                event.to_whom or "", event.helpers or "", event.due_on or "", event.progress, event.text or "",
                event.how or "", event.outcome or event.satisfaction or event.why_none or "", event.until_on or "",
                event.meeting_id or "", meetings.get(event.meeting_id or "", ""), stale.get(event.id, ""),
            )  # fmt: skip
