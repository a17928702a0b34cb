"""What the forms about units ask, each with the action behind it."""

from collections.abc import Callable, Sequence
from datetime import date

from desktop_app.meetings.units import attendance_of_unit
from desktop_app.partners import actions, rules, together
from desktop_app.partners.model import Agreement, AgreementItem, PartnerUnit, UnitReview
from desktop_app.partners.queries import AgreementLine
from ui.pages.asks import Asks
from ui.pages.wording import choices
from ui.widgets.inline_form import Answer, Ask
from ui.widgets.inputs import tidy_date
from ui.widgets.record_form import Field


class UnitAsks(Asks):
    """Forms for units, agreements and reviews."""

    def _fields(self) -> tuple[Field, ...]:
        kinds = choices(self._desk, "partner_kinds")
        return (
            Field("name", self.tr("单位名称"), required=True),
            Field("kind", self.tr("类型"), "choice", kinds),
            Field("party_org", self.tr("党组织")),
            Field("head", self.tr("负责人")),
            Field("contact", self.tr("联络员")),
            Field("phone", self.tr("电话"), "number"),
            Field("address", self.tr("地址")),
            Field("uscc", self.tr("信用代码"), "number", hint=self.tr("统一社会信用代码 18 位")),
            Field("colours", self.tr("擅长"), hint=self.tr("七色：关爱老人、政策法规……")),
            Field("from_on", self.tr("共建起始"), "date"),
            Field("note", self.tr("备注"), "long"),
        )

    def add(self, go: Callable[[str], object]) -> Ask:
        """A new unit; `go` is told its identifier."""

        def work(answer: Answer) -> PartnerUnit:
            told = {
                name: value or None for name, value in answer.values.items() if name not in {"name", "kind", "colours"}
            }
            unit = PartnerUnit(name=answer["name"], kind=answer["kind"] or "其他", colours=answer["colours"])
            for name, value in told.items():
                setattr(unit, name, value)
            return actions.add_unit(self._app.db, self._app.actor, unit)

        return Ask(
            self.tr("登记共建单位"),
            self.tr("登记"),
            self._fields(),
            work,
            lambda unit: self.tr("已登记{name}").format(name=unit.name),
            done=lambda unit: go(unit.id),
            values={"from_on": self._today, "kind": "机关"},
            fresh=True,
        )

    def change(self, unit: PartnerUnit) -> Ask:
        """Put right what was entered."""

        def work(answer: Answer) -> PartnerUnit:
            changes = answer.told("name", "kind", "colours")
            return actions.change_unit(self._app.db, self._app.actor, unit.id, **changes)

        return Ask(
            self.tr("修改{name}").format(name=unit.name),
            self.tr("保存"),
            self._fields(),
            work,
            lambda _unit: self.tr("已保存"),
            values={field.name: getattr(unit, field.name) for field in self._fields()},
        )

    def end(self, unit: PartnerUnit) -> Ask:
        """End the work with it."""
        fields = (
            Field("on", self.tr("结束日期"), "date", required=True),
            Field("why", self.tr("原因"), hint=self.tr("迁出、撤销、不再续签")),
        )
        return Ask(
            self.tr("结束与{name}的共建").format(name=unit.name),
            self.tr("结束共建"),
            fields,
            lambda answer: actions.end_unit(self._app.db, self._app.actor, unit.id, answer["on"], answer["why"]),
            lambda _unit: self.tr("已结束共建"),
            values={"on": self._today},
            words=self.tr("没到期的协议一起终止；做过的事都留着。"),
            tone="danger",
        )

    def draw(self, unit: PartnerUnit) -> Ask:
        """An agreement with its items, one a line."""
        fields = (
            Field("from_on", self.tr("起"), "date", required=True),
            Field("goals", self.tr("目标"), hint=self.tr("留空用通用写法")),
            Field("items", self.tr("事项"), "long", required=True, hint=self.tr("一行一项；社区承担的写“社区：……”")),
        )

        def work(answer: Answer) -> Agreement:
            first, last = rules.year_of(date.fromisoformat(answer["from_on"]))
            drawn = Agreement(
                unit_id=unit.id, year=int(first[:4]), goals=answer["goals"], from_on=first, expires_on=last
            )
            lines = [line for line in answer["items"].splitlines() if line.strip()]
            said = map(rules.side_and_text, lines)
            items = [AgreementItem(agreement_id="", seq=0, side=side, text=text) for side, text in said]
            return actions.draw_agreement(self._app.db, self._app.actor, drawn, items)

        return Ask(
            self.tr("与{name}的共建协议").format(name=unit.name),
            self.tr("起草"),
            fields,
            work,
            lambda made: self.tr("已起草 {year} 年协议，Ctrl+P 打印").format(year=made.year),
            values={"from_on": self._today},
        )

    def sign(self, line: AgreementLine) -> Ask:
        """Both sides signed."""
        fields = (
            Field("on", self.tr("签订日期"), "date", required=True),
            Field("ours", self.tr("社区代表")),
            Field("theirs", self.tr("单位代表")),
        )
        return Ask(
            self.tr("{name}{year}年协议").format(name=line.unit, year=line.year),
            self.tr("登记签订"),
            fields,
            lambda answer: actions.sign_agreement(
                self._app.db, self._app.actor, line.id, answer["on"], answer["ours"], answer["theirs"]
            ),
            lambda _made: self.tr("已登记签订"),
            values={"on": self._today, "ours": self._app.actor.name},
        )

    def _which(self, standing: Sequence[AgreementLine]) -> Field:
        choices = tuple((one.id, f"{one.year}年 {one.no} {one.state}") for one in standing)
        return Field("agreement", self.tr("哪份协议"), "choice", choices, required=True)

    def promise(self, standing: Sequence[AgreementLine]) -> Ask:
        """One more item for one of the agreements `standing`, also when both sides signed already."""
        fields = (
            self._which(standing),
            Field("text", self.tr("事项"), required=True),
            Field("side", self.tr("谁承担"), "choice", tuple((one, one) for one in rules.SIDES), required=True),
            Field("times", self.tr("几次"), "number", required=True, hint=self.tr("一年做几次")),
            Field("due_on", self.tr("完成时限"), "date"),
        )

        def work(answer: Answer) -> AgreementItem:
            item = AgreementItem(agreement_id=answer["agreement"], seq=0, side=answer["side"], text=answer["text"])
            item.times = int(answer["times"]) if answer["times"].isdecimal() else 0
            item.due_on = tidy_date(answer["due_on"]) or None
            return actions.add_promise(self._app.db, self._app.actor, item)

        return Ask(
            self.tr("{name}：增加协议事项").format(name=standing[0].unit),
            self.tr("增加"),
            fields,
            work,
            lambda made: self.tr("已增加第 {n} 项").format(n=made.seq),
            values={"agreement": standing[0].id, "side": rules.SIDES[0], "times": "1"},
            words=self.tr("协议已经签订的，增加的事项请双方另行确认，再打一份协议。"),
        )

    def end_agreement(self, standing: Sequence[AgreementLine]) -> Ask:
        """One of the agreements `standing` ends before its time; the reason is kept."""
        fields = (
            self._which(standing),
            Field("ended_on", self.tr("终止日期"), "date", required=True),
            Field("ended_why", self.tr("终止原因"), "long", required=True),
        )

        def work(answer: Answer) -> Agreement:
            day = tidy_date(answer["ended_on"])
            return actions.end_agreement(self._app.db, self._app.actor, answer["agreement"], day, answer["ended_why"])

        return Ask(
            self.tr("终止与{name}的协议").format(name=standing[0].unit),
            self.tr("终止协议"),
            fields,
            work,
            lambda _made: self.tr("协议已终止，做过的事项都留着"),
            values={"agreement": standing[0].id, "ended_on": self._today},
            words=self.tr("只终止这一份协议；单位整个不再共建的，请用“结束共建”。"),
            tone="danger",
        )

    def keep(self, item: AgreementItem) -> Ask:
        """An item was done once more."""
        fields = (
            Field("on", self.tr("日期"), "date", required=True),
            Field("result", self.tr("情况"), hint=self.tr("义诊40人")),
        )
        return Ask(
            item.text,
            self.tr("完成一次"),
            fields,
            lambda answer: actions.keep_promise(self._app.db, self._app.actor, item.id, answer["on"], answer["result"]),
            lambda kept: self.tr("已完成") if kept.done_on else self.tr("已登记一次"),
            values={"on": self._today},
        )

    def review(self, unit: PartnerUnit) -> Ask:
        """The year's review; the facts are counted from what is on record."""
        fields = (
            Field("year", self.tr("年度"), "number", required=True),
            Field("opinion", self.tr("评议意见"), "long"),
        )

        def work(answer: Answer) -> UnitReview:
            year = int(answer["year"]) if answer["year"].isdecimal() else 0
            came = attendance_of_unit(self._app.db, unit.name, year)
            return together.review(
                self._app.db, self._app.actor, unit.id, year, meetings=came, opinion=answer["opinion"]
            )

        return Ask(
            self.tr("评议{name}").format(name=unit.name),
            self.tr("评议"),
            fields,
            work,
            lambda made: self.tr("{score} 分，{grade}").format(score=made.score, grade=made.grade),
            values={"year": self._today[:4]},
            words=self.tr("协议、认领、活动和会议出席都从记录里数，分值可在“单位评议的计分”里改。"),
        )
