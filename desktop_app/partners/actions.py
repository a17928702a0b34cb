"""What one may do with partners: each function is one transaction and takes only what the person changed."""

from collections.abc import Sequence
from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.partners import rules
from desktop_app.partners.lists import claims, states
from desktop_app.partners.model import (
    Agreement,
    AgreementItem,
    Claim,
    ClaimEvent,
    ListItem,
    PartnerUnit,
    PartTimeMember,
)
from desktop_app.partners.rules import ClaimState
from desktop_app.profiles.desk import desk_codes, next_number, town_of
from desktop_app.shared.dates import must_be_date
from desktop_app.shared.errors import AppError
from desktop_app.shared.fields import filled, kept_phone
from desktop_app.shared.identity import Level, check_uscc
from desktop_app.store.database import Database, Transaction

RIGHT: Final = "partners.change"
_YEARS: Final = range(2000, 2100)


# --------------------------------------------------------------------------------------------------------------- units


@needs(RIGHT)
def add_unit(db: Database, actor: Actor, unit: PartnerUnit) -> PartnerUnit:
    """Enters a unit; a second one of the same name or credit code is refused."""
    fields = _checked_unit(db, {name: getattr(unit, name) for name in _UNIT_FIELDS})
    for name, value in fields.items():
        setattr(unit, name, value)
    with db.transaction(actor, f"登记共建单位：{unit.name}") as tx:
        _must_be_new(tx, unit.id, unit.name, unit.uscc)
        return tx.add(unit)


@needs(RIGHT)
def change_unit(db: Database, actor: Actor, unit_id: str, **changes: Any) -> PartnerUnit:
    """Changes the named fields of a unit."""
    fields = _checked_unit(db, changes)
    with db.transaction(actor, "修改共建单位") as tx:
        unit = tx.change(PartnerUnit, unit_id, **fields)
        _must_be_new(tx, unit.id, unit.name, unit.uscc)
        return unit


@needs(RIGHT)
def end_unit(db: Database, actor: Actor, unit_id: str, on: str, why: str = "") -> PartnerUnit:
    """Ends the work with a unit on a day; its open agreements end with it, what it did stays."""
    must_be_date(on, "共建结束", "to_on")
    with db.transaction(actor, "结束共建", why) as tx:
        unit = tx.need(PartnerUnit, unit_id)
        _not_before(on, unit.from_on, "共建结束", "共建起始", "to_on")
        open_ones = "SELECT id FROM agreement WHERE unit_id=? AND sync_del=0 AND ended_on IS NULL AND expires_on>=?"
        for (agreement_id,) in tx.rows(open_ones, (unit_id, on)):
            tx.change(Agreement, agreement_id, ended_on=on, ended_why=why or "共建结束")
        return tx.change(PartnerUnit, unit_id, to_on=on)


_UNIT_FIELDS: Final = ("name", "kind", "uscc", "phone", "colours", "from_on", "to_on")


