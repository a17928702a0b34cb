"""One meeting: signing in at the left, the agenda in the middle, the paper at the right; signed means locked."""

from collections.abc import Iterator
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from desktop_app.meetings import noticing
from desktop_app.meetings.model import Meeting
from desktop_app.meetings.rules import MeetingFile
from ui.pages.meetings_agenda import AgendaPane
from ui.pages.meetings_asks import MeetingAsks
from ui.pages.meetings_facts import MeetingFacts, meeting_facts
from ui.pages.meetings_papers import MeetingPapers
from ui.pages.meetings_preview import PaperPane
from ui.pages.meetings_signin import SignInPane
from ui.pages.meetings_vote import VoteAsks
from ui.pages.page import Page
from ui.pages.sharing import share_dialog, why_gone
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.doing import do
from ui.shell.parts import button, label, mark, row
from ui.shell.problems import Problem
from ui.shell.state_line import StateLine
from ui.widgets.attachments import AttachmentsPane
from ui.widgets.strip import Strip

_ROOM_FOR_PAPER = 1000
_PAPER_MS = 1500


class MeetingPage(Page):
    """A meeting in its tab."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {
            "meeting",
            "agenda_item",
            "attendance",
            "resolution",
            "meeting_correction",
            "meeting_note",
            "owner_ballot",
            "attachment",
        }
    )

    def __init__(self, desk: Desk, meeting_id: str) -> None:
        super().__init__(desk)
        self.meeting_id = meeting_id
        self.facts: MeetingFacts | None = None
        self._asks = MeetingAsks(desk)
        self.votes = VoteAsks(desk)
        self._papers = MeetingPapers(self.print_paper, desk.theme, self)
        self._wide, self._gone = True, False
        self.build(self._parts())

    def _parts(self) -> Iterator[None]:
        """Signing in at once; then the agenda, the paper, the attachments."""
        desk = self.desk
        self._title = label("", "title")
        self._where = label("", "muted")
        self._state = mark("")
        self.home = mark("", "quiet")
        self.shared_words = label("", "muted")
        self.notice = Strip(desk.theme, self)
        self.problem = Strip(desk.theme, self)
        self._remark = Strip(desk.theme, self)
        self._later = QTimer(self, singleShot=True, interval=_PAPER_MS)
        self.standing = StateLine(desk, "meeting", self)
        self.sign_in = SignInPane(self)
        self._arrange()
        yield
        self.agenda = AgendaPane(self)
        self._splitter.addWidget(self.agenda)
        yield
        self.paper = PaperPane(self)
        self._later.timeout.connect(self.paper.refresh)
        self._splitter.addWidget(self.paper)
        yield
        self.attached = AttachmentsPane(desk, "meeting", self)
        self.attached.hide()
        self.attached.counted.connect(self._count_files)
        self._splitter.addWidget(self.attached)
        self._share_room()

    def _arrange(self) -> None:
        theme = self.desk.theme
        self._info = button(self.tr("会议信息"), self.edit)
        self._end = button(self.tr("散会 J"), self.end_now, icon=theme.icon("clock"))
        self._sign = button(self.tr("签字锁定"), self.sign, icon=theme.icon("lock"))
        self._correct = button(self.tr("添加更正"), self.correct, icon=theme.icon("edit"))
        self._cancel = button(self.tr("撤销会议"), self.cancel, tone="link")
        self.share_button = button(self.tr("共享…"), self.share)
        self.share_button.setAccessibleName(self.tr("共享给上级或部门"))
        self._look = button(self.tr("预览"), self._toggle_paper)
        self._look.setCheckable(True)
        self._look.setChecked(True)
        self._attached = button(self.tr("附件"), self._toggle_files)
        self._attached.setCheckable(True)
        self._split()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 8, 14, 12)
        layout.setSpacing(6)
        layout.addLayout(row(self._title, self._state, self.home, self._where, 1, self.shared_words))
        layout.addLayout(self._verbs())
        layout.addWidget(self.standing)
        layout.addWidget(self.problem)
        layout.addWidget(self.notice)
        layout.addWidget(self._remark)
        layout.addWidget(self._splitter, 1)

    def _verbs(self) -> QHBoxLayout:
        changing = (self._info, self.share_button, self._end, self._sign, self._correct, self._cancel)
        papers = tuple(self._papers.buttons())
        self._all_verbs = (*changing, *papers, self._look, self._attached)
        return row(*changing, 1, *papers, self._look, self._attached, gap=6)

    def _split(self) -> None:
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(10)
        self._splitter.addWidget(self.sign_in)
        self.sign_in.setMinimumWidth(round(210 * self.desk.theme.font_px / 14))

    def _share_room(self) -> None:
        factor = self.desk.theme.font_px / 14
        for at in range(self._splitter.count()):
            self._splitter.setStretchFactor(at, int(at == 1))
        self._splitter.setSizes([round(250 * factor), 560, round(380 * factor), round(380 * factor)])

    def title(self) -> str:
        return self.facts.file.meeting.title if self.facts else self.tr("会议")

    def icon(self) -> str:
        return "meeting"

    def first_focus(self) -> QWidget | None:
        return self.sign_in.field

    def commands(self) -> tuple[Command, ...]:
        group, new = self.tr("这次会议"), self.late(lambda: self.agenda.focus_new)
        up, down = self.late(lambda: self.agenda.move_up), self.late(lambda: self.agenda.move_down)
        return (
            *self.sign_in.commands(),
            Command(self.tr("会议信息"), self.edit, "E", "edit", group, "meetings.change"),
            Command(self.tr("加一个议题"), new, "Alt+A", "plus", group, "meetings.change"),
            Command(self.tr("这个议题往前移"), up, "Alt+PgUp", "", group, "meetings.change"),
            Command(self.tr("这个议题往后移"), down, "Alt+PgDown", "", group, "meetings.change"),
            Command(self.tr("散会：记下时间，备好纪要"), self.end_now, "J", "clock", group, "meetings.change"),
            Command(self.tr("已经通知了：记下今天"), self.give_notice, "Alt+I", "check", group, "meetings.change"),
            Command(self.tr("签字锁定"), self.sign, "", "lock", group, "meetings.approve"),
            Command(self.tr("撤销这次会议"), self.cancel, "", "undo", group, "meetings.change"),
            Command(self.tr("共享给上级或部门"), self.share, "", "forward", group, "meetings.share"),
            *self._papers.commands(group),
            Command(self.tr("看或收起预览"), self._look.click, "Alt+V", "eye", group),
            Command(self.tr("看或收起附件"), self._attached.click, "Alt+F", "file", group),
            Command(self.tr("马上保存"), self.flush, "Ctrl+S", "save", group),
        )

    def unsaved(self) -> str:
        return self.tr("会议记录里有刚写的几个字") if self.agenda.is_unsaved else super().unsaved()

    def keep_typed(self) -> None:
        self.flush()
        super().keep_typed()

    # ------------------------------------------------------------------------------------------ show

    def refresh(self, _changed: frozenset[str], /) -> None:
        db, meeting_id, actor = self.desk.app.db, self.meeting_id, self.desk.app.actor.id
        self.read(lambda: meeting_facts(db, meeting_id, actor), self._show, key="meeting")
        self.attached.show_record(meeting_id)

    def _show(self, facts: MeetingFacts | None) -> None:
        for verb in self._all_verbs:
            verb.setEnabled(facts is not None)
        if facts is None:
            self.facts, self._gone = None, True
            self.when_whole(self._tell_gone)
            return
        if self._gone:  # taken back, and done again
            self._gone = False
            self._splitter.setVisible(True)
            self.sign_in.setVisible(True)
            self.when_whole(self._toggle_paper)
        self.facts = facts
        self.title_changed.emit()
        self.in_turns(self._show_parts(facts))

    def _tell_gone(self) -> None:
        """It was cancelled, withdrawn or erased; what is being written can still be copied."""
        words = why_gone(self.desk, Meeting, self.meeting_id) or self.tr("这次会议已经撤销，记录不在了。")
        said, noted = self.sign_in.form.only_to_copy(), self.agenda.only_to_copy()
        for part, typed in ((self.sign_in, said), (self.agenda, noted), (self.paper, ""), (self.attached, "")):
            part.setVisible(bool(typed))
        self._splitter.setVisible(bool(said or noted))
        self.notice.show_words(words + (said or noted), "warn", stays=True)

    def _show_parts(self, facts: MeetingFacts) -> Iterator[None]:
        file = facts.file
        self._show_head(file)
        self._show_units(facts)
        self.standing.show_record(self.meeting_id)
        yield
        self.sign_in.show_names(facts.names, file.count, facts.quorums, locked=file.signed)
        yield
        yield from self.agenda.show_file(file, facts.verdicts, facts.mine)
        yield
        self._show_notice(facts)
        self._show_remarks(facts)
        if self.agenda.is_writing:
            self._later.start()  # the paper is drawn when the pen rests
        else:
            self.paper.refresh()

    def _show_head(self, file: MeetingFile) -> None:
        meeting = file.meeting
        kind = self.desk.codes("meeting_types").name(meeting.kind)
        self._title.setText(meeting.title)
        facts = (
            kind if kind not in meeting.title else "",
            meeting.starts_at or self.tr("时间未定"),
            meeting.place,
            meeting.no,
            self.tr("{on} 通知").format(on=meeting.notice_on[5:]) if meeting.notice_on else "",
        )
        self._where.setText("　·　".join(part for part in facts if part))
        self._state.setText(self.tr("已签字") if file.signed else self.tr("记录中"))
        self._state.setProperty("tone", "good" if file.signed else "")
        self._state.style().unpolish(self._state)
        self._state.style().polish(self._state)
        for part in (self._sign, self._cancel):
            part.setVisible(not file.signed)
        self._end.setVisible(not file.signed and not meeting.ends_at)
        self._correct.setVisible(file.signed)

    def _show_units(self, facts: MeetingFacts) -> None:
        """Whose meeting it is, and who else has it."""
        self.home.setText(self.tr("{unit}召集").format(unit=facts.home))
        self.home.setVisible(bool(facts.home))
        others = self.tr("、").join(facts.receivers)
        self.shared_words.setText(self.tr("共享给：{units}").format(units=others) if others else "")
        self.share_button.setEnabled(not facts.home)
        self._cancel.setVisible(not facts.home and not facts.file.signed)
        why = self.tr("这是{unit}召集、共享来的会议：共享给谁、撤销会议由那里决定。").format(unit=facts.home)
        self.share_button.setToolTip(why if facts.home else "")

    def _show_notice(self, facts: MeetingFacts) -> None:
        if facts.changed:
            words = self.tr("签字以后，{parts}又有变动，与签字时的指纹对不上。请核对，属实的用“添加更正”写明。")
            self.notice.show_words(words.format(parts="、".join(facts.changed)), "bad", stays=True)
        elif facts.file.signed:
            who = facts.file.meeting.signed_by or ""
            words = self.tr("记录由{who}签字，已经锁定。要改正请“添加更正”，原记录不动。").format(who=who)
            self.notice.show_words(words, "good", stays=True)
        elif facts.missing:
            words = self.tr("签字前还要补：{things}").format(things="、".join(facts.missing))
            self.notice.show_words(words, "", stays=True)
        else:
            self.notice.show_words(self.tr("要素齐了，可以签字。"), "good", self.tr("签字锁定"), self.sign, stays=True)

    def _show_remarks(self, facts: MeetingFacts) -> None:
        """What is odd about the call; who has told people by telephone says so by one press."""
        untold = not facts.file.signed and not facts.file.meeting.notice_on
        verb, work = (self.tr("已经通知了"), self.give_notice) if untold else ("", None)
        self._remark.show_words("；".join(facts.remarks), "", verb, work, stays=True)
        self._remark.setVisible(bool(facts.remarks))

    def show_problem(self, problem: Problem) -> None:
        """Above the work, until it is put away."""
        self.problem.show_problem(problem)

    def saved(self, _record: object = None) -> None:
        """Something saved itself."""
        self.problem.hide()
        self.desk.say(self.tr("已自动保存"))

    def _toggle_files(self) -> None:
        """The attachments stand where the paper does: one of the two at a time."""
        self.attached.setVisible(self._attached.isChecked())
        if self._attached.isChecked() and self._look.isChecked():
            self._look.setChecked(False)
            self.paper.hide()

    def _count_files(self, count: int) -> None:
        self._attached.setText(self.tr("附件 {n}").format(n=count) if count else self.tr("附件"))

    def _toggle_paper(self) -> None:
        if self._look.isChecked():
            self._attached.setChecked(False)
            self.attached.hide()
        self.paper.setVisible(self._look.isChecked())
        self.paper.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= _ROOM_FOR_PAPER * self.desk.theme.font_px / 14
        if wide != self._wide:
            self._wide = wide
            self._look.setChecked(wide)
            self.when_whole(self._toggle_paper)

    # ------------------------------------------------------------------------------------------ verbs

    def flush(self) -> None:
        """Save now what is not saved."""
        self.agenda.flush()

    def edit(self) -> None:
        """When, where, who: the meeting itself."""
        if self.facts is not None:
            self.agenda.form.begin(self._asks.edit(self.facts.file))

    def end_now(self) -> None:
        """The meeting is over: its end, the opening of the minutes and their number are filled in."""
        facts, app = self.facts, self.desk.app
        if facts is None or facts.file.signed or facts.file.meeting.ends_at:
            return
        self.flush()
        file, now = facts.file, f"{app.clock.now():%Y-%m-%d %H:%M}"
        do(
            self.desk,
            self,
            lambda: self._asks.end(file, now),
            lambda _meeting: self.tr("{time} 散会，可以打印纪要（Alt+P）").format(time=now[11:]),
            failed=self.show_problem,
        )

    def give_notice(self) -> None:
        """People were told of the meeting today; printing the notice says so by itself."""
        facts, app = self.facts, self.desk.app
        if facts is None or facts.file.signed or facts.file.meeting.notice_on:
            return
        do(
            self.desk,
            self,
            lambda: noticing.give_notice(app.db, app.actor, self.meeting_id),
            lambda made: self.tr("已记下：{on} {how}").format(on=made.notice_on, how=made.notice_how),
            failed=self.show_problem,
        )

    def sign(self) -> None:
        """Lock the record."""
        self.flush()
        if self.facts is not None and not self.facts.file.signed:
            self.agenda.form.begin(self._asks.sign(self.facts.file, self.facts.missing))

    def share(self) -> None:
        """Who else receives the meeting."""
        if self.facts is not None and not self.facts.home:
            share_dialog(self.desk, self.facts.file.meeting, self).open()

    def cancel(self) -> None:
        """Take the meeting back, with a reason."""
        if self.facts is not None and not self.facts.file.signed and not self.facts.home:
            self.agenda.form.begin(self._asks.cancel(self.facts.file))

    def correct(self) -> None:
        """Add what has to be put right to a signed record."""
        if self.facts is not None and self.facts.file.signed:
            self.agenda.form.begin(self._asks.correct(self.facts.file))

    def print_paper(self, form: str) -> None:
        """Go to the print centre with this meeting."""
        self.flush()
        self.desk.print_form(form, [self.meeting_id])
