"""From the store's answers to the cells of the room chart, under one of six themes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QObject

from desktop_app.appeals.lists import rooms_with_open
from desktop_app.organisation.centres import centre_for_building
from desktop_app.places.queries import BuildingLine, ChartRoom, RoomChart, buildings, room_chart
from desktop_app.places.rules import short_address
from desktop_app.profiles.desk import desk_codes
from desktop_app.profiles.rules import CodeTable
from desktop_app.residents.queries import RoomMark, room_marks
from desktop_app.store.database import Database
from desktop_app.visits.queries import RoomVisit, room_visits
from ui.pages.wording import tag_letter, tag_tone
from ui.widgets.room_chart import Chart, Column, Look, RoomCell

THEMES = ("lived", "party", "alone", "care", "visits", "appeals")
_HOME = "住宅"
_USES = {"出租": "rented", "群租": "crowded"}
_MOST_MARKS = 3
_CARE = "warn"


@dataclass(frozen=True, slots=True)
class BuildingFacts:
    """A building with what there is to show in each of its rooms."""

    line: BuildingLine
    chart: RoomChart
    marks: dict[str, RoomMark]
    tags: CodeTable
    centres: frozenset[str] = field(default_factory=frozenset)
    """identifiers of the rooms where a party-centre household lives"""
    visits: Mapping[str, RoomVisit] = field(default_factory=dict)
    """rooms in which there is somebody to visit"""
    appeals: Mapping[str, bool] = field(default_factory=dict)
    """rooms with appeals under way; true where one is overdue"""


def building_facts(db: Database, building_id: str) -> BuildingFacts | None:
    """Runs on the reader thread."""
    chart = room_chart(db, building_id)
    lines = buildings(db, building_id=building_id)
    if chart is None or not lines:
        return None
    on = db.clock.today().isoformat()
    hosts = {line.room for line in centre_for_building(db, building_id, on)}
    centres = frozenset(room.id for room in chart.rooms if short_address(chart.no, room.unit, room.no) in hosts)
    visits, appeals = room_visits(db, building_id, on), rooms_with_open(db, building_id)
    marks, tags = room_marks(db, building_id), desk_codes(db, "tags")
    return BuildingFacts(lines[0], chart, marks, tags, centres, visits, appeals)


def looks(page: QObject, theme: str) -> Mapping[str, Look]:
    """The states of a theme; the order is that of the legend."""
    home = Look("", page.tr("有人住"), "surface")
    vacant = Look("空", page.tr("没有登记住人"), "shade", "muted")
    other = Look("商", page.tr("商铺等"), "raised", "muted")
    special = {
        "lived": {
            "rented": Look("租", page.tr("出租"), "info_soft", "accent_text"),
            "crowded": Look("群", page.tr("群租"), "warn_soft", "warn"),
        },
        "party": {
            "centre": Look("户", page.tr("党员中心户"), "party_soft", "party"),
            "party": Look("党", page.tr("有党员"), "accent_soft", "accent_text"),
        },
        "alone": {"alone": Look("独", page.tr("一个人住"), "warn_soft", "warn")},
        "care": {"care": Look("关", page.tr("有关怀标签"), "warn_soft", "warn")},
        "visits": {
            "late": Look("逾", page.tr("走访逾期"), "bad_soft", "bad"),
            "today": Look("今", page.tr("今天该走访"), "warn_soft", "warn"),
            "fine": Look("好", page.tr("按期走访"), "good_soft", "good"),
        },
        "appeals": {
            "overdue": Look("逾", page.tr("诉求逾期"), "bad_soft", "bad"),
            "open": Look("诉", page.tr("有诉求在办"), "warn_soft", "warn"),
        },
    }[theme]
    return {**special, "home": home, "vacant": vacant, "other": other}


def chart_of(facts: BuildingFacts, theme: str, unit: str | None = None) -> Chart:
    """The grid; with a unit, only its rooms."""
    units = [one for one in facts.chart.units if unit is None or one == unit]
    widths = {
        one: max((sum(room.unit == one for room in rooms) for _, rooms in facts.chart.floors), default=0)
        for one in units
    }
    columns: list[Column] = []
    starts: dict[str | None, int] = {}
    for one in units:
        if columns:
            columns.append(Column("", 0, gap=True))
        starts[one] = len(columns)
        columns += [Column(one or "", seq) for seq in range(1, widths[one] + 1)]
    cells: dict[tuple[int, int], RoomCell] = {}
    state = _STATES.get(theme)
    for row, (_, rooms) in enumerate(facts.chart.floors):
        placed = dict(starts)
        for room in rooms:
            if room.unit not in placed:
                continue
            mark = facts.marks.get(room.id, RoomMark())
            told = state(facts, mark, room) if state else _of_room(facts, theme, room.id)
            found = told or _plain(mark, room.kind)
            letters = _letters(facts.tags, mark) if theme == "care" else ""
            note = "" if room.kind == _HOME else room.kind
            cells[row, placed[room.unit]] = RoomCell(room.id, room.no, mark.head, mark.persons, found, letters, note)
            placed[room.unit] += 1
    floors = [str(level) for level, _ in facts.chart.floors]
    return Chart(floors, columns, cells)


def _of_room(facts: BuildingFacts, theme: str, room_id: str) -> str:
    """The themes that tell of what is due."""
    if theme == "appeals":
        late = facts.appeals.get(room_id)
        return "" if late is None else "overdue" if late else "open"
    visit = facts.visits.get(room_id)
    if visit is None:
        return ""
    return "fine" if visit.days_over < 0 else "late" if visit.days_over else "today"


def _plain(mark: RoomMark, kind: str) -> str:
    if mark.persons or mark.households:
        return "home"
    return "vacant" if kind == _HOME else "other"


def _lived(_facts: BuildingFacts, mark: RoomMark, room: ChartRoom) -> str:
    return _USES.get(room.use, "") if mark.persons else ""


def _party(facts: BuildingFacts, mark: RoomMark, room: ChartRoom) -> str:
    return "centre" if room.id in facts.centres else ("party" if mark.party else "")


def _alone(_facts: BuildingFacts, mark: RoomMark, _room: ChartRoom) -> str:
    return "alone" if mark.living_alone else ""


def _care(facts: BuildingFacts, mark: RoomMark, _room: ChartRoom) -> str:
    return "care" if any(tag_tone(facts.tags, tag) == _CARE for tag in mark.tags) else ""


_STATES: dict[str, Callable[[BuildingFacts, RoomMark, ChartRoom], str]] = {
    "lived": _lived,
    "party": _party,
    "alone": _alone,
    "care": _care,
}


def _letters(tags: CodeTable, mark: RoomMark) -> str:
    return "".join(sorted({tag_letter(tags, tag) for tag in mark.tags if tag_tone(tags, tag) == _CARE})[:_MOST_MARKS])
