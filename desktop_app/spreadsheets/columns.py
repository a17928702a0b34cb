"""Finds the table in a sheet: titles above it, one, two or three header rows, hints below them, merged cells.

`find_table` gives a `Table`; its cells are taken column by column, since 50,000 rows are quicker that way.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from desktop_app.shared.text import clean, half_width, plain
from desktop_app.spreadsheets.headers import NOT_COLLECTED, TAG, Vocabulary, compared, read_mark, shown
from desktop_app.spreadsheets.long_rows import MOST_CHARACTERS, long_rows, longest_cell
from desktop_app.spreadsheets.problems import RowProblem, problem
from desktop_app.spreadsheets.workbook import Cell, Sheet

_LOOK_AT = 40
"""Rows in which the header may stand."""
_DEPTH = 3
_FIRST = 1_000
"""Rows that mostly show enough of what a column holds."""
_HINT_ROWS = 3
_EMPTY: tuple[Any, ...] = ("", None)
_TOTAL = re.compile(r"(?:合|总|小|共)计|总人数|总户数|共[0-9]+[人户栋]|以上合计")
_SIGNATURE = re.compile(r"(?:制表|填表|审核|负责|经办|填报|统计|复核|录入|制作|上报|联系)(?:人|单位|时间|日期)?[::]")
_REMARK = re.compile(r"(?:备注|注|说明|填表说明|填报说明|提示|附注|注意|要求)[::]|注[0-9、]|填表说明|说明$")
_HINT = re.compile(
    r"必填|选填|可不填|例如|^如[::]|^例[::]|示例|样例|格式|下拉|全称|填写|只填|填[“\"]|一致$|^[0-9]+位|[0-9]+位$|^男/女$|^文本$|是/否|自动"
)
_VACANT = frozenset(
    {
        "空",
        "空房",
        "空置",
        "空户",
        "无人",
        "无人居住",
        "未入住",
        "待售",
        "闲置",
        "无",
        "空挂",
        "空置房",
        "无人住",
        "未住人",
        "未售",
    }
)


@dataclass(slots=True)
class Column:
    """One column: `index` from 0, `header` as written without white space, `group` the heading above it.

    `field` is the key of what it means, `tag:…` for a mark, None if it is left out; `why` says why then.
    """

    index: int
    header: str
    group: str = ""
    field: str | None = None
    why: str = ""
    samples: tuple[str, ...] = ()

    @property
    def letter(self) -> str:
        """A, B … as the spreadsheet program shows it."""
        text, rest = "", self.index + 1
        while rest:
            rest, place = divmod(rest - 1, 26)
            text = chr(65 + place) + text
        return text


@dataclass(frozen=True, slots=True)
class NotRow:
    """A row, or a run of rows up to `to`, that is no entry: a title, a header, a total …; numbered from 1."""

    sheet: str
    row: int
    kind: str
    to: int | None = None


@dataclass(slots=True)
class Table:
    """The table of one sheet.  Rows are counted from 0 here and from 1 for people."""

    sheet: Sheet
    header_rows: tuple[int, int]
    """First and last header row, from 1."""
    columns: list[Column]
    not_rows: list[NotRow] = field(default_factory=list)
    too_long: list[RowProblem] = field(default_factory=list)
    """Rows that no record can hold; they are blank here."""
    _raw: list[tuple[Any, ...]] = field(default_factory=list, repr=False)
    _home: frozenset[str] = frozenset()

    @property
    def first(self) -> int:
        """Index of the first row below the header."""
        return self.header_rows[1]

    def of(self, key: str) -> list[Column]:
        """The columns that feed a field."""
        return [column for column in self.columns if column.field == key]

    def has(self, key: str) -> bool:
        """Whether any column feeds the field."""
        return any(column.field == key for column in self.columns)

    def cells(self, column: Column) -> Sequence[Any]:
        """All cells of a column below the header, those of merged blocks filled down where they count for the home."""
        self._read()
        found = self._raw[column.index] if self._raw else ()
        if self.sheet.merged and column.field in self._home:
            cells = list(found)
            for top, left, bottom, right in self.sheet.merged:
                if left == column.index and bottom > top >= self.first and right - left <= 1:
                    start = top - self.first
                    cells[start + 1 : bottom - self.first + 1] = [cells[start]] * (bottom - top)
            return cells
        return found

    def _read(self) -> None:
        if not self._raw:
            self._raw = list(zip(*self.sheet.rows[self.first :], strict=True))

    def take_out_long(self) -> None:
        """Blanks the rows that no record can hold, and says so."""
        self._read()
        read = [column for column in self.columns if column.field not in {None, NOT_COLLECTED}]
        if not self._raw or not (found := long_rows([self._raw[column.index] for column in read])):
            return
        rows = list(self.sheet.rows)
        for at, count in found.items():
            row = self.first + at
            widest = max(read, key=lambda column: longest_cell([self._raw[column.index][at]]))
            words: dict[str, object] = {"count": f"{count:,}", "most": f"{MOST_CHARACTERS:,}"}
            self.too_long.append(problem(self.sheet.name, row + 1, widest.header, "row_too_long", words=words))
            rows[row] = [""] * len(rows[row])
        self.sheet, self._raw = replace(self.sheet, rows=rows), []

    def header_of(self, key: str) -> str:
        """The header of the first column that feeds a field, "" if there is none."""
        return next((column.header for column in self.columns if column.field == key), "")

    def blocks(self, index: int) -> list[tuple[int, int]]:
        """Runs of body rows (from, to; from 0 below the header, inclusive) that a column merges downwards."""
        return [
            (top - self.first, bottom - self.first)
            for top, left, bottom, _ in self.sheet.merged or ()
            if left == index and bottom > top >= self.first
        ]


def find_table(
    sheet: Sheet,
    words: Vocabulary,
    need: Sequence[str],
    *,
    mapping: Mapping[str, str] | None = None,
    header_row: int | None = None,
) -> Table | None:
    """The table of a sheet, or None if no row could be its header.

    `need`: fields without which it is no such table.  `mapping` (header → field key, `tag:…`, or "" to leave it out)
    and `header_row` (the lowest header row, from 1) are what the person decided, and win.
    """
    if not sheet.rows:
        return None
    grid = _filled_top(sheet)
    candidates = (
        [(header_row - 1, depth) for depth in range(1, _DEPTH + 1) if header_row >= depth]
        if header_row
        else [(row, depth) for row in range(len(grid)) for depth in range(1, _DEPTH + 1) if row + 1 >= depth]
    )
    best, found = 0, None
    for bottom, depth in candidates:
        columns = _columns(grid, bottom, depth)
        if not any(_could_be(column, words, mapping or {}) for column in columns):
            continue
        columns = _match(columns, words, mapping or {})
        keys = {column.field for column in columns if column.field}
        score = len(keys) * 4 - depth
        if score > best and keys.issuperset(need) and len(keys) > len(need):
            best, found = score, (bottom, depth, columns)
    return _table(sheet, grid, words, found) if found else None


def _table(sheet: Sheet, grid: list[list[Any]], words: Vocabulary, found: tuple[int, int, list[Column]]) -> Table:
    bottom, depth, columns = found
    top = _top_of(sheet, grid, bottom, bottom - depth + 1)
    _name_groups(sheet, grid, columns, top, bottom)
    home = frozenset(one.key for one in words.fields if one.home)
    table = Table(sheet, (top + 1, bottom + 1), columns, _home=home)
    table.take_out_long()
    if words.tag_groups:
        _find_tags(table, words)
    table.not_rows = [*_above(sheet, top), *(NotRow(sheet.name, row + 1, "header") for row in range(top, bottom + 1))]
    return table


def _filled_top(sheet: Sheet) -> list[list[Any]]:
    """The first rows, merged cells filled in both directions."""
    grid = [list(row) for row in sheet.rows[:_LOOK_AT]]
    for top, left, bottom, right in sheet.merged or ():
        for row in range(top, min(bottom + 1, len(grid))):
            for column in range(left, min(right + 1, len(grid[row]))):
                grid[row][column] = grid[top][left]
    return grid


def _columns(grid: list[list[Any]], bottom: int, depth: int) -> list[Column]:
    """Header of each column: the lowest of `depth` cells that is not blank; a number or a date is no header."""
    columns = []
    for index in range(len(grid[bottom])):
        stack = [grid[row][index] for row in range(bottom, bottom - depth, -1)]
        words = [word for cell in stack if isinstance(cell, str) and (word := _word(cell))]
        columns.append(
            Column(index, words[0] if words else "", next((word for word in words[1:] if word != words[0]), ""))
        )
    return columns


@lru_cache(maxsize=4096)
def _word(cell: str) -> str:
    """A cell as a header; each is asked for again at every depth and for every kind of table."""
    return shown(cell)


def _could_be(column: Column, words: Vocabulary, mapping: Mapping[str, str]) -> bool:
    """Whether a header is known by its whole name: every table has one such column, and rows of data hardly any."""
    return bool(column.header) and (
        words.exact(compared(column.header), compared(column.group)) is not None or column.header in map(shown, mapping)
    )


def _match(columns: list[Column], words: Vocabulary, mapping: Mapping[str, str]) -> list[Column]:
    decided = {shown(header): key for header, key in mapping.items()}
    taken: set[str] = set()
    for column in columns:
        if column.header in decided:
            column.field = decided[column.header] or None
            column.why = "" if column.field else "按您的选择不导入"
        elif column.header and (hit := words.exact(compared(column.header), compared(column.group))):
            column.field = hit.key if hit.many or hit.key not in taken else None
        if column.field:
            taken.add(column.field)
    for column in columns:
        if column.header and not column.field and column.header not in decided:
            _match_pattern(column, words, taken)
    return columns


def _match_pattern(column: Column, words: Vocabulary, taken: set[str]) -> None:
    header = compared(column.header)
    if header in words.tags:
        column.field = TAG + words.tags[header]
        return
    for one in words.fitting(header):
        if one.many or one.key not in taken:
            column.field = one.key
            taken.add(one.key)
            return


def _top_of(sheet: Sheet, grid: list[list[Any]], bottom: int, top: int) -> int:
    """The first header row: up to where cells merged into the header begin, and over rows of group headings."""
    for first, _, last, _ in sheet.merged or ():
        if first < bottom <= last or first < top <= last:
            top = min(top, first)
    used = sum(1 for cell in grid[bottom] if cell not in _EMPTY)
    while top and _is_group_row(sheet, grid, top - 1, used):
        top -= 1
    return top


def _is_group_row(sheet: Sheet, grid: list[list[Any]], row: int, used: int) -> bool:
    """Group headings are merged over some columns, not over the whole table as a title is."""
    across = [
        right - left + 1 for first, left, last, right in sheet.merged or () if first <= row <= last and right > left
    ]
    if any(width >= max(used - 1, 2) for width in across):
        return False
    return len({plain(cell) for cell in grid[row] if cell not in _EMPTY}) > 1 and bool(across)


def _name_groups(sheet: Sheet, grid: list[list[Any]], columns: list[Column], top: int, bottom: int) -> None:
    if top == bottom:
        return
    heading = ""
    for column in columns:
        above = [shown(grid[row][column.index]) for row in range(top, bottom)]
        own = next((word for word in reversed(above) if word and word != column.header), "")
        if sheet.merged is None and grid[bottom][column.index] not in _EMPTY:
            heading = own or heading
            own = heading
        else:
            heading = ""
        column.group = own


def _find_tags(table: Table, words: Vocabulary) -> None:
    """Columns of marks: known by name under any heading, by their group, or by holding nothing but marks."""
    for column in table.columns:
        if column.field or not column.header or column.why:
            continue
        known = words.tags.get(compared(column.header))
        in_group = bool(column.group and words.tag_groups and words.tag_groups.search(column.group))
        if known or in_group or _only_marks(table, column):
            column.field = TAG + (known or column.header.removeprefix("是否"))


def _only_marks(table: Table, column: Column) -> bool:
    found = {plain(cell) for cell in table.cells(column)[:2000]} - {""}
    return (
        bool(found)
        and "√" in {half_width(word) for word in found}
        and all(read_mark(word)[1] is None for word in found)
    )


def _above(sheet: Sheet, top: int) -> list[NotRow]:
    rows: list[NotRow] = []
    for row in range(top):
        text = "".join(clean(cell) for cell in map(plain, sheet.rows[row]))
        kind = "blank" if not text else "remark" if _REMARK.match(text) or _SIGNATURE.search(text) else "title"
        if kind == "title" and any(one.kind == "title" for one in rows):
            kind = "remark"
        rows.append(NotRow(sheet.name, row + 1, kind))
    return rows


def take_hints(table: Table) -> set[int]:
    """Indexes (from 0 below the header) of the rows of filling hints that follow the header; notes them."""
    found: set[int] = set()
    for at in range(min(_HINT_ROWS, len(table.sheet.rows) - table.first)):
        words = [clean(cell) for cell in table.sheet.rows[table.first + at] if cell not in _EMPTY]
        if sum(1 for word in words if _HINT.search(half_width(word))) < max(2, len(words) // 4):
            break
        found.add(at)
        table.not_rows.append(NotRow(table.sheet.name, table.first + at + 1, "notes"))
    return found


def row_kind(table: Table, at: int) -> str:
    """What a row without a proper subject is: blank, formula_total, signature, remark, header, or "" for an entry."""
    row = table.sheet.rows[table.first + at]
    words = [clean(cell) for cell in row if cell not in _EMPTY]
    words = [half_width(word) for word in words if word]
    if not words:
        return "blank"
    if any(_TOTAL.match(word) for word in words[:3]):
        return "formula_total"
    text = "".join(words)
    if _SIGNATURE.search(text):
        return "signature"
    if len(words) == 1 and (_REMARK.match(text) or len(text) > 12):  # noqa: PLR2004 longer than a name
        return "remark"
    headers = {column.header for column in table.columns if column.header}
    return "header" if len(words) > 1 and sum(1 for word in words if word in headers) > len(words) // 2 else ""


def is_vacant(cell: Cell) -> bool:
    """Whether the word in a cell says that nobody lives there."""
    return clean(cell) in _VACANT


def runs(sheet: str, found: Sequence[tuple[int, str]]) -> list[NotRow]:
    """Rows that are no entries (row from 1, kind), those of one kind that follow each other made one run."""
    made: list[NotRow] = []
    for row, kind in found:
        last = made[-1] if made else None
        if last and last.kind == kind == "blank" and (last.to or last.row) == row - 1:
            made[-1] = NotRow(sheet, last.row, kind, row)
        else:
            made.append(NotRow(sheet, row, kind))
    return made


def give_samples(table: Table, count: int = 3) -> None:
    """Notes the first few different values of each column, for the page on which columns are matched."""
    for column in table.columns:
        cells = table.cells(column)
        column.samples = _different(cells[:_FIRST], count) or _different(cells, 1)


def _different(cells: Sequence[Any], count: int) -> tuple[str, ...]:
    words: dict[str, None] = {}
    for cell in cells:
        if cell not in _EMPTY:
            words[clean(cell)] = None
            if len(words) >= count:
                break
    return tuple(words)
