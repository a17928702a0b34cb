"""What one may ask about visits: who is due, what was done for a home, what a month brought.  Days are ISO dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from desktop_app.accounts.rights import reads
from desktop_app.places.rules import address
from desktop_app.profiles.desk import desk_codes
from desktop_app.profiles.queries import codes, visit_rules
from desktop_app.store.database import Database
from desktop_app.visits import rules
from desktop_app.visits.rules import REACHED, Intervals, MonthFigures

Subject = Literal["household", "person"]
_MOST = 500


@dataclass(frozen=True, slots=True)
class DueLine:
    """A home, or a resident without one, and when it is to be visited; `days_over` is negative before the day."""

    subject: Subject
    id: str
    name: str
    address: str
    room_id: str | None
    tags: tuple[str, ...]
    days: int
    last_on: str | None
    due_on: str
    days_over: int


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One line of the list of visits."""

    id: str
    on: str
    name: str
    address: str
    mode: str
    result: str
    workers: str
    purpose: str
    findings: str
    opinions_n: int
    next_due_on: str | None


@dataclass(frozen=True, slots=True)
class RoomVisit:
    """What the room chart shows of a room."""

    last_on: str | None
    due_on: str
    days_over: int


def intervals(db: Database) -> Intervals:
    """The intervals of this desk: the shipped ones, or the community's own copies."""
    home = db.path.parent
    by_tag: dict[str, int] = {}
    for tag in codes("tags", home):
        if (days := tag.number("visit_days")) is not None:
            by_tag |= dict.fromkeys((tag.code, tag.name), days)
    told = visit_rules(home)
    return Intervals(by_tag, told["general_days"], told["soon_days"])


def counting(db: Database) -> Mapping[str, str]:
    """Result → how it counts (`rules.REACHED` and its sisters)."""
    return {code.name: code.text("counts") for code in desk_codes(db, "visit_results")}


def reached_words(db: Database) -> tuple[str, ...]:
    """The results by which somebody was spoken to."""
    return tuple(word for word, counts in counting(db).items() if counts == REACHED)


# A visit to a home and a door that opened in a campaign both count; a promise stands behind the day it was made on.
# Each part ends at the first entry of a covering index that fits.
_LAST = (
    "(SELECT v.\"on\"||coalesce(v.next_due_on,'') FROM visit v WHERE v.{key}={of} AND v.sync_del=0 "
    'AND v.result IN ({reached}) ORDER BY v."on" DESC LIMIT 1)'
)
_KNOCKED = (
    "(SELECT i.visited_on FROM campaign_item i WHERE i.household_id={of} AND i.sync_del=0 "
    "AND i.result IN ({reached}) ORDER BY i.visited_on DESC LIMIT 1)"
)
_RULES = "rule(tag,days) AS MATERIALIZED (SELECT key,value FROM json_each(:days))"
_IN_FORCE = "t.sync_del=0 AND (t.to_on IS NULL OR t.to_on>:today) AND coalesce(t.from_on,'')<=:today"
# whoever belongs to a home is here: leaving and dying end that; only of the others the record itself has to be read
_CARED = (
    "SELECT m.household_id home,CASE WHEN m.household_id IS NULL THEN t.person_id END person,d.days,t.tag "
    "FROM person_tag t JOIN rule d ON d.tag=t.tag "
    "LEFT JOIN household_member m ON m.person_id=t.person_id AND m.sync_del=0 AND m.to_on IS NULL "
    f"WHERE {_IN_FORCE} AND (m.household_id IS NOT NULL OR EXISTS(SELECT 1 FROM person p WHERE p.id=t.person_id "
    "AND p.sync_del=0 AND p.left_on IS NULL AND p.deceased_on IS NULL))"
)
_CARED_WITHIN = (
    "SELECT m.household_id home,NULL person,d.days,t.tag FROM household_member m "
    "CROSS JOIN person_tag t ON t.person_id=m.person_id CROSS JOIN rule d ON d.tag=t.tag "
    f"WHERE m.sync_del=0 AND m.to_on IS NULL AND m.household_id IN ({{place}}) AND {_IN_FORCE}"
)
# homes and residents with an interval of their own: `visit_interval` is a view that whoever keeps such intervals joins,
# so that a slice above this one need not be known here
_OWN_INTERVAL = (
    "SELECT coalesce(i.household_id,m.household_id) home,"
    "CASE WHEN i.household_id IS NULL AND m.household_id IS NULL THEN i.person_id END person,i.days,i.tag "
    "FROM visit_interval i LEFT JOIN household_member m ON i.household_id IS NULL AND m.person_id=i.person_id "
    "AND m.sync_del=0 AND m.to_on IS NULL WHERE (i.to_on IS NULL OR i.to_on>:today) "
    "AND coalesce(i.from_on,'')<=:today AND CASE WHEN coalesce(i.household_id,m.household_id) IS NOT NULL "
    "THEN EXISTS(SELECT 1 FROM household h WHERE h.id=coalesce(i.household_id,m.household_id) AND h.sync_del=0 "
    "AND h.to_on IS NULL) ELSE EXISTS(SELECT 1 FROM person p WHERE p.id=i.person_id AND p.sync_del=0 "
    "AND p.left_on IS NULL AND p.deceased_on IS NULL) END"
)
_ANY_HOME = " UNION ALL SELECT h.id,NULL,:general,NULL FROM household h WHERE h.sync_del=0 AND h.to_on IS NULL"


