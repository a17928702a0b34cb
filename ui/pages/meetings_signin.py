"""Signing in at a meeting: initials and Return, one person after the other; who is away, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from desktop_app.meetings import actions
from desktop_app.meetings.model import Attendance
from desktop_app.meetings.rules import PRESENT, Count, RosterLine
from desktop_app.meetings.voting import Quorum
from desktop_app.shared.pinyin import readings
from ui.shell.commands import Command
from ui.shell.doing import do
from ui.shell.parts import button, label, row
from ui.widgets.inline_form import Answer, Ask, InlineForm
from ui.widgets.inputs import LineEdit
from ui.widgets.line_table import LineTable
from ui.widgets.record_form import Field
from ui.widgets.record_model import Column
from ui.widgets.share_bar import ShareBar

if TYPE_CHECKING:
    from ui.pages.meetings_record import MeetingPage

_SIGNS = {"出席": "✓", "委托": "✓", "列席": "✓", "请假": "假", "缺席": "　"}


@dataclass(frozen=True, slots=True)
class Name:
    """Somebody on the list with the letters by which they are found."""

    row: Attendance
    keys: tuple[str, ...]

    @property
    def id(self) -> str:
        return self.row.id

    @property
    def is_there(self) -> bool:
        return self.row.status in PRESENT or self.row.status == "列席"

    def rank(self, typed: str) -> int | None:
        """How well typed letters or characters fit: 0 whole, 1 beginning, 2 within; None not at all."""
        words = (self.row.name, *self.keys)
        if typed in words:
            return 0
        if any(word.startswith(typed) for word in words):
            return 1
        return 2 if typed in self.row.name else None


def names_of(rows: Sequence[Attendance]) -> list[Name]:
    """The list with its letters; runs on the reader thread."""
    return [
        Name(row, tuple(dict.fromkeys(key for full, initials in readings(row.name) for key in (initials, full))))
        for row in rows
    ]


def matching(names: Sequence[Name], typed: str) -> list[Name]:
    """Those who fit, the best first, and those who are not signed in yet before the others."""
    text = typed.strip().lower().rstrip("_")
    if not text:
        return list(names)
    ranked = [(name.is_there, rank, at, name) for at, name in enumerate(names) if (rank := name.rank(text)) is not None]
    return [name for *_, name in sorted(ranked, key=lambda one: one[:3])]


class SignInPane(QFrame):
    """The field, the list, the verbs."""

    def __init__(self, page: "MeetingPage") -> None:
        super().__init__(page)
        self.setObjectName("card")
        self.page = page
        self._names: list[Name] = []
        self._locked = False
        self.field = LineEdit(self)
        self.field.setPlaceholderText(self.tr("首字母 + 回车"))
        self.field.setAccessibleName(self.tr("签到：输入姓名首字母后按回车"))
        self.field.textChanged.connect(lambda _text: self._narrow())
        self.field.entered.connect(self.sign_in)
        self.table = LineTable(
            (
                Column("sign", self.tr("到"), 30, lambda name: _SIGNS.get(name.row.status, name.row.status)),
                Column("name", self.tr("姓名"), 66, lambda name: name.row.name),
                Column("unit", self.tr("单位"), 60, _where),
            ),
            self.tr("到会名单"),
            self,
            stretch="unit",
        )
        self.table.asked.connect(lambda name: self._mark(name, "缺席" if name.is_there else _there(name)))
        self.counts = label("")
        self.bar = ShareBar(page.desk.theme, self.tr("到会情况"), self)
        self.more = label("", "muted", wrap=True)
        self._hint = label("", "muted", wrap=True)
        self.form = InlineForm(page.desk, self)
        self._verbs = self._make_verbs()
        self._arrange()

    def _make_verbs(self) -> QWidget:
        holder = QWidget(self)
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        verbs = (
            button(self.tr("请假…"), self.excuse),
            button(self.tr("没到"), lambda: self._mark(self.table.current, "缺席")),
            button(self.tr("都到了"), self.all_there),
            button(self.tr("加人…"), self.add),
            button(self.tr("改…"), self.change),
            button(self.tr("移出"), self.take_off),
        )
        for at, verb in enumerate(verbs):
            grid.addWidget(verb, at // 3, at % 3)
        return holder

    def _arrange(self) -> None:
        self._list = QWidget(self)
        inner = QVBoxLayout(self._list)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(6)
        for part in (self.field, self._hint, self.table, self._verbs):
            inner.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 12)
        layout.setSpacing(6)
        layout.addLayout(row(label(self.tr("签到"), "section"), 1, self.counts))
        layout.addWidget(self.bar)
        layout.addWidget(self.more)
        layout.addWidget(self._list, 1)
        layout.addWidget(self.form, 1)
        self.form.opened.connect(self._list.hide)
        self.form.closed.connect(self._list.show)
        self.form.closed.connect(self.field.setFocus)

    def commands(self) -> tuple[Command, ...]:
        group = self.tr("签到")
        return (
            Command(self.tr("到签到框"), self.field.setFocus, "Alt+Q", "", group),
            Command(self.tr("选中的人请假"), self.excuse, "Q", "", group),
            Command(self.tr("加人进名单"), self.add, "Insert", "plus", group),
            Command(self.tr("改选中的人的单位、职务、表决权"), self.change, "F2", "edit", group),
            Command(self.tr("把选中的人移出名单"), self.take_off, "Delete", "", group),
        )

    # ------------------------------------------------------------------------------------------ show

    def show_names(self, names: Sequence[Name], count: Count, quorums: Sequence[Quorum], *, locked: bool) -> None:
        """Show the list of people, how many are there, and whether that is enough."""
        self._names = list(names)
        self._locked = locked
        self.counts.setText(self.tr("应到 {due}　实到 {there}").format(due=count.due, there=count.present))
        self.bar.show_shares(
            (
                (self.tr("到会"), count.present, "good"),
                (self.tr("请假"), count.excused, "warn"),
                (self.tr("缺席"), count.absent, "line"),
            )
        )
        others = (
            (self.tr("请假"), count.excused),
            (self.tr("缺席"), count.absent),
            (self.tr("列席"), count.invited),
        )
        words = [f"{word} {number}" for word, number in others if number]
        lines = ["　".join(words), *(self._quorum(one) for one in quorums)]
        self.more.setText("\n".join(line for line in lines if line))
        self.more.setVisible(bool(self.more.text()))
        self.field.setEnabled(not locked)
        self._verbs.setEnabled(not locked)
        self.table.set_row_height(self.page.desk.theme.row_height)
        self._narrow()

    def _quorum(self, one: Quorum) -> str:
        verdict = {True: self.tr("达到"), False: self.tr("还不够"), None: self.tr("不作判定")}[one.met]
        need = self.tr("要到 {n} 人，").format(n=one.needed) if one.needed is not None else ""
        return f"{need}{verdict}"

    def _narrow(self) -> None:
        text = self.field.text().strip()
        found = matching(self._names, text)
        self.table.show_lines(found, point=found[0].id if text and found else "")
        if text and not found:
            self._hint.setText(self.tr("名单里没有“{text}”。按“加人”补进名单。").format(text=text))
        elif not self._names:
            self._hint.setText(self.tr("名单还是空的。按“加人”写上应到的人。"))
        else:
            self._hint.setText("")
        self._hint.setVisible(bool(self._hint.text()))

    # ------------------------------------------------------------------------------------------ verbs

    def sign_in(self) -> None:
        """Return in the field: the best match is there."""
        text = self.field.text().strip()
        found = matching(self._names, text) if text else []
        if found and not self._locked:
            self._mark(found[0], _there(found[0]))
            self.field.clear()

    def _mark(self, name: Name | None, status: str, reason: str | None = None) -> None:
        if name is None or self._locked:
            return
        app = self.page.desk.app
        do(
            self.page.desk,
            self,
            lambda: actions.mark(app.db, app.actor, name.id, status, reason),
            lambda row: f"{row.name}　{'没到' if row.status == '缺席' else row.status}",
            failed=self.page.show_problem,
        )

    def excuse(self) -> None:
        """Somebody is away, with a reason."""
        name, app = self.table.current, self.page.desk.app
        if name is None or self._locked:
            return
        states = tuple((one, one) for one in ("请假", "缺席", "委托"))
        fields = (
            Field("status", self.tr("情况"), "choice", states, required=True),
            Field("reason", self.tr("事由"), hint=self.tr("出差、看病")),
            Field("proxy", self.tr("受托人"), hint=self.tr("委托时写，一人只能受托一次")),
        )
        self.form.begin(
            Ask(
                name.row.name,
                self.tr("记下"),
                fields,
                lambda answer: actions.mark(
                    app.db, app.actor, name.id, answer["status"], answer.get("reason"), answer.get("proxy")
                ),
                lambda row: f"{row.name}　{row.status}",
                values={"status": "请假", "reason": name.row.reason, "proxy": name.row.proxy},
            )
        )

    def change(self) -> None:
        """What stands on the list about somebody; whether they are there stays as it is."""
        name, app = self.table.current, self.page.desk.app
        if name is None or self._locked:
            return
        has = (("1", self.tr("有")), ("", self.tr("没有")))
        capacities = (("应到", self.tr("应到")), ("列席", self.tr("列席")))
        fields = (
            Field("name", self.tr("姓名"), required=True),
            Field("unit", self.tr("单位")),
            Field("post", self.tr("职务")),
            Field("capacity", self.tr("身份"), "choice", capacities, required=True),
            Field("voting", self.tr("表决权"), "choice", has),
        )

        def work(answer: Answer) -> Attendance:
            voting = bool(answer["voting"]) and answer["capacity"] == "应到"
            told = {key: answer.get(key) for key in ("unit", "post")}
            return actions.change_attendance(
                app.db, app.actor, name.id, name=answer["name"], capacity=answer["capacity"], voting=voting, **told
            )

        values = {key: getattr(name.row, key) for key in ("name", "unit", "post", "capacity")}
        values["voting"] = "1" if name.row.voting else ""
        title = self.tr("改{name}").format(name=name.row.name)
        self.form.begin(
            Ask(
                title, self.tr("保存"), fields, work, lambda row: self.tr("已改：{n}").format(n=row.name), values=values
            )
        )

    def take_off(self) -> None:
        """Somebody was put on the list by mistake; 撤销 in the status bar puts them back."""
        name, app = self.table.current, self.page.desk.app
        if name is None or self._locked:
            return
        do(
            self.page.desk,
            self,
            lambda: actions.remove_attendance(app.db, app.actor, name.id),
            lambda _none: self.tr("{name}已移出名单").format(name=name.row.name),
            failed=self.page.show_problem,
        )

    def all_there(self) -> None:
        """Everybody not noted otherwise is there."""
        app, meeting_id = self.page.desk.app, self.page.meeting_id
        do(
            self.page.desk,
            self,
            lambda: actions.mark_all(app.db, app.actor, meeting_id),
            lambda count: self.tr("{n} 人记为到会").format(n=count) if count else "",
            failed=self.page.show_problem,
        )

    def add(self) -> None:
        """Somebody who is not on the list."""
        if self._locked:
            return
        app, meeting_id = self.page.desk.app, self.page.meeting_id
        capacities = (("应到", self.tr("应到")), ("列席", self.tr("列席（没有表决权）")))
        fields = (
            Field("name", self.tr("姓名"), required=True),
            Field("unit", self.tr("单位")),
            Field("post", self.tr("职务")),
            Field("capacity", self.tr("身份"), "choice", capacities, required=True),
        )

        def work(answer: Answer) -> list[Attendance]:
            line = RosterLine(
                answer["name"], answer.person_id, answer.get("unit"), answer.get("post"), answer["capacity"]
            )
            return actions.set_attendance(app.db, app.actor, meeting_id, [line])

        self.form.begin(
            Ask(
                self.tr("加人进名单"),
                self.tr("加入"),
                fields,
                work,
                lambda rows: self.tr("已加入") if rows else self.tr("名单里已经有这个人"),
                values={"name": self.field.text().strip(), "capacity": "应到"},
                person=True,
            )
        )
        self.field.clear()


def _there(name: Name) -> str:
    return "列席" if name.row.capacity == "列席" else "出席"


def _where(name: Name) -> str:
    row = name.row
    if row.status in {"请假", "缺席"} and row.reason:
        return f"{row.reason}　{row.unit or ''}".strip()
    mark = "列席　" if row.capacity == "列席" else ""
    return mark + (row.unit or row.post or "")
