"""A restored backup does not bring back who has ended, what somebody's password was, nor a role that was taken away."""

import json
import shutil

import pytest

from desktop_app import app as desk
from desktop_app.accounts import actions, lasting, managing, rights, rules, signing
from desktop_app.accounts.model import Account, Staff
from desktop_app.shared.errors import AppError
from tests.accounts.conftest import FIRST, FIRST_PASSWORD, OWN

LATER = "Spaeter-97531"


@pytest.fixture
def restored(app, tmp_path, clock):
    """Takes a backup, lets time and deeds go by, and opens the backup in a folder of its own."""
    opened = []

    def after(deeds, login=FIRST, password=FIRST_PASSWORD):
        copy = app.backup()
        clock.move(minutes=5)
        deeds()
        signing.sign_in(app.db, login, password)
        app.restore(copy.path, tmp_path / "neu")
        app.close()
        opened.append(desk.open_app(tmp_path / "neu", clock=clock))
        return opened[0]

    yield after
    for one in opened:
        one.close()


def test_an_account_that_ended_after_the_backup_stays_ended(db, admin, hire, account, restored):
    wang = hire("王芳", "worker")
    again = restored(lambda: managing.end_account(db, admin, account(wang), why="离职"))
    with pytest.raises(AppError, match="登录名或密码不对"):
        signing.sign_in(again.db, "wangfang", OWN)
    assert "1 个账号" in again.db.scalar("SELECT what FROM journal_action WHERE what LIKE '数据文件比%'")


def test_of_two_passwords_the_later_one_opens(db, admin, hire, restored):
    wang = hire("王芳", "worker")
    again = restored(lambda: signing.change_password(db, wang, OWN, LATER))
    with pytest.raises(AppError, match="登录名或密码不对"):
        signing.sign_in(again.db, "wangfang", OWN)
    assert signing.sign_in(again.db, "wangfang", LATER) == wang
    with pytest.raises(AppError, match="用过的密码"):
        signing.change_password(again.db, wang, LATER, OWN)


def test_a_role_that_was_taken_away_stays_away(db, admin, hire, account, restored):
    wang = hire("王芳", "secretary")
    again = restored(lambda: managing.change_account(db, admin, account(wang), roles=["worker"]))
    assert not rights.may(again.db, wang, "residents.erase")
    assert rights.may(again.db, wang, "residents.change")


def test_it_goes_to_the_server_with_the_stamp_it_had(db, admin, hire, account, restored):
    """Else the deed of this desk of long ago would win over a later one of another desk."""
    wang, stamps = account(hire("王芳", "worker")), []

    def deeds():
        managing.end_account(db, admin, wang)
        stamps.append(next(one.ts for one in lasting.now(db) if one.id == wang))

    again = restored(deeds)
    sql = "SELECT ts FROM sync_dirty WHERE tbl=? AND local_no=(SELECT local_no FROM account WHERE id=?)"
    assert again.db.scalar(sql, (Account.__table_no__, wang)) == stamps[0]


def test_an_older_file_in_the_place_of_the_store_is_no_way_round(app, admin, hire, account, clock, tmp_path):
    wang, home = hire("王芳", "worker"), app.home
    app.db.rows("SELECT 1")
    app.close()
    shutil.copyfile(home / desk.STORE, tmp_path / "alt.db")
    with desk.open_app(home, clock=clock) as opened:
        clock.move(minutes=5)
        signing.sign_in(opened.db, FIRST, FIRST_PASSWORD)
        managing.end_account(opened.db, admin, str(opened.db.scalar("SELECT id FROM account WHERE login='wangfang'")))
    for one in home.glob("linli.db*"):
        one.unlink()
    shutil.copyfile(tmp_path / "alt.db", home / desk.STORE)
    with desk.open_app(home, clock=clock) as opened:
        assert not rights.may(opened.db, wang, "residents.change")


def test_a_store_that_is_up_to_date_is_left_alone(app, admin, hire, clock):
    hire("王芳", "worker")
    home, before = app.home, app.db.scalar("SELECT max(no) FROM journal_action")
    app.close()
    with desk.open_app(home, clock=clock) as opened:
        assert lasting.put_in_force(opened.db, opened.secrets) == 0
        assert opened.db.scalar("SELECT max(no) FROM journal_action") == before


