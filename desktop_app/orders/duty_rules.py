"""Who stands duty: a fair rotation, and what became of each shift, folded from its events.  岗亭值守: 石首 2021.

The rotation is pure: whoever has served least is next, nobody twice a day, nobody who is away.  A swap holds once both
have agreed; of two swaps that were agreed apart, the one agreed first.

A shift whose end is not later than its beginning (22:00-06:00) goes on into the next day.  Times of what happened in a
shift are kept as times of its day, with hours beyond 24 for the day after (30:05 is 06:05): so they compare as text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain
from typing import Final, NamedTuple, Protocol

from desktop_app.orders.folding import in_order
from desktop_app.shared import events
from desktop_app.shared.events import Stale

COMING, LATE_NOW, ON_DUTY, SERVED, SERVED_LATE, ABSENT, VACANT, OFF = WORDS = (
    "待值守", "未到", "值守中", "已值守", "迟到", "缺勤", "无人", "停班",
)  # fmt: skip
KINDS: Final = ("签到", "签退", "换班申请", "换班同意", "换班拒绝", "换班撤回", "改派", "停班", "请假", "销假", "备注")
"""The words of `ShiftEvent.kind`."""
_DAY_HOURS: Final = 24
_DAY_MINUTES: Final = _DAY_HOURS * 60
_EVER: Final = "99:00"
_EARLY_MINUTES: Final = 180
"""Nobody comes to a shift of the night earlier than this; an earlier time of the clock is one of the morning after."""


class Event(events.Event, Protocol):
    """As much of a ShiftEvent as the rule reads."""

    @property
    def shift_id(self) -> str | None: ...
    @property
    def other_id(self) -> str | None: ...
    @property
    def helper_id(self) -> str | None: ...
    @property
    def time(self) -> str | None: ...
    @property
    def from_on(self) -> str | None: ...
    @property
    def to_on(self) -> str | None: ...
    @property
    def text(self) -> str | None: ...


class Slot(NamedTuple):
    """One place to fill: the shift's id, its day and times; see `is_overnight`."""

    id: str
    on: str
    from_time: str
    to_time: str

    @property
    def end(self) -> str:
        """When it ends, as a time of its day: 30:00 for 06:00 of the day after."""
        return beyond(self.to_time) if is_overnight(self.from_time, self.to_time) else self.to_time

    @property
    def last_on(self) -> str:
        """The day on which it ends (ISO)."""
        return day_after(self.on) if is_overnight(self.from_time, self.to_time) else self.on

    @property
    def span(self) -> tuple[int, int]:
        """Minutes of beginning and end, counted from one day for all."""
        midnight = date.fromisoformat(self.on).toordinal() * _DAY_MINUTES
        return midnight + minutes_of(self.from_time), midnight + minutes_of(self.end)


def clash(one: Slot, other: Slot, rest: int = 0) -> bool:
    """Whether nobody can stand in both: on one day, at one time, or with less than `rest` minutes between."""
    (start, end), (first, last) = one.span, other.span
    return one.on == other.on or (start < last + rest and first < end + rest)


