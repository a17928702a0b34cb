"""A roster as it was read: its persons, the households they make, and what has to be looked at."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from desktop_app.shared.identity import birth_of, is_id_18, sex_of
from desktop_app.spreadsheets.columns import NotRow, Table
from desktop_app.spreadsheets.problems import RowProblem

Address = tuple[str | None, str | None, str | None, str | None]
"""Estate, building, unit, room: plain numbers as text."""
HEAD_WORDS = frozenset(
    {"户主", "本人", "户主本人", "本人户主", "本人(户主)", "本人（户主）", "戶主", "户主(本人)", "户主（本人）"}
)


@dataclass(slots=True)
class RosterLine:
    """A person of a roster.  Dates are ISO text and may be partial; what the sheet does not say is None.

    `rows` are the rows the person stands in (from 1), the first one first; `tags` are (tag, detail).
    """

    sheet: str
    rows: tuple[int, ...]
    name: str
    sex: str | None
    birth: str | None
    id_no: str | None
    phones: tuple[str, ...]
    address: Address
    relation: str | None
    is_head: bool
    household_no: str | None
    id_type: str | None = None
    used_name: str | None = None
    ethnic: str | None = None
    native_place: str | None = None
    marital: str | None = None
    political: str | None = None
    education: str | None = None
    occupation: str | None = None
    employer: str | None = None
    hukou_address: str | None = None
    live_address: str | None = None
    hukou_no: str | None = None
    residence: str | None = None
    party_joined: str | None = None
    party_full: str | None = None
    party_branch: str | None = None
    head_name: str | None = None
    head_id_no: str | None = None
    note: str | None = None
    tags: tuple[tuple[str, str | None], ...] = ()

    @property
    def estate(self) -> str | None:
        """Name of the estate 小区."""
        return self.address[0]

    @property
    def building(self) -> str | None:
        """Plain number of the building."""
        return self.address[1]

    @property
    def unit(self) -> str | None:
        """Plain number of the unit, None where a building has one."""
        return self.address[2]

    @property
    def room(self) -> str | None:
        """Plain number of the room."""
        return self.address[3]


PLAIN = (
    "sex",
    "id_type",
    "id_no",
    "used_name",
    "ethnic",
    "native_place",
    "marital",
    "political",
    "education",
    "occupation",
    "employer",
    "hukou_address",
    "live_address",
)
"""What a line says of a person under the same name as the register, one value that is taken over as it is."""
FILLED_BY_LATER = (
    *(name for name in PLAIN if name != "id_no"),
    "birth",
    "hukou_no",
    "residence",
    "party_joined",
    "party_full",
    "party_branch",
    "relation",
    "household_no",
    "head_name",
)
"""What a second row of the same person may add where the first says nothing; it never takes anything away."""


@dataclass(slots=True)
class RosterHousehold:
    """The lines (their places in `Roster.lines`) that live as one household; `head` is one of them or None."""

    address: Address
    household_no: str | None
    members: list[int] = field(default_factory=list)
    head: int | None = None


@dataclass(slots=True)
class Roster:
    """Everything that was read from a workbook of residents.

    `vacant` are the addresses of homes listed as empty; `no_table` the sheets in which no roster was found.
    """

    lines: list[RosterLine]
    households: list[RosterHousehold]
    problems: list[RowProblem]
    rows_not_persons: list[NotRow]
    tables: list[Table]
    vacant: list[Address]
    no_table: list[str]


def unite(first: RosterLine, later: RosterLine) -> RosterLine:
    """One person out of two rows: phones, tags and remarks of both, otherwise the first row and then the second."""
    filled = {key: getattr(later, key) for key in FILLED_BY_LATER if getattr(first, key) is None}
    return replace(
        first,
        rows=first.rows + later.rows,
        phones=tuple(dict.fromkeys(first.phones + later.phones)),
        address=first.address if first.address[3] else later.address,
        is_head=first.is_head or later.is_head,
        tags=tuple({tag: (tag, detail) for tag, detail in (*later.tags, *first.tags)}.values())
        if later.tags
        else first.tags,
        note="；".join(dict.fromkeys(part for part in (first.note, later.note) if part)) or None,
        **filled,
    )


def households_of(lines: list[RosterLine], many_sheets: bool) -> list[RosterHousehold]:
    """Groups lines: by household number, else by address, else each head with the lines that follow."""
    found: dict[object, RosterHousehold] = {}
    open_key: object = None
    for at, line in enumerate(lines):
        key = _key_of(line, many_sheets)
        if key is None:
            if line.is_head:
                open_key = ("after", at)
            elif not line.relation or open_key is None:
                continue
            key = open_key
        household = found.get(key)
        if household is None:
            household = found[key] = RosterHousehold(line.address, line.household_no)
        household.members.append(at)
    return [one for group in found.values() for one in _split_by_head(group, lines)]


def _key_of(line: RosterLine, many_sheets: bool) -> object:
    if line.household_no:
        local = many_sheets and line.household_no.isdigit()
        return (line.sheet if local else "", line.household_no)
    return line.address if line.address[3] else None


def _split_by_head(group: RosterHousehold, lines: list[RosterLine]) -> Iterable[RosterHousehold]:
    """Two heads at one address are two households; a number that is given twice is one household."""
    heads = [at for at in group.members if lines[at].is_head]
    if len(heads) < 2 or group.household_no:  # noqa: PLR2004 one head is the rule
        group.head = heads[0] if heads else _named_head(group, lines)
        return (group,)
    parts = [RosterHousehold(group.address, None, [head], head) for head in heads]
    for at in group.members:
        if at not in heads:
            before = [part for part in parts if part.members[0] < at]
            (before or parts)[-1 if before else 0].members.append(at)
    return parts


def _named_head(group: RosterHousehold, lines: list[RosterLine]) -> int | None:
    return next((at for at in group.members if lines[at].head_name == lines[at].name), None)


def add_named_heads(roster: Roster) -> None:
    """A head who stands in the column of heads alone is a resident as well."""
    for household in roster.households:
        if household.head is not None:
            continue
        first = roster.lines[household.members[0]]
        if not first.head_name:
            continue
        number = first.head_id_no if first.head_id_no and is_id_18(first.head_id_no) else None
        head = RosterLine(
            first.sheet,
            first.rows[:1],
            first.head_name,
            sex_of(number or ""),
            birth_of(number or ""),
            number,
            (),
            first.address,
            "户主",
            True,
            first.household_no,
            id_type="居民身份证" if number else None,
        )
        household.head = len(roster.lines)
        household.members.append(household.head)
        roster.lines.append(head)
