"""What a command is told in words: a record by its number or name, a workbook to write."""

from pathlib import Path
from typing import Final, TypeVar

from desktop_app.app import App
from desktop_app.shared.errors import AppError, UsageError
from desktop_app.store.base import Record

R = TypeVar("R", bound=Record)
T = TypeVar("T")
_LISTED: Final = {
    "appeal": "appeal list",
    "list_item": "partner lists",
    "matter": "matter list",
    "meeting": "meeting list",
    "post": "report-in list",
    "registration": "report-in list",
    "service_order": "order list",
    "subject_request": "request list",
    "wish": "wish list",
}
"""The command that lists the records of a table."""


def is_numbered(cls: type[Record]) -> bool:
    """Whether a person may name such a record by its number."""
    return cls.__tablename__ in _LISTED


def one_of(app: App, cls: type[R], words: str, *fields: str) -> R:
    """The record of this identifier, or the only one with these words in one of the fields, its number if none is told.

    AppError where there is none, or several.
    """
    named = " OR ".join(f"{field}=:told" for field in fields or ("no",))
    sql = f"SELECT id FROM {cls.__tablename__} WHERE sync_del=0 AND (id=:told OR {named})"
    rows = app.db.rows(sql, {"told": words})
    found = app.db.get(cls, rows[0][0]) if len(rows) == 1 else None
    if found is None:
        many = "不止一个" if rows else "没有找到"
        listed = f"可用 linli {_LISTED[cls.__tablename__]} 列出。"
        raise AppError(f"{cls.__zh__}“{words}”{many}，什么也没有做。", next_step=f"请用编号，{listed}")
    return found


def there(found: T | None, zh: str) -> T:
    """What was asked for; AppError for what has gone meanwhile."""
    if found is None:
        raise AppError(f"{zh}已经不在了。", next_step="请重新列出。")
    return found


def workbook(words: str, name: str = "名称") -> Path:
    """Where a list is written to; UsageError for any other kind of file."""
    path = Path(words).expanduser()
    if path.suffix.lower() != ".xlsx":
        raise UsageError("只能导出为 .xlsx，什么也没有导出。", next_step=f"请把文件名写成 {name}.xlsx 的样子。")
    return path
