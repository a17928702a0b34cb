"""Partners on the command line: entered, agreed with, offered, taken on, reviewed and printed."""

import pytest


@pytest.fixture
def hospital(run):
    assert run("partner", "add", "沿江试验医院", "--kind", "医院", "--phone", "13800000001").code == 0


def test_a_need_is_published_taken_on_done_and_judged(run, hospital):
    number = run("partner", "publish", "需求清单", "上门量血压", "--colour", "红", "--json").value["no"]
    for words in (
        ("claim", number, "--unit", "沿江试验医院", "--promise", "每月10户"),
        ("act", number, "开始"),
        ("act", number, "完成"),
        ("act", number, "评价", "--satisfaction", "满意"),
    ):
        assert run("partner", *words).code == 0
    shown = run("partner", "lists", "--state", "全部", "--json").value
    (item,) = [one for one in shown if one["no"] == number]
    assert (item["state"], item["takers"], item["colour"]) == ("完成", "沿江试验医院", "关爱老人")


def test_an_unknown_unit_is_told_with_what_to_do(run):
    told = run("partner", "review", "没有的单位", "2026")
    assert told.code == 1
    assert "linli partner list" in told.err


def test_an_agreement_is_drawn_signed_and_printed(run, hospital, tmp_path):
    made = run(
        "partner",
        "agree",
        "沿江试验医院",
        "--item",
        "每季度义诊",
        "--item",
        "社区：提供场地",
        "--signed",
        "2026-01-05",
        "--json",
    )
    printed = run("print", "agreement", made.value["id"], "-o", tmp_path / "协议.pdf")
    assert printed.code == 0
    assert (tmp_path / "协议.pdf").read_bytes().startswith(b"%PDF")


def test_a_time_that_is_taken_is_refused_and_the_holder_named(run):
    first = ("partner", "book", "三楼议事厅", "2030-12-01T14:00", "2030-12-01T16:00", "业委会筹备", "--by", "刘敏")
    assert run(*first).code == 0
    told = run("partner", "book", "三楼议事厅", "2030-12-01T15:00", "2030-12-01T17:00", "培训")
    assert told.code == 1
    assert "已由刘敏预约" in told.err


def test_the_lists_of_the_town_are_printed_without_naming_anything(run, tmp_path):
    run("partner", "publish", "需求清单", "上门量血压")
    assert run("print", "lists", "-o", tmp_path / "清单.pdf").code == 0


def test_a_signed_agreement_takes_one_more_item_and_ends_early(run, hospital):
    told = ("partner", "agree", "沿江试验医院", "--item", "义诊", "--signed", "2026-01-05")
    assert "没有还没终止的协议" in run("partner", "add-item", "沿江试验医院", "讲座").err
    assert run(*told).code == 0
    made = run("partner", "add-item", "沿江试验医院", "社区：提供场地", "--times", "2", "--due", "2026-12-31", "--json")
    assert made.value["seq"] == 2
    ended = run("partner", "end-agreement", "沿江试验医院", "单位迁址", "--json").value["ended_on"]
    assert ended
    assert run("partner", "end-agreement", "沿江试验医院", "单位迁址").code == 1


def test_a_venue_is_put_right_and_closed_when_nobody_has_booked_it(run):
    first = ("partner", "book", "书画室", "2030-12-01T14:00", "2030-12-01T16:00", "书法班", "--by", "刘敏")
    assert run(*first).code == 0
    assert run("partner", "venue", "书画室", "--seats", "12", "--json").value["changed"] == ["seats"]
    assert "还有刘敏的预约" in run("partner", "venue", "书画室", "--closed", "2030-11-30").err
    assert "已于2030-12-02停用" in run("partner", "venue", "书画室", "--closed", "2030-12-02").out
    assert "没有叫“书画室”的场地" in run("partner", "venue", "书画室", "--seats", "3").err
