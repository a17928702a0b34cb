"""Accounts at two desks and a real server: what is taken away at one is gone at the other."""

import json

import pytest

from desktop_app import app as desktop
from desktop_app.accounts import managing, queries, rights, signing
from desktop_app.accounts.rights import holders
from desktop_app.residents import actions as residents
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError
from desktop_app.sync import conflicts, outbox
from desktop_app.sync.wire import CODEC
from desktop_app.upkeep.elsewhere import accounts_of_then, restore_elsewhere
from sync_protocol import codec
from sync_protocol.behaviours import Reach, rules_of
from tests.sync.desks import Desk

ADMIN, WANG, TEMPORARY = "Jiangshan-2026", "Gongzuo-1357", "Linshi-2468"


def settle(*desks) -> None:
    for _ in range(2):
        for desk in desks:
            desk.sync()


def account(desk, login) -> str:
    return desk.db.scalar("SELECT id FROM account WHERE login=? AND to_on IS NULL ORDER BY id", (login,))


@pytest.fixture
def office(first, second):
    """张三 set the first desk up; 王芳, another administrator of accounts, works at the second."""
    signing.first_administrator(first.db, "张三", "zhangsan", ADMIN)
    managing.add_account(first.db, first.app.actor, "王芳", "wangfang", TEMPORARY, roles=["system"])
    settle(first, second)
    wang = signing.sign_in(second.db, "wangfang", TEMPORARY)
    signing.change_password(second.db, wang, TEMPORARY, WANG)
    settle(first, second)
    return first, second


def test_an_account_made_at_one_desk_signs_in_at_the_other_and_its_pin_stays_where_it_was_set(office):
    first, second = office
    wang = second.app.actor
    assert wang.name == "王芳"
    signing.set_pin(second.db, wang, WANG, "2580")
    settle(first, second)
    with pytest.raises(AppError, match="不能用 PIN"):
        signing.sign_in_with_pin(first.db, wang.id, "2580")
    assert signing.sign_in(first.db, "wangfang", WANG) == wang
    assert first.replica() == second.replica()


def test_accounts_go_to_the_desks_of_the_community_and_nowhere_else():
    assert rules_of("account").reach is Reach.HOME
    assert rules_of("account").follows is None


def test_who_is_ended_at_one_desk_is_out_at_the_other_with_the_next_sync(office):
    first, second = office
    wang = second.app.actor
    signing.set_pin(second.db, wang, WANG, "2580")
    managing.end_account(first.db, first.app.actor, account(first, "wangfang"), why="离职")
    assert signing.still_valid(second.db, wang)  # nobody has told this desk yet
    settle(first, second)
    assert not signing.still_valid(second.db, wang)
    with pytest.raises(AppError, match="已停用"):
        rights.demand(second.db, wang, "accounts.manage")
    with pytest.raises(AppError, match="登录名或密码不对"):
        signing.sign_in(second.db, "wangfang", WANG)
    with pytest.raises(AppError, match="不能用 PIN"):
        signing.sign_in_with_pin(second.db, wang.id, "2580")


def test_a_password_reset_elsewhere_ends_the_session_here(office):
    first, second = office
    wang = second.app.actor
    managing.reset_password(first.db, first.app.actor, account(first, "wangfang"), "Neues-13579")
    settle(first, second)
    assert not signing.still_valid(second.db, wang)
    assert queries.rights_of(second.db, wang) == frozenset()


def test_a_password_changed_elsewhere_puts_the_pin_here_to_rest_until_it_was_used_here(office):
    first, second = office
    wang = second.app.actor
    signing.set_pin(second.db, wang, WANG, "2580")
    signing.change_password(first.db, signing.sign_in(first.db, "wangfang", WANG), WANG, "Neues-13579")
    settle(first, second)
    with pytest.raises(AppError, match="不能用 PIN"):
        signing.sign_in_with_pin(second.db, wang.id, "2580")
    signing.sign_in(second.db, "wangfang", "Neues-13579")
    assert signing.sign_in_with_pin(second.db, wang.id, "2580") == wang


