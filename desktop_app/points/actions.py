"""What one may do with points: deposit by a rule, spend, give to somebody, take an entry back.

Every verb writes one entry, which is both sides of it.  Nothing is ever changed: what was wrong gets a reversal.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.points import joining, rules, writing
from desktop_app.points.balances import renew, stale_of
from desktop_app.points.book import rule_on, transfer_year
from desktop_app.points.facts import IN
from desktop_app.points.model import PointsAccount, PointsEntry
from desktop_app.points.opening import balance_of, need_account
from desktop_app.points.rules import PointsRule
from desktop_app.residents.merging import entries
from desktop_app.residents.model import PersonEvent
from desktop_app.shared.errors import AppError
from desktop_app.shared.fields import filled
from desktop_app.store.database import Database, Transaction

_COUNTS: Final = "sync_del=0 AND id NOT IN (SELECT entry_id FROM points_void)"
_STANDS: Final = (
    f"{_COUNTS} AND NOT EXISTS(SELECT 1 FROM points_entry b WHERE b.reverses=points_entry.id AND b.sync_del=0)"
)
"""SQL: an entry that counts and was not taken back."""


@dataclass(frozen=True, slots=True)
class Deposit:
    """What is deposited: by which rule (code or name), how many minutes or points where the rule asks for it.

    `ref_type` and `ref_id`: the record it is given for (`rules.EVIDENCE`), for which nothing more can be given;
    `attest1` and `attest2`: who reviewed it; `on` is the day, today if blank; `by_name` whoever sits here if blank.
    """

    rule: str
    amount: int | None = None
    text: str = ""
    on: str = ""
    attest1: str = ""
    attest2: str = ""
    ref_type: str = ""
    ref_id: str = ""
    by_name: str = ""


@needs("points.change")
def deposit(db: Database, actor: Actor, account_id: str, told: Deposit) -> PointsEntry:
    """Deposits by a rule of the day; a rule below 0 takes away (扣分), one with a veto takes the whole year (否决).

    What is above the cap of the month or the year is left out: the entry says how much was deposited.  AppError, with
    nothing written, where the cap is reached, a reviewer is missing, or the evidence was deposited before.
    """
    with db.transaction(actor, "积分存入") as tx:
        account = need_account(tx, account_id)
        return deposited(tx, account, told)


def deposited(tx: Transaction, account: PointsAccount, told: Deposit) -> PointsEntry:
    """As `deposit`, inside another action."""
    on = writing.day(tx, told.on)
    rule = rule_on(tx.db, told.rule, on)
    if rule.of != account.kind:
        raise AppError(
            f"“{rule.name}”记入{rule.of}，不能记入{account.kind}，没有存入。", field="rule", next_step="请另选规则。"
        )
    attested = _attested(rule, account, told)
    must_be_new(tx, told)
    kind, amount = _amount(tx, account, rule, told.amount, on)
    more: dict[str, Any] = {
        **attested, "text": writing.words(told.text) or None, "rule": rule.code, "rule_words": rule.words,
        "ref_type": told.ref_type or None, "ref_id": told.ref_id or None, "by_name": told.by_name,
    }  # fmt: skip
    side = writing.community_account(tx, rules.GIVING, account.unit)
    way = (side, account.id) if kind == rules.DEPOSIT else (account.id, side)
    return writing.write(tx, kind, *way, amount, on, **more)


def _attested(rule: PointsRule, account: PointsAccount, told: Deposit) -> dict[str, Any]:
    """The reviewers; AppError as `must_be_reviewed`, and for the owner's own word."""
    names = must_be_reviewed(rule, told.attest1, told.attest2)
    if account.name in names:
        field = "attest1" if account.name == names[0] else "attest2"
        raise AppError(f"审核人不能是本人（{account.name}），没有存入。", field=field, next_step="请由别人审核。")
    return {"attest1": names[0] or None, "attest2": names[1] or None}


def must_be_reviewed(rule: PointsRule, *reviewers: str) -> list[str]:
    """Two names, tidied; AppError where the rule asks for more of them, and for one person twice."""
    names = [" ".join(one.split()) for one in reviewers]
    given = [one for one in names if one]
    if len(given) < rule.reviewers:
        raise AppError(
            f"“{rule.name}”要 {rule.reviewers} 名审核人，只写了 {len(given)} 名，没有存入。",
            field="attest1" if not names[0] else "attest2",
            next_step="请把审核人的姓名写全；没有人审核的不能存入。",
        )
    if len(set(given)) < len(given):
        raise AppError("两名审核人是同一个人，没有存入。", field="attest2", next_step="请由另一个人审核。")
    return names


