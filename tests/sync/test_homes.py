"""Whose a record is, where somebody moves to, and news of other desks, asked by real desks of a real server."""

import pytest

from desktop_app.meetings import actions as meetings
from desktop_app.meetings import sharing
from desktop_app.meetings.model import Meeting
from desktop_app.organisation.model import OrgNode
from desktop_app.places.model import Area
from desktop_app.places.sharing import shared_with
from desktop_app.shared.errors import AppError, NetworkError
from desktop_app.store.homes import may_change
from desktop_app.sync import conflicts, directory, refused, units, waiting
from desktop_app.sync.client import Answer
from desktop_app.sync.status import RowState, row_states, status
from sync_protocol.digests import body_hash
from tests.sync.conftest import NEIGHBOUR, OTHER_STREET, STREET
from tests.sync.desks import SCOPE, Desk, lost


def settle(*desks: Desk) -> None:
    for _ in range(3):
        for desk in desks:
            desk.sync()


@pytest.mark.parametrize(
    ("table", "home", "owner", "may"),
    [
        ("area", 0, "", True),
        ("area", SCOPE, "", False),
        ("seat", SCOPE, "", False),
        ("meeting", SCOPE, "", True),
        ("agenda_item", SCOPE, "", True),
        ("attachment", SCOPE, "meeting", True),
        ("attachment", SCOPE, "person", False),
        ("conflict", SCOPE, "org_node", False),
        ("conflict", SCOPE, "conflict", False),
        ("of_a_newer_version", SCOPE, "", False),
    ],
)
def test_a_record_of_another_unit_may_be_changed_only_where_it_or_what_it_belongs_to_was_shared_by_name(
    table, home, owner, may
):
    assert may_change(table, home, owner) is may


def test_what_a_street_sees_of_a_community_is_refused_at_once_and_its_own_is_not(ours, street):
    with ours.db.transaction(ours.app.actor, "成立") as tx:
        node = tx.add(OrgNode(line="自治", level=3, kind="居民委员会", name="江山居委会")).id
    settle(ours, street)
    ((area,),) = street.db.rows("SELECT id FROM area WHERE scope=?", (SCOPE,))
    for cls, record_id in ((Area, area), (OrgNode, node)):
        with pytest.raises(AppError, match="只能看"), street.db.transaction(street.app.actor, "改") as tx:
            tx.change(cls, record_id, name="街道改的")
        with pytest.raises(AppError, match="只能看"), street.db.transaction(street.app.actor, "删") as tx:
            tx.bury(cls, record_id)
    with street.db.transaction(street.app.actor, "改") as tx:
        tx.change(Area, street.app.community.id, phone="10000000001")
    settle(street)
    assert refused.listed(street.db) == []
    assert units.home_name(street.db, SCOPE) == "江山社区"
    assert units.home_name(street.db, 0) == ""
    assert units.home_name(street.db, 7) == "7"


def test_a_clash_about_what_a_street_may_only_read_waits_where_it_can_be_settled(make, ours, street):
    second = make(SCOPE, "江山二号机")
    with ours.db.transaction(ours.app.actor, "成立") as tx:
        node = tx.add(OrgNode(line="自治", level=3, kind="居民委员会", name="江山居委会")).id
    settle(ours, second, street)
    for desk, name in ((ours, "甲居委会"), (second, "乙居委会")):
        with desk.db.transaction(desk.app.actor, "改名") as tx:
            tx.change(OrgNode, node, name=name)
    settle(ours, second, street)
    assert street.db.scalar("SELECT count(*) FROM conflict") == 1
    for desk, waits in ((ours, 1), (second, 1), (street, 0)):
        assert len(conflicts.open_conflicts(desk.db)) == status(desk.db).conflicts == waits
        assert (row_states(desk.db, "org_node", [node])[node] is RowState.CONFLICT) == bool(waits)


def test_a_shared_meeting_is_answered_at_the_other_unit_and_its_receivers_are_set_in_one_step(ours, street):
    meeting = meetings.call_meeting(ours.db, ours.app.actor, Meeting(kind="议事会", title="联席会")).id
    sharing.share(ours.db, ours.app.actor, meeting, [OTHER_STREET])
    sharing.share_with(ours.db, ours.app.actor, meeting, [STREET])
    assert shared_with(ours.db.get(Meeting, meeting)) == (STREET,)
    settle(ours, street)
    with street.db.transaction(street.app.actor, "改地点") as tx:
        tx.change(Meeting, meeting, place="街道三楼")
    settle(street, ours)
    assert ours.db.get(Meeting, meeting).place == "街道三楼"


def test_only_a_desk_of_a_community_keeps_residents(ours, street):
    assert units.keeps_residents(ours.db)
    assert not units.keeps_residents(street.db)


def test_before_a_server_knows_it_the_area_code_says_whose_desk_it_is(app):
    assert units.keeps_residents(app.db)
    with app.db.transaction(app.actor, "改") as tx:
        tx.change(Area, app.community.id, code="420299001000")
    assert not units.keeps_residents(app.db)


# ---------------------------------------------------------------------------------------------------- looking up


def test_any_open_community_can_be_looked_up_by_name_or_code(ours):
    def found(text):
        return [unit.id for unit in directory.look_up(ours.db, ours.app.secrets, text, transport=ours.line)]

    assert found("江北") == [NEIGHBOUR]
    assert found(str(NEIGHBOUR)) == [NEIGHBOUR]
    assert found("江北街道") == []
    assert found("") == []
    ours.sync()
    assert found("江山") == [SCOPE]


def test_without_a_network_or_a_server_that_can_it_is_said_or_nothing_is_found(ours, app):
    with pytest.raises(AppError, match="还没有接入"):
        directory.look_up(app.db, app.secrets, "江北")
    body = b'{"code": "NOT_FOUND", "message": "x"}'
    ours.line.after = lambda _path, _answer: Answer(404, {"x-linli-hash": body_hash(body)}, body)
    assert directory.look_up(ours.db, ours.app.secrets, "江北", transport=ours.line) == []
    ours.line.before = lost
    with pytest.raises(NetworkError):
        directory.look_up(ours.db, ours.app.secrets, "江北", transport=ours.line)


def test_what_waits_to_be_sent_is_no_news_for_whoever_listens_to_the_server_alone(ours):
    ours.sync()
    ours.add("王小明")
    ours.line.before = lost
    assert waiting.wait_for_change(ours.db, ours.app.secrets, 1, transport=ours.line)
    with pytest.raises(NetworkError):
        waiting.wait_for_change(ours.db, ours.app.secrets, 1, also_own=False, transport=ours.line)
