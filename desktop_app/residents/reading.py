"""Conversions of the columns of a roster: cells in, normalised values out, problems on the side."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from itertools import repeat
from typing import Any

from desktop_app.places.addresses import Door, building_no, door, place_in_name, unit_no, with_building
from desktop_app.profiles.queries import codes
from desktop_app.residents.roster import HEAD_WORDS, Address
from desktop_app.shared.dates import agrees, iso_date
from desktop_app.shared.identity import check_id, check_paper, normalise_id, paper_type, phones_in, sound_id
from desktop_app.shared.text import clean, clean_name, clean_note, half_width, plain
from desktop_app.spreadsheets.columns import Column, Table
from desktop_app.spreadsheets.headers import TAG, never_collected, read_mark
from desktop_app.spreadsheets.problems import RowProblem, problem

_BLANKS = frozenset({"", "-", "--", "/", "—", "——"})
_DITTO = frozenset({"同上", "〃", "″", '"', "”", "“"})
_SEX = {"男": "男", "女": "女", "男性": "男", "女性": "女", "M": "男", "F": "女", "1": "男", "2": "女"}
_POLITICAL = {
    "党员": "中共党员",
    "正式党员": "中共党员",
    "中共正式党员": "中共党员",
    "共产党员": "中共党员",
    "中国共产党党员": "中共党员",
    "预备党员": "中共预备党员",
    "团员": "共青团员",
    "共青团": "共青团员",
}
_NO_NATION = re.compile(r"族|其他|其它|未|不详|外|籍")
_ID_CARD = "居民身份证"
_OTHER_SHAPES = frozenset({"id_bad_character", "id_wrong_length"})
"""Kinds of a number that may belong to another paper."""
_NOWHERE = Door()
_MARKS = frozenset("./")
_BETWEEN_TAGS = re.compile(r"[、,，;；/\s]+")


class Remembered(dict[Any, Any]):
    """A conversion that is made once for each different cell."""

    def __init__(self, convert: Callable[[Any], Any]) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, raw: Any) -> Any:
        value = self[raw] = self._convert(raw)
        return value

    def over(self, cells: Sequence[Any]) -> list[Any]:
        """The values of all cells."""
        return list(map(self.__getitem__, cells))


def text_or_none(raw: Any) -> str | None:
    """Trimmed text, None for a blank or a dash."""
    text = clean(raw)
    return None if text in _BLANKS else text


def nation(raw: Any) -> str | None:
    """民族 with its 族."""
    text = text_or_none(raw)
    return f"{text}族" if text and not _NO_NATION.search(text) else text


def political(raw: Any) -> str | None:
    """政治面貌 in full: 党员 → 中共党员."""
    text = text_or_none(raw)
    return _POLITICAL.get(text, text) if text else None


def paper_name(raw: Any) -> str | None:
    """证件类型 by the name its numbers are checked under: 身份证 → 居民身份证; a plan has the community's own."""
    text = text_or_none(raw)
    return codes("id_types").name(text) if text else None


SIMPLE: dict[str, Callable[[Any], Any]] = {
    "used_name": lambda raw: clean_name(raw) or None,
    "id_type": paper_name,
    "ethnic": nation,
    "native_place": text_or_none,
    "marital": text_or_none,
    "political": political,
    "education": text_or_none,
    "occupation": text_or_none,
    "employer": text_or_none,
    "hukou_address": text_or_none,
    "hukou_no": text_or_none,
    "residence": text_or_none,
    "party_branch": text_or_none,
    "head_name": lambda raw: clean_name(raw) or None,
    "head_id_no": lambda raw: normalise_id(raw) or None,
    "note": lambda raw: clean_note(raw) or None,
    "relation": text_or_none,
    "household_no": text_or_none,
}
"""Fields in which a cell is its own answer."""


def _is_blank(cell: Any) -> bool:
    return cell is None or (type(cell) is str and not cell.strip())


def _is_ditto(cell: Any) -> bool:
    return type(cell) is str and cell.strip() in _DITTO


def _same_day(raw: Any, birth: str | None) -> bool:
    """Whether a cell writes a whole date with dots or strokes: told without making a date of it."""
    return birth is not None and type(raw) is str and raw[4:5] in _MARKS and raw.replace(raw[4], "-") == birth


