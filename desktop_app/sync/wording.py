"""A clash in the words of the forms: what the record is called, what its values say, what happened to it."""

from dataclasses import dataclass
from typing import Any, Final

import orjson

from desktop_app.accounts.rights import reads
from desktop_app.places.queries import place
from desktop_app.places.rules import address
from desktop_app.profiles.desk import desk_codes
from desktop_app.shared.clock import local_text
from desktop_app.shared.text import mask
from desktop_app.store.base import Record, record_classes
from desktop_app.store.database import Database

NAMES: Final = ("name", "title", "host_name")
"""Columns that tell a person which record is meant, the best first."""
OWNERS: Final = (
    "appeal_id",
    "order_id",
    "wish_id",
    "registration_id",
    "post_id",
    "matter_id",
    "person_id",
    "head_id",
    "meeting_id",
    "node_id",
    "building_id",
    "room_id",
)
"""References by which a record without a name of its own is called, the best first …"""
DETAILS: Final = ("text", "tag", "role", "no", "kind")
"""… together with one of these."""
CODES: Final = {
    ("meeting", "kind"): "meeting_types",
    ("appeal", "channel"): "appeal_channels",
    ("appeal", "kind"): "appeal_kinds",
    ("appeal", "klass"): "appeal_classes",
    ("appeal", "urgency"): "appeal_urgency",
    ("service_order", "colour"): "seven_colours",
    ("post", "colour"): "seven_colours",
    ("registration", "role"): "roles",
    ("seat", "role"): "roles",
    ("agenda_item", "vote_how"): "vote_methods",
}
"""Columns that keep codes; all others keep the word itself."""
BLANK: Final = "（空着）"
GONE: Final = "已不在的记录"
_WHOSE_ENTRY: Final = (
    "SELECT a.name||' '||e.kind||coalesce(' '||e.voucher_no,'') "
    "FROM points_entry e JOIN points_account a "
    "ON a.id IN (e.from_account_id,e.to_account_id) AND a.kind<>'社区' WHERE e.id=:id ORDER BY a.id=e.to_account_id"
)
_FURTHEST: Final = 2
"""References followed to find out what a record is called."""


