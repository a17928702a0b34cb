"""Bodies beside the two lines: councils, owners' committees, studios, teams; who sits in them, until when."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtWidgets import QLayout

from desktop_app.organisation import bodies, queries
from desktop_app.organisation.bodies import BodyLine
from desktop_app.organisation.model import OrgNode, Seat
from desktop_app.places.queries import estates
from desktop_app.shared.pinyin import sort_key
from desktop_app.shared.text import mask
from desktop_app.spreadsheets.workbook import SheetOut, write
from desktop_app.store.database import Database
from ui.pages.list_pane import ListPane
from ui.pages.organisation_asks import NodeAsks
from ui.pages.wording import choices
from ui.shell.commands import Command
from ui.shell.parts import button, column, label, row
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.inline_form import Answer, Ask
from ui.widgets.record_form import Field
from ui.widgets.record_model import RIGHT, Column

_CHANGE = "organisation.change"
_TONES = {"将届满": "warn", "届满": "bad"}
_HEADER = ("类型", "名称", "小区", "分类", "人数", "负责人", "成立", "任期届满", "状态", "备案日期", "活动场所")


class BodiesPane(ListPane):
    """A line is a body; its members stand below the facts."""

    name: ClassVar[str] = "议事体和社会组织"
    record: ClassVar[str] = "org_node"
    search: ClassVar[str] = "名称、小区"
    stretch: ClassVar[str] = "name"
    tables: ClassVar[frozenset[str]] = frozenset({"org_node", "seat", "estate"})

    def __init__(self, page: Any) -> None:
        self._asks = NodeAsks(page.desk)
        super().__init__(page)

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("kind", self.tr("类型"), 104, lambda line: line.kind, "kind"),
            Column("name", self.tr("名称"), 190, lambda line: line.name, "name"),
            Column("estate", self.tr("小区"), 100, lambda line: line.estate, "estate"),
            Column("members", self.tr("人数"), 48, lambda line: str(line.members or ""), "members", RIGHT),
            Column("term", self.tr("任期届满"), 92, lambda line: line.term_to, "term"),
            Column("state", self.tr("状态"), 62, lambda line: line.state, "state",
                   tone=lambda line: _TONES.get(line.state, "")),
        )  # fmt: skip

    def filters(self) -> tuple[Filter, ...]:
        kinds = choices(self.page.desk, "body_kinds")
        return (
            Filter("kind", self.tr("类型"), kinds, several=False),
            Filter("ended", self.tr("已撤销"), (("1", self.tr("也看已撤销的")),), several=False),
        )

    def orders(self) -> Mapping[str, Callable[[BodyLine], Any]]:
        return {
            "kind": lambda line: line.kind,
            "name": lambda line: sort_key(line.name),
            "estate": lambda line: sort_key(line.estate),
            "members": lambda line: line.members,
            "term": lambda line: line.term_to or "9999",
            "state": lambda line: line.state,
        }

    @property
    def _db(self) -> Database:
        return self.page.desk.app.db

    @property
    def _today(self) -> str:
        return self.page.desk.app.clock.today().isoformat()

    def ask(self, db: Database, chosen: Chosen) -> Sequence[BodyLine]:
        on = db.clock.today().isoformat()
        return bodies.bodies(db, on, text=chosen.text, kind=chosen.one("kind"), ended=bool(chosen.one("ended")))

    def title_of(self, line: BodyLine) -> str:
        return line.name

    def facts(self, line: BodyLine) -> Sequence[tuple[str, Any]]:
        return (
            (self.tr("类型"), f"{line.kind}　{line.klass}".strip()),
            (self.tr("小区"), line.estate),
            (self.tr("成立"), line.from_on),
            (self.tr("任期届满"), f"{line.term_to}　{line.state}".strip() if line.term_to else line.state),
            (self.tr("备案日期"), line.filed_on),
            (self.tr("活动场所"), line.place),
            (self.tr("提示"), line.doubt),
        )

    def below(self, line: BodyLine) -> QLayout | None:
        seats = queries.seats_of(self._db, line.id, self._today)
        if not seats:
            return None
        return column(label(self.tr("成员 {n} 人").format(n=len(seats)), "section"), *map(self._member, seats), gap=4)

    def _member(self, seat: Seat) -> QLayout:
        role = self.page.desk.codes("roles").name(seat.role)
        words = label(f"{role}　{seat.name}　{mask('phone', seat.phone or '')}".strip(), wrap=True)
        verb = button(self.tr("卸任"), partial(self._end_seat, seat), tone="link")
        self.page.desk.offer(_CHANGE, verb)
        layout = row(words, verb)
        layout.setStretch(0, 1)
        return layout

    def _end_seat(self, seat: Seat) -> None:
        self.begin(self._asks.end_seat(seat))

    def nothing(self) -> str:
        covered = "；".join(one.words for one in bodies.coverage(self._db, self._today) if one.estates)
        words = self.tr("还没有登记议事会、业委会、志愿队和社会组织。")
        return f"{words}{covered}" if covered else words

    def write_file(self, db: Database, path: Path, lines: Sequence[BodyLine]) -> None:
        del db
        rows = [
            (b.kind, b.name, b.estate, b.klass, b.members, b.head, b.from_on, b.term_to, b.state, b.filed_on, b.place)
            for b in lines
        ]
        write(path, [SheetOut(self.name, _HEADER, rows)])

    # ------------------------------------------------------------------------------------------ verbs

    def verbs(self) -> tuple[Command, ...]:
        group = self.name
        return (
            Command(self.tr("成立组织体"), self.found, "Ctrl+N", "plus", group, _CHANGE),
            Command(self.tr("加成员"), self.appoint, "A", "person", group, _CHANGE),
            Command(self.tr("修改"), self.change, "E", "edit", group, _CHANGE),
            Command(self.tr("撤销"), self.end, "Delete", "", group, _CHANGE),
        )

    def open(self) -> None:
        self.change()

    def _fields(self) -> tuple[Field, ...]:
        table = self.page.desk.codes("body_kinds")
        classes = dict.fromkeys(word for one in table for word in one.words("classes"))
        return (
            Field("kind", self.tr("类型"), "choice", tuple((name, name) for name in table.names()), required=True),
            Field("name", self.tr("名称"), required=True),
            Field("estate_id", self.tr("小区"), "choice", tuple((one.id, one.name) for one in estates(self._db))),
            Field("klass", self.tr("分类"), "choice", tuple((word, word) for word in classes)),
            Field("from_on", self.tr("成立日期"), "date"),
            Field("term_to", self.tr("任期届满"), "date"),
            Field("filed_on", self.tr("备案日期"), "date"),
            Field("place", self.tr("活动场所")),
            Field("note", self.tr("备注"), "long"),
        )

    def found(self) -> None:
        """A new body."""
        app = self.page.desk.app

        def work(answer: Answer) -> OrgNode:
            told: dict[str, Any] = {
                field.name: answer.get(field.name) for field in self._fields() if field.name not in {"kind", "name"}
            }
            body = OrgNode(line=bodies.BODIES, level=0, kind=answer["kind"], name=answer["name"], **told)
            return bodies.found_body(app.db, app.actor, body)

        self.begin(
            Ask(
                self.tr("成立组织体"),
                self.tr("成立"),
                self._fields(),
                work,
                lambda body: self.tr("已成立{name}").format(name=body.name),
                done=lambda body: self.point_at(body.id),
                values={"kind": self.bar.chosen.one("kind") or "小区议事会", "from_on": self._today},
                fresh=True,
            )
        )

    def change(self) -> None:
        """Put right what was entered."""
        app, body = self.page.desk.app, self._body()
        if body is None:
            return

        def work(answer: Answer) -> OrgNode:
            return bodies.change_body(app.db, app.actor, body.id, **answer.told("name"))

        self.begin(
            Ask(
                self.tr("修改{name}").format(name=body.name),
                self.tr("保存"),
                self._fields(),
                work,
                lambda _body: self.tr("已保存"),
                values={field.name: getattr(body, field.name) for field in self._fields()},
            )
        )

    def end(self) -> None:
        """The body under the cursor is no more."""
        app, body = self.page.desk.app, self._body()
        if body is None or body.to_on:
            return
        fields = (Field("on", self.tr("撤销日期"), "date", required=True), Field("why", self.tr("原因")))
        self.begin(
            Ask(
                self.tr("撤销{name}").format(name=body.name),
                self.tr("撤销"),
                fields,
                lambda answer: bodies.end_body(app.db, app.actor, body.id, answer["on"], answer["why"]),
                lambda _body: self.tr("已撤销"),
                values={"on": self._today},
                words=self.tr("成员的任职同日结束，经历都留着。"),
                tone="danger",
            )
        )

    def appoint(self) -> None:
        """Another member."""
        if (body := self._body()) is not None:
            self.begin(self._asks.appoint(body, "委员"))

    def _body(self) -> OrgNode | None:
        line = self.table.current
        return self._db.get(OrgNode, line.id) if line is not None else None
