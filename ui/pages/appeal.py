"""One appeal: its story, its clocks, and what may be done next, each by a letter; papers in one step."""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import ClassVar

from PySide6.QtWidgets import QApplication, QPushButton, QTabWidget, QVBoxLayout, QWidget

from desktop_app.appeals import queries, rules
from desktop_app.appeals.deeds import Deed
from desktop_app.appeals.model import Appeal
from desktop_app.appeals.queries import AppealDetail, EventLine
from desktop_app.appeals.rules import State
from ui.pages.appeal_asks import AT_ONCE, EXPLANATION, ICONS, KEYS, AppealAsks
from ui.pages.appeal_facts import AppealFacts, head_marks, steps_of
from ui.pages.page import Page
from ui.pages.sharing import share_dialog, why_gone
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.doing import do
from ui.shell.parts import button, label, row
from ui.shell.problems import Problem
from ui.shell.state_line import StateLine
from ui.widgets.attachments import AttachmentsPane
from ui.widgets.flow import Flow
from ui.widgets.inline_form import InlineForm
from ui.widgets.side_column import SideColumn
from ui.widgets.story import Story
from ui.widgets.strip import Strip

_SIDE, _HANDED_ON = 390, {"派办", "上报", "退回"}
_PAPERS = {"appeal_receipt": "P", "appeal_referral": "Alt+P", "appeal_closing": "Alt+H"}


