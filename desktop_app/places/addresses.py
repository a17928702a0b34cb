"""Addresses as offices write them: 3栋, 3#, 三号楼; 一单元; 501室, 1-501, 3-1-501, 翠湖花园3栋1单元501室.

Numbers of buildings, units and rooms are plain numbers as text ("3", "1", "501"); a building with one unit has no unit
in any address.  What is no number keeps its words ("南", "综合楼").
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from desktop_app.shared.text import clean, half_width, plain

_FIGURES = "零一二三四五六七八九"
_HAN_NUMBER = "[零〇一二两三四五六七八九十百]+"
_NUMBER = r"(?:[0-9]+|[零〇一二两三四五六七八九十百]+)"
_BELOW_THOUSAND = re.compile(
    "(?:(?P<h>[一二三四五六七八九])百零?)?(?:(?P<t>[一二三四五六七八九])?(?P<ten>十))?(?P<u>[一二三四五六七八九])?"
)
_BUILDING_WORD = r"(?:号?[栋幢座]|号?楼栋?|#楼?|号院?)"
_BUILDING = re.compile(
    rf"第?(?P<no>(?:[东南西北中甲乙丙丁]?[A-Za-z]?{_NUMBER}[A-Za-z]?|[A-Za-z]|[甲乙丙丁])){_BUILDING_WORD}?"
)
_UNIT = re.compile(rf"第?(?P<no>{_NUMBER}|[A-Za-z]|[甲乙丙丁东中西南北])(?:单元|门栋?|梯)?")
_ROOM = re.compile(r"(?:[0-9]{1,2}[层楼])?(?P<no>(?:[A-Za-z]?-?[0-9]{1,5}|负[0-9]{1,4})[A-Za-z]?)[室号房户]?(?:室|房)?")
_DASHED = re.compile(
    r"(?:(?P<b>[A-Za-z]?[0-9]{1,3}[A-Za-z]?)(?:[栋幢座#]|号楼)?[-—–_/.])?"
    r"(?:(?P<u>[0-9]{1,2}|[一二三四五六七八九十])(?:单元)?)[-—–_/.](?P<r>[A-Za-z]?[0-9]{3,5}[A-Za-z]?)[室号房户]?"
)
_WORDED = re.compile(
    rf"(?P<before>.*?)(?:第?(?P<b>(?:[东南西北中甲乙丙丁]?[A-Za-z]?{_NUMBER}[A-Za-z]?|[A-Za-z]|[甲乙丙丁]))(?:号?[栋幢座]|号楼栋?|#楼?|楼(?!层)))?-?"
    rf"(?:第?(?P<u>{_NUMBER}|[甲乙丙丁东中西南北])(?:单元|门栋|梯|门))?-?(?:第?{_NUMBER}[层楼](?=.))?-?"
    r"(?P<r>(?:[A-Za-z]?[0-9]{1,5}[A-Za-z]?|负[0-9]{1,4}))[室号房户]?(?:室|房)?"
)
_TRAILING_DASHED = re.compile(
    r"(?P<before>.*?)(?P<b>[A-Za-z]?[0-9]{1,3}[A-Za-z]?)(?:(?:[栋幢座#]|号楼)[-—–_/.]?|[-—–_/.])"
    r"(?:(?P<u>[0-9]{1,2})(?:单元)?[-—–_/.])?"
    r"(?P<r>[A-Za-z]?[0-9]{3,5}[A-Za-z]?)[室号房户]?"
)
_STREET = re.compile("[路街巷村组镇乡]")
_LONGEST_ROOM = 8
"""Characters of a room that is no plain number: 门面1号."""
_TO_COMMUNITY = re.compile(r".*(?:社区|居委会|街道|镇|[路街道巷][0-9]+号)")

_ESTATE = re.compile(
    "^[\u4e00-\u9fff]{1,8}?(?:小区|花园|家园|新村|宿舍|公寓|山庄|大院|家属院|家属楼|名都|华府|广场|新城|[苑城府园庭里湾居邸郡轩阁坊])"
    "(?=$|[0-9]|居民|人员|人口|住户|业主|信息|台账|名册|花名册|登记|基本)"
)


@dataclass(frozen=True, slots=True)
class Door:
    """What an address says; None where it says nothing.  `estate` is the text before the building."""

    room: str | None = None
    unit: str | None = None
    building: str | None = None
    estate: str | None = None


def han_to_number(text: str) -> str:
    """十四 → 14, 二十 → 20, 一百零八 → 108, 一二 → 12; figures lose leading zeros, what is no number stays."""
    if text.isascii():
        return text.lstrip("0") or text
    plain_text = text.replace("〇", "零").replace("两", "二")
    if all(sign in _FIGURES for sign in plain_text):
        return str(int("".join(str(_FIGURES.index(sign)) for sign in plain_text)))
    found = _BELOW_THOUSAND.fullmatch(plain_text)
    if not found:
        return text
    tens = _FIGURES.index(found["t"] or "一") if found["ten"] else 0
    return str(100 * _FIGURES.index(found["h"] or "零") + 10 * tens + _FIGURES.index(found["u"] or "零"))


def _number(text: str) -> str:
    """A number with the letters or words around it, its hanzi turned to figures."""
    return re.sub(rf"{_HAN_NUMBER}|[0-9]+", lambda found: han_to_number(found[0]), text).upper()


def building_no(raw: object) -> str | None:
    """The plain number of a building (3栋, 3 号楼, 3#, 三幢 → "3"); other words stay; None if blank."""
    return _building_no(plain(raw))  # remembered by its text: True and 1.0 are the same key


@lru_cache(maxsize=8192)
def _building_no(raw: str) -> str | None:
    text = half_width(raw)
    if not text:
        return None
    found = _BUILDING.fullmatch(text)
    return _number(found["no"]) if found else clean(text)


def unit_no(raw: object) -> str | None:
    """The plain number of a unit (一单元, 1 单元, 1.0 → "1"); other words stay; None if blank or 无."""
    return _unit_no(plain(raw))


@lru_cache(maxsize=8192)
def _unit_no(raw: str) -> str | None:
    text = half_width(raw)
    if not text or text in {"-", "/", "无", "无单元", "0"}:
        return None
    found = _UNIT.fullmatch(text)
    return _number(found["no"]) if found else text


def door(raw: object) -> Door:
    """The parts of what stands in a column of room numbers or addresses.

    A pair such as 2-302 is given as unit and room; who knows the building decides (see `with_building`).
    """
    return _door(plain(raw))


@lru_cache(maxsize=65_536)
def _door(raw: str) -> Door:
    text = half_width(raw).replace("，", "").replace(",", "")
    if not text:
        return Door()
    if found := _ROOM.fullmatch(text):
        return Door(_below_ground(found["no"].upper()))
    if found := _DASHED.fullmatch(text):
        return Door(found["r"].upper(), han_to_number(found["u"]), _number(found["b"]) if found["b"] else None)
    for pattern in (_TRAILING_DASHED, _WORDED):
        if (found := pattern.fullmatch(text)) and (found["b"] or found["u"]):
            return _door_of(found)
    named = any(sign.isdigit() for sign in text) and len(text) <= _LONGEST_ROOM and not _STREET.search(text)
    return Door(text) if named else Door()


def _door_of(found: re.Match[str]) -> Door:
    estate = _TO_COMMUNITY.sub("", found["before"]).strip("-") or None
    return Door(
        found["r"].upper(),
        _number(found["u"]) if found["u"] else None,
        _number(found["b"]) if found["b"] else None,
        estate,
    )


def _below_ground(room: str) -> str:
    """负101 → -101."""
    return f"-{room[1:]}" if room.startswith("负") else room


def with_building(one: Door) -> Door:
    """Reads a pair as building and room: 8-301 in a list that has no column for the building."""
    if one.building is None and one.unit is not None:
        return Door(one.room, None, one.unit, one.estate)
    return one


@lru_cache(maxsize=4096)
def without_door(address: str) -> str:
    """The building and its unit, for what hangs out: with the number of the door it would say who lives there."""
    found = re.match(r".*(?:栋|单元)", address)
    return found.group() if found else address


def place_in_name(text: str) -> Door:
    """Estate and building in the name of a sheet or in a title: 3栋, 翠湖花园3号楼, 3栋1单元."""
    found = re.search(
        rf"(?P<before>[^0-9]*?)(?P<b>[A-Za-z]?[0-9]{{1,3}}|{_HAN_NUMBER})(?:号?[栋幢座]|号楼|#楼?)"
        rf"(?:第?(?P<u>{_NUMBER})单元)?",
        half_width(text),
    )
    if not found:
        return Door()
    estate = _TO_COMMUNITY.sub("", found["before"]).strip("-_ ") or None
    return Door(None, _number(found["u"]) if found["u"] else None, _number(found["b"]), estate)


@lru_cache(maxsize=1024)
def estate_in(text: str) -> str | None:
    """The estate that a title or the name of a sheet is about: 翠湖花园居民信息表 → 翠湖花园; None if it names none."""
    found = _ESTATE.search(_TO_COMMUNITY.sub("", half_width(text)))
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Span:
    """One building that somebody looks after; `units` is empty for the whole of it."""

    building: str
    units: tuple[str, ...] = ()


_TO = r"(?:[-~—–至到])"
_SPAN_ITEM = re.compile(
    rf"第?(?P<b>[A-Za-z]?{_NUMBER}|[A-Za-z](?=[栋幢座#号]))(?P<w>{_BUILDING_WORD})?(?:{_TO}第?(?P<b2>{_NUMBER})(?P<w2>{_BUILDING_WORD})?)?"
    rf"(?:第?(?P<u>{_NUMBER})(?:单元)?(?:{_TO}第?(?P<u2>{_NUMBER}))?(?P<uw>单元)?)?"
)
_UNIT_ITEM = re.compile(rf"第?(?P<u>{_NUMBER})(?:{_TO}第?(?P<u2>{_NUMBER}))?单元")
_BETWEEN_SPANS = re.compile(r"[、,，;；/和及与+]")


def spans(raw: object) -> tuple[Span, ...] | None:
    """The buildings in a span such as 13-15栋、45栋, 8、10、11栋, 3栋一单元, 12栋1-2单元; None if it cannot be read."""
    text = half_width(plain(raw))
    found: dict[str, list[str]] = {}
    current = None
    open_units = False
    for item in filter(None, _BETWEEN_SPANS.split(text)):
        if current and (hit := _UNIT_ITEM.fullmatch(item)):
            found[current] += _run(hit["u"], hit["u2"])
        elif open_units and current and re.fullmatch(_NUMBER, item):
            found[current].append(han_to_number(item))
        elif (hit := _SPAN_ITEM.fullmatch(item)) and (hit["u"] is None or hit["w"] or hit["w2"]):
            for number in _run(hit["b"], hit["b2"]):
                current = _number(number)
                found.setdefault(current, []).extend(_run(hit["u"], hit["u2"]) if hit["u"] else [])
            open_units = hit["u"] is not None and hit["uw"] is None
        else:
            return None
    return tuple(Span(building, tuple(dict.fromkeys(units))) for building, units in found.items()) or None


def _run(first: str, last: str | None) -> list[str]:
    """The numbers from one to another: 13-15 → 13, 14, 15."""
    start = han_to_number(first)
    if last is None:
        return [start]
    end = han_to_number(last)
    if not (start.isdigit() and end.isdigit() and int(start) <= int(end) < int(start) + 200):
        return [start, end]
    return [str(number) for number in range(int(start), int(end) + 1)]
