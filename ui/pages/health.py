"""体检: what is wrong with the data and this desk, the records behind it, and repairs where a repair is safe."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.health import LEVELS, Case, Finding, again, check
from ui.pages.health_cases import CasesPane
from ui.pages.page import Page
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.parts import button, label, row
from ui.shell.theme import Theme
from ui.widgets.empty_state import EmptyState
from ui.widgets.filter_bar import Chosen, Filter, FilterBar
from ui.widgets.job_bar import JobBar
from ui.widgets.line_table import LineTable
from ui.widgets.marks import Mark
from ui.widgets.record_model import CENTRE, Column

LOOKS = {"问题": ("alert", "bad"), "提醒": ("info", "warn"), "好": ("check", "good")}
"""Icon and colour of each level; the word stands beside it."""


def code_of(finding: Finding) -> str:
    """What tells findings apart."""
    return finding.code


class LevelMarks:
    """The icons of the levels; nothing has to be asked for them."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme

    def ask(self, rows: Sequence[Any], deliver: Callable[[Sequence[Mark | None]], None]) -> None:
        """At once."""
        deliver([self._mark(finding.level) for finding in rows])

    def forgotten(self, _listener: Callable[[], None]) -> None:
        """They never change by themselves."""

    def _mark(self, level: str) -> Mark:
        name, role = LOOKS[level]
        return Mark(self._theme.icon(name, role), self._theme.icon(name, "text"), level)


