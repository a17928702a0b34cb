"""地方做法: the rules and words of the town, which of them the community writes itself, from which day on."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFontDatabase, QShowEvent
from PySide6.QtWidgets import QDialog, QLabel, QLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.practice import actions, following, queries
from desktop_app.practice.queries import BookLine
from desktop_app.spreadsheets.workbook import SheetOut, write
from desktop_app.store.database import Database
from ui.pages.list_pane import ListPane
from ui.pages.page import Page
from ui.pages.practice_drafts import FORMS, TEXT, BookDrafts
from ui.pages.practice_editor import BookEditor
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.doing import do
from ui.shell.parts import column, label
from ui.widgets.dialog import FormDialog
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.inline_form import Ask
from ui.widgets.inputs import tidy_date
from ui.widgets.record_form import Field, RecordForm
from ui.widgets.record_model import Column

_HEADER = ("名称", "内容", "现在用的", "修改人", "依据", "以后生效", "来源")
_HIGH = 400


class BooksPane(ListPane):
    """A line is a file of rules."""

    name: ClassVar[str] = "地方做法"
    record: ClassVar[str] = "rule_book"
    search: ClassVar[str] = "城市做法、代码表、规则"
    stretch: ClassVar[str] = "title"
    tables: ClassVar[frozenset[str]] = frozenset({"rule_book"})

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.drafts = BookDrafts(page.desk, "修改规则", self)
        self.drafts.resume_asked.connect(lambda draft: self._go_on_with_book(*self.drafts.told(draft)))
        self._later: tuple[str, str] | None = None

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("title", self.tr("内容"), 190, lambda line: line.title, "title"),
            Column("kind", self.tr("种类"), 120, lambda line: line.kind, "kind"),
            Column("own", self.tr("现在用的"), 190, self._in_use, "own",
                   tone=lambda line: "good" if line.own or line.followed else ""),
            Column("coming", self.tr("以后生效"), 120, self._coming),
        )  # fmt: skip

    def record_of(self, line: BookLine) -> str:
        return line.latest

    def _in_use(self, line: BookLine) -> str:
        words = self.tr("{on} 起自定").format(on=line.from_on) if line.own else self.tr("随程序提供")
        return self.tr("本社区在用，{words}").format(words=words) if line.followed else words

    def _coming(self, line: BookLine) -> str:
        return self.tr("{on} 起改用").format(on=line.follows_from) if line.follows_from else line.coming

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
            (self.tr("现在用的"), self._in_use(line)),
            (self.tr("修改人"), line.by_name),
            (self.tr("依据"), line.why),
            (self.tr("以后生效"), self._coming(line)),
            (self.tr("来源"), line.source),
        )

    def below(self, line: BookLine) -> QLayout | None:
        every = queries.versions(self.page.desk.app.db, line.name)
        told = [
            f"{one.from_on}　{one.by_name}　{one.why}" + ("" if one.content else self.tr("（改回随程序提供的）"))
            for one in every
        ]
        parts = [label(words, wrap=True) for words in told]
        if parts:
            parts.insert(0, label(self.tr("改过的版本"), "section"))
        return column(*parts, *self._other_town(line), gap=4)

    def _other_town(self, line: BookLine) -> list[QLabel]:
        """What would be different with another town, line by line."""
        if not line.name.startswith(queries.TOWN) or line.followed:
            return []
        change = following.what_changes(self.page.desk.app.db, line.name.removeprefix(queries.TOWN))
        head = self.tr("改用后有 {n} 处不同").format(n=len(change.changes))
        return [label(head, "section"), label("\n".join(one.words for one in change.changes), wrap=True)]

    def nothing(self) -> str:
        return self.tr("没有这样的规则。")

    def write_file(self, db: Database, path: Path, lines: Sequence[BookLine]) -> None:
        del db
        rows = [(one.name, one.title, self._in_use(one), one.by_name, one.why, one.coming, one.source) for one in lines]
        write(path, [SheetOut(self.name, _HEADER, rows)])

    # ------------------------------------------------------------------------------------------ verbs

    def verbs(self) -> tuple[Command, ...]:
        group = self.name
        return (
            Command(self.tr("修改选中的"), self.change, "E", "edit", group, actions.RIGHT),
            Command(self.tr("按文字改（内行用）"), self.change_text, "Alt+E", "file", group, actions.RIGHT),
            Command(self.tr("改用这种城市做法"), self.follow, "G", "", group, actions.RIGHT),
            Command(self.tr("改回随程序提供的"), self.give_back, "", "undo", group, actions.RIGHT),
        )

    def open(self) -> None:
        self.change()

    def change(self) -> None:
        """The file under the cursor as tables and forms."""
        if (line := self.table.current) is not None:
            self._open_book(FORMS, line)

    def change_text(self) -> None:
        """The file under the cursor as it is written."""
        if (line := self.table.current) is not None:
            self._open_book(TEXT, line)

    def _open_book(self, way: str, line: BookLine) -> None:
        kind = BookEditor if way == FORMS else BookDialog
        made = kind(self.page.desk, line, self.drafts, self)
        made.finished.connect(lambda _result: self._offer_draft())
        self.notice.hide()
        made.open()

    # ------------------------------------------------------------------------------------------ drafts

    def _offer_draft(self) -> None:
        """What was typed into a file of rules, besides what was typed into the form beside the list."""
        super()._offer_draft()
        pending = self.drafts.pending()
        if pending is None or self.form.pending() is not None or pending == self._later:
            return
        name = pending[1]
        title = next((one.title for one in self._lines if one.name == name), name)
        words = self.tr("“{what}”改到一半，没有保存，写过的内容都在。").format(what=title)
        may = self.page.desk.may(actions.RIGHT)
        self.notice.show_words(words, "", self.tr("接着改") if may else "", partial(self._go_on_with_book, *pending))

    def _not_now(self) -> None:
        super()._not_now()
        self._later = self.drafts.pending()

    def _go_on_with_book(self, way: str, name: str) -> None:
        app = self.page.desk.app
        found = queries.books(app.db, self._today)
        if (line := next((one for one in found if one.name == name), None)) is not None:
            self.point_at(name)
            self._open_book(way, line)

    def follow(self) -> None:
        """The community follows the town under the cursor from a day on; what changes is told before."""
        line, app = self.table.current, self.page.desk.app
        if line is None or not line.name.startswith(queries.TOWN):
            self.page.desk.say(self.tr("请先在列表里选一种城市做法。"))
            return
        if line.followed:
            self.page.desk.say(self.tr("本社区现在就按{title}的做法。").format(title=line.title))
            return
        town = line.name.removeprefix(queries.TOWN)
        change = following.what_changes(app.db, town)
        words = self.tr(
            "{n} 处不同：{parts}。\n会变的单据：{papers}。\n不变的：{stays}。\n以前的记录保持当时的做法；可以撤销。"
        )
        fields = (
            Field("from_on", self.tr("生效日期"), "date", required=True),
            Field("why", self.tr("依据"), required=True, hint=self.tr("文件、会议或通知")),
        )
        self.begin(
            Ask(
                self.tr("从{before}改用{title}").format(before=change.before, title=line.title),
                self.tr("改用"),
                fields,
                lambda answer: following.follow(
                    app.db, app.actor, town, from_on=tidy_date(answer["from_on"]), why=answer["why"]
                ),
                lambda made: self.tr("{on} 起按{title}的做法").format(on=made.from_on, title=line.title),
                values={"from_on": self._today},
                words=words.format(
                    n=len(change.changes), parts=change.counted, papers="、".join(change.papers),
                    stays="；".join(change.stays),
                ),
            )
        )  # fmt: skip

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

    def __init__(self, desk: Desk, line: BookLine, drafts: BookDrafts, parent: QWidget) -> None:
        super().__init__(line.title, self.tr("保存"), desk.theme, parent)
        self._desk, self._line, self._drafts = desk, line, drafts
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
        self.leave.setText(self.tr("先关上"))
        self._before = self.text.toPlainText()
        self._idle = QTimer(self, singleShot=True, interval=2000)
        self._idle.timeout.connect(drafts.keep_typed)
        self.text.textChanged.connect(self._idle.start)
        self.form.draft.connect(lambda _draft: drafts.keep_typed())
        self._take_up(drafts.begin(TEXT, line.name, line.title, self.typed))

    # ------------------------------------------------------------------------------------------ drafts

    def typed(self) -> dict[str, Any]:
        """What would be lost, {} where nothing was changed."""
        text, told = self.text.toPlainText(), self.form.changes()
        return {"before": self._before, "text": text, "form": told} if text != self._before or told else {}

    def _take_up(self, kept: Mapping[str, Any]) -> None:
        if kept:
            self.text.setPlainText(kept["text"])
            self.form.take_draft(json.dumps(kept["form"]))
            words = self.tr("接着上次没有保存的写。")
            if kept["before"] != self._before:
                words = self.tr("接着上次没有保存的写。这份规则后来改过，请对照后再保存。")
            self.strip.show_words(words, "", self.tr("重新写"), self._start_over)

    def _start_over(self) -> None:
        self._drafts.forget()
        self.text.setPlainText(self._before)
        self.form.show_values({"from_on": self._desk.app.clock.today().isoformat()})
        self.strip.hide()

    def done(self, result: int) -> None:
        """Closed: saved, or kept as it stands."""
        self._drafts.end(saved=result == QDialog.DialogCode.Accepted)
        super().done(result)

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
