"""`linli appeal …`: an appeal from its registration to the sentence of the month, without a screen."""

from io import StringIO
from pathlib import Path

import pytest

from desktop_app import app as desktop
from desktop_app.appeals import lists
from desktop_app.appeals.queries import AppealFilter
from desktop_app.spreadsheets.workbook import read
from tests.cli.conftest import Run


@pytest.fixture
def no(run: Run) -> str:
    done = run("appeal", "add", "楼道灯不亮", "--person", "单守诚", "--class", "公共设施", "--accept", "--json")
    assert done.code == 0, done.err
    return done.value["no"]


def test_an_appeal_goes_its_way_and_is_counted(run: Run, no: str) -> None:
    before = run("appeal", "sentence", "--json").value
    assert "楼道灯不亮" in run("appeal", "list").out
    told = run("appeal", "act", no, "上报", "--text", "请社区协调", "--json").value
    assert (told["phase"], told["step"]) == ("办理中", 2)
    assert run("appeal", "act", no, "办结", "--outcome", "已回应解决", "--text", "修好了").code == 0
    assert "待评价" in run("appeal", "show", no).out
    assert run("appeal", "act", no, "评价", "--satisfaction", "满意").code == 0
    shown = run("appeal", "show", no, "--json").value
    assert [event["kind"] for event in shown["events"]] == ["登记", "受理", "上报", "办结", "评价"]
    after = run("appeal", "sentence", "--json").value
    assert (after["total"], after["answered"]) == (before["total"], before["answered"] + 1)
    said = run("appeal", "sentence", "--since", "2020-01-01")
    assert f"接到群众反映诉求{after['total']}件，已回应解决{after['answered']}件" in said.out


def test_a_step_the_ladder_forbids_ends_with_1_and_says_what_may_be_done(run: Run, no: str) -> None:
    done = run("appeal", "act", no, "部门认领", "--to", "市住建局")
    assert done.code == 1
    assert "现在可以：派办" in done.err
    assert run("appeal", "show", "没有").code == 1


def test_a_filter_narrows_the_list(run: Run, no: str) -> None:
    found = run("appeal", "list", "--class", "公共设施", "--phase", "在办", "--text", "楼道灯", "--json").value
    assert [one["no"] for one in found] == [no]
    assert run("appeal", "list", "--class", "电梯", "--text", "楼道灯", "--json").value == []
    assert "没有这样的诉求" in run("appeal", "list", "--due", "逾期", "--text", "楼道灯").out


def test_the_demonstration_tells_a_year_with_every_end_and_every_stage(run: Run) -> None:
    told = run("appeal", "list", "--limit", "1000", "--json").value
    assert {one["phase"] for one in told} >= {"待受理", "办理中", "已暂停", "待评价", "已结案"}
    assert {one["outcome"] for one in told} == {"已回应解决", "正在跟踪办理", "暂无法办理已解释"}
    assert {one["due"] for one in told} == {"逾期", "将到期", ""}
    assert {one["step"] for one in told} == {1, 2, 3, 4}
    assert len({one["channel"] for one in told}) > 8
    assert all(one["satisfaction"] for one in told if one["phase"] == "已结案")
    assert not any(one["stale"] for one in told)
    months = {one["received_on"][:7] for one in told}
    assert len(months) == 12


def test_the_window_names_what_it_shows_and_it_goes_out_in_that_order(
    run: Run, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desktop.open_app(filled) as app:
        wanted = lists.numbers(app.db, AppealFilter(), "title")[:5]
        titles = [line.title for line in lists.lines_of(app.db, wanted) if line]
    monkeypatch.setattr("sys.stdin", StringIO(" ".join(map(str, wanted))))
    path = tmp_path / "台账.xlsx"
    assert run("appeal", "export", "-o", path, "--numbers", "--json").value["rows"] == 5
    assert [str(row[5]) for row in read(path).sheets[0].rows[1:]] == titles
    monkeypatch.setattr("sys.stdin", StringIO("所有的"))
    assert run("appeal", "export", "-o", path, "--numbers").code == 2


def test_the_register_is_exported_and_the_papers_are_printed(run: Run, no: str, tmp_path: Path) -> None:
    every = len(run("appeal", "list", "--limit", "1000", "--json").value)
    assert run("appeal", "export", "-o", tmp_path / "台账.xlsx", "--json").value["rows"] == every
    assert run("appeal", "export", "-o", tmp_path / "台账.docx").code == 2
    run("appeal", "act", no, "派办", "--to", "网格员")
    for name in ("appeal-receipt", "appeal-referral", "appeal-closing", "appeal-ledger"):
        done = run("print", name, no, "-o", tmp_path / f"{name}.pdf")
        assert done.code == 0, done.err
    assert run("print", "appeal-receipt", no, "--size", "80", "-o", tmp_path / "卷纸.pdf").code == 0
    assert run("print", "appeal-ledger", "--all", "-o", tmp_path / "全部.pdf").code == 0
