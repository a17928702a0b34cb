"""A file of rules as tables and forms: parts at the left, records in the middle, the one under the cursor at the right.

What is typed is taken over when the cursor leaves a record and nothing is wrong with it; below stands all that differs
from what holds now.  Nothing is written before 保存; what is typed and not saved is kept as a draft of the file.
"""

import json
import tomllib
from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QMenu, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.practice import actions, editing, queries, writing
from desktop_app.practice.editing import Row
from desktop_app.practice.model import RuleBook
from desktop_app.practice.queries import BookLine
from desktop_app.practice.rules import must_keep
from desktop_app.practice.shapes import ONE, PartShape
from desktop_app.profiles.queries import TOWNS, profile
from desktop_app.shared.errors import AppError
from ui.pages.practice_add import AddDialog, field_of
from ui.pages.practice_drafts import FORMS, BookDrafts
from ui.shell.desk import Desk
from ui.shell.doing import do
from ui.shell.parts import button, label, row
from ui.shell.problems import Problem
from ui.widgets.line_table import LineTable
from ui.widgets.record_form import Field, RecordForm, scrolled
from ui.widgets.record_model import Column
from ui.widgets.strip import Strip

_SIZE, _SHARE = (1120, 640), 0.95
_TOWN = "profiles/"


class BookEditor(QDialog):
    """One file, from a day on."""

    def __init__(self, desk: Desk, line: BookLine, drafts: BookDrafts, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self.line, self._drafts = desk, line, drafts
        self._before: Mapping[str, Any] = tomllib.loads(queries.text_of(desk.app.db, line.name, self._today))
        self.parts = editing.parts(line.name, self._before, self._home)
        self.content: Mapping[str, Any] = self._before
        self.part: PartShape = self.parts[0]
        self._row: Row | None = None
        self.unfinished: dict[str, dict[str, str]] = {}
        """What was typed into a new record and not added, by part."""
        self.setWindowTitle(self.tr("修改：{title}").format(title=line.title))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.strip = Strip(desk.theme, self)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("有哪些部分"))
        self.list.addItems([part.title for part in self.parts])
        self.table = self._make_table()
        self.form = RecordForm((), self)
        self.changes = QPlainTextEdit(self)
        self.changes.setReadOnly(True)
        self.changes.setTabChangesFocus(True)
        self.changes.setAccessibleName(self.tr("改了什么"))
        self._count = label("", "section")
        self._arrange()
        self.list.currentRowChanged.connect(self._turn)
        self.dated.draft.connect(lambda _draft: self._drafts.keep_typed())
        self._take_up(drafts.begin(FORMS, line.name, self.windowTitle(), self.typed))
        self.list.setFocus()  # and not 重新写, which one Return would press

    # ------------------------------------------------------------------------------------------ drafts

    def typed(self) -> dict[str, Any]:
        """What would be lost, {} where nothing was changed."""
        form, dated = self.form.changes(), self.dated.changes()
        if self.content == self._before and not form and not dated and not self.unfinished:
            return {}
        return {
            "before": self._print_of(self._before), "content": writing.dumps(self.content),
            "part": self.part.path, "row": self._row.id if self._row else "", "form": form, "dated": dated,
            "unfinished": self.unfinished,
        }  # fmt: skip

    @staticmethod
    def _print_of(content: Mapping[str, Any]) -> str:
        return sha256(writing.dumps(content).encode()).hexdigest()

    def _take_up(self, kept: Mapping[str, Any]) -> None:
        """What was typed here and not saved stands here again, over what holds now."""
        part = next((at for at, one in enumerate(self.parts) if one.path == kept.get("part")), 0)
        if kept:
            self.content, self.unfinished = tomllib.loads(kept["content"]), dict(kept["unfinished"])
        self.list.setCurrentRow(part)
        if kept:
            lines = self.table.lines
            self.table.point_at(next((at for at, one in enumerate(lines) if one.id == kept["row"]), 0))
            self.form.take_draft(json.dumps(kept["form"]))
            self.dated.take_draft(json.dumps(kept["dated"]))
            words = self.tr("接着上次没有保存的写。")
            if kept["before"] != self._print_of(self._before):
                words = self.tr("接着上次没有保存的写。这份规则后来改过，下面列的是和现在的不同，请核对。")
            self.strip.show_words(words, "", self.tr("重新写"), self._start_over)
        self._show_changes()

    def _start_over(self) -> None:
        self._drafts.forget()
        self.content, self.unfinished = self._before, {}
        self.dated.show_values({"from_on": self._today})
        self.strip.hide()
        self._show_rows()
        self._show_changes()

    def done(self, result: int) -> None:
        """Closed: saved, or kept as it stands."""
        self._drafts.end(saved=result == QDialog.DialogCode.Accepted)
        super().done(result)

    @property
    def _today(self) -> str:
        return self._desk.app.clock.today().isoformat()

    @property
    def _home(self) -> Path:
        """Where the community's own rules lie."""
        return self._desk.app.db.path.parent

    def _make_table(self) -> LineTable:
        columns = (
            Column("name", self.tr("名称"), 170, lambda one: one.name or self.tr("（新的）")),
            Column("owner", self.tr("属于"), 110, lambda one: one.owner),
            Column("until", self.tr("停用"), 84, lambda one: str(one.record.get("valid_to") or "")),
        )
        table = LineTable(columns, self.tr("有哪些条目"), self, stretch="name")
        table.chosen.connect(self._point)
        return table

    def _arrange(self) -> None:
        self._add = button(self.tr("新增"), self.add, icon=self._desk.theme.icon("plus", "accent_text"))
        self._out = button(self.tr("删去"), self.take_out)
        self._up = button(self.tr("上移"), partial(self.shift, -1))
        self._down = button(self.tr("下移"), partial(self.shift, 1))
        self._copy = button(self.tr("照抄别的城市…"), None)
        self._copy.setMenu(self._towns())
        self._copy.setVisible(self.line.name.startswith(_TOWN))
        self.dated = self._make_dated()
        self.verb = button(self.tr("保存"), self.save, tone="primary")
        self.verb.setShortcut("Ctrl+S")
        middle = QVBoxLayout()
        middle.addWidget(self.table, 1)
        middle.addLayout(row(self._add, self._out, self._up, self._down, 1, gap=6))
        self._holder = QWidget(self)
        self._fields = QVBoxLayout(self._holder)
        self._fields.setContentsMargins(0, 0, 0, 0)
        self._fields.addWidget(self.form)
        work = QHBoxLayout()
        work.setSpacing(10)
        work.addWidget(self.list, 2)
        work.addLayout(middle, 4)
        work.addWidget(scrolled(self._holder), 5)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 12, 18, 14)
        layout.setSpacing(8)
        words = self.tr("以前的记录保持当时的做法：开过的会、提过的议题、收过的诉求不受影响。停用请填“到哪天止”。")
        layout.addLayout(row(label(words, "muted", wrap=True), 1, self._copy))
        layout.addWidget(self.strip)
        layout.addLayout(work, 4)
        layout.addWidget(self._count)
        layout.addWidget(self.changes, 1)
        layout.addWidget(self.dated)
        layout.addLayout(row(1, button(self.tr("先关上"), self.reject), self.verb))
        factor, room = self._desk.theme.font_px / 14, self.screen().availableSize() * _SHARE
        self.resize(min(round(_SIZE[0] * factor), room.width()), min(round(_SIZE[1] * factor), room.height()))

    def _make_dated(self) -> RecordForm:
        fields = (
            Field("from_on", self.tr("从哪天起"), "date", required=True),
            Field("why", self.tr("依据"), required=True, hint=self.tr("文件、会议或通知")),
        )
        made = RecordForm(fields, self)
        made.show_values({"from_on": self._today})
        return made

    def _towns(self) -> QMenu:
        menu = QMenu(self)
        for town in TOWNS:
            if f"{_TOWN}{town}" != self.line.name:
                menu.addAction(profile(town, self._home).name).triggered.connect(partial(self._copy_town, town))
        return menu

    # ------------------------------------------------------------------------------------------ show

    def _turn(self, at: int) -> None:
        """Another part; what was typed is taken over before, or the list stays where it is."""
        part = self.parts[at]
        if part is self.part and self._row is not None:
            return
        if not self._take():
            self.list.setCurrentRow(self.parts.index(self.part))
            return
        self.part, self._row = part, None
        self._show_rows()

    def _show_rows(self, point: str = "") -> None:
        found = editing.rows(self.content, self.part)
        single = self.part.rows == ONE
        self.table.set_row_height(self._desk.theme.row_height)
        self.table.setVisible(not single)
        self.table.setColumnHidden(1, not self.part.inside or "." not in self.part.path)
        self.table.setColumnHidden(2, "." in self.part.path)
        for verb, shown in (
            (self._add, editing.may_add(self.part)),
            (self._out, editing.may_add(self.part)),
            (self._up, self.part.ordered),
            (self._down, self.part.ordered),
        ):
            verb.setVisible(shown and not single)
        self._row = None
        self.table.show_lines(found, point=point)
        if single or not found:
            self._show_record(found[0] if found else None)

    def _point(self, found: Row | None) -> None:
        """Another record under the cursor; one with a mistake is not left."""
        if found is None or (self._row is not None and found.id == self._row.id):
            return
        if not self._take():
            stay = next((at for at, one in enumerate(self.table.lines) if self._row and one.id == self._row.id), 0)
            self.table.point_at(stay)
            return
        self._show_record(found)

    def _show_record(self, found: Row | None) -> None:
        self._row = found
        shown = [one for one in editing.fields(self.content, self.part) if found is None or not one.fixed]
        fresh = RecordForm(tuple(field_of(one) for one in shown), self, columns=1)
        if found is not None:
            fresh.show_values(editing.values(self.part, found.record))
        self._fields.replaceWidget(self.form, fresh)
        self.form.hide()
        self.form.deleteLater()
        self.form = fresh
        fresh.show()
        fresh.save_asked.connect(lambda _next: self._take())
        fresh.draft.connect(lambda _draft: self._drafts.keep_typed())

    def _show_changes(self) -> None:
        found = editing.differences(self.line.name, self._before, self.content, self._home)
        self._count.setText(self.tr("改了 {n} 处").format(n=len(found)) if found else self.tr("还没有改动"))
        self.changes.setPlainText("\n".join(one.words for one in found))
        self._drafts.keep_typed()

    # ------------------------------------------------------------------------------------------ change

    def _typed(self) -> dict[str, str]:
        """The whole record: what the form shows over what it does not."""
        base = editing.values(self.part, self._row.record) if self._row is not None else {}
        return {**base, **self.form.values()}

    def _take(self) -> bool:
        """Take over what was typed; False, with words at the fields, where something is wrong with it."""
        if self._row is None or not self.form.changes():
            return True
        typed, place = self._typed(), self._row.place
        self.form.clear_faults()
        wrong = editing.faults(self.content, self.part, typed, place)
        for at, (key, words) in enumerate(wrong.items()):
            self.form.show_fault(key, words, focus=at == 0)
        if wrong:
            self.strip.show_words(self.tr("“{name}”有 {n} 处要改，改好才能往下走。写的都在。").format(
                name=self._row.name, n=len(wrong)), "warn")  # fmt: skip
            return False
        self.strip.hide()
        self.content = editing.put(self.content, self.part, typed, place)
        self._show_changes()
        kept = self._row.id
        found = editing.rows(self.content, self.part)
        self._row = next(one for one in found if one.id == kept)
        self.form.show_values(editing.values(self.part, self._row.record))
        self.table.blockSignals(True)  # the cursor stays where it goes
        here = self.table.current
        self.table.show_lines(found, point=here.id if here is not None else kept)
        self.table.blockSignals(False)
        return True

    def add(self) -> None:
        """A new record behind the one under the cursor's list, its fields to be filled in a form."""
        if not self._take():
            return
        upper = self._row.place[1] if self._row is not None else 0
        AddDialog(self, upper).open()

    def keep_unfinished(self, typed: dict[str, str]) -> None:
        """What was typed into a new record of this part and not added; {} for nothing."""
        self.unfinished.pop(self.part.path, None)
        if typed:
            self.unfinished[self.part.path] = typed
        self._drafts.keep_typed()

    def put_new(self, typed: Mapping[str, str], upper: int) -> dict[str, str]:
        """Add a record; what is wrong with it, by field, {} when it is there."""
        wrong = editing.faults(self.content, self.part, typed, None)
        if not wrong:
            self.content = editing.put(self.content, self.part, typed, None, upper)
            mine = [one for one in editing.rows(self.content, self.part) if one.place[1] == upper]
            self._show_rows(mine[-1].id)
            self._show_changes()
        return wrong

    def take_out(self) -> None:
        """Take the record under the cursor out; one that records may name can only be ended."""
        if self._row is None:
            return
        without = editing.taken_out(self.content, self.part, self._row.place)
        try:
            must_keep(self.line.name, self._before, without)
        except AppError as error:
            self.strip.show_words(f"{error}", "warn")
            return
        self.content = without
        self._show_rows()
        self._show_changes()

    def shift(self, by: int) -> None:
        """The record under the cursor up or down among its own."""
        if self._row is not None and self._take():
            self.content, place = editing.moved(self.content, self.part, self._row.place, by)
            self._show_rows(f"{place[1]}.{place[0]}")
            self._show_changes()

    def _copy_town(self, town: str, _checked: bool = False) -> None:
        """The file of another town in place of this one; nothing is written yet."""
        there = tomllib.loads(queries.text_of(self._desk.app.db, f"{_TOWN}{town}", self._today))
        self.content = editing.copied(self._before, there)
        self._show_rows()
        self._show_changes()
        words = self.tr("已照{name}的做法填好，改动列在下面；本社区用过的代号都留着。看过再保存。")
        self.strip.show_words(words.format(name=profile(town, self._home).name), "good")

    # ------------------------------------------------------------------------------------------ save

    def save(self) -> None:
        """Write it; the dialog stays open with everything in it where something is wrong."""
        if not self._take() or self.dated.missing():
            return
        app, told, content = self._desk.app, self.dated.values(), self.content
        self.verb.setEnabled(False)

        def work() -> RuleBook:
            return actions.adopt_content(
                app.db, app.actor, self.line.name, content, from_on=told["from_on"], why=told["why"]
            )

        def said(made: RuleBook) -> str:
            return self.tr("{title}：{on} 起按新的做法").format(title=self.line.title, on=made.from_on)

        do(self._desk, self, work, said, lambda _made: self.accept(), self._failed)

    def _failed(self, problem: Problem) -> None:
        self.verb.setEnabled(True)
        if not self.dated.show_problem(problem):
            self.strip.show_problem(problem)
