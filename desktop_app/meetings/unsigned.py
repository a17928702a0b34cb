"""A meeting may be written in until its record is signed: what every action on it asks first."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.meetings.model import AgendaItem, Attendance, Meeting, Resolution
from desktop_app.meetings.noting import plain
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database, Transaction

_LONG: Final = frozenset({"discussion", "text", "lead", "result"})
"""Fields of several lines."""


def tidy(field: str, value: Any) -> Any:
    """A text without what no font can show, in one line but for the long ones; whatever is no text as it is."""
    if not isinstance(value, str):
        return value
    return plain(value).rstrip() if field in _LONG else " ".join(plain(value).split())


def tidied(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The same for all that is to be changed."""
    return {name: tidy(name, value) for name, value in changes.items()}


def tidy_record(meeting: Meeting) -> None:
    """The same for a new meeting."""
    for name in Meeting.__table__.columns.keys():  # noqa: SIM118 a collection of columns, not a mapping
        setattr(meeting, name, tidy(name, getattr(meeting, name)))


@contextmanager
def opened(
    db: Database, actor: Actor, what: str, meeting_id: str, why: str = ""
) -> Iterator[tuple[Transaction, Meeting]]:
    """A transaction on a meeting that is not signed yet."""
    with db.transaction(actor, what, why) as tx:
        meeting = tx.need(Meeting, meeting_id)
        if meeting.signed_at is not None:
            raise AppError(
                f"“{meeting.title}”的记录已经签字，没有改动。", next_step="确有错误时请“添加更正”，原记录保持不变。"
            )
        yield tx, meeting


def meeting_of(db: Database, cls: type[AgendaItem | Attendance | Resolution], row_id: str) -> str:
    """The meeting a part belongs to.  AppError where the part is gone."""
    found = db.get(cls, row_id)
    if found is None:
        raise AppError(f"这条{cls.__zh__}已经不在了，没有改动。", next_step="请刷新后再试。")
    return found.meeting_id


def next_seq(tx: Transaction, table: str, meeting_id: str) -> int:
    """The number after the last one in use."""
    return int(
        tx.scalar(f"SELECT coalesce(max(seq),0)+1 FROM {table} WHERE meeting_id=? AND sync_del=0", (meeting_id,))
    )


def filled(value: str | None, field: str, zh: str) -> str:
    """A text that has to be there, without blanks around it."""
    text = str(tidy(field, value or "")).strip()
    if not text:
        raise AppError(f"{zh}没有填，没有保存。", field=field, next_step=f"请填写{zh}。")
    return text
