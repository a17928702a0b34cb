"""What is true of spans, building teams and posts; pure functions.

A span 联系楼栋 is a list of parts: a whole building, or some of its units.  It is kept as written and as parts, because
what people write ("13-15栋", "12栋1-2单元", "八栋") is what the plaque says, while coverage is counted by units.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from desktop_app.places.addresses import spans
from desktop_app.profiles.town import Team
from desktop_app.shared.dates import must_be_date, natural_key
from desktop_app.shared.errors import AppError

CENTRE_ROLE = "党员中心户"
PARTY_CODES = ("01", "02")
"""政治面貌 of full and probationary party members, codes of `resources/codes/political.toml`."""


class NeedsReasonError(AppError):
    """Something unusual that a person may confirm with a reason; `doubts` says what, in whole sentences."""

    def __init__(self, doubts: Sequence[str], *, field: str | None = None) -> None:
        super().__init__(
            f"{'；'.join(doubts)}。还没有保存。", field=field, next_step="请核对；确实如此时写明理由再保存。"
        )
        self.doubts = tuple(doubts)


# --------------------------------------------------------------------------------------------------------------- spans


@dataclass(frozen=True, slots=True)
class SpanPart:
    """A building of a span; no `units` means the whole of it.  `building_id` is "" until it is looked up."""

    no: str
    units: tuple[str, ...] = ()
    building_id: str = ""


def parse_span(text: str) -> tuple[SpanPart, ...] | None:
    """The parts of a span: "8、10、11栋", "3栋2单元", "13-15栋、45栋", "12栋1-2单元", "七栋".

    () for a blank one, None for one that cannot be read.
    """
    if not text.strip():
        return ()
    found = spans(text)
    return None if found is None else tuple(SpanPart(one.building, one.units) for one in found)


def format_span(parts: Iterable[SpanPart]) -> str:
    """The span in words: neighbouring numbers drawn together ("8、10、11栋", "13-15栋", "3栋1、2单元")."""
    rows = sorted(parts, key=lambda part: natural_key(part.no))
    whole = _ranges([part.no for part in rows if not part.units])
    words = [numbered(whole)] if whole else []
    words += [f"{numbered(part.no)}{_ranges(sorted(part.units, key=natural_key))}单元" for part in rows if part.units]
    return "、".join(words)


def numbered(no: str) -> str:
    """“3栋”, “A栋”; a name that ends in a word stays as it is."""
    return f"{no}栋" if no[-1:].isascii() else no


def _ranges(numbers: Sequence[str]) -> str:
    """1 2 3 5 as "1-3、5"; a run of two stays "1、2"."""
    runs: list[list[str]] = []
    for number in numbers:
        last = runs[-1][-1] if runs else ""
        if last.isdigit() and number.isdigit() and int(number) == int(last) + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else "、".join(run) for run in runs)  # noqa: PLR2004 three and more


def covers_json(parts: Iterable[SpanPart]) -> str:
    """Parts as they are stored in `PartyCentreHousehold.covers`."""
    rows = [
        {"building_id": part.building_id, "no": part.no} | ({"units": list(part.units)} if part.units else {})
        for part in parts
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def parts_of(covers: str) -> tuple[SpanPart, ...]:
    """Stored parts; () for text that a newer version or a damaged pull left unreadable."""
    try:
        rows = json.loads(covers or "[]")
        return tuple(
            SpanPart(str(row.get("no", "")), tuple(map(str, row.get("units") or ())), str(row.get("building_id") or ""))
            for row in rows
        )
    except (ValueError, TypeError, AttributeError):
        return ()


# ------------------------------------------------------------------------------------------------------------ coverage

Spot = tuple[str, str | None]
"""A building and one of its units; the unit is None in a building with one unit."""


def spots(parts: Iterable[SpanPart], units: Mapping[str, Sequence[str | None]]) -> frozenset[Spot]:
    """The units a span covers; `units` lists those of every building by identifier, [None] where there is but one."""
    found: set[Spot] = set()
    for part in parts:
        known = units.get(part.building_id)
        if known is None:
            continue
        if not part.units or list(known) == [None]:
            found |= {(part.building_id, unit) for unit in known}
        else:
            found |= {(part.building_id, unit) for unit in part.units}
    return frozenset(found)


def units_of(count: int) -> list[str | None]:
    """The names of the units of a building with so many of them."""
    return [None] if count <= 1 else [str(number) for number in range(1, count + 1)]


def overlaps(spans: Mapping[str, frozenset[Spot]]) -> list[tuple[Spot, tuple[str, ...]]]:
    """Units that more than one centre household covers, with who they are: one active centre per span (A1-4)."""
    holders: dict[Spot, list[str]] = defaultdict(list)
    for key, covered in spans.items():
        for spot in covered:
            holders[spot].append(key)
    twice = [(spot, tuple(keys)) for spot, keys in holders.items() if len(keys) > 1]
    return sorted(twice, key=lambda row: (row[0][0], natural_key(row[0][1] or "")))


def gaps(spans: Iterable[frozenset[Spot]], units: Mapping[str, Sequence[str | None]]) -> list[SpanPart]:
    """What nobody covers, a building at a time; only the units where a part of it is covered."""
    covered: set[Spot] = set().union(*spans)
    missing: list[SpanPart] = []
    for building, names in units.items():
        bare = [name for name in names if (building, name) not in covered]
        if bare:
            part = () if len(bare) == len(names) else tuple(name for name in bare if name)
            missing.append(SpanPart("", part, building))
    return missing


# ------------------------------------------------------------------------------------------------------ building teams


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody in a post."""

    role: str
    name: str
    phone: str = ""
    person_id: str | None = None


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One seat of a building team; `name` is "" while it is vacant."""

    role: str
    title: str
    name: str
    phone: str
    person_id: str | None


@dataclass(frozen=True, slots=True)
class TeamBoard:
    """A building team seat by seat, such as 两长五员一户."""

    name: str
    lines: tuple[TeamLine, ...]

    @property
    def size(self) -> int:
        return len(self.lines)

    @property
    def filled(self) -> int:
        return sum(1 for line in self.lines if line.name)

    @property
    def count(self) -> str:
        """“6/8”"""
        return f"{self.filled}/{self.size}"

    @property
    def vacant(self) -> tuple[str, ...]:
        """The titles of the seats nobody holds."""
        return tuple(line.title for line in self.lines if not line.name)

    @property
    def doubled(self) -> tuple[str, ...]:
        """Names that stand in more than one seat: allowed, but to be seen (A1-5)."""
        held: dict[str, list[str]] = defaultdict(list)
        for line in self.lines:
            if line.name:
                held[line.person_id or line.name].append(line.name)
        return tuple(names[0] for names in held.values() if len(names) > 1)


def team_board(team: Team, holders: Sequence[Holder]) -> TeamBoard:
    """The seats of a team with who holds them; holders are matched by role code or by the name of the seat."""
    left = list(holders)
    lines: list[TeamLine] = []
    for seat in team.seats:
        for _ in range(seat.count):
            one = next((holder for holder in left if holder.role in {seat.role, seat.name}), None)
            if one is not None:
                left.remove(one)
            held = one or Holder(seat.role, "")
            lines.append(TeamLine(seat.role, seat.name, held.name, held.phone, held.person_id))
    return TeamBoard(team.name, tuple(lines))


# --------------------------------------------------------------------------------------------------------------- dates


def check_dates(from_on: str | None, to_on: str | None, *, started: str, ended: str) -> None:
    """AppError for what is no date, and for an end before the beginning; partial dates as far as they go."""
    for written, zh, field in ((from_on, started, "from_on"), (to_on, ended, "to_on")):
        if written:
            must_be_date(written, zh, field)
    if not from_on or not to_on:
        return
    length = min(len(from_on), len(to_on))
    if to_on[:length] < from_on[:length]:
        raise AppError(
            f"{ended}（{to_on}）早于{started}（{from_on}），没有保存。", field="to_on", next_step="请核对两个日期。"
        )
