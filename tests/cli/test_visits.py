"""visit and campaign: the daily round without a window, its lists as workbooks and papers."""

from collections.abc import Callable
from pathlib import Path

from desktop_app.spreadsheets.workbook import SheetOut, read, write
from tests.cli.conftest import Run
from tests.printing.conftest import Measured

CAMPAIGN = "冬季送温暖敲门行动"


def test_a_visit_is_recorded_and_says_when_the_next_is_due(run: Run) -> None:
    done = run("visit", "record", "resident", "单守诚", "--purpose", "送药", "--opinion", "修灯", "--opinion", "加座")
    assert done.code == 0, done.err
    assert "走访人 贺知秋" in done.out
    listed = run("visit", "list", "--json").value["visits"]
    assert next((one["purpose"], one["opinions_n"]) for one in listed if one["name"] == "单守诚") == ("送药", 2)


def test_a_visit_is_put_right_field_by_field_and_taken_back_and_found_again(run: Run) -> None:
    told = ("--findings", "好", "--goods", "米", "--opinion", "修灯", "--json")
    visit = run("visit", "record", "resident", "单守诚", *told).value["id"]
    done = run("visit", "correct", visit, "--findings", "身体还好", "--goods", "", "--result", "电话联系")
    assert done.code == 0, done.err
    assert "电话" in done.out
    shown = next(one for one in run("visit", "list", "--json").value["visits"] if one["id"] == visit)
    assert (shown["findings"], shown["result"], shown["opinions_n"]) == ("身体还好", "电话", 1)
    assert run("visit", "correct", visit).code == 2
    refused = run("visit", "correct", visit, "--on", "2099-01-01")
    assert (refused.code, "在今天之后" in refused.err) == (1, True)
    assert run("visit", "withdraw", visit).code == 2
    gone = run("visit", "withdraw", visit, "--why", "登记重复")
    assert (gone.code, "linli undo" in gone.out) == (0, True)
    assert visit not in {one["id"] for one in run("visit", "list", "--json").value["visits"]}
    assert "已经不在了" in run("visit", "correct", visit, "--findings", "好").err
    assert run("undo").code == 0
    assert visit in {one["id"] for one in run("visit", "list", "--json").value["visits"]}


def test_a_day_to_come_is_refused_in_words(run: Run) -> None:
    done = run("visit", "record", "resident", "单守诚", "--on", "2099年1月1日")
    assert done.code == 1
    assert "在今天之后，没有保存" in done.err


def test_a_year_of_visits_leaves_a_few_homes_due(run: Run) -> None:
    """On the day the community was made; later on everybody has waited too long."""
    value = run("visit", "due", "--json").value
    assert len(value["due"]) == value["counts"]["homes"] >= 5
    assert run("visit", "due", "--general", "--json").value["due"]


def test_lists_come_out_as_workbooks_and_visits_are_read_back(run: Run, tmp_path: Path) -> None:
    run("visit", "due", "-o", tmp_path / "该走访.xlsx")
    assert read(tmp_path / "该走访.xlsx").sheets[0].rows[0][0] == "户主"
    rows = [
        ("2026-11-01", "单守诚", "上门", "在家", "平安"),
        ("2026-13-01", "单守诚", "", "", ""),
        ("2026-11-02", "查无此人", "", "", ""),
        ("2026-11-02", "单守诚", "", "飞走", ""),
    ]
    path = write(tmp_path / "走访.xlsx", [SheetOut("走访", ("走访日期", "走访对象", "方式", "结果", "走访情况"), rows)])
    checked = run("visit", "import", path, "--dry-run", "--json").value
    assert checked["visits"] == 1
    assert [one["row"] for one in checked["problems"]] == [3, 4, 5]
    assert run("visit", "import", path, "--yes").code == 0
    listed = run("visit", "list", "--month", "2026-11", "--json").value["visits"]
    assert ("2026-11-01", "入户", "见面", "平安") in {(v["on"], v["mode"], v["result"], v["findings"]) for v in listed}
    assert run("visit", "import", tmp_path / "该走访.xlsx", "--dry-run").code == 1


def test_the_route_of_those_who_are_due_is_a_paper(run: Run, tmp_path: Path, look: Callable[[str], object]) -> None:
    done = run("visit", "route", "-o", tmp_path / "路线.pdf", "--json")
    assert done.code == 0, done.err
    assert Measured((tmp_path / "路线.pdf").read_bytes()).pages == done.value["pages"]
    assert look("SELECT form FROM print_job") == "visit_route"
    assert run("visit", "route", "单守诚", "-o", tmp_path / "一户.pdf").code == 0
    assert "单守诚" in Measured((tmp_path / "一户.pdf").read_bytes()).all_text()


def test_a_blank_sheet_needs_nobody(run: Run, tmp_path: Path) -> None:
    assert run("print", "visit", "空白", "-o", tmp_path / "空白.pdf").code == 0


def test_a_campaign_is_made_filled_in_on_its_workbook_and_gone_through_again(run: Run, tmp_path: Path) -> None:
    made = run("campaign", "make", "低保慰问", "--tag", "低保", "--team", "甲", "--team", "乙", "--json").value
    told = run("campaign", "report", "低保慰问", "-o", tmp_path / "名单.xlsx", "--json").value
    assert told["homes"] == made["homes"] == len(told["items"])
    head, *rows = read(tmp_path / "名单.xlsx").sheets[0].rows
    result, day, count, signed = (head.index(word) for word in ("结果", "上门日期", "发放数量", "签收"))
    rows[0][result], rows[0][day], rows[0][count], rows[0][signed] = "已见面", "2026-11-20", "2", "√"
    rows[1][result] = "不在家"
    rows[2][result] = "飞走"
    write(tmp_path / "填好.xlsx", [SheetOut("名单", head, rows)])
    done = run("campaign", "result", "低保慰问", "--file", tmp_path / "填好.xlsx", "--next-round", "--json").value
    assert (done["entered"], done["reached"], done["goods"], done["signed"]) == (2, 1, 2, 1)
    assert "飞走" in done["problems"][0]
    second = run("campaign", "report", "低保慰问", "--json").value["items"]
    assert len(second) == made["homes"] - 1


def test_results_can_be_typed_by_the_door(run: Run) -> None:
    item = run("campaign", "report", CAMPAIGN, "--json").value["items"][0]
    stop = item["stop"]
    door = "-".join(filter(None, (stop["building"], stop["unit"], stop["room"])))
    assert run("campaign", "result", CAMPAIGN, f"{door}=见面").code == 0
    for wrong in ("99-9-999=见面", door, f"{door}=飞走"):
        assert run("campaign", "result", CAMPAIGN, wrong).code != 0
    assert run("campaign", "make", "谁").code == 2
    assert run("campaign", "report", "没有的行动").code == 1
