"""Papers of orders, wishes, reporting in and duty: what stands on them, and what must not."""

from dataclasses import replace

import pypdfium2 as pdfium
import pytest

from desktop_app.orders import actions, duty, people, reporting, roster, wishes
from desktop_app.orders.actions import Deed
from desktop_app.orders.duty import Signed
from desktop_app.orders.model import Helper, Post, Registration, RegistrationClaim
from desktop_app.orders.wishes import WishDeed
from desktop_app.printing.form import Choice
from desktop_app.printing.forms import form
from desktop_app.residents import actions as residents
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError

MM = 72 / 25.4


def printed(app, name: str, subjects: list[str], size: str = "") -> tuple[str, list[tuple[float, float]]]:
    """Text and page sizes in mm."""
    chosen = form(name)
    document = pdfium.PdfDocument(chosen.draw(chosen.collect(app, subjects), Choice(size=size)))
    try:
        pages = [document[at] for at in range(len(document))]
        sizes = [(round(page.get_width() / MM), round(page.get_height() / MM)) for page in pages]
        return "\n".join(page.get_textpage().get_text_range() for page in pages), sizes
    finally:
        document.close()


@pytest.fixture
def order(app):
    helper = people.add_helper(app.db, app.actor, Helper(name="李四", colours="1", phone="13900000002"))
    new = actions.blank(
        app.db, title="陪同就医", colour="1", requester_name="王桂英", requester_phone="13900000001",
        want_on="2026-11-24", from_time="09:00", to_time="11:00",
    )  # fmt: skip
    return actions.place(app.db, app.actor, new, helper.id)


def test_the_card_says_whom_to_call_and_has_an_evaluation_to_tear_off(app, order) -> None:
    text, sizes = printed(app, "order_card", [order.id])
    assert sizes == [(148, 210)]
    for words in ("陪同就医", "红·关爱老人", "13900000001", "李四", "2026年11月24日", "09:00-11:00", "□ 基本满意"):
        assert words in text, words
    assert text.count("2026-0001") == 2, "on the card and on the slip"


def test_a_wish_on_the_wall_names_nobody(app) -> None:
    person = residents.register(app.db, app.actor, Person(name="盛红霞", phones="13900000003"))
    told = {"alias": "独居的盛奶奶", "text": "想要一床厚棉被", "cost_cap_fen": 20000, "person_id": person.id}
    wish = wishes.collect(app.db, app.actor, wishes.blank(app.db, **told))
    for name, size in (("wish_card", "A6"), ("wish_card", "A4"), ("wish_list", "")):
        text, _ = printed(app, name, [wish.id], size)
        assert "盛红霞" not in text
        assert "13900000003" not in text
        assert "独居的盛奶奶" in text
        assert "200 元" in text
    assert printed(app, "wish_card", [wish.id], "A6")[1] == [(105, 148)]
    many = [wishes.collect(app.db, app.actor, wishes.blank(app.db, **told)).id for _ in range(5)]
    assert printed(app, "wish_card", many, "A4")[1] == [(210, 297)] * 2
    wishes.act_on_wish(app.db, app.actor, wish.id, WishDeed("认领", taker="市图书馆", taker_kind="单位"))
    assert "市图书馆" in printed(app, "wish_list", [wish.id])[0]


def test_the_form_ticks_what_was_chosen_and_the_receipt_hides_the_number(app) -> None:
    one = reporting.report_in(
        app.db,
        app.actor,
        Registration(
            on="2026-11-20", kind="骑手", name="骆飞", phone="13900000004", colours="5", role="平安建设巡查员"
        ),
    )
    claim = RegistrationClaim(registration_id=one.id, kind="认事", on="2026-11-20", text="报告路面坑洼")
    reporting.claim(app.db, app.actor, claim)
    text, sizes = printed(app, "registration_form", [one.id, "空白"])
    filled, blank = text.split("报到登记表")[1:]
    assert len(sizes) == 2
    for words in ("■ 外卖配送员", "■ 青·治安维稳", "■ 平安建设巡查员", "报告路面坑洼", "139****0004", "负面清单"):
        assert words in filled, words
    assert "■" not in blank
    assert "□ 在职党员" in blank


def test_the_roster_hangs_a_week_out_and_an_empty_shift_is_seen(app) -> None:
    post = reporting.add_post(app.db, app.actor, Post(kind="值守岗亭", name="东门岗亭", slots="08:00-11:00"))
    helper = people.add_helper(app.db, app.actor, Helper(name="李四", colours="5"))
    duty.ask_leave(app.db, app.actor, helper.id, "2026-11-25")
    duty.plan(app.db, app.actor, post.id, [helper.id], "2026-11-23")
    text, sizes = printed(app, "duty_roster", [f"{post.id}@2026-11-25"])
    assert sizes == [(297, 210)]
    assert "东门岗亭值守排班表" in text
    assert "周一 11-23" in text
    assert (text.count("李四"), text.count("（空）")) == (6, 1)
    assert "08:00-11:00" not in printed(app, "duty_roster", [post.id])[0], "this week nothing is planned"


