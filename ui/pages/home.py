"""工作台: what waits for me today, quick ways to begin, what I opened last, and the community in numbers."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.residents.queries import ResidentFilter
from ui.pages import record_entry
from ui.pages.home_due import DueBoard
from ui.pages.home_today import OLD, HomeFacts, home_facts, turning
from ui.pages.page import Page
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.parts import Card, button, clear, label, row
from ui.widgets.record_form import scrolled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.overview.due import DueGroup

_WEEKDAYS = "一二三四五六日"
_RECENT, _OLD_BACKUP = 8, 7


class HomePage(Page):
    """The first page, and the model for the others."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {
            *("person", "household", "household_member", "room", "residence", "person_tag", "seat"),
            *("meeting", "attendance", "resolution", "visit", "campaign_item", "appeal", "appeal_event"),
            *("door_bell", "door_bell_event", "care_pair", "service_order", "order_event", "wish", "wish_event"),
            *("shift", "shift_event", "agreement", "subject_request", "quarter_item"),
        }
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._figures: dict[str, QPushButton] = {}
        self._date = label("", "title")
        self._hint = label("", "muted")
        self._first_steps = self._steps_card()
        self._today = Card(self.tr("今天"))
        self._board = DueBoard(desk, self)
        self._facts: HomeFacts | None = None
        self._groups: Sequence[DueGroup] | None = None
        self._today.body.addWidget(self._board)
        self._today.body.addStretch(1)
        self._recent = QVBoxLayout()
        self._new = button(self.tr("登记居民"), self._register, tone="primary", icon=self._icon("plus", "on_accent"))
        self._meet = self._go(self.tr("开会记录"), "meeting", "meetings")
        self._of_residents: list[QWidget] = [self._new]
        """What is about residents and homes: a street or a department has none."""
        self._arrange()

    def title(self) -> str:
        return self.tr("工作台")

    def icon(self) -> str:
        return "home"

    def first_focus(self) -> QWidget:
        return self._new if self._has_residents else self._meet

    def commands(self) -> tuple[Command, ...]:
        here = self.tr("工作台")
        if not self._has_residents:
            return ()
        return (Command(self.tr("登记居民"), self._register, "Ctrl+N", "plus", here, "residents.change"),)

    def refresh(self, _changed: frozenset[str], /) -> None:
        today = self.desk.app.clock.today()
        self._date.setText(
            self.tr("{m}月{d}日　星期{w}").format(m=today.month, d=today.day, w=_WEEKDAYS[today.weekday()])
        )
        self._show_recent()
        app = self.desk.app
        self.read(lambda: home_facts(app.db, today, self.desk.may), self._show, key="facts")

        def due() -> "list[DueGroup]":
            from desktop_app.overview.due import board  # all slices: not before the window is there

            return board(app.db, app.actor, today)

        self.read(due, self._take_board, key="due")

    @property
    def _has_residents(self) -> bool:
        """Whether residents are registered here, and whoever is signed in may see them."""
        return self.desk.keeps_residents and self.desk.may("residents.read")

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
            ("elders", self.tr("80岁以上"), ResidentFilter(min_age=OLD)),
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
        self._of_residents.append(card)
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
        cards = self._go(self.tr("打服务卡"), "printer", "printing")
        sheets = self._go(self.tr("导入表格"), "import", "importing")
        self._of_residents += [cards, sheets]
        card.body.addLayout(
            _pairs(
                self._new,
                cards,
                self._meet,
                sheets,
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
        keeps = self._has_residents
        for part in self._of_residents:
            part.setVisible(keeps)
        empty = keeps and not facts.counts.get("persons")
        self._first_steps.setVisible(empty)
        self._hint.setText("" if empty else self.desk.app.community.name)
        self._facts = facts
        self._show_board()

    def _take_board(self, groups: "Sequence[DueGroup]") -> None:
        self._groups = groups
        self._show_board()

    def _show_board(self) -> None:
        """Whatever has come so far: what is due is asked apart from the figures, which are there sooner."""
        facts, groups = self._facts, self._groups
        if facts is None or groups is None:
            return
        self._board.forget()
        self._board.show_groups(groups)
        self._show_people(facts)
        if self._board.is_empty:
            self._board.add_words(self._nothing_due())
        if not self._first_steps.isVisibleTo(self):
            self._show_care(facts)
        self._board.settle()

    def _nothing_due(self) -> str:
        if self._has_residents:
            return self.tr("今天没有到期的事。按 Ctrl+K 找人，按 Ctrl+N 登记居民。")
        return self.tr("今天没有到期的事。社区共享来的会议在“会议”里，下级组织在“党建组织”里。")

    def _show_people(self, facts: HomeFacts) -> None:
        today = self.desk.app.clock.today()
        for line in facts.birthdays:
            words = self.tr("{name} {age} 岁生日　{address}").format(
                name=line.name, age=turning(line.birth, today), address=f"{line.estate} {line.address}"
            )
            when = self.tr("今天") if line.birth[5:] == today.isoformat()[5:] else line.birth[5:]
            self._board.add_line("star", words, when, partial(self.desk.open_record, "person", line.id))
        if facts.without_room:
            words = self.tr("{n} 位居民还没有登记住在哪里").format(n=facts.without_room)
            show = partial(self.desk.open_page, "residents", ResidentFilter(without_room=True))
            self._board.add_line("house", words, "", show)

    def _show_care(self, facts: HomeFacts) -> None:
        """What nobody misses until the machine breaks."""
        show = partial(self.desk.open_page, "settings", "backups")
        if not self.desk.may("store.backup"):
            return
        if facts.backup_days is None or facts.backup_days > _OLD_BACKUP:
            words = self.tr("还没有备份") if facts.backup_days is None else self.tr("很久没有备份了")
            late = "" if facts.backup_days is None else self.tr("{n} 天").format(n=facts.backup_days)
            self._board.add_line("save", words, late, show, tone="warn" if late else "")
        if not facts.has_sheet and self.desk.may("store.keys"):
            self._board.add_line("lock", self.tr("还没有恢复单：电脑坏了，没有它备份打不开"), "", show)

    def _show_recent(self) -> None:
        clear(self._recent)
        for entry in self.desk.recent.lines[:_RECENT]:
            kind, _, rest = entry.partition(":")
            record_id, _, words = rest.partition(":")
            known = record_entry(kind)
            if known is None or not self.desk.may(known.right):
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
