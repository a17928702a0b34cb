"""campaign: make a campaign, list them, enter results, report how far it is."""

from dataclasses import asdict
from pathlib import Path

from desktop_app.app import App
from desktop_app.cli.output import table
from desktop_app.cli.session import Session
from desktop_app.cli.speaking import typed_day
from desktop_app.privacy.exporting import Export, give_out
from desktop_app.residents.queries import ResidentFilter
from desktop_app.shared.errors import AppError, UsageError
from desktop_app.visits import campaigns, knocking, sheet
from desktop_app.visits.campaigns import CampaignLine, ItemLine
from desktop_app.visits.knocking import Knocked
from desktop_app.visits.model import Campaign
from desktop_app.visits.rules import Coverage


def make(session: Session) -> None:
    """`linli campaign make NAME --tag …|--building …`."""
    told = session.arguments
    if not (told.tag or told.building or told.all):
        raise UsageError("没有说敲哪些门，什么也没有建立。", next_step="用 --tag 标签、--building 楼栋编号 或 --all。")
    campaign = Campaign(
        name=told.name,
        purpose=told.purpose or None,
        goods=told.goods or None,
        from_on=typed_day(told.from_on) or None,
        to_on=typed_day(told.to_on) or None,
    )
    with session.app() as app:
        if told.building:
            homes = campaigns.homes_in(app.db, told.building, empty_rooms=told.empty_rooms)
        else:
            homes = campaigns.homes_of_residents(app.db, ResidentFilter(tags=tuple(told.tag or ())))
        count = knocking.make(app.db, app.actor, campaign, homes, told.team or ())
    session.out.result({"id": campaign.id, "homes": count}, f"已建立“{campaign.name}”，{count} 户，编号 {campaign.id}")


def list_campaigns(session: Session) -> None:
    """`linli campaign list`."""
    with session.app() as app:
        found = campaigns.campaigns(app.db)
    rows = [
        (
            one.name,
            one.state,
            f"第{one.round}轮",
            one.from_on,
            one.to_on,
            one.coverage.homes,
            _share(one.coverage),
            one.id,
        )
        for one in found
    ]
    words = table(("名称", "状态", "轮次", "起", "止", "户数", "覆盖率", "编号"), rows) if rows else "还没有敲门行动。"
    session.out.result([_value(one) for one in found], words)


def _value(line: CampaignLine) -> dict[str, object]:
    return {**asdict(line), "percent": line.coverage.percent, "waiting": line.coverage.waiting}


def _share(told: Coverage) -> str:
    return "—" if told.percent is None else f"{told.percent}%"


def _chosen(app: App, words: str) -> Campaign:
    """A campaign by its identifier or by its whole name."""
    found = app.db.get(Campaign, words)
    if found is None:
        ids = app.db.rows("SELECT id FROM campaign WHERE name=? AND sync_del=0", (words,))
        found = app.db.get(Campaign, ids[0][0]) if len(ids) == 1 else None
    if found is None:
        raise AppError(f"没有找到敲门行动“{words}”。", next_step="用 linli campaign list 可以列出编号。")
    return found


def enter(session: Session) -> None:
    """`linli campaign result CAMPAIGN ROOM=RESULT …`, or a list that was exported and filled in."""
    told = session.arguments
    with session.app() as app:
        campaign = _chosen(app, told.campaign)
        problems: list[str] = []
        if told.file:
            read = sheet.read_results(app.db, campaign.id, Path(told.file))
            problems = [f"第 {one.row} 行 {one.column}：{one.message}" for one in read.problems]
            results = read.results
        else:
            lines = campaigns.items(app.db, campaign.id)
            results = [_knocked(lines, word, typed_day(told.on) or None) for word in told.results]
        if not results and not problems:
            raise UsageError("没有写结果，什么也没有登记。", next_step="写成 3-2-501=见面，或用 --file 表格.xlsx。")
        count = knocking.enter(app.db, app.actor, campaign.id, results) if results else 0
        if told.next_round:
            again = knocking.next_round(app.db, app.actor, campaign.id)
            problems.append(f"第{campaign.round + 1}轮：{again} 户。")
        reached = campaigns.coverage(app.db, campaign.id)
    words = [*problems, f"已登记 {count} 户，覆盖率 {_share(reached)}，还有 {reached.waiting} 户没有上门。"]
    session.out.result({"entered": count, "problems": problems, **asdict(reached), "percent": reached.percent}, words)


def _knocked(lines: list[ItemLine], word: str, on: str | None) -> Knocked:
    """`3-2-501=见面`: the door as it is said for short, or the line's identifier."""
    door, equals, result = word.partition("=")
    found = [line for line in lines if door in {line.id, short(line)}]
    if not equals or len(found) != 1:
        why = "写得不对" if not equals else "不在名单上" if not found else "有不止一户"
        raise UsageError(f"“{word}”{why}，什么也没有登记。", next_step="写成 房号=结果，如 3-2-501=见面。")
    return Knocked(found[0].id, result, on)


def short(line: ItemLine) -> str:
    """3-2-501"""
    stop = line.stop
    return "-".join(filter(None, (stop.building, stop.unit, stop.room)))


def report(session: Session) -> None:
    """`linli campaign report CAMPAIGN [-o FILE.xlsx]`."""
    told = session.arguments
    with session.app() as app:
        campaign = _chosen(app, told.campaign)
        reached = campaigns.coverage(app.db, campaign.id)
        lines = campaigns.items(app.db, campaign.id, round_no=told.round)
        if told.output:
            export = Export(f"敲门名单：{campaign.name}", sheet.ITEMS, len(lines), told.to, told.purpose)
            give_out(
                app.db, app.actor, export, told.output, lambda draft: sheet.write_items(draft, campaign.name, lines)
            )
    by_result = "、".join(f"{word} {count}" for word, count in (reached.by_result or {}).items()) or "还没有结果"
    words = [
        f"{campaign.name}（{campaign.state}，第{campaign.round}轮）：{reached.homes} 户，{by_result}；"
        f"没有上门 {reached.waiting} 户。",
        f"覆盖率 {_share(reached)}（见到的 ÷ 有人可见的），发放 {reached.goods} 份，签收 {reached.signed} 户。",
    ]
    if told.output:
        words.append(f"名单已保存到 {told.output}，填好可用 linli campaign result --file 读回。")
    value = {**asdict(reached), "percent": reached.percent, "waiting": reached.waiting, "name": campaign.name}
    session.out.result({**value, "items": [asdict(line) for line in lines]}, words)
