"""Making and opening a desk: keys, locks, damage.  Whatever is wrong is said in words and changes nothing."""

import json
import os
import shutil
import threading

import pytest

from desktop_app import app as desk
from desktop_app.app import App, Beginning
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError, CorruptError, LockedError
from desktop_app.store import connecting, keys
from desktop_app.store.connecting import connect
from desktop_app.store.database import Database

BEGINNING = Beginning(community="江山社区", code="420299001001", staff="张三")


def files(home):
    return {path.name: path.read_bytes() for path in home.iterdir() if path.is_file()}


def test_a_desk_is_made_and_opened_again(tmp_path):
    with desk.create(tmp_path / "邻里 数据", BEGINNING) as made, made.db.transaction(made.actor, "登记居民") as tx:
        tx.add(Person(name="王小明"))
    with desk.open_app(tmp_path / "邻里 数据") as opened:
        assert opened.community.name == "江山社区"
        assert opened.actor.name == "张三"
        assert opened.db.scalar("SELECT name FROM person") == "王小明"


def test_two_desks_of_a_community_make_the_same_community(tmp_path):
    with desk.create(tmp_path / "1", BEGINNING) as one, desk.create(tmp_path / "2", BEGINNING) as two:
        assert one.community.id == two.community.id
        assert one.actor.id != two.actor.id


def test_nothing_in_the_home_folder_is_in_the_clear(app, db, actor):
    with db.transaction(actor, "登记居民") as tx:
        tx.add(Person(name="欧阳明月", id_no="420299195003051234"))
    key = app.secrets.get("store")
    for name, content in files(app.home).items():
        assert "欧阳明月".encode() not in content, name
        assert b"420299195003051234" not in content, name
        assert key not in content, name
        assert key.hex().encode() not in content, name


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps permissions in access lists")
def test_the_key_file_is_for_its_owner_alone(home):
    assert (home / "keys.json").stat().st_mode & 0o077 == 0


def test_a_store_is_never_made_over_another(app):
    with pytest.raises(AppError, match="没有覆盖"):
        desk.create(app.home, BEGINNING)
    assert app.community.name == "江山社区"


def test_an_empty_folder_is_no_desk(tmp_path):
    with pytest.raises(AppError, match="linli init"):
        desk.open_app(tmp_path)


def test_a_desk_whose_making_was_cut_short_can_be_made_again(tmp_path, monkeypatch):
    monkeypatch.setattr(desk, "_begin", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        desk.create(tmp_path / "home", BEGINNING)
    assert not list((tmp_path / "home").iterdir())
    monkeypatch.undo()
    monkeypatch.setenv(keys.PASSPHRASE_VARIABLE, "另一个口令")
    with desk.create(tmp_path / "home", BEGINNING) as made:
        assert made.community.name == "江山社区"


def test_a_store_that_lost_its_description_is_not_made_over(home):
    (home / "store.json").unlink()
    before = files(home)
    with pytest.raises(AppError, match=r"缺 store\.json"):
        desk.create(home, BEGINNING)
    assert files(home) == before


# --- keys


def test_without_keyring_or_passphrase_no_store_is_made(tmp_path, monkeypatch):
    monkeypatch.delenv(keys.PASSPHRASE_VARIABLE)
    with pytest.raises(LockedError, match="没有系统钥匙串"):
        desk.create(tmp_path / "home", BEGINNING)
    assert not list((tmp_path / "home").iterdir())


def test_a_passphrase_asked_for_by_the_window_works_as_well(tmp_path, monkeypatch):
    monkeypatch.delenv(keys.PASSPHRASE_VARIABLE)
    desk.create(tmp_path / "home", BEGINNING, ask=lambda _: "秘密").close()
    desk.open_app(tmp_path / "home", ask=lambda _: "秘密").close()


def test_a_wrong_passphrase_opens_nothing_and_changes_nothing(home):
    before = files(home)
    with pytest.raises(LockedError, match="口令不对") as refused:
        desk.open_app(home, ask=lambda _: "猜一猜")
    assert refused.value.field == "passphrase"
    assert files(home) == before


@pytest.mark.parametrize(
    "change",
    [
        {"secrets": {"store": "AAAA"}},
        {"secrets": {"store": "不是"}},
        {"secrets": []},
        {"salt": "AAA="},
        {"salt": None},
        {"memory_cost": 0},
        {"memory_cost": "many"},
        {"iterations": -1},
    ],
)
def test_a_key_file_with_a_damaged_field_is_said_to_be_damaged(home, change):
    content = json.loads((home / "keys.json").read_text("utf-8"))
    (home / "keys.json").write_text(json.dumps(content | change), "utf-8")
    with pytest.raises(CorruptError, match=r"keys\.json"):
        desk.open_app(home)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff\xfe\x00", b"null"])
@pytest.mark.parametrize("name", ["keys.json", "store.json"])
def test_a_damaged_file_is_named(home, name, content):
    (home / name).write_bytes(content)
    with pytest.raises(CorruptError, match=name.replace(".", r"\.")):
        desk.open_app(home)


def test_a_lost_key_file_is_named(home):
    (home / "keys.json").unlink()
    with pytest.raises(CorruptError, match="不见了"):
        desk.open_app(home)


# --- damage


def test_a_key_that_does_not_fit_is_said_to_and_the_file_left_alone(app):
    path = app.db.path
    app.close()
    before = path.read_bytes()
    with pytest.raises(CorruptError, match="密钥与文件不符") as refused:
        connect(path, bytes(32))
    assert "备份" in refused.value.next_step
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"SQLite format 3\x00" + bytes(4080), b"x" * 8192, b"PK\x03\x04 a workbook"])
def test_a_file_that_is_no_store_is_refused_and_left_alone(home, content):
    (home / "linli.db").write_bytes(content)
    with pytest.raises(CorruptError, match="打不开数据库"):
        desk.open_app(home)
    assert (home / "linli.db").read_bytes() == content


