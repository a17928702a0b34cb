"""The face 到期审查: what has been kept long enough, class by class; asked for, allowed, then erased or sealed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from desktop_app.privacy import retaining, sheet
from desktop_app.privacy.policy import ACTIONS
from desktop_app.privacy.retaining import Expired, Review
from desktop_app.store.database import Database
from desktop_app.sync import retiring
from ui.pages.list_pane import ListPane
from ui.pages.privacy_requests import words
from ui.shell.commands import Command
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.inline_form import Ask
from ui.widgets.record_form import Field
from ui.widgets.record_model import Column


@dataclass(frozen=True, slots=True)
class Line:
    """One record that has expired, with its class."""

    expired: Expired
    review: Review

    @property
    def id(self) -> str:
        """What tells lines apart."""
        return self.expired.id


class RetentionPane(ListPane):
    """A line is a record; the verbs are about its whole class."""

    name: ClassVar[str] = "到期审查"
    search: ClassVar[str] = "类别、日期"
    stretch: ClassVar[str] = "class"
    tables: ClassVar[frozenset[str]] = frozenset({"approval", "person", "visit", "appeal", "sealed_record"})

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("class", self.tr("类别"), 150, lambda line: line.review.keeping.name, "class"),
            Column("who", self.tr("对象"), 84, lambda line: line.expired.who),
            Column("since", self.tr("起算"), 92, lambda line: line.expired.since, "since"),
            Column("over", self.tr("到期"), 92, lambda line: line.expired.over_on, "over"),
            Column("action", self.tr("到期后"), 64, lambda line: ACTIONS[line.review.keeping.action], "action"),
            Column("state", self.tr("审批"), 72, self._state, "state"),
        )

    def _state(self, line: Line) -> str:
        if line.review.approval:
            return self.tr("已同意")
        return self.tr("待审批") if line.review.asked else self.tr("未申请")

    def filters(self) -> tuple[Filter, ...]:
        names = tuple(one.keeping.name for one in retaining.review(self.page.desk.app.db))
        return (Filter("class", self.tr("类别"), words(names)),)

    def orders(self) -> Mapping[str, Callable[[Line], Any]]:
        return {
            "class": lambda line: line.review.keeping.name,
            "since": lambda line: line.expired.since,
            "over": lambda line: line.expired.over_on,
            "action": lambda line: line.review.keeping.action,
            "state": self._state,
        }

    def ask(self, db: Database, chosen: Chosen) -> Sequence[Line]:
        classes = chosen.of("class")
        return [
            Line(line, one)
            for one in retaining.review(db)
            for line in one.lines
            if (not classes or one.keeping.name in classes)
            and chosen.text in f"{one.keeping.name}{line.since}{line.who}"
        ]

    def title_of(self, line: Line) -> str:
        return line.review.keeping.name

    def facts(self, line: Line) -> Sequence[tuple[str, Any]]:
        keeping, approval = line.review.keeping, line.review.approval
        allowed = f"{approval.decided_name}，{self.tr('有效期至')} {approval.valid_until}" if approval else None
        return (
            (self.tr("对象"), line.expired.who),
            (self.tr("保存期限"), self.tr("{since}起 {n} 年").format(since=keeping.since, n=keeping.after_years)),
            (self.tr("起算"), line.expired.since),
            (self.tr("到期"), line.expired.over_on),
            (self.tr("到期后"), ACTIONS[keeping.action]),
            (self.tr("依据"), keeping.source),
            (self.tr("这一类"), self.tr("到期 {n} 条").format(n=len(line.review.lines))),
            (self.tr("审批"), allowed or self._state(line)),
        )

    def nothing(self) -> str:
        return self.tr("没有到期的记录。迁出、去世的居民和旧的走访、诉求到了保存期限，会列在这里，经审批清除或封存。")

    def write_file(self, db: Database, path: Path, lines: Sequence[Line]) -> None:
        del db
        sheet.write_expired(path, [(line.review.keeping.name, line.expired) for line in lines])

    # ------------------------------------------------------------------------------------------ verbs

    def verbs(self) -> tuple[Command, ...]:
        group = self.name
        return (
            Command(self.tr("申请处理这一类"), self.ask_for, "Ctrl+N", "plus", group, "privacy.change"),
            Command(self.tr("执行（已审批）"), self.carry_out, "R", "check", group, "privacy.erase"),
        )

    def ask_for(self) -> None:
        """Ask that what has expired of the class under the cursor may go."""
        line, app = self.table.current, self.page.desk.app
        if line is None:
            return
        self.begin(
            Ask(
                self.tr("申请处理：{name}").format(name=line.review.keeping.name),
                self.tr("申请"),
                (Field("why", self.tr("说明")),),
                lambda answer: retaining.ask(app.db, app.actor, line.review.code, answer["why"]),
                lambda _made: self.tr("已申请，请负责人在“审批”里审批"),
                words=self.tr("到期 {n} 条，审批后{verb}。").format(
                    n=len(line.review.lines), verb=ACTIONS[line.review.keeping.action]
                ),
            )
        )

    def carry_out(self) -> None:
        """Erase or seal, over the approval; asks for the word once more."""
        line, app = self.table.current, self.page.desk.app
        if line is None:
            return
        verb = ACTIONS[line.review.keeping.action]
        self.begin(
            Ask(
                self.tr("{verb}：{name}").format(verb=verb, name=line.review.keeping.name),
                verb,
                (),
                lambda _answer: retiring.carry_out(app.db, app.actor, app.secrets, line.review.code),
                lambda done: str(done.words),
                words=self.tr("{verb} {n} 条，不能撤销。").format(verb=verb, n=len(line.review.lines)),
                tone="danger",
            )
        )
