"""How long a resident has waited: first contact, reply, end and the present step, in working days, pauses left out."""

from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple, Protocol

from desktop_app.appeals.rules import PAUSED, State
from desktop_app.profiles import town
from desktop_app.shared.workdays import Workdays

DONE, LATE, RUNNING, NEAR, OVERDUE, RESTING = "已办", "逾期已办", "未到期", "将到期", "已逾期", "暂停计时"
CONTACT, REPLY, FINISH, STEP = "首次联系", "答复", "办结", "本级办理"


class Terms(Protocol):
    """As much of an Appeal as its clocks need."""

    @property
    def received_on(self) -> str: ...
    @property
    def promised_on(self) -> str | None: ...
    @property
    def anonymous(self) -> int: ...


class Due(NamedTuple):
    """The next day on which something is due, and what."""

    on: str
    what: str


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock: `state` is one of the words above; `left` working days remain, negative when it is overdue."""

    what: str
    due_on: str
    done_on: str
    state: str
    left: int


class _Term(NamedTuple):
    what: str
    due: date
    done_on: str


def clocks(
    state: State, terms: Terms, ladder: town.Sequence | None, calendar: Workdays, today: date
) -> tuple[Clock, ...]:
    """All clocks of an appeal; none where the ladder has none or the day it came in cannot be read."""
    near = ladder.clocks.near if ladder and ladder.clocks else 0
    return tuple(_clock(term, state, calendar, today, near) for term in _terms(state, terms, ladder, calendar))


def next_due(state: State, terms: Terms, ladder: town.Sequence | None, calendar: Workdays) -> Due | None:
    """What is due next; None while nothing is, because the work is done or rests."""
    if not state.open or state.phase == PAUSED:
        return None
    waiting = [term for term in _terms(state, terms, ladder, calendar) if not term.done_on]
    first = min(waiting, key=lambda term: term.due, default=None)
    return Due(first.due.isoformat(), first.what) if first else None


def near_limit(calendar: Workdays, today: date, near: int) -> str:
    """The last day that is still close: what is due by then is 将到期."""
    return calendar.add(today, near).isoformat()


def _clock(term: _Term, state: State, calendar: Workdays, today: date, near: int) -> Clock:
    left, due = calendar.between(today, term.due), term.due.isoformat()
    if term.done_on:
        word = LATE if term.done_on > due else DONE
    elif state.phase == PAUSED:
        word = RESTING
    elif today > term.due:
        word = OVERDUE
    else:
        word = NEAR if due <= near_limit(calendar, today, near) else RUNNING
    return Clock(term.what, due, term.done_on, word, left)


def _terms(state: State, terms: Terms, ladder: town.Sequence | None, calendar: Workdays) -> list[_Term]:
    start = _day(state.began_on or terms.received_on)
    if start is None or ladder is None or ladder.clocks is None:
        return []
    hours = ladder.clocks
    again, named = bool(state.began_on), not terms.anonymous

    def due(days: int, since: date = start) -> date:
        return calendar.add(since, days + _paused(state, since, calendar))

    promised = None if again else _day(terms.promised_on)
    found = []
    if named and not again:
        found.append(_Term(CONTACT, due(hours.contact), state.contact_on))
    if named:
        found.append(_Term(REPLY, due(hours.reply), state.replied_on))
    end = due(0, promised) if promised else due(hours.finish)
    found.append(_Term(FINISH, end, state.finished_on))
    return [*found, *_of_step(state, ladder, start, calendar)]


def _of_step(state: State, ladder: town.Sequence, start: date, calendar: Workdays) -> list[_Term]:
    """The clock of the present step, where the ladder has one."""
    days = ladder.steps[state.step - 1].days if 0 < state.step <= len(ladder.steps) else None
    if days is None:
        return []
    since = _day(state.entered_on) or start
    return [_Term(STEP, calendar.add(since, days + _paused(state, since, calendar)), state.finished_on)]


def _paused(state: State, since: date, calendar: Workdays) -> int:
    """Working days of rest after `since`."""
    spans = [(_day(first), _day(last)) for first, last in state.pauses if last]
    rests = [(max(first, since), last) for first, last in spans if first and last]
    return sum(calendar.between(first, last) for first, last in rests if last > first)


_FULL: Final = 10


def _day(text: str | None) -> date | None:
    """A whole day; None for what is missing, partial or no date."""
    if not text or len(text) != _FULL:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