# ------------------------------------------------------------------------------------------------------------ rotation


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody of the rotation: how often they have served, when last (ISO, "" never), and the days they cannot."""

    id: str
    served: int = 0
    last_on: str = ""
    away: tuple[tuple[str, str], ...] = ()
    stands: tuple[Slot, ...] = ()
    """where they stand already, last night too"""

    def is_away(self, on: str) -> bool:
        """Whether a leave covers the day; both ends are days off."""
        return any(first <= on <= last for first, last in self.away)

    def can(self, slot: Slot, given: Iterable[Slot], rest: int) -> bool:
        """Whether they are there on all days of a slot and stand nowhere else at that time."""
        free = not any(clash(slot, one, rest) for one in chain(self.stands, given))
        return free and not self.is_away(slot.on) and not self.is_away(slot.last_on)


def rotate(slots: Sequence[Slot], people: Sequence[Standing], rest: int = 0) -> dict[str, str]:
    """Slot → who stands there; a slot nobody can take is left out.

    By day and time; of those who can, the one who has served least, then the one who waits longest, then by id.
    Between two shifts of one person are at least `rest` minutes.
    """
    served = {one.id: one.served for one in people}
    last = {one.id: one.last_on for one in people}
    busy: dict[str, list[Slot]] = {one.id: [] for one in people}
    given: dict[str, str] = {}
    for slot in sorted(slots, key=lambda one: (one.on, one.from_time, one.id)):
        able = [one for one in people if one.can(slot, busy[one.id], rest)]
        if not able:
            continue
        chosen = min(able, key=lambda one: (served[one.id], last[one.id], one.id)).id
        given[slot.id] = chosen
        served[chosen] += 1
        last[chosen] = slot.on
        busy[chosen].append(slot)
    return given


# -------------------------------------------------------------------------------------------------------------- shifts


@dataclass(slots=True)
class Duty:
    """What became of a shift; times are HH:MM of its day (30:05 is 06:05 of the day after), "" for not yet.

    `asks`: swaps asked for and not answered, as (event, the other shift, who asked).
    """

    helper_id: str
    in_time: str = ""
    out_time: str = ""
    off: str = ""
    asks: tuple[tuple[str, str, str], ...] = ()
    swapped: bool = False
    notes: tuple[str, ...] = ()
    stale: tuple[Stale, ...] = ()

    @property
    def minutes(self) -> int:
        """Minutes between coming and going; 0 while one of them is open."""
        return minutes_between(self.in_time, self.out_time) if self.in_time and self.out_time else 0


def fold(planned: Mapping[str, str | None], events: Iterable[Event]) -> dict[str, Duty]:
    """What became of some shifts: shift → who was planned, and all events that touch them, in any order.

    Swaps reach beyond: an event about a shift that is not among them is kept out of account.
    """
    table = _Table({key: Duty(who or "") for key, who in planned.items()})
    for event in in_order(events):
        if not event.sync_del and event.shift_id in table.duties:
            table.take(event)
    return table.duties


@dataclass(slots=True)
class _Table:
    """Shifts being folded together, since a swap joins two."""

    duties: dict[str, Duty]
    asked: dict[str, Event] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        if why := self._refusal(event):
            duty = self.duties[event.shift_id or ""]
            duty.stale = (*duty.stale, Stale(event.id, event.expects or "", why))

    def _refusal(self, event: Event) -> str:
        """Takes an event in; returns why it changes nothing, "" where it does."""
        duty = self.duties[event.shift_id or ""]
        match event.kind:
            case "签到" | "签退":
                return _sign(duty, event)
            case "换班申请":
                return self._ask(duty, event)
            case "换班同意":
                return self._agree(event)
            case "换班拒绝" | "换班撤回":
                return self._drop(event)
            case "改派":
                return _reassign(duty, event)
            case "停班":
                duty.off = event.text or "停班"
            case _:
                duty.notes = (*duty.notes, event.text) if event.text else duty.notes
        return ""

    def _ask(self, duty: Duty, event: Event) -> str:
        other = self.duties.get(event.other_id or "")
        if other is None or other is duty:
            return "没有要换的班次"
        if event.helper_id != duty.helper_id:
            return "提出换班的人不在这一班"
        if not other.helper_id or other.helper_id == duty.helper_id:
            return "不能同自己换班"
        if duty.in_time or other.in_time:
            return "已经签到，不能换班"
        self.asked[event.id] = event
        duty.asks = (*duty.asks, (event.id, event.other_id or "", event.helper_id or ""))
        return ""

    def _agree(self, event: Event) -> str:
        ask = self.asked.pop(event.expects or "", None)
        if ask is None:
            return "没有等着答复的换班"
        here, there = self.duties[ask.shift_id or ""], self.duties[ask.other_id or ""]
        here.asks = tuple(one for one in here.asks if one[0] != ask.id)
        if here.in_time or there.in_time:
            return "已经签到，不能换班"
        if here.helper_id != ask.helper_id or there.helper_id != event.helper_id:
            return "其中一班已经换了人"
        here.helper_id, there.helper_id = there.helper_id, here.helper_id
        here.swapped = there.swapped = True
        return ""

    def _drop(self, event: Event) -> str:
        ask = self.asked.pop(event.expects or "", None)
        if ask is None:
            return "没有等着答复的换班"
        here = self.duties[ask.shift_id or ""]
        here.asks = tuple(one for one in here.asks if one[0] != ask.id)
        return ""


def _sign(duty: Duty, event: Event) -> str:
    time = event.time or ""
    if event.helper_id and duty.helper_id and event.helper_id != duty.helper_id:
        return "这一班已不是他（她）的"
    if event.kind == "签退":
        return _sign_out(duty, time, event.text)
    if duty.in_time:
        return f"已经在 {duty.in_time} 签到"
    duty.in_time, duty.helper_id = time, duty.helper_id or event.helper_id or ""
    return ""


def _sign_out(duty: Duty, time: str, handled: str | None) -> str:
    if not duty.in_time:
        return "还没有签到"
    if duty.out_time:
        return f"已经在 {duty.out_time} 签退"
    if time <= duty.in_time:
        return "签退早于签到"
    duty.out_time = time
    duty.notes = (*duty.notes, handled) if handled else duty.notes
    return ""


def _reassign(duty: Duty, event: Event) -> str:
    if duty.in_time:
        return "已经签到，不能改派"
    duty.helper_id = event.helper_id or ""
    return ""


def leaves(events: Iterable[Event]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Helper → the spans of days they asked to be left out, those taken back left out."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    back = set()
    for event in in_order(events):
        if event.sync_del:
            continue
        if event.kind == "请假" and event.helper_id and event.from_on:
            found.setdefault(event.helper_id, {})[event.id] = (event.from_on, event.to_on or event.from_on)
        elif event.kind == "销假":
            back.add(event.expects)
    return {who: tuple(span for key, span in spans.items() if key not in back) for who, spans in found.items()}


# --------------------------------------------------------------------------------------------------------------- words


def minutes_of(time: str) -> int:
    """Minutes since midnight of HH:MM."""
    hours, _, minutes = time.partition(":")
    return int(hours) * 60 + int(minutes)


def minutes_between(first: str, last: str) -> int:
    """Minutes from one time to a later one, both of one day as they are kept; 0 where it is not later."""
    return max(0, minutes_of(last) - minutes_of(first))


def is_overnight(from_time: str, to_time: str) -> bool:
    """Whether a shift of these times ends on the day after: 22:00-06:00."""
    return to_time <= from_time


def day_after(on: str) -> str:
    """The next day (ISO)."""
    return (date.fromisoformat(on) + timedelta(days=1)).isoformat()


def beyond(time: str) -> str:
    """A time of the day after, as one of the day before: 06:05 is 30:05."""
    return f"{int(time[:2]) + _DAY_HOURS:02}{time[2:]}"


def spoken(time: str) -> str:
    """A kept time in words: 次日06:05 for 30:05."""
    hours = int(time[:2]) if time else 0
    return f"次日{hours - _DAY_HOURS:02}{time[2:]}" if hours >= _DAY_HOURS else time


def as_kept(slot: Slot, clock_time: str) -> str:
    """What somebody read off a clock in a shift, as it is kept: early hours of a night are those of the day after."""
    begins = minutes_of(slot.from_time) - _EARLY_MINUTES
    night = is_overnight(slot.from_time, slot.to_time)
    return beyond(clock_time) if night and minutes_of(clock_time) < begins else clock_time


def seen_from(on: str, today: str, now: str) -> str:
    """What time it is now, told from a day: "" before that day, hours beyond 24 on the day after, else for ever."""
    if today < on:
        return ""
    if today == on:
        return now
    return beyond(now) if today == day_after(on) else _EVER


def late_minutes(slot: Slot, duty: Duty, grace: int) -> int:
    """Minutes somebody came too late, beyond what is overlooked; 0 for in time or not there yet."""
    late = minutes_between(slot.from_time, duty.in_time) if duty.in_time else 0
    return late if late > grace else 0


def word(slot: Slot, duty: Duty, today: str, now: str, grace: int) -> str:
    """How a shift stands on a day at a time (HH:MM)."""
    if duty.off:
        return OFF
    if duty.in_time:
        if not duty.out_time:
            return ON_DUTY
        return SERVED_LATE if late_minutes(slot, duty, grace) else SERVED
    if not duty.helper_id:
        return VACANT
    time = seen_from(slot.on, today, now)
    if slot.end <= time:
        return ABSENT
    return LATE_NOW if time and minutes_between(slot.from_time, time) > grace else COMING


def is_time(text: str) -> bool:
    """Whether this is a time of the day as it is stored: 08:00."""
    hours, colon, minutes = text.partition(":")
    two = len(hours) == len(minutes) == 2 and hours.isdecimal() and minutes.isdecimal()  # noqa: PLR2004 HH:MM
    return bool(colon) and text.isascii() and two and minutes_of(text) < _DAY_MINUTES and int(minutes) < 60  # noqa: PLR2004
