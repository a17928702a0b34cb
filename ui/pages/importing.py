"""导入: a file, its columns, a check that writes nothing, the import in one step, the result with 撤销.

Check and import run in a child process (`linli import … --dry-run`, then `--yes`); cancelling leaves nothing behind.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, ClassVar

from PySide6.QtCore import QStandardPaths
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.store.history import Deed, deeds
from ui.pages.importing_check import CheckPane
from ui.pages.importing_choose import ChoosePane
from ui.pages.importing_columns import ColumnsPane
from ui.pages.importing_reading import KINDS, FirstLook, look
from ui.pages.importing_work import ResultPane, WorkPane
from ui.pages.page import Page
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.jobs import Job
from ui.shell.parts import label
from ui.shell.problems import Problem, problem_from
from ui.widgets.strip import Strip

CHOOSE, COLUMNS, CHECK, WORK, RESULT = range(5)
TOUCHED = frozenset(
    {
        "person",
        "household",
        "household_member",
        "residence",
        "person_tag",
        "room",
        "building",
        "estate",
        "area",
        "building_grid",
        "party_member",
        "party_centre_household",
        "org_node",
    }
)


class ImportingPage(Page):
    """The wizard."""

    tables: ClassVar[frozenset[str]] = frozenset({"person", "building", "party_centre_household"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.setAcceptDrops(True)
        self.look: FirstLook | None = None
        self.report: dict[str, Any] = {}
        self._job: Job | None = None
        self._map: Path | None = None
        self._before = CHOOSE  # the step to go back to when a job stops
        self.build(self._parts())

    def _parts(self) -> Iterator[None]:
        self._steps = [label(words, "muted") for words in self._step_words()]
        self.notice = Strip(self.desk.theme, self)
        self.stack = QStackedWidget(self)
        self.choose = ChoosePane(self)
        self.stack.addWidget(self.choose)
        self._arrange()
        self._go(CHOOSE)
        yield
        self.columns = ColumnsPane(self)
        self.stack.addWidget(self.columns)
        yield
        self.check_pane = CheckPane(self)
        self.stack.addWidget(self.check_pane)
        yield
        self.work = WorkPane(self)
        self.result = ResultPane(self)
        self.stack.addWidget(self.work)
        self.stack.addWidget(self.result)
        self._connect()

    def _step_words(self) -> tuple[str, ...]:
        return (
            self.tr("① 选文件"),
            self.tr("② 对应列"),
            self.tr("③ 检查"),
            self.tr("④ 导入"),
            self.tr("⑤ 结果"),
        )

    def _connect(self) -> None:
        self.choose.chosen.connect(self.open_file)
        self.choose.undo_asked.connect(self.undo)
        self.choose.template_asked.connect(self.save_template)
        self.columns.checked.connect(self.check)
        self.columns.back.connect(self.start_again)
        self.columns.sheet_chosen.connect(self._open_sheet)
        self.check_pane.import_asked.connect(self.import_now)
        self.check_pane.back.connect(lambda: self._go(COLUMNS))
        self.check_pane.errors_asked.connect(self.save_errors)
        self.work.cancel_asked.connect(self.cancel)
        self.result.again.connect(self.start_again)
        self.result.errors_asked.connect(self.save_errors)
        self.result.undo_asked.connect(self._undo_this)
        self.result.look_asked.connect(self._look_at)

    def _arrange(self) -> None:
        steps = QHBoxLayout()
        steps.setSpacing(18)
        for step in self._steps:
            steps.addWidget(step)
        steps.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 12, 18, 14)
        layout.setSpacing(10)
        layout.addLayout(steps)
        layout.addWidget(self.notice)
        layout.addWidget(self.stack, 1)

    def title(self) -> str:
        return self.tr("导入")

    def icon(self) -> str:
        return "import"

    @property
    def step(self) -> int:
        return self.stack.currentIndex()

    def first_focus(self) -> QWidget | None:
        if self.step == CHOOSE:
            return self.choose.zone
        found: dict[int, QWidget] = {
            COLUMNS: self.columns.go,
            CHECK: self.check_pane.go,
            WORK: self.work.cancel,
            RESULT: self.result.first,
        }
        return found[self.step]

    def commands(self) -> tuple[Command, ...]:
        group = self.title()
        return (
            Command(self.tr("选要导入的表格"), self.choose.choose, "Ctrl+O", "import", group, "residents.import"),
            Command(self.tr("检查表格"), self.check, "", "check", group, "residents.import"),
            Command(self.tr("下载空白模板"), self.save_template, "", "export", group),
        )

    def show_this(self, what: object) -> None:
        """A file that was dropped on the window or handed over by a second start."""
        if isinstance(what, str | Path) and str(what):
            self.open_file(Path(what))

    def unsaved(self) -> str:
        return self.tr("正在导入") if self._job is not None else ""

    def refresh(self, _changed: frozenset[str], /) -> None:
        self.read(lambda: deeds(self.desk.app.db, "导入"), self.choose.show_past, key="past")

    def _go(self, step: int) -> None:
        self.stack.setCurrentIndex(step)
        self._mark_steps(step)
        focus = self.first_focus()
        if focus is not None and self.isVisible():
            focus.setFocus()

    def _mark_steps(self, step: int) -> None:
        for at, words in enumerate(self._steps):
            _mark_step(words, here=at == step)

    # ------------------------------------------------------------------------------------------ a file

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()) and self._job is None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.open_file(Path(paths[0]))

    def open_file(self, path: Path) -> None:
        """Look into a file and go on to its columns."""
        self._look_into(path, self.choose.kind, "")

    def _open_sheet(self, sheet: str) -> None:
        if self.look is not None:
            self._look_into(self.look.path, self.look.kind, sheet)

    def _look_into(self, path: Path, kind: str, sheet: str) -> None:
        self.notice.hide()
        self.read(lambda: look(path, kind, sheet), self._looked, key="look", failed=self._failed)

    def _looked(self, found: FirstLook) -> None:
        self.look = found
        self.columns.show_look(found)
        self._go(COLUMNS)

    def start_again(self) -> None:
        """Another file."""
        self.look, self.report = None, {}
        self.notice.hide()
        self.refresh(frozenset())
        self._go(CHOOSE)

    # ------------------------------------------------------------------------------------------ the job

    def _arguments(self, *more: str) -> list[str]:
        """The words of the command line for this file."""
        found = self.look
        if found is None:
            raise RuntimeError("no file was chosen")
        words = ["import", KINDS[found.kind], str(found.path), *more]
        if found.sheet:
            words += ["--sheet", found.sheet]
        if self._map is not None:
            words += ["--map", str(self._map)]
        return words

    def _write_map(self) -> None:
        """What the person decided about columns, as a file for the child."""
        decided = self.columns.mapping()
        self._forget_map()
        if decided:
            with NamedTemporaryFile("w", suffix=".json", encoding="utf-8", delete=False) as file:
                self._map = Path(file.name)  # at once: what a full disk cut off goes with the next attempt
                json.dump(decided, file, ensure_ascii=False)

    def _forget_map(self) -> None:
        if self._map is not None:
            self._map.unlink(missing_ok=True)
            self._map = None

    def leaving(self) -> None:
        self._forget_map()

    def check(self) -> None:
        """What the import would do; writes nothing."""
        if self.look is None or self._job is not None:
            return
        try:
            self._write_map()
        except OSError as error:
            self._failed(problem_from(error))
            return
        job = self._start(self.tr("检查表格"), self._arguments("--dry-run"))
        job.ended.connect(self._checked)

    def _start(self, title: str, arguments: list[str]) -> Job:
        self.notice.hide()
        self._before = self.step
        job = self.desk.background.start_job(title, arguments)
        self._job = job
        self.work.show_job(job)
        self._go(WORK)
        self._mark_steps(self._before + 1)  # checking is the third step, importing the fourth
        # bound methods: they fall away with the page, a job may outlive a closed tab
        job.failed.connect(self._job_failed)
        job.cancelled.connect(self._cancelled)
        job.over.connect(self._over)
        return job

    def _over(self, _job: Job) -> None:
        self._job = None

    def _checked(self, report: object) -> None:
        if isinstance(report, dict):
            self.report = report
            self.check_pane.show_report(report)
            self._go(CHECK)

    def import_now(self) -> None:
        """Write what was checked, in one step."""
        if self.look is None or self._job is not None:
            return
        job = self._start(self.tr("导入"), self._arguments("--yes"))
        job.ended.connect(self._imported)

    def _imported(self, report: object) -> None:
        if isinstance(report, dict):
            self.report = report
            self.result.show_report(report)
            self.desk.signals.tell(TOUCHED)
            self._go(RESULT)

    def cancel(self) -> None:
        """Stop; what was not finished is not there."""
        if self._job is not None:
            self._job.cancel()

    def _cancelled(self) -> None:
        self.notice.show_words(self.tr("已取消，什么也没有改动。"))
        self._go(self._before)

    def _job_failed(self, problem: Problem) -> None:
        self._go(self._before)
        self._failed(problem)

    def _failed(self, problem: Problem) -> None:
        self.notice.show_problem(problem)

    # ------------------------------------------------------------------------------------------ afterwards

    def save_errors(self) -> None:
        """The rows that need a look, as a workbook to put right and import again."""
        if self.look is None:
            return
        name = self.tr("{name}-需要看的行.xlsx").format(name=self.look.path.stem)
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("另存错误表"), str(self.look.path.with_name(name)), "Excel (*.xlsx)"
        )
        if path:
            self.save_errors_to(Path(path))

    def save_errors_to(self, path: Path) -> None:
        """Write the workbook of problems."""
        job = self.desk.background.start_job(self.tr("另存错误表"), self._arguments("--dry-run", "--errors", str(path)))
        desk, words = self.desk, self.tr("已保存 {name}，改好后可以直接再导入").format(name=path.name)
        job.ended.connect(lambda _report: desk.say(words))
        job.failed.connect(self._failed)

    def _undo_this(self) -> None:
        action = self.report.get("action")
        if isinstance(action, int):
            self._undo(action)

    def undo(self, past: Deed | None) -> None:
        """Take an earlier import back."""
        if past is not None and not past.undone:
            self._undo(past.action)

    def _undo(self, action: int) -> None:
        job = self.desk.background.start_job(self.tr("撤销导入"), ["undo", str(action)])
        job.ended.connect(self._undone)
        job.failed.connect(self._failed)

    def _undone(self, report: object) -> None:
        self.desk.signals.tell(TOUCHED)
        kept = int(report.get("kept") or 0) if isinstance(report, dict) else 0
        words = self.tr("这次导入已撤销。")
        words += self.tr("有 {n} 条后来又改过，保留没动。").format(n=kept) if kept else ""
        self.start_again()
        self.notice.show_words(words, "good")

    def _look_at(self) -> None:
        pages = {"residents": "residents", "buildings": "buildings", "centre_households": "organisation"}
        self.desk.open_page(pages[self.look.kind] if self.look else "residents")

    def save_template(self) -> None:
        """The blank workbook for residents."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("下载空白模板"), f"{folder}/{self.tr('居民信息采集表.xlsx')}", "Excel (*.xlsx)"
        )
        if path:
            self.write(lambda: _template(Path(path)), self._template_saved, failed=self._failed)

    def _template_saved(self, path: Path) -> None:
        self.desk.say(self.tr("模板已保存：{name}").format(name=path.name))


def _template(path: Path) -> Path:
    from desktop_app.residents.template import write_template

    return write_template(path)


def _mark_step(words: QLabel, *, here: bool) -> None:
    words.setObjectName("section" if here else "muted")
    words.style().unpolish(words)
    words.style().polish(words)
