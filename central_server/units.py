"""The organisation as the server knows it: a tree of units, each with desks, a numbering and a feed of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from central_server import history
from central_server.storage import Session

COMMUNITY: Final = "community"
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {"city": "市", "district": "区县", "street": "街道", COMMUNITY: "社区", "department": "部门"}
)
LEAVES: Final = frozenset({COMMUNITY, "department"})
"""Nothing stands below these."""
COMMUNITY_DIGITS: Final = 12
"""County 6, street 3, community 3 (统计用区划代码)."""
_DIGITS: Final = range(6, 19)
"""Area codes have 6 to 12 digits; departments get numbers of their own, by credit code or by list."""
LONGEST_NAME: Final = 60
MOST_FOUND: Final = 20
"""Communities that are named to somebody who looks one up."""


class UnitError(ValueError):
    """What was asked for cannot be; the message is Chinese."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit; `successor` is the one it was merged into."""

    id: int
    name: str
    kind: str
    parent: int | None
    successor: int | None
    opened_at: int
    closed_at: int | None

    @property
    def gone(self) -> bool:
        """Whether it was closed or merged into another."""
        return self.closed_at is not None


def everyone(session: Session) -> dict[int, Unit]:
    """All units by number."""
    found = session.rows("select id,name,kind,parent,successor,opened_at,closed_at from unit order by id")
    return {row[0]: Unit(*row) for row in found}


def create(session: Session, number: int, name: str, now: int, *, kind: str, parent: int | None = None) -> None:
    """Makes a unit; raises UnitError if it is there already or has no place in the tree."""
    known = everyone(session)
    if number in known:
        raise UnitError(f"单位 {number} 已经有了：{known[number].name}。改名请用改名。")
    if len(str(number)) not in _DIGITS:
        raise UnitError("单位编号应是 6 至 18 位数字，社区用 12 位区划代码。")
    if kind not in KINDS:
        raise UnitError(f"没有“{kind}”这种单位。")
    if kind == COMMUNITY and len(str(number)) != COMMUNITY_DIGITS:
        raise UnitError(
            f"社区的编号应是 {COMMUNITY_DIGITS} 位区划代码，{number} 是 {len(str(number))} 位。没有建立，请核对。"
        )
    _check_parent(known, number, parent)
    history.open_unit(session, number, tidy_name(name), now, kind=kind, parent=parent)


def rename(session: Session, number: int, name: str) -> None:
    """Gives a unit another name; its desks hear of it at their next hello."""
    _known(session, number)
    session.run("update unit set name=? where id=?", tidy_name(name), number)


def move(session: Session, number: int, parent: int | None) -> None:
    """Puts a unit under another; what is counted for the units above follows at once."""
    _known(session, number)
    _check_parent(everyone(session), number, parent)
    session.run("update unit set parent=? where id=?", parent, number)


def tidy_name(name: str) -> str:
    """A name without blanks around it; UnitError if nothing is left or it is too long."""
    tidy = " ".join(name.split())
    if not 0 < len(tidy) <= LONGEST_NAME or not tidy.isprintable():
        raise UnitError(f"名称应有 1 至 {LONGEST_NAME} 个字。")
    return tidy


def _known(session: Session, number: int) -> None:
    if session.row("select 1 from unit where id=?", number) is None:
        raise UnitError(f"没有单位 {number}。")


def _check_parent(known: Mapping[int, Unit], number: int, parent: int | None) -> None:
    if parent is None:
        return
    if parent not in known or known[parent].gone:
        raise UnitError(f"没有上级单位 {parent}，请先建立它。")
    if number == parent or number in {unit.id for unit in above(known, parent)}:
        raise UnitError("一个单位不能放在自己或自己的下级之下。")


def look_up(session: Session, text: str) -> list[Unit]:
    """The open communities whose name has these words in it, or whose area code begins so; at most `MOST_FOUND`."""
    tidy = "".join(text.split())
    if not tidy.isprintable() or not tidy:
        return []
    pattern = "".join(f"!{letter}" if letter in "!%_" else letter for letter in tidy)
    found = session.rows(
        "select id,name,kind,parent,successor,opened_at,closed_at from unit where kind=? and closed_at is null "
        "and successor is null and (name like ? escape '!' or cast(id as text) like ? escape '!') order by id limit ?",
        COMMUNITY,
        f"%{pattern}%",
        f"{pattern}%",
        MOST_FOUND,
    )
    return [Unit(*row) for row in found]


def above(known: Mapping[int, Unit], number: int) -> list[Unit]:
    """The units over one, nearest first."""
    found: list[Unit] = []
    unit = known.get(number)
    while unit and unit.parent is not None and len(found) < len(known):
        unit = known.get(unit.parent)
        found += [unit] if unit else []
    return found


def below(known: Mapping[int, Unit], number: int) -> list[Unit]:
    """A unit and all under it, in the order of a tree."""
    return [unit for unit, _ in tree(known, number)]


def tree(known: Mapping[int, Unit], root: int | None = None) -> list[tuple[Unit, int]]:
    """(unit, depth), each unit before those under it; from one unit, or everything."""
    children: dict[int | None, list[Unit]] = {}
    for unit in known.values():
        parent = unit.parent if unit.parent in known else None
        children.setdefault(parent, []).append(unit)
    if root is not None:
        return [(known[root], 0), *_under(children, root, 1)] if root in known else []
    return list(_under(children, None, 0))


def _under(children: Mapping[int | None, list[Unit]], parent: int | None, depth: int) -> Iterator[tuple[Unit, int]]:
    for unit in children.get(parent, ()):
        yield unit, depth
        yield from _under(children, unit.id, depth + 1)
