"""What administrators may do with the accounts of others, and what nobody may."""

import pytest

from desktop_app.accounts import actions, managing, queries, rules, signing
from desktop_app.accounts.model import Staff
from desktop_app.places import actions as places
from desktop_app.places.model import Area
from desktop_app.shared.errors import AppError
from tests.accounts.conftest import FIRST, FIRST_PASSWORD, OWN, TEMPORARY


@pytest.fixture
def three(hire, db, admin, account):
    """系统、安全、审计 administrators, and the first one who has handed over and works as 书记."""
    system, security, audit = hire("赵系统", "system"), hire("钱安全", "security"), hire("孙审计", "audit")
    managing.change_account(db, security, account(admin), roles=["secretary"], why="交接")
    return system, security, audit


def test_a_proposed_name_is_the_pinyin_and_a_figure_where_it_is_taken(db, admin):
    assert managing.proposed_login(db, "王芳") == "wangfang"
    managing.add_account(db, admin, "王芳", "wangfang", TEMPORARY)
    assert managing.proposed_login(db, "王芳") == "wangfang2"
    assert managing.proposed_login(db, "㛃") != ""


def test_a_sign_in_name_is_given_once(db, admin):
    with pytest.raises(AppError) as refused:
        managing.add_account(db, admin, "章三", "ZhangSan", TEMPORARY)
    assert refused.value.field == "login"


def test_a_member_of_staff_has_one_account(db, hire, admin):
    wang = hire("王芳", "worker")
    with pytest.raises(AppError, match="已经有账号"):
        managing.add_account(db, admin, "王芳", "wf", TEMPORARY, staff_id=wang.id)


def test_a_role_that_does_not_exist_and_the_first_ones_role_are_not_given(db, admin):
    for role in ("boss", "setup"):
        with pytest.raises(AppError) as refused:
            managing.add_account(db, admin, "王芳", "wangfang", TEMPORARY, roles=[role])
        assert refused.value.field == "roles"


@pytest.mark.parametrize("roles", [("system", "security"), ("system", "audit"), ("security", "audit")])
def test_nobody_holds_two_of_the_three(db, admin, roles):
    with pytest.raises(AppError, match="三员分立"):
        managing.add_account(db, admin, "王芳", "wangfang", TEMPORARY, roles=roles)


def test_one_of_the_three_may_work_as_well_where_there_are_few(db, hire):
    """A community of three: each is an administrator and does the daily work."""
    wang = hire("王芳", "system", "worker")
    assert {"accounts.manage", "residents.change"} <= queries.rights_of(db, wang)


def test_the_three_see_no_residents_and_each_does_his_own(db, three):
    system, security, audit = (queries.rights_of(db, one) for one in three)
    assert not any(right.startswith("residents.") for right in system | security | audit)
    assert "accounts.manage" in system - security - audit
    assert "accounts.roles" in security - system - audit
    assert "audit.read" in audit - system - security


def test_whoever_makes_accounts_gives_no_roles_and_the_other_way_round(db, three, account):
    system, security, _ = three
    with pytest.raises(AppError, match="授予角色"):
        managing.add_account(db, system, "王芳", "wangfang", TEMPORARY, roles=["secretary"])
    made = managing.add_account(db, system, "王芳", "wangfang", TEMPORARY)
    with pytest.raises(AppError, match="授予角色"):
        managing.change_account(db, system, made.id, roles=["secretary"])
    managing.change_account(db, security, made.id, roles=["secretary"])
    with pytest.raises(AppError, match="新增、停用账号"):
        managing.end_account(db, security, made.id)
    with pytest.raises(AppError, match="新增、停用账号"):
        managing.change_account(db, security, made.id, login="wf")


def test_nobody_changes_his_own_roles_password_of_others_way_or_end(db, three, account):
    system, security, _ = three
    with pytest.raises(AppError, match="自己的角色"):
        managing.change_account(db, security, account(security), roles=["secretary"])
    with pytest.raises(AppError, match="自己的密码"):
        managing.reset_password(db, system, account(system), "Neues-13579")
    with pytest.raises(AppError, match="自己的账号"):
        managing.end_account(db, system, account(system))


def test_the_last_who_may_manage_accounts_keeps_that_right(db, three, account):
    system, security, _ = three
    with pytest.raises(AppError, match="最后一个"):
        managing.change_account(db, security, account(system), roles=["worker"])
    with pytest.raises(AppError, match="最后一个"):
        managing.end_account(db, system, account(security))
    with pytest.raises(AppError, match="最后一个"):
        actions.change_staff(db, system, security.id, to_on="2026-11-22")


