"""init, set, undo, backup, restore, doctor: what changes the store, copies it, or says what is wrong with it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app import app as desktop
from tests.cli.conftest import Run
from tests.conftest import PASSPHRASE

NEW = ("init", "--community", "江山社区", "--code", "420299001001", "--staff", "王芳")


def test_a_new_store_says_where_it_is_and_what_guards_it(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "新的"
    done = run(*NEW, "--json", home=home)
    assert done.value == {"home": str(home), "keys": "passphrase", "community": "江山社区"}
    with desktop.open_app(home) as app:
        assert (app.community.name, app.actor.name) == ("江山社区", "王芳")
    again = run(*NEW, home=home)
    assert again.code == 1
    assert "没有覆盖" in again.err


@pytest.mark.parametrize(
    ("word", "value", "field"),
    [
        ("--community", " ", "社区名称"),
        ("--staff", "", "姓名"),
        ("--code", "1234", "12 位"),
        ("--code", "４２０２９９００１００１", "12 位"),
        ("--profile", "atlantis", "general"),
    ],
)
def test_a_store_that_could_not_be_used_is_not_made(
    run: Run, tmp_path: Path, word: str, value: str, field: str
) -> None:
    done = run(*NEW, f"{word}={value}", home=tmp_path / "新的")
    assert done.code == 1
    assert field in done.err
    assert not (tmp_path / "新的").exists()


def test_a_folder_that_cannot_be_written_is_said_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    done = run(*NEW, home=tmp_path / "file" / "home")
    assert done.code == 1
    assert "写入权限" in done.err


def test_set_changes_the_named_fields_and_no_others(run: Run, look: Callable[[str], object]) -> None:
    before = look("SELECT id_no||phones||hukou_address FROM person WHERE name='单守诚'")
    done = run("set", "resident", "ssc", "occupation=退休工人", "note=一楼 朝南", "--why", "入户", "--json")
    assert done.value["changed"] == ["note", "occupation"]
    assert look("SELECT occupation||'|'||note FROM person WHERE name='单守诚'") == "退休工人|一楼 朝南"
    assert look("SELECT id_no||phones||hukou_address FROM person WHERE name='单守诚'") == before


def test_set_takes_dates_as_people_write_them_and_blanks(
    run: Run, look: Callable[[str], object], some: Callable[[str], str]
) -> None:
    home = some("household")
    assert run("set", "household", home, "from_on=2026年11月2日").code == 0
    assert look(f"SELECT from_on FROM household WHERE id='{home}'") == "2026-11-02"
    assert run("set", "household", home, "from_on=").code == 0
    assert look(f"SELECT from_on IS NULL FROM household WHERE id='{home}'") == 1


def test_set_takes_nobody_off_the_register_and_leaves_them_in_their_home(
    run: Run, look: Callable[[str], object]
) -> None:
    for field in ("left_on", "deceased_on"):
        assert run("set", "resident", "单守诚", f"{field}=2026-11-02").code == 1
    assert look("SELECT left_on IS NULL AND deceased_on IS NULL FROM person WHERE name='单守诚'") == 1


def test_set_reaches_the_other_records_too(run: Run, some: Callable[[str], str]) -> None:
    for kind, table, field, value in (
        ("household", "household", "note", "春节前走访"),
        ("room", "room", "area_m2", "88.5"),
        ("building", "building", "elevators", "2"),
        ("estate", "estate", "property_firm", "江畔物业"),
        ("centre", "party_centre_household", "services", "调解、代办"),
    ):
        done = run("set", kind, some(table), f"{field}={value}")
        assert done.code == 0, (kind, done.err)
        assert str(run("show", kind, some(table), "--json").value[field]) == value


@pytest.mark.parametrize(("kind", "table", "word"), [
    ("building", "building", "units=two"),
    ("room", "room", "area_m2=nan"),
    ("room", "room", "to_on=2026-02-30"),
    ("household", "household", "head_id=0"),
    ("meeting", "meeting", "signed_at=1"),
])  # fmt: skip
def test_impossible_values_and_guarded_fields_are_refused(
    run: Run, some: Callable[[str], str], kind: str, table: str, word: str
) -> None:
    done = run("set", kind, some(table), word)
    assert done.code == 2
    assert "什么也没有改" in done.err


def test_a_signed_meeting_is_not_changed(run: Run, some: Callable[[str], str]) -> None:
    done = run("set", "meeting", some("meeting"), "place=别处")
    assert done.code == 1
    assert "已经签字" in done.err


def test_undo_takes_back_the_last_thing_that_was_done(run: Run, look: Callable[[str], object]) -> None:
    note = "SELECT coalesce(note,'') FROM person WHERE name='单守诚'"
    run("set", "resident", "单守诚", "note=甲")
    run("set", "resident", "单守诚", "note=乙")
    assert run("undo", "--json").value["undone"] == 1
    assert look(note) == "甲"
    run("undo")
    assert look(note) == ""


def test_undo_passes_over_what_was_only_looked_at_or_printed(
    run: Run, look: Callable[[str], object], tmp_path: Path
) -> None:
    """An undo must take nothing away from the log of looks and prints."""
    run("set", "resident", "单守诚", "note=甲")
    run("show", "resident", "单守诚", "--unmask", "核对")
    run("print", "card", "单守诚", "-o", tmp_path / "卡.pdf")
    assert run("undo").code == 0
    assert look("SELECT note IS NULL FROM person WHERE name='单守诚'") == 1
    assert look("SELECT count(*) FROM print_job WHERE sync_del=0") == 1
    last_print = look("SELECT max(no) FROM journal_action WHERE what LIKE '打印%'")
    refused = run("undo", last_print)
    assert refused.code == 1
    assert "一直保留" in refused.err


def test_a_named_step_is_undone_once(run: Run, look: Callable[[str], object]) -> None:
    run("set", "resident", "单守诚", "note=甲")
    step = look("SELECT max(no) FROM journal_action")
    assert run("undo", step).code == 0
    again = run("undo", step)
    assert again.code == 1
    assert "已经撤销过" in again.err


def test_a_backup_is_proved_and_can_be_restored_into_a_new_folder(
    run: Run, tmp_path: Path, look: Callable[[str], object]
) -> None:
    made = run("backup", "--to", tmp_path / "备份", "--json").value
    assert made["counts"]["person"] == 612
    run("set", "resident", "单守诚", "note=备份之后")
    done = run("restore", made["path"], "--into", tmp_path / "恢复", "--json")
    assert done.value["counts"] == made["counts"]
    with desktop.open_app(tmp_path / "恢复", ask=lambda _words: PASSPHRASE) as restored:
        assert restored.db.scalar("SELECT note IS NULL FROM person WHERE name='单守诚'") == 1
    assert look("SELECT note FROM person WHERE name='单守诚'") == "备份之后", "the present data stay as they are"
    again = run("restore", made["path"], "--into", tmp_path / "恢复")
    assert again.code == 1
    assert "没有覆盖" in again.err


def test_a_damaged_backup_is_refused_and_leaves_no_folder(run: Run, tmp_path: Path) -> None:
    made = Path(run("backup", "--json").value["path"])
    content = made.read_bytes()
    made.write_bytes(content[:8192] + bytes(4096) + content[12288:])
    done = run("restore", made, "--into", tmp_path / "恢复")
    assert done.code == 5
    assert not (tmp_path / "恢复").exists()


def test_doctor_finds_nothing_wrong_with_the_demonstration_and_something_with_damaged_data(
    run: Run, filled: Path
) -> None:
    well = run("doctor")
    assert well.code == 0
    assert "✓ 数据库文件完好" in well.out
    assert "✗" not in well.out
    with desktop.open_app(filled) as app, app.db.transaction(app.actor, "损坏") as tx:
        tx.execute("UPDATE household SET head_id=NULL WHERE local_no=1")
    ill = run("doctor", "--json")
    assert ill.code == 1
    (found,) = [one for one in ill.value if one["level"] == "问题"]
    assert (found["code"], found["count"], len(found["cases"])) == ("head_missing", 1, 1)