class AppealPage(Page):
    """Letters are verbs here; which there are, the ladder says."""

    tables: ClassVar[frozenset[str]] = frozenset({"appeal", "appeal_event", "person", "residence", "attachment"})

    def __init__(self, desk: Desk, appeal_id: str) -> None:
        super().__init__(desk)
        self.appeal_id = appeal_id
        self.shown: AppealDetail | None = None
        self._seen = self._mine = self._asked = ""
        self._busy = False
        self.asks = AppealAsks(desk, lambda: self._seen)
        self._is_filled = False
        self._verbs_of: object = None
        self.build(self._parts())

    def _parts(self) -> Iterator[None]:
        """What it is and what can be done at once; then where a form opens, the facts, the attachments."""
        desk = self.desk
        self._title = label("", "title", wrap=True)
        self._no = label("", "muted")
        self._marks = Flow()
        self._verbs = Flow()
        self.buttons: dict[str, QPushButton] = {}
        self.standing = StateLine(desk, "appeal", self)
        self.notice = Strip(desk.theme, self)
        self.remark = Strip(desk.theme, self)
        self.story = Story(desk.theme, self.tr("办理经过"), self)
        self.left = QTabWidget(self)
        self._edit = button(self.tr("修改 E"), self.edit, icon=desk.theme.icon("edit", "accent_text"))
        desk.offer("appeals.change", self._edit)
        self.share_button = button(self.tr("共享 S"), self.share, icon=desk.theme.icon("forward", "accent_text"))
        desk.offer("appeals.share", self.share_button)
        self._arrange()
        self.shown = queries.detail(desk.app.db, self.appeal_id)  # one record by id: asked in place
        if self.shown is not None:
            self._title.setText(self.shown.appeal.title)
            self._show_verbs(self.shown)
        yield
        self.facts = AppealFacts(desk, self)
        self._split.column.addWidget(self.facts)
        yield
        self.form = InlineForm(desk, self)
        self._split.column.insertWidget(0, self.form)
        self.form.closed.connect(self._form_closed)
        self.form.opened.connect(self._split.to_top)
        yield
        self.attached = AttachmentsPane(desk, "appeal", self)
        self.attached.counted.connect(self._count_files)
        self.left.addTab(self.attached, self.tr("附件"))

    def _arrange(self) -> None:
        icon = self.desk.theme.icon
        self._print = button(self.tr("打印 Ctrl+P"), self.print_fitting, icon=icon("printer", "accent_text"))
        head = row(
            self._no,
            self._title,
            self._marks,
            self._edit,
            self.share_button,
            self._print,
        )
        head.setStretch(1, 3)
        head.setStretch(2, 2)
        self.left.addTab(self.story, self.tr("办理经过"))
        for named in (self.left, self.left.tabBar()):
            named.setAccessibleName(self.tr("经过和附件"))
        self._split = SideColumn(self.left, round(_SIDE * self.desk.theme.font_px / 14), self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 12, 18, 12)
        layout.setSpacing(8)
        layout.addLayout(head)
        for part in (self._verbs, self.notice, self.remark, self.standing):
            layout.addWidget(part)
        layout.addWidget(self._split, 1)

    # --------------------------------------------------------------------------------------------------------- page

    def title(self) -> str:
        return f"{self.shown.appeal.no or ''} {self.shown.appeal.title}".strip() if self.shown else self.tr("诉求")

    def icon(self) -> str:
        return "phone"

    def first_focus(self) -> QWidget:
        return next(iter(self.buttons.values()), self.story)

    def commands(self) -> tuple[Command, ...]:
        here = self.tr("这件诉求")
        allowed = self.shown.allowed if self.shown else ()
        acts = tuple(
            Command(
                self.asks.words(kind),
                partial(self.act, kind),
                KEYS[kind],
                ICONS.get(kind, "edit"),
                here,
                "appeals.change",
            )
            for kind in allowed
        )
        papers = {
            "appeal_receipt": self.tr("打印受理回执（A5 或 80 毫米）"),
            "appeal_referral": self.tr("打印转办单、呈报单"),
            "appeal_closing": self.tr("打印办结回访单"),
        }
        return (
            *acts,
            Command(self.tr("修改登记内容"), self.edit, "E", "edit", here, "appeals.change"),
            Command(self.tr("共享给上级或部门，或收回"), self.share, "S", "forward", here, "appeals.share"),
            Command(self.tr("打印合用的单子"), self.print_fitting, "Ctrl+P", "printer", here, "papers.change"),
            *(
                Command(words, partial(self.print_paper, form), _PAPERS[form], "printer", here, "papers.change")
                for form, words in papers.items()
            ),
            Command(self.tr("看办理经过"), partial(self._look_at, self.story), "Alt+J", "clock", here),
            Command(self.tr("看照片和附件"), self._see_files, "F", "file", here, "attachments.read"),
            Command(self.tr("撤销这件诉求（登记错了）"), self.cancel, "", "undo", here, "appeals.change"),
        )

    def unsaved(self) -> str:
        return self.title() if self.form.is_typed else ""

    # ---------------------------------------------------------------------------------------------------------- show

    def refresh(self, _changed: frozenset[str], /) -> None:
        db, appeal_id = self.desk.app.db, self.appeal_id
        self.attached.show_record(appeal_id)
        if not self._is_filled:
            self._is_filled = True
            self._show(self.shown)
            self._offer_draft()
        else:
            self.read(lambda: queries.detail(db, appeal_id), self._show, key="appeal")

    def _show(self, found: AppealDetail | None) -> None:
        gone = found is None or bool(found.appeal.sync_del)
        for part in (self._edit, self.share_button, self._print, self.left, self.facts):
            part.setVisible(not gone)
        self._split.setVisible(not gone or self.form.is_typed)
        if found is None or gone:
            self._tell_gone()
            return
        new = self._news(found)
        self.shown = found
        if not self._saving:
            self._seen = found.state.last_id
        self._no.setText(found.appeal.no or "")
        self._title.setText(found.appeal.title)
        self._marks.show_widgets(head_marks(self, found))
        self.standing.show_record(self.appeal_id)
        if found is not self._verbs_of:
            self._show_verbs(found)
        self._order_tabs()
        self.story.show_story(steps_of(found, {event.id for event in new}))
        self.facts.show_appeal(found)
        self._show_remark(found)
        if new:
            self._tell_news(found, new)
        self.install_commands()
        self.title_changed.emit()

    def _tell_gone(self) -> None:
        """It was cancelled, erased or taken back; what is being written can still be copied."""
        self._verbs.show_widgets([])
        words = why_gone(self.desk, Appeal, self.appeal_id) or self.tr("这件诉求已经撤销，或按居民的要求清除了。")
        self.notice.show_words(words + self.form.only_to_copy(), "warn", stays=True)

    def _see_files(self) -> None:
        self._look_at(self.attached)

    def _look_at(self, pane: QWidget) -> None:
        self.left.setCurrentWidget(pane)
        pane.setFocus()

    def _count_files(self, count: int) -> None:
        words = self.tr("附件 {n}").format(n=count) if count else self.tr("附件")
        self.left.setTabText(self.left.indexOf(self.attached), words)

    @property
    def _saving(self) -> bool:
        return self._busy or (self.form.is_open and not self.form.verb.isEnabled())

    def _news(self, found: AppealDetail) -> list[EventLine]:
        """What another desk, or another window, did since this one was shown."""
        if self.shown is None or self._saving:
            return []
        known = {event.id for event in self.shown.events}
        new = [event for event in found.events if event.id not in known]
        mine = next((at for at, event in enumerate(new) if event.id == self._mine), -1)
        return new[mine + 1 :]  # up to the end of one's own act nobody else came between: it would have been refused

    def _tell_news(self, found: AppealDetail, new: list[EventLine]) -> None:
        told = "；".join(f"{event.on} {event.by_name}{event.kind}" for event in new)
        words = self.tr("刚刚别处又办了：{told}。").format(told=told)
        open_kind = self._asked if self.form.is_open else ""
        if open_kind and open_kind not in found.allowed:
            words += self.tr("现在诉求{phase}，不能再{kind}；您写的还在，可以复制到“补充”里。").format(
                phase=found.state.phase, kind=open_kind
            )
        elif open_kind:
            words += self.tr("您写的还在，看过以后可以照样保存。")
        self.notice.show_words(words, "warn")

    def _show_verbs(self, found: AppealDetail) -> None:
        self._verbs_of = found
        icon = self.desk.theme.icon
        self.buttons = {}
        for at, kind in enumerate(found.allowed):
            first = at == 0 and found.state.phase != rules.CLOSED
            made = button(
                f"{self.asks.words(kind)} {KEYS[kind]}",
                partial(self.act, kind),
                tone="primary" if first else "",
                icon=icon(ICONS.get(kind, "edit"), "on_accent" if first else "accent_text"),
            )
            self.desk.offer("appeals.change", made)
            self.buttons[kind] = made
        had_keys = self._verbs.isAncestorOf(QApplication.focusWidget() or self)
        self._verbs.show_widgets(list(self.buttons.values()))
        if had_keys:  # the letters work where the keyboard is
            self.first_focus().setFocus()

    def _order_tabs(self) -> None:
        """As it is read: what can be done, what was done, and the cards beside it after that."""
        stops = (
            self._edit,
            self.share_button,
            self._print,
            *self.buttons.values(),
            self.standing.verb,
            self.left.tabBar(),
            self.story,
        )
        for one, other in pairwise(stops):
            self.setTabOrder(one, other)

    def _show_remark(self, found: AppealDetail) -> None:
        words = "；".join(part for part in (found.person_note, found.remark) if part)
        if words:
            self.remark.show_words(words, "", stays=True)
        else:
            self.remark.hide()

    # ---------------------------------------------------------------------------------------------------------- acts

    def act(self, kind: str) -> None:
        """Open the form of a step, or do it at once where it asks nothing."""
        shown = self.shown
        if shown is None or kind not in shown.allowed or self._busy:
            return
        if kind in AT_ONCE:
            self._at_once(kind)
            return
        self._asked = kind
        self.form.begin(self.asks.ask(kind, shown, lambda state: self._done(kind, state)), kind=kind)
        if kind == "办结":
            self.form.form.edited.connect(lambda name: self._need_explanation() if name == "outcome" else None)
            self._need_explanation()

    def _need_explanation(self) -> None:
        """The explanation is asked for only where it was not solved."""
        wanted = self.form.form.value("outcome") == rules.EXPLAINED
        for name in EXPLANATION:
            self.form.form.input(name).setEnabled(wanted)

    def _at_once(self, kind: str) -> None:
        self._busy = True
        do(
            self.desk,
            self,
            lambda: self.asks.act(self.appeal_id, Deed(kind)),
            lambda state: self.tr("已{kind}，现在{phase}").format(kind=kind, phase=state.phase),
            lambda state: self._done(kind, state),
            self._refused,
        )

    def _refused(self, problem: Problem) -> None:
        self._busy = False
        self.notice.show_problem(problem)
        self.refresh(frozenset())

    def _done(self, kind: str, state: State) -> None:
        self._busy = False
        self._seen = self._mine = state.last_id
        self.notice.hide()
        if kind in _HANDED_ON:
            words = self.tr("已{kind}。要不要把单子打出来？").format(kind=kind)
            self.notice.show_words(words, "good", self.tr("打印单子"), lambda: self.print_paper("appeal_referral"))
        elif kind == "评价" and state.reopened and state.phase == rules.WORKING:
            self.notice.show_words(self.tr("居民不满意，已经自动重开，请重新办理。"), "warn")
        self.refresh(frozenset())

    def _offer_draft(self) -> None:
        """What was being written when the program ended."""
        pending = self.form.pending()
        if pending is not None and self.shown and pending.name in self.shown.allowed:
            words = self.tr("上次的“{kind}”写到一半，没有保存。").format(kind=pending.name)
            self.notice.show_words(words, "", self.tr("接着写"), lambda: self.act(pending.name))

    def _form_closed(self) -> None:
        if self.shown is not None:
            self.first_focus().setFocus()

    def edit(self) -> None:
        """Correct what was taken in."""
        if self.shown is not None:
            self._asked = ""
            self.form.begin(self.asks.edit(self.shown))

    def share(self) -> None:
        """Who else receives it: more units, or fewer."""
        if self.shown is not None:
            share_dialog(self.desk, self.shown.appeal, self).open()

    def cancel(self) -> None:
        """Take back what was entered by mistake."""
        if self.shown is not None:
            self._asked = ""
            self.form.begin(self.asks.cancel(self.shown))

    # -------------------------------------------------------------------------------------------------------- papers

    def print_paper(self, form: str) -> None:
        """Go to the print centre with this appeal."""
        self.desk.print_form(form, [self.appeal_id])

    def print_fitting(self) -> None:
        """The paper this stage calls for: the receipt, the referral once it was handed on, the closing sheet."""
        if self.shown is None:
            return
        handed_on = any(event.kind in _HANDED_ON for event in self.shown.events)
        if self.shown.state.phase in {rules.RATING, rules.CLOSED}:
            self.print_paper("appeal_closing")
        else:
            self.print_paper("appeal_referral" if handed_on else "appeal_receipt")
