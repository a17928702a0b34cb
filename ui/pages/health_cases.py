"""The records behind one finding: filter, open, export, print, and the repair with its preview."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.health import Case, Finding, cases, fixes
from ui.pages import record_entry
from ui.pages.syncing_saving import ask_file
from ui.shell.doing import do
from ui.shell.parts import button, label, row
from ui.widgets.inputs import LineEdit
from ui.widgets.line_table import LineTable
from ui.widgets.record_model import Column

if TYPE_CHECKING:
    from ui.pages.health import HealthPage

PORTION = 1000
_ELSEWHERE: dict[str, tuple[str, object]] = {
    "duplicates": ("duplicates", None),
    "same_id": ("duplicates", None),
    "backup": ("settings", "backups"),
    "recovery": ("settings", "backups"),
    "disk": ("settings", "backups"),
    "file": ("settings", "backups"),
    "sync": ("syncing", None),
    "clock": ("syncing", None),
    "refused": ("syncing", "refused"),
    "conflict": ("syncing", None),
}
_BY_KIND: dict[str, tuple[str, object]] = {
    "org_node": ("organisation", None),
    "seat": ("organisation", None),
    "party_centre_household": ("organisation", "centres"),
    "contact_assignment": ("organisation", "contacts"),
    "conflict": ("syncing", None),
    "sync_refused": ("syncing", "refused"),
}


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of a repair as the preview lists it."""

    id: str
    words: str


