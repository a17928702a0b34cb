"""One matter: how far it has come, its story, and what may be done next, each by a letter; papers in one step."""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import ClassVar

from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from desktop_app.matters import queries, rules
from desktop_app.matters.actions import Deed, FromMeeting, last_said
from desktop_app.matters.model import Matter
from desktop_app.matters.queries import EventLine, MatterDetail
from desktop_app.matters.rules import State
from desktop_app.sync import units
from ui.pages.matter_asks import ICONS, KEYS, MatterAsks
from ui.pages.page import Page
from ui.pages.sharing import receivers, share_dialog, why_gone
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.doing import do
from ui.shell.parts import button, label, mark, row
from ui.shell.problems import Problem
from ui.shell.state_line import StateLine
from ui.widgets.attachments import AttachmentsPane
from ui.widgets.facts import Facts
from ui.widgets.flow import Flow
from ui.widgets.inline_form import InlineForm
from ui.widgets.side_column import SideColumn
from ui.widgets.step_bar import StepBar
from ui.widgets.story import Story, Told
from ui.widgets.strip import Strip

_SIDE = 400
_RIGHT = "matters.change"
_FROM_MEETING = {"商议", "决定"}
_PAPERS = {
    "matter_sheet": "Ctrl+P", "matter_assignment": "Alt+A", "matter_notice": "Alt+G", "four_two": "Alt+4",
}  # fmt: skip
_TONES = {rules.OPEN: "", rules.CLOSED: "good", rules.ENDED: "quiet"}


