"""The doors of a campaign as they are entered: from the store, with what was typed and is not saved yet."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from desktop_app.profiles.desk import desk_codes
from desktop_app.store.database import Database
from desktop_app.visits import campaigns, rules
from desktop_app.visits.campaigns import ItemLine
from desktop_app.visits.knocking import Knocked
from desktop_app.visits.model import Campaign
from desktop_app.visits.queries import counting
from desktop_app.visits.rules import Coverage
from ui.widgets.knock_table import Door


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """Everything the page shows; `round` is the one whose list it is."""

    campaign: Campaign
    round: int
    teams: tuple[str, ...]
    doors: tuple[Door, ...]
    coverage: Coverage
    again: int
    """How many homes a further round would have."""

    @property
    def closed(self) -> bool:
        return self.campaign.state == rules.DONE


def campaign_facts(db: Database, campaign_id: str, round_no: int, team: str) -> CampaignFacts | None:
    """Runs on the reader thread; round 0 is the one under way, no team means all."""
    campaign = db.get(Campaign, campaign_id)
    if campaign is None or campaign.sync_del:
        return None
    shown = round_no or campaign.round
    lines = campaigns.items(db, campaign_id, round_no=shown)
    teams = tuple(dict.fromkeys(line.team for line in lines if line.team))
    doors = tuple(_door(line) for line in lines if not team or line.team == team)
    again = len(campaigns.not_met(db, campaign_id))
    return CampaignFacts(campaign, shown, teams, doors, campaigns.coverage(db, campaign_id), again)


def _door(line: ItemLine) -> Door:
    stored = (line.result, line.goods_qty, line.signed, line.note)
    address = f"{line.stop.address}（已搬走）" if line.moved_out else line.stop.address
    tags = "、".join(line.stop.tags)
    return Door(line.id, line.team, address, line.stop.name, tags, *stored, stored, line.stop.household_id or "")


def result_keys(db: Database) -> dict[str, str]:
    """Letter and digit → result, of the code table of this desk."""
    table = desk_codes(db, "visit_results")
    found = {code.code: code.name for code in table if len(code.code) == 1}
    return found | {code.text("key").upper(): code.name for code in table if code.text("key")}


def met_words(db: Database) -> frozenset[str]:
    """Results by which somebody stood in the door: goods are handed over then, not on the telephone."""
    letters = {name for name, counts in counting(db).items() if counts == rules.REACHED}
    return frozenset(name for name in letters if name != "电话")


# ------------------------------------------------------------------------------------------------------ what is pending


def with_pending(doors: Iterable[Door], pending: Iterable[Door]) -> list[Door]:
    """Doors anew from the store, with what stands here and is not saved."""
    typed = {door.id: door for door in pending}
    return [_typed_over(door, typed[door.id]) if door.id in typed else door for door in doors]


def _typed_over(door: Door, typed: Door) -> Door:
    return replace(door, result=typed.result, goods=typed.goods, signed=typed.signed, note=typed.note)


def with_results(doors: Iterable[Door], results: Sequence[Knocked]) -> list[Door]:
    """Doors with the results of a list that was filled in and read back: pending, to be looked at and saved."""
    told = {one.item_id: one for one in results}
    return [
        replace(door, result=one.result, goods=one.goods_qty, signed=one.signed, note=one.note or "")
        if (one := told.get(door.id))
        else door
        for door in doors
    ]


def as_draft(pending: Sequence[Door]) -> str:
    """What is pending, for the store of drafts."""
    return json.dumps([(door.id, door.result, door.goods, door.signed, door.note) for door in pending])


def from_draft(doors: Iterable[Door], draft: str) -> list[Door]:
    """Doors with what a draft says of them."""
    told = {one[0]: one[1:] for one in json.loads(draft)}
    return [
        replace(door, result=told[door.id][0], goods=told[door.id][1], signed=told[door.id][2], note=told[door.id][3])
        if door.id in told
        else door
        for door in doors
    ]


def knocked(pending: Sequence[Door], on: str) -> list[Knocked]:
    """What is to be stored of doors with a result."""
    return [Knocked(one.id, one.result, on, one.goods, one.signed, one.note or None) for one in pending if one.result]
