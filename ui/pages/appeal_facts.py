"""What stands beside the story of an appeal: its clocks, who brought it up and where, the words of it."""

from collections.abc import Iterable
from functools import partial

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop_app.appeals import rules
from desktop_app.appeals.clocks import LATE, NEAR, OVERDUE, RESTING, Clock
from desktop_app.appeals.model import Appeal
from desktop_app.appeals.queries import AppealDetail, EventLine
from desktop_app.appeals.reporters import living_record
from desktop_app.shared.text import mask
from desktop_app.sync import units
from ui.pages.sharing import receivers
from ui.shell.desk import Desk
from ui.shell.parts import Card, button, clear, label, mark, readable
from ui.widgets.elided import ElidedButton
from ui.widgets.facts import Facts
from ui.widgets.secret import Secret
from ui.widgets.story import Told

_TONES = {OVERDUE: "bad", LATE: "warn", NEAR: "warn", RESTING: "quiet"}
_PHASES = {
    rules.WAITING: "warn", rules.CLAIMABLE: "warn", rules.PAUSED: "quiet", rules.RATING: "warn",
    rules.REOPENING: "bad", rules.CLOSED: "good",
}  # fmt: skip
_STEPS = {
    "上报": "warn",
    "退回": "warn",
    "办结": "good",
    "评价": "good",
    "重开": "bad",
    "暂停": "muted",
    "登记": "edge",
}
_ORDINARY = "一般"


def head_marks(page: QWidget, shown: AppealDetail) -> list[QWidget]:
    """Where it stands, in words beside the title."""
    marks = [mark(shown.state.phase, _PHASES.get(shown.state.phase, ""))]
    if shown.state.open:
        marks.append(mark(shown.step_name, ""))
    else:
        marks.append(mark(shown.state.outcome, "good" if shown.state.outcome == rules.ANSWERED else "quiet"))
    late = [one for one in shown.clocks if one.state == OVERDUE]
    near = [one for one in shown.clocks if one.state == NEAR]
    if found := late or near:
        what = found[0].what if len(found) == 1 else page.tr("{n} 项").format(n=len(found))
        words = page.tr("{what}逾期") if late else page.tr("{what}将到期")
        marks.append(mark(words.format(what=what), "bad" if late else "warn"))
    if shown.urgency != _ORDINARY:
        marks.append(mark(shown.urgency, "bad"))
    if shown.state.reopened:
        marks.append(mark(page.tr("重开过"), "warn"))
    return list(marks)


def steps_of(shown: AppealDetail, new: Iterable[str] = ()) -> list[Told]:
    """The story, the oldest first; what came in just now is marked."""
    fresh = set(new)
    return [_step(event, event.id in fresh) for event in shown.events]


def _step(event: EventLine, fresh: bool) -> Told:
    whom = f" → {event.to_whom}" if event.to_whom else ""
    result = f"：{event.result}" if event.result else ""
    how = f"（{event.how}）" if event.how else ""
    text = event.text + (f"\n没有生效：{event.stale}" if event.stale else "")
    tone = "muted" if event.stale else _STEPS.get(event.kind, "accent")
    head = f"{'★ ' if fresh else ''}{event.kind}{whom}{how}{result}"
    return Told(event.on, head, f"{event.by_name}　{event.step_name}", text.strip(), tone)


class AppealFacts(QWidget):
    """Three cards."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._clocks = QGridLayout()
        self._clocks.setHorizontalSpacing(12)
        self._clocks.setVerticalSpacing(6)
        self._clocks.setColumnStretch(1, 1)
        self._who = Facts(self)
        self._words = readable("")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        clocks = Card(self.tr("期限（工作日）"))
        clocks.body.addLayout(self._clocks)
        what, who = Card(self.tr("反映的内容")), Card(self.tr("登记"))
        what.body.addWidget(self._words)
        who.body.addWidget(self._who)
        for card in (clocks, what, who):
            layout.addWidget(card)

    def show_appeal(self, shown: AppealDetail) -> None:
        """Replace what is shown."""
        clear(self._clocks)
        for at, one in enumerate(shown.clocks):
            self._clocks.addWidget(label(one.what, "muted"), at, 0)
            self._clocks.addWidget(label(self._when(one)), at, 1)
            self._clocks.addWidget(mark(one.state, _TONES.get(one.state, "good" if one.done_on else "")), at, 2)
        if not shown.clocks:
            self._clocks.addWidget(label(self.tr("这个处置阶梯没有期限。"), "muted"), 0, 0, 1, 3)
        self._words.setText(shown.appeal.text or shown.appeal.title)
        self._show_who(shown)

    def _when(self, one: Clock) -> str:
        if one.done_on:
            return self.tr("{done} 办（期限 {due}）").format(done=one.done_on[5:], due=one.due_on[5:])
        if one.state == RESTING:
            return one.due_on
        if one.left < 0:
            return self.tr("{due}，过了 {n} 个工作日").format(due=one.due_on, n=-one.left)
        return self.tr("{due}，还有 {n} 个工作日").format(due=one.due_on, n=one.left)

    def _show_who(self, shown: AppealDetail) -> None:
        appeal, tr = shown.appeal, self.tr
        pauses = "；".join(tr("{a} 至 {b}").format(a=a, b=b or tr("现在")) for a, b in shown.state.pauses)
        self._who.show_facts(
            [
                (tr("反映人"), self._reporter(shown)),
                (tr("电话"), self._phone(appeal)),
                (tr("地点"), self._place(shown)),
                (tr("渠道"), f"{shown.channel}　{shown.kind}　{shown.klass}"),
                (tr("接到"), appeal.received_on),
                (tr("承诺办结"), appeal.promised_on),
                (tr("承办"), shown.state.assignee),
                (tr("层级"), shown.step_name),
                (tr("来自"), units.home_name(self._desk.app.db, appeal.scope)),
                (tr("共享给"), tr("、").join(receivers(self._desk.app.db, appeal))),
                (tr("暂停过"), pauses),
                (tr("评价"), shown.state.satisfaction or shown.state.why_none),
            ]
        )

    def _reporter(self, shown: AppealDetail) -> QWidget | str:
        """The living record opens, also of somebody who was merged or has moved since."""
        person_id = living_record(self._desk.app.db, shown.appeal.person_id)
        if not person_id or shown.appeal.anonymous:
            return shown.reporter
        return button(shown.reporter, partial(self._desk.open_record, "person", person_id), tone="link")

    def _phone(self, appeal: Appeal) -> QWidget | str:
        if not appeal.reporter_phone:
            return ""
        number = appeal.reporter_phone
        secret = Secret(self.tr("电话"), self._desk.theme, self)
        secret.show_secret(mask("phone", number), lambda: number)
        secret.revealed.connect(lambda: self._desk.note_look(Appeal, appeal.id, "电话"))
        return secret

    def _place(self, shown: AppealDetail) -> QWidget | str:
        if not shown.appeal.room_id or not shown.place:
            return shown.place
        return ElidedButton(shown.place, partial(self._desk.open_record, "room", shown.appeal.room_id))
