"""What the papers of the organisation say, read from the store."""

from dataclasses import dataclass

from desktop_app.organisation import queries
from desktop_app.organisation.centres import in_force
from desktop_app.organisation.model import OrgNode
from desktop_app.organisation.rules import TeamBoard
from desktop_app.places.model import Building, Estate
from desktop_app.printing.form import Desk
from desktop_app.printing.words import spoken_date
from desktop_app.profiles.desk import town_of
from desktop_app.profiles.town import LINES
from desktop_app.shared.errors import AppError

_BRANCH, _GROUP = 3, 4


@dataclass(frozen=True, slots=True)
class Box:
    """A node as it is drawn: its name and who stands first in it; `of` says what has neither yet."""

    name: str
    head: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A branch with its counterpart of the other line, the groups below both, and the centre households below those."""

    pair: tuple[Box | None, Box | None]
    groups: tuple[str, ...]
    centres: int


@dataclass(frozen=True, slots=True)
class ChartPaper:
    """The paired five-level tree; `upper` are the levels above the branches, each a pair of one box per line."""

    community: str
    lines: tuple[str, str]
    upper: tuple[tuple[Box | None, Box | None], ...]
    columns: tuple[Column, ...]
    levels: tuple[tuple[str, str], ...]
    """names of the five levels in both lines"""
    headline: str
    printed: str


@dataclass(frozen=True, slots=True)
class BoardPaper:
    """The service team of a building."""

    community: str
    building: str
    board: TeamBoard
    hotline: str
    printed: str


def chart_paper(desk: Desk) -> ChartPaper:
    """The tree as it stands today.  AppError when there is none."""
    on = desk.clock.today().isoformat()
    trees = [queries.tree(desk.db, line, on) for line in LINES]
    if not any(trees):
        raise AppError("还没有登记组织，没有打印。", next_step="请先在“党建组织”里成立组织。")
    heads = {row.node.id: row.head for rows in trees for row in rows}
    nodes = [[row.node for row in rows] for rows in trees]
    town = town_of(desk.db)
    upper = tuple(_pair(nodes, heads, level) for level in range(1, _BRANCH))
    return ChartPaper(
        desk.community.name,
        (LINES[0], LINES[1]),
        upper,
        tuple(_columns(desk, nodes, heads, on)),
        tuple((town.level(LINES[0], at).kind, town.level(LINES[1], at).kind) for at in range(1, 6)),
        queries.headline(desk.db, on),
        spoken_date(on),
    )


def _pair(nodes: list[list[OrgNode]], heads: dict[str, str], level: int) -> tuple[Box | None, Box | None]:
    found = [next((_box(one, heads) for one in line if one.level == level), None) for line in nodes]
    return found[0], found[1]


def _box(node: OrgNode, heads: dict[str, str]) -> Box:
    return Box(node.name, heads.get(node.id, ""))


def _columns(desk: Desk, nodes: list[list[OrgNode]], heads: dict[str, str], on: str) -> list[Column]:
    """One for each branch, then one for each committee that has no branch beside it."""
    sql = f"SELECT c.node_id,count(*) FROM party_centre_household c WHERE {in_force('c')} GROUP BY c.node_id"
    centres = dict(desk.db.rows(sql, {"on": on}))
    found, met = [], set()
    for branch in (one for one in nodes[0] if one.level == _BRANCH):
        twin = queries.counterpart(desk.db, branch, on)
        met.add(twin.id if twin else "")
        pair = (_box(branch, heads), _box(twin, heads) if twin else None)
        found.append(Column(pair, _groups(nodes, heads, branch, twin), centres.get(branch.id, 0)))
    alone = [one for one in nodes[1] if one.level == _BRANCH and one.id not in met]
    return found + [Column((None, _box(one, heads)), _groups(nodes, heads, None, one), 0) for one in alone]


def _groups(
    nodes: list[list[OrgNode]], heads: dict[str, str], branch: OrgNode | None, twin: OrgNode | None
) -> tuple[str, ...]:
    """“1栋党小组　王桂英”: the groups below a branch, else the teams below its counterpart."""
    for line, above in zip(nodes, (branch, twin), strict=True):
        found = [one for one in line if above and one.parent_id == above.id and one.level == _GROUP]
        if found:
            return tuple(f"{one.name}　{heads.get(one.id, '')}".strip() for one in found)
    return ()


def board_paper(desk: Desk, building_id: str) -> BoardPaper:
    """The team of a building.  AppError when the building is gone."""
    building = desk.db.get(Building, building_id)
    if building is None:
        raise AppError("这栋楼已经不在了，没有打印。", next_step="请刷新列表后再试。")
    estate = desk.db.get(Estate, building.estate_id)
    on = desk.clock.today().isoformat()
    number = building.no if building.no.endswith("栋") else f"{building.no}栋"
    return BoardPaper(
        desk.community.name,
        f"{estate.name if estate else ''}{number}",
        queries.building_team(desk.db, building_id, on),
        desk.community.phone or "",
        spoken_date(on),
    )
