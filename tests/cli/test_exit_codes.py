"""Exit codes for scripts: 0 well, 1 refused, 2 wrong words, 3 locked, 4 network, 5 damaged, 6 too old, 130 stopped."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlcipher3

from desktop_app import app as desktop
from desktop_app.app import STORE
from desktop_app.store import connecting, keys
from tests.cli.conftest import Run


@pytest.mark.parametrize(
    "words",
    [
        "",
        "fly",
        "find",
        "find 张 --limit 0",
        "find 张 --limit many",
        "find 张 --colour red",
        "export residents",
        "export cats -o x.csv",
        "export residents -o x.csv --state 失联",
        "export residents -o x.csv --unmask",
        "export residents -o x.doc",
        "import residents",
        "import cats x.xlsx",
        "import residents x.xlsx --sheet",
        "show resident",
        "show cat 1",
        "set resident 单守诚 colour=red",
        "set resident 单守诚 note",
        "set resident 单守诚 id=1",
        "set resident 单守诚 sync_seq=1",
        "set resident 单守诚 birth=1953-02-30",
        "set cat 1 name=x",
        "undo last",
        "print card 单守诚",
        "print poem 单守诚 -o x.pdf",
        "print card -o x.pdf",
        "print card 单守诚 -o x.pdf --copies 0",
        "print card 单守诚 -o x.pdf --printer HP",
        "print minutes --all -o x.pdf",
        "init --community 红旗桥社区",
        "enrol http://127.0.0.1",
        "restore x.db",
    ],
)
def test_words_that_make_no_sense_end_with_2_in_chinese_and_do_nothing(
    run: Run, look: Callable[[str], object], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = look("SELECT count(*) FROM journal_action")
    done = run(*words.split())
    assert (done.code, done.out) == (2, ""), done.out
    assert any("\u4e00" <= sign <= "\u9fff" for sign in done.err)
    assert "usage:" not in done.err
    assert look("SELECT count(*) FROM journal_action") == before
    assert [path.name for path in tmp_path.iterdir()] == ["演示 数据"]


@pytest.mark.parametrize(
    "words",
    [
        "show resident 查无此人",
        "show resident 张",
        "show building 1",
        "history resident 查无此人",
        "set resident 单守诚 id_no=420299195304160011",
        "set resident 单守诚 name=",
        "set resident 单守诚 sex=龙",
        "set resident 单守诚 birth=2150-01-01",
        "undo 999999",
        "print card 查无此人 -o x.pdf",
        "print card 单守诚 -o no/such/folder/x.pdf",
        "print card 单守诚 -o x.pdf --size B9",
        "print record 单守诚 -o x.pdf",
        "export residents -o no/such/folder/x.csv",
        "export residents -o no/such/folder/x.xlsx",
        "backup --to /dev/null/x",
        "restore nothing.db --into there",
        "import residents nothing.xlsx",
        "enrol gopher://x ABCDEFGHJK",
        "enrol http://127.0.0.1:9 abc",
        "sync",
        "init --community 红旗桥社区 --code 420299001001 --staff 李静",
    ],
)
def test_what_cannot_be_done_ends_with_1_and_says_what_to_do(
    run: Run, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(*words.split())
    assert (done.code, done.out) == (1, ""), done.out
    said = [line for line in done.err.splitlines() if "\r" not in line]
    assert len(said) >= 2, "what happened, and what to do"
    assert "Traceback" not in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["演示 数据"]


def test_an_empty_purpose_is_none(run: Run, tmp_path: Path) -> None:
    for words in (["show", "resident", "单守诚"], ["export", "residents", "-o", tmp_path / "x.csv"]):
        done = run(*words, "--unmask", "  ")
        assert done.code == 2
        assert "用途" in done.err
    assert not (tmp_path / "x.csv").exists()


def test_a_wrong_passphrase_ends_with_3(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(keys.PASSPHRASE_VARIABLE, "猜的")
    done = run("find", "单守诚")
    assert done.code == 3
    assert "口令不对" in done.err


def test_no_passphrase_and_nobody_to_ask_ends_with_3(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(keys.PASSPHRASE_VARIABLE)
    done = run("find", "单守诚")
    assert done.code == 3
    assert keys.PASSPHRASE_VARIABLE in done.err


def test_a_store_another_program_writes_to_ends_with_3_after_a_while(
    run: Run, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "BUSY_MS", 20)
    with desktop.open_app(filled) as other, other.db.transaction(other.actor, "写个不停") as tx:
        tx.set_setting("x", "1")
        done = run("set", "resident", "单守诚", "note=已走访")
        assert run("find", "单守诚").code == 0, "reading goes on"
    assert done.code == 3
    assert "没有保存" in done.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_output_that_finds_no_room_is_told_in_words_and_is_no_success(filled: Path) -> None:
    command = [sys.executable, "-m", "desktop_app.cli", "find", "单", "--home", str(filled)]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert "磁盘满了" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode


def test_a_server_nobody_answers_for_ends_with_4(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    done = run("enrol", f"http://127.0.0.1:{port}", "ABCDEFGHJK")
    assert done.code == 4
    assert "没有丢失" in done.err


@pytest.mark.parametrize("damage", ["page", "short", "empty", "gone", "description", "key file"])
def test_damaged_data_end_with_5_and_are_not_touched(run: Run, filled: Path, damage: str) -> None:
    store = filled / STORE
    content = store.read_bytes()
    if damage == "page":
        store.write_bytes(content[:100] + bytes(4096) + content[4196:])
    elif damage == "short":
        store.write_bytes(content[:5000])
    elif damage == "empty":
        store.write_bytes(b"")
    elif damage == "gone":
        store.unlink()
    else:
        (filled / {"description": "store.json", "key file": "keys.json"}[damage]).write_text("{", "utf-8")
    before = {path.name: path.read_bytes() for path in filled.iterdir()}
    done = run("find", "单守诚")
    assert done.code == 5, done.err
    assert "Traceback" not in done.err
    assert {path.name: path.read_bytes() for path in filled.iterdir() if path.suffix != ".db-shm"} == before


def test_data_of_a_newer_program_end_with_6(run: Run, filled: Path) -> None:
    with desktop.open_app(filled) as app, app.db.transaction(app.actor, "升级") as tx:
        tx.execute("UPDATE alembic_version SET version_num='2999_01_01_next'")
    done = run("find", "单守诚")
    assert done.code == 6
    assert "升级本程序" in done.err


def test_an_import_that_is_told_to_end_ends_with_130_and_leaves_nothing(empty: Path, tmp_path: Path) -> None:
    """The window cancels like this: SIGTERM to the child while it writes."""
    roster = tmp_path / "名册.csv"
    rows = "\n".join(f"张{i % 97}甲,男,桂花苑,{i % 40 + 1},1,{i % 30 + 1}01" for i in range(20_000))
    roster.write_text(f"姓名,性别,小区,楼栋,单元,房号\n{rows}\n", "utf-8")
    command = [sys.executable, "-m", "desktop_app.cli", "import", "residents", roster, "--yes", "--json-progress"]
    with subprocess.Popen([*command, "--home", empty], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stderr is not None
        said = []
        for line in child.stderr:
            said.append(json.loads(line))
            if said[-1].get("words") == "正在写入居民资料":
                os.kill(child.pid, signal.SIGTERM)
                break
        said += [json.loads(line) for line in child.stderr]
    assert child.returncode == 130
    assert "没有保存" in said[-1]["error"]
    with desktop.open_app(empty) as app:
        for table in ("person", "building", "room", "household", "journal_change"):
            started = "action>1" if table == "journal_change" else "1"
            assert not app.db.scalar(f"SELECT count(*) FROM {table} WHERE {started}"), table
        assert app.db.row("PRAGMA quick_check") == ("ok",)


def test_a_reader_that_goes_away_is_no_error(filled: Path) -> None:
    command = [sys.executable, "-m", "desktop_app.cli", "find", "张", "--home", filled]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        said = child.stderr.read()
    assert child.returncode == 0
    assert b"Traceback" not in said


def test_the_test_key_is_really_needed(filled: Path) -> None:
    """The store that these tests open lies encrypted on the disk."""
    with pytest.raises(sqlcipher3.dbapi2.DatabaseError):
        sqlcipher3.dbapi2.connect(str(filled / STORE)).execute("SELECT * FROM person")
