"""A store in which people have signed in stays strict, whatever becomes of its accounts; small ways round it."""

import shutil
from contextlib import suppress
from threading import Barrier, Thread

import pytest

from desktop_app import app as desk
from desktop_app.accounts import failures, managing, queries, rights, signing
from desktop_app.accounts.model import Staff
from desktop_app.attachments import actions as attachments
from desktop_app.attachments import queries as files
from desktop_app.attachments.model import Attachment
from desktop_app.privacy import policy as privacy
from desktop_app.privacy import sealing
from desktop_app.residents import actions as residents
from desktop_app.residents import undoing
from desktop_app.residents.model import Person
from desktop_app.shared.actor import NOBODY, SYSTEM
from desktop_app.shared.errors import AppError
from desktop_app.shared.ids import new_id
from desktop_app.store.conflict import Conflict
from desktop_app.sync import conflicts
from tests.accounts.conftest import FIRST, FIRST_PASSWORD, OWN


def test_tombstones_of_all_accounts_do_not_open_the_store(app, admin):
    with app.db.applying() as tx:  # as a pull brings them
        tx.execute("UPDATE account SET sync_del=1")
    assert queries.has_accounts(app.db)
    for nobody in (NOBODY, admin):
        with pytest.raises(AppError):
            residents.register(app.db, nobody, Person(name="王小明"))
    with pytest.raises(AppError, match="没有一个还能登录"):
        signing.first_administrator(app.db, "李四", "lisi", "Wieder-13579")
    assert rights.may(app.db, SYSTEM, "accounts.manage")


def test_rows_of_accounts_that_are_gone_altogether_do_not_open_the_store(app, home, admin, clock):
    """A repair may lose a table, and a desk that goes to another unit forgets what is not its own."""
    with app.db.applying("清理", purge=True) as tx:
        tx.execute("DELETE FROM account")
    app.close()
    with desk.open_app(home, clock=clock) as again:
        assert queries.has_accounts(again.db)
        assert again.actor == NOBODY
        assert not rights.may(again.db, admin, "residents.read")


def test_taking_back_the_first_account_does_not_open_the_store(db, admin):
    action = db.scalar("SELECT no FROM journal_action WHERE what LIKE '设立初始管理员%'")
    with suppress(AppError):
        undoing.undo(db, admin, action)
    assert queries.has_accounts(db)
    assert rights.may(db, admin, "accounts.manage")


def test_a_backup_of_before_the_accounts_opens_strictly_until_the_sheet_says_otherwise(app, tmp_path, clock):
    before = app.backup()
    signing.first_administrator(app.db, "张三", FIRST, FIRST_PASSWORD)
    code = app.new_recovery_code()
    app.restore(before.path, tmp_path / "以前")
    with desk.open_app(tmp_path / "以前", clock=clock) as old:
        assert old.actor == NOBODY
        assert not rights.may(old.db, NOBODY, "residents.read")
        with pytest.raises(AppError, match="没有一个还能登录"):
            signing.first_administrator(old.db, "李四", "lisi", "Wieder-13579")
        old.must_fit(code)
        anew = signing.administrator_anew(old.db, "李四", "lisi", "Wieder-13579")
        assert rights.may(old.db, anew, "accounts.manage")


def test_an_old_file_put_in_the_place_of_the_store_opens_strictly(app, home, clock, tmp_path):
    """The file of before the accounts, with the key of this desk."""
    app.restore(app.backup().path, tmp_path / "以前")
    admin = signing.first_administrator(app.db, "张三", FIRST, FIRST_PASSWORD)
    app.close()
    shutil.copyfile(tmp_path / "以前" / desk.STORE, home / desk.STORE)
    for ending in ("-wal", "-shm"):
        (home / f"{desk.STORE}{ending}").unlink(missing_ok=True)
    with desk.open_app(home, clock=clock) as again:
        assert again.actor == NOBODY
        assert not rights.may(again.db, admin, "residents.read")


def test_nobody_changes_his_own_grids(db, admin, account):
    from desktop_app.places.model import Area

    with db.transaction(SYSTEM, "网格") as tx:
        grid = tx.add(Area(name="一网格", level="网格", code="1"))
    with pytest.raises(AppError, match="自己的网格"):
        managing.change_account(db, admin, account(admin), grids=[grid.id])


