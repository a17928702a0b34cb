"""The sentence of the 石首 article for any period, its identity checked: to read, to copy, to print."""

from dataclasses import dataclass

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from desktop_app.appeals import queries
from desktop_app.appeals.counting import Tally, sentence
from desktop_app.appeals.rules import OUTCOMES
from desktop_app.papers.actions import record_print
from desktop_app.shared.dates import must_be_date
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database
from ui.pages.appeals_filter import span
from ui.pages.paper_dialog import PaperDialog
from ui.shell.desk import Desk
from ui.shell.parts import Card, button, label, readable, row
from ui.shell.problems import Problem
from ui.widgets.facts import Facts
from ui.widgets.inputs import ChoiceBox, DateEdit, tidy_date
from ui.widgets.strip import Strip

_WIDTH, _HEIGHT, _SHARE, _FORM = 720, 470, 0.9, "appeal_sentence"


@dataclass(frozen=True, slots=True)
class Told:
    """The figures, the sentence, and at which steps things were solved."""

    tally: Tally
    words: str
    by_step: dict[str, int]


def told(db: Database, since: str, until: str, as_of: str) -> Told:
    """Runs on the reader thread.  AppError for a day that is none, and where the figures do not add up."""
    for name, day, zh in (("since", since, "从"), ("until", until, "到"), ("as_of", as_of, "办理情况截至")):
        if day:
            must_be_date(day, zh, name)
    if since and until and until < since:
        raise AppError("结束日期在开始日期之前，没有统计。", field="until", next_step="请核对两个日期。")
    tally = queries.tally(db, since, until, as_of)
    return Told(tally, sentence(tally), queries.solved_by_step(db, since, until))


