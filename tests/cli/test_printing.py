"""print: papers of all kinds into a file, the log first, and a clear word where there is no printer."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.cli.papers import FORM_WORDS
from desktop_app.printing.forms import FORMS
from tests.cli.conftest import Run
from tests.journeys.world import linli
from tests.printing.conftest import Measured

SUBJECTS = {
    "card": "building",
    "plaque": "party_centre_household",
    "record": "meeting",
    "sign-in": "meeting",
    "minutes": "meeting",
    "chart": "building",
    "visit": "household",
    "route": "campaign",
    "receipt": "campaign",
    "missed": "campaign",
}
OF_APPEALS = {"appeal-receipt", "appeal-referral", "appeal-closing", "appeal-ledger"}
"""Printed in tests/cli/test_appeals.py, where there are appeals."""


def test_every_form_has_a_word_but_the_lists_and_charts_that_pages_print() -> None:
    assert set(SUBJECTS) | OF_APPEALS <= set(FORM_WORDS)
    assert len(set(FORM_WORDS.values())) == len(FORM_WORDS)
    assert {form.name for form in FORMS} - set(FORM_WORDS.values()) == {"table", "chart"}


@pytest.mark.parametrize("word", SUBJECTS)
def test_a_paper_is_saved_and_noted(
    run: Run, some: Callable[[str], str], look: Callable[[str], object], tmp_path: Path, word: str
) -> None:
    path, subject = tmp_path / "单据.pdf", some(SUBJECTS[word])
    done = run("print", word, subject, "-o", path, "--json")
    assert done.code == 0, done.err
    paper = Measured(path.read_bytes())
    assert paper.pages == done.value["pages"]
    assert look("SELECT form||'|'||subject_id||'|'||sha256||'|'||by_name FROM print_job") == "|".join(
        (FORM_WORDS[word], subject, done.value["sha256"], "贺知秋")
    )


@pytest.mark.parametrize(("word", "count"), [("card", 9), ("plaque", 18), ("chart", 9)])
def test_all_of_them_come_out_in_one_file(run: Run, tmp_path: Path, word: str, count: int) -> None:
    done = run("print", word, "--all", "-o", tmp_path / "全部.pdf", "--json")
    assert len(done.value["subjects"]) == count
    assert (tmp_path / "全部.pdf").read_bytes().startswith(b"%PDF")


def test_a_card_of_a_resident_is_that_of_the_building(run: Run, tmp_path: Path) -> None:
    run("print", "card", "ssc", "-o", tmp_path / "卡.pdf", "--size", "90x54")
    paper = Measured((tmp_path / "卡.pdf").read_bytes())
    assert paper.size() == (90.0, 54.0)
    assert "红旗小区3栋" in paper.all_text()


def test_a_paper_can_go_to_the_standard_output(filled: Path) -> None:
    command = [sys.executable, "-m", "desktop_app.cli", "print", "card", "ssc", "-o", "-", "--home", filled]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stdout.startswith(b"%PDF")
    assert done.stdout.rstrip().endswith(b"%%EOF")


def test_a_file_that_cannot_be_written_is_noted_as_failed(
    run: Run, look: Callable[[str], object], tmp_path: Path
) -> None:
    assert run("print", "card", "ssc", "-o", tmp_path / "no" / "卡.pdf").code == 1
    assert look("SELECT state FROM print_job") == "失败"


def test_without_a_print_system_it_says_so(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for words in (["printers"], ["print", "card", "ssc", "--printer", "HP"]):
        done = run(*words)
        assert done.code == 1
        assert "没有安装打印系统" in done.err


def test_printers_are_listed(filled: Path, tmp_path: Path) -> None:
    """Stand-ins for the programs of CUPS."""
    for name, body in (
        ("lpstat", 'case $1 in\n-e) echo Office; echo Linli;;\n-d) echo "system default destination: Linli";;\nesac'),
        ("lp", "cat > /dev/null; echo 'request id is Linli-12 (1 file(s))'"),
    ):
        (tmp_path / name).write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{body}\n")
        (tmp_path / name).chmod(0o755)
    done = linli("printers", "--home", filled, "--json", PATH=str(tmp_path))
    assert done.value[0] == {"name": "Linli", "default": True, "problem": ""}
    assert [one["name"] for one in done.value] == ["Linli", "Office"]
