"""The demonstration community 红旗桥社区: put into a new store through the same doors as real data.

Workbooks go through the importer, the rest of `resources/demo/demo.toml` through the actions of the slices.
"""

import tomllib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from desktop_app.accounts import actions as accounts
from desktop_app.accounts.model import Staff
from desktop_app.app import App, Beginning
from desktop_app.demo.appealing import raise_appeals
from desktop_app.demo.caring import hang_bells, pair_up
from desktop_app.demo.deliberating import ask_owners, deliberate, gather_for_a_year, tick_quarter
from desktop_app.demo.gatherings import hold_meetings
from desktop_app.demo.partnering import work_together
from desktop_app.demo.protecting import protect
from desktop_app.demo.saving import save_for_a_year
from desktop_app.demo.serving import serve_for_a_year
from desktop_app.demo.visiting import knock, visit_for_a_year
from desktop_app.organisation import actions as organisation
from desktop_app.organisation import intake
from desktop_app.organisation.bodies import BODIES, found_body
from desktop_app.organisation.model import ContactAssignment, OrgNode, Seat
from desktop_app.places import actions as places
from desktop_app.places.model import Area, Estate
from desktop_app.shared.bulk import Progress, no_progress
from desktop_app.shared.errors import AppError
from desktop_app.shared.ids import named_id
from desktop_app.shared.resources import resource
from desktop_app.spreadsheets.plans import ImportResult
from desktop_app.spreadsheets.workbook import read

WORKBOOKS = {
    "buildings": "红旗桥-楼栋.xlsx",
    "residents": "红旗桥-居民.xlsx",
    "centre_households": "红旗桥-党员中心户.xlsx",
}
"""Kind of import (`organisation.intake.KINDS`) → workbook under resources/demo."""


@dataclass(slots=True)
class DemoCommunity:
    """What was put into the store: the result of each import, places to look at in the workbooks, meetings held."""

    imports: dict[str, ImportResult] = field(default_factory=dict)
    to_look_at: int = 0
    meetings: list[str] = field(default_factory=list)


def demo_file() -> dict[str, Any]:
    """The content of `resources/demo/demo.toml`."""
    return tomllib.loads(resource("demo", "demo.toml").read_text("utf-8"))


def demo_beginning(staff: str | None = None) -> Beginning:
    """What a store for the demonstration community is told; without a name, the first of its staff sits at the desk."""
    told = demo_file()
    return Beginning(told["community"]["name"], told["community"]["code"], staff or told["staff"][0]["name"])


def make_demo_community(
    app: App, progress: Progress = no_progress, *, elsewhere: Collection[str] = ()
) -> DemoCommunity:
    """Fills a store that was just made with `demo_beginning`.

    `elsewhere` names staff who sit at another desk and bring their own record with the first sync.  AppError, with
    nothing written, for a store of another community or one that holds residents already.
    """
    told = demo_file()
    own, meant = app.community, told["community"]
    if (own.code, own.name) != (meant["code"], meant["name"]) or app.db.scalar("SELECT 1 FROM person LIMIT 1"):
        raise AppError(
            "演示社区只能放进为它新建的数据里，没有写入任何内容。", next_step="请换一个空文件夹新建演示社区。"
        )
    filling = _Filling(app, told, elsewhere)
    steps: tuple[tuple[str, Callable[[], None]], ...] = (
        ("正在登记社区和小区", filling.places),
        ("正在导入楼栋", lambda: filling.import_("buildings")),
        ("正在建立组织", filling.trees),
        ("正在导入居民", lambda: filling.import_("residents")),
        ("正在导入党员中心户", lambda: filling.import_("centre_households")),
        ("正在登记任职和包联", filling.people_in_charge),
        ("正在登记议事体", filling.bodies),
        ("正在记录会议", filling.meetings),
        ("正在登记走访", filling.visits),
        ("正在登记门铃和结对", filling.care),
        ("正在登记诉求", filling.appeals),
        ("正在登记点单和值守", filling.orders),
        ("正在登记积分和志愿时间", filling.points),
        ("正在登记共建单位", filling.partners),
        ("正在登记一年的会议和议题", filling.deliberation),
        ("正在登记个人信息申请", filling.privacy),
    )
    for number, (words, step) in enumerate(steps):
        progress(number, len(steps), words)
        step()
    progress(len(steps), len(steps), "演示社区已建好")
    return filling.made


