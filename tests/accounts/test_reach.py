"""A social worker changes what lives in the own grids; elsewhere with a reason: 首问负责."""

import pytest

from desktop_app.accounts import rights
from desktop_app.appeals.visiting import record_visit
from desktop_app.care import actions as care
from desktop_app.care.model import CarePair, DoorBell, DoorBellEvent
from desktop_app.residents import actions as residents
from desktop_app.residents.actions import Home
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError
from desktop_app.visits import actions as visits
from desktop_app.visits.model import Visit


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


def test_a_visit_entered_with_what_was_raised_at_it_asks_for_the_reason_as_well(db, wang, living):
    record_visit(db, wang, Visit(on="2026-11-20", person_id=living[0].id))
    with pytest.raises(AppError, match="第2网格，不是您负责的网格"):
        record_visit(db, wang, Visit(on="2026-11-20", person_id=living[1].id))
    with db.because("窗口代办"):
        record_visit(db, wang, Visit(on="2026-11-20", person_id=living[1].id))
    assert db.scalar("SELECT why FROM journal_action ORDER BY no DESC LIMIT 1") == "窗口代办"


def test_a_visit_elsewhere_is_put_right_and_taken_back_with_a_reason(db, wang, living):
    made = visits.record(db, wang, Visit(on="2026-11-20", person_id=living[1].id, purpose="替班")).visit
    near = visits.record(db, wang, Visit(on="2026-11-20", person_id=living[0].id)).visit
    visits.correct(db, wang, made.id, "窗口代办", findings="平安")
    visits.correct(db, wang, near.id, findings="平安")
    with pytest.raises(AppError, match="第2网格，不是您负责的网格"):
        visits.correct(db, wang, made.id, findings="不平安")
    visits.withdraw(db, wang, made.id, "登记重复")
    assert db.get(Visit, made.id) is None


def test_somebody_of_whom_no_home_is_known_belongs_to_everybody(db, wang):
    person = residents.register(db, wang, Person(name="路过"))
    residents.correct(db, wang, person.id, {"phones": "10000000001"})


def test_the_counter_and_whoever_has_no_grids_serve_the_whole_community(db, hire, living, town):
    counter = hire("李静", "counter", grids=(town[0][0].id,))
    everywhere = hire("任海", "worker")
    for number, who in enumerate((counter, everywhere)):
        assert rights.reach_of(db, who, "residents.change") == frozenset()
        residents.correct(db, who, living[1].id, {"phones": f"1000000000{number}"})


def test_bells_and_pairs_of_another_grid_are_changed_and_noted_with_a_reason(db, admin, wang, living):
    bell = care.hang(db, admin, DoorBell(room_id=_home(db, living[1]), kind="门口按键")).bell
    paired = care.pair(db, admin, CarePair(person_id=living[1].id, helper_name="志愿者"))
    pressed = DoorBellEvent(bell_id=bell.id, kind="测试", at="2026-11-20 10:00", by_name="王芳")
    deeds = [
        lambda why: care.change_bell(db, wang, bell.id, why, note="新电池"),
        lambda why: care.note(db, wang, pressed, why),
        lambda why: care.change_pair(db, wang, paired.id, why, interval_days=7),
        lambda why: care.take_down(db, wang, bell.id, "2026-11-21", why),
        lambda why: care.end_pair(db, wang, paired.id, "2026-11-21", why),
    ]
    for deed in deeds:
        with pytest.raises(AppError, match="第2网格"):
            deed("")
        deed("窗口代办")


def _home(db, person) -> str:
    return db.scalar("SELECT room_id FROM residence WHERE person_id=?", (person.id,))
