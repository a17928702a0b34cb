"""What stands beside a store in the clear: `store.json`, without which a folder is none."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from desktop_app.shared.errors import AppError, CorruptError

FILE: Final = "store.json"


def exists(home: Path) -> bool:
    """Whether a store was made in this folder."""
    return (home / FILE).exists()


def describe(home: Path) -> dict[str, Any]:
    """`keys` (where they are), `store_id`, perhaps `earlier` (fingerprints of keys), `restored` (from which copy)."""
    try:
        found: dict[str, Any] = json.loads((home / FILE).read_text("utf-8"))
        whole = isinstance(found["keys"], str) and isinstance(found["store_id"], str)
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged() from error
    if not whole:
        raise _damaged()
    return found


def _damaged() -> CorruptError:
    return CorruptError(f"{FILE} 已损坏，数据没有打开。", next_step="请从备份里恢复这个文件。")


@contextmanager
def fresh_home(into: Path) -> Iterator[None]:
    """A folder for a store, made if it is not there and removed again if nothing came of it."""
    if exists(into):
        raise AppError(f"{into} 里已经有一份数据，没有覆盖它。", next_step="请换一个新的文件夹。")
    fresh = not into.exists()
    try:
        into.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AppError(f"不能在 {into} 建立文件夹，没有恢复。", next_step="请换一个有写入权限的位置。") from error
    try:
        yield
    except BaseException:
        if fresh:
            into.rmdir()
        raise
