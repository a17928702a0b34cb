"""工作台: what waits for me today, quick ways to begin, what I opened last, and the community in numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import ClassVar

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.residents import queries as residents
from desktop_app.residents.queries import ResidentFilter, ResidentLine
from desktop_app.store.database import Database
from ui.pages import record_entry
from ui.pages.page import Page
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.parts import Card, button, clear, label, row
from ui.widgets.record_form import scrolled

_WEEKDAYS = "一二三四五六日"
_OLD = 80
_DAYS_AHEAD = 7
_MOST_ELDERS = 4000
_PART = 500
_RECENT = 8


@dataclass(frozen=True, slots=True)
class HomeFacts:
    """Everything the page shows that comes from the store."""

    counts: dict[str, int]
    birthdays: tuple[ResidentLine, ...]
    without_room: int


def home_facts(db: Database, today: date) -> HomeFacts:
    """One visit to the store; runs on the reader thread."""
    elders = residents.ids(db, ResidentFilter(min_age=_OLD - 1), "birth", today)[:_MOST_ELDERS]
    days = {(today + timedelta(days=ahead)).isoformat()[5:] for ahead in range(_DAYS_AHEAD)}
    birthdays = [
        line
        for at in range(0, len(elders), _PART)
        for line in residents.lines(db, elders[at : at + _PART])
        if line.birth[5:] in days
    ]
    homeless = len(residents.ids(db, ResidentFilter(without_room=True), "recent", today))
    return HomeFacts(residents.counts(db), tuple(birthdays), homeless)


class HomePage(Page):
    """The first page, and the model for the others."""

    tables: ClassVar[frozenset[str]] = frozenset({"person", "household", "room", "residence", "person_tag"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._figures: dict[str, QPushButton] = {}
        self._date = label("", "title")
        self._hint = label("", "muted")
        self._first_steps = self._steps_card()
        self._today = Card(self.tr("今天"))
        self._today_lines = QVBoxLayout()
        self._today.body.addLayout(self._today_lines)
        self._today.body.addStretch(1)
        self._recent = QVBoxLayout()
        self._new = button(self.tr("登记居民"), self._register, tone="primary", icon=self._icon("plus", "on_accent"))
        self._arrange()

    def title(self) -> str:
        return self.tr("工作台")

    def icon(self) -> str:
        return "home"

    def first_focus(self) -> QWidget:
        return self._new

    def commands(self) -> tuple[Command, ...]:
        here = self.tr("工作台")
        return (Command(self.tr("登记居民"), self._register, "Ctrl+N", "plus", here),)

    def refresh(self, _changed: frozenset[str], /) -> None:
        today = self.desk.app.clock.today()
        self._date.setText(
            self.tr("{m}月{d}日　星期{w}").format(m=today.month, d=today.day, w=_WEEKDAYS[today.weekday()])
        )
        self._show_recent()
        self.read(lambda: home_facts(self.desk.app.db, today), self._show, key="facts")

    # ------------------------------------------------------------------------------------------------------------ build

    def _icon(self, name: str, role: str = "text") -> QIcon:
        return self.desk.theme.icon(name, role)

    def _arrange(self) -> None:
        content = QWidget(self)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(12)
        layout.addLayout(row(self._date, self._hint, 1))
        layout.addLayout(self._figure_row())
        layout.addWidget(self._first_steps)
        columns = QHBoxLayout()
        columns.setSpacing(12)
        columns.addWidget(self._today, 3)
        side = QVBoxLayout()
        side.setSpacing(12)
        side.addWidget(self._quick_card())
        recent = Card(self.tr("最近打开"))
        recent.body.addLayout(self._recent)
        recent.body.addStretch(1)
        side.addWidget(recent, 1)
        columns.addLayout(side, 2)
        layout.addLayout(columns, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(content, fill=True))

    def _figure_row(self) -> QHBoxLayout:
        figures = (
            ("persons", self.tr("在册居民"), ResidentFilter()),
            ("households", self.tr("户"), ResidentFilter()),
            ("elders", self.tr("80岁以上"), ResidentFilter(min_age=_OLD)),
            ("party", self.tr("党员"), ResidentFilter(political=("中共党员", "中共预备党员"))),
            ("vacant", self.tr("空置住房"), None),
        )
        layout = QHBoxLayout()
        layout.setSpacing(12)
        for key, words, wanted in figures:
            layout.addWidget(self._figure(key, words, wanted))
        return layout

    def _figure(self, key: str, words: str, wanted: ResidentFilter | None) -> Card:
        card = Card()
        number = button("…", lambda: self._open_list(wanted), tone="figure")
        number.setAccessibleName(words)
        self._figures[key] = number
        card.body.setSpacing(0)
        card.body.addWidget(number)
        card.body.addWidget(label(words, "muted"))
        return card

    def _open_list(self, wanted: ResidentFilter | None) -> None:
        if wanted is None:
            self.desk.open_page("buildings")
        else:
            self.desk.open_page("residents", wanted)

    def _quick_card(self) -> Card:
        card = Card(self.tr("马上要做"))
        card.body.addLayout(
            _pairs(
                self._new,
                self._go(self.tr("打服务卡"), "printer", "printing"),
                self._go(self.tr("开会记录"), "meeting", "meetings"),
                self._go(self.tr("导入表格"), "import", "importing"),
            )
        )
        return card

    def _go(self, words: str, icon: str, page: str) -> QPushButton:
        return button(words, lambda: self.desk.open_page(page), icon=self._icon(icon, "accent_text"))

    def _steps_card(self) -> Card:
        card = Card(self.tr("三步就能用起来"))
        steps = (
            (self.tr("① 导入居民表"), self.tr("把手里的 Excel 拖进来，先检查再写入"), "importing"),
            (self.tr("② 画楼栋"), self.tr("填单元、层数、每层户数，整栋房号一次生成"), "buildings"),
            (self.tr("③ 打一张试试"), self.tr("选一位居民，打印便民服务卡"), "printing"),
        )
        line = QHBoxLayout()
        for words, detail, page in steps:
            step = button(words, partial(self.desk.open_page, page))
            line.addWidget(_stack(step, label(detail, "muted", wrap=True)), 1)
        card.body.addLayout(line)
        card.hide()
        return card

    # ------------------------------------------------------------------------------------------------------------- show

    def _show(self, facts: HomeFacts) -> None:
        for key, number in self._figures.items():
            number.setText(f"{facts.counts.get(key, 0):,}")
        empty = not facts.counts.get("persons")
        self._first_steps.setVisible(empty)
        self._hint.setText("" if empty else self.desk.app.community.name)
        clear(self._today_lines)
        if facts.without_room:
            words = self.tr("{n} 位居民还没有登记住在哪里").format(n=facts.without_room)
            self._line(words, lambda: self.desk.open_page("residents", ResidentFilter(without_room=True)))
        for line in facts.birthdays:
            self._line(self._birthday(line), partial(self.desk.open_record, "person", line.id))
        if not self._today_lines.count():
            self._today_lines.addWidget(
                label(self.tr("今天没有到期的事。按 Ctrl+K 找人，按 Ctrl+N 登记居民。"), "muted")
            )

    def _birthday(self, line: ResidentLine) -> str:
        today = self.desk.app.clock.today()
        when = self.tr("今天") if line.birth[5:] == today.isoformat()[5:] else f"{line.birth[5:7]}-{line.birth[8:]}"
        turning = int(line.birth[:4])
        age = today.year - turning + (line.birth[5:] < today.isoformat()[5:])
        return self.tr("{when}　{name} {age} 岁生日　{address}").format(
            when=when, name=line.name, age=age, address=line.address
        )

    def _line(self, words: str, run: Callable[[], object]) -> None:
        self._today_lines.addWidget(button(words, run, tone="link"))

    def _show_recent(self) -> None:
        clear(self._recent)
        for entry in self.desk.settings.recent()[:_RECENT]:
            kind, _, rest = entry.partition(":")
            record_id, _, words = rest.partition(":")
            known = record_entry(kind)
            if known is None:
                continue
            made = button(words, partial(self.desk.open_record, kind, record_id), tone="link")
            made.setIcon(self._icon(known.icon, "muted"))
            self._recent.addWidget(made)
        if not self._recent.count():
            self._recent.addWidget(label(self.tr("打开过的居民、楼栋和会议会列在这里。"), "muted", wrap=True))

    def _register(self) -> None:
        self.desk.open_page("residents", "new")


def _pairs(*parts: QWidget) -> QGridLayout:
    grid = QGridLayout()
    grid.setSpacing(8)
    for at, part in enumerate(parts):
        grid.addWidget(part, at // 2, at % 2)
    return grid


def _stack(*parts: QWidget) -> QWidget:
    holder = QWidget()
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    for part in parts:
        layout.addWidget(part)
    return holder
