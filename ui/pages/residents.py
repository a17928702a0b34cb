"""居民: the list with its filters, the preview pane, and the verbs for one or many."""

from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QPoint, QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QMenu, QSplitter, QVBoxLayout, QWidget

from desktop_app.places import queries as places
from desktop_app.residents import queries as residents
from desktop_app.residents.queries import ResidentFilter, ResidentLine
from desktop_app.store.database import Database
from desktop_app.visits.standing import Standing, standings
from ui.pages.campaign_new import CampaignDialog
from ui.pages.page import Page
from ui.pages.person_verbs import TagDialog, ids_of
from ui.pages.residents_filter import chosen_from, filters, resident_filter
from ui.pages.residents_preview import ResidentPreview
from ui.pages.visit_words import standing_words
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.parts import button, label, row
from ui.shell.row_marks import RowMarks
from ui.widgets.empty_state import EmptyState
from ui.widgets.filter_bar import Chosen, FilterBar
from ui.widgets.record_model import CENTRE, Column, RecordModel
from ui.widgets.record_table import RecordTable

_MOST_FOUND = 500
_PREVIEW = 300


def search_ids(db: Database, wanted: ResidentFilter, text: str, order: str, *, ascending: bool) -> "array[int]":
    """The vector of the list; a text narrows it to what the search box would find. Runs on the reader thread."""
    ids = residents.ids(db, wanted, order)
    if text:
        hits = [hit.local_no for hit in residents.find(db, text, _MOST_FOUND)]
        allowed = set(ids)
        return array("q", [number for number in hits if number in allowed])
    return ids if ascending else ids[::-1]