@dataclass(frozen=True, slots=True)
class Words:
    """A value as it may be shown, and whole."""

    shown: str
    whole: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of clash: its name in lists, what happened, what the two sides and the choices are called.

    `happened` names `{what}` and `{field}`; `swap` is empty where nothing can be chosen but to have read it.
    """

    title: str
    happened: str
    sides: tuple[str, str]
    keep: str
    swap: str = ""


_TWO: Final = ("现在显示的", "另一个")
KINDS: Final = {
    "field": Kind("同一项有两个值", "{what}的{field}有两个值。", _TWO, "采用这个", "采用这个"),
    "delete_edit": Kind(
        "删除与修改",
        "{what}：一台电脑删除了这条记录，另一台同时改了它。记录保留。",
        ("改了", "删除了"),
        "保留记录",
        "删除记录",
    ),
    "undelete": Kind(
        "删除后又修改",
        "{what}：一台电脑改了这条记录，另一台在此之前删除了它。记录已恢复。",
        ("改了", "删除了"),
        "保留记录",
        "删除记录",
    ),
    "state": Kind(
        "同一步办了两次",
        "{what}：两台电脑都办了这一步。只有一次有效，另一次留在记录里，没有生效。",
        ("有效的", "没有生效的"),
        "以有效的为准",
        "改成这个",
    ),
    "overdraft": Kind(
        "余额不够",
        "{what}：合起来超过了余额：两台电脑用了同一笔，或已经用掉的存入又冲正了。每一笔都记着；请与当事人商量，"
        "再补一笔或冲一笔，补齐以后这一条自己消失。",
        ("记在前面的", "记在后面的"),
        "已经商量好",
    ),
    "moved": Kind(
        "转出后的修改",
        "{what}已经转到别的社区，这里后来的修改没有送到，内容都在下面。",
        ("转出时的", "后来改的"),
        "不用补了",
        "补上这个值",
    ),
    "dup_identity": Kind(
        "可能是同一个",
        "{what}：两台电脑各登记了一条，号码相同。两条都留着；如果是同一个，请打开记录处理。",
        ("这一条", "另一条"),
        "核对过了，都留着",
    ),
    "sealed_erased": Kind(
        "封存与清除",
        "一位居民在一台电脑上封存，在另一台电脑上清除。附件已随清除删除，封存的文字还在。"
        "请负责人决定：要保留，不用再做什么；要清除，请先解封，再清除这位居民。",
        ("先办的一方的封存日期", "后到的一方的封存日期"),
        "已经决定",
    ),
    "quarantine": Kind(
        "没有被接受",
        "{what}：服务器没有接受这次修改，内容仍保存在本机；打开记录改正以后会再次上报。",
        ("服务器上的", "没有接受的"),
        "知道了",
    ),
}
"""The kinds of clash that docs/protocol.md names."""
_OTHER: Final = Kind(
    "其他情况",
    "{what}：同步时遇到这个版本还不认识的情况（{kind}）。内容都留着，没有丢；请升级程序，或问管理员。",
    _TWO,
    "先这样",
)


def kind_of(kind: str) -> Kind:
    """What is known of a kind of clash; one that a newer server found gets words too."""
    return KINDS.get(kind, _OTHER)


# ---------------------------------------------------------------------------------------------------------------- names


def table_name(table: str) -> str:
    """The Chinese name of a table; a table of a newer version is called by its own."""
    cls = record_classes().get(table)
    return cls.__zh__ if cls else table


def field_name(table: str, field: str) -> str:
    """The Chinese name of a column; "" for a clash that is not about one."""
    cls = record_classes().get(table)
    column = cls.__table__.columns.get(field) if cls and field else None
    return field if column is None else str(column.info.get("zh") or field)


@reads("sync.settle")
def record_name(db: Database, table: str, record_id: str, *, steps: int = _FURTHEST) -> str:
    """What people call a record, deleted ones too; "" for one nobody can name."""
    cls, known = record_classes().get(table), db.tables.get(table)
    if cls is None or known is None:
        return ""
    if table in ("room", "building"):
        return _place_name(db, table, record_id)
    if table == "points_entry":
        return str(db.scalar(_WHOSE_ENTRY, {"id": record_id}) or "")
    if own := next((one for one in NAMES if one in known.columns), None):
        return _cell(db, table, own, record_id)
    detail = next((one for one in DETAILS if one in known.columns), None)
    parts = (_owner(db, cls, record_id, steps), _cell(db, table, detail, record_id) if detail else "")
    return " ".join(part for part in parts if part)


def _cell(db: Database, table: str, column: str, record_id: str) -> str:
    return _of_code(db, table, column, db.scalar(f'SELECT "{column}" FROM "{table}" WHERE id=?', (record_id,)))


def _owner(db: Database, cls: type[Record], record_id: str, steps: int) -> str:
    """What the record is called that this one belongs to."""
    table = str(cls.__tablename__)
    for name in (one for one in OWNERS if one in db.tables[table].columns and steps):
        owner = db.scalar(f'SELECT "{name}" FROM "{table}" WHERE id=?', (record_id,))
        target = str(cls.__table__.columns[name].info.get("ref") or "")
        if owner and (found := record_name(db, target, owner, steps=steps - 1)):
            return found
    return ""


def _place_name(db: Database, table: str, record_id: str) -> str:
    if table == "room":
        found = place(db, record_id)
        return found.full if found else ""
    row = db.row("SELECT e.name,b.no FROM building b LEFT JOIN estate e ON e.id=b.estate_id WHERE b.id=?", (record_id,))
    return address(row[0] or "", row[1], None, None) if row else ""


# --------------------------------------------------------------------------------------------------------------- values


@reads("sync.settle")
def value_words(db: Database, table: str, field: str, value: Any) -> Words:
    """A stored value as people read it: codes as words, references as names, instants as local time, numbers masked."""
    if isinstance(value, dict):
        return _several(db, table, value)
    if value is None or value in ("", []):
        return Words(BLANK, BLANK)
    notes = _notes(table, field)
    text = _plain(db, table, field, value, str(notes.get("ref") or ""))
    kind = str(notes.get("mask") or "")
    return Words(mask(kind, text) if kind else text, text)


def _several(db: Database, table: str, values: dict[str, Any]) -> Words:
    """A whole record, field by field."""
    parts = [(field_name(table, name), value_words(db, table, name, one)) for name, one in values.items()]
    told = [(name, words) for name, words in parts if words.whole != BLANK]
    return Words("；".join(f"{n}：{w.shown}" for n, w in told), "；".join(f"{n}：{w.whole}" for n, w in told))


def _plain(db: Database, table: str, field: str, value: Any, ref: str) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int) and (field == "at" or field.endswith("_at")):
        return local_text(value)
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    if ref:
        return record_name(db, ref, str(value)) or GONE
    if field == "covers":
        return _covers(db, str(value))
    return _of_code(db, table, field, value)


def _of_code(db: Database, table: str, field: str, value: Any) -> str:
    kind = CODES.get((table, field))
    text = "" if value is None else str(value)
    if field == "tbl":
        return table_name(text)
    return desk_codes(db, kind).name(text) if kind else text


def _covers(db: Database, text: str) -> str:
    """The buildings of a party-centre household: 桂花苑3栋（1、2单元）、5栋."""
    try:
        spans = orjson.loads(text)
        return "、".join(_cover(db, one) for one in spans) or BLANK
    except (ValueError, TypeError, AttributeError, KeyError):
        return text


def _cover(db: Database, one: dict[str, Any]) -> str:
    name = record_name(db, "building", str(one.get("building_id") or "")) or f"{one['no']}栋"
    units = "、".join(str(unit) for unit in one.get("units") or ())
    return f"{name}（{units}单元）" if units else name


def _notes(table: str, field: str) -> dict[str, Any]:
    cls: type[Record] | None = record_classes().get(table)
    column = cls.__table__.columns.get(field) if cls and field else None
    return {} if column is None else dict(column.info)
