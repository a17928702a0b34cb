"""What is asked about an account: a new one, its roles and grids, another password, its end; and the slip of paper."""

from collections.abc import Collection, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QGridLayout, QVBoxLayout, QWidget

from desktop_app.accounts import managing, policy
from desktop_app.accounts.queries import AccountLine
from desktop_app.accounts.signing import temporary_password
from ui.shell.desk import Desk
from ui.shell.parts import button, label, readable, row
from ui.widgets.dialog import FormDialog
from ui.widgets.record_form import Field, RecordForm

_COLUMNS = 3
_SHORT = 230  # pixels at 14 px text: a sentence and one field


class Ticks(QWidget):
    """Some of a few: `(code, words, hint)…`; `pointed` says the hint of the one the keyboard or the mouse is on."""

    pointed = Signal(str)

    def __init__(self, name: str, choices: Sequence[tuple[str, str, str]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.boxes: dict[str, QCheckBox] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        for at, (code, words, hint) in enumerate(choices):
            box = QCheckBox(words, self)
            box.setAccessibleDescription(hint)
            box.installEventFilter(self)
            grid.addWidget(box, at // _COLUMNS, at % _COLUMNS)
            self.boxes[code] = box
        if self.boxes:
            self.setFocusProxy(next(iter(self.boxes.values())))
        for side in range(_COLUMNS):
            grid.setColumnStretch(side, 1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.Enter} and isinstance(watched, QCheckBox):
            self.pointed.emit(watched.accessibleDescription())
        return super().eventFilter(watched, event)

    def choose(self, codes: Collection[str]) -> None:
        """Tick these and no others."""
        for code, box in self.boxes.items():
            box.setChecked(code in codes)

    @property
    def chosen(self) -> tuple[str, ...]:
        return tuple(code for code, box in self.boxes.items() if box.isChecked())


class RoleTicks(QWidget):
    """Roles, and the grids they are for; what cannot be given is not offered, what is held already stays."""

    def __init__(self, desk: Desk, parent: QWidget, *, held: Collection[str] = (), grids: Collection[str] = ()) -> None:
        super().__init__(parent)
        self._own = tuple(grids)
        offered = [one for one in policy.roles().values() if one.granted or one.code in held]
        self.roles = Ticks(self.tr("角色"), [(one.code, one.name, one.note) for one in offered], self)
        self.roles.choose(held)
        self.grids = Ticks(self.tr("负责网格"), (), self)
        self._none = label(self.tr("还没有网格。空着就是全社区。"), "muted")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.note = label("", "muted", wrap=True)
        self.note.setMinimumHeight(self.note.fontMetrics().lineSpacing() * 2)
        self.roles.pointed.connect(self.note.setText)
        for part in (label(self.tr("角色"), "muted"), self.roles, self.note):
            self._layout.addWidget(part)
        self._layout.addWidget(label(self.tr("负责网格（一个都不选就是全社区）"), "muted"))
        for part in (self.grids, self._none):
            self._layout.addWidget(part)
        db = desk.app.db
        sql = "SELECT id,name FROM area WHERE sync_del=0 AND level='网格' AND to_on IS NULL ORDER BY code"
        desk.background.read(lambda: db.rows(sql), self._show_grids, owner=self)

    def _show_grids(self, found: list[tuple[Any, ...]]) -> None:
        fresh = Ticks(self.tr("负责网格"), [(str(one), str(name), "") for one, name in found], self)
        fresh.choose(self._own)
        self._layout.replaceWidget(self.grids, fresh)
        self.grids.hide()
        self.grids.deleteLater()
        self.grids = fresh
        self._none.setVisible(not found)


class AddDialog(FormDialog):
    """A new account; its temporary password is told once."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent.tr("新增账号"), parent.tr("新增"), desk.theme, parent)
        self._desk = desk
        self._password = temporary_password()
        self.form = RecordForm(
            (
                Field("name", self.tr("姓名"), required=True),
                Field("login", self.tr("登录名"), required=True, hint=self.tr("空着会按姓名的拼音起一个")),
            ),
            self,
            columns=1,
        )
        self.form.settled.connect(self._propose)
        self.form.save_asked.connect(self.press)
        self.body.addWidget(self.form)
        self.ticks = RoleTicks(desk, self)
        if desk.may("accounts.roles"):
            self.body.addWidget(self.ticks)
        else:
            self.ticks.hide()
            self.body.addWidget(
                label(self.tr("角色由安全管理员授予；在那以前可以登录，还不能办事。"), "muted", wrap=True)
            )

    def _propose(self, name: str) -> None:
        person, db = self.form.value("name"), self._desk.app.db
        if name == "name" and person and not self.form.value("login"):
            self._desk.background.read(
                lambda: managing.proposed_login(db, person),
                self._proposed,
                owner=self,
                key="login",
            )

    def _proposed(self, login: str) -> None:
        self.form.suggest("login", login)

    def save(self) -> None:
        """The core checks; then the password is shown."""
        if self.form.missing():
            return
        app, values, password = self._desk.app, self.form.values(), self._password
        roles, grids = self.ticks.roles.chosen, self.ticks.grids.chosen
        self.verb.setEnabled(False)
        self._desk.background.write(
            lambda: managing.add_account(
                app.db, app.actor, values["name"], values["login"], password, roles=roles, grids=grids
            ),
            lambda account: self._added(values["name"], account.login),
            owner=self,
            failed=self.fail(self.form),
        )

    def _added(self, name: str, login: str) -> None:
        self._desk.say(self.tr("已新增 {name} 的账号").format(name=name))
        told = policy.roles()
        roles = "、".join(told[code].name for code in self.ticks.roles.chosen)
        SlipDialog(self._desk, name, login, self._password, roles, self.parentWidget() or self).open()
        self.finish()


class RolesDialog(FormDialog):
    """What somebody may do, and where."""

    def __init__(self, desk: Desk, one: AccountLine, parent: QWidget) -> None:
        title = parent.tr("{name} 的角色和网格").format(name=one.staff.name)
        super().__init__(title, parent.tr("保存"), desk.theme, parent)
        self._desk, self._one = desk, one
        self.ticks = RoleTicks(desk, self, held=one.roles, grids=one.grids)
        self.form = RecordForm((Field("why", self.tr("原因"), hint=self.tr("如 调到综合岗")),), self, columns=1)
        self.form.save_asked.connect(self.press)
        words = self.tr("系统、安全、审计管理员要由不同的人担任。马上生效，同步后在其他电脑上也生效；会记入审计。")
        for part in (self.ticks, self.form, label(words, "muted", wrap=True)):
            self.body.addWidget(part)

    def showEvent(self, event: QShowEvent) -> None:
        """The keyboard goes to the first role."""
        super().showEvent(event)
        self.ticks.roles.setFocus()

    def save(self) -> None:
        """The core keeps the three administrators apart."""
        app, account_id = self._desk.app, self._one.account.id
        roles, grids, why = self.ticks.roles.chosen, self.ticks.grids.chosen, self.form.value("why")
        self.verb.setEnabled(False)
        self._desk.background.write(
            lambda: managing.change_account(app.db, app.actor, account_id, roles=roles, grids=grids, why=why),
            lambda _account: self._saved(),
            owner=self,
            failed=self.fail(),
        )

    def _saved(self) -> None:
        self._desk.say(self.tr("{name} 的角色已保存").format(name=self._one.staff.name))
        self.finish()


class ResetDialog(FormDialog):
    """A temporary password, told once."""

    def __init__(self, desk: Desk, one: AccountLine, parent: QWidget) -> None:
        title = parent.tr("重置 {name} 的密码").format(name=one.staff.name)
        super().__init__(title, parent.tr("重置密码"), desk.theme, parent)
        self._desk, self._one, self._password = desk, one, temporary_password()
        words = self.tr(
            "会给{name}一个临时密码，只显示这一次；正在用旧密码的登录马上结束，本机的锁定也解除。第一次登录时要换成自己的密码。"
        )
        self.body.addWidget(label(words.format(name=one.staff.name), wrap=True))
        self.form = RecordForm((Field("why", self.tr("原因"), hint=self.tr("如 本人忘了密码")),), self, columns=1)
        self.form.save_asked.connect(self.press)
        self.body.addWidget(self.form)
        self.resize(self.width(), round(_SHORT * desk.theme.font_px / 14))

    def save(self) -> None:
        """Then the password is shown."""
        app, account_id, password = self._desk.app, self._one.account.id, self._password
        why = self.form.value("why")
        self.verb.setEnabled(False)
        self._desk.background.write(
            lambda: managing.reset_password(app.db, app.actor, account_id, password, why),
            lambda _none: self._reset(),
            owner=self,
            failed=self.fail(self.form),
        )

    def _reset(self) -> None:
        one = self._one
        self._desk.say(self.tr("{name} 的密码已重置").format(name=one.staff.name))
        roles = "、".join(one.role_names)
        parent = self.parentWidget() or self
        SlipDialog(self._desk, one.staff.name, one.account.login, self._password, roles, parent).open()
        self.finish()


class EndDialog(FormDialog):
    """Nobody signs in with it any more, at any desk."""

    def __init__(self, desk: Desk, one: AccountLine, parent: QWidget) -> None:
        title = parent.tr("停用 {name} 的账号").format(name=one.staff.name)
        super().__init__(title, parent.tr("停用账号"), desk.theme, parent)
        self._desk, self._one = desk, one
        self.verb.setProperty("tone", "danger")
        words = self.tr("{name}以后不能登录；正在用的电脑马上锁屏，其他电脑在下次同步后。做过的记录都留着。")
        self.body.addWidget(label(words.format(name=one.staff.name), wrap=True))
        self.form = RecordForm((Field("why", self.tr("原因"), hint=self.tr("如 调离、离职")),), self, columns=1)
        self.form.save_asked.connect(self.press)
        self.body.addWidget(self.form)
        self.resize(self.width(), round(_SHORT * desk.theme.font_px / 14))

    def save(self) -> None:
        """The last administrator stays; the core says so."""
        app, account_id, why = self._desk.app, self._one.account.id, self.form.value("why")
        self.verb.setEnabled(False)
        self._desk.background.write(
            lambda: managing.end_account(app.db, app.actor, account_id, why=why),
            lambda _none: self._ended(),
            owner=self,
            failed=self.fail(self.form),
        )

    def _ended(self) -> None:
        self._desk.say(self.tr("{name} 的账号已停用").format(name=self._one.staff.name))
        self.finish()


class SlipDialog(QDialog):
    """The temporary password: shown this once, or printed on a slip for its owner."""

    def __init__(self, desk: Desk, name: str, login: str, password: str, roles: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._owner = desk, parent
        self._told = (name, login, password, roles)
        self.setWindowTitle(self.tr("临时密码（只显示这一次）"))
        words = self.tr("请交给{name}本人。第一次登录时要换成自己的密码。").format(name=name)
        self.password = readable(password, "figure")
        self.password.setAccessibleName(self.tr("临时密码 {password}").format(password=password))
        self.print_button = button(self.tr("打印账号条"), self.print_slip, tone="primary")
        self.close_button = button(self.tr("已经交给本人，关上"), self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 18, 22, 18)
        layout.setSpacing(12)
        layout.addWidget(label(words, wrap=True))
        layout.addWidget(label(self.tr("登录名　{login}").format(login=login), "section"))
        layout.addWidget(self.password)
        layout.addLayout(row(1, self.close_button, self.print_button))
        self.setMinimumWidth(round(420 * desk.theme.font_px / 14))

    def print_slip(self) -> None:
        """An A6 slip; it is kept nowhere."""
        app, told = self._desk.app, self._told
        self.print_button.setEnabled(False)
        self._desk.background.read(lambda: _slip(app, told), self._show, owner=self)

    def _show(self, pdf: bytes) -> None:
        from ui.pages.paper_dialog import PaperDialog

        self.print_button.setEnabled(True)
        PaperDialog(self._desk, self.tr("账号条（只显示这一次）"), pdf, self).open()


def _slip(app: Any, told: tuple[str, str, str, str]) -> bytes:
    from desktop_app.printing.account_slip import AccountSlip, draw

    name, login, password, roles = told
    made_on = app.clock.today().isoformat()
    return draw(AccountSlip(app.community.name, name, login, password, roles, made_on, app.actor.name))
