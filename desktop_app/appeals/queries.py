"""What one may ask about appeals.  Lines for lists carry masked numbers; days are ISO dates, both ends included."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from desktop_app.accounts.rights import reads
from desktop_app.appeals import rules
from desktop_app.appeals.clocks import Clock, clocks, near_limit
from desktop_app.appeals.counting import Tally
from desktop_app.appeals.model import Appeal
from desktop_app.appeals.reporters import person_note
from desktop_app.appeals.rules import State
from desktop_app.appeals.states import Fact, Ladders, facts_of
from desktop_app.places import rules as places
from desktop_app.profiles import town
from desktop_app.profiles.desk import desk_codes
from desktop_app.shared.steps import in_order
from desktop_app.shared.text import mask
from desktop_app.shared.workdays import workdays
from desktop_app.store.database import Database
from desktop_app.store.wording import having

DUE_WORDS: Final = ("逾期", "将到期")
PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class AppealFilter:
    """Which appeals; what is empty does not narrow.  Codes may be given by name.

    `phase`: one of `rules.PHASES`, or 在办 for all in which the work is not done; `due`: 逾期 or 将到期.
    `text`: words, each part of number, matter, content, place or name.
    """

    text: str = ""
    phase: str = ""
    outcome: str = ""
    channel: str = ""
    kind: str = ""
    klass: str = ""
    step: int = 0
    due: str = ""
    since: str = ""
    until: str = ""
    person_id: str = ""
    household_id: str = ""
    room_id: str = ""
    building_id: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class AppealLine:
    """One line of the list; `phone` is masked, codes are names; `due` is 逾期, 将到期 or "" ."""

    id: str
    no: str
    received_on: str
    title: str
    channel: str
    kind: str
    klass: str
    urgency: str
    reporter: str
    phone: str
    place: str
    step: int
    step_name: str
    phase: str
    outcome: str
    due_on: str
    due_what: str
    due: str
    assignee: str
    satisfaction: str
    finished_on: str
    stale: int
    foreign: bool


SOURCE: Final = (
    " FROM appeal_state s JOIN appeal a ON a.id=s.appeal_id LEFT JOIN room r ON r.id=a.room_id "
    "LEFT JOIN building b ON b.id=coalesce(r.building_id,a.building_id) LEFT JOIN estate e ON e.id=b.estate_id "
)
LINE: Final = (
    "SELECT a.id,coalesce(a.no,''),s.received_on,a.title,a.channel,a.kind,a.klass,a.urgency,a.reporter_name,"
    "a.reporter_phone,a.anonymous,a.place,coalesce(e.name,''),b.no,r.unit,r.no,s.step,a.ladder,s.phase,s.outcome,"
    "coalesce(s.due_on,''),coalesce(s.due_what,''),coalesce(s.assignee,''),coalesce(s.satisfaction,s.why_none,''),"
    "coalesce(s.finished_on,''),s.stale,a.scope"
)
_STATE_WORDS: Final = {"phase": "s.phase=:phase", "outcome": "s.outcome=:outcome", "step": "s.step=:step"}
_OWN_WORDS: Final = {
    "channel": "a.channel=:channel",
    "kind": "a.kind=:kind",
    "klass": "a.klass=:klass",
    "person_id": "a.person_id=:person_id",
    "household_id": "a.household_id=:household_id",
    "room_id": "a.room_id=:room_id",
    "building_id": "coalesce(r.building_id,a.building_id)=:building_id",
}
_SPAN: Final = {"since": "s.received_on>=:since", "until": "s.received_on<=:until"}
_TEXT: Final = ("a.title", "a.text", "a.no", "a.place", "a.reporter_name")
_NEWEST: Final = " ORDER BY s.received_on DESC,s.appeal_id DESC"
_MOST_DUE: Final = " ORDER BY s.due_on,s.appeal_id"


@reads("appeals.read")
def appeals(db: Database, which: AppealFilter | None = None, *, limit: int = PAGE, offset: int = 0) -> list[AppealLine]:
    """Appeals, the latest first; those that are due, the most overdue first."""
    chosen = which or AppealFilter()
    where, told = narrowed(db, chosen)
    order = _MOST_DUE if chosen.due else _NEWEST
    sql = f"{LINE}{SOURCE}{where}{order} LIMIT :limit OFFSET :offset"
    return list(lines_of_rows(db, db.rows(sql, told | {"limit": limit, "offset": offset})))


@reads("appeals.read")
def lines(db: Database, ids: Sequence[str]) -> list[AppealLine]:
    """The lines of these appeals, in their order; those that are gone are left out."""
    told = "WHERE s.appeal_id IN (SELECT value FROM json_each(?))"
    found = {line.id: line for line in lines_of_rows(db, db.rows(f"{LINE}{SOURCE}{told}", (json.dumps(list(ids)),)))}
    return [found[key] for key in dict.fromkeys(ids) if key in found]


@reads("appeals.read")
def count(db: Database, which: AppealFilter | None = None) -> int:
    """How many appeals a filter leaves."""
    where, told = narrowed(db, which or AppealFilter())
    source = source_of(where) if "a." in where else " FROM appeal_state s"
    return int(db.scalar(f"SELECT count(*){source}{where}", told))


def source_of(where: str, order: str = "") -> str:
    """The FROM of a question over many appeals; no more is joined than it needs.

    What narrows or sorts by an appeal's own columns reads the appeals in the order of the file: one after another in
    the order of their states they would each be a page of their own to decrypt.
    """
    if "r.building_id" in where:
        return SOURCE
    if "a." in where or "a." in order:
        return " FROM appeal a CROSS JOIN appeal_state s ON s.appeal_id=a.id"
    return " FROM appeal_state s JOIN appeal a ON a.id=s.appeal_id"


def narrowed(db: Database, which: AppealFilter) -> tuple[str, dict[str, Any]]:
    """The WHERE clause of a filter over `SOURCE`, and its values."""
    told: dict[str, Any] = {}
    parts = []
    for name, words in (_STATE_WORDS | _OWN_WORDS | _SPAN).items():
        if value := getattr(which, name):
            parts.append(words)
            told[name] = value
    for name, kind in (("channel", "appeal_channels"), ("kind", "appeal_kinds"), ("klass", "appeal_classes")):
        if name in told:
            told[name] = desk_codes(db, kind).code(told[name])
    if which.phase == "在办":
        parts.remove(_STATE_WORDS["phase"])
        parts.append(f"s.phase IN ({','.join(repr(word) for word in rules.OPEN)})")
    if which.text:
        sql, sought = having(which.text, _TEXT)
        parts.append(sql)
        told |= sought
    if which.stale:
        parts.append("s.stale>0")
    if which.due:
        parts.append("s.due_on<:today" if which.due == DUE_WORDS[0] else "s.due_on BETWEEN :today AND :near")
        told |= {"today": db.clock.today().isoformat(), "near": _near(db)}
    return (f" WHERE {' AND '.join(parts)}" if parts else ""), told


def _near(db: Database) -> str:
    """The last day that is close, by the ladder a new appeal would climb."""
    offered = Ladders(db).offered
    near = offered[0].clocks.near if offered and offered[0].clocks else 0
    return near_limit(workdays(db.path.parent), db.clock.today(), near)


@reads("appeals.read")
def lines_of_rows(db: Database, rows: Sequence[tuple[Any, ...]]) -> Iterator[AppealLine]:
    """Rows of `LINE` as lines of the list."""
    tables = [desk_codes(db, f"appeal_{name}") for name in ("channels", "kinds", "classes", "urgency")]
    ladders, today, near = Ladders(db), db.clock.today().isoformat(), _near(db)
    for row in rows:
        key, no, received, title, *codes, name, phone, hidden, place, estate, building, unit, room = row[:16]
        step, ladder, phase, outcome, due_on, what, assignee, rating, finished, stale, scope = row[16:27]
        channel, kind, klass, urgency = (table.name(code) for table, code in zip(tables, codes, strict=True))
        home = places.address(estate, building, unit, room) if building else ""
        yield AppealLine(
            key, no, received, title, channel, kind, klass, urgency,
            "匿名" if hidden else name or "", mask("phone", phone or ""), place or home,
            step, rules.step_name(ladders.on(ladder, received), step), phase, outcome, due_on, what,
            due_word(due_on, today, near), assignee, rating, finished, stale, bool(scope),
        )  # fmt: skip


def due_word(due_on: str, today: str, near: str) -> str:
    """逾期, 将到期 or "" for what is due on a day."""
    if not due_on:
        return ""
    return DUE_WORDS[0] if due_on < today else DUE_WORDS[1] if due_on <= near else ""


# ---------------------------------------------------------------------------------------------------------- one appeal


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
    text: str
    result: str
    how: str
    stale: str


@dataclass(frozen=True, slots=True)
class AppealDetail:
    """An appeal with its events, clocks and what may be done next; `person_note` says if the resident is gone.

    `remark` is about the table of working days: "" where it covers the deadlines.
    """

    appeal: Appeal
    state: State
    ladder: town.Sequence | None
    events: tuple[EventLine, ...]
    clocks: tuple[Clock, ...]
    allowed: tuple[str, ...]
    channel: str
    kind: str
    klass: str
    urgency: str
    place: str
    reporter: str
    person_note: str
    remark: str

    @property
    def step_name(self) -> str:
        """What the present step is called."""
        return rules.step_name(self.ladder, self.state.step)


@reads("appeals.read")
def detail(db: Database, appeal_id: str) -> AppealDetail | None:
    """All there is about an appeal, always from its events; None where there is none."""
    appeal = db.get(Appeal, appeal_id)
    if appeal is None:
        return None
    ladder = Ladders(db).on(appeal.ladder, appeal.received_on)
    events = facts_of(db, [appeal_id]).get(appeal_id, [])
    state, today, calendar = rules.fold(events, ladder), db.clock.today(), workdays(db.path.parent)
    told = clocks(state, appeal, ladder, calendar, today)
    return AppealDetail(
        appeal,
        state,
        ladder,
        tuple(_event_lines(events, state, ladder)),
        told,
        rules.allowed(state, ladder),
        channel=desk_codes(db, "appeal_channels").name(appeal.channel),
        kind=desk_codes(db, "appeal_kinds").name(appeal.kind),
        klass=desk_codes(db, "appeal_classes").name(appeal.klass),
        urgency=desk_codes(db, "appeal_urgency").name(appeal.urgency),
        place=appeal.place or _home(db, appeal),
        reporter="匿名" if appeal.anonymous else appeal.reporter_name or "",
        person_note=person_note(db, appeal),
        remark=calendar.remark(*(today.fromisoformat(one.due_on) for one in told if not one.done_on)),
    )


def _event_lines(events: Sequence[Fact], state: State, ladder: town.Sequence | None) -> Iterator[EventLine]:
    stale = {one.event_id: one.why for one in state.stale}
    for event in in_order(events):
        if not event.sync_del:
            result = event.outcome or event.satisfaction or event.why_none or ""
            yield EventLine(
                event.id, event.kind, event.on, event.at, event.by_name, rules.step_name(ladder, event.to_step),
                event.to_whom or "", event.text or "", result, rules.how_of(event), stale.get(event.id, ""),
            )  # fmt: skip


def _home(db: Database, appeal: Appeal) -> str:
    row = db.row(
        "SELECT e.name,b.no,r.unit,r.no FROM building b LEFT JOIN estate e ON e.id=b.estate_id "
        "LEFT JOIN room r ON r.id=? WHERE b.id=coalesce(r.building_id,?)",
        (appeal.room_id, appeal.building_id),
    )
    return places.address(row[0] or "", row[1], row[2], row[3]) if row else ""


# ------------------------------------------------------------------------------------------------------------ counting


@reads("appeals.read")
def tally(db: Database, since: str = "", until: str = "", as_of: str = "") -> Tally:
    """Appeals that came in within a period, by outcome; `as_of`: as it stood at the end of that day, else as of now."""
    where, told = narrowed(db, AppealFilter(since=since, until=until))
    total = int(
        db.scalar(
            "SELECT count(*) FROM appeal WHERE sync_del=0 AND (:since='' OR received_on>=:since) "
            "AND (:until='' OR received_on<=:until)",
            {"since": since, "until": until},
        )
    )
    if as_of:
        counts = _counts_then(db, where, told, as_of)
    else:
        counts = dict(db.rows(f"SELECT s.outcome,count(*) FROM appeal_state s{where} GROUP BY s.outcome", told))
    return Tally(since, until, total, *(int(counts.get(word, 0)) for word in rules.OUTCOMES))


def _counts_then(db: Database, where: str, told: dict[str, Any], day: str) -> dict[str, int]:
    """By outcome, from the events up to and including a day."""
    rows = db.rows(
        f"SELECT a.id,a.ladder,a.received_on FROM appeal_state s JOIN appeal a ON a.id=s.appeal_id{where}", told
    )
    ladders, counts = Ladders(db), dict.fromkeys(rules.OUTCOMES, 0)
    for start in range(0, len(rows), PAGE):
        page = rows[start : start + PAGE]
        events = facts_of(db, [row[0] for row in page])
        for key, ladder, received in page:
            then = [event for event in events.get(key, ()) if event.on <= day]
            counts[rules.fold(then, ladders.on(ladder, received)).outcome] += 1
    return counts


@reads("appeals.read")
def solved_by_step(db: Database, since: str = "", until: str = "") -> dict[str, int]:
    """How many appeals of a period were solved at each step, by its name (小事不出小区)."""
    where, told = narrowed(db, AppealFilter(since=since, until=until, outcome=rules.ANSWERED))
    rows = db.rows(
        f"SELECT a.ladder,s.solved_step,count(*) FROM appeal_state s JOIN appeal a ON a.id=s.appeal_id{where} "
        "AND s.solved_step IS NOT NULL GROUP BY 1,2 ORDER BY 2",
        told,
    )
    ladders, found = Ladders(db), dict[str, int]()
    for ladder, step, many in rows:
        name = rules.step_name(ladders[ladder], step)
        found[name] = found.get(name, 0) + many
    return found


@reads("appeals.read")
def due_counts(db: Database) -> tuple[int, int]:
    """How many appeals are overdue, and how many nearly."""
    return count(db, AppealFilter(due=DUE_WORDS[0])), count(db, AppealFilter(due=DUE_WORDS[1]))
