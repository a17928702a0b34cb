"""What each step of a matter asks, and the letter it is done by; a new matter."""

from collections.abc import Callable
from typing import Final

from desktop_app.appeals.queries import AppealFilter, appeals
from desktop_app.matters import actions, rules
from desktop_app.matters.actions import SOURCES, Deed, FromMeeting
from desktop_app.matters.model import Matter
from desktop_app.matters.queries import MatterDetail, Templates
from desktop_app.matters.rules import State
from desktop_app.meetings.model import AgendaItem
from desktop_app.meetings.queries import meetings
from ui.pages.asks import Asks
from ui.pages.wording import choices
from ui.shell.desk import Desk
from ui.widgets.inline_form import Answer, Ask
from ui.widgets.inputs import tidy_date
from ui.widgets.record_form import Field

KEYS: Final = {
    "上会": "M", "商议": "T", "决定": "D", "公示": "G", "交办": "A", "进展": "P", "完成": "W", "反馈": "F", "评议": "R",
    "推进": "N", "退回": "B", "结案": "J", "终止": "Z", "重开": "O", "补充": "C",
}  # fmt: skip
"""The letter of each step."""
ICONS: Final = {
    "推进": "forward", "退回": "back", "结案": "check", "决定": "check", "完成": "check", "重开": "undo",
    "评议": "star", "上会": "meeting", "公示": "flag", "交办": "forward", "终止": "close",
}  # fmt: skip
_RATINGS: Final = tuple((word, word) for word in rules.SATISFACTIONS)
_MOST_MEETINGS: Final = 60
_MOST_APPEALS: Final = 200


