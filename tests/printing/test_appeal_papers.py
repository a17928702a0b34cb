"""The papers of an appeal: on the paper they are meant for, nothing cut off, nothing told to whom it is not meant."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from desktop_app.app import App
from desktop_app.appeals import actions, intake, rules
from desktop_app.appeals.deeds import Deed
from desktop_app.printing.appeal import AppealPaper
from desktop_app.printing.form import Choice
from desktop_app.printing.forms import form
from desktop_app.shared.errors import AppError

PAPER = AppealPaper(
    community="江山社区",
    hotline="0714-6350000",
    no="2026-0012",
    title="3栋2单元楼道灯不亮，老人晚上上下楼看不清，希望尽快更换",
    text="一至六楼楼道灯全部不亮已有一周。",
    received="2026年11月20日",
    channel="来访",
    kind="求助",
    klass="公共设施",
    urgency="一般",
    place="桂花苑3栋2单元",
    reporter="王小明",
    phone="13900000001",
    masked="139****0001",
    step="社区党建联席会议",
    promised="2026年12月11日",
    taken_by="张三",
    printed="2026年11月22日",
    sender="网格（小区）党支部",
    receiver="社区党建联席会议",
    request="线路改造需动用维修资金，小区解决不了。",
    sent="2026年11月21日",
    sent_by="张三",
)
ONE_PAGE = [
    ("appeal_receipt", "A5", (148.0, 210.0)),
    ("appeal_referral", "", (210.0, 297.0)),
    ("appeal_closing", "", (210.0, 297.0)),
]


@pytest.mark.parametrize(("name", "size", "page"), ONE_PAGE)
def test_a_usual_appeal_fits_one_page_within_its_margins(name, size, page, measured: Callable) -> None:
    paper = measured(form(name).draw([PAPER], Choice(size=size)))
    assert (paper.pages, paper.size()) == (1, page)
    boxes = [box for box in paper.boxes() if box.ch.strip()]
    assert min(box.left for box in boxes) >= 11
    assert max(box.right for box in boxes) <= page[0] - 11
    assert max(box.bottom for box in boxes) <= page[1] - 7
    assert "2026-0012" in paper.text()


def test_a_strip_is_as_wide_as_the_roll_and_as_long_as_its_text(measured: Callable) -> None:
    short = measured(form("appeal_receipt").draw([replace(PAPER, title="灯坏了")], Choice(size="80")))
    long = measured(form("appeal_receipt").draw([PAPER], Choice(size="80")))
    assert short.size()[0] == long.size()[0] == 80
    assert short.size()[1] < long.size()[1] < 130
    boxes = [box for box in long.boxes() if box.ch.strip()]
    assert min(box.left for box in boxes) >= 3.5
    assert max(box.right for box in boxes) <= 76.5
    assert max(box.bottom for box in boxes) <= long.size()[1] - 3


@pytest.mark.parametrize("size", ["A5", "80"])
def test_a_receipt_tells_no_whole_phone_number_and_has_a_slip_to_tear_off(size, measured: Callable) -> None:
    text = measured(form("appeal_receipt").draw([PAPER], Choice(size=size))).all_text()
    assert "139****0001" in text
    assert "13900000001" not in text
    for word in rules.SATISFACTIONS:
        assert word in text


def test_the_slip_lies_below_the_line_where_it_is_torn_off(measured: Callable) -> None:
    paper = measured(form("appeal_receipt").draw([PAPER], Choice(size="A5")))
    assert paper.find("（盖章）")[0].bottom < 130
    assert paper.find("诉求评价回执")[0].top > 134
    assert paper.find("您的评价")[0].top > paper.find("诉求评价回执")[0].bottom


def test_what_goes_up_is_called_otherwise_than_what_goes_down(measured: Callable) -> None:
    up = measured(form("appeal_referral").draw([PAPER])).text()
    down = measured(form("appeal_referral").draw([replace(PAPER, upward=False)])).text()
    assert "诉求呈报单" in up
    assert "诉求转办单" in down
    assert "13900000001" in up, "those who go on with it have to call"


@pytest.mark.parametrize("name", ["appeal_referral", "appeal_closing"])
def test_a_text_of_many_pages_is_printed_whole(name, measured: Callable) -> None:
    told = "".join(f"第{at}句话。" for at in range(1200))
    paper = measured(form(name).draw([replace(PAPER, text=told)]))
    text = "".join(paper.all_text().split())
    assert paper.pages > 2
    assert all(f"第{at}句话" in text for at in (0, 600, 1199))
    for page in range(1, paper.pages + 1):
        assert max(box.bottom for box in paper.boxes(page) if box.ch.strip()) <= 290


def test_the_outcome_and_the_rating_are_marked(measured: Callable) -> None:
    ended = replace(
        PAPER, outcome=rules.EXPLAINED, finished="2026年11月26日", explained="由张三上门解释", rating="不满意"
    )
    text = measured(form("appeal_closing").draw([ended])).text()
    assert f"■ {rules.EXPLAINED}" in text
    assert "■ 不满意" in text
    assert "□ 基本满意" in text
    assert "上门解释" in text
    assert "■" not in measured(form("appeal_closing").draw([PAPER])).text(), "not ended yet: marked by hand"


@pytest.fixture
def appeal(app: App) -> str:
    made = intake.blank(app.db, title="灯坏了", reporter_name="王小明", reporter_phone="13900000001")
    return intake.register(app.db, app.actor, made, accept=True).id


def test_papers_are_read_from_the_line_of_events(app: App, appeal: str) -> None:
    with pytest.raises(AppError, match="还没有派办或上报"):
        form("appeal_referral").collect(app, [appeal])
    actions.act(app.db, app.actor, appeal, Deed("上报", text="请社区协调"))
    (paper,) = form("appeal_referral").collect(app, [appeal])
    assert (paper.upward, paper.sender, paper.receiver) == (True, "小区（网格）", "社区")
    actions.act(app.db, app.actor, appeal, Deed("退回", text="请小区先换灯泡"))
    (paper,) = form("appeal_referral").collect(app, [appeal])
    assert (paper.upward, paper.sender, paper.receiver) == (False, "社区", "小区（网格）")
    actions.act(app.db, app.actor, appeal, Deed("解释", text="没有备件", to_whom="王小明", how="电话", by_name="李四"))
    actions.act(app.db, app.actor, appeal, Deed("办结", outcome=rules.EXPLAINED, text="暂无备件"))
    (paper,) = form("appeal_closing").collect(app, [appeal])
    assert paper.explained == "2026年11月22日由李四以电话方式向王小明解释：没有备件"
    assert paper.outcome == rules.EXPLAINED
    with pytest.raises(AppError, match="已经不在了"):
        form("appeal_receipt").collect(app, ["gone"])


def test_the_register_lists_appeals_with_masked_numbers_and_adds_up(app: App, appeal: str, measured: Callable) -> None:
    ledger = form("appeal_ledger")
    paper = measured(ledger.draw(ledger.collect(app, [appeal])))
    assert paper.size() == (297.0, 210.0)
    text = paper.all_text()
    assert "139****0001" in "".join(text.split())
    assert "共 1 件：已回应解决 0 件，正在跟踪办理 1 件" in text
