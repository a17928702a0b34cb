"""The photographs, scans and files of a record: small pictures, where each is, and the verbs.

Files are added by the button, by dragging them here or by pasting; Return opens, Del removes, F2 renames.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QMimeData, QPoint, QSize, Qt, QTemporaryDir, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QGuiApplication, QIcon, QImage
from PySide6.QtWidgets import (
    QFileDialog,
    QInputDialog,
    QListView,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.attachments import actions, queries, rules
from desktop_app.attachments.model import Attachment
from desktop_app.attachments.queries import Shown
from desktop_app.attachments.rules import JPEG, PNG, TIFF, Where
from desktop_app.privacy.exporting import give_attachment
from desktop_app.shared.clock import local_text
from desktop_app.shared.private import write
from ui.shell.commands import Command, Shortcuts
from ui.shell.desk import Desk
from ui.shell.doing import do
from ui.shell.parts import button, label, row
from ui.shell.problems import Problem
from ui.widgets.attachments_given import files_of, picture_of, size_words, told_of
from ui.widgets.empty_state import EmptyState
from ui.widgets.pictures import PictureDialog, decoded, framed
from ui.widgets.strip import Strip

_THUMB = QSize(136, 108)
_CELL = QSize(168, 176)
_BASE_PX = 14
_AWAY = (Where.SERVER, Where.WAITING, Where.FETCHING)


class AttachmentsPane(QWidget):
    """One record's attachments.  `counted(n)` says how many there are, for the words of a tab.

    One that is `only_read` takes and removes nothing; `why` is what opening and saving is done for, where it is asked.
    """

    counted = Signal(int)
    only_read: ClassVar[bool] = False
    why = ""

    def __init__(self, desk: Desk, table: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._table, self._record = desk, table, ""
        self._shown: dict[str, Shown] = {}
        self._wanted: str | None = None
        self._copies: QTemporaryDir | None = None
        self.setAcceptDrops(not self.only_read)
        self.strip = Strip(desk.theme, self)
        self.list = self._make_list()
        self._empty = EmptyState(self)
        self._told = label("", "muted", wrap=True)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        icon = desk.theme.icon
        self._add = button(self.tr("添加"), self.choose, tone="primary", icon=icon("plus", "on_accent"))
        self._open = button(self.tr("打开"), self.open, icon=icon("eye", "accent_text"))
        self._save = button(self.tr("另存为"), self.save, icon=icon("save", "accent_text"))
        self._remove = button(self.tr("移除"), self.remove, icon=icon("close", "accent_text"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row(self._add, self._open, self._save, self._remove, 1, gap=6))
        for one in (self._add, self._remove) if self.only_read else ():
            one.hide()  # to be shown before it has a place would be to come up as a window of its own
        layout.addWidget(self.strip)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._told)
        self._keys = Shortcuts(self)
        self._keys.install(self.commands())
        if self.only_read:
            self._empty.show_words(self.tr("没有附件。"))
        else:
            words = self.tr("还没有附件。可以添加照片、扫描件、Word 和 Excel 文件。")
            self._empty.show_words(words, self.tr("添加"), "", self.choose)
        self._stack.setCurrentWidget(self._empty)
        self._point()
        desk.theme.changed.connect(self._fit)

    def _make_list(self) -> QListWidget:
        made = QListWidget(self)
        made.setAccessibleName(self.tr("附件"))
        made.setViewMode(QListView.ViewMode.IconMode)
        made.setMovement(QListView.Movement.Static)
        made.setResizeMode(QListView.ResizeMode.Adjust)
        made.setWordWrap(True)
        made.setSpacing(4)
        made.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        made.itemActivated.connect(lambda _item: self.open())
        made.currentItemChanged.connect(lambda _now, _before: self._point())
        made.customContextMenuRequested.connect(self._menu)
        return made

    def _fit(self) -> None:
        factor = self._desk.theme.font_px / _BASE_PX
        self.list.setIconSize(_THUMB * factor)
        self.list.setGridSize(_CELL * factor)

    def commands(self) -> tuple[Command, ...]:
        """What can be done here, with keys; they work while the focus is in the pane."""
        group = self.tr("附件")
        return (
            Command(self.tr("粘贴为附件"), self.paste, "Ctrl+V", "copy", group),
            Command(self.tr("移除附件"), self.remove, "Del", "close", group),
            Command(self.tr("附件另存为"), self.save, "Ctrl+S", "save", group),
            Command(self.tr("附件改名"), self.rename, "F2", "edit", group),
        )

    # --------------------------------------------------------------------------------------------------------- show

    def show_record(self, record_id: str) -> None:
        """Show the attachments of a record; call it again to ask anew."""
        self._record = record_id
        self._desk.background.read(lambda: self.ask(record_id), self._show, owner=self, key="attachments")

    def ask(self, record_id: str) -> Sequence[Shown]:
        """What is shown of a record; on the reader thread."""
        return queries.shown(self._desk.app.db, self._table, record_id)

    def _show(self, shown: Sequence[Shown]) -> None:
        now = self._current_id()
        self._shown = {one.attachment.id: one for one in shown}
        self._fit()
        self.list.clear()
        for one in shown:
            item = self._item(one)
            self.list.addItem(item)
            if one.attachment.id == now:
                self.list.setCurrentItem(item)
        if shown and self.list.currentItem() is None:
            self.list.setCurrentRow(0)
        self._stack.setCurrentWidget(self.list if shown else self._empty)
        self._point()
        self.counted.emit(len(shown))
        self._open_wanted()

    def _item(self, one: Shown) -> QListWidgetItem:
        made = one.attachment
        short = one.where.value if one.where is Where.PROBLEM else one.words
        item = QListWidgetItem(self._picture(made), f"{made.title}\n{short}")
        kind = rules.KINDS.get(made.kind, made.kind)
        facts = [kind, size_words(made.size), local_text(made.at), made.by_name]
        if made.taken_on:
            facts.append(self.tr("拍摄于 {day}").format(day=made.taken_on))
        words = "　".join(part for part in facts if part)
        item.setToolTip(f"{made.title}\n{words}\n{one.words}")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{made.title}，{words}，{one.words}")
        item.setData(Qt.ItemDataRole.UserRole, made.id)
        item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        return item

    def _picture(self, made: Attachment) -> QIcon:
        picture = decoded(rules.thumb_bytes(made.thumb), JPEG)
        ending = rules.ENDINGS.get(made.mime, ".?").removeprefix(".").upper()
        return framed(picture, ending, self.list.iconSize(), self._desk.theme)

    def _current_id(self) -> str:
        item = self.list.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item else ""

    @property
    def current(self) -> Shown | None:
        """The attachment under the cursor."""
        return self._shown.get(self._current_id())

    def _point(self) -> None:
        now = self.current
        for one in (self._open, self._save, self._remove):
            one.setEnabled(now is not None)
        away = now is not None and now.where in _AWAY
        stuck = now is not None and now.where is Where.PROBLEM
        why = now.state.problem if now is not None and now.state is not None else None
        self._told.setText(why or self.hint())
        self._open.setText(self.tr("再试") if stuck else self.tr("下载") if away else self.tr("打开"))

    def hint(self) -> str:
        """What is said below the list."""
        return self.tr("照片和文件可以拖到这里，也可以按 Ctrl+V 粘贴。照片里的拍摄地点会自动去掉。")

    def _menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self.list.itemAt(at) is not None:
            menu.addAction(self._open.text(), self.open)
            menu.addAction(self.tr("另存为"), self.save)
        if self.list.itemAt(at) is not None and not self.only_read:
            menu.addAction(self.tr("改名"), self.rename)
            menu.addAction(self.tr("移除"), self.remove)
        if not self.only_read:
            menu.addAction(self.tr("添加"), self.choose)
        menu.popup(self.list.viewport().mapToGlobal(at))

    def fail(self, problem: Problem) -> None:
        """Show what went wrong above the list."""
        self.strip.show_problem(problem)

    # ---------------------------------------------------------------------------------------------------------- add

    def choose(self) -> None:
        """Ask for files and add them."""
        endings = " ".join(f"*{ending}" for ending in (*rules.ENDINGS.values(), ".jpeg", ".tiff"))
        paths, _ = QFileDialog.getOpenFileNames(
            self, self.tr("选要添加的照片或文件"), "", self.tr("照片和文件 ({endings})").format(endings=endings)
        )
        self.add_all([Path(path) for path in paths])

    def add(self, source: Path | bytes, title: str = "") -> None:
        """Attach a file, or a picture that was pasted."""
        self.add_all([source], title)

    def add_all(self, sources: Sequence[Path | bytes], title: str = "") -> None:
        """Attach files one by one; those that are refused are named above the list, the others are added."""
        app, table, record = self._desk.app, self._table, self._record
        if not record or not sources:
            return
        self.strip.hide()
        refused: list[tuple[str, Problem]] = []

        def fail(name: str, problem: Problem) -> None:
            refused.append((name, problem))
            self.fail(problem if len(sources) == 1 else told_of(refused))

        for source in sources:
            name = source.name if isinstance(source, Path) else title
            do(
                self._desk,
                self,
                partial(actions.attach, app.db, app.actor, table, record, source, title),
                lambda made: self.tr("已添加“{title}”").format(title=made.title),
                self._added,
                failed=partial(fail, name),
            )

    def _added(self, _made: Attachment) -> None:
        self.show_record(self._record)

    def paste(self) -> None:
        """Add what is in the clipboard: files, or a picture."""
        if not self._take(QGuiApplication.clipboard().mimeData()):
            words = self.tr("剪贴板里没有图片或文件。")
            self.strip.show_problem(Problem(words, self.tr("请先复制一张图片，或在文件夹里复制文件。")))

    def _take(self, given: QMimeData) -> bool:
        if files := files_of(given):
            self.add_all(files)
        elif picture := picture_of(given):
            self.add(picture, self.tr("粘贴的图片"))
        else:
            return False
        return True

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and pictures may be dropped here."""
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add what was dropped."""
        if self._take(event.mimeData()):
            event.acceptProposedAction()

    # -------------------------------------------------------------------------------------------------------- verbs

    def open(self) -> None:
        """Show the attachment under the cursor; fetch it first if it is not on this computer."""
        now = self.current
        if now is None:
            return
        if now.where in _AWAY or now.where is Where.PROBLEM:
            self._fetch(now.attachment)
        else:
            self._with_content(now.attachment, self._open_content)

    def _with_content(self, made: Attachment, then: Callable[[Attachment, bytes], None]) -> None:
        """Read the content off the window's thread; one that is missing is fetched."""
        db, why = self._desk.app.db, self.why

        def arrived(data: bytes | None) -> None:
            if data is None:
                self._fetch(made)
            else:
                then(made, data)

        self._desk.background.write(lambda: actions.content(db, made, why), arrived, owner=self, failed=self.fail)

    def _open_content(self, made: Attachment, data: bytes) -> None:
        if made.mime not in (JPEG, PNG, TIFF):
            self._open_copy(made, data)
            return

        def show(picture: QImage) -> None:
            if picture.isNull():
                self._open_copy(made, data)
            else:
                PictureDialog(made.title, picture, self).open()

        # a large photograph takes half a second to decode
        self._desk.background.read(lambda: decoded(data, made.mime), show, owner=self, failed=self.fail)

    def _open_copy(self, made: Attachment, data: bytes) -> None:
        """A copy that cannot be written to, in a folder that goes away with this page."""
        if self._copies is None:
            self._copies = QTemporaryDir()
        path = Path(self._copies.path()) / made.sha256[:8] / rules.file_name(made.title, made.mime)
        try:
            if not path.exists():
                path.parent.mkdir(exist_ok=True)
                write(path, data)
                path.chmod(0o400)
        except OSError as error:
            self.fail(Problem(self.tr("打不开：{why}").format(why=error), self.tr("请用“另存为”保存后再打开。")))
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _fetch(self, made: Attachment) -> None:
        """Ask the server for a content, in a process of its own; it opens when it is here."""
        db, background, why = self._desk.app.db, self._desk.background, self.why

        def start(_done: None) -> None:
            job = background.start_job(self.tr("传附件"), ["attachments", "--sync"])
            job.failed.connect(self.fail)
            job.over.connect(lambda _job: self.show_record(self._record))

        found = self._shown.get(made.id)
        self._wanted = None if found and found.state and found.state.here else made.id
        background.write(lambda: actions.want(db, made, why), start, owner=self, failed=self.fail)

    def _open_wanted(self) -> None:
        found = self._shown.get(self._wanted or "")
        if found is not None and found.state is not None and found.state.here:
            self._wanted = None
            if self.isVisible():
                self._with_content(found.attachment, self._open_content)

    def save(self) -> None:
        """Save the attachment under the cursor as a file."""
        now = self.current
        if now is None:
            return
        made = now.attachment
        name = rules.file_name(made.title, made.mime)
        path, _ = QFileDialog.getSaveFileName(self, self.tr("附件另存为"), name)
        if path:
            app, why = self._desk.app, self.why
            self._desk.background.write(
                lambda: give_attachment(app.db, app.actor, made, path, why),
                lambda _none: self._desk.say(self.tr("已保存到 {path}").format(path=path)),
                owner=self,
                failed=self.fail,
            )

    def rename(self) -> None:
        """Ask for another title."""
        now = self.current
        if now is None:
            return
        made, app = now.attachment, self._desk.app
        words, good = QInputDialog.getText(self, self.tr("附件改名"), self.tr("名称"), text=made.title)
        if good and words.strip() != made.title:
            do(
                self._desk,
                self,
                lambda: actions.rename(app.db, app.actor, made.id, words),
                lambda _made: self.tr("已改名"),
                self._added,
                failed=self.fail,
            )

    def remove(self) -> None:
        """Take the attachment off; 撤销 in the status bar brings it again."""
        now = self.current
        if now is None:
            return
        made, app = now.attachment, self._desk.app
        do(
            self._desk,
            self,
            lambda: actions.detach(app.db, app.actor, made.id),
            lambda _none: self.tr("已移除“{title}”").format(title=made.title),
            lambda _none: self.show_record(self._record),
            failed=self.fail,
        )
