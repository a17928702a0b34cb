"""设置: how it looks, the community as papers print it, who sits here, and the safety of the data."""

from collections.abc import Iterator
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from desktop_app.accounts import actions as accounts
from desktop_app.accounts.model import Staff
from desktop_app.accounts.queries import has_accounts, staff
from desktop_app.places import actions as places
from ui.pages.page import Page
from ui.pages.settings_backups import BackupsCard
from ui.pages.settings_keys import KeysCard
from ui.pages.settings_seat import SeatCard
from ui.pages.settings_sync import SyncCard
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.language import LANGUAGES
from ui.shell.parts import Card, button, clear, label, row
from ui.shell.problems import Problem
from ui.shell.theme import FONT_SIZES, MODES
from ui.widgets.inputs import LineEdit
from ui.widgets.record_form import Field, RecordForm, scrolled

_SETTLED_MS = 150


class SettingsPage(Page):
    """Everything takes effect at once; what is written is written by actions."""

    tables: ClassVar[frozenset[str]] = frozenset({"staff", "area"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._modes = QButtonGroup(self)
        self._sizes = QButtonGroup(self)
        self._languages = QButtonGroup(self)
        self._signs_in = has_accounts(desk.app.db)
        self._offered: list[SeatCard | SyncCard | BackupsCard | KeysCard] = []
        self.build(self._parts())

    def _parts(self) -> Iterator[None]:
        """A card after the other, from the top."""
        may = self.desk.may
        content = QWidget(self)
        self._cards = QVBoxLayout(content)
        self._cards.setContentsMargins(18, 12, 18, 12)
        self._cards.setSpacing(12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._area = scrolled(content)
        layout.addWidget(self._area)
        self._put(self._look_card(), offered=True)
        yield
        self.seat = SeatCard(self)
        self._put(self.seat, offered=self._signs_in)
        yield
        self._put(self._community_card(), offered=may("places.change"))
        yield
        self._put(self._practice_card(), offered=may("practice.read practice.change"))
        self._put(self._people_card(), offered=not self._signs_in)
        yield
        self.sync = SyncCard(self)
        self._put(self.sync, offered=may("sync.run sync.enrol"))
        yield
        self.backups = BackupsCard(self)
        self._put(self.backups, offered=may("store.backup"))
        yield
        self.keys = KeysCard(self)
        self._put(self.keys, offered=may("store.keys"))
        self._put(self._data_card(), offered=may("store.check"))

    def _put(self, card: Card, *, offered: bool) -> None:
        self._cards.addWidget(card)
        card.setVisible(offered)
        if offered and isinstance(card, SeatCard | SyncCard | BackupsCard | KeysCard):
            self._offered.append(card)

    def _look_card(self) -> Card:
        card = Card(self.tr("外观"))
        modes = dict(zip(MODES, (self.tr("跟随系统"), self.tr("浅色"), self.tr("深色")), strict=True))
        card.body.addLayout(row(label(self.tr("深浅"), "muted"), *self._radios(self._modes, list(modes.values())), 1))
        sizes = [self.tr("标准 14"), self.tr("大 16"), self.tr("更大 18"), self.tr("最大 20")]
        card.body.addLayout(row(label(self.tr("字号"), "muted"), *self._radios(self._sizes, sizes), 1))
        languages = ["中文", "English"]  # each in its own words
        told = self.tr("界面的语言，下次打开程序时换；登记的内容、单据仍是中文。")
        card.body.addLayout(
            row(label(self.tr("语言"), "muted"), *self._radios(self._languages, languages), label(told, "muted"), 1)
        )
        self._show_look()
        self._languages.idClicked.connect(lambda at: self.desk.settings.put("look/language", LANGUAGES[at]))
        self._modes.idClicked.connect(lambda at: self.desk.look_asked.emit(MODES[at], self.desk.theme.font_px))
        self._sizes.idClicked.connect(lambda at: self.desk.look_asked.emit(self.desk.settings.mode, FONT_SIZES[at]))
        return card

    def _show_look(self) -> None:
        self._modes.button(MODES.index(self.desk.settings.mode)).setChecked(True)
        self._languages.button(LANGUAGES.index(self.desk.settings.language)).setChecked(True)
        self._sizes.button(FONT_SIZES.index(self.desk.theme.font_px)).setChecked(True)

    def _radios(self, group: QButtonGroup, words: list[str]) -> list[QWidget]:
        made: list[QWidget] = []
        for at, text in enumerate(words):
            radio = QRadioButton(text, self)
            group.addButton(radio, at)
            made.append(radio)
        return made

    def _community_card(self) -> Card:
        self.community = RecordForm(
            (
                Field("name", self.tr("社区名称"), required=True),
                Field("phone", self.tr("服务电话"), "number"),
                Field("address", self.tr("地址"), wide=True),
                Field("service_hours", self.tr("服务时间"), wide=True, hint=self.tr("如 工作日 8:30–17:30")),
            ),
            self,
        )
        self._save = button(self.tr("保存社区信息"), self.save_community, tone="primary")
        card = Card(self.tr("社区"))
        self.fonts = label("", "muted", wrap=True)
        card.body.addWidget(label(self.tr("印在服务卡和会议材料上。"), "muted"))
        card.body.addWidget(self.community)
        card.body.addLayout(row(1, self._save))
        card.body.addWidget(self.fonts)
        self.community.save_asked.connect(lambda _next: self.save_community())
        return card

    def _practice_card(self) -> Card:
        card = Card(self.tr("地方做法"))
        words = self.tr("层级名称、处置阶梯、清单、会议规则、代码表：本社区可以自己改，从哪天起、凭什么都记着。")
        card.body.addWidget(label(words, "muted", wrap=True))
        card.body.addLayout(row(button(self.tr("查看和修改"), lambda: self.desk.open_page("practice")), 1))
        return card

    def _people_card(self) -> Card:
        self._people = QVBoxLayout()
        self.newcomer = LineEdit(self)
        self.newcomer.setPlaceholderText(self.tr("姓名"))
        self.newcomer.setAccessibleName(self.tr("新工作人员的姓名"))
        card = Card(self.tr("工作人员"))
        card.body.addWidget(label(self.tr("记录都写在坐在这里的人名下。"), "muted"))
        card.body.addLayout(self._people)
        card.body.addLayout(row(self.newcomer, button(self.tr("添加工作人员"), self.add_person), 1))
        self.newcomer.entered.connect(self.add_person)
        self.newcomer.setMaximumWidth(200)
        return card

    def _data_card(self) -> Card:
        card = Card(self.tr("数据"))
        card.body.addWidget(label(str(self.desk.app.home), "muted", wrap=True))
        health = self.desk.theme.icon("health", "accent_text")
        card.body.addLayout(row(button(self.tr("检查数据"), self.examine, icon=health), 1))
        return card

    # --------------------------------------------------------------------------------------------------------- page

    def title(self) -> str:
        return self.tr("设置")

    def icon(self) -> str:
        return "settings"

    def first_focus(self) -> QWidget | None:
        return self._modes.checkedButton()

    def commands(self) -> tuple[Command, ...]:
        here = self.tr("设置")
        return (
            Command(self.tr("保存社区信息"), self.save_community, "Ctrl+S", "save", here, "places.change"),
            Command(self.tr("现在备份"), self.backup, "", "save", here, "store.backup"),
            Command(
                self.tr("制作恢复单"), self.late(lambda: self.backups.make_sheet), "", "printer", here, "store.keys"
            ),
            Command(self.tr("更换密钥"), self.late(lambda: self.keys.rekey), "", "sync", here, "store.keys"),
            Command(self.tr("检查数据"), self.examine, "", "health", here, "store.check"),
        )

    def refresh(self, _changed: frozenset[str], /) -> None:
        for card in self._offered:
            card.refresh()
        self._show_look()
        self.read(_stand_ins, self._show_fonts, key="fonts")
        self.read(
            lambda: (self.desk.app.community, staff(self.desk.app.db), self.desk.app.actor), self._show, key="all"
        )

    def _show(self, found: tuple[Any, list[Staff], Any]) -> None:
        community, people, actor = found
        if not self.community.changes():
            self.community.show_values({field.name: getattr(community, field.name) for field in self.community.fields})
        clear(self._people)
        for one in people:
            self._people.addLayout(self._person(one, here=one.id == actor.id))

    def _show_fonts(self, stand_ins: dict[str, str]) -> None:
        """Which faces of official papers this machine lacks, and what they are printed in instead."""
        words = self.tr("这台电脑没有{lacking}字体，公文格式的单据用{instead}印。要用标准字体，装好以后重新打开程序。")
        lacking, instead = self.tr("、").join(stand_ins), self.tr("、").join(stand_ins.values())
        self.fonts.setText(words.format(lacking=lacking, instead=instead))
        self.fonts.setVisible(bool(stand_ins))

    def _person(self, one: Staff, *, here: bool) -> QVBoxLayout:
        holder = QVBoxLayout()
        words = "　".join(part for part in (one.post, self.tr("正坐在这里") if here else "") if part)
        parts: list[QWidget | int] = [label(one.name), label(words, "muted")]
        if not here:
            parts.append(button(self.tr("换成{name}").format(name=one.name), partial(self.sit_down, one), tone="link"))
        holder.addLayout(row(*parts, 1))
        return holder

    # -------------------------------------------------------------------------------------------------------- verbs

    def save_community(self) -> None:
        if self.community.missing():
            return
        app, changes = self.desk.app, self.community.changes()
        if not changes:
            return
        fields = {name: value or None for name, value in changes.items()}
        self.write(
            lambda: places.change_area(app.db, app.actor, app.community.id, **fields), self._saved, failed=self._failed
        )

    def _saved(self, _area: object) -> None:
        self.community.show_values(self.community.values())
        self.desk.say(self.tr("社区信息已保存"), self.desk.undo_last)
        self.desk.identity_changed.emit()

    def _failed(self, problem: Problem) -> None:
        if not self.community.show_problem(problem):
            self.desk.problem(problem)

    def add_person(self) -> None:
        name, app = self.newcomer.text().strip(), self.desk.app
        if name:
            self.write(lambda: accounts.add_staff(app.db, app.actor, Staff(name=name)), self._added)

    def _added(self, one: Staff) -> None:
        self.newcomer.clear()
        self.desk.say(self.tr("已添加 {name}").format(name=one.name), self.desk.undo_last)

    def sit_down(self, one: Staff) -> None:
        """From now on records are made in this person's name."""
        self.write(lambda: accounts.sit_down(self.desk.app.db, one.id), self._sat_down)

    def _sat_down(self, actor: Any) -> None:
        self.desk.say(self.tr("现在是{name}在这里工作").format(name=actor.name))
        self.desk.identity_changed.emit()
        self.refresh(frozenset())

    def backup(self) -> None:
        """A copy now."""
        self.backups.backup()

    def examine(self) -> None:
        """What is wrong with the data has a page of its own."""
        self.desk.open_page("health")

    def show_this(self, what: object, /) -> None:
        """`backups`: that card."""
        if what == "backups":
            self.backups.settled.connect(self._bring_backups, Qt.ConnectionType.SingleShotConnection)
            self.backups.refresh()

    def _bring_backups(self) -> None:
        """Into sight, once the lists above it and its own have their height."""
        QTimer.singleShot(_SETTLED_MS, self, lambda: self._area.ensureWidgetVisible(self.backups.sheet_button, 0, 40))


def _stand_ins() -> dict[str, str]:
    """Role of type → what is printed instead; runs on the reader thread, for faces are read from their files."""
    from desktop_app.printing import fonts

    return {role.value: words for role, words in fonts.book().stand_ins().items()}
