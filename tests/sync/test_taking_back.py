"""An appeal and a matter that another unit received, worked on and has no more, by real desks of a real server."""

import pytest

from central_server import units
from central_server.blobs import Blobs
from desktop_app.appeals import actions, intake, queries, rules
from desktop_app.appeals import sharing as appeals
from desktop_app.appeals.deeds import Deed
from desktop_app.attachments import actions as attachments
from desktop_app.attachments import queries as attached
from desktop_app.matters import actions as matters
from desktop_app.matters import queries as matter_queries
from desktop_app.matters import sharing as shared_matters
from desktop_app.matters.model import Matter
from desktop_app.shared.errors import AppError
from desktop_app.store.history import last_action, undo
from desktop_app.sync import blobs, refused
from tests.attachments.pictures import jpeg
from tests.sync import conftest
from tests.sync.conftest import STREET
from tests.sync.desks import Desk, Server
from tests.sync.test_units import equal_to_server

OFFICE = 420299001900
PHONE = "13900000001"


@pytest.fixture
def office(make, district: Server, tmp_path, monkeypatch) -> Desk:
    """A desk of a department of the street; the server keeps contents."""
    district.central.blobs = Blobs(tmp_path / "server blobs")
    monkeypatch.setitem(conftest.NAMES, OFFICE, "红旗派出所")
    with district.storage.writing() as session:
        units.create(session, OFFICE, "红旗派出所", district.clock.ms(), kind="department", parent=STREET)
    return make(OFFICE, "派出所一号机")


def settle(*desks: Desk) -> None:
    for _ in range(3):
        for desk in desks:
            desk.sync()
            blobs.exchange(desk.db, desk.app.secrets, transport=desk.line)


def act(desk: Desk, appeal_id: str, kind: str, **more: object) -> rules.State:
    desk.clock.move(minutes=1)
    return actions.act(desk.db, desk.app.actor, appeal_id, Deed(kind, **more))


def story(desk: Desk, appeal_id: str) -> list[tuple[str, str]]:
    return [(line.kind, line.text) for line in queries.detail(desk.db, appeal_id).events]


def holds_nothing_of(desk: Desk, *words: str) -> None:
    """Neither a table nor the journal of the desk has these words, and no content is left."""
    tables = tuple(desk.db.tables)
    left = repr([desk.db.rows(f'SELECT * FROM "{name}"') for name in (*tables, "journal_change", "journal_action")])
    for word in words:
        assert word not in left
    assert desk.db.scalar("SELECT count(*) FROM blob") == 0


@pytest.fixture
def claimed(ours: Desk, office: Desk) -> str:
    """An appeal with a photo that climbed to the department, which has claimed it and answered."""
    new = intake.blank(ours.db, title="夜间噪声扰民", reporter_name="王小明", reporter_phone=PHONE)
    appeal = intake.register(ours.db, ours.app.actor, new, accept=True)
    attachments.attach(ours.db, ours.app.actor, "appeal", appeal.id, jpeg(1200, 900), "现场照片")
    for text in ("请社区协调", "请街道统筹"):
        act(ours, appeal.id, "上报", text=text)
    act(ours, appeal.id, "上报", text="请派出所处理", unit=OFFICE)
    settle(ours, office)
    act(office, appeal.id, "部门认领", to_whom="红旗派出所")
    act(office, appeal.id, "回复", text="已安排夜间巡查")
    settle(office, ours)
    return appeal.id


def test_a_department_receives_an_appeal_with_its_story_and_photo_and_the_community_sees_what_it_does(
    ours: Desk, office: Desk, district: Server, claimed: str
) -> None:
    at_office = queries.detail(office.db, claimed)
    assert (at_office.appeal.reporter_name, at_office.appeal.reporter_phone) == ("王小明", PHONE)
    assert story(office, claimed) == story(ours, claimed)
    assert story(ours, claimed)[-2:] == [("部门认领", ""), ("回复", "已安排夜间巡查")]
    (photo,) = attached.recent(office.db)
    assert attachments.content(office.db, photo.attachment)
    assert queries.detail(ours.db, claimed).state.with_unit == OFFICE
    assert (queries.detail(ours.db, claimed).state.assignee, at_office.state.step) == ("红旗派出所", 4)
    for desk in (ours, office):
        assert equal_to_server(desk, district)


def test_what_is_taken_back_is_gone_from_the_department_and_its_words_stay_in_the_community(
    ours: Desk, office: Desk, district: Server, claimed: str
) -> None:
    appeals.unshare(ours.db, ours.app.actor, claimed, [OFFICE], "属城管职责")
    before = story(ours, claimed)
    settle(ours, office)
    assert queries.detail(office.db, claimed) is None
    assert queries.appeals(office.db) == []
    assert attached.recent(office.db) == []
    holds_nothing_of(office, "夜间噪声扰民", "王小明", PHONE, "请派出所处理", "现场照片")
    settle(office, ours)
    assert story(ours, claimed) == before
    assert before[-3:] == [("部门认领", ""), ("回复", "已安排夜间巡查"), ("退回", "属城管职责")]
    here = queries.detail(ours.db, claimed)
    assert (here.step_name, here.state.phase, here.appeal.audience) == ("街道", rules.WORKING, None)
    assert len(attached.recent(ours.db)) == 1
    for desk in (ours, office):
        assert equal_to_server(desk, district)