def test_the_log_has_a_line_for_each_shift_and_blank_ones_to_the_foot_of_the_page(app) -> None:
    post = reporting.add_post(
        app.db, app.actor, Post(kind="值守岗亭", name="东门岗亭", slots="08:00-11:00、22:00-06:00")
    )
    team = [people.add_helper(app.db, app.actor, Helper(name=name, colours="5")).id for name in ("李四", "王五")]
    duty.plan(app.db, app.actor, post.id, team, "2026-11-21", 2)
    night = roster.shifts(app.db, "2026-11-21", "2026-11-21")[1]
    duty.enter_register(app.db, app.actor, [Signed(night.id, "21:58", "06:03", "劝离夜钓 1 人")])
    text, sizes = printed(app, "duty_log", [post.id])
    assert sizes == [(297, 210)], "a week of four shifts stands on one page"
    assert "东门岗亭值守登记簿" in text
    assert (text.count("22:00-06:00"), text.count("08:00-11:00")) == (2, 2)
    for words in ("11-21 周六", "21:58", "次日06:03", "劝离夜钓 1 人"):
        assert words in text, words
    blank, _ = printed(app, "duty_log", [f"{post.id}@2026-12-01"])
    assert "22:00-06:00" not in blank
    assert "签名" in blank, "a week without a plan is a page to write on"


def test_a_log_too_long_for_a_page_repeats_its_head(app) -> None:
    slots = "08:00-10:00、10:00-12:00、14:00-16:00、16:00-18:00"
    post = reporting.add_post(app.db, app.actor, Post(kind="值守岗亭", name="东门岗亭", slots=slots))
    helper = people.add_helper(app.db, app.actor, Helper(name="李四", colours="5"))
    duty.plan(app.db, app.actor, post.id, [helper.id], "2026-11-23")
    text, sizes = printed(app, "duty_log", [f"{post.id}@2026-11-23"])
    assert sizes == [(297, 210)] * 2
    assert text.count("处理事项、交接") == 2
    assert sum(text.count(slot) for slot in slots.split("、")) == 28


def test_the_card_is_the_size_of_a_card_and_holds_no_number_of_its_bearer(app) -> None:
    one = reporting.report_in(
        app.db,
        app.actor,
        Registration(on="2026-11-20", kind="骑手", name="骆飞", phone="13900000004", unit="江畔配送站"),
    )
    reporting.claim(
        app.db, app.actor, RegistrationClaim(registration_id=one.id, kind="认事", on="2026-11-20", text="报告路面坑洼")
    )
    text, sizes = printed(app, "registration_card", [one.id], "90")
    assert sizes == [(90, 54)]
    for words in ("骆飞", "外卖配送员", "江畔配送站", "报告路面坑洼", "2026年11月20日", one.no):
        assert words in text, words
    assert "0004" not in text.replace(one.no or "", ""), "what is lost in the street calls nobody"
    assert printed(app, "registration_card", [one.id] * 11, "A4")[1] == [(210, 297)] * 2, "ten to a sheet"
    assert "姓名" in printed(app, "registration_card", ["空白"], "90")[0]


def offers(app, **more) -> Helper:
    told = {"colours": "3", "phone": "13900000009", "trade": "家电维修", "phone_agreed_on": "2026-01-05"} | more
    return people.add_helper(app.db, app.actor, Helper(**told))


def test_the_booklet_names_by_trade_who_offers_what_and_for_how_much(app) -> None:
    offers(app, name="李剑锋", price_fen=2000, price_unit="次", hours="周末 08:00-12:00")
    offers(app, name="杜少华", trade="上门理发、家电维修", phone=None, phone_agreed_on=None)
    people.add_helper(app.db, app.actor, Helper(name="王五", colours="5"))
    text, sizes = printed(app, "service_booklet", [""], "A5")
    assert sizes == [(148, 210)] * 4, "cover, contents, one page of trades, back"
    contents, inside, back = [printed_page(app, at) for at in (1, 2, 3)]
    assert "上门理发（1）" in contents
    assert "家电维修（2）" in contents
    assert inside.index("家电维修") < inside.index("李剑锋") < inside.index("上门理发")
    for words in ("20 元/次", "周末 08:00-12:00", "13900000009", "请社区转告", "免费"):
        assert words in inside, words
    assert "王五" not in text, "who offers no service of this kind stands in no booklet"
    assert "居民不满意" in back


