"""export: lists to a workbook, masked unless a reason is given."""

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from desktop_app.accounts.rights import demand
from desktop_app.app import App
from desktop_app.cli.session import Session
from desktop_app.privacy.exporting import Export, give_out, must_be_allowed
from desktop_app.privacy.queries import under_age
from desktop_app.residents import queries as residents
from desktop_app.shared.errors import UsageError
from desktop_app.shared.text import mask
from desktop_app.spreadsheets.workbook import SheetOut, write
from desktop_app.store.database import Database

_PAGE = 500
HEADERS = (
    "序号",
    "小区",
    "房号",
    "姓名",
    "与户主关系",
    "性别",
    "出生日期",
    "年龄",
    "证件号码",
    "联系电话",
    "政治面貌",
    "标签",
)


def export(session: Session) -> None:
    """`linli export residents -o FILE.xlsx|.csv|.pdf [--unmask REASON|--publish] [--to WHOM] [--for PURPOSE]`."""
    told = session.arguments
    path = Path(told.output).expanduser()
    if path.suffix.lower() not in (".xlsx", ".csv", ".pdf"):
        raise UsageError("只能导出 .xlsx、.csv 或 .pdf。", next_step="请改文件名的后缀。")
    if told.publish and told.unmask:
        raise UsageError("公示用的名单不能有完整号码，没有导出。", next_step="--publish 和 --unmask 只能用一个。")
    with session.app() as app:
        demand(app.db, app.actor, "residents.export")
        numbers = _numbers(app.db, session)
        headers = PUBLISHED if told.publish else HEADERS
        given = Export(
            "居民名单（公示）" if told.publish else "居民名单",
            headers,
            len(numbers),
            told.to,
            told.unmask or told.purpose,
            masked=not told.unmask,
            minors=under_age(app.db, numbers) if told.unmask else 0,
        )
        must_be_allowed(app.db, app.actor, given)  # before the work is done
        rows = list(_rows(app, numbers, session, unmasked=bool(told.unmask)))
        if told.publish:
            rows = [published(row) for row in rows]
        give_out(app.db, app.actor, given, path, lambda draft: _write(app, draft, headers, rows, path.name))
    kept = "公示用，姓名已遮盖" if told.publish else "含完整号码，已登记用途" if told.unmask else "号码已遮盖"
    session.out.result(
        {"file": str(path), "rows": len(numbers), "masked": not told.unmask},
        f"已导出 {len(numbers)} 人到 {path}（{kept}）。",
    )


PUBLISHED = ("序号", "小区", "姓名", "性别")
"""What a list that hangs on a board may have: enough to tell people of one name apart, and no more."""


def published(row: Sequence[object]) -> Sequence[object]:
    """A line of the list as it may be shown to everybody."""
    told = dict(zip(HEADERS, row, strict=True))
    return [told["序号"], told["小区"], mask("name", str(told["姓名"])), told["性别"]]


def _numbers(db: Database, session: Session) -> list[int]:
    """Whom to export: what the window shows, in its order, comes through standard input."""
    told = session.arguments
    if not told.numbers:
        return list(residents.ids(db, residents.ResidentFilter(state=told.state, tags=tuple(told.tag or ()))))
    words = sys.stdin.read().split()
    if not all(word.isdecimal() for word in words):
        raise UsageError("要导出的人没有说清楚，什么也没有导出。", next_step="请在居民页重新导出。")
    return [int(word) for word in words]


def _write(app: App, draft: Path, headers: Sequence[str], rows: list[Sequence[object]], name: str) -> None:
    kind = draft.suffix.lower()
    if kind == ".pdf":
        _print(app, draft, headers, rows, name)
    elif kind == ".xlsx":
        write(draft, [SheetOut("居民", headers, rows)])
    else:
        _write_csv(draft, headers, rows)


def _print(app: App, draft: Path, headers: Sequence[str], rows: list[Sequence[object]], name: str) -> None:
    """The list as a paper, noted in the print log like any other."""
    from desktop_app.papers import actions as papers
    from desktop_app.printing.form import Choice
    from desktop_app.printing.forms.table import TableForm, TablePaper
    from desktop_app.printing.preview import page_count
    from desktop_app.printing.spooler import save
    from desktop_app.printing.tables import Column

    title = f"{app.community.name}居民名单"
    texts = tuple(tuple("" if cell is None else str(cell) for cell in row) for row in rows)
    paper = TablePaper(title, tuple(Column(header) for header in headers), texts, f"共 {len(rows)} 人")
    footer = f"打印时间 {app.clock.now():%Y-%m-%d %H:%M}　打印人 {app.actor.name}"
    pdf = TableForm().draw([paper], Choice(size="A4 横向", footer=footer))
    papers.record_print(
        app.db, app.actor, "table", "table", None, title, pdf_bytes=pdf, pages=page_count(pdf), target=name,
        registered=True,
    )  # fmt: skip
    save(pdf, draft)


def _rows(app: App, numbers: list[int], session: Session, *, unmasked: bool) -> Iterator[Sequence[object]]:
    for start in range(0, len(numbers), _PAGE):
        page = numbers[start : start + _PAGE]
        plain = _plain_numbers(app.db, page) if unmasked else {}
        for at, line in enumerate(residents.lines(app.db, page), start + 1):
            id_no, phone = plain.get(line.local_no, (line.id_no, line.phone))
            yield (
                at, line.estate, line.address, line.name, line.relation, line.sex, line.birth, line.age,
                id_no, phone, line.political, "、".join(line.tags),
            )  # fmt: skip
        session.out.progress(min(start + _PAGE, len(numbers)), len(numbers), "正在导出")


def _plain_numbers(db: Database, numbers: list[int]) -> dict[int, tuple[str, str]]:
    marks = ",".join("?" * len(numbers))
    found = db.rows(f"SELECT local_no,coalesce(id_no,''),phones FROM person WHERE local_no IN ({marks})", numbers)
    return {number: (id_no, phones) for number, id_no, phones in found}


def _write_csv(draft: Path, headers: Sequence[str], rows: list[Sequence[object]]) -> None:
    with draft.open("w", encoding="utf-8-sig", newline="") as file:
        # a tab keeps Excel from turning long numbers into 4.2E+17
        writer = csv.writer(file)
        writer.writerow(headers)
        writer.writerows([_csv_cell(cell) for cell in row] for row in rows)


_LONGEST_NUMBER = 15
"""Digits a spreadsheet keeps of a number."""


def _csv_cell(cell: object) -> object:
    text = "" if cell is None else str(cell)
    return f"{text}\t" if len(text) >= _LONGEST_NUMBER and text[:-1].isdigit() else text
