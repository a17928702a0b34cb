"""`linli points …`: a year of saving from the command line, and what a person who mistypes is told."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

TIME = "志愿时间"


@pytest.fixture
def saver(run: Run) -> str:
    """单守诚 has an account for time; its identifier."""
    return str(run("points", "open", TIME, "--person", "单守诚", "--json").value["id"])


def test_time_is_saved_spent_given_and_taken_back(run: Run, saver: str) -> None:
    reviewed = ("--attest1", "李静", "--attest2", "贺知秋")
    made = run("points", "deposit", saver, "服务时间", "--amount", 90, "--text", "陪诊", *reviewed)
    assert made.code == 0, made.err
    assert "结余 1 小时 30 分钟（90 分钟）" in made.out
    spent = run("points", "spend", saver, 60, "理发一次", "--json").value
    assert (spent["balance"], spent["voucher_no"][:1]) == (30, "积")
    to = next(one["id"] for one in run("points", "accounts", "--kind", TIME, "--json").value if one["id"] != saver)
    assert "已转给" in run("points", "transfer", saver, to, 10).out
    back = run("points", "reverse", spent["id"], "没有理成", "--json").value
    assert (back["kind"], back["balance"]) == ("冲正", 80)
    book = run("points", "passbook", saver)
    assert [word for word in ("陪诊", "理发一次", "李静、贺知秋", "已冲正") if word not in book.out] == []
    assert "总账是平的" in run("points", "check").out


def test_what_waits_is_deposited_in_one_go_and_then_nothing_waits(run: Run) -> None:
    waiting = run("points", "due", "--json").value
    assert waiting
    refused = run("points", "deposit-due", "--attest1", "李静")
    assert (refused.code, "要 2 名审核人" in refused.err) == (1, True)
    assert len(run("points", "due", "--json").value) == len(waiting), "nothing was deposited"
    names = {one["name"] for one in waiting}
    one = min(names)
    done = run("points", "deposit-due", "--name", one, "--attest1", "甲审核", "--attest2", "乙审核", "--json")
    assert done.value["count"] == sum(line["name"] == one for line in waiting)
    assert one not in {line["name"] for line in run("points", "due", "--json").value}


def test_points_leave_for_another_community_and_come_from_one(run: Run, saver: str) -> None:
    taken = run("points", "take-in", saver, 90, "江北社区", "积2026-0007")
    assert (taken.code, "结余 1 小时 30 分钟" in taken.out) == (0, True)
    again = run("points", "take-in", saver, 90, "江北社区", "积2026-0007")
    assert (again.code, "这张外社区凭证已于" in again.err) == (1, True)
    sent = run("points", "send", saver, "江山社区", "--close", "--json").value
    assert (sent["kind"], sent["amount"], sent["balance"], sent["voucher_no"][:1]) == ("转出", 90, 0, "积")
    assert "没有要转入的凭证" in run("points", "brought", "单守诚").out
    assert "总账是平的" in run("points", "check").out


def test_what_cannot_be_deposited_keeps_nobody_else_from_it(run: Run) -> None:
    waiting = run("points", "due", "--json").value
    names = [line["name"] for line in waiting]
    assert len(set(names)) > 1, "else there is nobody else"
    done = run("points", "deposit-due", "--attest1", names[0], "--attest2", "乙审核")
    assert (done.code, f"有 {names.count(names[0])} 笔没有存入" in done.out) == (1, True)
    assert f"审核人不能是本人（{names[0]}）" in done.out
    assert {line["name"] for line in run("points", "due", "--json").value} == {names[0]}


@pytest.mark.parametrize(
    ("words", "said", "next_step"),
    [
        (("spend", "{id}", 5, "洗衣液"), "结余是 0 分钟，不够支出 5 分钟", "请改小数量"),
        (("spend", "查无此人", 5, "洗衣液"), "账户“查无此人”没有找到", "linli points accounts"),
        (("deposit", "{id}", "没有的规则"), "没有“没有的规则”这条积分规则", "可以选"),
        (("deposit", "{id}", "主题党日"), "不能记入志愿时间", "请另选规则"),
        (("deposit", "{id}", "服务时间", "--attest1", "甲", "--attest2", "乙"), "要写分钟数", "请填写"),
        (("reverse", "查无此笔", "错了"), "已经不在了", "请刷新"),
        (("open", TIME, "--person", "单守诚"), "已经有志愿时间账户", "请直接用"),
        (("open", "存款", "--person", "单守诚"), "没有“存款”这种账户", "可以是"),
    ],
)
def test_a_mistake_is_said_with_the_next_step_and_nothing_is_written(run: Run, saver: str, words, said, next_step):
    before = run("points", "accounts", "--closed", "--json").value
    told = run("points", *(str(word).format(id=saver) for word in words))
    assert (told.code, said in told.err, next_step in told.err) == (1, True, True), told.err
    assert run("points", "accounts", "--closed", "--json").value == before


def test_a_board_and_a_passbook_leave_as_workbooks_and_are_noted(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "公示榜.xlsx"
    told = run("points", "board", "-o", path, "--json")
    assert path.exists()
    assert not any("name" in line for line in told.value), "the board names nobody whole"
    assert "积分公示榜" in json.dumps(run("exports", "--json").value, ensure_ascii=False)
    told = run("points", "board", "--kind", "存款")
    assert (told.code, "--kind 不能是 存款，可以是 党员积分" in told.err.replace("'", "")) == (2, True), told.err
    wrong = run("points", "board", "-o", tmp_path / "公示榜.docx")
    assert (wrong.code, "只能导出为 .xlsx" in wrong.err) == (2, True)