class CasesPane(QFrame):
    """Enter opens a record; the repair is shown before it is done and can be taken back."""

    def __init__(self, page: "HealthPage") -> None:
        super().__init__(page)
        self.setObjectName("card")
        self.page = page
        self.finding: Finding | None = None
        self._cases: list[Case] = []
        self._title = label("", "section", wrap=True)
        self._advice = label("", wrap=True)
        self.search = LineEdit(self)
        self.search.setPlaceholderText(self.tr("在这些记录里找"))
        self.search.setAccessibleName(self.tr("在这些记录里找"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self._ask())
        self.table = self._make_table(self.tr("有这个问题的记录"), self.tr("记录"))
        self.table.asked.connect(self._open)
        self.steps = self._make_table(self.tr("要做的修复"), self.tr("要做什么"))
        self._stack = QStackedWidget(self)
        self._make_buttons()
        self._arrange()

    def _make_table(self, name: str, title: str) -> LineTable:
        column = Column("words", title, 300, lambda one: one.words)
        return LineTable((column,), name, self, several=True, stretch="words")

    def _make_buttons(self) -> None:
        icon = self.page.desk.theme.icon
        self.open_button = button(self.tr("打开"), self.open_current, tone="primary")
        self.go_button = button("", self.go)
        self.fix_button = button("", self.show_fix, icon=icon("check", "accent_text"))
        self.export_button = button(self.tr("导出"), self.export, icon=icon("export", "accent_text"))
        self.print_button = button(self.tr("打印"), self.print_list, icon=icon("printer", "accent_text"))
        self.more_button = button("", self._more, tone="link")
        self.do_button = button("", self.apply_fix, tone="primary")
        self.leave_button = button(self.tr("不修"), self.leave_fix)
        self._fix_words = label("", wrap=True)

    def _arrange(self) -> None:
        listing, planning = QWidget(self), QWidget(self)
        inner = QVBoxLayout(listing)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        inner.addLayout(
            row(self.open_button, self.fix_button, self.go_button, 1, self.export_button, self.print_button)
        )
        inner.addWidget(self.search)
        inner.addWidget(self.table, 1)
        inner.addLayout(row(self.more_button, 1))
        inner.addStretch()
        plan = QVBoxLayout(planning)
        plan.setContentsMargins(0, 0, 0, 0)
        plan.setSpacing(8)
        plan.addWidget(self._fix_words)
        plan.addWidget(self.steps, 1)
        plan.addLayout(row(1, self.leave_button, self.do_button))
        self._stack.addWidget(listing)
        self._stack.addWidget(planning)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(8)
        layout.addWidget(self._title)
        layout.addWidget(self._advice)
        layout.addWidget(self._stack, 1)

    # ------------------------------------------------------------------------------------------ show

    def show_finding(self, finding: Finding | None) -> None:
        """A finding with its records, or nothing."""
        same = finding is not None and self.finding is not None and finding.code == self.finding.code
        self.finding = finding
        self.setVisible(finding is not None)
        if finding is None:
            return
        if not same:
            self._stack.setCurrentIndex(0)
            self.search.blockSignals(True)
            self.search.clear()
            self.search.blockSignals(False)
            self._cases = []
        self._title.setText(f"{finding.words}　{finding.count}" if finding.count else finding.words)
        self._advice.setText(finding.advice)
        self._advice.setVisible(bool(finding.advice))
        listed, repair = bool(finding.cases), fixes.fix(finding.code)
        for part in (self.open_button, self.export_button, self.print_button, self.table):
            part.setVisible(listed)
        self.search.setVisible(listed)
        self.fix_button.setVisible(listed and repair is not None)
        self.fix_button.setText(self.tr("{verb}（X）").format(verb=repair.verb) if repair else "")
        self.go_button.setVisible(finding.code in _ELSEWHERE and bool(finding.advice))
        self.go_button.setText(self._go_words(finding.code))
        self.more_button.hide()
        for table in (self.table, self.steps):
            table.set_row_height(self.page.desk.theme.row_height)
        if listed:
            self._ask()

    def _go_words(self, code: str) -> str:
        words = {"duplicates": self.tr("去“重复”核对"), "settings": self.tr("去设置"), "syncing": self.tr("去同步")}
        return words[_ELSEWHERE[code][0]] if code in _ELSEWHERE else ""

    def _ask(self) -> None:
        finding, app, words = self.finding, self.page.desk.app, self.search.text().strip()
        size = max(PORTION, len(self._cases))
        if finding is not None:
            self.page.read(lambda: cases(app, finding.code, 0, size, words), self._show_cases, key="cases")

    def _more(self) -> None:
        finding, app, words, start = self.finding, self.page.desk.app, self.search.text().strip(), len(self._cases)
        if finding is not None:
            self.page.read(
                lambda: cases(app, finding.code, start, PORTION, words),
                lambda found: self._show_cases((*self._cases, *found)),
                key="cases",
            )

    def _show_cases(self, found: Sequence[Case]) -> None:
        self._cases = list(found)
        self.table.show_lines(self._cases)
        total = self.finding.count if self.finding else 0
        rest = total - len(self._cases)
        more = rest > 0 and len(self._cases) % PORTION == 0 and bool(self._cases)
        self.more_button.setVisible(more)
        self.more_button.setText(self.tr("已列出 {n} 条，再列 {m} 条").format(n=len(self._cases), m=min(PORTION, rest)))

    # ------------------------------------------------------------------------------------------ verbs

    def open_current(self) -> None:
        """The record under the cursor."""
        self._open(self.table.current)

    def _open(self, case: Case | None) -> None:
        if case is None:
            return
        kind, record_id = case.place
        desk = self.page.desk
        if record_entry(kind) is not None:
            desk.open_record(kind, record_id)
        elif kind in _BY_KIND:
            desk.open_page(*_BY_KIND[kind])
        else:
            desk.say(self.tr("这类记录没有自己的页面，编号 {id}").format(id=record_id))

    def go(self) -> None:
        """To the page where this is put right."""
        if self.finding is not None and self.finding.code in _ELSEWHERE:
            self.page.desk.open_page(*_ELSEWHERE[self.finding.code])

    def show_fix(self) -> None:
        """What the repair would do: to those selected, or to all."""
        finding, app = self.finding, self.page.desk.app
        if finding is None or not finding.cases or fixes.fix(finding.code) is None:
            return
        chosen = self.table.selected
        only = [case.id for case in chosen] if len(chosen) > 1 else []
        self.page.read(lambda: fixes.preview(app, finding.code, only), self._show_steps, key="fix")

    def _show_steps(self, steps: Sequence[fixes.Step]) -> None:
        self.steps.show_lines([StepLine(step.case_id, step.words) for step in steps])
        self._fix_words.setText(self.tr("将做下面 {n} 处修改，做完可以撤销。").format(n=len(steps)))
        self.do_button.setText(self.tr("修复这 {n} 条").format(n=len(steps)))
        self.do_button.setEnabled(bool(steps))
        self._stack.setCurrentIndex(1)
        self.do_button.setFocus()

    def leave_fix(self) -> None:
        """Back to the records; nothing was done."""
        self._stack.setCurrentIndex(0)
        self.table.setFocus()

    @property
    def is_planning(self) -> bool:
        """Whether the preview of a repair is shown."""
        return self._stack.currentIndex() == 1

    def apply_fix(self) -> None:
        """Carry out what the preview shows."""
        finding, app = self.finding, self.page.desk.app
        only = [line.id for line in self.steps.lines]
        if finding is None or not only or not self.is_planning:
            return
        words = self.tr("已修复 {n} 条：{words}")
        do(
            self.page.desk,
            self,
            lambda: fixes.apply(app, app.actor, finding.code, only),
            lambda done: words.format(n=done, words=finding.words),
            lambda _done: self.leave_fix(),
        )

    def export(self) -> None:
        """All the records as a workbook; numbers stay masked."""
        finding = self.finding
        if finding is not None and finding.cases:
            path = ask_file(self, self.tr("导出清单"), self.tr("体检-{words}.xlsx").format(words=finding.words),
                            "Excel (*.xlsx)")  # fmt: skip
            if path:
                self.export_to(path)

    def export_to(self, path: Path) -> None:
        """Write the workbook."""
        finding, app, words = self.finding, self.page.desk.app, self.search.text().strip()
        if finding is None:
            return

        def work() -> int:
            from desktop_app.health.report import save

            return save(app, finding, path, words)

        said = self.tr("已导出 {n} 条到 {name}")
        self.page.write(work, lambda n: self.page.desk.say(said.format(n=n, name=path.name)))

    def print_list(self) -> None:
        """The list on paper, to be worked through away from the screen."""
        finding, app, words = self.finding, self.page.desk.app, self.search.text().strip()
        if finding is None or not finding.cases:
            return

        def work() -> bytes:
            from desktop_app.health.report import draw

            return draw(app, finding, words)

        self.page.read(work, lambda pdf: self._show_paper(finding, pdf), key="print")

    def _show_paper(self, finding: Finding, pdf: bytes) -> None:
        from desktop_app.health.report import HEADERS
        from desktop_app.papers import actions as papers
        from desktop_app.printing.preview import page_count
        from ui.pages.paper_dialog import PaperDialog

        app = self.page.desk.app

        def noted(target: str) -> object:
            return papers.record_print(
                app.db, app.actor, "table", "table", None, finding.words, pdf_bytes=pdf, pages=page_count(pdf),
                target=target, count=finding.count, fields=HEADERS,
            )  # fmt: skip

        PaperDialog(self.page.desk, finding.words, pdf, self, noted).open()
