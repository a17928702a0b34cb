"""Papers of points: what stands on them, whose name does not, and which of them are not given out."""

import pypdfium2 as pdfium
import pytest

from desktop_app.points import actions, opening, rules
from desktop_app.points.actions import Deposit
from desktop_app.printing.form import Choice
from desktop_app.printing.forms import form
from desktop_app.residents import actions as residents
from desktop_app.residents.model import Household, Person
from desktop_app.shared.errors import AppError

MM = 72 / 25.4
REVIEWED = {"attest1": "李静", "attest2": "赵敏"}


def printed(app, name: str, subjects: list[str], size: str = "") -> tuple[list[str], list[tuple[float, float]]]:
    """Text and size in mm of each page."""
    chosen = form(name)
    document = pdfium.PdfDocument(chosen.draw(chosen.collect(app, subjects), Choice(size=size)))
    try:
        pages = [document[at] for at in range(len(document))]
        sizes = [(round(page.get_width() / MM), round(page.get_height() / MM)) for page in pages]
        return [page.get_textpage().get_text_range() for page in pages], sizes
    finally:
        document.close()


def opened(app, name: str, kind: str = rules.TIME):
    person = residents.register(app.db, app.actor, Person(name=name, phones="13900000003"))
    return opening.open_account(app.db, app.actor, kind, person_id=person.id, on="2026-01-05")


def served(app, account, minutes: int, text: str, on: str = "2026-03-01"):
    return actions.deposit(app.db, app.actor, account.id, Deposit("t01", minutes, text, on=on, **REVIEWED))


@pytest.fixture
def account(app):
    """Two hours and a half of somebody, of which a quarter was exchanged."""
    made = opened(app, "盛红霞")
    served(app, made, 150, "陪同就医")
    actions.spend(app.db, app.actor, made.id, 35, "理发一次", on="2026-04-01")
    return made


@pytest.mark.parametrize(("size", "paper"), [("125", (125, 88)), ("A6", (148, 105)), ("A4", (210, 297))])
def test_a_passbook_says_what_came_and_went_and_who_reviewed_it(app, account, size, paper) -> None:
    (text,), sizes = printed(app, "points_passbook", [account.id], size)
    assert sizes == [paper]
    for words in ("志愿服务时间存折", "户名：盛红霞", "单位：分钟", "陪同就医", "李静", "赵敏", "150", "35", "115"):
        assert words in text, words
    assert "1390000" not in text, "a lost passbook calls nobody"


def test_a_page_of_a_passbook_ends_where_the_paper_does_and_the_next_goes_on(app, account) -> None:
    for day in range(1, 21):
        served(app, account, 10, f"第{day}次值守", on=f"2026-05-{day:02}")
    texts, sizes = printed(app, "points_passbook", [account.id], "125")
    assert len(sizes) > 1
    assert all("结余" in text and f"共 {len(texts)} 页" in text for text in texts), "a head on every page"
    assert "".join(texts).count("次值守") == 20
    (later,), _ = printed(app, "points_passbook", [f"{account.id}@2026-05-20"], "125")
    assert "承前" in later
    assert "305" in later, "what was there before the day"
    assert "陪同就医" not in later


def test_what_counts_for_nothing_has_a_reason_and_no_figures(app, account) -> None:
    entry = served(app, account, 77, "重复的值守")
    with app.db.transaction(app.actor, "准备") as tx:
        tx.execute("INSERT INTO points_void VALUES(?,?,?)", (entry.id, entry.id, "另一台电脑已经先存入"))
    (text,), _ = printed(app, "points_passbook", [account.id], "A4")
    assert "没有生效" in text
    assert "77" not in text.replace("重复的值守", "")


def test_a_voucher_has_three_parts_with_one_number_and_the_amount_in_figures_nobody_alters(app, account) -> None:
    entry = actions.spend(app.db, app.actor, account.id, 105, "换洗衣液两瓶")
    (text,), sizes = printed(app, "points_voucher", [entry.id], "A4")
    assert sizes == [(210, 297)]
    assert text.count(entry.voucher_no) == 3
    for words in ("积 分 兑 换 单", "105 分钟", "壹佰零伍分钟", "换洗衣液两瓶", "第一联", "第三联", "盛红霞"):
        assert words in text, words
    assert printed(app, "points_voucher", [entry.id], "A5")[1] == [(210, 148)] * 3


def test_the_code_of_a_voucher_holds_its_number_and_nothing_else(app, account, measured) -> None:
    entry = actions.spend(app.db, app.actor, account.id, 20, "理发")
    chosen = form("points_voucher")
    ruler = measured(chosen.draw(chosen.collect(app, [entry.id])))
    assert [told for told, _ in ruler.codes()] == [entry.voucher_no] * 3


def test_a_voucher_of_a_gift_names_both(app, account) -> None:
    other = opened(app, "安七")
    entry = actions.transfer(app.db, app.actor, account.id, other.id, 15)
    (text,), _ = printed(app, "points_voucher", [entry.id])
    assert "转 赠 凭 证" in text
    assert "盛红霞（志愿时间）" in text
    assert "安七（志愿时间）" in text


def test_no_voucher_is_printed_for_what_was_taken_back_or_never_had_one(app, account) -> None:
    entry = actions.spend(app.db, app.actor, account.id, 20, "理发")
    actions.reverse(app.db, app.actor, entry.id, "没有理成")
    with pytest.raises(AppError, match="已经冲正"):
        printed(app, "points_voucher", [entry.id])
    with pytest.raises(AppError, match="没有凭证可以打印"):
        printed(app, "points_voucher", [served(app, account, 5, "值守").id])


def test_the_board_masks_names_and_ranks_by_what_was_earned(app, account) -> None:
    served(app, opened(app, "王小明"), 200, "值守")
    (text,), sizes = printed(app, "points_board", ["志愿时间@2026"])
    assert sizes == [(210, 297)]
    assert "2026年志愿时间公示榜" in text
    assert [word for word in ("共 2 人", "姓名", "当年时长", "现在结余", "姓名已隐去") if word not in text] == []
    assert "盛红霞" not in text
    assert "王小明" not in text
    assert text.index("王*明") < text.index("盛*霞")
    assert printed(app, "points_board", ["2026"], "A3")[1] == [(297, 420)], "kinds without an entry have no board"


def test_a_board_of_homes_counts_homes_and_one_of_a_year_that_is_over_says_whose_balance_it_is(app, account) -> None:
    with app.db.transaction(app.actor, "登记户") as tx:
        home = tx.add(Household())
    family = opening.open_account(app.db, app.actor, rules.FAMILY, household_id=home.id, on="2025-01-05")
    actions.deposit(app.db, app.actor, family.id, Deposit("垃圾分类", on="2025-03-01"))
    (text,), _ = printed(app, "points_board", ["2025"])
    wanted = ("共 1 户", "住户", "当年得分", "打印日结余", "住址只写到楼栋")
    assert [word for word in wanted if word not in text] == []
    assert "姓名" not in text


def test_a_board_of_nothing_is_not_printed_and_says_what_could_be(app, account) -> None:
    with pytest.raises(AppError, match="还没有存入"):
        printed(app, "points_board", ["党员积分@2025"])
    with pytest.raises(AppError, match="没有打印") as refused:
        printed(app, "points_board", ["去年"])
    assert "志愿时间@2026" in refused.value.next_step


@pytest.mark.parametrize("name", ["points_passbook", "points_voucher"])
def test_what_is_gone_is_not_printed(app, name) -> None:
    with pytest.raises(AppError, match="没有打印"):
        printed(app, name, ["0" * 32])
