"""打印中心: choose a form and whose papers, see what will come out, print it or keep it as PDF; today's jobs."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QStandardPaths, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from desktop_app.papers.model import PrintJob
from desktop_app.papers.queries import jobs, printed_before
from desktop_app.printing.form import Choice, Flip
from desktop_app.residents.queries import homes_in
from desktop_app.shared.clock import local_text
from ui.pages.page import Page
from ui.pages.printing_bar import PrintBar, ready_printers
from ui.pages.printing_lists import SUBJECT_WORDS
from ui.pages.printing_paint import paint
from ui.pages.printing_paper import Drawn, Order, draw, note, render_of, save, send
from ui.pages.printing_subjects import Subject, SubjectsPane, subjects_of
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.parts import Card, button, label, row
from ui.shell.problems import Problem
from ui.widgets.line_table import LineTable
from ui.widgets.pdf_preview import PdfPreview
from ui.widgets.record_model import Column
from ui.widgets.strip import Strip

_PAUSE_MS = 200
_HURRY_MS = 10_000
_LOOK_AT = 30
_ONE_PAPER = frozenset({"appeal_ledger"})
"""Forms that make one paper of all subjects: the preview shows the whole of it."""


@dataclass(frozen=True, slots=True)
class FormLine:
    """A form as the list shows it."""

    id: str
    title: str
    subject: str
    sizes: tuple[str, ...]


def form_lines() -> list[FormLine]:
    """Every form that is printed from here; runs on the reader thread, since it loads the printing code."""
    from desktop_app.printing.forms import FORMS

    return [FormLine(one.name, one.title, one.subject, one.sizes) for one in FORMS if one.subject in SUBJECT_WORDS]


class PrintingPage(Page):
    """Forms and jobs at the left, whose papers in the middle, the paper at the right."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {
            "print_job",
            "meeting",
            "building",
            "party_centre_household",
            "contact_assignment",
            "agenda_item",
            "attendance",
            "resolution",
            "campaign",
            "door_bell",
            "care_pair",
            "appeal",
            "points_account",
            "points_entry",
        }
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._wanted = ""
        self._drawn: Drawn | None = None
        self._draft = False
        self._hurry = QTimer(self, singleShot=True, interval=_HURRY_MS)  # Return came before the paper was drawn
        self.build(self._parts())

    def _parts(self) -> Iterator[None]:
        self._arrange()
        self.forms = LineTable((Column("title", self.tr("单据"), 150, lambda one: one.title),), self.tr("单据"), self)
        self.forms.chosen.connect(self._form_chosen)
        self.forms.asked.connect(lambda _line: self._press())
        self.forms.horizontalHeader().hide()
        self._left.addWidget(label(self.tr("打什么"), "section"))
        self._left.addWidget(self.forms, 3)
        self.subjects = SubjectsPane(self)
        self._across.insertWidget(1, self.subjects, 3)
        yield
        self._summary = label("", "muted")
        self.jobs = self._job_table()
        self._again = button(self.tr("再打"), self.again)
        self._left.addLayout(row(label(self.tr("今天打过的"), "section"), 1, self._again))
        for part, share in ((self._summary, 0), (self.jobs, 4)):
            self._left.addWidget(part, share)
        yield
        self.notice = Strip(self.desk.theme, self)
        self.preview = PdfPreview(self.desk.theme, self.desk.background, self)
        self._paper.addWidget(self.notice)
        self._paper.addWidget(self.preview, 1)
        yield
        self.bar = PrintBar(self.desk.theme, self)
        self._paper.addWidget(self.bar)
        self.bar.changed.connect(self._redraw_soon)
        self.bar.print_asked.connect(self.print_now)
        self.bar.save_asked.connect(self.save_pdf)
        self.bar.size_choice.activated.connect(lambda _at: self._keep_size())
        self.subjects.picked.connect(self._redraw_soon)
        self.subjects.table.asked.connect(lambda _line: self._press())
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._redraw)

    def _job_table(self) -> LineTable:
        table = LineTable(
            (
                Column("at", self.tr("时间"), 52, lambda job: local_text(job.at, "%H:%M")),
                Column("title", self.tr("内容"), 120, lambda job: job.title),
                Column("state", self.tr("状态"), 66, lambda job: job.state),
            ),
            self.tr("今天打过的"),
            self,
            stretch="title",
        )
        table.asked.connect(lambda _job: self.again())
        return table

    def _arrange(self) -> None:
        """Room for what stands at the left and for the paper."""
        self._across = QHBoxLayout(self)
        self._across.setContentsMargins(14, 10, 14, 12)
        self._across.setSpacing(10)
        left, right = Card(parent=self), Card(parent=self)
        self._left, self._paper = left.body, right.body
        self._across.addWidget(left, 3)
        self._across.addWidget(right, 6)

    def title(self) -> str:
        return self.tr("打印")

    def icon(self) -> str:
        return "printer"

    def first_focus(self) -> QWidget | None:
        return self.subjects.table if self.subjects.chosen else self.forms

    def commands(self) -> tuple[Command, ...]:
        group = self.title()
        return (
            Command(self.tr("打印"), self.late(lambda: self.bar.press), "Ctrl+P", "printer", group, "papers.change"),
            Command(self.tr("保存为 PDF"), self.save_pdf, "Ctrl+S", "save", group, "papers.change"),
            Command(self.tr("再打选中的一张"), self.again, "R", "printer", group, "papers.change"),
            Command(self.tr("查找要打的"), self.subjects.search.setFocus, "Ctrl+F", "search", group),
        )

    def show_this(self, what: object) -> None:
        """(form, subjects) as `Desk.print_form` sends them."""
        if isinstance(what, tuple) and len(what) == 2 and isinstance(what[1], tuple):  # noqa: PLR2004 form and subjects
            self._wanted = str(what[0])
            self.subjects.give(tuple(map(str, what[1])))
            self._point_at_form()

    # ------------------------------------------------------------------------------------------ show

    def refresh(self, changed: frozenset[str]) -> None:
        today = self.desk.app.clock.today()
        self.read(lambda: jobs(self.desk.app.db, day=today), self._show_jobs, key="jobs")
        if not changed:
            self.read(form_lines, self._show_forms, key="forms")
            self.read(ready_printers, self.bar.show_printers, key="printers", failed=self.bar.no_printers)
        elif changed - {"print_job"}:
            self._ask_subjects()

    def _show_jobs(self, found: list[PrintJob]) -> None:
        self.jobs.set_row_height(self.desk.theme.row_height)
        self.jobs.show_lines(found)
        failed = sum(job.state == "失败" for job in found)
        words = self.tr("{n} 件").format(n=len(found)) + (self.tr("，失败 {n} 件").format(n=failed) if failed else "")
        self._summary.setText(words if found else self.tr("今天还没有打过。"))
        self._again.setEnabled(bool(found))

    def _show_forms(self, lines: list[FormLine]) -> None:
        self.forms.set_row_height(self.desk.theme.control_height)
        self.forms.show_lines(lines)
        self._point_at_form()

    def _point_at_form(self) -> None:
        at = next((at for at, line in enumerate(self.forms.lines) if line.id == self._wanted), -1)
        if at < 0:
            return
        self._wanted = ""
        if self.forms.current is self.forms.lines[at]:
            self._ask_subjects()
        else:
            self.forms.point_at(at)

    def _form_chosen(self, line: FormLine | None) -> None:
        if line is not None:
            self._draft = False
            self.bar.show_form(line.sizes, both_sides=line.id == "service_card")
            self.bar.choose_size(self.desk.settings.text(f"print/size/{line.id}", ""))
            self._ask_subjects()

    def _keep_size(self) -> None:
        """The size of this form, for the next time: whoever has a roll printer chooses it once."""
        if (line := self.forms.current) is not None:
            self.desk.settings.put(f"print/size/{line.id}", self.bar.size_words)

    def _ask_subjects(self) -> None:
        line = self.forms.current
        if line is None:
            return
        db, on = self.desk.app.db, self.desk.app.clock.today().isoformat()
        self.read(lambda: subjects_of(db, line.subject, on), partial(self._show_subjects, line), key="subjects")

    def _show_subjects(self, line: FormLine, found: list[Subject]) -> None:
        words = {
            "building": (self.tr("还没有登记楼栋。"), self.tr("去登记楼栋"), "buildings"),
            "centre": (self.tr("还没有党员中心户。"), self.tr("去挂牌"), "organisation"),
            "meeting": (self.tr("还没有开过会。"), self.tr("去开会"), "meetings"),
            "campaign": (self.tr("还没有敲门行动。"), self.tr("去建立"), "visits"),
            "appeal": (self.tr("还没有登记过诉求。"), self.tr("去登记"), "appeals"),
        }
        partners = (self.tr("还没有可以打的，先在“共建”里登记。"), self.tr("去共建"), "partners")
        sentence, action, page = words.get(line.subject, partners)
        self.subjects.empty.show_words(sentence, action, "", partial(self.desk.open_page, page))
        self.subjects.show_subjects(found, SUBJECT_WORDS[line.subject], cards=line.id == "service_card")

    # ------------------------------------------------------------------------------------------ paper

    def _redraw_soon(self) -> None:
        if self.subjects.table.hasFocus():
            self._hurry.stop()  # somebody else is chosen now
        self._pause.start()

    def _press(self) -> None:
        """Return in a list: print, or as soon as the paper that is being drawn is there."""
        if self._pause.isActive() or not self.bar.is_ready:
            self._hurry.start()
            return
        self._hurry.stop()
        self.bar.press()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return before the lists are filled."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._press()
        else:
            super().keyPressEvent(event)

    def _redraw(self) -> None:
        line, chosen = self.forms.current, self.subjects.chosen
        if line is None or not chosen:
            self._drawn = None
            self.preview.clear()
            self.bar.set_ready(ready=False)
            return
        app, choice, homes = self.desk.app, self._choice(line), self.subjects.wants_homes
        title = f"{line.title}：{self.subjects.names}"

        def work() -> tuple[Drawn, PrintJob | None]:
            subjects = tuple(homes_in(app.db, chosen)) if homes else chosen
            shown = subjects if line.id in _ONE_PAPER else subjects[:_LOOK_AT]
            drawn = draw(app, line.id, shown, choice, title)
            before = printed_before(app.db, line.id, subjects[0]) if len(subjects) == 1 else None
            return Drawn(drawn.form, title, subjects, choice, drawn.pdf, drawn.sizes), before

        self.read(work, self._show_drawn, key="paper", failed=self._not_drawn)

    def _choice(self, line: FormLine) -> Choice:
        app = self.desk.app
        footer = self.tr("打印时间 {at}　打印人 {who}").format(
            at=local_text(app.clock.ms(), "%Y-%m-%d %H:%M"), who=app.actor.name
        )
        flip: Flip = "none" if line.id == "service_card" and not self.bar.both_sides else "long"
        return Choice(size=self.bar.size_words, draft=self._draft, flip=flip, footer=footer)

    def _show_drawn(self, made: tuple[Drawn, PrintJob | None]) -> None:
        drawn, before = made
        self._drawn = drawn
        self.preview.show_pages(drawn.sizes, render_of(drawn.pdf))
        self.bar.set_ready(ready=True)
        if self._hurry.isActive():
            self._press()
        if self._draft:
            self.notice.show_words(self.tr("这是草稿，纸上会注明“草稿”和还缺的要素。"), "warn", stays=True)
        elif len(drawn.subjects) > _LOOK_AT and drawn.form not in _ONE_PAPER:
            words = self.tr("预览前 {n} 份，打印时 {all} 份都打。").format(n=_LOOK_AT, all=len(drawn.subjects))
            self.notice.show_words(words, "", stays=True)
        elif before is not None:
            words = self.tr("{day} 打过一次，这次记为重印。").format(day=local_text(before.at, "%Y-%m-%d %H:%M"))
            self.notice.show_words(words, "", stays=True)
        else:
            self.notice.hide()

    def _not_drawn(self, problem: Problem) -> None:
        self._hurry.stop()
        self._drawn = None
        self.preview.clear()
        self.bar.set_ready(ready=False)
        line = self.forms.current
        if line is not None and line.subject == "meeting" and not self._draft and not problem.is_bug:
            self.notice.show_problem(problem, self.tr("先看草稿"), self.show_draft)
        else:
            self.notice.show_problem(problem)

    def show_draft(self) -> None:
        """The paper as it stands, marked 草稿."""
        self._draft = True
        self._redraw()

    # ------------------------------------------------------------------------------------------ verbs

    def _whole(self, drawn: Drawn) -> Drawn:
        """Everything that was chosen, not just what the preview shows; runs on the writer thread."""
        if len(drawn.subjects) <= _LOOK_AT:
            return drawn
        return draw(self.desk.app, drawn.form, drawn.subjects, drawn.choice, drawn.title)

    def print_now(self) -> None:
        """Log, then send what the preview shows."""
        drawn, order, app = self._drawn, self.bar.order, self.desk.app
        if drawn is None or not order.printer:
            return
        if self.bar.paints:
            self.write(lambda: self._noted(drawn, order), partial(self._paint, order), failed=self._refused)
            return
        words = self.tr("{title} 已送到 {printer}").format(title=drawn.title, printer=order.printer)
        self.write(lambda: send(app, self._whole(drawn), order), lambda _job: self._out(words), failed=self._refused)

    def _noted(self, drawn: Drawn, order: Order) -> Drawn:
        whole = self._whole(drawn)
        note(self.desk.app, whole, order.printer, order.copies)
        return whole

    def _paint(self, order: Order, drawn: Drawn) -> None:
        paint(drawn, order)
        self._out(self.tr("{title} 已送到 {printer}").format(title=drawn.title, printer=order.printer))

    def _out(self, words: str) -> None:
        """It came out: what was in its way is said no longer."""
        self.notice.dismiss_problem()
        self.desk.say(words)

    def _refused(self, problem: Problem) -> None:
        self.notice.show_problem(problem, self.tr("先存为 PDF"), self.save_pdf)

    def save_pdf(self) -> None:
        """Keep the paper as a file."""
        if (drawn := self._drawn) is None:
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = drawn.title.replace("：", "-").replace("/", "-")
        path, _ = QFileDialog.getSaveFileName(self, self.tr("保存为 PDF"), f"{folder}/{name}.pdf", "PDF (*.pdf)")
        if path:
            self.save_to(Path(path))

    def save_to(self, path: Path) -> None:
        """Write what the preview shows to a file."""
        drawn, app = self._drawn, self.desk.app
        if drawn is not None:
            words = self.tr("已保存 {name}").format(name=path.name)
            self.write(lambda: save(app, self._whole(drawn), path), lambda _job: self._out(words), failed=self._refused)

    def again(self) -> None:
        """The paper under the cursor once more, as it would come out now."""
        job = self.jobs.current
        if job is None:
            return
        if job.subject_id is None:
            self.desk.say(self.tr("这一件是一批一起打的，请在中间重新选好再打。"))
            return
        self.show_this((job.form, (job.subject_id,)))
