"""Backups are proved before they count, and thinned out without ever losing the newest."""

import errno
import shutil

import pytest

from desktop_app import app as desk
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError, CorruptError
from desktop_app.store import backup, recovery
from desktop_app.store.database import Database
from desktop_app.upkeep.elsewhere import restore_elsewhere


@pytest.fixture
def key(app) -> bytes:
    """The store key, as the key file of the desk gives it."""
    return app.secrets.get("store")


@pytest.fixture
def _peopled(db, actor):
    with db.transaction(actor, "登记居民") as tx:
        tx.add_all([Person(name=f"居民{number}", phones=f"139{number:08}") for number in range(500)])


@pytest.mark.usefixtures("_peopled")
def test_a_backup_holds_what_the_store_held_and_opens_with_the_same_key(app, key, tmp_path):
    made = app.backup()
    assert made.counts["person"] == 500
    assert made.path.parent == app.home / "backups"
    into = tmp_path / "restored.db"
    assert backup.restore(made.path, key, into)["person"] == 500
    with Database(into, key, app.clock) as restored:
        assert restored.scalar("SELECT count(*) FROM person") == 500


@pytest.mark.usefixtures("_peopled")
def test_a_backup_is_encrypted(app):
    content = app.backup().path.read_bytes()
    assert not content.startswith(b"SQLite format 3")
    assert "居民1".encode() not in content


@pytest.mark.usefixtures("_peopled")
def test_a_backup_taken_during_an_action_holds_the_state_before_it(app, db, actor):
    with db.transaction(actor, "登记居民") as tx:
        tx.add(Person(name="还没保存"))
        made = app.backup()
    assert made.counts["person"] == 500


@pytest.mark.usefixtures("_peopled")
@pytest.mark.parametrize("where", [0.02, 0.3, 0.5, 0.75, 0.99])
def test_one_flipped_bit_anywhere_is_found(app, where):
    made = app.backup()
    content = bytearray(made.path.read_bytes())
    content[int(len(content) * where)] ^= 1
    made.path.write_bytes(content)
    with pytest.raises(CorruptError) as found:
        app.verify(made.path)
    assert found.value.next_step


@pytest.mark.usefixtures("_peopled")
@pytest.mark.parametrize("keep_of_it", [0.0, 0.5, 0.999])
def test_a_backup_cut_short_is_found(app, keep_of_it):
    made = app.backup()
    content = made.path.read_bytes()
    made.path.write_bytes(content[: int(len(content) * keep_of_it)])
    with pytest.raises(CorruptError):
        app.verify(made.path)


def test_a_backup_of_another_desk_is_refused(app, tmp_path):
    made = app.backup()
    with pytest.raises(CorruptError, match="密钥"):
        backup.restore(made.path, bytes(32), tmp_path / "restored.db")
    assert not (tmp_path / "restored.db").exists()


def test_a_backup_that_is_not_there_is_said_so(app, tmp_path):
    with pytest.raises(AppError, match="找不到"):
        app.verify(tmp_path / "none.db")


def test_a_restore_never_covers_a_store(app, key):
    made = app.backup()
    before = app.db.path.read_bytes()
    with pytest.raises(AppError, match="没有覆盖"):
        backup.restore(made.path, key, app.db.path)
    assert app.db.path.read_bytes() == before


def test_a_clock_set_back_does_not_thin_out_the_copy_just_made(app, clock):
    for _ in range(5):
        clock.move(hours=1)
        app.backup()
    clock.move(days=-365)
    made = app.backup()
    assert made.path.exists()
    assert len(list((app.home / "backups").glob("linli-*.db"))) == 4


def test_copies_of_another_store_in_the_same_folder_are_left_alone(app, clock, tmp_path):
    """Two desks may back up to one stick."""
    with desk.create(tmp_path / "另一台", desk.Beginning("江山社区", "420299001001", "李四"), clock=clock) as other:
        theirs = other.backup(tmp_path / "stick")
    for _ in range(6):
        clock.move(minutes=10)
        app.backup(tmp_path / "stick")
    assert theirs.path.exists()
    assert len(list((tmp_path / "stick").glob("linli-*.db"))) == 4


