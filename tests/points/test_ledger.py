"""Deposits by the rule book, spending, giving, taking back: what is refused, and what the passbook then says."""

import pytest

from desktop_app.places.model import Building, Estate, Room
from desktop_app.points import actions, figures, opening, queries, several
from desktop_app.points.queries import AccountFilter
from desktop_app.points.several import Owed
from desktop_app.privacy.dossier import dossier
from desktop_app.residents.model import Household, Person
from desktop_app.residents.undoing import undo
from desktop_app.shared.errors import AppError
from desktop_app.store import history


def refused(deed, *words: object, **named: object) -> AppError:
    with pytest.raises(AppError) as caught:
        deed(*words, **named)
    return caught.value


# ------------------------------------------------------------------------------------------------------------ accounts


def test_an_owner_has_one_account_of_a_kind_and_one_of_another(bank):
    person = bank.person()
    opening.open_account(bank.db, bank.actor, "党员积分", person_id=person.id)
    assert "已经有党员积分账户" in str(
        refused(opening.open_account, bank.db, bank.actor, "党员积分", person_id=person.id)
    )
    opening.open_account(bank.db, bank.actor, "志愿时间", person_id=person.id)
    assert [(one.kind, one.unit) for one in queries.accounts(bank.db)] == [("党员积分", "分"), ("志愿时间", "分钟")]


def test_a_household_owns_family_points_and_nobody_else_does(bank):
    who = bank.person().id
    assert refused(opening.open_account, bank.db, bank.actor, "家庭积分", person_id=who).field == "owner"
    assert refused(opening.open_account, bank.db, bank.actor, "党员积分").field == "owner"
    assert refused(opening.open_account, bank.db, bank.actor, "存款", person_id=who).field == "kind"


def test_an_account_is_closed_when_it_is_empty_and_opened_again_with_all_that_was_in_it(bank):
    account = bank.account()
    bank.deposit(account)
    assert "还有 60 分" in str(refused(opening.close_account, bank.db, bank.actor, account.id))
    spent = bank.spend(account, 60)
    opening.close_account(bank.db, bank.actor, account.id)
    assert "请先重新开户" in (refused(actions.reverse, bank.db, bank.actor, spent.id, "退货").next_step or "")
    assert refused(bank.deposit, account, "主题党日").field == "account"
    assert not queries.accounts(bank.db)
    assert len(queries.accounts(bank.db, AccountFilter(closed=True))) == 1
    again = opening.open_account(bank.db, bank.actor, "党员积分", person_id=account.person_id)
    assert (again.id, len(bank.book(account))) == (account.id, 2)


def test_accounts_are_found_by_pinyin_and_those_below_zero_come_first(bank):
    rich, poor = bank.account("安红"), bank.account("周正")
    bank.deposit(rich)
    entry = bank.deposit(poor)
    bank.spend(poor, 10)
    actions.reverse(bank.db, bank.actor, entry.id, "重复记了")
    assert [(one.name, one.balance) for one in queries.accounts(bank.db)] == [("周正", -10), ("安红", 60)]
    assert [one.name for one in queries.accounts(bank.db, AccountFilter(text="anhong"))] == ["安红"]
    assert [one.name for one in queries.accounts(bank.db, AccountFilter(below=True))] == ["周正"]
    assert queries.count(bank.db, AccountFilter(kind="社区")) == 2
    assert [one.name for one in queries.accounts(bank.db, order="balance")] == ["安红", "周正"]


# ------------------------------------------------------------------------------------------------------------ deposits


def test_a_deposit_keeps_what_the_rule_said(bank):
    entry = bank.deposit(bank.account(), "主题党日", on="2026-11-01")
    assert (entry.amount, entry.on, entry.rule) == (2, "2026-11-01", "m03")
    assert entry.rule_words == "参加主题党日：每次 2 分，每年最多 8 分（第 1 版）"


def test_a_cap_leaves_the_rest_and_then_nothing_until_the_next_year(bank):
    account = bank.account()
    got = [bank.deposit(account, "三会一课", amount=times).amount for times in (3, 2)]
    assert got == [9, 3], "12 分封顶"
    assert "已到上限" in str(refused(bank.deposit, account, "三会一课"))
    assert bank.deposit(account, "三会一课", on="2025-12-30").amount == 3
    first = next(line for line in bank.book(account) if line.came == 9)
    actions.reverse(bank.db, bank.actor, first.id, "没有参加")
    assert bank.deposit(account, "三会一课").amount == 3, "冲正了的不占上限"