def _last_sql(key: str, of: str, words: Sequence[str], *, knocked: bool) -> str:
    """SQL of the last day somebody was reached, with the promise made then; `words` are the results that count."""
    marks = ",".join(f":reached{at}" for at in range(len(words)))
    last = _LAST.format(key=key, of=of, reached=marks)
    if not knocked:
        return last
    other = _KNOCKED.format(of=of, reached=marks)
    return f"nullif(max(coalesce({last},''),coalesce({other},'')),'')"


def _reached_values(words: Sequence[str]) -> dict[str, str]:
    return {f"reached{at}": word for at, word in enumerate(words)}


_DUE = (
    ",due AS MATERIALIZED (SELECT home,person,days,tags,substr(told,1,10) last,min(CASE WHEN told IS NULL THEN :today "
    "ELSE date(substr(told,1,10),'+'||days||' days') END,coalesce(nullif(substr(told,11),''),'9999')) due FROM dated)"
)
_HOMES_OF = (
    "SELECT h.id FROM household h JOIN room r ON r.id=h.room_id JOIN building b ON b.id=r.building_id "
    "WHERE h.sync_del=0 AND h.to_on IS NULL AND "
)
_WITHIN = {
    "room": "SELECT h.id FROM household h WHERE h.room_id=:room AND h.sync_del=0 AND h.to_on IS NULL",
    "household": "SELECT :household",
    "persons": "SELECT household_id FROM household_member WHERE person_id IN (SELECT value FROM json_each(:persons)) "
    "AND sync_del=0 AND to_on IS NULL",
    "building": _HOMES_OF + "r.building_id=:building",
    "estate": _HOMES_OF + "b.estate_id=:estate",
    "grid": _HOMES_OF + "b.id IN (SELECT building_id FROM building_grid WHERE grid_id=:grid AND to_on IS NULL "
    "AND sync_del=0)",
}


