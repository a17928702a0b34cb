"""What an administrator reads when the machine says no: what happened, that the data are there, and what to do."""

import errno
import sqlite3
from pathlib import Path
from typing import Final

from central_server.storage import UnavailableError

SAFE: Final = "服务器的数据没有丢失。"
_WHY: Final = {
    errno.ENOENT: ("文件夹或文件不存在", "请核对路径，移动硬盘、U盘或网络盘是否已经接上。"),
    errno.ENOTDIR: ("路径中有一段不是文件夹", "请核对路径。"),
    errno.EISDIR: ("那是一个文件夹，不是文件", "请写明文件名。"),
    errno.EEXIST: ("那里已经有一个文件，没有覆盖", "请换一个名字，或先把它移走。"),
    errno.EACCES: ("没有权限", "请用 root 或运行服务器的用户再试。"),
    errno.EPERM: ("没有权限", "请用 root 或运行服务器的用户再试。"),
    errno.EROFS: ("那里是只读的", "请换一个位置。"),
    errno.ENOSPC: ("磁盘满了", "请腾出空间再试；写了一半的文件可以删掉。"),
    errno.EDQUOT: ("超过了磁盘配额", "请腾出空间再试；写了一半的文件可以删掉。"),
    errno.EIO: ("磁盘读写出错", "请检查磁盘；仍不行请从备份恢复，见 docs/server.md。"),
}


def reason(error: OSError) -> tuple[str, str]:
    """Why the system refused, and what to do."""
    return _WHY.get(error.errno or 0, (error.strerror or str(error), "请把这句话告诉维护人员。"))


def os_words(error: OSError, data: Path | None) -> str:
    """An error of the system, with the path it is about."""
    if isinstance(error, UnavailableError):
        return f"数据库没有回应：{error}\n{SAFE}请核对数据库的地址和口令，看它是否在运行，再试一次。"
    why, then = reason(error)
    path = Path(str(error.filename)) if error.filename else None
    if path is None or (data is not None and (path == data or data in path.parents)):
        return f"无法打开数据文件夹 {data or ''}：{why}。{SAFE}{then}"
    return f"“{path}”：{why}。{SAFE}{then}"


def database_words(error: sqlite3.Error, data: Path | None) -> str:
    """An error of SQLite: the file is damaged, shut, full, or no database at all."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return f"磁盘满了，没有写成。{SAFE}请腾出空间再试。"
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return f"数据文件夹 {data or ''} 里的数据库打不开：没有权限，或那里是只读的。{SAFE}{_WHY[errno.EACCES][1]}"
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"数据库正忙，没有执行。{SAFE}请过一会儿再试。"
    return (
        f"数据文件夹 {data or ''} 里的 central.db 不是数据库，或已损坏（{error}）。什么也没有改。"
        "请停下服务，用 restore-check 检查最近的备份，再按 docs/server.md 恢复；各台电脑会自动补传备份以后的内容。"
    )
