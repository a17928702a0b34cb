"""值守: the shifts of a span of days with what became of them; planning, signing, swapping, leave."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLayout

from desktop_app.orders import duty, duty_rules, people, reporting_lists, reporting_rules, roster, sheet
from desktop_app.orders.duty import PlannedWeek
from desktop_app.orders.duty_rules import Duty
from desktop_app.orders.roster import ShiftLine
from desktop_app.shared.pinyin import sort_key
from desktop_app.store.database import Database
from ui.pages.list_pane import Facts_, ListPane
from ui.pages.orders_asks import RIGHT, whole
from ui.pages.orders_leave import LeaveAsks
from ui.pages.page import Page
from ui.shell.commands import Command
from ui.shell.parts import column, label
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.inline_form import Answer, Ask
from ui.widgets.inputs import tidy_date, tidy_time
from ui.widgets.record_form import Field
from ui.widgets.record_model import Column

_WEEKS = {"this": 0, "next": 1, "last": -1}
_ASKED = "换班待答复"


class DutyPane(ListPane):
    """Shifts of a week, or of a month, by day and time."""

    name: ClassVar[str] = "值守"
    record: ClassVar[str] = "shift"
    tables: ClassVar[frozenset[str]] = frozenset({"shift", "shift_event", "post", "helper", "person"})
    stretch: ClassVar[str] = "post"
    search: ClassVar[str] = "姓名、岗亭、备注"

    def __init__(self, page: Page) -> None:
        self._leaves = LeaveAsks(page.desk)
        super().__init__(page)

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("on", self.tr("日期"), 88, lambda line: line.on, "on"),
            Column("weekday", self.tr("星期"), 44, lambda line: line.weekday),
            Column("slot", self.tr("班次"), 92, lambda line: line.slot, "slot"),
            Column("post", self.tr("岗亭"), 140, lambda line: line.post, "post"),
            Column("helper", self.tr("值守人"), 76, lambda line: line.helper or self.tr("（空）"), "helper"),
            Column("word", self.tr("状态"), 60, lambda line: line.word, "word", tone=_tone),
            Column("times", self.tr("到离"), 124, lambda line: f"{line.in_time}-{line.out_time}".strip("-")),
            Column("remark", self.tr("备注"), 140, self._remark, "remark"),
        )

    def filters(self) -> tuple[Filter, ...]:
        spans = (
            ("this", self.tr("本周")),
            ("next", self.tr("下周")),
            ("last", self.tr("上周")),
            ("today", self.tr("今天")),
            ("month", self.tr("近 30 天")),
        )
        words = tuple((word, word) for word in (*duty_rules.WORDS, _ASKED))
        return (
            Filter("span", self.tr("哪几天"), spans, several=False),
            Filter("word", self.tr("状态"), words, several=False),
        )

    def orders(self) -> Mapping[str, Callable[[ShiftLine], Any]]:
        return {
            "on": lambda line: (line.on, line.slot, line.post),
            "slot": lambda line: (line.slot, line.on),
            "post": lambda line: (line.post, line.on, line.slot),
            "helper": lambda line: (sort_key(line.helper), line.on),
            "word": lambda line: (line.word, line.on),
            "remark": lambda line: line.remark,
        }

    def ask(self, db: Database, chosen: Chosen) -> list[ShiftLine]:
        since, until = self._span(chosen.one("span"))
        lines = roster.shifts(db, since, until)
        word = chosen.one("word")
        if word:
            lines = [line for line in lines if (line.ask if word == _ASKED else line.word == word)]
        return [line for line in lines if chosen.text in f"{line.helper}{line.post}{line.remark}{line.asked}"]

    def _show(self, lines: Sequence[ShiftLine]) -> None:
        """The first time, the cursor stands at today."""
        if self.table.current is None and not self._point:
            today = self.page.desk.app.clock.today().isoformat()
            self._point = next((line.id for line in lines if line.on >= today), "")
        super()._show(lines)
        QTimer.singleShot(0, self, lambda: self.table.scrollTo(self.table.currentIndex()))

    def _span(self, word: str) -> tuple[str, str]:
        today = self.page.desk.app.clock.today()
        if word == "today":
            return today.isoformat(), today.isoformat()
        if word == "month":
            return (today - timedelta(days=30)).isoformat(), today.isoformat()
        first = roster.monday(today) + timedelta(weeks=_WEEKS.get(word, 0))
        return first.isoformat(), (first + timedelta(days=6)).isoformat()

    def title_of(self, line: ShiftLine) -> str:
        return f"{line.on}　{line.weekday}　{line.slot}"

    def facts(self, line: ShiftLine) -> Facts_:
        minutes = self.tr("{n} 分钟").format(n=line.minutes) if line.minutes else ""
        return (
            (self.tr("岗亭"), "　".join(part for part in (line.post, line.place) if part)),
            (self.tr("值守人"), "　".join(part for part in (line.helper or self.tr("没有排人"), line.phone) if part)),
            (self.tr("状态"), line.word + (self.tr("（换过班）") if line.swapped else "")),
            (self.tr("签到签退"), "　".join(part for part in (line.in_time, line.out_time, minutes) if part)),
            (self.tr("换班"), self.tr("等 {name} 答复").format(name=line.asked) if line.ask else ""),
            (self.tr("备注"), line.remark),
        )

    def below(self, _line: ShiftLine) -> QLayout | None:
        """Who served how much in the span that is shown, and who is away."""
        db = self.page.desk.app.db
        since, until = self._span(self.bar.chosen.one("span"))
        figures = roster.served(db, since, until)[:8]
        words = [
            self.tr("{name}　{n} 班　{m} 分钟").format(name=one.name, n=one.shifts, m=one.minutes)
            + (self.tr("　迟到 {n}").format(n=one.late) if one.late else "")
            + (self.tr("　缺勤 {n}").format(n=one.absent) if one.absent else "")
            for one in figures
        ]
        away = [f"{one.helper}　{one.from_on[5:]}—{one.to_on[5:]}　{one.text}" for one in roster.leave_lines(db, since)]
        parts = (
            [label(self.tr("这几天的值守"), "section"), label("\n".join(words), "muted", wrap=True)] if words else []
        )
        if away:
            parts += [label(self.tr("请假"), "section"), label("\n".join(away), "muted", wrap=True)]
        return column(*parts) if parts else None

    def verbs(self) -> tuple[Command, ...]:
        here = self.name
        return (
            Command(self.tr("排班"), self.plan, "N", "plus", here, RIGHT),
            Command(self.tr("签到"), self.sign_in, "Q", "", here, RIGHT),
            Command(self.tr("签退"), self.sign_out, "W", "", here, RIGHT),
            Command(self.tr("改派"), self.assign, "G", "", here, RIGHT),
            Command(self.tr("换班"), self.swap, "H", "", here, RIGHT),
            Command(self.tr("答复换班"), self.answer, "Y", "", here, RIGHT),
            Command(self.tr("请假"), self.leave, "L", "", here, RIGHT),
            Command(self.tr("销假"), self.end_leave, "J", "", here, RIGHT),
            Command(self.tr("停班"), self.off, "X", "", here, RIGHT),
            Command(self.tr("备注"), self.remark, "B", "", here, RIGHT),
            Command(self.tr("打印排班表"), self.print_roster, "Ctrl+P", "printer", here, "papers.change"),
            Command(self.tr("打印登记簿"), self.print_log, "Ctrl+Shift+P", "printer", here, "papers.change"),
        )

    def nothing(self) -> str:
        return self.tr("这几天没有排班。先在“岗位”里设立值守岗亭，再按 N 排班：值得最少的人先排。")

    def write_file(self, db: Database, draft: Path, lines: Sequence[ShiftLine]) -> None:
        sheet.write_shifts(draft, lines, roster.served(db, *self._span(self.bar.chosen.one("span"))))

    # ------------------------------------------------------------------------------------------------------------ verbs

    def _helpers(self) -> tuple[tuple[str, str], ...]:
        return tuple(people.helpers_for_duty(self.page.desk.app.db))

    def plan(self) -> None:
        """Share the shifts of some days out fairly."""
        app = self.page.desk.app
        posts = tuple((one.id, one.name) for one in reporting_lists.posts(app.db, reporting_rules.DUTY))
        if not posts:
            self.page.desk.say(self.tr("还没有值守岗亭。请先在“岗位”里设立。"))
            return
        fields = (
            Field("post", self.tr("岗亭"), "choice", posts, required=True),
            Field("since", self.tr("从哪一天起"), "date", required=True),
            Field("days", self.tr("排几天"), "number", required=True),
            Field("names", self.tr("值守的人"), "long", hint=self.tr("空着就是全部志愿者；写姓名，用、分开")),
        )

        def work(answer: Answer) -> PlannedWeek:
            chosen = people.named_for_duty(app.db, re.split(r"[、，,；;\n]", answer["names"]))
            return duty.plan(
                app.db, app.actor, answer["post"], chosen, tidy_date(answer["since"]), whole(answer["days"]) or 0
            )

        monday = roster.monday(app.clock.today()) + timedelta(days=7)
        self.begin(
            Ask(
                self.tr("排班"),
                self.tr("排班"),
                fields,
                work,
                lambda made: self.tr("已排 {n} 班，{m} 班没有人可排").format(n=made.made, m=made.vacant),
                values={"post": posts[0][0], "since": monday.isoformat(), "days": "7"},
                words=self.tr("值得最少的先排，一人一天一班，请假的不排。"),
                fresh=True,
            )
        )

    def _on_shift(
        self, title: str, verb: str, fields: tuple[Field, ...], work: Callable[[Answer], Any], **more: Any
    ) -> None:
        line = self.table.current
        words = f"{line.on} {line.slot} {line.post}　{line.helper}"
        self.begin(
            Ask(
                title,
                verb,
                fields,
                work,
                lambda _done: self.tr("已记下“{verb}”").format(verb=verb),
                words=words,
                **more,
            )
        )

    def sign_in(self) -> None:
        """Somebody came."""
        line, app = self.table.current, self.page.desk.app
        if line is None:
            return
        fields = [Field("time", self.tr("到岗时间"), hint=self.tr("空着就是现在"))]
        if not line.helper_id:
            fields.insert(0, Field("helper", self.tr("谁在值守"), "choice", self._helpers(), required=True))

        def work(answer: Answer) -> Duty:
            return duty.sign_in(app.db, app.actor, line.id, tidy_time(answer["time"]), answer.values.get("helper", ""))

        self._on_shift(self.tr("签到"), self.tr("签到"), tuple(fields), work)

    def sign_out(self) -> None:
        """Somebody left."""
        line, app = self.table.current, self.page.desk.app
        if line is None:
            return
        fields = (
            Field("items", self.tr("处理事项"), "long"),
            Field("time", self.tr("离岗时间"), hint=self.tr("空着就是现在")),
        )

        def work(answer: Answer) -> Duty:
            return duty.sign_out(app.db, app.actor, line.id, tidy_time(answer["time"]), answer["items"])

        self._on_shift(self.tr("签退"), self.tr("签退"), fields, work)

    def assign(self) -> None:
        """Somebody else stands in the shift under the cursor."""
        line, app = self.table.current, self.page.desk.app
        if line is None:
            return
        fields = (Field("helper_id", self.tr("改派给"), "choice", self._helpers(), required=True),)
        self._on_shift(
            self.tr("改派"),
            self.tr("改派"),
            fields,
            lambda answer: duty.reassign(app.db, app.actor, line.id, answer["helper_id"]),
        )

    def swap(self) -> None:
        """Who stands in the shift under the cursor asks to change with another."""
        line, app = self.table.current, self.page.desk.app
        if line is None:
            return
        today, now = app.clock.today(), f"{app.clock.now():%Y-%m-%d %H:%M}"
        coming = roster.shifts(app.db, today.isoformat(), (today + timedelta(days=14)).isoformat())
        others = tuple(
            (one.id, f"{one.on[5:]} {one.weekday} {one.from_time} {one.helper}")
            for one in coming
            if one.helper_id and one.helper_id != line.helper_id and f"{one.on} {one.from_time}" > now
        )
        if not line.helper_id or not others or f"{line.on} {line.from_time}" <= now:
            self.page.desk.say(self.tr("这一班换不了：空班请用“改派”，已经开始的不能换，要换的得有别人的班。"))
            return
        fields = (
            Field("other_id", self.tr("换成哪一班"), "choice", others, required=True),
            Field("text", self.tr("原因")),
        )
        self._on_shift(
            self.tr("换班"),
            self.tr("提出换班"),
            fields,
            lambda answer: duty.ask_swap(app.db, app.actor, line.id, answer["other_id"], answer["text"]),
        )

    def answer(self) -> None:
        """The other one agrees or refuses."""
        line, app = self.table.current, self.page.desk.app
        if line is None:
            return
        if not line.ask:
            self.page.desk.say(self.tr("这一班没有等着答复的换班。"))
            return
        said = (("1", self.tr("同意，两班互换")), ("", self.tr("不同意")), ("0", self.tr("不换了，撤回申请")))

        def work(answer: Answer) -> Duty:
            if answer["agrees"] == "0":
                return duty.take_back_swap(app.db, app.actor, line.ask)
            return duty.answer_swap(app.db, app.actor, line.ask, agrees=bool(answer["agrees"]))

        fields = (Field("agrees", self.tr("{name} 答复").format(name=line.asked), "choice", said, required=False),)
        self._on_shift(
            self.tr("答复换班"),
            self.tr("答复"),
            fields,
            work,
            values={"agrees": "1"},
        )

    def leave(self) -> None:
        """Days on which somebody is not to be put on the roster."""
        self.begin(self._leaves.leave(self.table.current))

    def end_leave(self) -> None:
        """Somebody is back before the day."""
        self.begin(self._leaves.end_leave(self.table.current))

    def off(self) -> None:
        """No duty in the shift under the cursor."""
        line, app = self.table.current, self.page.desk.app
        if line is None:
            return
        fields = (Field("why", self.tr("原因"), required=True, hint=self.tr("下雨、放假")),)
        self._on_shift(
            self.tr("停班"),
            self.tr("停班"),
            fields,
            lambda answer: duty.call_off(app.db, app.actor, line.id, answer["why"]),
            tone="danger",
        )

    def remark(self) -> None:
        """A word about the shift under the cursor."""
        line, app = self.table.current, self.page.desk.app
        if line is None:
            return
        fields = (Field("text", self.tr("内容"), "long", required=True),)
        self._on_shift(
            self.tr("备注"),
            self.tr("备注"),
            fields,
            lambda answer: duty.note_on(app.db, app.actor, line.id, answer["text"]),
        )

    def print_roster(self) -> None:
        """The week of the shift under the cursor at its post; without one, this week at every post."""
        self._print("duty_roster")

    def print_log(self) -> None:
        """The pages to sign, of the same week."""
        self._print("duty_log")

    def _print(self, form: str) -> None:
        line, app = self.table.current, self.page.desk.app
        if line is not None:
            self.page.desk.print_form(form, [f"{line.post_id}@{line.on}"])
            return
        posts = reporting_lists.posts(app.db, reporting_rules.DUTY)
        self.page.desk.print_form(form, [one.id for one in posts])

    def _remark(self, line: ShiftLine) -> str:
        asked = self.tr("等 {name} 答复换班").format(name=line.asked) if line.ask else ""
        return "、".join(part for part in (asked, line.remark) if part)


def _tone(line: ShiftLine) -> str:
    if line.word in {duty_rules.ABSENT, duty_rules.LATE_NOW, duty_rules.SERVED_LATE}:
        return "bad"
    return "warn" if line.word == duty_rules.VACANT else ""