class TableReader:
    """Reads the columns of one table for the rows that are persons (`at`: their places below the header)."""

    def __init__(self, table: Table, at: list[int], today: date, place: Door) -> None:
        self.table = table
        self.at = at
        self.today = today
        self.place = place
        self.problems: list[RowProblem] = []
        self._numbers = [table.first + 1 + one for one in at]
        self._homes = Remembered(_home)

    @property
    def numbers(self) -> list[int]:
        """Row numbers from 1."""
        return self._numbers

    def cells(self, column: Column) -> Sequence[Any]:
        """The cells of the rows that are read."""
        cells = self.table.cells(column)
        return cells if len(cells) == len(self.at) else [cells[at] for at in self.at]

    def report(self, at: int, column: str, kind: str, raw: Any, **words: object) -> None:
        """Notes a problem at a place among the rows that are read."""
        self.problems.append(problem(self.table.sheet.name, self._numbers[at], column, kind, raw, words=words))

    def simple(self, key: str) -> Any:
        """The values of a field, or an endless None if there is no such column."""
        columns = self.table.of(key)
        if not columns:
            return repeat(None)
        values = Remembered(SIMPLE[key]).over(self.cells(columns[0]))
        for column in columns[1:]:
            more = Remembered(SIMPLE[key]).over(self.cells(column))
            values = ["；".join(dict.fromkeys(filter(None, pair))) or None for pair in zip(values, more, strict=True)]
        return values

    def dates(self, key: str) -> Any:
        """ISO dates of a field that has to do with no identity number."""
        columns = self.table.of(key)
        if not columns:
            return repeat(None)
        cells = self.cells(columns[0])
        values = Remembered(iso_date).over(cells)
        if None in values:
            for at, value in enumerate(values):
                if value is None:
                    self.report(at, columns[0].header, "date_not_a_date", cells[at])
        return [value or None for value in values]

    def identity(self) -> tuple[list[str | None], list[str | None], list[str | None], list[str | None]]:
        """(paper, number, sex, birth date) of every row; a valid number decides sex and birth date."""
        columns = self.table.of("id_no")
        if not columns:
            nothing: list[str | None] = [None] * len(self.at)
            return nothing, nothing, self._sex(nothing), self._birth(nothing)
        today = self.today.isoformat()
        header = columns[0].header
        found: list[tuple[str | None, str | None, str | None, str | None]] = []
        for at, (raw, paper) in enumerate(zip(self.cells(columns[0]), self.simple("id_type"), strict=False)):
            sound = sound_id(raw, today) if type(raw) is str else None
            if sound:
                found.append((paper or _ID_CARD, raw, *sound))
            else:
                found.append(self._doubtful(at, header, raw, paper))
        papers, numbers, sexes, births = (list(values) for values in zip(*found, strict=True)) if found else ([],) * 4
        return papers, numbers, self._sex(sexes), self._birth(births)

    def _doubtful(
        self, at: int, header: str, raw: Any, paper: str | None
    ) -> tuple[str | None, str | None, str | None, str | None]:
        verdict = check_id(raw, self.today)
        if verdict.kind in _OTHER_SHAPES:
            if other := paper_type(verdict.value):
                return paper or codes("id_types").name(other), verdict.value, None, None
            if paper and check_paper(codes("id_types").code(paper), raw, self.today).usable:
                return paper, verdict.value, None, None
            if not any(sign.isdigit() for sign in verdict.value):
                verdict = check_id("", self.today)
        if verdict.kind:
            self.report(at, header, verdict.kind, raw, value=verdict.value, length=len(verdict.value))
        if not verdict.usable:
            return None, None, None, None
        usual = "外国人永久居留身份证" if verdict.birth is None else _ID_CARD
        return paper or usual, verdict.value, verdict.sex, verdict.birth

    def _sex(self, by_number: list[str | None]) -> list[str | None]:
        columns = self.table.of("sex")
        if not columns:
            return by_number
        cells = self.cells(columns[0])
        header = columns[0].header
        written = Remembered(
            lambda raw: _SEX.get(half_width(plain(raw)).upper(), "") or ("" if text_or_none(raw) else None)
        )
        found = list(by_number)
        for at, (own, sex) in enumerate(zip(written.over(cells), by_number, strict=True)):
            if own == sex or own is None:
                continue
            if own == "":
                self.report(at, header, "sex_unknown", cells[at])
            elif sex is None:
                found[at] = own
            else:
                self.report(at, header, "sex_contradicts_id", cells[at], value=sex)
        return found

    def _birth(self, by_number: list[str | None]) -> list[str | None]:
        columns = self.table.of("birth")
        if not columns:
            return by_number
        cells = self.cells(columns[0])
        found = list(by_number)
        dates = Remembered(iso_date)
        for at, (raw, birth) in enumerate(zip(cells, by_number, strict=True)):
            if raw == birth or _same_day(raw, birth) or (own := dates[raw]) == "" or (own and own == birth):
                continue
            found[at] = self._one_birth(at, columns[0].header, raw, own, birth)
        return found

    def _one_birth(self, at: int, header: str, raw: Any, own: str | None, birth: str | None) -> str | None:
        shown = plain(raw)
        if own is None:
            self.report(at, header, "birth_not_a_date", shown)
        elif birth is None and own > self.today.isoformat():
            self.report(at, header, "birth_in_future", shown)
        elif birth is None:
            return own
        elif not agrees(own, birth):
            self.report(at, header, "birth_contradicts_id", shown, value=birth)
        return birth

    def phones(self) -> Any:
        """The numbers of every row, from all columns of telephones."""
        columns = self.table.of("phones")
        if not columns:
            return repeat(())
        values = self._phones_of(columns[0])
        for column in columns[1:]:
            values = [
                tuple(dict.fromkeys(first + more)) if more else first
                for first, more in zip(values, self._phones_of(column), strict=True)
            ]
        return values

    def _phones_of(self, column: Column) -> list[tuple[str, ...]]:
        cells = self.cells(column)
        found = [phones_in(cell) if cell != "" else ((), ()) for cell in cells]
        for at, (_, bad) in enumerate(found):
            for number in bad:
                self.report(at, column.header, "phone_wrong_length", cells[at] if len(bad) == 1 else number)
        return [good for good, _ in found]

    def tags(self) -> Any:
        """The (tag, detail) pairs of every row."""
        marked: dict[int, list[tuple[str, str | None]]] = {}
        for column in self.table.columns:
            if not column.field or not column.field.startswith(TAG):
                continue
            tag = column.field.removeprefix(TAG)
            for at, cell in enumerate(self.cells(column)):
                if cell == "" or cell is None:
                    continue
                yes, detail = read_mark(plain(cell))
                if yes:
                    marked.setdefault(at, []).append((tag, None if detail == tag else detail))
        for column in self.table.of("tag_words"):
            for at, cell in enumerate(self.cells(column)):
                for word in _BETWEEN_TAGS.split(clean(cell)):
                    if read_mark(word)[1] and not never_collected().search(word):
                        marked.setdefault(at, []).append((word, None))
        return [tuple(dict.fromkeys(marked[at])) if at in marked else () for at in range(len(self.at))]

    def addresses(self, relations: Any) -> tuple[list[Address], list[str | None]]:
        """The address of every row, and the text of those that could not be read."""
        raw = [
            self.cells(columns[0]) if (columns := self.table.of(key)) else repeat("", len(self.at))
            for key in ("estate", "building", "unit", "room", "address")
        ]
        keys = list(zip(*raw, strict=True))
        if self._may_inherit([set(cells) for cells in raw if not isinstance(cells, repeat)]):
            self._inherit(keys, relations)
        known = Remembered(self._address)
        addresses = known.over(keys)
        unread: list[str | None] = [None] * len(keys)
        if self.table.has("address"):
            header = self.table.header_of("address")
            for at, (key, address) in enumerate(zip(keys, addresses, strict=True)):
                if key[4] and not address[3]:
                    unread[at] = clean(key[4])
                    self.report(at, header, "address_not_read", key[4])
        return addresses, unread

    def _may_inherit(self, different: list[set[Any]]) -> bool:
        """Whether any row could leave its address to the row above: judged by the different cells of each column."""
        blank = [any(map(_is_blank, cells)) for cells in different]
        ditto = any(_is_ditto(cell) for cells in different for cell in cells)
        return ditto or (bool(blank) and (all(blank) or (self.table.sheet.merged is None and blank[0])))

    def _inherit(self, keys: list[tuple[Any, ...]], relations: Any) -> None:
        """A member below the head whose address is left blank lives with the head; so does 同上."""
        before: tuple[Any, ...] | None = None
        lost_merges = self.table.sheet.merged is None
        for at, (key, relation) in enumerate(zip(keys, relations, strict=False)):
            nowhere = all(map(_is_blank, key))
            if before and nowhere and relation and relation not in HEAD_WORDS:
                keys[at] = before
            elif before and any(map(_is_ditto, key)):
                keys[at] = tuple(old if _is_ditto(part) else part for part, old in zip(key, before, strict=True))
            elif before and lost_merges and _is_blank(key[0]) and not _is_blank(key[1]):
                keys[at] = (before[0], *key[1:])
            if not nowhere:
                before = keys[at]

    def _address(self, key: tuple[Any, ...]) -> Address:
        room, address = key[3:]
        own, full = door(room), door(address)
        estate, number, unit = self._homes[key[:3]]
        number = number or own.building or full.building or self.place.building
        if number is None:
            own, full = with_building(own), with_building(full)
            number = own.building or full.building
        return (
            estate or own.estate or full.estate or self.place.estate,
            number,
            unit or own.unit or full.unit or self.place.unit,
            own.room or (full.room if number else None),
        )


def _home(key: tuple[Any, Any, Any]) -> tuple[str | None, str | None, str | None]:
    """Estate, building and unit as their own cells say."""
    estate, building, unit = key
    number = building_no(building)
    named = place_in_name(number) if number and ("栋" in number or not number.isalnum()) else _NOWHERE
    return text_or_none(estate) or named.estate, named.building or number, unit_no(unit) or named.unit
