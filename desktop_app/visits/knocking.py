"""What one may do with campaigns 敲门行动: make one, enter results, go round once more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.shared.errors import AppError
from desktop_app.shared.fields import must_be_past, must_be_whole
from desktop_app.store.database import Database, Transaction
from desktop_app.visits import rules
from desktop_app.visits.actions import TO_COME, result_word
from desktop_app.visits.campaigns import Home, in_order, not_met
from desktop_app.visits.model import Campaign, CampaignItem

_LONGEST: Final = 40
"""Letters of a name: it stands on papers and on a tab."""


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
    campaign.name = _name(db, campaign.name)
    _must_be_days(campaign.from_on, campaign.to_on)
    wanted = in_order(db, list(dict.fromkeys(homes)))
    if not wanted:
        raise AppError("没有选中任何住户，没有建立。", next_step="请换一个条件，或选择楼栋。")
    with db.transaction(actor, f"建立敲门行动：{campaign.name}（{len(wanted)}户）") as tx:
        tx.add(campaign)
        _list(tx, campaign, wanted, teams)
    return len(wanted)


def _name(db: Database, words: str | None, known: str = "") -> str:
    """The name without blanks around it; of two that go on at once, nobody could tell which is which."""
    name = " ".join((words or "").split())
    if not name:
        raise AppError("行动名称还没有填写，没有保存。", field="name", next_step="请填写名称，如 冬季送温暖敲门行动。")
    if len(name) > _LONGEST:
        raise AppError(
            f"行动名称超过 {_LONGEST} 个字，没有保存。", field="name", next_step="请写短一些，细节写到“事由”里。"
        )
    twin = "SELECT 1 FROM campaign WHERE name=? AND state=? AND sync_del=0 AND id<>?"
    if db.scalar(twin, (name, rules.OPEN, known)):
        raise AppError(
            f"“{name}”正在进行，没有再建一个。", field="name", next_step="请打开它接着做；确实是另一次，请换一个名称。"
        )
    return name


def _must_be_days(from_on: str | None, to_on: str | None) -> None:
    for day, zh, field in ((from_on, "开始日期", "from_on"), (to_on, "结束日期", "to_on")):
        if day:
            must_be_whole(day, zh, field)
    if from_on and to_on and to_on < from_on:
        raise AppError("结束日期在开始日期之前，没有保存。", field="to_on", next_step="请核对两个日期。")


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
def enter(db: Database, actor: Actor, campaign_id: str, results: Sequence[Knocked], cleared: Sequence[str] = ()) -> int:
    """Keeps a whole page of results in one transaction; entering a line once more corrects it.  Returns how many.

    `cleared` are lines whose results are taken back with it: they wait again.

    AppError that names the line, with nothing of the page written, for a result nobody knows or a day to come.
    """
    today = db.clock.today().isoformat()
    checked = [(one, _fields(db, at, one, today)) for at, one in enumerate(results, 1)]
    with db.transaction(actor, f"登记敲门结果（{len(results) + len(cleared)}户）") as tx:
        _must_be_open(tx, campaign_id)
        for at, (one, fields) in enumerate(checked, 1):
            item = tx.need(CampaignItem, one.item_id)
            if item.campaign_id != campaign_id:
                raise AppError(f"第 {at} 行不是这次行动的，整页都没有保存。", next_step="请重新打开这次行动再登记。")
            tx.change(CampaignItem, item.id, **fields)
        _clear(tx, cleared)
    return len(checked) + len(cleared)


def _fields(db: Database, at: int, one: Knocked, today: str) -> dict[str, Any]:
    try:
        rules.must_be_count(one.goods_qty, "发放数量", "goods_qty")
        must_be_past(db.clock.today(), one.visited_on or today, "上门日期", "visited_on", TO_COME)
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
        _clear(tx, item_ids)


def _clear(tx: Transaction, item_ids: Sequence[str]) -> None:
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
        campaign = tx.need(Campaign, campaign_id)
        if "name" in changes:
            changes["name"] = _name(db, changes["name"], known=campaign_id)
        _must_be_days(*(changes.get(day, getattr(campaign, day)) for day in ("from_on", "to_on")))
        return tx.change(Campaign, campaign_id, **changes)
