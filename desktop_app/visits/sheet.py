"""The spreadsheets of visits: lists out, visits in, and the list of a campaign that is filled in and read back.

Nothing raises for a row: what cannot be read comes back as problems, by row and column.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_app.accounts.rights import reads
from desktop_app.places.addresses import door, with_building
from desktop_app.places.queries import find_rooms
from desktop_app.profiles.desk import desk_codes
from desktop_app.shared.dates import iso_date
from desktop_app.shared.text import clean_name, plain
from desktop_app.spreadsheets.headers import read_mark
from desktop_app.spreadsheets.problems import RowProblem
from desktop_app.spreadsheets.table_rows import TableRows, tables_of
from desktop_app.spreadsheets.workbook import SheetOut, write
from desktop_app.store.database import Database
from desktop_app.visits.campaigns import ItemLine
from desktop_app.visits.knocking import Knocked
from desktop_app.visits.model import Visit
from desktop_app.visits.queries import DueLine, VisitLine

VISITS = ("走访日期", "走访对象", "住址", "走访方式", "结果", "走访人", "走访事由", "走访情况", "意见条数", "下次走访")
DUE = ("户主", "住址", "关怀", "间隔（天）", "上次走访", "应走访日期", "逾期（天）")
ITEMS = ("小组", "住址", "户主", "结果", "上门日期", "发放数量", "签收", "备注", "轮次", "编号")
_TEXTS = ("purpose", "findings", "opinions", "goods", "note")
_WHOLE_DAY = 10


@dataclass(frozen=True, slots=True)
class VisitsRead:
    """Visits of a workbook, ready to be recorded, and what could not be read."""

    visits: list[Visit]
    problems: list[RowProblem]


@dataclass(frozen=True, slots=True)
class ResultsRead:
    """Results of a filled-in list, ready to be entered, and what could not be read."""

    results: list[Knocked]
    problems: list[RowProblem]


def write_visits(path: str | Path, lines: Sequence[VisitLine]) -> Path:
    """The list of visits as a workbook."""
    rows = [
        (v.on, v.name, v.address, v.mode, v.result, v.workers, v.purpose, v.findings, v.opinions_n, v.next_due_on)
        for v in lines
    ]
    return write(path, [SheetOut("走访", VISITS, rows)])


def write_due(path: str | Path, lines: Sequence[DueLine]) -> Path:
    """The due list as a workbook."""
    rows = [
        (d.name, d.address, "、".join(d.tags), d.days, d.last_on or "从未走访", d.due_on, max(d.days_over, 0))
        for d in lines
    ]
    return write(path, [SheetOut("该走访", DUE, rows)])


def write_items(path: str | Path, name: str, lines: Sequence[ItemLine]) -> Path:
    """The list of a campaign, to be filled in and read back by `read_results`."""
    rows = [
        (i.team, i.stop.address, i.stop.name, i.result, i.visited_on, i.goods_qty or "", "√" if i.signed else "",
         i.note, i.round, i.id)
        for i in lines
    ]  # fmt: skip
    words = ("见面", "无人", "拒访", "电话", "空置", "搬离")
    return write(path, [SheetOut(name, ITEMS, rows, choices={ITEMS.index("结果"): words})])


class _Rows(TableRows):
    """With the counts and days of visits."""

    def count(self, key: str, at: int) -> int:
        """A whole number that is not negative; 0 with a problem for anything else."""
        raw = plain(self.cell(key, at)).strip().removesuffix(".0")
        if not raw:
            return 0
        if raw.isdecimal():
            return int(raw)
        self.report(at, key, "not_a_count", raw)
        return 0

    def day(self, key: str, at: int, today: str) -> str | None:
        """A whole day up to today; "" for a blank cell, None with a problem for anything else."""
        raw = self.cell(key, at)
        found = iso_date(raw)
        if found is None or (found and len(found) != _WHOLE_DAY):
            self.report(at, key, "visit_day_missing", raw)
            return None
        if found > today:
            self.report(at, key, "visit_in_future", found)
            return None
        return found


@reads("visits.change")
def read_visits(db: Database, path: Path) -> VisitsRead:
    """Visits of a workbook: the day, whom, and whatever else there is.  AppError if it has no such table."""
    result = VisitsRead([], [])
    for found in tables_of(path, "visits", ("on", "name")):
        rows = _Rows(found.table)
        result.visits.extend(visit for at in rows if (visit := _visit(db, rows, at)))
        result.problems.extend(rows.problems)
    return result


def _visit(db: Database, rows: _Rows, at: int) -> Visit | None:
    day = rows.day("on", at, db.clock.today().isoformat())
    if not day:
        if day == "":
            rows.report(at, "on", "visit_day_missing", "")
        return None
    word = _word(db, rows, at, "result") if rows.text("result", at) else "见面"
    mode = _word(db, rows, at, "mode") if rows.text("mode", at) else "入户"
    person = _person(db, rows, at)
    if person is None or word is None or mode is None:
        return None
    coming = iso_date(rows.cell("next_due_on", at)) or ""
    visit = Visit(on=day, person_id=person, result=word, mode=mode)
    visit.workers, visit.opinions_n = rows.text("workers", at), rows.count("opinions_n", at)
    visit.next_due_on = coming if len(coming) == _WHOLE_DAY and coming > day else None
    for key in _TEXTS:
        setattr(visit, key, rows.text(key, at) or None)
    return visit


def _word(db: Database, rows: _Rows, at: int, key: str) -> str | None:
    """A result or a way as its table names it; None, and reported, for a word that is none."""
    table, today = desk_codes(db, f"visit_{key}s"), db.clock.today()
    found = table.find(rows.text(key, at))
    if found is None or found not in table.offered(today):
        rows.report(at, key, f"{key}_unknown", rows.text(key, at), known="、".join(table.names(today)))
        return None
    return found.name


def _person(db: Database, rows: _Rows, at: int) -> str | None:
    """The resident of a name, told apart by the address where several have it."""
    name, address = clean_name(rows.cell("name", at)), rows.text("address", at)
    found = {str(id_) for (id_,) in db.rows("SELECT id FROM person WHERE name=? AND sync_del=0", (name,))}
    if len(found) > 1 and address:
        found &= _living_at(db, address)
    if len(found) == 1:
        return found.pop()
    rows.report(at, "name", "visit_of_several" if found else "visit_of_nobody", f"{name} {address}".strip())
    return None


def _living_at(db: Database, address: str) -> set[str]:
    there = with_building(door(address))
    if there.room is None:
        return set()
    rooms = find_rooms(db, there.building, there.unit, there.room, estate=there.estate)
    marks = ",".join("?" * len(rooms))
    sql = f"SELECT person_id FROM residence WHERE room_id IN ({marks}) AND sync_del=0 AND to_on IS NULL"
    return {str(id_) for (id_,) in db.rows(sql, [room.room_id for room in rooms])}


@reads("visits.change")
def read_results(db: Database, campaign_id: str, path: Path) -> ResultsRead:
    """The filled-in list of a campaign: rows without a result are still waiting.  AppError if it is no such list."""
    known = {
        str(id_)
        for (id_,) in db.rows("SELECT id FROM campaign_item WHERE campaign_id=? AND sync_del=0", (campaign_id,))
    }
    result = ResultsRead([], [])
    for found in tables_of(path, "knocks", ("id", "result")):
        rows = _Rows(found.table)
        result.results.extend(_results(db, rows, known))
        result.problems.extend(rows.problems)
    return result


def _results(db: Database, rows: _Rows, known: set[str]) -> list[Knocked]:
    return [one for at in rows if (one := _knocked(db, rows, at, known))]


def _knocked(db: Database, rows: _Rows, at: int, known: set[str]) -> Knocked | None:
    if not rows.text("result", at):
        return None
    id_ = rows.text("id", at)
    word = _word(db, rows, at, "result")
    day = rows.day("visited_on", at, db.clock.today().isoformat())
    if id_ not in known:
        rows.report(at, "id", "line_not_on_list", id_)
    if id_ not in known or word is None or day is None:
        return None
    signed = read_mark(rows.text("signed", at))[0]
    return Knocked(id_, word, day or None, rows.count("goods_qty", at), signed, rows.text("note", at) or None)
