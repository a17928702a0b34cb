"""个人信息档案: everything that is held about one person, in Chinese words; other people in it stay masked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from desktop_app.accounts.rights import reads
from desktop_app.points import queries
from desktop_app.points.queries import AccountFilter
from desktop_app.profiles.desk import desk_codes
from desktop_app.residents.model import Person
from desktop_app.shared.clock import local_text
from desktop_app.shared.text import mask
from desktop_app.store import standing
from desktop_app.store.base import Record, record_classes
from desktop_app.store.database import Database

_HIDDEN: Final = frozenset({"id", "local_no"})
_APART: Final = frozenset({"approval", "duplicate_verdict", "subject_request"})
"""Listed by their own rules: who looked and who asked stands in the part about handling."""
_BY_OWNER: Final = {"attachment": ("owner_id", "owner_table='person'"), "print_job": ("subject_id", "1")}
_PEOPLE: Final = frozenset({"workers", "by_name", "to_whom"})
_CODED: Final = {
    ("appeal", "channel"): "appeal_channels",
    ("appeal", "kind"): "appeal_kinds",
    ("appeal", "klass"): "appeal_classes",
    ("appeal", "urgency"): "appeal_urgency",
}
_SILENT: Final = frozenset(
    {
        ("appeal", "ladder"),
        ("attachment", "owner_table"),
        ("attachment", "owner_id"),
        ("attachment", "thumb"),
        ("print_job", "subject_id"),
        ("print_job", "subject_kind"),
    }
)
"""Columns that say nothing to a reader."""


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of record: its Chinese name, and of each record the labels and values that are filled in."""

    title: str
    records: tuple[tuple[tuple[str, str], ...], ...]


@reads("privacy.export")
def dossier(db: Database, person: Person) -> list[Part]:
    """Everything about a person, the master record first; the person's own numbers whole, those of others masked."""
    parts = [Part(Person.__zh__, (_told(db, person, own=True),))]
    parts += [part for part in _kinds(db, person) if part.records]
    return [*parts, *_savings(db, person), *_handling(db, person)]


def _kinds(db: Database, person: Person) -> Iterator[Part]:
    seen: dict[type[Record], list[str]] = {}
    for cls, column, target in standing.references():
        if target is Person and cls.__tablename__ not in _APART:
            seen.setdefault(cls, []).append(f'"{column}"=:person')
    for name, (column, condition) in _BY_OWNER.items():
        seen.setdefault(record_classes()[name], []).append(f"({column}=:person AND {condition})")
    for cls, conditions in seen.items():
        sql = f'SELECT id FROM "{cls.__tablename__}" WHERE sync_del=0 AND ({" OR ".join(conditions)}) ORDER BY local_no'
        ids = [str(id_) for (id_,) in db.rows(sql, {"person": person.id})]
        found = [record for id_ in ids if (record := db.get(cls, id_))]
        yield Part(cls.__zh__, tuple(_told(db, record, own=False, person=person) for record in found))


def _told(db: Database, record: Record, *, own: bool, person: Person | None = None) -> tuple[tuple[str, str], ...]:
    return tuple(
        (str(column.info["zh"]), shown)
        for column in record.__table__.columns
        if column.info and column.name not in _HIDDEN and (record.__tablename__, column.name) not in _SILENT
        if (shown := _shown(db, column, getattr(record, column.name), own=own, person=person))
    )


def _shown(db: Database, column: Any, value: Any, *, own: bool, person: Person | None) -> str:
    if value in (None, "", "[]", 0):
        return ""
    text = str(value)
    if target := column.info.get("ref"):
        return _name(db, target, text, person)
    if table := _CODED.get((column.table.name, column.name)):
        return desk_codes(db, table).name(text)
    if isinstance(value, int) and (column.name == "at" or column.name.endswith("_at")):
        return local_text(value)
    return text if own else _masked(column, text, person)


def _masked(column: Any, text: str, person: Person | None) -> str:
    """Other people in a record of this person."""
    kind = column.info.get("mask")
    if kind and not _is_own(person, text):
        return mask(kind, text)
    if column.name in _PEOPLE and person and text != person.name:
        return "、".join(mask("name", name) for name in text.split("、"))
    return text


def _is_own(person: Person | None, value: str) -> bool:
    """Whether a number is the person's own, written down in another record."""
    return person is not None and (value == person.id_no or value in person.phones.split())


def _name(db: Database, table: str, record_id: str, person: Person | None) -> str:
    """What an identifier stands for; nothing where it is the person himself."""
    if person and record_id == person.id:
        return ""
    names = [name for name in ("name", "title", "no") if name in db.tables[table].columns]
    if not names:
        return ""
    found = str(db.scalar(f"SELECT coalesce({','.join(names)},'') FROM \"{table}\" WHERE id=?", (record_id,)) or "")
    return mask("name", found) if table in {"person", "staff"} else found


def _savings(db: Database, person: Person) -> Iterator[Part]:
    """What came into and went out of each account: entries name the account, not the person."""
    labels = ("日期", "收支类别", "服务事项", "存入", "支出", "结余", "审核人", "没有生效的原因")
    for account in queries.accounts(db, AccountFilter(person_id=person.id, closed=True)):
        book = queries.passbook(db, account.id)
        rows = [
            (one.on, one.kind, one.text, str(one.came), str(one.went), str(one.balance),
             "、".join(mask("name", who) for who in (one.attest1, one.attest2) if who), one.void)
            for one in (book.lines if book else ())
        ]  # fmt: skip
        if rows:
            yield _table(f"{account.kind}存折", labels, rows)


def _handling(db: Database, person: Person) -> list[Part]:
    """Who looked at whole values, and what was asked before: the person may know (PIPL art. 44)."""
    looks = db.rows(
        "SELECT at,what,coalesce(why,'') FROM journal_action WHERE what LIKE '查看完整%' AND instr(what,?) ORDER BY no",
        (f"居民 {person.name}",),
    )
    asked = db.rows(
        "SELECT coalesce(no,''),kind,received_on,coalesce(decision,''),coalesce(answered_on,'') FROM subject_request "
        "WHERE person_id=? AND sync_del=0 ORDER BY received_on",
        (person.id,),
    )
    approvals = db.rows(
        "SELECT asked_at,kind,coalesce(verdict,'') FROM approval WHERE person_id=? AND sync_del=0 ORDER BY asked_at",
        (person.id,),
    )
    parts = (
        _table("查看记录", ("时间", "事项", "用途"), [(local_text(at), _verb(what), why) for at, what, why in looks]),
        _table("个人信息申请", ("编号", "类型", "收到日期", "处理决定", "答复日期"), asked),
        _table("审批", ("申请时间", "事项", "结论"), [(local_text(at), *rest) for at, *rest in approvals]),
    )  # fmt: skip
    return [part for part in parts if part.records]


def _table(title: str, labels: Sequence[str], rows: Sequence[Sequence[str]]) -> Part:
    return Part(title, tuple(tuple(zip(labels, row, strict=True)) for row in rows))


def _verb(what: str) -> str:
    return what.partition("：")[0]
