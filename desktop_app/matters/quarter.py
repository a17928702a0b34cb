"""每季度“四个一”: what ticks each of the four boxes off, found in the records, and what is still open before the end.

Source: 硚口 2025: 一次问题收集行动, 一次群策群力商讨, 一次跟踪问效督办, 一次成员共建活动.  The boxes are data (`ticks`
in the template `quarterly_four` of the town profile); what no record shows may be ticked by hand.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs, reads
from desktop_app.matters.model import QuarterItem
from desktop_app.matters.queries import Templates
from desktop_app.meetings.calendar import Period, period_of
from desktop_app.profiles.town import Step
from desktop_app.shared.dates import must_be_date
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database

WARNINGS: Final = (30, 15, 7)
"""Days before the end of a quarter on which what is open is said."""
MEETINGS: Final = ("quarterly_four", "joint_party", "three_party", "residents_council", "enlarged_committee", "hearing")
"""Types of meetings that are a 群策群力商讨."""
_QUARTER: Final = re.compile(r"(\d{4})\s*(?:年)?\s*[Qq第]?\s*([1-4一二三四])(?:季度)?")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A record that ticks a box: what kind (`table`, "" for a tick by hand), which, on what day, in what words."""

    table: str
    id: str
    on: str
    words: str


@dataclass(frozen=True, slots=True)
class Box:
    """One of the four, with what ticks it."""

    number: int
    name: str
    detail: str
    found: tuple[Evidence, ...]

    @property
    def done(self) -> bool:
        """Whether anything ticks it."""
        return bool(self.found)


@dataclass(frozen=True, slots=True)
class Quarter:
    """The four boxes of a quarter; `left` days remain, below 0 when it is over."""

    name: str
    first: str
    last: str
    boxes: tuple[Box, ...]
    left: int

    @property
    def open(self) -> tuple[Box, ...]:
        """The boxes nothing ticks."""
        return tuple(box for box in self.boxes if not box.done)

    @property
    def words(self) -> str:
        """2026年第4季度."""
        return f"{self.name[:4]}年第{self.name[-1]}季度"

    @property
    def warning(self) -> str:
        """What is to be said before the end: "" while there is time, or nothing is open."""
        if not self.open or self.left < 0 or self.left > WARNINGS[0]:
            return ""
        names = "、".join(box.name for box in self.open)
        return f"本季度还有 {self.left} 天，“四个一”还差 {len(self.open)} 项：{names}"

    @property
    def urgency(self) -> int:
        """0 nothing to say, then 1 to 3 as the 30th, 15th and 7th day before the end have come."""
        return sum(self.left <= days for days in WARNINGS) if self.warning else 0


