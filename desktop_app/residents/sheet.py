"""The spreadsheet of residents: a workbook as an office keeps it → a `Roster`.

Works column by column with conversions that remember what they have seen: 50,000 rows hold few different buildings,
nations and words.  What can be put right is put right in silence, what cannot is reported and left out, and a row with
a problem never stops the others.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from itertools import repeat
from typing import Any

from desktop_app.places.addresses import Door, estate_in, place_in_name
from desktop_app.residents.reading import Remembered, TableReader
from desktop_app.residents.roster import (
    HEAD_WORDS,
    Address,
    Roster,
    RosterLine,
    add_named_heads,
    households_of,
    unite,
)
from desktop_app.shared.bulk import collecting_later
from desktop_app.shared.text import clean, clean_name, plain
from desktop_app.spreadsheets.columns import NotRow, Table, find_table, is_vacant, row_kind, runs, take_hints
from desktop_app.spreadsheets.headers import NOT_COLLECTED, vocabulary
from desktop_app.spreadsheets.problems import RowProblem, problem
from desktop_app.spreadsheets.workbook import Sheet, Workbook

LONGEST_NAME = 50
_NO_NAME = frozenset({"姓名", "必填", "选填", "无", "合计", "总计", "小计", "共计"})
_NO_NAME_START = re.compile(r"(?:合计|总计|小计|共计|制表|填表|审核|注[::]|备注[::]|说明[::]|如[::]|例[::])")
_HANZI_NAME = re.compile(r"[^合总小共制填审\W\d_a-zA-Z][\u4e00-\u9fff]{1,3}")
_WITH_WORD = re.compile(r"(?P<name>[^()（）]+)[(（](?P<word>[^()（）]*)[)）]")
_PERSONAL = ("id_no", "sex", "birth", "phones", "relation", "ethnic")
_MANY_BLANK = 0.2
"""Share of blank identity numbers from which on formulas without a result are looked for."""


def read_roster(
    workbook: Workbook,
    today: date,
    *,
    mapping: Mapping[str, str] | None = None,
    header_row: int | None = None,
    sheets: tuple[str, ...] | None = None,
) -> Roster:
    """The persons of a workbook.

    `mapping` (header → field, `tag:…`, or "" to leave it out), `header_row` (from 1) and `sheets` (names) are what the
    person decided; without them they are found.  Never raises for a row.
    """
    with collecting_later():
        return _read(workbook, today, mapping, header_row, sheets)


def _read(
    workbook: Workbook,
    today: date,
    mapping: Mapping[str, str] | None,
    header_row: int | None,
    sheets: tuple[str, ...] | None,
) -> Roster:
    roster = Roster([], [], [], [], [], [], [])
    for sheet in workbook.sheets:
        if sheets is not None and sheet.name not in sheets:
            continue
        table = _table_of(sheet, mapping, header_row)
        if table is None:
            _note_no_table(sheet, roster)
            continue
        roster.tables.append(table)
        _read_table(workbook, table, today, roster)
    if not roster.tables and roster.no_table:
        roster.problems.append(problem(roster.no_table[0], 0, "", "header_not_found", words={"value": "姓名"}))
    _unite_duplicates(roster)
    _drop_only_unit(roster)
    roster.households = households_of(roster.lines, len(roster.tables) > 1)
    add_named_heads(roster)
    roster.problems.sort(key=lambda one: (one.sheet, one.row))
    return roster


def _table_of(sheet: Sheet, mapping: Mapping[str, str] | None, header_row: int | None) -> Table | None:
    words = vocabulary("residents")
    table = find_table(sheet, words, ("name",), mapping=mapping, header_row=header_row)
    if table is None and (table := find_table(sheet, words, ("head_name",), mapping=mapping, header_row=header_row)):
        for column in table.columns:
            column.field = {"head_name": "name", "head_id_no": "id_no"}.get(column.field or "", column.field)
    for column in table.columns if table else ():
        if column.field == NOT_COLLECTED:
            column.field, column.why = None, "按规定默认不采集"
    return table


def _note_no_table(sheet: Sheet, roster: Roster) -> None:
    if any(cell not in {"", None} for row in sheet.rows for cell in row):
        roster.no_table.append(sheet.name)


def _read_table(workbook: Workbook, table: Table, today: date, roster: Roster) -> None:
    hints = take_hints(table)
    column = table.of("name")[0]
    cells = table.cells(column)
    names = Remembered(_name_of).over(cells)
    at = [place for place, name in enumerate(names) if name and place not in hints]
    place = _place_of(table)
    problems, not_rows, vacant = _others(workbook, table, names, hints, place)
    roster.problems += [*table.too_long, *problems]
    roster.rows_not_persons += [*table.not_rows, *not_rows]
    roster.vacant += vacant
    reader = TableReader(table, at, today, place)
    roster.lines += _lines(reader, [names[one] for one in at])
    _look_for_formulas(workbook, reader)
    roster.problems += reader.problems


def _name_of(raw: Any) -> str:
    """A name, its word in brackets kept; "" for what cannot be one."""
    if not isinstance(raw, str):
        return ""
    if _HANZI_NAME.fullmatch(raw) and raw not in _NO_NAME and not is_vacant(raw):  # the usual case
        return raw
    name = clean_name(raw)
    if not name or len(name) > LONGEST_NAME or name in _NO_NAME or _NO_NAME_START.match(name) or is_vacant(name):
        return ""
    return name if any(sign.isalpha() for sign in name) else ""


def _place_of(table: Table) -> Door:
    """Estate and building that only the name of the sheet, or else a title, tells."""
    if table.has("building") and table.has("estate"):
        return Door()
    titles = [clean(plain(cell)) for row in table.sheet.rows[: table.header_rows[0] - 1] for cell in row if cell]
    names = [table.sheet.name, *titles]
    found = next((door for name in names if (door := place_in_name(name)).building), Door())
    estate = place_in_name(names[0]).estate or next(filter(None, map(estate_in, names)), None)
    found = Door(None, found.unit, found.building, estate)
    return Door(
        None,
        None if table.has("unit") else found.unit,
        None if table.has("building") else found.building,
        None if table.has("estate") else found.estate,
    )


def _others(
    workbook: Workbook, table: Table, names: list[str], hints: set[int], place: Door
) -> tuple[list[RowProblem], list[NotRow], list[Address]]:
    """The rows without a name: totals, blank rows, vacant homes, and persons whose name is missing."""
    problems: list[RowProblem] = []
    found: list[tuple[int, str]] = []
    empty: list[int] = []
    name = table.of("name")[0]
    for at, text in enumerate(names):
        if text or at in hints:
            continue
        kind = row_kind(table, at) or _kind_without_name(table, at)
        if kind == "vacant":
            empty.append(at)
        if kind:
            found.append((table.first + at + 1, kind))
        else:
            problems.append(_no_name(workbook, table, at, name.index, name.header))
    vacant = TableReader(table, empty, date.min, place).addresses(repeat(None))[0] if empty else []
    return problems, runs(table.sheet.name, found), [address for address in vacant if address[3]]


def _kind_without_name(table: Table, at: int) -> str:
    row = table.sheet.rows[table.first + at]
    if any(is_vacant(cell) for cell in row if isinstance(cell, str) and cell):
        return "vacant"
    personal = [column.index for key in _PERSONAL for column in table.of(key)]
    if any(row[index] not in {"", None} for index in personal):
        return ""
    home = [column.index for key in ("room", "address") for column in table.of(key)]
    return "vacant" if any(row[index] not in {"", None} for index in home) else "remark"


def _no_name(workbook: Workbook, table: Table, at: int, index: int, header: str) -> RowProblem:
    row = table.first + at
    raw = table.sheet.rows[row][index]
    flaw = workbook.flaws(table.sheet).get((row, index))
    if flaw is not None:
        kind = "formula_error" if flaw else "formula_without_value"
        return problem(table.sheet.name, row + 1, header, kind, flaw)
    kind = "name_is_number" if isinstance(raw, float | int) else "name_missing"
    return problem(table.sheet.name, row + 1, header, kind, plain(raw) or None)


def _look_for_formulas(workbook: Workbook, reader: TableReader) -> None:
    """Many blank identity numbers may be formulas whose results were never stored."""
    missing = [place for place, one in enumerate(reader.problems) if one.kind == "id_missing"]
    if len(missing) <= _MANY_BLANK * len(reader.at):
        return
    flaws = workbook.flaws(reader.table.sheet)
    index = reader.table.of("id_no")[0].index
    for place in missing:
        one = reader.problems[place]
        if (flaw := flaws.get((one.row - 1, index))) is not None:
            kind = "formula_error" if flaw else "formula_without_value"
            reader.problems[place] = problem(one.sheet, one.row, one.column, kind, flaw)


def _lines(reader: TableReader, names: list[str]) -> list[RosterLine]:
    relations = reader.simple("relation")
    words = [_split_word(name) if name[-1] in ")）" else (name, None) for name in names]
    papers, numbers, sexes, births = reader.identity()
    addresses, unread = reader.addresses(relations)
    named = reader.simple("head_name")
    heads = [
        relation in HEAD_WORDS if relation else word in HEAD_WORDS or name == head
        for relation, (name, word), head in zip(relations, words, named, strict=False)
    ]
    special: dict[str, Iterable[Any]] = {
        "sheet": repeat(reader.table.sheet.name),
        "rows": zip(reader.numbers, strict=True),
        "name": [name for name, _ in words],
        "sex": sexes,
        "birth": births,
        "id_type": papers,
        "id_no": numbers,
        "phones": reader.phones(),
        "address": addresses,
        "live_address": unread,
        "relation": relations,
        "is_head": heads,
        "party_joined": reader.dates("party_joined"),
        "party_full": reader.dates("party_full"),
        "head_name": named,
        "tags": reader.tags(),
    }
    order = (one.name for one in fields(RosterLine))
    lines = list(map(RosterLine, *(special[key] if key in special else reader.simple(key) for key in order)))
    for line, (_, word) in zip(lines, words, strict=True):
        if word and word not in HEAD_WORDS:
            line.note = f"{line.note}；{word}" if line.note else word
    return lines


def _split_word(name: str) -> tuple[str, str | None]:
    """张三（户主） → 张三 and 户主."""
    found = _WITH_WORD.fullmatch(name)
    return (clean_name(found["name"]), clean(found["word"])) if found else (name, None)


def _unite_duplicates(roster: Roster) -> None:
    """One number and one name is one person; one number and two names leaves the number with the first."""
    seen: dict[str, int] = {}
    gone: set[int] = set()
    tables = {table.sheet.name: table for table in roster.tables}
    for at, line in enumerate(roster.lines):
        if line.id_no is None or (first := seen.setdefault(line.id_no, at)) == at:
            continue
        earlier = roster.lines[first]
        kind = "duplicate_id" if earlier.name == line.name else "id_of_other_person"
        roster.problems.append(_twice(tables[line.sheet], line, earlier, kind))
        if kind == "duplicate_id":
            roster.lines[first] = unite(earlier, line)
            gone.add(at)
        else:
            line.id_no = line.id_type = None
    if gone:
        roster.lines = [line for at, line in enumerate(roster.lines) if at not in gone]


def _twice(table: Table, line: RosterLine, earlier: RosterLine, kind: str) -> RowProblem:
    column = table.of("id_no")[0]
    raw = table.sheet.rows[line.rows[0] - 1][column.index]
    words: dict[str, object] = {
        "where": "" if earlier.sheet == line.sheet else f"“{earlier.sheet}”",
        "other": earlier.name,
    }
    return problem(line.sheet, line.rows[0], column.header, kind, raw, related_row=earlier.rows[0], words=words)


def _drop_only_unit(roster: Roster) -> None:
    """A building that is written now with unit 1 and now without has one unit; with several, a blank one is a gap."""
    units: dict[tuple[str | None, str | None], set[str | None]] = {}
    for address in {line.address for line in roster.lines if line.address[3]}:
        units.setdefault(address[:2], set()).add(address[2])
    single = {building for building, found in units.items() if found == {None, "1"}}
    several = {
        building for building, found in units.items() if None in found and building not in single and len(found) > 1
    }
    if not single and not several:
        return
    headers = {table.sheet.name: table.header_of("unit") or table.header_of("room") for table in roster.tables}
    for line in roster.lines:
        if line.address[:2] in single:
            line.address = (*line.address[:2], None, line.address[3])
        elif line.address[:2] in several and line.address[2] is None and line.address[3]:
            roster.problems.append(problem(line.sheet, line.rows[0], headers[line.sheet], "unit_missing"))
