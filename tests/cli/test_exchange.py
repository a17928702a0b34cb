"""enrol, sync, conflicts: a desk and the real server, spoken to in words."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app import app as desktop
from desktop_app.cli import main
from desktop_app.residents.model import Person
from desktop_app.store.conflict import Conflict
from tests.cli.conftest import Run
from tests.journeys.world import Server


def test_a_desk_that_knows_no_server_is_told_how_to_enrol(run: Run) -> None:
    done = run("sync")
    assert done.code == 1
    assert "linli enrol" in done.err
    assert run("conflicts").out.strip() == "没有待确认的冲突。"


def test_two_desks_are_enrolled_synced_and_show_their_conflict(run: Run, other: Path, server: Server) -> None:
    enrolled = run("enrol", server.url, server.code(), "--name", "前台1", "--json")
    assert enrolled.value["scope"] == 420299001001
    assert enrolled.value["unit"] == "红旗桥社区"
    assert run("enrol", server.url, server.code().lower(), home=other).code == 0, "a code may be typed in small letters"
    pushed = run("sync", "--json").value
    assert pushed["pushed"] > 2500
    assert pushed["problems"] == []
    assert "收到" in run("sync", home=other).out
    assert run("find", "ssc", "--json", home=other).value[0]["name"] == "单守诚"

    run("set", "resident", "单守诚", "phones=13500000881")
    run("set", "resident", "单守诚", "phones=13500000882", home=other)
    for home in (None, other, None):
        assert run("sync", home=home).code == 0
    for home in (None, other):
        (clash,) = run("conflicts", "--json", home=home).value
        assert (clash["record_name"], clash["field_zh"]) == ("单守诚", "联系电话")
        assert (clash["shown"]["value"], clash["other"]["value"]) == ("135****0882", "135****0881")
        told = run("conflicts", home=home).out
        assert "单守诚" in told
        assert "1350000088" not in told, "whole numbers are shown for a reason alone"


def test_a_step_done_twice_and_a_whole_record_are_listed_in_words_with_masked_numbers(run: Run, filled: Path) -> None:
    said = [{"kind": "办结", "by_name": name, "on": "2026-11-22"} for name in ("李静", "任海燕")]
    person = {"name": "单守诚", "phones": "13500000881", "id_no": "420299195003050014"}
    with desktop.open_app(filled) as app, app.db.transaction(app.actor, "准备") as tx:
        won, lost, whole = (json.dumps(one) for one in (*said, person))
        tx.add(Conflict(tbl="appeal_event", row_id="ab" * 16, field="", kind="state", win_value=won, lose_value=lost))
        tx.add(Conflict(tbl="person", row_id="cd" * 16, field="", kind="moved", win_value=None, lose_value=whole))
    told = run("conflicts").out
    assert "同一步办了两次" in told
    assert "经办人：任海燕" in told
    assert "联系电话：135****0881" in told
    for shown in (told, run("conflicts", "--json").out):
        assert "13500000881" not in shown
        assert "420299195003050014" not in shown
        assert "by_name" not in shown


@pytest.fixture
def clash(filled: Path) -> Callable[..., str]:
    """Makes a clash about somebody's telephone (or of another kind) and gives its number."""

    def make(kind: str = "field", field: str = "phones") -> str:
        with desktop.open_app(filled) as app, app.db.transaction(app.actor, "准备") as tx:
            person = str(tx.scalar("SELECT id FROM person WHERE name='单守诚'"))
            tx.change(Person, person, phones="13500000881")
            won, lost = '"13500000881"', '"13500000882"'
            made = Conflict(tbl="person", row_id=person, field=field, kind=kind, win_value=won, lose_value=lost)
            return tx.add(made).id

    return make


def phones(filled: Path) -> str:
    with desktop.open_app(filled) as app:
        return str(app.db.scalar("SELECT phones FROM person WHERE name='单守诚'"))


@pytest.mark.parametrize(
    ("how", "stands"),
    [
        (["keep"], "13500000881"),
        (["swap"], "13500000882"),
        (["join"], "13500000881 13500000882"),
        (["merge", "--value", "13500000883"], "13500000883"),
    ],
)
def test_a_clash_is_settled_as_in_the_window_and_undone(
    run: Run, filled: Path, clash: Callable[..., str], how: list[str], stands: str
) -> None:
    made = clash()
    done = run("conflicts", "settle", made, *how)
    assert done.code == 0, done.err
    assert "已确认单守诚的联系电话" in done.out
    assert phones(filled) == stands
    assert run("conflicts").out.strip() == "没有待确认的冲突。"
    assert run("conflicts", "settle", made, "keep").err.startswith("这条冲突已经有人处理过了")
    assert run("undo").code == 0
    assert phones(filled) == "13500000881"
    assert made in run("conflicts").out


def test_a_clash_that_is_not_there_and_a_choice_that_is_none_change_nothing(
    run: Run, filled: Path, clash: Callable[..., str]
) -> None:
    made = clash()
    gone = run("conflicts", "settle", "ab" * 16, "keep")
    assert gone.code == 1
    assert "没有编号为" in gone.err
    assert "linli conflicts" in gone.err
    assert "--value" in run("conflicts", "settle", made, "merge").err
    assert "--value" in run("conflicts", "settle", made, "keep", "--value", "1").err
    assert phones(filled) == "13500000881"
    deletion = clash("delete_edit", "")
    for words in (["merge", "--value", "1"], ["join"]):
        told = run("conflicts", "settle", deletion, *words)
        assert told.code == 2
        assert "keep（保留记录）、swap（删除记录）" in told.err
    assert run("show", "resident", "单守诚").code == 0


def test_a_folder_that_was_named_before_the_verb_is_the_one_that_is_changed(
    filled: Path, clash: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["conflicts", "--home", str(filled), "--json", "settle", clash(), "swap"]
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["how"] == "swap"
    assert phones(filled) == "13500000882"


def test_a_folder_is_no_file_to_import_or_to_write(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (
        ["bundle", "import", "."],
        ["bundle", "export", str(tmp_path)],
        ["init", "--staff", "李静", "--from-starter", "."],
    ):
        done = run(*words, home=tmp_path / "新" if words[0] == "init" else None)
        assert done.code == 2, words
        assert f"“{words[-1]}”是一个文件夹" in done.err
        assert "directory" not in done.err


def test_a_wrong_code_is_refused_in_words(run: Run, server: Server) -> None:
    done = run("enrol", server.url, "ABCDEFGHJK")
    assert done.code == 1
    assert "接入码" in done.err


def test_a_server_that_went_away_ends_with_4_and_the_desk_works_on(run: Run, server: Server) -> None:
    run("enrol", server.url, server.code())
    server.stop()
    done = run("sync")
    assert done.code == 4
    assert "没有丢失" in done.err
    assert run("set", "resident", "单守诚", "note=已走访").code == 0
    server.start()
    assert run("sync").code == 0