def test_a_number_stands_in_the_booklet_only_while_its_owner_agrees_or_where_it_is_an_offices(app) -> None:
    offers(app, name="没问过", phone="13900000011", phone_agreed_on=None)
    agreed = offers(app, name="同意的", phone="13900000012")
    offers(app, name="家电服务队", phone="13900000013", kind="社会组织", phone_agreed_on=None)
    text, _ = printed(app, "service_booklet", [""], "A5")
    assert "没问过" in text, "the service is still told, the community passes it on"
    assert [tail for tail in ("11", "12", "13") if f"139000000{tail}" in text] == ["12", "13"]
    people.change_helper(app.db, app.actor, agreed.id, phone_withdrawn_on="2026-06-01")
    assert "13900000012" not in printed(app, "service_booklet", [""], "A5")[0]
    people.change_helper(app.db, app.actor, agreed.id, phone_withdrawn_on=None)
    assert "13900000012" in printed(app, "service_booklet", [""], "A5")[0]
    people.change_helper(app.db, app.actor, agreed.id, phone="13900000014")
    assert "13900000014" not in printed(app, "service_booklet", [""], "A5")[0], "the other number was agreed to"


def printed_page(app, at: int) -> str:
    chosen = form("service_booklet")
    document = pdfium.PdfDocument(chosen.draw(chosen.collect(app, [""]), Choice(size="A5")))
    try:
        return document[at].get_textpage().get_text_range()
    finally:
        document.close()


def test_a_folded_booklet_has_its_pages_in_the_order_of_the_staple(app) -> None:
    for at in range(40):
        offers(app, name=f"张{at:02}", trade=f"手艺{at % 8}", hours="每天 08:00-18:00")
    chosen = form("service_booklet")
    flat = pdfium.PdfDocument(chosen.draw(chosen.collect(app, [""]), Choice(size="A5")))
    folded = pdfium.PdfDocument(chosen.draw(chosen.collect(app, [""]), Choice(size="A4", flip="short")))
    try:
        pages = [page.get_textpage().get_text_range() for page in flat]
        leaves = -(-len(pages) // 4) * 4
        halves = []
        for page in folded:
            width, height = page.get_size()
            words = page.get_textpage()
            halves.append(tuple(words.get_text_bounded(left, 0, left + width / 2, height) for left in (0, width / 2)))
    finally:
        flat.close()
        folded.close()
    assert len(halves) * 2 == leaves
    read = {}
    for sheet, (front, back) in enumerate(zip(halves[::2], halves[1::2], strict=True)):
        first = sheet * 2
        read |= {leaves - 1 - first: front[0], first: front[1], first + 1: back[0], leaves - 2 - first: back[1]}
    for at, text in enumerate(pages[:-1]):
        assert letters(read[at]) == letters(text), f"page {at + 1}"
    assert letters(read[leaves - 1]) == letters(pages[-1]), "the back stays outside, blank pages come before it"


def letters(text: str) -> str:
    return "".join(sorted("".join(text.split())))


def test_who_is_badly_rated_stands_in_no_new_booklet(app) -> None:
    bad, good = offers(app, name="差评师傅"), offers(app, name="好评师傅")
    steps = (Deed("接单"), Deed("完成", minutes=30), Deed("评单", satisfaction="不满意"))
    again = (*steps, Deed("派单"), *steps)  # who is not content has it done once more
    content = (*steps[:2], Deed("评单", satisfaction="满意"))
    for helper, deeds in ((bad, again), (good, content)):
        for _ in range(3):
            new = actions.blank(app.db, title="修冰箱", colour="3", requester_name="王桂英")
            made = actions.place(app.db, app.actor, new, helper.id)
            for deed in deeds:
                who = helper.id if deed.kind in {"派单", "接单"} else ""
                actions.act(app.db, app.actor, made.id, replace(deed, helper_id=who))
    text, _ = printed(app, "service_booklet", [""], "A5")
    assert "好评师傅" in text
    assert "差评师傅" not in text


def test_a_booklet_of_nobody_is_not_printed_and_says_where_to_begin(app) -> None:
    with pytest.raises(AppError, match="没有打印手册") as refused:
        printed(app, "service_booklet", [""])
    assert "微服务项目" in refused.value.next_step


@pytest.mark.parametrize(
    "name", ["order_card", "wish_card", "registration_form", "registration_card", "duty_roster", "duty_log"]
)
def test_what_is_gone_is_not_printed(app, name) -> None:
    with pytest.raises(AppError, match="没有打印"):
        printed(app, name, ["0" * 32])
