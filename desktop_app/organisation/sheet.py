"""The spreadsheets of the organisation: party-centre households 党员中心户 in, the gaps of the contact schemes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_app.organisation.chains import Gap
from desktop_app.places.addresses import Door, Span, door, spans, with_building
from desktop_app.shared.dates import iso_date
from desktop_app.shared.identity import normalise_id, phones_in
from desktop_app.shared.text import clean_name, half_width, plain
from desktop_app.spreadsheets.columns import NotRow, Table, find_table, row_kind, runs, take_hints
from desktop_app.spreadsheets.headers import vocabulary
from desktop_app.spreadsheets.problems import RowProblem, problem
from desktop_app.spreadsheets.table_rows import TableRows
from desktop_app.spreadsheets.workbook import SheetOut, Workbook, write

GAP_HEADERS = ("包联机制", "责任岗位", "级别", "哪里", "涉及户数")
_WHOLE_ESTATE = ("全小区", "整个小区", "全部", "全部楼栋", "所有楼栋", "本小区")


@dataclass(frozen=True, slots=True)
class CentreHouseholdLine:
    """A party-centre household of the list.  `covers` is empty where `span` means the whole estate or was not read."""

    sheet: str
    row: int
    branch: str | None
    estate: str | None
    name: str
    sex: str | None
    id_no: str | None
    dwelling: Door
    span: str | None
    covers: tuple[Span, ...]
    whole_estate: bool
    plaque_no: str | None
    phones: tuple[str, ...]
    hung_on: str | None
    services: str | None
    note: str | None


@dataclass(slots=True)
class CentreHouseholdList:
    """Everything that was read from a workbook of party-centre households."""

    lines: list[CentreHouseholdLine]
    problems: list[RowProblem]
    rows_not_entries: list[NotRow]
    tables: list[Table]


def read_centre_households(
    workbook: Workbook, *, mapping: Mapping[str, str] | None = None, header_row: int | None = None
) -> CentreHouseholdList:
    """The party-centre households of a workbook.  Never raises for a row.

    Whether a host is a resident and a building exists is for the plan to say, which knows the register.
    """
    result = CentreHouseholdList([], [], [], [])
    words = vocabulary("centre_households")
    for sheet in workbook.sheets:
        table = find_table(sheet, words, ("name", "covers"), mapping=mapping, header_row=header_row)
        if table:
            result.tables.append(table)
            _Reader(table).add_to(result)
    if not result.tables and workbook.sheets:
        result.problems.append(problem(workbook.sheets[0].name, 0, "", "header_not_found", words={"value": "联系楼栋"}))
    _note_repeated_plaques(result)
    result.problems.sort(key=lambda one: (one.sheet, one.row))
    return result


class _Reader(TableRows):
    """Reads one table row by row: these lists are short."""

    def add_to(self, result: CentreHouseholdList) -> None:
        """Adds what the table says."""
        hints = take_hints(self.table)
        others: list[tuple[int, str]] = []
        before: dict[str, str | None] = {"branch": None, "estate": None}
        for at, raw in enumerate(self.column("name")):
            row = self.table.first + at + 1
            name = clean_name(raw)
            kind = row_kind(self.table, at)
            if at in hints:
                continue
            if kind and (not name or kind != "remark"):
                others.append((row, kind))
            elif not name or not any(sign.isalpha() for sign in name):
                self.report(at, "name", "name_missing", raw)
            else:
                before = {key: self.text(key, at) or above for key, above in before.items()}
                result.lines.append(self._line(at, row, name, before))
        result.problems += self.problems
        result.rows_not_entries += [*self.table.not_rows, *runs(self.table.sheet.name, others)]

    def _line(self, at: int, row: int, name: str, before: dict[str, str | None]) -> CentreHouseholdLine:
        text = self.text("covers", at)
        whole = half_width(text) in _WHOLE_ESTATE
        covers = spans(text)
        if text and covers is None and not whole:
            self.report(at, "covers", "span_not_read", text)
        dwelling = with_building(door(self.cell("dwelling", at)))
        if dwelling.building is None and plain(self.cell("dwelling", at)).strip():
            self.report(at, "dwelling", "dwelling_not_read", self.cell("dwelling", at))
        return CentreHouseholdLine(
            self.table.sheet.name,
            row,
            before["branch"],
            before["estate"],
            name,
            self.text("sex", at) or None,
            normalise_id(self.cell("id_no", at)) or None,
            dwelling,
            text or None,
            covers or (),
            whole,
            self.text("plaque_no", at) or None,
            self._phones(at),
            self._date(at),
            self.text("services", at) or None,
            self.text("note", at) or None,
        )

    def _phones(self, at: int) -> tuple[str, ...]:
        found: tuple[str, ...] = ()
        for column in self.table.of("phones"):
            raw = self.table.cells(column)[at]
            good, bad = phones_in(raw)
            found += good
            for number in bad:
                self.report(at, "phones", "phone_wrong_length", raw if len(bad) == 1 else number)
        return tuple(dict.fromkeys(found))

    def _date(self, at: int) -> str | None:
        raw = self.cell("hung_on", at)
        found = iso_date(raw)
        if found is None:
            self.report(at, "hung_on", "date_not_a_date", raw)
        return found or None


def _note_repeated_plaques(result: CentreHouseholdList) -> None:
    headers = {table.sheet.name: table.header_of("plaque_no") for table in result.tables}
    seen: dict[str, int] = {}
    for line in result.lines:
        if line.plaque_no and seen.setdefault(line.plaque_no, line.row) != line.row:
            header, first = headers[line.sheet], seen[line.plaque_no]
            result.problems.append(
                problem(line.sheet, line.row, header, "plaque_repeated", line.plaque_no, related_row=first)
            )


def write_gaps(path: str | Path, gaps: Sequence[Gap]) -> Path:
    """What nobody answers for, as a workbook: one line for each slot and place."""
    rows = [(gap.scheme, gap.slot, gap.target, gap.place, gap.homes) for gap in gaps]
    return write(path, [SheetOut("包联空缺", GAP_HEADERS, rows)])
