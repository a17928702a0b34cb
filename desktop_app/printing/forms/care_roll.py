"""关爱名册: who is looked after by whom, how often, and when somebody last went; masked, for a folder or a wall."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.care.queries import PairLine, pair_of, pairs
from desktop_app.places.addresses import without_door
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, size_of
from desktop_app.printing.forms.table import TableForm, TablePaper
from desktop_app.printing.page import rules
from desktop_app.printing.tables import Column
from desktop_app.shared.errors import AppError
from desktop_app.shared.text import mask

_COLUMNS = (
    Column("序号", 12, "centre"),
    Column("关爱对象", 22),
    Column("住址"),
    Column("类别", 26),
    Column("结对人", 22),
    Column("单位"),
    Column("电话", 30),
    Column("间隔", 16, "centre"),
    Column("上次走访", 24, "centre"),
    Column("下次应走访", 26, "centre"),
)


class CareRoll:
    """The form."""

    name: ClassVar[str] = "care_roll"
    title: ClassVar[str] = "关爱名册"
    sizes: ClassVar[tuple[str, ...]] = ("A4 横向", "A3 横向")
    subject: ClassVar[Subject] = "pair"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[TablePaper]:
        """One roll of the pairs named, in their order; of all that are in force where none is named."""
        found = [pair_of(desk.db, subject) for subject in subjects] if subjects else pairs(desk.db)
        lines = [line for line in found if line is not None]
        if not lines:
            raise AppError("还没有结对，没有打印。", next_step="请先在“关爱”里登记结对。")
        data = rules("care")["roll"]
        rows = tuple(_row(at, line) for at, line in enumerate(lines, 1))
        helpers = len({line.helper_id or line.helper for line in lines})
        note = f"{desk.community.name}　{len(lines)} 对，结对人 {helpers} 名　{data['note']}"
        return [TablePaper(data["title"], _COLUMNS, rows, note)]

    def draw(self, papers: Sequence[TablePaper], choice: Choice = DEFAULT) -> bytes:
        """As any list: a head on every page, page x of y."""
        size_of(self.sizes, choice)
        return TableForm().draw(papers, Choice(choice.size or self.sizes[0], footer=choice.footer))


def _row(at: int, line: PairLine) -> tuple[str, ...]:
    return (
        str(at),
        mask("name", line.name),
        without_door(line.address),
        line.care_class,
        mask("name", line.helper),
        line.helper_unit,
        line.helper_phone,
        f"{line.days} 天",
        line.last_on or "还没有",
        line.due_on if line.days_over <= 0 else f"{line.due_on} 逾期",
    )
