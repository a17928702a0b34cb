"""共建活动: planned, signed in to, told of; who came stands below."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from desktop_app.partners import doings, sheet, together
from desktop_app.partners.actions import RIGHT as CHANGE
from desktop_app.partners.doings import ActivityLine
from desktop_app.partners.model import Activity, SignIn
from desktop_app.partners.queries import unit_names
from desktop_app.shared.pinyin import sort_key
from desktop_app.store.database import Database
from ui.pages.list_pane import ListPane
from ui.pages.wording import choices
from ui.shell.commands import Command
from ui.shell.parts import column, label
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.inline_form import Answer, Ask
from ui.widgets.record_form import Field
from ui.widgets.record_model import RIGHT, Column


class ActivitiesPane(ListPane):
    """Activities, the newest first; who came stands below."""

    name: ClassVar[str] = "共建活动"
    record: ClassVar[str] = "activity"
    search: ClassVar[str] = "名称、负责人"
    stretch: ClassVar[str] = "title"
    tables: ClassVar[frozenset[str]] = frozenset({"activity", "sign_in", "partner_unit", "venue"})

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("on", self.tr("日期"), 92, lambda line: line.on, "on"),
            Column("kind", self.tr("类型"), 84, lambda line: line.kind, "kind"),
            Column("title", self.tr("名称"), 180, lambda line: line.title, "title"),
            Column("units", self.tr("单位"), 48, lambda line: str(line.units or ""), "units", RIGHT),
            Column("came", self.tr("人数"), 48, lambda line: str(line.came or ""), "came", RIGHT),
            Column("served", self.tr("服务人次"), 68, lambda line: str(line.served or ""), "served", RIGHT),
            Column("state", self.tr("状态"), 60, self._state),
        )

    def _state(self, line: ActivityLine) -> str:
        if line.cancelled_on:
            return self.tr("取消")
        if line.result:
            return self.tr("已办")
        return self.tr("待办") if line.on >= self._today else self.tr("待补")

    @property
    def _today(self) -> str:
        return self.page.desk.app.clock.today().isoformat()

    def filters(self) -> tuple[Filter, ...]:
        kinds = choices(self.page.desk, "activity_kinds")
        return (Filter("kind", self.tr("类型"), kinds, several=False),)

    def orders(self) -> Mapping[str, Callable[[ActivityLine], Any]]:
        return {
            "on": lambda line: line.on,
            "kind": lambda line: line.kind,
            "title": lambda line: sort_key(line.title),
            "units": lambda line: line.units,
            "came": lambda line: line.came,
            "served": lambda line: line.served or 0,
        }

    def ask(self, db: Database, chosen: Chosen) -> Sequence[ActivityLine]:
        return doings.activities(db, chosen.text, chosen.one("kind"))

    def title_of(self, line: ActivityLine) -> str:
        return line.title

    def facts(self, line: ActivityLine) -> Sequence[tuple[str, Any]]:
        return (
            (self.tr("类型"), line.kind),
            (self.tr("时间"), f"{line.on}　{line.hours}".strip()),
            (self.tr("地点"), line.place),
            (self.tr("负责人"), line.lead),
            (self.tr("服务人次"), str(line.served or "")),
            (self.tr("情况"), line.result),
            (self.tr("取消"), line.cancelled_on),
        )

    def below(self, line: ActivityLine) -> Any:
        came = doings.who_came(self.page.desk.app.db, line.id)
        words = [f"{name}　{unit}　{minutes} 分钟" for name, unit, minutes in came]
        return column(label(self.tr("签到"), "section"), *map(label, words), gap=4) if words else None

    def nothing(self) -> str:
        return self.tr("还没有活动。登记下一次社区工作日，单位来了就签到。")

    def write_file(self, db: Database, path: Path, lines: Sequence[ActivityLine]) -> None:
        del db
        sheet.write_activities(path, lines)

    # ------------------------------------------------------------------------------------------ verbs

    def verbs(self) -> tuple[Command, ...]:
        group = self.name
        return (
            Command(self.tr("登记活动"), self.plan, "Ctrl+N", "plus", group, CHANGE),
            Command(self.tr("签到"), self.sign_in, "S", "check", group, CHANGE),
            Command(self.tr("登记情况"), self.tell, "E", "edit", group, CHANGE),
            Command(self.tr("取消活动"), self.cancel, "Delete", "", group, CHANGE),
        )

    def open(self) -> None:
        self.tell()

    def plan(self) -> None:
        """A new activity."""
        app = self.page.desk.app
        kinds = choices(self.page.desk, "activity_kinds")
        fields = (
            Field("kind", self.tr("类型"), "choice", kinds, required=True),
            Field("title", self.tr("名称"), required=True),
            Field("on", self.tr("日期"), "date", required=True),
            Field("hours", self.tr("时间"), hint="9:00—11:00"),
            Field("place", self.tr("地点")),
            Field("lead", self.tr("负责人")),
            Field("text", self.tr("内容"), "long"),
        )

        def work(answer: Answer) -> Activity:
            told: dict[str, Any] = {name: answer.get(name) for name in ("hours", "place", "lead")}
            made = Activity(kind=answer["kind"], title=answer["title"], on=answer["on"], text=answer["text"], **told)
            return together.plan_activity(app.db, app.actor, made)

        self.begin(
            Ask(
                self.tr("登记活动"),
                self.tr("登记"),
                fields,
                work,
                lambda made: self.tr("已登记{title}").format(title=made.title),
                done=lambda made: self.point_at(made.id),
                values={"kind": kinds[0][0], "on": self._today, "lead": app.actor.name},
                fresh=True,
            )
        )

    def sign_in(self) -> None:
        """Somebody came, or several at once; for the next ones the form is opened again."""
        line, app = self.table.current, self.page.desk.app
        if line is None:
            return
        fields = (
            Field("name", self.tr("姓名"), required=True, hint=self.tr("几个人用顿号隔开")),
            Field("unit_id", self.tr("单位"), "choice", (("", ""), *unit_names(app.db).items())),
            Field("minutes", self.tr("服务分钟"), "number"),
        )

        def work(answer: Answer) -> list[SignIn]:
            minutes = int(answer["minutes"]) if answer["minutes"].isdecimal() else 0
            names = answer["name"].replace("，", "、").replace(",", "、").split("、")
            people = [
                SignIn(activity_id=line.id, name=name, unit_id=answer.get("unit_id"), minutes=minutes,
                       person_id=answer.person_id if len(names) == 1 else None)
                for name in names if name.strip()
            ]  # fmt: skip
            return together.sign_in(app.db, app.actor, line.id, people)

        self.begin(
            Ask(
                self.tr("签到：{title}").format(title=line.title),
                self.tr("签到"),
                fields,
                work,
                lambda made: self.tr("已签到 {n} 人").format(n=len(made)),
                values={"minutes": "60"},
            )
        )

    def tell(self) -> None:
        """What came of the activity under the cursor."""
        line, app = self.table.current, self.page.desk.app
        if line is None:
            return
        fields = (
            Field("served", self.tr("服务人次"), "number"),
            Field("result", self.tr("情况"), "long", required=True),
        )

        def work(answer: Answer) -> Activity:
            served = int(answer["served"]) if answer["served"].isdecimal() else None
            return together.change_activity(app.db, app.actor, line.id, served=served, result=answer["result"])

        self.begin(
            Ask(
                self.tr("{title}的情况").format(title=line.title),
                self.tr("保存"),
                fields,
                work,
                lambda _made: self.tr("已保存"),
                values={"served": str(line.served or ""), "result": line.result},
            )
        )

    def cancel(self) -> None:
        """The activity under the cursor does not take place."""
        line, app = self.table.current, self.page.desk.app
        if line is None or line.cancelled_on:
            return
        self.begin(
            Ask(
                self.tr("取消{title}").format(title=line.title),
                self.tr("取消活动"),
                (Field("on", self.tr("日期"), "date", required=True),),
                lambda answer: together.change_activity(app.db, app.actor, line.id, cancelled_on=answer["on"]),
                lambda _made: self.tr("已取消"),
                values={"on": self._today},
                tone="danger",
            )
        )