@pytest.mark.parametrize("lose", [lambda path: path.unlink(), lambda path: path.write_bytes(b"")])
def test_a_lost_store_is_not_replaced_by_an_empty_one(home, lose):
    lose(home / "linli.db")
    before = files(home)
    with pytest.raises(CorruptError, match="不见了"):
        desk.open_app(home)
    assert files(home) == before


def test_a_damaged_page_met_while_reading_is_said_in_words(app, db, actor):
    with db.transaction(actor, "登记居民") as tx:
        tx.add_all([Person(name=f"居民{number}", note="很长的备注" * 50) for number in range(300)])
    app.close()
    content = bytearray(db.path.read_bytes())
    for offset in range(len(content) // 2, len(content), 1024):
        content[offset] ^= 0xFF
    db.path.write_bytes(content)
    key = app.secrets.get("store")
    with pytest.raises(CorruptError, match="损坏"), Database(db.path, key, app.clock) as damaged:
        damaged.rows("SELECT * FROM person")


# --- many at once


@pytest.fixture
def _impatient(monkeypatch):
    monkeypatch.setattr(connecting, "BUSY_MS", 50)


@pytest.fixture
def other(app):
    """Another program with the same store open."""
    connection = connect(app.db.path, app.secrets.get("store"))
    yield connection
    connection.close()


@pytest.mark.usefixtures("_impatient")
def test_a_store_that_stays_locked_is_said_so_and_nothing_is_lost(app, db, actor, other):
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LockedError, match="另一个窗口"), db.transaction(actor, "登记居民") as tx:
        tx.add(Person(name="王小明"))
    other.execute("ROLLBACK")
    with db.transaction(actor, "登记居民") as tx:
        tx.add(Person(name="王小明"))
    assert db.scalar("SELECT count(*) FROM person") == 1


def test_a_store_locked_for_a_moment_is_waited_for(app, db, actor, other):
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.2, lambda: other.execute("COMMIT"))
    release.start()
    with db.transaction(actor, "登记居民") as tx:
        tx.add(Person(name="王小明"))
    release.join()
    assert db.scalar("SELECT count(*) FROM person") == 1


@pytest.mark.usefixtures("_impatient")
def test_a_desk_opens_and_reads_while_another_program_writes(app, other):
    other.execute("BEGIN IMMEDIATE")
    with desk.open_app(app.home) as second:
        assert second.community.name == "江山社区"


def test_threads_write_one_after_the_other_and_read_at_any_time(app, db, actor):
    def write(number):
        for step in range(10):
            with db.transaction(actor, "登记居民") as tx:
                tx.add(Person(name=f"居民{number}-{step}"))
            assert db.scalar("SELECT count(*) FROM person WHERE name=?", (f"居民{number}-{step}",)) == 1

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert db.scalar("SELECT count(*) FROM person") == 40
    assert db.scalar("SELECT count(*) FROM journal_action WHERE what='登记居民'") == 40


def test_what_reads_cannot_write(db):
    with pytest.raises(AppError, match="只读"):
        db.rows("UPDATE setting SET value='x'")


def test_a_home_folder_may_be_moved(app, tmp_path):
    app.close()
    moved = shutil.copytree(app.home, tmp_path / "新电脑 D 盘" / "数据")
    with desk.open_app(moved) as opened:
        assert isinstance(opened, App)
        assert opened.community.name == "江山社区"


def test_a_secret_that_another_process_put_in_is_found(tmp_path):
    one = keys.PassphraseSecrets(tmp_path / "keys.json", "正确的口令")
    one.put("a", b"1")
    keys.PassphraseSecrets(tmp_path / "keys.json", "正确的口令").put("b", b"2")
    assert one.get("b") == b"2"
