"""The face 审批: who asked to see or give out what, and who allowed it; decided at any desk, by somebody else."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from desktop_app.privacy import actions, queries, rules, sheet
from desktop_app.privacy.queries import ApprovalLine
from desktop_app.shared.clock import local_text
from desktop_app.store.database import Database
from ui.pages.list_pane import ListPane
from ui.pages.privacy_requests import words
from ui.shell.commands import Command
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.inline_form import Ask
from ui.widgets.inputs import tidy_date
from ui.widgets.record_form import Field
from ui.widgets.record_model import Column

_OPEN = "待审批"


class ApprovalsPane(ListPane):
    """A line is a question; nobody decides his own."""

    name: ClassVar[str] = "审批"
    record: ClassVar[str] = "approval"
    search: ClassVar[str] = "事项、理由、申请人"
    stretch: ClassVar[str] = "reason"
    tables: ClassVar[frozenset[str]] = frozenset({"approval", "person"})

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("at", self.tr("申请时间"), 128, lambda line: local_text(line.asked_at), "at"),
            Column("kind", self.tr("事项"), 130, lambda line: line.kind, "kind"),
            Column("about", self.tr("居民"), 68, lambda line: line.about),
            Column("reason", self.tr("理由"), 150, lambda line: line.reason),
            Column("who", self.tr("申请人"), 68, lambda line: line.asked_name, "who"),
            Column("verdict", self.tr("结论"), 64, lambda line: line.verdict or _OPEN, "verdict"),
        )

    def filters(self) -> tuple[Filter, ...]:
        return (
            Filter("verdict", self.tr("结论"), words((_OPEN, rules.YES, rules.NO))),
            Filter("kind", self.tr("事项"), words(tuple(rules.APPROVALS))),
        )

    def orders(self) -> Mapping[str, Callable[[ApprovalLine], Any]]:
        return {
            "at": lambda line: line.asked_at,
            "kind": lambda line: line.kind,
            "who": lambda line: line.asked_name,
            "verdict": lambda line: line.verdict,
        }

    def ask(self, db: Database, chosen: Chosen) -> Sequence[ApprovalLine]:
        verdicts, kinds = chosen.of("verdict"), chosen.of("kind")
        return [
            line
            for line in queries.approvals(db)
            if chosen.text in f"{line.kind}{line.reason}{line.asked_name}{line.about}"
            and (not verdicts or (line.verdict or _OPEN) in verdicts)
            and (not kinds or line.kind in kinds)
        ]

    def title_of(self, line: ApprovalLine) -> str:
        return line.kind

    def facts(self, line: ApprovalLine) -> Sequence[tuple[str, Any]]:
        return (
            (self.tr("居民"), line.about),
            (self.tr("理由"), line.reason),
            (self.tr("申请"), f"{line.asked_name}　{local_text(line.asked_at)}"),
            (self.tr("结论"), line.verdict or _OPEN),
            (self.tr("意见"), line.why),
            (self.tr("审批人"), line.decided_name),
            (self.tr("有效期至"), line.valid_until),
        )

    def nothing(self) -> str:
        return self.tr("还没有审批。查看未成年人信息、导出很多人的完整号码、到期处理，要在这里由另一个人审批。")

    def write_file(self, db: Database, path: Path, lines: Sequence[ApprovalLine]) -> None:
        del db
        sheet.write_approvals(path, lines)

    # ------------------------------------------------------------------------------------------ verbs

    def verbs(self) -> tuple[Command, ...]:
        group = self.name
        return (
            Command(self.tr("申请导出"), self.ask_export, "Ctrl+N", "plus", group, "residents.export"),
            Command(self.tr("同意"), self.allow, "Y", "check", group),
            Command(self.tr("不同意"), self.refuse, "X", "close", group),
        )

    def open(self) -> None:
        self.allow()

    def ask_export(self) -> None:
        """Ask for whole numbers in a list."""
        app = self.page.desk.app
        fields = (Field("why", self.tr("用途"), "long", required=True, hint=self.tr("给谁、做什么用；不要写姓名")),)
        self.begin(
            Ask(
                self.tr("申请导出完整信息"),
                self.tr("申请"),
                fields,
                lambda answer: actions.ask(app.db, app.actor, rules.FULL_EXPORT, answer["why"]),
                lambda _made: self.tr("已申请，请负责人审批"),
                lambda made: self.point_at(made.id),
            )
        )

    def allow(self) -> None:
        """Allow, for some days."""
        line, app = self.table.current, self.page.desk.app
        if line is None or not line.open:
            return
        fields = (
            Field("until", self.tr("有效期至"), "date", hint=self.tr("空着按规定的天数")),
            Field("why", self.tr("意见")),
        )
        self.begin(
            Ask(
                self.tr("同意：{kind}").format(kind=line.kind),
                self.tr("同意"),
                fields,
                lambda answer: actions.decide(
                    app.db, app.actor, line.id, allow=True, why=answer["why"], valid_until=tidy_date(answer["until"])
                ),
                lambda made: self.tr("已同意，有效期至 {on}").format(on=made.valid_until),
                words=f"{line.about}　{line.reason}　{line.asked_name}",
            )
        )

    def refuse(self) -> None:
        """Refuse, and say why."""
        line, app = self.table.current, self.page.desk.app
        if line is None or not line.open:
            return
        self.begin(
            Ask(
                self.tr("不同意：{kind}").format(kind=line.kind),
                self.tr("不同意"),
                (Field("why", self.tr("理由"), "long", required=True),),
                lambda answer: actions.decide(app.db, app.actor, line.id, allow=False, why=answer["why"]),
                lambda _made: self.tr("已记下不同意"),
                words=f"{line.about}　{line.reason}　{line.asked_name}",
                tone="danger",
            )
        )
