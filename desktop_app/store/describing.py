"""What stands beside a store in the clear: `store.json`, without which a folder is none."""

import json
from pathlib import Path
from typing import Any, Final

from desktop_app.shared.errors import CorruptError

FILE: Final = "store.json"


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
