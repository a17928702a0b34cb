"""The window: header, navigation, tabs, status bar; shown empty, with the search box ready, it gets its store later."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.shared.errors import CorruptError
from ui.pages import PAGES, page_entry, record_entry, words
from ui.shell.background import Background
from ui.shell.commands import Command, Shortcuts
from ui.shell.desk import Desk
from ui.shell.everywhere import Everywhere
from ui.shell.header import Header
from ui.shell.navigation import Navigation
from ui.shell.problems import Problem
from ui.shell.session import Session
from ui.shell.settings import Settings
from ui.shell.signals import Signals
from ui.shell.statusbar import StatusBar
from ui.shell.tabs import Tabs
from ui.shell.theme import FONT_SIZES, Theme
from ui.widgets.strip import Strip

if TYPE_CHECKING:
    from desktop_app.app import App
    from ui.shell.finding import Finder

SMALLEST = (1024, 600)
USUAL = (1366, 728)
_FOLD_BELOW = 1100


def _dropped_file(dropped: QMimeData) -> str:
    """The path of the one local file that was dropped, else empty."""
    files = [url.toLocalFile() for url in dropped.urls() if url.isLocalFile()]
    return files[0] if len(files) == 1 else ""


class MainWindow(QMainWindow):
    """Knows where things are; what they do stands in the pages and in `ui.shell`."""

    repair_asked = Signal(object)  # Problem: the store is damaged, somebody wants it set right

    def __init__(self, theme: Theme, settings: Settings, background: Background) -> None:
        super().__init__()
        self.theme = theme
        self.settings = settings
        self.background = background
        self.signals = Signals(self)
        self.app: App | None = None  # the open store, whether or not anybody is signed in yet
        self.desk: Desk | None = None
        self._alone: QWidget | None = None
        self.curtain: QWidget | None = None  # what stands before everything while the desk is locked
        self.farewell: Callable[[], object] | None = None
        self.setWindowTitle(self.tr("邻里工作站"))
        self.setMinimumSize(*SMALLEST)
        self.resize(*USUAL)
        self.header = Header(theme, self)
        self.navigation = Navigation([entry for entry in PAGES if not entry.aside], theme, self)
        self.tabs = Tabs(theme, self)
        self.notice = Strip(theme, self)
        self.demo = Strip(theme, self)
        self.status = StatusBar(self)
        self._arrange()
        self._connect()
        self._shortcuts = Shortcuts(self, window_wide=True)
        self.header.search.host(self)
        self.setAcceptDrops(True)
        self.header.search.setFocus()

    def _arrange(self) -> None:
        body = QWidget(self)
        body.setObjectName("body")
        work = QVBoxLayout()
        self._work = work
        work.setSpacing(0)
        for part in (self.tabs.bar, self.demo, self.notice, self.tabs):
            work.addWidget(part)
        work.setStretch(3, 1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.navigation)
        middle.addLayout(work, 1)
        whole = QVBoxLayout(body)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.header)
        whole.addLayout(middle, 1)
        whole.addWidget(self.status)
        self._faces = QStackedWidget(self)
        self._faces.addWidget(body)
        self.setCentralWidget(self._faces)
        self._dress()

    def _connect(self) -> None:
        self.theme.changed.connect(self._dress)
        self.navigation.chosen.connect(self.open_page)
        self.navigation.folded.connect(self._folded)
        self.tabs.current_changed.connect(self._show_place)
        self.tabs.history_changed.connect(self._show_history)
        self.header.walked.connect(self.walk)
        self.signals.changed.connect(self.tabs.changed)
        self.background.job_started.connect(self.status.add_job)
        self.background.problem.connect(self.show_problem)
        self.status.sync_clicked.connect(self._show_sync)

    def _dress(self) -> None:
        self.header.setFixedHeight(self.theme.control_height + 14)
        self.status.set_line_height(self.theme.row_height)
        self.tabs.bar.setFixedHeight(self.theme.control_height + 2)

    # ------------------------------------------------------------------------------------------------------- the store

    def attach(self, app: "App", finders: Sequence["Finder"] = ()) -> Desk:
        """The store is open: show who and where, and the first page."""
        from ui.pages.welcome import is_demo
        from ui.shell.finding import Finding
        from ui.shell.sync_chip import SyncChip

        self.app = app
        self.background.home = app.home
        desk = Desk(app, self.background, self.signals, self.settings, self.theme, self)
        self.desk = desk
        app.db.changed.append(self.signals.tell)
        self.background.read(app.db.reader, lambda reader: self.background.attach(reader.interrupt))
        desk.record_asked.connect(self.open_record)
        desk.page_asked.connect(self.open_page)
        desk.said.connect(self.status.say)
        desk.problem_met.connect(self.show_problem)
        desk.close_asked.connect(self.tabs.close_key)
        desk.look_asked.connect(self.look)
        desk.identity_changed.connect(self._show_community)
        desk.unit_changed.connect(self._show_offers)
        desk.rights.changed.connect(self._show_rights)
        self.finding = Finding(self.header.search, desk, self.all_commands, finders)
        self.sync = SyncChip(desk, self.status, self.notice, is_told=partial(self.tabs.shows, "page:syncing"))
        self.session = Session(self, desk)
        self.everywhere = Everywhere(self, desk)
        self._show_offers()
        self._show_community()
        self.background.read(lambda: is_demo(app), self._show_demo, owner=self)
        self.open_first()
        self.offer_drafts()
        self.session.begin()
        self.header.search.setFocus()
        return desk

    def detach(self) -> None:
        """Let go of the store: the window is as it was at its start; whoever opened the store closes it."""
        if self.desk is None:
            return
        self.uncover()
        self.session.end()
        self.tabs.clear()
        self.sync.hints.close()
        self.background.attach(lambda: None)
        for part in (self.sync, self.desk):
            part.deleteLater()
        for strip in (self.notice, self.demo):
            strip.hide()
        self.desk, self.farewell = None, None
        self._shortcuts.install(())
        self.header.show_menu(())
        self.setWindowTitle(self.tr("邻里工作站"))

    def open_first(self) -> None:
        """The first page; an auditor, say, has no work of a community to see."""
        entry = next((one for one in PAGES if self.everywhere.is_offered(one)), PAGES[0])
        self.open_page(entry.key)

    def offer_drafts(self) -> None:
        """What was typed and not saved when the program ended."""
        drafts = self._desk.drafts
        if drafts:
            words = self.tr("有 {n} 份没有填完的登记，填过的内容都在。").format(n=len(drafts))
            newest = next(reversed(drafts.data))
            self.notice.show_words(words, "", self.tr("接着填"), lambda: self.everywhere.resume(newest))

    def _show_offers(self) -> None:
        """Places, keys and the menu for this desk and for the one who is signed in."""
        self.navigation.offer(self.everywhere.is_offered)
        commands = self.everywhere.commands()
        self._shortcuts.install(commands)
        self.header.show_menu([*self.session.commands(), *(one for one in commands if one.icon)])
        for page in self.tabs.pages:
            page.install_commands()

    def _show_rights(self) -> None:
        """Whoever is signed in was given or lost a role: what he may not see any more is closed."""
        self._show_offers()
        keys = self.tabs.keys
        if keys and not self.everywhere.is_allowed(keys[0]):
            self.tabs.clear()
            self.open_first()
        for key in keys[1:]:
            if not self.everywhere.is_allowed(key):
                self.tabs.close_key(key)

    def forget_last(self) -> None:
        """What one was told or looked for last is nobody else's business."""
        self.status.hush()
        self.notice.hide()
        self.header.search.clear()

    def _show_community(self) -> None:
        app = self._desk.app
        self.header.brand.setText(app.community.name)
        self.header.who.setText(app.actor.name)
        self.setWindowTitle(self.tr("{community} · 邻里工作站").format(community=app.community.name))

    def _show_demo(self, is_demo: bool) -> None:
        if is_demo:
            self.demo.show_words(self.tr("演示数据：这里的人和事都是编的，可以随便试。"), "demo", stays=True)

    @property
    def _desk(self) -> Desk:
        if self.desk is None:
            raise RuntimeError("the store is not open yet")
        return self.desk

    # ------------------------------------------------------------------------------------------------------ the curtain

    def cover(self, curtain: QWidget) -> None:
        """Hide everything behind one widget: what is open stays as it is, keys and dropped files rest."""
        self.uncover()
        self.curtain = curtain
        self.header.search.results.hide()
        self._faces.addWidget(curtain)
        self._faces.setCurrentWidget(curtain)
        self._shortcuts.rest(resting=True)
        self.setAcceptDrops(False)
        self.setWindowTitle(self.tr("邻里工作站"))
        curtain.setFocus()

    def uncover(self) -> None:
        """Show it again."""
        if self.curtain is None:
            return
        old, self.curtain = self.curtain, None
        self._faces.setCurrentIndex(0)
        self._faces.removeWidget(old)
        old.deleteLater()
        self._shortcuts.rest(resting=False)
        self.setAcceptDrops(True)
        if self.desk is not None:
            self._show_community()

    def show_alone(self, widget: QWidget | None) -> None:
        """Show one widget instead of the pages (first run), or the pages again."""
        for old in (self._alone,) if self._alone is not None else ():
            self._work.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._alone = widget
        for part in (self.tabs, self.tabs.bar, self.navigation, *self.header.parts):
            part.setVisible(widget is None)
        if widget is not None:
            self._work.addWidget(widget, 1)
            widget.show()  # what is not visible yet cannot take the focus
            widget.setFocus()

    # ----------------------------------------------------------------------------------------------------------- going

    def open_page(self, key: str, show: object = None) -> None:
        """Go to a page of the navigation."""
        entry = page_entry(key)
        if entry is None or self.desk is None or not self._may_open(entry.right, words(entry.title)):
            return
        name = f"page:{key}"
        if not self.tabs.raise_key(name):
            made = entry.build(self.desk)
            made.placed(key)
            self.tabs.add(name, made)
        page = self.tabs.page(name)
        if show is not None and page is not None:
            page.when_whole(partial(page.show_this, show))

    def open_record(self, kind: str, record_id: str) -> None:
        """Open a record in its tab."""
        entry = record_entry(kind)
        if entry is None or self.desk is None or not self._may_open(entry.right, words(entry.title)):
            return
        name = f"{kind}:{record_id}"
        if not self.tabs.raise_key(name):
            made = entry.build(self.desk, record_id)
            made.placed(f"{kind}/{record_id}")
            self.tabs.add(name, made)
        page = self.tabs.page(name)
        if page is not None and entry.remembered:
            page.when_whole(lambda: self._desk.recent.add(kind, record_id, page.title()))

    def _may_open(self, right: str, title: str) -> bool:
        if self._desk.may(right):
            return True
        told = self.tr("您的角色看不了“{title}”，没有打开。").format(title=title)
        self.show_problem(Problem(told, self.tr("需要时请安全管理员授权，或请有权限的人来办。")))
        return False

    def _show_sync(self) -> None:
        """The page behind the chip, for those who have something to do there."""
        entry = page_entry("syncing")
        if entry is not None and self._desk.may(entry.right):
            self.open_page("syncing")

    def walk(self, by: int) -> None:
        """Back and forward; a tab that was closed meanwhile is opened again."""
        closed = self.tabs.walk(by)
        kind, _, rest = closed.partition(":")
        if kind == "page":
            self.open_page(rest)
        elif kind:
            self.open_record(kind, rest)

    def _show_place(self, key: str) -> None:
        kind, _, name = key.partition(":")
        self.navigation.mark_current(name if kind == "page" else "")

    def _show_history(self) -> None:
        self.header.back.setEnabled(self.tabs.can_walk(-1))
        self.header.forward.setEnabled(self.tabs.can_walk(1))

    def _folded(self, folded: bool) -> None:
        self.settings.put("look/folded", folded)

    # -------------------------------------------------------------------------------------------------------- commands

    def all_commands(self) -> list[Command]:
        """Here first, then anywhere."""
        return self.everywhere.all_commands()

    def refresh_page(self) -> None:
        if self.tabs.current is not None:
            self.tabs.current.page.refresh(frozenset())

    def step_font(self, by: int) -> None:
        at = FONT_SIZES.index(self.theme.font_px) + by
        if 0 <= at < len(FONT_SIZES):
            self.look(self.settings.mode, FONT_SIZES[at])

    def toggle_dark(self) -> None:
        self.look("light" if self.theme.is_dark else "dark", self.theme.font_px)

    def look(self, mode: str, font_px: int) -> None:
        """Change and remember how it looks."""
        self.settings.put("look/mode", mode)
        self.settings.put("look/font", font_px)
        self.theme.apply(mode, font_px)

    # ---------------------------------------------------------------------------------------------------------- Qt's

    def show_problem(self, problem: Problem) -> None:
        """In the strip above the work; a damaged store offers to be set right."""
        if problem.code == CorruptError.code and self.desk is not None:
            words = Problem(problem.words, self.tr("请不要继续录入，现在就修复。"), code=problem.code)
            self.notice.show_problem(words, self.tr("关闭并修复"), lambda: self.repair_asked.emit(problem))
        else:
            self.notice.show_problem(problem)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.desk is not None and _dropped_file(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A file that is dropped anywhere goes to the import page."""
        if file := _dropped_file(event.mimeData()):
            event.acceptProposedAction()
            self.open_page("importing", file)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < _FOLD_BELOW or self.settings.flag("look/folded")
        if narrow != self.navigation.is_folded:
            self.navigation.blockSignals(True)
            self.navigation.fold(folded=narrow)
            self.navigation.blockSignals(False)

    def closeEvent(self, event: QCloseEvent) -> None:
        curtain = self.curtain.findChild(Strip) if self.curtain is not None else None
        if self.desk is not None and not self.desk.drafts.may_be_left(curtain or self.notice):
            event.ignore()
            return
        if self.farewell is not None:
            self.farewell()
        self.settings.put_shape("window/shape", self.saveGeometry())
        self.tabs.clear()
        if self.desk is not None:
            self.session.end()
            self.sync.hints.close()
        self.background.close()
        if self.app is not None:
            self.app.close()
        self.settings.sync()
        super().closeEvent(event)