def test_the_program_makes_a_copy_a_day_and_only_of_what_changed(app, actor, clock):
    assert app.backup_if_due() is not None
    clock.move(hours=30)
    assert app.backup_if_due() is None, "nothing has changed"
    with app.db.transaction(actor, "登记居民") as tx:
        tx.add(Person(name="王小明"))
    made = app.backup_if_due()
    assert made is not None
    assert made.path.name.endswith("-daily.db")
    with app.db.transaction(actor, "登记居民") as tx:
        tx.add(Person(name="王小红"))
    clock.move(hours=2)
    assert app.backup_if_due() is None, "today's copy is there"
    assert app.backup_if_due("exit") is not None


def test_a_clock_set_back_by_a_month_does_not_stop_the_copies_of_a_month(app, actor, clock):
    app.backup_if_due()
    clock.move(days=-30)
    with app.db.transaction(actor, "登记居民") as tx:
        tx.add(Person(name="王小刚"))
    assert app.backup_if_due() is not None


def test_two_backups_in_one_second_do_not_cover_each_other(app):
    first, second = app.backup(), app.backup()
    assert first.path != second.path
    assert app.verify(first.path) == app.verify(second.path)


def test_the_sealed_keys_go_along_so_that_a_backup_alone_can_be_opened(app, tmp_path, clock):
    """A key file that is lost would make every backup unreadable for ever."""
    made = app.backup(tmp_path / "stick")
    fresh = tmp_path / "另一台"
    fresh.mkdir()
    for name, of_backup in (("linli.db", ".db"), ("keys.json", ".keys.json"), ("store.json", ".store.json")):
        shutil.copyfile(made.path.with_name(made.path.stem + of_backup), fresh / name)
    with desk.open_app(fresh, clock=clock) as opened:
        assert opened.community.name == "江山社区"


def test_keys_are_thinned_out_with_their_backup(app, clock):
    for _ in range(5):
        clock.move(minutes=10)
        app.backup()
    names = [path.name.partition(".")[2] for path in (app.home / "backups").iterdir() if path.is_file()]
    assert sorted(names) == ["db"] * 3 + ["keys.json"] * 3 + ["store.json"] * 3


# ---------------------------------------------------------------------------------------------------- another machine


@pytest.mark.usefixtures("_peopled")
def test_a_backup_and_the_recovery_sheet_are_enough_on_a_new_machine(app, clock, tmp_path, monkeypatch):
    """The old machine, its keyring and its passphrase are gone."""
    code = app.new_recovery_code()
    made = app.backup(tmp_path / "stick")
    monkeypatch.setenv("LINLI_PASSPHRASE", "新电脑的口令")
    counts = restore_elsewhere(made.path, code.lower(), tmp_path / "新电脑")
    assert counts["person"] == 500
    with desk.open_app(tmp_path / "新电脑", clock=clock) as opened:
        assert opened.community.name == "江山社区"
        assert opened.mark != app.mark


def test_a_wrong_code_leaves_no_folder_behind(app, tmp_path):
    app.new_recovery_code()
    made = app.backup(tmp_path / "stick")
    with pytest.raises(AppError, match="不符"):
        restore_elsewhere(made.path, recovery.new_code(), tmp_path / "新电脑")
    assert not (tmp_path / "新电脑").exists()


def test_a_new_sheet_ends_the_old_one_for_later_copies(app, clock, tmp_path):
    first = app.new_recovery_code()
    old = app.backup(tmp_path / "stick")
    second = app.new_recovery_code()
    clock.move(minutes=1)
    new = app.backup(tmp_path / "stick")
    with pytest.raises(AppError, match="不符"):
        restore_elsewhere(new.path, first, tmp_path / "a")
    assert restore_elsewhere(new.path, second, tmp_path / "b")
    assert restore_elsewhere(old.path, first, tmp_path / "c")


def test_a_restore_that_breaks_off_leaves_nothing_behind(app, tmp_path, monkeypatch):
    made = app.backup()

    def half(_source, target):
        target.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(backup.shutil, "copyfile", half)
    with pytest.raises(AppError, match="磁盘满了"):
        app.restore(made.path, tmp_path / "fresh")
    assert not (tmp_path / "fresh").exists()
