"""The spreadsheet of buildings 楼栋表: units, floors, homes per floor, grid, coordinates."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from desktop_app.places.addresses import building_no, han_to_number
from desktop_app.shared.text import clean, half_width, plain
from desktop_app.spreadsheets.columns import NotRow, Table, find_table, row_kind, runs, take_hints
from desktop_app.spreadsheets.headers import vocabulary
from desktop_app.spreadsheets.problems import RowProblem, problem
from desktop_app.spreadsheets.table_rows import TableRows
from desktop_app.spreadsheets.workbook import Workbook

LONGITUDES = (73.0, 136.0)
LATITUDES = (3.0, 54.0)
"""Degrees within which China lies."""
_LARGEST = 99_999
"""No building has more of anything."""
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?|[零〇一二两三四五六七八九十百]+")
_PER_FLOOR = re.compile(r"([0-9]+|[一二两三四五六七八九十]+)户")
_GRID = re.compile(
    r"第?(?P<a>[0-9]+|[零一二三四五六七八九十]+)号?(?:网格)?|网格第?(?P<b>[0-9]+|[零一二三四五六七八九十]+)号?"
)
_DEGREES = re.compile(
    r"(?P<d>[0-9]{1,3})[°度](?:(?P<m>[0-9]{1,2}(?:\.[0-9]+)?)['′分])?(?:(?P<s>[0-9]{1,2}(?:\.[0-9]+)?)(?:[\"″秒]|''|′′))?"
)
_DECIMAL = re.compile(r"[0-9]{1,3}(?:\.[0-9]+)?")
_COMPASS = re.compile(r"东经|北纬|经度|纬度|[EeNn°度:]")
_WHOLE = ("units", "floors", "floors_down", "per_floor", "households", "built", "elevators")


@dataclass(frozen=True, slots=True)
class BuildingLine:
    """A building of the list.  `longitude` and `latitude` in decimal degrees; None for what the list does not say."""

    sheet: str
    rows: tuple[int, ...]
    estate: str | None
    building: str
    units: int | None = None
    floors: int | None = None
    floors_down: int | None = None
    per_floor: int | None = None
    households: int | None = None
    grid: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    built: int | None = None
    structure: str | None = None
    elevators: int | None = None
    address: str | None = None
    note: str | None = None


@dataclass(slots=True)
class BuildingList:
    """Everything that was read from a workbook of buildings."""

    lines: list[BuildingLine]
    problems: list[RowProblem]
    rows_not_entries: list[NotRow]
    tables: list[Table]


def read_buildings(
    workbook: Workbook, *, mapping: Mapping[str, str] | None = None, header_row: int | None = None
) -> BuildingList:
    """The buildings of a workbook.  Never raises for a row."""
    result = BuildingList([], [], [], [])
    for sheet in workbook.sheets:
        table = find_table(sheet, vocabulary("buildings"), ("building",), mapping=mapping, header_row=header_row)
        if table:
            result.tables.append(table)
            _Reader(table).add_to(result)
    if not result.tables and workbook.sheets:
        result.problems.append(problem(workbook.sheets[0].name, 0, "", "header_not_found", words={"value": "楼栋"}))
    _unite_repeated(result)
    result.problems.sort(key=lambda one: (one.sheet, one.row))
    return result


class _Reader(TableRows):
    """Reads one table row by row: lists of buildings are short."""

    def add_to(self, result: BuildingList) -> None:
        """Adds what the table says."""
        hints = take_hints(self.table)
        others: list[tuple[int, str]] = []
        estate: str | None = None
        for at, raw in enumerate(self.column("building")):
            row = self.table.first + at + 1
            if at in hints:
                continue
            number = building_no(raw)
            kind = row_kind(self.table, at) if number is None or not any(map(str.isalnum, number)) else self._total(at)
            if kind:
                others.append((row, kind))
            elif number is None:
                self.report(at, "building", "building_missing", None)
            else:
                estate = self.text("estate", at) or estate
                result.lines.append(self._line(at, row, estate, number))
        result.problems += self.problems
        result.rows_not_entries += [*self.table.not_rows, *runs(self.table.sheet.name, others)]

    def _total(self, at: int) -> str:
        kind = row_kind(self.table, at)
        return kind if kind in {"formula_total", "signature", "header"} else ""

    def _line(self, at: int, row: int, estate: str | None, number: str) -> BuildingLine:
        whole = {key: self._whole(key, at) for key in _WHOLE}
        longitude, latitude = self._coordinates(at)
        grid = self.cell("grid", at)
        return BuildingLine(
            self.table.sheet.name,
            (row,),
            estate,
            number,
            **whole,
            grid=grid_name(grid) if grid != "" else None,
            longitude=longitude,
            latitude=latitude,
            structure=self.text("structure", at) or None,
            address=self.text("address", at) or None,
            note=self.text("note", at) or None,
        )

    def _whole(self, key: str, at: int) -> int | None:
        raw = self.cell(key, at)
        text = half_width(plain(raw))
        if text in {"", "-", "/", "无"}:
            return None
        found = whole_number(text, per_floor=key == "per_floor")
        if found is None:
            self.report(at, key, "number_not_read", raw)
        return found

    def _coordinates(self, at: int) -> tuple[float | None, float | None]:
        raw = self.cell("longitude", at), self.cell("latitude", at)
        if "" in (plain(raw[0]).strip(), plain(raw[1]).strip()):
            return None, None
        longitude, latitude = decimal_degrees(raw[0]), decimal_degrees(raw[1])
        if _within(latitude, LONGITUDES) and _within(longitude, LATITUDES):
            self.report(at, "longitude", "coordinates_swapped", raw[0])
            return latitude, longitude
        for key, value, cell, limits in (
            ("longitude", longitude, raw[0], LONGITUDES),
            ("latitude", latitude, raw[1], LATITUDES),
        ):
            if not _within(value, limits):
                self.report(at, key, "coordinate_out_of_range", cell)
                return None, None
        return longitude, latitude


def _within(value: float | None, limits: tuple[float, float]) -> bool:
    return value is not None and limits[0] <= value <= limits[1]


def whole_number(text: str, *, per_floor: bool = False) -> int | None:
    """The number in 7层, 2户, 4个, 1988年; of 一梯两户 the homes.  None if there is none."""
    found = _PER_FLOOR.search(text) if per_floor else None
    word = found[1] if found else hit[0] if (hit := _NUMBER.search(text)) else None
    number = han_to_number(word) if word else ""
    if not number.replace(".", "", 1).isdigit() or float(number) > _LARGEST:
        return None
    return int(float(number))


def grid_name(raw: Any) -> str:
    """第2网格 for 2, 2网格, 网格2 and 第二网格; any other name stays."""
    text = half_width(plain(raw))
    found = _GRID.fullmatch(text)
    return f"第{han_to_number(found['a'] or found['b'])}网格" if found else clean(raw)


def decimal_degrees(raw: Any) -> float | None:
    """Decimal degrees of 115.03, "115.03°", E115.03 and 115°02′17″; None if it is no coordinate."""
    if isinstance(raw, float | int) and not isinstance(raw, bool):
        return float(raw)
    text = half_width(plain(raw)).replace("’", "'").replace("”", '"').replace("“", '"')
    bare = re.sub(r"东经|北纬|经度|纬度|[EeNn:]", "", text)
    if (found := _DEGREES.fullmatch(bare)) and (found["m"] or found["s"]):
        return int(found["d"]) + float(found["m"] or 0) / 60 + float(found["s"] or 0) / 3600
    bare = _COMPASS.sub("", text)
    return float(bare) if _DECIMAL.fullmatch(bare) else None


def _unite_repeated(result: BuildingList) -> None:
    """A building listed twice is one building; the later row fills what the first leaves blank."""
    header = {table.sheet.name: table.header_of("building") for table in result.tables}
    raws = {table.sheet.name: (table.sheet.rows, table.of("building")[0].index) for table in result.tables}
    kept: dict[tuple[str | None, str], BuildingLine] = {}
    for line in result.lines:
        first = kept.get((line.estate, line.building))
        if first is None:
            kept[line.estate, line.building] = line
            continue
        rows, index = raws[line.sheet]
        result.problems.append(
            problem(
                line.sheet,
                line.rows[0],
                header[line.sheet],
                "building_repeated",
                rows[line.rows[0] - 1][index],
                related_row=first.rows[0],
            )
        )
        filled = {one.name: getattr(line, one.name) for one in fields(line) if getattr(first, one.name) is None}
        kept[line.estate, line.building] = replace(first, rows=first.rows + line.rows, **filled)
    result.lines = list(kept.values())
