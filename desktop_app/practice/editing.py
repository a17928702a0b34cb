"""A file of rules changed record by record: pure functions on its content, what is wrong with it, what differs."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_app.practice.shapes import ANY, ONE, PartShape, Shape, shapes

Content = Mapping[str, Any]
Place = tuple[int, int]
"""Where a record stands: its number in its list, and that of the record this list is in (0 where there is none)."""


@dataclass(frozen=True, slots=True)
class Row:
    """A record of a part: where it stands, what it is called, of what it is a part, and itself."""

    place: Place
    name: str
    owner: str
    record: Mapping[str, Any]

    @property
    def id(self) -> str:
        return f"{self.place[1]}.{self.place[0]}"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs between two contents, in words."""

    where: str
    what: str
    before: str
    after: str

    @property
    def words(self) -> str:
        """“会议类型　听证会　提前几天通知：10 → 7”"""
        return f"{self.where}　{self.what}：{self.before or '（空着）'} → {self.after or '（空着）'}"


def value_of(record: Mapping[str, Any], key: str) -> Any:
    """What stands at a key; a dot goes into a group."""
    first, _, rest = key.partition(".")
    found = record.get(first)
    if not rest:
        return found
    return value_of(found, rest) if isinstance(found, Mapping) else None


def _put(record: dict[str, Any], key: str, value: Any) -> None:
    first, _, rest = key.partition(".")
    if rest:
        group = record.setdefault(first, {})
        _put(group, rest, value)
        if not group:
            del record[first]
    elif value is None:
        record.pop(first, None)
    else:
        record[first] = value


# ----------------------------------------------------------------------------------------------------------- reading


def parts(name: str, content: Content, home: Path | None = None) -> tuple[PartShape, ...]:
    """The parts of a file that its content has, in the codes of the community at `home`."""
    return tuple(part for part in shapes(name, home) if not part.path or part.path.partition(".")[0] in content)


def rows(content: Content, part: PartShape) -> list[Row]:
    """The records of a part, in the order of the file."""
    return [
        Row((at, upper), called(part, record), owner, record)
        for upper, owner, records in _lists(content, part)
        for at, record in enumerate(records)
    ]


def owners(content: Content, part: PartShape) -> list[tuple[int, str]]:
    """The records the ones of a part can stand in, by number; [] for a part that stands by itself."""
    return [(upper, owner) for upper, owner, _ in _lists(content, part) if part.inside]


def _lists(content: Content, part: PartShape) -> Iterator[tuple[int, str, Sequence[Mapping[str, Any]]]]:
    if not part.path:
        yield 0, "", [content]
        return
    if not part.inside:
        found = content.get(part.path, [])
        yield 0, "", [found] if isinstance(found, Mapping) else found
        return
    above = content.get(part.inside, [])
    for upper, record in enumerate([above] if isinstance(above, Mapping) else above):
        yield upper, str(record.get("name", "")), record.get(part.list_key, [])


def called(part: PartShape, record: Mapping[str, Any]) -> str:
    """What a record is called in a list."""
    kinds = {shape.key: shape for shape in part.fields}
    words = (kinds[key].words(value_of(record, key)) if key in kinds else "" for key in part.called)
    return " ".join(word for word in words if word)


def fields(content: Content, part: PartShape) -> tuple[Shape, ...]:
    """The fields of a part that are shown: all, but for those only some files have."""
    records = [row.record for row in rows(content, part)]
    return tuple(one for one in part.fields if not one.seen or any(one.key in record for record in records))


def values(part: PartShape, record: Mapping[str, Any]) -> dict[str, str]:
    """A record as a form shows it."""
    return {shape.key: shape.told(value_of(record, shape.key)) for shape in part.fields}


# ---------------------------------------------------------------------------------------------------------- changing


def faults(content: Content, part: PartShape, typed: Mapping[str, str], place: Place | None) -> dict[str, str]:
    """What is wrong with what was typed, by field; {} where it can be taken.  `place` None: a new record."""
    found = {shape.key: why for shape in part.fields if (why := shape.read(typed.get(shape.key, ""))[1])}
    if (
        place is None
        and typed.get("code")
        and any(value_of(row.record, "code") == typed["code"].strip() for row in rows(content, part))
    ):
        found["code"] = "这个代号已经有了，请换一个"
    for group in {shape.key.partition(".")[0] for shape in part.fields if "." in shape.key}:
        found = _half_filled(part, typed, group) | found
    first, last = (typed.get(key, "").strip() for key in ("valid_from", "valid_to"))
    if first and last and last < first and "valid_to" not in found:
        found["valid_to"] = "早于开始的那一天"
    return found