def test_minutes_need_two_reviewers_who_are_two_people_and_not_the_helper(bank):
    account = bank.account("李强", "志愿时间")
    told = {"rule": "服务时间", "amount": 90, "text": "陪诊"}
    assert refused(bank.deposit, account, **told).field == "attest1"
    assert refused(bank.deposit, account, **told, attest1="张三").field == "attest2"
    assert "同一个人" in str(refused(bank.deposit, account, **told, attest1="张三", attest2="张三"))
    assert "不能是本人" in str(refused(bank.deposit, account, **told, attest1="张三", attest2="李强"))
    entry = bank.deposit(account, **told, attest1="张三", attest2="赵六")
    (line,) = bank.book(account)
    assert (entry.amount, line.reviewers) == (90, "张三、赵六")
    assert bank.line(account).balance_words == "1 小时 30 分钟（90 分钟）"


def test_one_piece_of_evidence_is_deposited_once_and_anew_after_it_was_taken_back(bank):
    account, service = bank.account(), {"ref_type": "service_order", "ref_id": "a" * 32}
    entry = bank.deposit(account, "参加志愿服务", **service)
    error = refused(bank.deposit, account, "参加志愿服务", **service)
    assert (error.field, "由张三存入" in str(error)) == ("ref_id", True)
    actions.reverse(bank.db, bank.actor, entry.id, "不是他做的")
    bank.deposit(bank.account("李强"), "参加志愿服务", **service)
    assert refused(bank.deposit, account, "参加志愿服务", **service).field == "ref_id"
    assert bank.line(account).balance == 0


def test_a_rule_below_zero_takes_away_and_a_veto_takes_the_year(bank):
    account = bank.account()
    bank.deposit(account, on="2025-01-05")
    bank.deposit(account)
    assert bank.deposit(account, "迟交党费").kind == "扣分"
    veto = bank.deposit(account, "一票否决")
    assert (veto.kind, veto.amount, bank.line(account).balance) == ("否决", 58, 60), "去年的不动"
    (line,) = figures.year(bank.db, 2026)
    assert (line.earned, line.vetoed) == (0, True)
    assert "没有积分可以归零" in str(refused(bank.deposit, account, "一票否决"))


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"rule": "没有的规则"}, "rule"),
        ({"rule": "垃圾分类"}, "rule"),
        ({"rule": "主题党日", "on": "2026-11-23"}, "on"),
        ({"rule": "主题党日", "on": "2026-02-30"}, "on"),
        ({"rule": "主题党日", "text": "很长" * 40}, "text"),
        ({"rule": "主题党日", "amount": 0}, "amount"),
        ({"rule": "主题党日", "amount": -3}, "amount"),
        ({"rule": "主题党日", "amount": 10**9}, "amount"),
        ({"rule": "主题党日", "ref_type": "person", "ref_id": "a" * 32}, "ref_type"),
    ],
)
def test_what_no_deposit_can_be_is_refused_at_its_field_and_nothing_is_written(bank, told, field):
    account = bank.account()
    assert refused(bank.deposit, account, **told).field == field
    assert bank.line(account).entries == 0


# ------------------------------------------------------------------------------------------------- spending and giving


def test_nobody_spends_or_gives_more_than_there_is(bank):
    account, other = bank.account(), bank.account("李强")
    bank.deposit(account)
    error = refused(bank.spend, account, 61)
    assert (error.field, "结余是 60 分，不够支出 61 分" in str(error)) == ("amount", True)
    assert refused(actions.transfer, bank.db, bank.actor, account.id, other.id, 61).field == "amount"
    assert refused(bank.spend, account, 0).field == "amount"
    assert refused(bank.spend, account, 5, " ").field == "text"
    assert [bank.spend(account, 20).voucher_no, bank.spend(account, 40).voucher_no] == ["积2026-0001", "积2026-0002"]


def test_what_is_given_to_somebody_leaves_one_book_and_stands_in_the_other(bank):
    giver, taker = bank.account(), bank.account("李强")
    bank.deposit(giver)
    entry = actions.transfer(bank.db, bank.actor, giver.id, taker.id, 25, text="邻里互助")
    assert [(line.went, line.balance, line.other) for line in bank.book(giver)][1:] == [(25, 35, "李强")]
    assert [(line.came, line.balance, line.other) for line in bank.book(taker)] == [(25, 25, "王芳")]
    paper = queries.voucher(bank.db, entry.id)
    assert (paper.giver.name, paper.taker.name, paper.entry.voucher_no) == ("王芳", "李强", "积2026-0001")
    assert refused(actions.transfer, bank.db, bank.actor, giver.id, giver.id, 1).field == "to_account"
    time = bank.account("赵六", "志愿时间")
    assert refused(actions.transfer, bank.db, bank.actor, giver.id, time.id, 1).field == "to_account"
    for side in (paper.entry.from_account_id, paper.entry.to_account_id):
        community = queries.accounts(bank.db, AccountFilter(kind="社区"))[0].id
        assert refused(actions.transfer, bank.db, bank.actor, side, community, 1).field == "account"


