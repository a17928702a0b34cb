"""登录 and 锁屏: who it is and the password, or the PIN of this desk; an old or temporary password is changed first."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from desktop_app.accounts import queries, sessions, signing
from desktop_app.upkeep import elsewhere
from ui.pages.own_account import password_words
from ui.pages.welcome import Middle
from ui.shell.background import Background
from ui.shell.parts import button, label, row
from ui.shell.problems import Problem
from ui.shell.theme import Theme
from ui.widgets.inputs import ChoiceBox, LineEdit
from ui.widgets.secrets_form import SecretsForm, secret_line
from ui.widgets.strip import Strip

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.accounts.queries import SignIn as Person
    from desktop_app.app import App
    from desktop_app.shared.actor import Actor
    from desktop_app.store.database import Database

_OTHER = ""


@dataclass(frozen=True, slots=True)
class Seated:
    """Who signed in; why the password must be changed first, if it must; what child processes prove it with."""

    actor: "Actor"
    why: str
    session: str


def seated(db: "Database", actor: "Actor") -> Seated:
    """What is to be known of somebody who has just signed in; on the writer thread."""
    why = signing.must_change(db, actor)
    return Seated(actor, why, "" if why else sessions.open_session(db, actor))


class SignIn(Middle):
    """`entered(actor)` once somebody is signed in with a password that may be used on.

    `owner` is who locked the desk and will most likely come back; without one it is the first screen of the day.
    """

    entered = Signal(object)  # Actor
    quit_asked = Signal()
    anew_asked = Signal()  # the administrator is gone: the recovery sheet

    def __init__(
        self,
        app: "App",
        background: Background,
        theme: Theme,
        *,
        owner: "Actor | None" = None,
        words: str = "",
    ) -> None:
        super().__init__(background, theme)
        self._app, self._owner = app, owner
        self._people: dict[str, Person] = {}
        self._with_pin = False
        self._waiting: Actor | None = None
        self.head(self.tr("登录") if owner is None else self.tr("已锁屏"), self._opening(words))
        self.notice = Strip(theme, self)
        self.card.body.addWidget(self.notice)
        self.who = ChoiceBox([], self)
        self.who.setAccessibleName(self.tr("谁"))
        self.who.currentIndexChanged.connect(lambda _at: self._chosen())
        self.login = LineEdit(self)
        self.login.setAccessibleName(self.tr("登录名"))
        self.secret = secret_line(self.tr("密码"))
        self._ways = button("", self._change_way, tone="link")
        self.verb = button(self.tr("登录") if owner is None else self.tr("解锁"), self.enter, tone="primary")
        self._new = SecretsForm((("password", self.tr("新密码"), ""), ("again", self.tr("再输入一次"), "")), self)
        self._rules = label(password_words(self), "muted", wrap=True)
        self.anew = button(self.tr("管理员不在了，用恢复单"), self.anew_asked.emit, tone="link")
        self._arrange()
        self.setFocusProxy(self.secret)
        background.read(lambda: queries.who_may_sign_in(app.db), self._show_people, owner=self)
        background.read(lambda: elsewhere.accounts_of_then(app.db), self._warn, owner=self)

    def _opening(self, words: str) -> str:
        if words or self._owner is None:
            return words
        at = f"{self._app.clock.now():%H:%M}"
        told = self.tr("{name} {at} 锁的屏。打开的页面和填到一半的内容都在；同步、备份、打印照常进行。")
        return told.format(name=self._owner.name, at=at)

    def _arrange(self) -> None:
        self._names = [label(self.tr("谁")), label(self.tr("登录名")), label(self.tr("密码"))]
        width = max(one.fontMetrics().horizontalAdvance(self.tr("登录名")) for one in self._names)
        for name, field in zip(self._names, (self.who, self.login, self.secret), strict=True):
            name.setMinimumWidth(width)
            name.setBuddy(field)
            line = row(name, field)
            line.setStretch(1, 1)
            self.card.body.addLayout(line)
        self.login.entered.connect(self.secret.setFocus)
        self.secret.entered.connect(self.enter)
        self._new.save_asked.connect(self.enter)
        for part in (self._new, self._rules):
            part.hide()
            self.card.body.addWidget(part)
        quit_button = button(self.tr("退出程序"), self.quit_asked.emit)
        self.card.body.addLayout(row(quit_button, self.anew, 1, self._ways, self.verb))
        self.anew.hide()
        self._show_fields()

    # --------------------------------------------------------------------------------------------------------- who

    def _show_people(self, people: "list[Person]") -> None:
        self._people = {one.staff_id: one for one in people}
        self.who.blockSignals(True)
        for one in people:
            self.who.addItem(one.name, one.staff_id)
        self.who.addItem(self.tr("用登录名…"), _OTHER)
        mine = self._owner.id if self._owner is not None else ""
        self.who.setCurrentIndex(max(self.who.findData(mine), 0) if mine in self._people else 0)
        self.who.blockSignals(False)
        self._choose_way()  # what was typed meanwhile stays

    def _warn(self, words: str) -> None:
        """The accounts are those of a backup, until the first sync."""
        if words:
            self.notice.show_words(words, stays=True)

    def choose_other(self) -> None:
        """Somebody else than who locked it: the names first."""
        self.setFocusProxy(self.who)
        self.who.setFocus()

    @property
    def person(self) -> "Person | None":
        """Who is chosen; None where the sign-in name is typed."""
        return self._people.get(self.who.code)

    def _chosen(self) -> None:
        self.secret.clear()
        self.strip.hide()
        self._choose_way()

    def _choose_way(self) -> None:
        self._with_pin = self.person is not None and self.person.pin
        self._show_fields()

    def _change_way(self) -> None:
        self._with_pin = not self._with_pin
        self.secret.clear()
        self._show_fields()
        self.secret.setFocus()

    def _show_fields(self) -> None:
        typed = bool(self._people) and self.person is None
        for part in (self._names[1], self.login):
            part.setVisible(typed)
        words = self.tr("PIN") if self._with_pin else self.tr("密码")
        self._names[2].setText(words)
        self.secret.setAccessibleName(words)
        self._ways.setText(self.tr("改用密码") if self._with_pin else self.tr("改用 PIN"))
        self._ways.setVisible(self.person is not None and self.person.pin)
        if self._owner is not None:
            self.verb.setText(self.tr("解锁") if self.who.code == self._owner.id else self.tr("登录"))

    def offer_anew(self) -> None:
        """There is a recovery sheet somewhere: whoever holds it may make an administrator."""
        self.anew.show()

    # ---------------------------------------------------------------------------------------------------- signing in

    def enter(self) -> None:
        """What was typed goes to the core, off the window's thread; a wrong one can be typed again."""
        if self._waiting is not None:
            self._change()
            return
        secret, person = self.secret.text(), self.person
        if not secret:
            self.secret.setFocus()
            return
        login = person.login if person is not None else self.login.text()
        db, with_pin = self._app.db, self._with_pin

        def work() -> Seated:
            if with_pin and person is not None:
                return seated(db, signing.sign_in_with_pin(db, person.staff_id, secret))
            return seated(db, signing.sign_in(db, login, secret))

        self._run(work)

    def _run(self, work: "Callable[[], Seated]") -> None:
        self.strip.hide()
        self.card.setEnabled(False)
        self.background.write(work, self._signed_in, owner=self, failed=self._failed)

    def _signed_in(self, found: Seated) -> None:
        self.card.setEnabled(True)  # it took the focus away
        if found.why:
            self._ask_for_another(found.actor, found.why)
            return
        self.secret.clear()
        self._new.clear()
        self.background.session = found.session
        self.entered.emit(found.actor)

    def _ask_for_another(self, actor: "Actor", why: str) -> None:
        """Nothing else is possible with this password."""
        self._waiting = actor
        self.heading.setText(self.tr("更换密码"))
        self.words.setText(self.tr("{name}，您好。{why}").format(name=actor.name, why=why))
        self.words.show()
        for part in (*self._names, self.who, self.login, self.secret, self._ways, self.anew):
            part.hide()
        for part in (self._new, self._rules):
            part.show()
        self.verb.setText(self.tr("更换并继续"))
        self.setFocusProxy(self._new)
        self._new.setFocus()

    def _change(self) -> None:
        if not self._new.complete() or not self._new.agree("password", "again"):
            return
        actor, db, old, new = self._waiting, self._app.db, self.secret.text(), self._new.value("password")
        if actor is None:
            return

        def work() -> Seated:
            signing.change_password(db, actor, old, new)
            return seated(db, actor)

        self._run(work)

    def _failed(self, problem: Problem) -> None:
        self.card.setEnabled(True)
        if self._waiting is not None and self._new.show_problem(problem):
            return
        self.strip.show_problem(problem)
        self.secret.selectAll()
        self.secret.setFocus()
