"""What a page is given: the application core, the background, the signals, and the few verbs every page needs."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from ui.shell.background import Background, Errand
from ui.shell.drafts import Drafts
from ui.shell.exchanger import Exchanger
from ui.shell.parts import Verb
from ui.shell.problems import Problem
from ui.shell.recent import Recent
from ui.shell.rights import Rights
from ui.shell.settings import Settings
from ui.shell.signals import Signals
from ui.shell.sync_hold import SyncHold
from ui.shell.theme import Theme

if TYPE_CHECKING:
    from desktop_app.app import App
    from desktop_app.profiles.rules import CodeTable
    from desktop_app.shared.actor import Actor
    from desktop_app.store.base import Record
    from desktop_app.store.database import Database
    from desktop_app.store.history import UndoReport


class Desk(QObject):
    """The context object of all pages; the window listens to its signals.

    `app`         the core: `app.db`, `app.clock`, `app.actor`, `app.profile`, `app.community`
    `background`  `read`, `write`, `start_job` (see `ui.shell.background`)
    `signals`     `changed(tables)` after a commit, `settled(tables)` for counts
    `settings`    the INI file; `theme` colours and sizes
    `exchanger`   the exchange with the server; `hold` whether it may start by itself
    `rights`      what the one who is signed in may do: `may(right)`, `offer(right, button…)`
    `keeps_residents`  whether this is a desk of a community, which alone registers residents and homes
    """

    record_asked = Signal(str, str)  # kind, id
    page_asked = Signal(str, object)  # key of a page, what to show there or None
    said = Signal(str, object)  # words for the status bar, callable that undoes it or None
    problem_met = Signal(object)  # Problem
    look_asked = Signal(str, int)  # mode, font size in pixels
    identity_changed = Signal()  # the community or who sits here
    unit_changed = Signal()  # the desk became one of a street, a department, a community
    close_asked = Signal(str)  # key of a tab, e.g. person:0192…
    alone_asked = Signal(object)  # AloneTask: work that needs the store for itself
    seat_asked = Signal(str)  # lock, password, pin, office, counter: see `ui.shell.session`

    def __init__(
        self,
        app: "App",
        background: Background,
        signals: Signals,
        settings: Settings,
        theme: Theme,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.app = app
        self.background = background
        self.signals = signals
        self.settings = settings
        self.theme = theme
        self.drafts = Drafts(app, background, self)
        self.recent = Recent(app, background)
        self.rights = Rights(app, background, self)
        signals.settled.connect(self.rights.look_again)
        self.exchanger = Exchanger(self)
        self.hold = SyncHold(settings, app.clock)
        self.keeps_residents = self._keeps()
        self.exchanger.over.connect(self._look_at_unit)
        background.problem.connect(self.problem)
        background.reason_wanted.connect(self._ask_reason)

    def _look_at_unit(self) -> None:
        """After an exchange, an enrolment above all: whose desk this is."""
        self.background.read(self._keeps, self._take_unit, owner=self, key="unit")

    def _keeps(self) -> bool:
        from desktop_app.sync.units import keeps_residents  # the window is there before the store's libraries are

        return keeps_residents(self.app.db)

    def _take_unit(self, keeps: bool) -> None:
        if keeps != self.keeps_residents:
            self.keeps_residents = keeps
            self.unit_changed.emit()

    def _ask_reason(self, errand: Errand, problem: Problem) -> None:
        from ui.shell.reasons import ask

        ask(self, errand, problem, partial(self.background.give_up, errand))

    def may(self, right: str) -> bool:
        """Whether the one who is signed in may do what needs this right."""
        return self.rights.may(right)

    def offer(self, right: str, *verbs: Verb) -> None:
        """Buttons that only those see who may press them, whatever their page shows and hides."""
        self.rights.offer(right, *verbs)

    def codes(self, kind: str) -> "CodeTable":
        """A code table with what this community changed of it."""
        from desktop_app.profiles.desk import desk_codes  # the window is there before the store's libraries are

        return desk_codes(self.app.db, kind)

    def open_record(self, kind: str, record_id: str) -> None:
        """Open a record in a tab:

        Kinds are those of `ui.pages.RECORDS` (person, household, room, building, meeting…).
        """
        self.record_asked.emit(kind, record_id)

    def open_page(self, key: str, show: object = None) -> None:
        """Go to a page of `ui.pages.PAGES`; `show` is handed to its `show_this`."""
        self.page_asked.emit(key, show)

    def note_look(self, cls: "type[Record]", record_id: str, what: str) -> None:
        """Keep that a whole number was shown: whose, and which."""
        from desktop_app.accounts.actions import note_look

        self.background.write(lambda: note_look(self.app.db, self.app.actor, cls, record_id, what))

    def print_form(self, form: str, subjects: Iterable[str]) -> None:
        """Show papers in the print centre:

        The name of a form of `desktop_app.printing.forms`, and what they are about.
        """
        if chosen := tuple(subjects):
            self.open_page("printing", (form, chosen))

    def say(self, words: str, undo: Callable[[], object] | None = None) -> None:
        """One quiet line in the status bar, e.g. 已保存, with 撤销 if it can be undone."""
        self.said.emit(words, undo)

    def undo_last(self) -> None:
        """Take back this person's last action, and say what was taken back and what was kept."""
        from desktop_app.store.history import last_action

        self._take_back(last_action, self.tr("已撤销：{words}{kept}"), self.tr("没有可以撤销的操作"))

    def redo_last(self) -> None:
        """Do again what this person took back last, unless something new was done since."""
        from desktop_app.store.history import last_undone

        self._take_back(last_undone, self.tr("已重做：{words}{kept}"), self.tr("没有可以重做的操作"))

    def _take_back(self, find: "Callable[[Database, Actor], tuple[int, str] | None]", told: str, nothing: str) -> None:
        from desktop_app.residents.undoing import undo
        from desktop_app.store.history import plain

        app = self.app

        def work() -> "tuple[str, UndoReport] | None":
            found = find(app.db, app.actor)
            return None if found is None else (plain(found[1]), undo(app.db, app.actor, found[0]))

        self.background.write(work, partial(self._took_back, told, nothing), owner=self)

    def _took_back(self, told: str, nothing: str, done: "tuple[str, UndoReport] | None") -> None:
        if done is None:
            self.say(nothing)
            return
        words, report = done
        kept = self.tr("，其中 {n} 条后来又改过，保留不动").format(n=report.kept) if report.kept else ""
        self.say(told.format(words=words, kept=kept))

    def problem(self, problem: Problem) -> None:
        """Show a problem in the strip above the work, unless a form can show it better at its field."""
        self.problem_met.emit(problem)


def announce(widget: QObject, words: str) -> None:
    """Tell a screen reader, e.g. 共 96 人; does nothing when none is listening."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))
