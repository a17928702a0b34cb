"""Every role and every right: what the table says is what happens."""

from pathlib import Path

import pytest

from desktop_app.accounts import managing, matrix, policy, queries, rights, signing
from desktop_app.accounts.model import Account, Actor, Staff
from desktop_app.places import queries as places
from desktop_app.residents import actions as residents
from desktop_app.residents import queries as people
from desktop_app.residents import undoing
from desktop_app.residents.model import Person
from desktop_app.shared.actor import NOBODY, SYSTEM
from desktop_app.shared.errors import AppError
from tests.accounts.conftest import FIRST, FIRST_PASSWORD, OWN

ROOT = Path(__file__).resolve().parents[2]
ROLES, RIGHTS = policy.roles(), policy.rights()


@pytest.fixture
def holders(db, admin) -> dict[str, Actor]:
    """Somebody of each role, straight into the store: the first one's role cannot be given."""
    found = {}
    with db.transaction(SYSTEM, "建账号") as tx:
        for code in ROLES:
            person = tx.add(Staff(name=f"甲{code}"))
            tx.add(Account(staff_id=person.id, login=code, password="", password_on="2026-11-22", roles=f'["{code}"]'))
            found[code] = Actor(person.id, person.name)
    return found


def test_for_each_role_each_right_is_really_allowed_or_refused(db, holders):
    """The whole table, through the one door that every action goes through."""
    for code, actor in holders.items():
        for right in RIGHTS.values():
            cell = matrix.allowed(ROLES[code], right)
            if cell == "·":
                with pytest.raises(AppError, match="权限") as refused:
                    rights.demand(db, actor, right.code)
                assert right.name in refused.value.message
            else:
                rights.demand(db, actor, right.code)
            assert queries.may(db, actor, right.code) == (cell != "·")
        assert queries.rights_of(db, actor) == ROLES[code].holds


def test_the_page_in_docs_is_the_table():
    assert (ROOT / "docs" / "rights.md").read_text("utf-8") == matrix.markdown()


def test_every_right_is_held_by_a_role_and_every_role_says_what_it_is():
    held = {right for role in ROLES.values() for right in role.holds}
    assert set(RIGHTS) == held
    assert all(role.name and role.note and role.holds for role in ROLES.values())


def test_the_three_administrators_are_apart_and_none_of_them_sees_residents():
    three = [role for role in ROLES.values() if role.apart and role.granted]
    assert [role.code for role in three] == ["system", "security", "audit"]
    for role in three:
        assert not [
            right for right in role.holds if right.startswith(("residents.", "visits.", "appeals.", "privacy."))
        ]
    assert {role.code for role in ROLES.values() if "audit.read" in role.holds} == {"audit"}


def test_the_numbers_of_the_policy_are_marked_as_not_verified():
    assert policy.policy().verified is False
    assert (policy.policy().password_min, policy.policy().failures, policy.policy().lock_minutes) == (8, 5, 30)


def test_the_system_may_do_everything_and_nobody_nothing(db, admin):
    for right in RIGHTS:
        rights.demand(db, SYSTEM, right)
        with pytest.raises(AppError, match="还没有登录"):
            rights.demand(db, NOBODY, right)


def test_an_actor_without_an_account_may_do_nothing_once_there_is_one(db, admin):
    stranger = Actor("0" * 32, "路人")
    with pytest.raises(AppError, match="已停用"):
        residents.register(db, stranger, Person(name="王小明"))
    assert queries.rights_of(db, stranger) == frozenset()


def test_a_right_nobody_has_heard_of_is_refused(db, admin):
    with pytest.raises(AppError):
        rights.demand(db, admin, "moon.walk")


def test_several_roles_add_up_and_a_role_of_a_newer_program_allows_nothing(db, hire):
    both = hire("王芳", "street", "audit")
    assert queries.rights_of(db, both) == ROLES["street"].holds | ROLES["audit"].holds
    with db.transaction(SYSTEM, "新版本") as tx:
        tx.execute("UPDATE account SET roles='[\"inspector\"]' WHERE staff_id=?", (both.id,))
    assert queries.rights_of(db, both) == frozenset()