def _half_filled(part: PartShape, typed: Mapping[str, str], group: str) -> dict[str, str]:
    """A group is there as a whole or not at all; a share is no more than the whole."""
    mine = [shape for shape in part.fields if shape.key.startswith(f"{group}.") and shape.kind != "chosen"]
    told = {shape.key: typed.get(shape.key, "").strip() for shape in mine}
    if not any(told.values()):
        chosen = [s.key for s in part.fields if s.key.startswith(f"{group}.") and typed.get(s.key, "").strip()]
        return dict.fromkeys(chosen, "前面几项没有填")
    empty = {key: "这一组要填就填全" for key, text in told.items() if not text}
    p, q = told.get(f"{group}.p", ""), told.get(f"{group}.q", "")
    if p.isdecimal() and q.isdecimal() and int(p) > int(q):
        empty[f"{group}.p"] = "分子不能大于分母"
    return empty


def put(content: Content, part: PartShape, typed: Mapping[str, str], place: Place | None, upper: int = 0) -> Content:
    """The content with a record changed, or a new one added (`place` None) at the end of its list.

    Only what differs from what stood there is written; what no field shows stays.
    """
    made = deepcopy(dict(content))
    if place is None:
        record: dict[str, Any] = {}
        _list(made, part, upper).append(record)
    else:
        record = made if not part.path else _record(made, part, place)
    before = values(part, record)
    for shape in part.fields:
        text = typed.get(shape.key, "")
        if text.strip() != before[shape.key].strip():
            _put(record, shape.key, shape.read(text)[0])
    return made


def _list(content: dict[str, Any], part: PartShape, upper: int) -> list[dict[str, Any]]:
    holder = content
    if part.inside:
        above = content[part.inside]
        holder = above if isinstance(above, dict) else above[upper]
    found: list[dict[str, Any]] = holder.setdefault(part.list_key, [])
    return found


def _record(content: dict[str, Any], part: PartShape, place: Place) -> dict[str, Any]:
    if part.rows == ONE:
        one: dict[str, Any] = content[part.path]
        return one
    return _list(content, part, place[1])[place[0]]


def taken_out(content: Content, part: PartShape, place: Place) -> Content:
    """The content without a record."""
    made = deepcopy(dict(content))
    del _list(made, part, place[1])[place[0]]
    return made


def moved(content: Content, part: PartShape, place: Place, by: int) -> tuple[Content, Place]:
    """The content with a record some places up (by < 0) or down, and where it stands then."""
    made = deepcopy(dict(content))
    records = _list(made, part, place[1])
    to = max(0, min(len(records) - 1, place[0] + by))
    records.insert(to, records.pop(place[0]))
    return made, (to, place[1])


def copied(here: Content, there: Content) -> Content:
    """Another town's file in place of this one; records that only this one has stay, since old records name them."""
    made = deepcopy(dict(there))
    for key, value in here.items():
        if not isinstance(value, list) or not value or not isinstance(value[0], Mapping):
            continue
        known = {_mark(one) for one in made.get(key, [])}
        made[key] = [*made.get(key, []), *(deepcopy(one) for one in value if _mark(one) not in known)]
    return made


def _mark(record: Mapping[str, Any]) -> tuple[str, ...]:
    """By what a record is told apart: its code, its series, its line and level."""
    for keys in (("code",), ("series",), ("line", "level"), ("meeting", "item"), ("year",)):
        if keys[0] in record:
            return tuple(str(record.get(key)) for key in keys)
    return (str(record.get("name")),)


def may_add(part: PartShape) -> bool:
    """Whether records can be added to a part."""
    return part.rows == ANY


# -------------------------------------------------------------------------------------------------------- what differs


def differences(name: str, before: Content, after: Content, home: Path | None = None) -> list[Change]:
    """Everything that differs between two contents of a file, in the words of its forms."""
    found: list[Change] = []
    for part in parts(name, {**before, **after}, home):
        old, new = (_by_mark(content, part) for content in (before, after))
        for mark in dict.fromkeys([*old, *new]):
            found += _compared(part, old.get(mark), new.get(mark))
        if part.ordered and list(old) != list(new) and set(old) == set(new):
            found.append(Change(part.title, "次序", "、".join(x.name for x in old.values()),
                                "、".join(x.name for x in new.values())))  # fmt: skip
    return found


def _by_mark(content: Content, part: PartShape) -> dict[tuple[str, ...], Row]:
    found: dict[tuple[str, ...], Row] = {}
    for row in rows(content, part):
        mark = (row.owner, *_mark(row.record)) if part.path and part.rows != ONE else ("",)
        while mark in found:
            mark = (*mark, "又")
        found[mark] = row
    return found


def _compared(part: PartShape, old: Row | None, new: Row | None) -> Iterator[Change]:
    row = new or old
    if row is None:
        return
    where = "　".join(word for word in (part.title, row.owner, row.name if part.path else "") if word)
    if old is None or new is None:
        yield Change(where, "整条", "" if old is None else "有", "新增" if old is None else "删去")
        return
    for shape in part.fields:
        one, other = (shape.words(value_of(which.record, shape.key)) for which in (old, new))
        if one != other:
            yield Change(where, shape.label, one, other)
