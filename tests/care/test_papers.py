"""The door card names whom to call in large figures; the roll names nobody in full."""

from desktop_app.app import App
from desktop_app.care import actions
from desktop_app.care.model import CarePair, DoorBell
from desktop_app.care.responding import Responder
from desktop_app.printing.form import Choice
from desktop_app.printing.forms.care_roll import CareRoll
from desktop_app.printing.forms.door_card import DoorCard, DoorPaper
from desktop_app.printing.preview import page_count
from tests.printing.conftest import measured  # noqa: F401 a fixture: a PDF with its characters


def people(count):
    return tuple(
        Responder(None, f"欧阳建国{at}", "党员中心户", f"1390000{at:04d}", at * 37, "桂花苑10栋2单元1203室", "b")
        for at in range(count)
    )


def card(count, **more):
    told = {"community": "江山社区", "hotline": "027-0000-6618", "address": "桂花苑1栋101室", "name": "王桂英"}
    return DoorPaper(**told, radius_m=500, responders=people(count), made_on="2026-11-22", **more)


def test_a_card_has_eight_people_with_whole_numbers_and_what_to_do(measured):  # noqa: F811
    paper = measured(DoorCard().draw([card(8)], Choice(size="A5")))
    assert (paper.pages, paper.size()) == (1, (210.0, 148.5))
    for words in ("爱心门铃", "027-0000-6618", "急病急伤", "13900000007", "米以内"):
        paper.find(words)


def test_two_cards_share_a_sheet_and_stay_apart(measured):  # noqa: F811
    paper = measured(DoorCard().draw([card(8), card(1), card(0, remark="500 米以内没有找到可以上门的人。")]))
    assert paper.pages == 2
    assert paper.size() == (210.0, 297.0)
    paper.find("没有找到可以上门的人", page=2)


def test_a_card_of_a_building_nobody_measured_says_what_it_covers(measured):  # noqa: F811
    measured(DoorCard().draw([card(2, located=False)])).find("同一栋楼")


def test_a_resident_names_their_bell_and_the_roll_is_masked(app: App, db, actor, street, grandmother, measured):  # noqa: F811
    actions.hang(db, actor, DoorBell(person_id=grandmother.id, kind="门口按键"))
    helper = street.person("陈建国", "1", "202", political="中共党员", birth="1970-01-01")
    actions.pair(db, actor, CarePair(person_id=grandmother.id, helper_id=helper.id, helper_name=""))
    (paper,) = DoorCard().collect(app, [grandmother.id])
    assert [one.phone for one in paper.responders] == ["13900001111"]
    roll = CareRoll().draw(CareRoll().collect(app, []))
    assert page_count(roll) == 1
    text = "".join(box.ch for box in measured(roll).boxes(1))
    assert "王*英" in text
    assert "139****1111" in text
    for hidden in ("王桂英", "13900001111", "101室"):
        assert hidden not in text