def must_be_new(tx: Transaction, told: Deposit) -> None:
    """AppError for evidence of an unknown kind, and for what something was given for before."""
    if not told.ref_id:
        return
    if told.ref_type not in rules.EVIDENCE:
        raise AppError("凭据的类别不认识，没有存入。", field="ref_type", next_step="请从“可存入”里选。")
    sql = f'SELECT "on",by_name FROM points_entry WHERE ref_id=? AND ref_type=? AND kind<>? AND {_STANDS}'
    for on, by_name in tx.rows(sql, (told.ref_id, told.ref_type, rules.REVERSAL)):
        raise AppError(
            f"这张{rules.EVIDENCE[told.ref_type]}已于 {on} 由{by_name}存入，没有重复存入。",
            field="ref_id",
            next_step="存错了请先冲正那一笔，再重新存入。",
        )


def _amount(tx: Transaction, account: PointsAccount, rule: PointsRule, told: int | None, on: str) -> tuple[str, int]:
    """(kind, amount) of what a rule gives or takes."""
    if rule.veto:
        earned = _earned(tx, account.id, f"{on[:4]}-01-01", on)
        return rules.VETO, _needed(account, min(earned, balance_of(tx, account.id)), "本年没有积分可以归零")
    if rule.per != rules.EACH and told is None:
        zh = "分钟数" if rule.per == rules.BY_MINUTE else "分值"
        raise AppError(f"“{rule.name}”要写{zh}，没有存入。", field="amount", next_step="请填写后再存。")
    if told is not None:
        writing.must_be_sound(told)
    wanted = rule.amount(told)
    writing.must_be_sound(abs(wanted))
    if wanted < 0:
        _must_have(tx, account, -wanted, rules.DEDUCTION)
        return rules.DEDUCTION, -wanted
    had = [_under(tx, account.id, rule.code, since) for since in (on[:7], on[:4])]
    return rules.DEPOSIT, _needed(account, min(wanted, rules.left_of_caps(rule, *had)), f"{rule.words}，已到上限")


def _needed(account: PointsAccount, amount: int, why: str) -> int:
    if amount <= 0:
        raise AppError(f"{account.name}：{why}，没有存入。", field="rule", next_step="不用再记；记错过的请先冲正。")
    return amount


def _earned(tx: Transaction, account_id: str, since: str, until: str) -> int:
    """What came by rules within a period, less what was taken away by them, and less what was taken back."""
    sql = (
        f"SELECT coalesce(sum(CASE WHEN to_account_id {IN} THEN amount ELSE -amount END),0) FROM points_entry "
        f'WHERE (to_account_id {IN} OR from_account_id {IN}) AND "on" BETWEEN :since AND :until '
        f"AND kind IN (SELECT value FROM json_each(:kinds)) AND {_STANDS}"
    )
    told = {"ids": _one(tx, account_id), "since": since, "until": until, "kinds": json.dumps(rules.EARNED)}
    return int(tx.scalar(sql, told) or 0)


def _under(tx: Transaction, account_id: str, rule: str, since: str) -> int:
    """What was deposited by a rule in the month or the year that a day begins with."""
    sql = (
        f"SELECT coalesce(sum(amount),0) FROM points_entry WHERE to_account_id {IN} AND rule=:rule AND kind=:kind "
        f'AND substr("on",1,:long)=:since AND {_STANDS}'
    )
    told = {"ids": _one(tx, account_id), "rule": rule, "kind": rules.DEPOSIT, "long": len(since), "since": since}
    return int(tx.scalar(sql, told) or 0)


def _one(tx: Transaction, account_id: str) -> str:
    """An account and those that are one with it, as a JSON list."""
    return json.dumps(joining.members(tx, account_id))


# ------------------------------------------------------------------------------------------------- spending and giving


@needs("points.change")
def spend(
    db: Database, actor: Actor, account_id: str, amount: int, text: str, *, on: str = "", by_name: str = ""
) -> PointsEntry:
    """Takes points or minutes out for something, with a voucher number; AppError where there is not enough."""
    with db.transaction(actor, "积分兑换") as tx:
        account = need_account(tx, account_id)
        what = writing.words(filled(text, "text", "兑换内容"))
        writing.must_be_sound(amount)
        _must_have(tx, account, amount, rules.SPENT)
        side = writing.community_account(tx, rules.TAKING, account.unit)
        return writing.write(
            tx, rules.SPENT, account.id, side, amount, writing.day(tx, on), text=what, by_name=by_name,
            voucher_no=writing.voucher_no(tx),
        )  # fmt: skip


@needs("points.change")
def transfer(
    db: Database, actor: Actor, account_id: str, to_account_id: str, amount: int, *, text: str = "", on: str = "",
    by_name: str = "",
) -> PointsEntry:  # fmt: skip
    """Gives points or minutes to another account of the same unit, with a voucher number.

    AppError where there is not enough, and above what `transfer_year` of the rules allows to give away in a year.
    """
    with db.transaction(actor, "积分转赠") as tx:
        giver, taker = need_account(tx, account_id), need_account(tx, to_account_id)
        if giver.id == taker.id:
            raise AppError("转出和转入是同一个账户，没有转赠。", field="to_account", next_step="请另选转入的账户。")
        if giver.unit != taker.unit:
            raise AppError(
                f"{giver.kind}按{giver.unit}记，{taker.kind}按{taker.unit}记，不能互转，没有转赠。",
                field="to_account",
                next_step="请选计量单位相同的账户。",
            )
        day = writing.day(tx, on)
        writing.must_be_sound(amount)
        _must_have(tx, giver, amount, rules.GIVEN)
        _must_be_allowed(tx, giver, amount, day)
        return writing.write(
            tx, rules.GIVEN, giver.id, taker.id, amount, day, text=writing.words(text) or None,
            by_name=by_name, voucher_no=writing.voucher_no(tx),
        )  # fmt: skip