def test_two_who_take_it_from_each_other_while_apart_leave_it_to_the_same_one_at_every_desk(office):
    """张三 takes the role from 王芳; 王芳 meanwhile ends his account: nobody would be left to manage accounts."""
    first, second = office
    managing.add_account(first.db, first.app.actor, "钱安全", "qian", TEMPORARY, roles=["security"])
    settle(first, second)
    managing.change_account(first.db, first.app.actor, account(first, "wangfang"), roles=["worker"])
    managing.end_account(second.db, second.app.actor, account(second, "zhangsan"))
    settle(first, second)
    for desk in (first, second):
        assert [(one.name, one.roles) for one in holders(desk.db)] == [("王芳", ("worker",)), ("钱安全", ("security",))]
        held = queries.rights_of(desk.db, second.app.actor)
        assert {"accounts.manage", "residents.change"} <= held
        assert "accounts.roles" not in held
        assert conflicts.count_open(desk.db) == 0
    assert first.replica() == second.replica()


def test_two_passwords_chosen_while_apart_leave_the_later_one_and_no_conflict_that_shows_the_other(office):
    first, second = office
    wang = second.app.actor
    signing.sign_in(first.db, "wangfang", WANG)
    second.clock.move(minutes=5)
    signing.change_password(first.db, wang, WANG, "Erstes-13579")
    signing.change_password(second.db, wang, WANG, "Zweites-13579")
    settle(first, second)
    for desk in (first, second):
        assert signing.sign_in(desk.db, "wangfang", "Zweites-13579") == wang
        assert desk.db.scalar("SELECT count(*) FROM conflict") == 0
    assert first.replica() == second.replica()


def test_a_name_given_at_two_desks_while_apart_signs_each_in_with_his_own_password_and_is_shown(office):
    first, second = office
    managing.add_account(first.db, first.app.actor, "李静", "lijing", TEMPORARY)
    managing.add_account(second.db, second.app.actor, "李晶", "lijing", WANG)
    settle(first, second)
    for desk in (first, second):
        assert signing.sign_in(desk.db, "lijing", TEMPORARY).name == "李静"
        assert signing.sign_in(desk.db, "lijing", WANG).name == "李晶"
    admin = signing.sign_in(first.db, "zhangsan", ADMIN)
    assert [line.twice for line in queries.accounts(first.db, admin)] == [False, False, True, True]


def test_a_desk_that_joins_becomes_strict_with_its_first_sync(first, make_desk):
    signing.first_administrator(first.db, "张三", "zhangsan", ADMIN)
    first.sync()
    third = make_desk("三号机")
    assert not queries.has_accounts(third.db)
    third.sync()
    assert queries.has_accounts(third.db)
    with pytest.raises(AppError, match="还没有登录"):
        rights.demand(third.db, third.app.actor, "residents.change")


def test_the_sync_goes_on_with_nobody_signed_in(office):
    first, second = office
    first.app.sign_out()
    second.app.sign_out()
    settle(first, second)
    assert first.replica() == second.replica()


# ------------------------------------------------------------------------- a desk that was set up by itself joins later


@pytest.fixture
def alone(make_desk):
    """李独 has set his desk up by himself and worked; the code to join is there, no exchange yet."""
    desk = make_desk("三号机")
    signing.first_administrator(desk.db, "李独", "lidu", "Danwei-2026")
    residents.register(desk.db, desk.app.actor, Person(name="独居"))
    return desk