def test_failures_of_several_processes_at_once_are_all_counted(db, admin):
    """Each reads the count where nobody else writes."""
    gate = Barrier(4)

    def fail() -> None:
        gate.wait()
        failures.note(db, FIRST, "张三")

    threads = [Thread(target=fail) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failures.note(db, FIRST, "张三").locked_at is not None


def test_the_content_of_an_attachment_is_for_whoever_may_see_attachments(db, hire, tmp_path):
    made = Attachment(owner_table="person", owner_id=new_id(), title="身份证", kind="photo", mime="image/png",
                      size=3, sha256="0" * 64, at=0)  # fmt: skip
    hire("孙审计", "audit", login="sun")
    signing.sign_in(db, "sun", OWN)
    for ask in (
        lambda: attachments.content(db, made),
        lambda: attachments.want(db, made),
        lambda: attachments.save_as(db, made, tmp_path / "x.png"),
    ):
        with pytest.raises(AppError, match="查看附件"):
            ask()


def test_a_worker_opens_and_changes_no_file_of_somebody_under_seal(db, hire, tmp_path):
    wang = hire("王芳", "worker", login="wf")
    with db.applying() as tx:
        made = tx.add(Attachment(owner_table="sealed_record", owner_id=new_id(), title="封存的附件", kind="photo",
                                 mime="image/png", size=3, sha256="0" * 64, at=0))  # fmt: skip
    with db.viewing(wang):
        for ask in (
            lambda: files.of(db, "sealed_record", made.owner_id),
            lambda: attachments.content(db, made, "想看看"),
            lambda: attachments.want(db, made, "想看看"),
            lambda: attachments.save_as(db, made, tmp_path / "x.png", "想看看"),
            lambda: attachments.rename(db, wang, made.id, "别的", "想看看"),
            lambda: attachments.detach(db, wang, made.id, "想看看"),
        ):
            with pytest.raises(AppError, match="权限"):
                ask()
    assert db.get(Attachment, made.id).title == "封存的附件"


def test_settling_a_clash_brings_nobody_back_into_office(db, hire, admin):
    wang = hire("王芳", "worker", login="wf")
    gone = Staff(name="刘离岗", to_on="2026-01-01")
    with db.transaction(SYSTEM, "冲突") as tx:
        tx.add(gone)
        clash = tx.add(
            Conflict(tbl="staff", row_id=gone.id, field="to_on", kind="field", win_value='"2026-01-01"',
                     lose_value="null", status="open")
        )  # fmt: skip
    with pytest.raises(AppError, match="账号"):
        conflicts.swap(db, wang, clash.id)
    assert db.get(Staff, gone.id).to_on == "2026-01-01"
    conflicts.swap(db, admin, clash.id)
    assert db.get(Staff, gone.id).to_on is None


def test_a_worker_takes_back_no_key_of_sealed_records(app, hire, admin):
    wang = hire("王芳", "worker", login="wf")
    sealing.set_passphrase(app.db, admin, app.secrets, "Mifeng-2026-Kouling")
    action = app.db.scalar("SELECT max(action) FROM journal_change")
    with pytest.raises(AppError, match="权限"):
        undoing.undo(app.db, wang, action)
    assert sealing.current(app.db) is not None


def test_an_own_copy_of_the_privacy_rules_asks_more_and_never_less(tmp_path):
    """The file lies in the clear beside the store."""
    shipped = privacy.policy()
    text = privacy.resource("codes", "privacy.toml").read_text("utf-8")
    own = tmp_path / "profiles" / "codes" / "privacy.toml"
    own.parent.mkdir(parents=True)
    loose = text.replace("full_needs_approval_above = 50", "full_needs_approval_above = -1")
    loose = loose.replace("minors_need_approval = true", "minors_need_approval = false")
    own.write_text(loose.replace('reason = ["id_no", "health", "minor"]', "reason = []"), "utf-8")
    assert privacy.policy(tmp_path) == shipped
    tight = tmp_path / "紧" / "profiles" / "codes" / "privacy.toml"
    tight.parent.mkdir(parents=True)
    tight.write_text(text.replace("full_needs_approval_above = 50", "full_needs_approval_above = 0"), "utf-8")
    assert privacy.policy(tmp_path / "紧").approval_above == 0
