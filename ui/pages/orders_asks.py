"""What the forms about orders ask, each with the action behind it; the list and the page of an order share them."""

from collections.abc import Callable, Sequence

from desktop_app.orders import actions, finding, rules
from desktop_app.orders.actions import Deed
from desktop_app.orders.matching import Candidate
from desktop_app.orders.model import ServiceOrder
from desktop_app.orders.queries import OrderDetail
from desktop_app.orders.rules import State
from desktop_app.profiles.desk import desk_codes
from desktop_app.shared.errors import AppError
from ui.pages.asks import Asks
from ui.shell.desk import Desk
from ui.widgets.inline_form import Answer, Ask
from ui.widgets.inputs import tidy_date
from ui.widgets.record_form import Field

RIGHT = "orders.change"
_TOLD = 6
"""Candidates whose reasons are told in full."""
KEYS = {
    "派单": "D", "接单": "J", "完成": "F", "评单": "P", "转单": "Z", "开始": "K", "退单": "T", "取消": "X", "备注": "B",
}  # fmt: skip
"""The letter of each step."""


def whole(text: str) -> int | None:
    """A whole number that was typed; -1 for what is none, so that the action refuses it at its field."""
    return None if not text.strip() else int(text) if text.strip().isdecimal() else -1


def fen(text: str, field: str) -> int | None:
    """Yuan that were typed, as fen.  AppError, at the field, for what is no amount."""
    if not text.strip():
        return None
    try:
        return round(float(text) * 100)
    except (ValueError, OverflowError) as error:  # 1e400 is none either
        raise AppError(f"“{text}”不是金额，没有保存。", field=field, next_step="请填数字，如 80 或 12.5。") from error


def colour_choices(desk: Desk) -> tuple[tuple[str, str], ...]:
    """红·关爱老人 …: the colours that are offered, always with their word."""
    table = desk_codes(desk.app.db, "seven_colours")
    return tuple((one.code, f"{one.text('colour')}·{one.name}") for one in table.offered(desk.app.clock.today()))


