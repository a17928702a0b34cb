"""A community writes its rules anew: from a day on, for all its desks, and nothing old loses its rules."""

import pytest

from desktop_app.accounts import managing, signing
from desktop_app.accounts.model import Actor
from desktop_app.app import open_app
from desktop_app.practice import actions, queries, rules
from desktop_app.practice.shapes import shapes
from desktop_app.profiles.desk import desk_codes, town_of
from desktop_app.shared.errors import AppError

TODAY, LATER = "2026-11-22", "2027-01-01"
NAME = "codes/appeal_channels"


@pytest.fixture
def laid_out(db, actor):
    """The store with what an `App` does after each commit."""
    db.changed.append(lambda tables: actions.follow_up(db, tables))
    yield db
    actions.forget()


def renamed(text, old, new):
    assert old in text
    return text.replace(old, new)


def write(db, actor, content, name=NAME, from_on=TODAY):
    return actions.adopt(db, actor, name, content, from_on=from_on, why="街道通知")


def test_a_new_name_of_a_code_is_read_at_once(laid_out, actor):
    write(laid_out, actor, renamed(queries.shipped(NAME), 'name = "巡诊"', 'name = "网格巡诊日"'))
    assert desk_codes(laid_out, "appeal_channels").find("6").name == "网格巡诊日"


def test_the_form_of_another_file_offers_the_communitys_own_codes(laid_out, actor):
    elements = "codes/meeting_elements"
    text = renamed(
        queries.shipped(elements), "entries = [", 'entries = [\n    {code = "h1", name = "签到照片", where = ""},'
    )
    write(laid_out, actor, text, elements)
    parts = shapes("codes/meeting_types", laid_out.path.parent)
    required = next(field for part in parts for field in part.fields if field.key == "required")
    assert required.read("签到照片") == (["h1"], "")


def test_a_change_that_holds_from_a_later_day_waits_for_it(laid_out, actor, clock):
    write(laid_out, actor, renamed(queries.shipped(NAME), 'name = "巡诊"', 'name = "网格巡诊日"'), from_on=LATER)
    assert desk_codes(laid_out, "appeal_channels").find("6").name == "巡诊"
    (line,) = queries.books(laid_out, TODAY, NAME)
    assert (line.own, line.coming) == (False, LATER)
    assert "网格巡诊日" in queries.text_of(laid_out, NAME, LATER)


def test_a_level_of_the_town_gets_the_communitys_own_name(laid_out, actor):
    name = f"profiles/{town_of(laid_out).code}"
    text = renamed(queries.shipped(name), 'kind = "党员中心户"', 'kind = "党员先锋户"')
    write(laid_out, actor, text, name)
    assert town_of(laid_out).level("党组织", 5).kind == "党员先锋户"


def test_a_desk_with_accounts_opens_by_its_own_rules_before_anybody_signs_in(home, clock):
    """And lays them out anew whoever sits there when they change: most roles may not look at them."""
    with open_app(home, clock=clock) as app:
        admin = signing.first_administrator(app.db, "张三", "zhangsan", "Jiangshan-2026")
        managing.add_account(app.db, admin, "李静", "lijing", "Linshi-2468", roles=("worker",))
        write(app.db, admin, renamed(queries.shipped(NAME), 'name = "巡诊"', 'name = "网格巡诊日"'))
    actions.forget()
    with open_app(home, clock=clock) as app:
        assert desk_codes(app.db, "appeal_channels").find("6").name == "网格巡诊日"
        (laid_out,) = (home / "profiles" / "codes").iterdir()
        laid_out.unlink()
        with app.db.viewing(Actor(*app.db.row("SELECT id,name FROM staff WHERE name='李静'"))):
            app.db.changed.tell(frozenset({"rule_book"}))
        assert laid_out.exists()
    actions.forget()


def test_going_back_brings_the_shipped_rules(laid_out, actor):
    write(laid_out, actor, renamed(queries.shipped(NAME), 'name = "巡诊"', 'name = "网格巡诊日"'))
    actions.give_back(laid_out, actor, NAME, from_on=TODAY, why="试行结束")
    assert desk_codes(laid_out, "appeal_channels").find("6").name == "巡诊"
    assert len(queries.versions(laid_out, NAME)) == 2


def test_a_code_in_use_cannot_be_deleted(laid_out, actor):
    lines = [line for line in queries.shipped(NAME).splitlines() if 'code = "6"' not in line]
    with pytest.raises(AppError, match="不能删去 6"):
        write(laid_out, actor, "\n".join(lines))
    assert not queries.versions(laid_out, NAME)


def test_a_code_of_ones_own_cannot_be_lost_by_going_back(laid_out, actor):
    text = renamed(queries.shipped(NAME), "entries = [", 'entries = [\n    {code = "88", name = "流动驿站"},')
    write(laid_out, actor, text)
    with pytest.raises(AppError, match="不能删去 88"):
        actions.give_back(laid_out, actor, NAME, from_on=TODAY, why="试行结束")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("entries = [", "末尾没有写完"),
        ("a = 1\nb = = 2", "第 2 行"),
        ('title = "渠道"', "缺少“source_note”"),
        ("", "缺少"),
    ],
)
def test_what_cannot_be_read_is_told_and_not_kept(laid_out, actor, content, words):
    with pytest.raises(AppError) as told:
        write(laid_out, actor, content)
    assert words in str(told.value)
    assert told.value.field == "content"
    assert not queries.versions(laid_out, NAME)


def test_yesterday_keeps_its_rules(laid_out, actor):
    with pytest.raises(AppError, match="不能早于今天"):
        write(laid_out, actor, renamed(queries.shipped(NAME), "巡诊", "巡访"), from_on="2026-11-21")


def test_who_may_do_what_is_no_local_matter():
    assert not any("rights" in name or "masking" in name or "privacy" in name for name in rules.BOOKS)


@pytest.mark.parametrize("name", rules.BOOKS)
def test_every_file_can_be_read_as_it_is_shipped(name):
    assert rules.read(name, queries.shipped(name))
