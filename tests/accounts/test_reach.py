"""A social worker changes what lives in the own grids; elsewhere with a reason: 首问负责."""

import pytest

from desktop_app.accounts import rights
from desktop_app.places import actions as places
from desktop_app.places.model import Area, Building, Estate, Room
from desktop_app.residents import actions as residents
from desktop_app.residents.actions import Home
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError
from desktop_app.visits import actions as visits
from desktop_app.visits.model import Visit


@pytest.fixture
def town(db, admin):
    """Two grids with a building each; the rooms by name, and the grids."""
    estate = places.add_estate(db, admin, Estate(name="江山花园"))
    grids, rooms = [], []
    for number in ("1", "2"):
        code = f"42029900100100{number}"
        grids.append(places.add_area(db, admin, Area(code=code, name=f"第{number}网格", level="网格")))
        building, _ = places.add_building(db, admin, Building(estate_id=estate.id, no=number, units=1, floors_up=2))
        places.assign_grid(db, admin, building.id, grids[-1].id, "2020-01-01")
        rooms.append(places.add_room(db, admin, Room(building_id=building.id, floor=1, no="101", seq=1)))
    return grids, rooms


@pytest.fixture
def wang(hire, town):
    return hire("王芳", "worker", grids=(town[0][0].id,))


@pytest.fixture
def living(db, admin, town):
    """Somebody in the own grid, somebody in the other."""
    return [
        residents.register(db, admin, Person(name=name), Home(room.id))
        for name, room in zip(("内邻", "外邻"), town[1], strict=True)
    ]


def test_in_the_own_grid_no_reason_is_asked_for(db, wang, living, town):
    residents.correct(db, wang, living[0].id, {"phones": "10000000001"})
    residents.register(db, wang, Person(name="新邻"), Home(town[1][0].id, relation="非亲属"))


@pytest.mark.parametrize(
    "deed",
    [
        lambda db, who, person, why: residents.correct(db, who, person.id, {"phones": "10000000001"}, why=why),
        lambda db, who, person, why: residents.leave(db, who, person.id, "搬离", "2026-11-20", why),
        lambda db, who, person, why: residents.record_death(db, who, person.id, "2026-11-20", why),
        lambda db, who, person, why: residents.tag(db, who, [person.id], "独居老人", why=why),
        lambda db, who, person, why: visits.record(db, who, Visit(on="2026-11-20", person_id=person.id), why),
    ],
)
def test_elsewhere_a_reason_is_asked_for_and_stands_in_the_trail(db, wang, living, deed):
    with pytest.raises(AppError, match="第2网格，不是您负责的网格") as refused:
        deed(db, wang, living[1], "  ")
    assert refused.value.field == "why"
    deed(db, wang, living[1], "窗口代办")
    assert db.scalar("SELECT why FROM journal_action ORDER BY no DESC LIMIT 1") == "窗口代办"


def test_a_household_and_a_new_neighbour_elsewhere_need_one_too(db, wang, living, town):
    home = db.scalar("SELECT household_id FROM household_member WHERE person_id=?", (living[1].id,))
    with pytest.raises(AppError, match="网格"):
        residents.change_household(db, wang, home, note="有狗")
    with pytest.raises(AppError, match="网格"):
        residents.register(db, wang, Person(name="新邻"), Home(town[1][1].id, relation="非亲属"))
    residents.change_household(db, wang, home, "来窗口说的", note="有狗")


def test_what_the_visit_is_for_is_the_reason(db, wang, living):
    made = visits.record(db, wang, Visit(on="2026-11-20", person_id=living[1].id, purpose="替班"))
    assert made.visit.id


def test_somebody_of_whom_no_home_is_known_belongs_to_everybody(db, wang):
    person = residents.register(db, wang, Person(name="路过"))
    residents.correct(db, wang, person.id, {"phones": "10000000001"})


def test_the_counter_and_whoever_has_no_grids_serve_the_whole_community(db, hire, living, town):
    counter = hire("李静", "counter", grids=(town[0][0].id,))
    everywhere = hire("任海", "worker")
    for number, who in enumerate((counter, everywhere)):
        assert rights.reach_of(db, who, "residents.change") == frozenset()
        residents.correct(db, who, living[1].id, {"phones": f"1000000000{number}"})
