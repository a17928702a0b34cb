"""Files on a stick: written whole or not at all, and every way a stick fails in words."""

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from desktop_app.shared.durable import sync_folder
from desktop_app.shared.errors import AppError, CorruptError
from sync_protocol.bundle import MOST_FILE

SAFE: Final = "本机的数据都在，没有变化。"
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_SHUT: Final = (errno.EROFS, errno.EACCES, errno.EPERM)
_AWAY: Final = (errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.EIO, errno.ENOTDIR, errno.ESTALE)


def write(path: Path, data: bytes) -> None:
    """Writes a file beside its place, waits until it is on the stick for good, and only then gives it its name."""
    beside = path.with_name(f".{path.name}.part")
    try:
        try:
            _write_through(beside, data)
            beside.replace(path)
        except BaseException:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise
        with suppress(OSError):  # a stick whose file system cannot do that
            sync_folder(path.parent)
    except OSError as error:
        raise _spoken(error, f"“{path.name}”没有写成") from error


def _write_through(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> bytes:
    """The whole file; AppError in words."""
    try:
        if path.stat().st_size > MOST_FILE:
            raise CorruptError(f"“{path.name}”太大，不是邻里工作站的交换文件。{SAFE}", next_step="请核对选的文件。")
        return path.read_bytes()
    except OSError as error:
        raise _spoken(error, f"“{path.name}”读不出来") from error


def _spoken(error: OSError, what: str) -> AppError:
    if error.errno in _FULL:
        return AppError(f"U盘满了，{what}。{SAFE}", next_step="请清出一些空间，或换一个U盘，再试一次。")
    if error.errno in _SHUT:
        return AppError(f"U盘写保护，或没有权限，{what}。{SAFE}", next_step="请打开U盘的写保护开关，或换一个位置。")
    if error.errno in _AWAY:
        return AppError(f"找不到U盘或文件，{what}。{SAFE}", next_step="请检查U盘是否插好，再试一次。")
    return AppError(f"{what}（{error.strerror}）。{SAFE}", next_step="请换一个U盘再试；仍不行请联系维护人员。")
