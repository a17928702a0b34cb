"""`linli-central` mistyped, or on a machine that says no: in Chinese, what happened, and nothing half done."""

import errno
import io
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
import uvicorn

from central_server.cli import main, serving, upkeep
from central_server.cli.opening import FILE
from central_server.storage import schema

SCOPE = "420299001001"


@pytest.fixture
def run(tmp_path, capsys):
    """A server with one community; a command gives its exit code and what it said on stderr."""
    folder = tmp_path / "central"
    assert main(["unit", "create", "--data", str(folder), "--scope", SCOPE, "--name", "红旗桥社区"]) == 0
    capsys.readouterr()

    def call(*words: object) -> tuple[int, str]:
        code = main([*map(str, words), "--data", str(folder)])
        return code, capsys.readouterr().err

    return call


def test_a_mistyped_folder_does_not_become_an_empty_server(tmp_path, capsys):
    wrong = tmp_path / "central-typo"
    for words in (["stats"], ["devices"], ["revoke", "--device", "7"], ["export", "--scope", SCOPE]):
        assert main([*words, "--data", str(wrong)]) == 1
        assert "没有服务器的数据" in capsys.readouterr().err
    assert not wrong.exists()


def test_a_command_that_begins_a_server_says_so(tmp_path, capsys):
    words = ["enrol-code", "--data", str(tmp_path / "new"), "--scope", SCOPE, "--name", "红旗桥社区"]
    assert main(words) == 0
    assert "已新建" in capsys.readouterr().err


def test_a_mistyped_number_does_not_become_a_unit(run, capsys):
    for words in (["enrol-code", "--scope", "42", "--name", "坏"], ["unit", "--scope", "9" * 20, "--name", "坏"]):
        with pytest.raises(SystemExit) as ended:
            run(*words)
        assert ended.value.code == 2
        assert "要填单位编号" in capsys.readouterr().err
    assert run("stats", "--scope", 42)[0] == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["frob"], "不能是 'frob'"),
        (["revoke"], "缺少 --device"),
        (["revoke", "--device", "9" * 30], "只用数字"),
        (["serve", "--port", "abc"], "要填数字"),
    ],
)
def test_words_that_are_not_understood_are_named_in_chinese(run, capsys, words, said):
    with pytest.raises(SystemExit):
        run(*words)
    told = capsys.readouterr().err
    assert said in told
    assert "什么也没有做" in told
    assert "error:" not in told


def test_a_file_that_is_missing_or_in_the_way_is_named_and_not_the_folder_of_data(run, tmp_path):
    there = tmp_path / "there.jsonl"
    there.write_text("mine")
    missing = tmp_path / "nowhere" / "file"
    for words in (
        ["export", "--scope", SCOPE, "--to", missing],
        ["backup", "--to", missing],
        ["split", "--from", SCOPE, "--to", "420299001002", "--list", missing],
    ):
        code, told = run(*words)
        assert code == 1
        assert str(missing) in told
        assert "不存在" in told
        assert "没有丢失" in told
        assert "数据文件夹" not in told
    assert "没有覆盖" in run("export", "--scope", SCOPE, "--to", there)[1]
    assert there.read_text() == "mine"


def test_a_database_that_is_none_is_told_with_the_way_back(tmp_path, capsys):
    (tmp_path / FILE).write_bytes(b"no database at all" * 500)
    assert main(["stats", "--data", str(tmp_path)]) == 1
    told = capsys.readouterr().err
    assert "已损坏" in told
    assert "restore-check" in told


def test_a_unit_that_is_not_there_has_no_desks_and_no_numbers(run):
    for words in (["devices", "--scope", 420299001009], ["stats", "--scope", 420299001009]):
        assert run(*words) == (1, "没有单位 420299001009。\n")


def test_what_is_no_unit_makes_no_administrator(run, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("一句好记的话就是好口令\n"))
    for garbage in ("abc", "42", "", "四二零"):
        with pytest.raises(SystemExit):
            run("console-user", "add", "--name", "red", "--unit", garbage)
    assert "要填单位编号" in capsys.readouterr().err
    assert run("console-user", "add", "--name", "red", "--unit", 420299001009) == (1, "没有单位 420299001009。\n")


