"""The settings of the seat: who is signed in, when the desk locks itself, who else has an account."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QButtonGroup, QRadioButton

from desktop_app.accounts.desk import is_counter
from desktop_app.accounts.policy import policy
from ui.shell.parts import Card, button, label, row

if TYPE_CHECKING:
    from ui.pages.settings import SettingsPage


class SeatCard(Card):
    """Where people sign in."""

    def __init__(self, page: "SettingsPage") -> None:
        super().__init__(page.tr("账号和锁屏"), page)
        self._page, self._desk = page, page.desk
        told = policy()
        self.kinds = QButtonGroup(self)
        self.office = QRadioButton(self.tr("办公桌：{n} 分钟没有操作就锁屏").format(n=told.idle_minutes), self)
        self.counter = QRadioButton(self.tr("服务窗口：{n} 分钟").format(n=told.idle_minutes_counter), self)
        self.who = label()
        icon = self._desk.theme.icon
        self.password_button = button(self.tr("更换密码"), self._change_password, icon=icon("edit", "accent_text"))
        self.pin_button = button(self.tr("PIN（快速换人）"), self._set_pin, icon=icon("keyboard", "accent_text"))
        self.lock_button = button(self.tr("锁屏 Ctrl+L"), self._lock, icon=icon("lock", "accent_text"))
        self.accounts_button = button(
            self.tr("管理账号"), lambda: self._desk.open_page("accounts"), icon=icon("people", "accent_text")
        )
        self.body.addLayout(row(self.who, 1))
        self.body.addLayout(row(self.password_button, self.pin_button, self.lock_button, self.accounts_button, 1))
        for at, radio in enumerate((self.office, self.counter)):
            self.kinds.addButton(radio, at)
        self.body.addLayout(row(label(self.tr("这台电脑是"), "muted"), self.office, self.counter, 1))
        words = self.tr("锁屏后填到一半的内容都在；同步、备份、打印照常进行。")
        self.body.addWidget(label(words, "muted", wrap=True))
        self._desk.offer("accounts.read", self.accounts_button)
        self.kinds.idClicked.connect(self._choose)

    def refresh(self) -> None:
        """As it is set."""
        db = self._desk.app.db
        self.who.setText(self.tr("{name} 正在使用").format(name=self._desk.app.actor.name))
        for radio in (self.office, self.counter):
            radio.setEnabled(self._desk.may("store.settings"))
        self._page.read(lambda: is_counter(db), self._show, key="seat")

    def _show(self, counter: bool) -> None:
        (self.counter if counter else self.office).setChecked(True)

    def _choose(self, at: int) -> None:
        self._desk.seat_asked.emit("counter" if at else "office")

    def _change_password(self) -> None:
        self._desk.seat_asked.emit("password")

    def _set_pin(self) -> None:
        self._desk.seat_asked.emit("pin")

    def _lock(self) -> None:
        self._desk.seat_asked.emit("lock")
