"""One resident: head with verbs, then 基本, 家庭, 附件, 时间线, 历史."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtWidgets import QMenu, QTabWidget, QVBoxLayout, QWidget

from desktop_app.organisation.chains import Chain, chains_for
from desktop_app.overview.queries import TABLES as LIFE
from desktop_app.residents.model import Person
from desktop_app.residents.moving import gone_to, leaving_for
from desktop_app.residents.queries import ResidentDetail, detail
from desktop_app.store.database import Database
from desktop_app.store.history import Entry, history
from ui.pages.page import Page
from ui.pages.person_leaving import EraseDialog, MoveOutDialog
from ui.pages.person_panes import BasicPane, FamilyPane, history_moments
from ui.pages.person_verbs import LeaveDialog, MoveDialog, TagDialog, open_dialog
from ui.pages.privacy_restricted import RestrictedDialog
from ui.pages.privacy_sealing import SealDialog
from ui.pages.timeline_pane import TimelinePane
from ui.pages.wording import tag_tone
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.parts import button, label, mark, row
from ui.shell.state_line import StateLine
from ui.widgets.attachments import AttachmentsPane
from ui.widgets.flow import Flow
from ui.widgets.record_form import scrolled
from ui.widgets.strip import Strip
from ui.widgets.timeline import Timeline

_WIDE = 50  # the tags take what there is; without any, the verbs stand at the right all the same


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Everything the page shows."""

    detail: ResidentDetail
    chains: tuple[Chain, ...]
    entries: tuple[Entry, ...]
    leaving_for: str
    """The community the person is about to move to."""


def person_facts(db: Database, person_id: str) -> PersonFacts | None:
    """Runs on the reader thread."""
    found = detail(db, person_id)
    if found is None:
        return None
    on = db.clock.today().isoformat()
    return PersonFacts(
        found, tuple(chains_for(db, person_id, on)), tuple(history(db, Person, person_id)), leaving_for(db, person_id)
    )