class MatterPage(Page):
    """Letters are verbs here; which there are, the steps say."""

    tables: ClassVar[frozenset[str]] = frozenset({"matter", "matter_event", "meeting", "attachment"})

    def __init__(self, desk: Desk, matter_id: str) -> None:
        super().__init__(desk)
        self.matter_id = matter_id
        self.shown: MatterDetail | None = None
        self._seen = ""
        self.asks = MatterAsks(desk, lambda: self._seen)
        self._is_filled = False
        self._verbs_of: object = None
        self.build(self._parts())

    def _parts(self) -> Iterator[None]:
        """What it is and what can be done at once; then where a form opens, the facts, the attachments."""
        desk = self.desk
        self._title = label("", "title", wrap=True)
        self._no = label("", "muted")
        self._state = mark("")
        self.steps = StepBar(desk.theme, self.tr("议事进度"), self)
        self.words = label("", "muted", wrap=True)
        self._verbs = Flow()
        self.buttons: dict[str, QPushButton] = {}
        self.standing = StateLine(desk, "matter", self)
        self.notice = Strip(desk.theme, self)
        self.story = Story(desk.theme, self.tr("议事经过"), self)
        self._arrange()
        self.shown = queries.detail(desk.app.db, self.matter_id)  # one record by id: asked in place
        if self.shown is not None:
            self._title.setText(self.shown.matter.title)
            self._show_verbs(self.shown)
        yield
        self.form = InlineForm(desk, self)
        self.form.closed.connect(self._form_closed)
        self.form.opened.connect(self._split.to_top)
        yield
        self.facts = Facts(self)
        self._meetings = Flow()
        self.attached = AttachmentsPane(desk, "matter", self)
        for part in (self.form, self.facts, self._meetings, self.attached):
            self._split.column.addWidget(part)
        self._split.column.addStretch(1)

    def _arrange(self) -> None:
        icon = self.desk.theme.icon
        self._edit = button(self.tr("修改 E"), self.edit, icon=icon("edit", "accent_text"))
        self._print = button(self.tr("打印 Ctrl+P"), self.print_fitting, icon=icon("printer", "accent_text"))
        self.share_button = button(self.tr("共享 S"), self.share, icon=icon("forward", "accent_text"))
        self.desk.offer(_RIGHT, self.share_button)
        head = row(self._no, self._title, self._state, self._edit, self.share_button, self._print)
        head.setStretch(1, 1)
        self._split = SideColumn(self.story, round(_SIDE * self.desk.theme.font_px / 14), self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 12, 18, 12)
        layout.setSpacing(8)
        layout.addLayout(head)
        for above in (self.steps, self.words, self._verbs, self.notice, self.standing):
            layout.addWidget(above)
        layout.addWidget(self._split, 1)

    # --------------------------------------------------------------------------------------------------------- page

    def title(self) -> str:
        return f"{self.shown.matter.no or ''} {self.shown.matter.title}".strip() if self.shown else self.tr("议题")

    def icon(self) -> str:
        return "people"

    def first_focus(self) -> QWidget:
        return next(iter(self.buttons.values()), self.story)

    def commands(self) -> tuple[Command, ...]:
        here = self.tr("这个议题")
        allowed = self.shown.allowed if self.shown else ()
        acts = tuple(
            Command(kind, partial(self.act, kind), KEYS[kind], ICONS.get(kind, "edit"), here, _RIGHT)
            for kind in allowed
        )
        papers = {
            "matter_sheet": self.tr("打印议题单"),
            "matter_assignment": self.tr("打印议题交办单"),
            "matter_notice": self.tr("打印公示"),
            "four_two": self.tr("打印各步登记表"),
        }
        return (
            *acts,
            Command(self.tr("修改议题"), self.edit, "E", "edit", here, _RIGHT),
            Command(self.tr("共享给上级或部门，或收回"), self.share, "S", "forward", here, _RIGHT),
            *(
                Command(words, partial(self.print_paper, form), _PAPERS[form], "printer", here)
                for form, words in papers.items()
            ),
            Command(self.tr("看议事经过"), self.story.setFocus, "Alt+J", "clock", here),
            Command(self.tr("撤销这个议题（提错了）"), self.cancel, "", "undo", here, _RIGHT),
        )

    def unsaved(self) -> str:
        return self.title() if self.form.is_typed else ""

    # ---------------------------------------------------------------------------------------------------------- show

    def refresh(self, _changed: frozenset[str], /) -> None:
        db, matter_id = self.desk.app.db, self.matter_id
        if not self._is_filled:
            self._is_filled = True
            self._show(self.shown)
        else:
            self.read(lambda: queries.detail(db, matter_id), self._show, key="matter")
        self.attached.show_record(matter_id)

    def _show(self, found: MatterDetail | None) -> None:
        self._split.setVisible(found is not None or self.form.is_typed)
        beside = (self.story, self.facts, self._meetings, self.attached)
        for part in (self._edit, self.share_button, self._print, self.steps, self.words, *beside):
            part.setVisible(found is not None)
        if found is None:
            self._tell_gone()
            return
        fresh = self._news(found)
        self.shown = found
        if not self.form.is_open:
            self._seen = found.state.last_id
        self._show_head(found)
        self.standing.show_record(self.matter_id)
        self.story.show_story([_told(line) for line in found.events])
        self.facts.show_facts(self._facts(found))
        self._meetings.show_widgets(
            [
                button(f"{day} {title}", partial(self.desk.open_record, "meeting", key), tone="link")
                for key, title, day in found.meetings
            ]
        )
        if found is not self._verbs_of:
            self._show_verbs(found)
        self._order_tabs()
        if fresh:
            self.notice.show_words(self.tr("刚刚别处又办了：{told}。").format(told="；".join(fresh)), "warn")
        elif self.notice.isHidden():
            self._offer_draft(found)
        self.install_commands()
        self.title_changed.emit()

    def _tell_gone(self) -> None:
        """It was cancelled or taken back; what is being written can still be copied."""
        self._verbs.show_widgets([])
        words = why_gone(self.desk, Matter, self.matter_id) or self.tr("这个议题已经撤销，记录不在了。")
        self.notice.show_words(words + self.form.only_to_copy(), "warn", stays=True)

    def _news(self, found: MatterDetail) -> list[str]:
        """What was done elsewhere while a form is open here."""
        if self.shown is None or not self.form.is_open or not self.form.verb.isEnabled():
            return []
        known = {line.id for line in self.shown.events}
        return [f"{line.on} {line.by_name}{line.kind}" for line in found.events if line.id not in known]

    def _show_head(self, found: MatterDetail) -> None:
        state = found.state
        self._no.setText(found.matter.no or "")
        self._title.setText(found.matter.title)
        late = state.late(self.desk.app.clock.today().isoformat())
        self._state.setText(self.tr("已逾期") if late else state.phase)
        self._state.setProperty("tone", "bad" if late else _TONES.get(state.phase, ""))
        self._state.style().unpolish(self._state)
        self._state.style().polish(self._state)
        days = [self.tr("{n} 天").format(n=count) for count in found.days]
        self.steps.show_steps(found.step_names, state.step, days, over=not state.open)
        more = [self.steps.words]
        if found.blocked:
            more.append(self.tr("往下走之前：{why}").format(why=found.blocked))
        elif state.open and state.step < len(found.step_names):
            more.append(self.tr("可以往下走（N）"))
        if state.lead:
            more.append(
                self.tr("{lead}牵头，{due}前完成，进度 {n}%").format(
                    lead=state.lead, due=state.due_on, n=state.progress
                )
            )
        self.words.setText("　·　".join(more))

    def _facts(self, found: MatterDetail) -> list[tuple[str, str | QWidget | None]]:
        matter, state, tr = found.matter, found.state, self.tr
        source = (
            button(found.appeal, partial(self.desk.open_record, "appeal", matter.appeal_id or ""), tone="link")
            if found.appeal
            else None
        )
        return [
            (tr("提出"), f"{matter.source}　{matter.proposer or ''}　{matter.proposed_on}"),
            (tr("电话"), found.phone),
            (tr("附议"), tr("{n} 户").format(n=matter.households) if matter.households else ""),
            (tr("来自诉求"), source),
            (tr("类别"), found.kind),
            (tr("步骤"), found.template.name if found.template else matter.template),
            (tr("范围"), matter.scope_text or found.estate),
            (tr("资金"), matter.fund or ""),
            (tr("来自"), units.home_name(self.desk.app.db, matter.scope)),
            (tr("共享给"), tr("、").join(receivers(self.desk.app.db, matter))),
            (tr("内容"), matter.text),
            (tr("决定"), f"{state.outcome}：{state.decision}" if state.outcome else ""),
            (tr("协办"), state.helpers),
            (tr("结果"), state.result),
            (tr("告知"), f"{state.told_on}　{state.told_whom}" if state.told_on else ""),
            (tr("评价"), state.satisfaction or state.unrated),
        ]

    def _show_verbs(self, found: MatterDetail) -> None:
        self._verbs_of = found
        icon, state = self.desk.theme.icon, found.state
        first = "推进" if "推进" in found.allowed else "结案" if "结案" in found.allowed and not found.blocked else ""
        self.buttons = {}
        for kind in sorted(found.allowed, key=lambda word: word != first):
            main = kind == first and state.open
            made = button(
                f"{kind} {KEYS[kind]}",
                partial(self.act, kind),
                tone="primary" if main else "",
                icon=icon(ICONS.get(kind, "edit"), "on_accent" if main else "accent_text"),
            )
            self.desk.offer(_RIGHT, made)
            self.buttons[kind] = made
        had_keys = self._verbs.isAncestorOf(QApplication.focusWidget() or self)
        self._verbs.show_widgets(list(self.buttons.values()))
        if had_keys:  # the letters work where the keyboard is
            self.first_focus().setFocus()

    def _order_tabs(self) -> None:
        """As it is read: what can be done, what was said, and the cards beside it after that."""
        stops = (self._edit, self.share_button, self._print, *self.buttons.values(), self.standing.verb, self.story)
        for one, other in pairwise(stops):
            self.setTabOrder(one, other)

    # ---------------------------------------------------------------------------------------------------------- acts

    def act(self, kind: str) -> None:
        """Open the form of a step, or do it at once where it asks nothing."""
        shown = self.shown
        if shown is None or kind not in shown.allowed:
            return
        self._seen = shown.state.last_id
        if kind == "推进":
            do(
                self.desk,
                self,
                lambda: self.asks.act(self.matter_id, Deed(kind, expects=self._seen)),
                lambda state: self.tr("到了“{step}”").format(step=shown.step_names[state.step - 1]),
                lambda _state: self.refresh(frozenset()),
                self._refused,
            )
        elif kind == "上会":
            self.form.begin(self.asks.put_on_agenda(shown, lambda _item: self.refresh(frozenset())))
        elif kind in _FROM_MEETING:
            db, matter_id = self.desk.app.db, self.matter_id
            self.read(lambda: last_said(db, matter_id), partial(self._begin, kind, shown), key="said")
        else:
            self._begin(kind, shown)

    def _begin(self, kind: str, shown: MatterDetail, said: FromMeeting | None = None) -> None:
        """The form of a step; talk and decision begin with what the meeting said."""
        self.form.begin(self.asks.ask(kind, shown, partial(self._done, kind), said), kind=kind)

    def _offer_draft(self, shown: MatterDetail) -> None:
        """What was being written when the page was left."""
        pending = self.form.pending()
        if pending is not None and pending.name in shown.allowed:
            words = self.tr("“{kind}”写到一半，没有保存，写过的内容都在。").format(kind=pending.name)
            self.notice.show_words(words, "", self.tr("接着写"), lambda: self.act(pending.name))

    def _refused(self, problem: Problem) -> None:
        self.notice.show_problem(problem)
        self.refresh(frozenset())

    def _done(self, kind: str, _state: State) -> None:
        self.notice.hide()
        if kind == "交办":
            words = self.tr("已交办。要不要把议题交办单打出来？")
            self.notice.show_words(words, "good", self.tr("打印交办单"), partial(self.print_paper, "matter_assignment"))
        self.refresh(frozenset())

    def _form_closed(self) -> None:
        if self.shown is not None:
            self._seen = self.shown.state.last_id
            self.first_focus().setFocus()

    def edit(self) -> None:
        """Correct what was proposed."""
        if self.shown is not None:
            self.form.begin(self.asks.edit(self.shown))

    def share(self) -> None:
        """Who else receives it: more units, or fewer."""
        if self.shown is not None:
            share_dialog(self.desk, self.shown.matter, self).open()

    def cancel(self) -> None:
        """Take back what was entered by mistake."""
        if self.shown is not None:
            self.form.begin(self.asks.cancel(self.shown))

    # -------------------------------------------------------------------------------------------------------- papers

    def print_paper(self, form: str) -> None:
        """Go to the print centre with this matter."""
        self.desk.print_form(form, [self.matter_id])

    def print_fitting(self) -> None:
        """The paper this step calls for: the assignment while somebody works on it, else the whole sheet."""
        if self.shown is not None:
            state = self.shown.state
            self.print_paper("matter_assignment" if state.lead and not state.done_on else "matter_sheet")


def _told(line: EventLine) -> Told:
    parts = (
        line.result,
        line.to_whom,
        f"协办：{line.helpers}" if line.helpers else "",
        f"{line.due_on}前" if line.due_on else "",
        f"{line.progress}%" if line.progress is not None else "",
        line.how,
        f"至{line.until_on}" if line.until_on else "",
    )
    head = f"{line.kind}　" + "，".join(part for part in parts if part)
    text = "\n".join(
        part for part in (line.text, line.meeting, f"没有生效：{line.stale}" if line.stale else "") if part
    )
    return Told(line.on, head.strip(), f"{line.step_name}　{line.by_name}", text, "bad" if line.stale else "accent")
