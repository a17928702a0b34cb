"""The first administrator: part of the first start; and one anew, by the recovery sheet, when all others are gone."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from desktop_app.accounts import signing
from ui.pages.own_account import password_words
from ui.pages.sign_in import Seated, seated
from ui.pages.welcome import Middle
from ui.shell.background import Background
from ui.shell.parts import button, label, row
from ui.shell.problems import Problem
from ui.shell.theme import Theme
from ui.widgets.secrets_form import SecretsForm

if TYPE_CHECKING:
    from desktop_app.app import App


class FirstAccount(Middle):
    """`entered(actor)`: the administrator is made and signed in. With `anew` the code of the sheet is asked for."""

    entered = Signal(object)  # Actor
    left = Signal()

    def __init__(self, app: "App", background: Background, theme: Theme, *, anew: bool = False) -> None:
        super().__init__(background, theme)
        self._app, self._anew = app, anew
        if anew:
            words = self.tr("管理员都不在了：凭保险柜里的恢复单，可以重新设立一位管理员。这件事会记入审计。")
        else:
            words = self.tr("每个人用自己的账号登录，才分得清谁做了什么。第一个账号是管理员，别人的账号由他来建。")
        self.head(self.tr("重新设立管理员") if anew else self.tr("设立管理员"), words)
        code = (("code", self.tr("恢复码"), self.tr("六组，每组四位；大小写和短横线不用管")),) if anew else ()
        self.form = SecretsForm(
            (
                *code,
                ("name", self.tr("姓名"), ""),
                ("login", self.tr("登录名"), self.tr("如姓名的拼音 lijing")),
                ("password", self.tr("密码"), ""),
                ("again", self.tr("再输入一次"), ""),
            ),
            self,
            open_fields=("code", "name", "login"),
        )
        self.form.save_asked.connect(self.make)
        self.form.input("name").left.connect(self._propose)
        self.card.body.addWidget(self.form)
        self.card.body.addWidget(label(password_words(self), "muted", wrap=True))
        back = button(self.tr("返回"), self.left.emit)
        self.verb = button(self.tr("设立并登录"), self.make, tone="primary")
        self.card.body.addLayout(row(back, 1, self.verb))
        back.setVisible(anew)
        self.setFocusProxy(self.form)
        if not anew:
            background.read(lambda: app.actor.name, self._show_name, owner=self)

    def _show_name(self, name: str) -> None:
        self.form.input("name").setText(name)
        self._propose()
        self.form.input("password").setFocus()

    def _propose(self) -> None:
        """A sign-in name made of the pinyin, where none was typed."""
        from desktop_app.accounts.managing import proposed_login

        name, db = self.form.value("name").strip(), self._app.db
        if name and not self.form.value("login"):
            self.background.read(lambda: proposed_login(db, name), self._proposed, owner=self, key="login")

    def _proposed(self, login: str) -> None:
        if not self.form.value("login"):
            self.form.input("login").setText(login)

    def make(self) -> None:
        """The core checks; what was typed stays where it refuses."""
        if not self.form.complete() or not self.form.agree("password", "again"):
            return
        app, told = self._app, {name: self.form.value(name) for name in ("name", "login", "password")}
        code = self.form.value("code") if self._anew else ""

        def work() -> Seated:
            if code:
                app.must_fit(code)
                return seated(app.db, signing.administrator_anew(app.db, **told))
            return seated(app.db, signing.first_administrator(app.db, **told))

        self.card.setEnabled(False)
        self.background.write(work, self._made, owner=self, failed=self._failed)

    def _made(self, found: Seated) -> None:
        self.card.setEnabled(True)
        self.form.clear()
        self.background.session = found.session
        self.entered.emit(found.actor)

    def _failed(self, problem: Problem) -> None:
        self.card.setEnabled(True)
        if not self.form.show_problem(problem):
            self.strip.show_problem(problem)
