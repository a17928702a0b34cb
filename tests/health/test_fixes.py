"""A repair says what it will do, does just that, as one step that can be taken back, and leaves nothing to repair."""

import pytest

from desktop_app import health
from desktop_app.health import fixes
from desktop_app.organisation import actions as organisation
from desktop_app.organisation.model import OrgNode, PartyMember, Seat
from desktop_app.residents import actions, queries
from desktop_app.shared.errors import AppError
from desktop_app.store.history import last_action, undo

SPOILT = {
    "head_missing": ("UPDATE household SET head_id=NULL", "户主定为陈秀兰"),
    "head_double": ("UPDATE household_member SET relation='户主'", "周建国不再标为户主"),
    "household_empty": ("UPDATE household_member SET to_on='2026-03-01'", "到 2026-03-01 结束"),
    "gone_living": ("UPDATE person SET deceased_on='2026-12-01' WHERE name='陈秀兰'", "到 2026-12-01 结束"),
    "dead_tag": ("UPDATE person SET deceased_on='2026-05-01' WHERE name='陈秀兰'", "标签到 2026-05-01 结束"),
    "member_orphan": ("UPDATE person SET sync_del=1 WHERE name='周建国'", "成员关系到 2026-11-22 结束"),
    "residence_orphan": ("UPDATE person SET sync_del=1 WHERE name='周建国'", "居住到 2026-11-22 结束"),
    "person_tag_dates": ("UPDATE person_tag SET from_on='2026-05',to_on='2024'", "改为 2024 至 2026-05"),
    "residence_dates": ("UPDATE residence SET from_on='2026-05-01',to_on='2024'", "改为 2024 至 2026-05-01"),
    "household_member_dates": ("UPDATE household_member SET from_on='2026-05-01',to_on='2024'", "改为 2024"),
    "dead_in_post": ("UPDATE person SET deceased_on='2026-05-01' WHERE name='陈秀兰'", "任职到 2026-05-01 结束"),
    "node_closed": ("UPDATE org_node SET to_on='2026-06-01'", "任职到 2026-06-01 结束"),
    "seat_dates": ("UPDATE seat SET from_on='2026-05-01',to_on='2024'", "改为 2024 至 2026-05-01"),
    "party_gone": ("UPDATE person SET deceased_on='2026-05-01' WHERE name='陈秀兰'", "党员信息到 2026-05-01 结束"),
}
"""Code → what makes the fault, and words of the preview."""


@pytest.fixture
def couple(street):
    """A head with a tag, a post and a party record, and her husband."""
    room, db, actor = street.room("1", "101"), street.db, street.actor
    head = street.person("陈秀兰", room, birth="1950-03-05")
    street.person("周建国", room, relation="配偶", birth="1951-01-01")
    actions.tag(db, actor, [head.id], "独居老人")
    node = organisation.found_node(db, actor, OrgNode(line="自治", level=4, kind="楼栋", name="3栋楼栋小组"))
    organisation.appoint(db, actor, Seat(node_id=node.id, role="楼栋长", person_id=head.id, name=""))
    organisation.register_party_member(db, actor, PartyMember(person_id=head.id))
    return head


def test_every_repair_is_tried():
    assert {one.code for one in fixes.FIXES} == set(SPOILT)
    assert {one.code for one in fixes.FIXES} <= {one.code for one in health.checks()}


@pytest.mark.parametrize("code", SPOILT)
def test_a_repair_is_shown_done_and_undone(app, couple, spoil, code):
    sql, words = SPOILT[code]
    spoil(sql)
    before = health.again(app, code)
    steps = fixes.preview(app, code)
    assert len(steps) == before.count
    assert any(words in step.words for step in steps), [step.words for step in steps]
    assert health.again(app, code) == before, "a preview changes nothing"
    assert fixes.apply(app, app.actor, code) == before.count
    assert health.again(app, code) is None
    action, told = last_action(app.db, app.actor)
    assert told.startswith("体检修复：")
    undo(app.db, app.actor, action)
    assert health.again(app, code).count == before.count


def test_the_next_head_is_the_spouse_and_relations_are_asked_again(app, couple, street, spoil):
    household = queries.household_of(app.db, couple.id)
    spoil("UPDATE household_member SET to_on='2026-05-01' WHERE person_id=?", couple.id)
    fixes.apply(app, app.actor, "head_missing")
    found = queries.members(
        app.db, queries.household_of(app.db, app.db.scalar("SELECT id FROM person WHERE name='周建国'"))
    )
    assert [(one.name, one.relation, one.is_head) for one in found] == [("周建国", "户主", True)]
    assert household.id


def test_only_what_is_chosen_is_repaired(app, street, spoil):
    for no in ("101", "102"):
        street.person(f"甲{no}", street.room("1", no))
    spoil("UPDATE household SET head_id=NULL")
    first = health.again(app, "head_missing").cases[0]
    assert [step.case_id for step in fixes.preview(app, "head_missing", [first.id])] == [first.id]
    assert fixes.apply(app, app.actor, "head_missing", [first.id]) == 1
    assert health.again(app, "head_missing").count == 1


def test_what_a_person_has_to_decide_is_not_repaired(app):
    with pytest.raises(AppError, match="不能自动修复"):
        fixes.apply(app, app.actor, "same_id")
