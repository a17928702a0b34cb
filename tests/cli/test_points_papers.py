"""print: a passbook by the name of its owner, a voucher by its number, a board by kind and year."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.printing.conftest import Measured


@pytest.fixture
def book(run: Run) -> str:
    """The number of a voucher of somebody who has two accounts."""
    for kind in ("志愿时间", "党员积分"):
        run("points", "open", kind, "--person", "ssc")  # one of them the demonstration has opened
    reviewed = ("--attest1", "李静", "--attest2", "赵敏")
    deposited = run("points", "deposit", "单守诚", "t01", "--kind", "志愿时间", "--amount", 90, *reviewed)
    assert deposited.code == 0, deposited.err
    spent = run("points", "spend", "单守诚", 30, "理发一次", "--kind", "志愿时间", "--json")
    return str(spent.value["voucher_no"])


def test_each_paper_is_found_by_what_people_call_it(run: Run, book: str, tmp_path: Path) -> None:
    asked = {
        ("passbook", "志愿时间:单守诚"): "理发一次",
        ("passbook", "志愿时间:单守诚@2026-01-01"): "承前",
        ("voucher", book): "叁拾分钟",
        ("points-board",): "志愿时间公示榜",
    }
    for words, stands in asked.items():
        target = tmp_path / "单据.pdf"
        done = run("print", *words, "-o", target)
        assert done.code == 0, done.err
        assert stands in Measured(target.read_bytes()).all_text(), words


def test_what_is_not_found_or_not_clear_prints_nothing_and_says_what_next(run: Run, book: str, tmp_path: Path) -> None:
    target = tmp_path / "单据.pdf"
    for form, word, said in (
        ("passbook", "单守诚", "不止一个"),
        ("passbook", "没有这个人", "没有找到"),
        ("voucher", "积2020-9999", "没有找到"),
        ("points-board", "去年", "请写年份"),
    ):
        done = run("print", form, word, "-o", target)
        assert done.code == 1
        assert said in done.err
    assert not target.exists()
