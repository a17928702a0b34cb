"""What each step of an appeal asks, and the letter it is done by."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from desktop_app.appeals import actions, rules
from desktop_app.appeals.deeds import Deed
from desktop_app.appeals.queries import AppealDetail
from desktop_app.appeals.rules import State
from desktop_app.sync import units
from ui.pages.appeal_fields import asked_fields, reporter_fields
from ui.pages.asks import Asks
from ui.shell.desk import Desk
from ui.widgets.inline_form import Answer, Ask
from ui.widgets.inputs import tidy_date
from ui.widgets.record_form import Field

KEYS: Final = {
    "受理": "A", "派办": "D", "上报": "U", "退回": "T", "部门认领": "L", "暂停": "Z", "恢复": "Z", "办结": "J",
    "评价": "R", "重开": "O", "联系": "C", "回复": "Y", "解释": "X", "回访": "H", "补充": "B",
}  # fmt: skip
"""The letter of each step; two that share one are never allowed at the same time."""
ICONS: Final = {
    "受理": "check", "派办": "forward", "上报": "forward", "退回": "back", "部门认领": "flag", "暂停": "clock",
    "恢复": "redo", "办结": "check", "评价": "star", "重开": "undo",
}  # fmt: skip
AT_ONCE: Final = ("受理", "恢复")
"""Steps that ask nothing."""
EXPLANATION: Final = ("told_whom", "how", "explained")
_HOW: Final = ("上门", "电话", "来访当面", "书面", "微信")
_DATES: Final = ("received_on", "promised_on")


class AppealAsks(Asks):
    """Forms for one appeal; `seen()` is the last event the person has in front of them."""

    def __init__(self, desk: Desk, seen: Callable[[], str]) -> None:
        super().__init__(desk)
        self._seen = seen

    def words(self, kind: str) -> str:
        """What the verb says on its button."""
        longer = {"部门认领": self.tr("部门认领"), "评价": self.tr("登记评价"), "补充": self.tr("补充情况")}
        return longer.get(kind, kind)

    def act(self, appeal_id: str, *deeds: Deed) -> State:
        """The action, for the writer thread: refused where somebody has acted since what the person saw."""
        first, *others = deeds
        return actions.act(self._app.db, self._app.actor, appeal_id, replace(first, expects=self._seen()), *others)

    def ask(self, kind: str, shown: AppealDetail, done: Callable[[State], object]) -> Ask:
        """The form of one step."""
        fields = self._fields(kind, shown)
        values = {"on": self._today, "by_name": self._app.actor.name, **self._proposed(kind, shown)}
        return Ask(
            title=f"{self.words(kind)}　{KEYS[kind]}",
            verb=self.tr("保存"),
            fields=(*fields, Field("on", self.tr("日期"), "date"), Field("by_name", self.tr("经办人"))),
            values=values,
            words=self._hint(kind, shown),
            work=lambda answer: self.act(shown.appeal.id, *self.deeds(kind, shown, answer)),
            said=lambda state: self.tr("已记下“{kind}”，现在{phase}").format(kind=kind, phase=state.phase),
            done=done,
        )

    def deeds(self, kind: str, shown: AppealDetail, answer: Answer) -> list[Deed]:
        """What is done; ending without a solution tells the explanation first, in the same act."""
        told: dict[str, Any] = {
            name: answer.values.get(name, "") for name in ("text", "to_whom", "outcome", "satisfaction", "why_none")
        }
        told |= {"on": tidy_date(answer["on"]), "by_name": answer["by_name"]}
        unit = answer.values.get("unit", "")
        deed = Deed(kind, how=answer.values.get("how", ""), unit=int(unit) if unit else None, **told)
        if kind != "办结":
            return [deed]
        deed = Deed(kind, **told)
        if told["outcome"] != rules.EXPLAINED or (shown.state.explained and not answer["explained"]):
            return [deed]
        before = Deed(
            "解释",
            text=answer["explained"],
            to_whom=answer["told_whom"],
            how=answer["how"],
            on=deed.on,
            by_name=deed.by_name,
        )
        return [before, deed]

    def _proposed(self, kind: str, shown: AppealDetail) -> dict[str, str | None]:
        who = self.tr("居民本人") if shown.appeal.anonymous else shown.reporter
        if kind in {"上报", "退回"}:
            step = shown.state.step + (1 if kind == "上报" else -1)
            return {"to_whom": rules.step_name(shown.ladder, step)}
        if kind == "办结":
            return {"outcome": rules.ANSWERED, "told_whom": who}
        return {"to_whom": who} if kind == "解释" else {}

    def _hint(self, kind: str, shown: AppealDetail) -> str:
        if kind == "上报":
            return self.tr("从{here}报到{next}；保存后可以打印呈报单。").format(
                here=shown.step_name, next=rules.step_name(shown.ladder, shown.state.step + 1)
            )
        hints = {
            "暂停": self.tr("暂停期间不计工作日，恢复后接着算。"),
            "评价": self.tr("填评价，或写明没有评价的原因，两项填一项。不满意的自动重开一次。"),
            "解释": self.tr("向谁、什么时候、由谁、怎样解释的，四项都要有。"),
        }
        return hints.get(kind, "")

    def _fields(self, kind: str, shown: AppealDetail) -> tuple[Field, ...]:
        tr = self.tr
        text = {
            "派办": tr("要求"), "上报": tr("呈报事由"), "退回": tr("答复和要求"), "暂停": tr("暂停原因"),
            "办结": tr("办理情况"), "评价": tr("评价的话"), "重开": tr("重开原因"), "解释": tr("解释了什么"),
            "回复": tr("答复内容"), "联系": tr("联系情况"), "回访": tr("回访情况"),
        }.get(kind, tr("内容"))  # fmt: skip
        needed = "text" in rules.MOVES[kind].needs
        words = Field("text", text, "long", required=needed)
        if kind in {"派办", "部门认领"}:
            whom = tr("交给谁办") if kind == "派办" else tr("认领部门")
            return (Field("to_whom", whom, required=True), words, *self._unit(kind, shown))
        if kind in {"上报", "退回"}:
            return (words, Field("to_whom", tr("报给") if kind == "上报" else tr("退给")), *self._unit(kind, shown))
        if kind == "解释":
            return (Field("to_whom", tr("向谁解释"), required=True), self._how(required=True), words)
        if kind == "办结":
            return self._ending(words)
        if kind == "评价":
            return self._rating(words)
        return (words,)

    def _how(self, *, required: bool = False) -> Field:
        return Field("how", self.tr("怎样解释"), "choice", tuple((word, word) for word in _HOW), required=required)

    def _unit(self, kind: str, shown: AppealDetail) -> tuple[Field, ...]:
        """The unit that is to receive it, where this desk knows some; a department that claims it has it already."""
        asked = kind == "上报" or (kind == "部门认领" and not shown.appeal.scope)
        known = units.known(self._app.db) if asked else []
        choices = tuple((str(one.id), one.name) for one in known)
        return (Field("unit", self.tr("同步给"), "choice", choices),) if choices else ()

    def _ending(self, words: Field) -> tuple[Field, ...]:
        outcomes = tuple((word, word) for word in (rules.ANSWERED, rules.EXPLAINED))
        return (
            Field("outcome", self.tr("办理结果"), "choice", outcomes, required=True),
            words,
            Field("told_whom", self.tr("向谁解释")),
            self._how(),
            Field("explained", self.tr("解释了什么"), "long"),
        )

    def _rating(self, words: Field) -> tuple[Field, ...]:
        ratings = tuple((word, word) for word in rules.SATISFACTIONS)
        return (
            Field("satisfaction", self.tr("评价"), "choice", ratings),
            Field("why_none", self.tr("没有评价的原因"), hint=self.tr("如：三次电话没有接通")),
            words,
        )

    # --------------------------------------------------------------------------------------------------- putting right

    def edit(self, shown: AppealDetail) -> Ask:
        """Correct what was taken in."""
        appeal, app = shown.appeal, self._app
        fields = (*asked_fields(self, self._desk), *reporter_fields(self))
        fields = tuple(field for field in fields if field.name != "ladder")
        names = {"channel": shown.channel, "kind": shown.kind, "klass": shown.klass, "urgency": shown.urgency}
        values = {field.name: names.get(field.name) or getattr(appeal, field.name) for field in fields}

        def work(answer: Answer) -> object:
            told = answer.told("text")
            told |= {name: tidy_date(answer[name]) or None for name in told if name in _DATES}
            return actions.change(app.db, app.actor, appeal.id, **told) if told else None

        return Ask(
            self.tr("修改登记内容"), self.tr("保存"), fields, work, lambda _done: self.tr("已保存"), values=values
        )

    def cancel(self, shown: AppealDetail) -> Ask:
        """Take back what was entered by mistake."""
        app = self._app
        return Ask(
            self.tr("撤销这件诉求"),
            self.tr("撤销诉求"),
            (Field("why", self.tr("理由"), required=True, hint=self.tr("如：登记重复")),),
            lambda answer: actions.cancel(app.db, app.actor, shown.appeal.id, answer["why"]),
            lambda _none: self.tr("“{title}”已撤销").format(title=shown.appeal.title),
            words=self.tr("只能撤销还没有办的；在状态栏点“撤销”可以找回。"),
            tone="danger",
        )
