"""党建组织 on a small community: trees, posts, centre households, who answers for a building."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.organisation.model import OrgNode, PartyCentreHousehold, Seat
from desktop_app.organisation.queries import buildings_in_use
from desktop_app.profiles.town import LINES
from tests.ui.conftest import rest, settle
from ui.main_window import MainWindow
from ui.pages.organisation import OrganisationPage


@pytest.fixture
def party(town: App) -> App:
    """A community with a party committee, a branch, and a residents' committee of the same level."""
    building = buildings_in_use(town.db)[0].id
    estate = town.db.scalar("SELECT estate_id FROM building WHERE id=?", (building,))
    with town.db.transaction(town.actor, "准备") as tx:
        top = tx.add(OrgNode(line=LINES[0], level=2, kind="社区党组织", name="和平社区党委"))
        tx.add(OrgNode(line=LINES[1], level=2, kind="居委会", name="和平社区居委会"))
        branch = tx.add(
            OrgNode(line=LINES[0], level=3, kind="党支部", name="桂花苑党支部", parent_id=top.id, estate_id=estate)
        )
        tx.add(Seat(node_id=top.id, role="书记", name="周建国", phone="13800001234", from_on="2024-01-01"))
        tx.add(
            PartyCentreHousehold(
                node_id=branch.id,
                estate_id=estate,
                host_name="刘芳",
                span="3栋1单元",
                covers=f'[{{"building_id":"{building}","no":"3","units":["1"]}}]',
                plaque_no="001",
                phones="13800005678",
                from_on="2024-07-01",
            )
        )
    return town


@pytest.fixture
def page(party: App, window: MainWindow, qtbot: QtBot) -> OrganisationPage:
    window.open_page("organisation")
    settle(qtbot, window.background)
    found = window.tabs.page("page:organisation")
    assert isinstance(found, OrganisationPage)
    return found


def words(page: OrganisationPage) -> list[str]:
    """What stands in the tree of the party, line by line."""
    tree = page.tree.trees[LINES[0]]
    found, index = [], tree.items.index(0, 0)
    while index.isValid():
        found.append(f"{index.data()} {index.siblingAtColumn(1).data()}")
        index = tree.indexBelow(index)
    return found


def test_the_tree_names_the_head_or_says_what_is_missing(page: OrganisationPage) -> None:
    assert words(page)[0] == "和平社区党委 周建国"
    assert words(page)[1].startswith("桂花苑党支部 缺")


def test_a_node_shows_its_counterpart_in_the_other_line_and_masks_telephones(page: OrganisationPage) -> None:
    node = page.tree.node
    assert node.facts is not None
    assert node.facts.other is not None
    assert node.facts.other.name == "和平社区居委会"
    model = node.seats.records
    assert model.data(model.index(0, 3)) == "138****1234"


def test_appointing_fills_the_gap_and_can_be_taken_back(page: OrganisationPage, qtbot: QtBot) -> None:
    branch = page.desk.app.db.scalar("SELECT id FROM org_node WHERE name='桂花苑党支部'")
    page.tree.point_at(branch)
    rest(page, qtbot)
    said: list[tuple[str, object]] = []
    page.desk.said.connect(lambda text, undo: said.append((text, undo)))
    page.tree.node.appoint()
    form = page.tree.node.form
    assert form.form.value("role") == "书记"
    form.form.take_draft('{"name": "李敏"}')
    form.save()
    rest(page, qtbot)
    assert words(page)[1] == "桂花苑党支部 李敏"
    text, undo = said[-1]
    assert text == "已任命李敏"
    assert callable(undo)
    undo()
    rest(page, qtbot)
    assert words(page)[1].startswith("桂花苑党支部 缺")


def test_a_second_head_asks_for_a_reason_and_then_is_saved(page: OrganisationPage, qtbot: QtBot) -> None:
    page.tree.node.appoint()
    form = page.tree.node.form
    form.form.take_draft('{"role": "书记", "name": "王强"}')
    form.save()
    rest(page, qtbot)
    assert "周建国" in form.notice.words
    assert form.verb.text() == "仍要保存"
    form.reason.setText("双书记试点")
    form.save()
    rest(page, qtbot)
    assert not form.is_open
    assert page.desk.app.db.scalar("SELECT count(*) FROM seat WHERE role='书记' AND sync_del=0") == 2


def test_a_name_left_empty_is_said_at_its_field(page: OrganisationPage) -> None:
    page.tree.node.appoint()
    form = page.tree.node.form
    form.save()
    assert form.form.fault("name") == "这一项要填写"
    form.close_form()


def test_centre_households_say_what_they_cover_and_what_nobody_does(page: OrganisationPage, qtbot: QtBot) -> None:
    page.faces.choose(1)
    rest(page, qtbot)
    assert [line.host_name for line in page.centres.table.lines] == ["刘芳"]
    assert "还没有人联系的" in page.centres._words.text()
    model = page.centres.table.records
    assert "138****5678" in [model.data(model.index(0, at)) for at in range(model.columnCount())]


