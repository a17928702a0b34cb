"""What the forms about bells and pairs ask, each with the action behind it."""

from collections.abc import Callable

from desktop_app.care import actions
from desktop_app.care.model import CarePair, DoorBell, DoorBellEvent
from desktop_app.care.queries import BellLine, CaredLine, PairLine
from desktop_app.care.rules import ALARM, CAME, FAULT, REPAIRED, TEST
from desktop_app.shared.errors import AppError
from desktop_app.visits import actions as visits
from desktop_app.visits.actions import Recorded
from desktop_app.visits.model import Visit
from ui.pages.asks import Asks
from ui.pages.wording import choices
from ui.widgets.inline_form import Answer, Ask
from ui.widgets.inputs import tidy_date, tidy_moment
from ui.widgets.record_form import Field


def whole(words: str | None, zh: str, field: str) -> int | None:
    """A whole number of a field, None where it is empty.  AppError at the field for anything else."""
    text = (words or "").strip()
    if not text:
        return None
    if not text.isdecimal():
        raise AppError(f"{zh}“{text}”不是数字，没有保存。", field=field, next_step="请填一个整数，或留空。")
    return int(text)


class BellAsks(Asks):
    """Forms for bells."""

    @property
    def _now(self) -> str:
        return f"{self._app.clock.now():%Y-%m-%d %H:%M}"

    def _fields(self) -> tuple[Field, ...]:
        return (
            Field("kind", self.tr("类型"), "choice", choices(self._desk, "bell_kinds"), required=True),
            Field("place", self.tr("位置"), hint=self.tr("门口、床头")),
            Field("device_no", self.tr("设备编号")),
            Field("radius_m", self.tr("半径（米）"), "number", hint=self.tr("空着按社区的规定")),
            Field("installed_on", self.tr("安装日期"), "date"),
            Field("note", self.tr("备注"), "long"),
        )

    def _why(self) -> Field:
        return Field("why", self.tr("原因"), hint=self.tr("给别的网格办时写明"))

    def hang(self, go: Callable[[str], object]) -> Ask:
        """A new bell, for a resident to be chosen."""

        def work(answer: Answer) -> actions.Hung:
            if answer.person_id is None:
                raise AppError("没有选给谁装，没有保存。", field="person_id", next_step="请在上面查找并选一位居民。")
            bell = DoorBell(
                person_id=answer.person_id,
                kind=answer["kind"],
                place=answer.get("place"),
                device_no=answer.get("device_no"),
                radius_m=whole(answer.get("radius_m"), "响应半径", "radius_m"),
                installed_on=tidy_date(answer["installed_on"]) or None,
                note=answer.get("note"),
            )
            return actions.hang(self._app.db, self._app.actor, bell, answer["why"])

        return Ask(
            self.tr("登记爱心门铃"),
            self.tr("登记"),
            (*self._fields(), self._why()),
            work,
            lambda kept: "　".join((self.tr("已登记门铃"), *kept.doubts)),
            done=lambda kept: go(kept.bell.id),
            values={"kind": self._desk.codes("bell_kinds").names()[0], "installed_on": self._today},
            person=True,
            fresh=True,
        )

    def change(self, bell: DoorBell) -> Ask:
        """Put right what was entered."""

        def work(answer: Answer) -> DoorBell:
            changes = answer.told()
            if "radius_m" in changes:
                changes["radius_m"] = whole(answer.get("radius_m"), "响应半径", "radius_m")
            if changes.get("installed_on"):
                changes["installed_on"] = tidy_date(answer["installed_on"])
            return actions.change_bell(self._app.db, self._app.actor, bell.id, **changes)

        values = {field.name: getattr(bell, field.name) for field in self._fields()}
        values["radius_m"] = str(bell.radius_m) if bell.radius_m else None
        return Ask(
            self.tr("修改门铃"), self.tr("保存"), self._fields(), work, lambda _bell: self.tr("已保存"), values=values
        )

    def alarm(self, line: BellLine) -> Ask:
        """It rang: when, why, who came."""
        fields = (
            Field("who_came", self.tr("谁到场"), hint=self.tr("还没有人到就空着")),
            Field("cause", self.tr("原因"), "choice", choices(self._desk, "bell_causes")),
            Field("text", self.tr("情况"), "long"),
            Field("at", self.tr("报警时间"), required=True, hint="2026-11-22 03:20"),
            Field("came_at", self.tr("到场时间"), hint="2026-11-22 03:25"),
        )
        return self._event(line, self.tr("{name} 的门铃响了"), self.tr("登记报警"), fields, ALARM)

    def test(self, line: BellLine) -> Ask:
        """It was tested and rang."""
        fields = (Field("at", self.tr("试铃时间"), required=True), Field("text", self.tr("情况")))
        return self._event(line, self.tr("给 {name} 试铃"), self.tr("登记试铃"), fields, TEST)

    def note(self, line: BellLine) -> Ask:
        """Somebody came, it broke, it was repaired."""
        kinds = tuple((kind, kind) for kind in (CAME, FAULT, REPAIRED))
        fields = (
            Field("kind", self.tr("记什么"), "choice", kinds, required=True),
            Field("at", self.tr("时间"), required=True),
            Field("who_came", self.tr("谁到场")),
            Field("text", self.tr("情况"), "long"),
        )
        return self._event(line, self.tr("{name} 的门铃"), self.tr("登记"), fields, CAME)

    def _event(self, line: BellLine, title: str, verb: str, fields: tuple[Field, ...], kind: str) -> Ask:
        def work(answer: Answer) -> DoorBellEvent:
            named = answer.values
            event = DoorBellEvent(
                bell_id=line.id,
                kind=named.get("kind") or kind,
                at=tidy_moment(answer["at"]),
                by_name=self._app.actor.name,
                who_came=answer.get("who_came"),
                came_at=tidy_moment(answer["came_at"]) if answer.get("came_at") else None,
                cause=answer.get("cause"),
                text=answer.get("text"),
            )
            return actions.note(self._app.db, self._app.actor, event)

        return Ask(
            title.format(name=line.name),
            verb,
            fields,
            work,
            lambda event: self.tr("已登记 {at} {kind}").format(at=event.at, kind=event.kind),
            values={"at": self._now, "kind": kind},
            words=line.address,
        )

    def take_down(self, line: BellLine) -> Ask:
        """It is gone."""
        fields = (Field("on", self.tr("拆除日期"), "date", required=True), Field("why", self.tr("原因")))
        return Ask(
            self.tr("拆除 {name} 的门铃").format(name=line.name),
            self.tr("登记拆除"),
            fields,
            lambda answer: actions.take_down(
                self._app.db, self._app.actor, line.id, tidy_date(answer["on"]), answer["why"]
            ),
            lambda _bell: self.tr("已登记拆除"),
            values={"on": self._today},
            words=self.tr("报警和试铃的记录都留着。"),
            tone="danger",
        )