class HealthPage(Page):
    """The examination runs in a child process; Return opens, X shows the repair."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {
            "person",
            "household",
            "household_member",
            "residence",
            "person_tag",
            "room",
            "building",
            "seat",
            "org_node",
            "contact_assignment",
            "party_member",
            "attachment",
            "conflict",
        }
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._findings: list[Finding] = []
        self._at = ""
        self.build(self._parts())

    def _parts(self) -> Iterator[None]:
        desk = self.desk
        self._work = QWidget(self)
        self._when = label("", "muted")
        self.running = JobBar(desk, self.tr("检查的进度"), self, self._step)
        self.running.ended.connect(self._examined)
        self.running.stopped.connect(self._stopped)
        self.running.over.connect(self._over)
        self.run_button = button(self.tr("重新检查（R）"), self.examine, icon=desk.theme.icon("sync", "accent_text"))
        levels = tuple((level, level) for level in LEVELS)
        self.bar = FilterBar((Filter("level", self.tr("轻重"), levels),), self.tr("查找检查项"), desk.theme, self)
        self.bar.changed.connect(lambda _chosen: self._show_found())
        self.table = self._make_table()
        self._arrange()
        yield
        self.cases = CasesPane(self)
        self._beside.addWidget(self.cases, 6)
        yield
        self.empty = EmptyState(self)
        self._whole.addWidget(self.empty, 1)

    def _make_table(self) -> LineTable:
        table = LineTable(
            (
                Column("mark", self.tr("轻重"), 44, lambda _one: None, align=CENTRE, marks=LevelMarks(self.desk.theme)),
                Column("level", self.tr("级别"), 52, lambda one: one.level),
                Column("words", self.tr("检查结果"), 240, lambda one: one.words),
                Column("count", self.tr("数量"), 66, lambda one: f"{one.count:,}" if one.count else ""),
            ),
            self.tr("检查结果"),
            self,
            key=code_of,
            stretch="words",
        )
        table.chosen.connect(self.cases_of)
        table.asked.connect(lambda _one: self._into())
        return table

    def _arrange(self) -> None:
        self._whole = layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(8)
        layout.addLayout(row(label(self.title(), "title"), self._when, 1, self.run_button))
        layout.addWidget(self.running)
        inner = QVBoxLayout(self._work)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        inner.addWidget(self.bar)
        self._beside = below = QHBoxLayout()
        below.setSpacing(10)
        below.addWidget(self.table, 5)
        inner.addLayout(below, 1)
        layout.addWidget(self._work, 1)
        self._work.hide()

    # --------------------------------------------------------------------------------------------------------- page

    def title(self) -> str:
        return self.tr("体检")

    def icon(self) -> str:
        return "health"

    def first_focus(self) -> QWidget:
        return self.table if self._findings else self  # the button rests while the examination runs

    def commands(self) -> tuple[Command, ...]:
        here = self.title()
        return (
            Command(self.tr("重新检查"), self.examine, "R", "sync", here),
            Command(self.tr("查找检查项"), self.bar.search.setFocus, "Ctrl+F", "search", here),
            Command(self.tr("看怎样修复"), self.late(lambda: self.cases.show_fix), "X", "check", here),
            Command(
                self.tr("修复列出的这些"),
                self.late(lambda: self.cases.apply_fix),
                "Ctrl+Return",
                "check",
                here,
                "store.check",
            ),
            Command(self.tr("不修，回到清单"), self.late(lambda: self.cases.leave_fix), "Esc", "close", here),
            Command(self.tr("导出这份清单"), self.late(lambda: self.cases.export), "Ctrl+E", "export", here),
            Command(self.tr("打印这份清单"), self.late(lambda: self.cases.print_list), "Ctrl+P", "printer", here),
        )

    def refresh(self, changed: frozenset[str], /) -> None:
        if not self._findings and not self.running.busy:
            self.examine()
        elif changed or self._findings:
            self._ask_again()

    def show_this(self, what: object, /) -> None:
        """The code of a finding."""
        if isinstance(what, str):
            self._at = what
            self._show_found()

    # ---------------------------------------------------------------------------------------------------- examining

    def examine(self) -> None:
        """Look at everything; what is shown stays until there is news, and nothing is changed by it."""
        if self.running.busy:
            return
        self.running.start(self.tr("体检"), ["doctor"], self.tr("正在检查……"))
        if self.run_button.hasFocus():
            self.first_focus().setFocus()
        self.run_button.setEnabled(False)
        if not self._findings:
            self.empty.show_words(self.tr("正在检查数据和这台电脑，几千人的社区只要几秒。"))

    def _step(self, words: str) -> str:
        return self.tr("正在看：{words}").format(words=words) if words else ""

    def _examined(self, found: list[dict[str, Any]]) -> None:
        self._findings = [Finding(**{**one, "cases": tuple(Case(**case) for case in one["cases"])}) for one in found]
        now = self.desk.app.clock.now()
        self._when.setText(self.tr("{at} 检查").format(at=f"{now:%H:%M}"))
        self._show_found()
        self.take_keys(self.table)

    def _stopped(self) -> None:
        if not self._findings:
            self.empty.show_words(self.tr("还没有检查。"), self.tr("检查"), "R", self.examine)

    def _over(self) -> None:
        self.run_button.setEnabled(True)
        if self.hasFocus() or self.empty.hasFocus():
            (self.table if self._findings else self.empty.place).setFocus()

    # --------------------------------------------------------------------------------------------------------- show

    def _ask_again(self) -> None:
        """After a commit: the finding under the cursor, which somebody may just have put right."""
        finding, app = self.table.current, self.desk.app
        if finding is not None and check(finding.code) is not None:
            self.read(lambda: again(app, finding.code), lambda found: self._renewed(finding, found), key="again")

    def _renewed(self, before: Finding, found: Finding | None) -> None:
        now = found or replace(before, level="好", count=0, cases=(), advice=self.tr("这一项已经没有问题了。"))
        self._findings = [now if one.code == before.code else one for one in self._findings]
        self._show_found()

    def _show_found(self) -> None:
        lines = _found(self._findings, self.bar.chosen)
        self._work.setVisible(bool(self._findings))
        self.empty.setVisible(not self._findings)
        self.table.set_row_height(self.desk.theme.row_height)
        self.table.show_lines(lines, point=self._at)
        self._at = ""
        bad = sum(one.level != LEVELS[-1] for one in self._findings)
        self.bar.show_count(self.tr("{n} 项要看").format(n=bad) if bad else self.tr("都好"))

    def cases_of(self, finding: Finding | None) -> None:
        """Show the finding under the cursor."""
        self.cases.show_finding(finding)

    def _into(self) -> None:
        """Enter on a finding: into its records, or to the page where it is put right."""
        if self.table.current is not None and self.table.current.cases:
            self.cases.table.setFocus()
        else:
            self.cases.go()


def _found(findings: Sequence[Finding], chosen: Chosen) -> list[Finding]:
    """The findings a filter lets through, the worst first."""
    words = chosen.text.lower().split()
    levels = chosen.of("level")
    return [
        one
        for one in sorted(findings, key=lambda one: LEVELS.index(one.level))
        if (not levels or one.level in levels) and all(word in f"{one.words}{one.advice}".lower() for word in words)
    ]
