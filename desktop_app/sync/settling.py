"""What may become of a field two people wrote: whether it can be set, both values as one, and a third one checked."""

from functools import partial
from typing import Any, Final

from sqlalchemy import Boolean

from desktop_app.profiles.desk import code_of
from desktop_app.residents.model import Person
from desktop_app.residents.rules import must_be_sound
from desktop_app.shared.dates import iso_date
from desktop_app.shared.errors import AppError
from desktop_app.shared.identity import normalise_id
from desktop_app.shared.text import clean, clean_name, clean_note
from desktop_app.store.base import Record, record_classes
from desktop_app.store.database import Database, Transaction
from desktop_app.sync.wording import CODES, field_name

LISTS: Final = frozenset({"phones"})
"""Columns that hold several values with blanks between them, the preferred one first."""
LONG: Final = frozenset({"note", "discussion", "text", "lead", "services"})
"""Columns of several lines."""
JOINED_BY_COMMA: Final = frozenset(
    {"used_name", "occupation", "employer", "detail", "evidence", "reason", "helpers", "alias", "hazard", "place"}
)
"""Short words that may well be several."""
_FIELDS: Final = ("name", "id_no", "id_type", "sex", "birth", "phones")


def notes(table: str, field: str) -> dict[str, Any]:
    """The notes of a column; none for one this version does not know."""
    cls = record_classes().get(table)
    column = cls.__table__.columns.get(field) if cls and field else None
    return {} if column is None else dict(column.info)


def settable(db: Database, table: str, field: str) -> bool:
    """Whether a field can be given another value: this version knows it, and records of its table may be changed."""
    cls, known = record_classes().get(table), db.tables.get(table)
    if cls is None or known is None:
        return False
    return field in known.columns and not cls.__append_only__ and field not in cls.__final__


def joined(table: str, field: str, first: Any, second: Any) -> str | None:
    """Both values as one, the one that stands first; None where that makes no sense, as for a date or a name."""
    if (table, field) in CODES or field not in LISTS | LONG | JOINED_BY_COMMA:
        return None
    one, other = (value.strip() if isinstance(value, str) else "" for value in (first, second))
    if not one or not other:
        return None
    if field in LISTS:
        return " ".join(dict.fromkeys([*one.split(), *other.split()]))
    if one in other or other in one:
        return max(one, other, key=len)
    return f"{one}\n{other}" if field in LONG else f"{one}、{other}"


def must_be_open(tx: Transaction, record: Record) -> None:
    """AppError for what was signed, and for what stands under a signature."""
    parents = [(type(record), record)]
    for column in type(record).__table__.columns:
        cls = record_classes().get(str(column.info.get("ref") or ""))
        if cls is not None and cls.__final__ and (found := tx.get(cls, getattr(record, column.name))):
            parents.append((cls, found))
    for cls, one in parents:
        if any(getattr(one, name) is not None for name in cls.__final__):
            raise AppError(
                f"{cls.__zh__}已经签字，内容锁定，没有改动。", next_step="要改正请添加更正，这一条选“保留现值”。"
            )


def sound(db: Database, record: Record, field: str, typed: str) -> Any:
    """What was typed, as the column keeps it; AppError at the field where the record would not be sound with it."""
    value = _typed(record, field, typed)
    if isinstance(record, Person):
        fields = {name: getattr(record, name) for name in _FIELDS}
        must_be_sound({**fields, field: value}, db.clock.today(), paper=partial(code_of, db, "id_types"))
    return value


def _typed(record: Record, field: str, typed: str) -> Any:
    column = type(record).__table__.columns[field]
    text = clean_note(typed) if field in LONG else clean(typed)
    if not text:
        return _blank(record, field, nullable=bool(column.nullable))
    if isinstance(column.type, Boolean):
        return text in ("是", "1")
    kind = column.type.python_type
    return _number(record, field, text, kind) if kind in (int, float) else _tidy(record, field, text)


def _tidy(record: Record, field: str, text: str) -> str:
    """Text as the forms keep it."""
    if field in LISTS:
        return " ".join(text.replace("，", " ").replace(",", " ").split())
    if field == "birth" or field.endswith("_on"):
        return _date(record, field, text)
    if field == "id_no":
        return normalise_id(text)
    return clean_name(text) if field in ("name", "host_name") else text


def _date(record: Record, field: str, text: str) -> str:
    if found := iso_date(text):
        return found
    name = field_name(str(record.__tablename__), field)
    raise AppError(f"{name}“{text}”不是日历上有的日期，没有改动。", field=field, next_step="请改正。")


def _blank(record: Record, field: str, *, nullable: bool) -> str | None:
    if nullable:
        return None
    if field in LISTS:
        return ""
    raise AppError(
        f"{field_name(str(record.__tablename__), field)}不能空着，没有改动。", field=field, next_step="请填写。"
    )


def _number(record: Record, field: str, text: str, kind: type[Any]) -> Any:
    try:
        return kind(text)
    except ValueError as error:
        name = field_name(str(record.__tablename__), field)
        raise AppError(f"{name}要填数字，没有改动。", field=field, next_step="请改正。") from error
