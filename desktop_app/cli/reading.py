"""find, show, history: commands that only read."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from desktop_app.accounts.rights import demand, right_to
from desktop_app.app import App
from desktop_app.cli.naming import is_numbered, one_of
from desktop_app.cli.output import table
from desktop_app.cli.session import Session
from desktop_app.privacy.actions import look
from desktop_app.residents import queries as residents
from desktop_app.residents.model import Person
from desktop_app.shared.clock import local_text
from desktop_app.shared.errors import AppError, UsageError
from desktop_app.shared.text import mask
from desktop_app.store.base import Record, record_classes
from desktop_app.store.history import history

_ID_LENGTH = 32
KINDS = {
    "resident": "person",
    "household": "household",
    "room": "room",
    "building": "building",
    "estate": "estate",
    "meeting": "meeting",
    "centre": "party_centre_household",
}
"""What a person may call a record on the command line, and its table."""


def find(session: Session) -> None:
    """`linli find TEXT`: the search box."""
    with session.app() as app:
        hits = residents.find(app.db, " ".join(session.arguments.text), session.arguments.limit)
    if not hits:
        session.out.result([], "没有找到。可以试试姓名、拼音首字母、证件号后四位、电话、房号（3-2-501）。")
        return
    rows = [(h.name, h.sex, h.birth, h.estate, h.address, h.id_tail and f"…{h.id_tail}", h.id) for h in hits]
    headers = ("姓名", "性别", "出生日期", "小区", "房号", "证件", "编号")
    session.out.result([asdict(hit) for hit in hits], table(headers, rows))


def record_class(kind: str, kinds: Mapping[str, str] = KINDS) -> type[Record]:
    """The class behind a word of the command line."""
    if kind not in kinds:
        raise UsageError(f"没有“{kind}”这类记录。", next_step=f"可以是：{'、'.join(kinds)}。")
    return record_classes()[kinds[kind]]


def resolve(app: App, kind: str, words: str, kinds: Mapping[str, str] = KINDS) -> Record:
    """A record by its identifier; a resident also by whatever finds exactly one person, a meeting by its number."""
    cls = record_class(kind, kinds)
    demand(app.db, app.actor, right_to("read", cls))
    found = app.db.get(cls, words) if len(words) == _ID_LENGTH else None
    if found is None and cls is Person:
        hits = residents.find(app.db, words, 2)
        if len(hits) > 1:
            raise AppError(f"“{words}”找到不止一个人。", next_step="请用编号（linli find 会列出），或说得更具体些。")
        found = app.db.get(Person, hits[0].id) if hits else None
    if found is None and is_numbered(cls):
        return one_of(app, cls, words)
    if found is None:
        raise AppError(f"没有找到{cls.__zh__}“{words}”。", next_step="请核对编号。")
    return found


def show(session: Session) -> None:
    """`linli show KIND ID`: one record, masked unless a reason is given."""
    with session.app() as app:
        record = resolve(app, session.arguments.kind, session.arguments.id)
        if session.arguments.unmask:
            look(app.db, app.actor, type(record), record.id, "号码", session.arguments.unmask)
        content = fields(record, unmasked=bool(session.arguments.unmask))
        if isinstance(record, Person):
            content |= _around(app, record)
        words = {**content, **_in_words(app, record)}
    labels = {column.name: str(column.info.get("zh") or column.name) for column in record.__table__.columns}
    lines = [
        f"{labels.get(name, name)}：{value}"
        for name, value in words.items()
        if value not in (None, "", []) and not isinstance(value, (list, dict))
    ]
    session.out.result({"kind": session.arguments.kind, "id": record.id, **content}, [*lines, f"编号：{record.id}"])


def fields(record: Record, *, unmasked: bool) -> dict[str, Any]:
    """The business fields of a record."""
    content: dict[str, Any] = {}
    for column in record.__table__.columns:
        if not column.info:
            continue
        value = getattr(record, column.name)
        kind = column.info.get("mask")
        content[column.name] = value if unmasked or not kind or not value else mask(kind, str(value))
    return content


def _in_words(app: App, record: Record) -> dict[str, str]:
    """What identifiers in a record stand for, and instants as local time."""
    found: dict[str, str] = {}
    for column in record.__table__.columns:
        target, value = column.info.get("ref"), getattr(record, column.name)
        if target and value:
            names = [name for name in ("name", "title", "no") if name in app.db.tables[target].columns]
            sql = f"SELECT coalesce({','.join([*names, 'id'])}) FROM {target} WHERE id=?"
            found[column.name] = str(app.db.scalar(sql, (value,)) or value)
        elif column.name.endswith("_at") and isinstance(value, int):
            found[column.name] = local_text(value)
    return found


def _around(app: App, person: Person) -> dict[str, Any]:
    detail = residents.detail(app.db, person.id)
    if detail is None:
        return {}
    return {
        "住址": detail.place.full if detail.place else "",
        "标签": "、".join(tag.tag for tag in detail.tags if tag.to_on is None),
        "家庭成员": "、".join(f"{m.name}（{m.relation or '成员'}）" for m in detail.members),
    }


def show_history(session: Session) -> None:
    """`linli history KIND ID`: what changed, when and by whom."""
    with session.app() as app:
        record = resolve(app, session.arguments.kind, session.arguments.id)
        entries = history(app.db, type(record), record.id)
    lines = [
        f"{local_text(entry.at)}  {entry.who or '—'}  {entry.what}"
        + "".join(f"\n    {c.label}：{_shown(c.before)} → {_shown(c.after)}" for c in entry.changes)
        for entry in entries
    ]
    session.out.result([asdict(entry) for entry in entries], lines)


def _shown(value: Any) -> str:
    return "（空）" if value in (None, "") else str(value)