def test_many_accounts_lie_in_parts_a_keyring_can_take(app, admin, hire):
    with app.db.transaction(admin, "建账号") as tx:
        for number in range(30):
            tx.add(Account(staff_id=f"{number:032}", login=f"l{number}", password="x" * 97, password_on="2026-11-22"))
    names = [name for name in app.secrets.names() if name.startswith(lasting.NAME)]
    assert len(names) > 5
    assert all(len(app.secrets.get(name)) <= 1200 for name in names)
    assert sum(one.table == Account.__table_no__ for one in lasting.kept(app.secrets).found.values()) == 31


# ------------------------------------------------------------------------------- what must not happen instead


class Shared:
    """A keyring: one for all copies of a store."""

    kind = "keyring"

    def __init__(self):
        self.kept = {}

    def get(self, name):
        return self.kept.get(name)

    def put(self, name, value):
        self.kept[name] = value


def end(db, id_, cls=Account, on="2026-11-22"):
    with db.transaction(rights.SYSTEM, "停用") as tx:
        tx.change(cls, id_, to_on=on)


def test_the_last_who_could_sign_in_is_left_and_the_trail_says_so(db, admin, hire, account, restored):
    def deeds():
        hire("李静", "system", login="lijing")
        end(db, account(admin))

    again = restored(deeds, "lijing", OWN)
    assert rights.may(again.db, signing.sign_in(again.db, FIRST, FIRST_PASSWORD), rules.MANAGE)
    assert again.db.scalar("SELECT count(*) FROM journal_action WHERE what LIKE '%没有别的账号可以登录%'") == 1


def test_of_several_who_ended_the_one_who_ended_last_is_left(db, admin, hire, account, clock, restored):
    wang = hire("王芳", "worker")

    def deeds():
        hire("李静", "system", login="lijing")
        end(db, account(admin))
        clock.move(minutes=1)
        end(db, account(wang))

    again = restored(deeds, "lijing", OWN)
    assert [one.name for one in rights.holders(again.db)] == ["王芳"]


@pytest.fixture
def two_files(app, clock, tmp_path):
    """The store and a trial restore of it, with one keyring for both; `(kept, trial)`."""
    kept, opened = Shared(), []

    def trial():
        lasting.keep(app.db, kept)
        copy = app.backup()
        app.restore(copy.path, tmp_path / "neu")
        one = desk.open_app(tmp_path / "neu", clock=clock)
        opened.append(one)
        lasting.put_in_force(one.db, kept, restored=True)
        return one

    yield kept, trial
    for one in opened:
        one.close()


def test_what_happens_in_a_trial_restore_does_not_reach_the_store_in_use(db, admin, hire, account, clock, two_files):
    kept, trial = two_files
    wang = hire("王芳", "worker")
    other = trial()
    clock.move(minutes=5)
    end(other.db, account(wang))
    lasting.keep(other.db, kept)
    assert lasting.put_in_force(db, kept) == 0
    assert rights.may(db, wang, "residents.change")


def test_opening_an_older_file_forgets_no_account_it_does_not_know(app, admin, hire, account, clock, tmp_path):
    copy = app.backup()
    wang = account(hire("王芳", "worker"))
    app.restore(copy.path, tmp_path / "neu")
    with desk.open_app(tmp_path / "neu", clock=clock) as opened:
        assert wang not in {one.id for one in lasting.now(opened.db)}
        assert wang in lasting.kept(opened.secrets).found


def test_who_left_office_stays_away_and_may_come_back(db, admin, hire, clock, restored):
    """The end is that of the member of staff: the account has none of its own afterwards."""
    wang = hire("王芳", "worker")
    again = restored(lambda: end(db, wang.id, Staff))
    assert not rights.may(again.db, wang, "residents.change")
    clock.move(minutes=5)
    first = signing.sign_in(again.db, FIRST, FIRST_PASSWORD)
    actions.change_staff(again.db, first, wang.id, to_on=None)
    assert rights.may(again.db, wang, "residents.change")


@pytest.mark.parametrize("written", [b"nonsense", b"7", json.dumps([["x"] * 20]).encode(), b'[["x",null]]'])
def test_a_list_that_cannot_be_read_counts_as_none(app, admin, clock, written):
    home = app.home
    app.secrets.put(f"{lasting.NAME}-0", written)
    app.close()
    with desk.open_app(home, clock=clock) as opened:
        assert signing.sign_in(opened.db, FIRST, FIRST_PASSWORD) == admin


def test_of_two_lines_about_one_account_the_later_one_counts():
    secrets = Shared()
    lines = [lasting.Kept("a", ts, None, "", "", 0, "") for ts in (5, 9, 7)]
    secrets.put(f"{lasting.NAME}-0", json.dumps(lines).encode())
    assert lasting.kept(secrets).found["a"].ts == 9
