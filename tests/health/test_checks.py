"""Every fault is found, counted and led to its record; sound data has no findings."""

import pytest

from desktop_app import health
from desktop_app.health import LEVELS, SHOWN
from desktop_app.organisation import actions as organisation
from desktop_app.organisation.model import ContactAssignment, OrgNode, PartyMember, Seat
from desktop_app.residents import actions
from desktop_app.residents.model import Person
from desktop_app.store import recovery
from desktop_app.sync.status import CLOCK_AHEAD
from tests.residents.conftest import id_number

BORN = "1950-03-05"
PERSON = {
    "birth_future": "UPDATE person SET birth='2030-01-01' WHERE id=?",
    "birth_odd": "UPDATE person SET birth='1890-01-01' WHERE id=?",
    "birth_number": f"UPDATE person SET id_type='居民身份证',id_no='{id_number(BORN, 1)}',birth='1951' WHERE id=?",
    "death_first": "UPDATE person SET birth='1950-03-05',left_on='1949' WHERE id=?",
    "death_future": "UPDATE person SET deceased_on='2030-01-01' WHERE id=?",
    "gone_living": "UPDATE person SET left_on='2026-01-01' WHERE id=?",
    "moved_in_after": "UPDATE person SET deceased_on='2020-01-01' WHERE id=?",
    "two_homes": "INSERT INTO residence(id,person_id,room_id,scope,sync_seq,sync_ts,sync_dev,sync_del) "
    "SELECT 'x',person_id,room_id,0,0,0,0,0 FROM residence WHERE person_id=?",
    "two_households": "INSERT INTO household_member"
    "(id,person_id,household_id,scope,sync_seq,sync_ts,sync_dev,sync_del) "
    "SELECT 'x',person_id,household_id,0,0,0,0,0 FROM household_member WHERE person_id=?",
    "room_closed": "UPDATE room SET to_on='2020-01-01' WHERE id=(SELECT room_id FROM residence WHERE person_id=?)",
    "residence_dates": "UPDATE residence SET from_on='2026-02-01',to_on='2026-01' WHERE person_id=?",
    "household_member_dates": "UPDATE household_member SET from_on='2026-02-01',to_on='2025' WHERE person_id=?",
}
"""Code → what spoils a person who lives in 1-101."""


@pytest.fixture
def person(street):
    return street.person("陈秀兰", street.room("1", "101"), birth=BORN)


def test_sound_data_has_no_findings_but_coordinates_backup_and_recovery_sheet(app, street, person):
    actions.tag(street.db, street.actor, [person.id], "独居老人")
    told = [one.code for one in health.examine(app) if one.level != "好"]
    assert sorted(told) == ["backup", "no_coordinates", "recovery"]


@pytest.mark.parametrize("code", PERSON)
def test_what_is_wrong_with_a_person_is_found_and_leads_there(found, spoil, person, code):
    spoil(PERSON[code], person.id)
    told = found(code)
    assert told.count == 1
    assert told.level in LEVELS[:2]
    assert "陈秀兰" in told.cases[0].words
    assert told.advice
    assert told.cases[0].place[0] in ("person", "room")


def test_partial_dates_that_agree_are_no_fault(found, spoil, person):
    spoil("UPDATE person SET birth='1950-03-05',deceased_on='1950' WHERE id=?", person.id)
    spoil("UPDATE residence SET from_on='2026-05-01',to_on='2026' WHERE person_id=?", person.id)
    assert found("death_first") is None
    assert found("residence_dates") is None


def test_two_entries_with_one_number_are_both_listed_and_counted_as_suspected(found, street):
    for name in ("陈秀兰", "陈秀蓝"):
        street.person(name, id_no=id_number(BORN, 2))
    told = found("same_id")
    assert (told.count, len(told.cases)) == (2, 2)
    assert id_number(BORN, 2) not in told.cases[0].words, "numbers are never shown whole"
    assert found("duplicates").count == 1


def test_households_without_a_head_with_two_or_without_anybody_are_told_apart(found, street, spoil):
    for no, name in (("101", "甲一"), ("102", "乙一"), ("201", "丙一")):
        street.person(name, street.room("1", no))
        street.person(name[0] + "二", street.room("1", no), relation="配偶")
    spoil("UPDATE household SET head_id=NULL WHERE room_id=?", street.room("1", "101").id)
    spoil("UPDATE household_member SET relation='户主' WHERE person_id=(SELECT id FROM person WHERE name='乙二')")
    spoil(
        "UPDATE household_member SET to_on='2026-01-01' WHERE household_id="
        "(SELECT id FROM household WHERE room_id=?)", street.room("1", "201").id,
    )  # fmt: skip
    for code, no in (("head_missing", "101"), ("head_double", "102"), ("household_empty", "201")):
        told = found(code)
        assert told.count == 1, code
        assert told.cases[0].place == ("room", street.room("1", no).id)
        assert f"3栋1-{no}" in told.cases[0].words