def _checked_unit(db: Database, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields as they are stored; AppError, at its field, for what no unit can have."""
    made = dict(fields)
    if "name" in made:
        made["name"] = filled(made["name"], "name", "单位名称")
    if "kind" in made:
        made["kind"] = desk_codes(db, "partner_kinds").name(made["kind"]) or "其他"
    if made.get("uscc"):
        verdict = check_uscc(made["uscc"])
        if verdict.level is Level.ERROR:
            raise AppError(
                f"统一社会信用代码：{verdict.reason}，没有保存。", field="uscc", next_step="请对照证照核对，或先留空。"
            )
        made["uscc"] = verdict.value
    if "phone" in made:
        made["phone"] = kept_phone(made["phone"])
    if "colours" in made:
        made["colours"] = "、".join(_colours(db, made["colours"]))
    for name, zh in (("from_on", "共建起始"), ("to_on", "共建结束")):
        if made.get(name):
            must_be_date(made[name], zh, name)
    return made


def _colours(db: Database, text: str) -> list[str]:
    table = desk_codes(db, "seven_colours")
    words = [word for word in text.replace(",", "、").replace("，", "、").replace(" ", "、").split("、") if word]
    return list(dict.fromkeys(table.name(word) for word in words))


def _must_be_new(tx: Transaction, unit_id: str, name: str, uscc: str | None) -> None:
    for column, value, zh in (("name", name, "名称"), ("uscc", uscc, "信用代码")):
        sql = f"SELECT name FROM partner_unit WHERE {column}=? AND id<>? AND sync_del=0 AND to_on IS NULL"
        found = tx.scalar(sql, (value, unit_id)) if value else None
        if found:
            raise AppError(
                f"已经有{zh}相同的单位“{found}”，没有重复保存。", field=column, next_step="请直接使用那一条。"
            )


# -------------------------------------------------------------------------------------------------------------- members


@needs(RIGHT)
def appoint_member(db: Database, actor: Actor, member: PartTimeMember) -> PartTimeMember:
    """Appoints a part-time member and gives the letter of appointment its number."""
    member.name = filled(member.name, "name", "姓名")
    member.role = desk_codes(db, "committee_roles").name(member.role) or "兼职委员"
    member.phone = kept_phone(member.phone)
    must_be_date(member.from_on, "聘期起", "from_on")
    if member.to_on:
        must_be_date(member.to_on, "聘期止", "to_on")
        _not_before(member.to_on, member.from_on, "聘期止", "聘期起", "to_on")
    with db.transaction(actor, f"聘任{member.role}：{member.name}") as tx:
        same = (
            "SELECT 1 FROM part_time_member WHERE body=? AND role=? AND name=? AND unit_id IS ? AND sync_del=0 "
            "AND left_on IS NULL AND (to_on IS NULL OR to_on>=?)"
        )
        if tx.scalar(same, (member.body, member.role, member.name, member.unit_id, member.from_on)):
            raise AppError(
                f"{member.name}已经是{member.body}的{member.role}，没有重复聘任。",
                field="name",
                next_step="聘期到了请先登记离任，再重新聘任。",
            )
        member.letter_no = member.letter_no or next_number(tx, "letter", ("part_time_member", "letter_no"))
        return tx.add(member)


@needs(RIGHT)
def change_member(db: Database, actor: Actor, member_id: str, **changes: Any) -> PartTimeMember:
    """Changes the named fields of a part-time member."""
    if "phone" in changes:
        changes["phone"] = kept_phone(changes["phone"])
    if "name" in changes:
        changes["name"] = filled(changes["name"], "name", "姓名")
    with db.transaction(actor, "修改兼职委员") as tx:
        return tx.change(PartTimeMember, member_id, **changes)


@needs(RIGHT)
def end_member(db: Database, actor: Actor, member_id: str, on: str, why: str = "") -> PartTimeMember:
    """A part-time member leaves on a day."""
    must_be_date(on, "离任日期", "left_on")
    with db.transaction(actor, "兼职委员离任", why) as tx:
        _not_before(on, tx.need(PartTimeMember, member_id).from_on, "离任日期", "聘期起", "left_on")
        return tx.change(PartTimeMember, member_id, left_on=on)


# ----------------------------------------------------------------------------------------------------------- agreements


@needs(RIGHT)
def draw_agreement(db: Database, actor: Actor, agreement: Agreement, items: Sequence[AgreementItem]) -> Agreement:
    """Draws up an agreement with its items; not signed yet."""
    if agreement.year not in _YEARS:
        raise AppError("年度不对，没有保存。", field="year", next_step="请填四位年份，如 2026。")
    for name, zh in (("from_on", "起"), ("expires_on", "止")):
        must_be_date(getattr(agreement, name), zh, name)
    _not_before(agreement.expires_on, agreement.from_on, "止", "起", "expires_on")
    with db.transaction(actor, f"起草{agreement.year}年共建协议") as tx:
        tx.need(PartnerUnit, agreement.unit_id)
        agreement.no = agreement.no or next_number(tx, "agreement", ("agreement", "no"))
        tx.add(agreement)
        for seq, item in enumerate(items, 1):
            item.agreement_id, item.seq = agreement.id, seq
            tx.add(_checked_promise(item))
        return agreement


def _checked_promise(item: AgreementItem) -> AgreementItem:
    item.text = filled(item.text, "text", "协议事项")
    if item.side not in rules.SIDES:
        raise AppError(f"承担方“{item.side}”不对，没有保存。", field="side", next_step="请选单位、社区或双方。")
    if item.due_on:
        must_be_date(item.due_on, "完成时限", "due_on")
    if item.times < 1:
        raise AppError("次数至少是 1，没有保存。", field="times", next_step="请改为 1 或更多。")
    return item


@needs(RIGHT)
def add_promise(db: Database, actor: Actor, item: AgreementItem) -> AgreementItem:
    """Adds an item at the end of an agreement that has not ended."""
    with db.transaction(actor, "增加协议事项") as tx:
        if tx.need(Agreement, item.agreement_id).ended_on:
            raise AppError("这份协议已经终止，没有增加。", next_step="请签新一年的协议。")
        last = tx.scalar("SELECT max(seq) FROM agreement_item WHERE agreement_id=?", (item.agreement_id,))
        item.seq = int(last or 0) + 1
        return tx.add(_checked_promise(item))


@needs(RIGHT)
def sign_agreement(
    db: Database, actor: Actor, agreement_id: str, on: str, ours: str = "", theirs: str = ""
) -> Agreement:
    """Both sides signed on a day; AppError for one without items."""
    must_be_date(on, "签订日期", "signed_on")
    with db.transaction(actor, "签订共建协议") as tx:
        if not tx.scalar("SELECT 1 FROM agreement_item WHERE agreement_id=? AND sync_del=0", (agreement_id,)):
            raise AppError("协议里还没有事项，没有登记签订。", next_step="请先写明共建事项和时限。")
        return tx.change(
            Agreement, agreement_id, signed_on=on, our_signer=ours or actor.name, their_signer=theirs or None
        )


@needs(RIGHT)
def keep_promise(db: Database, actor: Actor, item_id: str, on: str, result: str = "") -> AgreementItem:
    """Notes that an item was done once more; with its last time it is done."""
    must_be_date(on, "完成日期", "done_on")
    with db.transaction(actor, "登记协议事项完成情况") as tx:
        item = tx.need(AgreementItem, item_id)
        if item.done_on:
            raise AppError("这一项已经完成，没有再登记。", next_step="要更正请撤销上一步。")
        done = item.done_times + 1
        told = "；".join(filter(None, (item.result, f"{on} {result}".strip())))
        return tx.change(
            AgreementItem, item_id, done_times=done, result=told, done_on=on if done >= item.times else None
        )


@needs(RIGHT)
def end_agreement(db: Database, actor: Actor, agreement_id: str, on: str, why: str) -> Agreement:
    """Ends an agreement before its time; the reason is kept."""
    must_be_date(on, "终止日期", "ended_on")
    why = filled(why, "ended_why", "终止原因")
    with db.transaction(actor, "终止共建协议", why) as tx:
        standing = tx.need(Agreement, agreement_id)
        if standing.ended_on:
            raise AppError(f"这份协议已于{standing.ended_on}终止，没有再登记。", next_step="要更正请撤销上一步。")
        _not_before(on, standing.from_on, "终止日期", "协议起", "ended_on")
        return tx.change(Agreement, agreement_id, ended_on=on, ended_why=why)


@needs(RIGHT)
def renew_agreement(db: Database, actor: Actor, agreement_id: str) -> Agreement:
    """A draft for the year after, with the same items; its days follow on the old ones."""
    old = db.get(Agreement, agreement_id)
    if old is None:
        raise AppError("这份协议已经不在了。", next_step="请刷新列表后再试。")
    items = db.rows(
        "SELECT side,text,times FROM agreement_item WHERE agreement_id=? AND sync_del=0 ORDER BY seq", (agreement_id,)
    )
    first, last = rules.year_of(rules.day_after(old.expires_on))
    fresh = Agreement(unit_id=old.unit_id, year=int(first[:4]), goals=old.goals, from_on=first, expires_on=last)
    promises = [AgreementItem(agreement_id="", seq=0, side=side, text=text, times=n) for side, text, n in items]
    return draw_agreement(db, actor, fresh, promises)


# ---------------------------------------------------------------------------------------------------------------- lists


@needs(RIGHT)
def publish(db: Database, actor: Actor, item: ListItem) -> ListItem:
    """Puts an item on a list of the town's."""
    item.title = filled(item.title, "title", "名称")
    kinds = {one.code: one for one in town_of(db).list_types}
    if item.list_type not in kinds:
        known = "、".join(one.name for one in kinds.values())
        raise AppError(f"没有“{item.list_type}”这种清单，没有发布。", field="list_type", next_step=f"可以选：{known}。")
    item.phone = kept_phone(item.phone)
    item.colour = desk_codes(db, "seven_colours").name(item.colour) or None
    _check_item(item)
    with db.transaction(actor, f"发布{kinds[item.list_type].name}：{item.title}") as tx:
        item.no = item.no or next_number(tx, "list_item", ("list_item", "no"))
        return tx.add(item)


def _check_item(item: ListItem) -> None:
    must_be_date(item.from_on, "发布日期", "from_on")
    if item.quantity < 0:
        raise AppError("数量不能小于 0，没有发布。", field="quantity", next_step="不限数量请填 0。")
    if item.to_on:
        must_be_date(item.to_on, "有效期至", "to_on")
        _not_before(item.to_on, item.from_on, "有效期至", "发布日期", "to_on")


@needs(RIGHT)
def change_item(db: Database, actor: Actor, item_id: str, **changes: Any) -> ListItem:
    """Changes the named fields of an item."""
    if "title" in changes:
        changes["title"] = filled(changes["title"], "title", "名称")
    if "phone" in changes:
        changes["phone"] = kept_phone(changes["phone"])
    with db.transaction(actor, "修改清单条目") as tx:
        item = tx.change(ListItem, item_id, **changes)
        _check_item(item)
        return item


@needs(RIGHT)
def withdraw_item(db: Database, actor: Actor, item_id: str, on: str, why: str) -> ListItem:
    """Takes an item off its list; who is at work on it is told by the refusal."""
    must_be_date(on, "撤回日期", "withdrawn_on")
    why = filled(why, "withdrawn_why", "撤回原因")
    busy = [one.taker for one in claims(db, item_id=item_id) if one.state.live and not one.state.done]
    if busy:
        raise AppError(f"{'、'.join(busy)}正在办这一项，没有撤回。", next_step="请先登记完成或退回认领，再撤回条目。")
    with db.transaction(actor, "撤回清单条目", why) as tx:
        return tx.change(ListItem, item_id, withdrawn_on=on, withdrawn_why=why)


@needs(RIGHT)
def claim(db: Database, actor: Actor, taken: Claim) -> Claim:
    """A unit, or the community, takes an item on; AppError where nothing is left to take or the taker offers it."""
    taken.taker = filled(taken.taker, "taker", "责任人")
    must_be_date(taken.on, "认领日期", "on")
    if taken.due_on:
        must_be_date(taken.due_on, "完成时限", "due_on")
        _not_before(taken.due_on, taken.on, "完成时限", "认领日期", "due_on")
    if taken.quantity < 1:
        raise AppError("认领数量至少是 1，没有认领。", field="quantity", next_step="请改为 1 或更多。")
    held = [(one.quantity, one.state) for one in claims(db, item_id=taken.item_id)]
    with db.transaction(actor, f"认领：{taken.taker}") as tx:
        item = tx.need(ListItem, taken.item_id)
        _of_member(tx, item, taken)
        _must_be_free(item, taken, rules.left(item.quantity, held))
        return tx.add(taken)


def _of_member(tx: Transaction, item: ListItem, taken: Claim) -> None:
    """A part-time member claims for the own unit; where another is named, one of the two is wrong."""
    if not taken.member_id:
        return
    member = tx.need(PartTimeMember, taken.member_id)
    if not taken.unit_id and member.unit_id != item.unit_id:
        taken.unit_id = member.unit_id
    if member.unit_id and taken.unit_id != member.unit_id:
        raise AppError(f"{member.name}不是这个单位的，没有认领。", field="member_id", next_step="请改选认领方或委员。")


def _must_be_free(item: ListItem, taken: Claim, left: int | None) -> None:
    if item.withdrawn_on:
        raise AppError(f"“{item.title}”已经撤回，没有认领。", next_step="请选清单上还在的条目。")
    if item.unit_id == taken.unit_id:
        raise AppError("自己发布的条目不能自己认领，没有认领。", field="unit_id", next_step="请换一个认领单位。")
    if left is not None and taken.quantity > left:
        raise AppError(
            f"“{item.title}”只剩 {left} 份可以认领，没有认领。", field="quantity", next_step="请改数量，或换一项。"
        )


@needs(RIGHT)
def act_on_claim(db: Database, actor: Actor, claim_id: str, kind: str, on: str, **said: str) -> ClaimState:
    """Adds an event to a claim: 开始, 完成, 退回 (why in `text`) or 评价 (`satisfaction`); returns where it stands."""
    must_be_date(on, "日期", "on")
    text, satisfaction = said.get("text", "").strip(), said.get("satisfaction", "")
    if kind == "退回" and not text:
        raise AppError("退回的原因还没有填写，没有登记。", field="text", next_step="请写明为什么退回。")
    if kind == "评价" and satisfaction not in rules.SATISFACTION:
        raise AppError("评价还没有选，没有登记。", field="satisfaction", next_step="请选满意、基本满意或不满意。")
    with db.transaction(actor, f"认领事项{kind}") as tx:
        tx.need(Claim, claim_id)
        before = states(db, [claim_id]).get(claim_id, ClaimState())
        if kind not in before.may:
            can = "、".join(before.may) or "没有了"
            raise AppError(f"这一项现在是“{before.state}”，不能{kind}，没有登记。", next_step=f"可以做的：{can}。")
        tx.add(
            ClaimEvent(
                claim_id=claim_id, kind=kind, at=db.clock.ms(), on=on, by_name=said.get("by_name") or actor.name,
                text=text or None, satisfaction=satisfaction or None,
            )
        )  # fmt: skip
    return states(db, [claim_id])[claim_id]


# --------------------------------------------------------------------------------------------------------------- shared


def _not_before(later: str, earlier: str | None, later_zh: str, earlier_zh: str, field: str) -> None:
    if earlier and later < earlier:
        raise AppError(f"{later_zh}早于{earlier_zh}，没有保存。", field=field, next_step="请核对日期。")
