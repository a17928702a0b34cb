"""What one may do with campaigns 敲门行动: make one, enter results, go round once more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database, Transaction
from desktop_app.visits import rules
from desktop_app.visits.actions import must_be_past, must_be_whole, result_word
from desktop_app.visits.campaigns import Home, in_order, not_met
from desktop_app.visits.model import Campaign, CampaignItem


@dataclass(frozen=True, slots=True)
class Knocked:
    """What came of one line of a list; `visited_on` is today where it is left out."""

    item_id: str
    result: str
    visited_on: str | None = None
    goods_qty: int = 0
    signed: bool = False
    note: str | None = None


@needs("visits.change")
def make(db: Database, actor: Actor, campaign: Campaign, homes: Sequence[Home], teams: Sequence[str] = ()) -> int:
    """Begins a campaign over homes, shared out to teams along the route; returns how many homes it has."""
    if not campaign.name.strip():
        raise AppError("行动名称还没有填写，没有保存。", field="name", next_step="请填写名称，如 冬季送温暖敲门行动。")
    for day, zh, field in ((campaign.from_on, "开始日期", "from_on"), (campaign.to_on, "结束日期", "to_on")):
        if day:
            must_be_whole(day, zh, field)
    if campaign.from_on and campaign.to_on and campaign.to_on < campaign.from_on:
        raise AppError("结束日期在开始日期之前，没有保存。", field="to_on", next_step="请核对两个日期。")
    wanted = in_order(db, list(dict.fromkeys(homes)))
    if not wanted:
        raise AppError("没有选中任何住户，没有建立。", next_step="请换一个条件，或选择楼栋。")
    with db.transaction(actor, f"建立敲门行动：{campaign.name}（{len(wanted)}户）") as tx:
        tx.add(campaign)
        _list(tx, campaign, wanted, teams)
    return len(wanted)


def _list(tx: Transaction, campaign: Campaign, homes: Sequence[Home], teams: Sequence[str]) -> None:
    tx.add_all(
        [
            CampaignItem(
                campaign_id=campaign.id,
                household_id=home.household_id,
                room_id=home.room_id,
                team=team,
                round=campaign.round,
            )
            for home, team in rules.shared_out(homes, teams)
        ]
    )


@needs("visits.change")
def enter(db: Database, actor: Actor, campaign_id: str, results: Sequence[Knocked]) -> int:
    """Keeps a whole page of results in one transaction; entering a line once more corrects it.  Returns how many.

    AppError that names the line, with nothing of the page written, for a result nobody knows or a day to come.
    """
    today = db.clock.today().isoformat()
    checked = [(one, _fields(db, at, one, today)) for at, one in enumerate(results, 1)]
    with db.transaction(actor, f"登记敲门结果（{len(results)}户）") as tx:
        _must_be_open(tx, campaign_id)
        for at, (one, fields) in enumerate(checked, 1):
            item = tx.need(CampaignItem, one.item_id)
            if item.campaign_id != campaign_id:
                raise AppError(f"第 {at} 行不是这次行动的，整页都没有保存。", next_step="请重新打开这次行动再登记。")
            tx.change(CampaignItem, item.id, **fields)
    return len(checked)


def _fields(db: Database, at: int, one: Knocked, today: str) -> dict[str, Any]:
    try:
        rules.must_be_count(one.goods_qty, "发放数量", "goods_qty")
        must_be_past(db, one.visited_on or today, "上门日期", "visited_on")
        return {
            "result": result_word(db, one.result),
            "visited_on": one.visited_on or today,
            "goods_qty": one.goods_qty,
            "signed": one.signed,
            "note": one.note,
        }
    except AppError as error:
        words = f"第 {at} 行：{error.message}整页都没有保存。"
        raise AppError(words, field=error.field, next_step=error.next_step) from error


def _must_be_open(tx: Transaction, campaign_id: str) -> Campaign:
    campaign = tx.need(Campaign, campaign_id)
    if campaign.state == rules.DONE:
        raise AppError(f"“{campaign.name}”已经结束，没有保存。", next_step="要补登请先重新打开这次行动。")
    return campaign


@needs("visits.change")
def clear(db: Database, actor: Actor, item_ids: Sequence[str]) -> None:
    """Takes results back: the lines wait again."""
    with db.transaction(actor, f"清除敲门结果（{len(item_ids)}户）") as tx:
        for item_id in item_ids:
            blank = {"result": None, "visited_on": None, "goods_qty": 0, "signed": False}
            _must_be_open(tx, tx.need(CampaignItem, item_id).campaign_id)
            tx.change(CampaignItem, item_id, **blank)


@needs("visits.change")
def assign(db: Database, actor: Actor, item_ids: Sequence[str], team: str | None) -> None:
    """Gives lines to a team."""
    with db.transaction(actor, f"分派敲门小组（{len(item_ids)}户）") as tx:
        for item_id in item_ids:
            tx.change(CampaignItem, item_id, team=team or None)


@needs("visits.change")
def next_round(db: Database, actor: Actor, campaign_id: str, teams: Sequence[str] = ()) -> int:
    """Lists those not met for one more round and returns how many; what the earlier rounds brought stays."""
    homes = not_met(db, campaign_id)
    if not homes:
        raise AppError("没有需要再上门的住户，没有新开一轮。", next_step="可以结束这次行动。")
    with db.transaction(actor, f"敲门行动新一轮（{len(homes)}户）") as tx:
        campaign = _must_be_open(tx, campaign_id)
        campaign = tx.change(Campaign, campaign_id, round=campaign.round + 1)
        _list(tx, campaign, homes, teams or _teams(tx, campaign))
    return len(homes)


def _teams(tx: Transaction, campaign: Campaign) -> list[str]:
    """The teams of the round before, in the order of the list."""
    found = tx.rows(
        "SELECT team FROM campaign_item WHERE campaign_id=? AND round=? AND sync_del=0 AND team IS NOT NULL "
        "GROUP BY team ORDER BY min(local_no)",
        (campaign.id, campaign.round - 1),
    )
    return [str(team) for (team,) in found]


@needs("visits.change")
def change(db: Database, actor: Actor, /, campaign_id: str, **changes: Any) -> Campaign:
    """Changes the named fields of a campaign; its rounds go on by `next_round` alone."""
    if "round" in changes:
        raise AppError("轮次不能直接改，没有保存。", field="round", next_step="请用“再走一轮”。")
    if changes.get("state", rules.OPEN) not in {rules.OPEN, rules.DONE}:
        raise AppError("状态只能是进行或结束，没有保存。", field="state", next_step="请选其中一个。")
    with db.transaction(actor, "修改敲门行动") as tx:
        return tx.change(Campaign, campaign_id, **changes)
