"""诉求台账: the register of appeals, A4 or A3 landscape, phones masked, with the sentence of the period at its head."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.appeals import queries, rules
from desktop_app.appeals.queries import AppealLine
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject
from desktop_app.printing.forms.table import TableForm, TablePaper
from desktop_app.printing.tables import Column

_COLUMNS = (
    Column("编号", 17),
    Column("接到日期", 18),
    Column("渠道", 14),
    Column("类型", 18),
    Column("事　由"),
    Column("反映人", 22),
    Column("地点"),
    Column("层级", 24),
    Column("状态", 15),
    Column("结果", 24),
    Column("办结日期", 18),
    Column("评价", 16),
)


class AppealLedger:
    """The form."""

    name: ClassVar[str] = "appeal_ledger"
    title: ClassVar[str] = "诉求台账"
    sizes: ClassVar[tuple[str, ...]] = ("A4 横向", "A3 横向")
    subject: ClassVar[Subject] = "appeal"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[TablePaper]:
        """One list of these appeals, in their order."""
        lines = queries.lines(desk.db, subjects)
        counts = {word: sum(line.outcome == word for line in lines) for word in rules.OUTCOMES}
        told = "，".join(f"{word} {count} 件" for word, count in counts.items())
        note = f"{desk.community.name}　共 {len(lines)} 件：{told}"
        return [TablePaper(self.title, _COLUMNS, tuple(_cells(line) for line in lines), note)]

    def draw(self, papers: Sequence[TablePaper], choice: Choice = DEFAULT) -> bytes:
        """As any list, on wide paper."""
        from dataclasses import replace

        return TableForm().draw(papers, replace(choice, size=choice.size or self.sizes[0]))


def _cells(line: AppealLine) -> tuple[str, ...]:
    return (
        line.no, line.received_on, line.channel, f"{line.kind}·{line.klass}", line.title,
        f"{line.reporter}\n{line.phone}".strip(), line.place, line.step_name, line.phase, line.outcome,
        line.finished_on, line.satisfaction,
    )  # fmt: skip
