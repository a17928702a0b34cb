"""One's own password and PIN."""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop_app.accounts import sessions, signing
from desktop_app.accounts.policy import policy
from desktop_app.shared.errors import AppError
from ui.shell.doing import do
from ui.shell.parts import button, label
from ui.shell.problems import Problem
from ui.widgets.dialog import FormDialog
from ui.widgets.secrets_form import SecretsForm

if TYPE_CHECKING:
    from desktop_app.app import App
    from ui.shell.desk import Desk


def password_words(widget: QWidget) -> str:
    """What a password has to be like."""
    told = policy()
    words = widget.tr("至少 {n} 个字符，大写字母、小写字母、数字、其他符号中至少 {classes} 类；{days} 天后要换。")
    return words.format(n=told.password_min, classes=told.password_classes, days=told.password_days)


class PasswordDialog(FormDialog):
    """更换密码."""

    def __init__(self, desk: "Desk", parent: QWidget) -> None:
        super().__init__(parent.tr("更换密码"), parent.tr("更换密码"), desk.theme, parent)
        self._desk = desk
        self.form = SecretsForm(
            (
                ("old", self.tr("现在的密码"), ""),
                ("password", self.tr("新密码"), ""),
                ("again", self.tr("再输入一次"), ""),
            ),
            self,
        )
        self.form.save_asked.connect(self.press)
        self.body.addWidget(self.form)
        self.body.addWidget(label(password_words(self), "muted", wrap=True))

    def save(self) -> None:
        """The core says what is wrong with it."""
        if not self.form.complete() or not self.form.agree("password", "again"):
            return
        app, old, new = self._desk.app, self.form.value("old"), self.form.value("password")
        self.verb.setEnabled(False)
        do(
            self._desk,
            self,
            lambda: _changed(app, old, new),
            lambda _session: self.tr("密码已更换"),
            self._changed,
            self._failed,
        )

    def _changed(self, session: str) -> None:
        background = self._desk.background
        if background.session:  # behind the lock there is none
            background.session = session
        self.finish()

    def _failed(self, problem: Problem) -> None:
        self.verb.setEnabled(True)
        if not self.form.show_problem(problem):
            self.strip.show_problem(problem)


def _changed(app: "App", old: str, new: str) -> str:
    """Changes it; the session of the child processes ended with the old one, so this returns another."""
    actor = app.actor
    signing.change_password(app.db, actor, old, new)
    with suppress(AppError):  # the password is changed whatever becomes of this
        return sessions.open_session(app.db, actor)
    return ""


class PinDialog(FormDialog):
    """A PIN for a quick change of seats at this desk alone."""

    def __init__(self, desk: "Desk", parent: QWidget) -> None:
        super().__init__(parent.tr("PIN（快速换人）"), parent.tr("设置 PIN"), desk.theme, parent)
        self._desk = desk
        told = policy()
        words = self.tr(
            "PIN 是 {least} 到 {most} 位数字，只在这台电脑上用：锁屏后、换人时不用输入整个密码。"
            "{days} 天没有用密码登录过，或连错 {n} 次，就要用密码。"
        )
        told_words = words.format(least=told.pin_min, most=told.pin_max, days=told.pin_days, n=told.pin_failures)
        self.form = SecretsForm(
            (
                ("old", self.tr("密码"), self.tr("证明是您本人")),
                ("pin", self.tr("新 PIN"), ""),
                ("again", self.tr("再输入一次"), ""),
            ),
            self,
        )
        self.form.save_asked.connect(self.press)
        self.body.addWidget(label(told_words, "muted", wrap=True))
        self.body.addWidget(self.form)
        self.forget = button(self.tr("不用 PIN 了，取消它"), self.clear, tone="link")
        self.body.addWidget(self.forget)

    def save(self) -> None:
        """Proved by the password."""
        if not self.form.complete() or not self.form.agree("pin", "again"):
            return
        app, password, pin = self._desk.app, self.form.value("old"), self.form.value("pin")
        self._run(lambda: signing.set_pin(app.db, app.actor, password, pin), self.tr("PIN 已设置，只在这台电脑上用"))

    def clear(self) -> None:
        """The password alone opens the lock from now on."""
        app = self._desk.app
        self._run(lambda: signing.clear_pin(app.db, app.actor), self.tr("这台电脑上的 PIN 已取消"))

    def _run(self, work: Callable[[], None], said: str) -> None:
        self.verb.setEnabled(False)
        do(self._desk, self, work, lambda _none: said, lambda _none: self.finish(), self._failed)

    def _failed(self, problem: Problem) -> None:
        self.verb.setEnabled(True)
        if not self.form.show_problem(problem):
            self.strip.show_problem(problem)
