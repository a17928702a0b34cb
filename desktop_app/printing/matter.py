"""What the papers of a matter say, read from the store."""

from dataclasses import dataclass

from desktop_app.matters import rules
from desktop_app.matters.queries import EventLine, MatterDetail, detail
from desktop_app.printing.form import Desk
from desktop_app.printing.words import spoken_date
from desktop_app.shared.errors import AppError


@dataclass(frozen=True, slots=True)
class StepPaper:
    """One step as a sheet of paper shows it: what was done in it, when, by whom."""

    name: str
    stage: str
    on: str
    words: str
    meeting: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class MatterPaper:
    """A matter in words; days are spoken, phones masked."""

    community: str
    no: str
    title: str
    text: str
    kind: str
    template: str
    source: str
    proposer: str
    phone: str
    proposed: str
    households: str
    scope: str
    money: str
    decision: str
    outcome: str
    lead: str
    helpers: str
    assigned: str
    assigned_by: str
    request: str
    due: str
    result: str
    done: str
    told: str
    rating: str
    publicity: tuple[str, str]
    publicity_how: str
    steps: tuple[StepPaper, ...]


def matter_paper(desk: Desk, matter_id: str) -> MatterPaper:
    """A matter for its papers.  AppError where it is gone."""
    found = detail(desk.db, matter_id)
    if found is None:
        raise AppError("这个议题已被撤销，没有打印。", next_step="请刷新列表后再选。")
    matter, state = found.matter, found.state
    given, shown, told = (_last(found, kind) for kind in ("交办", "公示", "反馈"))
    return MatterPaper(
        community=desk.community.name,
        no=matter.no or "",
        title=matter.title,
        text=matter.text,
        kind=found.kind,
        template=found.template.name if found.template else matter.template,
        source=matter.source,
        proposer=matter.proposer or "",
        phone=found.phone,
        proposed=spoken_date(matter.proposed_on),
        households=f"{matter.households} 户" if matter.households else "",
        scope=matter.scope_text or found.estate,
        money="　".join(part for part in (_yuan(matter.cost), matter.fund or "") if part),
        decision=state.decision,
        outcome=state.outcome,
        lead=state.lead,
        helpers=state.helpers,
        assigned=spoken_date(state.assigned_on),
        assigned_by=given.by_name if given else "",
        request=given.text if given else "",
        due=spoken_date(state.due_on),
        result=state.result,
        done=spoken_date(state.done_on),
        told=f"{spoken_date(told.on)}{told.how}告知{told.to_whom}：{told.text}" if told else "",
        rating=state.satisfaction or state.unrated,
        publicity=(spoken_date(state.publicity[0]), spoken_date(state.publicity[1])),
        publicity_how=shown.how if shown else "",
        steps=_steps(found),
    )


def _yuan(cost: int | None) -> str:
    """An amount in fen as people write it."""
    return f"{cost // 100}.{cost % 100:02d} 元" if cost else ""


def _last(found: MatterDetail, kind: str) -> EventLine | None:
    return next((line for line in reversed(found.events) if line.kind == kind and not line.stale), None)


_IN_STAGE = {
    rules.PROPOSE: ("提出", "商议"), rules.DISCUSS: ("商议", "上会"), rules.DECIDE: ("决定", "商议"),
    rules.PUBLISH: ("公示",), rules.ASSIGN: ("交办",), rules.DO: ("交办", "进展", "完成"),
    rules.REPORT: ("交办", "进展", "完成", "公示"), rules.EVALUATE: ("评议", "反馈"),
}  # fmt: skip


def _steps(found: MatterDetail) -> tuple[StepPaper, ...]:
    """Each step with what was written down while the matter stood in it."""
    steps = []
    for at, (name, stage) in enumerate(zip(found.step_names, rules.stages_of(found.template), strict=True), 1):
        mine = [
            line for line in found.events if line.step_name == name and line.kind in _IN_STAGE[stage] and not line.stale
        ]
        words = "\n".join(text for line in mine if (text := _words(line)))
        day = spoken_date(found.state.entered[at - 1]) if at <= len(found.state.entered) else ""
        meeting = "、".join(dict.fromkeys(line.meeting for line in mine if line.meeting))
        outcome = next((line.result for line in reversed(mine) if line.kind == "决定"), "")
        steps.append(StepPaper(name, stage, day, words, meeting, outcome))
    return tuple(steps)


def _words(line: EventLine) -> str:
    """“2026年11月3日商议：…”"""
    until = f"至{spoken_date(line.until_on)}" if line.until_on else ""
    told = "，".join(
        part
        for part in (
            line.result,
            f"牵头：{line.to_whom}" if line.kind == "交办" else line.to_whom,
            f"协办：{line.helpers}" if line.helpers else "",
            f"时限：{spoken_date(line.due_on)}" if line.due_on else "",
            line.how,
            line.text,
        )
        if part
    )
    return f"{spoken_date(line.on)}{until}{line.kind}" + (f"：{told}" if told else "")
