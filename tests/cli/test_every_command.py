"""Every command: JSON that scripts can read, Chinese for people, and help."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.cli.parser import build
from desktop_app.residents.queries import STATES
from tests.cli.conftest import ROSTER, Run
from tests.journeys.world import linli

PICTURE = min((Path(__file__).resolve().parents[2] / "docs" / "pictures").glob("*.png"))
WITH_DATA: dict[str, list[str]] = {
    "account": ["list"],
    "appeal": ["list"],
    "audit": ["verify"],
    "attach": ["resident", "单守诚", str(PICTURE)],
    "attachments": ["resident", "单守诚"],
    "backup": [],
    "backups": [],
    "campaign": ["list"],
    "care": ["bells"],
    "chain": ["resident", "单守诚"],
    "conflicts": [],
    "doctor": [],
    "duplicates": [],
    "export": ["residents", "-o", "{out}/名单.xlsx"],
    "find": ["单守诚"],
    "history": ["resident", "单守诚"],
    "import": ["residents", str(ROSTER), "--dry-run"],
    "matter": ["list"],
    "meeting": ["due"],
    "order": ["list"],
    "points": ["accounts"],
    "print": ["card", "单守诚", "-o", "{out}/卡.pdf"],
    "refused": [],
    "repair": [],
    "report-in": ["list"],
    "set": ["resident", "单守诚", "note=已走访"],
    "shift": ["list"],
    "show": ["resident", "单守诚"],
    "undo": [],
    "units": [],
    "visit": ["due"],
    "wish": ["list"],
    "partner": ["list"],
    "retention": ["list"],
    "request": ["list"],
    "practice": ["list"],
    "exports": [],
    "approval": ["list"],
}
BEFORE = {"undo": ["set", *WITH_DATA["set"]]}
"""What has to be done before there is something for a command to do."""
ELSEWHERE = {
    "bundle", "demo", "enrol", "erase", "init", "merge", "move-out", "printers", "recovery-sheet", "restore", "share",
    "sync", "trust", "key", "restricted", "sealed",
}  # fmt: skip
"""Commands that need a server, a printer, another folder or half a minute; each has its own tests."""


def verbs() -> dict[str, object]:
    (found,) = (action.choices for action in build()._actions if isinstance(action.choices, dict))
    return found


def test_every_command_is_tested() -> None:
    assert set(verbs()) == set(WITH_DATA) | ELSEWHERE


@pytest.mark.parametrize("verb", WITH_DATA)
def test_with_json_a_command_prints_one_json_value_and_nothing_else(run: Run, tmp_path: Path, verb: str) -> None:
    if verb in BEFORE:
        run(*BEFORE[verb])
    done = run(verb, *(word.format(out=tmp_path) for word in WITH_DATA[verb]), "--json")
    assert done.code == 0, done.err
    assert isinstance(done.value, dict | list)


@pytest.mark.parametrize("verb", WITH_DATA)
def test_without_json_a_command_speaks_chinese(run: Run, tmp_path: Path, verb: str) -> None:
    if verb in BEFORE:
        run(*BEFORE[verb])
    done = run(verb, *(word.format(out=tmp_path) for word in WITH_DATA[verb]))
    assert done.code == 0, done.err
    assert re.search("[\u4e00-\u9fff]", done.out)
    with pytest.raises(json.JSONDecodeError):
        json.loads(done.out)


@pytest.mark.parametrize("verb", sorted(set(WITH_DATA) | ELSEWHERE))
def test_every_command_explains_itself_in_chinese(capsys: pytest.CaptureFixture[str], verb: str) -> None:
    with pytest.raises(SystemExit) as ended:
        build().parse_args([verb, "--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert told.startswith("用法：linli")
    assert not re.search(r"\b(usage|options|positional|show this|optional arguments)\b", told)


@pytest.mark.parametrize("verb", sorted(WITH_DATA))
def test_a_folder_without_data_is_said_to_be_empty(run: Run, tmp_path: Path, verb: str) -> None:
    done = run(verb, *(word.format(out=tmp_path) for word in WITH_DATA[verb]), home=tmp_path / "没有")
    assert (done.code, done.out) == (1, "")
    assert "还没有数据" in done.err
    assert not (tmp_path / "没有").exists()


def test_the_states_to_export_are_those_of_the_register() -> None:
    export = verbs()["export"]
    (states,) = (action.choices for action in export._actions if action.dest == "state")  # type: ignore[attr-defined]
    assert states == STATES


def test_the_words_of_an_error_are_json_where_the_result_would_have_been(run: Run) -> None:
    done = run("show", "resident", "查无此人", "--json")
    assert (done.code, done.out) == (1, "")
    assert json.loads(done.err) == {"error": "没有找到居民“查无此人”。", "next_step": "请核对编号。", "field": None}


def test_output_into_a_pipe_is_utf8_whatever_the_machine_speaks(filled: Path) -> None:
    for encoding in ("ascii", "gbk"):
        done = linli("find", "罗㛃", "--home", filled, "--json", PYTHONIOENCODING=encoding)
        assert (done.code, done.err) == (0, "")
        assert done.value[0]["name"] == "罗㛃"


BLOCKED = """
import sys

class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("PySide6", "shiboken6", "ui"):
            raise ImportError(f"{name} is not installed here")

sys.meta_path.insert(0, NoQt())
from desktop_app.cli import main
codes = [main([*words, "--home", sys.argv[1]]) for words in eval(sys.argv[2])]
print(codes, [name for name in sys.modules if name.split(".")[0] in ("PySide6", "shiboken6", "ui")])
"""


def test_no_command_needs_qt(filled: Path, tmp_path: Path) -> None:
    commands = [[verb, *(word.format(out=tmp_path) for word in words)] for verb, words in WITH_DATA.items()]
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED, str(filled), repr(commands)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == f"{[0] * len(commands)} []"


def test_results_go_to_the_output_and_progress_to_the_error_stream(run: Run, tmp_path: Path) -> None:
    done = run("export", "residents", "-o", tmp_path / "名单.csv", "--json-progress")
    steps = [json.loads(line) for line in done.err.splitlines()]
    assert steps
    assert all(step.keys() == {"done", "total", "words"} for step in steps)
    assert steps[-1]["done"] == steps[-1]["total"] == done.value["rows"]
    quiet = run("export", "residents", "-o", tmp_path / "名单.csv", "--quiet")
    assert quiet.err == ""


def test_identifiers_from_one_command_are_understood_by_the_next(run: Run, some: Callable[[str], str]) -> None:
    for kind, table in (
        ("household", "household"),
        ("room", "room"),
        ("building", "building"),
        ("estate", "estate"),
        ("meeting", "meeting"),
        ("centre", "party_centre_household"),
    ):
        done = run("show", kind, some(table), "--json")
        assert (done.code, done.value["id"]) == (0, some(table)), kind
        assert run("history", kind, some(table)).code == 0
