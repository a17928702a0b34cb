"""志愿者: who can do what, when, for how much; how much they have in hand and how they were rated."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from desktop_app.orders import checks, finding, people, sheet
from desktop_app.orders.finding import HelperLine
from desktop_app.orders.model import Helper
from desktop_app.shared.pinyin import sort_key
from desktop_app.store.database import Database
from ui.pages.list_pane import Facts_, ListPane
from ui.pages.orders_asks import RIGHT, fen
from ui.pages.wording import choices
from ui.shell.commands import Command
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.inline_form import Answer, Ask
from ui.widgets.inputs import tidy_date
from ui.widgets.record_form import Field
from ui.widgets.record_model import Column


class HelpersPane(ListPane):
    """Helpers by name."""

    name: ClassVar[str] = "志愿者"
    record: ClassVar[str] = "helper"
    tables: ClassVar[frozenset[str]] = frozenset({"helper", "order_event", "person", "building"})
    stretch: ClassVar[str] = "colours"
    search: ClassVar[str] = "姓名、单位、微服务项目"

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("name", self.tr("姓名"), 90, lambda line: line.name, "name"),
            Column("kind", self.tr("类别"), 86, lambda line: line.kind, "kind"),
            Column("colours", self.tr("七色专长"), 180, lambda line: line.colours, "colours"),
            Column("trade", self.tr("微服务"), 80, lambda line: line.trade, "trade"),
            Column("price", self.tr("收费"), 72, lambda line: line.price),
            Column("open", self.tr("手上"), 44, lambda line: str(line.open_orders or ""), "open"),
            Column("minutes", self.tr("服务分钟"), 66, lambda line: str(line.minutes or ""), "minutes"),
            Column("rating", self.tr("评价"), 48, lambda line: f"{line.rating:.1f}" if line.rating else "", "rating"),
            Column("gone", self.tr("要看的"), 120, lambda line: line.gone, "gone", tone=lambda _line: "bad"),
        )

    def filters(self) -> tuple[Filter, ...]:
        colours = tuple((one.code, f"{one.text('colour')}·{one.name}") for one in self.page.desk.codes(checks.COLOURS))
        looks = (("trade", self.tr("有微服务的")), ("ended", self.tr("连同已退出的")))
        return (
            Filter("colour", self.tr("专长"), colours, several=False),
            Filter("look", self.tr("要看的"), looks, several=False),
        )

    def orders(self) -> Mapping[str, Callable[[HelperLine], Any]]:
        return {
            "name": lambda line: sort_key(line.name),
            "kind": lambda line: line.kind,
            "colours": lambda line: line.colours,
            "trade": lambda line: sort_key(line.trade),
            "open": lambda line: line.open_orders,
            "minutes": lambda line: line.minutes,
            "rating": lambda line: line.rating,
            "gone": lambda line: line.gone,
        }

    def ask(self, db: Database, chosen: Chosen) -> list[HelperLine]:
        look = chosen.one("look")
        return finding.helpers(
            db, text=chosen.text, colour=chosen.one("colour"), trade=look == "trade", ended=look == "ended"
        )

    def title_of(self, line: HelperLine) -> str:
        return line.name

    def facts(self, line: HelperLine) -> Facts_:
        served = self.tr("{n} 次，{m} 分钟").format(n=line.served, m=line.minutes) if line.served else ""
        return (
            (self.tr("要看的"), line.gone),
            (self.tr("类别"), "　".join(part for part in (line.kind, line.unit) if part)),
            (self.tr("电话"), line.phone),
            (self.tr("印进手册"), line.printed),
            (self.tr("七色专长"), line.colours),
            (self.tr("微服务"), "　".join(part for part in (line.trade, line.price) if part)),
            (self.tr("可服务时间"), line.hours or self.tr("什么时候都行")),
            (self.tr("所在楼栋"), line.place),
            (self.tr("手上"), self.tr("{n} 单").format(n=line.open_orders) if line.open_orders else ""),
            (self.tr("做过"), served),
            (self.tr("评价"), self.tr("平均 {n}（满分 3）").format(n=line.rating) if line.rating else ""),
        )

    def verbs(self) -> tuple[Command, ...]:
        here = self.name
        return (
            Command(self.tr("登记志愿者"), self.add, "N", "plus", here, RIGHT),
            Command(self.tr("修改"), self.change, "E", "edit", here, RIGHT),
            Command(self.tr("退出"), self.end, "X", "", here, RIGHT),
            Command(self.tr("打印便民服务手册"), self.print_booklet, "Ctrl+P", "printer", here, "papers.change"),
        )

    def nothing(self) -> str:
        return self.tr("还没有志愿者。按 N 登记；报到时也可以一并列入，或用 linli order import-helpers 读入表格。")

    def write_file(self, _db: Database, draft: Path, lines: Sequence[HelperLine]) -> None:
        sheet.write_helpers(draft, lines)

    def _fields(self) -> tuple[Field, ...]:
        kinds = choices(self.page.desk, "helper_kinds")
        return (
            Field("colours", self.tr("七色专长"), required=True, hint=self.tr("如 红 黄，或 关爱老人")),
            Field("kind", self.tr("类别"), "choice", kinds, required=True),
            Field("phone", self.tr("电话"), "number"),
            Field("phone_agreed_on", self.tr("同意印电话"), "date", hint=self.tr("本人同意把电话印进手册的日期")),
            Field("phone_withdrawn_on", self.tr("撤回日期"), "date", hint=self.tr("不再同意的日期")),
            Field("unit", self.tr("单位")),
            Field("hours", self.tr("可服务时间"), hint=self.tr("一三五 14:00-17:00；周末 8:00-12:00")),
            Field("trade", self.tr("微服务项目"), hint=self.tr("家电维修、上门理发……")),
            Field("price", self.tr("收费（元）"), "number", hint=self.tr("空着是免费")),
            Field("price_unit", self.tr("计价单位"), hint=self.tr("次、小时")),
            Field("note", self.tr("备注"), "long"),
        )

    def print_booklet(self) -> None:
        """Everybody who offers a micro-service, by trade."""
        self.page.desk.print_form("service_booklet", [self.page.desk.app.community.id])

    def add(self) -> None:
        """A new helper."""
        app = self.page.desk.app

        def work(answer: Answer) -> Helper:
            helper = Helper(
                name=answer["name"], person_id=answer.person_id, colours=answer["colours"], kind=answer["kind"],
                phone=answer.get("phone"), **_agreed(answer.values), unit=answer.get("unit"),
                hours=answer["hours"], trade=answer.get("trade"),
                price_fen=fen(answer["price"], "price"), price_unit=answer.get("price_unit"), note=answer.get("note"),
                from_on=app.clock.today().isoformat(),
            )  # fmt: skip
            return people.add_helper(app.db, app.actor, helper)

        name = Field("name", self.tr("姓名"), hint=self.tr("选了居民可以空着"))
        self.begin(
            Ask(
                self.tr("登记志愿者"),
                self.tr("登记"),
                (name, *self._fields()),
                work,
                lambda helper: self.tr("已登记{name}").format(name=helper.name),
                done=lambda helper: self.point_at(helper.id),
                values={"kind": "居民志愿者"},
                person=True,
                fresh=True,
            )
        )

    def change(self) -> None:
        """Put right what is known of the helper under the cursor."""
        line, app = self.table.current, self.page.desk.app
        helper = app.db.get(Helper, line.id) if line is not None else None
        if helper is None:
            return

        def work(answer: Answer) -> Helper:
            told = answer.told("colours", "kind", "hours") | _agreed(answer.changes)
            if "price" in told:
                told["price_fen"] = fen(told.pop("price") or "", "price")
            return people.change_helper(app.db, app.actor, helper.id, **told)

        values = {field.name: str(getattr(helper, field.name, "") or "") for field in self._fields()}
        values["price"] = sheet.yuan(helper.price_fen)
        self.begin(
            Ask(
                self.tr("修改{name}").format(name=helper.name),
                self.tr("保存"),
                self._fields(),
                work,
                lambda _helper: self.tr("已保存"),
                values=values,
            )
        )

    def end(self) -> None:
        """The helper under the cursor leaves."""
        line, app = self.table.current, self.page.desk.app
        if line is None:
            return
        fields = (Field("on", self.tr("退出日期"), "date", required=True), Field("why", self.tr("原因")))
        self.begin(
            Ask(
                self.tr("{name} 退出").format(name=line.name),
                self.tr("办理退出"),
                fields,
                lambda answer: people.end_helper(app.db, app.actor, line.id, tidy_date(answer["on"]), answer["why"]),
                lambda _helper: self.tr("已退出，做过的服务都留着"),
                values={"on": app.clock.today().isoformat()},
                tone="danger",
            )
        )


def _agreed(told: Mapping[str, str]) -> dict[str, Any]:
    """The days of the agreement to print the number, of those fields that were told."""
    return {name: tidy_date(told[name]) or None for name in people.AGREED if name in told}