def test_a_span_is_changed_and_sorted_lists_keep_the_cursor(page: OrganisationPage, qtbot: QtBot) -> None:
    page.faces.choose(1)
    rest(page, qtbot)
    page.centres.change()
    page.centres.form.form.take_draft('{"span": "3栋"}')
    page.centres.form.save()
    rest(page, qtbot)
    assert page.centres.table.current.span == "3栋"
    page.centres.table.sort_asked.emit("homes", False)
    assert page.centres.table.current.host_name == "刘芳"


def test_taking_a_plaque_down_hides_the_household_until_the_filter_asks_for_it(
    page: OrganisationPage, qtbot: QtBot
) -> None:
    page.faces.choose(1)
    rest(page, qtbot)
    page.centres.end()
    page.centres.form.save()
    rest(page, qtbot)
    assert page.centres.table.lines == []
    assert page.centres._empty.words.startswith("还没有党员中心户")
    page.centres.bar.chips["state"].choose(["ended"])
    page.centres.bar.chips["state"].changed.emit()
    rest(page, qtbot)
    assert [line.host_name for line in page.centres.table.lines] == ["刘芳"]


def test_a_building_shows_who_answers_for_it_in_one_click_with_the_gaps(page: OrganisationPage, qtbot: QtBot) -> None:
    page.faces.choose(2)
    rest(page, qtbot)
    posts = page.contacts.chain.lines
    assert {post.slot.name for post in posts} >= {"网格员", "楼栋长", "社区民警", "党员中心户"}
    assert next(post for post in posts if post.slot.name == "党员中心户").line.name == "刘芳"
    assert page.contacts._summary.text().startswith("还缺：网格员、楼栋长")
    assert page.contacts.list.current.gaps == sum(not post.line.name for post in posts)


def test_a_post_is_given_to_somebody_and_the_gap_is_gone(page: OrganisationPage, qtbot: QtBot) -> None:
    page.faces.choose(2)
    rest(page, qtbot)
    at = next(at for at, post in enumerate(page.contacts.chain.lines) if post.slot.name == "社区民警")
    page.contacts.chain.point_at(at)
    page.contacts.assign()
    page.contacts.form.form.take_draft('{"name": "赵警官", "phone": "13900000001"}')
    page.contacts.form.save()
    rest(page, qtbot)
    assert page.contacts.chain.lines[at].line.name == "赵警官"
    model = page.contacts.chain.records
    assert model.data(model.index(at, 3)) == "139****0001"
    page.contacts.reveal.click()
    assert model.data(model.index(at, 3)) == "13900000001"
    stored = page.desk.app.db.row("SELECT slot,target_kind FROM contact_assignment")
    assert stored == ("police", "area")
    page.contacts.chain.point_at(at)
    page.contacts.end()
    page.contacts.form.form.take_draft('{"on": "2026-11-22"}')
    page.contacts.form.save()
    rest(page, qtbot)
    assert page.contacts.chain.lines[at].line.name == ""


def test_escape_closes_a_form_without_saving(page: OrganisationPage, qtbot: QtBot) -> None:
    page.tree.node.appoint()
    form = page.tree.node.form
    qtbot.keyClick(form, Qt.Key.Key_Escape)
    assert not form.is_open
    assert page.desk.app.db.scalar("SELECT count(*) FROM seat") == 1


def test_an_empty_community_offers_one_sentence_and_one_action(window: MainWindow, qtbot: QtBot) -> None:
    window.open_page("organisation")
    settle(qtbot, window.background)
    page = window.tabs.page("page:organisation")
    assert isinstance(page, OrganisationPage)
    assert page.tree._empty.words.startswith("还没有登记组织")
    page.tree.node.found_first()
    assert page.tree.node.form.is_open
    assert page.tree.node.form.isVisible()


def test_what_belongs_to_a_unit_below_is_seen_but_not_offered_for_change(page: OrganisationPage, qtbot: QtBot) -> None:
    pane = page.tree.node
    assert pane.is_ours
    with page.desk.app.db.applying("准备") as tx:
        tx.execute("UPDATE org_node SET scope=420299001001")
    page.refresh(frozenset())
    qtbot.waitUntil(lambda: not pane.is_ours, timeout=5000)
    assert "这里只能看" in pane.whose.text()
    assert not any(verb.isEnabled() for verb in pane.verb_buttons)
    for verb in (pane.appoint, pane.rename, pane.close_node, pane.found_below, pane.change_seat, pane.end_seat):
        verb()
    assert not pane.form.is_open


def test_who_holds_two_posts_of_a_building_team_is_shown(page: OrganisationPage, party: App, qtbot: QtBot) -> None:
    building = buildings_in_use(party.db)[0].id
    with party.db.transaction(party.actor, "准备") as tx:
        group = tx.add(OrgNode(line=LINES[0], level=4, kind="党小组", name="3栋党小组", building_id=building))
        for role in ("楼栋长", "卫生委员"):
            tx.add(Seat(node_id=group.id, role=role, name="王东", from_on="2024-01-01"))
    rest(page, qtbot)
    page.tree.point_at(group.id)
    rest(page, qtbot)
    told = [one.text() for one in page.tree.node.findChildren(QLabel) if "不止一职" in one.text()]
    assert told == ["王东一人担了不止一职，请看是否合适"]
