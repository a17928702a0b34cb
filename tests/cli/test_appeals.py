"""`linli appeal …`: an appeal from its registration to the sentence of the month, without a screen."""

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def no(run: Run) -> str:
    done = run("appeal", "add", "楼道灯不亮", "--person", "单守诚", "--class", "公共设施", "--accept", "--json")
    assert done.code == 0, done.err
    return done.value["no"]


def test_an_appeal_goes_its_way_and_is_counted(run: Run, no: str) -> None:
    assert "楼道灯不亮" in run("appeal", "list").out
    told = run("appeal", "act", no, "上报", "--text", "请社区协调", "--json").value
    assert (told["phase"], told["step"]) == ("办理中", 2)
    assert run("appeal", "act", no, "办结", "--outcome", "已回应解决", "--text", "修好了").code == 0
    assert "待评价" in run("appeal", "show", no).out
    assert run("appeal", "act", no, "评价", "--satisfaction", "满意").code == 0
    shown = run("appeal", "show", no, "--json").value
    assert [event["kind"] for event in shown["events"]] == ["登记", "受理", "上报", "办结", "评价"]
    said = run("appeal", "sentence", "--since", "2020-01-01")
    assert "接到群众反映诉求1件，已回应解决1件，正在跟踪办理0件" in said.out


def test_a_step_the_ladder_forbids_ends_with_1_and_says_what_may_be_done(run: Run, no: str) -> None:
    done = run("appeal", "act", no, "部门认领", "--to", "市住建局")
    assert done.code == 1
    assert "现在可以：派办" in done.err
    assert run("appeal", "show", "没有").code == 1


def test_a_filter_narrows_the_list(run: Run, no: str) -> None:
    assert len(run("appeal", "list", "--class", "公共设施", "--phase", "在办", "--json").value) == 1
    assert run("appeal", "list", "--class", "电梯", "--json").value == []
    assert "没有这样的诉求" in run("appeal", "list", "--due", "逾期").out


def test_the_register_is_exported_and_the_papers_are_printed(run: Run, no: str, tmp_path) -> None:
    assert run("appeal", "export", "-o", tmp_path / "台账.xlsx", "--json").value["rows"] == 1
    assert run("appeal", "export", "-o", tmp_path / "台账.docx").code == 2
    run("appeal", "act", no, "派办", "--to", "网格员")
    for name in ("appeal-receipt", "appeal-referral", "appeal-closing", "appeal-ledger"):
        done = run("print", name, no, "-o", tmp_path / f"{name}.pdf")
        assert done.code == 0, done.err
    assert run("print", "appeal-receipt", no, "--size", "80", "-o", tmp_path / "卷纸.pdf").code == 0
    assert run("print", "appeal-ledger", "--all", "-o", tmp_path / "全部.pdf").code == 0
