"""Backups are proved before they count, and thinned out without ever losing the newest."""

import errno
import shutil

import pytest

from desktop_app import app as desk
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError, CorruptError
from desktop_app.store import backup
from desktop_app.store.database import Database


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


def test_the_newest_are_kept_and_other_kinds_left_alone(app, key, clock, tmp_path):
    folder = tmp_path / "backups"
    other = backup.backup(app.db.path, key, folder, clock.now(), why="upgrade")
    made = []
    for _ in range(5):
        clock.move(hours=1)
        made.append(backup.backup(app.db.path, key, folder, clock.now(), keep=3).path)
    assert {*folder.iterdir()} == {*made[-3:], other.path}


def test_a_backup_made_with_a_clock_set_back_is_not_thinned_out_itself(app, key, clock, tmp_path):
    for _ in range(3):
        clock.move(hours=1)
        backup.backup(app.db.path, key, tmp_path, clock.now(), keep=3)
    clock.move(days=-365)
    made = backup.backup(app.db.path, key, tmp_path, clock.now(), keep=3)
    assert made.path.exists()
    assert len(list(tmp_path.glob("*-manual.db"))) == 3


def test_two_backups_in_one_second_do_not_cover_each_other(app):
    first = app.backup()
    with pytest.raises(AppError, match="同一秒"):
        app.backup()
    assert app.verify(first.path)


def test_the_sealed_keys_go_along_so_that_a_backup_alone_can_be_opened(app, tmp_path, clock):
    """A key file that is lost would make every backup unreadable for ever."""
    made = app.backup(tmp_path / "stick")
    fresh = tmp_path / "另一台"
    fresh.mkdir()
    for name, of_backup in (("linli.db", ".db"), ("keys.json", ".keys.json"), ("store.json", ".store.json")):
        shutil.copyfile(made.path.with_name(made.path.stem + of_backup), fresh / name)
    with desk.open_app(fresh, clock=clock) as opened:
        assert opened.community.name == "江山社区"


def test_keys_are_thinned_out_with_their_backup(app, clock, monkeypatch):
    monkeypatch.setattr(backup.backup, "__kwdefaults__", {"why": "manual", "keep": 2})
    for _ in range(4):
        clock.move(hours=1)
        app.backup()
    names = [path.name.partition(".")[2] for path in (app.home / "backups").iterdir()]
    assert sorted(names) == ["db", "db", "keys.json", "keys.json", "store.json", "store.json"]


def test_a_restore_that_breaks_off_leaves_nothing_behind(app, tmp_path, monkeypatch):
    made = app.backup()

    def half(_source, target):
        target.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(backup.shutil, "copyfile", half)
    with pytest.raises(AppError, match="磁盘满了"):
        app.restore(made.path, tmp_path / "fresh")
    assert not (tmp_path / "fresh").exists()
