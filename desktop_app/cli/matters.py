"""matter: what was put forward, talked over, decided, done and judged."""

from dataclasses import asdict
from typing import Any

from desktop_app.appeals.model import Appeal
from desktop_app.cli.giving import give
from desktop_app.cli.naming import one_of, there, workbook
from desktop_app.cli.output import events, table
from desktop_app.cli.reading import resolve
from desktop_app.cli.session import Session
from desktop_app.cli.speaking import typed_day
from desktop_app.matters import actions, queries
from desktop_app.matters.actions import Deed
from desktop_app.matters.model import Matter
from desktop_app.matters.queries import MatterDetail, MatterFilter
from desktop_app.matters.sheet import HEADERS, cells
from desktop_app.meetings.model import Meeting
from desktop_app.spreadsheets.workbook import SheetOut, write


def add(session: Session) -> None:
    """`linli matter add TITLE …`: a proposal, of an appeal where one is named."""
    told = session.arguments
    fields: dict[str, Any] = {
        "title": told.title, "text": told.text, "proposer": told.proposer, "source": told.source, "kind": told.kind,
        "template": told.template, "proposed_on": typed_day(told.on), "scope_text": told.scope, "fund": told.fund,
        "households": told.households,
    }  # fmt: skip
    fields = {name: value for name, value in fields.items() if value not in ("", None)}
    with session.app() as app:
        if told.person:
            fields["proposer_id"] = resolve(app, "resident", told.person).id
        if told.appeal:
            matter = actions.from_appeal(app.db, app.actor, one_of(app, Appeal, told.appeal).id, **fields)
        else:
            matter = actions.propose(app.db, app.actor, actions.blank(app.db, **fields))
    words = [f"已提出议题 {matter.no or ''}：{matter.title}", f"编号：{matter.id}"]
    session.out.result({"id": matter.id, "no": matter.no}, words)


def listed(session: Session) -> None:
    """`linli matter list`: the latest first."""
    with session.app() as app:
        lines = queries.matters(app.db, _filter(session))
    rows = [
        (one.no, one.proposed_on, one.standing, one.step_name, f"{one.progress}%", one.lead, one.due_on, one.title)
        for one in lines
    ]
    headers = ("编号", "提出日期", "状态", "步骤", "进度", "牵头", "时限", "议题")
    words = [*table(headers, rows), f"共 {len(rows)} 件"] if rows else ["没有这样的议题。"]
    session.out.result([asdict(one) for one in lines], words)


def show(session: Session) -> None:
    """`linli matter show MATTER`: its steps, its line of events, what may be done next."""
    with session.app() as app:
        found = there(queries.detail(app.db, one_of(app, Matter, session.arguments.matter).id), "这个议题")
    session.out.result(_value(found), _words(found))


def act(session: Session) -> None:
    """`linli matter act MATTER DEED …`: one step of the way."""
    told = session.arguments
    with session.app() as app:
        matter = one_of(app, Matter, told.matter)
        deed = Deed(
            told.deed,
            text=told.text,
            to_whom=told.to,
            helpers=told.helpers,
            due_on=typed_day(told.due),
            progress=told.progress,
            how=told.how,
            on=typed_day(told.on),
            by_name=told.by,
            outcome=told.outcome,
            satisfaction=told.satisfaction,
            why_none=told.why_none,
            until_on=typed_day(told.until),
            to_step=told.step,
            meeting_id=one_of(app, Meeting, told.meeting).id if told.meeting else "",
        )
        actions.act(app.db, app.actor, matter.id, deed)
        found = there(queries.detail(app.db, matter.id), "这个议题")
    blocked = f"（{found.blocked}）" if found.blocked else ""
    could = "、".join(found.allowed)
    words = f"已记下“{told.deed}”。现在：{found.state.phase}，{found.step_name}{blocked}。下一步：{could}"
    session.out.result(_value(found), words)


def export(session: Session) -> None:
    """`linli matter export -o FILE.xlsx`: the register as a workbook."""
    path = workbook(session.arguments.output, "议事台账")
    with session.app() as app:
        lines = queries.matters(app.db, _filter(session))
        out = SheetOut("议事台账", HEADERS, [cells(one) for one in lines])
        give(session, app, "议事台账", HEADERS, len(lines), lambda draft: write(draft, [out]))
    session.out.result({"rows": len(lines), "path": str(path)}, f"已导出 {len(lines)} 件议题到 {path}")


def _value(found: MatterDetail) -> dict[str, object]:
    state = found.state
    return {
        "id": found.matter.id,
        "no": found.matter.no,
        "title": found.matter.title,
        "phase": state.phase,
        "step": state.step,
        "step_name": found.step_name,
        "blocked": found.blocked,
        "lead": state.lead,
        "due_on": state.due_on,
        "progress": state.progress,
        "events": [asdict(one) for one in found.events],
        "allowed": list(found.allowed),
    }


def _words(found: MatterDetail) -> list[str]:
    matter, state = found.matter, found.state
    steps = " → ".join(f"[{name}]" if at == state.step else name for at, name in enumerate(found.step_names, 1))
    return [
        f"{matter.no or ''}　{matter.title}",
        f"{matter.source}　{matter.proposer or ''}　{matter.proposed_on}　{found.kind}",
        steps,
        f"状态：{state.phase}" + (f"　{found.blocked}" if found.blocked else ""),
        *(
            [f"牵头：{state.lead}　协办：{state.helpers}　时限：{state.due_on}　进度：{state.progress}%"]
            if state.lead
            else []
        ),
        *events(found.events, "to_whom", "result", "text", "meeting"),
        f"下一步：{'、'.join(found.allowed)}",
        f"编号：{matter.id}",
    ]


def _filter(session: Session) -> MatterFilter:
    told = session.arguments
    return MatterFilter(
        text=told.text, phase=told.phase, late=told.late, since=typed_day(told.since), until=typed_day(told.until)
    )
