"""每季度“四个一”: the four boxes with what ticks them, quarter by quarter; what no record shows is ticked by hand."""

from datetime import timedelta
from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.matters import quarter
from desktop_app.matters.quarter import Box, Evidence, Quarter
from ui.pages.face_pane import FacePane
from ui.pages.page import Page
from ui.shell.commands import Command
from ui.shell.parts import Card, button, clear, label, row
from ui.widgets.elided import ElidedButton
from ui.widgets.flow import Beside
from ui.widgets.inline_form import Answer, Ask, InlineForm
from ui.widgets.inputs import tidy_date
from ui.widgets.record_form import Field, scrolled
from ui.widgets.share_bar import ShareBar
from ui.widgets.strip import Strip

_MOST = 6
_URGENT = {1: "", 2: "warn", 3: "bad"}


class QuarterPane(FacePane):
    """Left and right go through the quarters."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"matter", "campaign", "meeting", "matter_event", "resolution", "activity", "quarter_item"}
    )

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.page: Page = page
        self.shown: Quarter | None = None
        self._name = ""
        self._title = label("", "title")
        self.bar = ShareBar(page.desk.theme, self.tr("完成情况"), self)
        self.words = label("", "muted")
        self.warning = Strip(page.desk.theme, self)
        self.form = InlineForm(page.desk, self)
        self._boxes = QVBoxLayout()
        self._boxes.setSpacing(10)
        content = QWidget(self)
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.form)
        inner.addLayout(self._boxes)
        inner.addStretch(1)
        icon = page.desk.theme.icon
        self._tick = button(self.tr("登记一项 T"), self.tick, tone="primary", icon=icon("plus", "on_accent"))
        page.desk.offer("matters.change", self._tick)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(
            row(
                button(self.tr("上一季度"), lambda: self.go(-1)),
                self._title,
                button(self.tr("下一季度"), lambda: self.go(1)),
                self.words,
                1,
                button(self.tr("打印完成情况表 P"), self.print_sheet, icon=icon("printer", "accent_text")),
                self._tick,
            )
        )
        layout.addWidget(self.bar)
        layout.addWidget(self.warning)
        layout.addWidget(scrolled(content), 1)

    def commands(self) -> tuple[Command, ...]:
        here = self.tr("四个一")
        return (
            Command(self.tr("登记一项"), self.tick, "T", "plus", here, "matters.change"),
            Command(self.tr("撤回登记的一项"), self.untick, "Delete", "undo", here, "matters.change"),
            Command(self.tr("上一季度"), lambda: self.go(-1), "Alt+Left", "back", here),
            Command(self.tr("下一季度"), lambda: self.go(1), "Alt+Right", "forward", here),
            Command(self.tr("打印完成情况表"), self.print_sheet, "P", "printer", here),
        )

    def first_focus(self) -> QWidget:
        return self._tick

    def refresh(self) -> None:
        db, on, name = self.page.desk.app.db, self.page.desk.app.clock.today().isoformat(), self._name
        self.page.read(lambda: quarter.quarterly(db, on, name), self._show, key="quarter")

    def _show(self, found: Quarter) -> None:
        self.shown = found
        done = sum(box.done for box in found.boxes)
        self._title.setText(found.words)
        self.words.setText(self.tr("完成 {done} 项，共 {all} 项").format(done=done, all=len(found.boxes)))
        self.bar.show_shares([(self.tr("完成"), done, "good"), (self.tr("还差"), len(found.boxes) - done, "line")])
        if found.warning:
            self.warning.show_words(found.warning, _URGENT[found.urgency], stays=True)
        else:
            self.warning.hide()
        clear(self._boxes)
        cards = [self._card(box) for box in found.boxes]
        for at in range(0, len(cards), 2):
            self._boxes.addWidget(Beside(*cards[at : at + 2]))

    def _card(self, box: Box) -> QWidget:
        state = self.tr("✓ 已完成") if box.done else self.tr("○ 还没有")
        card = Card(f"{box.number}. {box.name}　{state}", self)
        card.body.addWidget(label(box.detail, "muted", wrap=True))
        for one in box.found[-_MOST:]:
            card.body.addLayout(self._line(one))
        if len(box.found) > _MOST:
            card.body.addWidget(label(self.tr("共 {n} 条，只列最近的").format(n=len(box.found)), "muted"))
        card.body.addStretch(1)
        return card

    def _line(self, one: Evidence) -> QHBoxLayout:
        line = row(label(one.on, "muted"), self._evidence(one))
        line.setStretch(1, 1)
        return line

    def _evidence(self, one: Evidence) -> QWidget:
        if one.table in {"meeting", "matter", "campaign"}:
            return ElidedButton(one.words, lambda: self.page.desk.open_record(one.table, one.id))
        return label(one.words, wrap=True)

    def go(self, by: int) -> None:
        """Another quarter."""
        if self.shown is not None:
            period = quarter.span(self.shown.name)
            day = period.last + timedelta(days=1) if by > 0 else period.first - timedelta(days=1)
            self._name = quarter.quarter_name(day)
            self.refresh()

    def tick(self) -> None:
        """Something was done that no record shows."""
        shown, app = self.shown, self.page.desk.app
        if shown is None:
            return
        options = tuple((str(box.number), f"{box.number}. {box.name}") for box in shown.boxes)
        first = str(shown.open[0].number) if shown.open else "1"

        def work(answer: Answer) -> object:
            day = tidy_date(answer["on"])
            return quarter.tick(app.db, app.actor, shown.name, int(answer["item"]), day, answer["text"])

        self.form.begin(
            Ask(
                self.tr("登记“四个一”"),
                self.tr("登记"),
                (
                    Field("item", self.tr("哪一项"), "choice", options, required=True),
                    Field("text", self.tr("做了什么"), required=True),
                    Field("on", self.tr("日期"), "date", required=True),
                ),
                work,
                lambda _made: self.tr("已登记"),
                values={"item": first, "on": app.clock.today().isoformat()},
                words=self.tr("敲门行动、会议、议题进展、共建活动会自动算进来；别的在这里登记。"),
            )
        )

    def untick(self) -> None:
        """What was ticked by hand by mistake is taken back; records that tick a box by themselves are not touched."""
        shown, app = self.shown, self.page.desk.app
        if shown is None:
            return
        by_hand = [(one, box) for box in shown.boxes for one in box.found if not one.table]
        if not by_hand:
            self.page.desk.say(self.tr("这个季度没有手工登记的；会议、活动等自动算进来的，要到那里去改。"))
            return
        choices = tuple((one.id, f"{box.number}. {one.on}　{one.words}") for one, box in by_hand)
        self.form.begin(
            Ask(
                self.tr("撤回登记的一项"),
                self.tr("撤回"),
                (Field("tick", self.tr("哪一条"), "choice", choices, required=True),),
                lambda answer: quarter.untick(app.db, app.actor, answer["tick"]),
                lambda _none: self.tr("已撤回"),
                values={"tick": choices[-1][0]},
                tone="danger",
            )
        )

    def print_sheet(self) -> None:
        """The paper of the quarter."""
        if self.shown is not None:
            self.page.desk.print_form("quarter_sheet", [self.shown.name])