def test_a_reader_that_goes_away_is_no_error(run, tmp_path):
    """As `linli-central unit list | head -0`: the pipe is shut before anything is written."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "central_server", "unit", "list", "--data", str(tmp_path / "central")]
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_what_help_shows_of_units_works(run, capsys):
    with pytest.raises(SystemExit):
        run("unit", "--help")
    told = capsys.readouterr().out
    assert "create" in told
    assert "--scope" not in told, "before the action it is understood no more"


def test_the_data_of_a_newer_program_are_refused_in_chinese(run, monkeypatch):
    monkeypatch.setattr(schema, "VERSION", schema.VERSION - 1)
    code, told = run("stats")
    assert code == 1
    assert "更新版本的程序" in told
    assert "没有丢失" in told
    assert "version" not in told


def test_a_list_without_a_record_moves_nothing_and_says_so(run, tmp_path):
    for content in (b"", b"# nothing\n", b"\xff\xfe\x00"):
        (tmp_path / "list").write_bytes(content)
        code, told = run("split", "--from", SCOPE, "--to", "420299001002", "--list", tmp_path / "list")
        assert code == 1
        assert "什么也没有划转" in told


def test_a_starter_that_cannot_be_written_leaves_no_desk_behind(run, tmp_path, capsys):
    code, told = run("bundle", "starter", "--scope", SCOPE, "--name", "二号机", "--to", tmp_path / "away" / "a.linli")
    assert code == 1
    assert "写不进去" in told
    assert main(["devices", "--scope", SCOPE, "--data", str(tmp_path / "central")]) == 0
    assert "二号机" not in capsys.readouterr().out


def test_a_port_that_is_taken_is_said_before_anything_starts(run):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        code, told = run("serve", "--port", other.getsockname()[1])
    assert code == 1
    assert "已被占用" in told
    assert "{" not in told  # no line of the log


def test_a_port_that_is_none_and_an_address_of_another_machine_are_refused_in_words(run):
    assert "65535" in run("serve", "--port", 99999)[1]
    assert "本机没有地址" in run("serve", "--host", "203.0.113.7", "--port", 8750)[1]


def test_a_certificate_that_is_missing_or_none_is_named(run, tmp_path):
    (tmp_path / "cert.pem").write_text("no certificate")
    code, told = run("serve", "--cert", tmp_path / "gone.pem", "--key", tmp_path / "cert.pem")
    assert code == 1
    assert "gone.pem" in told
    assert "不存在" in told
    assert "PEM" in run("serve", "--cert", tmp_path / "cert.pem", "--key", tmp_path / "cert.pem")[1]


def test_a_copy_that_is_no_copy_is_told_in_words(run, tmp_path):
    (tmp_path / "copy.db").write_text("x" * 2000)
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("create table t(a)")
    for name in ("copy.db", "other.db"):
        code, told = run("restore-check", "--copy", tmp_path / name)
        assert code == 1
        assert "不是 central.db 的备份" in told


def test_a_copy_of_postgresql_is_known_and_the_way_is_told(run, tmp_path):
    (tmp_path / "pg.dump").write_bytes(b"PGDMP\x01\x0e\x00")
    code, told = run("restore-check", "--copy", tmp_path / "pg.dump")
    assert code == 1
    assert "pg_restore" in told


def test_a_backup_that_breaks_off_leaves_nothing_behind(run, tmp_path, monkeypatch):
    def full(source, target):
        target.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "full", str(target))

    monkeypatch.setattr(upkeep, "_copy", full)
    (tmp_path / "away").mkdir()
    code, told = run("backup", "--to", tmp_path / "away" / "b.db")
    assert code == 1
    assert "磁盘满了" in told
    assert list((tmp_path / "away").iterdir()) == []


def test_the_number_of_a_community_has_twelve_digits(run, tmp_path):
    for number in ("42029900100", "4202990010031"):
        code, told = run("unit", "create", "--scope", number, "--name", "新社区")
        assert code == 1
        assert f"{number} 是 {len(number)} 位" in told
    assert run("unit", "create", "--scope", "420299001", "--name", "新街道", "--kind", "street")[0] == 0


def test_a_server_at_whose_console_nobody_could_sign_in_says_so(run, monkeypatch):
    monkeypatch.setattr(uvicorn, "run", lambda *_, **__: None)
    monkeypatch.setattr(serving, "application", lambda _: None)
    monkeypatch.setattr(serving.logs, "to", lambda *_: None)
    assert "控制台还没有管理员" in run("serve")[1]
    monkeypatch.setattr(sys, "stdin", io.StringIO("一句好记的话就是好口令\n"))
    assert run("console-user", "add", "--name", "admin")[0] == 0
    assert "管理员" not in run("serve")[1]