def quarter_name(day: date) -> str:
    """2026Q4."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def parse(words: str) -> str:
    """`2026Q4`, `2026-4`, `2026年第四季度` as 2026Q4.  AppError for what is no quarter."""
    found = _QUARTER.fullmatch(words.strip().replace("-", "Q"))
    if not found:
        raise AppError(f"“{words}”不是季度。", field="quarter", next_step="请写成 2026Q4 的样子。")
    return f"{found[1]}Q{dict(zip('一二三四', '1234', strict=True)).get(found[2], found[2])}"


def span(name: str) -> Period:
    """The first and last day of a quarter."""
    return period_of(date(int(name[:4]), int(name[-1]) * 3, 1), 3)


@reads("matters.read")
def quarterly(db: Database, on: str, name: str = "") -> Quarter:
    """The four boxes of a quarter (2026Q4), of the present one unless told."""
    today = date.fromisoformat(on)
    name = name or quarter_name(today)
    period = span(name)
    first, last = period.first.isoformat(), period.last.isoformat()
    steps = _steps(db)
    boxes = tuple(_box(db, step, name, first, last) for step in steps)
    return Quarter(name, first, last, boxes, (period.last - today).days)


def _steps(db: Database) -> tuple[Step, ...]:
    template = Templates(db)["quarterly_four"]
    return template.steps if template else ()


def _box(db: Database, step: Step, name: str, first: str, last: str) -> Box:
    rows = _FINDERS[step.ticks](db, first, last) if step.ticks in _FINDERS else []
    by_hand = db.rows(
        'SELECT id,"on",text FROM quarter_item WHERE quarter=? AND item=? AND sync_del=0 ORDER BY "on"',
        (name, step.seq),
    )
    found = [*rows, *(Evidence("", str(key), str(on), str(text)) for key, on, text in by_hand)]
    return Box(step.seq, step.name, step.detail, tuple(sorted(found, key=lambda one: one.on)))


def _campaigns(db: Database, first: str, last: str) -> list[Evidence]:
    """A campaign that began in the quarter, or on which somebody knocked."""
    rows = db.rows(
        "SELECT id,coalesce(from_on,''),name FROM campaign WHERE sync_del=0 AND from_on BETWEEN ? AND ?", (first, last)
    )
    return [Evidence("campaign", str(key), str(on), str(name)) for key, on, name in rows]


def _talks(db: Database, first: str, last: str) -> list[Evidence]:
    marks = ",".join("?" * len(MEETINGS))
    now = f"{db.clock.now():%Y-%m-%d %H:%M}"
    rows = db.rows(
        f"SELECT id,substr(starts_at,1,10),title FROM meeting WHERE sync_del=0 AND kind IN ({marks}) "
        "AND substr(starts_at,1,10) BETWEEN ? AND ? AND starts_at<=?",
        (*MEETINGS, first, last, now),
    )
    return [Evidence("meeting", str(key), str(on), str(title)) for key, on, title in rows]


def _follow_ups(db: Database, first: str, last: str) -> list[Evidence]:
    """Progress noted on a matter, a resolution finished, an appeal looked at again."""
    matters = db.rows(
        'SELECT m.id,e."on",m.title FROM matter_event e JOIN matter m ON m.id=e.matter_id AND m.sync_del=0 '
        "WHERE e.sync_del=0 AND e.kind IN ('进展','完成','反馈') AND e.\"on\" BETWEEN ? AND ?",
        (first, last),
    )
    settled = db.rows(
        "SELECT r.meeting_id,r.done_on,r.text FROM resolution r JOIN meeting m ON m.id=r.meeting_id AND m.sync_del=0 "
        "WHERE r.sync_del=0 AND r.done_on BETWEEN ? AND ?",
        (first, last),
    )
    found = [Evidence("matter", str(key), str(on), f"议题跟踪：{title}") for key, on, title in matters]
    return found + [Evidence("meeting", str(key), str(on), f"议定事项办结：{text}") for key, on, text in settled]


def _activities(db: Database, first: str, last: str) -> list[Evidence]:
    rows = db.rows(
        'SELECT id,"on",title FROM activity WHERE sync_del=0 AND cancelled_on IS NULL AND "on" BETWEEN ? AND ? '
        'AND "on"<=?',
        (first, last, db.clock.today().isoformat()),
    )
    return [Evidence("activity", str(key), str(on), str(title)) for key, on, title in rows]


_FINDERS: Final[dict[str, Callable[[Database, str, str], list[Evidence]]]] = {
    "campaign": _campaigns,
    "meeting": _talks,
    "follow_up": _follow_ups,
    "activity": _activities,
}
"""What `ticks` of a step may say."""


@needs("matters.change")
def tick(db: Database, actor: Actor, name: str, item: int, on: str, text: str) -> QuarterItem:
    """Ticks a box by hand: what was done, on which day of the quarter."""
    period = span(parse(name))
    must_be_date(on, "日期", "on")
    if not text.strip():
        raise AppError("做了什么没有填，没有保存。", field="text", next_step="请写一句话，如“3号楼前收集意见 12 条”。")
    if not period.first.isoformat() <= on <= period.last.isoformat():
        raise AppError(
            f"{on} 不在这个季度里，没有保存。", field="on", next_step=f"请写 {period.first} 到 {period.last} 的日期。"
        )
    if item not in {step.seq for step in _steps(db)}:
        raise AppError("“四个一”里没有这一项，没有保存。", field="item", next_step="请重新选择。")
    with db.transaction(actor, "登记季度“四个一”") as tx:
        return tx.add(QuarterItem(quarter=parse(name), item=item, on=on, text=text.strip()))


@needs("matters.change")
def untick(db: Database, actor: Actor, item_id: str) -> None:
    """Takes back a tick made by hand."""
    with db.transaction(actor, "撤销季度“四个一”登记") as tx:
        tx.bury(QuarterItem, item_id)