def due_sql(db: Database, on: str, within: dict[str, str | None], *, general: bool) -> tuple[str, dict[str, Any]]:
    """WITH clauses up to `due`, and their values; `within` names at most one place."""
    told, words = intervals(db), reached_words(db)
    place = next((name for name, value in within.items() if value), None)
    values: dict[str, Any] = {"today": on, "days": orjson.dumps(dict(told.by_tag)).decode(), **_reached_values(words)}
    cared = _CARED_WITHIN.format(place=_WITHIN[place]) if place else _CARED
    cared += f" UNION ALL {_OWN_INTERVAL}"
    if place:
        values[place] = within[place]
        cared += f" AND home IN ({_WITHIN[place]})"
    if general:
        values["general"] = told.general
        cared += _ANY_HOME + (f" AND h.id IN ({_WITHIN[place]})" if place else "")
    home = _last_sql("household_id", "every.home", words, knocked=True)
    person = _last_sql("person_id", "every.person", words, knocked=False)
    return (
        f"WITH {_RULES},every AS MATERIALIZED (SELECT home,person,min(days) days,group_concat(tag) tags FROM ({cared}) "
        f"GROUP BY home,person),dated AS MATERIALIZED (SELECT home,person,days,tags,"
        f"CASE WHEN home IS NULL THEN {person} ELSE {home} END told FROM every){_DUE}"
    ), values


_NAMED = (
    " SELECT d.home,d.person,p.name,e.name,b.no,r.unit,r.no,r.id,d.tags,d.days,d.last,d.due FROM "
    "(SELECT * FROM due WHERE due<=:until ORDER BY due,last IS NULL DESC LIMIT :most) d "
    "LEFT JOIN household h ON h.id=d.home "
    "LEFT JOIN person p ON p.id=coalesce(d.person,h.head_id) LEFT JOIN room r ON r.id=h.room_id "
    "LEFT JOIN building b ON b.id=r.building_id LEFT JOIN estate e ON e.id=b.estate_id "
    "ORDER BY d.due,e.name,length(b.no),b.no,length(r.unit),r.unit,length(r.no),r.no"
)


@reads("visits.read")
def due(
    db: Database,
    on: str,
    *,
    days_ahead: int = 0,
    general: bool = False,
    estate_id: str | None = None,
    building_id: str | None = None,
    grid_id: str | None = None,
    household_id: str | None = None,
    most: int = _MOST,
) -> list[DueLine]:
    """Whom to visit by a day, and in the `days_ahead` after it: the longest waiting first, at most `most` of them.

    Homes with a member of a care class or an interval of their own (`visit_interval`); with `general` every home.  At
    most one of the places narrows.
    """
    within = {"household": household_id, "building": building_id, "estate": estate_id, "grid": grid_id}
    sql, values = due_sql(db, on, within, general=general)
    values |= {"until": rules.later(on, days_ahead), "most": most}
    return [_due_line(row, on) for row in db.rows(sql + _NAMED, values)]


def _due_line(row: tuple[Any, ...], on: str) -> DueLine:
    home, person, name, estate, building, unit, room, room_id, tags, days, last, due_day = row
    subject: Subject = "household" if home else "person"
    where = address(estate, building, unit, room) if building else ""
    words = tuple(dict.fromkeys(tags.split(","))) if tags else ()
    over = rules.days_over(due_day, on)
    return DueLine(subject, home or person, name or "", where, room_id, words, days, last, due_day, over)


@dataclass(frozen=True, slots=True)
class DueCounts:
    """How many homes are due, how many of them were never visited, and how many there are of each tag."""

    homes: int
    never: int
    by_tag: tuple[tuple[str, int], ...]


@reads("visits.read")
def due_counts(db: Database, on: str) -> DueCounts:
    """The number beside 该走访, and of which care classes, the most frequent first."""
    sql, values = due_sql(db, on, {}, general=False)
    homes, never = 0, 0
    by_tag: dict[str, int] = {}
    for tags, count, unseen in db.rows(
        f"{sql} SELECT tags,count(*),sum(last IS NULL) FROM due WHERE due<=:today GROUP BY tags", values
    ):
        homes, never = homes + count, never + unseen
        for tag in dict.fromkeys(tags.split(",")):
            by_tag[tag] = by_tag.get(tag, 0) + count
    return DueCounts(homes, never, tuple(sorted(by_tag.items(), key=lambda one: (-one[1], one[0]))))


@reads("visits.read")
def due_of(db: Database, household_id: str, on: str, *, general: bool = True) -> DueLine | None:
    """When one home is to be visited next; None where nothing asks for it."""
    found = due(db, on, days_ahead=36_500, general=general, household_id=household_id, most=1)
    return found[0] if found else None


