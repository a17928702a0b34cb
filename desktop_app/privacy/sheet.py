"""The lists of this slice as workbooks; each is written to the draft that `exporting.give_out` hands out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from desktop_app.privacy.queries import ApprovalLine, ExportLine, RequestLine
from desktop_app.privacy.retaining import Expired
from desktop_app.privacy.sealing import SealedLine
from desktop_app.shared.clock import local_text
from desktop_app.spreadsheets.workbook import SheetOut, write

REGISTER: Final = (
    "时间", "内容", "接收方", "用途", "字段", "条数", "号码", "经手人", "审批人", "文件名", "文件指纹",
)  # fmt: skip
REQUESTS: Final = ("编号", "类型", "居民", "申请人", "关系", "收到日期", "答复期限", "状态", "决定", "答复日期")
APPROVALS: Final = ("申请时间", "事项", "居民", "理由", "申请人", "结论", "意见", "审批人", "有效期至")
EXPIRED: Final = ("类别", "对象", "起算日期", "到期日期")
SEALED: Final = ("种类", "时间", "经手人", "保存至")
_WIDTHS: Final = (17, 20, 16, 24, 36, 8, 8, 10, 10, 24, 66)


def write_register(path: str | Path, lines: Sequence[ExportLine]) -> Path:
    """The export register."""
    rows = [
        (local_text(one.at), one.what, one.recipient, one.purpose, one.fields, one.count,
         one.numbers, one.by_name, one.approved_by, one.target, one.sha256)
        for one in lines
    ]  # fmt: skip
    return write(path, [SheetOut("导出登记", REGISTER, rows, title="个人信息导出登记", widths=_WIDTHS)])


def write_requests(path: str | Path, lines: Sequence[RequestLine]) -> Path:
    """The requests, names masked."""
    rows = [
        (one.no, one.kind, one.about, one.applicant, one.relation, one.received_on, one.due_on, one.state, one.decision,
         one.answered_on) for one in lines
    ]  # fmt: skip
    return write(path, [SheetOut("个人信息申请", REQUESTS, rows)])


def write_approvals(path: str | Path, lines: Sequence[ApprovalLine]) -> Path:
    """The approvals, names of residents masked."""
    rows = [
        (local_text(one.asked_at), one.kind, one.about, one.reason, one.asked_name, one.verdict or "待审批", one.why,
         one.decided_name, one.valid_until) for one in lines
    ]  # fmt: skip
    return write(path, [SheetOut("审批", APPROVALS, rows)])


def write_sealed(path: str | Path, lines: Sequence[SealedLine]) -> Path:
    """The sealed records from outside: kind and day, nothing of whom they are about."""
    rows = [(one.kind, local_text(one.at), one.by_name, one.keep_until) for one in lines]
    return write(path, [SheetOut("密封记录", SEALED, rows)])


def write_expired(path: str | Path, lines: Sequence[tuple[str, Expired]]) -> Path:
    """What has expired: (name of the class, record), names masked."""
    rows = [(name, one.who, one.since, one.over_on) for name, one in lines]
    return write(path, [SheetOut("到期审查", EXPIRED, rows)])
