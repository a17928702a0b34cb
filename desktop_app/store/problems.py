"""What the database and the disk say, in words for the person at the desk."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import sqlcipher3
from sqlalchemy.exc import DBAPIError

from desktop_app.shared.errors import AppError, CorruptError, LockedError

_SPOKEN: tuple[tuple[tuple[str, ...], type[AppError], str, str], ...] = (
    (
        ("locked", "busy"),
        LockedError,
        "另一个窗口或命令正在写数据，这一步没有保存，已有数据没有变化。",
        "请稍等几秒再试一次。",
    ),
    (("is full",), AppError, "磁盘满了，这一步没有保存，已有数据没有变化。", "请清出一些空间后再试一次。"),
    (
        ("readonly", "read-only"),
        AppError,
        "数据文件夹是只读的，这一步没有保存，已有数据没有变化。",
        "请检查文件夹的写入权限。",
    ),
    (("append only",), AppError, "这类记录只能追加，不能改写。", "请另记一条更正。"),
    (
        ("malformed", "not a database"),
        CorruptError,
        "数据库文件有损坏，这一步没有保存。",
        "请不要继续录入，关闭程序后运行“linli repair”。",
    ),
    (
        ("disk I/O", "unable to open"),
        AppError,
        "读写磁盘时出错，这一步没有保存。",
        "请检查磁盘和文件夹权限后再试。",
    ),
)
"""Words in SQLite's message, the kind of error, what happened, what to do."""
_DISK = {
    errno.ENOSPC: "disk is full",
    errno.EDQUOT: "disk is full",
    errno.EROFS: "readonly",
    errno.EACCES: "readonly",
    errno.EPERM: "readonly",
    errno.EIO: "disk I/O",
    errno.EFBIG: "disk is full",
}
"""What the operating system says about the disk, in SQLite's words."""


@contextmanager
def speaking() -> Iterator[None]:
    """Turns what the database or the disk says into an AppError; an error of another kind is a bug and passes."""
    try:
        yield
    except (sqlcipher3.dbapi2.Error, DBAPIError, OSError) as error:
        known = known_as(getattr(error, "orig", None) or error)
        if known is None:
            raise
        raise known from error


def spoken(error: Exception) -> AppError:
    """An AppError for any error of the database; nothing of the action was kept, its transaction was rolled back."""
    return known_as(error) or AppError(
        f"数据库没有接受这一步（{error}），已有数据没有变化。", next_step="请把这句话告诉维护人员。"
    )


def known_as(error: Exception) -> AppError | None:
    """An AppError for what the database or the disk says, None for anything else."""
    words = _DISK.get(error.errno or 0, "") if isinstance(error, OSError) else str(error)
    for marks, kind, message, next_step in _SPOKEN:
        if any(mark in words for mark in marks):
            return kind(message, next_step=next_step)
    return None
