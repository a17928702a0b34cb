"""care and chain: bells, alarms, responders, pairs and the whole chain of a door without a window."""

from pathlib import Path

from desktop_app.spreadsheets.workbook import read
from tests.cli.conftest import Run


def test_the_demonstration_has_bells_of_every_state_and_pairs_that_are_late(run: Run) -> None:
    bells = run("care", "bells", "--json").value
    assert {"报警未记到场", "故障", "正常"} <= {one["word"] for one in bells}
    due = run("care", "bells", "--due", "--json").value
    assert due[0]["word"] == "报警未记到场"
    pairs = run("care", "pairs", "--json").value
    assert len(pairs) >= 10
    assert run("care", "list", "--unpaired", "--json").value


def test_a_bell_is_hung_rings_and_is_taken_down(run: Run) -> None:
    made = run("care", "bell", "resident", "单守诚", "--type", "床头", "--place", "床头", "--radius", "300")
    assert made.code == 1  # 床头 is no name of a kind
    assert "可以选" in made.err
    made = run("care", "bell", "resident", "单守诚", "--type", "床头按键", "--place", "床头", "--radius", "300")
    assert made.code == 0, made.err
    assert "红旗小区3栋1单元301室" in made.out
    rang = run("care", "event", "单守诚", "报警", "--who", "盖文斌", "--cause", "摔倒")
    assert rang.code == 0, rang.err
    late = run("care", "event", "单守诚", "报警", "--at", "2099-01-01 03:00")
    assert late.code == 1
    assert "还没有到，没有保存" in late.err
    assert run("care", "take-down", "单守诚", "--why", "搬家").code == 0
    assert run("care", "event", "单守诚", "测试").code == 1


def test_responders_of_a_door_come_with_whole_phones(run: Run) -> None:
    found = run("care", "responders", "resident", "曾德福", "--limit", "3", "--json").value
    assert [one["capacity"] for one in found["lines"]] == ["党员中心户"] * 3
    assert found["lines"][0]["metres"] == 0
    assert all(len(one["phone"]) == 11 for one in found["lines"])


def test_a_pair_is_made_listed_as_a_workbook_and_ended(run: Run, tmp_path: Path) -> None:
    made = run("care", "pair", "resident", "曾德福", "盖文斌", "--every", "9", "--class", "独居", "--json")
    assert made.code == 0, made.err
    again = run("care", "pair", "resident", "曾德福", "曾德福")
    assert again.code == 1
    assert "不能和自己" in again.err
    run("care", "pairs", "-o", tmp_path / "结对.xlsx")
    rows = read(tmp_path / "结对.xlsx").sheets[0].rows
    assert rows[0][0] == "关爱对象"
    assert any("曾德福" in map(str, row) for row in rows)
    run("care", "list", "-o", tmp_path / "关爱.xlsx")
    assert [sheet.name for sheet in read(tmp_path / "关爱.xlsx").sheets] == ["关爱对象", "结对", "门铃"]
    assert run("care", "unpair", made.value["id"]).code == 0


def test_the_chain_of_a_resident_and_the_gaps_of_the_community(run: Run, tmp_path: Path) -> None:
    told = run("chain", "resident", "曾德福")
    assert told.code == 0, told.err
    for words in ("四级包联", "俞鸿宾", "解红梅", "13900000111"):
        assert words in told.out
    one = run("chain", "resident", "曾德福", "--scheme", "四级包联", "--json").value
    assert [len(chain["lines"]) for chain in one["chains"]] == [4]
    gaps = run("chain", "-o", tmp_path / "空缺.xlsx", "--json").value
    assert {"楼栋长", "网格员"} <= {gap["slot"] for gap in gaps}
    assert len(read(tmp_path / "空缺.xlsx").sheets[0].rows) == len(gaps) + 1
    assert run("chain", "--scheme", "没有这种").code == 2
    assert run("chain", "resident").code == 2