class PersonPage(Page):
    """Letters are verbs here: E 修改, M 迁移, B 标签, P 服务卡, A 附件, H 历史."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {
            "person",
            "residence",
            "household",
            "household_member",
            "person_tag",
            "person_event",
            "contact_assignment",
            "attachment",
        }
        | LIFE
    )

    def __init__(self, desk: Desk, person_id: str) -> None:
        super().__init__(desk)
        self.person_id = person_id
        self._facts: PersonFacts | None = None
        self.build(self._parts())

    def _parts(self) -> Iterator[None]:
        desk = self.desk
        self._name = label("", "title")
        self._under = label("", "muted")
        self._tags = Flow()
        self.leaving_words = Strip(desk.theme, self)
        self.standing = StateLine(desk, "person", self)
        self._edit = button(self.tr("修改 E"), self.edit, icon=desk.theme.icon("edit", "accent_text"))
        self.tabs = QTabWidget(self)
        self.tabs.setAccessibleName(self.tr("居民资料"))
        self.tabs.tabBar().setAccessibleName(self.tr("居民资料"))
        for words in (self.tr("基本"), self.tr("家庭"), self.tr("附件"), self.tr("时间线"), self.tr("历史")):
            self.tabs.addTab(QWidget(self.tabs), words)
        self._arrange()
        yield
        self.basic = BasicPane(desk, self.tabs)
        self._put(0, scrolled(self.basic))
        yield
        self.family = FamilyPane(desk, self.tabs)
        self._put(1, scrolled(self.family))
        self.past = Timeline(desk.theme, self.tr("修改历史"), self.tabs)
        self._put(4, self.past)
        yield
        self.attached = AttachmentsPane(desk, "person", self.tabs)
        self._put(2, self.attached)
        self.attached.counted.connect(self._count_files)
        yield
        self.life = TimelinePane(desk, "person", self.tabs)
        self._put(3, self.life)
        self.life.files_asked.connect(self._see_files)

    def _put(self, at: int, pane: QWidget) -> None:
        """In place of the empty one that kept its place."""
        words, empty, shown = self.tabs.tabText(at), self.tabs.widget(at), self.tabs.currentIndex()
        self.tabs.insertTab(at, pane, words)
        self.tabs.removeTab(at + 1)
        self.tabs.setCurrentIndex(shown)
        empty.deleteLater()

    def _arrange(self) -> None:
        icon = self.desk.theme.icon
        self._verbs: tuple[QWidget, ...] = (
            self._edit,
            button(self.tr("迁移 M"), self.move_home, icon=icon("move", "accent_text")),
            button(self.tr("标签 B"), self.tag, icon=icon("tag", "accent_text")),
            self._leave_button(),
            button(self.tr("服务卡 P"), self.card, tone="primary", icon=icon("printer", "on_accent")),
        )
        self._visit = button(self.tr("走访 V"), self.visit, icon=icon("pin", "accent_text"))
        self._appeal = button(self.tr("诉求 S"), self.appeal, icon=icon("phone", "accent_text"))
        self.desk.offer("visits.change", self._visit)
        self.desk.offer("appeals.change", self._appeal)
        head = row(self._name, self._under, 1, *self._verbs)
        self._verbs = (*self._verbs, self._visit, self._appeal)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 12, 18, 12)
        layout.setSpacing(8)
        layout.addLayout(head)
        below = row(self._tags, 1, self._visit, self._appeal)
        below.setStretch(0, _WIDE)
        layout.addLayout(below)
        layout.addWidget(self.leaving_words)
        layout.addWidget(self.standing)
        layout.addWidget(self.tabs, 1)

    def _leave_button(self) -> QWidget:
        made = button(self.tr("离开"), icon=self.desk.theme.icon("archive", "accent_text"))
        made.setAccessibleName(self.tr("离开这个社区"))
        menu = QMenu(made)
        for words, run in (
            (self.tr("离开登记（迁出、去世…）"), self.leave),
            (self.tr("迁出到其他社区…"), self.move_out),
            (self.tr("删除个人信息（依申请）…"), self.erase),
            (self.tr("封存个人信息（档案规定保存）…"), self.seal),
            (self.tr("限制类…"), self.restricted),
        ):
            menu.addAction(words).triggered.connect(run)
        made.setMenu(menu)
        return made

    # --------------------------------------------------------------------------------------------------------- page

    def title(self) -> str:
        return self._facts.detail.person.name if self._facts else self.tr("居民")

    def icon(self) -> str:
        return "person"

    def first_focus(self) -> QWidget:
        return self._edit

    def commands(self) -> tuple[Command, ...]:
        here = self.tr("这位居民")
        return (
            Command(self.tr("修改资料"), self.edit, "E", "edit", here, "residents.change"),
            Command(self.tr("登记走访"), self.visit, "V", "pin", here, "visits.change"),
            Command(self.tr("登记诉求"), self.appeal, "S", "phone", here, "appeals.change"),
            Command(self.tr("迁移到另一间房"), self.move_home, "M", "move", here, "residents.change"),
            Command(self.tr("打标签"), self.tag, "B", "tag", here, "residents.change"),
            Command(self.tr("打印服务卡"), self.card, "P", "printer", here, "papers.change"),
            Command(self.tr("打印服务卡（预览）"), self.card, "Ctrl+P", "printer", here, "papers.change"),
            Command(
                self.tr("看照片和附件"),
                self._see_files,
                "A",
                "file",
                here,
                "attachments.read",
            ),
            Command(self.tr("看时间线"), lambda: self.tabs.setCurrentWidget(self.life), "L", "clock", here),
            Command(self.tr("看修改历史"), lambda: self.tabs.setCurrentWidget(self.past), "H", "clock", here),
            Command(self.tr("离开登记（迁出、去世…）"), self.leave, "", "archive", here, "residents.change"),
            Command(self.tr("迁出到其他社区"), self.move_out, "", "forward", here, "residents.move"),
            Command(self.tr("删除个人信息（依申请）"), self.erase, "", "close", here, "residents.erase"),
            Command(self.tr("封存个人信息（档案规定保存）"), self.seal, "", "lock", here, "privacy.erase"),
            Command(self.tr("限制类"), self.restricted, "", "lock", here, "restricted.read"),
        )

    def _see_files(self) -> None:
        self.tabs.setCurrentWidget(self.attached)

    def refresh(self, _changed: frozenset[str], /) -> None:
        db, person_id = self.desk.app.db, self.person_id
        if self._facts is None:
            self._show(person_facts(db, person_id))  # one record by id: asked in place, so that the tab opens filled
        else:
            self.read(lambda: person_facts(db, person_id), self._show, key="facts")

    def _show(self, facts: PersonFacts | None) -> None:
        if facts is None:
            self._show_gone(gone_to(self.desk.app.db, self.person_id))
            return
        self._facts = facts
        self.title_changed.emit()
        self.in_turns(self._show_parts(facts))

    def _show_parts(self, facts: PersonFacts) -> Iterator[None]:
        self._show_leaving(facts.leaving_for)
        shown, person = facts.detail, facts.detail.person
        age = self.tr("{n}岁").format(n=shown.age) if shown.age is not None else ""
        where = shown.place.full if shown.place else self.tr("没有登记住处")
        self._name.setText(person.name)
        self._under.setText("　".join(part for part in (person.sex, age, where) if part))
        self._tags.show_widgets(self._marks(shown))
        yield
        self.basic.show_person(shown, facts.chains)
        yield
        self.family.show_person(shown)
        self.attached.show_record(self.person_id)
        self.standing.show_record(self.person_id)
        self.life.show_subject(self.person_id)
        yield
        self.past.show_moments(history_moments(self, facts.entries))

    def _show_gone(self, to: str) -> None:
        """Nothing of the person is shown any more."""
        self._facts = None
        words = self.tr("已经转到{unit}，资料由那里保管。").format(unit=to)
        self._name.setText(words if to else self.tr("这条居民记录已经不在了，可能刚被合并、清除或撤销。"))
        self._under.clear()
        self._tags.show_widgets([])
        self.leaving_words.hide()
        for part in (self.tabs, *self._verbs):
            part.hide()

    def _show_leaving(self, to: str) -> None:
        for part in (self.tabs, *self._verbs):
            part.show()
        self.leaving_words.setVisible(bool(to))
        if to:
            words = self.tr("已登记转到{unit}：下次同步时由服务器转过去，在那以前可以用“撤销”收回。")
            self.leaving_words.show_words(words.format(unit=to), "", stays=True)

    def _marks(self, shown: ResidentDetail) -> list[QWidget]:
        marks: list[QWidget] = []
        if shown.person.deceased_on:
            marks.append(mark(self.tr("已去世 {on}").format(on=shown.person.deceased_on), "quiet"))
        elif shown.person.left_on:
            marks.append(mark(self.tr("已离开 {on}").format(on=shown.person.left_on), "quiet"))
        return [
            *marks,
            *(mark(one.tag, tag_tone(self.desk.codes("tags"), one.tag)) for one in shown.tags if one.to_on is None),
        ]

    def _count_files(self, count: int) -> None:
        words = self.tr("附件 {n}").format(n=count) if count else self.tr("附件")
        self.tabs.setTabText(self.tabs.indexOf(self.attached), words)

    # -------------------------------------------------------------------------------------------------------- verbs

    def edit(self) -> None:
        self.desk.open_record("person-form", self.person_id)

    def visit(self) -> None:
        """A visit to this resident."""
        self.desk.open_record("visit-form", f"person:{self.person_id}")

    def appeal(self) -> None:
        """What this resident brings up."""
        self.desk.open_record("appeal-form", f"person:{self.person_id}")

    def move_home(self) -> None:
        if self._facts is not None:
            open_dialog(MoveDialog(self.desk, self._facts.detail, self))

    def leave(self) -> None:
        if self._facts is not None:
            open_dialog(LeaveDialog(self.desk, self._facts.detail.person, self))

    def move_out(self) -> None:
        if self._facts is not None:
            open_dialog(MoveOutDialog(self.desk, self._facts.detail.person, self))

    def erase(self) -> None:
        if self._facts is not None:
            open_dialog(EraseDialog(self.desk, self._facts.detail.person, self))

    def tag(self) -> None:
        if self._facts is not None:
            open_dialog(TagDialog(self.desk, [self._facts.detail.person.local_no], self))

    def card(self) -> None:
        self.desk.print_form("service_card", [self.person_id])

    def seal(self) -> None:
        """Put the person under seal."""
        if self._facts is not None:
            open_dialog(SealDialog(self.desk, self._facts.detail.person, self))

    def restricted(self) -> None:
        """Look for restricted classes, for a reason."""
        if self._facts is not None:
            open_dialog(RestrictedDialog(self.desk, self._facts.detail.person, self))
