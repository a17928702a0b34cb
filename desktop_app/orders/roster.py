"""What one may ask about duty: the roster of a week, who stands where today, how much everybody served."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from desktop_app.accounts.rights import reads
from desktop_app.orders import duty_rules
from desktop_app.orders.duty_rules import leaves
from desktop_app.orders.model import Post
from desktop_app.orders.shift_facts import Planned, duties, leaves_of, planned
from desktop_app.profiles.queries import order_rules
from desktop_app.shared.text import mask
from desktop_app.store.database import Database

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """One shift as it stands: `word` one of `duty_rules.WORDS`; `phone` masked; `ask` a swap that waits for an answer.

    `in_time`, `out_time` in words (次日06:05); `remark`: late by how much, why it is off, what was handled.
    """

    id: str
    post_id: str
    post: str
    place: str
    on: str
    from_time: str
    to_time: str
    seat: int
    helper_id: str
    helper: str
    phone: str
    word: str
    in_time: str
    out_time: str
    minutes: int
    late: int
    swapped: bool
    ask: str
    asked: str
    remark: str

    @property
    def slot(self) -> str:
        """08:00-11:00."""
        return f"{self.from_time}-{self.to_time}"

    @property
    def is_overnight(self) -> bool:
        """Whether it ends on the day after."""
        return duty_rules.is_overnight(self.from_time, self.to_time)

    @property
    def weekday(self) -> str:
        """周一."""
        return f"周{WEEKDAYS[date.fromisoformat(self.on).weekday()]}"


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


@reads("orders.read")
def shifts(db: Database, since: str, until: str, post_id: str = "") -> list[ShiftLine]:
    """The shifts of some days with what became of them, by day, time, post and seat."""
    return _lines(db, planned(db, since, until, post_id))


@reads("orders.read")
def shifts_today(db: Database) -> list[ShiftLine]:
    """Who stands where today (for the home page), and who has not come home from last night's shift."""
    today = db.clock.today()
    found = shifts(db, (today - timedelta(days=1)).isoformat(), today.isoformat())
    nights = {duty_rules.ON_DUTY, duty_rules.COMING, duty_rules.LATE_NOW}
    return [line for line in found if line.on == today.isoformat() or (line.is_overnight and line.word in nights)]


def _lines(db: Database, found: Sequence[Planned]) -> list[ShiftLine]:
    became = duties(db, found)
    posts = {key: (name, place) for key, name, place in db.rows("SELECT id,name,coalesce(place,'') FROM post")}
    names = {key: (name, phone or "") for key, name, phone in db.rows("SELECT id,name,phone FROM helper")}
    grace = order_rules(db.path.parent)["late_minutes"]
    today, now = db.clock.today().isoformat(), f"{db.clock.now():%H:%M}"
    lines = []
    for one in found:
        duty = became[one.id]
        post, place = posts.get(one.post_id, ("", ""))
        name, phone = names.get(duty.helper_id, ("已不在的人" if duty.helper_id else "", ""))
        ask, other, _ = duty.asks[0] if duty.asks else ("", "", "")
        asked = names.get(_holder(db, other), ("",))[0] if other else ""
        late = duty_rules.late_minutes(one.slot, duty, grace)
        remark = "、".join(filter(None, (f"迟到 {late} 分钟" if late else "", duty.off, *duty.notes)))
        lines.append(
            ShiftLine(
                one.id, one.post_id, post, place, one.on, one.from_time, one.to_time, one.seat, duty.helper_id, name,
                mask("phone", phone), duty_rules.word(one.slot, duty, today, now, grace),
                duty_rules.spoken(duty.in_time), duty_rules.spoken(duty.out_time), duty.minutes,
                late, duty.swapped, ask, asked, remark,
            )
        )  # fmt: skip
    return lines


def _holder(db: Database, shift_id: str) -> str:
    """Who stands in a shift after all swaps."""
    row = db.row(
        'SELECT id,post_id,"on",from_time,to_time,seat,helper_id FROM shift WHERE id=? AND sync_del=0', (shift_id,)
    )
    return duties(db, [Planned(*row)])[shift_id].helper_id if row else ""


@dataclass(frozen=True, slots=True)
class Week:
    """The roster of a post for a week: days (ISO), and for each shift of the day the lines of every day."""

    post: Post
    days: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[ShiftLine, ...], ...]], ...]

    @property
    def vacant(self) -> int:
        """Shifts nobody stands in."""
        return sum(line.word == duty_rules.VACANT for _, cells in self.rows for cell in cells for line in cell)


@reads("orders.read")
def week(db: Database, post_id: str, day: date) -> Week | None:
    """The week of a day at a post; None where there is no such post."""
    post = db.get(Post, post_id)
    if post is None:
        return None
    days = tuple((monday(day) + timedelta(days=at)).isoformat() for at in range(7))
    found = shifts(db, days[0], days[-1], post_id)
    slots = sorted({line.slot for line in found})
    rows = tuple(
        (slot, tuple(tuple(line for line in found if line.slot == slot and line.on == on) for on in days))
        for slot in slots
    )
    return Week(post, days, rows)


@dataclass(frozen=True, slots=True)
class Served:
    """What somebody did on duty within a period: shifts, minutes, late, absent, swapped."""

    helper_id: str
    name: str
    shifts: int
    minutes: int
    late: int
    absent: int
    swapped: int


@reads("orders.read")
def served(db: Database, since: str, until: str) -> list[Served]:
    """Who served how much, the most first: late and absent stand beside it."""
    found: dict[str, list[ShiftLine]] = {}
    for line in shifts(db, since, until):
        if line.helper_id and line.word != duty_rules.OFF:
            found.setdefault(line.helper_id, []).append(line)
    done = {duty_rules.SERVED, duty_rules.SERVED_LATE, duty_rules.ON_DUTY}
    figures = [
        Served(
            key, lines[0].helper, sum(one.word in done for one in lines), sum(one.minutes for one in lines),
            sum(one.late > 0 for one in lines), sum(one.word == duty_rules.ABSENT for one in lines),
            sum(one.swapped for one in lines),
        )
        for key, lines in found.items()
    ]  # fmt: skip
    return sorted(figures, key=lambda one: (-one.minutes, -one.shifts, one.name))


@dataclass(frozen=True, slots=True)
class LeaveLine:
    """Days somebody asked to be left out."""

    id: str
    helper: str
    from_on: str
    to_on: str
    text: str
    helper_id: str = ""


@reads("orders.read")
def leave_lines(db: Database, since: str = "") -> list[LeaveLine]:
    """Leaves that are not over on a day (today if blank), the earliest first."""
    since = since or db.clock.today().isoformat()
    facts = leaves_of(db)
    standing = {(who, span) for who, spans in leaves(facts).items() for span in spans}
    back = {one.expects for one in facts if one.kind == "销假" and not one.sync_del}
    names = dict(db.rows("SELECT id,name FROM helper"))
    found = [
        LeaveLine(
            one.id,
            names.get(one.helper_id, ""),
            one.from_on or "",
            one.to_on or one.from_on or "",
            one.text or "",
            one.helper_id or "",
        )
        for one in facts
        if one.kind == "请假"
        and one.id not in back
        and (one.helper_id, (one.from_on, one.to_on or one.from_on)) in standing
    ]
    return sorted((one for one in found if one.to_on >= since), key=lambda one: (one.from_on, one.helper))
