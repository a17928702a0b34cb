"""Step 1: drop a file or choose one; what kind of list it is; the imports made before, each with 撤销."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.shared.clock import local_text
from desktop_app.store.history import Deed
from ui.shell.parts import Card, button, label, row
from ui.widgets.line_table import LineTable
from ui.widgets.record_model import Column
from ui.widgets.segments import Segments

if TYPE_CHECKING:
    from ui.pages.importing import ImportingPage

KINDS = ("", "residents", "buildings", "centre_households")
PATTERNS = "表格 (*.xlsx *.xls *.xlsm *.xlsb *.ods *.csv *.txt)"


class DropZone(QFrame):
    """A large target for a file; Return and Space choose one instead."""

    asked = Signal()

    def __init__(self, page: "ImportingPage") -> None:
        super().__init__(page)
        self.setObjectName("card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("把表格拖到这里，或按回车选文件"))
        self.setMinimumHeight(190)
        picture = QLabel()
        picture.setPixmap(page.desk.theme.icon("import", "accent_text").pixmap(44, 44))
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words = label(self.tr("把 Excel 或 CSV 表格拖到这里"), "title")
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        promise = label(self.tr("先检查，点“导入”之前什么也不写；您的文件不会被改动。"), "muted", wrap=True)
        promise.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.choose = button(self.tr("选文件…"), self.asked.emit, tone="primary")
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addStretch(1)
        for part in (picture, words, promise):
            layout.addWidget(part)
        layout.addLayout(row(1, self.choose, 1))
        layout.addStretch(1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.asked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.asked.emit()
        else:
            super().keyPressEvent(event)


class ChoosePane(QWidget):
    """Says `chosen(path)`."""

    chosen = Signal(object)
    undo_asked = Signal(object)  # Deed
    template_asked = Signal()

    def __init__(self, page: "ImportingPage") -> None:
        super().__init__(page)
        self.page = page
        self.zone = DropZone(page)
        self.zone.asked.connect(self.choose)
        words = (self.tr("自动判断"), self.tr("居民"), self.tr("楼栋"), self.tr("党员中心户"))
        self.kinds = Segments(words, self.tr("是哪一种表"), self)
        self.past = LineTable(
            (
                Column("at", self.tr("时间"), 130, lambda one: local_text(one.at)),
                Column("what", self.tr("导入了什么"), 280, lambda one: one.what),
                Column("who", self.tr("谁导入"), 80, lambda one: one.who),
                Column("state", self.tr("状态"), 80, lambda one: self.tr("已撤销") if one.undone else ""),
            ),
            self.tr("以前的导入"),
            self,
            key=lambda one: str(one.action),
            stretch="what",
        )
        self._undo = button(self.tr("撤销这次导入"), lambda: self.undo_asked.emit(self.past.current))
        self.past.chosen.connect(self._dress)
        self._card = Card(self.tr("以前的导入"), self)
        self._card.head.addWidget(self._undo)
        self._card.body.addWidget(self.past)
        template = button(self.tr("下载空白模板"), self.template_asked.emit, icon=page.desk.theme.icon("export"))
        line = QHBoxLayout()
        line.addWidget(label(self.tr("这张表是")))
        line.addWidget(self.kinds)
        line.addStretch(1)
        line.addWidget(template)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(line)
        layout.addWidget(self.zone, 3)
        layout.addWidget(self._card, 2)

    @property
    def kind(self) -> str:
        """A key of the engine's kinds, empty to find out."""
        return KINDS[self.kinds.current]

    def show_past(self, found: list[Deed]) -> None:
        """The imports made before."""
        self.past.set_row_height(self.page.desk.theme.row_height)
        self.past.show_lines(found)
        self._card.setVisible(bool(found))

    def _dress(self, one: Deed | None) -> None:
        self._undo.setEnabled(one is not None and not one.undone)

    def choose(self) -> None:
        """Ask for a file."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        path, _ = QFileDialog.getOpenFileName(self, self.tr("选要导入的表格"), folder, PATTERNS)
        if path:
            self.chosen.emit(Path(path))
