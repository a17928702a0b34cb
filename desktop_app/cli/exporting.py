"""export: lists to a workbook, masked unless a reason is given."""

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from desktop_app.app import App
from desktop_app.cli.session import Session
from desktop_app.residents import queries as residents
from desktop_app.shared.actor import Actor
from desktop_app.shared.errors import AppError, UsageError
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
    """`linli export residents -o FILE.xlsx|.csv|.pdf [--unmask REASON]`."""
    told = session.arguments
    path = Path(told.output)
    if path.suffix.lower() not in (".xlsx", ".csv", ".pdf"):
        raise UsageError("只能导出 .xlsx、.csv 或 .pdf。", next_step="请改文件名的后缀。")
    with session.app() as app:
        numbers = _numbers(app.db, session)
        rows = _rows(app, numbers, session, unmasked=bool(told.unmask))
        count = len(numbers)
        if told.unmask:
            _note_unmasked(app.db, app.actor, count, told.unmask)
        if path.suffix.lower() == ".pdf":
            _print(app, path, list(rows))
        else:
            _write(path, list(rows))
    kept = "含完整号码，已记录用途" if told.unmask else "号码已遮盖"
    session.out.result(
        {"file": str(path), "rows": count, "masked": not told.unmask}, f"已导出 {count} 人到 {path}（{kept}）。"
    )


def _numbers(db: Database, session: Session) -> list[int]:
    """Whom to export: what the window shows, in its order, comes through standard input."""
    told = session.arguments
    if not told.numbers:
        return list(residents.ids(db, residents.ResidentFilter(state=told.state, tags=tuple(told.tag or ()))))
    words = sys.stdin.read().split()
    if not all(word.isdecimal() for word in words):
        raise UsageError("要导出的人没有说清楚，什么也没有导出。", next_step="请在居民页重新导出。")
    return [int(word) for word in words]


def _print(app: App, path: Path, rows: list[Sequence[object]]) -> None:
    """The list as a paper, noted in the print log like any other."""
    from desktop_app.papers import actions as papers
    from desktop_app.printing.form import Choice
    from desktop_app.printing.forms.table import TableForm, TablePaper
    from desktop_app.printing.preview import page_count
    from desktop_app.printing.spooler import save
    from desktop_app.printing.tables import Column

    title = f"{app.community.name}居民名单"
    texts = tuple(tuple("" if cell is None else str(cell) for cell in row) for row in rows)
    paper = TablePaper(title, tuple(Column(header) for header in HEADERS), texts, f"共 {len(rows)} 人")
    footer = f"打印时间 {app.clock.now():%Y-%m-%d %H:%M}　打印人 {app.actor.name}"
    pdf = TableForm().draw([paper], Choice(size="A4 横向", footer=footer))
    papers.record_print(
        app.db, app.actor, "table", "table", None, title, pdf_bytes=pdf, pages=page_count(pdf), target=str(path)
    )
    save(pdf, path)


def _note_unmasked(db: Database, actor: Actor, count: int, why: str) -> None:
    """A full export leaves a line in the journal before the file exists."""
    with db.transaction(actor, f"导出完整名单（{count}人）", why) as tx:
        tx.set_setting("last_full_export", str(db.clock.ms()))
        tx.keep()


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


def _write(path: Path, rows: list[Sequence[object]]) -> None:
    if path.suffix.lower() == ".xlsx":
        write(path, [SheetOut("居民", HEADERS, rows)])
        return
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            # a tab keeps Excel from turning long numbers into 4.2E+17
            writer = csv.writer(file)
            writer.writerow(HEADERS)
            writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    except OSError as error:
        raise AppError(f"“{path.name}”写不进去。系统里的数据没有变化。", next_step="请换一个文件夹再试。") from error


_LONGEST_NUMBER = 15
"""Digits a spreadsheet keeps of a number."""


def _csv_cell(cell: object) -> object:
    text = "" if cell is None else str(cell)
    return f"{text}\t" if len(text) >= _LONGEST_NUMBER and text[:-1].isdigit() else text