def test_a_town_may_bound_what_is_given_away_in_a_year(bank):
    own = bank.db.path.parent / "profiles" / "codes" / "points_rules.toml"
    own.parent.mkdir(parents=True)
    from desktop_app.profiles import queries as profiles
    from desktop_app.shared.resources import resource

    shipped = resource("codes", "points_rules.toml").read_text("utf-8")
    own.write_text(shipped.replace("transfer_year = 0", "transfer_year = 30"), "utf-8")
    profiles.forget()
    giver, taker = bank.account(), bank.account("李强")
    bank.deposit(giver)
    actions.transfer(bank.db, bank.actor, giver.id, taker.id, 25)
    assert "还可以转赠 5 分" in (refused(actions.transfer, bank.db, bank.actor, giver.id, taker.id, 6).next_step or "")
    profiles.forget()


# ------------------------------------------------------------------------------------------------------- putting right


def test_a_reversal_takes_back_and_leaves_both_in_the_book(bank):
    account = bank.account()
    bank.deposit(account)
    entry = bank.deposit(account, "主题党日")
    back = actions.reverse(bank.db, bank.actor, entry.id, "记错了人")
    lines = bank.book(account)
    assert [(line.kind, line.came, line.went, line.balance) for line in lines] == [
        ("存入", 60, 0, 60), ("存入", 2, 0, 62), ("冲正", 0, 2, 60),
    ]  # fmt: skip
    assert [line.reversed_by for line in lines] == ["", back.id, ""]
    assert "记错了人" in lines[2].text
    assert "已经冲正过" in str(refused(actions.reverse, bank.db, bank.actor, entry.id, "再来一次"))
    assert "不能再冲正" in str(refused(actions.reverse, bank.db, bank.actor, back.id, "反悔"))
    assert refused(actions.reverse, bank.db, bank.actor, entry.id, " ").field == "why"


def test_an_undo_of_an_entry_is_refused_with_what_to_do_instead(bank):
    account = bank.account()
    bank.deposit(account)
    action, _ = history.last_action(bank.db, bank.actor)
    error = refused(undo, bank.db, bank.actor, action)
    assert "冲正" in (error.next_step or "")
    assert bank.line(account).balance == 60


def test_an_account_opened_by_mistake_is_taken_back_and_can_be_opened_again(bank):
    account = bank.account()
    action, _ = history.last_action(bank.db, bank.actor)
    undo(bank.db, bank.actor, action)
    assert queries.account(bank.db, account.id) is None
    again = opening.open_account(bank.db, bank.actor, "党员积分", person_id=account.person_id)
    assert bank.line(again).balance == 0


# ----------------------------------------------------------------------------------------------------- over the years


def test_a_passbook_of_some_days_begins_with_what_was_there_before(bank):
    account = bank.account()
    for on in ("2026-01-10", "2026-03-10", "2026-05-10"):
        bank.deposit(account, "主题党日", on=on)
    book = queries.passbook(bank.db, account.id, "2026-02-01", "2026-04-30")
    assert (book.opening, [line.on for line in book.lines], book.closing) == (2, ["2026-03-10"], 4)
    empty = queries.passbook(bank.db, account.id, "2026-06-01", "2026-06-30")
    assert (empty.opening, empty.lines, empty.closing) == (6, (), 6)


def test_the_board_of_a_year_counts_what_was_earned_and_hides_names(bank):
    first, second, third = (bank.account(name) for name in ("王芳", "李建国", "欧阳明"))
    bank.deposit(first, "主题党日", on="2025-05-01")
    bank.deposit(first)
    bank.spend(first, 30)
    bank.deposit(second)
    wrong = bank.deposit(second, "主题党日")
    actions.reverse(bank.db, bank.actor, wrong.id, "没有来")
    bank.deposit(third, "主题党日")
    found = [(one.rank, one.name, one.earned, one.spent) for one in figures.year(bank.db, 2026)]
    assert found == [(1, "李建国", 60, 0), (1, "王芳", 60, 30), (3, "欧阳明", 2, 0)]
    assert [one.public_name for one in figures.year(bank.db, 2026)] == ["李*国", "王*", "欧阳*"]
    assert [one.name for one in figures.year(bank.db, 2025)] == ["王芳"]


