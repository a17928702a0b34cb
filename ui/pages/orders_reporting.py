"""报到: who reported in, what they claimed, the form and the receipt."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtWidgets import QLayout

from desktop_app.orders import reporting, reporting_lists, reporting_rules, sheet
from desktop_app.orders.model import Registration, RegistrationClaim
from desktop_app.orders.reporting_lists import RegistrationLine
from desktop_app.residents.queries import household_of
from desktop_app.shared.pinyin import sort_key
from desktop_app.store.database import Database
from ui.pages.list_pane import Facts_, ListPane
from ui.pages.orders_asks import RIGHT
from ui.pages.orders_list import short_timeline
from ui.pages.wording import choices
from ui.shell.commands import Command
from ui.shell.parts import column
from ui.widgets.filter_bar import Chosen, Filter
from ui.widgets.inline_form import Answer, Ask
from ui.widgets.inputs import tidy_date
from ui.widgets.record_form import Field
from ui.widgets.record_model import Column
from ui.widgets.timeline import Moment

_BLANK = "空白"
"""The subject of a registration form to be filled in by hand."""


class RegistrationsPane(ListPane):
    """Those who reported in, the latest first."""

    name: ClassVar[str] = "报到"
    record: ClassVar[str] = "registration"
    tables: ClassVar[frozenset[str]] = frozenset(
        {"registration", "registration_claim", "post", "order_event", "person"}
    )
    stretch: ClassVar[str] = "claims"
    search: ClassVar[str] = "编号、姓名、单位、党组织"

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("no", self.tr("编号"), 96, lambda line: line.no, "no"),
            Column("on", self.tr("报到日期"), 88, lambda line: line.on, "on"),
            Column("name", self.tr("姓名"), 70, lambda line: line.name, "name"),
            Column("kind", self.tr("类别"), 86, lambda line: line.kind, "kind"),
            Column("unit", self.tr("单位（网点）"), 120, lambda line: line.unit, "unit"),
            Column("claims", self.tr("认领"), 180, lambda line: line.claims, "claimed"),
            Column("role", self.tr("角色"), 110, lambda line: line.role, "role"),
            Column("minutes", self.tr("服务分钟"), 66, lambda line: str(line.minutes or ""), "minutes"),
        )

    def filters(self) -> tuple[Filter, ...]:
        kinds = choices(self.page.desk, "registration_kinds")
        ended = (("ended", self.tr("连同已结束的")),)
        return (
            Filter("kind", self.tr("类别"), kinds, several=False),
            Filter("look", self.tr("要看的"), ended, several=False),
        )

    def orders(self) -> Mapping[str, Callable[[RegistrationLine], Any]]:
        return {
            "no": lambda line: line.no,
            "on": lambda line: (line.on, line.id),
            "name": lambda line: sort_key(line.name),
            "kind": lambda line: line.kind,
            "unit": lambda line: sort_key(line.unit),
            "claimed": lambda line: line.claimed,
            "role": lambda line: line.role,
            "minutes": lambda line: line.minutes,
        }

    def ask(self, db: Database, chosen: Chosen) -> list[RegistrationLine]:
        ended = bool(chosen.one("look"))
        return reporting_lists.registrations(db, text=chosen.text, kind=chosen.one("kind"), ended=ended)

    def title_of(self, line: RegistrationLine) -> str:
        return line.name

    def facts(self, line: RegistrationLine) -> Facts_:
        return (
            (self.tr("编号"), line.no),
            (self.tr("报到日期"), line.on),
            (self.tr("类别"), "　".join(part for part in (line.kind, line.role) if part)),
            (self.tr("电话"), line.phone),
            (self.tr("单位"), "　".join(part for part in (line.unit, line.unit_post) if part)),
            (self.tr("所在党组织"), line.branch),
            (self.tr("居住楼栋"), line.place),
            (self.tr("七色专长"), line.colours),
            (
                self.tr("接单值守"),
                self.tr("在志愿者里，服务 {n} 分钟").format(n=line.minutes) if line.helper_id else "",
            ),
            (self.tr("结束"), line.to_on),
        )

    def below(self, line: RegistrationLine) -> QLayout | None:
        claims = reporting_lists.claims(self.page.desk.app.db, line.id)
        if not claims:
            return None
        told = [
            Moment(
                one.on, f"{one.kind}　{one.text}", "　".join(filter(None, (one.state, one.done_on, one.home, one.note)))
            )
            for one in claims
        ]
        return column(short_timeline(self, self.page.desk.theme, self.tr("认领"), told))

    def verbs(self) -> tuple[Command, ...]:
        here = self.name
        return (
            Command(self.tr("报到登记"), self.report_in, "N", "plus", here, RIGHT),
            Command(self.tr("登记认领"), self.claim, "R", "", here, RIGHT),
            Command(self.tr("认领完成"), self.finish, "F", "", here, RIGHT),
            Command(self.tr("退出认领"), self.give_up, "T", "", here, RIGHT),
            Command(self.tr("报到结束"), self.end, "X", "", here, RIGHT),
            Command(self.tr("打印登记表"), self.print_form, "Ctrl+P", "printer", here, "papers.change"),
            Command(self.tr("打印报到卡"), self.print_card, "K", "printer", here, "papers.change"),
            Command(self.tr("打印空白登记表"), self.print_blank, "Ctrl+Shift+P", "printer", here, "papers.change"),
            Command(self.tr("写成一句话"), self.say_figures, "Y", "copy", here),
        )

    def nothing(self) -> str:
        return self.tr("还没有人报到。在职党员、快递员、骑手来报到时，按 N 登记；也可以先打印空白登记表。")

    def write_file(self, db: Database, draft: Path, lines: Sequence[RegistrationLine]) -> None:
        sheet.write_registrations(draft, lines, reporting_lists.posts(db))

    def _fields(self) -> tuple[Field, ...]:
        kinds = choices(self.page.desk, "registration_kinds")
        roles = (("", ""), *((name, name) for name in reporting.rider_roles(self.page.desk.app.db)))
        yes = (("", self.tr("否")), ("1", self.tr("是，可接单、值守")))
        return (
            Field("name", self.tr("姓名"), hint=self.tr("选了居民可以空着")),
            Field("kind", self.tr("类别"), "choice", kinds, required=True),
            Field("unit", self.tr("单位（网点）")),
            Field("unit_post", self.tr("职务（工种）")),
            Field("phone", self.tr("电话"), "number"),
            Field("branch", self.tr("所在党组织")),
            Field("colours", self.tr("七色专长"), hint=self.tr("如 红 蓝")),
            Field("role", self.tr("担任角色"), "choice", roles),
            Field("hours", self.tr("可服务时间"), hint=self.tr("一三五 14:00-17:00")),
            Field("helps", self.tr("列入志愿者"), "choice", yes),
            Field("on", self.tr("报到日期"), "date", required=True),
        )

    def report_in(self) -> None:
        """Somebody reports in."""
        app = self.page.desk.app
        kinds = self.page.desk.codes("registration_kinds").names()

        def work(answer: Answer) -> Registration:
            one = Registration(
                on=tidy_date(answer["on"]), kind=answer["kind"], name=answer["name"], person_id=answer.person_id,
                phone=answer.get("phone"), unit=answer.get("unit"), unit_post=answer.get("unit_post"),
                branch=answer.get("branch"), role=answer.get("role"), colours=answer["colours"], hours=answer["hours"],
            )  # fmt: skip
            return reporting.report_in(app.db, app.actor, one, helps=bool(answer["helps"]))

        names = "；".join(item.name for item in reporting.negative_list(app.db))
        self.begin(
            Ask(
                self.tr("报到登记"),
                self.tr("登记"),
                self._fields(),
                work,
                lambda one: self.tr("已登记报到 {no}").format(no=one.no or one.name),
                done=lambda one: self.point_at(one.id),
                values={"on": app.clock.today().isoformat(), "kind": kinds[0], "helps": ""},
                person=True,
                words=self.tr("负面清单：{names}").format(names=names),
                fresh=True,
            )
        )

    def claim(self) -> None:
        """What the one under the cursor takes on."""
        line, app = self.table.current, self.page.desk.app
        if line is None:
            return
        kinds = choices(self.page.desk, "claim_kinds")
        posts = tuple(
            (one.id, self.tr("{name}（空 {n}）").format(name=one.name, n=one.free))
            for one in reporting_lists.posts(app.db)
            if one.free or one.kind == reporting_rules.DUTY
        )
        fields = (
            Field("kind", self.tr("认领类别"), "choice", kinds, required=True),
            Field("post_id", self.tr("岗位"), "choice", (("", ""), *posts)),
            Field("text", self.tr("内容"), hint=self.tr("认事项、创先锋要写")),
            Field("on", self.tr("日期"), "date", required=True),
        )

        def work(answer: Answer) -> RegistrationClaim:
            home = household_of(app.db, answer.person_id) if answer.person_id else None
            one = RegistrationClaim(
                registration_id=line.id, kind=answer["kind"], on=tidy_date(answer["on"]),
                post_id=answer.get("post_id"), household_id=home.id if home else None, text=answer["text"],
            )  # fmt: skip
            return reporting.claim(app.db, app.actor, one)

        self.begin(
            Ask(
                self.tr("{name} 认领").format(name=line.name),
                self.tr("登记认领"),
                fields,
                work,
                lambda one: self.tr("已登记{kind}：{text}").format(kind=one.kind, text=one.text),
                values={"kind": kinds[0][0], "on": app.clock.today().isoformat()},
                person=True,
                words=self.tr("认岗位选岗位；认亲戚在上面选结对的居民；认事项、创先锋写内容。"),
            )
        )

    def _open_claims(self) -> tuple[tuple[str, str], ...]:
        line = self.table.current
        claims = reporting_lists.claims(self.page.desk.app.db, line.id) if line is not None else []
        found = tuple((one.id, f"{one.kind}　{one.text}") for one in claims if one.state == "在履行")
        if line is not None and not found:
            self.page.desk.say(self.tr("{name}没有在履行的认领").format(name=line.name))
        return found

    def finish(self) -> None:
        """One of the claims is done."""
        claims, app = self._open_claims(), self.page.desk.app
        if not claims:
            return
        fields = (
            Field("claim", self.tr("认领"), "choice", claims, required=True),
            Field("on", self.tr("完成日期"), "date", required=True),
            Field("note", self.tr("完成情况"), "long"),
        )
        self.begin(
            Ask(
                self.tr("认领完成"),
                self.tr("完成"),
                fields,
                lambda answer: reporting.finish_claim(
                    app.db, app.actor, answer["claim"], tidy_date(answer["on"]), answer["note"]
                ),
                lambda _one: self.tr("已记下完成"),
                values={"claim": claims[0][0], "on": app.clock.today().isoformat()},
            )
        )

    def give_up(self) -> None:
        """One of the claims is given up."""
        claims, app = self._open_claims(), self.page.desk.app
        if not claims:
            return
        fields = (
            Field("claim", self.tr("认领"), "choice", claims, required=True),
            Field("why", self.tr("原因"), required=True),
        )
        self.begin(
            Ask(
                self.tr("退出认领"),
                self.tr("退出"),
                fields,
                lambda answer: reporting.give_up_claim(app.db, app.actor, answer["claim"], answer["why"]),
                lambda _one: self.tr("已退出，岗位空出来了"),
                values={"claim": claims[0][0]},
                tone="danger",
            )
        )

    def end(self) -> None:
        """The one under the cursor is not here any more."""
        line, app = self.table.current, self.page.desk.app
        if line is None:
            return
        fields = (
            Field("on", self.tr("结束日期"), "date", required=True),
            Field("why", self.tr("原因"), hint=self.tr("调离、搬走")),
        )
        self.begin(
            Ask(
                self.tr("{name} 报到结束").format(name=line.name),
                self.tr("结束"),
                fields,
                lambda answer: reporting.end_registration(
                    app.db, app.actor, line.id, tidy_date(answer["on"]), answer["why"]
                ),
                lambda _one: self.tr("已结束，做过的都留着"),
                values={"on": app.clock.today().isoformat()},
                words=self.tr("没做完的认领一起结束，岗位空出来。"),
                tone="danger",
            )
        )

    def print_form(self) -> None:
        """The form of the one under the cursor."""
        line = self.table.current
        if line is not None:
            self.page.desk.print_form("registration_form", [line.id])

    def print_card(self) -> None:
        """The card of the one under the cursor, to take along."""
        line = self.table.current
        if line is not None:
            self.page.desk.print_form("registration_card", [line.id])

    def print_blank(self) -> None:
        """An empty form to be filled in by hand."""
        self.page.desk.print_form("registration_form", [_BLANK])

    def say_figures(self) -> None:
        """The sentence of the article, in the status bar."""
        db, desk = self.page.desk.app.db, self.page.desk
        self.page.read(
            lambda: reporting_lists.counts_sentence(reporting_lists.registration_counts(db)), desk.say, key="figures"
        )