class SentenceDialog(QDialog):
    """A period above, the sentence and its figures below; Ctrl+C copies, Ctrl+P prints."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._told: Told | None = None
        self.setWindowTitle(self.tr("诉求办理情况"))
        periods = (
            ("year", self.tr("今年")),
            ("quarter", self.tr("本季度")),
            ("month", self.tr("本月")),
            ("last_month", self.tr("上月")),
            ("last_year", self.tr("去年")),
            ("all", self.tr("全部")),
            ("own", self.tr("自己填起止日期")),
        )
        self.period = ChoiceBox(list(periods), self)
        self.since, self.until, self.as_of = DateEdit(self), DateEdit(self), DateEdit(self)
        self.strip = Strip(desk.theme, self)
        self.words = readable("", "section")
        self._check = label("", "muted", wrap=True)
        self._facts = Facts(self, columns=2)
        icon = desk.theme.icon
        self._copy = button(self.tr("复制"), self.copy, tone="primary", icon=icon("copy", "on_accent"))
        self._copy.setShortcut("Ctrl+Shift+C")
        self._print = button(self.tr("打印"), self.print_now, icon=icon("printer", "accent_text"))
        self._print.setShortcut("Ctrl+P")
        self._arrange()
        self.period.currentIndexChanged.connect(lambda _at: self._take_period())
        for field in (self.since, self.until, self.as_of):
            field.left.connect(self._typed)
            field.entered.connect(self._typed)
        self._take_period()

    def _arrange(self) -> None:
        for field, name in (
            (self.period, self.tr("哪段时间")),
            (self.since, self.tr("从")),
            (self.until, self.tr("到")),
            (self.as_of, self.tr("办理情况截至")),
        ):
            field.setAccessibleName(name)
        self.as_of.setPlaceholderText(self.tr("空着：到现在"))
        card = Card()
        for part in (self.words, self._check, self._facts):
            card.body.addWidget(part)
        card.body.addStretch(1)
        first = row(
            label(self.tr("接到的")), self.period, label(self.tr("从")), self.since, label(self.tr("到")), self.until
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(12)
        layout.addLayout(first)
        layout.addLayout(row(label(self.tr("办理情况截至")), self.as_of, 1))
        layout.addWidget(self.strip)
        layout.addWidget(card, 1)
        layout.addLayout(row(1, button(self.tr("关上"), self.reject), self._print, self._copy))
        factor, room = self._desk.theme.font_px / 14, self.screen().availableSize() * _SHARE
        self.resize(min(round(_WIDTH * factor), room.width()), min(round(_HEIGHT * factor), room.height()))

    def _take_period(self) -> None:
        if self.period.code != "own":
            first, last = span(self.period.code, self._desk.app.clock.today())
            self.since.setText(first)
            self.until.setText(last)
        self._ask()

    def _typed(self) -> None:
        today = self._desk.app.clock.today()
        if (tidy_date(self.since.text()), tidy_date(self.until.text())) != span(self.period.code, today):
            self.period.blockSignals(True)
            self.period.choose("own")
            self.period.blockSignals(False)
        self._ask()

    def _ask(self) -> None:
        db = self._desk.app.db
        days = [tidy_date(field.text()) for field in (self.since, self.until, self.as_of)]
        self._desk.background.read(lambda: told(db, *days), self._show, owner=self, key="sentence", failed=self._failed)

    def _failed(self, problem: Problem) -> None:
        self._told = None
        self._ready()
        self.strip.show_problem(problem)

    def _ready(self) -> None:
        for part in (self._copy, self._print):
            part.setEnabled(self._told is not None)

    def _show(self, found: Told) -> None:
        self._told = found
        self._ready()
        self.strip.hide()
        tally = found.tally
        self.words.setText(found.words)
        self._check.setText(
            self.tr("核对：{total} = {a} + {b} + {c}，相符。").format(
                total=tally.total, a=tally.answered, b=tally.followed, c=tally.explained
            )
        )
        self._facts.show_facts(self._figures(found))

    def _figures(self, found: Told) -> list[tuple[str, str]]:
        solved = sum(found.by_step.values())
        lines = [(word, self.tr("{n} 件").format(n=count)) for word, count in _counts(found.tally)]
        for name, count in found.by_step.items():
            share = self.tr("{n} 件，占解决的 {p}%").format(n=count, p=count * 100 // solved)
            lines.append((self.tr("{name}解决").format(name=name), share))
        return lines

    def copy(self) -> None:
        """The sentence to the clipboard, for Word or WeChat."""
        if self._told is not None:
            QGuiApplication.clipboard().setText(self._told.words)
            self._desk.say(self.tr("已复制，可以粘贴到文档里"))

    def print_now(self) -> None:
        """The sentence with its figures as a paper."""
        if self._told is None:
            return
        found, community = self._told, self._desk.app.community.name
        title, figures = self.tr("诉求办理情况"), self._figures(self._told)
        self._desk.background.read(
            lambda: sentence_pdf(title, community, found, figures),
            lambda pdf: self._show_paper(title, pdf),
            owner=self,
        )

    def _show_paper(self, title: str, pdf: bytes) -> None:
        app = self._desk.app

        def noted(target: str) -> object:
            return record_print(app.db, app.actor, _FORM, "appeal", None, title, pdf_bytes=pdf, target=target)

        PaperDialog(self._desk, title, pdf, self, noted).open()


def _counts(tally: Tally) -> tuple[tuple[str, int], ...]:
    return tuple(zip(OUTCOMES, (tally.answered, tally.followed, tally.explained), strict=True))


def sentence_pdf(title: str, community: str, found: Told, figures: list[tuple[str, str]]) -> bytes:
    """One page: the sentence, and the figures it is made of."""
    from desktop_app.printing.form import Choice
    from desktop_app.printing.forms.table import TableForm, TablePaper
    from desktop_app.printing.tables import Column

    rows = [("情况", found.words), ("接到诉求", f"{found.tally.total} 件"), *figures]
    paper = TablePaper(title, (Column("项目", 48), Column("内容")), tuple(rows), community)
    return TableForm().draw([paper], Choice(size="A4"))
