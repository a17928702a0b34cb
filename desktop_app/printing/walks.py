"""What the papers of visits have in common: walks from door to door, of a campaign, of buildings or of chosen homes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from desktop_app.printing.form import Desk
from desktop_app.printing.words import spoken_date
from desktop_app.profiles.desk import desk_codes
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database
from desktop_app.visits import campaigns
from desktop_app.visits.campaigns import Home, RouteStop
from desktop_app.visits.model import Campaign

_HOME_OF = (
    "SELECT id,room_id FROM household WHERE id=:id AND sync_del=0",
    "SELECT h.id,r.id FROM room r LEFT JOIN household h ON h.room_id=r.id AND h.sync_del=0 AND h.to_on IS NULL "
    "WHERE r.id=:id AND r.sync_del=0",
    "SELECT h.id,h.room_id FROM household_member m JOIN household h ON h.id=m.household_id AND h.sync_del=0 "
    "WHERE m.person_id=:id AND m.sync_del=0 ORDER BY m.to_on IS NOT NULL,m.to_on DESC LIMIT 1",
)


@dataclass(frozen=True, slots=True)
class WalkPaper:
    """One walk: whose campaign and round it is, who goes, what is handed out, and the doors in order."""

    title: str
    community: str
    stops: tuple[RouteStop, ...]
    team: str = ""
    round: int = 0
    goods: str = ""
    dates: str = ""
    phone: str = ""
    address: str = ""
    hours: str = ""
    purpose: str = ""
    results: tuple[str, ...] = ()
    """what may be ticked"""
    untold: frozenset[str] = frozenset()
    """tags that are no matter of a visit: who knocks need not know who is in the Party"""


def home_of(db: Database, subject: str) -> Home:
    """The home of a household, a room or a resident.  AppError where there is none."""
    for sql in _HOME_OF:
        if found := db.row(sql, {"id": subject}):
            return Home(*found)
    raise AppError("没有登记住处，或这一户已不在，没有打印。", next_step="请先登记住址，或刷新列表后再选。")


def walks(desk: Desk, subjects: Sequence[str], *, title: str, by_team: bool = True) -> list[WalkPaper]:
    """A walk for each team of a campaign, and one for all the buildings and homes among the subjects."""
    made: list[WalkPaper] = []
    homes: list[Home] = []
    for subject in subjects:
        campaign = desk.db.get(Campaign, subject)
        if campaign:
            made += _of_campaign(desk, campaign, by_team=by_team)
        elif desk.db.scalar("SELECT 1 FROM building WHERE id=? AND sync_del=0", (subject,)):
            homes += campaigns.homes_in(desk.db, [subject])
        else:
            homes.append(home_of(desk.db, subject))
    if homes or not made:
        made.append(_paper(desk, title, campaigns.route(desk.db, homes)))
    return made


def _of_campaign(desk: Desk, campaign: Campaign, *, by_team: bool) -> Iterable[WalkPaper]:
    items = campaigns.items(desk.db, campaign.id)
    dates = "至".join(dict.fromkeys(filter(None, map(spoken_date, (campaign.from_on, campaign.to_on)))))
    for team, some in groupby(items, key=lambda item: item.team if by_team else ""):
        yield _paper(
            desk,
            campaign.name,
            [item.stop for item in some],
            team=team,
            round=campaign.round,
            goods=campaign.goods or "",
            dates=dates,
            purpose=campaign.purpose or "",
        )


def _paper(desk: Desk, title: str, stops: Sequence[RouteStop], **facts: str | int) -> WalkPaper:
    here = desk.community
    about = {"phone": here.phone or "", "address": here.address or "", "hours": here.service_hours or ""}
    tags = desk_codes(desk.db, "tags")
    untold = {
        tag for stop in stops for tag in stop.tags if (known := tags.find(tag)) and known.text("family") != "关怀"
    }
    paper = WalkPaper(title, here.name, tuple(stops), **about, **facts)  # type: ignore[arg-type]
    return replace(paper, results=desk_codes(desk.db, "visit_results").names(), untold=frozenset(untold))
