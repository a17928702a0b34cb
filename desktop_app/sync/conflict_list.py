"""The list of clashes as a workbook: what it is about, both values masked, who and when, and what was chosen."""

from collections.abc import Collection
from pathlib import Path

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.privacy.exporting import Export, give_out
from desktop_app.shared.clock import local_text
from desktop_app.spreadsheets.workbook import SheetOut, write
from desktop_app.store.database import Database
from desktop_app.sync.conflicts import CHOSEN, OpenConflict, Side, open_conflicts, settled_conflicts
from desktop_app.sync.wording import value_words

HEADERS = (
    "类别",
    "记录",
    "哪一项",
    "情况",
    "现在的值",
    "谁录入",
    "时间",
    "另一个值",
    "谁录入",
    "时间",
    "处理",
    "谁处理",
    "处理时间",
)
_WIDTHS = (10, 24, 12, 16, 26, 10, 18, 26, 10, 18, 16, 10, 18)


@needs("sync.settle")
def save(db: Database, actor: Actor, path: Path, ids: Collection[str]) -> int:
    """Writes the clashes with these identifiers, numbers masked; returns how many.  AppError where it cannot."""
    wanted = set(ids)
    found = [one for one in (*open_conflicts(db), *settled_conflicts(db)) if one.id in wanted]
    sheet = SheetOut("同步冲突", HEADERS, [_cells(db, one) for one in found], widths=_WIDTHS)
    told = Export("同步冲突", HEADERS, len(found))
    give_out(db, actor, told, path, lambda draft: write(draft, [sheet]))
    return len(found)


def _cells(db: Database, one: OpenConflict) -> tuple[str, ...]:
    at = local_text(one.resolved_at) if one.resolved_at else ""
    return (
        one.table_zh,
        one.record_name,
        one.field_zh,
        one.meaning.title,
        *_side(db, one, one.shown),
        *_side(db, one, one.other),
        CHOSEN.get(one.status, "待确认"),
        one.resolved_by,
        at,
    )


def _side(db: Database, one: OpenConflict, side: Side) -> tuple[str, str, str]:
    shown = value_words(db, one.table, one.field, side.value).shown
    return shown, side.by, local_text(side.at) if side.at else ""
