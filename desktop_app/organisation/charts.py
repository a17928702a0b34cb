"""The organisation at a glance: what is covered, which building teams are whole, which seats stand empty."""

from collections import Counter

from desktop_app.accounts.rights import reads
from desktop_app.organisation.centres import buildings_in_use, centre_households
from desktop_app.organisation.queries import building_teams, group_coverage, tree, vacancies
from desktop_app.organisation.rules import TeamBoard
from desktop_app.profiles.desk import town_of
from desktop_app.profiles.town import LINES
from desktop_app.shared.chart import BAD, GOOD, WARN, Bar, Chart, Part
from desktop_app.store.database import Database

_TEAM_LEVEL = 4


@reads("organisation.read")
def coverage(db: Database, on: str) -> Chart:
    """Of the five levels: nodes with a head; of the buildings: with a group, with a whole team, with a centre."""
    town = town_of(db)
    headless = {one.node_id for one in vacancies(db, on) if one.node_id}
    bars = [
        _covered(f"{town.level(line, level).kind}有负责人", len(set(nodes) - headless), len(nodes))
        for line in LINES
        for level in range(1, _TEAM_LEVEL + 1)
        if (nodes := [row.node.id for row in tree(db, line, on) if row.node.level == level])
    ]
    with_group, buildings = group_coverage(db, on)
    boards = [board for _, board in building_teams(db, on)]
    served = {part.building_id for line in centre_households(db, on) for part in line.parts}
    standing = {one.id for one in buildings_in_use(db)}
    bars += [
        _covered(f"楼栋建有{town.level(LINES[0], _TEAM_LEVEL).kind}", with_group, buildings),
        _team(town.building_team.name, boards),
        _covered(f"楼栋有{town.level(LINES[0], 5).kind}", len(served & standing), buildings),
    ]
    return Chart("组织覆盖", tuple(bars), f"{on}，按在用的 {buildings} 栋楼和现有组织统计", "覆盖什么", sums=False)


def _covered(name: str, done: int, whole: int) -> Bar:
    return Bar(name, (Part("有", done, GOOD), Part("没有", max(whole - done, 0), BAD)))


def _team(name: str, boards: list[TeamBoard]) -> Bar:
    whole = sum(not board.vacant for board in boards)
    part = sum(bool(board.vacant) and bool(board.filled) for board in boards)
    none = len(boards) - whole - part
    return Bar(f"楼栋{name}", (Part("齐全", whole, GOOD), Part("缺人", part, WARN), Part("还没有", none, BAD)))


@reads("organisation.read")
def teams(db: Database, on: str) -> Chart:
    """Building by building: how many seats of the team are taken, those with most missing first."""
    team = town_of(db).building_team
    bars = [
        Bar(
            building.label,
            (Part("有人", board.filled, GOOD), Part("空缺", len(board.vacant), BAD)),
            f"{board.count}"
            + (f"　缺{'、'.join(board.vacant)}" if board.vacant else "　齐全")
            + (f"　{'、'.join(board.doubled)}一人多职" if board.doubled else ""),
            building.id,
        )
        for building, board in building_teams(db, on)
    ]
    bars.sort(key=lambda bar: -bar.parts[1].number)
    return Chart(f"各楼栋的{team.name}", tuple(bars), f"{on}，每栋 {team.size} 个席位", "楼栋")


@reads("organisation.read")
def empty_seats(db: Database, on: str) -> Chart:
    """Seat by seat: in how many buildings it stands empty, the scarcest first."""
    boards = [board for _, board in building_teams(db, on)]
    missing = Counter(name for board in boards for name in board.vacant)
    bars = [
        Bar(
            seat.name,
            (Part("空缺", missing[seat.name], BAD), Part("有人", max(len(boards) - missing[seat.name], 0), GOOD)),
            f"{missing[seat.name]} 栋空缺" if missing[seat.name] else "都有人",
        )
        for seat in town_of(db).building_team.seats
    ]
    bars.sort(key=lambda bar: -bar.parts[0].number)
    return Chart("空缺的席位", tuple(bars), f"{on}，共 {len(boards)} 栋楼", "席位")
