"""Orders, wishes, reporting in and duty on the command line, each the whole way round."""

import pytest

from desktop_app.spreadsheets.workbook import SheetOut, read, write


@pytest.fixture
def order(run):
    made = run("order", "add", "陪同复查", "--colour", "红", "--person", "单守诚", "--on", "2026-11-24", "--json")
    assert made.code == 0
    return made.value["no"]


def test_an_order_is_proposed_given_out_done_and_evaluated(run, order):
    found = run("order", "candidates", order, "--json").value
    assert found[0]["obstacles"] == []
    assert found[0]["reasons"][0] == "擅长 红·关爱老人"
    who = found[0]["id"]
    for words in (
        ("派单", "--helper", who),
        ("接单", "--helper", who),
        ("完成", "--minutes", "90"),
        ("评单", "--satisfaction", "满意", "--by", "单守诚"),
    ):
        done = run("order", "act", order, *words)
        assert done.code == 0, done.err
    shown = run("order", "show", order)
    assert "90 分钟" in shown.out
    assert "状态：已评" in shown.out
    again = run("order", "act", order, "接单", "--helper", who)
    assert again.code == 1
    assert "服务单已评，不能接单" in again.err


def test_what_nobody_took_and_the_figures_are_told(run):
    waiting = run("order", "list", "--untaken", "--json").value
    assert waiting == sorted(waiting, key=lambda one: -one["waited"])
    told = run("order", "figures")
    assert "红·关爱老人" in told.out
    assert "无人接单" in told.out


def test_lists_go_out_through_the_register(run, tmp_path):
    for words, sheet in (
        (("order", "export"), "服务单"),
        (("order", "helpers"), "志愿者"),
        (("wish", "list"), "微心愿"),
        (("report-in", "list"), "报到"),
        (("shift", "list"), "值守"),
    ):
        target = tmp_path / f"{sheet}.xlsx"
        done = run(*words, "-o", target)
        assert done.code == 0, done.err
        assert sheet in [one.name for one in read(target).sheets]
    assert run("order", "export", "-o", tmp_path / "单.csv").code != 0


def test_a_wish_is_collected_claimed_fulfilled_and_thanked_for(run):
    wrong = run("wish", "add", "单守诚想要棉被", "--alias", "单爷爷", "--person", "单守诚")
    assert wrong.code == 1
    assert "心愿墙是公开的" in wrong.err
    assert "不能是负数" in run("wish", "add", "棉被", "--alias", "单爷爷", "--cap", "-1").err
    number = run("wish", "add", "想要棉被", "--alias", "单爷爷", "--cap", "150", "--json").value["no"]
    for words in (
        ("认领", "--taker", "市图书馆", "--unit"),
        ("实现", "--text", "已送到", "--cost", "140"),
        ("答谢", "--text", "谢谢"),
    ):
        assert run("wish", "act", number, *words).code == 0
    (line,) = run("wish", "list", "--text", "想要棉被", "--json").value["wishes"]
    assert (line["phase"], line["taker"], line["remark"]) == ("已答谢", "市图书馆", "缺凭证")


def test_somebody_reports_in_and_claims_what_the_negative_list_allows(run):
    number = run(
        "report-in", "add", "钱芳", "--kind", "骑手", "--unit", "江畔配送站", "--role", "社情民意信息员", "--colours",
        "青", "--helps", "--json",
    ).value["no"]  # fmt: skip
    assert run("report-in", "claim", number, "认事", "--text", "夜间送餐顺路看路灯").code == 0
    told = run("report-in", "claim", number, "认事", "--text", "代收物业费")
    assert told.code == 1
    assert "负面清单" in told.err
    assert "不安排执法" in run("report-in", "negative").out
    assert "到社区报到" in run("report-in", "figures").out
    assert run("order", "helpers", "--text", "钱芳", "--json").value[0]["kind"] == "流动网格员"


def test_a_helper_says_whether_the_number_may_be_printed(run):
    told = ("order", "add-helper", "印小芳", "--colours", "红", "--trade", "缝补", "--phone", "13900000777")
    assert run(*told).code == 0
    assert "印：2026-11-20 本人同意" in run("order", "helper-phone", "印小芳", "--agreed", "2026-11-20").out
    assert "不印：2026-11-21" in run("order", "helper-phone", "印小芳", "--withdrawn", "2026-11-21").out
    assert run("order", "helper-phone", "印小芳", "--agreed", "2026-11-22", "--json").value["printed"]
    assert "之后" in run("order", "helper-phone", "印小芳", "--agreed", "2030-01-01").err


