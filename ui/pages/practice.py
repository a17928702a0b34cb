"""地方做法: the rules and words of the town, which of them the community writes itself, from which day on."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtGui import QFontDatabase, QShowEvent
from PySide6.QtWidgets import QLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.practice import actions, queries
from desktop_app.practice.queries import BookLine
from desktop_app.spreadsheets.workbook import SheetOut, write
from desktop_app.store.database import Database
from ui.pages.list_pane import ListPane
from ui.pages.page import Page
from ui.pages.practice_editor import BookEditor
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.doing import do
from ui.shell.parts import column, label
from ui.widgets.dialog import FormDialog
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.inline_form import Ask
from ui.widgets.record_form import Field, RecordForm
from ui.widgets.record_model import Column

_HEADER = ("名称", "内容", "现在用的", "修改人", "依据", "以后生效", "来源")
_HIGH = 400


class BooksPane(ListPane):
    """A line is a file of rules."""

    name: ClassVar[str] = "地方做法"
    search: ClassVar[str] = "城市做法、代码表、规则"
    stretch: ClassVar[str] = "title"
    tables: ClassVar[frozenset[str]] = frozenset({"rule_book"})

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("title", self.tr("内容"), 190, lambda line: line.title, "title"),
            Column("kind", self.tr("种类"), 120, lambda line: line.kind, "kind"),
            Column("own", self.tr("现在用的"), 130, self._standing, "own",
                   tone=lambda line: "good" if line.own else ""),
            Column("coming", self.tr("以后生效"), 92, lambda line: line.coming),
        )  # fmt: skip

    def _standing(self, line: BookLine) -> str:
        return self.tr("{on} 起自定").format(on=line.from_on) if line.own else self.tr("随程序提供")

    def filters(self) -> tuple[Filter, ...]:
        return (Filter("own", self.tr("只看改过的"), (("1", self.tr("只看改过的")),), several=False),)

    def orders(self) -> Mapping[str, Callable[[BookLine], Any]]:
        return {
            "title": lambda line: line.title,
            "kind": lambda line: (line.kind, line.title),
            "own": lambda line: (not line.own, line.title),
        }

    def ask(self, db: Database, chosen: Chosen) -> Sequence[BookLine]:
        found = queries.books(db, db.clock.today().isoformat(), chosen.text)
        return [one for one in found if one.own or one.coming] if chosen.one("own") else found

    @property
    def _today(self) -> str:
        return self.page.desk.app.clock.today().isoformat()

    def title_of(self, line: BookLine) -> str:
        return line.title

    def facts(self, line: BookLine) -> Sequence[tuple[str, Any]]:
        return (
            (self.tr("名称"), line.name),
            (self.tr("现在用的"), self._standing(line)),
            (self.tr("修改人"), line.by_name),
            (self.tr("依据"), line.why),
            (self.tr("以后生效"), line.coming),
            (self.tr("来源"), line.source),
        )

    def below(self, line: BookLine) -> QLayout | None:
        every = queries.versions(self.page.desk.app.db, line.name)
        told = [
            f"{one.from_on}　{one.by_name}　{one.why}" + ("" if one.content else self.tr("（改回随程序提供的）"))
            for one in every
        ]
        parts = [label(words, wrap=True) for words in told]
        return column(label(self.tr("改过的版本"), "section"), *parts, gap=4) if parts else None

    def nothing(self) -> str:
        return self.tr("没有这样的规则。")

    def write_file(self, db: Database, path: Path, lines: Sequence[BookLine]) -> None:
        del db
        rows = [
            (one.name, one.title, self._standing(one), one.by_name, one.why, one.coming, one.source) for one in lines
        ]
        write(path, [SheetOut(self.name, _HEADER, rows)])

    # ------------------------------------------------------------------------------------------ verbs

    def verbs(self) -> tuple[Command, ...]:
        group = self.name
        return (
            Command(self.tr("修改选中的"), self.change, "E", "edit", group, actions.RIGHT),
            Command(self.tr("按文字改（内行用）"), self.change_text, "Alt+E", "file", group, actions.RIGHT),
            Command(self.tr("改回随程序提供的"), self.give_back, "", "undo", group, actions.RIGHT),
        )

    def open(self) -> None:
        self.change()

    def change(self) -> None:
        """The file under the cursor as tables and forms."""
        if (line := self.table.current) is not None:
            BookEditor(self.page.desk, line, self).open()

    def change_text(self) -> None:
        """The file under the cursor as it is written."""
        if (line := self.table.current) is not None:
            BookDialog(self.page.desk, line, self).open()

    def give_back(self) -> None:
        """Go back to what was shipped."""
        line, app = self.table.current, self.page.desk.app
        if line is None or not line.own:
            return
        fields = (
            Field("from_on", self.tr("生效日期"), "date", required=True),
            Field("why", self.tr("依据"), required=True),
        )
        self.begin(
            Ask(
                self.tr("{title}：改回随程序提供的").format(title=line.title),
                self.tr("改回"),
                fields,
                lambda answer: actions.give_back(
                    app.db, app.actor, line.name, from_on=answer["from_on"], why=answer["why"]
                ),
                lambda _made: self.tr("已改回"),
                values={"from_on": self._today},
            )
        )


class BookDialog(FormDialog):
    """The text of a file, the day it holds from, and on what ground; what is wrong is told with its line."""

    def __init__(self, desk: Desk, line: BookLine, parent: QWidget) -> None:
        super().__init__(line.title, self.tr("保存"), desk.theme, parent)
        self._desk, self._line = desk, line
        today = desk.app.clock.today().isoformat()
        words = self.tr(
            "改名称、数字和天数都可以；代码在用，不能删，停用请加 valid_to = 日期。以前的记录保持当时的规则。"
        )
        self.text = QPlainTextEdit(queries.text_of(desk.app.db, line.name, today), self)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(self.tr("规则的内容"))
        fields = (
            Field("from_on", self.tr("生效日期"), "date", required=True),
            Field("why", self.tr("依据"), required=True, hint=self.tr("文件、会议或通知")),
        )
        self.form = RecordForm(fields, self)
        self.form.show_values({"from_on": today})
        self.body.addWidget(label(words, "muted", wrap=True))
        self.body.addWidget(self.text, 1)
        self.body.addWidget(self.form)
        factor = desk.theme.font_px / 14
        self.resize(round(860 * factor), round(600 * factor))

    def showEvent(self, event: QShowEvent) -> None:
        """The theme sets heights of its own when a field is first shown."""
        super().showEvent(event)
        self.text.setMinimumHeight(round(_HIGH * self._desk.theme.font_px / 14))

    def save(self) -> None:
        """Write it anew; the dialog stays open with what was typed where something is wrong."""
        if self.form.missing():
            return
        app, told, content = self._desk.app, self.form.values(), self.text.toPlainText()
        self.verb.setEnabled(False)
        do(
            self._desk,
            self,
            lambda: actions.adopt(
                app.db, app.actor, self._line.name, content, from_on=told["from_on"], why=told["why"]
            ),
            lambda made: self.tr("{title}：{on} 起按新的内容").format(title=self._line.title, on=made.from_on),
            lambda _made: self.finish(),
            self.fail(self.form),
        )


class PracticePage(Page):
    """The list and the file under the cursor."""

    tables: ClassVar[frozenset[str]] = frozenset({"rule_book"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.books = BooksPane(self)
        self.books.build_verbs()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.addWidget(self.books)

    def title(self) -> str:
        return self.tr("地方做法")

    def icon(self) -> str:
        return "columns"

    def first_focus(self) -> QWidget | None:
        return self.books.first_focus()

    def commands(self) -> tuple[Command, ...]:
        return self.books.commands()

    def refresh(self, _changed: frozenset[str], /) -> None:
        self.books.refresh()
