"""The records behind a finding as a workbook and as a paper, to be worked through away from the screen."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from desktop_app.app import App
from desktop_app.health import Case, Finding, cases
from desktop_app.printing.form import Choice
from desktop_app.printing.forms.table import TableForm, TablePaper
from desktop_app.printing.tables import Column
from desktop_app.privacy.exporting import Export, give_out
from desktop_app.spreadsheets.workbook import SheetOut, write
from desktop_app.store.base import record_classes

HEADERS: Final = ("序号", "类别", "记录", "核对结果")
_WIDTHS: Final = (6, 12, 60, 24)
_ALL: Final = 1_000_000


def kind_words(kind: str) -> str:
    """The Chinese name of a kind of record."""
    cls = record_classes().get(kind)
    return cls.__zh__ if cls else kind


def save(app: App, finding: Finding, path: Path, words: str = "") -> int:
    """Writes every case to a workbook; returns how many.  AppError where it cannot be written."""
    found = cases(app, finding.code, size=_ALL, words=words)
    notes = SheetOut(finding.words, HEADERS, _rows(found), title=finding.words, widths=_WIDTHS)
    told = Export(f"体检清单：{finding.words}", HEADERS, len(found))
    give_out(app.db, app.actor, told, path, lambda draft: write(draft, [notes]))
    return len(found)


def draw(app: App, finding: Finding, words: str = "") -> bytes:
    """The list as a PDF, with room to write the outcome beside each case."""
    rows = _rows(cases(app, finding.code, size=_ALL, words=words))
    columns = (Column(HEADERS[0], 12, "centre"), Column(HEADERS[1], 24), Column(HEADERS[2]), Column(HEADERS[3], 40))
    paper = TablePaper(finding.words, columns, rows, f"共 {len(rows)} 条。{finding.advice}")
    footer = f"{app.community.name}　{app.clock.now():%Y-%m-%d %H:%M}　{app.actor.name}"
    return TableForm().draw([paper], Choice(size="A4 纵向", footer=footer, allow_missing=True))


def _rows(found: Sequence[Case]) -> tuple[tuple[str, ...], ...]:
    return tuple((str(at), kind_words(case.kind), case.words, "") for at, case in enumerate(found, 1))
