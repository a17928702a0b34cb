"""The minutes of a long meeting, line by line as they were when somebody looked at them and found them right.

`golden/long_minutes.txt` holds every line with its page and baseline in tenths of a millimetre.  After a change that is
meant, run this file as a script and look at the paper before keeping the new one.
"""

import sys
from pathlib import Path

from desktop_app.printing.forms.minutes import Minutes
from desktop_app.printing.meeting import Attendee, Decision, MinutesPaper, Topic
from tests.printing.conftest import Measured

GOLDEN = Path(__file__).parent / "golden" / "long_minutes.txt"
RARE = ("罗㛃", "覃䶮", "欧阳𫖯", "盖𬭊")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
UNITS = ("居民委员会", "业主委员会", "江畔安居物业服务有限公司", "红旗小区党支部", "江畔派出所", "驻区单位")
MATTERS = (
    "3栋1、2单元加装电梯", "地下车库B1层渗漏", "电动自行车充电桩", "消防通道划线", "公共收益2025年度账目",
    "垃圾分类投放点", "1.2万元健身器材更新", "Wi-Fi覆盖党群服务中心", "独居老人每周2次探访",
    "小区东门5:30—23:00开闭", "屋面防水SBS改造", "物业服务合同续签（2027—2029年）",
)  # fmt: skip


def people() -> tuple[Attendee, ...]:
    """Forty: most there, some by proxy, some away with a reason, four guests; four with rare names."""
    found = [Attendee(name, UNITS[at % 3], "委员") for at, name in enumerate(RARE)]
    given = ("建国", "小明", "秀英", "桂兰")
    found += [Attendee(f"{SURNAMES[at]}{given[at % 4]}", UNITS[at % len(UNITS)]) for at in range(28)]
    found += [
        Attendee(f"{SURNAMES[28]}文静", UNITS[1], status="委托"),
        Attendee(f"{SURNAMES[29]}立新", UNITS[2], status="委托"),
    ]
    found += [Attendee(f"{SURNAMES[at]}远", UNITS[0], status="请假", reason="外地出差") for at in (0, 1)]
    found += [
        Attendee(f"{SURNAMES[2]}平", UNITS[3], status="缺席", reason="未说明"),
        Attendee(f"{SURNAMES[3]}宁", UNITS[3]),
    ]
    guests = [Attendee(f"{SURNAMES[at]}克勤", UNITS[4], capacity="列席", status="列席") for at in (4, 5)]
    return (*found, *guests)


def paper() -> MinutesPaper:
    """Twelve matters, each settled with who does it and until when."""
    topics = []
    for at, matter in enumerate(MATTERS, 1):
        said = (
            f"会议听取了关于“{matter}”的说明，认为此事关系到{38 + at}户居民，应当尽快办理；"
            f"经费按每户{120 + at * 7.5:.1f}元测算，合计￥{(38 + at) * (120 + at * 7.5):,.2f}，"
            f"先从公共收益（账号尾号{1000 + at}）列支，不足部分再议——但须在单元门口公示7天，听取意见后实施，"
            "并由业主委员会、居民委员会和物业三方共同验收，验收单一式3份；"
            f"施工时间定在工作日8:00至12:00、14:00至18:00，噪声不超过{55 + at % 3}dB，材料堆放不得占用消防通道；"
            f"如遇雨雪顺延，由网格员在微信群（群号后四位{3000 + at * 11}）里通知，"
            f"施工期间每天16:30前报进度，超过{at}天没有进展的，下次会议通报；群众意见较多的，先停下来，由居民议事会再议一次"
            "，再议的结果同样公示，不同意见逐条记录、逐条答复，答复情况存入社区档案（保管期限10年）"
        )
        owner = RARE[at % 4] if at % 3 == 0 else UNITS[at % len(UNITS)]
        due = f"2026-{at:02d}-{min(at * 2, 28):02d}"
        topics.append(Topic(matter, decisions=(Decision(said, owner, UNITS[(at + 1) % 6], due),)))
    return MinutesPaper(
        mark="江山社区三方联席会议纪要",
        lead="2026年1月5日9:00至17:30，江山社区党委书记欧阳𫖯主持召开三方联席会议。会议议定事项如下：",
        topics=tuple(topics),
        attendees=people(),
        issue="第12期",
        issuer="江山社区党委",
        issued_on="2026-01-06",
        copies="红旗街道党工委，江畔派出所，各居民小组。",
    )


def lines(pdf: bytes) -> list[str]:
    """“2 1234 280 words”: page, baseline and left edge in tenths of a millimetre, what stands there."""
    measured, found = Measured(pdf), []
    for page in range(1, measured.pages + 1):
        rows: dict[int, list[tuple[float, str]]] = {}
        for box in measured.boxes(page):
            if box.ch.strip():
                rows.setdefault(round(box.origin[1] * 10), []).append((box.origin[0], box.ch))
        for baseline, row in sorted(rows.items()):
            row.sort()
            words = "".join(char for _, char in row)
            whole = words.encode("utf-16", "surrogatepass").decode("utf-16")  # rare characters come in two halves
            found.append(f"{page} {baseline} {round(row[0][0] * 10)} {whole}")
    return found


def test_forty_people_and_twelve_decisions_fill_nine_pages() -> None:
    made = paper()
    assert len(made.attendees) == 40
    assert sum(len(topic.decisions) for topic in made.topics) == 12
    assert Measured(Minutes().draw([made])).pages == 9


def test_every_line_stands_where_it_stood() -> None:
    assert lines(Minutes().draw([paper()])) == GOLDEN.read_text("utf-8").splitlines()


def test_rare_names_can_be_read_out_of_the_paper_again() -> None:
    text = "".join(line.split(" ", 3)[3] for line in GOLDEN.read_text("utf-8").splitlines())
    for name in RARE:
        assert name in text, name


def test_no_number_and_no_date_is_parted_at_the_end_of_a_line() -> None:
    for line in GOLDEN.read_text("utf-8").splitlines():
        words = line.split(" ", 3)[3]
        assert not words.startswith(("年", "月", "日", "，", "。", "；", "）", "”")), line


def test_the_same_minutes_are_the_same_bytes() -> None:
    assert Minutes().draw([paper()]) == Minutes().draw([paper()])


if __name__ == "__main__":
    GOLDEN.write_text("\n".join(lines(Minutes().draw([paper()]))) + "\n", "utf-8")
    sys.stdout.buffer.write(Minutes().draw([paper()]))