def test_who_left_office_does_not_sign_in(db, hire, admin):
    wang = hire("王芳", "worker")
    actions.change_staff(db, admin, wang.id, to_on="2026-11-22")
    assert not signing.still_valid(db, wang)
    with pytest.raises(AppError, match="登录名或密码不对"):
        signing.sign_in(db, "wangfang", OWN)
    assert "王芳" not in [one.name for one in queries.who_may_sign_in(db)]


def test_an_ended_account_frees_its_name_and_is_listed_on_request(db, hire, account, admin):
    wang = hire("王芳", "worker")
    managing.end_account(db, admin, account(wang))
    assert [line.account.login for line in queries.accounts(db, admin)] == [FIRST]
    assert [line.account.login for line in queries.accounts(db, admin, ended=True)] == [FIRST, "wangfang"]
    again = managing.add_account(db, admin, "王芳", "wangfang", TEMPORARY, staff_id=wang.id)
    assert again.staff_id == wang.id


def test_an_account_ends_today_or_before(db, hire, account, admin):
    wang = hire("王芳", "worker")
    for day in ("2026-11-23", "gestern"):
        with pytest.raises(AppError) as refused:
            managing.end_account(db, admin, account(wang), day)
        assert refused.value.field == "on"


def test_grids_are_grids(db, admin, app):
    grid = places.add_area(db, admin, Area(code="420299001001001", name="一网格", level="网格"))
    made = managing.add_account(db, admin, "王芳", "wangfang", TEMPORARY, roles=["worker"], grids=[grid.id])
    assert [line.grid_names for line in queries.accounts(db, admin)] == [(), ("一网格",)]
    with pytest.raises(AppError) as refused:
        managing.change_account(db, admin, made.id, grids=[app.community.id])
    assert refused.value.field == "grids"


def test_what_an_administrator_did_stands_in_the_trail_with_the_reason(db, hire, account, admin):
    wang = hire("王芳", "worker")
    managing.change_account(db, admin, account(wang), roles=["counter"], why="调岗")
    managing.end_account(db, admin, account(wang), why="辞职")
    found = db.rows("SELECT actor_name,what,why FROM journal_action WHERE why IS NOT NULL ORDER BY no")
    assert found == [
        ("张三", "修改账号：王芳，社工 → 综合岗", "调岗"),
        ("张三", "停用账号：王芳（wangfang）", "辞职"),
    ]


def test_the_first_administrator_is_told_to_hand_over_until_it_is_done(db, admin, hire, account):
    assert "系统管理员、安全管理员、审计管理员" in queries.handing_over(db)[0]
    hire("赵系统", "system"), hire("孙审计", "audit")
    security = hire("钱安全", "security")
    assert "收回张三" in queries.handing_over(db)[0]
    managing.change_account(db, security, account(admin), roles=["secretary"])
    assert queries.handing_over(db) == []


def test_nobody_sits_down_without_signing_in(db, admin):
    other = actions.add_staff(db, admin, Staff(name="王芳"))
    with pytest.raises(AppError, match="已启用账号"):
        actions.sit_down(db, other.id)


def test_an_administrator_anew_is_said_aloud_and_the_earlier_account_of_that_person_ends(db, admin, said):
    anew = signing.administrator_anew(db, "张三", "zhangsan2", "Wieder-13579")
    assert anew == admin
    assert "凭恢复单" in said()[-1]
    assert [one.login for one in queries.who_may_sign_in(db)] == ["zhangsan2"]
    with pytest.raises(AppError):
        signing.sign_in(db, FIRST, FIRST_PASSWORD)


def test_if_nobody_may_manage_accounts_any_more_the_secretary_may_else_the_oldest_account():
    """Two administrators can take it from each other while apart; all desks find the same answer."""
    from desktop_app.accounts.policy import roles
    from desktop_app.accounts.rules import Holder

    def holder(number: int, *held: str) -> Holder:
        return Holder(f"{number:032d}", f"s{number}", "", held, frozenset(), must_change=False)

    table = roles()
    assert rules.keepers([holder(1, "system"), holder(2, "security")], table) == {}
    assert rules.keepers([holder(1, "worker"), holder(2, "secretary"), holder(3, "secretary")], table) == {
        "accounts.manage": f"{2:032d}",
        "accounts.roles": f"{2:032d}",
    }
    assert rules.keepers([holder(2, "security"), holder(1, "worker")], table) == {"accounts.manage": f"{1:032d}"}
    assert rules.keepers([], table) == {}
