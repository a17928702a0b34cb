"""One door for every workbook an office brings: what it is, what importing it would do, and doing it.

The command line and the import page both go through here: `check` writes nothing, `commit` is one transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desktop_app.accounts.rights import demand_of_viewer, needs
from desktop_app.organisation.importing import (
    CentreHouseholdsPlan,
    enrol_party_members,
    import_centre_households,
    plan_centre_households,
)
from desktop_app.organisation.sheet import read_centre_households
from desktop_app.places.importing import BuildingsPlan, import_buildings, plan_buildings
from desktop_app.places.sheet import read_buildings
from desktop_app.residents.importing import ImportPlan, import_residents, plan_import
from desktop_app.residents.sheet import read_roster
from desktop_app.shared.actor import Actor
from desktop_app.shared.bulk import Cancelled, Progress, collecting_later, never, no_progress
from desktop_app.shared.errors import AppError
from desktop_app.spreadsheets.columns import Table, find_table, give_samples
from desktop_app.spreadsheets.headers import vocabulary
from desktop_app.spreadsheets.plans import ImportResult
from desktop_app.spreadsheets.problems import RowProblem
from desktop_app.spreadsheets.workbook import Workbook
from desktop_app.store.database import Database

KINDS = {"residents": "居民", "buildings": "楼栋", "centre_households": "党员中心户"}
"""What can be imported: key → Chinese name."""
_RIGHTS = {"residents": "residents.import", "buildings": "places.change", "centre_households": "organisation.change"}
_SIGNS = (
    ("centre_households", ("name", "covers")),
    ("residents", ("name",)),
    ("residents", ("head_name",)),
    ("buildings", ("building",)),
)


@dataclass(frozen=True, slots=True)
class Checked:
    """A workbook that was read and compared with the register; nothing was written."""

    kind: str
    plan: ImportPlan | BuildingsPlan | CentreHouseholdsPlan
    tables: list[Table]
    sheets_left_out: Sequence[str] = ()
    """Those with something in them in which no header was found."""

    @property
    def label(self) -> str:
        """居民, 楼栋 or 党员中心户."""
        return KINDS[self.kind]

    @property
    def problems(self) -> list[RowProblem]:
        """Everything to look at, by sheet and row."""
        return self.plan.problems


def guess_kind(workbook: Workbook) -> str | None:
    """Which of KINDS a workbook holds, judged by its headers; None if it is none of them."""
    for kind, need in _SIGNS:
        if any(find_table(sheet, vocabulary(kind), need) for sheet in workbook.sheets):
            return kind
    return None


def check(
    db: Database,
    workbook: Workbook,
    kind: str | None = None,
    *,
    mapping: Mapping[str, str] | None = None,
    header_row: int | None = None,
) -> Checked:
    """What importing a workbook would do.  AppError if it holds nothing that can be imported.

    `mapping` (header → field key, `tag:…`, "" to leave it out) and `header_row` (the lowest one, from 1) are what the
    person decided.
    """
    kind = kind or guess_kind(workbook)
    if kind is None:
        raise AppError(
            f"“{workbook.path.name}”里没有找到认得的表头。没有写入任何数据。",
            next_step="居民表要有“姓名”一列，楼栋表要有“楼栋”一列，党员中心户表要有“联系楼栋”一列；也可以指定表头在第几行。",
        )
    demand_of_viewer(db, _RIGHTS[kind])  # what is compared shows whom the register knows
    with collecting_later():
        checked = _CHECKS[kind](db, workbook, mapping, header_row)
        for table in checked.tables:
            give_samples(table)
        return checked


def _check_residents(
    db: Database, workbook: Workbook, mapping: Mapping[str, str] | None, header_row: int | None
) -> Checked:
    roster = read_roster(workbook, db.clock.today(), mapping=mapping, header_row=header_row)
    return Checked("residents", plan_import(db, roster), roster.tables, roster.no_table)


def _check_buildings(
    db: Database, workbook: Workbook, mapping: Mapping[str, str] | None, header_row: int | None
) -> Checked:
    listing = read_buildings(workbook, mapping=mapping, header_row=header_row)
    return Checked("buildings", plan_buildings(db, listing), listing.tables)


def _check_centres(
    db: Database, workbook: Workbook, mapping: Mapping[str, str] | None, header_row: int | None
) -> Checked:
    listing = read_centre_households(workbook, mapping=mapping, header_row=header_row)
    plan = plan_centre_households(db, listing)
    return Checked("centre_households", plan, listing.tables)


_CHECKS = {"residents": _check_residents, "buildings": _check_buildings, "centre_households": _check_centres}


@needs(*_RIGHTS.values())
def commit(
    db: Database, checked: Checked, actor: Actor, *, progress: Progress = no_progress, cancelled: Cancelled = never
) -> ImportResult:
    """Imports what was checked, in one transaction.

    CancelledError when `cancelled()` says so, AppError when the register changed since: nothing is written then.
    """
    plan = checked.plan
    if isinstance(plan, ImportPlan):
        return import_residents(db, plan, actor, progress=progress, cancelled=cancelled, also=(enrol_party_members,))
    if isinstance(plan, BuildingsPlan):
        return import_buildings(db, plan, actor, progress=progress, cancelled=cancelled)
    return import_centre_households(db, plan, actor, progress=progress, cancelled=cancelled)
