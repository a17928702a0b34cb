"""Step 3: what the import would do, in numbers and row by row; nothing has been written."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.shell.parts import Card, button, label, row
from ui.shell.problems import masked
from ui.widgets.line_table import LineTable
from ui.widgets.record_model import Column
from ui.widgets.segments import Segments
from ui.widgets.strip import Strip

if TYPE_CHECKING:
    from ui.pages.importing import ImportingPage


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """One thing to look at."""

    id: str
    sheet: str
    row: int
    column: str
    message: str
    raw: str
    must: bool


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One field that would change."""

    id: str
    name: str
    label: str
    before: str
    after: str


def problem_lines(report: dict[str, Any]) -> list[ProblemLine]:
    """The problems of a report of the command line; numbers are masked."""
    return [
        ProblemLine(
            str(at),
            str(one.get("sheet") or ""),
            int(one.get("row") or 0),
            str(one.get("column") or ""),
            masked(str(one.get("message") or "")),
            masked(str(one.get("raw") or "")),
            bool(one.get("must")),
        )
        for at, one in enumerate(report.get("problems") or ())
    ]


def change_lines(report: dict[str, Any]) -> list[ChangeLine]:
    """The changes of a report, field by field; numbers are masked."""
    return [
        ChangeLine(
            f"{at}/{place}",
            str(one.get("name") or ""),
            str(field.get("label") or ""),
            masked(str(field.get("before") or "")),
            masked(str(field.get("after") or "")),
        )
        for at, one in enumerate(report.get("changes") or ())
        for place, field in enumerate(one.get("changes") or ())
    ]


class CheckPane(QWidget):
    """Says `import_asked`, `back`, `errors_asked`."""

    import_asked = Signal()
    back = Signal()
    errors_asked = Signal()

    def __init__(self, page: "ImportingPage") -> None:
        super().__init__(page)
        self.page = page
        self._problems: list[ProblemLine] = []
        self._figures = {
            "added": label("", "figure"),
            "changed": label("", "figure"),
            "unchanged": label("", "figure"),
            "to_look_at": label("", "figure"),
        }
        self.notice = Strip(page.desk.theme, self)
        self.faces = Segments(
            (self.tr("需要看"), self.tr("只是提醒"), self.tr("会更新什么")), self.tr("看哪一部分"), self
        )
        self.table = self._problem_table()
        self.changes = self._change_table()
        self._tables = QStackedWidget(self)
        self._tables.addWidget(self.table)
        self._tables.addWidget(self.changes)
        self.faces.chosen.connect(self._show_face)
        self.go = button("", self.import_asked.emit, tone="primary", icon=page.desk.theme.icon("import", "on_accent"))
        self._errors = button(self.tr("另存错误表…"), self.errors_asked.emit, icon=page.desk.theme.icon("export"))
        self._arrange()

    def _problem_table(self) -> LineTable:
        return LineTable(
            (
                Column("row", self.tr("行"), 52, lambda one: str(one.row or "")),
                Column("column", self.tr("列"), 110, lambda one: one.column),
                Column("message", self.tr("怎么了"), 380, lambda one: one.message),
                Column("raw", self.tr("表里写的"), 150, lambda one: one.raw),
                Column("sheet", self.tr("工作表"), 100, lambda one: one.sheet),
            ),
            self.tr("需要看的行"),
            self,
            stretch="message",
        )

    def _change_table(self) -> LineTable:
        return LineTable(
            (
                Column("name", self.tr("姓名"), 90, lambda one: one.name),
                Column("label", self.tr("项目"), 110, lambda one: one.label),
                Column("before", self.tr("现在是"), 220, lambda one: one.before),
                Column("after", self.tr("会改成"), 220, lambda one: one.after),
            ),
            self.tr("会更新的项目"),
            self,
            stretch="after",
        )

    def _arrange(self) -> None:
        figures = QHBoxLayout()
        figures.setSpacing(10)
        titles = (self.tr("新增"), self.tr("更新"), self.tr("不变"), self.tr("需要看"))
        for (_name, figure), words in zip(self._figures.items(), titles, strict=True):
            card = Card("", self)
            card.body.setSpacing(0)
            card.body.addWidget(figure)
            card.body.addWidget(label(words, "muted"))
            figures.addWidget(card)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(figures)
        layout.addWidget(self.notice)
        layout.addLayout(row(self.faces, 1, self._errors))
        layout.addWidget(self._tables, 1)
        layout.addLayout(row(button(self.tr("回去改对应列"), self.back.emit), 1, self.go))

    def show_report(self, report: dict[str, Any]) -> None:
        """What the check found."""
        for name, figure in self._figures.items():
            figure.setText(f"{int(report.get(name) or 0):,}")
        self._problems = problem_lines(report)
        changes = change_lines(report)
        for table in (self.table, self.changes):
            table.set_row_height(self.page.desk.theme.row_height)
        self.changes.show_lines(changes)
        self.faces.show_count(0, sum(one.must for one in self._problems))
        self.faces.show_count(1, sum(not one.must for one in self._problems))
        self.faces.show_count(2, len(changes))
        self._show_face(self.faces.current)
        self._errors.setEnabled(bool(self._problems))
        writes = int(report.get("added") or 0) + int(report.get("changed") or 0)
        self.go.setText(self.tr("导入 {n} 条").format(n=f"{writes:,}"))
        self.go.setEnabled(bool(writes))
        self._say(report, writes)

    def _say(self, report: dict[str, Any], writes: int) -> None:
        new = report.get("new") or {}
        parts = (
            ("estates", self.tr("小区")),
            ("buildings", self.tr("楼栋")),
            ("rooms", self.tr("房屋")),
            ("households", self.tr("户")),
        )
        made = "、".join(f"{words} {int(new[name]):,}" for name, words in parts if new.get(name))
        skipped = int(report.get("skipped") or 0)
        left = "、".join(report.get("sheets_left_out") or ())
        unread = self.tr("工作表“{left}”里没有找到表头，不会导入。").format(left=left) if left else ""
        if not writes:
            words = self.tr("表里的内容系统里都有了，没有要写的。") + unread
            self.notice.show_words(words, "" if left else "good", stays=True)
            return
        words = self.tr("还没有写入。")
        words += self.tr("会新建：{made}。").format(made=made) if made else ""
        words += self.tr("有 {n} 行缺姓名或楼栋，不导入，其余照常。").format(n=skipped) if skipped else ""
        words += unread
        self.notice.show_words(words, "", stays=True)

    def _show_face(self, at: int) -> None:
        self._tables.setCurrentIndex(1 if at == 2 else 0)  # noqa: PLR2004 the third face
        if at < 2:  # noqa: PLR2004
            self.table.show_lines([one for one in self._problems if one.must == (at == 0)])
