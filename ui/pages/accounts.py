"""账号: who may sign in and as what; the table of roles and rights beside it."""

from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.accounts import managing, policy
from desktop_app.accounts.queries import AccountLine, accounts, handing_over
from ui.pages.accounts_asks import AddDialog, EndDialog, ResetDialog, RolesDialog
from ui.pages.page import Page
from ui.pages.privacy_restricted import SwitchDialog
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.doing import do
from ui.shell.parts import Verb, button, label, row
from ui.shell.row_marks import RowMarks
from ui.widgets.empty_state import EmptyState
from ui.widgets.inputs import LineEdit
from ui.widgets.line_table import LineTable
from ui.widgets.record_model import CENTRE, Column
from ui.widgets.segments import Segments
from ui.widgets.strip import Strip

_ROLE_WIDTH, _BEFORE = 78, 2
"""Pixels of a column of a role; columns before the first of them."""


class AccountsPage(Page):
    """The system administrator makes and ends accounts, the security administrator gives roles (三员分立)."""

    tables: ClassVar[frozenset[str]] = frozenset({"account", "staff", "area"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.build(self._parts())

    def _parts(self) -> Iterator[None]:
        desk = self.desk
        self.faces = Segments((self.tr("账号"), self.tr("角色和权限")), self.tr("看哪一面"), self)
        self.table = LineTable(
            (
                RowMarks(desk, "account", self, lambda one: str(one.account.id)).column(),
                Column("name", self.tr("姓名"), 90, lambda one: one.staff.name),
                Column("login", self.tr("登录名"), 110, lambda one: one.account.login),
                Column("roles", self.tr("角色"), 170, lambda one: "、".join(one.role_names) or self.tr("还没有角色")),
                Column("grids", self.tr("负责网格"), 140, self._grids),
                Column("on", self.tr("密码设置"), 96, lambda one: one.account.password_on),
                Column("state", self.tr("状态"), 190, self._state),
            ),
            self.tr("账号"),
            self,
            key=lambda one: str(one.account.id),
            stretch="roles",
        )
        self.ended = QCheckBox(self.tr("也看已停用的"), self)
        self.count = label("", "muted")
        self.advice = Strip(desk.theme, self)
        icon = desk.theme.icon
        self.add_button = button(self.tr("新增账号"), self.add, tone="primary", icon=icon("plus", "on_accent"))
        self.roles_button = button(self.tr("角色和网格"), self.give_roles, icon=icon("tag", "accent_text"))
        self.reset_button = button(self.tr("重置密码"), self.reset, icon=icon("edit", "accent_text"))
        self.unlock_button = button(self.tr("解锁"), self.unlock, icon=icon("lock", "accent_text"))
        self.end_button = button(self.tr("停用"), self.end, tone="danger")
        self._arrange()
        yield
        self.rights = RightsTable(self)
        self._empty = EmptyState(self)
        for part in (self.rights, self._empty):
            self._stack.addWidget(part)

    def _arrange(self) -> None:
        manage, roles = "accounts.manage", "accounts.roles"
        self.desk.offer(manage, self.add_button, self.reset_button, self.unlock_button, self.end_button)
        self.desk.offer(roles, self.roles_button)
        verbs = row(
            self.faces, self.ended, self.count, 1,
            self.roles_button, self.reset_button, self.unlock_button, self.end_button, self.add_button,
        )  # fmt: skip
        self._here: tuple[QWidget, ...] = (self.ended, self.count, *self._one, self.add_button)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(8)
        layout.addLayout(verbs)
        layout.addWidget(self.advice)
        layout.addWidget(self._stack, 1)
        self.faces.chosen.connect(self._turn)
        self.ended.toggled.connect(lambda _on: self.refresh(frozenset()))
        self.table.chosen.connect(self._tell)
        self.table.asked.connect(lambda _one: self.give_roles())

    @property
    def _one(self) -> tuple[Verb, ...]:
        """Verbs about the account under the cursor."""
        return self.roles_button, self.reset_button, self.unlock_button, self.end_button

    def title(self) -> str:
        return self.tr("账号")

    def icon(self) -> str:
        return "people"

    def first_focus(self) -> QWidget:
        return self.rights.search if self.faces.current else self.table

    def commands(self) -> tuple[Command, ...]:
        here, manage, roles = self.title(), "accounts.manage", "accounts.roles"
        return (
            Command(self.tr("新增账号"), self.add, "Ctrl+N", "plus", here, manage),
            Command(self.tr("角色和网格"), self.give_roles, "E", "tag", here, roles),
            Command(self.tr("重置密码"), self.reset, "R", "edit", here, manage),
            Command(self.tr("解锁"), self.unlock, "U", "lock", here, manage),
            Command(self.tr("停用账号"), self.end, "", "close", here, manage),
            Command(self.tr("启用或停用限制类"), self.switch_restricted, "", "lock", here, "restricted.switch"),
            *self.faces.commands(here),
        )

    def switch_restricted(self) -> None:
        """Restricted classes on or off, by the security administrator, who sees no residents and no page of theirs."""
        SwitchDialog(self.desk, self).open()

    # ------------------------------------------------------------------------------------------------------------- show

    def refresh(self, _changed: frozenset[str], /) -> None:
        db, actor, ended = self.desk.app.db, self.desk.app.actor, self.ended.isChecked()
        self.read(lambda: (accounts(db, actor, ended=ended), handing_over(db)), self._show, key="accounts")

    def _show(self, found: tuple[list[AccountLine], list[str]]) -> None:
        lines, advice = found
        self.table.set_row_height(self.desk.theme.row_height)
        self.rights.set_row_height(self.desk.theme.row_height)
        self.table.show_lines(lines)
        self.count.setText(self.tr("{n} 个账号").format(n=len(lines)))
        if advice:
            self.advice.show_words(" ".join(advice), "warn", stays=True)
        else:
            self.advice.hide()
        self._empty.show_words(
            self.tr("还没有账号。先设立管理员，其他人的账号由他来建。"), self.tr("新增账号"), "Ctrl+N", self.add
        )
        self._turn(self.faces.current)

    def _turn(self, at: int) -> None:
        self._stack.setCurrentIndex(1 if at else (0 if self.table.lines else 2))
        for part in self._here:
            part.setVisible(at == 0)
        self._tell(self.table.current)

    def _grids(self, one: AccountLine) -> str:
        return "、".join(one.grid_names) or self.tr("全社区")

    def _state(self, one: AccountLine) -> str:
        if one.account.to_on:
            return self.tr("{on} 停用").format(on=one.account.to_on)
        words = []
        if one.locked:
            words.append(self.tr("本机锁定，还有 {n} 分钟").format(n=one.locked))
        if one.account.must_change:
            words.append(self.tr("下次登录须改密码"))
        if one.twice:
            words.append(self.tr("登录名与别人重复，请改一个"))
        return "；".join(words) or self.tr("正常")

    def _tell(self, one: AccountLine | None) -> None:
        living = one is not None and not one.account.to_on
        mine = one is not None and one.staff.id == self.desk.app.actor.id
        for verb in (self.roles_button, self.reset_button, self.end_button):
            verb.setEnabled(living and not mine)
        self.unlock_button.setEnabled(living and bool(one and one.locked))

    # ------------------------------------------------------------------------------------------------------------ verbs

    def add(self) -> None:
        """A new account with a temporary password."""
        self._open(AddDialog(self.desk, self))

    def give_roles(self) -> None:
        """Roles and grids of the account under the cursor."""
        if (one := self._current()) is not None and self.desk.may("accounts.roles"):
            self._open(RolesDialog(self.desk, one, self))

    def reset(self) -> None:
        """A temporary password for whoever forgot his."""
        if (one := self._current()) is not None:
            self._open(ResetDialog(self.desk, one, self))

    def end(self) -> None:
        """Nobody signs in with it any more."""
        if (one := self._current()) is not None:
            self._open(EndDialog(self.desk, one, self))

    def unlock(self) -> None:
        """After too many wrong passwords at this desk."""
        if (one := self._current()) is None:
            return
        app = self.desk.app
        said = self.tr("已解锁 {name}，现在可以登录").format(name=one.staff.name)
        do(
            self.desk,
            self,
            lambda: managing.unlock(app.db, app.actor, one.account.id),
            lambda _none: said,
            lambda _none: self.refresh(frozenset()),
        )

    def _current(self) -> AccountLine | None:
        one: AccountLine | None = self.table.current if self.faces.current == 0 else None
        if one is None or one.account.to_on:
            return None
        if one.staff.id == self.desk.app.actor.id:
            self.desk.say(self.tr("自己的账号要由另一位管理员来改"))
            return None
        return one

    def _open(self, dialog: QDialog) -> None:
        dialog.accepted.connect(partial(self.refresh, frozenset()))
        dialog.open()


class RightsTable(QWidget):
    """Role × right: what everybody may do, in words."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        roles = tuple(policy.roles().values())
        self.search = LineEdit(self)
        self.search.setPlaceholderText(self.tr("查一项权限，如 导出"))
        self.search.setAccessibleName(self.tr("查一项权限"))
        self.search.setClearButtonEnabled(True)
        self.table = LineTable(
            (
                Column("group", self.tr("类别"), 76, lambda right: right.group),
                Column("name", self.tr("可以做什么"), 220, lambda right: right.name),
                *(Column(role.code, role.name, _ROLE_WIDTH, partial(self._cell, role), align=CENTRE) for role in roles),
            ),
            self.tr("角色和权限"),
            self,
            key=lambda right: str(right.code),
            stretch="name",
        )
        self._roles = roles
        self.words = label(self.tr("左右移到一列，看这个角色是做什么的。"), "muted", wrap=True)
        self.table.selectionModel().currentColumnChanged.connect(self._tell)
        head = QHBoxLayout()
        head.addWidget(self.search, 1)
        head.addWidget(label(self.tr("“本网格”：只限自己负责的网格，别处要写原因"), "muted"), 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(head)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.words)
        self.search.textChanged.connect(self._keep)
        self._keep("")

    def _tell(self, now: QModelIndex, _before: QModelIndex) -> None:
        at = now.column() - _BEFORE
        if 0 <= at < len(self._roles):
            role = self._roles[at]
            self.words.setText(self.tr("{name}：{note}").format(name=role.name, note=role.note))

    def _cell(self, role: policy.Role, right: policy.Right) -> str:
        if right.code not in role.holds:
            return ""
        return self.tr("本网格") if right.code in role.own else self.tr("可以")

    def _keep(self, text: str) -> None:
        self.table.show_lines([one for one in policy.rights().values() if text.strip() in f"{one.group}{one.name}"])

    def set_row_height(self, pixels: int) -> None:
        """As the other table."""
        self.table.set_row_height(pixels)
