"""岗位清单: the posts to claim and the places of duty, with what may not be asked of those who report in."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from desktop_app.orders import reporting, reporting_lists, reporting_rules, sheet
from desktop_app.orders.model import Post
from desktop_app.orders.reporting_lists import PostLine
from desktop_app.shared.pinyin import sort_key
from desktop_app.store.database import Database
from ui.pages.list_pane import Facts_, ListPane
from ui.pages.orders_asks import RIGHT, colour_choices, whole
from ui.shell.commands import Command
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.inline_form import Answer, Ask
from ui.widgets.inputs import tidy_date
from ui.widgets.record_form import Field
from ui.widgets.record_model import Column


class PostsPane(ListPane):
    """The posts to claim, and the places of duty."""

    name: ClassVar[str] = "岗位清单"
    record: ClassVar[str] = "post"
    tables: ClassVar[frozenset[str]] = frozenset({"post", "registration", "registration_claim"})
    stretch: ClassVar[str] = "duty"
    search: ClassVar[str] = "岗位、内容、认领人"

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("kind", self.tr("类别"), 70, lambda line: line.kind, "kind"),
            Column("name", self.tr("岗位名称"), 150, lambda line: line.name, "name"),
            Column("duty", self.tr("内容"), 200, lambda line: line.duty),
            Column("capacity", self.tr("人数"), 46, lambda line: str(line.capacity), "capacity"),
            Column("free", self.tr("空缺"), 46, _free, "free", tone=lambda line: "warn" if _free(line) else ""),
            Column("holders", self.tr("认领人"), 120, lambda line: line.holders),
            Column("slots", self.tr("班次"), 150, lambda line: line.slots),
        )

    def filters(self) -> tuple[Filter, ...]:
        kinds = tuple((word, word) for word in reporting_rules.POSTS)
        return (Filter("kind", self.tr("类别"), kinds, several=False),)

    def orders(self) -> Mapping[str, Callable[[PostLine], Any]]:
        return {
            "kind": lambda line: line.kind,
            "name": lambda line: sort_key(line.name),
            "capacity": lambda line: line.capacity,
            "free": lambda line: line.free,
        }

    def ask(self, db: Database, chosen: Chosen) -> list[PostLine]:
        found = reporting_lists.posts(db, chosen.one("kind"))
        return [line for line in found if chosen.text in f"{line.name}{line.duty}{line.holders}"]

    def title_of(self, line: PostLine) -> str:
        return line.name

    def facts(self, line: PostLine) -> Facts_:
        return (
            (self.tr("类别"), line.kind),
            (self.tr("内容"), line.duty),
            (self.tr("专长"), line.colour),
            (self.tr("人数"), str(line.capacity)),
            (self.tr("班次"), line.slots),
            (self.tr("地点"), line.place),
            (self.tr("认领人"), line.holders),
            (self.tr("负面清单"), "；".join(item.name for item in reporting.negative_list(self.page.desk.app.db))),
        )

    def verbs(self) -> tuple[Command, ...]:
        here = self.name
        return (
            Command(self.tr("设立岗位"), self.add, "N", "plus", here, RIGHT),
            Command(self.tr("修改"), self.change, "E", "edit", here, RIGHT),
            Command(self.tr("撤销岗位"), self.close_post, "X", "", here, RIGHT),
        )

    def nothing(self) -> str:
        return self.tr("还没有岗位。按 N 设立服务岗位或值守岗亭，报到的人才能认领、排班。")

    def write_file(self, db: Database, draft: Path, lines: Sequence[PostLine]) -> None:
        sheet.write_registrations(draft, reporting_lists.registrations(db), lines)

    def open(self) -> None:
        self.change()

    def _fields(self) -> tuple[Field, ...]:
        return (
            Field("name", self.tr("岗位名称"), required=True),
            Field("duty", self.tr("内容"), "long"),
            Field("capacity", self.tr("人数"), "number", required=True, hint=self.tr("岗亭是每班几人")),
            Field("slots", self.tr("班次"), hint=self.tr("08:00-11:00、14:00-17:00，夜班 22:00-06:00")),
            Field("colour", self.tr("专长"), "choice", (("", ""), *colour_choices(self.page.desk))),
            Field("place", self.tr("地点")),
        )

    def add(self) -> None:
        """A new post."""
        app = self.page.desk.app
        kinds = tuple((word, word) for word in reporting_rules.POSTS)
        name, *others = self._fields()
        fields = (name, Field("kind", self.tr("类别"), "choice", kinds, required=True), *others)

        def work(answer: Answer) -> Post:
            post = Post(
                name=answer["name"], kind=answer["kind"], duty=answer.get("duty"), slots=answer["slots"],
                capacity=whole(answer["capacity"]) or 0, colour=answer.get("colour"), place=answer.get("place"),
            )  # fmt: skip
            return reporting.add_post(app.db, app.actor, post)

        self.begin(
            Ask(
                self.tr("设立岗位"),
                self.tr("设立"),
                fields,
                work,
                lambda post: self.tr("已设立{name}").format(name=post.name),
                done=lambda post: self.point_at(post.id),
                values={"kind": kinds[0][0], "capacity": "1"},
                words=self.tr("负面清单上的事不能设岗。"),
                fresh=True,
            )
        )

    def change(self) -> None:
        """Put the post under the cursor right: what is done, how many are wanted, when and where."""
        app = self.page.desk.app
        post = app.db.get(Post, self.table.current.id) if self.table.current is not None else None
        if post is None:
            return

        def work(answer: Answer) -> Post:
            changes = answer.told("name", "slots")
            if "capacity" in changes:
                changes["capacity"] = whole(answer["capacity"]) or 0
            return reporting.change_post(app.db, app.actor, post.id, **changes)

        self.begin(
            Ask(
                self.tr("修改{name}").format(name=post.name),
                self.tr("保存"),
                self._fields(),
                work,
                lambda _post: self.tr("已保存"),
                values={one.name: str(getattr(post, one.name) or "") for one in self._fields()},
                words=self.tr("已经排好的班、已经认领的人不变。"),
            )
        )

    def close_post(self) -> None:
        """Take the post under the cursor off the list."""
        line, app = self.table.current, self.page.desk.app
        if line is None:
            return
        self.begin(
            Ask(
                self.tr("撤销{name}").format(name=line.name),
                self.tr("撤销岗位"),
                (Field("on", self.tr("撤销日期"), "date", required=True),),
                lambda answer: reporting.close_post(app.db, app.actor, line.id, tidy_date(answer["on"])),
                lambda _post: self.tr("已撤销，认领和值守的记录都留着"),
                values={"on": app.clock.today().isoformat()},
                tone="danger",
            )
        )


def _free(line: PostLine) -> str:
    return str(line.free) if line.free and line.kind == reporting_rules.SERVICE else ""
