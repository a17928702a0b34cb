"""The right people stand on the sign-in sheet of every type of meeting before anybody types a name."""

import pytest

from desktop_app.meetings import actions, rosters
from desktop_app.meetings.model import Meeting
from desktop_app.meetings.rules import RosterLine
from desktop_app.organisation import actions as organisation
from desktop_app.organisation.bodies import BODIES, found_body
from desktop_app.organisation.model import OrgNode, PartyMember, Seat
from desktop_app.partners.model import PartnerUnit, PartTimeMember
from desktop_app.places.model import Estate
from desktop_app.profiles.queries import codes
from desktop_app.residents.model import Person

TODAY = "2026-11-22"
COMMUNITY = {"社区书记", "社区主任"}
KNOWN = {
    "branch_assembly": {"支部书记", "正式党员", "预备党员"},
    "branch_committee": {"支部书记"},
    "party_group": {"正式党员", "支部书记", "预备党员"},
    "party_lecture": {"支部书记", "正式党员", "预备党员"},
    "party_day": {"支部书记", "正式党员", "预备党员"},
    "organisational_life": {"支部书记", "正式党员", "预备党员"},
    "party_election": {"支部书记", "正式党员", "预备党员"},
    "joint_party": {*COMMUNITY, "医院院长"},
    "enlarged_committee": {"社区书记", "兼职委员"},
    "three_party": {"社区主任", "业委会主任", "物业经理"},
    "residents_council": {"议事会成员"},
    "owners_committee": {"业委会主任"},
    "quarterly_four": {*COMMUNITY, "医院院长"},
    "accountability": COMMUNITY,
    "four_two": {"支部书记", "正式党员", "预备党员", "社区主任"},
}
"""Type → who has to be on it in the community below."""
OF_LAST_TIME = frozenset(
    ("residents_assembly", "residents_representatives", "hearing", "coordination", "review", "mediation", "other",
     "villagers_assembly")
)  # fmt: skip
"""Types of which nobody can know beforehand who is concerned: those of the last one are asked again."""
BY_ROOM = frozenset(("owners_assembly",))
"""Called by a roll of rooms in place of a list of people."""


@pytest.fixture
def branch(db, actor):
    """A community with both lines, bodies, partners, and people in their posts; the branch of 桂花苑."""
    with db.transaction(actor, "准备") as tx:
        mine, other = tx.add(Estate(name="桂花苑")), tx.add(Estate(name="银杏里"))
        unit = tx.add(PartnerUnit(name="第四医院", head="医院院长", contact="医院干事"))
        tx.add(PartnerUnit(name="退出的单位", head="前院长", to_on="2026-01-01"))
        tx.add(PartTimeMember(name="兼职委员", unit_id=unit.id, post="院长", from_on="2026-01-01", to_on="2026-12-31"))
        tx.add(PartTimeMember(name="到期委员", from_on="2024-01-01", to_on="2025-12-31"))

    def node(line, level, kind, name, who, role="书记", estate=None):
        made = OrgNode(line=line, level=level, kind=kind, name=name, estate_id=estate)
        made = found_body(db, actor, made) if line == BODIES else organisation.found_node(db, actor, made)
        organisation.appoint(db, actor, Seat(node_id=made.id, role=role, name=who))
        return made

    node("党组织", 2, "社区党组织", "江山社区党委", "社区书记")
    node("自治", 2, "社区居委会", "江山社区居委会", "社区主任", "主任")
    made = node("党组织", 3, "党支部", "桂花苑党支部", "支部书记", estate=mine.id)
    node(BODIES, 0, "业委会", "桂花苑业委会", "业委会主任", "主任", mine.id)
    node(BODIES, 0, "业委会", "银杏里业委会", "别处的主任", "主任", other.id)
    node(BODIES, 0, "小区议事会", "桂花苑议事会", "议事会成员", "主任", mine.id)
    node("自治", 3, "物业", "安居物业", "物业经理", "经理", mine.id)
    for name, kind in (("支部书记", "正式"), ("正式党员", "正式"), ("预备党员", "预备")):
        with db.transaction(actor, "登记居民") as tx:
            person = tx.add(Person(name=name))
        organisation.register_party_member(db, actor, PartyMember(person_id=person.id, node_id=made.id, kind=kind))
    return made


def names(db, kind, node=None):
    found = [line.name for line in rosters.suggested(db, kind, TODAY, node)]
    assert len(found) == len(set(found)), "nobody twice"
    return set(found)


def test_every_type_says_who_is_asked():
    assert {one.code for one in codes("meeting_types")} == KNOWN.keys() | OF_LAST_TIME | BY_ROOM


@pytest.mark.parametrize("kind", KNOWN)
def test_the_people_of_a_type_stand_on_its_first_sheet(db, branch, kind):
    assert names(db, kind, branch.id) == KNOWN[kind]


@pytest.mark.parametrize("kind", sorted(OF_LAST_TIME))
def test_of_the_others_those_of_last_time_are_asked_again(db, actor, branch, kind):
    assert names(db, kind, branch.id) == set()
    people = [RosterLine("王小明"), RosterLine("李桂兰")]
    actions.call_meeting(db, actor, Meeting(kind=kind, title="", starts_at="2026-09-01 09:00"), people)
    assert names(db, kind, branch.id) == {"王小明", "李桂兰"}


def test_guests_of_last_time_are_asked_again_beside_those_in_office(db, actor, branch):
    people = [RosterLine("社区主任"), RosterLine("社区民警", unit="派出所", capacity="列席")]
    actions.call_meeting(db, actor, Meeting(kind="three_party", title="", starts_at="2026-09-01 09:00"), people)
    assert names(db, "three_party", branch.id) == {*KNOWN["three_party"], "社区民警"}


def test_whoever_left_the_post_since_is_not_asked_again(db, actor, branch):
    people = [RosterLine("前主任", unit="业主委员会"), RosterLine("业委会主任", unit="业主委员会")]
    body = db.scalar("SELECT id FROM org_node WHERE name='桂花苑业委会'")
    organisation.appoint(
        db, actor, Seat(node_id=body, role="委员", name="前主任", from_on="2024-01-01", to_on="2026-10-01")
    )
    actions.call_meeting(db, actor, Meeting(kind="three_party", title="", starts_at="2026-09-01 09:00"), people)
    assert "前主任" not in names(db, "three_party", branch.id)
