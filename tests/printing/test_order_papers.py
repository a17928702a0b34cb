"""Papers of orders, wishes, reporting in and duty: what stands on them, and what must not."""

import pypdfium2 as pdfium
import pytest

from desktop_app.orders import actions, duty, people, reporting, wishes
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


@pytest.mark.parametrize("name", ["order_card", "wish_card", "registration_form", "duty_roster"])
def test_what_is_gone_is_not_printed(app, name) -> None:
    with pytest.raises(AppError, match="没有打印"):
        printed(app, name, ["0" * 32])
