"""The register of appeals 诉求台账 as a workbook, phones masked."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from desktop_app.accounts.rights import reads
from desktop_app.appeals.lists import lines_of
from desktop_app.appeals.queries import AppealLine
from desktop_app.shared.bulk import Progress, no_progress
from desktop_app.spreadsheets.workbook import SheetOut, write
from desktop_app.store.database import Database

HEADERS: Final = (
    "编号", "接到日期", "渠道", "类型", "事项分类", "事由", "反映人", "电话", "地点", "层级", "承办", "状态", "结果",
    "期限", "评价", "办结日期",
)  # fmt: skip
_PORTION: Final = 500


@reads("appeals.read")
def write_ledger(db: Database, path: Path, wanted: Sequence[int], progress: Progress = no_progress) -> int:
    """Writes the appeals with these row numbers, in their order; returns how many there still were."""
    rows = list(_rows(db, wanted, progress))
    write(path, [SheetOut("诉求台账", HEADERS, rows)])
    return len(rows)


def _rows(db: Database, wanted: Sequence[int], progress: Progress) -> Iterator[Sequence[object]]:
    for start in range(0, len(wanted), _PORTION):
        for line in lines_of(db, wanted[start : start + _PORTION]):
            if line is not None:
                yield _cells(line)
        progress(min(start + _PORTION, len(wanted)), len(wanted), "正在导出")


def _cells(line: AppealLine) -> Sequence[object]:
    return (
        line.no, line.received_on, line.channel, line.kind, line.klass, line.title, line.reporter, line.phone,
        line.place, line.step_name, line.assignee, line.phase, line.outcome, line.due_on, line.satisfaction,
        line.finished_on,
    )  # fmt: skip