def test_a_post_is_put_right_and_closed_by_its_name(run):
    assert run("report-in", "post", "南门岗亭", "--kiosk", "--slots", "08:00-10:00").code == 0
    assert "看不懂" in run("report-in", "change-post", "南门岗亭", "--slots", "上午").err
    kept = run("report-in", "change-post", "南门岗亭", "--slots", "15:00-17:00", "--capacity", "2", "--json").value
    assert kept["changed"] == ["capacity", "slots"]
    assert "撤销南门岗亭" in run("report-in", "change-post", "南门岗亭", "--closed", "2026-11-22").out


def test_a_leave_is_ended_early_by_the_name_of_the_helper(run):
    name = run("order", "helpers", "--json").value[0]["name"]
    assert "没有还没结束的请假" in run("shift", "end-leave", name).err
    assert run("shift", "leave", name, "2030-01-07", "2030-01-20").code == 0
    assert "已销假" in run("shift", "end-leave", name).out
    assert run("shift", "end-leave", name).code == 1


def test_a_week_of_duty_is_planned_swapped_signed_and_printed(run, tmp_path):
    post = run("report-in", "post", "西门岗亭", "--kiosk", "--slots", "08:00-10:00、15:00-17:00", "--json").value["id"]
    names = [one["name"] for one in run("order", "helpers", "--json").value[:4]]
    planned = run("shift", "plan", "西门岗亭", *names, "--since", "2030-01-07", "--json").value
    assert planned == {"made": 14, "filled": 14, "vacant": 0}
    found = run("shift", "list", "--since", "2030-01-07", "--post", "西门岗亭", "--json").value["shifts"]
    one, other = found[0], found[1]
    assert one["helper"] != other["helper"]
    first = run("shift", "swap", one["id"], other["id"], "--json").value["ask"]
    assert "还没有答复" in run("shift", "swap", one["id"], other["id"]).err
    assert "已撤回换班申请" in run("shift", "answer", first, "--withdraw").out
    ask = run("shift", "swap", one["id"], other["id"], "--json").value["ask"]
    assert run("shift", "answer", ask).code == 0
    after = run("shift", "list", "--since", "2030-01-07", "--post", "西门岗亭", "--json").value["shifts"]
    assert (after[0]["helper"], after[1]["helper"]) == (other["helper"], one["helper"])
    assert "不能同自己换班" in run("shift", "swap", one["id"], one["id"]).err
    assert "还没有到" in run("shift", "sign-in", one["id"]).err
    assert run("shift", "leave", names[0], "2030-01-14", "2030-01-20").code == 0
    assert run("shift", "off", other["id"], "下雪").code == 0
    printed = run("print", "roster", f"{post}@2030-01-07", "-o", tmp_path / "排班.pdf")
    assert printed.code == 0, printed.err


def test_helpers_and_a_roster_are_read_from_workbooks(run, tmp_path):
    people = write(
        tmp_path / "人.xlsx",
        [SheetOut("人", ("姓名", "专长"), [("计师傅", "黄"), ("无专长", ""), ("祁师傅", "民生事务")])],
    )
    seen = run("order", "import-helpers", people, "--dry-run")
    assert "读出 2 位志愿者，1 处要看" in seen.out
    assert run("order", "import-helpers", people, "--yes").code == 0
    run("report-in", "post", "南门岗亭", "--kiosk", "--slots", "08:00-10:00")
    rows = [("2030-02-01", "08:00-10:00", "南门岗亭", "计师傅"), ("2030-02-02", "08:00-10:00", "没有的岗亭", "祁师傅")]
    roster = write(tmp_path / "班.xlsx", [SheetOut("班", ("日期", "班次", "岗亭", "姓名"), rows)])
    done = run("shift", "import", roster, "--yes")
    assert done.code == 0
    assert "已排 1 班，1 处要看" in done.out


@pytest.mark.parametrize("form", ["order", "wish", "wishes", "registration"])
def test_papers_are_printed_by_identifier(run, tmp_path, form):
    table = {"order": "order", "wish": "wish", "wishes": "wish", "registration": "report-in"}[form]
    listed = run(table, "list", "--json").value
    lines = listed if isinstance(listed, list) else listed.get("wishes") or listed.get("registrations")
    target = tmp_path / "纸.pdf"
    printed = run("print", form, lines[0]["id"], "-o", target)
    assert printed.code == 0, printed.err
    assert target.read_bytes().startswith(b"%PDF")