class _Filling:
    """A store being filled."""

    def __init__(self, app: App, told: dict[str, Any], elsewhere: Collection[str]) -> None:
        self._db, self._actor = app.db, app.actor
        self._community = app.community.id
        self._told = told
        self._elsewhere = elsewhere
        self._nodes: dict[str, str] = {}
        self.made = DemoCommunity()

    def places(self) -> None:
        """Street, community, grids, estates, and who works here."""
        told, db, actor = self._told, self._db, self._actor
        street = Area(id=named_id("area", told["street"]["code"]), level="街道", **told["street"])
        places.add_area(db, actor, street)
        facts = {key: told["community"][key] for key in ("address", "phone", "service_hours")}
        places.change_area(db, actor, self._community, parent_id=street.id, **facts)
        for grid in told["grid"]:
            area = named_id("grid", self._community, grid["name"])
            places.add_area(db, actor, Area(id=area, level="网格", parent_id=self._community, **grid))
        for estate in told["estate"]:
            facts = {key: value for key, value in estate.items() if key != "buildings"}
            places.add_estate(db, actor, Estate(area_id=self._community, **facts))
        self._staff()

    def _staff(self) -> None:
        for one in self._told["staff"]:
            if one["name"] == self._actor.name:
                accounts.change_staff(self._db, self._actor, self._actor.id, post=one["post"], phone=one["phone"])
            elif one["name"] not in self._elsewhere:
                accounts.add_staff(self._db, self._actor, Staff(**one))

    def import_(self, kind: str) -> None:
        """One of the workbooks, as the import page does it."""
        checked = intake.check(self._db, read(resource("demo", WORKBOOKS[kind])), kind)
        self.made.imports[kind] = intake.commit(self._db, checked, self._actor)
        self.made.to_look_at += sum(problem.must for problem in checked.problems)

    def trees(self) -> None:
        """The paired trees; parents stand before children in the file."""
        for one in self._told["organisation"]["nodes"]:
            estate = self._find("estate", name=one["estate"]) if "estate" in one else None
            building = self._find("building", estate_id=estate, no=one["building"]) if "building" in one else None
            node = OrgNode(
                line=one["line"],
                level=one["level"],
                kind=one["kind"],
                name=one["name"],
                parent_id=self._nodes.get(one.get("parent", "")),
                estate_id=estate,
                building_id=building,
            )
            self._nodes[node.name] = organisation.found_node(self._db, self._actor, node).id

    def people_in_charge(self) -> None:
        """Posts of the organisation, and who answers for whom."""
        for one in self._told["organisation"]["seats"]:
            seat = Seat(
                node_id=self._nodes[one["node"]],
                role=one["role"],
                person_id=self._person(one),
                name=one["name"],
                phone=one.get("phone"),
                from_on=str(one["from_on"]),
                how=one["how"],
            )
            organisation.appoint(self._db, self._actor, seat)
        for one in self._told["contacts"]["holders"]:
            kind, target = self._target(one["target"])
            holder = ContactAssignment(
                scheme=one["scheme"],
                slot=one["slot"],
                target_kind=kind,
                target_id=target,
                person_id=self._person(one),
                name=one["name"],
                title=one["title"],
                phone=one["phone"],
            )
            organisation.assign_contact(self._db, self._actor, holder)

    def bodies(self) -> None:
        """Bodies beside the two lines, with who sits in them; the first one named leads."""
        today = self._db.clock.today()
        for one in self._told["bodies"]:
            estate = self._find("estate", name=one["estate"]) if "estate" in one else None
            term = (today + timedelta(days=one["in_days"])).isoformat() if "in_days" in one else None
            filed = (today - timedelta(days=one["filed"])).isoformat() if "filed" in one else None
            node = OrgNode(
                line=BODIES, level=0, kind=one["kind"], name=one["name"], estate_id=estate, term_to=term,
                klass=one.get("klass"), filed_on=filed,
            )  # fmt: skip
            found_body(self._db, self._actor, node)
            for at, name in enumerate(one["members"]):
                seat = Seat(node_id=node.id, role="委员" if at else "主任", name=name)
                organisation.appoint(self._db, self._actor, seat)

    def meetings(self) -> None:
        """What was said and decided."""
        self.made.meetings = hold_meetings(self._db, self._actor, self._told["meeting"], self._person)

    def visits(self) -> None:
        """A year of visits, and a campaign in its second round."""
        names = [one["name"] for one in self._told["staff"]]
        visit_for_a_year(self._db, self._actor, self._told["visiting"], names)
        for one in self._told["campaign"]:
            knock(self._db, self._actor, one, self._find("estate", name=one["estate"]))

    def appeals(self) -> None:
        """A year of appeals, closed, under way and overdue."""
        raise_appeals(self._db, self._actor, [one["name"] for one in self._told["staff"]])

    def orders(self) -> None:
        """A year of orders, wishes, reporting in and duty."""
        serve_for_a_year(self._db, self._actor)

    def points(self) -> None:
        """A year of points and time: earned, spent, given, put right."""
        save_for_a_year(self._db, self._actor)

    def partners(self) -> None:
        """A year of working together with units nearby."""
        work_together(self._db, self._actor)

    def deliberation(self) -> None:
        """A year of meetings, an owners' vote, matters at every step."""
        db, actor, told = self._db, self._actor, self._told
        gather_for_a_year(db, actor, told["gathering"], self._nodes)
        vote = told["owners_vote"]
        building = self._find("building", estate_id=self._find("estate", name=vote["estate"]), no=vote["building"])
        ask_owners(db, actor, vote, building)
        deliberate(db, actor, told["matter"], self._find)
        tick_quarter(db, actor, told["quarter_item"])

    def care(self) -> None:
        """Bells with a year of alarms and tests, and who looks after whom."""
        hang_bells(self._db, self._actor, self._told["care"])
        pair_up(self._db, self._actor, self._told["care"]["pairs"])

    def privacy(self) -> None:
        """Requests about personal data, approvals, lists given out."""
        protect(self._db, self._actor, self._told["privacy"])

    def _person(self, one: dict[str, Any]) -> str | None:
        """The resident a line of the file names, None where it names nobody of the roster."""
        return self._find("person", name=one["name"]) if one.get("resident") else None

    def _target(self, words: str) -> tuple[str, str]:
        """`community`, `grid:…`, `estate:…` or `building:<estate> <no>` as kind and identifier."""
        kind, _, name = words.partition(":")
        if kind == "building":
            estate, _, no = name.rpartition(" ")
            return "building", self._find("building", estate_id=self._find("estate", name=estate), no=no)
        if kind == "estate":
            return "estate", self._find("estate", name=name)
        return "area", self._find("area", name=name, level="网格") if name else self._community

    def _find(self, table: str, **fields: str | None) -> str:
        wanted = " AND ".join(f"{name}=:{name}" for name in fields)
        return str(self._db.scalar(f"SELECT id FROM {table} WHERE sync_del=0 AND {wanted}", fields))
