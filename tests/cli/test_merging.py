"""duplicates, merge, doctor --fix, backups and the recovery sheet from the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app import app as desktop
from desktop_app.residents import actions
from desktop_app.residents.actions import Home
from desktop_app.residents.model import Person
from desktop_app.store import recovery
from tests.cli.conftest import Run


@pytest.fixture
def twins(filled: Path) -> tuple[str, str]:
    """Two entries of one invented person, in two homes."""
    with desktop.open_app(filled) as app:
        rooms = [row[0] for row in app.db.rows("SELECT id FROM room WHERE to_on IS NULL ORDER BY local_no LIMIT 2")]
        made = [
            actions.register(
                app.db, app.actor, Person(name=name, birth="1950-03-05", phones="10000000001"), Home(room)
            ).id
            for name, room in zip(("善试兰", "善试蓝"), rooms, strict=True)
        ]
    return made[0], made[1]


def test_pairs_are_listed_merged_and_the_merge_undone(
    run: Run, twins: tuple[str, str], look: Callable[[str], object]
) -> None:
    found = run("duplicates", "--json").value
    assert {twins[0], twins[1]} in [{pair["a"]["id"], pair["b"]["id"]} for pair in found]
    refused = run("merge", *twins, "--yes")
    assert (refused.code, "住在不同的地方" in refused.err) == (1, True)
    done = run("merge", *twins, "--live", "goes", "--set", "name=goes", "--set", "employer=纺织厂", "--yes", "--json")
    assert done.code == 0, done.err
    assert done.value["id"] == min(twins)
    assert look(f"SELECT name||employer FROM person WHERE id='{min(twins)}'") == "善试蓝纺织厂"
    assert run("undo").code == 0
    assert look(f"SELECT count(*) FROM person WHERE id IN {twins} AND sync_del=0") == 2


def test_a_merge_asks_first_and_a_field_that_is_none_is_refused(run: Run, twins: tuple[str, str]) -> None:
    assert run("merge", *twins, "--live", "stays").code == 2
    told = run("merge", *twins, "--set", "nonsense=1", "--yes")
    assert (told.code, "写得不对" in told.err) == (2, True)


def test_two_people_are_noted_and_not_listed_again(run: Run, twins: tuple[str, str]) -> None:
    assert run("merge", *twins, "--two", "--why", "见过两人").code == 0
    found = run("duplicates", "--json").value
    assert set(twins) not in [{pair["a"]["id"], pair["b"]["id"]} for pair in found]


def test_doctor_repairs_what_is_safe_after_asking(run: Run, filled: Path, look: Callable[[str], object]) -> None:
    with desktop.open_app(filled) as app, app.db.applying() as tx:
        tx.execute("UPDATE household SET head_id=NULL WHERE local_no=1")
    assert run("doctor").code == 1
    (case,) = run("doctor", "--cases", "head_missing", "--json").value
    assert case["kind"] == "household"
    assert run("doctor", "--fix", "head_missing").code == 2, "without a terminal and without --yes nothing is done"
    done = run("doctor", "--fix", "head_missing", "--yes", "--json")
    assert (done.code, done.value["fixed"]) == (0, 1)
    assert look("SELECT head_id IS NULL FROM household WHERE local_no=1") == 0
    refused = run("doctor", "--fix", "same_id", "--yes")
    assert (refused.code, "不能自动修复" in refused.err) == (1, True)


def test_copies_are_made_when_due_listed_and_proved(run: Run) -> None:
    first = run("backup", "--if-due", "daily", "--json").value
    assert first["path"]
    assert run("backup", "--if-due", "daily", "--json").value["path"] is None
    (kept,) = run("backups", "--json").value
    assert (kept["path"], kept["why"]) == (first["path"], "manual") or kept["why"] == "daily"
    assert run("backups", "--verify", kept["path"]).code == 0


def test_the_recovery_sheet_opens_its_backup_on_another_machine(
    run: Run, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("recovery-sheet").code == 2, "where to print has to be said"
    code = recovery.new_code()
    monkeypatch.setattr(recovery, "new_code", lambda: code)
    done = run("recovery-sheet", "-o", tmp_path / "恢复单.pdf", "--json")
    assert done.code == 0, done.err
    assert (tmp_path / "恢复单.pdf").read_bytes().startswith(b"%PDF")
    again = run("recovery-sheet", "-o", tmp_path / "再来.pdf")
    assert (again.code, "制作过恢复单" in again.err) == (2, True)
    told = run("restore", done.value["backup"], "--into", tmp_path / "新电脑", "--code", code, "--json")
    assert told.code == 0, told.err
    assert json.dumps(told.value["counts"])
    assert run("find", "单守诚", home=tmp_path / "新电脑").code == 0


def test_where_the_sheet_cannot_be_printed_the_earlier_one_stays_in_force(
    run: Run, filled: Path, tmp_path: Path
) -> None:
    run("recovery-sheet", "-o", tmp_path / "恢复单.pdf")
    before = (filled / recovery.FILE).read_text()
    failed = run("recovery-sheet", "-o", tmp_path / "没有" / "恢复单.pdf", "--yes")
    assert failed.code == 1
    assert (filled / recovery.FILE).read_text() == before