class MatterAsks(Asks):
    """Forms for matters; `seen()` is the last event the person has in front of them."""

    def __init__(self, desk: Desk, seen: Callable[[], str] = lambda: "") -> None:
        super().__init__(desk)
        self._seen = seen

    # ------------------------------------------------------------------------------------------------------- proposing

    def new(self, done: Callable[[Matter], object]) -> Ask:
        """A proposal."""
        app = self._app

        def work(answer: Answer) -> Matter:
            told = {
                name: answer.get(name) for name in ("title", "text", "kind", "template", "source", "scope_text", "fund")
            }
            matter = actions.blank(
                app.db,
                **told,
                proposer=answer.get("name"),
                proposer_id=answer.person_id,
                proposer_phone=answer.get("phone"),
                households=_number(answer["households"]),
                proposed_on=tidy_date(answer["on"]),
            )
            return actions.propose(app.db, app.actor, matter)

        return Ask(
            self.tr("提出议题"),
            self.tr("提出"),
            self._proposal_fields(),
            work,
            lambda made: self.tr("已提出 {no}：{title}").format(no=made.no or "", title=made.title),
            done,
            values={
                "on": self._today, "source": SOURCES[0], "kind": "其他",
                "template": Templates(app.db).offered[0].code,
            },
            person=True,
            words=self.tr("提出人可以选居民，也可以直接写姓名或单位。"),
            fresh=True,
        )  # fmt: skip

    def _proposal_fields(self) -> tuple[Field, ...]:
        templates = tuple((one.code, one.name) for one in Templates(self._app.db).offered)
        return (
            Field("title", self.tr("议题"), required=True, hint=self.tr("一句话，60 字以内")),
            Field("name", self.tr("提出人"), required=True),
            Field("source", self.tr("提出方"), "choice", tuple((one, one) for one in SOURCES), required=True),
            Field("template", self.tr("议事步骤"), "choice", templates, required=True),
            Field("kind", self.tr("类别"), "choice", choices(self._desk, "appeal_classes"), required=True),
            Field("text", self.tr("内容"), "long"),
            Field("households", self.tr("附议户数"), "number"),
            Field("phone", self.tr("电话"), "number"),
            Field("scope_text", self.tr("涉及范围")),
            Field("fund", self.tr("资金来源")),
            Field("on", self.tr("提出日期"), "date", required=True),
        )

    def from_appeal(self, done: Callable[[Matter], object]) -> Ask:
        """An open appeal that is to be deliberated."""
        app = self._app
        found = appeals(app.db, AppealFilter(phase="在办"))[:_MOST_APPEALS]
        options = tuple((one.id, f"{one.no} {one.title}") for one in found)
        templates = tuple((one.code, one.name) for one in Templates(app.db).offered)

        def work(answer: Answer) -> Matter:
            return actions.from_appeal(app.db, app.actor, answer["appeal"], template=answer["template"])

        return Ask(
            self.tr("诉求转为议题"),
            self.tr("转为议题"),
            (
                Field("appeal", self.tr("哪件诉求"), "choice", options, required=True),
                Field("template", self.tr("议事步骤"), "choice", templates, required=True),
            ),
            work,
            lambda made: self.tr("已转为议题 {no}").format(no=made.no or made.title),
            done,
            values={"template": templates[0][0] if templates else ""},
            words=self.tr("一件诉求转一次；诉求照样办，经过里会记下议题编号。"),
            fresh=True,
        )

    def edit(self, shown: MatterDetail) -> Ask:
        """Put right what was proposed."""
        matter, app = shown.matter, self._app
        names = ("title", "text", "kind", "proposer", "source", "households", "scope_text", "fund", "proposed_on")
        fields = tuple(
            Field("proposer", field.label, required=True)
            if field.name == "name"
            else Field("proposed_on", field.label, "date", required=True)
            if field.name == "on"
            else field
            for field in self._proposal_fields()
            if field.name not in ("template", "phone")
        )
        values = {name: str(value) if (value := getattr(matter, name)) is not None else None for name in names}
        values["kind"] = shown.kind

        def work(answer: Answer) -> Matter:
            changes = answer.told("text")
            if "households" in changes:
                changes["households"] = _number(answer["households"])
            if "proposed_on" in changes:
                changes["proposed_on"] = tidy_date(answer["proposed_on"])
            return actions.change(app.db, app.actor, matter.id, **changes) if changes else matter

        return Ask(
            self.tr("修改议题　E"), self.tr("保存"), fields, work, lambda _made: self.tr("已保存"), values=values
        )

    # ----------------------------------------------------------------------------------------------------------- acting

    def act(self, matter_id: str, deed: Deed) -> State:
        """The action, for the writer thread."""
        return actions.act(self._app.db, self._app.actor, matter_id, deed)

    def ask(
        self, kind: str, shown: MatterDetail, done: Callable[[State], object], said: FromMeeting | None = None
    ) -> Ask:
        """The form of one step; what a meeting `said` is proposed as its words."""
        values: dict[str, str | None] = {
            "on": self._today, "by_name": self._app.actor.name, **self._proposed(kind, shown)
        }  # fmt: skip
        if said is not None:
            values |= {"text": said.text, "meeting_id": said.meeting_id}
            values |= {"outcome": said.outcome} if said.outcome else {}
        more = (Field("on", self.tr("日期"), "date"), Field("by_name", self.tr("经办人")))
        return Ask(
            title=f"{kind}　{KEYS[kind]}",
            verb=self.tr("保存"),
            fields=(*self._fields(kind, shown), *more),
            values=values,
            words=self._hint(kind, shown),
            work=lambda answer: self.act(shown.matter.id, self._deed(kind, answer)),
            said=lambda state: self.tr("已记下“{kind}”，现在{phase}").format(kind=kind, phase=state.phase),
            done=done,
        )

    def _deed(self, kind: str, answer: Answer) -> Deed:
        told = answer.values
        plain = ("text", "to_whom", "helpers", "how", "outcome", "satisfaction", "why_none", "by_name", "meeting_id")
        days = {name: tidy_date(told[name]) for name in ("on", "due_on", "until_on") if name in told}
        step = told.get("to_step", "")
        return Deed(
            kind,
            **{name: told[name] for name in plain if name in told},
            **days,
            progress=_number(told.get("progress", "")),
            to_step=int(step) if step else 0,
            expects=self._seen() or None,
        )

    def _proposed(self, kind: str, shown: MatterDetail) -> dict[str, str | None]:
        state, matter = shown.state, shown.matter
        if kind == "反馈":
            return {"to_whom": matter.proposer, "text": state.result or state.decision, "how": "当面"}
        if kind == "交办":
            return {"to_whom": state.lead, "helpers": state.helpers, "due_on": state.due_on}
        if kind == "决定":
            return {"outcome": rules.CARRIED}
        return {"progress": str(state.progress)} if kind == "进展" else {}

    def _hint(self, kind: str, shown: MatterDetail) -> str:
        hints = {
            "评议": self.tr("填居民的评价；没有人评议的，写明原因，两项填一项。"),
            "结案": self.tr("要告诉提出人结果，也要有评议；办不到的写明原因。"),
            "交办": self.tr("谁牵头、谁协办、什么时候完成；保存后可以打印议题交办单。"),
            "终止": self.tr("不再往下议的，写明原因，原因留在经过里。"),
        }
        return hints.get(kind, shown.blocked if kind == "结案" else "")

    def _fields(self, kind: str, shown: MatterDetail) -> tuple[Field, ...]:
        tr = self.tr
        text = Field("text", tr("内容"), "long", required="text" in rules.MOVES[kind].needs)
        meeting = Field("meeting_id", tr("哪次会议"), "choice", self._meetings())
        steps = tuple((str(at), name) for at, name in enumerate(shown.step_names[: shown.state.step], 1))
        forms: dict[str, tuple[Field, ...]] = {
            "商议": (text, meeting),
            "决定": (Field("outcome", tr("决定"), "choice", _words(rules.OUTCOMES), required=True), text, meeting),
            "公示": (Field("how", tr("公示方式"), required=True), Field("until_on", tr("公示止"), "date"), text),
            "交办": (
                Field("to_whom", tr("牵头"), required=True), Field("helpers", tr("协办")),
                Field("due_on", tr("完成时限"), "date", required=True), text,
            ),
            "进展": (text, Field("progress", tr("进度（%）"), "number")),
            "反馈": (
                Field("to_whom", tr("告诉谁"), required=True), text,
                Field("how", tr("方式"), "choice", _words(("当面", "电话", "微信", "书面", "公告")), required=True),
            ),
            "评议": (
                Field("satisfaction", tr("居民评价"), "choice", _RATINGS), Field("why_none", tr("没有评价的原因")), text
            ),
            "结案": (Field("why_none", tr("没有告知或评议的原因")), text),
            "退回": (Field("to_step", tr("退到"), "choice", steps[:-1], required=True), text),
            "重开": (Field("to_step", tr("重开到"), "choice", steps, required=True), text),
        }  # fmt: skip
        return forms.get(kind, (text,))

    def _meetings(self) -> tuple[tuple[str, str], ...]:
        found = meetings(self._app.db)[:_MOST_MEETINGS]
        return tuple((one.id, f"{one.starts_at[:10]} {one.title}") for one in found)

    # ------------------------------------------------------------------------------------------------ meetings, undoing

    def put_on_agenda(self, shown: MatterDetail, done: Callable[[AgendaItem], object]) -> Ask:
        """Which meeting is to talk about it."""
        app = self._app
        found = meetings(app.db, signed=False)[:_MOST_MEETINGS]
        options = tuple((one.id, f"{one.starts_at[:10]} {one.title}") for one in found)
        return Ask(
            self.tr("上会　M"),
            self.tr("放进议程"),
            (Field("meeting", self.tr("哪次会议"), "choice", options, required=True),),
            lambda answer: actions.put_on_agenda(app.db, app.actor, shown.matter.id, answer["meeting"]),
            lambda item: self.tr("已放进议程：{title}").format(title=item.title),
            done,
            words="" if options else self.tr("没有还没签字的会议。请先在“会议”里开一次新会议。"),
        )

    def cancel(self, shown: MatterDetail) -> Ask:
        """Take back what was entered by mistake."""
        app = self._app
        return Ask(
            self.tr("撤销这个议题"),
            self.tr("撤销议题"),
            (Field("why", self.tr("理由"), required=True, hint=self.tr("重复、提错了")),),
            lambda answer: actions.cancel(app.db, app.actor, shown.matter.id, answer["why"]),
            lambda _none: self.tr("“{title}”已撤销").format(title=shown.matter.title),
            tone="danger",
        )


def _words(words: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((word, word) for word in words)


def _number(text: str) -> int | None:
    return int(text) if text.strip().isdecimal() else None
