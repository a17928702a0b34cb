"""Who is signed in at this window: the lock after idle minutes and by key, coming back, another one taking the seat.

Behind the lock everything stays as it is: open pages with what is typed in them, dialogs, the place of the cursor.
Whoever locked the desk finds it so; somebody else gets pages of his own, and those of the first are put away as they
are. Exchanges, backups and printing go on all the while.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QToolTip, QWidget
from shiboken6 import isValid

from ui.shell.commands import Command
from ui.shell.idle import IdleWatch
from ui.shell.rights import TABLES
from ui.shell.tabs import Parked
from ui.widgets.secret import Secret

if TYPE_CHECKING:
    from desktop_app.shared.actor import Actor
    from ui.main_window import MainWindow
    from ui.pages.sign_in import SignIn
    from ui.shell.desk import Desk

_CHECK_MS = 60_000
_RENEW_MS = 4 * 3_600_000  # what child processes prove themselves with ends after some hours more


@dataclass(frozen=True, slots=True)
class Left:
    """What somebody left at the desk: pages, dialogs above them, where the keyboard was."""

    pages: Parked | None
    dialogs: tuple[QDialog, ...]
    focus: QWidget | None


class Session(QObject):
    """The seat at this window.  In a store without accounts there is nobody to keep out, and nothing is locked."""

    def __init__(self, window: "MainWindow", desk: "Desk") -> None:
        super().__init__(desk)
        from desktop_app.accounts.desk import idle_minutes

        self._window, self._desk = window, desk
        self._owner: Actor | None = desk.app.actor
        self._here = Left(None, (), None)
        self._away: dict[str, Left] = {}
        self.idle = IdleWatch(desk.app.clock, idle_minutes(desk.app.db), self)
        self.idle.idle.connect(self._idled)
        self._timer = QTimer(self, interval=_CHECK_MS)
        self._timer.timeout.connect(self.check)
        self._timer.timeout.connect(self._renew)
        self._since = desk.app.clock.ms()
        desk.signals.settled.connect(self._committed)
        desk.exchanger.over.connect(self.check)
        desk.seat_asked.connect(self._asked)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._keep_behind)
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._keep_keys)

    @property
    def has_accounts(self) -> bool:
        """Whether people sign in here at all."""
        from desktop_app.accounts.rights import has_accounts

        return has_accounts(self._desk.app.db)

    @property
    def is_locked(self) -> bool:
        """Whether the curtain is down."""
        return self._window.curtain is not None

    def begin(self) -> None:
        """Somebody has just signed in."""
        if self.has_accounts:
            self._since = self._desk.app.clock.ms()
            self.idle.start()
            self._timer.start()

    def commands(self, group: str = "") -> tuple[Command, ...]:
        """What one may do about one's seat, anywhere."""
        if not self.has_accounts:
            return ()
        return (
            Command(self.tr("锁屏"), self.lock, "Ctrl+L", "lock", group),
            Command(self.tr("换人"), self.switch, "Ctrl+Shift+L", "people", group),
            Command(self.tr("更换密码"), self.change_password, "", "edit", group),
            Command(self.tr("PIN（快速换人）"), self.set_pin, "", "keyboard", group),
            Command(self.tr("退出登录"), self.sign_out, "", "back", group),
        )

    # -------------------------------------------------------------------------------------------------- locking

    def lock(self, words: str = "") -> None:
        """Hide everything until the password or the PIN is given; `words` say why, if there is a reason."""
        self._down(words)

    def _idled(self) -> None:
        self._down("", idle=True)

    def switch(self) -> None:
        """Somebody else wants the desk: the lock, with the names first."""
        if (curtain := self._down("")) is not None:
            curtain.choose_other()

    def _down(self, words: str, *, idle: bool = False) -> "SignIn | None":
        if self.is_locked or not self.has_accounts:
            return None
        from desktop_app.accounts.desk import note_lock

        self._put_away()
        db, owner = self._desk.app.db, self._owner
        if owner is not None:
            self._desk.background.write(lambda: note_lock(db, owner, idle=idle))
        self._desk.background.session = ""  # it ends with the lock; coming back gives another
        return self._draw(words)

    def _draw(self, words: str) -> "SignIn":
        """The curtain goes down."""
        from ui.pages.sign_in import SignIn

        self.idle.stop()
        curtain = SignIn(self._desk.app, self._desk.background, self._desk.theme, owner=self._owner, words=words)
        curtain.entered.connect(self._entered)
        curtain.quit_asked.connect(self._window.close)
        self._window.cover(curtain)
        return curtain

    def _put_away(self) -> None:
        """Nothing that is open is closed, and nothing of it can be seen."""
        QGuiApplication.inputMethod().commit()
        focus = self._window.focusWidget()  # also while another program is in front
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        QToolTip.hideText()
        for page in self._window.tabs.pages:
            page.keep_typed()
        for secret in self._window.findChildren(Secret):
            secret.hide_again()
        dialogs = self._open_dialogs()
        for dialog in dialogs:
            dialog.hide()
        self._here = Left(None, dialogs, focus)

    def _open_dialogs(self) -> tuple[QDialog, ...]:
        """Those of the window, outermost first."""
        return tuple(one for one in self._window.findChildren(QDialog) if one.isVisible())

    def _keep_behind(self, _now: object) -> None:
        """An answer that comes late may open a dialog behind the lock: it waits there."""
        if self.is_locked and (late := self._open_dialogs()):
            for dialog in late:
                dialog.hide()
            self._here = Left(None, (*self._here.dialogs, *late), self._here.focus)

    def _keep_keys(self, _old: object, now: QWidget | None) -> None:
        """What comes late behind the lock may ask for the keyboard: it has it when the desk is open again."""
        curtain, window = self._window.curtain, self._window
        if curtain is None or now is None or now is curtain or curtain.isAncestorOf(now) or now.window() is not window:
            return
        if self._here.dialogs == ():
            self._here = Left(self._here.pages, (), now)
        curtain.setFocus()

    # ----------------------------------------------------------------------------------------------- coming back

    def _entered(self, actor: "Actor") -> None:
        """Somebody gave a password or a PIN that is right."""
        if self._owner is None or actor.id != self._owner.id:
            self._change_seats(actor)
        else:
            self._desk.rights.load()
        self._window.uncover()
        self._show_again(self._here)
        self.begin()

    def _change_seats(self, actor: "Actor") -> None:
        window = self._window
        window.forget_last()
        if self._owner is not None:
            left = self._here
            self._away[self._owner.id] = Left(window.tabs.park(), left.dialogs, left.focus)
        self._owner = actor
        self._desk.drafts.change_owner()
        self._desk.recent.change_owner()
        self._desk.rights.load()
        back = self._away.pop(actor.id, None)
        if back is not None and back.pages is not None:
            window.tabs.unpark(back.pages)
            self._here = back
        else:
            self._here = Left(None, (), None)
            window.open_first()
            window.offer_drafts()
        self._desk.identity_changed.emit()

    def _show_again(self, left: Left) -> None:
        for dialog in left.dialogs:
            if isValid(dialog):
                dialog.show()
        focus, tab = left.focus, self._window.tabs.current
        if focus is not None and not (isValid(focus) and focus.isVisible() and focus.isEnabled()):
            focus = tab.page.first_focus() if tab is not None else None  # it was taken away meanwhile
        if focus is not None:
            focus.setFocus(Qt.FocusReason.OtherFocusReason)

    # -------------------------------------------------------------------------------------------------- leaving

    def sign_out(self) -> None:
        """Close one's pages, what was typed kept as drafts, and leave the desk to whoever signs in next."""
        if not self.has_accounts or self.is_locked:
            return
        from desktop_app.accounts import signing

        self._put_away()
        for dialog in self._here.dialogs:
            dialog.reject()
        self._window.forget_last()
        self._window.tabs.clear()
        self._owner, self._here = None, Left(None, (), None)
        db = self._desk.app.db
        self._desk.background.write(lambda: signing.sign_out(db))
        self._desk.background.session = ""
        self._draw("")

    def end(self) -> None:
        """The window closes, or lets go of the store: what others left behind the lock is closed, drafts kept."""
        self.idle.stop()
        self._timer.stop()
        for left in self._away.values():
            for dialog in left.dialogs:
                if isValid(dialog):
                    dialog.reject()
            if left.pages is not None:
                self._window.tabs.drop(left.pages)
        self._away.clear()

    def _committed(self, tables: frozenset[str]) -> None:
        if TABLES & tables:
            self.check()

    def check(self) -> None:
        """Whether whoever is signed in still may be: a sync may have taken the account away."""
        from desktop_app.accounts.signing import still_valid

        owner, db = self._owner, self._desk.app.db
        if owner is not None and self.has_accounts:
            self._desk.background.read(
                lambda: (owner, still_valid(db, owner)), self._checked, owner=self, key="still valid"
            )

    def _renew(self) -> None:
        """Who works the whole day without a break keeps working."""
        owner, db, background = self._owner, self._desk.app.db, self._desk.background
        now = self._desk.app.clock.ms()
        if owner is None or self.is_locked or 0 <= now - self._since < _RENEW_MS:
            return
        from desktop_app.accounts.sessions import open_session

        self._since = now
        background.write(lambda: open_session(db, owner), self._renewed, owner=self)

    def _renewed(self, session: str) -> None:
        if not self.is_locked:
            self._desk.background.session = session

    def _checked(self, found: "tuple[Actor, bool]") -> None:
        owner, valid = found
        if not valid and owner == self._owner and not self.is_locked:
            words = self.tr("{name}的账号已经停用或改了密码，请重新登录。填过的内容都已留作草稿。")
            self.lock(words.format(name=owner.name))

    def _asked(self, what: str) -> None:
        """A page asks."""
        if what in {"office", "counter"}:
            self.be_counter(counter=what == "counter")
        else:
            {"lock": self.lock, "password": self.change_password, "pin": self.set_pin}[what]()

    def be_counter(self, *, counter: bool) -> None:
        """Visitors stand beside this desk, or not: the lock comes sooner."""
        from desktop_app.accounts import desk

        app = self._desk.app

        def work() -> int:
            desk.be_counter(app.db, app.actor, counter=counter)
            return desk.idle_minutes(app.db)

        self._desk.background.write(work, self._set_idle, owner=self)

    def _set_idle(self, minutes: int) -> None:
        self.idle.minutes = minutes

    # ------------------------------------------------------------------------------------------------ one's own

    def change_password(self) -> None:
        """Another password, with the present one."""
        from ui.pages.own_account import PasswordDialog

        PasswordDialog(self._desk, self._window).open()

    def set_pin(self) -> None:
        """A PIN for this desk, or none."""
        from ui.pages.own_account import PinDialog

        PinDialog(self._desk, self._window).open()
