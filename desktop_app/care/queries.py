"""What one may ask about care: bells and how they stand, pairs and when somebody is to go, who needs care.

Days are ISO dates; lines for lists carry masked numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import select

from desktop_app.accounts.rights import reads
from desktop_app.care import rules
from desktop_app.care.model import DoorBellEvent
from desktop_app.care.responding import rules_of
from desktop_app.care.rules import BellState, CareRules, Latest
from desktop_app.places.rules import address
from desktop_app.profiles.desk import desk_codes
from desktop_app.residents.rules import age_on
from desktop_app.shared.text import mask
from desktop_app.store.database import Database
from desktop_app.visits.queries import reached_words
from desktop_app.visits.rules import days_over, later

__all__ = ["BellLine", "CaredLine", "PairLine", "bell", "bell_events", "bells", "cared", "pairs", "rules_of"]

EMPTY, MOVED = "无人居住", "住户已换"
"""What a bell is called whose household is no longer there."""


@dataclass(frozen=True, slots=True)
class BellLine:
    """A bell as the list shows it; `name` whose it is, `radius_m` as it is used, `standing` what became of the home."""

    id: str
    household_id: str | None
    room_id: str | None
    person_id: str | None
    name: str
    address: str
    kind: str
    place: str
    device_no: str
    radius_m: int
    installed_on: str
    to_on: str | None
    last_test: str
    last_alarm: str
    alarms: int
    state: BellState
    standing: str

    @property
    def word(self) -> str:
        """How it stands, in one word."""
        if self.to_on:
            return f"{self.to_on} 拆除"
        urgent = self.state.waiting or self.state.faulty
        return self.state.word if urgent or not self.standing else self.standing

    @property
    def test_due(self) -> bool:
        """Whether it is to be tested now: one that hangs at the door of an empty room is not."""
        return not self.to_on and self.standing != EMPTY and self.state.days_over >= 0


# each part ends at the first entry of ix_door_bell_event_bell that fits
_LATEST: Final = (
    "coalesce((SELECT max(at) FROM door_bell_event v WHERE v.bell_id=d.id AND v.kind='{}' AND v.sync_del=0{}),'')"
)
_BELL: Final = (
    "SELECT d.id,d.household_id,d.room_id,d.person_id,coalesce(p.name,hp.name,''),e.name,b.no,r.unit,r.no,d.kind,"
    "coalesce(d.place,''),coalesce(d.device_no,''),d.radius_m,coalesce(d.installed_on,''),d.to_on,h.to_on,h.room_id,"
    "EXISTS(SELECT 1 FROM household o WHERE o.room_id=d.room_id AND o.sync_del=0 AND o.to_on IS NULL),"
    "(SELECT count(*) FROM door_bell_event v WHERE v.bell_id=d.id AND v.kind='报警' AND v.sync_del=0),"
    + ",".join(
        _LATEST.format(kind, more)
        for kind, more in (
            (rules.TEST, ""),
            (rules.FAULT, ""),
            (rules.REPAIRED, ""),
            (rules.ALARM, ""),
            (rules.ALARM, " AND v.who_came IS NULL"),
            (rules.CAME, ""),
        )
    )
    + " FROM door_bell d LEFT JOIN household h ON h.id=d.household_id LEFT JOIN person hp ON hp.id=h.head_id "
    "LEFT JOIN person p ON p.id=d.person_id AND p.sync_del=0 LEFT JOIN room r ON r.id=coalesce(d.room_id,h.room_id) "
    "LEFT JOIN building b ON b.id=r.building_id LEFT JOIN estate e ON e.id=b.estate_id WHERE d.sync_del=0"
)
_BY_DOOR: Final = " ORDER BY e.name,length(b.no),b.no,length(r.unit),r.unit,length(r.no),r.no,d.local_no"
_BELLS_OF: Final = {
    "person_id": " AND d.person_id=:person_id",
    "household_id": " AND d.household_id=:household_id",
    "room_id": " AND d.room_id=:room_id",
    "bell_id": " AND d.id=:bell_id",
}


@reads("care.read")
def bells(
    db: Database,
    *,
    text: str = "",
    word: str = "",
    ended: bool = False,
    household_id: str | None = None,
    room_id: str | None = None,
    person_id: str | None = None,
    bell_id: str | None = None,
) -> list[BellLine]:
    """Bells, door by door; `text` is part of a name, address or number, `word` how they stand; `ended` adds removed."""
    told = {"household_id": household_id, "room_id": room_id, "person_id": person_id, "bell_id": bell_id}
    values = {name: value for name, value in told.items() if value}
    sql = _BELL + ("" if ended or bell_id else " AND d.to_on IS NULL") + "".join(_BELLS_OF[name] for name in values)
    found = [_bell_line(db, row, rules_of(db)) for row in db.rows(sql + _BY_DOOR, values)]
    return [
        line
        for line in found
        if text in f"{line.name} {line.address} {line.device_no}" and (not word or line.word == word)
    ]


@reads("care.read")
def bell(db: Database, bell_id: str) -> BellLine | None:
    """One bell, also one that was taken down; None where there is none."""
    found = bells(db, bell_id=bell_id)
    return found[0] if found else None


def _bell_line(db: Database, row: Sequence[Any], told: CareRules) -> BellLine:
    key, home, room_id, person, name, estate, building, unit, room, kind, place, no, radius, installed, to_on = row[:15]
    home_ended, home_room, lived_in, alarms, *moments = row[15:]
    seen = Latest(*moments)
    state = rules.bell_state(seen, installed, db.clock.today().isoformat(), told.test_days)
    moved = bool(home_ended) or (home_room is not None and room_id is not None and home_room != room_id)
    standing = "" if not moved else MOVED if lived_in else EMPTY
    where = address(estate, building, unit, room) if building else ""
    return BellLine(
        key, home, room_id, person, name, where, kind, place, no, told.radius(radius), installed, to_on,
        max(seen.test, seen.alarm)[:10], seen.alarm, alarms, state, standing,
    )  # fmt: skip


@reads("care.read")
def bell_events(db: Database, bell_id: str) -> list[DoorBellEvent]:
    """What was noted of a bell, the latest first."""
    wanted = select(DoorBellEvent).where(DoorBellEvent.bell_id == bell_id, DoorBellEvent.sync_del == 0)
    return db.select(wanted.order_by(DoorBellEvent.at.desc(), DoorBellEvent.id.desc()))


@reads("care.read")
def bells_due(db: Database) -> list[BellLine]:
    """Bells about which something is to be done today: an alarm nobody answered, a fault, a test; the gravest first."""
    found = [one for one in bells(db) if one.state.waiting or one.state.faulty or one.test_due]
    return sorted(found, key=lambda one: (not one.state.waiting, not one.state.faulty, -one.state.days_over))


# --------------------------------------------------------------------------------------------------------------- pairs


@dataclass(frozen=True, slots=True)
class PairLine:
    """A pair as the list shows it: whom, by whom, how often, when last, when due; `helper_phone` is masked.

    `last_on` is the last day somebody spoke to them, `by_helper` the last time the helper did.  `doubt` says why nobody
    can be expected to come or to be there.
    """

    id: str
    subject: str
    subject_id: str
    name: str
    address: str
    room_id: str | None
    care_class: str
    helper_id: str | None
    helper: str
    helper_unit: str
    helper_phone: str
    days: int
    from_on: str
    to_on: str | None
    last_on: str | None
    by_helper: str | None
    due_on: str
    days_over: int
    doubt: str

    @property
    def overdue(self) -> bool:
        """Whether somebody should have gone before today."""
        return not self.to_on and self.days_over > 0


_MET: Final = (
    '(SELECT max(v."on") FROM visit v WHERE v.{key}={of} AND v.sync_del=0 AND v.result IN '
    "(SELECT value FROM json_each(:reached)){more})"
)
_HOME: Final = "coalesce(c.household_id,m.household_id)"
_PAIR: Final = (
    "SELECT c.id,c.household_id,c.person_id,coalesce(p.name,hp.name,''),e.name,b.no,r.unit,r.no,r.id,c.care_class,"
    "c.helper_id,c.helper_name,coalesce(c.helper_unit,''),coalesce(c.helper_phone,w.phones,''),c.interval_days,"
    "coalesce(c.from_on,''),c.to_on,p.deceased_on,p.left_on,w.deceased_on,w.left_on,"
    "c.helper_id IS NOT NULL AND coalesce(w.sync_del,1)<>0,"
    + ",".join(
        f"nullif(max(coalesce({_MET.format(key='household_id', of=_HOME, more=more)},''),"
        f"coalesce({_MET.format(key='person_id', of='c.person_id', more=more)},'')),'')"
        for more in ("", " AND instr(v.workers,c.helper_name)>0")
    )
    + " FROM care_pair c LEFT JOIN person p ON p.id=c.person_id "
    "LEFT JOIN household_member m ON m.person_id=c.person_id AND m.sync_del=0 AND m.to_on IS NULL "
    "LEFT JOIN household h ON h.id=coalesce(c.household_id,m.household_id) LEFT JOIN person hp ON hp.id=h.head_id "
    "LEFT JOIN residence s ON s.person_id=c.person_id AND s.sync_del=0 AND s.to_on IS NULL "
    "LEFT JOIN room r ON r.id=coalesce(h.room_id,s.room_id) LEFT JOIN building b ON b.id=r.building_id "
    "LEFT JOIN estate e ON e.id=b.estate_id LEFT JOIN person w ON w.id=c.helper_id WHERE c.sync_del=0"
)
_PAIRS_OF: Final = {
    "person_id": " AND (c.person_id=:person_id OR c.household_id IN (SELECT household_id FROM household_member "
    "WHERE person_id=:person_id AND sync_del=0 AND to_on IS NULL))",
    "household_id": " AND (c.household_id=:household_id OR m.household_id=:household_id)",
    "helper_id": " AND c.helper_id=:helper_id",
    "pair_id": " AND c.id=:pair_id",
}


@reads("care.read")
def pairs(
    db: Database,
    *,
    text: str = "",
    helper: str = "",
    care_class: str = "",
    overdue: bool = False,
    ended: bool = False,
    person_id: str | None = None,
    household_id: str | None = None,
    helper_id: str | None = None,
    pair_id: str | None = None,
) -> list[PairLine]:
    """Pairs, those most overdue first; `text` is part of a name, address or helper, `ended` adds those that ended."""
    told = {"person_id": person_id, "household_id": household_id, "helper_id": helper_id, "pair_id": pair_id}
    values: dict[str, Any] = {name: value for name, value in told.items() if value}
    sql = _PAIR + "".join(_PAIRS_OF[name] for name in values)
    on = db.clock.today().isoformat()
    if not ended and not pair_id:
        sql += " AND (c.to_on IS NULL OR c.to_on>:on)"
        values["on"] = on
    values["reached"] = orjson.dumps(reached_words(db)).decode()
    found = [_pair_line(db, row, on) for row in db.rows(sql, values)]
    wanted = [
        line
        for line in found
        if text in f"{line.name} {line.address} {line.helper} {line.helper_unit}"
        and helper in line.helper
        and (not care_class or line.care_class == care_class)
        and (not overdue or line.overdue)
    ]
    return sorted(wanted, key=lambda line: (bool(line.to_on), line.due_on, line.address, line.name))


@reads("care.read")
def pair_of(db: Database, pair_id: str) -> PairLine | None:
    """One pair, also one that is over; None where there is none."""
    found = pairs(db, pair_id=pair_id)
    return found[0] if found else None


def _pair_line(db: Database, row: Sequence[Any], on: str) -> PairLine:
    key, home, person, name, estate, building, unit, room, room_id, klass, helper_id, helper, of_unit, phone = row[:14]
    interval, from_on, to_on, died, left, helper_died, helper_left, helper_gone, last, by_helper = row[14:]
    told = desk_codes(db, "tags").find(klass)
    days = rules.interval_of(interval, told.number("visit_days") if told else None, rules_of(db).pair_days)
    due = later(last, days) if last else on
    doubts = [rules.Helper(helper, helper_died, helper_left, bool(helper_gone)).doubt]
    doubts += [f"{name}已于 {died} 去世" if died else f"{name}已于 {left} 迁出" if left else ""]
    doubts += ["结对人就是本人" if person and person == helper_id else ""]
    where = address(estate, building, unit, room) if building else ""
    return PairLine(
        key, "person" if person else "household", person or home, name, where, room_id, klass or "", helper_id, helper,
        of_unit, mask("phone", phone.split(" ", 1)[0]) if phone else "", days, from_on, to_on, last, by_helper, due,
        days_over(due, on), "；".join(filter(None, doubts)),
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------------ who needs care


@dataclass(frozen=True, slots=True)
class CaredLine:
    """A resident with care classes in force: which, since when, who is paired, whether a bell hangs; `phone` masked."""

    id: str
    name: str
    sex: str
    age: int | None
    address: str
    phone: str
    classes: tuple[str, ...]
    since: str
    evidence: str
    helper: str
    bell: bool
    last_on: str | None


_CARED: Final = (
    "SELECT p.id,p.name,coalesce(p.sex,''),p.birth,p.phones,e.name,b.no,r.unit,r.no,"
    "group_concat(t.tag,'\x1f'),min(coalesce(t.from_on,'')),group_concat(coalesce(t.evidence,''),'\x1f'),"
    "(SELECT group_concat(helper_name,'、') FROM care_pair c WHERE c.sync_del=0 AND (c.to_on IS NULL OR c.to_on>:on) "
    "AND (c.person_id=p.id OR c.household_id=m.household_id)),"
    "EXISTS(SELECT 1 FROM door_bell d WHERE d.sync_del=0 AND d.to_on IS NULL AND (d.person_id=p.id "
    "OR d.household_id=m.household_id)),"
    '(SELECT max(v."on") FROM visit v WHERE v.household_id=m.household_id AND v.sync_del=0 '
    "AND v.result IN (SELECT value FROM json_each(:reached))) "
    "FROM person_tag t JOIN person p ON p.id=t.person_id LEFT JOIN household_member m ON m.person_id=p.id "
    "AND m.sync_del=0 AND m.to_on IS NULL LEFT JOIN residence s ON s.person_id=p.id AND s.sync_del=0 "
    "AND s.to_on IS NULL LEFT JOIN room r ON r.id=s.room_id LEFT JOIN building b ON b.id=r.building_id "
    "LEFT JOIN estate e ON e.id=b.estate_id WHERE t.sync_del=0 AND (t.to_on IS NULL OR t.to_on>:on) "
    "AND coalesce(t.from_on,'')<=:on AND t.tag IN (SELECT value FROM json_each(:words)) AND p.sync_del=0 "
    "AND p.left_on IS NULL AND p.deceased_on IS NULL AND (:text='' OR instr(p.name,:text)>0) GROUP BY p.id "
    "ORDER BY e.name,length(b.no),b.no,length(r.unit),r.unit,length(r.no),r.no,p.name LIMIT :most"
)


@reads("care.read")
def cared(
    db: Database, *, text: str = "", care_class: str = "", unpaired: bool = False, most: int = 2_000
) -> list[CaredLine]:
    """Residents with a care class in force, door by door; `unpaired`: those nobody is paired with."""
    table = desk_codes(db, "tags")
    chosen = [code for code in table if code.text("family") == "关怀" and (not care_class or code.name == care_class)]
    words = [word for code in chosen for word in (code.code, code.name)]
    values = {
        "on": db.clock.today().isoformat(),
        "reached": orjson.dumps(reached_words(db)).decode(),
        "words": orjson.dumps(words).decode(),
        "text": text,
        "most": most,
    }
    found = [_cared_line(db, row) for row in db.rows(_CARED, values)]
    return [line for line in found if not (unpaired and line.helper)]


def _cared_line(db: Database, row: Sequence[Any]) -> CaredLine:
    key, name, sex, birth, phones, estate, building, unit, room, tags, since, evidence, helper, bell_, last = row
    table = desk_codes(db, "tags")
    return CaredLine(
        key,
        name,
        sex,
        age_on(birth, db.clock.today()),
        address(estate, building, unit, room) if building else "",
        mask("phone", phones.split(" ", 1)[0]) if phones else "",
        tuple(dict.fromkeys(table.name(tag) for tag in tags.split("\x1f"))),
        since,
        "、".join(dict.fromkeys(filter(None, evidence.split("\x1f")))),
        helper or "",
        bool(bell_),
        last,
    )
