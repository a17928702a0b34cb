"""What is left of the points of somebody who was erased: figures that add up, and not a word."""

import pytest

from desktop_app.accounts.model import Staff
from desktop_app.orders import actions as orders
from desktop_app.orders.actions import Deed
from desktop_app.orders.model import Helper
from desktop_app.points import actions, figures, opening, queries
from desktop_app.points.actions import Deposit
from desktop_app.points.queries import AccountFilter
from desktop_app.residents import actions as residents
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError
from desktop_app.sync import conflicts, erasing
from tests.sync.test_erasing import everything_written
from tests.sync.test_points_apart import opened, settle

GROUND = "本人书面申请"


def test_the_entries_stay_without_words_what_was_given_away_stays_given_and_it_all_adds_up(first, second):
    db, actor = first.db, first.app.actor
    gone, friend = opened(first, "单守诚"), opened(first, "李强")
    told = Deposit("参加志愿服务", text="陪单守诚看眼病", by_name="单守诚", ref_type="service_order", ref_id="a" * 32)
    entry = actions.deposit(db, actor, gone.id, told)
    actions.reverse(db, actor, entry.id, "单守诚说没去")
    actions.transfer(db, actor, gone.id, friend.id, 20, text="送给老李")
    settle(first, second)
    erasing.erase(db, actor, gone.person_id or "", GROUND)
    settle(first, second)
    for desk in (first, second):
        assert figures.check(desk.db).sound
        left = {line.id: line for line in queries.accounts(desk.db, AccountFilter(closed=True))}
        assert (left[gone.id].name, left[gone.id].balance, left[friend.id].balance) == ("（已清除）", 40, 80)
        lines = queries.passbook(desk.db, gone.id).lines
        assert [(line.kind, line.text) for line in lines] == [
            ("存入", "基本分"), ("存入", "参加志愿服务"), ("冲正", "参加志愿服务"), ("转赠", "转赠"),
        ]  # fmt: skip
        assert lines[1].reversed_by == lines[2].id
        assert lines[1].by_name == "本人"
        written = everything_written(desk.db)
        assert not [words for words in ("单守诚", "眼病", "老李") if words in written]
    again = actions.deposit(db, actor, friend.id, Deposit("参加志愿服务", ref_type="service_order", ref_id="a" * 32))
    assert again.amount == 2, "冲正过的凭据还可以再用"


@pytest.mark.parametrize("slice_", ["points", "orders"])
def test_words_that_another_desk_wrote_meanwhile_go_as_well(first, second, slice_):
    gone = opened(first, "单守诚")
    order = orders.place(
        first.db, first.app.actor, orders.blank(first.db, title="陪诊", colour="1", person_id=gone.person_id)
    )
    settle(first, second)
    erasing.erase(first.db, first.app.actor, gone.person_id or "", GROUND)
    if slice_ == "points":
        actions.spend(second.db, second.app.actor, gone.id, 10, "给单守诚的米")
    else:
        orders.act(second.db, second.app.actor, order.id, Deed("取消", text="单守诚自己去了"))
    settle(first, second)
    for desk in (first, second):
        assert queries.account(desk.db, gone.id).balance == (50 if slice_ == "points" else 60)
        assert figures.check(desk.db).sound
        assert "单守诚" not in everything_written(desk.db)
        assert not conflicts.open_conflicts(desk.db)


@pytest.mark.parametrize("slice_", ["points", "orders"])
def test_words_that_another_desk_put_in_their_place_meanwhile_stand_in_no_clash(first, second, slice_):
    gone = opened(first, "单守诚")
    order = orders.place(
        first.db, first.app.actor, orders.blank(first.db, title="陪诊", colour="1", person_id=gone.person_id)
    )
    settle(first, second)
    erasing.erase(first.db, first.app.actor, gone.person_id or "", GROUND)
    if slice_ == "points":
        opening.change_account(second.db, second.app.actor, gone.id, name="单守诚（三栋）")
    else:
        orders.change(second.db, second.app.actor, order.id, title="陪单守诚看病")
    settle(second, first, second)
    for desk in (first, second):
        assert "单守诚" not in everything_written(desk.db)
        assert not conflicts.open_conflicts(desk.db)


def test_a_reversal_that_comes_after_the_erasure_takes_back_what_was_told_again(first, second):
    """Else the entry could be taken back once more, and the balance would be wrong."""
    gone = opened(first, "单守诚")
    entry = actions.deposit(first.db, first.app.actor, gone.id, Deposit("参加志愿服务", text="陪看病"))
    settle(first, second)
    erasing.erase(first.db, first.app.actor, gone.person_id or "", GROUND)
    actions.reverse(second.db, second.app.actor, entry.id, "没去")
    settle(first, second)
    for desk in (first, second):
        lines = queries.passbook(desk.db, gone.id).lines
        assert [(line.kind, bool(line.reversed_by)) for line in lines] == [
            ("存入", False), ("存入", True), ("冲正", False),
        ]  # fmt: skip
        with pytest.raises(AppError, match="已经冲正过"):
            actions.reverse(desk.db, desk.app.actor, lines[1].id, "再来一次")
        assert queries.account(desk.db, gone.id).balance == 60


