"""The face 申请: requests about one's own data, step by step, with their papers."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from desktop_app.privacy import queries, requesting, rules, sheet
from desktop_app.privacy.model import SubjectRequest
from desktop_app.privacy.queries import RequestLine
from desktop_app.shared.text import mask
from desktop_app.store.database import Database
from ui.pages.list_pane import ListPane
from ui.shell.commands import Command
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.inline_form import Answer, Ask
from ui.widgets.inputs import tidy_date
from ui.widgets.record_form import Field
from ui.widgets.record_model import Column


def words(choices: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Words as choices of a field."""
    return tuple((word, word) for word in choices)


class RequestsPane(ListPane):
    """A line is a request; the verb that is due next stands first."""

    name: ClassVar[str] = "个人信息申请"
    record: ClassVar[str] = "subject_request"
    search: ClassVar[str] = "编号、类型、关系"
    stretch: ClassVar[str] = "about"
    tables: ClassVar[frozenset[str]] = frozenset({"subject_request", "person"})

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("no", self.tr("编号"), 110, lambda line: line.no, "no"),
            Column("kind", self.tr("类型"), 48, lambda line: line.kind, "kind"),
            Column("about", self.tr("居民"), 76, lambda line: line.about),
            Column("relation", self.tr("申请人"), 64, lambda line: line.relation, "relation"),
            Column("received", self.tr("收到"), 92, lambda line: line.received_on, "received"),
            Column("due", self.tr("答复期限"), 136, self._due, "due"),
            Column("state", self.tr("状态"), 72, lambda line: line.state, "state"),
        )

    def _due(self, line: RequestLine) -> str:
        return self.tr("{on} 逾期").format(on=line.due_on) if line.overdue else line.due_on

    def filters(self) -> tuple[Filter, ...]:
        states = words((rules.RECEIVED, rules.CHECKED, rules.DECIDED, rules.ANSWERED))
        return (
            Filter("state", self.tr("状态"), states),
            Filter("kind", self.tr("类型"), words(rules.KINDS)),
        )

    def orders(self) -> Mapping[str, Callable[[RequestLine], Any]]:
        return {
            "no": lambda line: line.no,
            "kind": lambda line: line.kind,
            "relation": lambda line: line.relation,
            "received": lambda line: line.received_on,
            "due": lambda line: line.due_on or "9999",
            "state": lambda line: line.state,
        }

    def ask(self, db: Database, chosen: Chosen) -> Sequence[RequestLine]:
        states, kinds = chosen.of("state"), chosen.of("kind")
        return [
            line
            for line in queries.requests(db)
            if chosen.text in f"{line.no}{line.kind}{line.relation}{line.applicant}{line.about}"
            and (not states or line.state in states)
            and (not kinds or line.kind in kinds)
        ]

    def title_of(self, line: RequestLine) -> str:
        return f"{line.no}　{line.kind}"

    def facts(self, line: RequestLine) -> Sequence[tuple[str, Any]]:
        found = self.page.desk.app.db.get(SubjectRequest, line.id)
        if found is None:
            return ()
        checked = self.tr("{how}，{on}").format(how=found.identity_how, on=found.identity_on)
        decided = self.tr("{word}，{who}，{on}").format(
            word=found.decision, who=found.decided_name, on=found.decided_on
        )
        answered = self.tr("{how}，{on}").format(how=found.answered_how, on=found.answered_on)
        return (
            (self.tr("居民"), line.about),
            (self.tr("申请人"), f"{line.applicant}（{line.relation}）"),
            (self.tr("联系电话"), mask("phone", found.phone or "")),
            (self.tr("内容"), found.text),
            (self.tr("收到"), f"{found.received_on}　{found.channel}"),
            (self.tr("答复期限"), self._due(line)),
            (self.tr("身份核验"), checked if found.identity_on else None),
            (self.tr("决定"), decided if found.decision else None),
            (self.tr("理由"), found.why),
            (self.tr("答复"), answered if found.answered_on else None),
            (self.tr("状态"), line.state),
        )

    def nothing(self) -> str:
        return self.tr("还没有人申请。有人来查阅、复制、更正或删除自己的信息，在这里登记，会自动算出答复期限。")

    def write_file(self, db: Database, path: Path, lines: Sequence[RequestLine]) -> None:
        del db
        sheet.write_requests(path, lines)

    # ------------------------------------------------------------------------------------------ verbs

    def verbs(self) -> tuple[Command, ...]:
        group = self.name
        return (
            Command(self.tr("登记申请"), self.receive, "Ctrl+N", "plus", group, "privacy.change"),
            Command(self.tr("核验身份"), self.check, "I", "check", group, "privacy.change"),
            Command(self.tr("作决定"), self.decide, "D", "edit", group, "privacy.approve"),
            Command(self.tr("打答复书"), self.print_answer, "Ctrl+P", "printer", group),
            Command(self.tr("打档案"), self.print_file, "P", "file", group, "privacy.export"),
            Command(self.tr("已答复"), self.answer, "A", "forward", group, "privacy.change"),
            Command(self.tr("打告知书"), self.print_notice, "", "printer", group),
        )

    @property
    def _today(self) -> str:
        return self.page.desk.app.clock.today().isoformat()

    def receive(self) -> None:
        """A new request of a resident."""
        app = self.page.desk.app
        fields = (
            Field("kind", self.tr("类型"), "choice", words(rules.KINDS), required=True),
            Field("relation", self.tr("与本人关系"), "choice", words(rules.RELATIONS), required=True),
            Field("name", self.tr("申请人"), required=True),
            Field("phone", self.tr("联系电话"), "number"),
            Field("text", self.tr("申请内容"), "long"),
            Field("channel", self.tr("提出方式"), "choice", words(rules.CHANNELS), required=True),
            Field("received_on", self.tr("收到日期"), "date", required=True),
        )

        def work(answer: Answer) -> SubjectRequest:
            made = SubjectRequest(
                kind=answer["kind"], person_id=answer.person_id, applicant=answer["name"], relation=answer["relation"],
                phone=answer.get("phone"), text=answer["text"], channel=answer["channel"],
                received_on=tidy_date(answer["received_on"]),
            )  # fmt: skip
            return requesting.receive(app.db, app.actor, made)

        self.begin(
            Ask(
                self.tr("登记个人信息申请"),
                self.tr("登记"),
                fields,
                work,
                lambda made: self.tr("已登记 {no}，请在 {on} 前答复").format(no=made.no, on=made.due_on),
                lambda made: self.point_at(made.id),
                {"kind": rules.SEE, "relation": rules.SELF, "channel": "当面", "received_on": self._today},
                self.tr("先选这些信息是哪位居民的。"),
                person=True,
            )
        )

    def check(self) -> None:
        """How the identity was made sure of; no copy of a card is kept."""
        line, app = self.table.current, self.page.desk.app
        if line is None:
            return
        fields = (Field("how", self.tr("核验方式"), "choice", words(rules.IDENTITIES), required=True),)
        self.begin(
            Ask(
                self.tr("核验身份：{no}").format(no=line.no),
                self.tr("已核验"),
                fields,
                lambda answer: requesting.check_identity(app.db, app.actor, line.id, answer["how"]),
                lambda _made: self.tr("已记下身份核验，下一步：作决定"),
                words=self.tr("当面核对原件，不留证件复印件。"),
            )
        )

    def decide(self) -> None:
        """Grant or refuse; a refusal needs a reason."""
        line, app = self.table.current, self.page.desk.app
        if line is None:
            return
        fields = (
            Field("decision", self.tr("决定"), "choice", words(rules.DECISIONS), required=True),
            Field("why", self.tr("理由"), "long", hint=self.tr("不同意、部分同意必须写，会印在答复书上")),
        )
        self.begin(
            Ask(
                self.tr("作决定：{no}").format(no=line.no),
                self.tr("决定"),
                fields,
                lambda answer: requesting.decide(app.db, app.actor, line.id, answer["decision"], answer["why"]),
                lambda made: self.tr("已决定：{word}，下一步：打答复书").format(word=made.decision),
            )
        )

    def answer(self) -> None:
        """The answer was given."""
        line, app = self.table.current, self.page.desk.app
        if line is None:
            return
        fields = (
            Field("how", self.tr("答复方式"), "choice", words(rules.ANSWERS), required=True),
            Field("on", self.tr("答复日期"), "date", required=True),
        )
        self.begin(
            Ask(
                self.tr("登记答复：{no}").format(no=line.no),
                self.tr("已答复"),
                fields,
                lambda told: requesting.answer(app.db, app.actor, line.id, told["how"], tidy_date(told["on"])),
                lambda made: self.tr("{no} 已答复").format(no=made.no),
                values={"how": "当面", "on": self._today},
                words=self.tr("登记以后不能撤销。"),
            )
        )

    def print_answer(self) -> None:
        """The answer as a paper."""
        if self.table.current is not None:
            self.page.desk.print_form("request_answer", [self.table.current.id])

    def print_file(self) -> None:
        """Everything that is held, as a paper for whoever was granted it."""
        if self.table.current is not None:
            self.page.desk.print_form("personal_file", [self.table.current.id])

    def print_notice(self) -> None:
        """The notice that everybody gets."""
        self.page.desk.print_form("privacy_notice", [self.page.desk.app.community.id])
