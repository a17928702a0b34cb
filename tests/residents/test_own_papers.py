"""A community that calls its identity papers otherwise keeps every check of their numbers."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from desktop_app import health
from desktop_app.app import App
from desktop_app.practice import actions as practice
from desktop_app.practice.queries import shipped
from desktop_app.profiles.desk import code_of, name_of
from desktop_app.profiles.queries import forget
from desktop_app.residents import actions
from desktop_app.residents.importing import import_residents, plan_import
from desktop_app.residents.model import Person
from desktop_app.residents.sheet import read_roster
from desktop_app.shared.errors import AppError
from desktop_app.spreadsheets.workbook import read
from tests.residents.conftest import id_number

OURS = "公民身份证件"
BORN = "1950-03-05"
WRONG = id_number(BORN, 1)[:-1] + ("0" if id_number(BORN, 1)[-1] != "0" else "1")


@pytest.fixture
def own(app: App) -> Iterator[App]:
    """Code 111 has another name here, and the shipped one is not even among its other names."""
    told = shipped("codes/id_types").replace(
        'name = "居民身份证", aliases = ["身份证", "二代证", "二代身份证"]', f'name = "{OURS}", aliases = []'
    )
    assert OURS in told
    practice.adopt(app.db, app.actor, "codes/id_types", told, from_on="2026-11-22", why="本社区的叫法")
    yield app
    forget()


@pytest.mark.parametrize("name", [OURS, "居民身份证", "身份证", "111", ""])
def test_a_card_is_checked_whatever_it_is_called(own: App, name: str) -> None:
    with pytest.raises(AppError) as told:
        actions.register(own.db, own.actor, Person(name="陈秀兰", id_type=name or None, id_no=WRONG))
    assert told.value.field == "id_no"
    kept = actions.register(own.db, own.actor, Person(name="陈秀兰", id_type=name or None, id_no=id_number(BORN, 1)))
    with pytest.raises(AppError):
        actions.correct(own.db, own.actor, kept.id, {"id_no": WRONG})


def test_a_paper_that_is_no_card_is_not_judged_like_one(own: App) -> None:
    assert actions.register(own.db, own.actor, Person(name="陈秀兰", id_type="军官证", id_no=WRONG))
    assert code_of(own.db, "id_types", "会员卡") == "会员卡"
    assert name_of(own.db, "id_types", "会员卡") == "会员卡"
    assert name_of(own.db, "id_types", "居民身份证") == OURS


def test_a_birth_that_differs_from_the_card_is_found_under_the_new_name(own: App) -> None:
    person = actions.register(
        own.db, own.actor, Person(name="陈秀兰", id_type=OURS, id_no=id_number(BORN, 1), birth=BORN)
    )
    assert not [one for one in health.examine(own) if one.code == "birth_number"]
    with own.db.applying("准备") as tx:
        tx.execute("UPDATE person SET birth='1951' WHERE id=?", (person.id,))
    (found,) = [one for one in health.examine(own) if one.code == "birth_number"]
    assert found.count == 1


def test_a_roster_that_says_nothing_of_papers_is_kept_under_the_name_of_the_community(own: App, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ("小区", "楼栋", "单元", "房号", "姓名", "身份证号"),
        ("桂花苑", "3", "1", "101", "王桂英", id_number(BORN, 1)),
    ):
        book.active.append(row)
    book.save(tmp_path / "表.xlsx")
    roster = read_roster(read(tmp_path / "表.xlsx"), own.clock.today())
    import_residents(own.db, plan_import(own.db, roster), own.actor)
    assert own.db.rows("SELECT id_type FROM person WHERE name='王桂英'") == [(OURS,)]
