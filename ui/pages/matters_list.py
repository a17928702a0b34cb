"""The list of matters: filter, sort, export and print; the matter under the cursor in full."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtWidgets import QLayout

from desktop_app.matters import queries, rules
from desktop_app.matters.queries import MatterFilter, MatterLine, Templates
from desktop_app.matters.sheet import HEADERS, cells
from desktop_app.shared.pinyin import sort_key
from desktop_app.spreadsheets.workbook import SheetOut, write
from desktop_app.store.database import Database
from ui.pages.list_pane import ListPane
from ui.pages.matter_asks import MatterAsks
from ui.pages.wording import choices
from ui.shell.commands import Command
from ui.shell.parts import column
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.record_model import RIGHT, Column
from ui.widgets.step_bar import StepBar

_LATE = "late"
_TONES = {"已逾期": "bad", rules.CLOSED: "muted", rules.ENDED: "muted"}


class MattersPane(ListPane):
    """A line is a matter; Return opens it in a tab of its own."""

    name: ClassVar[str] = "议题"
    record: ClassVar[str] = "matter"
    search: ClassVar[str] = "编号、议题、内容、提出人"
    stretch: ClassVar[str] = "title"
    tables: ClassVar[frozenset[str]] = frozenset({"matter", "matter_event"})

    def __init__(self, page: Any) -> None:
        self._asks = MatterAsks(page.desk)
        super().__init__(page)

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("no", self.tr("编号"), 96, lambda line: line.no, "no"),
            Column("title", self.tr("议题"), 200, lambda line: line.title, "title"),
            Column("step", self.tr("现在"), 84, lambda line: line.step_name, "step"),
            Column("standing", self.tr("状态"), 60, lambda line: line.standing, "standing",
                   tone=lambda line: _TONES.get(line.standing, "")),
            Column("due", self.tr("时限"), 90, lambda line: line.due_on, "due"),
            Column("progress", self.tr("进度"), 50, lambda line: f"{line.progress}%", "progress", RIGHT),
            Column("lead", self.tr("牵头"), 110, lambda line: line.lead, "lead"),
            Column("on", self.tr("提出"), 90, lambda line: line.proposed_on, "on"),
            Column("proposer", self.tr("提出人"), 80, lambda line: line.proposer, shown=False),
        )  # fmt: skip

    def filters(self) -> tuple[Filter, ...]:
        states = ((rules.OPEN, self.tr("在办")), (_LATE, self.tr("已逾期")), (rules.CLOSED, self.tr("已结案")),
                  (rules.ENDED, self.tr("已终止")))  # fmt: skip
        templates = tuple((one.code, one.name) for one in Templates(self.page.desk.app.db).offered)
        kinds = choices(self.page.desk, "appeal_classes")
        return (
            Filter("state", self.tr("状态"), states, several=False),
            Filter("template", self.tr("议事步骤"), templates, several=False),
            Filter("kind", self.tr("类别"), kinds, several=False),
        )

    def orders(self) -> Mapping[str, Callable[[MatterLine], Any]]:
        return {
            "no": lambda line: line.no,
            "title": lambda line: sort_key(line.title),
            "step": lambda line: line.step,
            "standing": lambda line: line.standing,
            "due": lambda line: line.due_on or "9999",
            "progress": lambda line: line.progress,
            "lead": lambda line: sort_key(line.lead),
            "on": lambda line: line.proposed_on,
        }

    def ask(self, db: Database, chosen: Chosen) -> Sequence[MatterLine]:
        state = chosen.one("state")
        return queries.matters(
            db,
            MatterFilter(
                text=chosen.text,
                phase="" if state == _LATE else state,
                late=state == _LATE,
                template=chosen.one("template"),
                kind=chosen.one("kind"),
            ),
        )

    def title_of(self, line: MatterLine) -> str:
        return line.title

    def facts(self, line: MatterLine) -> Sequence[tuple[str, Any]]:
        return (
            (self.tr("提出"), f"{line.source}　{line.proposer}　{line.proposed_on}"),
            (self.tr("步骤"), line.template),
            (self.tr("现在"), f"{line.step_name}（{line.standing}）"),
            (self.tr("决定"), line.outcome),
            (self.tr("牵头"), line.lead),
            (self.tr("协办"), line.helpers),
            (self.tr("时限"), line.due_on),
            (self.tr("告知提出人"), self.tr("已告知") if line.told else self.tr("还没有")),
            (self.tr("评价"), line.satisfaction),
            (self.tr("用时"), self.tr("{n} 天").format(n=line.days)),
            (self.tr("注意"), self.tr("有 {n} 步没有生效").format(n=line.stale) if line.stale else ""),
        )

    def below(self, line: MatterLine) -> QLayout | None:
        bar = StepBar(self.page.desk.theme, self.tr("议事进度"))
        names = [str(at) for at in range(1, line.steps + 1)]
        names[line.step - 1] = line.step_name
        bar.show_steps(names, line.step, over=line.phase != rules.OPEN)
        return column(bar)

    def verbs(self) -> tuple[Command, ...]:
        here = self.name
        return (
            Command(self.tr("提出议题"), self.new, "Ctrl+N", "plus", here, "matters.change"),
            Command(self.tr("打开"), self.open, "O", "forward", here),
            Command(self.tr("诉求转议题"), self.take_appeal, "S", "phone", here, "matters.change"),
            Command(self.tr("打印议题单"), partial(self.print_paper, "matter_sheet"), "P", "printer", here),
            Command(self.tr("打印交办单"), partial(self.print_paper, "matter_assignment"), "A", "printer", here),
        )

    def nothing(self) -> str:
        return self.tr("还没有议题。居民、支部、物业提出的事，都可以在这里一步一步议下去。")

    def new(self) -> None:
        """A proposal; it opens in its own tab."""
        self.begin(self._asks.new(lambda made: self.page.desk.open_record("matter", made.id)))

    def take_appeal(self) -> None:
        """An appeal becomes a matter."""
        self.begin(self._asks.from_appeal(lambda made: self.page.desk.open_record("matter", made.id)))

    def open(self) -> None:
        """The matter under the cursor."""
        if self.table.current is not None:
            self.page.desk.open_record("matter", self.table.current.id)

    def print_paper(self, form: str) -> None:
        """A paper of the matter under the cursor."""
        if self.table.current is not None:
            self.page.desk.print_form(form, [self.table.current.id])

    def write_file(self, db: Database, path: Path, lines: Sequence[MatterLine]) -> None:
        del db
        write(path, [SheetOut("议事台账", HEADERS, [cells(line) for line in lines])])
