"""A community's own workbook becomes a register, and the register becomes cards people can call from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app import app as desktop
from desktop_app.app import App
from desktop_app.demo import demo_beginning
from desktop_app.demo.community import WORKBOOKS
from desktop_app.organisation import actions as organisation
from desktop_app.organisation import intake
from desktop_app.organisation.model import ContactAssignment
from desktop_app.printing.forms import form
from desktop_app.residents.queries import detail, find
from desktop_app.shared.clock import FixedClock
from desktop_app.shared.resources import resource
from desktop_app.spreadsheets.plans import ImportResult
from desktop_app.spreadsheets.workbook import read
from desktop_app.store import history
from tests.printing.conftest import Measured


def check(app: App, kind: str) -> intake.Checked:
    return intake.check(app.db, read(resource("demo", WORKBOOKS[kind])))


def bring_in(app: App, kind: str) -> ImportResult:
    return intake.commit(app.db, check(app, kind), app.actor)


@pytest.fixture
def empty(tmp_path: Path, clock: FixedClock) -> Iterator[App]:
    """A desk on its first day."""
    with desktop.create(tmp_path / "第一天", demo_beginning(), clock=clock) as app:
        yield app


def card(app: App, *subjects: str) -> Measured:
    chosen = form("service_card")
    return Measured(chosen.draw(chosen.collect(app, subjects)))


def test_a_roster_comes_in_and_everybody_is_found_as_staff_would_ask(empty: App) -> None:
    bring_in(empty, "buildings")
    result = bring_in(empty, "residents")
    assert (result.added, result.households, result.rooms) == (612, 242, 0)
    (expected,) = find(empty.db, "单守诚", 5)
    for typed in ("ssc", "shanshoucheng", "1201", "3-1-301"):
        assert expected.id in {hit.id for hit in find(empty.db, typed, 20)}, typed
    assert (expected.estate, expected.address, expected.sex, expected.birth) == (
        "红旗小区",
        "3-1-301",
        "男",
        "1953-04-16",
    )
    assert len(expected.id_tail) == 4


def test_rows_with_problems_are_named_and_do_not_stop_the_others(empty: App) -> None:
    checked = check(empty, "residents")
    assert not empty.db.scalar("SELECT count(*) FROM person"), "checking writes nothing"
    must = [problem for problem in checked.problems if problem.must]
    assert must
    assert all(problem.row and problem.column and problem.message for problem in must)
    bring_in(empty, "residents")
    assert empty.db.scalar("SELECT count(*) FROM person") == len(checked.plan.added)


def test_the_card_of_a_resident_names_who_answers_for_the_building_and_its_code_dials(demo_app: App) -> None:
    (resident,) = find(demo_app.db, "ssc", 5)
    paper = card(demo_app, resident.id)
    front, back = paper.text(1), paper.text(2)
    assert "红旗桥社区" in front
    assert "红旗小区3栋" in front
    assert "027-0000-6618" in front
    for name, phone in (("李静", "13900000111"), ("解红梅", "13500001204"), ("宁致远", "13900000121")):
        assert name in back
        assert phone in back
    assert {text for text, _ in paper.codes(2)} == {"tel:02700006618"}


def test_nobody_stands_on_a_card_twice(demo_app: App) -> None:
    """The host of a centre household is among the posts of the building as well."""
    (resident,) = find(demo_app.db, "ssc", 5)
    assert card(demo_app, resident.id).text(2).count("单守诚") == 1


def test_a_card_names_whoever_holds_the_post_today(demo_app: App) -> None:
    (resident,) = find(demo_app.db, "ssc", 5)
    building = demo_app.db.scalar(
        "SELECT r.building_id FROM residence s JOIN room r ON r.id=s.room_id WHERE s.person_id=?", (resident.id,)
    )
    new = ContactAssignment(
        scheme="service_card", slot="building_head", target_kind="building", target_id=building,
        name="罗㛃", phone="13500001211",
    )  # fmt: skip
    organisation.assign_contact(demo_app.db, demo_app.actor, new)
    back = card(demo_app, resident.id).text(2)
    assert "罗㛃" in back
    assert "解红梅" not in back


@pytest.mark.parametrize("kind", list(WORKBOOKS))
def test_importing_the_same_workbook_again_changes_nothing(demo_app: App, kind: str) -> None:
    again = check(demo_app, kind)  # of one building the demonstration took the coordinates away: they come back
    assert not again.plan.added
    intake.commit(demo_app.db, again, demo_app.actor)
    dirty = demo_app.db.scalar("SELECT count(*) FROM sync_dirty")
    actions = demo_app.db.scalar("SELECT count(*) FROM journal_action")
    checked = check(demo_app, kind)
    assert checked.kind == kind
    assert checked.plan.changes_nothing, checked.plan.words
    result = intake.commit(demo_app.db, checked, demo_app.actor)
    assert (result.added, result.changed) == (0, 0)
    assert demo_app.db.scalar("SELECT count(*) FROM sync_dirty") == dirty
    assert demo_app.db.scalar("SELECT count(*) FROM journal_action") == actions


def test_an_import_can_be_taken_back_whole_and_done_again(empty: App) -> None:
    bring_in(empty, "buildings")
    action = bring_in(empty, "residents").action
    assert action is not None
    report = history.undo(empty.db, empty.actor, action)
    assert report.kept == 0
    for table in ("person", "household", "residence", "person_tag", "party_member"):
        assert not empty.db.scalar(f"SELECT count(*) FROM {table} WHERE sync_del=0"), table
    assert find(empty.db, "ssc", 5) == []
    assert empty.db.scalar("SELECT count(*) FROM building WHERE sync_del=0") == 9
    assert bring_in(empty, "residents").added == 612
    assert len(find(empty.db, "ssc", 5)) == 1


def test_what_was_worked_on_since_stays_when_an_import_is_taken_back(empty: App) -> None:
    from desktop_app.residents import actions as residents

    action = bring_in(empty, "residents").action
    (resident,) = find(empty.db, "单守诚", 5)
    residents.correct(empty.db, empty.actor, resident.id, {"note": "已走访"})
    assert action is not None
    assert history.undo(empty.db, empty.actor, action).kept == 1
    found = detail(empty.db, resident.id)
    assert found is not None
    assert found.person.note == "已走访"
