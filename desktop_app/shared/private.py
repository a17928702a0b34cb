"""Files with personal data that leave the program: only their owner may read them, and they are whole or not there."""

import errno
import os
from contextlib import suppress
from pathlib import Path

from desktop_app.shared.errors import AppError

OWNER_ONLY = 0o600
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def begin(path: Path) -> None:
    """Makes an empty file that only its owner may read, in place of whatever was there.  OSError where it cannot."""
    path.unlink(missing_ok=True)  # an older one would keep its mode
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY))


def write(path: Path, data: bytes) -> None:
    """Writes a file that only its owner may read, whole or not at all.  OSError where it cannot be written."""
    part = path.with_name(f".{path.name}.part")
    try:
        begin(part)
        part.write_bytes(data)
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def unwritten(path: Path, error: Exception, kept: str = "系统里的数据没有变化") -> AppError:
    """What to tell when a file could not be written; `kept` says what is safe."""
    cause = error if isinstance(error, OSError) else next(iter(error.args), None)  # a library may wrap it
    if isinstance(cause, OSError) and cause.errno in _FULL:
        return AppError(
            f"磁盘满了，“{path.name}”没有存下。{kept}。", next_step="请清出一些空间，或换一个盘（如 U 盘）再存。"
        )
    return AppError(
        f"“{path.name}”写不进去，可能正被 WPS 或 Excel 打开，或文件夹不能写。{kept}。",
        next_step="请关闭这个文件，或换一个文件夹再试。",
    )