REVIEWED = {"attest1": "单守诚", "attest2": "赵六"}


def _attested(desk, text: str, **told: str) -> tuple[str, str]:
    """Account and entry of somebody whose hours two people confirmed, one of whom will be erased."""
    person = residents.register(desk.db, desk.app.actor, Person(name="李强"), None)
    account = opening.open_account(desk.db, desk.app.actor, "志愿时间", person_id=person.id)
    told = Deposit("服务时间", 90, text, **REVIEWED, **told)
    return account.id, actions.deposit(desk.db, desk.app.actor, account.id, told).id


@pytest.mark.parametrize("text", ["陪单守诚看眼病", "值守"])
def test_a_reviewer_and_a_name_in_somebody_elses_entry_go_as_well(first, second, text):
    gone = opened(first, "单守诚", base=False)
    account, _ = _attested(first, text, by_name="单守诚")
    settle(first, second)
    erasing.erase(first.db, first.app.actor, gone.person_id or "", GROUND)
    settle(first, second)
    for desk in (first, second):
        (line,) = queries.passbook(desk.db, account).lines
        assert (line.text, line.by_name, line.reviewers) == (
            "值守" if text == "值守" else "志愿服务时间", "（已清除）", "（已清除）、赵六",
        )  # fmt: skip
        assert (line.came, figures.check(desk.db).sound) == (90, True)
        assert not [words for words in ("单守诚", "眼病") if words in everything_written(desk.db)]


@pytest.mark.parametrize("other", ["resident", "helper", "staff"])
def test_a_name_that_somebody_else_bears_stays_where_nobody_can_say_whose_it_is(first, other):
    db, actor = first.db, first.app.actor
    gone = opened(first, "单守诚", base=False)
    account, entry = _attested(first, "值守")
    with db.transaction(actor, "同名的人") as tx:
        tx.add({
            "resident": Person(name="单守诚"), "staff": Staff(name="单守诚"),
            "helper": Helper(name="单守诚", colours="1", kind="1"),
        }[other])  # fmt: skip
    erasing.erase(db, actor, gone.person_id or "", GROUND)
    (line,) = queries.passbook(db, account).lines
    assert (line.id, line.reviewers) == (entry, "单守诚、赵六")


@pytest.mark.parametrize(("name", "text"), [("文明", "文明劝导"), ("单守诚", "陪单守诚华买药")])
def test_what_others_did_keeps_its_words_where_the_name_may_be_none(first, name, text):
    db, actor = first.db, first.app.actor
    gone = opened(first, name, base=False)
    first.add("单守诚华")
    account, _ = _attested(first, text)
    erasing.erase(db, actor, gone.person_id or "", GROUND)
    (line,) = queries.passbook(db, account).lines
    assert line.text == text


def test_a_reversal_that_comes_after_names_what_was_told_again_in_somebody_elses_book(first, second):
    """Else it could be taken back once more, and the year would count what was taken back."""
    gone = opened(first, "单守诚", base=False)
    account, entry = _attested(first, "值守")
    settle(first, second)
    erasing.erase(first.db, first.app.actor, gone.person_id or "", GROUND)
    actions.reverse(second.db, second.app.actor, entry, "没去")
    settle(first, second)
    for desk in (first, second):
        lines = queries.passbook(desk.db, account).lines
        assert [(line.kind, bool(line.reversed_by), line.balance) for line in lines] == [
            ("存入", True, 90), ("冲正", False, 0),
        ]  # fmt: skip
        assert "没去" in lines[1].text, "its own words stay"
        with pytest.raises(AppError, match="已经冲正过"):
            actions.reverse(desk.db, desk.app.actor, lines[0].id, "再来一次")


def test_under_seal_a_reviewers_name_stays_in_somebody_elses_book(first):
    gone = opened(first, "单守诚", base=False)
    account, _ = _attested(first, "值守")
    with first.db.transaction(first.app.actor, "封存") as tx:
        erasing.ask_for(tx, tx.need(Person, gone.person_id), GROUND, sealed_on="2026-11-22")
    (line,) = queries.passbook(first.db, account).lines
    assert line.reviewers == "单守诚、赵六"


def test_a_clash_holds_no_words_so_that_none_outlast_an_erasure(first, second):
    gone, friend = opened(first, "单守诚"), opened(first, "李强")
    settle(first, second)
    actions.spend(first.db, first.app.actor, gone.id, 40, "单守诚的轮椅")
    second.clock.move(minutes=1)
    actions.transfer(second.db, second.app.actor, gone.id, friend.id, 40)
    settle(first, second)
    (told,) = conflicts.open_conflicts(first.db)
    assert (told.kind, told.shown.value["amount"], "轮椅" in str(told)) == ("overdraft", 40, False)
    erasing.erase(first.db, first.app.actor, gone.person_id or "", GROUND)
    settle(first, second)
    for desk in (first, second):
        assert not [words for words in ("单守诚", "轮椅") if words in everything_written(desk.db)]
