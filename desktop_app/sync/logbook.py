"""The last exchanges with the server, for the person and for support.  Nothing in them names a resident."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from desktop_app.shared.clock import local_text
from desktop_app.shared.private import unwritten
from desktop_app.store.database import Database
from desktop_app.sync import state, units
from desktop_app.sync.status import status

KEPT: Final = 500
HEADERS: Final = ("时间", "结果", "上报", "收到", "毫秒", "说明")
_DIGITS: Final = re.compile(r"\d(?=\d{4})")
_RESULTS: Final = {
    "ok": "成功",
    "stick": "U盘导入",
    "NetworkError": "连不上",
    "FuseError": "停下来问",
    "LockedError": "正忙",
    "CorruptError": "文件有损",
    "NeedsUpgradeError": "要升级",
    "HISTORY": "服务器恢复过",
    "CLONE": "换了身份",
    "TOO_OLD": "逐条核对",
    "TOO_LARGE": "内容太多",
    "UPGRADE": "版本太旧",
    "BUSY": "服务器忙",
    "SERVER_ERROR": "服务器出错",
    "SCOPE_GONE": "社区已并入",
}


@dataclass(frozen=True, slots=True)
class Exchange:
    """One exchange with the server; `at` in UTC ms, `good` if it came to its end, `ms` how long it took."""

    no: int
    at: int
    good: bool
    text: str
    pushed: int
    pulled: int
    ms: int = 0
    kind: str = "ok"

    @property
    def result(self) -> str:
        """How it ended, in a word or two."""
        return _RESULTS.get(self.kind, "没有成功")

    @property
    def cells(self) -> tuple[Any, ...]:
        """A line under `HEADERS`; longer numbers keep their last four figures only."""
        words = _DIGITS.sub("*", self.text)
        return local_text(self.at, "%Y-%m-%d %H:%M:%S"), self.result, self.pushed, self.pulled, self.ms, words


def exchanges(db: Database, most: int = KEPT) -> list[Exchange]:
    """The last exchanges, newest first."""
    rows = db.rows(
        "SELECT no,at,kind IN ('ok','stick'),text,pushed,pulled,ms,kind FROM sync_log ORDER BY no DESC LIMIT ?", (most,)
    )
    return [Exchange(no, at, bool(good), *rest) for no, at, good, *rest in rows]


def facts(db: Database) -> list[tuple[str, str]]:
    """Where this desk stands, as support asks for it."""
    now, seen = state.read(db), status(db)
    return [
        ("记录时间", local_text(db.clock.ms(), "%Y-%m-%d %H:%M:%S")),
        ("已接入", "是" if seen.enrolled else "否"),
        ("服务器", seen.server),
        ("单位代码", str(now.scope)),
        ("本机编号", str(now.device)),
        ("本单位电脑", "、".join(units.desks(db))),
        ("已收到序号", str(now.cur)),
        ("已上报批次", str(now.batch_no)),
        ("待上报", str(seen.waiting)),
        ("未被接受", str(seen.set_aside)),
        ("待确认", str(seen.conflicts)),
        ("上次成功", local_text(seen.last_ok_at) if seen.last_ok_at else "没有过"),
    ]


def as_text(db: Database, lines: Sequence[Exchange]) -> str:
    """The log as text, a line for each exchange, tabs between the columns."""
    head = [f"{name}：{value}" for name, value in facts(db)]
    body = ["\t".join(str(cell) for cell in one.cells) for one in lines]
    return "\n".join([*head, "", "\t".join(HEADERS), *body, ""])


def save(db: Database, path: Path) -> int:
    """Writes the log to a .txt or .xlsx and returns how many exchanges it holds; AppError if it cannot be written."""
    lines = exchanges(db)
    if path.suffix.lower() == ".xlsx":
        from desktop_app.spreadsheets.workbook import SheetOut, write

        log = SheetOut("同步记录", HEADERS, [one.cells for one in lines], widths=(20, 14, 8, 8, 8, 90))
        write(path, [log, SheetOut("本机", ("项目", "内容"), facts(db), widths=(16, 44))])
    else:
        _write_text(path, as_text(db, lines))
    return len(lines)


def _write_text(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8-sig")  # Notepad on an office computer tells UTF-8 by the mark
    except OSError as error:
        raise unwritten(path, error, "同步记录都还在") from error
