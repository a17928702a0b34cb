"""The spreadsheets of partners: units and lists out, units in."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from desktop_app.partners.doings import ActivityLine
from desktop_app.partners.lists import ClaimLine, ItemLine
from desktop_app.partners.queries import AgreementLine, MemberLine, UnitLine
from desktop_app.profiles.town import ListType
from desktop_app.shared.text import mask
from desktop_app.spreadsheets.workbook import SheetOut, write

UNITS = ("单位名称", "类型", "党组织", "联络员", "联系电话", "兼职委员", "协议", "协议到期", "在办认领")
AGREEMENTS = ("协议编号", "单位", "年度", "状态", "签订日期", "到期", "事项", "已完成")
ITEMS = (
    "编号",
    "清单",
    "名称",
    "内容",
    "七色",
    "数量",
    "还可认领",
    "提供方",
    "联系人",
    "发布日期",
    "有效期至",
    "认领方",
    "进展",
)
CLAIMS = ("条目", "清单", "认领方", "承诺内容", "认领日期", "完成时限", "进展", "完成日期", "评价")
BOOKINGS = ("开始", "结束", "场地", "预约人", "单位", "用途", "人数", "")
ACTIVITIES = ("日期", "类型", "名称", "地点", "负责人", "签到人数", "单位数", "服务分钟", "服务人次", "情况")
MEMBERS = (
    "姓名",
    "职务",
    "单位",
    "单位职务",
    "电话",
    "聘书编号",
    "聘期起",
    "聘期止",
    "认领",
    "完成",
    "参加活动",
    "离任日期",
)


def write_units(path: str | Path, units: Sequence[UnitLine], agreements: Sequence[AgreementLine]) -> Path:
    """Units and their agreements as a workbook; telephones masked."""
    rows = [
        (
            u.name,
            u.kind,
            u.party_org,
            u.contact,
            mask("phone", u.phone),
            u.members,
            u.agreement,
            u.expires_on,
            u.open_claims,
        )
        for u in units
    ]
    signed = [(a.no, a.unit, a.year, a.state, a.signed_on, a.expires_on, a.items, a.done) for a in agreements]
    return write(path, [SheetOut("共建单位", UNITS, rows), SheetOut("共建协议", AGREEMENTS, signed)])


def write_lists(
    path: str | Path, kinds: Sequence[ListType], items: Sequence[ItemLine], claims: Sequence[ClaimLine], community: str
) -> Path:
    """The lists and who took what as a workbook."""
    names = {kind.code: kind.name for kind in kinds}
    rows = [
        (i.no, names.get(i.list_type, i.list_type), i.title, i.text, i.colour, i.quantity or "不限",
         "不限" if i.left is None else i.left, i.unit or community, i.contact, i.from_on, i.to_on, i.takers, i.state)
        for i in items
    ]  # fmt: skip
    took = [
        (c.title, names.get(c.list_type, c.list_type), c.taker, c.promise, c.on, c.due_on, c.state.state,
         c.state.done_on, c.state.satisfaction)
        for c in claims
    ]  # fmt: skip
    return write(path, [SheetOut("清单", ITEMS, rows), SheetOut("认领", CLAIMS, took)])


def write_members(path: str | Path, members: Sequence[MemberLine]) -> Path:
    """The record of the part-time members as a workbook; telephones masked."""
    rows = [
        (m.name, m.role, m.unit, m.post, mask("phone", m.phone), m.letter_no, m.from_on, m.to_on, m.claims, m.done,
         m.activities, m.left_on)
        for m in members
    ]  # fmt: skip
    return write(path, [SheetOut("兼职委员履职台账", MEMBERS, rows)])


def write_bookings(path: str | Path, bookings: Sequence[dict[str, Any]]) -> Path:
    """Bookings as a workbook."""
    rows = [
        (b["starts_at"], b["ends_at"], b["venue"], b["by_name"], b["unit"], b["purpose"], b["persons"] or "",
         "时间冲突" if b["clash"] else "")
        for b in bookings
    ]  # fmt: skip
    return write(path, [SheetOut("场地预约", BOOKINGS, rows)])


def write_activities(path: str | Path, lines: Sequence[ActivityLine]) -> Path:
    """Activities as a workbook."""
    rows = [
        (a.on, a.kind, a.title, a.place, a.lead, a.came, a.units, a.minutes, a.served or "", a.result) for a in lines
    ]
    return write(path, [SheetOut("共建活动", ACTIVITIES, rows)])
