"""The spreadsheets of care: bells, pairs, who needs care; numbers masked as on the screen."""

from collections.abc import Sequence
from pathlib import Path

from desktop_app.care.queries import BellLine, CaredLine, PairLine
from desktop_app.spreadsheets.workbook import SheetOut, write

_BELLS = (
    *("使用人", "住址", "类型", "位置", "设备编号", "响应半径（米）", "安装日期", "上次试铃", "下次试铃"),
    *("报警次数", "上次报警", "状态"),
)
_PAIRS = (
    *(
        "关爱对象",
        "住址",
        "类别",
        "结对人",
        "单位",
        "电话（已遮盖）",
        "间隔（天）",
        "结对日期",
        "上次走访",
        "结对人上次",
    ),
    *("应走访日期", "逾期（天）", "需要核对"),
)
_CARED = (*("姓名", "性别", "年龄", "住址", "电话（已遮盖）", "关爱类别", "起", "依据", "结对人", "门铃", "上次走访"),)


def bells_out(lines: Sequence[BellLine]) -> SheetOut:
    """The bells, one a row."""
    rows = [
        (b.name, b.address, b.kind, b.place, b.device_no, b.radius_m, b.installed_on, b.last_test, b.state.test_due,
         b.alarms, b.last_alarm, b.word)
        for b in lines
    ]  # fmt: skip
    return SheetOut("门铃", _BELLS, rows)


def pairs_out(lines: Sequence[PairLine]) -> SheetOut:
    """The pairs, one a row."""
    rows = [
        (p.name, p.address, p.care_class, p.helper, p.helper_unit, p.helper_phone, p.days, p.from_on,
         p.last_on or "还没有", p.by_helper or "", p.due_on, max(p.days_over, 0), p.doubt)
        for p in lines
    ]  # fmt: skip
    return SheetOut("结对", _PAIRS, rows)


def cared_out(lines: Sequence[CaredLine]) -> SheetOut:
    """Those who need care, one a row."""
    rows = [
        (c.name, c.sex, c.age, c.address, c.phone, "、".join(c.classes), c.since, c.evidence, c.helper,
         "有" if c.bell else "", c.last_on or "")
        for c in lines
    ]  # fmt: skip
    return SheetOut("关爱对象", _CARED, rows)


def write_care(path: str | Path, *sheets: SheetOut) -> Path:
    """A workbook of these sheets."""
    return write(path, list(sheets))
