"""The commands of an administrator beside `serve`: units, users, copies, exports, reports."""

import io
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from central_server.cli import main, open_storage
from central_server.console import accounts
from tests.server import district
from tests.server.district import DISTRICT, HONGQI, JIANGSHAN, PASSWORD, STREET, Pen


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch):
    monkeypatch.setattr(accounts, "ARGON2", district.CHEAP)


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def run(folder, capsys):
    """Runs a command on the data folder; returns (exit code, what it printed, what it complained about)."""

    def command(*words: object):
        code = main([*map(str, words), "--data", str(folder)])
        return (code, *capsys.readouterr())

    return command


@pytest.fixture
def furnished(folder):
    storage = open_storage(folder)
    district.furnish(storage, 1_795_300_000_000)
    yield storage
    storage.close()


def test_units_are_made_under_each_other_and_listed_as_a_tree(run):
    assert run("unit", "create", "--scope", DISTRICT, "--name", "铁山区", "--kind", "district")[0] == 0
    run("unit", "create", "--scope", STREET, "--name", "红旗街道", "--kind", "street", "--parent", DISTRICT)
    run("unit", "create", "--scope", HONGQI, "--name", "红旗桥", "--parent", STREET)
    run("unit", "rename", "--scope", HONGQI, "--name", "红旗桥社区")
    _, out, _ = run("unit", "list")
    assert out.splitlines() == [
        f"{DISTRICT}\t区县\t铁山区",
        f"  {STREET}\t街道\t红旗街道",
        f"    {HONGQI}\t社区\t红旗桥社区",
    ]
    run("unit", "move", "--scope", HONGQI, "--parent", DISTRICT)
    assert f"  {HONGQI}\t社区" in run("unit", "list")[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("unit", "create", "--scope", HONGQI, "--name", "x"), "已经有了"),
        (("unit", "create", "--scope", 7, "--name", "x"), "位"),
        (("unit", "create", "--scope", 420299009001, "--name", " ", "--parent", DISTRICT), "名称"),
        (("unit", "create", "--scope", 420299009001, "--name", "x", "--parent", 1), "没有上级"),
        (("unit", "move", "--scope", DISTRICT, "--parent", HONGQI), "自己"),
        (("unit", "rename", "--scope", 420299009, "--name", "x"), "没有单位"),
        (("export", "--scope", 420299009), "没有单位"),
        (("console-user", "disable", "--name", "nobody"), "没有可停用"),
        (("stats", "--config", "/nowhere.toml"), "无法读取"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(run, furnished, words, said):
    code, _, complaint = run(*words)
    assert code == 1
    assert said in complaint


def test_a_server_is_set_up_with_its_first_administrator_and_setting_it_up_again_changes_nothing(
    run, folder, monkeypatch
):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert run("init", "--admin", "admin")[0] == 0
    (folder / "config.toml").write_text("port = 9000\n")
    assert run("init")[0] == 0
    assert (folder / "config.toml").read_text() == "port = 9000\n"
    assert run("console-user", "list")[1] == "admin\t管理员\t正常\n"
    assert folder.stat().st_mode & 0o77 == 0


def test_a_user_is_added_given_a_new_password_and_disabled(run, furnished, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert run("console-user", "add", "--name", "江山", "--unit", JIANGSHAN)[0] == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert run("console-user", "password", "--name", "江山")[0] == 1
    assert run("console-user", "disable", "--name", "江山")[0] == 0
    assert f"江山\t查看 {JIANGSHAN}\t已停用" in run("console-user", "list")[1]


def test_an_export_has_every_record_and_no_secret(run, furnished, tmp_path):
    target = tmp_path / "out.jsonl"
    with furnished.writing() as session:
        Pen(session, HONGQI).put("person", "p0", gone=1, name="王小零")
    assert run("export", "--scope", HONGQI, "--to", target)[0] == 0
    lines = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    with furnished.reading() as session:
        ((count,),) = session.rows("select count(*) from record where scope_id=?", HONGQI)
        keys = [row[0] for row in session.rows("select public_key from device")]
    assert len(lines) == count
    assert [line["seq"] for line in lines] == sorted(line["seq"] for line in lines)
    assert "王小零" not in target.read_text("utf-8"), "what was deleted has no content outside"
    assert not any(key in target.read_text("utf-8") for key in keys)
    assert target.stat().st_mode & 0o77 == 0
    assert run("export", "--scope", HONGQI, "--to", target)[0] == 1, "nothing is written over"


def test_stats_has_one_line_per_unit(run, furnished):
    _, out, _ = run("stats")
    assert out.splitlines()[0].startswith("单位\t名称")
    assert len(out.splitlines()) == 6
    assert len(run("stats", "--scope", HONGQI)[1].splitlines()) == 2


def test_a_desk_that_took_a_new_identity_counts_once_in_stats_as_in_the_console(run, furnished):
    before = run("stats", "--scope", HONGQI)[1].splitlines()[1].split("\t")[2]
    with furnished.writing() as session:
        ((old, seen),) = session.rows("select id,seen_at from device where scope_id=? and name='一号机'", HONGQI)
        new = district.enrol(session, HONGQI, "一号机", seen + 1)
        session.run("update device set parent=? where scope_id=? and id=?", old, HONGQI, new)
    assert before == run("stats", "--scope", HONGQI)[1].splitlines()[1].split("\t")[2] == "2"


def test_a_backup_taken_while_records_are_written_is_consistent(run, furnished, tmp_path):
    copy = tmp_path / "copy.db"
    with furnished.writing() as session:
        Pen(session, HONGQI).put("person", "late", name="x")
        assert run("backup", "--to", copy)[0] == 0
    with sqlite3.connect(copy) as connection:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
        assert connection.execute("select count(*) from record where id='late'").fetchone() == (0,)
        assert connection.execute("select count(*) from record").fetchone()[0] > 100
    connection.close()
    assert run("backup", "--to", copy)[0] == 1, "a copy is never written over"
    assert copy.stat().st_mode & 0o77 == 0


def test_a_copy_is_checked_and_told_how_far_it_is_behind(run, furnished, tmp_path):
    copy = tmp_path / "copy.db"
    run("backup", "--to", copy)
    code, out, _ = run("restore-check", "--copy", copy)
    assert code == 0
    assert out.count("一样新") == 5
    with furnished.writing() as session:
        for number in range(3):
            Pen(session, HONGQI).put("person", f"new{number}")
        session.run("update scope_head set epoch='other' where scope_id=?", JIANGSHAN)
    _, out, _ = run("restore-check", "--copy", copy)
    assert "旧 3 个序号" in out
    assert "不是同一代" in out


@pytest.mark.parametrize("damage", ["cut", "noise", "missing"])
def test_a_copy_that_is_no_good_is_found_out(run, furnished, tmp_path, damage):
    copy = tmp_path / "copy.db"
    run("backup", "--to", copy)
    if damage == "cut":
        copy.write_bytes(copy.read_bytes()[: 10 * 4096])
    elif damage == "noise":
        copy.write_bytes(b"not a database" * 1000)
    else:
        copy.unlink()
    assert run("restore-check", "--copy", copy)[0] == 1


def test_reports_are_refreshed_and_rebuilt(run, furnished):
    assert "更新了 0 个单位" in run("rollup")[1]
    assert "更新了 5 个单位" in run("rollup", "--rebuild")[1]


def test_the_password_never_stands_on_the_command_line():
    told = subprocess.run(
        [sys.executable, "-m", "central_server", "console-user", "add", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "--password" not in told.stdout
