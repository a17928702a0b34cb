"""What goes wrong in the daily work has an answer on the command line: in words, with the next step, nothing lost."""

from pathlib import Path

import pytest

from desktop_app import app as desktop
from desktop_app.orders.model import OrderEvent
from desktop_app.profiles import queries as profiles
from desktop_app.residents import actions as residents
from desktop_app.residents import merging
from desktop_app.residents.model import Person
from desktop_app.shared.resources import resource
from tests.cli.conftest import Run


@pytest.fixture
def appeal(run: Run) -> str:
    """An appeal of 单守诚, accepted; its number."""
    made = run("appeal", "add", "楼道灯不亮", "--person", "单守诚", "--class", "公共设施", "--accept", "--json")
    return str(made.value["no"])


@pytest.fixture
def order(run: Run) -> str:
    """An order of the same resident; its number."""
    made = run("order", "add", "陪同复查", "--colour", "红", "--person", "单守诚", "--json")
    return str(made.value["no"])


def test_a_closed_appeal_is_acted_on_no_more_and_stays_as_it_is(run: Run, appeal: str) -> None:
    for words in (("办结", "--outcome", "已回应解决", "--text", "修好了"), ("评价", "--satisfaction", "满意")):
        assert run("appeal", "act", appeal, *words).code == 0
    late = run("appeal", "act", appeal, "派办", "--to", "物业")
    assert late.code == 1
    assert "已结案，不能派办，没有保存" in late.err
    assert "现在可以" in late.err
    shown = run("appeal", "show", appeal, "--json").value
    assert [event["kind"] for event in shown["events"]][-1] == "评价"


def test_who_moved_out_or_was_merged_is_told_and_the_work_goes_on(run: Run, filled: Path, appeal: str, order: str):
    with desktop.open_app(filled) as app:
        person = str(app.db.scalar("SELECT person_id FROM appeal WHERE no=?", (appeal,)))
        twin = residents.register(app.db, app.actor, Person(name="单守成"))
        stays = merging.merge(app.db, app.actor, person, twin.id)
        residents.leave(app.db, app.actor, stays.id, "迁出", app.clock.today().isoformat())
        day = app.clock.today().isoformat()
    for words in (("appeal", "show", appeal), ("order", "show", order)):
        told = run(*words)
        assert f"已于{day}迁出" in told.out, words
    assert run("appeal", "act", appeal, "补充", "--text", "由儿子接着反映").code == 0
    assert run("order", "act", order, "取消", "--text", "已迁出").code == 0


def test_of_two_who_took_an_order_apart_both_are_kept_and_told(run: Run, filled: Path, order: str) -> None:
    with desktop.open_app(filled) as app:
        db = app.db
        key = str(db.scalar("SELECT id FROM service_order WHERE no=?", (order,)))
        first, second = (
            str(row[0]) for row in db.rows("SELECT id FROM helper WHERE to_on IS NULL ORDER BY id LIMIT 2")
        )
        seen = db.scalar("SELECT id FROM order_event WHERE order_id=? ORDER BY at DESC", (key,))
        sent = _event(app, key, "派单", seen, first, 1)
        _event(app, key, "接单", sent, second, 3)
        _event(app, key, "接单", sent, first, 2)
        names = dict(db.rows("SELECT id,name FROM helper"))
    told = run("order", "show", order)
    assert names[first] in told.out
    assert "没有生效" in told.out
    assert names[second] in told.out, "what the other one wrote is there to read"
    assert run("order", "act", order, "完成", "--minutes", "30").code == 0


def _event(app: desktop.App, order_id: str, kind: str, expects: object, helper: str, later: int) -> str:
    """As it comes from another desk."""
    told = OrderEvent(
        order_id=order_id, kind=kind, at=app.clock.ms() + later, on=app.clock.today().isoformat(), by_name="王强",
        helper_id=helper, to_whom=str(app.db.scalar("SELECT name FROM helper WHERE id=?", (helper,))),
        expects=str(expects) if expects else None,
    )  # fmt: skip
    with app.db.transaction(app.actor, "别处办理") as tx:
        tx.add(told)
    return told.id


def test_a_retired_code_is_refused_for_what_is_new_and_read_where_it_stands(
    run: Run, filled: Path, appeal: str
) -> None:
    own = filled / "profiles" / "codes"
    own.mkdir(parents=True, exist_ok=True)
    text = resource("codes", "appeal_classes.toml").read_text("utf-8")
    line = next(line for line in text.splitlines() if '"公共设施"' in line)
    (own / "appeal_classes.toml").write_text(text.replace(line, line.replace("}", ", valid_to = 2026-01-01}")), "utf-8")
    profiles.codes.cache_clear()
    try:
        new = run("appeal", "add", "单元门坏了", "--class", "公共设施")
        assert new.code == 1
        assert "已停用" in new.err
        assert "没有保存" in new.err
        assert "公共设施" in run("appeal", "show", appeal).out
    finally:
        profiles.codes.cache_clear()