class OrderAsks(Asks):
    """Forms for orders."""

    def place(self, go: Callable[[str], object]) -> Ask:
        """A new order; `go` is told its identifier."""
        ways = tuple((word, word) for word in rules.VARIANTS)
        fields = (
            Field("title", self.tr("事项"), required=True),
            Field("colour", self.tr("专长"), "choice", colour_choices(self._desk), required=True),
            Field("text", self.tr("内容"), "long"),
            Field("want_on", self.tr("服务日期"), "date"),
            Field("from_time", self.tr("开始时间"), hint="14:00"),
            Field("to_time", self.tr("结束时间"), hint="16:00"),
            Field("requester_name", self.tr("点单人"), hint=self.tr("选了居民可以空着")),
            Field("requester_phone", self.tr("电话"), "number"),
            Field("place", self.tr("地点"), hint=self.tr("空着用居民的住址")),
            Field("variant", self.tr("方式"), "choice", ways, required=True),
        )

        def work(answer: Answer) -> ServiceOrder:
            told = {name: value for name, value in answer.values.items() if value}
            told["want_on"] = tidy_date(answer["want_on"])
            new = actions.blank(self._app.db, person_id=answer.person_id, **told)
            return actions.place(self._app.db, self._app.actor, new)

        return Ask(
            self.tr("点单"),
            self.tr("登记"),
            fields,
            work,
            lambda order: self.tr("已登记服务单 {no}").format(no=order.no or order.title),
            done=lambda order: go(order.id),
            values={"variant": rules.ASKED, "colour": "1"},
            person=True,
            words=self.tr("居民点单请选居民；组织派单直接公开派出。"),
            fresh=True,
        )

    def step(self, kind: str, found: OrderDetail) -> Ask | None:
        """The form of a step; None, with a word in the status bar, where it cannot be done now."""
        if kind not in found.allowed:
            could = "、".join(found.allowed)
            words = self.tr("服务单{phase}，不能{kind}。现在可以：{could}")
            self._desk.say(words.format(phase=found.state.phase, kind=kind, could=could))
            return None
        order, state = found.order, found.state
        asked = kind in {"派单", "转单"} or (kind == "接单" and not state.helper_id)
        proposed = finding.candidates(self._app.db, order) if asked else []
        best = next((one.id for one in proposed if one.fits), "")

        def work(answer: Answer) -> State:
            deed = Deed(
                kind,
                answer.values.get("helper_id", "") or (state.helper_id if kind == "接单" else ""),
                text=answer.values.get("text", ""),
                minutes=whole(answer.values.get("minutes", "")),
                satisfaction=answer.values.get("satisfaction", ""),
                why_none=answer.values.get("why_none", ""),
                on=tidy_date(answer.values.get("on", "")),
                by_name=answer.values.get("by_name", ""),
                expects=state.last_id,
            )
            return actions.act(self._app.db, self._app.actor, order.id, deed)

        return Ask(
            f"{kind}：{order.title}",
            kind,
            self._fields(kind, found, proposed),
            work,
            lambda after: self.tr("已记下“{kind}”，现在{phase}").format(kind=kind, phase=after.phase),
            values={"on": self._today, "helper_id": best},
            words=self._words(kind, found, proposed),
            tone="danger" if kind == "取消" else "primary",
        )

    def _fields(self, kind: str, found: OrderDetail, proposed: Sequence[Candidate]) -> tuple[Field, ...]:
        why = Field("text", self.tr("原因"), "long", required=True)
        on = Field("on", self.tr("日期"), "date", required=True)
        if kind == "评单":
            return self._rating(found, on)
        if kind in {"派单", "转单"} or (kind == "接单" and not found.state.helper_id):
            helper = self._helper(proposed, self.tr("（公开，谁接都行）") if kind == "派单" else "")
            return {"派单": (helper,), "转单": (helper, why)}.get(kind, (helper, on))
        return {
            "完成": (Field("minutes", self.tr("服务分钟"), "number", required=True), on),
            "退单": (why, on),
            "取消": (why, on),
            "备注": (Field("text", self.tr("内容"), "long", required=True),),
        }.get(kind, (on,))

    def _rating(self, found: OrderDetail, on: Field) -> tuple[Field, ...]:
        rated = tuple((word, word) for word in rules.SATISFACTIONS)
        return (
            Field("satisfaction", self.tr("评价"), "choice", rated),
            Field("why_none", self.tr("没有评价的原因"), hint=self.tr("联系不上、放弃评价……")),
            Field("text", self.tr("意见"), "long"),
            Field("by_name", self.tr("评价人"), hint=found.order.requester_name or ""),
            on,
        )

    def _helper(self, proposed: Sequence[Candidate], otherwise: str) -> Field:
        """Who could take it, the best first."""
        listed = [(one.id, self._short(one)) for one in proposed]
        choices = tuple(([("", otherwise)] if otherwise else []) + listed)
        return Field("helper_id", self.tr("派给谁"), "choice", choices, required=not otherwise)

    def _short(self, one: Candidate) -> str:
        if one.obstacles:
            return self.tr("{name}　不合适").format(name=one.name)
        far = self.tr("　{n} 米").format(n=one.metres) if one.metres is not None else ""
        return self.tr("{name}{far}　手上 {n} 单").format(name=one.name, far=far, n=one.open_orders)

    def _words(self, kind: str, found: OrderDetail, proposed: Sequence[Candidate]) -> str:
        if proposed:
            return "\n".join(f"{at}. {candidate_words(one)}" for at, one in enumerate(proposed[:_TOLD], 1))
        if kind in {"派单", "转单"}:
            return self.tr("还没有会这一项的志愿者，请先在“志愿者”里登记；也可以公开派单。")
        if kind == "接单" and found.state.helper_id:
            return self.tr("由 {name} 接单。").format(name=found.state.to_whom)
        return self.tr("第一次不满意，会重新派一次。") if kind == "评单" else ""


def candidate_words(one: Candidate) -> str:
    """陶勇　距离约 420 米、手上没有单; why not, where something speaks against them."""
    if one.obstacles:
        return f"{one.name}　（{'、'.join(one.obstacles)}）"
    return f"{one.name}　{'、'.join(one.reasons[1:])}"
