"""Forms are filled from the store: the contact chain of a building, a centre household, a meeting, the rooms."""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules

import pytest

from desktop_app.app import App
from desktop_app.meetings.model import AgendaItem, Attendance, Meeting, MeetingCorrection, Resolution
from desktop_app.organisation.model import ContactAssignment, OrgNode, PartyCentreHousehold
from desktop_app.places.model import Area, Building, Estate, Room
from desktop_app.printing import forms
from desktop_app.printing.form import Choice
from desktop_app.printing.forms import FORMS, form
from desktop_app.profiles.desk import town_of
from desktop_app.residents.model import Household, HouseholdMember, Person, Residence
from desktop_app.shared.errors import AppError
from desktop_app.store.base import Record


@pytest.fixture
def add(app: App) -> Callable[..., None]:
    """Puts records into the store."""

    def put(*records: Record) -> None:
        with app.db.transaction(app.actor, "准备") as tx:
            tx.add_all(records)

    return put


@pytest.fixture
def building(app: App, add: Callable) -> Building:
    """桂花苑3栋, with 李春梅 and 李小明 in 101; the community has a telephone."""
    estate = Estate(name="桂花苑")
    found = Building(estate_id=estate.id, no="3", units=1, floors_up=2, per_floor=2)
    rooms = [
        Room(building_id=found.id, floor=floor, no=f"{floor}0{seq}", seq=seq) for floor in (1, 2) for seq in (1, 2)
    ]
    head, child = Person(name="李春梅", source="登记"), Person(name="李小明", source="登记")
    home = Household(room_id=rooms[0].id, kind="家庭户", head_id=head.id, status="在住")
    add(estate, found, *rooms, head, child, home)
    add(*(HouseholdMember(household_id=home.id, person_id=person.id) for person in (head, child)))
    add(*(Residence(person_id=person.id, room_id=rooms[0].id) for person in (head, child)))
    street = Area(name="江山街道", level="街道")
    add(street)
    with app.db.transaction(app.actor, "准备") as tx:
        tx.change(Area, app.community.id, phone="0714-6200000", address="江山路18号", parent_id=street.id)
    return found


def test_every_form_of_the_folder_stands_in_the_list() -> None:
    found = {type(one).__module__ for one in FORMS}
    assert found == {f"{forms.__name__}.{module.name}" for module in iter_modules(forms.__path__)}
    for one in FORMS:
        assert import_module(type(one).__module__).__name__.endswith(one.name)
        assert form(one.name) is one
        assert one.sizes


def test_a_card_is_filled_from_the_contact_chain(
    app: App, add: Callable, building: Building, measured: Callable
) -> None:
    scheme, slot = town_of(app.db).card_slots[-1]
    add(
        ContactAssignment(
            scheme=scheme.code,
            slot=slot.code,
            target_kind="building",
            target_id=building.id,
            name="周𫖯",
            phone="13900000004",
        )
    )
    (paper,) = form("service_card").collect(app, [building.id])
    assert (paper.community, paper.building, paper.street) == ("江山社区", "桂花苑3栋", "江山街道")
    assert (paper.hotline, paper.qr) == ("0714-6200000", "tel:07146200000")
    assert [(one.name, one.phone) for one in paper.contacts] == [("周𫖯", "13900000004")]
    assert "周𫖯" in measured(form("service_card").draw([paper])).text(2)


def test_a_card_is_found_for_a_resident_a_household_and_a_room(app: App, building: Building) -> None:
    subjects = [
        app.db.scalar("SELECT id FROM person WHERE name='李小明'"),
        app.db.scalar("SELECT id FROM household"),
        app.db.scalar("SELECT id FROM room WHERE no='202'"),
        building.id,
    ]
    papers = form("service_card").collect(app, subjects)
    assert [paper.building for paper in papers] == ["桂花苑3栋"] * 4


def test_someone_without_a_home_gets_no_card_but_an_explanation(app: App, add: Callable) -> None:
    person = Person(name="王某", source="登记")
    add(person)
    with pytest.raises(AppError, match="没有登记住在哪一栋楼"):
        form("service_card").collect(app, [person.id])


def test_a_plaque_is_filled_from_the_centre_household(app: App, add: Callable, building: Building) -> None:
    branch = OrgNode(line="党组织", level=3, kind="支部", name="桂花苑党支部")
    centre = PartyCentreHousehold(
        node_id=branch.id,
        estate_id=building.estate_id,
        host_name="周𫖯",
        span="3栋、4栋",
        phones="13900000005 13900000006",
    )
    add(branch, centre)
    (paper,) = form("centre_plaque").collect(app, [centre.id])
    assert (paper.host, paper.span, paper.branch, paper.phone) == (
        "周𫖯",
        "桂花苑 3栋、4栋",
        "桂花苑党支部",
        "13900000005",
    )


