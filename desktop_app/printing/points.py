"""What the papers about points say: a passbook, a voucher, a board."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from desktop_app.points import figures, queries, rules
from desktop_app.points.figures import AT, YearLine
from desktop_app.points.queries import PassbookLine
from desktop_app.printing.form import Desk
from desktop_app.printing.words import capitals, spoken_date
from desktop_app.shared.errors import AppError

_GONE: Final = "已经不在了，没有打印。"
_NEXT: Final = "请刷新列表后再试。"
_EARNED: Final = {rules.MEMBER: "当年得分", rules.TIME: "当年时长", rules.FAMILY: "当年得分"}
_BOOKS: Final = {rules.MEMBER: "党员积分", rules.TIME: "志愿服务时间", rules.FAMILY: "家庭积分"}


@dataclass(frozen=True, slots=True)
class PassbookPaper:
    """The lines of an account; each row has a text for every column."""

    community: str
    phone: str = ""
    title: str = ""
    owner: str = ""
    unit: str = ""
    opened: str = ""
    printed: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class VoucherPaper:
    """An entry that goes out of an account."""

    community: str
    phone: str = ""
    title: str = ""
    no: str = ""
    giver: str = ""
    taker: str = ""
    amount: str = ""
    capitals: str = ""
    what: str = ""
    on: str = ""
    by: str = ""
    printed: str = ""


@dataclass(frozen=True, slots=True)
class BoardPaper:
    """A year of one kind of account: rank, masked name, what was earned, what went out, what is left."""

    community: str
    title: str = ""
    unit: str = ""
    note: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    heads: tuple[str, ...] = ("名次", "姓名", "当年得分", "支出、转赠", "现在结余")
    homes: bool = False
    """whether it is about households, which have no names there"""


def passbook_paper(desk: Desk, subject: str) -> PassbookPaper:
    """The passbook of an account; `account@2026-01-01` begins on a day.  AppError when it is gone."""
    account_id, _, since = subject.partition(AT)
    found = queries.passbook(desk.db, account_id, since)
    if found is None:
        raise AppError(f"这个积分账户{_GONE}", next_step=_NEXT)
    account = found.account
    before = [("", "承前", "", "", str(found.opening), "", "")] if found.since else []
    return PassbookPaper(
        desk.community.name,
        desk.community.phone or "",
        title=f"{_BOOKS[account.kind]}存折" if account.kind in _BOOKS else f"{account.name}账页",
        owner=account.name,
        unit=account.unit,
        opened=spoken_date(account.opened_on),
        printed=spoken_date(desk.clock.today().isoformat()),
        rows=(*before, *(_cells(line) for line in found.lines)),
    )


def _cells(line: PassbookLine) -> tuple[str, ...]:
    """What counts for nothing has no figures: the amounts of a printed passbook add up to its balance."""
    reviewers = line.reviewers.replace("、", "\n")
    if line.void:
        return (line.on, f"{line.text}（没有生效：{line.void}）", "", "", str(line.balance), reviewers, "")
    came, went = str(line.came or ""), str(line.went or "")
    return (line.on, line.text, came, went, str(line.balance), reviewers, "")


def voucher_paper(desk: Desk, entry_id: str) -> VoucherPaper:
    """The voucher of an entry.  AppError when it is gone, was taken back, counts for nothing, or has no number."""
    found = queries.voucher(desk.db, entry_id)
    if found is None:
        raise AppError(f"这一笔积分{_GONE}", next_step=_NEXT)
    entry, giver, taker = found.entry, found.giver, found.taker
    if not entry.voucher_no:
        raise AppError(
            f"“{entry.text or entry.kind}”不是兑换、转赠或转出，没有凭证可以打印。", next_step="请另选一笔。"
        )
    if found.void or found.reversed_on:
        why = found.void or f"{found.reversed_on} 已经冲正"
        raise AppError(f"凭证 {entry.voucher_no} 不能用：{why}，没有打印。", next_step="请收回已经打出的凭证。")
    given, sent = entry.kind == rules.GIVEN, entry.kind == rules.SENT
    return VoucherPaper(
        desk.community.name,
        desk.community.phone or "",
        title="积 分 转 赠 凭 证" if given else "积 分 转 移 凭 证" if sent else "积 分 兑 换 单",
        no=entry.voucher_no,
        giver=f"{giver.name}（{giver.kind}）",
        taker=f"{taker.name}（{taker.kind}）" if given else (entry.text or "").removeprefix("转到") if sent else "",
        amount=f"{entry.amount} {giver.unit}",
        capitals=f"{capitals(entry.amount)}{giver.unit}",
        what=entry.text or "",
        on=spoken_date(entry.on),
        by=entry.by_name,
        printed=spoken_date(desk.clock.today().isoformat()),
    )


def board_papers(desk: Desk, subject: str) -> list[BoardPaper]:
    """The board of `党员积分@2026`, or of all kinds that have one in `2026`.  AppError where nothing was earned."""
    kind, _, told = subject.rpartition(AT)
    today = desk.clock.today().isoformat()
    year = told or today[:4]
    if not re.fullmatch("[0-9]{4}", year) or (kind and kind not in rules.OWNED):
        kinds = "、".join(rules.OWNED)
        raise AppError(
            f"没有“{subject}”这张公示榜，没有打印。",
            next_step=f"请写年份，或 类别{AT}年份，如 {rules.TIME}{AT}{today[:4]}；类别有：{kinds}。",
        )
    found = [(one, figures.year(desk.db, int(year), one)) for one in ((kind,) if kind else rules.OWNED)]
    papers = [_board(desk, one, year, lines) for one, lines in found if lines]
    if not papers:
        raise AppError(f"{year} 年还没有存入{kind or '积分'}，没有打印公示榜。", next_step="请另选一年，或先存入。")
    return papers


def _board(desk: Desk, kind: str, year: str, lines: Sequence[YearLine]) -> BoardPaper:
    today = desk.clock.today().isoformat()
    now, until = spoken_date(today), spoken_date(min(today, f"{year}-12-31"))
    homes = kind == rules.FAMILY
    phone = f"　联系电话 {desk.community.phone}" if desk.community.phone else ""
    return BoardPaper(
        desk.community.name,
        f"{year}年{kind}公示榜",
        rules.UNIT[kind],
        f"{desk.community.name}　截至{until}　共 {len(lines)} {'户' if homes else '人'}{phone}",
        tuple(
            (
                str(line.rank),
                line.public_name,
                "否决" if line.vetoed else str(line.earned),
                str(line.spent + line.given or ""),
                str(line.balance),
            )
            for line in lines
        ),
        (
            "名次",
            "住户" if homes else "姓名",
            _EARNED[kind],
            "支出、转赠",
            "现在结余" if until == now else "打印日结余",
        ),
        homes,
    )
