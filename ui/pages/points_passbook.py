"""存折 beside the list of accounts: what came and went, the latest first, with what was left after each."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.points import queries, rules
from desktop_app.points.queries import Passbook, PassbookLine
from ui.pages.page import Page
from ui.shell.parts import label, row
from ui.shell.row_marks import RowMarks
from ui.widgets.inputs import DateEdit, tidy_date
from ui.widgets.line_table import LineTable
from ui.widgets.record_model import RIGHT, Column

_DATE = 4.6
"""Room for a date and the cross that takes it away, in rows."""
_ROWS = 7
"""Lines that are seen at once; the others scroll."""


def signed(amount: int) -> str:
    """−57: the sign is as wide as a figure."""
    return str(amount).replace("-", "−")


def _moved(line: PassbookLine) -> str:
    return f"＋{line.came}" if line.came else f"−{line.went}"


def _tone(line: PassbookLine) -> str:
    return "good" if line.came else ""


class PassbookView(QWidget):
    """Says nothing; `current` is the line under the cursor, which is what 冲正 proposes."""

    def __init__(self, page: Page, parent: QWidget) -> None:
        super().__init__(parent)
        self._page, self._id = page, ""
        self._book: Passbook | None = None
        self.until = DateEdit(self)
        self.until.setPlaceholderText(self.tr("到哪天"))
        self.until.setAccessibleName(self.tr("看到哪一天"))
        self.until.setClearButtonEnabled(True)
        self.until.setMaximumWidth(round(page.desk.theme.row_height * _DATE))
        self.until.entered.connect(self.ask)
        self.until.left.connect(self.ask)
        self.left = label("", "muted")
        self.table = LineTable(
            (
                Column("on", self.tr("日期"), 80, lambda line: line.on),
                Column("what", self.tr("事项"), 100, self._what, tone=lambda line: "bad" if line.void else ""),
                Column("moved", self.tr("收支"), 54, _moved, align=RIGHT, tone=_tone),
                Column("balance", self.tr("结余"), 56, lambda line: signed(line.balance), align=RIGHT),
                RowMarks(page.desk, "points_entry", self).column(),  # the last: it gives way where room is scarce
            ),
            self.tr("存折"),
            self,
            stretch="what",
        )
        self.table.show_tones(page.desk.theme)
        head = row(label(self.tr("存折"), "section"), self.left, 1, self.until)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.table)

    @property
    def lines(self) -> tuple[PassbookLine, ...]:
        """What is shown, the earliest first."""
        return self._book.lines if self._book is not None else ()

    @property
    def current(self) -> PassbookLine | None:
        """The entry under the cursor."""
        found: PassbookLine | None = self.table.current
        return found

    def show_account(self, account_id: str) -> None:
        """The passbook of another account, or of the same one, asked again."""
        if account_id != self._id:
            self.until.clear()
            self.table.show_lines(())
            self.left.clear()
            self._book = None
        self._id = account_id
        self.ask()

    def ask(self) -> None:
        """Ask for the lines up to the day that stands there."""
        db, account_id, until = self._page.desk.app.db, self._id, tidy_date(self.until.text())
        if account_id:
            self._page.read(lambda: queries.passbook(db, account_id, until=until), self._show, key="passbook")

    def _show(self, book: Passbook | None) -> None:
        if book is None or book.account.id != self._id:
            return
        before, theme, self._book = self.lines, self._page.desk.theme, book
        newest = book.lines[-1].id if book.lines and book.lines[-1:] != before[-1:] else ""
        self.table.set_row_height(theme.row_height)
        self.table.setFixedHeight(round(theme.row_height * (_ROWS + 1.2)))
        self.table.show_lines(tuple(reversed(book.lines)), point=newest)
        left = rules.spoken(book.closing, book.account.unit)
        shown = self.tr("到 {on} 结余 {left}").format(on=book.until, left=left) if book.until else ""
        self.left.setText(
            shown or (self.tr("{n} 笔").format(n=len(book.lines)) if book.lines else self.tr("还没有流水"))
        )

    def _what(self, line: PassbookLine) -> str:
        if line.void:
            return self.tr("（没有生效）{what}").format(what=line.text)
        return self.tr("（已冲正）{what}").format(what=line.text) if line.reversed_by else line.text