@pytest.mark.parametrize("told", ["", "null", "{}", "[1]", "not json", '"worker"'])
def test_a_column_that_holds_nonsense_gives_no_rights_and_breaks_nothing(db, hire, told):
    wang = hire("王芳", "worker")
    with db.transaction(SYSTEM, "坏") as tx:
        tx.execute("UPDATE account SET roles=?,grids=? WHERE staff_id=?", (told, told, wang.id))
    assert queries.rights_of(db, wang) == frozenset()


def test_a_role_that_is_taken_away_is_gone_at_once(db, hire, account, admin):
    wang = hire("王芳", "secretary")
    residents.register(db, wang, Person(name="王小明"))
    managing.change_account(db, admin, account(wang), roles=["street"])
    with pytest.raises(AppError, match="登记、修改居民"):
        residents.register(db, wang, Person(name="王小亮"))
    assert db.scalar("SELECT count(*) FROM person WHERE sync_del=0") == 1


def test_reading_asks_for_whom(db, hire, admin):
    """A query that takes only the store looks at who is signed in."""
    person = residents.register(db, admin, Person(name="王小明"))
    hire("赵系统", "system")
    assert people.find(db, "王小明")
    signing.sign_in(db, "zhaoxitong", OWN)
    for ask in (lambda: people.find(db, "王小明"), lambda: people.detail(db, person.id)):
        with pytest.raises(AppError, match="查看居民"):
            ask()
    signing.sign_out(db)
    with pytest.raises(AppError, match="还没有登录"):
        people.find(db, "王小明")
    with db.viewing(SYSTEM):
        assert people.find(db, "王小明")
    signing.sign_in(db, "zhaoxitong", OWN)
    with pytest.raises(AppError, match="查看区划"):
        places.grids(db)
    signing.sign_in(db, FIRST, FIRST_PASSWORD)
    assert places.grids(db) == []


def test_only_the_auditor_reads_the_trail(db, hire, admin):
    hire("孙审计", "audit")
    with pytest.raises(AppError, match="审计"):
        next(iter(queries.audit_lines(db)))
    signing.sign_in(db, "sunshenji", OWN)
    assert next(iter(queries.audit_lines(db))).what == "登录"


def test_nobody_undoes_what_he_may_not_do(db, hire, admin):
    residents.register(db, admin, Person(name="王小明"))
    number = db.scalar("SELECT max(no) FROM journal_action")
    with pytest.raises(AppError, match="登记、修改居民"):
        undoing.undo(db, hire("孙审计", "audit"), number)
    assert undoing.undo(db, hire("王芳", "counter"), number).undone == 2
    assert db.scalar("SELECT count(*) FROM person WHERE sync_del=0") == 0


def test_a_demand_costs_microseconds(db, admin):
    """Rights are looked up once after each commit, not once for each action."""
    asked = []
    rows = db.rows
    db.rows = lambda *told: asked.append(told) or rows(*told)
    for _ in range(1000):
        rights.demand(db, admin, "residents.read")
    assert len(asked) <= 1
    with db.transaction(admin, "改") as tx:
        tx.set_setting("anything", "else")
    rights.demand(db, admin, "residents.read")
    assert len(asked) <= 2


def test_signing_in_from_another_process_is_seen(app, db, admin, hire, account, home, clock):
    """What another process commits, such as a sync the window started, counts at the next demand."""
    from desktop_app import app as desk

    wang = hire("王芳", "worker")
    assert queries.may(db, wang, "residents.change")
    with desk.open_app(home, clock=clock) as other:
        signing.sign_in(other.db, FIRST, FIRST_PASSWORD)
        managing.end_account(other.db, other.actor, account(wang))
    assert not queries.may(db, wang, "residents.change")
    assert not signing.still_valid(db, wang)