def test_what_hangs_on_a_deleted_person_is_found(found, spoil, person):
    spoil("UPDATE person SET sync_del=1 WHERE id=?", person.id)
    assert found("member_orphan").count == found("residence_orphan").count == 1
    assert found("orphan.residence.person_id").count == 1


def test_posts_contacts_and_tags_of_people_who_died_are_found(found, street, spoil, person):
    db, actor = street.db, street.actor
    node = organisation.found_node(db, actor, OrgNode(line="自治", level=4, kind="楼栋", name="3栋楼栋小组"))
    seat = Seat(node_id=node.id, role="楼栋长", person_id=person.id, name="", from_on="2010-01-01")
    organisation.appoint(db, actor, seat)
    organisation.register_party_member(db, actor, PartyMember(person_id=person.id))
    actions.tag(db, actor, [person.id], "独居老人")
    with db.transaction(actor, "包联") as tx:
        tx.add(ContactAssignment(scheme="a", slot="b", target_kind="building", target_id=street.building.id,
                                 person_id=person.id, name="陈秀兰"))  # fmt: skip
    assert found("past_term").count == 1
    spoil("UPDATE person SET deceased_on='2026-05-01' WHERE id=?", person.id)
    for code in ("dead_in_post", "contact_gone", "party_gone", "dead_tag"):
        told = found(code)
        assert (told.count, told.cases[0].place) == (1, ("person", person.id)), code
    spoil("UPDATE org_node SET to_on='2026-01-01' WHERE id=?", node.id)
    assert found("node_closed").count == 1


def test_rooms_of_a_building_that_is_gone_are_found(found, street, spoil):
    assert found("room_alone") is None
    spoil("UPDATE building SET to_on='2026-01-01' WHERE id=?", street.building.id)
    assert found("room_alone").count == 12
    assert found("no_coordinates") is None, "what was pulled down needs no coordinates"


def test_all_cases_can_be_paged_through_and_searched(app, street):
    with street.db.transaction(street.actor, "准备") as tx:
        tx.add_all([Person(name=f"王{number:02d}", birth="1890-01-01") for number in range(SHOWN + 5)])
    told = health.again(app, "birth_odd")
    assert (told.count, len(told.cases)) == (SHOWN + 5, SHOWN)
    rest = health.cases(app, "birth_odd", SHOWN, 100)
    assert [case.words[:3] for case in rest] == [f"王{number:02d}" for number in range(SHOWN, SHOWN + 5)]
    assert [case.words[:3] for case in health.cases(app, "birth_odd", words="王07")] == ["王07"]
    assert health.cases(app, "file") == ()


def test_a_clock_that_is_off_and_changes_that_wait_are_told(app, found, spoil, street):
    assert found("clock") is None
    for ahead, level in ((1_000, "好"), (-180_000, "提醒"), (3_600_000, "问题")):
        with app.db.applying() as tx:
            tx.set_setting(CLOCK_AHEAD, str(ahead))
        assert found("clock").level == level
    assert "快 60 分钟" in found("clock").words
    spoil("UPDATE sync_state SET device=1,server_url='https://x'")
    assert found("sync").level == "好"
    app.clock.move(days=4)
    assert (found("sync").level, "已等了 4 天" in found("sync").words) == ("提醒", True)


def test_a_backup_and_a_recovery_sheet_quiet_their_reminders(app, found):
    assert (found("backup").level, found("recovery").level) == ("提醒", "提醒")
    app.backup()
    app.new_recovery_code()
    assert (found("backup").level, found("recovery").level) == ("好", "好")
    assert recovery.made_on(app.home) in found("recovery").words
    app.clock.move(days=8)
    assert found("backup").level == "提醒"


def test_every_check_has_a_code_of_its_own_and_says_what_to_do():
    codes = [one.code for one in health.checks()]
    assert len(codes) == len(set(codes))
    assert all(one.advice.endswith("。") and one.words for one in health.checks())


def test_somebody_hears_how_far_the_examination_is(app):
    steps = []
    health.examine(app, lambda done, total, words: steps.append((done, total, words)))
    assert steps[0][0] == 0
    assert steps[-1][0] == steps[-1][1] == len(steps) - 1
    assert all(words for _, _, words in steps[:-1])