@pytest.mark.parametrize("name", ["", "王建国家 3栋2单元501"])
def test_the_board_tells_of_a_household_its_building_and_neither_its_door_nor_its_name(bank, name):
    with bank.db.transaction(bank.actor, "登记户") as tx:
        estate = tx.add(Estate(name="红旗小区"))
        building = tx.add(Building(estate_id=estate.id, no="3"))
        room = tx.add(Room(building_id=building.id, unit="2", no="501"))
        home = tx.add(Household(room_id=room.id))
    family = opening.open_account(bank.db, bank.actor, "家庭积分", household_id=home.id, name=name)
    bank.deposit(family, "垃圾分类")
    (line,) = figures.year(bank.db, 2026, "家庭积分")
    assert (line.name, line.public_name) == (name or "红旗小区3栋2单元501室", "红旗小区3栋2单元")


def test_whoever_asks_what_is_held_about_them_is_told_every_entry(bank):
    account = bank.account()
    bank.deposit(account, "主题党日", text="清理楼道")
    parts = {part.title: part.records for part in dossier(bank.db, bank.db.get(Person, account.person_id))}
    assert ("户名", "王芳") in parts["积分账户"][0]
    assert {("服务事项", "清理楼道"), ("存入", "2"), ("结余", "2")} <= set(parts["党员积分存折"][0])


def test_of_several_things_each_that_can_be_is_deposited_and_the_others_are_told(bank):
    who, gone = bank.person("李强").id, bank.person("周正", left_on="2026-11-01").id
    owed = [Owed("shift", letter * 32, f"2026-11-1{day}", 120, "东门岗亭值守", person_id=who)
            for day, letter in enumerate("ab")]  # fmt: skip
    late = Owed("shift", "c" * 32, "2026-11-12", 120, "东门岗亭值守", person_id=gone)
    reviewed = {"attest1": "张三", "attest2": "赵六"}
    made, left = several.deposit_due(bank.db, bank.actor, [owed[1], late, owed[0], owed[0]], "值守时间", **reviewed)
    assert [entry.ref_id for entry in made] == [owed[1].ref_id, owed[0].ref_id]
    assert [one.owed for one in left] == [late, owed[0]]
    assert ["不在本社区" in one.why and bool(one.next_step) for one in left] == [True, False]
    assert "由张三存入" in left[1].words
    assert left[0].next_step not in left[0].why, "it stands beside, not twice"
    (line,) = queries.accounts(bank.db, AccountFilter(closed=True))
    assert (line.kind, line.balance, line.entries) == ("志愿时间", 240, 2), "and no account is left of what was not"
    assert line.opened_on == "2026-11-10", "opened by itself: on the day of its first entry"
    assert figures.check(bank.db).sound


def test_what_is_wrong_with_all_of_several_things_is_refused_at_its_field(bank):
    owed = [Owed("shift", "a" * 32, "2026-11-10", 120, "东门岗亭值守", person_id=bank.person("李强").id)]
    reviewed = {"attest1": "张三", "attest2": "赵六"}
    assert refused(several.deposit_due, bank.db, bank.actor, owed, "没有的规则", **reviewed).field == "rule"
    assert refused(several.deposit_due, bank.db, bank.actor, owed, "值守时间", attest1="张三").field == "attest2"
    assert several.deposit_due(bank.db, bank.actor, [], "值守时间") == ([], [])
    assert queries.count(bank.db) == 0


def test_an_account_counts_as_opened_no_later_than_its_first_entry(bank):
    account = bank.account()
    assert bank.line(account).opened_on == "2026-11-22"
    bank.deposit(account, "主题党日", on="2026-10-05")
    assert bank.line(account).opened_on == "2026-10-05"
    bank.deposit(account, "主题党日", on="2026-10-06")
    assert bank.line(account).opened_on == "2026-10-05"


def test_a_balance_that_was_tampered_with_is_found_by_the_check(bank):
    account = bank.account()
    bank.deposit(account)
    with bank.db.transaction(bank.actor, "试") as tx:
        tx.execute("UPDATE points_account_state SET balance=600 WHERE points_account_id=?", (account.id,))
        tx.keep()
    found = figures.check(bank.db)
    assert (found.sound, found.differing, dict(found.totals)["分"]) == (False, (("王芳", 600, 60),), 540)
