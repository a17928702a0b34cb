"""Part-time members of the enlarged Party committee, with the record of a year."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from desktop_app.partners import actions, queries, sheet
from desktop_app.partners.model import PartTimeMember
from desktop_app.partners.queries import MemberLine
from desktop_app.partners.rules import year_of
from desktop_app.shared.pinyin import sort_key
from desktop_app.shared.text import mask
from desktop_app.store.database import Database
from ui.pages.list_pane import ListPane
from ui.pages.wording import choices
from ui.shell.commands import Command
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.inline_form import Answer, Ask
from ui.widgets.record_form import Field
from ui.widgets.record_model import RIGHT, Column
from ui.widgets.secret import Secret


class MembersPane(ListPane):
    """A line is an appointment; the figures are of this year."""

    name: ClassVar[str] = "兼职委员"
    record: ClassVar[str] = "part_time_member"
    search: ClassVar[str] = "姓名、单位"
    stretch: ClassVar[str] = "unit"
    tables: ClassVar[frozenset[str]] = frozenset(
        {"part_time_member", "partner_unit", "claim", "claim_event", "sign_in", "activity"}
    )

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("name", self.tr("姓名"), 76, lambda line: line.name, "name"),
            Column("role", self.tr("职务"), 84, lambda line: line.role, "role"),
            Column("unit", self.tr("单位"), 150, lambda line: f"{line.unit}　{line.post}".strip(), "unit"),
            Column("until", self.tr("聘期止"), 92, lambda line: line.left_on or line.to_on, "until"),
            Column("claims", self.tr("认领"), 48, lambda line: str(line.claims), "claims", RIGHT),
            Column("done", self.tr("完成"), 48, lambda line: str(line.done), "done", RIGHT),
            Column("activities", self.tr("活动"), 48, lambda line: str(line.activities), "activities", RIGHT),
        )

    def filters(self) -> tuple[Filter, ...]:
        return (Filter("left", self.tr("已离任"), (("1", self.tr("也看已离任的")),), several=False),)

    def orders(self) -> Mapping[str, Callable[[MemberLine], Any]]:
        return {
            "name": lambda line: sort_key(line.name),
            "role": lambda line: line.role,
            "unit": lambda line: sort_key(line.unit),
            "until": lambda line: line.to_on or "9999",
            "claims": lambda line: line.claims,
            "done": lambda line: line.done,
            "activities": lambda line: line.activities,
        }

    def ask(self, db: Database, chosen: Chosen) -> Sequence[MemberLine]:
        found = queries.members(db, db.clock.today().year, left=bool(chosen.one("left")))
        return [line for line in found if chosen.text in f"{line.name}{line.unit}{line.post}"]

    def title_of(self, line: MemberLine) -> str:
        return line.name

    def facts(self, line: MemberLine) -> Sequence[tuple[str, Any]]:
        phone = Secret(self.tr("电话"), self.page.desk.theme)
        phone.show_secret(mask("phone", line.phone), lambda: line.phone)
        phone.revealed.connect(lambda: self.page.desk.note_look(PartTimeMember, line.id, "电话"))
        until = line.to_on or self.tr("未定")
        return (
            (self.tr("任职"), f"{line.body}　{line.role}"),
            (self.tr("单位"), f"{line.unit}　{line.post}".strip()),
            (self.tr("电话"), phone if line.phone else None),
            (self.tr("聘书编号"), line.letter_no),
            (self.tr("聘期"), self.tr("{since} 至 {to}").format(since=line.from_on, to=until)),
            (self.tr("离任"), line.left_on),
            (
                self.tr("今年"),
                self.tr("认领 {claims} 项，完成 {done} 项，参加活动 {n} 次").format(
                    claims=line.claims, done=line.done, n=line.activities
                ),
            ),
        )

    def nothing(self) -> str:
        return self.tr("还没有兼职委员。聘任第一位，聘书编号会自动给。")

    def write_file(self, db: Database, path: Path, lines: Sequence[MemberLine]) -> None:
        del db
        sheet.write_members(path, lines)

    # ------------------------------------------------------------------------------------------ verbs

    def verbs(self) -> tuple[Command, ...]:
        group, right = self.name, actions.RIGHT
        return (
            Command(self.tr("聘任"), self.appoint, "Ctrl+N", "plus", group, right),
            Command(self.tr("打聘书"), self.print_letter, "Ctrl+P", "printer", group),
            Command(self.tr("修改"), self.change, "E", "edit", group, right),
            Command(self.tr("离任"), self.end, "Delete", "", group, right),
            Command(self.tr("打成员名册"), partial(self._print_all, "member_roll"), "Alt+P", "printer", group),
            Command(self.tr("打履职台账"), partial(self._print_all, "member_record"), "Alt+T", "printer", group),
        )

    def open(self) -> None:
        self.change()

    @property
    def _today(self) -> str:
        return self.page.desk.app.clock.today().isoformat()

    def appoint(self) -> None:
        """A new appointment, for a year."""
        app = self.page.desk.app
        units = (("", ""), *queries.unit_names(app.db).items())
        roles = choices(self.page.desk, "committee_roles")
        fields = (
            Field("name", self.tr("姓名"), required=True),
            Field("unit_id", self.tr("单位"), "choice", units),
            Field("post", self.tr("单位职务")),
            Field("body", self.tr("任职组织"), required=True),
            Field("role", self.tr("职务"), "choice", roles, required=True),
            Field("phone", self.tr("电话"), "number"),
            Field("from_on", self.tr("聘期起"), "date", required=True),
            Field("to_on", self.tr("聘期止"), "date"),
        )

        def work(answer: Answer) -> PartTimeMember:
            member = PartTimeMember(
                name=answer["name"], unit_id=answer.get("unit_id"), post=answer.get("post"), body=answer["body"],
                role=answer["role"], phone=answer.get("phone"), from_on=answer["from_on"], to_on=answer.get("to_on"),
                person_id=answer.person_id,
            )  # fmt: skip
            return actions.appoint_member(app.db, app.actor, member)

        first, last = year_of(app.clock.today())
        self.begin(
            Ask(
                self.tr("聘任兼职委员"),
                self.tr("聘任"),
                fields,
                work,
                lambda made: self.tr("已聘任{name}，聘书 {no}").format(name=made.name, no=made.letter_no or ""),
                done=lambda made: self.point_at(made.id),
                values={"body": "社区大党委", "role": "兼职委员", "from_on": first, "to_on": last},
                fresh=True,
            )
        )

    def change(self) -> None:
        """Put right what was entered."""
        line, app = self.table.current, self.page.desk.app
        member = app.db.get(PartTimeMember, line.id) if line is not None else None
        if member is None:
            return
        fields = (
            Field("name", self.tr("姓名"), required=True),
            Field("post", self.tr("单位职务")),
            Field("phone", self.tr("电话"), "number"),
            Field("to_on", self.tr("聘期止"), "date"),
        )
        self.begin(
            Ask(
                self.tr("修改{name}").format(name=member.name),
                self.tr("保存"),
                fields,
                lambda answer: actions.change_member(app.db, app.actor, member.id, **answer.told()),
                lambda _made: self.tr("已保存"),
                values={field.name: getattr(member, field.name) for field in fields},
            )
        )

    def end(self) -> None:
        """The member under the cursor leaves."""
        line, app = self.table.current, self.page.desk.app
        if line is None or line.left_on:
            return
        fields = (Field("on", self.tr("离任日期"), "date", required=True), Field("why", self.tr("原因")))
        self.begin(
            Ask(
                self.tr("{name}离任").format(name=line.name),
                self.tr("离任"),
                fields,
                lambda answer: actions.end_member(app.db, app.actor, line.id, answer["on"], answer["why"]),
                lambda _made: self.tr("{name}已离任").format(name=line.name),
                values={"on": self._today},
                tone="danger",
            )
        )

    def print_letter(self) -> None:
        """The letter of appointment of the member under the cursor."""
        if (line := self.table.current) is not None:
            self.page.desk.print_form("letter", [line.id])

    def _print_all(self, form: str) -> None:
        """A paper about all members of the community."""
        self.page.desk.print_form(form, [self.page.desk.app.community.id])