@pytest.fixture
def meeting(add: Callable) -> Meeting:
    """A 三方联席会议 with two topics, one voted on, and a correction."""
    held = Meeting(
        kind="three_party",
        title="桂花苑三方联席会议",
        starts_at="2026-01-05 09:00",
        ends_at="2026-01-05 11:20",
        place="议事厅",
        convenor="江山社区党委",
        chair="欧阳建华",
        chair_post="社区党委书记",
        recorder="陈𫖯",
        lead="会议纪要如下：",
        notice_on="2025-12-31",
        notice_how="书面",
        issue_no="1",
    )
    first = AgendaItem(
        meeting_id=held.id,
        seq=1,
        title="加装电梯",
        discussion="李某：同意。",
        vote_how="举手",
        votes_for=2,
        votes_against=0,
        votes_abstain=0,
    )
    second = AgendaItem(meeting_id=held.id, seq=2, title="车库渗漏", discussion="王某：先修。")
    people = [
        Attendance(meeting_id=held.id, seq=seq, name=name, unit=unit, status="出席")
        for seq, (name, unit) in enumerate(
            (("陈𫖯", "居民委员会"), ("张立新", "业主委员会"), ("王海涛", "物业服务企业"))
        )
    ]
    settled = Resolution(
        meeting_id=held.id, agenda_id=first.id, seq=1, text="采用连廊式方案", owner="张立新", due_on="2026-02-05"
    )
    loose = Resolution(meeting_id=held.id, seq=2, text="每季度通报一次", owner="陈𫖯", due_on="2026-03-31")
    later = MeetingCorrection(meeting_id=held.id, at=1768890000000, by_name="陈𫖯", text="“二楼”应为“三楼”。")
    add(held, first, second, *people, settled, loose, later)
    return held


def test_a_record_is_filled_from_the_meeting(app: App, meeting: Meeting, measured: Callable) -> None:
    (paper,) = form("meeting_record").collect(app, [meeting.id])
    assert paper.gaps == ()
    text = measured(form("meeting_record").draw([paper])).all_text()
    for words in (
        "表决：举手表决，同意2票，反对0票，弃权0票",
        "决议：采用连廊式方案（责任人：张立新；完成时限：2026年2月5日）。",
        "三、议定事项1. 每季度通报一次",
        "业主委员会（签字）：",
        "2026年1月20日陈𫖯更正：“二楼”应为“三楼”。",
    ):
        assert words in text, words


def test_a_record_names_what_its_type_requires(app: App, meeting: Meeting) -> None:
    with app.db.transaction(app.actor, "准备") as tx:
        tx.change(Meeting, meeting.id, notice_how=None, recorder=None)
    papers = form("meeting_record").collect(app, [meeting.id])
    with pytest.raises(AppError, match="记录人") as caught:
        form("meeting_record").draw(papers)
    assert "通知日期与方式" in str(caught.value)
    assert str(caught.value).count("记录人") == 1
    assert form("meeting_record").draw(papers, Choice(draft=True))


def test_minutes_hold_what_was_decided_and_not_what_was_said(app: App, meeting: Meeting, measured: Callable) -> None:
    papers = form("minutes").collect(app, [meeting.id])
    text = measured(form("minutes").draw(papers)).all_text()
    assert "江山社区三方联席会议纪要第1期" in text
    assert "一、加装电梯会议议定：采用连廊式方案" in text
    assert "二、每季度通报一次" in text
    assert "车库渗漏" not in text
    assert "先修" not in text


def test_the_sign_in_sheet_lists_who_is_called(app: App, meeting: Meeting) -> None:
    (paper,) = form("sign_in_sheet").collect(app, [meeting.id])
    assert [person.name for person in paper.attendees] == ["陈𫖯", "张立新", "王海涛"]


def test_a_room_chart_shows_heads_of_households(app: App, building: Building) -> None:
    (paper,) = form("room_chart").collect(app, [building.id])
    assert {room.no: room.lines for room in paper.rooms} == {"101": ("李春梅", "2人"), "102": (), "201": (), "202": ()}


def test_a_building_without_rooms_gets_empty_boxes_by_its_size(app: App, add: Callable) -> None:
    estate = Estate(name="桂花苑")
    bare = Building(estate_id=estate.id, no="9", units=2, floors_up=3, per_floor=2)
    add(estate, bare)
    (paper,) = form("room_chart").collect(app, [bare.id])
    assert len(paper.rooms) == 12
    assert {room.no for room in paper.rooms} == {"101", "102", "201", "202", "301", "302"}


@pytest.mark.parametrize(
    "name", ["centre_plaque", "meeting_record", "minutes", "sign_in_sheet", "room_chart", "service_card"]
)
def test_a_subject_that_is_gone_is_told_in_words(app: App, name: str) -> None:
    with pytest.raises(AppError, match="没有打印"):
        form(name).collect(app, ["0" * 32])


def test_a_long_chain_keeps_the_first_of_every_slot(app: App, add: Callable, building: Building) -> None:
    """A slot held by many does not push the others off the card."""
    slots = [(scheme, slot) for scheme, slot in town_of(app.db).card_slots]
    many = next(pair for pair in slots if pair[1].many) if any(slot.many for _, slot in slots) else None
    if many is None:
        pytest.skip("no slot of this town's card is held by many")
    last = slots[-1] if slots[-1] != many else slots[0]
    for scheme, slot, count in ((*many, 12), (*last, 1)):
        add(
            *(
                ContactAssignment(
                    scheme=scheme.code,
                    slot=slot.code,
                    target_kind="building",
                    target_id=building.id,
                    name=f"{slot.code}{i}",
                )
                for i in range(count)
            )
        )
    (paper,) = form("service_card").collect(app, [building.id])
    assert len(paper.contacts) == 9
    assert f"{last[1].code}0" in [contact.name for contact in paper.contacts]
