"""What the papers of an appeal say, read from the store."""

from dataclasses import dataclass
from typing import Any

from desktop_app.appeals import queries, rules
from desktop_app.appeals.clocks import FINISH
from desktop_app.appeals.queries import AppealDetail, EventLine
from desktop_app.printing.form import Desk
from desktop_app.printing.words import spoken_date
from desktop_app.shared.errors import AppError
from desktop_app.shared.text import mask


@dataclass(frozen=True, slots=True)
class AppealPaper:
    """An appeal as its papers show it; dates as they are spoken, phones masked but for those who have to call.

    `phone` is whole: only papers for those who go on with the appeal print it; `masked` is for the others.
    """

    community: str
    hotline: str = ""
    no: str = ""
    title: str = ""
    text: str = ""
    received: str = ""
    channel: str = ""
    kind: str = ""
    klass: str = ""
    urgency: str = ""
    place: str = ""
    reporter: str = ""
    phone: str = ""
    masked: str = ""
    step: str = ""
    promised: str = ""
    taken_by: str = ""
    printed: str = ""
    """the day of printing"""
    upward: bool = True
    sender: str = ""
    receiver: str = ""
    request: str = ""
    sent: str = ""
    sent_by: str = ""
    outcome: str = ""
    result: str = ""
    finished: str = ""
    ended_by: str = ""
    explained: str = ""
    called_back: str = ""
    rating: str = ""
    why_none: str = ""


def appeal_paper(desk: Desk, appeal_id: str) -> AppealPaper:
    """The paper of an appeal.  AppError when it is gone."""
    found = queries.detail(desk.db, appeal_id)
    if found is None:
        raise AppError("这件诉求已经不在了，没有打印。", next_step="请刷新列表后再试。")
    appeal, state = found.appeal, found.state
    events = [event for event in found.events if not event.stale]
    ended, visited, told = _last(events, "办结"), _last(events, "回访"), _last(events, "解释")
    phone = appeal.reporter_phone or ""
    return AppealPaper(
        community=desk.community.name,
        hotline=desk.community.phone or "",
        no=appeal.no or "",
        title=appeal.title,
        text=appeal.text or appeal.title,
        received=spoken_date(appeal.received_on),
        channel=found.channel,
        kind=found.kind,
        klass=found.klass,
        urgency=found.urgency,
        place=found.place,
        reporter=found.reporter,
        phone=phone,
        masked=mask("phone", phone),
        step=found.step_name,
        promised=spoken_date(next((one.due_on for one in found.clocks if one.what == FINISH), "")),
        taken_by=(_last(events, "受理", "登记") or events[0]).by_name if events else desk.actor.name,
        printed=spoken_date(desk.clock.today().isoformat()),
        **_handed_on(found, _last(events, "上报", "退回", "派办"), desk.community.name),
        outcome=state.outcome,
        result=ended.text if ended else "",
        finished=spoken_date(state.finished_on),
        ended_by=ended.by_name if ended else "",
        explained=_explained(told) if told and state.outcome == rules.EXPLAINED else "",
        called_back="　".join((spoken_date(visited.on), visited.by_name, visited.text)) if visited else "",
        rating=state.satisfaction,
        why_none=state.why_none,
    )


def _handed_on(found: AppealDetail, handed: EventLine | None, community: str) -> dict[str, Any]:
    """From whom to whom the appeal went last, and what was asked."""
    if handed is None:
        return {"sender": community}
    return {
        "upward": handed.kind == "上报",
        "sender": _sender(found, handed) or community,
        "receiver": handed.to_whom,
        "request": handed.text,
        "sent": spoken_date(handed.on),
        "sent_by": handed.by_name,
    }


def _last(events: list[EventLine], *kinds: str) -> EventLine | None:
    return next((event for event in reversed(events) if event.kind in kinds), None)


def _sender(found: AppealDetail, handed: EventLine) -> str:
    """The step from which an appeal was handed on."""
    if handed.kind == "派办":
        return found.step_name
    step = found.state.step + (-1 if handed.kind == "上报" else 1)
    return rules.step_name(found.ladder, step)


def _explained(told: EventLine) -> str:
    """To whom, when, by whom and how."""
    return f"{spoken_date(told.on)}由{told.by_name}以{told.how}方式向{told.to_whom}解释：{told.text}"
