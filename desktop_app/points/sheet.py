"""The spreadsheets of points: accounts, a passbook, what could be deposited, the board of a year."""

from collections.abc import Sequence
from pathlib import Path

from desktop_app.points import rules
from desktop_app.points.due import DueLine
from desktop_app.points.figures import YearLine
from desktop_app.points.queries import AccountLine, Passbook, PassbookLine
from desktop_app.spreadsheets.workbook import SheetOut, write

ACCOUNTS = (
    "类别", "户名", "结余", "单位", "累计存入", "累计支出", "笔数", "最近一笔", "开户日期", "销户日期", "备注",
    "要看的",
)  # fmt: skip
PASSBOOK = (
    "日期", "收支类别", "服务事项", "存入", "支出", "结余", "审核人", "经办人", "对方账户", "凭证编号", "当时的规则",
    "没有生效的原因",
)  # fmt: skip
DUE = ("日期", "志愿者", "凭据", "编号", "服务事项", "分钟", "已有账户")
BOARD = ("名次", "姓名或户", "当年获得", "当年支出", "当年转赠", "现在结余", "单位")


def account_cells(line: AccountLine) -> tuple[object, ...]:
    """A line of the list of accounts."""
    return (
        line.kind, line.name, line.balance, line.unit, line.came, line.went, line.entries, line.last_on, line.opened_on,
        line.closed_on, line.note, line.gone,
    )  # fmt: skip


def entry_cells(line: PassbookLine) -> tuple[object, ...]:
    """A line of a passbook."""
    return (
        line.on, line.kind, line.text, line.came or "", line.went or "", line.balance, line.reviewers, line.by_name,
        line.other, line.voucher_no, line.rule_words, line.void,
    )  # fmt: skip


def due_cells(line: DueLine) -> tuple[object, ...]:
    """A line of what could be deposited."""
    told = line.owed
    return (
        told.on, line.name, rules.EVIDENCE[told.ref_type], line.no, told.text, told.minutes,
        "有" if line.account_id else "",
    )  # fmt: skip


def board_cells(line: YearLine) -> tuple[object, ...]:
    """A line of the board: the masked name, since a board is given out."""
    return (
        line.rank, line.public_name, "否决" if line.vetoed else line.earned, line.spent or "", line.given or "",
        line.balance, line.unit,
    )  # fmt: skip


def write_accounts(path: str | Path, lines: Sequence[AccountLine]) -> Path:
    """The list of accounts as a workbook."""
    return write(path, [SheetOut("积分账户", ACCOUNTS, [account_cells(one) for one in lines])])


def write_passbook(path: str | Path, book: Passbook) -> Path:
    """A passbook as a workbook."""
    return write(path, [SheetOut("存折", PASSBOOK, [entry_cells(one) for one in book.lines])])


def write_due(path: str | Path, lines: Sequence[DueLine]) -> Path:
    """What could be deposited as a workbook."""
    return write(path, [SheetOut("可存入", DUE, [due_cells(one) for one in lines])])


def write_board(path: str | Path, lines: Sequence[YearLine]) -> Path:
    """The board of a year as a workbook, names masked."""
    return write(path, [SheetOut("积分公示榜", BOARD, [board_cells(one) for one in lines])])