class PairAsks(Asks):
    """Forms for pairs."""

    def _fields(self, named: str) -> tuple[Field, ...]:
        classes = tuple((one.name, one.name) for one in self._desk.codes("tags") if one.text("family") == "关怀")
        return (
            Field("name", named, required=True),
            Field("helper_unit", self.tr("单位")),
            Field("helper_phone", self.tr("电话"), "number", hint=self.tr("居民可以留空")),
            Field("care_class", self.tr("关爱类别"), "choice", classes),
            Field("interval_days", self.tr("间隔（天）"), "number", hint=self.tr("空着按类别")),
            Field("from_on", self.tr("结对日期"), "date"),
            Field("evidence", self.tr("依据"), hint=self.tr("会议、通知、协议")),
            Field("why", self.tr("原因"), hint=self.tr("给别的网格办时写明")),
        )

    def _made(self, answer: Answer) -> CarePair:
        return CarePair(
            helper_name=answer["name"],
            helper_unit=answer.get("helper_unit"),
            helper_phone=answer.get("helper_phone"),
            care_class=answer.get("care_class"),
            interval_days=whole(answer.get("interval_days"), "走访间隔", "interval_days"),
            from_on=tidy_date(answer["from_on"]) or None,
            evidence=answer.get("evidence"),
        )

    def pair(self, go: Callable[[str], object]) -> Ask:
        """A resident to be chosen is looked after by somebody whose name is written."""

        def work(answer: Answer) -> CarePair:
            if answer.person_id is None:
                raise AppError("没有选关爱对象，没有保存。", field="person_id", next_step="请在上面查找并选一位居民。")
            made = self._made(answer)
            made.person_id = answer.person_id
            return actions.pair(self._app.db, self._app.actor, made, answer["why"])

        return Ask(
            self.tr("结对包保"),
            self.tr("结对"),
            self._fields(self.tr("结对人姓名")),
            work,
            lambda made: self.tr("已结对：{name}").format(name=made.helper_name),
            done=lambda made: go(made.id),
            values={"from_on": self._today},
            words=self.tr("上面选关爱对象，下面写谁来结对。结对人是本社区居民的，在“关爱对象”里选人结对。"),
            person=True,
            fresh=True,
        )

    def pair_with(self, line: CaredLine) -> Ask:
        """The resident of a line is looked after by a resident to be chosen, or by somebody whose name is written."""

        def work(answer: Answer) -> CarePair:
            made = self._made(answer)
            made.person_id, made.helper_id = line.id, answer.person_id
            return actions.pair(self._app.db, self._app.actor, made, answer["why"])

        return Ask(
            self.tr("给 {name} 结对").format(name=line.name),
            self.tr("结对"),
            self._fields(self.tr("结对人姓名")),
            work,
            lambda made: self.tr("{who} 包保 {name}").format(who=made.helper_name, name=line.name),
            values={"from_on": self._today, "care_class": line.classes[0] if line.classes else ""},
            words=self.tr("结对人是本社区居民的先选人；外单位的直接写姓名。"),
            person=True,
        )

    def change(self, made: CarePair) -> Ask:
        """Put right what was entered."""
        asked = [field for field in self._fields(self.tr("结对人姓名")) if field.name != "why"]
        fields = (*asked, Field("note", self.tr("备注"), "long"))

        def work(answer: Answer) -> CarePair:
            changes = {{"name": "helper_name"}.get(name, name): value for name, value in answer.told().items()}
            if "interval_days" in changes:
                changes["interval_days"] = whole(answer.get("interval_days"), "走访间隔", "interval_days")
            if changes.get("from_on"):
                changes["from_on"] = tidy_date(answer["from_on"])
            return actions.change_pair(self._app.db, self._app.actor, made.id, **changes)

        values = {field.name: getattr(made, field.name, None) for field in fields}
        values |= {"name": made.helper_name, "interval_days": str(made.interval_days or "")}
        return Ask(self.tr("修改结对"), self.tr("保存"), fields, work, lambda _made: self.tr("已保存"), values=values)

    def end(self, line: PairLine) -> Ask:
        """The pair is over."""
        fields = (Field("on", self.tr("结束日期"), "date", required=True), Field("why", self.tr("原因")))
        return Ask(
            self.tr("结束 {who} 与 {name} 的结对").format(who=line.helper, name=line.name),
            self.tr("结束结对"),
            fields,
            lambda answer: actions.end_pair(
                self._app.db, self._app.actor, line.id, tidy_date(answer["on"]), answer["why"]
            ),
            lambda _made: self.tr("已结束结对"),
            values={"on": self._today},
            tone="danger",
        )

    def visit(self, line: PairLine) -> Ask:
        """The helper went there."""
        fields = (
            Field("findings", self.tr("情况"), "long"),
            Field("result", self.tr("结果"), "choice", choices(self._desk, "visit_results"), required=True),
            Field("workers", self.tr("谁去的"), required=True),
            Field("on", self.tr("日期"), "date", required=True),
            Field("goods", self.tr("发放物品")),
        )

        def work(answer: Answer) -> Recorded:
            visit = Visit(
                on=tidy_date(answer["on"]),
                person_id=line.subject_id if line.subject == "person" else None,
                household_id=line.subject_id if line.subject == "household" else None,
                result=answer["result"],
                workers=answer["workers"],
                purpose="结对包保",
                findings=answer.get("findings"),
                goods=answer.get("goods"),
            )
            return visits.record(self._app.db, self._app.actor, visit)

        return Ask(
            self.tr("走访 {name}").format(name=line.name),
            self.tr("保存走访"),
            fields,
            work,
            lambda kept: self.tr("已登记 {on} 的走访").format(on=kept.visit.on),
            values={"on": self._today, "result": "见面", "workers": line.helper},
            words=line.address,
        )