def test_what_the_department_wrote_meanwhile_is_kept_and_told_there(
    ours: Desk, office: Desk, district: Server, claimed: str
) -> None:
    appeals.unshare(ours.db, ours.app.actor, claimed, why="属城管职责")
    settle(ours)
    act(office, claimed, "联系", text="与房主约好周五上门")
    actions.change(office.db, office.app.actor, claimed, place="3栋楼下")
    told = office.sync().problems
    settle(office, ours)
    kept = {one.table: one.values for one in refused.listed(office.db)}
    assert kept["appeal_event"]["text"] == "与房主约好周五上门"
    assert kept["appeal"] == {"place": "3栋楼下"}
    assert len(told) == len(kept)
    assert all("没有接受" in words and "“未被接受”" in words for words in told)
    assert queries.detail(office.db, claimed) is None
    assert "与房主约好周五上门" not in repr(office.db.rows("SELECT text FROM appeal_event"))
    assert "与房主约好周五上门" not in repr(story(ours, claimed))
    for desk in (ours, office):
        assert equal_to_server(desk, district)


def test_an_appeal_that_is_taken_back_can_be_shared_again_and_comes_whole(
    ours: Desk, office: Desk, district: Server, claimed: str
) -> None:
    appeals.unshare(ours.db, ours.app.actor, claimed, why="暂缓")
    settle(ours, office)
    act(ours, claimed, "上报", text="还是请派出所处理", unit=OFFICE)
    settle(ours, office)
    assert story(office, claimed) == story(ours, claimed)
    assert len(attached.recent(office.db)) == 1
    assert equal_to_server(office, district)


def test_taking_back_is_undone_like_any_other_act(ours: Desk, office: Desk, claimed: str) -> None:
    appeals.unshare(ours.db, ours.app.actor, claimed, why="点错了")
    undo(ours.db, ours.app.actor, last_action(ours.db, ours.app.actor)[0])
    assert queries.detail(ours.db, claimed).state.with_unit == OFFICE
    assert story(ours, claimed)[-1] == ("回复", "已安排夜间巡查")
    settle(ours, office)
    assert act(office, claimed, "办结", outcome=rules.ANSWERED, text="已查处").phase == rules.RATING


def test_a_department_takes_nothing_back_and_the_street_only_from_what_is_below_it(
    ours: Desk, office: Desk, street: Desk, claimed: str
) -> None:
    appeals.share(ours.db, ours.app.actor, claimed, [STREET])
    settle(ours, office, street)
    with pytest.raises(AppError, match="别的单位共享来的"):
        appeals.unshare(office.db, office.app.actor, claimed, [STREET])
    appeals.unshare(street.db, street.app.actor, claimed, [OFFICE], "改由街道处理")
    settle(street, ours, office)
    assert street.sync().problems == []
    assert queries.detail(office.db, claimed) is None
    assert queries.detail(ours.db, claimed).appeal.audience == str(STREET)
    assert story(ours, claimed)[-1] == ("退回", "改由街道处理")


def test_a_matter_is_answered_by_the_street_and_gone_from_there_when_it_is_taken_back(
    ours: Desk, street: Desk, district: Server
) -> None:
    new = matters.blank(ours.db, title="加装电梯", proposer="王小明", proposer_phone=PHONE)
    matter = matters.propose(ours.db, ours.app.actor, new)
    shared_matters.share(ours.db, ours.app.actor, matter.id, [STREET])
    settle(ours, street)
    street.clock.move(minutes=1)
    matters.act(street.db, street.app.actor, matter.id, matters.Deed("补充", text="街道可补助三成"))
    settle(street, ours)
    shared_matters.unshare(ours.db, ours.app.actor, matter.id)
    settle(ours)
    street.clock.move(minutes=1)
    matters.act(street.db, street.app.actor, matter.id, matters.Deed("补充", text="还没上报的话"))
    settle(street, ours)
    assert street.db.get(Matter, matter.id) is None
    assert [one.values["text"] for one in refused.listed(street.db)] == ["还没上报的话"]
    assert street.db.rows("SELECT title,proposer,proposer_phone FROM matter") == [("", None, None)]
    told = [line.text for line in matter_queries.detail(ours.db, matter.id).events]
    assert told[-1] == "街道可补助三成"
    for desk in (ours, street):
        assert equal_to_server(desk, district)
