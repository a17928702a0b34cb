"""With large letters on a small screen: nothing is cut at the right, cards go on below, long words end in …"""

import json

import pytest
from PySide6.QtWidgets import QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.matters.quarter import MEETINGS
from desktop_app.meetings.model import Meeting
from desktop_app.organisation.model import OrgNode, PartyCentreHousehold
from desktop_app.profiles.town import LINES
from desktop_app.store.conflict import Conflict
from tests.ui.conftest import rest
from ui.main_window import MainWindow
from ui.widgets.elided import ElidedButton
from ui.widgets.flow import Beside

LONG = "关于红旗小区单车棚漏雨、充电桩不足和消防通道被占用三件事的居民议事协商会议（第二次）"
FACES = (("syncing", 0), ("matters", 2), ("organisation", 1))
MINUTE = 60_000 << 16


@pytest.fixture
def full(town: App) -> App:
    """Two telephones that both count, a meeting with a long name in the quarter, a household with a telephone."""
    with town.db.transaction(town.actor, "准备") as tx:
        person = town.db.scalar("SELECT id FROM person WHERE phones<>'' LIMIT 1")
        tx.add(
            Conflict(
                tbl="person",
                row_id=person,
                field="phones",
                kind="field",
                win_by=town.actor.id,
                win_dev=1,
                lose_dev=2,
                win_ts=MINUTE,
                lose_ts=2 * MINUTE,
                win_value=json.dumps("13800005678"),
                lose_value=json.dumps("13900001111"),
            )
        )
        tx.add(Meeting(kind=MEETINGS[0], title=LONG, starts_at="2026-11-10 09:00"))
        branch = tx.add(OrgNode(line=LINES[0], level=2, kind="社区党组织", name="和平社区党委"))
        tx.add(PartyCentreHousehold(node_id=branch.id, host_name="刘芳", phones="13800005678", from_on="2024-07-01"))
    return town


def cut(window: MainWindow) -> list[str]:
    """What is wider than the place it is looked at through."""
    assert window.tabs.current is not None
    areas = [one for one in window.tabs.current.page.findChildren(QScrollArea) if one.isVisible() and one.widget()]
    assert areas
    wide = [(one.widget(), one.viewport()) for one in areas if one.widget().width() > one.viewport().width()]
    return [f"{type(inner.parentWidget()).__name__}: {inner.width()} > {seen.width()}" for inner, seen in wide]


@pytest.mark.parametrize(("key", "face"), FACES)
def test_nothing_is_cut_at_the_right(full: App, window: MainWindow, qtbot: QtBot, key: str, face: int):
    window.open_page(key)
    page = window.tabs.page(f"page:{key}")
    rest(page, qtbot)
    page.faces.choose(face)
    for px, width, height in ((20, 1366, 728), (20, 1024, 600), (14, 1024, 600)):
        window.theme.apply("light", px)
        window.resize(width, height)
        rest(page, qtbot)
        assert cut(window) == []


def test_a_long_name_in_the_quarter_ends_in_dots_and_is_told_whole(full: App, window: MainWindow, qtbot: QtBot):
    window.theme.apply("light", 20)
    window.open_page("matters")
    page = window.tabs.page("page:matters")
    page.faces.choose(2)
    rest(page, qtbot)
    (link,) = [one for one in page.quarter.findChildren(ElidedButton) if one.accessibleName() == LONG]
    assert link.text().endswith("…")
    assert link.toolTip() == LONG


def test_cards_stand_side_by_side_where_there_is_room_and_below_one_another_where_not(qtbot: QtBot):
    cards = [QLabel("一张不能再窄的卡片"), QLabel("窄的")]
    both = Beside(*cards)
    qtbot.addWidget(both)
    both.show()
    one = both.minimumSizeHint().width()
    assert one == cards[0].minimumSizeHint().width()
    for width, beside in ((2 * one + 40, True), (2 * one, False), (2 * one + 40, True)):
        both.resize(width, 200)
        qtbot.wait(1)
        assert (cards[0].y() == cards[1].y()) is beside
