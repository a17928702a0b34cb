"""The spreadsheets of orders: lists out, helpers and rosters in.  Nothing raises for a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_app.accounts.rights import reads
from desktop_app.orders import people
from desktop_app.orders.finding import HelperLine
from desktop_app.orders.model import Helper
from desktop_app.orders.queries import OrderLine
from desktop_app.orders.reporting_lists import PostLine, RegistrationLine
from desktop_app.orders.roster import Served, ShiftLine
from desktop_app.orders.wish_lists import WishLine
from desktop_app.shared.errors import AppError
from desktop_app.shared.text import clean_name
from desktop_app.spreadsheets.problems import RowProblem
from desktop_app.spreadsheets.table_rows import TableRows, tables_of
from desktop_app.spreadsheets.workbook import SheetOut, write
from desktop_app.store.database import Database

ORDERS = (
    "编号", "点单日期", "方式", "专长", "事项", "点单人", "电话", "地点", "约定时间", "状态", "接单人", "完成日期",
    "服务分钟", "评价", "退单次数",
)  # fmt: skip
WISHES = (
    "编号", "称呼", "心愿人", "类别", "心愿", "费用上限（元）", "征集日期", "期限", "状态", "认领人", "认领人电话",
    "实现日期", "实际费用（元）", "凭证", "备注",
)  # fmt: skip
HELPERS = (
    "姓名", "电话", "类别", "单位", "七色专长", "微服务项目", "收费", "可服务时间", "所在楼栋", "服务次数", "服务分钟",
    "评价（满分3）", "手上单数", "状态", "电话印进手册",
)  # fmt: skip
REGISTRATIONS = (
    "编号", "报到日期", "类别", "姓名", "电话", "单位（网点）", "职务（工种）", "所在党组织", "担任角色", "七色专长",
    "居住楼栋", "认领内容", "服务分钟", "结束日期",
)  # fmt: skip
POSTS = ("类别", "岗位名称", "岗位内容", "专长", "需要人数", "认领人", "空缺", "班次", "地点")
SHIFTS = (
    "日期", "星期", "班次", "岗亭", "姓名", "电话", "状态", "签到", "签退", "分钟", "备注",
)  # fmt: skip
SERVED = ("姓名", "值守次数", "分钟", "迟到", "缺勤", "换班")


def yuan(fen: int | None) -> str:
    """12.50 → 12.5, None → blank."""
    return "" if fen is None else f"{fen / 100:.2f}".rstrip("0").rstrip(".")


def order_cells(line: OrderLine) -> tuple[object, ...]:
    """A line of the register of orders."""
    return (
        line.no, line.received_on, line.variant, line.colour, line.title, line.requester, line.phone, line.place,
        line.want, line.phase, line.helper, line.finished_on, line.minutes or "", line.satisfaction,
        line.returned or "",
    )  # fmt: skip


def wish_cells(line: WishLine) -> tuple[object, ...]:
    """A line of the register of wishes."""
    return (
        line.no, line.alias, line.name, line.kind, line.text, yuan(line.cap_fen), line.received_on, line.expires_on,
        line.phase, line.taker, line.taker_phone, line.fulfilled_on, yuan(line.cost_fen), line.proofs or "",
        line.remark,
    )  # fmt: skip


def helper_cells(line: HelperLine) -> tuple[object, ...]:
    """A line of the list of helpers."""
    return (
        line.name, line.phone, line.kind, line.unit, line.colours, line.trade, line.price, line.hours, line.place,
        line.served or "", line.minutes or "", line.rating or "", line.open_orders or "", line.gone,
        line.printed,
    )  # fmt: skip


def registration_cells(line: RegistrationLine) -> tuple[object, ...]:
    """A line of the list of those who reported in."""
    return (
        line.no, line.on, line.kind, line.name, line.phone, line.unit, line.unit_post, line.branch, line.role,
        line.colours, line.place, line.claims, line.minutes or "", line.to_on,
    )  # fmt: skip


def post_cells(line: PostLine) -> tuple[object, ...]:
    """A line of the list of posts."""
    return (
        line.kind, line.name, line.duty, line.colour, line.capacity, line.holders, line.free, line.slots, line.place,
    )  # fmt: skip


def shift_cells(line: ShiftLine) -> tuple[object, ...]:
    """A line of the roster."""
    return (
        line.on, line.weekday, line.slot, line.post, line.helper, line.phone, line.word, line.in_time, line.out_time,
        line.minutes or "", line.remark,
    )  # fmt: skip


def served_cells(line: Served) -> tuple[object, ...]:
    """A line of who served how much."""
    return (line.name, line.shifts, line.minutes, line.late or "", line.absent or "", line.swapped or "")


def write_orders(path: str | Path, lines: Sequence[OrderLine]) -> Path:
    """The register of orders as a workbook, phones masked."""
    return write(path, [SheetOut("服务单", ORDERS, [order_cells(one) for one in lines])])


def write_wishes(path: str | Path, lines: Sequence[WishLine]) -> Path:
    """The register of wishes as a workbook: for the office, with names."""
    return write(path, [SheetOut("微心愿", WISHES, [wish_cells(one) for one in lines])])


def write_helpers(path: str | Path, lines: Sequence[HelperLine]) -> Path:
    """The list of helpers as a workbook."""
    return write(path, [SheetOut("志愿者", HELPERS, [helper_cells(one) for one in lines])])


def write_registrations(path: str | Path, lines: Sequence[RegistrationLine], posts: Sequence[PostLine]) -> Path:
    """Those who reported in, and the posts, as a workbook of two sheets."""
    sheets = [
        SheetOut("报到", REGISTRATIONS, [registration_cells(one) for one in lines]),
        SheetOut("岗位清单", POSTS, [post_cells(one) for one in posts]),
    ]
    return write(path, sheets)


def write_shifts(path: str | Path, lines: Sequence[ShiftLine], figures: Sequence[Served] = ()) -> Path:
    """A roster, and who served how much, as a workbook."""
    sheets = [SheetOut("值守", SHIFTS, [shift_cells(one) for one in lines])]
    if figures:
        sheets.append(SheetOut("值守统计", SERVED, [served_cells(one) for one in figures]))
    return write(path, sheets)


# ---------------------------------------------------------------------------------------------------------- helpers in


@dataclass(frozen=True, slots=True)
class HelpersRead:
    """Helpers of a workbook, ready to be taken on, and what could not be read."""

    helpers: list[Helper]
    problems: list[RowProblem]


@reads("orders.change")
def read_helpers(db: Database, path: Path) -> HelpersRead:
    """Helpers of a workbook; a row whose name and phone are those of one resident becomes that resident.

    AppError if the workbook has no such table.
    """
    known = {
        (str(name), str(phone or ""))
        for name, phone in db.rows("SELECT name,phone FROM helper WHERE sync_del=0 AND to_on IS NULL")
    }
    result = HelpersRead([], [])
    for rows in tables_of(path, "helpers", ("name", "colours")):
        for at in rows:
            helper = _helper(db, rows, at)
            if helper is None:
                continue
            key = (helper.name, helper.phone or "")
            if key in known:
                rows.report(at, "name", "helper_known", helper.name)
                continue
            known.add(key)
            result.helpers.append(helper)
        result.problems.extend(rows.problems)
    return result


def _helper(db: Database, rows: TableRows, at: int) -> Helper | None:
    name, phone = clean_name(rows.cell("name", at)), rows.text("phone", at)
    helper = Helper(
        name=name,
        phone=phone or None,
        person_id=_resident(db, name, phone),
        kind=rows.text("kind", at) or "居民志愿者",
        unit=rows.text("unit", at) or None,
        colours=rows.text("colours", at),
        trade=rows.text("trade", at) or None,
        price_unit=rows.text("price_unit", at) or None,
        hours=rows.text("hours", at),
        note=rows.text("note", at) or None,
        phone_agreed_on=rows.text("phone_agreed_on", at) or None,
    )
    try:
        helper.price_fen = _fen(rows.text("price", at))
        people.complete(db, helper)
    except AppError as error:
        rows.report(
            at, error.field if error.field in _COLUMNS else "name", "helper_refused", name, reason=error.message
        )
        return None
    return helper


_COLUMNS = ("name", "phone", "kind", "colours", "hours", "price", "phone_agreed_on")


def _fen(text: str) -> int | None:
    told = text.removesuffix("元").strip()
    if not told or told in {"免费", "无偿"}:
        return None
    try:
        return round(float(told) * 100)
    except ValueError as error:
        raise AppError(f"收费“{text}”不是金额，", field="price") from error


def _resident(db: Database, name: str, phone: str) -> str | None:
    """The one resident of this name and phone; nobody where there are several or none, or one who helps already."""
    if not phone:
        return None
    rows = db.rows(
        "SELECT p.id FROM person p WHERE p.name=? AND instr(' '||p.phones||' ',' '||?||' ')>0 AND p.sync_del=0 "
        "AND p.left_on IS NULL AND p.deceased_on IS NULL AND NOT EXISTS(SELECT 1 FROM helper h WHERE h.person_id=p.id "
        "AND h.sync_del=0 AND h.to_on IS NULL)",
        (name, phone),
    )
    return str(rows[0][0]) if len(rows) == 1 else None