class ResidentsPage(Page):
    """Ctrl+F goes to the filter, Space shows the preview, Return opens, N registers, B tags all that are selected."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {
            "person",
            "residence",
            "household",
            "household_member",
            "person_tag",
            "room",
            "building",
            "visit",
            "campaign_item",
        }
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._order, self._ascending = "address", True
        self._visits: dict[str, Standing | None] = {}
        self.build(self._parts())

    def _parts(self) -> Iterator[None]:
        desk = self.desk
        self._heading = label(self.title(), "title")
        self._count = label("", "muted")
        self.filter = FilterBar(filters(self, desk), self.tr("姓名 / 拼音 / 后四位 / 3-2-501"), desk.theme, self)
        self.filter.changed.connect(self._ask)
        self.marks = RowMarks(desk, "person", self)
        model = RecordModel(self._columns(), self._lines)
        self.table = RecordTable(model, self.tr("居民列表"), self)
        self.table.show_tones(desk.theme)
        self._arrange()
        self._dress()
        yield
        self.empty = EmptyState(self)
        self.empty.hide()
        self._left.addWidget(self.empty)
        self.preview = ResidentPreview(desk, self)
        self._split.addWidget(self.preview)
        self._split.setStretchFactor(0, 1)
        self._dress_preview()
        self._connect()

    def _columns(self) -> tuple[Column, ...]:
        return (
            self.marks.column(),
            Column("name", self.tr("姓名"), 90, lambda line: line.name, "name"),
            Column("sex", self.tr("性别"), 48, lambda line: line.sex, "sex", CENTRE),
            Column("age", self.tr("年龄"), 52, lambda line: _number(line.age), "-birth", CENTRE),
            Column("birth", self.tr("出生日期"), 96, lambda line: line.birth, "birth", shown=False),
            Column("id_no", self.tr("证件号码"), 164, lambda line: line.id_no),
            Column("estate", self.tr("小区"), 96, lambda line: line.estate),
            Column("address", self.tr("住址"), 96, lambda line: line.address, "address"),
            Column("relation", self.tr("与户主关系"), 86, lambda line: line.relation),
            Column("phone", self.tr("电话"), 116, lambda line: line.phone),
            Column("visit", self.tr("走访"), 92, self._visit_words, tone=self._visit_tone),
            Column("political", self.tr("政治面貌"), 104, lambda line: line.political),
            Column("tags", self.tr("标签"), 150, lambda line: " ".join(line.tags)),
        )

    def _connect(self) -> None:
        self.table.opened.connect(self._open)
        self.table.pointed.connect(self._pointed)
        self.table.peeked.connect(self.toggle_preview)
        self.table.sort_asked.connect(self._sort)
        self.table.selection_counted.connect(self._selected)
        self.table.menu_asked.connect(self._menu)
        self.desk.theme.changed.connect(self._dress)
        self.desk.theme.changed.connect(self._dress_preview)

    def _arrange(self) -> None:
        icon = self.desk.theme.icon
        actions = row(
            self._heading,
            self._count,
            1,
            button(self.tr("登记居民"), self.register, tone="primary", icon=icon("plus", "on_accent")),
            button(self.tr("打标签"), self.tag, icon=icon("tag", "accent_text")),
            button(self.tr("打服务卡"), self.print_cards, icon=icon("printer", "accent_text")),
            button(self.tr("导出"), self.export, icon=icon("export", "accent_text")),
            button(self.tr("查重"), self.show_duplicates, icon=icon("merge", "accent_text")),
            button(self.tr("列"), self._choose_columns, icon=icon("columns", "accent_text")),
        )
        self._split = QSplitter(Qt.Orientation.Horizontal, self)
        self._split.setChildrenCollapsible(False)
        left = QWidget(self)
        self._left = QVBoxLayout(left)
        self._left.setContentsMargins(0, 0, 0, 0)
        self._left.addWidget(self.table)
        self._split.addWidget(left)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 10)
        layout.setSpacing(8)
        layout.addLayout(actions)
        layout.addWidget(self.filter)
        layout.addWidget(self._split, 1)

    def _dress(self) -> None:
        self.table.set_row_height(self.desk.theme.row_height)
        self.table.scale_columns(self.desk.theme.font_px / 14)

    def _dress_preview(self) -> None:
        self.preview.setMinimumWidth(round(_PREVIEW * self.desk.theme.font_px / 14))

    # ------------------------------------------------------------------------------------------------------- page

    def title(self) -> str:
        return self.tr("居民")

    def icon(self) -> str:
        return "people"

    def first_focus(self) -> QWidget:
        return self.table

    def commands(self) -> tuple[Command, ...]:
        here = self.tr("居民")
        return (
            Command(self.tr("登记居民"), self.register, "Ctrl+N", "plus", here, "residents.change"),
            Command(self.tr("筛选居民"), self.filter.search.setFocus, "Ctrl+F", "filter", here),
            Command(self.tr("预览窗格"), self.toggle_preview, "F3", "eye", here),
            Command(self.tr("给选中的人打标签"), self.tag, "B", "tag", here, "residents.change"),
            Command(self.tr("登记走访"), self.visit, "V", "pin", here, "visits.change"),
            Command(self.tr("登记诉求"), self.appeal, "S", "phone", here, "appeals.change"),
            Command(self.tr("用这些人建敲门行动"), self.campaign, "K", "pin", here, "visits.change"),
            Command(self.tr("打印选中的人的服务卡"), self.print_cards, "Ctrl+P", "printer", here, "papers.change"),
            Command(self.tr("导出名单（Excel、CSV、PDF）"), self.export, "Ctrl+E", "export", here, "residents.export"),
            Command(self.tr("修改资料"), self.edit, "E", "edit", here, "residents.change"),
            Command(self.tr("可能重复的居民"), self.show_duplicates, "", "merge", here, "residents.merge"),
            Command(self.tr("清除筛选"), self.filter.clear, "Ctrl+Backspace", "close", here),
        )

    def refresh(self, changed: frozenset[str], /) -> None:
        if not changed or changed & {"building", "person_tag"}:
            self.read(self._lists, self._show_lists, key="lists")
        self._ask(self.filter.chosen)

    def show_this(self, what: object, /) -> None:
        if what == "new":
            self.register()
        elif isinstance(what, ResidentFilter):
            self.filter.choose(chosen_from(what))

    # ------------------------------------------------------------------------------------------------------- asking

    def _lists(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        db = self.desk.app.db
        buildings = [(line.id, line.label) for line in places.buildings(db)]
        tags = [(tag, f"{tag}　{count}") for tag, count in residents.tags_in_use(db)]
        return buildings, tags

    def _show_lists(self, lists: tuple[list[tuple[str, str]], list[tuple[str, str]]]) -> None:
        self.filter.chips["building"].set_choices(lists[0])
        self.filter.chips["tag"].set_choices(lists[1])

    def _ask(self, chosen: Chosen) -> None:
        wanted, order, ascending = resident_filter(chosen), self._order, self._ascending
        self.read(
            lambda: search_ids(self.desk.app.db, wanted, chosen.text, order, ascending=ascending), self._show, key="ids"
        )

    def _lines(self, numbers: "array[int]") -> list[ResidentLine | None]:
        db = self.desk.app.db
        found = {line.local_no: line for line in residents.lines(db, numbers)}
        self._ask_visits([line.id for line in found.values() if line.id not in self._visits])
        return [found.get(number) for number in numbers]

    def _ask_visits(self, ids: list[str]) -> None:
        """When those of a page are to be visited: asked off the window's thread, once, and shown when it is known."""
        db, on = self.desk.app.db, self.desk.app.clock.today().isoformat()
        self._visits |= dict.fromkeys(ids)
        if ids:
            self.read(lambda: standings(db, ids, on), self._show_visits)

    def _show_visits(self, found: dict[str, Standing]) -> None:
        if found:
            self._visits |= found
            self.table.records.refetch()

    def _visit_words(self, line: ResidentLine) -> str:
        return standing_words(self._visits.get(line.id))

    def _visit_tone(self, line: ResidentLine) -> str:
        standing = self._visits.get(line.id)
        return "bad" if standing is not None and standing.days_over > 0 else ""

    def _show(self, ids: "array[int]") -> None:
        self._count.setText("")
        self._visits.clear()
        self.table.show_ids(ids)
        if ids and self.table.current_no() == 0:
            self.table.point_at(0)
        words = self.tr("共 {n} 人").format(n=f"{len(ids):,}")
        self.filter.show_count(words)
        self.table.setVisible(bool(ids))
        self.empty.setVisible(not ids)
        if not ids and self.filter.chosen.is_empty and self.desk.exchanger.job is not None:  # they may be on their way
            self.empty.show_words(self.tr("正在和服务器同步，取回的居民会列在这里，请等它完成再登记或导入。"))
        elif not ids and self.filter.chosen.is_empty:
            self.empty.show_words(
                self.tr("还没有居民。可以导入表格，或者先登记第一位。"), self.tr("登记居民"), "Ctrl+N", self.register
            )
        elif not ids:
            self.empty.show_words(
                self.tr("没有符合这些条件的人。"), self.tr("清除筛选"), "Ctrl+Backspace", self.filter.clear
            )

    def _sort(self, order: str, ascending: bool) -> None:
        self._order, self._ascending = order, ascending
        self._ask(self.filter.chosen)

    # -------------------------------------------------------------------------------------------------------- doing

    def _selected(self, count: int) -> None:
        self._count.setText(self.tr("已选 {n} 人").format(n=f"{count:,}") if count > 1 else "")

    def _pointed(self, _number: int) -> None:
        if self.preview.isVisible():
            line = self.table.current_row()
            self.preview.show_person(line.id if line else None)

    def toggle_preview(self) -> None:
        self.preview.setVisible(not self.preview.isVisible())
        self._pointed(0)

    def _open(self, _number: int) -> None:
        line = self.table.current_row()
        if line is not None:
            self.desk.open_record("person", line.id)

    def register(self) -> None:
        self.desk.open_record("person-form", "new")

    def edit(self) -> None:
        line = self.table.current_row()
        if line is not None:
            self.desk.open_record("person-form", line.id)

    def tag(self) -> None:
        """Ask for a tag for everybody who is selected."""
        numbers = self.table.selected_nos()
        if numbers:
            dialog = TagDialog(self.desk, numbers, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    def visit(self) -> None:
        """A visit to the resident under the cursor."""
        if (line := self.table.current_row()) is not None:
            self.desk.open_record("visit-form", f"person:{line.id}")

    def appeal(self) -> None:
        """What the resident under the cursor brings up."""
        if (line := self.table.current_row()) is not None:
            self.desk.open_record("appeal-form", f"person:{line.id}")

    def campaign(self) -> None:
        """Knock at the doors of those who are selected, or of the whole list."""
        chosen = self.table.selected_nos()
        numbers = chosen if len(chosen) > 1 else self.table.records.ids
        CampaignDialog(self.desk, self, numbers=numbers).open()

    def print_cards(self) -> None:
        """Hand the selection to the print centre."""
        db, numbers = self.desk.app.db, self.table.selected_nos()
        self.read(lambda: ids_of(db, numbers), lambda ids: self.desk.print_form("service_card", ids), key="print")

    def export(self) -> None:
        """Save the list as it is shown, or those who are selected, with masked numbers: Excel, CSV, or PDF to print."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        path, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("导出名单（号码已遮盖）"),
            f"{folder}/{self.tr('居民名单.xlsx')}",
            "Excel (*.xlsx);;CSV (*.csv);;PDF (*.pdf)",
        )
        if path:
            self.export_to(Path(path))

    def export_to(self, path: Path) -> None:
        """Write the list; a child process does the work."""
        chosen = self.table.selected_nos()
        numbers = chosen if len(chosen) > 1 else self.table.records.ids
        job = self.desk.background.start_job(
            self.tr("导出名单"),
            ["export", "residents", "-o", str(path), "--numbers"],
            input_text=" ".join(map(str, numbers)),
        )
        desk, words = self.desk, self.tr("已导出 {n} 人：{name}")  # the tab may be closed before it is done
        job.ended.connect(lambda done: desk.say(words.format(n=done["rows"], name=path.name)))
        job.failed.connect(self.desk.problem)

    def show_duplicates(self) -> None:
        """Who may have been entered twice."""
        self.desk.open_page("duplicates")

    def _choose_columns(self) -> None:
        menu = self.table.column_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        corner = self.table.rect().topRight() - QPoint(menu.sizeHint().width(), 0)
        menu.popup(self.table.mapToGlobal(corner))

    def _menu(self, menu: QMenu) -> None:
        icon = self.desk.theme.icon
        for words, run, name in (
            (self.tr("打开"), lambda: self._open(0), "forward"),
            (self.tr("修改资料"), self.edit, "edit"),
            (self.tr("登记走访"), self.visit, "pin"),
            (self.tr("登记诉求"), self.appeal, "phone"),
            (self.tr("用这些人建敲门行动"), self.campaign, "pin"),
            (self.tr("打标签"), self.tag, "tag"),
            (self.tr("打印服务卡"), self.print_cards, "printer"),
        ):
            menu.addAction(icon(name, "muted"), words).triggered.connect(run)
        menu.addSeparator()


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