@reads("visits.read")
def room_visits(db: Database, building_id: str, on: str) -> dict[str, RoomVisit]:
    """What the room chart shows of the rooms of a building in which there is somebody to visit, by room."""
    marks: dict[str, RoomVisit] = {}
    for line in due(db, on, days_ahead=36_500, building_id=building_id, most=10_000):
        if line.room_id and line.room_id not in marks:
            marks[line.room_id] = RoomVisit(line.last_on, line.due_on, line.days_over)
    return marks


@reads("visits.read")
def last_visit(db: Database, *, household_id: str | None = None, person_id: str | None = None) -> str | None:
    """The day somebody was last spoken to in a home, or the person was; None if never."""
    words = reached_words(db)
    key = "household_id" if household_id else "person_id"
    sql = _last_sql(key, ":of", words, knocked=household_id is not None)
    found = db.scalar(f"SELECT {sql}", _reached_values(words) | {"of": household_id or person_id})
    return str(found)[:10] if found else None


_LINE = (
    "SELECT v.id,v.\"on\",coalesce(p.name,hp.name,''),e.name,b.no,r.unit,r.no,v.mode,v.result,v.workers,"
    "coalesce(v.purpose,''),coalesce(v.findings,''),v.opinions_n,v.next_due_on FROM visit v "
    "LEFT JOIN person p ON p.id=v.person_id LEFT JOIN household h ON h.id=v.household_id "
    "LEFT JOIN person hp ON hp.id=h.head_id LEFT JOIN room r ON r.id=coalesce(v.room_id,h.room_id) "
    "LEFT JOIN building b ON b.id=r.building_id LEFT JOIN estate e ON e.id=b.estate_id WHERE v.sync_del=0"
)


@reads("visits.read")
def visits(
    db: Database,
    *,
    from_on: str | None = None,
    to_on: str | None = None,
    worker: str | None = None,
    result: str | None = None,
    visit_id: str | None = None,
    most: int = _MOST,
) -> list[VisitLine]:
    """Visits, newest first; both days are included, `worker` is part of the names, `visit_id` is one alone."""
    narrow = {
        "from_on": ' AND v."on">=:from_on',
        "to_on": ' AND v."on"<=:to_on',
        "worker": " AND instr(v.workers,:worker)>0",
        "result": " AND v.result=:result",
        "visit_id": " AND v.id=:visit_id",
    }
    told = {"from_on": from_on, "to_on": to_on, "worker": worker, "result": result, "visit_id": visit_id}
    values: dict[str, Any] = {name: value for name, value in told.items() if value}
    sql = _LINE + "".join(narrow[name] for name in values)
    found = db.rows(f'{sql} ORDER BY v."on" DESC,v.local_no DESC LIMIT :most', values | {"most": most})
    return [
        VisitLine(id_, on, name, address(estate, building, unit, room) if building else "", *rest)
        for id_, on, name, estate, building, unit, room, *rest in found
    ]


@reads("visits.read")
def month_figures(db: Database, month: str, appeals: tuple[int, int] | None = None) -> MonthFigures:
    """What is reported of a month `2026-11`: homes reached, opinions, days workers were out.

    `appeals` is (solved, raised) of the month, from whoever keeps the appeals.
    """
    found = db.rows(
        'SELECT "on",workers,opinions_n,coalesce(household_id,room_id,person_id),result FROM visit '
        'WHERE sync_del=0 AND "on">=:first AND "on"<:after',
        {"first": month, "after": f"{month}-99"},
    )
    counts = counting(db)
    reached = {home for _, _, _, home, result in found if counts.get(result) == REACHED}
    days = {(on, name) for on, workers, *_ in found for name in rules.names_of(workers)}
    solved, raised = appeals or (None, None)
    opinions = sum(count for _, _, count, *_ in found)
    return MonthFigures(month, len(found), len(reached), opinions, len(days), solved, raised)