def test_accounts_of_before_end_where_the_community_has_its_own(first, second, alone):
    signing.first_administrator(first.db, "张三", "zhangsan", ADMIN)
    first.sync()
    before = alone.app.actor
    alone.sync()
    assert not signing.still_valid(alone.db, before)
    with pytest.raises(AppError, match="登录名或密码不对"):
        signing.sign_in(alone.db, "lidu", "Danwei-2026")
    assert signing.sign_in(alone.db, "zhangsan", ADMIN)
    assert "李独（lidu）" in alone.db.scalar("SELECT what FROM journal_action WHERE what LIKE '社区已有账号%'")
    settle(first, second, alone)
    assert [one.login for one in queries.who_may_sign_in(second.db)] == ["zhangsan"]
    assert first.db.scalar("SELECT count(*) FROM account") == 1
    assert first.db.scalar("SELECT name FROM person") == "独居"  # what was recorded comes along
    assert first.replica() == second.replica() == alone.replica()
    assert alone.db.scalar("SELECT count(*) FROM sync_dirty") == 0


def test_accounts_of_before_are_the_communitys_first_where_it_has_none(first, alone):
    alone.sync()
    assert alone.app.actor.name == "李独"
    first.sync()
    assert signing.sign_in(first.db, "lidu", "Danwei-2026").name == "李独"
    settle(first, alone)
    assert first.replica() == alone.replica()


def test_until_it_has_heard_the_community_no_account_of_a_desk_travels(first, alone):
    """The exchange breaks off after the first answer."""
    signing.first_administrator(first.db, "张三", "zhangsan", ADMIN)
    first.sync()
    with alone.db.applying() as tx:
        box = outbox.freeze(tx)
    assert box is not None
    assert "lidu" not in json.dumps(CODEC.unpack(box.body, codec.PAGE_CAP), default=str)


def test_once_it_belongs_to_the_community_a_desk_offers_its_accounts_at_once(office):
    first, second = office
    managing.add_account(second.db, second.app.actor, "李静", "lijing", TEMPORARY)
    settle(second, first)
    assert account(first, "lijing")


# ------------------------------------------------------------------------------------------ restored on another machine


def test_on_another_machine_the_accounts_of_a_backup_hold_until_its_first_sync_and_the_desk_says_so(
    office, server, clock, tmp_path
):
    """Nothing there knows that 王芳 was ended after the backup; once it has synced she is out, and nothing is said."""
    first, second = office
    code = first.app.new_recovery_code()
    copy = first.app.backup().path
    managing.end_account(first.db, first.app.actor, account(first, "wangfang"), why="离职")
    settle(first, second)
    clock.move(days=2)
    restore_elsewhere(copy, code, tmp_path / "别处")
    there = Desk(tmp_path / "别处", server, clock)
    try:
        assert signing.sign_in(there.db, "wangfang", WANG).name == "王芳"
        said = accounts_of_then(there.db)
        assert "停用的账号在这里还能登录" in said
        assert "接入服务器并同步一次" in said
        there.reopen()
        assert accounts_of_then(there.db) == said
        signing.sign_in(there.db, "zhangsan", ADMIN)
        there.enrol("三号机")
        settle(there)
        with pytest.raises(AppError, match="登录名或密码不对"):
            signing.sign_in(there.db, "wangfang", WANG)
        assert accounts_of_then(there.db) == ""
    finally:
        there.app.close()


def test_a_backup_restored_on_its_own_computer_says_nothing_since_the_desk_knows_the_accounts(office, tmp_path):
    first, _ = office
    copy = first.app.backup().path
    first.app.restore(copy, tmp_path / "旁边")
    with desktop.open_app(tmp_path / "旁边", clock=first.clock) as restored:
        assert accounts_of_then(restored.db) == ""


def test_a_restored_store_without_a_server_says_for_a_month_that_its_accounts_are_to_be_looked_through(
    make_desk, clock, tmp_path
):
    alone = make_desk("独一台", enrolled=False)
    signing.first_administrator(alone.db, "张三", "zhangsan", ADMIN)
    code, copy = alone.app.new_recovery_code(), alone.app.backup().path
    restore_elsewhere(copy, code, tmp_path / "别处")
    with desktop.open_app(tmp_path / "别处", clock=clock) as restored:
        assert "逐个核对" in accounts_of_then(restored.db)
        clock.move(days=31)
        assert accounts_of_then(restored.db) == ""