def _must_have(tx: Transaction, account: PointsAccount, amount: int, what: str) -> None:
    """AppError where there is less in an account."""
    there = balance_of(tx, account.id)
    if there < amount:
        raise AppError(
            f"{account.name}的结余是 {rules.spoken(there, account.unit)}，不够{what} "
            f"{rules.spoken(amount, account.unit)}，没有保存。",
            field="amount",
            next_step="请改小数量，或先存入。",
        )


def _must_be_allowed(tx: Transaction, giver: PointsAccount, amount: int, on: str) -> None:
    most = transfer_year(tx.db, on)
    sql = (
        f"SELECT coalesce(sum(amount),0) FROM points_entry WHERE from_account_id {IN} AND kind=:kind "
        f'AND substr("on",1,4)=:year AND {_STANDS}'
    )
    told = {"ids": _one(tx, giver.id), "kind": rules.GIVEN, "year": on[:4]}
    had = int(tx.scalar(sql, told) or 0)
    if most and had + amount > most:
        raise AppError(
            f"一年最多转赠 {most} {giver.unit}，{giver.name}本年已经转赠 {had} {giver.unit}，没有转赠。",
            field="amount",
            next_step=f"本年还可以转赠 {max(0, most - had)} {giver.unit}。",
        )


# ------------------------------------------------------------------------------------------------------- putting right


@needs("points.change")
def reverse(db: Database, actor: Actor, entry_id: str, why: str) -> PointsEntry:
    """Takes an entry back by one the other way, on today's date; both stay.  The evidence can be deposited anew.

    Also where what was deposited is spent by now: the account is below zero then, which is the truth.  AppError for a
    reversal, for what was taken back before and for what counts for nothing anyway.
    """
    said = filled(why, "why", "冲正的原因")
    with db.transaction(actor, "积分冲正", said) as tx:
        entry = tx.need(PointsEntry, entry_id)
        _must_stand(tx, entry)
        _take_from_the_owner(tx, entry)
        return writing.write(
            tx, rules.REVERSAL, entry.to_account_id, entry.from_account_id, entry.amount, writing.day(tx, ""),
            text=writing.words(f"冲正 {entry.on} {entry.kind}：{said}"[: writing.LONGEST]), rule=entry.rule,
            rule_words=entry.rule_words, ref_type=entry.ref_type, ref_id=entry.ref_id, reverses=entry.id,
        )  # fmt: skip


def _take_from_the_owner(tx: Transaction, entry: PointsEntry) -> None:
    """A voucher that was taken back is not carried to another community any more."""
    account = tx.get(PointsAccount, entry.from_account_id) if entry.kind == rules.SENT else None
    if account is None or not account.person_id:
        return
    words = rules.carried(account.kind, entry.amount, account.unit, writing.own_name(tx), entry.voucher_no or "")
    people = json.dumps(entries(tx.rows, account.person_id))
    sql = f"SELECT id FROM person_event WHERE person_id {IN} AND kind=:kind AND text=:words AND sync_del=0 AND scope=0"
    for (key,) in tx.rows(sql, {"ids": people, "kind": rules.CARRIED, "words": words}):
        tx.bury(PersonEvent, str(key))


def _must_stand(tx: Transaction, entry: PointsEntry) -> None:
    if entry.scope:
        raise AppError("这是别的单位的流水，没有冲正。", next_step="请联系那个单位。")
    if entry.kind == rules.REVERSAL:
        raise AppError("冲正的一笔不能再冲正，没有改动。", next_step="要恢复请照原样重新记一笔。")
    for key in (entry.from_account_id, entry.to_account_id):
        account = tx.need(PointsAccount, joining.head(tx, key))
        if account.closed_on and entry.kind != rules.SENT:  # who has moved cannot open one again; it can be sent anew
            raise AppError(
                f"{account.name}的账户已于 {account.closed_on} 销户，没有冲正。", next_step="请先重新开户，再冲正。"
            )
    renew(tx, stale_of(tx, [entry.from_account_id, entry.to_account_id]))
    if tx.scalar("SELECT 1 FROM points_entry WHERE reverses=? AND sync_del=0", (entry.id,)):
        raise AppError("这一笔已经冲正过了，没有重复冲正。", next_step="请刷新存折。")
    if tx.scalar("SELECT 1 FROM points_void WHERE entry_id=?", (entry.id,)):
        raise AppError("这一笔本来就没有生效，不用冲正。", next_step="请看存折上写的原因。")
