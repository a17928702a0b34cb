"""What goes wrong in the daily work has an answer in the window: in words, at its place, nothing typed lost."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.appeals import intake
from desktop_app.orders import actions, people
from desktop_app.orders.model import Helper, OrderEvent
from desktop_app.profiles import queries as profiles
from desktop_app.residents import actions as residents
from desktop_app.residents import merging
from desktop_app.residents.model import Person
from desktop_app.shared.resources import resource
from tests.ui.conftest import rest
from ui.main_window import MainWindow
from ui.pages.appeal import AppealPage
from ui.pages.appeal_form import AppealFormPage
from ui.pages.orders_record import OrderPage
from ui.pages.page import Page


@pytest.fixture
def opened(window: MainWindow, qtbot: QtBot) -> Callable[[str, str], Page]:
    """A record in its tab, at rest."""

    def open_it(kind: str, key: str) -> Page:
        window.open_record(kind, key)
        page = window.tabs.page(f"{kind}:{key}")
        assert page is not None
        rest(page, qtbot)
        return page

    return open_it


@pytest.fixture
def person(town: App) -> str:
    """Somebody who lives here."""
    return str(town.db.scalar("SELECT person_id FROM residence ORDER BY local_no LIMIT 1"))


def test_who_left_is_told_on_the_open_appeal_and_on_the_order_and_work_goes_on(
    town: App, person: str, opened: Callable[[str, str], Page], qtbot: QtBot
) -> None:
    appeal = intake.register(town.db, town.actor, intake.blank(town.db, title="灯不亮", person_id=person), accept=True)
    order = actions.place(town.db, town.actor, actions.blank(town.db, title="陪诊", colour="1", person_id=person))
    shown, placed = opened("appeal", appeal.id), opened("order", order.id)
    assert isinstance(shown, AppealPage)
    assert isinstance(placed, OrderPage)
    assert shown.remark.isHidden()
    residents.leave(town.db, town.actor, person, "迁出", "2026-11-21")
    for page in (shown, placed):
        page.refresh(frozenset())
        rest(page, qtbot)
    assert "已于2026-11-21迁出" in shown.remark.words
    assert "已于2026-11-21迁出" in placed.notice.words
    assert shown.buttons["补充"].isEnabled()


def test_an_appeal_of_a_merged_entry_leads_to_the_one_that_stays(
    town: App, person: str, opened: Callable[[str, str], Page]
) -> None:
    twin = residents.register(town.db, town.actor, Person(name="王晓明"))
    appeal = intake.register(town.db, town.actor, intake.blank(town.db, title="灯不亮", person_id=twin.id), accept=True)
    stays = merging.merge(town.db, town.actor, person, twin.id)
    page = opened("appeal", appeal.id)
    assert isinstance(page, AppealPage)
    assert page.shown is not None
    assert page.shown.appeal.person_id == stays.id


def test_of_two_who_took_an_order_apart_the_page_names_one_and_tells_of_the_other(
    town: App, opened: Callable[[str, str], Page]
) -> None:
    first, second = (
        people.add_helper(town.db, town.actor, Helper(name=name, colours="1")) for name in ("李四", "王五")
    )
    order = actions.place(town.db, town.actor, actions.blank(town.db, title="陪诊", colour="1"), first.id)
    seen = town.db.scalar("SELECT id FROM order_event WHERE order_id=? ORDER BY at DESC", (order.id,))
    with town.db.transaction(town.actor, "别处办理") as tx:
        for at, helper in enumerate((first, second), 1):
            tx.add(
                OrderEvent(
                    order_id=order.id, kind="接单", at=town.clock.ms() + at, on="2026-11-22", by_name="王强",
                    helper_id=helper.id, to_whom=helper.name, expects=str(seen),
                )
            )  # fmt: skip
    page = opened("order", order.id)
    assert isinstance(page, OrderPage)
    assert page.found is not None
    assert page.found.state.to_whom == "李四"
    assert "没有生效" in page.notice.words
    assert any("王五" in f"{line.to_whom}" for line in page.found.events)


@pytest.fixture
def retired(town: App) -> Iterator[Path]:
    """Where a community's own code tables stand."""
    own = town.home / "profiles" / "codes"
    own.mkdir(parents=True)
    yield own
    profiles.codes.cache_clear()


def test_a_retired_class_is_no_choice_for_what_is_new_and_stands_where_it_was_chosen(
    town: App, retired: Path, opened: Callable[[str, str], Page]
) -> None:
    appeal = intake.register(town.db, town.actor, intake.blank(town.db, title="灯不亮", klass="公共设施"), accept=True)
    text = resource("codes", "appeal_classes.toml").read_text("utf-8")
    line = next(line for line in text.splitlines() if '"公共设施"' in line)
    (retired / "appeal_classes.toml").write_text(
        text.replace(line, line.replace("}", ", valid_to = 2026-01-01}")), "utf-8"
    )
    profiles.codes.cache_clear()
    form, shown = opened("appeal-form", "new"), opened("appeal", appeal.id)
    assert isinstance(form, AppealFormPage)
    assert isinstance(shown, AppealPage)
    offered = [form.form.input("klass").itemText(at) for at in range(form.form.input("klass").count())]  # type: ignore[attr-defined]
    assert "公共设施" not in offered
    assert "电梯" in offered
    assert shown.shown is not None
    assert shown.shown.klass == "公共设施"
